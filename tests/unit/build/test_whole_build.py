from collections.abc import Callable
from importlib.util import cache_from_source
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from infra.build import BuildError, Built, Target, build
from infra.workspace import Workspace

CHANGED = "{}  # which is Python and YAML"
Change = Callable[[str, str], None]
Once = tuple[Workspace, Built]

FUNCTIONS = ("api", "worker", "mailer", "eraser", "sweeper", "undertaker")


def names(archive: Path) -> set[str]:
    with ZipFile(archive) as opened:
        return {name for name in opened.namelist() if not name.endswith(".pyc")}


def test_a_first_build_makes_every_archive_and_the_template(built_once: Once) -> None:
    built = built_once[1]

    assert built.rebuilt == (*FUNCTIONS, "model", "model_deps", "big_deps", "template")
    assert all(path.is_file() for path in (built.template, *built.archives.values()))


def test_the_api_ships_its_code_the_models_its_dependencies_and_chalices_runtime(
    built_once: Once,
) -> None:
    assert names(built_once[1].archives["api"]) == {
        "app.py",
        "chalice/__init__.py",
        "chalice/app.py",
        "chalicelib/__init__.py",
        "chalicelib/api/__init__.py",
        "chalicelib/api/hello.py",
        "chalicelib/errors.py",
        "light/__init__.py",
        "ml_models/__init__.py",
        "ml_models/one.py",
    }


@pytest.mark.parametrize("name", ["worker", "mailer", "eraser"])
def test_a_function_beside_the_api_ships_its_own_handler_and_no_api(
    built_once: Once, name: str
) -> None:
    assert names(built_once[1].archives[name]) == {
        "chalicelib/__init__.py",
        "chalicelib/errors.py",
        f"functions/{name}/handler.py",
        "light/__init__.py",
    }


def test_the_sweeper_ships_the_models_beside_its_handler(built_once: Once) -> None:
    assert names(built_once[1].archives["sweeper"]) >= {
        "functions/sweeper/handler.py",
        "ml_models/one.py",
    }


def test_the_layers_lie_where_lambda_looks_for_them(built_once: Once) -> None:
    archives = built_once[1].archives

    assert names(archives["model"]) == {
        "artifacts/one/weights.txt",
        "python/ml_models/__init__.py",
        "python/ml_models/one.py",
    }
    assert names(archives["model_deps"]) == {"python/heavy/__init__.py"}
    assert names(archives["big_deps"]) == {"python/light/__init__.py"}


def test_every_module_of_every_archive_is_accompanied_by_bytecode(built_once: Once) -> None:
    for archive in built_once[1].archives.values():
        with ZipFile(archive) as opened:
            everything = set(opened.namelist())
        modules = {name for name in everything if name.endswith(".py")}
        assert {cache_from_source(module) for module in modules} <= everything


def test_the_template_names_the_archives_beside_it(built_once: Once) -> None:
    built = built_once[1]
    resources = yaml.safe_load(built.template.read_text())["Resources"]

    code = resources["APIHandler"]["Properties"]["CodeUri"]
    assert (built.template.parent / code).resolve() == built.archives["api"]


def test_a_build_of_nothing_new_makes_nothing(workspace: Workspace) -> None:
    said: list[str] = []

    built = build(workspace, Target.EMBEDDED, said.append)

    assert (built.rebuilt, said) == ((), [])


@pytest.mark.parametrize(
    ("path", "rebuilt"),
    [
        (
            "layers/model/python/ml_models/one.py",
            ("api", "sweeper", "undertaker", "model", "template"),
        ),
        ("layers/model/artifacts/one/weights.txt", ("model",)),
        ("functions/worker/handler.py", ("worker",)),
        ("functions/mailer/handler.py", ("mailer",)),
        ("functions/eraser/handler.py", ("eraser",)),
        ("functions/sweeper/handler.py", ("sweeper",)),
        ("functions/undertaker/handler.py", ("undertaker",)),
        ("chalicelib/api/__init__.py", ("api", "template")),
        ("chalicelib/errors.py", (*FUNCTIONS, "template")),
        ("infra/template.layer.yaml", ("template",)),
    ],
)
def test_a_change_rebuilds_what_ships_it_and_installs_nothing(
    workspace: Workspace, change: Change, path: str, rebuilt: tuple[str, ...]
) -> None:
    said: list[str] = []
    change(path, CHANGED)

    built = build(workspace, Target.EMBEDDED, said.append)

    assert built.rebuilt == rebuilt
    assert not [line for line in said if "install" in line]


def test_a_changed_pin_installs_that_bundle_again(workspace: Workspace, change: Change) -> None:
    change("layers/model/requirements.txt", "heavy==2.0")

    built = build(workspace, Target.EMBEDDED)

    assert built.rebuilt == ("model_deps",)
    with ZipFile(built.archives["model_deps"]) as opened:
        assert b"2.0" in opened.read("python/heavy/__init__.py")


def test_a_pin_that_does_not_exist_is_named_and_leaves_the_old_archive(
    workspace: Workspace, change: Change
) -> None:
    change("layers/model/requirements.txt", "heavy==3.0")

    with pytest.raises(BuildError, match=r"layers/model/requirements\.txt.*heavy==3\.0"):
        build(workspace, Target.EMBEDDED)

    assert (workspace.build_dir / "embedded/model_deps.zip").is_file()


def test_a_broken_app_is_reported_with_its_error(workspace: Workspace, change: Change) -> None:
    change("app.py", "import nothing_of_that_name")

    with pytest.raises(BuildError, match="nothing_of_that_name"):
        build(workspace, Target.EMBEDDED)


def test_an_archive_that_was_removed_is_made_again(workspace: Workspace) -> None:
    (workspace.build_dir / "embedded/worker.zip").unlink()

    assert build(workspace, Target.EMBEDDED).rebuilt == ("worker",)


def test_what_an_interrupted_build_left_is_not_shipped(
    workspace: Workspace, change: Change
) -> None:
    change(".build/embedded/staging/worker/chalicelib/leftover.py", "")
    change("functions/worker/handler.py", "")

    built = build(workspace, Target.EMBEDDED)

    assert "chalicelib/leftover.py" not in names(built.archives["worker"])
    assert not (workspace.build_dir / "embedded/staging").exists()


def test_the_same_files_give_the_same_bytes(built_once: Once, workspace: Workspace) -> None:
    for stamps in workspace.build_dir.rglob("stamps.json"):
        stamps.unlink()

    again = build(workspace, Target.EMBEDDED)

    assert {name: path.read_bytes() for name, path in again.archives.items()} == {
        name: path.read_bytes() for name, path in built_once[1].archives.items()
    }


def test_a_third_profile_is_a_table(workspace: Workspace, change: Change) -> None:
    change("infra/profiles.toml", '[small]\nlayers = ["model"]\n[large]\n[third]\n')

    built = build(workspace, Target.EMBEDDED)

    resources = yaml.safe_load(built.template.read_text())["Resources"]
    assert built.rebuilt == ("template",)
    assert resources["ThirdWorker"]["Properties"]["Layers"] == [{"Ref": "ModelLayer"}]


def test_a_layer_that_no_profile_names_is_not_built(workspace: Workspace, change: Change) -> None:
    change("infra/profiles.toml", '[small]\nlayers = ["model"]\n')

    assert "big_deps" not in build(workspace, Target.EMBEDDED).archives


def test_an_emulator_without_layers_gets_them_in_each_worker(workspace: Workspace) -> None:
    built = build(workspace, Target.LOCALSTACK)
    resources = yaml.safe_load(built.template.read_text())["Resources"]
    models = {"artifacts/one/weights.txt", "functions/worker/handler.py", "ml_models/one.py"}

    workers = ["small_worker", "large_worker"]
    assert list(built.archives) == ["api", *workers, "mailer", "eraser", "sweeper", "undertaker"]
    assert names(built.archives["small_worker"]) >= {"heavy/__init__.py", *models}
    assert names(built.archives["large_worker"]) >= models
    assert "heavy/__init__.py" not in names(built.archives["large_worker"])
    assert resources["LargeWorker"]["Properties"]["CodeUri"] == "./large_worker.zip"


def test_a_changed_pin_of_a_layer_rebuilds_the_workers_that_hold_it(
    workspace: Workspace, change: Change
) -> None:
    build(workspace, Target.LOCALSTACK)
    change("layers/big/requirements.txt", "heavy==2.0")

    assert build(workspace, Target.LOCALSTACK).rebuilt == ("large_worker",)
