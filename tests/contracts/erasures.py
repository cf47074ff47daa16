"""Erasures between the API and the eraser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from chalicelib.domain.erasures import Erasure
from chalicelib.domain.ids import uuid7
from chalicelib.services.ports.erasures import Erasures
from tests.samples import NOW, a_user

FIRST = Erasure(a_user().id, NOW)


@dataclass(frozen=True)
class Chute:
    """The way to the eraser, and what it would receive there now."""

    erasures: Erasures
    received: Callable[[], Sequence[Erasure | None]]


class ErasuresContract:
    @pytest.mark.parametrize("erasure", [FIRST, FIRST.from_place(uuid7(NOW)), FIRST.round(2 * NOW)])
    def test_an_erasure_arrives_as_it_was_asked_for(self, chute: Chute, erasure: Erasure) -> None:
        chute.erasures.ask(erasure)
        assert list(chute.received()) == [erasure]

    def test_what_is_asked_for_later_is_not_received_now(self, chute: Chute) -> None:
        chute.erasures.ask(FIRST, 600)
        chute.erasures.ask(Erasure(FIRST.user_id, NOW + 1))
        assert list(chute.received()) == [Erasure(FIRST.user_id, NOW + 1)]
