"""Deployments: first, again, changed, broken, and over what a broken one left."""

from collections.abc import Callable
from pathlib import Path

import pytest

from infra.deploy import Event, destroy, outputs
from infra.deploy.errors import Busy, Declined, NothingDeployed, ResourceFailed, Stuck
from tests.unit.deploy.fakes import FakeCloud

Deploy = Callable[..., dict[str, str]]


def test_a_first_deployment_creates_the_stack_and_tells_its_outputs(
    cloud: FakeCloud, run: Deploy
) -> None:
    assert run() == {"ApiUrl": "http://localhost"}
    assert cloud.cloudformation.calls == ["propose CREATE"]


def test_an_unchanged_template_changes_nothing(cloud: FakeCloud, run: Deploy) -> None:
    run()
    cloud.cloudformation.calls.clear()

    assert run() == {"ApiUrl": "http://localhost"}
    assert cloud.cloudformation.calls == []


def test_another_parameter_is_an_update(cloud: FakeCloud, run: Deploy) -> None:
    run()
    run(parameters={"Environment": "other"})

    assert cloud.cloudformation.calls[-1] == "propose UPDATE"


def test_a_changed_zip_is_an_update(cloud: FakeCloud, run: Deploy, template: Path) -> None:
    run()
    template.with_name("worker.zip").write_bytes(b"second")
    run()

    assert cloud.cloudformation.calls[-1] == "propose UPDATE"
    assert len(cloud.s3.uploads) == 2


def test_a_zip_that_is_stored_is_not_sent_again(cloud: FakeCloud, run: Deploy) -> None:
    run()
    run(parameters={"Environment": "other"})

    assert len(cloud.s3.uploads) == 1


def test_each_step_is_reported_once_in_its_order(run: Deploy, told: list[Event]) -> None:
    run()

    assert [event.status for event in told] == ["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]


def test_an_output_that_no_change_set_sees_is_deployed_all_the_same(
    cloud: FakeCloud, run: Deploy
) -> None:
    run()
    cloud.cloudformation.sees_outputs = False
    run(parameters={"Environment": "other"})

    assert cloud.cloudformation.calls[-2:] == ["discard", "update"]


def test_a_failure_names_the_resource_that_failed_first_and_why(
    cloud: FakeCloud, run: Deploy
) -> None:
    cloud.cloudformation.failing = {
        "Queue": "Limit exceeded",
        "Worker": "Resource creation cancelled",
    }

    with pytest.raises(ResourceFailed, match=r"Queue failed.*Limit exceeded") as raised:
        run()
    assert raised.value.resource == "Queue"


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_what_a_failed_creation_left_is_removed_and_created_anew(
    cloud: FakeCloud, run: Deploy, status: str
) -> None:
    cloud.cloudformation.has("lambent", status)

    assert run() == {"ApiUrl": "http://localhost"}
    assert cloud.cloudformation.calls == ["delete", "propose CREATE"]


def test_a_change_set_that_was_never_executed_is_no_obstacle(cloud: FakeCloud, run: Deploy) -> None:
    cloud.cloudformation.has("lambent", "REVIEW_IN_PROGRESS")

    assert run() == {"ApiUrl": "http://localhost"}


def test_a_stack_that_was_rolled_back_is_updated_and_keeps_its_data(
    cloud: FakeCloud, run: Deploy
) -> None:
    cloud.cloudformation.has("lambent", "UPDATE_ROLLBACK_COMPLETE")
    run()

    assert cloud.cloudformation.calls == ["propose UPDATE"]


@pytest.mark.parametrize(
    ("status", "cure"),
    [
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback --stack-name lambent"),
        ("DELETE_FAILED", "delete-stack --stack-name lambent"),
    ],
)
def test_a_stack_that_may_hold_data_is_left_to_a_person_with_the_cure(
    cloud: FakeCloud, run: Deploy, status: str, cure: str
) -> None:
    cloud.cloudformation.has("lambent", status)

    with pytest.raises(Stuck) as raised:
        run()
    assert cure in raised.value.cure
    assert cloud.cloudformation.calls == []


def test_a_creation_that_was_cut_off_on_an_emulator_is_begun_again(
    cloud: FakeCloud, run: Deploy
) -> None:
    object.__setattr__(cloud, "endpoint", "http://127.0.0.1:4566")
    cloud.cloudformation.has("lambent", "CREATE_IN_PROGRESS")

    assert run(patience=0.0) == {"ApiUrl": "http://localhost"}
    assert cloud.cloudformation.calls == ["delete", "propose CREATE"]


def test_on_aws_another_deployment_is_never_cut_off(cloud: FakeCloud, run: Deploy) -> None:
    cloud.cloudformation.has("lambent", "CREATE_IN_PROGRESS")

    with pytest.raises(Busy):
        run(patience=0.0)
    assert cloud.cloudformation.calls == []


def test_declined_changes_leave_nothing_behind(cloud: FakeCloud, run: Deploy) -> None:
    with pytest.raises(Declined):
        run(approve=lambda changes: [change.resource for change in changes] != ["Queue"])
    assert cloud.cloudformation.stacks == {}


def test_destroying_a_stack_tells_what_was_kept(
    cloud: FakeCloud, run: Deploy, told: list[Event]
) -> None:
    run()

    assert destroy(cloud, "lambent", report=told.append) == ["Table-1"]
    assert cloud.cloudformation.stacks == {}


@pytest.mark.parametrize("status", [None, "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_there_are_no_outputs_without_a_stack_that_was_created(
    cloud: FakeCloud, status: str | None
) -> None:
    if status:
        cloud.cloudformation.has("lambent", status)

    with pytest.raises(NothingDeployed):
        outputs(cloud, "lambent")
