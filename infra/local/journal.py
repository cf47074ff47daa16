"""What the functions logged, one event a line."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.local.deployment import STACK
from infra.local.errors import Trouble

if TYPE_CHECKING:
    from infra.deploy import Cloud

PLATFORM = ("START RequestId:", "END RequestId:", "REPORT RequestId:", "INIT_START")
UNTOLD = frozenset(
    (
        *("level", "location", "message", "timestamp", "service", "environment", "_aws"),
        *("cold_start", "function_name", "function_memory_size", "function_arn"),
        *("function_request_id", "xray_trace_id"),
    )
)
"""Keys of a structured line that are told otherwise, or say the same of every line."""
EVERY = 0.5
FULL = 10_000
"""Events that an answer has at most; the emulator leaves the rest out and names no next page."""
OVERLAP_MS = 5_000  # a line may arrive a little after one with a later time


@dataclass(frozen=True)
class Event:
    """One line of one function; `keys` is empty for a line that is no structured one."""

    at: int
    function: str
    level: str
    message: str
    keys: Mapping[str, Any] = field(default_factory=dict)

    @property
    def time(self) -> str:
        """In UTC, to the millisecond."""
        return datetime.fromtimestamp(self.at / 1000, UTC).isoformat(timespec="milliseconds")


def parse(function: str, at: int, text: str) -> Event | None:
    """The event of a logged line; None for what the platform says about every call."""
    text = text.rstrip()
    if not text or text.startswith(PLATFORM):
        return None
    try:
        found = json.loads(text)
        message, level = found["message"], found["level"]
    except (ValueError, TypeError, KeyError):
        return Event(at, function, "-", text)
    keys = {key: _plain(value) for key, value in found.items() if key not in UNTOLD}
    return Event(_instant(found.get("timestamp"), at), function, level, str(message), keys)


def _plain(value: Any) -> Any:
    """A metric's value without the list that EMF wraps it in."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _instant(text: object, otherwise: int) -> int:
    """When the line was written (Powertools: `2026-11-23 15:28:45,090+0000`)."""
    try:
        return round(datetime.fromisoformat(str(text).replace(",", ".")).timestamp() * 1000)
    except ValueError:
        return otherwise


class Journal:
    """The log groups of some of the stack's functions."""

    def __init__(
        self, cloud: "Cloud", function: str | None, contains: str | None, stack: str = STACK
    ) -> None:
        self._logs: Any = cloud.client("logs")
        self._prefix = f"/aws/lambda/{stack}-"
        self._functions = _chosen(self._known(), function)
        self._contains = contains

    def looks(self) -> Iterator[list[Event]]:
        """All that was logged so far, and then, look by look, what came since; never ends."""
        since, told = 0, frozenset[Any]()
        while True:
            found = self._read(since)
            yield [event for key, event in found if key not in told]
            told = frozenset(key for key, _ in found)
            since = max([since, *(key[0] - OVERLAP_MS for key in told)])
            time.sleep(EVERY)

    def _known(self) -> list[str]:
        pages = self._logs.get_paginator("describe_log_groups").paginate(
            logGroupNamePrefix=self._prefix
        )
        groups = [group["logGroupName"] for page in pages for group in page["logGroups"]]
        return [name.removeprefix(self._prefix) for name in groups]

    def _read(self, since: int) -> list[tuple[tuple[Any, ...], Event]]:
        """Events with what tells them apart; the emulator gives no event ids."""
        found = []
        for function in self._functions:
            for item in self._items(function, since):
                event = parse(function, item["timestamp"], item["message"])
                if event and (self._contains is None or self._contains in item["message"]):
                    key = (item["timestamp"], item["logStreamName"], item["message"])
                    found.append((key, event))
        return sorted(found, key=lambda each: each[1].at)

    def _items(self, function: str, since: int) -> Iterator[dict[str, Any]]:
        """In order; where an answer is full, one more from its last instant on."""
        while True:
            found = self._answered(function, since)
            last = found[-1]["timestamp"] if len(found) >= FULL else since
            if last == since:
                yield from found
                return
            yield from (item for item in found if item["timestamp"] < last)
            since = last

    def _answered(self, function: str, since: int) -> list[dict[str, Any]]:
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._prefix + function, startTime=since
        )
        return [item for page in pages for item in page["events"]]


def _chosen(known: Sequence[str], function: str | None) -> Sequence[str]:
    """`worker` is every profile's."""
    if function is None:
        return known
    chosen = [name for name in known if name == function or name.endswith(f"-{function}")]
    if not chosen:
        raise Trouble(
            f"There is no function {function}.",
            "Nothing of that name is deployed here.",
            f"Choose one of {', '.join(known)}, worker for every worker, or none for all.",
        )
    return chosen
