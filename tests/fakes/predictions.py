"""Predictions, and where a worker writes."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from chalicelib.domain.access import Grant, Usage, require_room
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry, Join, Lead, Waiter
from chalicelib.domain.ids import instant_of
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import ERASED, Failure, Job, Outcome, Prediction, Status
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.usage import Tally
from chalicelib.services.ports.paging import Page
from chalicelib.services.ports.predictions import EntryMoved, KeyUsed, Search
from chalicelib.services.ports.results import Written
from tests.fakes.memory import PATIENCE, Memory
from tests.fakes.paging import page_of


class FakePredictions:
    """`ports.predictions.Predictions`; `most_stored` is how much of a batch the table takes."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.most_stored: int | None = None

    def accept(
        self,
        prediction: Prediction,
        grant: Grant,
        *,
        receipt: Receipt | None = None,
        part: Lead | Join | None = None,
    ) -> None:
        self._memory.require_up()
        now = prediction.created_at
        with self._memory.lock:
            self._require_unused(receipt, now)
            used = self._counted(grant, now, 1)
            if part:
                self._memory.entries[part.key] = self._entry(part, prediction)
            self._keep(grant, now, used, receipt)
            self._memory.predictions[prediction.id] = prediction
            if not prediction.status.is_terminal:
                self._memory.due[prediction.id] = now + PATIENCE
            if prediction.status is Status.SUCCEEDED:
                tally = Tally(grant.user_id, grant.model, 1, 0, 0)
                self._memory.tallies.append((tally, now))

    def accept_batch(self, batch: Batch, grant: Grant, *, receipt: Receipt | None = None) -> None:
        self._memory.require_up()
        now = batch.created_at
        with self._memory.lock:
            self._require_unused(receipt, now)
            self._keep(grant, now, self._counted(grant, now, batch.size), receipt)
            self._memory.batches[batch.id] = batch
            self._memory.due[batch.id] = batch.due

    def store(self, predictions: Sequence[Prediction]) -> Sequence[Prediction]:
        if self._memory.is_down:
            return predictions
        stored = list(predictions)[: self.most_stored]
        self._memory.predictions |= {each.id: each for each in stored}
        self._memory.due |= {each.id: each.created_at + PATIENCE for each in stored}
        return predictions[len(stored) :]

    def counts(self, batch_id: str) -> Mapping[Status, int]:
        self._memory.require_up()
        found = self._memory.predictions.values()
        return Counter(each.status for each in found if each.batch_id == batch_id)

    def _require_unused(self, receipt: Receipt | None, now: int) -> None:
        known = self._memory.receipts.get(receipt.key) if receipt else None
        if known and known.is_kept(now):
            raise KeyUsed(known)

    def _counted(self, grant: Grant, now: int, units: int) -> Usage:
        """The counters with so many more, if there is room for them."""
        used = self._memory.usage.get((grant.user_id, month_of(now), grant.model), Usage())
        require_room(_as_conditions(grant, units), used, now, units)
        day = day_of(now)
        return Usage(used.total + units, {**used.days, day: used.days.get(day, 0) + units})

    def _entry(self, part: Lead | Join, prediction: Prediction) -> Entry:
        """The entry as this part leaves it; EntryMoved if it is not as it was."""
        found, now = self._memory.entries.get(part.key), prediction.created_at
        if isinstance(part, Lead):
            if found and found.left(now):
                raise EntryMoved(found)
            return part.entry
        if found is None or found.leader != part.leader or found.is_done or found.is_full:
            raise EntryMoved(found)
        if not found.left(now):
            raise EntryMoved(found)
        waiter = Waiter(prediction.id, prediction.user_id, now, prediction.expires_at)
        return replace(found, waiters=(*found.waiters, waiter))

    def _keep(self, grant: Grant, now: int, used: Usage, receipt: Receipt | None) -> None:
        self._memory.usage[grant.user_id, month_of(now), grant.model] = used
        self._memory.last_accepted[grant.user_id, grant.model] = now
        if receipt:
            self._memory.receipts[receipt.key] = receipt

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
            self._memory.due.pop(found.id, None)
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
            if _fits(each, search) and _is_behind(each.id, after, search)
        ]
        ordered = sorted(found, key=lambda each: each.id, reverse=not search.oldest_first)
        return page_of(ordered, limit, lambda each: each.id)


def _is_behind(id: str, place: str | None, search: Search) -> bool:
    return place is None or (id > place if search.oldest_first else id < place)


def _fits(prediction: Prediction, search: Search) -> bool:
    return (
        prediction.user_id == search.user_id
        and prediction.is_kept(search.now)
        and search.model in (None, prediction.model)
        and search.status in (None, prediction.status)
        and search.batch_id in (None, prediction.batch_id)
        and (search.created_after is None or instant_of(prediction.id) > search.created_after)
    )


def give_back(memory: Memory, of: Prediction | Batch, units: int = 1) -> bool:
    """So many units of the day and month of acceptance, if there are as many."""
    at = of.created_at
    month, day = (of.user_id, month_of(at), of.model), day_of(at)
    used = memory.usage.get(month, Usage())
    if used.total < units or used.days.get(day, 0) < units:
        return False
    memory.usage[month] = Usage(used.total - units, {**used.days, day: used.days[day] - units})
    return True


def _as_conditions(grant: Grant, units: int) -> Grant:
    """The limits that a table can hold: no condition compares a counter that is not there yet."""
    daily, monthly = (
        None if limit is None else max(units, limit) for limit in (grant.daily, grant.monthly)
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
        before = self._memory.predictions.get(job.id)
        claimed = {"status": Status.RUNNING, "attempt": attempt}
        written = self._write(job.id, **claimed, started_at=now, changed_at=now)
        if written is Written.WON:
            self._memory.due[job.id] = now + PATIENCE
        is_again = before is not None and before.status is Status.RUNNING
        return Written.AGAIN if is_again and written is Written.WON else written

    def expire(self, job: Job, now: int) -> Written:
        return self._end(job, status=Status.EXPIRED, completed_at=now, changed_at=now)

    def give_up(self, job: Job, failure: Failure, now: int) -> Written:
        ended = {"status": Status.FAILED, "completed_at": now, "changed_at": now}
        return self._end(job, **ended, error=failure)

    def _end(self, job: Job, **changes: object) -> Written:
        written = self._write(job.id, **changes)
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
            written = replace(found, **changes)  # type: ignore[arg-type]
            self._memory.predictions[id] = written
            if written.status.is_terminal:
                self._memory.due.pop(id, None)
            return Written.WON
