"""How long who failed must wait, and how much one address may ask for."""

from dataclasses import dataclass
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

FREE = 5
"""Failures that cost nothing."""
LONGEST_WAIT = 15 * 60 * 1000
FORGOTTEN = 60 * 60 * 1000
"""ms after the last failure until all are forgotten."""
LETTERS = 3
"""Mails of one sort to one address in a quarter of an hour."""
TRUSTED = 30 * 24 * 3600 * 1000
"""ms for which an address that an account was signed in to from is judged by its own failures."""


@dataclass(frozen=True)
class Failures:
    """Of an account, or of an account from one address."""

    count: int = 0
    last_at: int = 0
    trusted_until: int = 0

    def wait(self, now: int) -> int:
        """ms until the next attempt: 2^(n-5) s after the n-th failure, at most 15 minutes."""
        if self.count < FREE or now - self.last_at >= FORGOTTEN:
            return 0
        pause = min(LONGEST_WAIT, 1000 << min(self.count - FREE, 20))
        return max(0, self.last_at + pause - now)

    def one_more(self, now: int) -> "Failures":
        """After another attempt, which counts as a failure until it succeeds."""
        before = 0 if now - self.last_at >= FORGOTTEN else self.count
        return Failures(before + 1, now, self.trusted_until)

    def is_trusted(self, now: int) -> bool:
        """Whether the account was signed in to from there not long ago."""
        return now < self.trusted_until


@dataclass(frozen=True)
class Budget:
    """So many in so many seconds; windows begin at whole multiples of their length."""

    name: str
    limit: int
    seconds: int

    def key(self, whom: str, now: int) -> str:
        """The counter of the present window."""
        return f"{self.name}#{whom}#{self._window(now)}"

    def wait(self, now: int) -> int:
        """ms until the next window."""
        return self.ends(now) - now

    def ends(self, now: int) -> int:
        """When the present window ends."""
        return (self._window(now) + 1) * self.seconds * 1000

    def _window(self, now: int) -> int:
        return now // 1000 // self.seconds


NEWS = Budget("news", 1, 15 * 60)
"""Of an account that is guessed from one address, the audit trail tells once a window."""


def failures_budget(factor: int) -> Budget:
    """Wrong passwords from one address, over all accounts."""
    return Budget("failures", 30 * factor, 15 * 60)


def tokens_budget(factor: int) -> Budget:
    """Tokens from one address that do not work: apart, for they end by themselves."""
    return Budget("bad-tokens", 30 * factor, 15 * 60)


def requests_budget(route: str, factor: int) -> Budget:
    """Registrations, or asked-for mails, from one address."""
    return Budget(route, 20 * factor, 3600)


def letters_budget(kind: str) -> Budget:
    """Mails to one address."""
    return Budget(f"letters-{kind}", LETTERS, 15 * 60)


def account_key(account: str) -> str:
    """The counter of an account, whether it exists or not."""
    return f"account#{_digest(account)}"


def pair_key(account: str, source_ip: str) -> str:
    """The counter of an account as attempted from one address."""
    return f"pair#{_digest(account)}#{source(source_ip)}"


def mailbox(address: str) -> str:
    """An e-mail address as counters name it."""
    return _digest(address)


def source(source_ip: str) -> str:
    """An address as one subscriber has it: of IPv6 the /64 network (RFC 6177)."""
    try:
        address = ip_address(source_ip)
    except ValueError:
        return source_ip
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return str(address.ipv4_mapped)
    if isinstance(address, IPv6Address):
        return f"{IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]
