"""Ending what its owner is not to pay for."""

from chalicelib.domain.predictions import Failure, Job
from chalicelib.observability import Metric, record
from chalicelib.services.ports.results import Results, Written

EXHAUSTED = Failure(
    "attempts-exhausted", "No worker came to an end with it, however often it was tried"
)
VERSION_GONE = Failure("model-version-gone", "This version of the model is no longer served")


def give_up(results: Results, job: Job, failure: Failure, now: int) -> Written:
    """End it as failed, and say so if this is how it ended."""
    written = results.give_up(job, failure, now)
    if written is Written.WON:
        measured = {Metric.FAILED: 1}
        facts = {"prediction_id": job.id, "reason": failure.code}
        record("prediction given up", measured, model=job.model, **facts)
    return written
