"""The emulator's environments are made once, whoever asks and whatever interrupts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from infra.emulator.errors import InstallFailed
from infra.emulator.installation import Installation, run


@dataclass
class Commands:
    """Records what would be run; the named command fails."""

    seen: list[tuple[str, ...]] = field(default_factory=list)
    failing: str = "nothing"

    def __call__(self, *command: str) -> None:
        self.seen.append(command)
        if "venv" in command:
            Path(command[-1]).mkdir(parents=True)
        if self.failing in command:
            raise InstallFailed("no network")


@pytest.fixture
def commands() -> Commands:
    return Commands()


@pytest.fixture
def installation(tmp_path: Path, commands: Commands) -> Installation:
    pins = tmp_path / "requirements.txt"
    pins.write_text("ministack==1.5.33\n")
    return Installation(tmp_path / "environments", pins, commands)


def test_they_are_made_once(installation: Installation, commands: Commands) -> None:
    reports: list[str] = []
    for _ in range(2):
        installation.install(reports.append)

    assert (len(reports), len(commands.seen)) == (1, 3)


def test_changed_pins_make_them_again(installation: Installation, commands: Commands) -> None:
    installation.install(print)
    installation.pins.write_text("ministack==1.5.34\n")
    installation.install(print)

    assert len(commands.seen) == 6


def test_an_interrupted_try_is_begun_anew(installation: Installation, commands: Commands) -> None:
    commands.failing = "pip"
    with pytest.raises(InstallFailed):
        installation.install(print)
    commands.failing = "nothing"
    installation.install(print)

    assert len(commands.seen) == 6


def test_two_at_once_make_them_once(installation: Installation, commands: Commands) -> None:
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: installation.install(print), range(2)))

    assert len(commands.seen) == 3


def test_a_failing_command_is_told_with_its_words() -> None:
    with pytest.raises(InstallFailed, match="No such index"):
        run("sh", "-c", "echo No such index >&2; exit 1")
