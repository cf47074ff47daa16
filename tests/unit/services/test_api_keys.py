from dataclasses import replace
from io import StringIO

import pytest

from chalicelib.api.composition import Services
from chalicelib.domain.accounts.api_keys import ApiKey, Scope
from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Caller
from chalicelib.domain.accounts.letters import Kind
from chalicelib.domain.accounts.users import Change, User
from chalicelib.domain.ids import uuid7
from chalicelib.errors import (
    Conflict,
    Forbidden,
    NoGrant,
    NotFound,
    ScopeMissing,
    Unauthorized,
    Unavailable,
)
from chalicelib.services.accounts.keys import MOST
from chalicelib.services.ports.reading import Wanted
from tests.fakes import FakeApiKeys
from tests.samples import NOW
from tests.unit.services.accounts import HERE, Member, a_member, recorded
from tests.unit.services.models import CATALOGUE
from tests.world import World

READ, WRITE, MODELS = Scope.PREDICTIONS_READ, Scope.PREDICTIONS_WRITE, Scope.MODELS_READ
MONTH = 30 * 24 * 3600


@pytest.fixture
def ada(use: Services) -> Member:
    return a_member(use)


def minted(use: Services, member: Member, *scopes: Scope) -> str:
    return use.api_keys.mint(member.caller, "robot", scopes or (READ,), MONTH, HERE)[1]


def by_key(use: Services, text: str, scope: Scope | None = READ) -> Caller:
    return use.authentication.look(use.authentication.identify(text), Wanted(), scope)[0]


def test_who_bears_a_key_is_its_owner(use: Services, ada: Member) -> None:
    assert by_key(use, minted(use, ada)).user == ada.user


def test_a_key_has_each_scope_once_and_the_name_and_end_that_were_asked_for(
    use: Services, ada: Member
) -> None:
    key, _ = use.api_keys.mint(ada.caller, "robot", [WRITE, READ, WRITE], 60, HERE)
    assert (key.name, key.scopes, key.expires_at) == ("robot", (READ, WRITE), NOW + 60_000)


def test_only_a_digest_of_a_key_is_kept(world: World, use: Services, ada: Member) -> None:
    text = minted(use, ada)
    assert text[-47:] not in f"{list(map(vars, world.memory.api_keys.values()))}"


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_may_what_its_scope_says_and_nothing_else(
    use: Services, ada: Member, scope: Scope
) -> None:
    text = minted(use, ada, scope)
    assert by_key(use, text, scope)
    for other in set(Scope) - {scope}:
        with pytest.raises(ScopeMissing, match=f"The API key lacks the scope {other}"):
            by_key(use, text, other)


def test_a_key_cannot_do_what_takes_a_sign_in(use: Services, ada: Member) -> None:
    credential = use.authentication.identify(minted(use, ada, *Scope))
    with pytest.raises(Forbidden):
        use.authentication.caller(credential)


def test_a_superusers_key_is_no_superuser(world: World, use: Services) -> None:
    root = a_member(use, is_superuser=True)
    credential = use.authentication.identify(minted(use, root, *Scope))
    with pytest.raises(Forbidden):
        use.authentication.superuser(credential)
    prediction = world.accepted(world.somebody(), "double")
    with pytest.raises(NotFound):
        use.reading.prediction(credential, prediction.id)


def test_inference_takes_a_key_of_the_right_scope(world: World, use: Services, ada: Member) -> None:
    read, write, models = (
        use.authentication.identify(minted(use, ada, scope)) for scope in (READ, WRITE, MODELS)
    )
    assert use.reading.models(models)
    with pytest.raises(NotFound):
        use.reading.prediction(read, uuid7(NOW))
    with pytest.raises(NoGrant):
        use.admitting.admit(write, "double")
    for denied in (read, write):
        with pytest.raises(ScopeMissing):
            use.reading.models(denied)
    for denied in (write, models):
        with pytest.raises(ScopeMissing):
            use.reading.prediction(denied, uuid7(NOW))
    for denied in (read, models):
        with pytest.raises(ScopeMissing):
            use.admitting.admit(denied, "double")


def test_a_key_works_until_it_expires(world: World, use: Services, ada: Member) -> None:
    text = minted(use, ada)
    world.clock.advance(days=30, ms=-1)
    assert by_key(use, text)
    world.clock.advance(1)
    with pytest.raises(Unauthorized):
        by_key(use, text)


@pytest.mark.parametrize(
    "change",
    [
        Change(ends_sessions=True),
        Change(is_active=False),
        Change(password_hash="x", ends_sessions=True),
    ],
)
def test_a_key_ends_with_all_sessions_and_with_its_owners_activity(
    world: World, use: Services, ada: Member, change: Change
) -> None:
    text = minted(use, ada)
    world.users.change(ada.user, change)
    with pytest.raises(Unauthorized):
        by_key(use, text)


def test_a_key_survives_the_session_that_made_it(use: Services, ada: Member) -> None:
    text = minted(use, ada)
    use.signing_in.sign_out(ada.caller, HERE)
    assert by_key(use, text)


def test_a_key_with_another_secret_of_its_length_is_refused(
    world: World, use: Services, ada: Member
) -> None:
    text = minted(use, ada)
    [(place, key)] = world.memory.api_keys.items()
    world.memory.api_keys[place] = replace(key, digest="0" * 64)
    with pytest.raises(Unauthorized):
        by_key(use, text)


def test_where_verification_is_required_the_key_of_who_is_not_verified_is_refused() -> None:
    world = World(CATALOGUE, require_verification=True)
    use = world.services()
    ada = a_member(use, is_verified=True)
    text = minted(use, ada)
    world.users.change(ada.user, Change(is_verified=False))
    with pytest.raises(Forbidden):
        by_key(use, text)


def test_a_revoked_key_is_refused_from_the_next_request_on(use: Services, ada: Member) -> None:
    text, other = minted(use, ada), minted(use, ada)
    key_id = by_key(use, text).proof.id
    use.api_keys.revoke(ada.user.id, key_id, HERE)
    with pytest.raises(Unauthorized):
        by_key(use, text)
    assert by_key(use, other)
    with pytest.raises(NotFound):
        use.api_keys.revoke(ada.user.id, key_id, HERE)


def test_nobody_revokes_or_sees_the_keys_of_others(use: Services, ada: Member) -> None:
    bob = a_member(use, "bob@example.com")
    text = minted(use, ada)
    with pytest.raises(NotFound):
        use.api_keys.revoke(bob.user.id, by_key(use, text).proof.id, HERE)
    assert use.api_keys.living(bob.caller) == []
    assert by_key(use, text)


@pytest.mark.parametrize("key_id", ["", "x", "v" * 42, "ü" * 3000, "z" * 42])
def test_a_key_that_is_none_is_not_found(use: Services, ada: Member, key_id: str) -> None:
    with pytest.raises(NotFound):
        use.api_keys.revoke(ada.user.id, key_id, HERE)


def test_living_keys_are_listed_newest_first_and_dead_ones_only_to_who_asks_for_all(
    world: World, use: Services, ada: Member
) -> None:
    use.api_keys.mint(ada.caller, "short", [READ], 1, HERE)
    world.clock.advance(seconds=1)
    use.api_keys.mint(ada.caller, "old", [READ], MONTH, HERE)
    world.clock.advance(seconds=1)
    use.api_keys.mint(ada.caller, "new", [READ], MONTH, HERE)
    assert [key.name for key in use.api_keys.living(ada.caller)] == ["new", "old"]
    assert [key.name for key in use.api_keys.of(ada.user.id)] == ["new", "old", "short"]


def test_a_user_has_at_most_fifty_keys(use: Services, ada: Member) -> None:
    for _ in range(MOST):
        text = minted(use, ada)
    with pytest.raises(Conflict, match="at most 50 API keys"):
        minted(use, ada)
    use.api_keys.revoke(ada.user.id, by_key(use, text).proof.id, HERE)
    assert minted(use, ada)


def test_keys_that_ended_with_all_sessions_leave_room_for_new_ones(
    use: Services, ada: Member
) -> None:
    for _ in range(MOST):
        minted(use, ada)
    use.signing_in.sign_out_everywhere(ada.caller, HERE)
    signed_in = use.signing_in.open_session(by_email(use), HERE)
    caller = use.authentication.caller(use.authentication.identify(signed_in.access_token))
    assert use.api_keys.mint(caller, "robot", [READ], MONTH, HERE)


def by_email(use: Services) -> User:
    user = use.users.by_email("ada@example.com")
    assert user
    return user


def test_the_use_of_a_key_is_noted_at_most_once_a_minute(world: World) -> None:
    use, calls = recorded(world)
    text = minted(use, a_member(use))
    calls.clear()
    for seconds in (0, 1, 58, 1, 59, 1):
        world.clock.advance(seconds=seconds)
        by_key(use, text)
    assert calls.count("FakeApiKeys.note_use") == 3
    [key] = world.memory.api_keys.values()
    assert key.last_used_at == world.clock()


def test_who_may_not_does_not_use_a_key(world: World, use: Services, ada: Member) -> None:
    text = minted(use, ada)
    with pytest.raises(ScopeMissing):
        by_key(use, text, WRITE)
    assert [key.last_used_at for key in world.memory.api_keys.values()] == [None]


class Forgetful(FakeApiKeys):
    """It cannot write."""

    def note_use(self, key: ApiKey, now: int) -> None:
        raise Unavailable


def test_a_key_works_also_when_its_use_cannot_be_noted(world: World, log: StringIO) -> None:
    world.api_keys = Forgetful(world.memory)
    use = world.services()
    assert by_key(use, minted(use, a_member(use)))
    assert "the use of a key was not noted" in log.getvalue()


def test_keys_are_audited_by_their_ids_and_told_to_their_owner(
    world: World, use: Services, ada: Member
) -> None:
    origin = HERE.by(ada.user.id)
    key, _ = use.api_keys.mint(ada.caller, "robot", [READ], 60, origin)
    use.api_keys.revoke(ada.user.id, key.id, origin)
    made, revoked = world.trail.entries[-2:]
    assert (made.event, made.actor, made.target) == (Event.API_KEY_CREATED, ada.user.id, key.id)
    assert (revoked.event, revoked.target) == (Event.API_KEY_REVOKED, key.id)
    [letter] = world.outbox.letters
    assert (letter.kind, letter.to) == (Kind.API_KEY_CREATED, "ada@example.com")
    assert letter.facts == {"name": "robot"}


def test_a_key_of_somebody_who_was_demoted_still_is_theirs(world: World, use: Services) -> None:
    root = a_member(use, is_superuser=True)
    world.somebody(is_superuser=True)
    text = minted(use, root)
    world.users.change(root.user, Change(is_superuser=False))
    assert not by_key(use, text).is_superuser


def test_keys_are_listed_a_page_at_a_time_the_newest_first(world: World, use: Services) -> None:
    ada = a_member(use)
    made = []
    for n in range(5):
        world.clock.advance(seconds=1)
        key, _ = use.api_keys.mint(ada.caller, f"key {n}", [Scope.MODELS_READ], 60, HERE)
        made.append(key.id)
    seen, after = [], None
    for _ in range(3):
        page = use.api_keys.page(ada.caller, 2, after)
        seen += [key.id for key in page.items]
        after = page.next
    assert (seen, after) == (made[::-1], None)
