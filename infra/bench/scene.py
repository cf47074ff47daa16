"""What handlers are measured on: a user, events as Lambda delivers them, AWS without a network.

Everything of ours is imported inside: each function is measured on its own bundle.
"""

import json
from pathlib import Path
from typing import Any

from infra.bench.transport import Transport

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


def transport_below() -> Transport:
    """Before any client is made: clients copy the session's handlers."""
    from chalicelib.adapters.aws import session

    transport = Transport()
    register: Any = session().register  # whose types know no handler that answers
    register("before-send", transport)
    return transport


def token_of_user(app: Any) -> str:
    """Of a new user who may use the model."""
    from chalicelib.api import wiring
    from chalicelib.domain.access import Policy
    from chalicelib.services.accounts import Origin

    services = wiring.services()
    services.access.put_policy(Policy(1, "bench", 10**6, 10**7))
    user = services.accounts.register("bench@example.com", "a long and private sentence")
    services.granting.grant(user.id, MODEL, 1)
    return services.accounts.open_session(user, Origin())


def finish(transport: Transport, prediction: str) -> None:
    """As the worker leaves it: what is read most is a result."""
    row = transport.rows["predictions", prediction]
    for name in ("shard", "due"):
        del row[name]
    numbers = {name: row["created_at"] for name in ("started_at", "completed_at")}
    metrics = '{"queue_ms": 4, "predict_ms": 1, "batch_size": 10}'
    row |= {**numbers, "status": {"S": "succeeded"}, "output": {"S": OUTPUT}}
    row["metrics"] = {"S": metrics}


def batch(samples: Path, size: int) -> dict[str, Any]:
    """A delivery of that many messages, each of another prediction."""
    from chalicelib.domain.ids import uuid7

    (record, *_) = sample(samples, "sqs_two_predictions")["Records"]
    job = json.loads(record["body"])
    bodies = [json.dumps({**job, "id": uuid7(job["created_at"])}) for _ in range(size)]
    return {"Records": [{**record, "messageId": str(n), "body": b} for n, b in enumerate(bodies)]}


def sample(samples: Path, name: str, token: str = "") -> dict[str, Any]:
    """An event of the folder `events`, from the bearer of this token."""
    text = (samples / f"{name}.json").read_text("utf-8").replace("Bearer TOKEN", f"Bearer {token}")
    event: dict[str, Any] = json.loads(text)
    return event
