"""What may be done to a stack, told by its status alone."""

from enum import Enum, auto


class Standing(Enum):
    """How a stack stands to the next deployment."""

    ABSENT = auto()  # to be created
    READY = auto()  # was created once, may hold data: to be updated
    DEAD = auto()  # its creation never finished, so it holds nothing: to be replaced
    MOVING = auto()  # somebody else is at it
    STUCK = auto()  # only a person may decide


_ABSENT = {None, "DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}
_DEAD = {"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
_STUCK = {
    "DELETE_FAILED",
    "UPDATE_FAILED",
    "UPDATE_ROLLBACK_FAILED",
    "IMPORT_ROLLBACK_FAILED",
}


def standing(status: str | None) -> Standing:
    """How a stack of this status stands; None is a stack that does not exist."""
    if status in _ABSENT:
        return Standing.ABSENT
    if status in _DEAD:
        return Standing.DEAD
    if status in _STUCK:
        return Standing.STUCK
    return Standing.MOVING if status and status.endswith("_IN_PROGRESS") else Standing.READY


def succeeded(status: str) -> bool:
    """Whether an operation that ended so did what it was asked for."""
    return status.endswith("_COMPLETE") and "ROLLBACK" not in status
