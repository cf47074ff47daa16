"""Letters that are none, and addresses as SES wants them."""

import pytest

from chalicelib.adapters.accounts.outbox import SqsOutbox, letter_of
from chalicelib.adapters.accounts.postman import SesPostman
from chalicelib.errors import Unavailable
from tests.integration.cloud import SENDER, Cloud
from tests.samples import a_letter

LETTER = '{"kind": "verify", "to": "ada@example.com", "request_id": "r", "facts": {"name": "x"}}'


@pytest.mark.parametrize(
    ("to", "sent_to"),
    [
        ("ada@example.com", "ada@example.com"),
        ("ada@b\xfccher.example", "ada@xn--bcher-kva.example"),
        ("ada@stra\xdfe.example", "ada@xn--strae-oqa.example"),
        ("ada@mail.\u65e5\u672c.example", "ada@mail.xn--wgv71a.example"),
    ],
)
def test_the_domain_of_an_address_is_sent_in_ascii(cloud: Cloud, to: str, sent_to: str) -> None:
    SesPostman(cloud.ses, SENDER).send(to, "Subject", "Text", "<p>HTML</p>")
    assert [mail[0] for mail in cloud.mails()] == [sent_to]


def test_a_mail_that_is_not_taken_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(Unavailable):
        SesPostman(cloud.ses, "stranger@example.com").send("a@example.com", "S", "T", "H")


def test_a_queue_that_is_not_there_is_unavailable(cloud: Cloud) -> None:
    with pytest.raises(Unavailable):
        SqsOutbox(cloud.sqs, cloud.settings.mail_queue_url + "-gone").post(a_letter())


def test_a_letter_may_be_read_from_what_was_queued() -> None:
    letter = letter_of(LETTER)
    assert letter
    assert (letter.kind, letter.to, letter.facts) == ("verify", "ada@example.com", {"name": "x"})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "{}",
        LETTER.replace("verify", "advertisement"),
        LETTER.replace('"ada@example.com"', "7"),
        LETTER.replace('"x"', "{}"),
        LETTER[:-1],
    ],
)
def test_what_is_no_letter_is_none(body: str) -> None:
    assert letter_of(body) is None
