"""This checkout's stack on its emulator, and the way to it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from infra.local.errors import NotUp
from infra.workspace import Workspace

if TYPE_CHECKING:
    from chalicelib.api.composition import Services
    from chalicelib.services.ports.reading import Reader
    from chalicelib.services.ports.security import Passwords
    from infra.deploy import Cloud

STACK = "lambent"
MODELS = "layers/model/python"


@dataclass(frozen=True)
class Core:
    """The application's use cases, on the tables and the queue that are deployed here."""

    services: "Services"
    reader: "Reader"
    passwords: "Passwords"


def followed(workspace: Workspace) -> Workspace:
    """The workspace where its Lambent is up: on LocalStack, or on its emulator's ports."""
    from infra.localstack.memory import place_of

    return place_of(workspace) or _on_its_ports(workspace)


def _on_its_ports(workspace: Workspace) -> Workspace:
    from infra.emulator.environment import Folders
    from infra.emulator.running import Running

    running = Running.of(Folders(workspace.local_dir).pid_file)
    if running is None:
        return workspace
    record = running.record
    return replace(workspace, port=record.port, emulator_port=record.emulator_port)


def running(workspace: Workspace) -> Workspace:
    """The same; NotUp if it does not run, and what is wrong with a LocalStack that does."""
    from infra.emulator.process import Emulator
    from infra.localstack.memory import place_of

    if place := place_of(workspace):
        from infra.localstack.identity import require_usable

        require_usable(place.endpoint)
        return place
    if not Emulator(workspace).is_running():
        raise NotUp("Its emulator does not run.")
    return followed(workspace)


def deployed(cloud: "Cloud", stack: str = STACK) -> dict[str, str]:
    """The outputs of the stack; NotUp before it is complete."""
    from infra.deploy import DeployError, outputs

    try:
        return outputs(cloud, stack)
    except DeployError:
        raise NotUp("Its emulator runs, but nothing is deployed on it yet.") from None


def core(workspace: Workspace, cloud: "Cloud", stack: Mapping[str, str]) -> Core:
    """The use cases with the settings of the deployed API."""
    from infra.deploy import environment

    use_emulator(workspace)
    find_models(workspace)
    from chalicelib.adapters.accounts.passwords import Argon2Passwords
    from chalicelib.adapters.aws import client
    from chalicelib.adapters.reader import TableReader
    from chalicelib.api.wiring import ATTEMPTS, compose
    from chalicelib.settings import Settings

    settings = Settings.read(environment(cloud, stack["ApiFunction"]))
    reader = TableReader(client("dynamodb", ATTEMPTS), settings)
    return Core(compose(settings), reader, Argon2Passwords(settings))


def use_emulator(workspace: Workspace) -> None:
    """Lead this process, and only it, to the emulator, whatever the developer's AWS settings."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL": workspace.endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def find_models(workspace: Workspace) -> None:
    """Make `ml_models` importable in this process."""
    folder = str(workspace.root / MODELS)
    if folder not in sys.path:
        sys.path.append(folder)
