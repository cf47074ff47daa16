"""Compiles each requirements.in to pins: `.venv/bin/python -m infra.lock`.

pip-compile writes only what the running Python needs, so a requirement that differs between
Pythons is pinned in its .in file, with a marker, and copied from there.
"""

import re
import subprocess
import sys
from pathlib import Path

from infra.workspace import ROOT

DEVELOPMENT = "infra"
SHIPPED = (".", "functions/worker", "functions/mailer", "functions/eraser", "layers/model")
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
MARKED = re.compile(r"^\S+==\S+ *;.*?(?= +#|$)", re.MULTILINE)


def main() -> None:
    """Everything shipped is constrained by what is developed and tested with."""
    inherited = [pin for folder in SHIPPED for pin in _marked(folder)]
    _compile(DEVELOPMENT, inherited)
    _compile(EMULATOR, [])
    for folder in SHIPPED:
        _compile(
            folder, _marked(folder), "--constraint", str(ROOT / DEVELOPMENT / "requirements.txt")
        )


def _compile(folder: str, marked: list[str], *options: str) -> None:
    print(f"{folder}/requirements.txt", file=sys.stderr)
    home = ROOT / folder
    command = [sys.executable, "-P", "-m", "piptools", "compile", *OPTIONS, *options]
    subprocess.run([*command, "requirements.in", "-o", "requirements.txt"], cwd=home, check=True)
    lock = home / "requirements.txt"
    names = {pin.partition("==")[0] for pin in marked}
    kept = [pin for pin in lock.read_text().splitlines() if pin.partition("==")[0] not in names]
    lock.write_text("\n".join(sorted([*kept, *marked], key=str.lower)) + "\n")


def _marked(folder: str) -> list[str]:
    return MARKED.findall((Path(ROOT) / folder / "requirements.in").read_text())


if __name__ == "__main__":
    main()
