"""Tokens: what they are asked for with, and what they look like."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from chalicelib.api.schemas.accounts import Email, Password
from chalicelib.api.schemas.formats import Instant
from chalicelib.domain.accounts.emails import LONGEST
from chalicelib.domain.accounts.sessions import Session
from chalicelib.domain.instants import iso
from chalicelib.services.accounts.signing_in import SignedIn

OneTimeToken = Annotated[str, Field(max_length=1024, examples=["what was mailed"])]


class SignIn(BaseModel):
    """The form of OAuth 2.0's password grant; `username` is the e-mail address."""

    username: Annotated[str, Field(max_length=LONGEST, examples=["ada@example.com"])]
    password: Password
    grant_type: Literal["password", ""] = "password"
    scope: str = ""
    client_id: str = ""
    client_secret: str = ""


class Refresh(BaseModel):
    """What the last sign-in or refresh answered; it is exchanged once."""

    refresh_token: Annotated[str, Field(max_length=4096, examples=["rt_…"])]


class Tokens(BaseModel):
    """An access token, its lifetime in seconds, and what gets the next one."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int
    refresh_token: str

    @classmethod
    def of(cls, signed_in: SignedIn, seconds: int) -> "Tokens":
        return cls(
            access_token=signed_in.access_token,
            expires_in=seconds,
            refresh_token=signed_in.refresh_token,
        )


class Address(BaseModel):
    """Where to send a mail, if that is somebody's."""

    email: Email


class Reset(BaseModel):
    """The mailed token, and the new password."""

    token: OneTimeToken
    password: Password


class Verification(BaseModel):
    """The mailed token."""

    token: OneTimeToken


class SessionView(BaseModel):
    """A sign-in; `last_used_at` is when its tokens were last refreshed."""

    id: str
    created_at: Instant
    last_used_at: Instant
    user_agent: str
    source_ip: str
    current: bool

    @classmethod
    def of(cls, session: Session, current: str | None) -> "SessionView":
        return cls(
            id=session.id,
            created_at=iso(session.created_at),
            last_used_at=iso(session.last_used_at or session.created_at),
            user_agent=session.user_agent,
            source_ip=session.source_ip,
            current=session.id == current,
        )


class SessionList(BaseModel):
    """Some sessions, the newest first."""

    data: list[SessionView]
    next_cursor: str | None
