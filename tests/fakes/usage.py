"""What became of predictions, by user, model and day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from chalicelib.domain.instants import instant
from chalicelib.domain.usage import DayOfUse, Tally
from tests.fakes.memory import Memory


class FakeUsageBook:
    """`ports.usage.UsageBook`; `noted` has every tally."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    @property
    def noted(self) -> list[Tally]:
        return [tally for tally, _ in self._memory.tallies]

    def note(self, tally: Tally, at: int) -> None:
        self._memory.require_up()
        self._memory.tallies.append((tally, at))

    def days(self, user_id: str, first: date, last: date) -> Sequence[DayOfUse]:
        self._memory.require_up()
        counts: defaultdict[tuple[date, str], dict[str, int]] = defaultdict(dict)
        for (owner, month, model), usage in self._memory.usage.items():
            for day, accepted in usage.days.items():
                if owner == user_id and accepted:
                    counts[date.fromisoformat(f"{month}-{day:02d}"), model]["accepted"] = accepted
        for tally, at in self._memory.tallies:
            if tally.user_id == user_id:
                found = counts[instant(at).date(), tally.model]
                for name in ("succeeded", "failed", "predict_ms"):
                    found[name] = found.get(name, 0) + getattr(tally, name)
        return [
            DayOfUse(day, model, **found)
            for (day, model), found in sorted(counts.items())
            if first <= day <= last
        ]
