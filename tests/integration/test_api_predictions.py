"""Submitting and reading, over HTTP."""

import pytest

from chalicelib.domain.figures import Figure
from chalicelib.domain.ids import uuid7
from tests.integration.api import Api
from tests.samples import NOW, PLACE, a_success
from tests.world import Person, World

SUBMIT = "/v1/models/temperature/predictions"


@pytest.mark.parametrize("model", ["temperature", "2"])
def test_an_accepted_prediction_is_answered_with_itself(api: Api, ada: Person, model: str) -> None:
    answer = api.post(
        f"/v1/models/{model}/predictions", ada, {"input": PLACE, "metadata": {"a": 1}}
    )
    assert answer.status == 202
    assert (answer.json["status"], answer.json["done"]) == ("queued", False)
    assert (answer.json["input"], answer.json["metadata"]) == (PLACE, {"a": 1})
    assert answer.json["output"] is answer.json["error"] is answer.json["metrics"] is None


def test_it_is_told_where_to_read_and_when(api: Api, ada: Person) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert answer.headers["Location"] == answer.json["urls"]["self"]
    assert answer.headers["Location"] == f"https://localhost/v1/predictions/{answer.json['id']}"
    assert int(answer.headers["Retry-After"]) >= 1


def test_it_is_told_to_come_back_when_predictions_of_late_were_done(
    api: Api, world: World, ada: Person
) -> None:
    world.figures.note("temperature", Figure(6000, 500, world.clock()))
    submitted = api.post(SUBMIT, ada, {"input": PLACE})
    read = api.get(f"/v1/predictions/{submitted.json['id']}", ada)
    assert submitted.headers["Retry-After"] == read.headers["Retry-After"] == "7"


def test_what_is_read_is_what_was_answered_to_the_submit(api: Api, ada: Person) -> None:
    submitted = api.post(SUBMIT, ada, {"input": PLACE})
    read = api.get(f"/v1/predictions/{submitted.json['id']}", ada)
    assert (read.status, read.json) == (200, submitted.json)
    assert int(read.headers["Retry-After"]) >= 1


def test_a_result_is_read_without_a_time_to_come_back(api: Api, world: World, ada: Person) -> None:
    prediction = world.accepted(ada, "temperature")
    world.results.finish([a_success(prediction.id)])
    read = api.get(f"/v1/predictions/{prediction.id}", ada)
    assert (read.json["status"], read.json["done"]) == ("succeeded", True)
    assert read.json["output"] == {"temperature": 8.5}
    assert "Retry-After" not in read.headers


def test_a_superuser_reads_anothers_and_nobody_else_does(
    api: Api, world: World, ada: Person, root: Person
) -> None:
    path = f"/v1/predictions/{world.accepted(ada, 'temperature').id}"
    assert api.get(path, root).status == 200
    assert api.get(path, world.somebody()).status == 404


@pytest.mark.parametrize("id", [uuid7(NOW), "0b6f2c1e-6f0c-4c8e-9a55-3a1f6d1c2b47", "x", "%00"])
def test_an_unknown_prediction_is_not_found(api: Api, ada: Person, id: str) -> None:
    answer = api.get(f"/v1/predictions/{id}", ada)
    assert (answer.status, answer.json["code"]) == (404, "not-found")


def test_after_its_retention_a_prediction_is_gone(api: Api, world: World, ada: Person) -> None:
    prediction = world.accepted(ada, "temperature", retained_until=NOW)
    answer = api.get(f"/v1/predictions/{prediction.id}", ada)
    assert (answer.status, answer.json["code"]) == (410, "gone")


def test_over_quota_is_a_429_that_says_which_and_until_when(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", daily=1, monthly=1)
    api.post(SUBMIT, ada, {"input": PLACE})
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert (answer.status, answer.json["code"]) == (429, "quota-exceeded")
    assert answer.json["violated-policies"] == ["daily", "monthly"]
    assert answer.headers["Retry-After"] == str(12 * 3600 + 7 * 86400)
    assert world.kept() == (1, 1, 1)


def test_a_model_that_is_switched_off_is_a_503_with_a_time(
    api: Api, world: World, ada: Person
) -> None:
    world.memory.disabled.add("temperature")
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert (answer.status, answer.json["code"]) == (503, "model-disabled")
    assert int(answer.headers["Retry-After"]) >= 1
    assert world.kept() == (0, 0, 0)


def test_a_table_that_is_down_is_a_503_with_a_time(api: Api, world: World, ada: Person) -> None:
    world.memory.is_down = True
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_a_queue_that_is_down_does_not_lose_what_was_accepted(
    api: Api, world: World, ada: Person
) -> None:
    world.queue.is_down = True
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert answer.status == 202
    assert world.kept() == (1, 1, 0)
