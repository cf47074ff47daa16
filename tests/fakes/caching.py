"""Cache entries."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from chalicelib.domain.caching import Entry, Waiter, past
from chalicelib.domain.predictions import Job, Outcome
from tests.fakes.memory import Memory


class FakeCacheEntries:
    """`ports.caching.CacheEntries`; `calls` counts the uses that a table would be asked for."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.calls = 0

    def settle(self, job: Job, outcome: Outcome) -> Sequence[Waiter]:
        return self._end(
            job,
            lambda entry: replace(
                entry,
                output=outcome.output,
                version=outcome.version,
                until=entry.lifetime + outcome.completed_at // 1000,
            ),
        )

    def release(self, job: Job) -> Sequence[Waiter]:
        ended = past(job.created_at)
        return self._end(job, lambda entry: entry if entry.is_done else replace(entry, until=ended))

    def _end(self, job: Job, change: Callable[[Entry], Entry]) -> Sequence[Waiter]:
        if job.cache_key is None:
            return ()
        self.calls += 1
        self._memory.require_up()
        with self._memory.lock:
            entry = self._memory.entries.get(job.cache_key)
            if entry is None or entry.leader != job.id:
                return ()
            self._memory.entries[job.cache_key] = change(entry)
            return entry.waiters
