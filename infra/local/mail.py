"""The mail that an emulator caught in place of sending it."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.errors import Trouble

if TYPE_CHECKING:
    from infra.workspace import Workspace

EVERY = 0.1
PATIENCE = 10.0
UNDER_WAY = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")


@dataclass(frozen=True)
class Mail:
    """One that was sent to one or several addresses; `html` says the same as `text`."""

    at: float
    addresses: tuple[str, ...]
    subject: str
    text: str
    html: str

    @property
    def to(self) -> str:
        """Its addresses as a header would say them."""
        return ", ".join(self.addresses)

    def is_to(self, address: str) -> bool:
        """Whether this is among its addresses, in whatever case."""
        return address.strip().casefold() in map(str.casefold, self.addresses)

    def facts(self) -> dict[str, str]:
        """What people and programs are told of it."""
        sent = datetime.fromtimestamp(self.at, UTC).isoformat(timespec="milliseconds")
        told = {"to": self.to, "subject": self.subject, "text": self.text}
        return {**told, "html": self.html, "sent_at": sent}


class NoMailbox(Trouble):
    """The emulator does not tell what it caught."""

    def __init__(self, address: str, why: str) -> None:
        super().__init__(
            f"{address} does not tell what mail was caught.",
            why,
            "Look with ./run.sh status; ./run.sh up brings it up again.",
        )


def caught(workspace: "Workspace") -> list[Mail]:
    """All that the emulator of this workspace caught since it was started, oldest first."""
    from infra.localstack.workspace import OnLocalStack

    if isinstance(workspace, OnLocalStack):
        return caught_by_localstack(_asked(f"{workspace.endpoint}/_aws/ses"))
    return caught_by_ministack(_asked(f"{workspace.endpoint}/_ministack/ses/messages"))


def caught_by_ministack(answer: Mapping[str, Any]) -> list[Mail]:
    """What `/_ministack/ses/messages` tells: the messages of each account; oldest first."""
    found = (message for messages in answer["messages"].values() for message in messages)
    return _oldest_first(
        Mail(
            float(each["Timestamp"]),
            tuple(each["To"]),
            each["Subject"],
            each["BodyText"] or "",
            each["BodyHtml"] or "",
        )
        for each in found
    )


def caught_by_localstack(answer: Mapping[str, Any]) -> list[Mail]:
    """What `/_aws/ses` tells; oldest first."""
    return _oldest_first(
        Mail(
            datetime.fromisoformat(each["Timestamp"]).replace(tzinfo=UTC).timestamp(),
            tuple(each.get("Destination", {}).get("ToAddresses", ())),
            each.get("Subject") or "",
            each.get("Body", {}).get("text_part") or "",
            each.get("Body", {}).get("html_part") or "",
        )
        for each in answer["messages"]
    )


def wait_for_what_is_under_way(sqs: Any, queue: str, patience: float = PATIENCE) -> bool:
    """Wait while letters are queued or being sent; False if some still were after that long."""
    deadline = time.monotonic() + patience
    while _waiting(sqs, queue):
        if time.monotonic() > deadline:
            return False
        time.sleep(EVERY)
    return True


def _asked(address: str) -> Mapping[str, Any]:
    import httpx

    try:
        answer = httpx.get(address, trust_env=False)
    except httpx.HTTPError as error:
        raise NoMailbox(address, f"{error}.") from None
    if answer.status_code != 200:
        told = f"It answers {answer.status_code}, as one does that was started without ses."
        raise NoMailbox(address, told)
    found: Mapping[str, Any] = answer.json()
    return found


def _waiting(sqs: Any, queue: str) -> int:
    answer = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=list(UNDER_WAY))
    return sum(int(answer["Attributes"][name]) for name in UNDER_WAY)


def _oldest_first(mails: Iterator[Mail]) -> list[Mail]:
    return sorted(mails, key=lambda mail: mail.at)
