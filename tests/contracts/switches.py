"""Which models take predictions."""

from chalicelib.services.ports.reading import Wanted
from tests.contracts.stores import Stores
from tests.samples import a_session, a_user, claims_of

BOTH = Wanted(models=("sentiment", "temperature"), month="2026-11")


class SwitchesContract:
    def test_a_model_that_nobody_switched_is_on(self, stores: Stores) -> None:
        assert self._off(stores) == frozenset()

    def test_a_model_is_off_until_it_is_on_again(self, stores: Stores) -> None:
        stores.switches.turn("temperature", is_on=False)
        assert self._off(stores) == {"temperature"}
        stores.switches.turn("temperature", is_on=True)
        assert self._off(stores) == frozenset()

    def test_switching_twice_is_as_good_as_once(self, stores: Stores) -> None:
        for _ in range(2):
            stores.switches.turn("temperature", is_on=False)
        stores.switches.turn("sentiment", is_on=True)
        assert self._off(stores) == {"temperature"}

    def _off(self, stores: Stores) -> frozenset[str]:
        return stores.reader.read(claims_of(a_session(a_user())), BOTH).disabled
