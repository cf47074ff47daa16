"""API keys."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from chalicelib.api.schemas.formats import Instant, printable
from chalicelib.domain.accounts.api_keys import ApiKey, Scope
from chalicelib.domain.instants import iso

YEAR = 365 * 24 * 3600


def _scope(value: object) -> Scope:
    try:
        return Scope(str(value))
    except ValueError:
        known = ", ".join(Scope)
        raise PydanticCustomError("scope", f"The scopes are {known}") from None


class NewApiKey(BaseModel):
    """A key is to be made."""

    name: Annotated[
        str,
        Field(min_length=1, max_length=100, examples=["nightly job"]),
        AfterValidator(printable),
    ]
    scopes: Annotated[
        list[Annotated[Scope, BeforeValidator(_scope)]],
        Field(min_length=1, max_length=10, examples=[["predictions:read", "predictions:write"]]),
    ]
    expires_in: Annotated[
        int, Field(ge=1, le=YEAR, description="Seconds; at most a year.", examples=[2592000])
    ]


class ApiKeyView(BaseModel):
    """A key, without itself."""

    id: str
    name: str
    scopes: list[Scope]
    created_at: Instant
    expires_at: Instant
    last_used_at: Instant | None

    @classmethod
    def of(cls, key: ApiKey) -> "ApiKeyView":
        return cls(**_facts(key))


class MintedApiKey(ApiKeyView):
    """A new key; `key` is never shown again."""

    key: str

    @classmethod
    def with_text(cls, key: ApiKey, text: str) -> "MintedApiKey":
        return cls(**_facts(key), key=text)


class ApiKeyList(BaseModel):
    """Some keys, the newest first."""

    data: list[ApiKeyView]
    next_cursor: str | None


def _facts(key: ApiKey) -> dict[str, object]:
    used = key.last_used_at
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": iso(key.created_at),
        "expires_at": iso(key.expires_at),
        "last_used_at": None if used is None else iso(used),
    }
