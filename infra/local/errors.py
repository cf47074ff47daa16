"""What stops a verb, in three sentences."""


class Trouble(Exception):
    """Foreseen: says what happened, why, and what to do about it."""

    def __init__(self, what: str, why: str, cure: str) -> None:
        super().__init__(f"{what} {why} {cure}")
        self.what = what
        self.why = why
        self.cure = cure


class NotUp(Trouble):
    """Nothing answers here that a verb could talk to."""

    def __init__(self, why: str) -> None:
        super().__init__("Lambent is not up in this folder.", why, "Start it: ./run.sh up")


class UnknownValue(Trouble):
    """A setting in the environment that the template would refuse."""

    def __init__(self, name: str, text: str, wanted: str) -> None:
        super().__init__(
            f"{name}={text!r} cannot be deployed; nothing was touched.",
            f"{name} {wanted}.",
            f"Give it such a value, or none for its default: unset {name}",
        )


class QueuesElsewhere(Trouble):
    """The emulator keeps its port in the addresses of its queues, and finds them by these."""

    def __init__(self, made_on: int | None, port: int) -> None:
        super().__init__(
            f"The queues of this folder cannot be used on EMULATOR_PORT {port}.",
            f"They were made on {made_on}, which is part of their addresses.",
            f"Go back: ./run.sh down, then EMULATOR_PORT={made_on} ./run.sh up; "
            "or forget all local data: ./run.sh down --wipe",
        )


class CredentialsLost(Trouble):
    """Seeded users exist whose passwords nobody knows; they are stored only as hashes."""

    def __init__(self, path: str, emails: list[str]) -> None:
        super().__init__(
            f"The password of {', '.join(emails)} is not in {path}.",
            "The user exists, and a stored password cannot be read back.",
            "Put the file back, or forget all local data and begin anew: "
            "./run.sh down --wipe, then ./run.sh up",
        )


class PasswordUnknown(Trouble):
    """An import brought the user with a password of before."""

    def __init__(self, path: str, email: str) -> None:
        super().__init__(
            f"The password of {email} is not in {path}.",
            "The user was imported, with the password of before.",
            "Put that password into the file, or let ./run.sh up give the user a new one.",
        )


class CredentialsUnreadable(Trouble):
    """The file is not what `up` writes."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} cannot be read.",
            'It is not a list of {"email", "password", "is_superuser"} in JSON.',
            "Mend it, or forget all local data and begin anew: "
            "./run.sh down --wipe, then ./run.sh up",
        )
