"""What a handler's answer costs: calls to AWS, and CPU; only right answers are measured."""

import json
import time
from collections.abc import Callable
from typing import Any

from infra.bench.scene import Context
from infra.bench.transport import Transport

ROUNDS = 12

Event = dict[str, Any]


class Wrong(Exception):
    """An answer that is not what is measured."""


def reply(app: Any, event: Event, status: int) -> str:
    """The body of the API's answer, which has this status."""
    answer = app(event, Context())
    if answer["statusCode"] != status:
        raise Wrong(f"expected {status}: {answer}")
    body: str = answer["body"]
    return body


def fields(body: str) -> dict[str, Any]:
    """Those of a JSON object."""
    found: dict[str, Any] = json.loads(body)
    return found


def counted(transport: Transport, act: Callable[[], object]) -> int:
    """Calls to AWS."""
    before = transport.calls.total()
    act()
    return transport.calls.total() - before


def cpu(act: Callable[[], object], times: int) -> float:
    """Milliseconds of one: the least of some rounds' averages."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(times):
            act()
        found.append((time.process_time_ns() - began) / times / 1e6)
    return min(found)


def cpu_apart(transport: Transport, act: Callable[[], object], times: int) -> float:
    """The same, with next to nothing in it for AWS's part."""
    with transport.repeating(act):
        return cpu(act, times)
