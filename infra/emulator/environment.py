"""What the emulator's process, and through it every function, is told by its environment."""

import os
from dataclasses import dataclass
from pathlib import Path

from infra.workspace import Workspace

INHERITED = ("PATH", "LANG", "LC_ALL", "LC_CTYPE")


@dataclass(frozen=True)
class Folders:
    """Where one emulator keeps what it keeps; everything is below the workspace's local folder."""

    local_dir: Path

    @property
    def log(self) -> Path:
        """What the emulator says; the functions' own logs are in its CloudWatch Logs."""
        return self.local_dir / "emulator.log"

    @property
    def pid_file(self) -> Path:
        """The running process and its ports; removed by a clean stop."""
        return self.local_dir / "emulator.pid"

    @property
    def lock(self) -> Path:
        """Held while the emulator is being started or stopped."""
        return self.local_dir / "emulator.lock"

    @property
    def data(self) -> Path:
        """All that `down --wipe` forgets."""
        return self.local_dir / "emulator"

    @property
    def state(self) -> Path:
        """Tables, queues, functions: written on a clean stop, read at the start."""
        return self.data / "state"

    @property
    def route(self) -> Path:
        """The id of the REST API behind the front door."""
        return self.data / "rest-api-id"

    @property
    def home(self) -> Path:
        """An empty home: no personal configuration of AWS or of anything else."""
        return self.data / "home"

    @property
    def scratch(self) -> Path:
        """Temporary files, functions' unzipped code among them; emptied at every start."""
        return self.data / "tmp"


def environment(workspace: Workspace, folders: Folders) -> dict[str, str]:
    """A clean environment: nothing of the developer's shell but PATH and language gets through."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return {
        **inherited,
        **_like_a_function_on_aws(folders),
        "GATEWAY_PORT": str(workspace.emulator_port),
        "BIND_HOST": "127.0.0.1",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_REGION": "us-east-1",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folders.state),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(folders.data / "s3"),
        "IOT_MTLS_ENABLED": "0",  # else MQTT on every interface, port 8883
        "SFTP_ENABLED": "0",
        # ministack removes containers of other ministacks where it finds a Docker socket.
        "DOCKER_HOST": f"unix://{folders.data / 'no-docker.sock'}",
    }


def _like_a_function_on_aws(folders: Folders) -> dict[str, str]:
    """No personal configuration, dummy credentials, UTC, UTF-8: the functions inherit these."""
    return {
        "HOME": str(folders.home),
        "TMPDIR": str(folders.scratch),
        "TZ": "UTC",
        "PYTHONUTF8": "1",
        "PYTHONNOUSERSITE": "1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
