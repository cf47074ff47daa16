"""`python -m infra.bench.handlers api|worker|hello SAMPLES`: what a warm handler costs.

Runs on a function's own bundle, unpacked: the real handler, adapters and botocore. It prints
one JSON document; times are milliseconds of CPU, the least of some rounds.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.bench.scene import MODEL, Context, batch, finish, sample, token_of_user, transport_below
from infra.bench.transport import Transport

ROUNDS = 12


def main() -> None:
    """Measure the function that was asked for."""
    kind, samples = sys.argv[1], Path(sys.argv[2])
    result = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # log lines are written, and nobody reads them
    found = {"api": api, "worker": worker, "hello": hello}[kind](samples)
    os.write(result, json.dumps(found).encode())


def hello(samples: Path) -> dict[str, float]:
    """A route that does nothing."""
    from app import app

    event = sample(samples, "api_health")
    event["path"] = event["requestContext"]["resourcePath"] = event["resource"] = "/"
    return {"cpu": _cpu(lambda: app(event, Context()), 300)}


def api(samples: Path) -> dict[str, float]:
    """One submit and one read: calls to AWS, and CPU."""
    transport = transport_below()
    from app import app

    token = token_of_user(app)
    submit = sample(samples, "api_submit", token)
    accepted = _answer(app, submit, 202)
    calls_of_submit = _counted(transport, lambda: _answer(app, submit, 202))
    finish(transport, accepted["id"])
    read = sample(samples, "api_read", token)
    read["pathParameters"] = {"prediction_id": accepted["id"]}
    calls_of_read = _counted(transport, lambda: _answer(app, read, 200))
    transport.frozen = True
    read_cpu = _cpu(lambda: app(read, Context()), 60)
    transport.frozen = False
    _answer(app, submit, 202)
    transport.frozen = True
    submit_cpu = _cpu(lambda: app(submit, Context()), 40)
    return {
        "submit_calls": calls_of_submit,
        "read_calls": calls_of_read,
        "submit": submit_cpu,
        "read": read_cpu,
    }


def worker(samples: Path) -> dict[str, float]:
    """Batches of 1, 10 and 100: calls to AWS a batch, and CPU a message without the model's."""
    transport = transport_below()
    from functions.worker.handler import handler

    found: dict[str, float] = {}
    for size in (1, 10, 100):
        found |= _costs_of_batch(handler, transport, batch(samples, size), size)
    return found


def _costs_of_batch(
    handler: Any, transport: Transport, event: dict[str, Any], size: int
) -> dict[str, float]:
    transport.frozen = False
    calls = _counted(transport, lambda: _work(handler, event))
    transport.frozen = True
    whole = _cpu(lambda: handler(event, Context()), 200 // size + 3)
    return {f"calls_{size}": calls, f"cpu_{size}": max(0.0, whole - _model_cpu(event)) / size}


def _work(handler: Callable[..., Any], event: dict[str, Any]) -> None:
    answer = handler(event, Context())
    if answer["batchItemFailures"]:
        raise SystemExit(f"the worker returned messages: {answer}")


def _model_cpu(event: dict[str, Any]) -> float:
    """What `predict` alone costs on these inputs."""
    from chalicelib.inference.catalogue import Catalogue, artifacts_of

    spec = Catalogue.discover().find(MODEL)
    model = spec.factory()
    model.load(artifacts_of())
    inputs = [json.loads(record["body"])["input"] for record in event["Records"]]
    items = [spec.input_type.model_validate(each) for each in inputs]
    return _cpu(lambda: model.predict(items), 200 // len(items) + 3)


def _answer(app: Any, event: dict[str, Any], status: int) -> dict[str, Any]:
    answer = app(event, Context())
    if answer["statusCode"] != status:
        raise SystemExit(f"expected {status}: {answer}")
    body: dict[str, Any] = json.loads(answer["body"])
    return body


def _counted(transport: Transport, act: Callable[[], object]) -> int:
    before = transport.calls.total()
    act()
    return transport.calls.total() - before


def _cpu(act: Callable[[], object], times: int) -> float:
    """Milliseconds of one: the least of the rounds' averages."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time_ns()
        for _ in range(times):
            act()
        found.append((time.process_time_ns() - began) / times / 1e6)
    return min(found)


if __name__ == "__main__":
    main()
