"""What may be wrong with LocalStack or with Docker: what, why, what to do."""

from collections.abc import Sequence

from infra.local.errors import Trouble
from infra.localstack.pinned import BY_HAND, IMAGE, VARIABLE, VERSION

WITHOUT_DOCKER = (
    f"or name a LocalStack {VERSION} that runs elsewhere: {VARIABLE}=http://127.0.0.1:4566; "
    "or use the embedded emulator, which needs no Docker: ./run.sh up"
)
ANOTHER = (
    f"Start {IMAGE} there, or unset {VARIABLE} and let Docker Compose start it: "
    "./run.sh up --target localstack"
)


class NoEndpoint(Trouble):
    """The variable holds no address."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{VARIABLE} is {text!r}.",
            "It must be the address of a LocalStack and nothing after it.",
            f"For instance {VARIABLE}=http://127.0.0.1:4566",
        )


class NoAnswer(Trouble):
    """Nobody is at the endpoint, or nobody in time."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(
            f"{endpoint} does not answer.",
            f"No LocalStack runs there, or it is still starting: {reason}.",
            f"Start it ({BY_HAND}), correct {VARIABLE}, or, if it was stopped for good: "
            "./run.sh down",
        )


class NotLocalStack(Trouble):
    """Somebody else is at the endpoint."""

    def __init__(self, endpoint: str, reason: str) -> None:
        super().__init__(
            f"What answers at {endpoint} is no LocalStack.",
            f"GET {endpoint}/_localstack/health {reason}.",
            f"Correct {VARIABLE}. {ANOTHER}",
        )


class WrongVersion(Trouble):
    """Not the release that this is made for."""

    def __init__(self, endpoint: str, version: str) -> None:
        super().__init__(
            f"LocalStack {version} runs at {endpoint}; Lambent wants {VERSION}.",
            "Releases differ in what they deploy, and later ones want a token of an account.",
            ANOTHER,
        )


class WantsToken(Trouble):
    """An edition that serves licensed accounts only."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The LocalStack {where} wants a token.",
            "It is an edition or a release that serves nobody without LOCALSTACK_AUTH_TOKEN; "
            f"the community image {VERSION} is the last one that needs none.",
            f"Use {IMAGE}, not localstack-pro and not latest. {ANOTHER}",
        )


class ServicesOff(Trouble):
    """It was started for fewer services than are deployed."""

    def __init__(self, endpoint: str, missing: Sequence[str], wanted: Sequence[str]) -> None:
        super().__init__(
            f"The LocalStack at {endpoint} does not serve {', '.join(missing)}.",
            "Its SERVICES leave them out, and it refuses what is not in that list.",
            f"Start it again with SERVICES={','.join(wanted)}, or without SERVICES.",
        )


class NoDocker(Trouble):
    """There is no docker command."""

    def __init__(self) -> None:
        super().__init__(
            "LocalStack cannot be started: there is no docker command on PATH.",
            "LocalStack and each function run in containers.",
            f"Install Docker with its Compose plugin; {WITHOUT_DOCKER}",
        )


class NoCompose(Trouble):
    """Docker without Compose."""

    def __init__(self) -> None:
        super().__init__(
            "LocalStack cannot be started: docker has no compose command.",
            "docker-compose.localstack.yml is read by the Compose plugin, version 2.",
            f"Install it (Debian: apt install docker-compose-plugin); {WITHOUT_DOCKER}",
        )


class EngineDown(Trouble):
    """The docker command reaches no engine."""

    def __init__(self, said: str) -> None:
        super().__init__(
            "LocalStack cannot be started: no Docker engine answers.",
            f"docker says: {said}",
            "Start it (Linux: sudo systemctl start docker; elsewhere: Docker Desktop), "
            f"or correct DOCKER_HOST; {WITHOUT_DOCKER}",
        )


class SocketForbidden(Trouble):
    """The engine runs, and this user may not talk to it."""

    def __init__(self, said: str) -> None:
        super().__init__(
            "LocalStack cannot be started: this user may not use Docker's socket.",
            f"docker says: {said}",
            "Join the group that may, then sign in again: sudo usermod -aG docker $USER; "
            f"{WITHOUT_DOCKER}",
        )


class ComposeFailed(Trouble):
    """Compose did not do what it was asked for."""

    def __init__(self, what: str, said: str) -> None:
        super().__init__(
            f"docker compose {what} failed.",
            f"It says: {said}",
            "Correct that and run it again; docker compose -f docker-compose.localstack.yml logs "
            "tells more.",
        )


class OneAtATime(Trouble):
    """This folder's Lambent is up on something else."""

    def __init__(self, on: str, asked: str) -> None:
        super().__init__(
            f"Lambent was not brought up on {asked}.",
            f"This folder's Lambent is up on {on}, and a folder holds one at a time.",
            "Stop that one first: ./run.sh down. Or run both, in two folders with ports of their "
            "own: LOCAL_DIR=.local-2 PORT=8100 EMULATOR_PORT=4600 ./run.sh up",
        )
