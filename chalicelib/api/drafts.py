"""What a request that costs quota is about, read before anybody knows whether it may be made."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.api import idempotency
from chalicelib.domain.predictions import Json
from chalicelib.domain.receipts import Operation
from chalicelib.errors import BadRequest
from chalicelib.services.admitting import Asked


@dataclass(frozen=True)
class Draft:
    """Headers and a body that are not checked yet; `body` is None where it cannot be read."""

    headers: Mapping[str, Sequence[str]]
    body: Json = None

    def asked(self, operation: Operation, input: Json = None) -> Asked:
        """What one read can look for."""
        return Asked(operation, input, self._key(), is_fresh=self._bypasses_cache)

    def require_readable(self) -> None:
        """BadRequest for a key that is none."""
        idempotency.key(self.headers)

    def _key(self) -> str | None:
        try:
            return idempotency.key(self.headers)
        except BadRequest:  # who may ask at all is told first
            return None

    @property
    def _bypasses_cache(self) -> bool:
        directives = ",".join(self.headers.get("cache-control", ())).split(",")
        return any(each.strip().lower() == "no-cache" for each in directives)
