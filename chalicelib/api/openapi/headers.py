"""The headers of answers, as components of the document."""

from typing import Any

COMPONENTS: dict[str, Any] = {
    "ETag": {
        "description": "Weak, and another one after every change: for `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Link": {
        "description": "The next page, if there is one (RFC 8288).",
        "schema": {"type": "string"},
    },
    "Location": {
        "description": "Where what was made is read.",
        "required": True,
        "schema": {"type": "string", "format": "uri"},
    },
    "Preference-Applied": {
        "description": "`wait=n`: for how many seconds, at most, the answer was held back.",
        "schema": {"type": "string"},
    },
    "RateLimit": {
        "description": "What is left of the limit that ends first; on 429 of those that ended.",
        "schema": {"type": "string"},
    },
    "RateLimit-Policy": {
        "description": "The limits of the grant: quota `q`, and seconds `w`.",
        "schema": {"type": "string"},
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

TAKEN: dict[str, Any] = {
    "If-None-Match": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "An `ETag` of before: 304 while nothing has changed.",
        "schema": {"type": "string"},
    },
    "Prefer": {
        "name": "Prefer",
        "in": "header",
        "required": False,
        "description": "`wait=n`: hold the answer back for up to n seconds (RFC 7240).",
        "schema": {"type": "string"},
    },
}
"""Headers of requests, as parameters."""


def headers(*names: str) -> dict[str, Any]:
    """References to these components."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
