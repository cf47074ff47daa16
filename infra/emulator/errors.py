"""What can go wrong with the emulator, each error with its cure."""


class EmulatorError(Exception):
    """Says what failed, why, and what to do."""


class PortTaken(EmulatorError):
    """Another program listens where the emulator should."""

    def __init__(self, port: int, variable: str, holder: str | None) -> None:
        self.port = port
        self.variable = variable
        self.holder = holder
        super().__init__(
            f"Port {port} of 127.0.0.1 is taken by {holder or 'another program'}. "
            f"If that is a Lambent, stop it with ./run.sh down in its folder; "
            f"otherwise choose another port: {variable}={port + 1} ./run.sh up."
        )


class RunsElsewhere(EmulatorError):
    """This checkout's emulator already runs, on other ports than asked for."""

    def __init__(self, port: int, emulator_port: int) -> None:
        super().__init__(
            f"The emulator of this checkout already runs, on the ports {port} and {emulator_port}. "
            f"Use it there (PORT={port} EMULATOR_PORT={emulator_port}), "
            f"or stop it first: ./run.sh down."
        )


class NotReady(EmulatorError):
    """The emulator did not come up; its last words tell why."""

    def __init__(self, why: str, log: str, last_words: str) -> None:
        super().__init__(
            f"The emulator {why}. Its log, {log}, ends with:\n{last_words}\n"
            f"Try ./run.sh down and ./run.sh up; if its state is broken, ./run.sh down --wipe."
        )


class InstallFailed(EmulatorError):
    """pip could not make the emulator's environment."""

    def __init__(self, output: str) -> None:
        super().__init__(
            "The emulator's environment could not be installed from "
            "infra/emulator/requirements.txt. "
            f"pip said:\n{output}\nCheck the network (or pip's index settings) and run it again."
        )
