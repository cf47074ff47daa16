"""The queue between the API and the worker."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from chalicelib.domain.predictions import Job
from chalicelib.errors import Unavailable
from chalicelib.services.execution import Delivery
from tests.samples import NOW

MAX_RECEIVES = 5
"""As in the template: what comes a sixth time is a dead letter."""


@dataclass
class Message:
    """A queued job and how often it was received; none if nobody can read its body."""

    id: str
    job: Job | None
    receives: int = 0
    worker: str = "light"
    is_bulk: bool = False
    visible_at: int = 0


class FakeQueue:
    """`ports.predictions.JobQueue`, and the side of it that hands messages to a worker.

    What was received is hidden for `visibility` ms; without that it is received again at once.
    """

    def __init__(self, clock: Callable[[], int] = lambda: NOW, visibility: int = 0) -> None:
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.is_down = False
        self.visibility = visibility
        self._clock = clock
        self._ids = count(1)

    def require_up(self) -> None:
        if self.is_down:
            raise Unavailable("The queue does not answer, try again", retry_after=1)

    def send(self, job: Job, worker: str = "light") -> None:
        self.require_up()
        self._add(job, worker, is_bulk=False)

    def send_all(self, jobs: Sequence[Job], worker: str = "light") -> Sequence[Job]:
        if self.is_down:
            return list(jobs)
        for job in jobs:
            self._add(job, worker, is_bulk=True)
        return []

    def _add(self, job: Job | None, worker: str, *, is_bulk: bool) -> Message:
        number = f"message-{next(self._ids)}"
        message = Message(number, job, worker=worker, is_bulk=is_bulk, visible_at=self._clock())
        self.messages.append(message)
        return message

    @property
    def jobs(self) -> list[Job | None]:
        return [message.job for message in self.messages]

    def jobs_in(self, kind: str) -> list[Job | None]:
        """Those of the interactive or of the bulk queue."""
        return [each.job for each in self.messages if each.is_bulk is (kind == "bulk")]

    def receive(self, most: int = 10, kind: str | None = None) -> list[Delivery]:
        """The oldest messages, each received once more; what came too often is dead instead."""
        visible = self.visible(kind)
        dead = {each.id for each in visible if each.receives == MAX_RECEIVES}
        self.dead += [each for each in visible if each.id in dead]
        self.messages = [each for each in self.messages if each.id not in dead]
        taken = [each for each in visible if each.id not in dead][:most]
        for message in taken:
            message.receives += 1
            message.visible_at = self._clock() + self.visibility
        return [Delivery(each.id, each.receives, each.job) for each in taken]

    def visible(self, kind: str | None = None) -> list[Message]:
        """What may be received now, of one queue or of both."""
        now = self._clock()
        return [
            each
            for each in self.messages
            if each.visible_at <= now and kind in (None, "bulk" if each.is_bulk else "interactive")
        ]

    def settle(self, deliveries: Sequence[Delivery], returned: Sequence[str]) -> None:
        """Forget what was delivered and not returned."""
        done = {delivery.message_id for delivery in deliveries} - set(returned)
        self.messages = [message for message in self.messages if message.id not in done]
