from chalicelib.api.composition import Services
from chalicelib.domain.accounts.audit import Event
from tests.unit.services.accounts import HERE
from tests.unit.services.models import Double, spec_of
from tests.world import World


def test_a_model_is_off_until_it_is_on_and_both_are_audited(world: World, use: Services) -> None:
    use.switching.turn(spec_of(Double), is_on=False, origin=HERE.by("root"))
    assert world.memory.disabled == {"double"}
    use.switching.turn(spec_of(Double), is_on=True, origin=HERE.by("root"))
    assert world.memory.disabled == set()
    entries = [(each.event, each.actor, each.target) for each in world.trail.entries]
    assert entries == [(Event.MODEL_CHANGED, "root", "model double")] * 2
