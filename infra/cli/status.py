"""`status` and `url`: what runs, and where."""

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

import typer

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.deploy import Cloud
    from infra.localstack.workspace import OnLocalStack
    from infra.workspace import Workspace

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DEPTHS = {
    "visible": "ApproximateNumberOfMessages",
    "in_flight": "ApproximateNumberOfMessagesNotVisible",
    "delayed": "ApproximateNumberOfMessagesDelayed",
}


@dataclass(frozen=True)
class Function:
    """A deployed function: bytes of its zip, and of its layers'."""

    name: str
    runtime: str
    code: int
    layers: int


@dataclass(frozen=True)
class Queue:
    """How many messages a queue holds."""

    name: str
    visible: int
    in_flight: int
    delayed: int


@dataclass(frozen=True)
class Report:
    """All that `status` tells; `up` is what its exit code says."""

    up: bool
    url: str
    api_ready: bool = False
    stack: str | None = None
    emulator: dict[str, Any] | None = None
    functions: list[Function] = field(default_factory=list)
    queues: list[Queue] = field(default_factory=list)


def url() -> None:
    """Print the API's base URL and nothing else."""
    console.line(place.here().public_url)


def status(as_json: Json = False) -> None:
    """What runs and is healthy; exit code 1 if not up."""
    report = look(place.here())
    if as_json:
        console.as_json(asdict(report))
    else:
        _show(report)
    if not report.up:
        raise typer.Exit(1)


def look(workspace: "Workspace") -> Report:
    """The emulator, the stack on it, and the API in front."""
    from infra.cli.api import Api
    from infra.deploy import Cloud

    emulator = _emulator(workspace)
    if emulator is None:
        return Report(up=False, url=workspace.public_url)
    cloud = Cloud.local(workspace.endpoint)
    state, outputs = _stack(cloud, workspace.stack)
    ready = bool(outputs) and Api(workspace.public_url).is_ready()
    return Report(
        up=ready,
        url=workspace.public_url,
        api_ready=ready,
        stack=state,
        emulator=emulator,
        functions=[_function(cloud, outputs[name]) for name in outputs if name in FUNCTIONS],
        queues=[_queue(cloud, outputs[name]) for name in outputs if name in QUEUES],
    )


FUNCTIONS = ("ApiFunction", "WorkerFunction", "MailerFunction", "EraserFunction")
QUEUES = (
    *("InteractiveQueueUrl", "DeadLetterQueueUrl"),
    *("MailQueueUrl", "MailDeadLetterQueueUrl"),
    *("ErasureQueueUrl", "ErasureDeadLetterQueueUrl"),
)


def _emulator(workspace: "Workspace") -> dict[str, Any] | None:
    """What plays AWS; None if it does not answer."""
    from infra.emulator.process import Emulator
    from infra.emulator.tuning import VERSION
    from infra.localstack.workspace import OnLocalStack

    if isinstance(workspace, OnLocalStack):
        return _localstack(workspace)
    status = Emulator(workspace).status()
    if status is None or not status.ready:
        return None
    return {**asdict(status), "version": f"ministack {VERSION}"}


def _localstack(workspace: "OnLocalStack") -> dict[str, Any] | None:
    from infra.localstack.errors import NoAnswer
    from infra.localstack.identity import require_usable

    try:
        identity = require_usable(workspace.endpoint)
    except NoAnswer:
        return None
    started = "elsewhere" if workspace.found_at else "by docker compose"
    return {
        "version": f"LocalStack {identity.version}",
        "endpoint": workspace.endpoint,
        "started": started,
    }


def _stack(cloud: "Cloud", name: str) -> tuple[str | None, dict[str, str]]:
    from infra.deploy.operations import describe, outputs_of

    found = describe(cloud.client("cloudformation"), name)
    return (found["StackStatus"], outputs_of(found)) if found else (None, {})


def _function(cloud: "Cloud", name: str) -> Function:
    found = cloud.client("lambda").get_function_configuration(FunctionName=name)
    layers = sum(layer["CodeSize"] for layer in found.get("Layers", []))
    return Function(name, found["Runtime"], found["CodeSize"], layers)


def _queue(cloud: "Cloud", address: str) -> Queue:
    answer = cloud.client("sqs").get_queue_attributes(
        QueueUrl=address, AttributeNames=list(DEPTHS.values())
    )
    depths = {name: int(answer["Attributes"][key]) for name, key in DEPTHS.items()}
    return Queue(address.rpartition("/")[2], **depths)


def _show(report: Report) -> None:
    if report.emulator is None:
        console.line("not up; start it with ./run.sh up")
        return
    console.facts(
        {
            "API": f"{report.url} ({'ready' if report.api_ready else 'not ready'})",
            "Stack": report.stack or "nothing is deployed",
            "Emulator": _told(report.emulator),
        }
    )
    sizes = [(f.name, f.runtime, _mb(f.code), _mb(f.layers)) for f in report.functions]
    console.table(("Function", "Runtime", "Code", "Layers"), sizes)
    depths = [(q.name, q.visible, q.in_flight, q.delayed) for q in report.queues]
    console.table(("Queue", "Visible", "In flight", "Delayed"), depths)


def _told(emulator: dict[str, Any]) -> str:
    if "endpoint" in emulator:
        return f"{emulator['version']} at {emulator['endpoint']}, started {emulator['started']}"
    return (
        f"{emulator['version']}, pid {emulator['pid']}, ports {emulator['port']} "
        f"and {emulator['emulator_port']}, {emulator['function_processes']} function "
        f"processes, {emulator['memory_mb']} MB"
    )


def _mb(size: int) -> str:
    return f"{size / 1e6:.1f} MB"
