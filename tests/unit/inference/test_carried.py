"""Weights that a package carries."""

import sys
from pathlib import Path

import pytest

from chalicelib.inference import carried_file


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that modules are found in."""
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_file_of_a_package_is_found_and_the_package_never_run(site: Path) -> None:
    (site / "heavy_carrier" / "data").mkdir(parents=True)
    (site / "heavy_carrier" / "__init__.py").write_text("raise SystemExit('was run')")
    (site / "heavy_carrier" / "data" / "weights.bin").write_bytes(b"8.56")

    assert carried_file("heavy_carrier", "data/weights.bin").read_bytes() == b"8.56"
    assert "heavy_carrier" not in sys.modules


def test_a_package_trimmed_to_its_files_still_carries_them(site: Path) -> None:
    (site / "trimmed_carrier").mkdir()
    (site / "trimmed_carrier" / "weights.bin").write_bytes(b"8.56")

    assert carried_file("trimmed_carrier", "weights.bin").read_bytes() == b"8.56"


@pytest.mark.parametrize("package", ["no_such_carrier", "json", "sys"])
def test_what_no_package_carries_is_named_with_the_cure(package: str) -> None:
    with pytest.raises(FileNotFoundError, match=rf"{package} carries weights\.bin: list it in"):
        carried_file(package, "weights.bin")
