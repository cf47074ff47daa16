"""What was given up is kept once, listed, and forgotten when somebody says so."""

import dataclasses

from chalicelib.domain.dead_letters import DeadLetter, Reason
from chalicelib.domain.ids import uuid7
from tests.contracts.stores import Stores, walk
from tests.samples import NOW


def a_letter(at: int = NOW, **facts: object) -> DeadLetter:
    letter = DeadLetter(uuid7(at), Reason.ATTEMPTS_EXHAUSTED, 5, at, at + 900_000, "temperature")
    return dataclasses.replace(letter, **facts)  # type: ignore[arg-type]


class DeadLettersContract:
    def test_one_is_found_as_it_was_added(self, stores: Stores) -> None:
        letter = a_letter(model=None, body='{"é"', reason=Reason.MALFORMED_MESSAGE)

        assert stores.dead_letters.add(letter)
        assert stores.dead_letters.find([letter.id, "another"]) == {letter.id: letter}

    def test_the_first_of_an_id_stays(self, stores: Stores) -> None:
        first = a_letter()
        stores.dead_letters.add(first)
        later = dataclasses.replace(first, reason=Reason.ALREADY_ENDED)

        assert not stores.dead_letters.add(later)
        assert stores.dead_letters.find([first.id]) == {first.id: first}

    def test_nothing_is_found_of_no_ids(self, stores: Stores) -> None:
        assert stores.dead_letters.find([]) == {}

    def test_an_id_that_is_named_twice_is_found(self, stores: Stores) -> None:
        letter = a_letter()
        stores.dead_letters.add(letter)

        assert stores.dead_letters.find([letter.id, letter.id]) == {letter.id: letter}

    def test_pages_have_the_newest_predictions_first(self, stores: Stores) -> None:
        letters = [a_letter(NOW + at) for at in range(5)]
        for letter in letters:
            stores.dead_letters.add(letter)

        pages = walk(lambda place: stores.dead_letters.page(2, place))

        assert [[*page] for page in pages] == [
            [letters[4], letters[3]],
            [letters[2], letters[1]],
            [letters[0]],
        ]

    def test_a_page_that_has_all_is_the_last(self, stores: Stores) -> None:
        letters = [a_letter(NOW + at) for at in range(2)]
        for letter in letters:
            stores.dead_letters.add(letter)

        assert stores.dead_letters.page(2, None).next is None

    def test_what_is_removed_is_gone(self, stores: Stores) -> None:
        letter = a_letter()
        stores.dead_letters.add(letter)

        assert stores.dead_letters.remove(letter.id)
        assert not stores.dead_letters.remove(letter.id)
        assert stores.dead_letters.find([letter.id]) == {}
