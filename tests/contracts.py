"""What every port promises; each class here is run on the fake and on the real adapter.

A module that subclasses one of them gives the fixture `stores` (or `line`, `passwords`,
`tokens`): on fakes in tests/unit/services, on moto in tests/integration. `ResultsContract`
needs nothing but `stores`, so it also runs on an emulator whose PartiQL is its own.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest

from chalicelib.domain.access import Grant, Policy, Usage
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import epoch_ms
from chalicelib.domain.predictions import Failure, Job, Metrics, Prediction, Status
from chalicelib.domain.users import Claims, Session, User
from chalicelib.errors import AppError, EmailTaken, QuotaExceeded, Unauthorized
from chalicelib.services import ports
from chalicelib.services.ports import Snapshot, Wanted, Written
from tests.samples import (
    DAY,
    NOW,
    a_failure,
    a_grant,
    a_job,
    a_prediction,
    a_session,
    a_success,
    a_user,
    claims_of,
)

T = TypeVar("T")


@dataclass(frozen=True)
class Stores:
    """All that is kept in tables, behind its ports; `switch_off` disables a model."""

    reader: ports.Reader
    accounts: ports.Accounts
    access: ports.Access
    predictions: ports.Predictions
    results: ports.Results
    switch_off: Callable[[str], None]

    def stored(self, prediction: Prediction) -> Prediction | None:
        """The prediction as its owner would read it."""
        claims = Claims(prediction.user_id, "no-session", 1)
        return self.reader.read(claims, Wanted(prediction=prediction.id)).prediction

    def used(self, grant: Grant, month: str = "2026-11") -> Usage:
        """What the grant's user had accepted of its model."""
        claims = Claims(grant.user_id, "no-session", 1)
        found = self.reader.read(claims, Wanted(models=(grant.model,), month=month))
        return found.usage.get(grant.model, Usage())


class AccountsContract:
    def test_a_user_is_found_by_id_and_by_address(self, stores: Stores) -> None:
        user = a_user(is_superuser=True, is_verified=True, session_version=3)
        stores.accounts.add(user)
        assert stores.accounts.by_id(user.id) == user
        assert stores.accounts.by_email(user.email) == user

    def test_nobody_is_found_who_was_not_added(self, stores: Stores) -> None:
        assert stores.accounts.by_id(a_user().id) is None
        assert stores.accounts.by_email("nobody@example.com") is None

    @pytest.mark.parametrize(
        "spelling", ["ADA@example.com", "ada@EXAMPLE.com", "\uff41da@example.com"]
    )
    def test_one_address_is_one_user_however_it_is_spelt(
        self, stores: Stores, spelling: str
    ) -> None:
        first, second = a_user(email="ada@example.com"), a_user(email=spelling)
        stores.accounts.add(first)
        with pytest.raises(EmailTaken):
            stores.accounts.add(second)
        assert stores.accounts.by_email(spelling) == first
        assert stores.accounts.by_id(second.id) is None

    def test_of_parallel_registrations_of_one_address_exactly_one_wins(
        self, stores: Stores
    ) -> None:
        rivals = [a_user(email="ada@example.com") for _ in range(8)]
        failures = in_parallel(rivals, stores.accounts.add)
        assert [type(failure) for failure in failures] == [EmailTaken] * 7
        assert len(list(stores.accounts.all())) == 1

    def test_everybody_is_listed_by_address(self, stores: Stores) -> None:
        users = [a_user(email=f"{name}@example.com") for name in ("zoe", "ada", "bob")]
        for user in users:
            stores.accounts.add(user)
        assert list(stores.accounts.all()) == sorted(users, key=lambda user: user.email)

    def test_a_session_lives_until_it_is_ended_and_ending_it_twice_is_no_error(
        self, stores: Stores
    ) -> None:
        session = a_session(a_user(), source_ip="203.0.113.7", user_agent="a browser")
        stores.accounts.start(session)
        assert stores.reader.read(claims_of(session), Wanted()).session == session
        stores.accounts.end(session)
        stores.accounts.end(session)
        assert stores.reader.read(claims_of(session), Wanted()).session is None


class AccessContract:
    def test_policies_are_listed_by_id_and_null_is_no_limit(self, stores: Stores) -> None:
        policies = [Policy(10, "ten", None, None, 1), Policy(2, "two", 0, 5), Policy(1, "base", 7)]
        for policy in policies:
            stores.access.put_policy(policy)
        assert list(stores.access.policies()) == policies[::-1]
        assert stores.access.policy(10) == policies[0]
        assert stores.access.policy(3) is None

    def test_a_policy_that_is_put_again_is_changed(self, stores: Stores) -> None:
        stores.access.put_policy(Policy(1, "base", 7, 70))
        stores.access.put_policy(Policy(1, "base", 8, None))
        assert list(stores.access.policies()) == [Policy(1, "base", 8, None)]

    def test_a_grant_that_is_put_again_is_changed(self, stores: Stores) -> None:
        first = a_grant(a_user(), daily=1, monthly=2, retention_days=3, expires_at=NOW)
        second = replace(first, daily=None, monthly=None, expires_at=None)
        stores.access.put_grant(first)
        assert self._granted(stores, first) == first
        stores.access.put_grant(second)
        assert self._granted(stores, second) == second

    def test_a_grant_ends_and_ending_it_twice_is_no_error(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        stores.access.put_grant(grant)
        stores.access.end_grant(grant.user_id, grant.model)
        stores.access.end_grant(grant.user_id, grant.model)
        assert self._granted(stores, grant) is None

    def test_what_was_accepted_is_told_over_all_months_with_its_last_time(
        self, stores: Stores
    ) -> None:
        user = a_user()
        grant, other = a_grant(user), a_grant(user, "sentiment")
        for prediction in (
            a_prediction(grant, NOW - 40 * DAY),
            a_prediction(grant, NOW),
            a_prediction(other, NOW + 1),
        ):
            stores.predictions.accept(prediction, grant)
        assert stores.access.accepted(user.id, "temperature") == (2, NOW)

    def test_who_never_asked_has_nothing_accepted(self, stores: Stores) -> None:
        assert stores.access.accepted(a_user().id, "temperature") == (0, None)

    def _granted(self, stores: Stores, grant: Grant) -> Grant | None:
        wanted = Wanted(models=(grant.model,), month="2026-11")
        return stores.reader.read(Claims(grant.user_id, "s", 1), wanted).grants.get(grant.model)


class PredictionsContract:
    """A limit of 0 is refused by the caller: no condition compares a counter that is not there."""

    def test_an_accepted_prediction_is_stored_as_it_is_and_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=5, monthly=5)
        prediction = a_prediction(
            grant,
            input={"text": "naïve 🙂 \x00", "numbers": [1, -0.5, 1e300, 10**40, None, True]},
            metadata={"order": {"id": 7}, "": ""},
            expires_at=NOW + 1000,
            batch_id=uuid7(NOW),
            retry_of=uuid7(NOW),
            cache="miss",
            charged=False,
        )
        stores.predictions.accept(prediction, grant)
        assert stores.stored(prediction) == prediction
        assert stores.used(grant) == Usage(1, {23: 1})

    @pytest.mark.parametrize(
        ("limits", "violated"),
        [
            ({"daily": 2}, ("daily",)),
            ({"monthly": 2}, ("monthly",)),
            ({"daily": 2, "monthly": 2}, ("daily", "monthly")),
            ({"daily": 2, "monthly": 3}, ("daily",)),
        ],
    )
    def test_at_a_limit_nothing_more_is_stored_or_counted(
        self, stores: Stores, limits: dict[str, Any], violated: tuple[str, ...]
    ) -> None:
        grant = a_grant(a_user(), **limits)
        accepted, refused = [a_prediction(grant) for _ in range(2)], a_prediction(grant)
        for prediction in accepted:
            stores.predictions.accept(prediction, grant)
        with pytest.raises(QuotaExceeded) as refusal:
            stores.predictions.accept(refused, grant)
        assert refusal.value.violated == violated
        assert stores.stored(refused) is None
        assert stores.used(grant) == Usage(2, {23: 2})

    def test_without_limits_everything_is_accepted_and_counted(self, stores: Stores) -> None:
        grant = a_grant(a_user())
        for _ in range(3):
            stores.predictions.accept(a_prediction(grant), grant)
        assert stores.used(grant).total == 3

    def test_a_limit_of_zero_is_the_callers_to_refuse(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=0)
        stores.predictions.accept(a_prediction(grant), grant)
        with pytest.raises(QuotaExceeded):
            stores.predictions.accept(a_prediction(grant), grant)

    def test_a_new_day_has_room_again_within_the_month(self, stores: Stores) -> None:
        grant = a_grant(a_user(), daily=1, monthly=2)
        stores.predictions.accept(a_prediction(grant, NOW), grant)
        stores.predictions.accept(a_prediction(grant, NOW + DAY), grant)
        assert stores.used(grant) == Usage(2, {23: 1, 24: 1})
        with pytest.raises(QuotaExceeded) as refusal:
            stores.predictions.accept(a_prediction(grant, NOW + 2 * DAY), grant)
        assert refusal.value.violated == ("monthly",)

    def test_a_new_month_has_room_again(self, stores: Stores) -> None:
        last = epoch_ms(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC))
        grant = a_grant(a_user(), daily=1, monthly=1)
        stores.predictions.accept(a_prediction(grant, last), grant)
        stores.predictions.accept(a_prediction(grant, last + 1000), grant)
        assert stores.used(grant, "2026-12") == Usage(1, {1: 1})

    def test_each_user_and_model_has_a_counter_of_its_own(self, stores: Stores) -> None:
        user = a_user()
        grants = [a_grant(user, daily=1), a_grant(user, "sentiment", daily=1)]
        for grant in [*grants, a_grant(a_user(), daily=1)]:
            stores.predictions.accept(a_prediction(grant), grant)
        assert stores.used(grants[0]).total == 1

    @pytest.mark.parametrize("limit", ["daily", "monthly"])
    def test_of_forty_at_once_on_a_limit_of_ten_exactly_ten_are_accepted(
        self, stores: Stores, limit: str
    ) -> None:
        limits: dict[str, Any] = {limit: 10}
        grant = a_grant(a_user(), **limits)
        rivals = [a_prediction(grant) for _ in range(40)]
        failures = in_parallel(rivals, lambda each: stores.predictions.accept(each, grant))
        assert [type(failure) for failure in failures] == [QuotaExceeded] * 30
        assert stores.used(grant).total == 10
        assert sum(stores.stored(each) is not None for each in rivals) == 10


class ReaderContract:
    def test_of_what_does_not_exist_nothing_is_found(self, stores: Stores) -> None:
        wanted = Wanted(models=("temperature",), month="2026-11", prediction=uuid7(NOW))
        assert stores.reader.read(claims_of(a_session(a_user())), wanted) == Snapshot()

    def test_all_that_is_wanted_is_found_in_one_read(self, stores: Stores) -> None:
        user, session, grant, prediction = self._somebody(stores)
        stores.switch_off(grant.model)
        wanted = Wanted((grant.model, "sentiment"), "2026-11", prediction.id)
        assert stores.reader.read(claims_of(session), wanted) == Snapshot(
            user=user,
            session=session,
            grants={grant.model: grant},
            usage={grant.model: Usage(1, {23: 1})},
            disabled=frozenset({grant.model}),
            prediction=prediction,
        )

    def test_what_is_not_wanted_is_not_found(self, stores: Stores) -> None:
        user, session, grant, _ = self._somebody(stores)
        stores.switch_off(grant.model)
        found = stores.reader.read(claims_of(session), Wanted())
        assert found == Snapshot(user=user, session=session)

    def test_another_month_has_usage_of_its_own(self, stores: Stores) -> None:
        _, session, grant, _ = self._somebody(stores)
        found = stores.reader.read(claims_of(session), Wanted((grant.model,), "2026-12"))
        assert found.usage == {}

    def test_anothers_session_is_not_found(self, stores: Stores) -> None:
        user, *_ = self._somebody(stores)
        stranger = a_session(a_user())
        stores.accounts.start(stranger)
        found = stores.reader.read(Claims(user.id, stranger.id, 1), Wanted())
        assert (found.user, found.session) == (user, None)

    def _somebody(self, stores: Stores) -> tuple[User, Session, Grant, Prediction]:
        user = a_user()
        session, grant = a_session(user), a_grant(user, daily=5)
        prediction = a_prediction(grant)
        stores.accounts.add(user)
        stores.accounts.start(session)
        stores.access.put_grant(grant)
        stores.predictions.accept(prediction, grant)
        return user, session, grant, prediction


class ResultsContract:
    def test_a_success_is_read_back_as_it_was_written(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        output = '{"temperature":8.560720654765046,"words":["naïve 🙂"],"none":null}'
        written = stores.results.finish([a_success(prediction.id, output, version="1.2.0")])
        assert written == [Written.WON]
        assert stores.stored(prediction) == replace(
            prediction,
            status=Status.SUCCEEDED,
            version="1.2.0",
            output={"temperature": 8.560720654765046, "words": ["naïve 🙂"], "none": None},
            metrics=Metrics(10, 4, 7),
            started_at=NOW + 10,
            completed_at=NOW + 20,
            changed_at=NOW + 20,
        )

    def test_a_failure_is_read_back_with_its_reason(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_failure(prediction.id, "invalid-input", 'No "month" 13')])
        found = stores.stored(prediction)
        assert found
        assert (found.status, found.output) == (Status.FAILED, None)
        assert found.error == Failure("invalid-input", 'No "month" 13')

    def test_the_first_writer_wins_and_the_second_changes_nothing(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        first = stores.stored(prediction)
        assert stores.results.finish([a_failure(prediction.id)]) == [Written.LOST]
        assert stores.stored(prediction) == first

    def test_of_a_prediction_that_is_not_there_nothing_is_known(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.finish([a_success(absent.id)]) == [Written.UNKNOWN]
        assert stores.stored(absent) is None

    def test_each_outcome_has_an_answer_of_its_own_in_order(self, stores: Stores) -> None:
        done, waiting = self._accepted(stores), self._accepted(stores)
        stores.results.finish([a_success(done.id)])
        outcomes = [a_success(id) for id in (done.id, uuid7(NOW), waiting.id)]
        answers = [Written.LOST, Written.UNKNOWN, Written.WON]
        assert stores.results.finish(outcomes) == answers

    @pytest.mark.parametrize("count", [0, 1, 25, 26, 51])
    def test_any_number_of_outcomes_is_written(self, stores: Stores, count: int) -> None:
        predictions = [self._accepted(stores) for _ in range(count)]
        written = stores.results.finish([a_success(each.id) for each in predictions])
        assert written == [Written.WON] * count
        assert all(self._status(stores, each) is Status.SUCCEEDED for each in predictions)

    def test_a_claimed_prediction_runs_and_can_be_finished(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        job = Job.of(prediction)
        assert stores.results.claim(job, 2, NOW + 5) is Written.WON
        claimed = stores.stored(prediction)
        assert claimed == replace(
            prediction, status=Status.RUNNING, attempt=2, started_at=NOW + 5, changed_at=NOW + 5
        )
        assert stores.results.finish([a_success(prediction.id)]) == [Written.WON]

    def test_a_claim_may_be_made_again_by_a_later_attempt(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        job = Job.of(prediction)
        stores.results.claim(job, 2, NOW)
        assert stores.results.claim(job, 3, NOW) is Written.WON

    def test_what_has_ended_cannot_be_claimed(self, stores: Stores) -> None:
        prediction = self._accepted(stores)
        stores.results.finish([a_success(prediction.id)])
        assert stores.results.claim(Job.of(prediction), 2, NOW) is Written.LOST
        assert self._status(stores, prediction) is Status.SUCCEEDED

    def test_what_is_not_there_cannot_be_claimed(self, stores: Stores) -> None:
        absent = a_prediction(a_grant(a_user()))
        assert stores.results.claim(Job.of(absent), 2, NOW) is Written.UNKNOWN
        assert stores.stored(absent) is None

    def _accepted(self, stores: Stores) -> Prediction:
        grant = a_grant(a_user())
        prediction = a_prediction(grant)
        stores.predictions.accept(prediction, grant)
        return prediction

    def _status(self, stores: Stores, prediction: Prediction) -> Status | None:
        found = stores.stored(prediction)
        return found.status if found else None


@dataclass(frozen=True)
class Line:
    """A queue and what a worker would receive from it."""

    queue: ports.JobQueue
    received: Callable[[], Sequence[Job | None]]


class QueueContract:
    def test_a_job_arrives_as_it_was_sent(self, line: Line) -> None:
        job = a_job(
            input={"text": 'naïve 🙂 "quoted" \x00', "n": [1, 0.1, 1e300, 10**40]},
            deadline=NOW + 1000,
        )
        line.queue.send(job)
        assert line.received() == [job]

    def test_a_job_without_a_deadline_arrives_without_one(self, line: Line) -> None:
        job = a_job(deadline=None)
        line.queue.send(job)
        assert line.received() == [job]


class PasswordsContract:
    def test_only_the_password_matches_its_hash(self, passwords: ports.Passwords) -> None:
        hashed = passwords.hash("correct horse battery")
        assert passwords.verify("correct horse battery", hashed)
        assert not passwords.verify("correct horse battery ", hashed)

    def test_without_a_hash_nothing_matches(self, passwords: ports.Passwords) -> None:
        assert not passwords.verify("correct horse battery", None)

    @pytest.mark.parametrize("hashed", ["", "hash", "$argon2id$", "$2b$12$" + "a" * 53])
    def test_a_hash_of_another_kind_matches_nothing(
        self, passwords: ports.Passwords, hashed: str
    ) -> None:
        assert not passwords.verify("correct horse battery", hashed)


class TokensContract:
    """For tokens that live 900 seconds."""

    def test_a_token_says_what_it_was_issued_for(self, tokens: ports.Tokens) -> None:
        claims = claims_of(a_session(a_user(session_version=4)))
        assert tokens.verify(tokens.issue(claims, NOW), NOW) == claims

    def test_a_token_holds_until_it_expires(self, tokens: ports.Tokens) -> None:
        claims = claims_of(a_session(a_user()))
        token = tokens.issue(claims, NOW)
        assert tokens.verify(token, NOW + 899_999) == claims
        with pytest.raises(Unauthorized):
            tokens.verify(token, NOW + 900_000)

    @pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "null", "\ud800", "ü" * 5000])
    def test_what_is_no_token_is_refused(self, tokens: ports.Tokens, token: str) -> None:
        with pytest.raises(Unauthorized):
            tokens.verify(token, NOW)


def in_parallel(items: Sequence[T], act: Callable[[T], None]) -> list[AppError]:
    """Act on all items at once; what was refused."""

    def attempt(item: T) -> AppError | None:
        try:
            act(item)
        except AppError as refusal:
            return refusal
        return None

    with ThreadPoolExecutor(len(items)) as pool:
        return [refusal for refusal in pool.map(attempt, items) if refusal]
