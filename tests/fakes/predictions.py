"""Predictions, and where a worker writes."""

import json
from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.ids import instant_of
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import ERASED, Job, Outcome, Prediction, Status
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import Search
from chalicelib.services.ports.results import Written
from tests.fakes.memory import Memory
from tests.fakes.paging import page_of


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

    def glimpse(self, prediction_id: str) -> Prediction | None:
        self._memory.require_up()
        return self._memory.predictions.get(prediction_id)

    def cancel(self, prediction: Prediction, now: int) -> Prediction | None:
        self._memory.require_up()
        with self._memory.lock:
            found = self._memory.predictions.get(prediction.id)
            if found is None or found.status.is_terminal:
                return found
            gives_back = prediction.status is found.status is Status.QUEUED and found.charged
            charged = found.charged and not (gives_back and give_back(self._memory, found))
            ended = replace(found.canceled(now), charged=charged)
            self._memory.predictions[found.id] = ended
            return ended

    def erase(self, prediction: Prediction, now: int) -> None:
        self._memory.require_up()
        with self._memory.lock:
            found = self._memory.predictions.get(prediction.id)
            if found and found.status.is_terminal:
                self._memory.predictions[found.id] = replace(
                    found,
                    input=None,
                    output=None,
                    metadata={},
                    error=None,
                    retained_until=ERASED,
                    changed_at=now,
                )

    def page(self, search: Search, limit: int, after: str | None) -> Page[Prediction]:
        self._memory.require_up()
        found = [
            replace(each, input=None, output=None)
            for each in self._memory.predictions.values()
            if _fits(each, search) and (after is None or each.id < after)
        ]
        newest = sorted(found, key=lambda each: each.id, reverse=True)
        return page_of(newest, limit, lambda each: each.id)


def _fits(prediction: Prediction, search: Search) -> bool:
    return (
        prediction.user_id == search.user_id
        and prediction.is_kept(search.now)
        and search.model in (None, prediction.model)
        and search.status in (None, prediction.status)
        and search.batch_id in (None, prediction.batch_id)
        and (search.created_after is None or instant_of(prediction.id) > search.created_after)
    )


def give_back(memory: Memory, prediction: Prediction) -> bool:
    """One unit of the day and month of acceptance, if there is one."""
    at = prediction.created_at
    month, day = (prediction.user_id, month_of(at), prediction.model), day_of(at)
    used = memory.usage.get(month, Usage())
    if used.total < 1 or used.days.get(day, 0) < 1:
        return False
    memory.usage[month] = Usage(used.total - 1, {**used.days, day: used.days[day] - 1})
    return True


def _as_conditions(grant: Grant) -> Grant:
    """The limits that a table can hold: no condition compares a counter that is not there yet."""
    daily, monthly = (
        None if limit is None else max(1, limit) for limit in (grant.daily, grant.monthly)
    )
    return replace(grant, daily=daily, monthly=monthly)


class FakeResults:
    """`ports.results.Results`; `calls` counts uses of `finish`, `claimed` has those of `claim`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.calls = 0
        self.claimed: list[str] = []

    def claim(self, job: Job, attempt: int, now: int) -> Written:
        self.claimed.append(job.id)
        claimed = {"status": Status.RUNNING, "attempt": attempt}
        return self._write(job.id, **claimed, started_at=now, changed_at=now)

    def expire(self, job: Job, now: int) -> Written:
        ended = {"status": Status.EXPIRED, "completed_at": now, "changed_at": now}
        written = self._write(job.id, **ended)
        found = self._memory.predictions.get(job.id)
        if written is Written.WON and found and found.charged:
            charged = not give_back(self._memory, found)
            self._memory.predictions[job.id] = replace(found, charged=charged)
        return written

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
