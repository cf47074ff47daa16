"""Accounts: one's own, and for superusers everybody's."""

from chalice.app import Blueprint

from chalicelib.api import admission, paging, wiring
from chalicelib.api.http import Reply, Request, endpoint
from chalicelib.api.schemas.accounts import Change, Deletion, OwnChange, UserList, UserView
from chalicelib.api.schemas.paging import UserQuery
from chalicelib.domain.accounts.callers import Caller
from chalicelib.domain.accounts.emails import account_name
from chalicelib.domain.accounts.users import User
from chalicelib.errors import (
    EmailTaken,
    LastSuperuser,
    PasswordRequired,
    TooManyAttempts,
    WeakPassword,
)
from chalicelib.services.ports.paging import Page

routes = Blueprint(__name__)

Administered = tuple[Caller, User]


@endpoint(routes, "GET", "/v1/users/me", admit=admission.caller, answers={200: UserView})
def me(request: Request[Caller, None]) -> Reply:
    """Who I am."""
    return Reply(UserView.of(request.admitted.user))


@endpoint(
    routes,
    "PATCH",
    "/v1/users/me",
    admit=admission.caller,
    body=OwnChange,
    answers={200: UserView},
    refuses=(PasswordRequired, EmailTaken, WeakPassword, TooManyAttempts),
)
def change_me(request: Request[Caller, OwnChange]) -> Reply:
    """Change my address or password; a new password ends all my sessions and API keys."""
    body = request.body
    user = wiring.services().profiles.change_own(
        request.admitted, body.wish(), body.current_password, request.origin
    )
    return Reply(UserView.of(user))


@endpoint(
    routes,
    "DELETE",
    "/v1/users/me",
    admit=admission.caller,
    body=Deletion,
    is_body_optional=True,
    answers={204: None},
    refuses=(PasswordRequired, LastSuperuser, TooManyAttempts),
)
def delete_me(request: Request[Caller, Deletion]) -> Reply:
    """Delete my account: sessions, API keys and grants end at once, predictions are erased soon."""
    wiring.services().profiles.delete_own(
        request.admitted, request.body.current_password, request.origin
    )
    return Reply(status=204)


@endpoint(
    routes,
    "GET",
    "/v1/users",
    admit=admission.superuser,
    query=UserQuery,
    answers={200: UserList},
    headers=("Link",),
)
def list_users(request: Request[Caller, None]) -> Reply:
    """Users by address, for superusers."""
    page = _page(request.query, paging.place(request))
    cursor, headers = paging.following(request, page)
    data = [UserView.of(user) for user in page.items]
    return Reply(UserList(data=data, next_cursor=cursor), headers=headers)


@endpoint(
    routes,
    "GET",
    "/v1/users/{user_id}",
    admit=admission.administrator,
    answers={200: UserView},
)
def user(request: Request[Administered, None], user_id: str) -> Reply:
    """A user, for superusers."""
    return Reply(UserView.of(request.admitted[1]))


@endpoint(
    routes,
    "PATCH",
    "/v1/users/{user_id}",
    admit=admission.administrator,
    body=Change,
    answers={200: UserView},
    refuses=(PasswordRequired, EmailTaken, WeakPassword, LastSuperuser),
)
def change_user(request: Request[Administered, Change], user_id: str) -> Reply:
    """Change a user, for superusers; deactivating and a new password end all their sessions."""
    caller, user = request.admitted
    changed = wiring.services().profiles.change_other(
        caller, user, request.body.wish(), request.origin
    )
    return Reply(UserView.of(changed))


@endpoint(
    routes,
    "DELETE",
    "/v1/users/{user_id}",
    admit=admission.administrator,
    answers={204: None},
    refuses=(PasswordRequired, LastSuperuser),
)
def delete_user(request: Request[Administered, None], user_id: str) -> Reply:
    """Delete a user, for superusers; their predictions are erased soon."""
    caller, user = request.admitted
    wiring.services().profiles.delete_other(caller, user, request.origin)
    return Reply(status=204)


def _page(query: UserQuery, after: str | None) -> Page[User]:
    users = wiring.services().users
    if query.email is None:
        return users.page(query.is_active, query.limit, after)
    found = users.by_email(account_name(query.email))
    fits = found and query.is_active in (None, found.is_active)
    return Page([found] if found and fits else [])
