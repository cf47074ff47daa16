"""The erasure of what a removed user had predicted: rounds over it, the last when it is settled."""

from dataclasses import dataclass, replace

SETTLED = 120_000
"""So long (ms) after it was asked for, the user is gone or stays, and nothing of theirs comes.

A request lasts at most 29 s: the one that removes the user, and after it the last ones that
still saw them and accept a prediction. The index that is asked follows a moment later.
"""
SOON = 2
"""Seconds until it is first looked whether the user is gone: most removals take less."""


@dataclass(frozen=True)
class Erasure:
    """All predictions of a user who is being removed; asked for at that instant (ms)."""

    user_id: str
    asked_at: int
    place: str | None = None
    """Where this round goes on, in the list of what there is; None at its beginning."""
    is_last: bool = False
    """Whether this round began when everything had settled."""

    def is_settled(self, now: int) -> bool:
        """Whether all that there will ever be is there."""
        return now >= self.asked_at + SETTLED

    def round(self, now: int) -> "Erasure":
        """The round that begins now, or the one that goes on."""
        return self if self.place else replace(self, is_last=self.is_settled(now))

    def from_place(self, place: str) -> "Erasure":
        """The rest of this round."""
        return replace(self, place=place)

    def once_more(self) -> "Erasure":
        """Another round."""
        return Erasure(self.user_id, self.asked_at)

    def rest(self, now: int) -> int:
        """Seconds until everything has settled, rounded up."""
        return max(0, -(-(self.asked_at + SETTLED - now) // 1000))

    def patience(self, now: int) -> int:
        """Seconds until it is looked again whether the user is gone: twice as late as now."""
        return min(self.rest(now), max(SOON, (now - self.asked_at) // 1000))
