"""`up`: from a checkout to a prediction made."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.build import Built
    from infra.deploy import Cloud
    from infra.emulator.process import Emulator
    from infra.local.seed import Seeded
    from infra.workspace import Workspace

MODEL = "temperature"
PATIENCE = 60.0  # seconds; a machine under load starts both functions in some ten
SAMPLE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}


def up() -> None:
    """Build, start, deploy, seed, predict.

    Does what is missing and nothing else: the second time takes seconds and changes nothing.
    """
    from infra.deploy import Cloud
    from infra.emulator.installation import only_one
    from infra.emulator.process import Emulator
    from infra.local.bring_up import require_ports

    workspace = place.wanted()
    whole = console.Step("up")
    with only_one(workspace.local_dir / "up.lock"):
        emulator = Emulator(workspace)
        require_ports(workspace, emulator)
        built = _build(workspace)
        _start(emulator, workspace)
        cloud = Cloud.local(workspace.endpoint)
        stack = _deploy(workspace, cloud, built)
        _seed(workspace, cloud, stack)
        prediction = _predict(workspace)
    _show_ways_in(workspace, prediction, whole.seconds)


def _build(workspace: "Workspace") -> "Built":
    from infra.build import Target, build

    with console.step("Functions") as step:
        built = build(workspace, Target.EMBEDDED, step.report)
        size = sum(size.zipped for size in built.sizes.values()) / 1e6
        step.result = f"{len(built.sizes)} zips, {size:.1f} MB ({_changes(built.rebuilt)})"
    return built


def _start(emulator: "Emulator", workspace: "Workspace") -> None:
    from infra.local.bring_up import start

    with console.step("Emulator") as step:
        started = start(emulator, step.report)
        how = "started" if started else "runs already"
        step.result = f"on 127.0.0.1:{workspace.emulator_port} ({how})"


def _deploy(workspace: "Workspace", cloud: "Cloud", built: "Built") -> Mapping[str, str]:
    from infra.local import bring_up

    with console.step("Infrastructure") as step:
        stack, touched = bring_up.bring_stack(workspace, cloud, built, step.flash)
        kinds = ", ".join(f"{many} {kind}" for kind, many in bring_up.count_kinds(cloud).items())
        how = f"{touched} resources changed" if touched else "unchanged"
        step.result = f"{kinds} ({how})"
    with console.step("Front door") as step:
        added = bring_up.open_door(workspace, cloud, built, stack)
        step.result = f"on 127.0.0.1:{workspace.port} ({len(added) or 'no'} gaps filled)"
    return stack


def _seed(workspace: "Workspace", cloud: "Cloud", stack: Mapping[str, str]) -> None:
    from infra.local.bring_up import sow
    from infra.local.credentials import CredentialsFile

    with console.step("Seed data") as step:
        seeded = sow(workspace, cloud, stack, CredentialsFile.below(workspace.local_dir))
        step.result = told(seeded)


def _predict(workspace: "Workspace") -> str:
    from infra.cli import demo
    from infra.cli.api import Api
    from infra.cli.outcome import latency_ms, require_success

    with console.step("Prediction") as step:
        api = Api(workspace.public_url)
        with demo.session(api, workspace):
            prediction = api.predict(MODEL, SAMPLE, step.flash, patience=PATIENCE)
        require_success(prediction)
        step.result = f"{MODEL} {prediction['output'][MODEL]} ({latency_ms(prediction)} ms)"
    return step.result


def told(seeded: "Seeded") -> str:
    """What was added."""
    added = [*seeded.policies, *seeded.users, *seeded.grants]
    return f"added {', '.join(added)}" if added else "policies, users, grants (unchanged)"


def _changes(rebuilt: tuple[str, ...]) -> str:
    return f"built {', '.join(rebuilt)}" if rebuilt else "unchanged"


def _show_ways_in(workspace: "Workspace", prediction: str, seconds: float) -> None:
    from infra.cli import demo
    from infra.local.credentials import CredentialsFile
    from infra.local.seed import ADMIN

    file = CredentialsFile.below(workspace.local_dir)
    url = workspace.public_url
    console.panel(
        "lambent is up",
        [
            ("API", f"{url}/v1"),
            ("Health", f"{url}/v1/health/ready"),
            ("Prediction", prediction),
            ("Sign in", f"{demo.EMAIL} or {ADMIN}, {place.shown(file.path, workspace)}"),
        ],
        f"ready in {seconds:.1f} s",
    )
    flags = " ".join(f"--{name} {value}" for name, value in SAMPLE.items())
    commands = [("Try it", f"./run.sh predict {MODEL} {flags}")]
    commands += [("Follow", "./run.sh logs -f"), ("Stop", "./run.sh down")]
    for text in console.aligned(commands):
        console.line(f"  {text}")
