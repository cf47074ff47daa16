"""Signing keys derived from the random strings that CloudFormation generated."""

import hashlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chalicelib.adapters.aws import Client, available

REFRESH_SECONDS = 60
"""How long a revoked key may still be honoured."""
EARLIEST_REFRESH_SECONDS = 5
"""How often an unknown `kid` may cause a re-read."""

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order n of the group (FIPS 186-5 / SEC 2, secp256r1)."""


@dataclass(frozen=True)
class SigningKey:
    """An ES256 key pair and its name."""

    kid: str
    private: ec.EllipticCurvePrivateKey
    public: ec.EllipticCurvePublicKey


def derive(secret: str) -> SigningKey:
    """The key pair of a secret: HKDF-SHA-256 to 48 bytes, reduced mod n-1 (FIPS 186-5, A.2.1)."""
    kid = hashlib.sha256(b"kid:" + secret.encode()).hexdigest()[:16]
    okm = HKDF(algorithm=SHA256(), length=48, salt=None, info=kid.encode()).derive(secret.encode())
    private = ec.derive_private_key(
        int.from_bytes(okm, "big") % (P256_ORDER - 1) + 1, ec.SECP256R1()
    )
    return SigningKey(kid, private, private.public_key())


class KeyRing:
    """The keys in force; `read` gives the secret's members, `current` signs, all verify."""

    def __init__(
        self,
        read: Callable[[], Mapping[str, str]],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._monotonic = monotonic
        self._read_at = float("-inf")
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

    def _refresh(self, older_than: float) -> None:
        if self._monotonic() - self._read_at < older_than:
            return
        keys = {role: derive(secret) for role, secret in self._read().items()}
        self._current = keys["current"]
        self._by_kid = {key.kid: key for key in keys.values()}
        self._read_at = self._monotonic()


def secret_reader(client: Client, name: str) -> Callable[[], Mapping[str, str]]:
    """Reads the members of a secret from Secrets Manager."""

    def read() -> Mapping[str, str]:
        with available("secret"):
            answer = client.get_secret_value(SecretId=name)
        members: Mapping[str, str] = json.loads(answer["SecretString"])
        return members

    return read
