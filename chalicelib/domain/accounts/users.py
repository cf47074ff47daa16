"""Users, and how they may be changed."""

from dataclasses import dataclass, field, replace

from chalicelib.domain.accounts.emails import canonical_email


@dataclass(frozen=True)
class User:
    """An account; `session_version` rises whenever all its sessions and keys must end."""

    id: str
    email: str
    password_hash: str = field(repr=False)
    created_at: int
    is_active: bool = True
    is_superuser: bool = False
    is_verified: bool = False
    session_version: int = 1

    @property
    def has_power(self) -> bool:
        """Whether this is one of those who administer everything."""
        return self.is_active and self.is_superuser


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be different about a user; None is as it was."""

    email: str | None = None
    password: str | None = field(default=None, repr=False)
    is_active: bool | None = None
    is_superuser: bool | None = None
    is_verified: bool | None = None


@dataclass(frozen=True)
class Change:
    """What becomes different about a user; None stays, and `ends_sessions` ends them all."""

    email: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    is_active: bool | None = None
    is_superuser: bool | None = None
    is_verified: bool | None = None
    ends_sessions: bool = False

    def __bool__(self) -> bool:
        return self != Change()

    def of(self, user: User) -> User:
        """The user as they are after it."""
        names = ("email", "password_hash", "is_active", "is_superuser", "is_verified")
        facts = {name: value for name in names if (value := getattr(self, name)) is not None}
        version = user.session_version + self.ends_sessions
        return replace(user, **facts, session_version=version)


def change_of(user: User, wish: Wish, password_hash: str | None = None) -> Change:
    """What a wish changes: a new address is not proven yet, a new password ends all sessions.

    What is wished for and so already is no change.
    """
    email = wish.email if wish.email != user.email else None
    # Of other case it is the same mailbox; of another spelling past that it need not be.
    is_same = email is None or email.lower() == user.email.lower()
    unproven = None if is_same else False
    verified = wish.is_verified if wish.is_verified is not None else unproven
    active = _other(wish.is_active, user.is_active)
    return Change(
        email=email,
        password_hash=password_hash,
        is_active=active,
        is_superuser=_other(wish.is_superuser, user.is_superuser),
        is_verified=_other(verified, user.is_verified),
        ends_sessions=password_hash is not None or active is False,
    )


def is_sensitive(user: User, wish: Wish) -> bool:
    """Whether it would change what the account is got back by: its address or its password."""
    return wish.password is not None or (wish.email is not None and wish.email != user.email)


def is_other_address(user: User, email: str | None) -> bool:
    """Whether this is another address than the user's, and not only another spelling."""
    return email is not None and canonical_email(email) != canonical_email(user.email)


def _other(wished: bool | None, present: bool) -> bool | None:
    return wished if wished != present else None
