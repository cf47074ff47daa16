"""Changing users while others may be changing them too."""

from collections.abc import Callable

from chalicelib.domain.accounts.users import Change, User
from chalicelib.errors import NotFound, Unavailable
from chalicelib.services.ports.accounts import Stale, Users

TRIES = 5


class Changing:
    """Decides again on what there is now, when somebody else was faster."""

    def __init__(self, users: Users) -> None:
        self._users = users

    def apply(self, user: User, decide: Callable[[User], Change]) -> User:
        """The user after the change that `decide` makes of them; NotFound if they are gone."""
        for _ in range(TRIES):
            change = decide(user)
            if not change:
                return user
            try:
                return self._users.change(user, change)
            except Stale:
                user = self._again(user)
        raise Unavailable("The account is being changed, try again", retry_after=1)

    def remove(self, user: User, require: Callable[[User], None]) -> None:
        """Forget the user and all that is theirs, as long as `require` does not object."""
        for _ in range(TRIES):
            require(user)
            try:
                return self._users.remove(user)
            except Stale:
                user = self._again(user)
        raise Unavailable("The account is being changed, try again", retry_after=1)

    def _again(self, user: User) -> User:
        found = self._users.by_id(user.id)
        if found is None:
            raise NotFound
        return found
