"""The front door before a real REST API and a real function."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.emulator.process import Emulator, Stopped
from infra.workspace import Workspace
from tests.emulators import deploy_api, eventually, running, workspace_in

CONCURRENCY = 2
ECHO = """
import json, os, time
def handler(event, context):
    asked = event["queryStringParameters"] or {}
    if "touch" in asked:
        open(asked["touch"], "w").close()
    time.sleep(float(asked.get("sleep", 0)))
    print("echoed")
    return {"statusCode": 200, "body": json.dumps({"event": event, "process": os.getpid()})}
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace_in(tmp_path_factory.mktemp("front-door"))


@pytest.fixture(scope="module")
def emulator(workspace: Workspace) -> Iterator[Emulator]:
    with running(workspace, CONCURRENCY) as emulator:
        emulator.route_to(deploy_api(workspace, ECHO))
        yield emulator


@pytest.fixture
def api(workspace: Workspace, emulator: Emulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=workspace.public_url, timeout=30, trust_env=False) as client:
        yield client


def echoed(response: httpx.Response) -> dict[str, Any]:
    event: dict[str, Any] = response.json()["event"]
    return event


def test_forwarding_headers_of_a_client_do_not_reach_the_function(api: httpx.Client) -> None:
    spoofed = {"X-Forwarded-For": "6.6.6.6", "Forwarded": "for=6.6.6.6", "X-Real": "kept"}

    event = echoed(api.get("/v1/things", headers=spoofed))

    assert event["requestContext"]["identity"]["sourceIp"] == "127.0.0.1"
    assert "6.6.6.6" not in json.dumps(event)
    assert event["headers"]["x-real"] == "kept"


@pytest.mark.parametrize("path", ["/v1/things", "/docs", "/v1/%7f", "/../"])
def test_no_answer_names_the_program_that_gives_it(api: httpx.Client, path: str) -> None:
    answer = api.get(path)

    assert not {"server", "x-powered-by", "via"} & answer.headers.keys()
    assert "uvicorn" not in str(answer.headers).lower()


def test_path_query_and_body_arrive_as_they_were_sent(api: httpx.Client) -> None:
    event = echoed(api.post("/v1/caf%C3%A9/a%20b?q=%20x&q=2", content='{"a": "é"}'))

    assert event["path"] == "/v1/café/a b"
    assert event["multiValueQueryStringParameters"] == {"q": [" x", "2"]}
    assert event["body"] == '{"a": "é"}'


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_every_method_is_answered(api: httpx.Client, method: str) -> None:
    assert api.request(method, "/v1/things").status_code == 200


def test_32_requests_at_once_are_all_answered_by_few_processes(
    api: httpx.Client, emulator: Emulator
) -> None:
    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda _: api.get("/v1/things?sleep=0.02"), range(32)))

    assert [answer.status_code for answer in answers] == [200] * 32
    assert len({answer.json()["process"] for answer in answers}) <= CONCURRENCY
    status = emulator.status()
    assert status is not None
    assert status.function_processes <= CONCURRENCY


def test_a_client_that_leaves_does_not_take_a_turn_with_it(api: httpx.Client) -> None:
    for _ in range(CONCURRENCY * 2):
        with pytest.raises(httpx.ReadTimeout):
            api.get("/v1/things?sleep=0.3", timeout=0.05)

    assert api.get("/v1/things").status_code == 200


def test_the_door_itself_leads_to_a_page_and_knows_nothing_else(
    api: httpx.Client, workspace: Workspace
) -> None:
    root = f"http://localhost:{workspace.port}"

    assert api.get(f"{root}/").headers["location"] == "/api/docs"
    assert api.get(f"{root}/_ministack/health").json()["code"] == "not-found"


def test_a_stop_answers_the_requests_that_are_inside(tmp_path: Path) -> None:
    workspace, inside = workspace_in(tmp_path), tmp_path / "inside"
    with running(workspace) as emulator, ThreadPoolExecutor() as background:
        emulator.route_to(deploy_api(workspace, ECHO))
        slow = f"{workspace.public_url}/v1/things?sleep=0.5&touch={inside}"
        asked = background.submit(httpx.get, slow, timeout=30)
        assert eventually(inside.exists)
        outcome = emulator.stop()

    assert (outcome, asked.result().status_code) == (Stopped.SAVED, 200)


def test_the_way_to_the_api_outlives_a_restart(tmp_path: Path) -> None:
    workspace = workspace_in(tmp_path)
    with running(workspace) as emulator:
        emulator.route_to(deploy_api(workspace, ECHO))
    with running(workspace):
        answer = httpx.get(f"{workspace.public_url}/v1/things")

    assert answer.status_code == 200
