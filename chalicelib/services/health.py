"""Whether what the API stands on answers."""

from collections.abc import Callable, Mapping

from chalicelib.errors import Unavailable

Probe = Callable[[], None]
"""Touches one dependency; Unavailable if it does not answer."""


class Health:
    """Probes by the name of what they touch."""

    def __init__(self, probes: Mapping[str, Probe]) -> None:
        self._probes = probes

    def check(self) -> dict[str, str]:
        """`ok` for each dependency; Unavailable names those that are not."""
        found = {name: self._touch(probe) for name, probe in self._probes.items()}
        if failing := sorted(name for name, state in found.items() if state != "ok"):
            raise Unavailable(f"Not ready: {', '.join(failing)}", retry_after=5, checks=found)
        return found

    def _touch(self, probe: Probe) -> str:
        try:
            probe()
        except Unavailable:
            return "unavailable"
        return "ok"
