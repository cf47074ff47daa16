"""The headers of answers, as components of the document."""

from typing import Any

COMPONENTS: dict[str, Any] = {
    "Cache-Status": {
        "description": "What the result cache had to do with it (RFC 9211).",
        "schema": {"type": "string"},
    },
    "ETag": {
        "description": "Weak, and another one after every change: for `If-None-Match`.",
        "schema": {"type": "string"},
    },
    "Idempotent-Replayed": {
        "description": "The same request came before: this is what it made, at no cost.",
        "schema": {"const": "true"},
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
        "description": "What is left of the limit that ends first; on 429 of those without room.",
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
    "Cache-Control": {
        "name": "Cache-Control",
        "in": "header",
        "required": False,
        "description": "`no-cache`: no result of an earlier request.",
        "schema": {"type": "string"},
    },
    "Idempotency-Key": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "1 to 255 visible characters, quoted (RFC 8941) or not: the same request "
        "again, within 24 hours, gets what the first one made.",
        "schema": {
            "type": "string",
            "pattern": r'^([!#-~][!-~]{0,254}|"([!#-\[\]-~]|\\["\\]){1,255}")$',
        },
    },
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
