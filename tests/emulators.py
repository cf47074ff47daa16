"""A real emulator for a test: on free ports, in a temporary folder, stopped at the end."""

import io
import socket
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3

from infra.emulator.process import Emulator
from infra.workspace import ROOT, Workspace

ROLE = "arn:aws:iam::000000000000:role/test"


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on just now, each another one."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(listener.getsockname()[1]) for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


def workspace_in(folder: Path) -> Workspace:
    """A workspace of this checkout with its state in that folder and ports of its own.

    The emulator's installation (`.venv-emulator`) is the checkout's, so it is made once.
    """
    port, emulator_port = free_ports(2)
    return Workspace(ROOT, ROOT / ".build", folder / "local", port, emulator_port)


@contextmanager
def running(workspace: Workspace, api_concurrency: int = 3) -> Iterator[Emulator]:
    """That workspace's emulator, ready; stopped at the end whatever happened."""
    emulator = Emulator(workspace, api_concurrency)
    emulator.install(print)
    try:
        emulator.start()
        emulator.wait_ready()
        yield emulator
    finally:
        emulator.stop()


@contextmanager
def running_emulator(folder: Path, api_concurrency: int = 3) -> Iterator[Emulator]:
    """An emulator of its own, with its state in that folder."""
    with running(workspace_in(folder), api_concurrency) as emulator:
        yield emulator


def aws(workspace: Workspace, service: str) -> Any:
    """A boto3 client of this workspace's emulator, whatever the developer's configuration says."""
    session = boto3.Session("test", "test", region_name="us-east-1")
    return session.client(service, endpoint_url=workspace.endpoint)  # type: ignore[call-overload]


def deploy_function(workspace: Workspace, name: str, source: str) -> str:
    """A Lambda function of one file with a `handler`; its ARN."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as code:
        code.writestr("function.py", source)
    made = aws(workspace, "lambda").create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role=ROLE,
        Handler="function.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=30,
    )
    return str(made["FunctionArn"])


def deploy_api(workspace: Workspace, source: str) -> str:
    """A REST API, stage `api`, that gives every request to that function; its id."""
    function = deploy_function(workspace, "api", source)
    gateway = aws(workspace, "apigateway")
    api: str = gateway.create_rest_api(name="test")["id"]
    root = gateway.get_resources(restApiId=api)["items"][0]["id"]
    proxy = gateway.create_resource(restApiId=api, parentId=root, pathPart="{proxy+}")["id"]
    where = {"restApiId": api, "resourceId": proxy, "httpMethod": "ANY"}
    gateway.put_method(**where, authorizationType="NONE")
    gateway.put_integration(
        **where,
        type="AWS_PROXY",
        integrationHttpMethod="POST",
        uri=f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations",
    )
    gateway.create_deployment(restApiId=api, stageName="api")
    return api


def eventually(
    happened: Callable[[], object], seconds: float = 20.0, between: float = 0.02
) -> bool:
    """Whether it happens before the time is over."""
    deadline = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(between)
    return True
