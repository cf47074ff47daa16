"""A workspace whose Lambent stands on LocalStack."""

import hashlib
from dataclasses import dataclass

from infra.workspace import Workspace

STAGE = "api"


@dataclass(frozen=True, kw_only=True)
class OnLocalStack(Workspace):
    """Reached through the front door of Docker Compose, or where a LocalStack was found running."""

    found_at: str | None = None
    rest_api_id: str | None = None

    @property
    def endpoint(self) -> str:
        """Where LocalStack answers AWS calls."""
        return self.found_at or super().endpoint

    @property
    def public_url(self) -> str:
        """Through our front door, or at a found LocalStack's own address of the API, once known."""
        if self.found_at is None:
            return super().public_url
        if self.rest_api_id is None:
            return ""
        return f"{self.found_at}/_aws/execute-api/{self.rest_api_id}/{STAGE}"

    @property
    def stack(self) -> str:
        """On a LocalStack of several folders, each but the usual one has a name of its own."""
        is_usual = self.found_at is None or self.local_dir == self.root / ".local"
        return super().stack if is_usual else f"{super().stack}-{self.mark}"

    @property
    def mark(self) -> str:
        """What tells this folder of local state from every other."""
        return hashlib.sha256(str(self.local_dir).encode()).hexdigest()[:8]
