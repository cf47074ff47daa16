"""What every answer has, whatever its route: headers, addresses, one log line."""

import json
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from app import app
from chalicelib.api.seed import ALIASES
from chalicelib.settings import settings
from tests.integration.api import Answer, Api, send, signed
from tests.samples import PLACE, event
from tests.world import Person, World

SUBMIT = "/v1/models/temperature/predictions"
GATEWAY = "https://abcde12345.execute-api.us-east-1.amazonaws.com/api"
SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cache-Control": "no-store",
}


def answers(api: Api, ada: Person) -> list[Answer]:
    """One of every kind: 200, 202, 204, 400, 401, 404, 422."""
    return [
        api.get("/v1/users/me", ada),
        api.post(SUBMIT, ada, {"input": PLACE}),
        api.post(SUBMIT, ada, raw=b"{"),
        api.get("/v1/users/me"),
        api.get("/v1/models/99", ada),
        api.post(SUBMIT, ada, {}),
        api.get("/v1/health/live"),
        api.post("/v1/auth/jwt/logout", ada, raw=b""),
    ]


def test_every_answer_is_secure_and_not_to_be_stored(api: Api, ada: Person) -> None:
    for answer in answers(api, ada):
        assert answer.headers.items() >= SECURE.items()


def test_every_answer_with_a_body_says_its_charset(api: Api, ada: Person) -> None:
    *with_body, signed_out = answers(api, ada)
    for answer in with_body:
        kind = "application/json" if answer.status < 300 else "application/problem+json"
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
    assert (signed_out.status, signed_out.text) == (204, "")


def test_the_request_id_is_the_gateways_in_header_document_and_log(api: Api, log: StringIO) -> None:
    sample = event("api_read")
    answer = send(sample)
    id = sample["requestContext"]["requestId"]
    assert answer.headers["X-Request-Id"] == answer.json["request_id"] == id
    assert json.loads(log.getvalue())["correlation_id"] == id


def test_links_lead_to_the_gateway_that_was_called(api: Api, ada: Person) -> None:
    answer = send(signed("api_submit", ada))
    id = answer.json["id"]
    assert answer.headers["Location"] == f"{GATEWAY}/v1/predictions/{id}"
    assert answer.json["urls"] == {
        "self": f"{GATEWAY}/v1/predictions/{id}",
        "cancel": f"{GATEWAY}/v1/predictions/{id}/cancel",
    }


@pytest.mark.parametrize("public_url", ["http://localhost:8000/api", "http://localhost:8000/api/"])
def test_a_public_url_goes_before_the_gateways(
    api: Api, ada: Person, monkeypatch: pytest.MonkeyPatch, public_url: str
) -> None:
    monkeypatch.setenv("PUBLIC_URL", public_url)
    settings.cache_clear()
    location = send(signed("api_submit", ada)).headers["Location"]
    assert location.startswith("http://localhost:8000/api/v1/predictions/")


def test_no_header_of_a_client_changes_a_link(api: Api, ada: Person) -> None:
    sample = signed("api_submit", ada)
    sample["headers"] |= {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "ftp",
        "Forwarded": "host=evil.example",
    }
    assert send(sample).headers["Location"].startswith(GATEWAY)


def test_the_origin_of_a_sign_in_is_the_gateways_word_and_no_header(api: Api, world: World) -> None:
    user = world.somebody(password_hash=world.passwords.hash("x")).user
    world.memory.sessions.clear()
    sample = event("api_submit")
    sample["requestContext"] |= {"resourcePath": "/v1/auth/jwt/login"}
    sample |= {
        "path": "/v1/auth/jwt/login",
        "pathParameters": None,
        "body": f"username={user.email}&password=x",
    }
    sample["headers"] |= {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Forwarded-For": "198.51.100.1",
        "User-Agent": "a browser",
    }
    assert send(sample).status == 200
    [session] = world.memory.sessions.values()
    assert (session.source_ip, session.user_agent) == ("203.0.113.7", "a browser")


def test_the_instance_of_a_problem_is_the_path_that_was_asked_for(api: Api) -> None:
    sample = event("api_read")
    assert send(sample).json["instance"] == sample["path"]


def test_each_request_is_one_line_of_json_under_half_a_kilobyte(
    api: Api, ada: Person, log: StringIO
) -> None:
    given = len(answers(api, ada))
    lines = [line for line in log.getvalue().splitlines() if '"message":"request"' in line]
    assert len(lines) == given
    for line in lines:
        assert len(line.encode()) < 500 or "_aws" in line


def test_a_line_with_metrics_is_hardly_longer(
    api: Api, ada: Person, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """CloudWatch's directive takes half of it: two sets of dimensions, each spelt out."""
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "api")
    send(signed("api_submit", ada))
    assert len(log.getvalue().encode()) < 600


def logged(log: StringIO) -> dict[str, Any]:
    """The one line of the request; beside it there may be events for the audit trail."""
    lines = map(json.loads, log.getvalue().splitlines())
    [line] = [line for line in lines if line["message"] == "request"]
    found: dict[str, Any] = line
    return found


def test_a_line_tells_route_status_and_time_and_nothing_personal(
    api: Api, ada: Person, log: StringIO
) -> None:
    api.get("/v1/users/me", ada)
    line = logged(log)
    assert (line["route"], line["status"]) == ("GET /v1/users/me", 200)
    assert line["ms"] >= 0
    assert ada.user.email not in log.getvalue()
    assert ada.token not in log.getvalue()


def test_the_route_of_a_line_has_no_ids(api: Api, ada: Person, log: StringIO) -> None:
    api.get("/v1/predictions/0199c0de", ada)
    assert logged(log)["route"] == "GET /v1/predictions/{prediction_id}"


def test_an_accepted_prediction_is_counted_with_its_model(
    api: Api, ada: Person, log: StringIO
) -> None:
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    line = logged(log)
    assert line["PredictionsRequested"] == [1]
    assert (line["model"], line["prediction_id"]) == ("temperature", answer.json["id"])
    assert "latitude" not in log.getvalue()


def test_its_metrics_go_out_for_the_service_and_for_the_model(
    api: Api, ada: Person, log: StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "api")
    api.post(SUBMIT, ada, {"input": PLACE})
    [directive] = logged(log)["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "Lambent"
    assert sorted(sorted(names) for names in directive["Dimensions"]) == [
        ["environment", "model", "service"],
        ["environment", "service"],
    ]
    assert directive["Metrics"] == [{"Name": "PredictionsRequested", "Unit": "Count"}]


@pytest.mark.parametrize(
    ("limits", "metric"), [({"daily": 0}, "QuotaRejected"), (None, "AccessDenied")]
)
def test_a_refusal_for_want_of_quota_or_grant_is_counted(
    api: Api, world: World, log: StringIO, limits: dict[str, int] | None, metric: str
) -> None:
    somebody = world.somebody()
    if limits:
        world.grant(somebody, "temperature", **limits)
    api.post(SUBMIT, somebody, {"input": PLACE})
    assert logged(log)[metric] == [1]


def test_a_fault_of_ours_is_a_problem_document_that_hides_its_cause(
    api: Api, world: World, ada: Person, log: StringIO
) -> None:
    del world.memory.usage  # nothing of ours expects that
    answer = api.post(SUBMIT, ada, {"input": PLACE})
    assert (answer.status, answer.json["code"]) == (500, "internal-error")
    assert "usage" not in answer.text
    assert "AttributeError" in log.getvalue()


def test_every_route_that_clients_rely_on_is_served() -> None:
    served = {(method, path) for path, views in app.routes.items() for method in views}
    names = {"temperature", "sentiment"} | {ALIASES["temperature"]}
    assert served >= {
        ("POST", "/v1/auth/register"),
        ("POST", "/v1/auth/jwt/login"),
        ("POST", "/v1/auth/jwt/logout"),
        ("GET", "/v1/users/me"),
        ("GET", "/v1/models"),
        ("GET", "/v1/models/{model}"),
        ("POST", "/v1/models/{model}/predictions"),
        ("GET", "/v1/predictions/{prediction_id}"),
        ("POST", "/v1/inference/pair_user_model"),
        ("GET", "/v1/inference/predict/get_info/{model_id}"),
        ("GET", "/v1/inference/task-status/{task_id}"),
        ("GET", "/v1/inference/task_status/{task_id}"),
        ("GET", "/v1/inference/health"),
        ("GET", "/v1/health/live"),
        ("GET", "/v1/health/ready"),
        *(("POST", f"/v1/inference/predict-{name}/{{model_id}}") for name in names),
    }


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
PLACES = st.fixed_dictionaries(
    {}, optional={name: JSON_VALUES | st.integers(-200, 200) for name in (*PLACE, "more")}
)
ENVELOPES = st.fixed_dictionaries({}, optional={"input": PLACES, "metadata": JSON_VALUES})
BODIES = st.binary(max_size=60) | (JSON_VALUES | ENVELOPES | PLACES).map(
    lambda value: json.dumps(value).encode()
)
HEADER = st.text(st.characters(min_codepoint=0, max_codepoint=0x2FF), max_size=40)
HEADERS = st.dictionaries(
    st.sampled_from(
        [
            "Accept",
            "Content-Type",
            "User-Agent",
            "Prefer",
            "If-None-Match",
            "Idempotency-Key",
            "Host",
        ]
    ),
    HEADER | st.sampled_from(["application/json", "image/png", "*/*", "application/json; q=x"]),
)
POSTS = ("/v1/auth/register", "/v1/auth/jwt/login", SUBMIT, "/v1/inference/predict-temp/2")


@given(st.sampled_from((*POSTS, "/v1/inference/pair_user_model")), BODIES, HEADERS, HEADER)
@examples(max_examples=300)
def test_no_body_and_no_header_gets_a_5xx(
    path: str, raw: bytes, headers: dict[str, str], authorization: str
) -> None:
    for api, root in SOMEBODY:
        signed_in = {"Authorization": f"Bearer {root.token}"}
        for bearer in (signed_in, {"Authorization": authorization}):
            sent = {"Content-Type": "application/json", **headers, **bearer}
            content_type = sent.pop("Content-Type")
            answer = api.post(path, raw=raw, content_type=content_type, headers=sent)
            assert answer.status < 500
            assert answer.status in (202, 200, 201) or answer.json.keys() >= {"type", "status"}


SOMEBODY: list[tuple[Api, Person]] = []
"""Who makes the requests of the property above; one for all its examples."""


@pytest.fixture(autouse=True)
def _somebody(api: Api, world: World, root: Person) -> Any:
    world.grant(root, "temperature")
    SOMEBODY[:] = [(api, root)]
    yield
    SOMEBODY.clear()


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/?#"), min_size=1))
def test_no_path_parameter_gets_a_5xx(text: str) -> None:
    for api, root in SOMEBODY:
        for path in ("/v1/predictions/", "/v1/models/", "/v1/inference/predict/get_info/"):
            assert api.get(path + text, root).status in (404, 200)
