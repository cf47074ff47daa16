"""Registering, signing in and out; paths, codes and bodies are fastapi-users'."""

from chalice.app import Blueprint

from chalicelib.api import admission, bodies, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.accounts import Credentials, UserView
from chalicelib.api.schemas.signing_in import Refresh, SignIn, Tokens
from chalicelib.domain.accounts.callers import Caller
from chalicelib.errors import (
    BadCredentials,
    EmailTaken,
    NotVerified,
    TooManyAttempts,
    Unauthorized,
    Unavailable,
    WeakPassword,
)
from chalicelib.services.accounts.signing_in import SignedIn
from chalicelib.settings import settings

routes = Blueprint(__name__)


@endpoint(
    routes,
    "POST",
    "/v1/auth/register",
    body=Credentials,
    answers={201: UserView},
    refuses=(WeakPassword, EmailTaken, TooManyAttempts, Unavailable),
)
def register(request: Request[None, Credentials]) -> Reply:
    """Make an account."""
    form = request.body
    user = wiring.services().registration.register(form.email, form.password, request.origin)
    return Reply(UserView.of(user), 201)


@endpoint(
    routes,
    "POST",
    "/v1/auth/jwt/login",
    body=SignIn,
    media_type=bodies.FORM,
    answers={200: Tokens},
    refuses=(BadCredentials, NotVerified, TooManyAttempts, Unavailable),
)
def login(request: Request[None, SignIn]) -> Reply:
    """Open a session and get tokens for it."""
    form = request.body
    return _tokens(
        wiring.services().signing_in.sign_in(form.username, form.password, request.origin)
    )


@endpoint(
    routes,
    "POST",
    "/v1/auth/jwt/refresh",
    body=Refresh,
    answers={200: Tokens},
    refuses=(Unauthorized, TooManyAttempts, Unavailable),
)
def refresh(request: Request[None, Refresh]) -> Reply:
    """Exchange a refresh token for new tokens of the same session.

    A token is exchanged once; repeated within ten seconds, the answer is the same. An older one
    ends the session: two hold what one was given.
    """
    text = request.body.refresh_token
    return _tokens(wiring.services().refreshing.refresh(text, request.origin))


@endpoint(routes, "POST", "/v1/auth/jwt/logout", admit=admission.caller, answers={204: None})
def logout(request: Request[Caller, None]) -> Reply:
    """End this session; its tokens are refused from the next request on."""
    wiring.services().signing_in.sign_out(request.admitted, request.origin)
    return Reply(status=204)


@endpoint(routes, "POST", "/v1/auth/logout-all", admit=admission.caller, answers={204: None})
def logout_all(request: Request[Caller, None]) -> Reply:
    """End all my sessions and API keys, from the next request on."""
    wiring.services().signing_in.sign_out_everywhere(request.admitted, request.origin)
    return Reply(status=204)


def _tokens(signed_in: SignedIn) -> Reply:
    return Reply(Tokens.of(signed_in, settings().access_token_seconds))
