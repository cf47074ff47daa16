"""How long the predictions of each model take."""

from chalicelib.domain.figures import Figure
from chalicelib.services.ports.reading import Wanted
from tests.contracts.stores import Stores
from tests.samples import NOW, a_session, a_user, claims_of


class FiguresContract:
    def test_of_a_model_that_never_ran_there_is_nothing(self, stores: Stores) -> None:
        stores.switch_off("sentiment")
        assert stores.figures.of("temperature") is stores.figures.of("sentiment") is None

    def test_the_last_figure_of_each_model_is_found(self, stores: Stores) -> None:
        for model, queue_ms in (("temperature", 1), ("sentiment", 2), ("temperature", 3)):
            stores.figures.note(model, Figure(queue_ms, 40, NOW))
        found = [stores.figures.of(model) for model in ("temperature", "sentiment")]
        assert found == [Figure(3, 40, NOW), Figure(2, 40, NOW)]

    def test_a_figure_leaves_the_switch_alone_and_the_switch_the_figure(
        self, stores: Stores
    ) -> None:
        stores.switch_off("temperature")
        stores.figures.note("temperature", Figure(1, 2, NOW))
        wanted = Wanted(models=("temperature",), month="2026-11")
        read = stores.reader.read(claims_of(a_session(a_user())), wanted)
        stores.switches.turn("temperature", is_on=True)
        assert read.disabled == {"temperature"}
        assert stores.figures.of("temperature") == Figure(1, 2, NOW)
