"""`python -m infra.bench.handlers KIND SAMPLES`: what a warm handler costs.

Runs on a function's own bundle, unpacked: the real handler, adapters and botocore. It prints
one JSON document; times are milliseconds of CPU, the least of some rounds.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.bench.accounts import accounts
from infra.bench.costs import Event, Wrong, counted, cpu, cpu_apart, fields, reply
from infra.bench.scene import (
    MODEL,
    Context,
    access_token,
    awaited,
    batch,
    finish,
    new_user,
    reading,
    sample,
    transport_below,
)
from infra.bench.submissions import submissions
from infra.bench.transport import Transport


def main() -> None:
    """Measure what was asked for."""
    kind, samples = sys.argv[1], Path(sys.argv[2])
    result = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # log lines are written, and nobody reads them
    kinds = {"api": api, "accounts": accounts, "worker": worker, "hello": hello}
    kinds["submissions"] = submissions
    os.write(result, json.dumps(kinds[kind](samples)).encode())


def hello(samples: Path) -> dict[str, float]:
    """A route that does nothing."""
    from app import app

    event = sample(samples, "api_health")
    event["path"] = event["requestContext"]["resourcePath"] = event["resource"] = "/"
    return {"cpu": cpu(lambda: reply(app, event, 200), 300)}


def api(samples: Path) -> dict[str, float]:
    """One submit and one read: calls to AWS, and CPU."""
    transport = transport_below()
    from app import app

    token = access_token(new_user())
    submit = sample(samples, "api_submit", token)
    accepted = fields(reply(app, submit, 202))
    calls_of_submit = counted(transport, lambda: reply(app, submit, 202))
    finish(transport, accepted["id"])
    read = reading(samples, accepted["id"], token)
    return {
        "submit_calls": calls_of_submit,
        "read_calls": counted(transport, lambda: reply(app, read, 200)),
        "submit": cpu_apart(transport, lambda: reply(app, submit, 202), 40),
        "read": cpu_apart(transport, lambda: reply(app, read, 200), 60),
    }


def worker(samples: Path) -> dict[str, float]:
    """Batches of 1, 10 and 100: calls to AWS a batch, and CPU a message without the model's."""
    transport = transport_below()
    from functions.worker.handler import handler

    found: dict[str, float] = {}
    for size in (1, 10, 100):
        found |= _costs_of_batch(handler, transport, batch(samples, size), size)
    cacheable = batch(samples, 10)
    awaited(transport, cacheable)
    calls = counted(transport, lambda: _work(handler, cacheable))
    return {**found, "calls_10_cacheable": calls}


def _costs_of_batch(
    handler: Callable[..., Any], transport: Transport, event: Event, size: int
) -> dict[str, float]:
    calls = counted(transport, lambda: _work(handler, event))
    whole = cpu_apart(transport, lambda: _work(handler, event), 200 // size + 3)
    return {f"calls_{size}": calls, f"cpu_{size}": max(0.0, whole - _model_cpu(event)) / size}


def _work(handler: Callable[..., Any], event: Event) -> None:
    answer = handler(event, Context())
    if answer["batchItemFailures"]:
        raise Wrong(f"the worker returned messages: {answer}")


def _model_cpu(event: Event) -> float:
    """What `predict` alone costs on these inputs."""
    from chalicelib.inference.catalogue import Catalogue, artifacts_of

    spec = Catalogue.discover().find(MODEL)
    model = spec.factory()
    model.load(artifacts_of())
    inputs = [json.loads(record["body"])["input"] for record in event["Records"]]
    items = [spec.input_type.model_validate(each) for each in inputs]
    return cpu(lambda: model.predict(items), 200 // len(items) + 3)


if __name__ == "__main__":
    main()
