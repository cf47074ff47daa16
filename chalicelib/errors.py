"""What can be refused, as facts; `chalicelib.api.problems` alone knows their HTTP status."""

from collections.abc import Mapping, Sequence
from typing import ClassVar


class AppError(Exception):
    """A refusal that the caller may read: a stable code, a title, and a sentence.

    `facts` become members of the problem document (RFC 9457, section 3.2);
    `retry_after` is in seconds.
    """

    code: ClassVar[str] = "internal-error"
    title: ClassVar[str] = "Internal error"

    def __init__(
        self, detail: object = None, *, retry_after: int | None = None, **facts: object
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.retry_after = retry_after
        self.facts = facts


class BadRequest(AppError):
    """The request cannot be read at all."""

    code, title = "bad-request", "Bad request"


class Unauthorized(AppError):
    """Nobody, or nobody any more: no token, or one that does not hold."""

    code, title = "unauthorized", "Unauthorized"


class Forbidden(AppError):
    """Somebody, but not somebody who may."""

    code, title = "forbidden", "Forbidden"


class NoGrant(Forbidden):
    """The user has no live grant for the model."""

    code, title = "no-grant", "User does not have access to this model"


class NotFound(AppError):
    """It does not exist, or not for this caller."""

    code, title = "not-found", "Not Found"


class Gone(AppError):
    """It existed and was erased, or its retention has ended."""

    code, title = "gone", "Gone"


class Conflict(AppError):
    """Its present state forbids it."""

    code, title = "conflict", "Conflict"


class BatchUnfinished(Conflict):
    """The batch of this idempotency key is still being stored."""

    code, title = "batch-unfinished", "The batch is still being stored"

    def __init__(self) -> None:
        super().__init__("The batch of this Idempotency-Key is being stored", retry_after=1)


class TooLarge(AppError):
    """Bigger than the stated limit."""

    code, title = "too-large", "Content too large"


class UnsupportedMediaType(AppError):
    """A body of a type that the route does not read."""

    code, title = "unsupported-media-type", "Unsupported media type"


class Invalid(AppError):
    """Readable, but it does not fit the schema; `errors` says where and why."""

    code, title = "invalid", "The request does not fit the schema"

    def __init__(self, detail: str, *, errors: Sequence[Mapping[str, str]]) -> None:
        self.errors = errors
        super().__init__(detail, errors=errors)


class KeyReused(Invalid):
    """The idempotency key came before, with another body."""

    code, title = "idempotency-key-reused", "The key was used for another request"

    def __init__(self) -> None:
        detail = "This Idempotency-Key came with another body before: use a new key"
        finding = {"pointer": "", "detail": detail, "code": "idempotency_key_reused"}
        super().__init__(detail, errors=[finding])


class QuotaExceeded(AppError):
    """A daily or monthly limit of the grant is used up until its reset."""

    code, title = "quota-exceeded", "Quota exceeded"

    def __init__(
        self, waits: Mapping[str, int], limits: Mapping[str, int], left: Mapping[str, int]
    ) -> None:
        """`waits` has the seconds to the reset of each limit without room, `limits` all.

        `left` is what there still is of each: not enough for a batch.
        """
        self.waits = waits
        self.limits = limits
        self.left = left
        self.violated = tuple(waits)
        some = left[self.violated[0]]
        super().__init__(
            f"{self.violated[0].capitalize()} API call limit exceeded"
            + (f": there are {some} left" if some else ""),
            retry_after=max(waits.values()),
            **{"violated-policies": list(waits)},
        )


class Unavailable(AppError):
    """Ours to mend: the table or the queue does not answer; nothing was kept."""

    code, title = "unavailable", "Temporarily unavailable"


class ModelDisabled(Unavailable):
    """The model is switched off by an administrator."""

    code, title = "model-disabled", "The model is disabled"


class ScopeMissing(Forbidden):
    """An API key may not do this; a session of its owner may."""

    code, title = "scope-missing", "The API key lacks a scope"


class LastSuperuser(Conflict):
    """Nobody could administer any more."""

    code, title = "last-superuser", "There has to be a superuser"

    def __init__(self) -> None:
        super().__init__("LAST_SUPERUSER")


class PolicyNameTaken(Conflict):
    """Another access policy already has this name."""

    code, title = "policy-name-taken", "The name is taken"

    def __init__(self, name: str) -> None:
        super().__init__(f"There is an access policy named {name}")


class PolicyInUse(Conflict):
    """A user has a grant under this access policy."""

    code, title = "policy-in-use", "The access policy is in use"

    def __init__(self) -> None:
        super().__init__("Users have grants under this access policy: change or end those first")


class TooManyAttempts(AppError):
    """Too often, from there or for that account; `Retry-After` tells when to try again."""

    code, title = "too-many-attempts", "Too many attempts"

    def __init__(self, wait_ms: int) -> None:
        super().__init__("Wait, then try again", retry_after=max(1, -(-wait_ms // 1000)))


class EmailTaken(AppError):
    """Another user already has this address."""

    code, title = "user-already-exists", "The e-mail address is taken"

    def __init__(self, detail: str = "REGISTER_USER_ALREADY_EXISTS") -> None:
        super().__init__(detail)


class WeakPassword(AppError):
    """The password breaks the policy; `reason` says how."""

    code, title = "invalid-password", "The password is not acceptable"

    def __init__(self, reason: str, detail: str = "REGISTER_INVALID_PASSWORD") -> None:
        self.reason = reason
        super().__init__({"code": detail, "reason": reason})


class BadCredentials(AppError):
    """Unknown address, wrong password or an inactive user; which one is not told."""

    code, title = "bad-credentials", "Bad credentials"

    def __init__(self) -> None:
        super().__init__("LOGIN_BAD_CREDENTIALS")


class NotVerified(AppError):
    """The password is right, but the address has to be proven first."""

    code, title = "not-verified", "The e-mail address is not verified"

    def __init__(self) -> None:
        super().__init__("LOGIN_USER_NOT_VERIFIED")


class PasswordRequired(AppError):
    """What this changes needs the present password, or a sign-in of the last ten minutes."""

    code, title = "current-password-required", "The current password is required"

    def __init__(self) -> None:
        super().__init__("UPDATE_USER_CURRENT_PASSWORD_REQUIRED")


class BadToken(AppError):
    """A mailed token that is wrong, used, expired, or of a user who is not there any more."""

    code, title = "bad-token", "The token does not work"


class AlreadyVerified(AppError):
    """The address is proven already."""

    code, title = "already-verified", "The e-mail address is verified already"

    def __init__(self) -> None:
        super().__init__("VERIFY_USER_ALREADY_VERIFIED")
