"""`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers): what is left."""

from collections.abc import Mapping

from chalicelib.domain.access import windows
from chalicelib.errors import QuotaExceeded
from chalicelib.services.admitting import Admission

SECONDS = {"daily": 86_400, "monthly": 2_592_000}


def left_to(admission: Admission, units: int = 1) -> Mapping[str, str]:
    """After so many more were accepted: the limit of which the least is left."""
    found = windows(admission.grant, admission.usage, admission.now)
    left = {each.name: each.remaining for each in found if each.remaining is not None}
    if not left:
        return {}
    limits = {each.name: each.limit for each in found if each.limit is not None}
    tightest = min(left, key=left.__getitem__)
    told = f'"{tightest}";r={max(0, left[tightest] - units)}'
    return {"RateLimit-Policy": _policy(limits), "RateLimit": told}


def told_by(refusal: QuotaExceeded) -> Mapping[str, str]:
    """The limits that are used up, each with the seconds to its reset."""
    told = ", ".join(
        f'"{name}";r={refusal.left[name]};t={wait}' for name, wait in refusal.waits.items()
    )
    return {"RateLimit-Policy": _policy(refusal.limits), "RateLimit": told}


def _policy(limits: Mapping[str, int]) -> str:
    return ", ".join(f'"{name}";q={limit};w={SECONDS[name]}' for name, limit in limits.items())
