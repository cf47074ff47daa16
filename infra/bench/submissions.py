"""What a submit costs in calls to AWS when it comes with a key, meets the cache, or is a hundred.

Imported where a function's own bundle is on the path, as `handlers` is.
"""

import json
from pathlib import Path
from typing import Any

from infra.bench.costs import Event, counted, fields, reply
from infra.bench.scene import MODEL, access_token, finish, new_user, sample, transport_below
from infra.bench.transport import Transport

BATCH = 100
KEY = "bench-key"
SUBMIT = 3
"""Calls of a submit that does not wait."""


def submissions(samples: Path) -> dict[str, float]:
    """Calls to AWS: waiting, with a key, repeated, cacheable, from the cache, a batch."""
    transport = transport_below()
    from app import app

    token = access_token(new_user())
    plain, batch = sample(samples, "api_submit", token), _batch(samples, token)
    keyed = _with(plain, "Idempotency-Key", KEY)
    cacheable = _cacheable(samples, token)
    waiting = _with(plain, "Prefer", "wait=1")
    found = {
        "waiting.reads": counted(transport, lambda: reply(app, waiting, 202)) - SUBMIT,
        "calls.submit.keyed": counted(transport, lambda: reply(app, keyed, 202)),
        "calls.submit.cacheable": counted(transport, lambda: reply(app, cacheable, 202)),
        "calls.submit.batch": counted(transport, lambda: reply(app, batch, 202)),
    }
    finish(transport, _prediction_of_key(transport))
    _settle(transport)
    sent = transport.calls["SendMessage"]
    found["calls.submit.replay"] = counted(transport, lambda: reply(app, keyed, 200))
    found["calls.submit.hit"] = counted(transport, lambda: reply(app, cacheable, 200))
    return {**found, "calls.submit.hit.messages": transport.calls["SendMessage"] - sent}


def _with(event: Event, name: str, value: str) -> Event:
    """The same request with a header more."""
    headers = {**event["headers"], name: value}
    several = {**event["multiValueHeaders"], name: [value]}
    return {**event, "headers": headers, "multiValueHeaders": several}


def _batch(samples: Path, token: str) -> Event:
    event = sample(samples, "api_submit", token)
    inputs = [fields(event["body"])["input"]] * BATCH
    return _posted(event, "/v1/models/{model}/predictions/batch", MODEL, {"inputs": inputs})


def _cacheable(samples: Path, token: str) -> Event:
    """A submit to the first model that has a cache, with the example of its schema."""
    from chalicelib.api import wiring

    spec = next(spec for spec in wiring.catalogue() if spec.cache)
    _grant(spec.name)
    fields_of = spec.input_type.model_fields.items()
    value = {name: field.examples[0] for name, field in fields_of if field.examples}
    event = sample(samples, "api_submit", token)
    return _posted(event, "/v1/models/{model}/predictions", spec.name, {"input": value})


def _grant(model: str) -> None:
    from chalicelib.api import wiring
    from chalicelib.domain.accounts.callers import Origin
    from infra.bench.scene import EMAIL

    services = wiring.services()
    user = services.users.by_email(EMAIL)
    assert user  # made with the scene
    services.granting.grant(user.id, model, 1, Origin())


def _posted(event: Event, resource: str, model: str, body: Any) -> Event:
    path = resource.format(model=model)
    event |= {"resource": resource, "path": path, "pathParameters": {"model": model}}
    event["requestContext"] |= {"resourcePath": resource, "path": f"/api{path}"}
    return {**event, "body": json.dumps(body)}


def _prediction_of_key(transport: Transport) -> str:
    rows = transport.rows.items
    return next(str(row["made"]["S"]) for (_, id, *_), row in rows.items() if id.startswith("key#"))


def _settle(transport: Transport) -> None:
    """As the worker leaves a cache entry."""
    rows = transport.rows.items
    entry = next(row for (_, id, *_), row in rows.items() if id.startswith("cache#"))
    entry |= {"state": {"S": "done"}, "output": {"S": "{}"}, "version": {"S": "1.0.0"}}
