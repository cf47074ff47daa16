"""What handlers are measured on: a user, events as Lambda delivers them, AWS without a network.

Everything of ours is imported inside: each function is measured on its own bundle.
"""

import json
from pathlib import Path
from typing import Any

from infra.bench.transport import Transport

MODEL = "temperature"
EMAIL, PASSWORD = "bench@example.com", "a long and private sentence"
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


def new_user() -> Any:
    """Who may use the model."""
    from chalicelib.api import wiring
    from chalicelib.domain.access import Policy
    from chalicelib.domain.accounts.callers import Origin

    services = wiring.services()
    services.policymaking.ensure([Policy(1, "bench", 10**6, 10**7)], Origin())
    user = services.registration.register(EMAIL, PASSWORD, Origin())
    services.granting.grant(user.id, MODEL, 1, Origin())
    return user


def access_token(user: Any) -> str:
    """Of a new session."""
    from chalicelib.api import wiring
    from chalicelib.domain.accounts.callers import Origin

    return wiring.services().signing_in.open_session(user, Origin()).access_token


def api_key(user: Any) -> str:
    """A new one that may do all that keys may."""
    from chalicelib.adapters.accounts.api_keys import ApiKeyTable
    from chalicelib.api import wiring
    from chalicelib.domain.accounts.api_keys import Scope, minted

    key, text = minted(user, "bench", tuple(Scope), wiring.services().clock(), seconds=3600)
    ApiKeyTable().add(key)
    return text


def finish(transport: Transport, prediction: str) -> None:
    """As the worker leaves it: what is read most is a result."""
    row = transport.rows.items["predictions", prediction]
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


def awaited(transport: Transport, event: dict[str, Any]) -> None:
    """Each message is the first for a cache entry, as a submit leaves it."""
    from chalicelib.adapters.entry_rows import entry_id, item_of
    from chalicelib.domain.caching import Entry

    for number, record in enumerate(event["Records"]):
        job = json.loads(record["body"]) | {"cache_key": str(number)}
        record["body"] = json.dumps(job)
        row = dict(item_of(str(number), Entry(job["id"], (), 3600, until=2**40)))
        transport.rows.items["predictions", entry_id(str(number))] = row


def sample(samples: Path, name: str, token: str = "") -> dict[str, Any]:
    """An event of the folder `events`, from the bearer of this token."""
    text = (samples / f"{name}.json").read_text("utf-8").replace("Bearer TOKEN", f"Bearer {token}")
    event: dict[str, Any] = json.loads(text)
    return event


def reading(samples: Path, prediction: str, token: str) -> dict[str, Any]:
    """The read of a prediction."""
    event = sample(samples, "api_read", token)
    event["pathParameters"] = {"prediction_id": prediction}
    return event


def posting(
    samples: Path, path: str, body: str, media_type: str = "application/json"
) -> dict[str, Any]:
    """A POST to a route that has no parameters and asks for no token."""
    event = sample(samples, "api_submit")
    for headers, value in (("headers", media_type), ("multiValueHeaders", [media_type])):
        del event[headers]["Authorization"]
        event[headers]["Content-Type"] = value
    event |= {"path": path, "resource": path, "pathParameters": None, "body": body}
    event["requestContext"] |= {"path": f"/api{path}", "resourcePath": path}
    return event
