"""Stacks, workers and sign-ins that are not well."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.doctor import service
from infra.doctor.findings import State
from infra.local.errors import Trouble

QUEUES = {
    "LightInteractiveQueueUrl": "queue",
    "LightBulkQueueUrl": "bulk",
    "LightDeadLetterQueueUrl": "dead",
}
WORKER, UNDERTAKER, MAILER, ERASER = service.takers(["light"])
ENABLED = [{"State": "Enabled"}] * 2


class FakeFormation:
    """A CloudFormation with one stack, or none."""

    def __init__(self, status: str | None, body: Any = None) -> None:
        self._status, self._body = status, body

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        if self._status is None:
            from tests.unit.deploy.fakes import refusal

            raise refusal("ValidationError", f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"StackName": StackName, "StackStatus": self._status}]}

    def get_template(self, StackName: str) -> dict[str, Any]:
        return {"TemplateBody": self._body}


class FakeQueues:
    """Queues whose depths change from look to look; the last one stays."""

    def __init__(self, *looks: tuple[int, int], dead: int = 0, of: str = "queue") -> None:
        self._looks, self._last, self._dead = iter(looks), looks[-1], dead
        self._looked_at = of

    def get_queue_attributes(self, QueueUrl: str, AttributeNames: list[str]) -> dict[str, Any]:
        depths = (self._dead, 0) if QueueUrl == "dead" else self._depths(QueueUrl)
        return {"Attributes": dict(zip(AttributeNames, map(str, depths), strict=True))}

    def _depths(self, url: str) -> tuple[int, int]:
        return next(self._looks, self._last) if url == self._looked_at else (0, 0)


@pytest.fixture
def template(tmp_path: Path) -> Iterator[Path]:
    """A built template with one function."""
    (tmp_path / "worker.zip").write_bytes(b"zip")
    place = tmp_path / "template.yaml"
    place.write_text(
        "Resources:\n  Worker:\n    Type: AWS::Serverless::Function\n"
        "    Properties:\n      CodeUri: worker.zip\n"
    )
    return place


@pytest.mark.parametrize(
    ("status", "detail", "mends"),
    [
        (None, "nothing is deployed", True),
        ("ROLLBACK_COMPLETE", "half deployed: ROLLBACK_COMPLETE", True),
        ("CREATE_IN_PROGRESS", "half deployed: CREATE_IN_PROGRESS", True),
        ("DELETE_FAILED", "half deployed: DELETE_FAILED", False),
    ],
)
def test_a_stack_that_is_not_whole_fails_and_up_mends_it_where_it_can(
    template: Path, status: str | None, detail: str, mends: bool
) -> None:
    found = service.stack(FakeFormation(status), "lambent", template, list)
    assert (found.state, found.mend is not None) == (State.FAIL, mends)
    assert found.detail.startswith(detail)
    assert "./run.sh" in found.cure


def test_a_stack_of_what_is_built_is_right(template: Path) -> None:
    [key] = service.artefacts.read(template).zips.values()
    found = service.stack(
        FakeFormation("UPDATE_COMPLETE", {"Code": f"s3://bucket/{key}"}), "lambent", template, list
    )
    assert found.state == State.OK


def test_a_stack_of_older_bundles_is_brought_up_to_date_by_up(template: Path) -> None:
    formation = FakeFormation("UPDATE_COMPLETE", {"Code": "s3://bucket/older.zip"})
    found = service.stack(formation, "lambent", template, list)
    assert (found.state, found.cure) == (State.WARN, "./run.sh up")


def test_a_stack_without_a_build_is_of_something_older(tmp_path: Path) -> None:
    formation = FakeFormation("CREATE_COMPLETE", {})
    assert service.stack(formation, "lambent", tmp_path / "none", list).state == State.WARN


@pytest.mark.parametrize(("is_ready", "state"), [(True, State.OK), (False, State.FAIL)])
def test_the_api_is_asked_whether_it_is_ready(is_ready: bool, state: State) -> None:
    assert service.api("http://localhost:8000/api", lambda: is_ready, list).state == state


def test_a_password_that_is_refused_is_the_trouble_that_says_so() -> None:
    def enter() -> None:
        raise Trouble("What.", "Why.", "Cure.")

    with pytest.raises(Trouble):
        service.sign_in("demo@example.com", enter)
    assert service.sign_in("demo@example.com", list).state == State.OK


@pytest.mark.parametrize(
    ("sources", "told"),
    [
        ([], "missing, missing"),
        (ENABLED[:1], "Enabled, missing"),
        ([*ENABLED[:1], {"State": "Disabled"}], "Enabled, Disabled"),
    ],
)
def test_a_worker_that_is_not_led_to_both_its_queues_fails(
    sources: list[dict[str, Any]], told: str
) -> None:
    found = service.taking(FakeQueues((0, 0)), WORKER, QUEUES, sources)
    assert (found.state, found.detail) == (State.FAIL, f"its event sources: {told}")


@pytest.mark.parametrize("queue", ["queue", "bulk"])
def test_messages_that_nobody_takes_fail(queue: str) -> None:
    found = service.taking(FakeQueues((7, 0), of=queue), WORKER, QUEUES, ENABLED, patience=0.1)
    assert found.state == State.FAIL
    assert found.detail.startswith("7 messages wait")


@pytest.mark.parametrize("looks", [[(0, 0)], [(7, 0), (4, 0)], [(7, 0), (9, 10)], [(900, 10)]])
def test_messages_that_are_being_taken_are_right(looks: list[tuple[int, int]]) -> None:
    assert service.taking(FakeQueues(*looks), WORKER, QUEUES, ENABLED).state == State.OK


def test_messages_that_were_given_up_are_told() -> None:
    queues = {"MailQueueUrl": "queue", "MailDeadLetterQueueUrl": "dead"}
    found = service.taking(FakeQueues((0, 0), dead=3), MAILER, queues, ENABLED)
    assert (found.state, "gave up 3 messages" in found.detail) == (State.WARN, True)


@pytest.mark.parametrize(("taker", "what"), [(MAILER, "Mail"), (ERASER, "Erasure")])
def test_each_is_judged_by_its_own_queues_and_logs(taker: service.Taker, what: str) -> None:
    queues = {f"{what}QueueUrl": "queue", f"{what}DeadLetterQueueUrl": "dead"}
    found = service.taking(FakeQueues((0, 0), dead=1), taker, queues, ENABLED)
    assert (found.state, found.cure) == (State.WARN, f"./run.sh logs {taker.name} tells why.")


def test_what_workers_give_up_is_taken_by_the_undertaker() -> None:
    queues = FakeQueues((0, 0), dead=7)
    found = service.taking(queues, UNDERTAKER, QUEUES, ENABLED[:1], patience=0.1)
    assert (found.state, found.detail.startswith("7 messages wait")) == (State.FAIL, True)
