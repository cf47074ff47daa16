"""In-memory ports: they pass the same contracts as the adapters (tests/contracts.py)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from chalicelib.domain.access import Grant, Policy, Usage, require_room
from chalicelib.domain.ids import shard_of
from chalicelib.domain.instants import day_of, month_of
from chalicelib.domain.predictions import Job, Metrics, Outcome, Prediction, Status
from chalicelib.domain.users import Claims, Session, User, canonical_email
from chalicelib.errors import EmailTaken, Unauthorized, Unavailable
from chalicelib.services.ports import Snapshot, Wanted, Written
