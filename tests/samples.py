"""One of each: a user, a session, a grant, a prediction; each test says only what matters to it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from chalicelib.domain.access import Grant
from chalicelib.domain.accounts import api_keys, audit, sessions
from chalicelib.domain.accounts.api_keys import ApiKey, KeyClaims, Scope
from chalicelib.domain.accounts.audit import Entry, Event
from chalicelib.domain.accounts.letters import Kind, Letter
from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose, issued
from chalicelib.domain.accounts.refresh import RefreshToken
from chalicelib.domain.accounts.sessions import Claims, Lifetimes, Session
from chalicelib.domain.accounts.users import User
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import epoch_ms
from chalicelib.domain.predictions import Failure, Job, Metrics, Outcome, Prediction, Status

NOW = epoch_ms(datetime(2026, 11, 23, 12, tzinfo=UTC))
DAY = 24 * 3600 * 1000

PLACE: dict[str, Any] = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}
TEMPERATURE = 8.560720654765046
"""What the temperature model answers for PLACE."""

EVENTS = Path(__file__).parents[1] / "events"


def event(name: str) -> dict[str, Any]:
    """A sample event of the folder `events`."""
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return loaded


def a_user(**facts: Any) -> User:
    """An active user with an address of their own."""
    id = str(uuid4())
    return replace(User(id, f"{id[:8]}@example.com", "hash", NOW), **facts)


def a_session(user: User, at: int = NOW, **facts: Any) -> Session:
    """A living session of that user."""
    return replace(a_sign_in(user, at)[0], **facts)


def a_sign_in(user: User, at: int = NOW) -> tuple[Session, RefreshToken]:
    """A session, and the refresh token that its user has."""
    return sessions.opened(user, at, Lifetimes(90 * DAY // 1000, 30 * DAY // 1000), "", "")


def claims_of(session: Session) -> Claims:
    """What a token of that session says."""
    return Claims(session.user_id, session.id, session.version)


def a_key(user: User, at: int = NOW, **facts: Any) -> ApiKey:
    """A living key of that user, for everything."""
    return replace(a_minted_key(user, at)[0], **facts)


def a_minted_key(user: User, at: int = NOW) -> tuple[ApiKey, str]:
    """A key, and the text that its user has."""
    return api_keys.minted(user, "robot", tuple(Scope), at, 30 * DAY // 1000)


def key_claims_of(key: ApiKey) -> KeyClaims:
    """What that key says."""
    return KeyClaims(key.user_id, key.id, key.digest)


def a_one_time_token(user: User, purpose: Purpose = Purpose.RESET, **facts: Any) -> OneTimeToken:
    """A token of an hour that was mailed to that user."""
    return replace(issued(user, purpose, NOW, 3600)[0], **facts)


def a_letter(kind: Kind = Kind.RESET, to: str = "ada@example.com", **facts: Any) -> Letter:
    """A letter that waits."""
    return replace(Letter(kind, to), **facts)


def an_entry(event: Event = Event.SIGN_IN, at: int = NOW, **facts: Any) -> Entry:
    """An entry of the audit trail, about somebody who did something to themselves."""
    user_id = str(uuid4())
    ok = audit.Outcome.OK
    return replace(Entry(uuid7(at), at, event, user_id, user_id, "203.0.113.7", "r", ok), **facts)


def a_grant(user: User, model: str = "temperature", **facts: Any) -> Grant:
    """A grant without limits."""
    return replace(Grant(user.id, model, policy_id=1, granted_at=NOW), **facts)


def a_prediction(grant: Grant, at: int = NOW, **facts: Any) -> Prediction:
    """A queued prediction of the grant's user and model."""
    prediction = Prediction(
        id=uuid7(at),
        user_id=grant.user_id,
        model=grant.model,
        version="1.0.0",
        requested_version="1.0.0",
        input=PLACE,
        created_at=at,
        changed_at=at,
        retained_until=at + 30 * DAY,
    )
    return replace(prediction, **facts)


def a_job(model: str = "temperature", input: Any = None, **facts: Any) -> Job:
    """A job of version 1.0.0 without a deadline."""
    job = Job(uuid7(NOW), str(uuid4()), model, "1.0.0", NOW, None, input or PLACE)
    return replace(job, **facts)


def a_success(id: str, output: str = '{"temperature":8.5}', **facts: Any) -> Outcome:
    """The prediction succeeded."""
    outcome = Outcome(
        id, Status.SUCCEEDED, "1.0.0", NOW + 10, NOW + 20, Metrics(10, 4, 7), output=output
    )
    return replace(outcome, **facts)


def a_failure(id: str, code: str = "invalid-input", detail: str = "No such month") -> Outcome:
    """The prediction failed."""
    return replace(a_success(id), status=Status.FAILED, output=None, error=Failure(code, detail))
