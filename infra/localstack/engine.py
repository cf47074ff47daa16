"""Whether there is a Docker to start containers with."""

import subprocess
from shutil import which

from infra.localstack.errors import EngineDown, NoDocker, SocketForbidden

SECONDS = 30.0
ASK = ("docker", "info", "--format", "{{.ServerVersion}}")


def require_engine() -> None:
    """Raise unless the docker command is there and an engine lets this user in."""
    if which("docker") is None:
        raise NoDocker
    try:
        asked = subprocess.run(ASK, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise EngineDown(f"nothing within {SECONDS:.0f} s") from None
    if asked.returncode:
        said = (asked.stderr.strip().splitlines() or ["nothing"])[-1]
        raise (SocketForbidden if "permission denied" in said else EngineDown)(said)
