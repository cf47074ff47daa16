"""Each archive as it is shipped: what it carries, what it weighs, and that it works alone."""

import json
import subprocess
import sys
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import botocore
import pytest

from chalicelib.inference.catalogue import Catalogue
from infra.build import Built, read_profiles
from infra.workspace import ROOT

MIB = 1024 * 1024
UNCHECKED_HASH = (1).to_bytes(4, "little")
LAMBDA = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
CALLS = Path(__file__).with_name("aws_calls.py")
FUNCTIONS = ("api", "worker", "mailer", "eraser", "sweeper", "undertaker")
ARCHIVES = (*FUNCTIONS, "model", "model_deps", "onnx_deps")
PROFILES = read_profiles(ROOT)
LOAD_ALL = """
import json, sys
sys.path[:0] = {search!r}
from chalicelib.inference.catalogue import Catalogue, artifacts_of
specs = [spec for spec in Catalogue.discover() if spec.worker == {profile!r}]
for spec in specs:
    spec.factory().load(artifacts_of())
print(json.dumps([spec.name for spec in specs]))
"""
OF_SIGNING_IN = {"cryptography", "jwt", "zxcvbn", "email_validator"}

Unpacked = dict[str, Path]


def alone(*arguments: str) -> Any:
    """What a bare interpreter prints as JSON: no site-packages, no checkout, no environment."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", *arguments],
        capture_output=True,
        text=True,
        env=LAMBDA,
        cwd="/",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def loaded(module: str, *search: Path) -> set[str]:
    """The top-level modules in memory after an import with nothing but these folders."""
    return {name.partition(".")[0] for name in all_loaded(module, *search)}


def all_loaded(module: str, *search: Path) -> set[str]:
    """All modules in memory then, by their whole names."""
    code = (
        f"import sys, json; sys.path[:0] = {[str(path) for path in search]!r}; import {module};"
        "print(json.dumps(list(sys.modules)))"
    )
    return set(alone("-c", code))


def worker_path(unpacked: Unpacked, profile: str = "light") -> tuple[Path, ...]:
    """A worker's search path: its own folder, then its layers'."""
    layers = ("model", *(f"{layer}_deps" for layer in PROFILES[profile].layers))
    return (unpacked["worker"], *(unpacked[name] / "python" for name in layers))


def test_the_api_alone_loads_nothing_heavy(unpacked: Unpacked) -> None:
    modules = loaded("app", unpacked["api"])

    assert not modules & {"numpy", "onnxruntime", "vaderSentiment", "aws_xray_sdk", "boto3"}


@pytest.mark.parametrize("profile", PROFILES)
def test_a_worker_with_its_layers_loads_nothing_of_the_api(
    unpacked: Unpacked, profile: str
) -> None:
    modules = loaded("functions.worker.handler", *worker_path(unpacked, profile))

    assert "functions" in modules
    assert not modules & {"chalice", "jinja2", "jwt", "cryptography", "pynamodb", "boto3"}


def test_the_worker_carries_and_loads_nothing_of_accounts(unpacked: Unpacked) -> None:
    modules = all_loaded("functions.worker.handler", *worker_path(unpacked))

    assert "chalicelib.services.execution" in modules
    assert not [name for name in modules if "accounts" in name]
    assert not list(unpacked["worker"].glob("chalicelib/*/accounts/*"))


def test_the_worker_carries_of_ours_only_what_it_loads(unpacked: Unpacked) -> None:
    """A module that only the API needs goes to ANSWERING, in infra/build/contents.py."""
    home = unpacked["worker"]
    modules = all_loaded("functions.worker.handler", *worker_path(unpacked))
    carried = {
        ".".join(path.relative_to(home).with_suffix("").parts).removesuffix(".__init__")
        for path in home.glob("chalicelib/**/*.py")
    }

    assert carried - modules == set()


@pytest.mark.parametrize("name", ["mailer", "eraser"])
def test_who_runs_no_model_alone_loads_nothing_of_the_api_or_of_the_models(
    unpacked: Unpacked, name: str
) -> None:
    modules = loaded(f"functions.{name}.handler", unpacked[name])

    assert not modules & {"chalice", "jinja2", "ml_models", "numpy", "boto3"}
    assert not modules & OF_SIGNING_IN


@pytest.mark.parametrize("name", ["sweeper", "undertaker"])
def test_who_repairs_alone_knows_the_models_and_loads_nothing_heavy(
    unpacked: Unpacked, name: str
) -> None:
    modules = loaded(f"functions.{name}.handler", unpacked[name])

    assert "ml_models" in modules
    assert not modules & {"chalice", "jinja2", "numpy", "onnxruntime", "boto3", *OF_SIGNING_IN}


@pytest.mark.parametrize("name", ["worker", "mailer", "eraser", "sweeper", "undertaker"])
def test_nothing_that_signs_people_in_is_beside_the_api(unpacked: Unpacked, name: str) -> None:
    carried = {path.name for path in unpacked[name].iterdir()}

    assert not carried & OF_SIGNING_IN


def test_what_signs_people_in_is_in_the_api(unpacked: Unpacked) -> None:
    assert {path.name for path in unpacked["api"].iterdir()} >= OF_SIGNING_IN


def test_the_batch_utility_is_only_where_it_is_used(unpacked: Unpacked) -> None:
    place = "aws_lambda_powertools/utilities/batch"

    users = ["mailer", "eraser", "undertaker"]
    assert [name for name in FUNCTIONS if (unpacked[name] / place).exists()] == users


def test_the_worker_carries_nothing_that_erases_sweeps_or_buries(unpacked: Unpacked) -> None:
    carried = {path.stem for path in (unpacked["worker"] / "chalicelib").rglob("*.py")}

    assert "execution" in carried
    assert not carried & {"erasures", "erasing", "ending", "repairs", "sweeping", "undertaking"}


def test_no_model_needs_more_than_the_layers_carry(unpacked: Unpacked) -> None:
    modules = loaded(
        "numpy, vaderSentiment.vaderSentiment as v; v.SentimentIntensityAnalyzer()",
        *worker_path(unpacked)[1:],
    )

    assert modules >= {"numpy", "vaderSentiment"}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_models_of_a_profile_load_with_its_layers_alone(
    unpacked: Unpacked, profile: str
) -> None:
    search = [str(path) for path in worker_path(unpacked, profile)]
    served = {spec.name for spec in Catalogue.discover() if spec.worker == profile}

    assert set(alone("-c", LOAD_ALL.format(search=search, profile=profile))) == served


def test_onnxruntime_is_in_its_own_layer_and_nowhere_else(unpacked: Unpacked) -> None:
    assert [name for name in ARCHIVES if list(unpacked[name].rglob("onnxruntime"))] == ["onnx_deps"]
    assert "onnxruntime" in loaded("onnxruntime", unpacked["onnx_deps"] / "python")


def test_every_archive_is_looked_at(built: Built) -> None:
    assert set(built.archives) == set(ARCHIVES)


@pytest.mark.parametrize("name", ARCHIVES)
def test_every_module_has_bytecode_of_this_python_that_is_never_checked(
    built: Built, name: str
) -> None:
    with ZipFile(built.archives[name]) as archive:
        wrong = [
            module
            for module in archive.namelist()
            if module.endswith(".py")
            and archive.read(cache_from_source(module))[:16]
            != MAGIC_NUMBER + UNCHECKED_HASH + source_hash(archive.read(module))
        ]

    assert wrong == []


@pytest.mark.parametrize("name", ARCHIVES)
def test_nothing_of_this_machine_is_inside(built: Built, name: str) -> None:
    here = str(Path(__file__).parents[2]).encode()

    with ZipFile(built.archives[name]) as archive:
        telling = [entry for entry in archive.namelist() if here in archive.read(entry)]

    assert telling == []


@pytest.mark.parametrize(
    ("name", "budget"),
    [
        *(
            ("api", 14),
            ("worker", 6),
            ("mailer", 7),
            ("eraser", 7),
            ("sweeper", 7),
            ("undertaker", 7),
        ),
        *(("model", 25), ("model_deps", 25), ("onnx_deps", 60)),
    ],
)
def test_each_archive_keeps_to_its_budget(built: Built, name: str, budget: int) -> None:
    assert built.sizes[name].zipped <= budget * MIB


@pytest.mark.parametrize("profile", PROFILES)
def test_a_worker_with_its_layers_fits_into_lambda(built: Built, profile: str) -> None:
    layers = (f"{layer}_deps" for layer in PROFILES[profile].layers)
    unzipped = sum(built.sizes[name].unzipped for name in ("worker", "model", *layers))

    assert unzipped <= 250 * MIB


def test_swagger_ui_stays_in_the_api_and_out_of_the_others(unpacked: Unpacked) -> None:
    holders = {name for name in ARCHIVES if list(unpacked[name].rglob("swagger-ui*.js"))}

    assert holders == {"api"}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_trimmed_botocore_sends_what_the_published_one_sends(unpacked: Unpacked, name: str) -> None:
    published = str(Path(botocore.__file__).parents[1])

    assert alone(str(CALLS), str(unpacked[name])) == alone(str(CALLS), published)
