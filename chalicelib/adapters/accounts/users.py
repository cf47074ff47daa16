"""Users, the uniqueness of their addresses, and that somebody can always administer."""

from collections.abc import Iterable, Sequence

from chalicelib.adapters.accounts.user_rows import (
    as_seen,
    email_key,
    email_row,
    update_of,
    user_of,
    user_row,
)
from chalicelib.adapters.aws import Client
from chalicelib.adapters.batches import write
from chalicelib.adapters.paging import FILTERED, page_of
from chalicelib.adapters.steps import Step, addition, carry_out, presence, removal
from chalicelib.adapters.tables.access import GrantRow
from chalicelib.adapters.tables.accounts import EmailRow, SuperuserRow, UserRow
from chalicelib.adapters.tables.reach import reachable
from chalicelib.adapters.transactions import Item
from chalicelib.domain.accounts.users import Change, User, is_other_address
from chalicelib.errors import EmailTaken, LastSuperuser, Unavailable
from chalicelib.observability import logger
from chalicelib.services.ports.accounts import Stale
from chalicelib.services.ports.paging import Page

NOBODY = "nobody"
"""No user has this id: whose address is unknown is looked up as everybody is."""


class _WitnessGone(Exception):
    """Who was to go on administering does not any more."""


class UserTable:
    """`ports.accounts.Users` on DynamoDB."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def add(self, user: User) -> None:
        """The user and the markers of their address and power, all or none."""
        rows = [email_row(user), user_row(user), *_power(user)]
        carry_out(self._client, [addition(row, EmailTaken()) for row in rows])

    def by_id(self, user_id: str) -> User | None:
        """One consistent read."""
        with reachable():
            try:
                return user_of(UserRow.get(f"user#{user_id}", "user", consistent_read=True))
            except UserRow.DoesNotExist:
                return None

    def by_email(self, email: str) -> User | None:
        """Two consistent reads, whether there is such a user or not."""
        with reachable():
            try:
                user_id = EmailRow.get(email_key(email), "email", consistent_read=True).user_id
            except EmailRow.DoesNotExist:
                user_id = NOBODY
        return self.by_id(user_id)

    def all(self) -> Iterable[User]:
        """Page by page, from the index."""
        with reachable():
            yield from (user_of(row) for row in UserRow.users_by_email.query("user"))

    def page(self, is_active: bool | None, limit: int, after: str | None) -> Page[User]:
        """From the index; where most are left out a page may be short."""
        every = is_active is None
        with reachable():
            rows = UserRow.users_by_email.query(
                "user",
                filter_condition=None if every else UserRow.is_active == is_active,
                last_evaluated_key=_key_of(after) if after else None,
                page_size=limit + 1 if every else FILTERED,
            )
            return page_of(rows, _user_in, limit, _place)

    def change(self, user: User, change: Change) -> User:
        """One transaction: what changes of the user, and of the markers."""
        after = change.of(user)
        if not change:
            return after
        steps = [Step({"Update": update_of(user, change)}, Stale())]
        if is_other_address(user, change.email):
            taken = EmailTaken("UPDATE_USER_EMAIL_ALREADY_EXISTS")
            steps += [addition(email_row(after), taken), removal(email_row(user))]
        if after.has_power and not user.has_power:
            steps += [addition(row, Stale()) for row in _power(after)]
        self._carry_out(steps, user, after)
        return after

    def remove(self, user: User) -> None:
        """One transaction that ends the user; then the rest of their rows, which mean nothing."""
        gone = user_row(user).get_delete_kwargs_from_instance(condition=as_seen(user))
        steps = [Step({"Delete": gone}, Stale()), removal(email_row(user))]
        self._carry_out(steps, user, None)
        try:
            self._forget_rows(user)
        except Unavailable:
            logger.error("rows of a removed user are left", user=user.id)

    def _carry_out(self, steps: Sequence[Step], user: User, after: User | None) -> None:
        if not user.has_power or (after and after.has_power):
            return carry_out(self._client, steps)
        steps = [*steps, *map(removal, _power(user))]
        for witness in self._others_in_power(user):
            try:
                return carry_out(self._client, [*steps, presence(witness, _WitnessGone())])
            except _WitnessGone:
                continue
        raise LastSuperuser

    def _others_in_power(self, user: User) -> Sequence[SuperuserRow]:
        with reachable():
            rows = SuperuserRow.query("superusers", consistent_read=True)
            return [row for row in rows if row.sk != user.id]

    def _forget_rows(self, user: User) -> None:
        with reachable():
            rows = GrantRow.query(  # whose attributes tell a grant from what else is there
                f"user#{user.id}",
                consistent_read=True,
                attributes_to_get=["pk", "sk", "policy_id"],
            )
            keys = [key for row in rows for key in _with_marker(row)]
        deletions = [
            {"DeleteRequest": {"Key": {"pk": {"S": pk}, "sk": {"S": sk}}}} for pk, sk in keys
        ]
        write(self._client, UserRow.Meta.table_name, deletions)


def _power(user: User) -> list[SuperuserRow]:
    """The marker of who administers."""
    return [SuperuserRow(sk=user.id)] if user.has_power else []


def _with_marker(row: GrantRow) -> list[tuple[str, str]]:
    """The key of a user's row, and if it is a grant that of the marker of its policy."""
    keys = [(row.pk, row.sk)]
    if row.policy_id is not None:
        user_id, model = row.pk.removeprefix("user#"), row.sk.removeprefix("grant#")
        keys.append((f"policy#{int(row.policy_id)}", f"{user_id}#{model}"))
    return keys


def _user_in(item: Item) -> User:
    return user_of(UserRow.from_raw_data(dict(item)))


def _place(item: Item) -> str:
    return f"{item['pk']['S'].removeprefix('user#')} {item['email']['S']}"


def _key_of(place: str) -> dict[str, dict[str, str]]:
    user_id, _, email = place.partition(" ")
    key = {"pk": f"user#{user_id}", "sk": "user", "kind": "user", "email": email}
    return {name: {"S": value} for name, value in key.items()}
