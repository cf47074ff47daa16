from importlib.util import MAGIC_NUMBER, cache_from_source
from pathlib import Path

import pytest

from infra.build import BuildError
from infra.build.bytecode import compile_tree

UNCHECKED_HASH = (1).to_bytes(4, "little")


def test_bytecode_is_of_this_python_and_never_checked(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("x = 1")

    compile_tree(tmp_path)

    compiled = Path(cache_from_source(str(tmp_path / "module.py"))).read_bytes()
    assert compiled[:8] == MAGIC_NUMBER + UNCHECKED_HASH


def test_bytecode_holds_no_path_of_this_machine(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package/module.py").write_text("def f(): ...")

    compile_tree(tmp_path)

    compiled = Path(cache_from_source(str(tmp_path / "package/module.py"))).read_bytes()
    assert b"package/module.py" in compiled
    assert str(tmp_path).encode() not in compiled


def test_a_file_that_does_not_compile_stops_the_build_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("def")

    with pytest.raises(BuildError, match=r"broken\.py"):
        compile_tree(tmp_path)
