"""Signing keys derived from the random strings that CloudFormation generated."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chalicelib.adapters.aws import Client, available
from chalicelib.domain.accounts import signing_keys
from chalicelib.errors import Unavailable
from chalicelib.observability import logger

REFRESH_SECONDS = 60
"""How long a revoked key may still be honoured."""
EARLIEST_REFRESH_SECONDS = 5
"""How often an unknown `kid`, or a re-read that failed, may cause a re-read."""

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order n of the group (FIPS 186-5 / SEC 2, secp256r1)."""


@dataclass(frozen=True)
class SigningKey:
    """An ES256 key pair, its name, and what signs cursors beside it."""

    kid: str
    private: ec.EllipticCurvePrivateKey = field(repr=False)
    public: ec.EllipticCurvePublicKey
    mac: bytes = field(repr=False)


def derive(secret: str) -> SigningKey:
    """The keys of a secret; the pair by 48 bytes reduced mod n-1 (FIPS 186-5, A.2.1)."""
    kid = signing_keys.kid(secret)
    number = int.from_bytes(_expanded(secret, kid.encode(), 48), "big")
    private = ec.derive_private_key(number % (P256_ORDER - 1) + 1, ec.SECP256R1())
    mac = _expanded(secret, b"cursor:" + kid.encode(), 32)
    return SigningKey(kid, private, private.public_key(), mac)


def _expanded(secret: str, purpose: bytes, length: int) -> bytes:
    """HKDF-SHA-256: what is known of one purpose tells nothing about another."""
    return HKDF(SHA256(), length, salt=None, info=purpose).derive(secret.encode())


class KeyRing:
    """The keys in force; `read` gives the secret's members, `current` signs, all verify."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, str]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._monotonic = monotonic
        self._read_at = self._tried_at = float("-inf")
        self._current: SigningKey | None = None
        self._by_kid: dict[str, SigningKey] = {}

    def current(self) -> SigningKey:
        """The key that signs."""
        self._refresh(REFRESH_SECONDS)
        assert self._current  # _refresh sets it or raises
        return self._current

    def find(self, kid: object) -> SigningKey | None:
        """The key of this name; an unknown name is looked up again, at most every 5 s."""
        self._refresh(REFRESH_SECONDS)
        if kid not in self._by_kid:
            self._refresh(EARLIEST_REFRESH_SECONDS)
        return self._by_kid.get(kid) if isinstance(kid, str) else None

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public parts of all keys (RFC 7517), for whoever verifies tokens too."""
        self._refresh(REFRESH_SECONDS)
        return {"keys": [_jwk(key) for key in self._by_kid.values()]}

    def _refresh(self, older_than: float) -> None:
        """Read the secret again; one that cannot be read leaves the keys that are held."""
        now = self._monotonic()
        is_resting = self._current and now - self._tried_at < EARLIEST_REFRESH_SECONDS
        if now - self._read_at < older_than or is_resting:
            return
        self._tried_at = now
        try:
            self._hold(self._read())
        except Unavailable:
            if not self._current:
                raise
            logger.error("signing keys not read again", held=list(self._by_kid))
        else:
            self._read_at = now

    def _hold(self, members: Mapping[str, str]) -> None:
        keys = {role: derive(secret) for role, secret in members.items()}
        self._current = keys[signing_keys.CURRENT]
        self._by_kid = {key.kid: key for key in keys.values()}


def _jwk(key: SigningKey) -> dict[str, str]:
    """As RFC 7518, section 6.2 has it."""
    point = key.public.public_numbers()
    x, y = (
        base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")
        for number in (point.x, point.y)
    )
    facts = {"kid": key.kid, "use": "sig", "alg": "ES256"}
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, **facts}


def secret_reader(client: Client, name: str) -> Callable[[], Mapping[str, str]]:
    """Reads the members of a secret from Secrets Manager; one that holds no keys is Unavailable."""

    def read() -> Mapping[str, str]:
        with available("secret", ValueError):
            members = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
        return _checked(members)

    return read


def _checked(members: object) -> Mapping[str, str]:
    if not isinstance(members, dict) or not isinstance(members.get(signing_keys.CURRENT), str):
        logger.error("the signing secret has no current key")
        raise Unavailable("The signing keys cannot be read", retry_after=5)
    return {role: secret for role, secret in members.items() if isinstance(secret, str)}
