"""Pydantic's findings as a refusal that never repeats what was sent."""

from pydantic import ValidationError

from chalicelib.errors import Invalid

MOST_FINDINGS = 20
"""A body can be wrong in thousands of places; nobody reads more than a few."""

LONGEST_NAME = 40
"""Characters of a name in a pointer; a longer one is the sender's own, and could fill a body."""

NOT_AN_OBJECT = {"model_type", "model_attributes_type", "dataclass_type"}
"""Pydantic says it with the name of a class of ours."""


def invalid(error: ValidationError, at: str = "") -> Invalid:
    """Where it does not fit (JSON pointers, RFC 6901, below `at`), and why."""
    findings = [
        {
            "pointer": at + "".join(f"/{_escaped(part)}" for part in finding["loc"]),
            "detail": "Input should be an object"
            if finding["type"] in NOT_AN_OBJECT
            else finding["msg"],
            "code": finding["type"],
        }
        for finding in error.errors(include_url=False, include_context=False, include_input=False)[
            :MOST_FINDINGS
        ]
    ]
    first, others = findings[0], error.error_count() - 1
    more = f" (and {others} more)" if others else ""
    return Invalid(f"{first['pointer'] or '/'}: {first['detail']}{more}", errors=findings)


def _escaped(part: int | str) -> str:
    name = str(part)
    shown = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…"
    return shown.replace("~", "~0").replace("/", "~1")
