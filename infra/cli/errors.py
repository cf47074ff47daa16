"""The words for every failure that can be foreseen."""

from infra.local.errors import Trouble

AGAIN = "Look with ./run.sh status; ./run.sh up brings it up again."


def explain(error: Exception) -> tuple[str, ...] | None:
    """What, why, what to do; None for what nobody foresaw, which deserves its traceback."""
    if isinstance(error, Trouble):
        return error.what, error.why, error.cure
    if isinstance(error, OSError) and error.filename:
        return (
            f"{error.filename}: {error.strerror}.",
            "A verb reads and writes below its folder only.",
            "Give it the right or the room to do so and run it again.",
        )
    return _of_our_packages(error) or _of_the_emulator(error)


def _of_our_packages(error: Exception) -> tuple[str, ...] | None:
    from chalicelib.inference.model import ModelDefinitionError
    from infra.build import BuildError
    from infra.deploy import DeployError
    from infra.emulator.errors import EmulatorError

    if isinstance(error, DeployError):
        return error.what, error.why, error.cure
    if isinstance(error, BuildError | EmulatorError):
        return (str(error),)
    if isinstance(error, ModelDefinitionError):
        return (
            f"{error}.",
            "A model that cannot be served stops every verb that reads the catalogue.",
            "Correct the file below layers/model/python/ml_models.",
        )
    return None


def _of_the_emulator(error: Exception) -> tuple[str, ...] | None:
    from botocore.exceptions import BotoCoreError, ClientError

    from chalicelib.errors import Unavailable

    if isinstance(error, Unavailable):
        return f"{error.detail}.", "The emulator's tables or queues did not answer.", AGAIN
    if isinstance(error, BotoCoreError | ClientError):
        return "The emulator refused or did not answer a call.", f"It says: {error}", AGAIN
    return None
