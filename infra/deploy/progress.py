"""What happens to a stack's resources while CloudFormation works."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

CANCELLED = "Resource creation cancelled"  # said of those that only stopped with the first one
STACK = "AWS::CloudFormation::Stack"


@dataclass(frozen=True)
class Event:
    """One resource took one step."""

    resource: str
    kind: str
    status: str
    reason: str
    physical_id: str = ""

    @property
    def is_step(self) -> bool:
        """Whether more is to come."""
        return self.status.endswith("_IN_PROGRESS")

    @property
    def is_failure(self) -> bool:
        """Whether the resource failed of itself, and not because another did."""
        return self.status.endswith("_FAILED") and not self.reason.startswith(CANCELLED)


Report = Callable[[Event], None]


class Journal:
    """The events of one stack from now on, each told once, oldest first."""

    def __init__(self, cloudformation: Any, stack_id: str) -> None:
        self._cloudformation = cloudformation
        self._stack_id = stack_id
        self._seen = {identifier for identifier, _ in self._recorded()}

    def news(self) -> list[Event]:
        """What was not told yet."""
        fresh = [(i, event) for i, event in self._recorded() if i not in self._seen]
        self._seen.update(identifier for identifier, _ in fresh)
        return [event for _, event in reversed(fresh)]

    def _recorded(self) -> Iterator[tuple[str, Event]]:
        pages = self._cloudformation.get_paginator("describe_stack_events")
        for page in pages.paginate(StackName=self._stack_id):
            for item in page["StackEvents"]:
                yield item["EventId"], _event(item)


def first_failure(events: Iterable[Event]) -> Event | None:
    """The failure that made the others fail; a resource says more than its stack."""
    failures = [event for event in events if event.is_failure]
    of_resources = [event for event in failures if event.kind != STACK]
    return next(iter(of_resources or failures), None)


def _event(item: dict[str, Any]) -> Event:
    return Event(
        resource=item["LogicalResourceId"],
        kind=item["ResourceType"],
        status=item["ResourceStatus"],
        reason=item.get("ResourceStatusReason", ""),
        physical_id=item.get("PhysicalResourceId", ""),
    )
