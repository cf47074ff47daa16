"""Who tries too often waits; it is the same for accounts that do not exist."""

from dataclasses import dataclass

from chalicelib.domain.accounts.callers import Origin
from chalicelib.domain.accounts.throttling import (
    NEWS,
    Budget,
    Failures,
    account_key,
    failures_budget,
    pair_key,
    requests_budget,
    source,
    tokens_budget,
)
from chalicelib.errors import TooManyAttempts
from chalicelib.services.ports.clock import Clock
from chalicelib.services.ports.security import Counters

TRIES = 10
"""How often an attempt may meet another one at the same account before it has to wait."""


@dataclass(frozen=True)
class Attempt:
    """One use of a password, counted as a failure until it succeeds."""

    throttling: "Throttling"
    origin: Origin
    counted: str
    pair: str

    @property
    def is_trusted(self) -> bool:
        """Whether it is judged by the failures of this very address at this very account."""
        return self.counted == self.pair

    def succeed(self) -> None:
        """Forget the failures, and judge this address by its own from now on."""
        self.throttling.settle(self)


class Throttling:
    """Counters of accounts, of source addresses, and of both together."""

    def __init__(self, counters: Counters, clock: Clock, factor: int) -> None:
        self._counters = counters
        self._clock = clock
        self._factor = factor

    def attempt(self, account: str, origin: Origin) -> Attempt:
        """Leave to try one password, counted at once; TooManyAttempts before its time.

        Where the account was signed in to from before, strangers' failures do not count:
        neither at the account, nor from the same address at other accounts.
        """
        whole, pair = account_key(account), pair_key(account, origin.source_ip)
        of_account, of_pair = self._counters.failures(whole, pair)
        is_trusted = of_pair.is_trusted(self._clock())
        attempt = Attempt(self, origin, pair if is_trusted else whole, pair)
        seen = of_pair if is_trusted else of_account
        _require_no_wait(seen, self._clock())
        if not is_trusted:
            self._charge(failures_budget(self._factor), origin)
        self._count(attempt, seen)
        return attempt

    def settle(self, attempt: Attempt) -> None:
        """It was no failure."""
        self._counters.settle(attempt.counted, attempt.pair, self._clock())
        self._give_back(attempt)

    def forgive(self, account: str, origin: Origin) -> None:
        """Forget the failures of an account whose owner has proven themselves by mail."""
        pair = pair_key(account, origin.source_ip)
        self._counters.settle(account_key(account), pair, self._clock())

    def fail(self, origin: Origin) -> None:
        """Count a token that did not work; TooManyAttempts if there were too many from there."""
        self._charge(tokens_budget(self._factor), origin)

    def spend(self, route: str, origin: Origin) -> None:
        """Count a request of this address; TooManyAttempts if it made too many of the kind."""
        self._charge(requests_budget(route, self._factor), origin)

    def is_news(self, account: str, origin: Origin) -> bool:
        """Whether nobody was told in this quarter of an hour that the account is being guessed."""
        pair = pair_key(account, origin.source_ip)
        return self._counters.spend(NEWS, pair, self._clock()) == 1

    def _count(self, attempt: Attempt, seen: Failures) -> None:
        now = self._clock()
        for _ in range(TRIES):
            others = self._counters.count(attempt.counted, seen, now)
            if others is None:
                return
            seen = others
            if wait := seen.wait(now):
                break
        self._give_back(attempt)
        raise TooManyAttempts(wait or 1000)

    def _charge(self, budget: Budget, origin: Origin) -> None:
        """One unit, counted before it is looked at: many at once are as many."""
        now = self._clock()
        if not origin.source_ip:
            return
        if self._counters.spend(budget, source(origin.source_ip), now) > budget.limit:
            raise TooManyAttempts(budget.wait(now))

    def _give_back(self, attempt: Attempt) -> None:
        budget, whom = failures_budget(self._factor), source(attempt.origin.source_ip)
        if whom and not attempt.is_trusted:
            self._counters.spend(budget, whom, self._clock(), -1)


def _require_no_wait(failures: Failures, now: int) -> None:
    if wait := failures.wait(now):
        raise TooManyAttempts(wait)
