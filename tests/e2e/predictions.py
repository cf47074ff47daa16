"""Asking a running Lambent for predictions."""

from typing import Any

import httpx

from clients.python.lambent_client import Lambent

PLACE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
REFERENCE = 8.560720654765046
"""What the reference's regression answers for PLACE."""
PATIENCE = 30
"""Seconds for a prediction to be done."""


def submit(client: httpx.Client, model: str, payload: dict[str, Any]) -> httpx.Response:
    """Ask for one prediction, once."""
    return client.post(f"/v1/models/{model}/predictions", json={"input": payload})


def finished(
    client: httpx.Client, prediction_id: str, patience: float = PATIENCE
) -> dict[str, Any]:
    """The prediction once it is done."""
    return api(client).wait(prediction_id, timeout=patience)


def predicted(client: httpx.Client, model: str, payload: dict[str, Any]) -> dict[str, Any]:
    """One whole prediction, from submit to done."""
    return api(client).wait(api(client).submit(model, payload, wait=1), timeout=PATIENCE)


def used(client: httpx.Client, model: str = "temperature") -> int:
    """How many units of today's quota are used."""
    return int(client.get(f"/v1/models/{model}").json()["quota"]["daily"]["used"])


def api(client: httpx.Client) -> Lambent:
    """The Python client, for the user whose token that HTTP client bears."""
    return Lambent(str(client.base_url), http=client)
