"""Bad input gets a clear problem document, and nothing is stored."""

import base64
import json
from typing import Any

import pytest

from chalicelib.domain.ids import uuid7
from tests.integration.api import FORM, Answer, Api, send, signed
from tests.samples import NOW, PLACE
from tests.world import Person, World

SUBMIT = "/v1/models/temperature/predictions"
SEED = "/v1/inference/predict-temp/2"
MEMBERS = {"type", "title", "status", "detail", "instance", "code", "request_id"}


def is_problem(answer: Answer, status: int, code: str, path: str) -> bool:
    """Whether it is a whole problem document, told as one."""
    document = answer.json
    return bool(
        answer.status == document["status"] == status
        and document.keys() >= MEMBERS
        and document["code"] == code
        and document["type"] == f"urn:lambent:problem:{code}"
        and document["instance"] == path
        and answer.headers["Content-Type"] == "application/problem+json; charset=utf-8"
    )


UNREADABLE = [
    b"{",
    b"nonsense",
    b'{"latitude": NaN, "longitude": 0, "month": 1, "hour": 0}',
    b'{"latitude": Infinity}',
    b'"\\ud800"',
    b"\xff\xfe",
    b"[" * 100_000,
    b'{"latitude": ' + b"1" * 5000 + b"}",
]
MISFITS = [
    b"null",
    b"[]",
    b'"text"',
    b"40",
    b"{}",
    json.dumps({**PLACE, "latitude": "40"}).encode(),
    json.dumps({**PLACE, "latitude": True}).encode(),
    json.dumps({**PLACE, "latitude": None}).encode(),
    json.dumps({**PLACE, "latitude": 90.001}).encode(),
    json.dumps({**PLACE, "longitude": -180.5}).encode(),
    json.dumps({**PLACE, "month": 13}).encode(),
    json.dumps({**PLACE, "month": 0}).encode(),
    json.dumps({**PLACE, "month": 1.5}).encode(),
    json.dumps({**PLACE, "hour": 24}).encode(),
    json.dumps({**PLACE, "hour": -1}).encode(),
    json.dumps({**PLACE, "hour": 10**4000}).encode(),
    json.dumps({**PLACE, "more": 1}).encode(),
    json.dumps(PLACE).replace("40", "1e999").encode(),
    json.dumps(PLACE).replace("40", "-1e999").encode(),
    json.dumps(PLACE).replace("40", "[" * 150 + "]" * 150).encode(),
]


@pytest.mark.parametrize("raw", UNREADABLE)
def test_what_is_no_json_is_a_400(api: Api, world: World, ada: Person, raw: bytes) -> None:
    for path, body in ((SUBMIT, b'{"input": ' + raw + b"}"), (SEED, raw)):
        assert is_problem(api.post(path, ada, raw=body), 400, "bad-request", path)
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("raw", MISFITS)
def test_what_does_not_fit_is_a_422_that_points_at_it(
    api: Api, world: World, ada: Person, raw: bytes
) -> None:
    for path, body in ((SUBMIT, b'{"input": ' + raw + b"}"), (SEED, raw)):
        answer = api.post(path, ada, raw=body)
        assert is_problem(answer, 422, "invalid", path)
        assert isinstance(answer.json["detail"], str)
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/input"),
        ([], ""),
        ({"input": PLACE, "inputs": []}, "/inputs"),
        ({"input": PLACE, "metadata": []}, "/metadata"),
        ({"input": PLACE, "metadata": None}, "/metadata"),
        ({"input": {**PLACE, "month": 13}}, "/input/month"),
    ],
)
def test_an_envelope_that_does_not_fit_is_pointed_at(
    api: Api, world: World, ada: Person, body: Any, pointer: str
) -> None:
    answer = api.post(SUBMIT, ada, body)
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == pointer
    assert answer.json["errors"][0].keys() == {"pointer", "detail", "code"}
    assert world.kept() == (0, 0, 0)


def test_a_bare_input_is_pointed_at_as_it_was_sent(api: Api, ada: Person) -> None:
    answer = api.post(SEED, ada, {**PLACE, "month": 13})
    assert answer.json["errors"][0]["pointer"] == "/month"


@pytest.mark.parametrize("path", [SUBMIT, SEED])
def test_without_a_token_it_is_a_401_with_a_challenge(api: Api, world: World, path: str) -> None:
    answer = api.post(path, body={"input": PLACE})
    assert is_problem(answer, 401, "unauthorized", path)
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="lambent"'
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x", "Bearer a.b.c", "\x00"]
)
def test_a_token_that_does_not_hold_is_a_401(api: Api, authorization: str) -> None:
    answer = api.get("/v1/users/me", headers={"Authorization": authorization})
    assert is_problem(answer, 401, "unauthorized", "/v1/users/me")
    assert answer.headers["WWW-Authenticate"].endswith('error="invalid_token"')


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/nonsense/predictions",
        "/v1/inference/predict-temp/1",
        "/v1/models/99/predictions",
    ],
)
def test_an_unknown_model_is_a_404(api: Api, world: World, ada: Person, path: str) -> None:
    assert is_problem(api.post(path, ada, {"input": PLACE}), 404, "not-found", path)
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("path", [SUBMIT, SEED])
def test_without_a_grant_it_is_a_403_in_the_seeds_words(api: Api, world: World, path: str) -> None:
    answer = api.post(path, world.somebody(), {"input": PLACE})
    assert is_problem(answer, 403, "no-grant", path)
    assert answer.json["detail"] == "User does not have access to this model"
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("path", [SUBMIT, SEED])
def test_a_body_over_256_kb_is_a_413(api: Api, world: World, ada: Person, path: str) -> None:
    raw = b" " * (256 * 1024) + json.dumps(PLACE).encode()
    assert is_problem(api.post(path, ada, raw=raw), 413, "too-large", path)
    assert world.kept() == (0, 0, 0)


def test_an_input_over_128_kb_is_a_413(api: Api, world: World, ada: Person) -> None:
    body = {"input": {**PLACE, "note": "x" * 128 * 1024}}
    assert is_problem(api.post(SUBMIT, ada, body), 413, "too-large", SUBMIT)
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("metadata", [{"x": "y" * 4096}, {str(n): 0 for n in range(17)}])
def test_metadata_over_its_limits_is_a_413(
    api: Api, world: World, ada: Person, metadata: dict[str, Any]
) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE, "metadata": metadata})
    assert is_problem(answer, 413, "too-large", SUBMIT)
    assert world.kept() == (0, 0, 0)


@pytest.mark.parametrize("content_type", ["text/plain", FORM, "", "multipart/form-data", "json"])
@pytest.mark.parametrize("path", [SUBMIT, SEED])
def test_another_content_type_is_a_415(
    api: Api, world: World, ada: Person, path: str, content_type: str
) -> None:
    answer = api.post(path, ada, {"input": PLACE}, content_type=content_type)
    assert is_problem(answer, 415, "unsupported-media-type", path)
    assert world.kept() == (0, 0, 0)


def test_refusals_come_in_their_order(api: Api, world: World) -> None:
    """Each request mends what the one before was refused for: 401, 404, 403, 413, 415, 400, 422."""
    ada, large = world.somebody(), b"x" * (256 * 1024 + 1)
    unknown = "/v1/models/nonsense/predictions"
    answers = [
        api.post(unknown, raw=large, content_type="x"),
        api.post(unknown, ada, raw=large, content_type="x"),
        api.post(SUBMIT, ada, raw=large, content_type="x"),
    ]
    world.grant(ada, "temperature", daily=0)
    answers += [
        api.post(SUBMIT, ada, raw=large, content_type="x"),
        api.post(SUBMIT, ada, raw=b"{", content_type="x"),
        api.post(SUBMIT, ada, raw=b"{"),
        api.post(SUBMIT, ada, {}),
        api.post(SUBMIT, ada, {"input": {}}),
        api.post(SUBMIT, ada, {"input": PLACE}),
    ]
    assert [answer.status for answer in answers] == [401, 404, 403, 413, 415, 400, 422, 422, 429]
    assert world.kept() == (0, 0, 0)


def test_a_refusal_never_repeats_a_value(api: Api, ada: Person) -> None:
    for body in ({"input": {**PLACE, "month": "hunter2"}}, {"input": {}, "metadata": "hunter2"}):
        assert "hunter2" not in api.post(SUBMIT, ada, body).text


def test_thousands_of_misfits_are_answered_in_a_few_kilobytes(api: Api, ada: Person) -> None:
    body = {"input": PLACE, **{f"k{n}": 0 for n in range(20_000)}}
    answer = api.post(SUBMIT, ada, body)
    assert answer.status == 422
    assert len(answer.text) < 16_000


def test_no_depth_of_nesting_gets_a_5xx_and_what_is_accepted_can_be_read(
    api: Api, ada: Person
) -> None:
    for depth in (*range(1, 20), *range(190, 260), 700, *range(960, 1000)):
        deep = "[" * depth + "]" * depth
        metadata = f'{{"input": {json.dumps(PLACE)}, "metadata": {{"a": {deep}}}}}'
        assert api.post(SUBMIT, ada, raw=b'{"input": ' + deep.encode() + b"}").status in (400, 422)
        assert api.post(SEED, ada, raw=deep.encode()).status in (400, 422)
        answer = api.post(SUBMIT, ada, raw=metadata.encode())
        assert answer.status in (202, 400), depth
        if answer.status == 202:
            assert api.get(f"/v1/predictions/{answer.json['id']}", ada).status == 200


def in_base64(person: Person, body: str) -> Answer:
    return send(signed("api_submit", person) | {"body": body, "isBase64Encoded": True})


def test_a_body_in_base64_is_read_as_what_it_is(api: Api, world: World, ada: Person) -> None:
    raw = json.dumps({"input": PLACE}).encode()
    assert in_base64(ada, base64.b64encode(raw).decode()).status == 202
    assert in_base64(ada, base64.b64encode(b"\xff\x00").decode()).status == 400
    assert world.kept() == (1, 1, 1)


@pytest.mark.parametrize("body", ["***", "a", "ü", "\ud800"])
def test_a_body_that_claims_to_be_base64_and_is_not_is_refused(
    api: Api, world: World, ada: Person, body: str
) -> None:
    """What has no letter of base64 in it decodes to nothing: that is a body that is not there."""
    assert in_base64(ada, body).status == (422 if body == "***" else 400)
    assert world.kept() == (0, 0, 0)


def test_half_of_a_surrogate_pair_in_the_event_itself_is_a_400(api: Api, ada: Person) -> None:
    assert send(signed("api_submit", ada) | {"body": '{"input": "\ud800"}'}).status == 400


def test_a_body_that_is_not_there_is_a_422(api: Api, ada: Person) -> None:
    for path in (SUBMIT, SEED):
        assert is_problem(api.post(path, ada, raw=b""), 422, "invalid", path)


def test_ids_of_every_form_are_a_404_and_no_more(api: Api, ada: Person) -> None:
    for id in (uuid7(NOW), "1" * 3000, "..", "%2e%2e", "'", "null", "-1", "1e3"):
        assert api.get(f"/v1/predictions/{id}", ada).status == 404
        assert api.get(f"/v1/inference/task-status/{id}", ada).status == 404
        assert api.get(f"/v1/models/{id}", ada).status == 404
        assert api.get(f"/v1/inference/predict/get_info/{id}").status == 404
