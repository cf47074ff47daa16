"""Every use case, composed once over the same ports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.inference.catalogue import Catalogue
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.accounts.authentication import Authentication, by_api_key, by_session_token
from chalicelib.services.accounts.keys import Keys
from chalicelib.services.accounts.notices import Notices
from chalicelib.services.accounts.password_choice import PasswordChoice
from chalicelib.services.accounts.profiles import Profiles
from chalicelib.services.accounts.recovery import Recovery
from chalicelib.services.accounts.refreshing import Refreshing
from chalicelib.services.accounts.registration import Registration
from chalicelib.services.accounts.signing_in import SigningIn
from chalicelib.services.accounts.throttling import Throttling
from chalicelib.services.admitting import Admitting
from chalicelib.services.batches import Batches
from chalicelib.services.batching import Batching
from chalicelib.services.ending import Ending
from chalicelib.services.granting import Granting
from chalicelib.services.health import Health
from chalicelib.services.metering import Metering
from chalicelib.services.patience import Patience
from chalicelib.services.policymaking import Policymaking
from chalicelib.services.ports.access import Access
from chalicelib.services.ports.accounts import ApiKeys, OneTimeTokens, Sessions, Users
from chalicelib.services.ports.audit import AuditTrail
from chalicelib.services.ports.clock import Clock, Sleep
from chalicelib.services.ports.dead_letters import DeadLetters
from chalicelib.services.ports.erasures import Erasures
from chalicelib.services.ports.figures import Figures
from chalicelib.services.ports.mail import Outbox
from chalicelib.services.ports.paging import Cursors
from chalicelib.services.ports.policies import Policies
from chalicelib.services.ports.predictions import JobQueue, Predictions
from chalicelib.services.ports.queues import Gauge
from chalicelib.services.ports.reading import Reader
from chalicelib.services.ports.security import Counters, Passwords, Tokens
from chalicelib.services.ports.switches import Switches
from chalicelib.services.ports.usage import UsageBook
from chalicelib.services.reading import Reading
from chalicelib.services.redriving import Redriving
from chalicelib.services.retrying import Retrying
from chalicelib.services.submission import Submission
from chalicelib.services.switching import Switching
from chalicelib.services.waiting import Waiting
from chalicelib.settings import Settings


@dataclass(frozen=True)
class Ports:
    """Every adapter, or its fake."""

    reader: Reader
    users: Users
    sessions: Sessions
    api_keys: ApiKeys
    one_time_tokens: OneTimeTokens
    counters: Counters
    trail: AuditTrail
    outbox: Outbox
    erasures: Erasures
    dead_letters: DeadLetters
    cursors: Cursors
    policies: Policies
    access: Access
    usage: UsageBook
    switches: Switches
    figures: Figures
    gauge: Gauge
    predictions: Predictions
    queue: JobQueue
    passwords: Passwords
    tokens: Tokens
    public_keys: Callable[[], Mapping[str, Sequence[Mapping[str, str]]]]
    health: Health
    clock: Clock
    sleep: Sleep


class Services:
    """Every use case, composed once over the same ports."""

    def __init__(self, ports: Ports, catalogue: Catalogue, settings: Settings) -> None:
        self.clock = ports.clock
        self.catalogue = catalogue
        self.health = ports.health
        self.gauge = ports.gauge
        self.users = ports.users
        self.dead_letters = ports.dead_letters
        self.cursors = ports.cursors
        self.public_keys = ports.public_keys
        self.audit = Auditing(ports.trail, ports.clock)
        self._compose_accounts(ports, settings)
        self._compose_inference(ports, catalogue, settings)

    def _compose_accounts(self, ports: Ports, settings: Settings) -> None:
        users, clock, audit = ports.users, ports.clock, self.audit
        choice = PasswordChoice(ports.passwords, settings.minimum_password_length)
        throttling = Throttling(ports.counters, clock, settings.address_limit_factor)
        notices = Notices(ports.outbox)
        self.authentication = Authentication(
            (by_api_key, by_session_token(ports.tokens)),
            ports.reader,
            ports.api_keys,
            clock,
            settings,
        )
        self.registration = Registration(users, choice, throttling, audit, clock)
        self.signing_in = SigningIn(
            users,
            ports.sessions,
            ports.passwords,
            choice,
            ports.tokens,
            throttling,
            audit,
            clock,
            settings,
        )
        self.refreshing = Refreshing(
            ports.reader,
            ports.sessions,
            ports.tokens,
            throttling,
            audit,
            notices,
            clock,
            settings,
        )
        self.profiles = Profiles(users, choice, throttling, audit, notices, ports.erasures, clock)
        self.recovery = Recovery(
            users,
            ports.one_time_tokens,
            choice,
            ports.outbox,
            throttling,
            audit,
            notices,
            clock,
        )
        self.api_keys = Keys(ports.api_keys, audit, notices, clock)

    def _compose_inference(self, ports: Ports, catalogue: Catalogue, settings: Settings) -> None:
        clock = ports.clock
        self.policymaking = Policymaking(ports.policies, self.audit)
        self.granting = Granting(
            ports.users, self.policymaking, ports.access, catalogue, self.audit, clock
        )
        self.metering = Metering(ports.usage, clock)
        self.switching = Switching(ports.switches, self.audit)
        self.reading = Reading(
            self.authentication, ports.reader, ports.predictions, catalogue, clock
        )
        self.admitting = Admitting(self.authentication, ports.reader, catalogue, clock)
        self.submission = Submission(
            self.reading, ports.predictions, ports.queue, 2 * settings.visibility_timeout
        )
        self.batching = Batching(ports.predictions, ports.queue, clock)
        self.batches = Batches(self.authentication, ports.predictions, clock)
        self.ending = Ending(ports.predictions, clock)
        self.retrying = Retrying(self.reading, self.admitting, self.submission)
        self.redriving = Redriving(
            ports.dead_letters, ports.predictions, self.retrying, self.audit, clock
        )
        self.patience = Patience(ports.figures, clock)
        self.waiting = Waiting(ports.predictions, clock, ports.sleep, settings.wait_max)
