"""What the use cases need of the outside world; adapters and fakes pass one contract."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from chalicelib.domain.access import Grant, Policy, Usage
from chalicelib.domain.predictions import Job, Outcome, Prediction
from chalicelib.domain.users import Claims, Session, User

Clock = Callable[[], int]
"""The present instant in ms since the epoch."""


@dataclass(frozen=True)
class Wanted:
    """What one strongly consistent read is to fetch besides the caller."""

    models: tuple[str, ...] = ()
    """Models whose grant, and usage of `month`, are wanted."""
    month: str = ""
    prediction: str | None = None


@dataclass(frozen=True)
class Snapshot:
    """What that one read found; what does not exist is None or absent."""

    user: User | None = None
    session: Session | None = None
    grants: Mapping[str, Grant] = field(default_factory=dict)
    usage: Mapping[str, Usage] = field(default_factory=dict)
    disabled: frozenset[str] = frozenset()
    prediction: Prediction | None = None


class Reader(Protocol):
    """The first, and for a read the only, call of a request."""

    def read(self, claims: Claims, wanted: Wanted) -> Snapshot:
        """User, session and all that is wanted, in one strongly consistent read."""
        ...


class Accounts(Protocol):
    """Users, unique by e-mail, and their sessions."""

    def add(self, user: User) -> None:
        """Store a new user; EmailTaken if the address has one already."""
        ...

    def by_id(self, user_id: str) -> User | None:
        """The user of this id."""
        ...

    def by_email(self, email: str) -> User | None:
        """The user of this address, however it is spelt."""
        ...

    def all(self) -> Iterable[User]:
        """Every user, by address."""
        ...

    def start(self, session: Session) -> None:
        """Store a new session."""
        ...

    def end(self, session: Session) -> None:
        """Forget a session; forgetting it twice is no error."""
        ...


class Access(Protocol):
    """Access policies and the grants that copy their limits."""

    def policies(self) -> Sequence[Policy]:
        """Every policy, by id."""
        ...

    def policy(self, policy_id: int) -> Policy | None:
        """The policy of this id."""
        ...

    def put_policy(self, policy: Policy) -> None:
        """Store a policy, new or changed."""
        ...

    def put_grant(self, grant: Grant) -> None:
        """Store a grant, new or changed."""
        ...

    def end_grant(self, user_id: str, model: str) -> None:
        """Forget a grant; forgetting it twice is no error."""
        ...

    def accepted(self, user_id: str, model: str) -> tuple[int, int | None]:
        """How many predictions were ever accepted (in kept months), and when the last was (ms)."""
        ...


class Predictions(Protocol):
    """Where accepted predictions are kept."""

    def accept(self, prediction: Prediction, grant: Grant) -> None:
        """Count one unit and store the row, both or neither.

        Raises QuotaExceeded, with nothing kept, when a limit of the grant is reached;
        Unavailable when the table is contended or does not answer.
        """
        ...


class JobQueue(Protocol):
    """Where jobs wait for a worker."""

    def send(self, job: Job) -> None:
        """Queue a job; Unavailable if the queue does not take it."""
        ...


class Written(Enum):
    """What became of one conditional write of an outcome."""

    WON = auto()
    """It is stored."""
    LOST = auto()
    """The prediction is terminal already, or gone: this was a duplicate."""
    UNKNOWN = auto()
    """The table refused or did not answer: try again."""


class Results(Protocol):
    """Where a worker writes; the first writer wins."""

    def claim(self, job: Job, attempt: int, now: int) -> Written:
        """Mark a prediction `running` for this attempt; LOST if it is terminal."""
        ...

    def finish(self, outcomes: Sequence[Outcome]) -> Sequence[Written]:
        """Write outcomes, 25 a call, each only if its prediction is not terminal."""
        ...


class Passwords(Protocol):
    """Password hashes in the PHC string format."""

    def hash(self, password: str) -> str:
        """A salted hash."""
        ...

    def verify(self, password: str, hashed: str | None) -> bool:
        """Whether it matches; without a hash False, at the same cost."""
        ...


class Tokens(Protocol):
    """Signed access tokens."""

    def issue(self, claims: Claims, now: int) -> str:
        """A token for these claims, valid from now on."""
        ...

    def verify(self, token: str, now: int) -> Claims:
        """The claims of a genuine, unexpired token; Unauthorized for anything else."""
        ...
