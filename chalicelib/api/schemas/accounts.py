"""Accounts and tokens."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from chalicelib.api.schemas.formats import Id
from chalicelib.domain.users import User, email_address


def _email(text: str) -> str:
    try:
        return email_address(text)
    except ValueError:
        raise PydanticCustomError("email", "This is not a valid e-mail address") from None


Email = Annotated[str, Field(max_length=320, examples=["ada@example.com"]), AfterValidator(_email)]
Password = Annotated[
    str,
    Field(
        max_length=1024,
        examples=["a long and private sentence"],
        json_schema_extra={"format": "password"},
    ),
]


class Credentials(BaseModel):
    """A new account; fields that no client may set are dropped."""

    email: Email
    password: Password


class SignIn(BaseModel):
    """The form of OAuth 2.0's password grant; `username` is the e-mail address."""

    username: Annotated[str, Field(max_length=320, examples=["ada@example.com"])]
    password: Password
    grant_type: Literal["password", ""] = "password"
    scope: str = ""
    client_id: str = ""
    client_secret: str = ""


class Token(BaseModel):
    """An access token and its lifetime in seconds."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"
    expires_in: int


class UserView(BaseModel):
    """A user, as fastapi-users shows one."""

    id: Id
    email: str
    is_active: bool
    is_superuser: bool
    is_verified: bool

    @classmethod
    def of(cls, user: User) -> "UserView":
        return cls(
            id=user.id,
            email=user.email,
            is_active=user.is_active,
            is_superuser=user.is_superuser,
            is_verified=user.is_verified,
        )
