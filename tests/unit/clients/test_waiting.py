"""How a result is waited for: as the API says, and no longer than was said."""

from typing import Any

import pytest

from clients.python.lambent_client import PredictionFailed, Reply
from tests.unit.clients.service import PLACE, Service


def test_what_is_quick_is_there_with_the_first_answer() -> None:
    service = Service(takes=0.7)

    assert service.client().predict("temperature", PLACE) == {"temperature": 8.5}

    assert service.asked() == ["POST /v1/models/temperature/predictions"]
    assert service.sent("Prefer") == ["wait=1"]


def test_it_looks_again_when_the_api_says_so() -> None:
    service = Service(takes=10, retry_after="4")

    service.client().predict("temperature", PLACE)

    # 1 s in the first answer, then 4 s of sleep and up to 1 s in each look.
    assert service.clock.slept == [4, 4]
    assert service.asked()[1:] == ["GET /v1/predictions/0"] * 2


def test_without_a_word_of_the_api_it_looks_again_after_a_second() -> None:
    service = Service(takes=2, retry_after="soon")

    service.client().wait(service.client().submit("temperature", PLACE))

    assert service.clock.slept == [1]


def test_what_has_not_changed_is_not_sent_again_and_stays_known() -> None:
    service = Service(takes=9)
    seen: list[Any] = []

    done = service.client().wait(
        service.client().submit("temperature", PLACE),
        report=lambda look: seen.append((look["id"], look["status"])),
    )

    assert set(seen) == {("0", "queued"), ("0", "running")}
    assert len(seen) > 3
    assert service.sent("If-None-Match")[1:3] == ['W/"0-queued"'] * 2
    assert done["output"] == {"temperature": 8.5}


def test_an_id_is_as_good_as_what_was_answered() -> None:
    service = Service(takes=3)
    client = service.client()
    accepted = client.submit("temperature", PLACE)

    assert client.wait("0") == client.wait(accepted) == client.read("0")


def test_what_is_not_done_in_time_stays_accepted_and_is_looked_at_once_more_at_the_end() -> None:
    service = Service(takes=60, retry_after="20")

    with pytest.raises(TimeoutError, match="/v1/predictions/0 is not done in time"):
        service.client().predict("temperature", PLACE, timeout=5)

    assert service.clock.slept == [5]
    assert len(service.seen) == 2
    assert service.client().wait("0")["done"]


@pytest.mark.parametrize("ending", ["failed", "canceled", "expired"])
def test_what_has_no_output_is_told_with_its_reason(ending: str) -> None:
    with pytest.raises(PredictionFailed, match=f"0 {ending}.*No such month") as told:
        Service(ending=ending).client().predict("temperature", PLACE)
    assert told.value.prediction["error"]["code"] == "invalid-input"


def test_a_batch_is_waited_for_like_a_prediction() -> None:
    service = Service(takes=5, retry_after="2")
    client = service.client()

    done = client.wait(client.batch("temperature", [PLACE, PLACE]))

    assert done == client.batch_status("b")
    assert done["done"]
    assert service.clock.slept == [2, 2, 2]
    assert service.asked()[1:] == ["GET /v1/batches/b"] * 4


def test_an_answer_is_a_dict_like_any_other() -> None:
    reply = Service().client().submit("temperature", PLACE, wait=3)

    assert isinstance(reply, Reply)
    assert {**reply} == reply
