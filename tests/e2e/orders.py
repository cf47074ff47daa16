"""Orders for the chaos models, and what came of them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.predictions import api, submit
from tests.emulators import eventually

Order = dict[str, Any]
AT_A_TIME = 8
"""Requests of one test."""


@dataclass(frozen=True)
class Orders:
    """What somebody ordered of the chaos model: of each prediction's id its order."""

    client: httpx.Client
    made: dict[str, Order] = field(default_factory=dict)

    def give(self, order: Order) -> bool:
        """One by itself; whether it was accepted."""
        answer = submit(self.client, "chaos", order)
        if answer.status_code == 202:
            self.made[answer.json()["id"]] = order
        return answer.status_code == 202

    def insist(self, order: Order) -> None:
        """The same, and asked again, with the same key, for as long as there is no answer."""
        self.made[api(self.client).submit("chaos", order)["id"]] = order

    def give_batch(self, orders: Sequence[Order]) -> None:
        """In one request."""
        told = api(self.client).batch("chaos", orders)["predictions"]
        self.made.update({each["id"]: order for each, order in zip(told, orders, strict=True)})

    def ids(self, act: str) -> list[str]:
        """Of the orders to do that."""
        return [id for id, order in self.made.items() if order.get("act", "answer") == act]

    def listed(self) -> list[dict[str, Any]]:
        """All that its owner has, the newest first, without inputs and outputs."""
        return list(api(self.client).list(model="chaos"))

    def have_ended(self) -> bool:
        return all(each["done"] for each in self.listed())

    def ended(self, seconds: float) -> list[dict[str, Any]]:
        """Their predictions, in the order of their making, when all have ended."""
        assert eventually(self.have_ended, seconds, between=1)
        with ThreadPoolExecutor(AT_A_TIME) as crowd:
            return list(crowd.map(self.read, self.made))

    def read(self, id: str) -> dict[str, Any]:
        """The prediction as it is now."""
        answer = self.client.get(f"/v1/predictions/{id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


def wrong(predictions: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those without the answer to their own order."""
    return [each for each in predictions if not _is_right(each)]


def _is_right(prediction: dict[str, Any]) -> bool:
    answer = {"square": prediction["input"]["number"] ** 2, "padding": ""}
    return bool(prediction["status"] == "succeeded" and prediction["output"] == answer)


def noted(diary: Path) -> list[int]:
    """The processes that began an order that has this diary, once for each time."""
    return [int(line) for line in diary.read_text().split()] if diary.exists() else []
