"""The built functions, unpacked as Lambda unpacks them, and how they are run on their own."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

from infra.bench.errors import Unmeasured
from infra.build import Built
from infra.build.bytecode import compile_tree

HELLO = """\
from chalice import Chalice

app = Chalice(app_name="hello")


@app.route("/")
def index():
    return {"hello": "world"}
"""

QUEUE = "https://sqs.us-east-1.amazonaws.com/000000000000/jobs"
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nothing",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "ACCOUNTS_TABLE": "accounts",
    "PREDICTIONS_TABLE": "predictions",
    "USAGE_TABLE": "usage",
    "CATALOGUE_TABLE": "catalogue",
    "AUDIT_TABLE": "audit",
    "QUEUES": json.dumps({"light": dict.fromkeys(("interactive", "bulk"), QUEUE)}),
    "MAIL_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/mail",
    "ERASURE_QUEUE_URL": "https://sqs.us-east-1.amazonaws.com/000000000000/erasures",
    "MAIL_SENDER": "lambent@example.com",
    "SIGNING_SECRET": "signing",
    "PUBLIC_URL": "https://bench.invalid/api",
    "POWERTOOLS_SERVICE_NAME": "bench",
    "POWERTOOLS_METRICS_NAMESPACE": "Lambent",
    "POWERTOOLS_LOG_LEVEL": "INFO",
    "PYTHONUTF8": "1",
}
"""What the template gives the functions, in place of everything that the developer's shell has."""


@dataclass(frozen=True)
class Bundle:
    """A function and the folders that are on its path; `module` is what init imports."""

    module: str
    path: tuple[Path, ...]

    def run(self, *arguments: str, also: tuple[Path, ...] = (), told_by: str = "stdout") -> str:
        """What Python says with this bundle, and nothing that is installed here, on its path."""
        path = ":".join(str(folder) for folder in (*self.path, *also))
        done = subprocess.run(
            [sys.executable, "-S", "-P", "-s", *arguments],
            env={**ENVIRONMENT, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Unmeasured(f"A function's bundle ({self.module})", done.stderr)
        said: str = getattr(done, told_by)
        return said


def unpack(built: Built, into: Path) -> Mapping[str, Bundle]:
    """Each function, the worker with the light layers, and a Chalice hello on the same Chalice."""
    for name, archive in built.archives.items():
        with ZipFile(archive) as zipped:
            zipped.extractall(into / name)
    layers = (into / "model" / "python", into / "model_deps" / "python")
    return {
        "hello": Bundle("app", (_hello(into),)),
        "api": Bundle("app", (into / "api",)),
        "worker": Bundle("functions.worker.handler", (into / "worker", *layers)),
        "mailer": Bundle("functions.mailer.handler", (into / "mailer",)),
        "eraser": Bundle("functions.eraser.handler", (into / "eraser",)),
        "sweeper": Bundle("functions.sweeper.handler", (into / "sweeper",)),
        "undertaker": Bundle("functions.undertaker.handler", (into / "undertaker",)),
    }


def _hello(into: Path) -> Path:
    home = into / "hello"
    shutil.copytree(into / "api" / "chalice", home / "chalice")
    (home / "app.py").write_text(HELLO, "utf-8")
    compile_tree(home)
    return home
