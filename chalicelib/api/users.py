"""The caller's own account."""

from chalice.app import Blueprint

from chalicelib.api import admission
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.accounts import UserView
from chalicelib.domain.users import Caller

routes = Blueprint(__name__)


@endpoint(routes, "GET", "/v1/users/me", admit=admission.caller, answers={200: UserView})
def me(request: Request[Caller, None]) -> Reply:
    """Who I am."""
    return Reply(UserView.of(request.admitted.user))
