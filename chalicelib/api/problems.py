"""Refusals as problem documents (RFC 9457); the one place that knows their HTTP status."""

from chalicelib.api import limits
from chalicelib.errors import (
    AlreadyVerified,
    AppError,
    BadCredentials,
    BadRequest,
    BadToken,
    Conflict,
    EmailTaken,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    NotVerified,
    PasswordRequired,
    QuotaExceeded,
    TooLarge,
    TooManyAttempts,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
    WeakPassword,
)
from chalicelib.observability import Metric

STATUS: dict[type[AppError], int] = {
    BadRequest: 400,
    BadCredentials: 400,
    EmailTaken: 400,
    WeakPassword: 400,
    NotVerified: 400,
    PasswordRequired: 400,
    BadToken: 400,
    AlreadyVerified: 400,
    Unauthorized: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Gone: 410,
    TooLarge: 413,
    UnsupportedMediaType: 415,
    Invalid: 422,
    QuotaExceeded: 429,
    TooManyAttempts: 429,
    Unavailable: 503,
    AppError: 500,
}

MEASURED: dict[str, Metric] = {
    "quota-exceeded": Metric.QUOTA_REJECTED,
    "no-grant": Metric.ACCESS_DENIED,
}
"""Refusals that are counted, by code."""

DENIALS = frozenset({"forbidden", "no-grant", "scope-missing"})
"""Refusals that the audit trail keeps, by code: not those that end by themselves."""

LONGEST = 500
"""Characters of a text in a problem document: what was asked for may stand in it."""

CHALLENGE = 'Bearer realm="lambent"'


def status_of(error: AppError) -> int:
    """The HTTP status of a refusal."""
    return status_of_kind(type(error))


def status_of_kind(kind: type[AppError]) -> int:
    """The HTTP status of the nearest class that has one."""
    return next(STATUS[each] for each in kind.__mro__ if each in STATUS)


def document(error: AppError, instance: str, request_id: str) -> dict[str, object]:
    """The problem document of a refusal of the request to `instance`."""
    return {
        "type": f"urn:lambent:problem:{error.code}",
        "title": error.title,
        "status": status_of(error),
        "detail": _short(error.detail) if isinstance(error.detail, str) else error.detail,
        "instance": _short(instance),
        "code": error.code,
        "request_id": request_id,
        **error.facts,
    }


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def headers(error: AppError, had_token: bool) -> dict[str, str]:
    """`Retry-After` where waiting helps, the challenge of a 401, and the limits of a 429."""
    found = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    if isinstance(error, Unauthorized):
        reason = ', error="invalid_token"' if had_token else ""
        found["WWW-Authenticate"] = CHALLENGE + reason
    if isinstance(error, QuotaExceeded):
        found |= limits.told_by(error)
    return found
