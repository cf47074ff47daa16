"""Getting back in by mail, and proving an address; nobody learns here whose address it is."""

from chalice.app import Blueprint

from chalicelib.api import wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.accounts import Nothing, UserView
from chalicelib.api.schemas.signing_in import Address, Reset, Verification
from chalicelib.errors import (
    AlreadyVerified,
    BadToken,
    TooManyAttempts,
    Unavailable,
    WeakPassword,
)

routes = Blueprint(__name__)


@endpoint(
    routes,
    "POST",
    "/v1/auth/forgot-password",
    body=Address,
    answers={202: Nothing},
    refuses=(TooManyAttempts, Unavailable),
)
def forgot_password(request: Request[None, Address]) -> Reply:
    """Mail a token for a new password, if the address has an account."""
    wiring.services().recovery.ask_for_reset(request.body.email, request.origin)
    return Reply(Nothing(None), 202)


@endpoint(
    routes,
    "POST",
    "/v1/auth/reset-password",
    body=Reset,
    answers={200: Nothing},
    refuses=(BadToken, WeakPassword, TooManyAttempts, Unavailable),
)
def reset_password(request: Request[None, Reset]) -> Reply:
    """Choose a new password; all sessions and API keys of the account end."""
    body = request.body
    wiring.services().recovery.reset(body.token, body.password, request.origin)
    return Reply(Nothing(None))


@endpoint(
    routes,
    "POST",
    "/v1/auth/request-verify-token",
    body=Address,
    answers={202: Nothing},
    refuses=(TooManyAttempts, Unavailable),
)
def request_verify_token(request: Request[None, Address]) -> Reply:
    """Mail a token that proves the address, if it has an account that is not verified."""
    wiring.services().recovery.ask_to_verify(request.body.email, request.origin)
    return Reply(Nothing(None), 202)


@endpoint(
    routes,
    "POST",
    "/v1/auth/verify",
    body=Verification,
    answers={200: UserView},
    refuses=(BadToken, AlreadyVerified, TooManyAttempts, Unavailable),
)
def verify(request: Request[None, Verification]) -> Reply:
    """Prove the address by what was mailed to it."""
    return Reply(UserView.of(wiring.services().recovery.verify(request.body.token, request.origin)))
