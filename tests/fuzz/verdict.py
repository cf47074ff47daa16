"""What no answer may be, whatever was asked."""

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

SECURE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "Cache-Control": "no-store",
}
TELLTALE = re.compile(
    r"Traceback|File \"|chalicelib|site-packages|/var/task|/tmp/|/usr/|\.py\b|botocore|boto3"
    r"|pydantic|pynamodb|dynamodb|\bsqs\b|arn:aws|NoneType|object at 0x|<class |\w+Exception"
    r"|Errno|\bkwargs\b",
    re.IGNORECASE,
)
"""Of how it is made."""
WORD = re.compile(r"[A-Za-z_]\w+")
CAMEL = re.compile(r"(?:[A-Z][a-z0-9]+){2,}")
BANNERS = ("server", "x-powered-by", "set-cookie", "via")
OVERRULED = ("Content-Security-Policy", "Cache-Control")
"""Headers that some public routes have in a wording of their own."""
PUBLISHED = ("/docs", "/openapi.json", "/static/")
"""Whose answers are committed files, with names of schemas in them."""
LARGEST_REFUSAL = 12_000
"""Characters: twenty findings, each with its pointer; nothing long of the request is repeated."""
DISABLED = "model-disabled"
"""The one 503 that is no fault: a superuser's wish."""


@dataclass(frozen=True)
class Answered:
    """What the function gave to the gateway."""

    route: str
    status: int
    headers: dict[str, Any]
    text: str
    secrets: Sequence[str]

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def faults(answered: Answered) -> list[str]:
    """All that is wrong with it."""
    checks: tuple[Callable[[Answered], Iterator[str]], ...] = (
        _status,
        _headers,
        _refusal,
        _leaks,
    )
    return [fault for check in checks for fault in check(answered)]


def _status(answered: Answered) -> Iterator[str]:
    if answered.status >= 500 and not (answered.status == 503 and DISABLED in answered.text):
        yield f"status {answered.status}"
    if answered.status in (204, 304) and answered.text:
        yield f"{answered.status} with a body"


def _headers(answered: Answered) -> Iterator[str]:
    told = answered.headers
    for name, value in SECURE.items():
        if told.get(name) != value and not (name in OVERRULED and told.get(name)):
            yield f"{name} is {told.get(name)!r}"
    for name, value in told.items():
        if name.lower() in BANNERS:
            yield f"the header {name}"
        if not re.fullmatch(r"[\x20-\x7e\x80-\xff]*", str(value)):
            yield f"the header {name} cannot be sent: {value!r}"
    if not told.get("X-Request-Id"):
        yield "no X-Request-Id"


def _refusal(answered: Answered) -> Iterator[str]:
    if answered.status < 400:
        return
    if answered.headers.get("Content-Type") != "application/problem+json; charset=utf-8":
        yield f"a refusal of the type {answered.headers.get('Content-Type')!r}"
        return
    problem, told = answered.json, answered.headers
    if problem["status"] != answered.status or problem["request_id"] != told["X-Request-Id"]:
        yield "a problem document of another answer"
    if problem["type"] != f"urn:lambent:problem:{problem['code']}":
        yield f"the type {problem['type']!r}"
    if len(answered.text) > LARGEST_REFUSAL:
        yield f"a refusal of {len(answered.text)} characters"
    if not {"title", "detail", "instance"} <= problem.keys():
        yield "half a problem document"
    if answered.status == 401 and "WWW-Authenticate" not in told:
        yield "a 401 without a challenge"
    if answered.status in (429, 503) and "Retry-After" not in told:
        yield f"a {answered.status} without Retry-After"


def _leaks(answered: Answered) -> Iterator[str]:
    whole = f"{answered.text}\n{answered.headers}"
    for secret in answered.secrets:
        if secret in whole:
            yield f"a secret: {secret[:6]}…"
    if answered.route.startswith(PUBLISHED) and answered.status < 400:
        return
    if found := TELLTALE.search(whole):
        yield f"a telltale: {found[0]!r}"
    for name in {*WORD.findall(whole)} & class_names():
        yield f"the class {name}"


@lru_cache(maxsize=1)
def class_names() -> frozenset[str]:
    """Of all our classes that no word of English is mistaken for; a model's schemas are told."""
    ours = [each for name, each in sys.modules.items() if name.startswith("chalicelib")]
    names = {
        name for module in ours for name, each in vars(module).items() if isinstance(each, type)
    }
    return frozenset(name for name in names if CAMEL.fullmatch(name))
