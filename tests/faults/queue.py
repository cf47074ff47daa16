"""A queue that does all that SQS may: it doubles, delays and reorders what it was given."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from chalicelib.domain.predictions import Job
from chalicelib.services.execution import Delivery
from tests.fakes import Clock, FakeQueue, Message
from tests.faults.history import History

LATEST = 12 * 3600 * 1000
"""ms: the latest that a duplicate comes."""


class UnreliableQueue(FakeQueue):
    """`FakeQueue` by chance; the history is told of what it forgets and of what it gives up."""

    def __init__(self, clock: Clock, visibility: int, random: Random, history: History) -> None:
        super().__init__(clock, visibility)
        self.doubled = 0.0
        """The part of all messages that come twice."""
        self.is_reordered = False
        self.longest_delay = 0
        self.duplicates = 0
        self.delivered = 0
        self._random = random
        self._history = history

    def put(self, job: Job | None, *, is_bulk: bool = False) -> Message:
        """A message that nobody of ours sent, readable or not."""
        return self._add(job, "light", is_bulk=is_bulk)

    def next_visible(self, kind: str) -> int | None:
        """When something can be received; None while there is nothing."""
        is_bulk = kind == "bulk"
        return min(
            (each.visible_at for each in self.messages if each.is_bulk is is_bulk), default=None
        )

    def visible(self, kind: str | None = None) -> list[Message]:
        found = super().visible(kind)
        if self.is_reordered:
            self._random.shuffle(found)
        return found

    def receive(self, most: int = 10, kind: str | None = None) -> list[Delivery]:
        known = len(self.dead)
        found = super().receive(most, kind)
        self.delivered += len(found)
        for message in self.dead[known:]:
            self._history.message_died(message)
        return found

    def settle(self, deliveries: Sequence[Delivery], returned: Sequence[str]) -> None:
        done = {each.message_id for each in deliveries} - set(returned)
        for message in self.messages:
            if message.id in done:
                self._history.message_deleted(message)
        super().settle(deliveries, returned)

    def _add(self, job: Job | None, worker: str, *, is_bulk: bool) -> Message:
        message = super()._add(job, worker, is_bulk=is_bulk)
        if self.longest_delay:
            message.visible_at += self._random.randint(0, self.longest_delay)
        if self.doubled and self._random.random() < self.doubled:
            self.duplicates += 1
            wait = self._random.choice((0, 1000, 60_000, 3_600_000, LATEST))
            later = message.visible_at + self._random.randint(0, wait)
            self.messages.append(replace(message, id=f"{message.id}-again", visible_at=later))
        return message
