"""`up`: from a checkout to a prediction made."""

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from infra.cli import console, place

if TYPE_CHECKING:
    from infra.build import Built
    from infra.deploy import Cloud
    from infra.local.ground import Deployed, Ground
    from infra.local.seed import Seeded
    from infra.workspace import Workspace

MODEL = "temperature"
PATIENCE = 60.0  # seconds; a machine under load starts both functions in some ten
SAMPLE = {"latitude": 40, "longitude": 120, "month": 11, "hour": 4}


def up(target: place.Target = None) -> None:
    """Build, start, deploy, seed, predict.

    Does what is missing and nothing else: the second time takes seconds and changes nothing.
    """
    from infra.deploy import Cloud
    from infra.emulator.installation import only_one

    whole = console.Step("up")
    with only_one(place.asked().local_dir / "up.lock"):
        ground, settings = place.ground(target), _settings(place.asked())
        ground.require_startable()
        built = _build(ground)
        _start(ground)
        cloud = Cloud.local(ground.workspace.endpoint)
        deployed = _deploy(ground, cloud, built, settings)
        workspace = deployed.workspace
        _seed(workspace, cloud, deployed.outputs)
        prediction = _predict(workspace)
    _show_ways_in(workspace, prediction, whole.seconds)


def _settings(workspace: "Workspace") -> dict[str, str]:
    """What the environment chooses; Trouble before anything is done if the template refuses it."""
    from infra.build.contents import MERGE_TEMPLATE
    from infra.local.parameters import chosen, declared_in

    return chosen(os.environ, declared_in(workspace.root / MERGE_TEMPLATE))


def _build(ground: "Ground") -> "Built":
    from infra.build import build
    from infra.cli.servable import require_servable

    with console.step("Functions") as step:
        require_servable(ground.workspace)
        built = build(ground.workspace, ground.kind, step.report)
        size = sum(size.zipped for size in built.sizes.values()) / 1e6
        step.result = f"{len(built.sizes)} zips, {size:.1f} MB ({_changes(built.rebuilt)})"
    return built


def _start(ground: "Ground") -> None:
    with console.step(ground.title) as step:
        step.result = ground.start(step.report)


def _deploy(
    ground: "Ground", cloud: "Cloud", built: "Built", settings: Mapping[str, str]
) -> "Deployed":
    from urllib.parse import urlsplit

    from infra.local.bring_up import count_kinds

    with console.step("Infrastructure") as step:
        deployed = ground.deploy(cloud, built, settings, step.flash)
        counts = count_kinds(cloud, deployed.workspace.stack)
        kinds = ", ".join(f"{many} {kind}" for kind, many in counts.items())
        how = f"{deployed.touched} resources changed" if deployed.touched else "unchanged"
        step.result = f"{kinds} ({how})"
    with console.step("Front door") as step:
        added = ground.open_door(cloud, built, deployed)
        door = urlsplit(deployed.workspace.public_url).netloc
        step.result = f"on {door} ({len(added) or 'no'} gaps filled)"
    return deployed


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
            prediction = api.ask(MODEL, SAMPLE, step.flash, patience=PATIENCE)
        require_success(prediction)
        step.result = f"{MODEL} {prediction['output'][MODEL]} ({latency_ms(prediction)} ms)"
    return step.result


def told(seeded: "Seeded") -> str:
    """What was added, and whose password is another one."""
    added = [*seeded.policies, *seeded.users, *seeded.grants, *seeded.keys]
    parts = [f"added {', '.join(added)}"] if added else []
    parts += [f"new password for {', '.join(seeded.renewed)}"] if seeded.renewed else []
    return "; ".join(parts) or "policies, users, grants, keys (unchanged)"


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
            ("Docs", f"{url}/docs"),
            ("Health", f"{url}/v1/health/ready"),
            ("Prediction", prediction),
            ("Sign in", f"{demo.EMAIL} or {ADMIN}, {place.shown(file.path, workspace)}"),
        ],
        f"ready in {seconds:.1f} s",
    )
    flags = " ".join(f"--{name} {value}" for name, value in SAMPLE.items())
    commands = [("Try it", f"./run.sh predict {MODEL} {flags}")]
    commands += [("Follow", "./run.sh logs -f"), ("Mail", "./run.sh mail")]
    commands += [("Stop", "./run.sh down")]
    for text in console.aligned(commands):
        console.line(f"  {text}")
