"""Batches, over HTTP."""

import json
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.domain.batches import STORING, member_id
from chalicelib.domain.ids import instant_of, is_prediction_id, uuid7
from chalicelib.domain.predictions import Status
from tests.integration.api import JSON, Answer, Api
from tests.samples import DAY, NOW, PLACE, a_failure, a_success
from tests.world import Person, World

MODEL = "/v1/models/temperature/predictions"
MANY = f"{MODEL}/batch"
BASE = "https://localhost"
BAD = (3, 42, 97)
"""Places of a hundred inputs."""
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id", "errors"}
COUNTS: dict[str, int] = {status.value: 0 for status in Status}
MEGABYTE = 1024 * 1024
KEYED = {"Idempotency-Key": "8e03978e"}


def places(count: int) -> list[dict[str, Any]]:
    return [{**PLACE, "hour": at % 24} for at in range(count)]


def a_hundred() -> list[dict[str, Any]]:
    """Three do not fit."""
    return [{**each, "month": 13} if at in BAD else each for at, each in enumerate(places(100))]


def submit(api: Api, who: Person, inputs: Any, **headers: str) -> Answer:
    return api.post(MANY, who, {"inputs": inputs}, headers=headers)


def accepted(api: Api, who: Person, count: int) -> str:
    """The path of a batch."""
    answer = submit(api, who, places(count))
    assert answer.status == 202, answer.text
    return f"/v1/batches/{answer.json['batch_id']}"


def id_at(path: str, place: int) -> str:
    """The prediction at a place of the batch at this path."""
    return member_id(path.rpartition("/")[2], place)


def test_a_batch_is_answered_with_the_prediction_of_each_input(
    api: Api, world: World, ada: Person
) -> None:
    answer = submit(api, ada, places(3))
    assert answer.status == 202
    assert answer.json.keys() == {"batch_id", "predictions"}
    assert is_prediction_id(answer.json["batch_id"])
    assert instant_of(answer.json["batch_id"]) == NOW
    assert [each.keys() for each in answer.json["predictions"]] == [{"id"}] * 3
    assert world.kept() == (3, 3, 3)


def test_the_predictions_are_in_the_order_of_the_inputs(api: Api, ada: Person) -> None:
    answer = submit(api, ada, places(30))
    ids = [each["id"] for each in answer.json["predictions"]]
    assert ids == sorted(ids)
    read = [api.get(f"/v1/predictions/{id}", ada).json for id in ids]
    assert [each["input"] for each in read] == places(30)
    assert {each["batch_id"] for each in read} == {answer.json["batch_id"]}


def test_it_is_told_where_to_read_and_when(api: Api, ada: Person) -> None:
    answer = submit(api, ada, places(2))
    assert answer.headers["Location"] == f"{BASE}/v1/batches/{answer.json['batch_id']}"
    assert int(answer.headers["Retry-After"]) >= 1
    assert "Idempotent-Replayed" not in answer.headers
    assert "Cache-Status" not in answer.headers


def test_a_model_is_called_by_id_too(api: Api, ada: Person) -> None:
    answer = api.post("/v1/models/2/predictions/batch", ada, {"inputs": places(1)})
    assert answer.status == 202


def test_it_is_counted_by_what_was_accepted(
    api: Api, world: World, ada: Person, log: StringIO
) -> None:
    world.grant(ada, "temperature", daily=100)
    answer = submit(api, ada, a_hundred())
    assert answer.headers["RateLimit"] == '"daily";r=3'
    assert answer.headers["RateLimit-Policy"] == '"daily";q=100;w=86400'
    [line] = map(json.loads, log.getvalue().splitlines())
    assert line["PredictionsRequested"] == [97]
    assert (line["batch_id"], line["size"]) == (answer.json["batch_id"], 97)


def test_of_a_hundred_with_three_bad_ones_97_are_accepted_and_three_named_in_their_places(
    api: Api, world: World, ada: Person
) -> None:
    answer = submit(api, ada, a_hundred())
    assert answer.status == 202
    told = answer.json["predictions"]
    assert len(told) == 100
    assert [at for at, each in enumerate(told) if "error" in each] == list(BAD)
    assert world.kept() == (97, 97, 97)
    batch_id = answer.json["batch_id"]
    assert all(
        each == {"id": member_id(batch_id, at)} for at, each in enumerate(told) if at not in BAD
    )


def test_what_does_not_fit_has_the_problem_document_it_would_have_alone(
    api: Api, ada: Person
) -> None:
    answer = submit(api, ada, a_hundred())
    document = answer.json["predictions"][42]["error"]
    assert document.keys() == MEMBERS
    assert document == {
        "type": "urn:lambent:problem:invalid",
        "title": "The request does not fit the schema",
        "status": 422,
        "detail": "/inputs/42/month: Input should be less than or equal to 12",
        "instance": MANY,
        "code": "invalid",
        "request_id": answer.headers["X-Request-Id"],
        "errors": [
            {
                "pointer": "/inputs/42/month",
                "detail": "Input should be less than or equal to 12",
                "code": "less_than_equal",
            }
        ],
    }


@pytest.mark.parametrize("bad", [None, 7, "x", [], {}, {"latitude": "hunter2"}, [[{}]], True])
def test_whatever_is_in_a_place_it_alone_is_refused(api: Api, ada: Person, bad: Any) -> None:
    answer = submit(api, ada, [PLACE, bad, PLACE])
    first, refused, last = answer.json["predictions"]
    assert (first.keys(), last.keys()) == ({"id"}, {"id"})
    assert refused["error"]["status"] == 422
    assert all(each["pointer"].startswith("/inputs/1") for each in refused["error"]["errors"])
    assert "hunter2" not in answer.text


def test_a_number_beyond_a_doubles_range_is_refused_in_its_place(api: Api, ada: Person) -> None:
    raw = json.dumps({"inputs": [PLACE, {**PLACE, "latitude": 0.125}]}).replace("0.125", "1e999")
    answer = api.post(MANY, ada, raw=raw.encode(), headers=KEYED)
    assert answer.status == 202
    assert answer.json["predictions"][1]["error"]["errors"][0]["code"] == "finite_number"


def test_an_input_over_128_kb_is_refused_in_its_place(api: Api, world: World, ada: Person) -> None:
    large = {**PLACE, "note": "x" * 128 * 1024}
    answer = submit(api, ada, [PLACE, large])
    document = answer.json["predictions"][1]["error"]
    assert (answer.status, document["status"], document["code"]) == (202, 413, "too-large")
    assert world.kept() == (1, 1, 1)


def test_without_one_that_fits_it_is_a_422_that_points_at_them(
    api: Api, world: World, ada: Person
) -> None:
    answer = submit(api, ada, [{**PLACE, "month": 13}, 7])
    assert (answer.status, answer.json["code"]) == (422, "invalid")
    pointers = [each["pointer"] for each in answer.json["errors"]]
    assert pointers == ["/inputs/0/month", "/inputs/1"]
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("name", ["a", "\U0001f642" * 10, "\U0001f642" * 12_000])
def test_the_answer_to_the_worst_of_batches_is_far_below_what_a_function_can_give(
    api: Api, ada: Person, name: str
) -> None:
    wrong = {f"{name}{n}": 1 for n in range(20 if len(name) < 100 else 1)}
    size = len(json.dumps(wrong, ensure_ascii=False).encode())
    inputs = [PLACE, *[wrong] * min(999, MEGABYTE // (size + 2) - 1)]
    raw = json.dumps({"inputs": inputs}, ensure_ascii=False).encode()
    answer = api.post(MANY, ada, raw=raw)
    assert answer.status == 202
    assert len(json.dumps(answer.text)) < 2 * MEGABYTE


def test_a_thousand_are_accepted(api: Api, world: World, ada: Person) -> None:
    answer = submit(api, ada, places(1000))
    assert (answer.status, len(answer.json["predictions"])) == (202, 1000)
    assert world.kept() == (1000, 1000, 1000)


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"inputs": []}, "/inputs", "too_short"),
        ({"inputs": places(1001)}, "/inputs", "too_long"),
        ({"inputs": {"0": PLACE}}, "/inputs", "list_type"),
        ({"inputs": None}, "/inputs", "list_type"),
        ({"inputs": "[]"}, "/inputs", "list_type"),
        ({}, "/inputs", "missing"),
        ({"inputs": [PLACE], "metadata": {}}, "/metadata", "extra_forbidden"),
        ({"inputs": [PLACE], "expires_in": 5}, "/expires_in", "extra_forbidden"),
        ([PLACE], "", "model_type"),
        (None, "", "model_type"),
    ],
)
def test_what_is_no_batch_is_a_422(
    api: Api, world: World, ada: Person, body: Any, pointer: str, code: str
) -> None:
    answer = api.post(MANY, ada, body)
    assert answer.status == 422
    assert [(each["pointer"], each["code"]) for each in answer.json["errors"]] == [(pointer, code)]
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize(
    ("path", "bytes_", "status"),
    [
        (MANY, 256 * 1024 + 1, 202),
        (MANY, MEGABYTE, 202),
        (MANY, MEGABYTE + 1, 413),
        (MODEL, 256 * 1024, 202),
        (MODEL, 256 * 1024 + 1, 413),
    ],
)
def test_a_batch_may_be_a_megabyte_and_nothing_else(
    api: Api, ada: Person, path: str, bytes_: int, status: int
) -> None:
    body = {"inputs": [PLACE]} if path == MANY else {"input": PLACE}
    answer = api.post(path, ada, raw=json.dumps(body).encode().ljust(bytes_))
    assert answer.status == status


ORDER: list[tuple[str, str, bytes, str, int]] = [
    ("nobody", "nonsense", b"x" * (MEGABYTE + 1), "text/plain", 401),
    ("ada", "nonsense", b"x" * (MEGABYTE + 1), "text/plain", 404),
    ("bob", "temperature", b"x" * (MEGABYTE + 1), "text/plain", 403),
    ("ada", "temperature", b"x" * (MEGABYTE + 1), "text/plain", 413),
    ("ada", "temperature", b"{", "text/plain", 415),
    ("ada", "temperature", b"{", JSON, 400),
    ("ada", "temperature", b'{"inputs": [7]}', JSON, 422),
    ("ada", "temperature", json.dumps({"inputs": [PLACE]}).encode(), JSON, 503),
]


@pytest.mark.parametrize(("name", "model", "raw", "content_type", "status"), ORDER)
def test_of_two_faults_the_earlier_is_told(
    api: Api,
    world: World,
    ada: Person,
    name: str,
    model: str,
    raw: bytes,
    content_type: str,
    status: int,
) -> None:
    world.grant(ada, "temperature", daily=0)
    world.memory.disabled.add("temperature")
    who = {"nobody": None, "ada": ada, "bob": world.somebody()}[name]
    path = f"/v1/models/{model}/predictions/batch"
    assert api.post(path, who, raw=raw, content_type=content_type).status == status


def test_without_room_for_all_that_fit_it_is_a_429_and_none_is_stored(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", daily=97, monthly=200)
    submit(api, ada, places(1))
    answer = submit(api, ada, a_hundred())
    assert (answer.status, answer.json["code"]) == (429, "quota-exceeded")
    assert answer.json["violated-policies"] == ["daily"]
    assert answer.headers["Retry-After"] == str(12 * 3600)
    assert answer.headers["RateLimit"] == '"daily";r=96;t=43200'
    assert world.kept() == (1, 1, 1)


def test_a_limit_smaller_than_the_batch_is_a_429_before_anything_was_counted(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", monthly=2)
    assert submit(api, ada, places(3)).status == 429
    assert world.kept() == (0, 0, 0)


def test_what_could_not_be_stored_is_a_503_and_the_same_key_finds_the_batch(
    api: Api, world: World, ada: Person
) -> None:
    world.predictions.most_stored = 2
    answer = submit(api, ada, places(3), **KEYED)
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json["detail"].startswith("1 of 3 predictions of batch ")
    assert world.kept() == (2, 3, 2)
    unfinished = submit(api, ada, places(3), **KEYED)
    assert (unfinished.status, unfinished.json["code"]) == (409, "batch-unfinished")
    assert unfinished.headers["Retry-After"] == "1"
    world.clock.advance(STORING)
    found = submit(api, ada, places(3), **KEYED)
    assert (found.status, found.headers["Idempotent-Replayed"]) == (202, "true")
    assert [each.keys() for each in found.json["predictions"]] == [{"id"}] * 3
    counts = api.get(f"/v1/batches/{found.json['batch_id']}", ada).json["counts"]
    assert counts == {**COUNTS, "queued": 2, "failed": 1}


def test_a_queue_that_is_down_does_not_lose_what_was_accepted(
    api: Api, world: World, ada: Person
) -> None:
    world.queue.is_down = True
    assert submit(api, ada, places(3)).status == 202
    assert world.kept() == (3, 3, 0)


def test_a_table_that_is_down_is_a_503_with_a_time(api: Api, world: World, ada: Person) -> None:
    world.memory.is_down = True
    answer = submit(api, ada, places(3))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "1")


def test_a_replay_is_the_same_batch_with_the_same_refusals(
    api: Api, world: World, ada: Person
) -> None:
    world.grant(ada, "temperature", daily=97)
    first, second = (submit(api, ada, a_hundred(), **KEYED) for _ in range(2))
    assert (first.status, second.status) == (202, 202)
    assert _told(second) == _told(first)
    assert second.headers["Idempotent-Replayed"] == "true"
    for name in ("Location", "Retry-After", "RateLimit", "RateLimit-Policy"):
        assert second.headers[name] == first.headers[name]
    assert world.kept() == (97, 97, 97)


def _told(answer: Answer) -> list[Any]:
    """All but the id of the request itself."""
    found = [answer.json["batch_id"]]
    for each in answer.json["predictions"]:
        error = each.get("error", {})
        found.append({**each, "error": {**error, "request_id": None}})
    return found


def test_a_replay_of_a_batch_that_has_ended_is_a_200(api: Api, world: World, ada: Person) -> None:
    first = submit(api, ada, places(2), **KEYED).json
    world.results.finish([a_success(each["id"]) for each in first["predictions"]])
    second = submit(api, ada, places(2), **KEYED)
    assert (second.status, second.json) == (200, first)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Retry-After" not in second.headers


def test_a_replay_is_not_counted_as_a_request(api: Api, ada: Person, log: StringIO) -> None:
    for _ in range(2):
        submit(api, ada, places(2), **KEYED)
    counted = ["PredictionsRequested" in line for line in log.getvalue().splitlines()]
    assert counted == [True, False]


@pytest.mark.parametrize("inputs", [places(2), places(4), places(3)[::-1], [*places(3), 7]])
def test_a_key_with_other_inputs_is_a_422(
    api: Api, world: World, ada: Person, inputs: list[Any]
) -> None:
    submit(api, ada, places(3), **KEYED)
    answer = submit(api, ada, inputs, **KEYED)
    assert (answer.status, answer.json["code"]) == (422, "idempotency-key-reused")
    assert world.kept() == (3, 3, 3)


def test_a_batch_is_read_with_its_counts_and_its_predictions(
    api: Api, world: World, ada: Person
) -> None:
    path = accepted(api, ada, 5)
    world.results.finish([a_success(id_at(path, 0)), a_failure(id_at(path, 1))])
    api.post(f"/v1/predictions/{id_at(path, 2)}/cancel", ada, raw=b"")
    answer = api.get(path, ada)
    assert answer.status == 200
    data = answer.json["data"]
    assert answer.json == {
        "id": path.rpartition("/")[2],
        "object": "batch",
        "model": "temperature",
        "done": False,
        "counts": {**COUNTS, "queued": 2, "succeeded": 1, "failed": 1, "canceled": 1},
        "data": data,
        "next_cursor": None,
    }
    assert [each["id"] for each in data] == [id_at(path, place) for place in range(5)]
    assert [each["status"] for each in data] == [
        "succeeded",
        "failed",
        "canceled",
        "queued",
        "queued",
    ]
    assert all({"input", "output"}.isdisjoint(each) for each in data)
    assert int(answer.headers["Retry-After"]) >= 1


def test_a_batch_that_has_ended_is_done_and_needs_no_further_look(
    api: Api, world: World, ada: Person
) -> None:
    path = accepted(api, ada, 3)
    world.results.finish([a_success(id_at(path, place)) for place in range(3)])
    answer = api.get(path, ada)
    assert answer.json["done"] is True
    assert answer.json["counts"] == {**COUNTS, "succeeded": 3}
    assert "Retry-After" not in answer.headers


def pages(api: Api, who: Person, path: str) -> Iterator[Answer]:
    """Every page, by the links."""
    answer = api.get(path, who)
    yield answer
    while answer.json["next_cursor"] is not None:
        link = answer.headers["Link"]
        assert link.endswith('>; rel="next"')
        answer = api.get(link.partition(">")[0].removeprefix(f"<{BASE}"), who)
        yield answer


@pytest.mark.parametrize(("limit", "sizes"), [(3, [3, 3, 1]), (7, [7]), (100, [7])])
def test_the_links_lead_to_every_prediction_in_the_order_of_the_inputs(
    api: Api, ada: Person, limit: int, sizes: list[int]
) -> None:
    path = accepted(api, ada, 7)
    accepted(api, ada, 2)
    found = list(pages(api, ada, f"{path}?limit={limit}"))
    assert [len(page.json["data"]) for page in found] == sizes
    ids = [each["id"] for page in found for each in page.json["data"]]
    assert ids == [id_at(path, place) for place in range(7)]
    assert {page.json["counts"]["queued"] for page in found} == {7}
    assert "Link" not in found[-1].headers


def test_a_page_has_twenty_unless_it_is_told_otherwise(api: Api, ada: Person) -> None:
    assert len(api.get(accepted(api, ada, 25), ada).json["data"]) == 20


@pytest.mark.parametrize(
    ("name", "value"),
    [("limit", "0"), ("limit", "101"), ("limit", "x"), ("cursor", "x"), ("cursor", "ü" * 3000)],
)
def test_a_bad_limit_or_cursor_is_named(api: Api, ada: Person, name: str, value: str) -> None:
    answer = api.get(f"{accepted(api, ada, 1)}?{urlencode({name: value})}", ada)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, f"/{name}")


def test_the_cursor_of_another_batch_or_list_is_none(api: Api, ada: Person) -> None:
    path, other = accepted(api, ada, 3), accepted(api, ada, 3)
    elsewhere = (f"{other}?limit=1", "/v1/predictions?limit=1")
    for cursor in [api.get(each, ada).json["next_cursor"] for each in elsewhere]:
        assert cursor
        assert api.get(path, ada, cursor=cursor).status == 422


def test_a_batch_is_its_owners_and_superusers(
    api: Api, world: World, ada: Person, root: Person
) -> None:
    path = accepted(api, ada, 2)
    stranger = world.somebody()
    assert [api.get(path, who).status for who in (None, stranger, root)] == [401, 404, 200]
    assert len(api.get(path, root).json["data"]) == 2


@pytest.mark.parametrize("id", [uuid7(NOW), "x", "%00", uuid7(NOW).upper(), "batch%23x"])
def test_an_unknown_batch_is_not_found(api: Api, ada: Person, id: str) -> None:
    answer = api.get(f"/v1/batches/{id}", ada)
    assert (answer.status, answer.json["code"]) == (404, "not-found")


def test_a_prediction_is_no_batch_and_a_batch_no_prediction(api: Api, ada: Person) -> None:
    path = accepted(api, ada, 1)
    batch_id = path.rpartition("/")[2]
    assert api.get(f"/v1/batches/{id_at(path, 0)}", ada).status == 404
    assert api.get(f"/v1/predictions/{batch_id}", ada).status == 404


def test_after_its_retention_a_batch_is_gone(api: Api, world: World, ada: Person) -> None:
    path = accepted(api, ada, 1)
    batch_id = path.rpartition("/")[2]
    world.memory.batches[batch_id] = replace(world.memory.batches[batch_id], retained_until=NOW)
    answer = api.get(path, ada)
    assert (answer.status, answer.json["code"]) == (410, "gone")


def test_the_list_of_predictions_knows_the_batch(api: Api, ada: Person) -> None:
    path = accepted(api, ada, 3)
    accepted(api, ada, 2)
    listed = api.get("/v1/predictions", ada, batch_id=path.rpartition("/")[2]).json["data"]
    assert [each["id"] for each in listed] == [id_at(path, place) for place in (2, 1, 0)]


def test_each_is_ended_and_read_by_itself(api: Api, ada: Person) -> None:
    path = accepted(api, ada, 3)
    one = f"/v1/predictions/{id_at(path, 1)}"
    assert api.post(f"{one}/cancel", ada, raw=b"").json["status"] == "canceled"
    assert api.delete(one, ada).status == 204
    answer = api.get(path, ada).json
    assert answer["counts"] == {**COUNTS, "queued": 2, "canceled": 1}
    assert [each["id"] for each in answer["data"]] == [id_at(path, 0), id_at(path, 2)]


def test_it_is_kept_as_long_as_its_predictions(api: Api, world: World, ada: Person) -> None:
    world.grant(ada, "temperature", retention_days=3)
    answer = api.get(accepted(api, ada, 1), ada)
    assert answer.json["data"][0]["retained_until"] == "2026-11-26T12:00:00.000Z"
    [batch] = world.memory.batches.values()
    assert batch.retained_until == NOW + 3 * DAY


@pytest.mark.parametrize(
    ("scope", "statuses"), [("predictions:write", (202, 403)), ("predictions:read", (403, 200))]
)
def test_a_key_needs_the_scope_of_what_it_does(
    api: Api, ada: Person, scope: str, statuses: tuple[int, int]
) -> None:
    path = accepted(api, ada, 1)
    body = {"name": "k", "scopes": [scope], "expires_in": 60}
    key = api.post("/v1/users/me/api-keys", ada, body).json["key"]
    answers = (api.post(MANY, key, {"inputs": places(1)}), api.get(path, key))
    assert tuple(each.status for each in answers) == statuses
