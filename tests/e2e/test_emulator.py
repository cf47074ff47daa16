"""The embedded emulator as a process: where it listens, what it keeps, what it leaves behind."""

import json
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from infra.emulator.environment import Folders
from infra.emulator.errors import NotReady, PortTaken, RunsElsewhere
from infra.emulator.process import Emulator, Stopped
from infra.workspace import Workspace
from tests.emulators import (
    aws,
    deploy_api,
    deploy_function,
    eventually,
    running,
    workspace_in,
)

WORKER = """
def handler(event, context):
    print("worked on", [record["body"] for record in event["Records"]])
    return {"batchItemFailures": []}
"""
ANSWER = 'def handler(event, context): return {"statusCode": 200, "body": "here"}'


def family(emulator: Emulator) -> list[psutil.Process]:
    """The emulator's process and all below it."""
    status = emulator.status()
    assert status is not None
    process = psutil.Process(status.pid)
    return [process, *process.children(recursive=True)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return workspace_in(tmp_path)


@pytest.fixture
def stopped(workspace: Workspace) -> Iterator[Emulator]:
    """An emulator not started yet; stopped in the end."""
    emulator = Emulator(workspace)
    emulator.install(print)
    yield emulator
    emulator.stop()


def listening(processes: list[psutil.Process]) -> set[tuple[str, int]]:
    sockets = [c for process in processes for c in process.net_connections("inet")]
    return {(c.laddr.ip, c.laddr.port) for c in sockets if c.status == psutil.CONN_LISTEN}


def test_it_listens_on_its_two_ports_of_127_0_0_1_and_nowhere_else(workspace: Workspace) -> None:
    with running(workspace) as emulator:
        deploy_function(workspace, "function", ANSWER)
        aws(workspace, "lambda").invoke(FunctionName="function")
        aws(workspace, "iot").list_things()  # has an MQTT listener,
        aws(workspace, "transfer").list_servers()  # and this one SFTP

        assert listening(family(emulator)) == {
            ("127.0.0.1", workspace.port),
            ("127.0.0.1", workspace.emulator_port),
        }


def test_two_run_side_by_side_and_share_nothing(tmp_path: Path) -> None:
    one, other = workspace_in(tmp_path / "one"), workspace_in(tmp_path / "other")
    with running(one), running(other):
        aws(one, "sqs").create_queue(QueueName="of-one")

        assert not aws(other, "sqs").list_queues().get("QueueUrls")


def test_a_stop_leaves_no_process_and_no_listener(workspace: Workspace) -> None:
    with running(workspace) as emulator:
        deploy_function(workspace, "function", ANSWER)
        aws(workspace, "lambda").invoke(FunctionName="function")
        processes = family(emulator)
        outcome = emulator.stop()

    assert outcome is Stopped.SAVED
    assert len(processes) == 2
    assert not any(process.is_running() for process in processes)


def test_starting_and_stopping_twice_does_nothing_the_second_time(stopped: Emulator) -> None:
    outcomes = [stopped.start(), stopped.start()]
    stopped.wait_ready()

    assert outcomes == [True, False]
    assert [stopped.stop(), stopped.stop()] == [Stopped.SAVED, Stopped.NOT_RUNNING]


def test_another_object_of_the_same_workspace_sees_and_stops_it(workspace: Workspace) -> None:
    with running(workspace) as emulator:
        another = Emulator(workspace)
        seen = another.is_running()
        outcome = another.stop()

        assert (seen, outcome, emulator.is_running()) == (True, Stopped.SAVED, False)


def test_a_restart_keeps_what_was_stored(workspace: Workspace) -> None:
    key = {"id": {"S": "kept"}}
    with running(workspace):
        aws(workspace, "dynamodb").create_table(
            TableName="things",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        aws(workspace, "dynamodb").put_item(TableName="things", Item=key)
        aws(workspace, "s3").create_bucket(Bucket="artefacts")
        aws(workspace, "s3").put_object(Bucket="artefacts", Key="a.zip", Body=b"content")
    with running(workspace):
        item = aws(workspace, "dynamodb").get_item(TableName="things", Key=key)["Item"]
        content = aws(workspace, "s3").get_object(Bucket="artefacts", Key="a.zip")["Body"].read()

    assert (item, content) == (key, b"content")


def test_a_restart_keeps_functions_and_the_queues_that_feed_them(workspace: Workspace) -> None:
    with running(workspace):
        sqs = aws(workspace, "sqs")
        queue = sqs.create_queue(QueueName="work")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        deploy_function(workspace, "worker", WORKER)
        aws(workspace, "lambda").create_event_source_mapping(
            EventSourceArn=arn["Attributes"]["QueueArn"],
            FunctionName="worker",
            ScalingConfig={"MaximumConcurrency": 2},
        )
    with running(workspace):
        aws(workspace, "sqs").send_message(QueueUrl=queue, MessageBody="after the restart")

        assert eventually(lambda: "after the restart" in logged(workspace, "worker"))


def logged(workspace: Workspace, function: str) -> str:
    logs, group = aws(workspace, "logs"), f"/aws/lambda/{function}"
    try:
        events = logs.filter_log_events(logGroupName=group)["events"]
    except logs.exceptions.ResourceNotFoundException:
        return ""
    return "\n".join(event["message"] for event in events)


@pytest.mark.parametrize("variable", ["PORT", "EMULATOR_PORT"])
def test_a_taken_port_is_told_with_its_holder_and_the_cure(
    workspace: Workspace, stopped: Emulator, variable: str
) -> None:
    port = workspace.port if variable == "PORT" else workspace.emulator_port
    with socket.create_server(("127.0.0.1", port)):
        with pytest.raises(PortTaken) as taken:
            stopped.start()

        assert (taken.value.variable, taken.value.port) == (variable, port)
        assert f"process {os.getpid()}" in str(taken.value)


def test_the_same_workspace_on_other_ports_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    with running(workspace), pytest.raises(RunsElsewhere, match=str(workspace.port)):
        Emulator(workspace_in(tmp_path)).start()


def test_a_pid_file_left_by_a_killed_emulator_does_not_hinder_a_start(
    workspace: Workspace,
) -> None:
    with running(workspace) as emulator:
        status = emulator.status()
        assert status is not None
        os.kill(status.pid, signal.SIGKILL)
        assert eventually(lambda: not emulator.is_running())
        assert Folders(workspace.local_dir).pid_file.exists()

        assert emulator.start()
        emulator.wait_ready()


def test_an_emulator_that_cannot_start_says_why(workspace: Workspace, stopped: Emulator) -> None:
    stopped.start()
    status = json.loads(Folders(workspace.local_dir).pid_file.read_text())
    os.kill(status["pid"], signal.SIGKILL)

    with pytest.raises(NotReady, match=r"ended while it was starting(.|\n)*emulator\.log"):
        stopped.wait_ready()


def test_wiping_forgets_everything(workspace: Workspace) -> None:
    with running(workspace) as emulator:
        emulator.route_to(deploy_api(workspace, ANSWER))
        emulator.stop()
        emulator.wipe()
    with running(workspace) as emulator:
        status = emulator.status()

        assert status is not None
        assert status.rest_api_id is None
        assert aws(workspace, "apigateway").get_rest_apis()["items"] == []


def test_functions_see_nothing_but_their_bundle(tmp_path: Path) -> None:
    source = """
import importlib.util, json, os
def handler(event, context):
    names = ("boto3", "botocore", "ministack", "pip", "infra", "chalicelib")
    return [name for name in names if importlib.util.find_spec(name)]
"""
    workspace = workspace_in(tmp_path)
    with running(workspace):
        deploy_function(workspace, "curious", source)
        answer = aws(workspace, "lambda").invoke(FunctionName="curious")["Payload"].read()

    assert json.loads(answer) == []
