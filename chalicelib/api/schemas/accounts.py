"""Accounts, as fastapi-users has them."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, RootModel
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

from chalicelib.api.schemas.formats import Id
from chalicelib.domain.accounts.emails import LONGEST, email_address
from chalicelib.domain.accounts.users import User, Wish


def _email(text: str) -> str:
    try:
        return email_address(text)
    except ValueError:
        raise PydanticCustomError("email", "This is not a valid e-mail address") from None


def _not_null(value: object) -> object:
    if value is None:
        raise PydanticCustomError("null", "Leave it out, or give it a value")
    return value


Email = Annotated[
    str, Field(max_length=LONGEST, examples=["ada@example.com"]), AfterValidator(_email)
]
Password = Annotated[
    str,
    Field(
        max_length=1024,
        examples=["a long and private sentence"],
        json_schema_extra={"format": "password"},
    ),
]
ABSENT = Field(default_factory=lambda: None)
"""A field that may be left out, which is not the same as being null."""
SomeEmail = Annotated[Email | SkipJsonSchema[None], BeforeValidator(_not_null)]
SomeFlag = Annotated[bool | SkipJsonSchema[None], BeforeValidator(_not_null)]
Ignored = Annotated[
    bool | None, Field(description="Read and ignored: only a superuser decides this.")
]


class Nothing(RootModel[None]):
    """`null`, whatever became of it."""


class NoPrivileges(BaseModel):
    """What no user decides of themselves; clients of fastapi-users send it all the same."""

    is_active: Ignored = None
    is_superuser: Ignored = None
    is_verified: Ignored = None


class Credentials(NoPrivileges):
    """A new account; fields that no client may set are dropped."""

    email: Email
    password: Password


class OwnChange(NoPrivileges):
    """What is to be different about oneself; what is left out stays."""

    email: SomeEmail = ABSENT
    password: Password | None = Field(None, description="Null leaves it as it is.")
    current_password: Password | None = Field(
        None, description="Needed for either of these unless signed in within ten minutes."
    )

    def wish(self) -> Wish:
        return Wish(email=self.email, password=self.password)


class Change(BaseModel):
    """What is to be different about a user; what is left out stays."""

    email: SomeEmail = ABSENT
    password: Password | None = Field(None, description="Null leaves it as it is.")
    is_active: SomeFlag = ABSENT
    is_superuser: SomeFlag = ABSENT
    is_verified: SomeFlag = ABSENT

    def wish(self) -> Wish:
        return Wish(**dict(self))


class Deletion(BaseModel):
    """Proof that it is the owner who deletes."""

    current_password: Password | None = Field(
        None, description="Needed unless signed in within ten minutes."
    )


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


class UserList(BaseModel):
    """Some users, by address."""

    data: list[UserView]
    next_cursor: str | None
