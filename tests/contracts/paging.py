"""Cursors."""

import pytest

from chalicelib.errors import Invalid
from chalicelib.services.ports.paging import Cursors

PLACE = "0199c0de \xfc@example.com"


class CursorsContract:
    @pytest.mark.parametrize("place", ["", "a", "|", ".", PLACE, "x" * 400])
    def test_a_cursor_gives_its_place_back(self, cursors: Cursors, place: str) -> None:
        assert cursors.open(cursors.seal(place, "users"), "users") == place

    @pytest.mark.parametrize("other", ["", "user", "users ", "sessions", "users#1"])
    def test_a_cursor_of_another_list_is_refused(self, cursors: Cursors, other: str) -> None:
        with pytest.raises(Invalid) as refusal:
            cursors.open(cursors.seal(PLACE, "users"), other)
        assert refusal.value.facts["errors"][0]["pointer"] == "/cursor"  # type: ignore[index]

    def test_a_cursor_with_any_other_character_is_refused(self, cursors: Cursors) -> None:
        cursor = cursors.seal(PLACE, "users")
        for at, character in enumerate(cursor):
            for other in {"A", "B", "_", "."} - {character}:
                with pytest.raises(Invalid):
                    cursors.open(cursor[:at] + other + cursor[at + 1 :], "users")

    @pytest.mark.parametrize(
        "garbage",
        ["", ".", "..", "...", "|", "null", "\xfc", "\ud800", "a.b.c", "A" * 10_000, "\x00", "=="],
    )
    def test_what_is_no_cursor_is_refused(self, cursors: Cursors, garbage: str) -> None:
        with pytest.raises(Invalid):
            cursors.open(garbage, "users")

    @pytest.mark.parametrize("part", [slice(1, None), slice(None, -1), slice(5, 20)])
    def test_a_part_of_a_cursor_is_refused(self, cursors: Cursors, part: slice) -> None:
        with pytest.raises(Invalid):
            cursors.open(cursors.seal(PLACE, "users")[part], "users")

    def test_more_than_a_cursor_is_refused(self, cursors: Cursors) -> None:
        for more in ("=", ".", " ", "A"):
            with pytest.raises(Invalid):
                cursors.open(cursors.seal(PLACE, "users") + more, "users")
