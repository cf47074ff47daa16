"""Only right answers are measured, and a call is counted where it is made."""

from pathlib import Path
from typing import Any

import pytest

from infra.bench.costs import Wrong, counted, fields, reply
from infra.bench.scene import posting
from infra.bench.transport import Transport

EVENTS = Path(__file__).parents[3] / "events"


def app(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Repeats its event."""
    return {"statusCode": 200, "body": event["body"]}


def test_an_answer_of_another_status_is_refused() -> None:
    with pytest.raises(Wrong, match="expected 202"):
        reply(app, {"body": "{}"}, 202)


def test_a_right_answer_is_told() -> None:
    assert fields(reply(app, {"body": '{"id": "1"}'}, 200)) == {"id": "1"}


def test_only_the_calls_of_the_act_count() -> None:
    transport = Transport()
    transport.calls["GetItem"] = 3

    assert counted(transport, lambda: transport.calls.update(["PutItem"])) == 1


def test_a_post_asks_for_its_own_route_without_a_token() -> None:
    event = posting(EVENTS, "/v1/auth/jwt/login", "username=ada", "text/plain")

    assert event["path"] == event["requestContext"]["resourcePath"] == "/v1/auth/jwt/login"
    assert event["multiValueHeaders"]["Content-Type"] == ["text/plain"]
    assert "Authorization" not in {**event["headers"], **event["multiValueHeaders"]}
