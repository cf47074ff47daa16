"""The queue between the API and the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from chalicelib.domain.predictions import Job
from chalicelib.errors import Unavailable
from chalicelib.services.execution import Delivery

MAX_RECEIVES = 5
"""As in the template: what comes a sixth time is a dead letter."""


@dataclass
class Message:
    """A queued job and how often it was received."""

    id: str
    job: Job
    receives: int = 0
    worker: str = "light"
    is_bulk: bool = False


class FakeQueue:
    """`ports.predictions.JobQueue`, and the side of it that hands messages to a worker."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.is_down = False
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

    def _add(self, job: Job, worker: str, *, is_bulk: bool) -> None:
        number = f"message-{next(self._ids)}"
        self.messages.append(Message(number, job, worker=worker, is_bulk=is_bulk))

    @property
    def jobs(self) -> list[Job]:
        return [message.job for message in self.messages]

    def jobs_in(self, kind: str) -> list[Job]:
        """Those of the interactive or of the bulk queue."""
        return [each.job for each in self.messages if each.is_bulk is (kind == "bulk")]

    def receive(self, most: int = 10) -> list[Delivery]:
        """The oldest messages, each received once more; what came too often is dead instead."""
        self.dead += [each for each in self.messages if each.receives == MAX_RECEIVES]
        self.messages = [each for each in self.messages if each.receives < MAX_RECEIVES]
        for message in self.messages[:most]:
            message.receives += 1
        return [Delivery(each.id, each.receives, each.job) for each in self.messages[:most]]

    def settle(self, deliveries: Sequence[Delivery], returned: Sequence[str]) -> None:
        """Forget what was delivered and not returned."""
        done = {delivery.message_id for delivery in deliveries} - set(returned)
        self.messages = [message for message in self.messages if message.id not in done]
