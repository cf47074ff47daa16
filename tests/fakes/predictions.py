"""Predictions, and where a worker writes."""

import json
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Job, Outcome, Prediction, Status
from chalicelib.services.ports.results import Written
from tests.fakes.memory import Memory


class FakePredictions:
    """`ports.predictions.Predictions`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        self._memory.require_up()
        now, model, user_id = prediction.created_at, prediction.model, prediction.user_id
        month, day = (user_id, month_of(now), model), day_of(now)
        with self._memory.lock:
            used = self._memory.usage.get(month, Usage())
            require_room(_as_conditions(grant), used, now)
            days = {**used.days, day: used.days.get(day, 0) + 1}
            self._memory.usage[month] = Usage(used.total + 1, days)
            self._memory.last_accepted[user_id, model] = now
            self._memory.predictions[prediction.id] = prediction


def _as_conditions(grant: Grant) -> Grant:
    """The limits that a table can hold: no condition compares a counter that is not there yet."""
    daily, monthly = (
        None if limit is None else max(1, limit) for limit in (grant.daily, grant.monthly)
    )
    return replace(grant, daily=daily, monthly=monthly)


class FakeResults:
    """`ports.results.Results`; `calls` counts the uses of `finish`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.calls = 0

    def claim(self, job: Job, attempt: int, now: int) -> Written:
        claimed = {"status": Status.RUNNING, "attempt": attempt}
        return self._write(job.id, **claimed, started_at=now, changed_at=now)

    def finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        self.calls += 1
        return [self._finish(outcome) for outcome in outcomes]

    def _finish(self, outcome: Outcome) -> Written:
        return self._write(
            outcome.id,
            status=outcome.status,
            version=outcome.version,
            output=None if outcome.output is None else json.loads(outcome.output),
            error=outcome.error,
            metrics=outcome.metrics,
            started_at=outcome.started_at,
            completed_at=outcome.completed_at,
            changed_at=outcome.completed_at,
        )

    def _write(self, id: str, **changes: object) -> Written:
        with self._memory.lock:
            found = self._memory.predictions.get(id)
            if self._memory.is_down or not found:
                return Written.UNKNOWN
            if found.status.is_terminal:
                return Written.LOST
            self._memory.predictions[id] = replace(found, **changes)  # type: ignore[arg-type]
            return Written.WON
