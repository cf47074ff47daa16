"""In-memory ports: they pass the same contracts as the adapters (tests/contracts.py)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from threading import Lock

from chalicelib.domain.access import Grant, Policy, Usage, require_room
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Job, Outcome, Prediction, Status
from chalicelib.domain.users import Claims, Session, User, canonical_email
from chalicelib.errors import EmailTaken, Unauthorized, Unavailable
from chalicelib.services.execution import Delivery
from chalicelib.services.ports import Snapshot, Wanted, Written
from tests.samples import NOW

MAX_RECEIVES = 5
"""As in the template: what comes a sixth time is a dead letter."""


class Clock:
    """Stands still until it is told to move."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def advance(self, ms: int = 0, *, seconds: int = 0, days: int = 0) -> None:
        self.now += ms + 1000 * (seconds + 86_400 * days)


@dataclass
class Memory:
    """What the tables hold; while it is down, every use of it is Unavailable."""

    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    usage: dict[tuple[str, str, str], Usage] = field(default_factory=dict)
    last_accepted: dict[tuple[str, str], int] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    predictions: dict[str, Prediction] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    is_down: bool = False

    def require_up(self) -> None:
        if self.is_down:
            raise Unavailable("The table does not answer, try again", retry_after=1)


class FakeReader:
    """`ports.Reader`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def read(self, claims: Claims, wanted: Wanted) -> Snapshot:
        self._memory.require_up()
        memory, user_id, models = self._memory, claims.user_id, wanted.models
        grants = {model: memory.grants.get((user_id, model)) for model in models}
        usage = {model: memory.usage.get((user_id, wanted.month, model)) for model in models}
        return Snapshot(
            user=memory.users.get(user_id),
            session=memory.sessions.get((user_id, claims.session_id)),
            grants={model: grant for model, grant in grants.items() if grant},
            usage={model: used for model, used in usage.items() if used},
            disabled=frozenset(memory.disabled.intersection(models)),
            prediction=memory.predictions.get(wanted.prediction or ""),
        )


class FakeAccounts:
    """`ports.Accounts`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def add(self, user: User) -> None:
        self._memory.require_up()
        with self._memory.lock:
            if self.by_email(user.email):
                raise EmailTaken
            self._memory.users[user.id] = user

    def by_id(self, user_id: str) -> User | None:
        return self._memory.users.get(user_id)

    def by_email(self, email: str) -> User | None:
        wanted = canonical_email(email)
        users = self._memory.users.values()
        return next((user for user in users if canonical_email(user.email) == wanted), None)

    def all(self) -> Iterable[User]:
        return sorted(self._memory.users.values(), key=lambda user: user.email)

    def start(self, session: Session) -> None:
        self._memory.sessions[session.user_id, session.id] = session

    def end(self, session: Session) -> None:
        self._memory.sessions.pop((session.user_id, session.id), None)


class FakeAccess:
    """`ports.Access`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def policies(self) -> Sequence[Policy]:
        return sorted(self._memory.policies.values(), key=lambda policy: policy.id)

    def policy(self, policy_id: int) -> Policy | None:
        return self._memory.policies.get(policy_id)

    def put_policy(self, policy: Policy) -> None:
        self._memory.policies[policy.id] = policy

    def put_grant(self, grant: Grant) -> None:
        self._memory.grants[grant.user_id, grant.model] = grant

    def end_grant(self, user_id: str, model: str) -> None:
        self._memory.grants.pop((user_id, model), None)

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        months = [
            usage.total
            for (owner, _, used), usage in self._memory.usage.items()
            if (owner, used) == (user_id, model)
        ]
        return sum(months), self._memory.last_accepted.get((user_id, model))


class FakePredictions:
    """`ports.Predictions`."""

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
    """`ports.Results`; `calls` counts the uses of `finish`."""

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


@dataclass
class Message:
    """A queued job and how often it was received."""

    id: str
    job: Job
    receives: int = 0


class FakeQueue:
    """`ports.JobQueue`, and the side of it that hands messages to a worker."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.is_down = False
        self._ids = count(1)

    def require_up(self) -> None:
        if self.is_down:
            raise Unavailable("The queue does not answer, try again", retry_after=1)

    def send(self, job: Job) -> None:
        self.require_up()
        self.messages.append(Message(f"message-{next(self._ids)}", job))

    @property
    def jobs(self) -> list[Job]:
        return [message.job for message in self.messages]

    def receive(self, most: int = 10) -> list[Delivery]:
        """The oldest messages, each received once more; what came too often is dead instead."""
        self.dead += [each for each in self.messages if each.receives == MAX_RECEIVES]
        self.messages = [each for each in self.messages if each.receives < MAX_RECEIVES]
        for message in self.messages[:most]:
            message.receives += 1
        return [Delivery(each.id, each.receives, each.job) for each in self.messages[:most]]

    def settle(self, deliveries: Sequence[Delivery], returned: Sequence[str]) -> None:
        """Forget what was delivered and not returned."""
        done = {delivery.message_id for delivery in deliveries} - set(returned)
        self.messages = [message for message in self.messages if message.id not in done]


class FakePasswords:
    """`ports.Passwords`, readable; `compared` has every hash that a password was held against."""

    def __init__(self) -> None:
        self.compared: list[str | None] = []

    def hash(self, password: str) -> str:
        return f"$fake${password[::-1]}"

    def verify(self, password: str, hashed: str | None) -> bool:
        self.compared.append(hashed)
        return hashed == self.hash(password)


class FakeTokens:
    """`ports.Tokens`, readable; a token lives as long as `lifetime` says (seconds)."""

    def __init__(self, lifetime: int = 900) -> None:
        self._lifetime = lifetime

    def issue(self, claims: Claims, now: int) -> str:
        until = now + self._lifetime * 1000
        return f"fake.{claims.user_id}.{claims.session_id}.{claims.session_version}.{until}"

    def verify(self, token: str, now: int) -> Claims:
        kind, *parts = token.split(".")
        if kind != "fake" or len(parts) != 4 or int(parts[3]) <= now:
            raise Unauthorized
        return Claims(parts[0], parts[1], int(parts[2]))
