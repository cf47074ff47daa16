"""Access tokens: ES256 JWTs of the profile `at+jwt` (RFC 9068)."""

import json
from hashlib import sha256
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.hashes import SHA256
from jwt.algorithms import ECAlgorithm
from jwt.utils import der_to_raw_signature

from chalicelib.adapters.accounts.signing import KeyRing
from chalicelib.domain.accounts.sessions import Claims, Session
from chalicelib.domain.ids import is_canonical
from chalicelib.errors import Unauthorized

ISSUER = "urn:lambent"
AUDIENCE = "urn:lambent:api"
TYPE = "at+jwt"
LONGEST = 4096
"""Characters of a token; anything longer is not ours."""
REMEMBERED = 256
"""Tokens, by their digests, whose signature a process need not check again."""
REQUIRED = ("iss", "sub", "aud", "client_id", "iat", "nbf", "exp", "jti", "sid", "sv", "auth_time")


class RepeatableES256(ECAlgorithm):
    """ES256 whose signature is a function of key and message (RFC 6979): no randomness in it."""

    def __init__(self) -> None:
        super().__init__(SHA256, SECP256R1)

    def sign(self, msg: bytes, key: EllipticCurvePrivateKey) -> bytes:
        """The one signature of that message."""
        der = key.sign(msg, ECDSA(SHA256(), deterministic_signing=True))
        return der_to_raw_signature(der, key.curve)


class JwtTokens:
    """`ports.security.Tokens`; `lifetime` in seconds."""

    def __init__(self, keys: KeyRing, lifetime: int) -> None:
        self._keys = keys
        self._lifetime = lifetime
        self._signer = jwt.PyJWS(algorithms=[])
        self._signer.register_algorithm("ES256", RepeatableES256())
        self._checked: dict[bytes, tuple[str, dict[str, Any]]] = {}

    def issue(self, session: Session, at: int, token_id: str) -> str:
        """Signed by the current key; it holds no personal data."""
        key, seconds = self._keys.current(), at // 1000
        payload = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": session.user_id,
            "client_id": "lambent",
            "iat": seconds,
            "nbf": seconds,
            "exp": seconds + self._lifetime,
            "auth_time": session.created_at // 1000,
            "jti": token_id,
            "sid": session.id,
            "sv": session.version,
            "scope": "",
        }
        body = json.dumps(payload, separators=(",", ":")).encode()
        return self._signer.encode(body, key.private, "ES256", {"kid": key.kid, "typ": TYPE})

    def verify(self, token: str, now: int) -> Claims:
        """Only what `issue` could have made, within its lifetime; whatever else is Unauthorized."""
        if len(token) > LONGEST or "=" in token or not token.isascii():
            raise Unauthorized
        payload = self._genuine(token)
        start, issued, end = (payload[name] for name in ("nbf", "iat", "exp"))
        if not all(type(each) is int for each in (start, issued, end)):
            raise Unauthorized
        if not start <= now // 1000 < end or end - issued > self._lifetime:
            raise Unauthorized
        return _claims(payload)

    def _genuine(self, token: str) -> dict[str, Any]:
        """Its payload; the signature is checked once, for as long as its key is in force.

        Who polls sends one token again and again, and checking it is a quarter of a read.
        """
        digest = sha256(token.encode()).digest()
        kid, payload = self._checked.get(digest, ("", {}))
        if not payload or self._keys.find(kid) is None:
            kid, payload = self._payload(token)
            if len(self._checked) >= REMEMBERED:
                self._checked.clear()
            self._checked[digest] = kid, payload
        return payload

    def _payload(self, token: str) -> tuple[str, dict[str, Any]]:
        try:
            header = jwt.get_unverified_header(token)
            key = self._keys.find(header.get("kid"))
            if key is None or header.get("typ") != TYPE:
                raise Unauthorized
            return key.kid, jwt.decode(
                token,
                key.public,
                algorithms=["ES256"],
                audience=AUDIENCE,
                issuer=ISSUER,
                options={
                    "require": list(REQUIRED),
                    "strict_aud": True,
                    # The clock is ours, see verify.
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.InvalidTokenError, TypeError, ValueError) as error:
            raise Unauthorized from error


def _claims(payload: dict[str, Any]) -> Claims:
    user, session, version = payload["sub"], payload["sid"], payload["sv"]
    if not (is_canonical(user) and isinstance(session, str) and type(version) is int):
        raise Unauthorized
    return Claims(user, session, version)
