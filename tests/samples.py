"""One of each: a user, a session, a grant, a prediction; each test says only what matters to it."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from chalicelib.domain.access import Grant
from chalicelib.domain.ids import uuid7
from chalicelib.domain.instants import epoch_ms
from chalicelib.domain.predictions import Failure, Job, Metrics, Outcome, Prediction, Status
from chalicelib.domain.users import Claims, Session, User

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


def a_session(user: User, **facts: Any) -> Session:
    """A living session of that user."""
    session = Session(str(uuid4()), user.id, user.session_version, NOW, NOW + 90 * DAY)
    return replace(session, **facts)


def claims_of(session: Session) -> Claims:
    """What a token of that session says."""
    return Claims(session.user_id, session.id, session.version)


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
