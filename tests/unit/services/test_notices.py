from io import StringIO

from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.services.accounts.notices import Notices
from tests.fakes import FakeOutbox
from tests.unit.services.accounts import HERE


def test_a_notice_is_a_letter_with_the_id_of_its_request() -> None:
    outbox = FakeOutbox()
    Notices(outbox).send(Kind.API_KEY_CREATED, "ada@example.com", HERE, name="robot")
    assert outbox.letters == [
        Letter(Kind.API_KEY_CREATED, "ada@example.com", "r-1", {"name": "robot"})
    ]


def test_a_notice_that_cannot_be_queued_is_logged_without_the_address(log: StringIO) -> None:
    outbox = FakeOutbox()
    outbox.is_down = True
    Notices(outbox).send(Kind.PASSWORD_CHANGED, "ada@example.com", HERE)
    assert "a notice was not queued" in log.getvalue()
    assert "ada@example.com" not in log.getvalue()
