"""Compiles each requirements.in to pins: `.venv/bin/python -m infra.lock`.

pip-compile writes only what the running Python needs, so a requirement that differs between
Pythons is pinned in its .in file, with a marker, and copied from there. So is all of a bare.in:
packages of which little is used, pinned without what they depend on.
"""

import re
import subprocess
import sys
from pathlib import Path

from infra.workspace import ROOT

DEVELOPMENT = "infra"
LAYERS = sorted(
    f"layers/{each.parent.name}" for each in Path(ROOT).glob("layers/*/requirements.in")
)
FUNCTIONS = [
    f"functions/{name}" for name in ("worker", "mailer", "eraser", "sweeper", "undertaker")
]
SHIPPED = (".", *FUNCTIONS, *LAYERS)
EMULATOR = "infra/emulator"

OPTIONS = (
    "--quiet",
    "--no-header",
    "--no-annotate",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
)
PIN = re.compile(r"^\S+==\S+(?: *;.*?)?(?= +#|$)", re.MULTILINE)


def main() -> None:
    """Everything shipped is constrained by what is developed and tested with."""
    inherited = [pin for folder in SHIPPED for pin in _copied(folder)]
    _compile(DEVELOPMENT, inherited)
    _compile(EMULATOR, [])
    for folder in SHIPPED:
        _compile(
            folder, _copied(folder), "--constraint", str(ROOT / DEVELOPMENT / "requirements.txt")
        )


def _compile(folder: str, copied: list[str], *options: str) -> None:
    print(f"{folder}/requirements.txt", file=sys.stderr)
    home = ROOT / folder
    command = [sys.executable, "-P", "-m", "piptools", "compile", *OPTIONS, *options]
    subprocess.run([*command, "requirements.in", "-o", "requirements.txt"], cwd=home, check=True)
    lock = home / "requirements.txt"
    names = {pin.partition("==")[0] for pin in copied}
    kept = [pin for pin in lock.read_text().splitlines() if pin.partition("==")[0] not in names]
    lock.write_text("\n".join(sorted({*kept, *copied}, key=str.lower)) + "\n")


def _copied(folder: str) -> list[str]:
    """The pins of a folder that pip-compile is not asked about."""
    marked = [pin for pin in _pins(folder, "requirements.in") if ";" in pin]
    return [*marked, *_pins(folder, "bare.in")]


def _pins(folder: str, file: str) -> list[str]:
    path = Path(ROOT) / folder / file
    return PIN.findall(path.read_text()) if path.is_file() else []


if __name__ == "__main__":
    main()
