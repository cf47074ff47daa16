"""Many predictions in one request, and requests that wait for theirs."""

import time
from typing import Any

import httpx

from infra.bench.alone import Values
from infra.bench.drain import wait_until_idle
from infra.bench.errors import Unmeasured
from infra.bench.samples import percentile
from infra.bench.stack import INPUT, MODEL, Stack

SIZE, TIMES = 1000, 5
WAITS, LONGEST = 100, 5
"""Submits that wait, and for how many seconds at most."""
PATIENCE = 60.0


def batch(stack: Stack) -> Values:
    """Seconds from sending a batch to knowing that all of it is done: the middle of five."""
    taken = []
    with _client(stack) as client:
        for _ in range(TIMES):
            wait_until_idle(stack, "LightBulkQueueUrl")
            began = time.perf_counter()
            _await_done(client, _asked(client, "predictions/batch", {"inputs": [INPUT] * SIZE}))
            taken.append(time.perf_counter() - began)
    return {"batch.1000": percentile(taken, 50)}


def waiting(stack: Stack) -> Values:
    """Milliseconds of a submit that is answered with its result."""
    taken = []
    with _client(stack) as client:
        client.headers["Prefer"] = f"wait={LONGEST}"
        for _ in range(WAITS):
            began = time.perf_counter()
            if not _asked(client, "predictions", {"input": INPUT}).get("done"):
                raise Unmeasured("A submit that waits", f"there was no result in {LONGEST} s")
            taken.append((time.perf_counter() - began) * 1000)
    return {f"waiting.p{share}": percentile(taken, share) for share in (50, 95)}


def _client(stack: Stack) -> httpx.Client:
    """On a kept connection, of the user who may ask as often as he likes."""
    headers = {"Authorization": f"Bearer {stack.token()}"}
    base = f"http://127.0.0.1:{stack.workspace.port}/api"
    return httpx.Client(base_url=base, headers=headers, timeout=PATIENCE, trust_env=False)


def _asked(client: httpx.Client, what: str, body: Any) -> dict[str, Any]:
    answer = client.post(f"/v1/models/{MODEL}/{what}", json=body)
    if not answer.is_success:
        raise Unmeasured("The API", f"{answer.status_code}: {answer.text[:200]}")
    found: dict[str, Any] = answer.json()
    return found


def _await_done(client: httpx.Client, batch: dict[str, Any]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not client.get(f"/v1/batches/{batch['batch_id']}", params={"limit": 1}).json()["done"]:
        if time.monotonic() > deadline:
            raise Unmeasured("A batch", f"it is not done after {PATIENCE:.0f} s")
        time.sleep(0.05)
