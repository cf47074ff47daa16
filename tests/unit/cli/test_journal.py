"""Log lines as events."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from infra.cli.logs import rendered
from infra.local.errors import Trouble
from infra.local.journal import Event, Journal, parse

AT = 1_795_447_725_132
LINE = json.dumps(
    {
        "level": "INFO",
        "location": "record:49",
        "message": "request",
        "timestamp": "2026-11-23 15:28:45,125+0000",
        "service": "api",
        "correlation_id": "c680",
        "route": "GET /v1/models",
        "status": 200,
        "_aws": {"CloudWatchMetrics": []},
        "PredictionsRequested": [1.0],
        "QueueWait": [4.5, 5.0],
    }
)


def test_an_event_is_one_line_with_its_keys() -> None:
    event = parse("api", AT, LINE)

    assert event
    assert rendered(event) == (
        "15:28:45.125 api          INFO    request  correlation_id=c680 "
        'route="GET /v1/models" status=200 PredictionsRequested=1 QueueWait="[4.5, 5.0]"'
    )


@pytest.mark.parametrize(
    "text",
    [
        "START RequestId: 1 Version: $LATEST",
        "END RequestId: 1",
        "REPORT RequestId: 1\tDuration: 4 ms",
        "INIT_START Runtime Version: python",
        "\n",
    ],
)
def test_what_the_platform_says_of_every_call_is_left_out(text: str) -> None:
    assert parse("api", AT, text) is None


@pytest.mark.parametrize("text", ["plain words", "[1]", '{"no": "message"}', "12"])
def test_a_line_of_another_shape_is_told_as_it_is(text: str) -> None:
    assert parse("worker", AT, text) == Event(AT, "worker", "-", text)


def test_an_event_of_many_lines_is_told_in_one() -> None:
    event = Event(AT, "api", "ERROR", "first\nsecond", {"trace": "a\nb"})

    assert len(rendered(event).splitlines()) == 1


class Logs:
    """CloudWatch Logs with three groups, as a client of it looks."""

    def __init__(self) -> None:
        self.lines = {"api": [LINE], "light-worker": ["worked"], "onnx-worker": ["embedded"]}

    def client(self, _service: str) -> "Logs":
        return self

    def get_paginator(self, operation: str) -> Any:
        return {"describe_log_groups": Groups(self), "filter_log_events": Lines(self)}[operation]


class Groups:
    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def paginate(self, **_: str) -> Iterator[dict[str, Any]]:
        yield {
            "logGroups": [
                {"logGroupName": "/aws/lambda/lambent-" + name} for name in self._logs.lines
            ]
        }


class Lines:
    """As the emulator has them: the first ten thousand, and no word of others."""

    def __init__(self, logs: Logs) -> None:
        self._logs = logs

    def paginate(self, *, logGroupName: str, startTime: int) -> Iterator[dict[str, Any]]:
        lines = self._logs.lines[logGroupName.removeprefix("/aws/lambda/lambent-")]
        asked = ((at, line) for at, line in enumerate(lines, AT) if at >= startTime)
        for at, line in islice(asked, 10_000):
            yield {"events": [{"timestamp": at, "logStreamName": "s", "message": line}]}


def test_each_event_is_told_once_however_often_one_looks() -> None:
    logs = Logs()
    looks = Journal(logs, None, None).looks()  # type: ignore[arg-type]  # as a cloud is used here
    first = next(looks)
    logs.lines["light-worker"].append("worked again")

    assert [event.message for event in first] == ["request", "worked", "embedded"]
    assert [event.message for event in next(looks)] == ["worked again"]


def test_the_latest_is_told_however_much_there_is() -> None:
    logs = Logs()
    logs.lines["api"] = [f"line {number}" for number in range(25_000)]
    looks = Journal(logs, "api", None).looks()  # type: ignore[arg-type]

    first = [event.message for event in next(looks)]
    logs.lines["api"].append("the latest")

    assert first == [f"line {number}" for number in range(25_000)]
    assert [event.message for event in next(looks)] == ["the latest"]


def test_one_function_or_one_id_can_be_asked_for() -> None:
    by_function = Journal(Logs(), "light-worker", None).looks()  # type: ignore[arg-type]
    by_id = Journal(Logs(), None, "c680").looks()  # type: ignore[arg-type]

    assert [event.message for event in next(by_function)] == ["worked"]
    assert [event.message for event in next(by_id)] == ["request"]


def test_all_workers_can_be_asked_for_at_once() -> None:
    looks = Journal(Logs(), "worker", None).looks()  # type: ignore[arg-type]

    assert [event.function for event in next(looks)] == ["light-worker", "onnx-worker"]


def test_a_function_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(Trouble, match="api, light-worker, onnx-worker"):
        Journal(Logs(), "mailer", None)  # type: ignore[arg-type]
