"""What emulators say of the mail that they caught, read."""

from typing import Any

import pytest

from infra.local.mail import (
    Mail,
    caught_by_localstack,
    caught_by_ministack,
    wait_for_what_is_under_way,
)

MINISTACK = {
    "messages": {
        "000000000000": [
            {
                "MessageId": "2@email.amazonses.com",
                "Source": "lambent@example.com",
                "To": ["ada@example.com"],
                "CC": [],
                "BCC": [],
                "Subject": "Your password was changed",
                "BodyText": "It was you?",
                "BodyHtml": None,
                "Timestamp": 1795449601.5,
                "Type": "SendEmail",
            },
            {
                "MessageId": "1@email.amazonses.com",
                "Source": "lambent@example.com",
                "To": ["Bob@example.com"],
                "Subject": "Grüße",
                "BodyText": "Hello",
                "BodyHtml": "<p>Hello</p>",
                "Timestamp": 1795449600.25,
                "Type": "SendEmail",
            },
        ],
    }
}
LOCALSTACK = {
    "messages": [
        {
            "Id": "1",
            "Region": "us-east-1",
            "Timestamp": "2026-11-23T16:40:00",
            "Source": "lambent@example.com",
            "Destination": {"ToAddresses": ["ada@example.com"]},
            "Subject": "Your password was changed",
            "Body": {"text_part": "It was you?", "html_part": None},
        },
        {"Id": "2", "Timestamp": "2026-11-23T16:40:00", "RawData": "From: somebody else's"},
    ]
}


class FakeQueues:
    """A queue that holds so many messages at each look; the last look lasts."""

    def __init__(self, *looks: tuple[int, int]) -> None:
        self.looks = list(looks)

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return {"Attributes": dict(zip(AttributeNames, map(str, look), strict=True))}


def test_what_the_embedded_emulator_caught_is_told_oldest_first() -> None:
    assert [each.facts() for each in caught_by_ministack(MINISTACK)] == [
        {
            "to": "Bob@example.com",
            "subject": "Grüße",
            "text": "Hello",
            "html": "<p>Hello</p>",
            "sent_at": "2026-11-23T16:00:00.250+00:00",
        },
        {
            "to": "ada@example.com",
            "subject": "Your password was changed",
            "text": "It was you?",
            "html": "",
            "sent_at": "2026-11-23T16:00:01.500+00:00",
        },
    ]


def test_an_emulator_that_caught_nothing_has_none() -> None:
    assert caught_by_ministack({"messages": {}}) == []
    assert caught_by_localstack({"messages": []}) == []


def test_what_localstack_caught_is_told_in_the_same_words() -> None:
    first, other = caught_by_localstack(LOCALSTACK)

    assert first == Mail(
        1795452000.0, ("ada@example.com",), "Your password was changed", "It was you?", ""
    )
    assert (other.to, other.text) == ("", "")


@pytest.mark.parametrize("address", ["bob@example.com", " BOB@EXAMPLE.COM"])
def test_an_address_is_found_in_whatever_case(address: str) -> None:
    assert [each.is_to(address) for each in caught_by_ministack(MINISTACK)] == [True, False]


def test_letters_under_way_are_waited_for() -> None:
    queues = FakeQueues((2, 0), (0, 2), (0, 0))

    assert wait_for_what_is_under_way(queues, "mail")
    assert queues.looks == [(0, 0)]


def test_letters_that_do_not_get_through_are_not_waited_for_any_longer() -> None:
    assert not wait_for_what_is_under_way(FakeQueues((0, 1)), "mail", patience=0.0)
