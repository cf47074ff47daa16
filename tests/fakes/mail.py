"""Letters and mails."""

from dataclasses import dataclass

from chalicelib.domain.accounts.letters import Letter
from chalicelib.errors import Unavailable


class FakeOutbox:
    """`ports.mail.Outbox`; `letters` has what was posted."""

    def __init__(self) -> None:
        self.letters: list[Letter] = []
        self.is_down = False

    def post(self, letter: Letter) -> None:
        if self.is_down:
            raise Unavailable("The mail queue does not answer, try again", retry_after=1)
        self.letters.append(letter)


@dataclass(frozen=True)
class Mail:
    """What was handed over."""

    to: str
    subject: str
    text: str
    html: str


class FakePostman:
    """`ports.mail.Postman`; `sent` has what was handed over."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.is_down = False

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        if self.is_down:
            raise Unavailable("The mail service does not answer, try again", retry_after=1)
        self.sent.append(Mail(to, subject, text, html))
