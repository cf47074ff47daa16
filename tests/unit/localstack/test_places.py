"""Where a folder's Lambent is, on which LocalStack, and that it is found again."""

from dataclasses import replace
from pathlib import Path

import pytest

from infra.emulator.errors import RunsElsewhere
from infra.local.deployment import followed
from infra.localstack.choice import place_for
from infra.localstack.errors import NoEndpoint, OneAtATime
from infra.localstack.memory import Memory, MemoryFile, place_of
from infra.localstack.pinned import VARIABLE
from infra.localstack.workspace import OnLocalStack
from infra.workspace import ROOT, Workspace

ENDPOINT = "http://127.0.0.1:4567"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(ROOT, ROOT / ".build", tmp_path / "local", 8123, 4623)


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


def test_the_containers_are_reached_through_their_front_door(place: OnLocalStack) -> None:
    assert place.public_url == "http://localhost:8123/api"
    assert place.endpoint == "http://127.0.0.1:4623"
    assert place.stack == "lambent"


def test_a_found_one_is_reached_at_its_own_address(place: OnLocalStack) -> None:
    found = replace(place, found_at=ENDPOINT, rest_api_id="a1b2")

    assert found.public_url == f"{ENDPOINT}/_aws/execute-api/a1b2/api"
    assert found.endpoint == ENDPOINT


def test_the_address_of_an_api_that_is_not_deployed_is_not_known(place: OnLocalStack) -> None:
    assert replace(place, found_at=ENDPOINT).public_url == ""


def test_on_one_localstack_every_folder_but_the_usual_one_has_a_stack_of_its_own(
    place: OnLocalStack,
) -> None:
    one = replace(place, found_at=ENDPOINT)
    other = replace(one, local_dir=place.local_dir / "other")
    usual = replace(one, local_dir=ROOT / ".local")

    assert usual.stack == "lambent"
    assert len({one.stack, other.stack, usual.stack}) == 3


def test_what_is_remembered_is_found_by_every_verb(workspace: Workspace) -> None:
    place = Memory(ENDPOINT, 8123, 4623, "a1b2").place(workspace)
    MemoryFile(workspace.local_dir).write(Memory.of(place))

    assert followed(workspace) == place


def test_after_down_it_is_not_followed_and_not_forgotten(workspace: Workspace) -> None:
    file, memory = MemoryFile(workspace.local_dir), Memory(ENDPOINT, 8123, 4623)
    file.write(memory.stopped())

    assert followed(workspace) == workspace
    assert file.read() == memory.stopped()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"port": 1}', '{"elsewhere": 1}'])
def test_a_memory_that_cannot_be_read_is_none(workspace: Workspace, text: str) -> None:
    file = MemoryFile(workspace.local_dir)
    file.path.parent.mkdir(parents=True)
    file.path.write_text(text)

    assert place_of(workspace) is None


def test_a_new_one_goes_where_the_environment_says(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place_for(workspace, None).found_at is None

    monkeypatch.setenv(VARIABLE, f"{ENDPOINT}/")
    assert place_for(workspace, None).found_at == ENDPOINT


def test_a_name_that_is_no_address_is_refused(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "localhost")

    with pytest.raises(NoEndpoint):
        place_for(workspace, None)


def test_one_that_is_up_stays_where_it_is(workspace: Workspace, place: OnLocalStack) -> None:
    found = replace(place, found_at=ENDPOINT)

    assert place_for(workspace, found) == found


def test_a_folder_is_on_one_localstack_at_a_time(
    workspace: Workspace, place: OnLocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:4600")

    with pytest.raises(OneAtATime, match="up on the LocalStack at http://127"):
        place_for(workspace, replace(place, found_at=ENDPOINT))


def test_containers_do_not_move_to_other_ports_while_they_run(
    workspace: Workspace, place: OnLocalStack
) -> None:
    with pytest.raises(RunsElsewhere, match="8123"):
        place_for(replace(workspace, port=8124), place)
