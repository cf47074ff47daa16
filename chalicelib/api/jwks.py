"""The public halves of the keys that access tokens are signed with."""

from typing import Literal

from chalice.app import Blueprint
from pydantic import BaseModel

from chalicelib.api import wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.errors import Unavailable

routes = Blueprint(__name__)

CACHEABLE = {"Cache-Control": "public, max-age=60"}
"""As long as the API itself goes without looking."""


class PublicKey(BaseModel):
    """An ES256 key (RFC 7517, RFC 7518)."""

    kty: Literal["EC"] = "EC"
    crv: Literal["P-256"] = "P-256"
    use: Literal["sig"] = "sig"
    alg: Literal["ES256"] = "ES256"
    kid: str
    x: str
    y: str


class KeySet(BaseModel):
    """All keys in force."""

    keys: list[PublicKey]


@endpoint(routes, "GET", "/.well-known/jwks.json", answers={200: KeySet}, refuses=(Unavailable,))
def jwks(request: Request[None, None]) -> Reply:
    """The keys by which access tokens are verified (RFC 7517)."""
    keys = KeySet.model_validate(wiring.services().public_keys())
    return Reply(keys, headers=CACHEABLE)
