"""Why a file is not imported, and how an import that was cut off goes on."""

from collections.abc import Iterable, Mapping

from infra.local.errors import Trouble

UNTOUCHED = "Nothing was imported"


class NotAnExport(Trouble):
    """Another kind of file."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{UNTOUCHED}: {file} is no export of a Lambent.",
            "Its first line does not say so.",
            "Give the file that was written by: ./run.sh data export FILE",
        )


class NewerFormat(Trouble):
    """Written by a release that knows more."""

    def __init__(self, file: str, version: object, lambent: object) -> None:
        super().__init__(
            f"{UNTOUCHED}: {file} has format {version}.",
            f"It was written by Lambent {lambent}, and this checkout reads older formats only.",
            "Import it with the checkout that wrote it, or with a newer one.",
        )


class Damaged(Trouble):
    """Not, byte for byte, what was exported."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"{UNTOUCHED}: {file} was cut or altered.",
            "What it holds is not what its last line counts and sums up.",
            "Copy it again from where it was exported, or take another export.",
        )


class UnknownTables(Trouble):
    """From a Lambent that has other tables."""

    def __init__(self, file: str, names: Iterable[str]) -> None:
        super().__init__(
            f"{UNTOUCHED}: {file} has rows of {', '.join(names)}.",
            "The Lambent of this folder has no such table.",
            "Bring up the checkout that wrote the file, or a newer one, and import it there.",
        )


class NotEmpty(Trouble):
    """There is something that an import would mix with."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        super().__init__(
            f"{UNTOUCHED}: there are rows in {', '.join(counts)}.",
            "Rows of two Lambents together are of neither.",
            "Delete what is there and import in its place: ./run.sh data import FILE --replace",
        )


class Interrupted(Trouble):
    """The tables hold a part of the file, or nothing."""

    def __init__(self, done: str) -> None:
        super().__init__(
            f"The import stopped when it had {done} rows; the tables hold a part of the file.",
            "They did not answer any more.",
            "Look with ./run.sh status, then: ./run.sh data import FILE --replace",
        )
