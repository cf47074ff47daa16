"""The mail that a LocalStack caught, asked for where Lambent is up."""

from dataclasses import replace

import pytest

from infra.local.mail import NoMailbox, caught
from infra.localstack.workspace import OnLocalStack
from tests.unit.localstack.conftest import Serve

MESSAGE = {
    "Timestamp": "2026-11-23T16:40:00",
    "Destination": {"ToAddresses": ["ada@example.com"]},
    "Subject": "Hello",
    "Body": {"text_part": "Hello, Ada", "html_part": None},
}


def test_its_mail_is_read_where_it_tells_it(place: OnLocalStack, serve: Serve) -> None:
    found_at = serve({"/_aws/ses": {"messages": [MESSAGE]}})

    [mail] = caught(replace(place, found_at=found_at))

    assert (mail.to, mail.subject, mail.text) == ("ada@example.com", "Hello", "Hello, Ada")


def test_one_without_ses_is_told(place: OnLocalStack, serve: Serve) -> None:
    with pytest.raises(NoMailbox, match="answers 404, as one does that was started without ses"):
        caught(replace(place, found_at=serve({})))


def test_one_that_is_gone_is_told(place: OnLocalStack, free_endpoint: str) -> None:
    with pytest.raises(NoMailbox, match="does not tell what mail was caught"):
        caught(replace(place, found_at=free_endpoint))
