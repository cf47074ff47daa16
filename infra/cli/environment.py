"""The environment in which tools run: what the machine needs, and nothing of the developer's."""

import os
from collections.abc import Mapping

MACHINE = frozenset(
    {
        "CI",
        "COLUMNS",
        "DOCKER_HOST",
        "HOME",
        "LANG",
        "LOCALSTACK_ENDPOINT",
        "NO_COLOR",
        "PATH",
        "REQUESTS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "SSL_CERT_FILE",
        "TERM",
        "TMPDIR",
        "USER",
    }
)
FAMILIES = ("FUZZ_", "LC_", "PIP_", "XDG_")
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "all_proxy")


def clean(environ: Mapping[str, str]) -> dict[str, str]:
    """No AWS settings, ports or Python paths get through: a test means the same everywhere."""
    return {name: value for name, value in environ.items() if _is_of_the_machine(name)}


def of_this_process() -> dict[str, str]:
    """The clean part of this process's environment."""
    return clean(os.environ)


def _is_of_the_machine(name: str) -> bool:
    return name in MACHINE or name.startswith(FAMILIES) or name.lower() in PROXIES
