import os
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.build.archives import Size, Tree, write_archive


@pytest.fixture
def trees(tmp_path: Path) -> list[Tree]:
    for name in (
        "first/shared/a",
        "first/__pycache__/x",
        "second/shared/b",
        "second/__pycache__/y",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return [Tree(tmp_path / "first"), Tree(tmp_path / "second")]


def test_a_top_level_name_belongs_to_the_first_tree_that_has_it(
    tmp_path: Path, trees: list[Tree]
) -> None:
    write_archive(tmp_path / "out.zip", trees)

    assert ZipFile(tmp_path / "out.zip").namelist() == [
        "__pycache__/x",
        "__pycache__/y",
        "shared/a",
    ]


def test_a_tree_goes_below_its_place(tmp_path: Path, trees: list[Tree]) -> None:
    write_archive(tmp_path / "out.zip", [Tree(trees[0].root, "python")])

    assert "python/shared/a" in ZipFile(tmp_path / "out.zip").namelist()


def test_times_of_files_do_not_show(tmp_path: Path, trees: list[Tree]) -> None:
    write_archive(tmp_path / "one.zip", trees)
    os.utime(trees[0].root / "shared/a", (1, 1))
    write_archive(tmp_path / "two.zip", trees)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_the_size_is_that_of_the_archive_and_of_its_files(
    tmp_path: Path, trees: list[Tree]
) -> None:
    size = write_archive(tmp_path / "out.zip", trees[:1])

    unzipped = len("first/shared/a") + len("first/__pycache__/x")
    assert size == Size((tmp_path / "out.zip").stat().st_size, unzipped)
