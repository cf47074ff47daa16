"""Keys for programs, in place of access tokens; they only reach the inference routes."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.api_keys import ApiKeyList, ApiKeyView, MintedApiKey, NewApiKey
from chalicelib.api.schemas.paging import PageQuery
from chalicelib.domain.accounts.callers import Caller
from chalicelib.errors import Conflict

routes = Blueprint(__name__)


@endpoint(
    routes,
    "GET",
    "/v1/users/me/api-keys",
    admit=admission.caller,
    query=PageQuery,
    answers={200: ApiKeyList},
    headers=("Link",),
)
def list_keys(request: Request[Caller, None]) -> Reply:
    """My API keys, the newest first."""
    keys, limit = wiring.services().api_keys, request.query.limit
    page = keys.page(request.admitted, limit, paging.place(request))
    cursor, headers = paging.following(request, page)
    data = [ApiKeyView.of(key) for key in page.items]
    return Reply(ApiKeyList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "POST",
    "/v1/users/me/api-keys",
    admit=admission.caller,
    body=NewApiKey,
    answers={201: MintedApiKey},
    refuses=(Conflict,),
)
def mint_key(request: Request[Caller, NewApiKey]) -> Reply:
    """Make an API key; it is shown here and never again."""
    body = request.body
    key, text = wiring.services().api_keys.mint(
        request.admitted, body.name, body.scopes, body.expires_in, request.origin
    )
    return Reply(MintedApiKey.with_text(key, text), 201)


@endpoint(
    routes,
    "DELETE",
    "/v1/users/me/api-keys/{key_id}",
    admit=admission.caller,
    answers={204: None},
)
def revoke_key(request: Request[Caller, None], key_id: str) -> Reply:
    """Revoke one of my API keys; it is refused from the next request on."""
    wiring.services().api_keys.revoke(request.admitted.user.id, key_id, request.origin)
    return Reply(status=204)
