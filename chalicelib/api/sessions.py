"""Where I am signed in."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.api.schemas.signing_in import SessionList, SessionView
from chalicelib.domain.accounts.callers import Caller

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/users/me/sessions",
    admit=admission.caller,
    query=PageQuery,
    answers={200: SessionList},
    headers=("Link",),
)
def list_sessions(request: Request[Caller, None]) -> Reply:
    """My sessions, the newest first."""
    caller, services = request.admitted, wiring.services()
    page = services.signing_in.sessions(caller, request.query.limit, paging.place(request))
    cursor, headers = paging.following(request, page)
    data = [SessionView.of(session, caller.session_id) for session in page.items]
    return Reply(SessionList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "DELETE",
    "/v1/users/me/sessions/{session_id}",
    admit=admission.caller,
    answers={204: None},
)
def end_session(request: Request[Caller, None], session_id: str) -> Reply:
    """End one of my sessions; its tokens are refused from the next request on."""
    wiring.services().signing_in.end_session(request.admitted, session_id, request.origin)
    return Reply(status=204)
