"""What a soak went through, in numbers."""

from collections import Counter
from dataclasses import dataclass

from chalicelib.domain.predictions import Prediction, Status
from chalicelib.observability import Metric
from chalicelib.services.giving_up import EXHAUSTED
from tests.faults.harness import Harness


@dataclass(frozen=True)
class Figures:
    """What one seed went through."""

    seed: int
    predictions: int
    succeeded: int
    failed: int
    canceled: int
    expired: int
    calls: int
    """That could fail by chance."""
    calls_failed: int
    calls_ambiguous: int
    workers_killed: int
    apis_killed: int
    sweepers_killed: int
    undertakers_killed: int
    doubled: int
    resent: int
    refunded: int
    dead_letters: int
    innocent: int
    """Given up though their inputs kill nobody."""
    longest_s: int
    """From the acceptance of a prediction to its end, on the virtual clock."""
    cpu_s: float


def figures_of(lambent: Harness, cpu_s: float) -> Figures:
    """Of a harness that has come to rest."""
    history, faults = lambent.history, lambent.faults
    rows = lambent.world.memory.predictions.values()
    ends = Counter(each.status for each in rows)
    return Figures(
        seed=lambent.seed,
        predictions=len(rows),
        succeeded=ends[Status.SUCCEEDED],
        failed=ends[Status.FAILED],
        canceled=ends[Status.CANCELED],
        expired=ends[Status.EXPIRED],
        calls=faults.counts.total(),
        calls_failed=faults.counts["refused"],
        calls_ambiguous=faults.counts["lost"],
        workers_killed=lambent.killed["worker"],
        apis_killed=lambent.killed["api"],
        sweepers_killed=lambent.killed["sweeper"],
        undertakers_killed=lambent.killed["undertaker"],
        doubled=lambent.queue.duplicates,
        resent=history.measured[Metric.RESENT],
        refunded=sum(max(0, old.total - new.total) for _, _, old, new in history.units),
        dead_letters=len(lambent.world.memory.letters),
        innocent=sum(_is_innocent(each) for each in rows),
        longest_s=max(map(history.took, lambent.world.memory.predictions)) // 1000,
        cpu_s=round(cpu_s, 1),
    )


def _is_innocent(prediction: Prediction) -> bool:
    was_given_up = prediction.error is not None and prediction.error.code == EXHAUSTED.code
    match prediction.input:
        case {"do": "exit" | "hang"}:
            return False
    return was_given_up
