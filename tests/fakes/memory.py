"""What the tables hold."""

from collections import Counter
from dataclasses import dataclass, field
from threading import Lock

from chalicelib.domain.access import Grant, Policy, Usage
from chalicelib.domain.accounts import audit
from chalicelib.domain.accounts.api_keys import ApiKey
from chalicelib.domain.accounts.one_time import OneTimeToken, Purpose
from chalicelib.domain.accounts.sessions import Session
from chalicelib.domain.accounts.throttling import Failures
from chalicelib.domain.accounts.users import User
from chalicelib.domain.batches import Batch
from chalicelib.domain.caching import Entry
from chalicelib.domain.dead_letters import DeadLetter
from chalicelib.domain.figures import Figure
from chalicelib.domain.predictions import Prediction
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.usage import Tally
from chalicelib.errors import Unavailable

PATIENCE = 2 * 180_000
"""Milliseconds until the sweeper looks after what has not ended: as by the default settings."""


@dataclass
class Memory:
    """What the tables hold; while it is down, every use of it is Unavailable."""

    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[tuple[str, str], Session] = field(default_factory=dict)
    api_keys: dict[tuple[str, str], ApiKey] = field(default_factory=dict)
    tokens: dict[tuple[str, Purpose], OneTimeToken] = field(default_factory=dict)
    counters: dict[str, Failures] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    trail: dict[str, audit.Entry] = field(default_factory=dict)
    policies: dict[int, Policy] = field(default_factory=dict)
    grants: dict[tuple[str, str], Grant] = field(default_factory=dict)
    usage: dict[tuple[str, str, str], Usage] = field(default_factory=dict)
    tallies: list[tuple[Tally, int]] = field(default_factory=list)
    last_accepted: dict[tuple[str, str], int] = field(default_factory=dict)
    disabled: set[str] = field(default_factory=set)
    figures: dict[str, Figure] = field(default_factory=dict)
    predictions: dict[str, Prediction] = field(default_factory=dict)
    letters: dict[str, DeadLetter] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    """Of the cache, by key."""
    due: dict[str, int] = field(default_factory=dict)
    """When the sweeper is to look after a prediction, or a batch."""
    sweeps: Counter[str] = field(default_factory=Counter)
    lock: Lock = field(default_factory=Lock)
    is_down: bool = False

    def require_up(self) -> None:
        if self.is_down:
            raise Unavailable("The table does not answer, try again", retry_after=1)
