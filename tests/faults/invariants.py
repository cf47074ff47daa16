"""I1 to I8, asked of a history that has come to rest."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from chalicelib.domain.access import Usage
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Json, Prediction, Status
from tests.faults.history import Asked, Change, History

REFUNDED = {"attempts-exhausted", "model-version-gone"}
"""Failures that are nobody's but ours."""

Expected = Callable[[Json, str], Json]


@dataclass(frozen=True)
class Violation:
    """What does not hold, and of which prediction, batch, user or message."""

    invariant: str
    subject: str
    sentence: str

    def __str__(self) -> str:
        return f"{self.invariant} violated by {self.subject}: {self.sentence}"


@dataclass(frozen=True)
class Verdict:
    """Everything that is asked of one history."""

    history: History
    expected: Expected
    longest: int | None = None
    """Within how many ms of its acceptance everything has to end."""
    is_checked: tuple[str, ...] = field(default=("I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8"))

    def violations(self) -> list[Violation]:
        """In the order of the invariants."""
        checks: dict[str, Callable[[], Iterator[Violation]]] = {
            "I1": self._all_end,
            "I2": self._ends_stay,
            "I3": self._quota_is_exact,
            "I4": self._outputs_belong,
            "I5": self._counted_once,
            "I6": self._no_message_is_dropped,
            "I7": self._dead_letters_tell,
            "I8": self._answers_are_honest,
        }
        return [found for name in self.is_checked for found in checks[name]()]

    def require(self, seed: int) -> None:
        """AssertionError with every violation, what happened to the first, and the seed."""
        found = self.violations()
        if not found:
            return
        told = "\n".join(str(each) for each in found[:10])
        story = self.history.of(found[0].subject)
        raise AssertionError(f"seed {seed}: {len(found)} violations\n{told}\n{story}")

    @property
    def _rows(self) -> list[Prediction]:
        return list(self.history.memory.predictions.values())

    def _all_end(self) -> Iterator[Violation]:
        memory = self.history.memory
        for each in self._rows:
            ended = self.history.ended_at(each.id)
            if ended is None:
                yield Violation("I1", each.id, f"still {each.status}")
            elif self.longest is not None and ended - _wanted_from(each) > self.longest:
                late = (ended - _wanted_from(each)) // 1000
                yield Violation("I1", each.id, f"ended after {late} s")
        for asked in self.history.asked:
            known = memory.batches if asked.is_batch else memory.predictions
            if asked.was_accepted and asked.answer not in known:
                yield Violation("I1", str(asked.answer), "was accepted, and is not there")

    def _ends_stay(self) -> Iterator[Violation]:
        for id, changes in self.history.changes.items():
            for each in changes:
                if fault := _wrong_step(each):
                    yield Violation("I2", id, fault)

    def _quota_is_exact(self) -> Iterator[Violation]:
        grants = self.history.memory.grants
        for _, (user, month, model), _, used in self.history.units:
            grant, days = grants[user, model], used.days.values()
            if used.total < 0 or min(days, default=0) < 0:
                yield Violation("I3", user, f"used {used.total} of {model} in {month}")
            if grant.monthly is not None and used.total > grant.monthly:
                yield Violation("I3", user, f"used {used.total} of {grant.monthly} in {month}")
            if grant.daily is not None and max(days, default=0) > grant.daily:
                yield Violation("I3", user, f"used {used.days}, {grant.daily} a day, of {month}")
        yield from self._units_are_those_of_rows()
        yield from self._refunds_are_due()

    def _units_are_those_of_rows(self) -> Iterator[Violation]:
        wanted: defaultdict[tuple[str, str, str], Counter[int]] = defaultdict(Counter)
        for each in self._rows:
            if each.charged:
                key = each.user_id, month_of(each.created_at), each.model
                wanted[key][day_of(each.created_at)] += 1
        usage = self.history.memory.usage
        for key in wanted.keys() | usage.keys():
            used, right = usage.get(key, Usage()), wanted[key]
            if used.total != right.total() or +Counter(used.days) != right:
                told = f"{key[2]} in {key[1]}: used {used.total} {dict(used.days)}"
                yield Violation("I3", key[0], f"{told}, charged {dict(right)}")

    def _refunds_are_due(self) -> Iterator[Violation]:
        for each in self._rows:
            if each.charged is not _is_charged(each, self.history.changes[each.id]):
                yield Violation("I3", each.id, f"{each.status}, charged: {each.charged}")

    def _outputs_belong(self) -> Iterator[Violation]:
        for id, changes in self.history.changes.items():
            asked = changes[0].new
            for new in (each.new for each in changes if _ends(each)):
                if not asked or not new or new.status is not Status.SUCCEEDED:
                    continue
                if new.output != self.expected(asked.input, new.version):
                    told = f"{new.output} of {asked.input} by version {new.version}"
                    yield Violation("I4", id, told)

    def _counted_once(self) -> Iterator[Violation]:
        ends = Counter((each.user_id, each.model, each.status) for each in self._rows)
        noted: Counter[tuple[str, str, Status]] = Counter()
        for tally, _ in self.history.memory.tallies:
            noted[tally.user_id, tally.model, Status.SUCCEEDED] += tally.succeeded
            noted[tally.user_id, tally.model, Status.FAILED] += tally.failed
        for (user, model, status), count in noted.items():
            if count > ends[user, model, status]:
                told = f"{count} of {model} noted as {status}, {ends[user, model, status]} are"
                yield Violation("I5", user, told)
        for id, times in self.history.finished.items():
            if times > 1:
                yield Violation("I5", id, f"counted by metrics {times} times")

    def _no_message_is_dropped(self) -> Iterator[Violation]:
        for _, message, found in self.history.deleted:
            if found is None or not found.status.is_terminal:
                status = found.status if found else "there is no such prediction"
                subject = message.job.id if message.job else message.id
                yield Violation("I6", subject, f"{message.id} was deleted: {status}")

    def _dead_letters_tell(self) -> Iterator[Violation]:
        memory = self.history.memory
        for message in self.history.died:
            id = message.job.id if message.job else message.id
            found = memory.predictions.get(id)
            if id not in self.history.letters:
                yield Violation("I7", id, f"{message.id} was given up, and is no dead letter")
            elif found and not found.status.is_terminal:
                yield Violation("I7", id, f"is a dead letter, and {found.status}")

    def _answers_are_honest(self) -> Iterator[Violation]:
        asked = sorted(self.history.asked, key=lambda each: each.operation)
        for _, group in groupby(asked, key=lambda each: each.operation):
            yield from _dishonest(list(group))


def _wanted_from(prediction: Prediction) -> int:
    return prediction.created_at


def _ends(change: Change) -> bool:
    was_open = change.old is None or not change.old.status.is_terminal
    return was_open and change.new is not None and change.new.status.is_terminal


def _wrong_step(change: Change) -> str | None:
    """Why a row may not change so."""
    old, new = change.old, change.new
    if old is None:
        return None
    if new is None:
        return "its row is gone"
    if not old.status.is_terminal:
        is_back = old.status is Status.RUNNING and new.status is Status.QUEUED
        return "it ran, and is queued again" if is_back else None
    if (old.status, old.version, old.completed_at) != (new.status, new.version, new.completed_at):
        return f"was {old.status}, became {new.status}"
    if (old.output, old.error) != (new.output, new.error) and not new.is_erased:
        return f"its output was {old.output}, became {new.output}"
    return None


def _is_charged(prediction: Prediction, changes: list[Change]) -> bool:
    """Whether its unit stays used, by how it ended."""
    match prediction.status:
        case Status.EXPIRED:
            return False
        case Status.FAILED:
            error = next(each.new.error for each in changes if _ends(each) and each.new)
            return error is None or error.code not in REFUNDED
        case Status.CANCELED:
            old = next(each.old for each in changes if _ends(each))
            return old is None or old.status is not Status.QUEUED
    return True


def _dishonest(asked: list[Asked]) -> Iterator[Violation]:
    """A request and its repetitions."""
    made = [id for each in asked for id in each.made]
    subject = made[0] if made else f"request {asked[0].operation}"
    for each in asked:
        if each.status is not None and 400 <= each.status < 500 and each.made:
            yield Violation("I8", each.made[0], f"was made by a request answered {each.status}")
        if len(each.made) > 1:
            yield Violation("I8", subject, f"one request made {each.made}")
    if not asked[0].has_key:
        return
    if len(set(made)) > 1:
        yield Violation("I8", subject, f"one key made {made}")
    answers = {each.answer for each in asked if each.was_accepted}
    if answers and answers != set(made):
        yield Violation(
            "I8", subject, f"its key made {made} and answered {sorted(map(str, answers))}"
        )
