from pathlib import Path

import pytest

from infra.build import BuildError, Target
from infra.build.contents import Requirements
from infra.build.dependencies import installed, shipped_pins

NEEDS = Requirements("pins.txt", omit=("requests",))


def install(root: Path, pins: str, target: Target = Target.EMBEDDED) -> tuple[Path, list[str]]:
    (root / "pins.txt").write_text(pins)
    said: list[str] = []
    return installed(root, "api", NEEDS, target, root / "home", said.append), said


def test_packages_not_shipped_are_left_out_whatever_their_spelling() -> None:
    lock = "# pinned\nnumpy==2.2.6 \\\n    --hash=sha256:ab\nTyping_Extensions==4.0\n\n"

    kept = list(shipped_pins(lock, omit=("typing-extensions",)))

    assert kept == ["numpy==2.2.6      --hash=sha256:ab"]


def test_tests_stubs_and_metadata_are_not_shipped(tmp_path: Path) -> None:
    tree, _ = install(tmp_path, "light==1.0\n")

    assert [path.name for path in tree.iterdir()] == ["light"]
    assert {path.name for path in (tree / "light").iterdir()} == {"__init__.py", "__pycache__"}


def test_the_same_pins_are_installed_once(tmp_path: Path) -> None:
    first, _ = install(tmp_path, "light==1.0\n")

    again, said = install(tmp_path, "# another comment\nlight==1.0\n")

    assert (again, said) == (first, [])


def test_both_lambda_targets_share_their_wheels(tmp_path: Path) -> None:
    aws, _ = install(tmp_path, "light==1.0\n", Target.AWS)
    localstack, _ = install(tmp_path, "light==1.0\n", Target.LOCALSTACK)

    assert aws == localstack


def test_trees_of_older_pins_are_removed_but_for_the_last(tmp_path: Path) -> None:
    for pins in ("light==1.0\n", "light==2.0\n", "heavy==1.0\n"):
        tree, _ = install(tmp_path, pins)

    assert len(list(tree.parent.iterdir())) == 2


def test_a_failed_install_leaves_no_tree_to_take_for_a_whole_one(tmp_path: Path) -> None:
    for _ in range(2):
        with pytest.raises(BuildError, match="missing==1"):
            install(tmp_path, "missing==1\n")
