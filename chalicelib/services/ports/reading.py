"""The first call of a request."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from chalicelib.domain.access import Grant, Usage
from chalicelib.domain.accounts.callers import Credential, Proof
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.receipts import Receipt


@dataclass(frozen=True)
class Wanted:
    """What one strongly consistent read is to fetch besides the caller."""

    models: tuple[str, ...] = ()
    """Models whose grant, and usage of `month`, are wanted."""
    month: str = ""
    prediction: str | None = None
    user: str | None = None
    """Another user."""
    receipt: str | None = None
    """The key of what the same request made before."""
    entry: str | None = None
    """The key of a cache entry."""
    batch: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What that one read found; what does not exist is None or absent."""

    user: User | None = None
    proof: Proof | None = None
    grants: Mapping[str, Grant] = field(default_factory=dict)
    usage: Mapping[str, Usage] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    prediction: Prediction | None = None
    other: User | None = None
    """The other user that was wanted; who asks for themselves is that one."""
    receipt: Receipt | None = None
    entry: Entry | None = None
    batch: Batch | None = None


class Reader(Protocol):
    """The first, and for a read the only, call of a request."""

    def read(self, credential: Credential, wanted: Wanted) -> Snapshot:
        """User, session or key, and all that is wanted, in one strongly consistent read."""
        ...

    def situation(self, user_id: str, wanted: Wanted) -> Snapshot:
        """The same of a user who need not prove who they are, and so without a proof."""
        ...
