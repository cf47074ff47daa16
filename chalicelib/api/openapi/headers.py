"""The headers of answers, as components of the document."""

from typing import Any

COMPONENTS: dict[str, Any] = {
    "Link": {
        "description": "The next page, if there is one (RFC 8288).",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Where the prediction is read.",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
    },
    "Retry-After": {
        "description": "Seconds after which it is worth while to ask again.",
        "schema": {"type": "integer", "minimum": 1},
    },
    "WWW-Authenticate": {
        "description": "The challenge; from API Gateway as x-amzn-Remapped-WWW-Authenticate.",
        "schema": {"type": "string"},
    },
    "X-Request-Id": {
        "description": "Names the request in the logs.",
        "required": True,
        "schema": {"type": "string"},
    },
}


def headers(*names: str) -> dict[str, Any]:
    """References to these components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
