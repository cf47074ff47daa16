"""What the load generator is told to do, and what it tells of it: JSON in both directions."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Order:
    """So many posts by so many clients, who take turns in having the `bodies`.

    `follow` reads each prediction's result before the next submit.
    """

    port: int
    path: str
    bodies: Sequence[str]
    clients: int
    posts: int = 0
    token: str = ""
    media_type: str = "application/json"
    follow: bool = False
    pause: float = 0.0


@dataclass
class Tally:
    """What became of them; `latencies` in ms, from sending to having read the result."""

    seconds: float = 0.0
    cpu: float = 0.0
    requests: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)


def tallies(text: str) -> list[Tally]:
    """As the load generator printed them."""
    return [Tally(**{**each, "statuses": _counter(each)}) for each in json.loads(text)]


def _counter(told: dict[str, dict[str, int]]) -> Counter[int]:
    return Counter({int(status): n for status, n in told["statuses"].items()})
