"""Policies, grants, and the arithmetic of daily and monthly limits (UTC)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from chalicelib.domain.instants import epoch_ms, instant
from chalicelib.errors import QuotaExceeded


@dataclass(frozen=True)
class Policy:
    """Named limits of accepted predictions a day and a month; None is no limit."""

    id: int
    name: str
    daily: int | None = None
    monthly: int | None = None
    retention_days: int = 30


@dataclass(frozen=True)
class Grant:
    """This user may use this model, under limits copied from a policy."""

    user_id: str
    model: str
    policy_id: int
    granted_at: int
    daily: int | None = None
    monthly: int | None = None
    retention_days: int = 30
    expires_at: int | None = None

    @classmethod
    def under(cls, policy: Policy, user_id: str, model: str, now: int) -> "Grant":
        """A grant from now on, without an end."""
        return cls(
            user_id, model, policy.id, now, policy.daily, policy.monthly, policy.retention_days
        )

    def limited_by(self, policy: Policy) -> "Grant":
        """The same grant with the limits that this policy has now."""
        return replace(
            self,
            daily=policy.daily,
            monthly=policy.monthly,
            retention_days=policy.retention_days,
        )

    def is_live(self, now: int) -> bool:
        """Whether it counts at this instant (ms since the epoch)."""
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True)
class Usage:
    """What one user had accepted of one model in one UTC month."""

    total: int = 0
    days: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """One limit at one instant; `reset` is when `used` starts again at 0 (ms)."""

    name: str
    limit: int | None
    used: int
    reset: int

    @property
    def remaining(self) -> int | None:
        """Units left, or None without a limit."""
        return None if self.limit is None else max(0, self.limit - self.used)

    def wait(self, now: int) -> int:
        """Whole seconds to the reset, at least one."""
        return max(1, -(-(self.reset - now) // 1000))

    def has_room(self, units: int) -> bool:
        """Whether so many more fit; also asked of a fresh counter, which has nothing to compare."""
        return self.limit is None or self.used + units <= self.limit


def windows(grant: Grant, usage: Usage, now: int) -> tuple[Window, Window]:
    """The daily and the monthly limit of a grant as they stand."""
    today = instant(now)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    day_end = midnight + timedelta(days=1)
    month_end = (midnight.replace(day=28) + timedelta(days=4)).replace(day=1)
    return (
        Window("daily", grant.daily, usage.days.get(today.day, 0), epoch_ms(day_end)),
        Window("monthly", grant.monthly, usage.total, epoch_ms(month_end)),
    )


def require_room(grant: Grant, usage: Usage, now: int, units: int = 1) -> None:
    """Raise QuotaExceeded, with the time of the last reset to wait for, if units do not fit."""
    found = windows(grant, usage, now)
    full = {each.name: each.wait(now) for each in found if not each.has_room(units)}
    if full:
        limits = {each.name: each.limit for each in found if each.limit is not None}
        left = {each.name: each.remaining or 0 for each in found}
        raise QuotaExceeded(full, limits, left)
