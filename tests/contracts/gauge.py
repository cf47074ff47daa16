"""How much waits in the queues."""

from dataclasses import dataclass

from chalicelib.domain.erasures import Erasure
from chalicelib.services.ports.erasures import Erasures
from chalicelib.services.ports.mail import Outbox
from chalicelib.services.ports.predictions import JobQueue
from chalicelib.services.ports.queues import Depth, Gauge
from tests.samples import NOW, a_job, a_letter


@dataclass(frozen=True)
class Gauged:
    """The queues, and what looks at them."""

    queue: JobQueue
    outbox: Outbox
    erasures: Erasures
    gauge: Gauge


class GaugeContract:
    def test_empty_queues_are_told_too(self, gauged: Gauged) -> None:
        assert list(gauged.gauge.depths()) == [
            Depth("light-interactive", 0, 0, 0),
            Depth("light-bulk", 0, 0, 0),
            Depth("mail", 0, 0, 0),
            Depth("erasures", 0, 0, 0),
        ]

    def test_what_waits_in_each_queue_is_counted(self, gauged: Gauged) -> None:
        for _ in range(3):
            gauged.queue.send(a_job(), "light")
        gauged.queue.send_all([a_job(), a_job()], "light")
        gauged.outbox.post(a_letter())
        found = {depth.name: depth.visible for depth in gauged.gauge.depths()}
        assert found == {"light-interactive": 3, "light-bulk": 2, "mail": 1, "erasures": 0}

    def test_what_is_to_wait_first_is_counted_apart(self, gauged: Gauged) -> None:
        for delay in (0, 600, 600):
            gauged.erasures.ask(Erasure("somebody", NOW), delay)
        assert gauged.gauge.depths()[-1] == Depth("erasures", 1, 0, 2)
