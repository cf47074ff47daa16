"""Letters and mails."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.services.ports.mail import Outbox, Postman
from tests.samples import a_letter


@dataclass(frozen=True)
class Box:
    """An outbox, and the letters that the mailer would receive."""

    outbox: Outbox
    received: Callable[[], Sequence[Letter | None]]


class OutboxContract:
    @pytest.mark.parametrize("kind", Kind)
    def test_a_letter_arrives_as_it_was_posted(self, box: Box, kind: Kind) -> None:
        letter = a_letter(
            kind, "\xfc@b\xfccher.example", request_id="r", facts={"name": '"\U0001f642"'}
        )
        box.outbox.post(letter)
        assert box.received() == [letter]

    def test_a_letter_may_have_no_facts(self, box: Box) -> None:
        box.outbox.post(a_letter())
        assert box.received() == [a_letter()]


@dataclass(frozen=True)
class Post:
    """A postman, and what was handed over: to whom, subject, text and HTML."""

    postman: Postman
    handed_over: Callable[[], Sequence[tuple[str, str, str, str]]]


class PostmanContract:
    def test_a_mail_is_handed_over_as_it_was_written(self, post: Post) -> None:
        mail = ("ada@example.com", "Na\xefve \U0001f642", "Text\n\xfc", "<p>HTML \xfc</p>")
        post.postman.send(*mail)
        assert list(post.handed_over()) == [mail]
