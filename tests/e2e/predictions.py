"""Asking a running Lambent for predictions."""

from typing import Any

import httpx

from tests.emulators import eventually

PLACE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
REFERENCE = 8.560720654765046
"""What the reference's regression answers for PLACE."""


def submit(client: httpx.Client, model: str, payload: dict[str, Any]) -> httpx.Response:
    """Ask for one prediction."""
    return client.post(f"/v1/models/{model}/predictions", json={"input": payload})


def finished(client: httpx.Client, prediction_id: str) -> dict[str, Any]:
    """The prediction once it is done; within 30 s."""
    found: dict[str, Any] = {}

    def done() -> bool:
        answer = client.get(f"/v1/predictions/{prediction_id}").raise_for_status()
        found.update(answer.json())
        return bool(found["done"])

    assert eventually(done, seconds=30), found
    return found


def predicted(client: httpx.Client, model: str, payload: dict[str, Any]) -> dict[str, Any]:
    """One whole prediction, from submit to done."""
    accepted = submit(client, model, payload)
    assert accepted.status_code == 202, accepted.text
    return finished(client, accepted.json()["id"])
