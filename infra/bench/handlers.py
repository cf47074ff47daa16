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

from infra.bench.transport import Transport

ROUNDS = 12
MODEL = "temperature"
OUTPUT = '{"temperature":8.560720654765046}'


class Context:
    """What Lambda tells a function about its invocation."""

    function_name = "bench"
    memory_limit_in_mb = 1024
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    def get_remaining_time_in_millis(self) -> int:
        """Enough."""
        return 30_000


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

    event = _event(samples, "api_health")
    event["path"] = event["requestContext"]["resourcePath"] = event["resource"] = "/"
    return {"cpu": _cpu(lambda: app(event, Context()), 300)}


def api(samples: Path) -> dict[str, float]:
    """One submit and one read: calls to AWS, and CPU."""
    transport = _transport()
    from app import app

    token = _token(app)
    submit = _event(samples, "api_submit", token)
    accepted = _answer(app, submit, 202)
    calls_of_submit = _counted(transport, lambda: _answer(app, submit, 202))
    _finish(transport, accepted["id"])
    read = _event(samples, "api_read", token)
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
    transport = _transport()
    from functions.worker.handler import handler

    found: dict[str, float] = {}
    for size in (1, 10, 100):
        found |= _costs_of_batch(handler, transport, _batch(samples, size), size)
    return found


def _costs_of_batch(
    handler: Any, transport: Transport, event: dict[str, Any], size: int
) -> dict[str, float]:
    transport.frozen = False
    calls = _counted(transport, lambda: _work(handler, event))
    transport.frozen = True
    whole = _cpu(lambda: handler(event, Context()), 200 // size + 3)
    return {f"calls_{size}": calls, f"cpu_{size}": max(0.0, whole - _model_cpu(event)) / size}


def _transport() -> Transport:
    """Before any client is made: clients copy the session's handlers."""
    from chalicelib.adapters.aws import session

    transport = Transport()
    register: Any = session().register  # whose types know no handler that answers
    register("before-send", transport)
    return transport


def _token(app: Any) -> str:
    """Of a new user who may use the model."""
    from chalicelib.api import wiring
    from chalicelib.domain.access import Policy
    from chalicelib.services.accounts import Origin

    services = wiring.services()
    services.access.put_policy(Policy(1, "bench", 10**6, 10**7))
    user = services.accounts.register("bench@example.com", "a long and private sentence")
    services.granting.grant(user.id, MODEL, 1)
    return services.accounts.open_session(user, Origin())


def _finish(transport: Transport, prediction: str) -> None:
    """As the worker leaves it: what is read most is a result."""
    row = transport.rows["predictions", prediction]
    for name in ("shard", "due"):
        del row[name]
    numbers = {name: row["created_at"] for name in ("started_at", "completed_at")}
    metrics = '{"queue_ms": 4, "predict_ms": 1, "batch_size": 10}'
    row |= {**numbers, "status": {"S": "succeeded"}, "output": {"S": OUTPUT}}
    row["metrics"] = {"S": metrics}


def _batch(samples: Path, size: int) -> dict[str, Any]:
    """A delivery of that many messages, each of another prediction."""
    from chalicelib.domain.ids import uuid7

    (record, *_) = _event(samples, "sqs_two_predictions")["Records"]
    job = json.loads(record["body"])
    bodies = [json.dumps({**job, "id": uuid7(job["created_at"])}) for _ in range(size)]
    return {"Records": [{**record, "messageId": str(n), "body": b} for n, b in enumerate(bodies)]}


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


def _event(samples: Path, name: str, token: str = "") -> dict[str, Any]:
    text = (samples / f"{name}.json").read_text("utf-8").replace("Bearer TOKEN", f"Bearer {token}")
    event: dict[str, Any] = json.loads(text)
    return event


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
