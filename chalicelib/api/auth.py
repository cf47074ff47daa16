"""Registering, signing in and out; paths, codes and bodies are fastapi-users'."""

from chalice.app import Blueprint

from chalicelib.api import admission, bodies, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.accounts import Credentials, SignIn, Token, UserView
from chalicelib.domain.users import Caller
from chalicelib.errors import BadCredentials, EmailTaken, Unavailable, WeakPassword
from chalicelib.settings import settings

routes = Blueprint(__name__)


@endpoint(
    routes,
    "POST",
    "/v1/auth/register",
    body=Credentials,
    answers={201: UserView},
    refuses=(WeakPassword, EmailTaken, Unavailable),
)
def register(request: Request[None, Credentials]) -> Reply:
    """Make an account."""
    user = wiring.services().accounts.register(request.body.email, request.body.password)
    return Reply(UserView.of(user), 201)


@endpoint(
    routes,
    "POST",
    "/v1/auth/jwt/login",
    body=SignIn,
    media_type=bodies.FORM,
    answers={200: Token},
    refuses=(BadCredentials, Unavailable),
)
def login(request: Request[None, SignIn]) -> Reply:
    """Open a session and get an access token for it."""
    form = request.body
    token = wiring.services().accounts.sign_in(form.username, form.password, request.origin)
    return Reply(Token(access_token=token, expires_in=settings().access_token_seconds))


@endpoint(routes, "POST", "/v1/auth/jwt/logout", admit=admission.caller, answers={204: None})
def logout(request: Request[Caller, None]) -> Reply:
    """End this session; its tokens are refused from the next request on."""
    wiring.services().accounts.sign_out(request.admitted)
    return Reply(status=204)
