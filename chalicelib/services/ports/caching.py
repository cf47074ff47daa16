"""Where the first result of an input is kept, for those who ask the same."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.caching import Waiter
from chalicelib.domain.predictions import Job, Outcome


class CacheEntries(Protocol):
    """What a worker does to the entry that its job was the first for.

    Either ends the joining atomically: all that joined before are among those returned, also when
    it is repeated. Both are harmless for a job without an entry, or whose entry is another's.
    """

    def settle(self, job: Job, outcome: Outcome) -> Sequence[Waiter]:
        """Keep a result for the entry's lifetime; who waits for it. Unavailable."""
        ...

    def release(self, job: Job) -> Sequence[Waiter]:
        """End the entry of a job without a result; who waited for it. Unavailable.

        A result that the job brought before is kept. An ended entry is past its time, and any
        other job may take its place.
        """
        ...
