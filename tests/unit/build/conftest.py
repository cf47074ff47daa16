"""A checkout in miniature, whose dependencies are wheels made here: no network."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.build import Built, Target, build
from infra.workspace import Workspace

FILES = {
    "app.py": """
        from chalice.app import Chalice
        from chalicelib.api.hello import hello
        import ml_models.one

        app = Chalice(app_name="tiny", configure_logs=False)
        app.register_blueprint(hello)
    """,
    ".chalice/config.json": '{"version": "2.0", "app_name": "tiny", "autogen_policy": false,'
    ' "manage_iam_role": false, "iam_role_arn": "arn:aws:iam::000000000000:role/none",'
    ' "stages": {"api": {}}}',
    "chalicelib/__init__.py": "",
    "chalicelib/errors.py": "class AppError(Exception): ...",
    "chalicelib/api/__init__.py": "",
    "chalicelib/api/hello.py": """
        from chalice.app import Blueprint

        hello = Blueprint(__name__)


        @hello.route("/hello")
        def say():
            return {}
    """,
    "functions/worker/handler.py": "def handler(event, context): ...",
    "functions/worker/requirements.txt": "light==1.0\n",
    "functions/mailer/handler.py": "def handler(event, context): ...",
    "functions/mailer/requirements.in": "light  # everything",
    "functions/mailer/requirements.txt": "light==1.0\n",
    "functions/eraser/handler.py": "def handler(event, context): ...",
    "functions/eraser/requirements.txt": "light==1.0\n",
    "functions/sweeper/handler.py": "def handler(event, context): ...",
    "functions/sweeper/requirements.txt": "light==1.0\n",
    "functions/undertaker/handler.py": "def handler(event, context): ...",
    "functions/undertaker/requirements.txt": "light==1.0\n",
    "layers/model/python/ml_models/__init__.py": "",
    "layers/model/python/ml_models/one.py": "",
    "layers/model/artifacts/one/weights.txt": "8.56",
    "layers/model/requirements.txt": "heavy==1.0\nrequests==2.0\n",
    "layers/big/requirements.txt": "light==1.0\n",
    "requirements.txt": "light==1.0\n",
    "infra/profiles.toml": """
        [small]
        layers = ["model"]

        [large]
        layers = ["big"]
    """,
    "infra/template.yaml": """
        Resources:
          ModelLayer:
            Type: AWS::Serverless::LayerVersion
            Properties: {ContentUri: ./model.zip}
    """,
    "infra/template.worker.yaml": """
        Resources:
          <Profile>Worker:
            Type: AWS::Serverless::Function
            Properties:
              CodeUri: ./<code>
              Layers: <layers>
    """,
    "infra/template.layer.yaml": """
        Resources:
          <Layer>DepsLayer:
            Type: AWS::Serverless::LayerVersion
            Properties: {ContentUri: ./<archive>}
    """,
}


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pip finds the two packages of the miniature, in two versions."""
    folder = tmp_path_factory.mktemp("wheels")
    for name in ("light", "heavy"):
        for version in ("1.0", "2.0"):
            _write_wheel(folder, name, version)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _offline(wheels: Path) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PIP_CONFIG_FILE", os.devnull)
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(wheels))
        yield


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Built]:
    """The miniature after its first build; read only."""
    workspace = _workspace(tmp_path_factory.mktemp("built"))
    write(workspace.root, FILES)
    return workspace, build(workspace, Target.EMBEDDED)


@pytest.fixture
def workspace(built_once: tuple[Workspace, Built], tmp_path: Path) -> Workspace:
    """A copy of the built miniature that a test may change."""
    shutil.copytree(built_once[0].root, tmp_path / "checkout")
    return _workspace(tmp_path / "checkout")


@pytest.fixture
def change(workspace: Workspace) -> Callable[[str, str], None]:
    """Rewrite one file of the copy."""
    return lambda path, text: write(workspace.root, {path: text})


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        margin = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        path.write_text("".join(f"{line[margin:]}\n" for line in lines))


def _workspace(root: Path) -> Workspace:
    return Workspace(root=root, build_dir=root / ".build", local_dir=root / ".local")


def _write_wheel(folder: Path, name: str, version: str) -> None:
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n",
        f"{name}/tests/__init__.py": "",
        f"{name}/__init__.pyi": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{path},,\n" for path in files))
