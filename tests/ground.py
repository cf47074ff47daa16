"""People and what is theirs, made through the ports: in memory, or in tables."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from chalicelib.api.composition import Ports
from chalicelib.domain.access import Grant, Policy
from chalicelib.domain.accounts.api_keys import ApiKey
from chalicelib.domain.accounts.one_time import Purpose, issued
from chalicelib.domain.accounts.sessions import Claims
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch, member_id
from chalicelib.domain.ids import uuid7
from chalicelib.domain.predictions import Job, Prediction, Status
from chalicelib.services.ports.results import Results
from tests.samples import (
    DAY,
    a_failure,
    a_grant,
    a_key,
    a_prediction,
    a_session,
    a_sign_in,
    a_success,
    a_user,
    claims_of,
)


@dataclass(frozen=True)
class Person:
    """A user who is signed in."""

    user: User
    claims: Claims
    token: str


class Ground:
    """Makes one of each, as the API and its workers would have."""

    def __init__(self, ports: Ports, results: Results) -> None:
        self.ports = ports
        self._results = results

    def somebody(self, **facts: Any) -> Person:
        """A new user with a session that begins now."""
        user = a_user(**facts)
        session = a_session(user, self.ports.clock())
        self.ports.users.add(user)
        self.ports.sessions.start(session)
        token = self.ports.tokens.issue(session, self.ports.clock(), str(uuid4()))
        return Person(user, claims_of(session), token)

    def grant(self, person: Person, model: str, **limits: Any) -> Grant:
        """Let that person use a model."""
        grant = a_grant(person.user, model, **limits)
        self.ports.access.put_grant(grant)
        return grant

    def accepted(self, person: Person, model: str, **facts: Any) -> Prediction:
        """A stored prediction of that person, which no worker hears of."""
        grant = a_grant(person.user, model)
        prediction = a_prediction(grant, **{"at": self.ports.clock(), **facts})
        self.ports.predictions.accept(prediction, grant)
        return prediction

    def prediction(self, person: Person, status: Status) -> Prediction:
        """One for the temperature, as it was before it came to stand so."""
        now = self.ports.clock()
        deadline = {"expires_at": now} if status is Status.EXPIRED else {}
        made = self.accepted(person, "temperature", **deadline)
        ends: dict[Status, Callable[[], object]] = {
            Status.RUNNING: lambda: self._results.claim(Job.of(made), 1, now),
            Status.SUCCEEDED: lambda: self._results.finish([a_success(made.id)]),
            Status.FAILED: lambda: self._results.finish([a_failure(made.id)]),
            Status.CANCELED: lambda: self.ports.predictions.cancel(made, now),
            Status.EXPIRED: lambda: self._results.expire(Job.of(made), now),
        }
        if status in ends:
            ends[status]()
        return made

    def batch(self, person: Person) -> Batch:
        """One of two predictions, the first of which is stored."""
        grant, now = a_grant(person.user), self.ports.clock()
        batch = Batch(uuid7(now), person.user.id, grant.model, 2, now, now + 30 * DAY)
        self.ports.predictions.accept_batch(batch, grant)
        first = a_prediction(grant, now, id=member_id(batch.id, 0), batch_id=batch.id)
        self.ports.predictions.store([first])
        return batch

    def key(self, person: Person) -> ApiKey:
        """A living key of that person, for everything."""
        key = a_key(person.user, self.ports.clock())
        self.ports.api_keys.add(key)
        return key

    def refresh_token(self) -> str:
        """That of somebody who has just signed in."""
        user = a_user()
        session, token = a_sign_in(user, self.ports.clock())
        self.ports.users.add(user)
        self.ports.sessions.start(session)
        return token.text

    def mailed(self, purpose: Purpose) -> str:
        """The token that somebody was mailed."""
        user = a_user()
        self.ports.users.add(user)
        token, text = issued(user, purpose, self.ports.clock(), 3600)
        self.ports.one_time_tokens.add(token)
        return text

    def policy(self) -> Policy:
        """A new one."""
        number = 1 + max(each.id for each in self.ports.policies.all())
        policy = Policy(number, f"policy {number} \U0001f642")
        self.ports.policies.add(policy)
        return policy
