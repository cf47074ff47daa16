"""The files of the pages: ours, and the Swagger UI that Powertools ships."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import aws_lambda_powertools

SERVED = {
    "docs.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "swagger-ui.js": "text/javascript",
}
"""Media types by name; text only, for API Gateway decides by `Accept` what is binary."""

OURS = Path(__file__).parent / "static"
SWAGGER = Path(aws_lambda_powertools.__file__).parent / "event_handler/openapi/swagger_ui"
SWAGGER_FILES = {
    "swagger-ui.css": "swagger-ui.min.css",
    "swagger-ui.js": "swagger-ui-bundle.min.js",
}


def text(name: str) -> str:
    """What the file holds."""
    return _path(name).read_text("utf-8")


@lru_cache(maxsize=len(SERVED))
def digest(name: str) -> str:
    """Of what the file holds: its address changes with it."""
    return sha256(_path(name).read_bytes()).hexdigest()[:16]


def address(name: str) -> str:
    """Where the file is, as seen from a page at the root."""
    return f"static/{digest(name)}/{name}"


def _path(name: str) -> Path:
    return SWAGGER / SWAGGER_FILES[name] if name in SWAGGER_FILES else OURS / name
