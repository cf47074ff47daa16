"""The emulator's own virtual environments, made once per change of their pins."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.emulator.errors import InstallFailed

PINS = Path(__file__).with_name("requirements.txt")


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold this file's lock: whoever comes second waits. It ends with its process."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def run(*command: str) -> None:
    """Run it quietly; what it said is part of the error if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise InstallFailed((done.stderr or done.stdout)[-2000:].strip())


@dataclass(frozen=True)
class Installation:
    """Two environments in one folder: ministack's, and an empty one in which functions run.

    ministack runs functions on its own Python; given one without any library, a bundle that
    misses a dependency fails as it would on AWS.
    """

    folder: Path
    pins: Path = PINS
    run: Callable[..., None] = run

    @property
    def python(self) -> Path:
        """The Python that has ministack."""
        return self.folder / "ministack" / "bin" / "python"

    @property
    def functions_python(self) -> Path:
        """The Python that has nothing."""
        return self.folder / "functions" / "bin" / "python"

    def install(self, report: Callable[[str], None]) -> None:
        """Make both unless they are there already; an interrupted try is begun anew."""
        if self.is_complete():
            return
        with only_one(self.folder / "lock"):
            if not self.is_complete():
                report("installing the emulator (once, about half a minute)")
                self._make()

    def _make(self) -> None:
        self._stamp.unlink(missing_ok=True)
        for environment in ("ministack", "functions"):
            shutil.rmtree(self.folder / environment, ignore_errors=True)
        self.run(sys.executable, "-m", "venv", str(self.folder / "ministack"))
        self.run(sys.executable, "-m", "venv", "--without-pip", str(self.folder / "functions"))
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        self.run(*pip, "--no-input", "--no-deps", "--requirement", str(self.pins))
        self._stamp.write_text(self._fingerprint())

    @property
    def _stamp(self) -> Path:
        return self.folder / "made-from"

    def is_complete(self) -> bool:
        """Whether both are there, made from these pins and this Python."""
        return self._stamp.exists() and self._stamp.read_text() == self._fingerprint()

    def _fingerprint(self) -> str:
        """What the environments are made from: the pins and the Python."""
        python = f"{sys.version} {sys.base_prefix}"
        return hashlib.sha256(python.encode() + self.pins.read_bytes()).hexdigest()
