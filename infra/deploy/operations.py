"""Operations on a stack, followed step by step until they end."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.errors import Busy, DeployError, ResourceFailed, Stuck
from infra.deploy.progress import Event, Journal, Report, first_failure
from infra.deploy.states import Standing, standing, succeeded

Found = dict[str, Any]


def describe(cloudformation: Any, stack: str) -> Found | None:
    """The stack of this name or id, or None."""
    try:
        found: Found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    return found


def outputs_of(found: Mapping[str, Any]) -> dict[str, str]:
    """All outputs of a described stack."""
    return {item["OutputKey"]: item["OutputValue"] for item in found.get("Outputs", [])}


def settled(cloudformation: Any, stack: str, report: Report, patience: float) -> Found | None:
    """The stack when nobody is changing it; one that only a person may touch raises."""
    found = describe(cloudformation, stack)
    if found and standing(found["StackStatus"]) is Standing.MOVING:
        _wait_for_others(cloudformation, found, report, patience)
        found = describe(cloudformation, stack)
    if found and standing(found["StackStatus"]) is Standing.STUCK:
        reason = found.get("StackStatusReason") or "no reason given"
        raise Stuck(stack, found["StackStatus"], reason)
    return found


def follow(cloudformation: Any, stack_id: str, journal: Journal, report: Report) -> None:
    """Report each step until the operation ends; an end that is not what was asked for raises."""
    told: list[Event] = []
    waits = _waits()
    while (end := _end(told, stack_id)) is None:
        time.sleep(next(waits))
        for event in journal.news():
            told.append(event)
            report(event)
    if not succeeded(end.status):
        raise _failure(end, told)


def delete(cloudformation: Any, stack_id: str, report: Report) -> None:
    """Delete the stack and wait until it is gone."""
    journal = Journal(cloudformation, stack_id)
    cloudformation.delete_stack(StackName=stack_id)
    follow(cloudformation, stack_id, journal, report)


def _end(events: Sequence[Event], stack_id: str) -> Event | None:
    """The event that ends an operation: the stack itself is no longer in progress."""
    return next((e for e in events if e.physical_id == stack_id and not e.is_step), None)


def _waits() -> Iterator[float]:
    wait = 0.1
    while True:
        yield wait
        wait = min(wait * 1.3, 2.0)


def _wait_for_others(cloudformation: Any, found: Found, report: Report, patience: float) -> None:
    journal = Journal(cloudformation, found["StackId"])
    quiet_since = time.monotonic()
    moving: Found | None = found
    while moving and standing(moving["StackStatus"]) is Standing.MOVING:
        for event in journal.news():
            quiet_since = time.monotonic()
            report(event)
        if time.monotonic() - quiet_since >= patience:
            raise Busy(found["StackName"], moving["StackStatus"], patience)
        time.sleep(0.2)
        moving = describe(cloudformation, found["StackId"])


def _failure(end: Event, told: Sequence[Event]) -> DeployError:
    first = first_failure(told) or end
    return ResourceFailed(
        end.resource, end.status, first.resource, first.reason or "no reason given"
    )
