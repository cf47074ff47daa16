"""Switching models on and off."""

from chalicelib.domain.accounts.audit import Event
from chalicelib.domain.accounts.callers import Origin
from chalicelib.inference.registry import Spec
from chalicelib.services.accounts.auditing import Auditing
from chalicelib.services.ports.switches import Switches


class Switching:
    """The switches of the models; what was accepted before still runs."""

    def __init__(self, switches: Switches, audit: Auditing) -> None:
        self._switches = switches
        self._audit = audit

    def turn(self, spec: Spec, *, is_on: bool, origin: Origin) -> None:
        """Let a model take predictions, or none."""
        self._switches.turn(spec.name, is_on=is_on)
        self._audit.record(Event.MODEL_CHANGED, origin, f"model {spec.name}")
