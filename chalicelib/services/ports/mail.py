"""The way out for mail."""

from typing import Protocol

from chalicelib.domain.accounts.letters import Letter


class Outbox(Protocol):
    """Where letters wait for the mailer."""

    def post(self, letter: Letter) -> None:
        """Queue a letter; Unavailable if the queue does not take it."""
        ...


class Postman(Protocol):
    """Who carries mails out."""

    def send(self, to: str, subject: str, text: str, html: str) -> None:
        """Hand a mail over; Unavailable if it is not taken."""
        ...
