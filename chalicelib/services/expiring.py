"""Ending what may not be started any more."""

from chalicelib.domain.predictions import Job
from chalicelib.observability import logger
from chalicelib.services.ports.results import Results, Written


def expire(results: Results, job: Job, now: int) -> bool:
    """Whether it has ended, by this or before."""
    written = results.expire(job, now)
    if written is Written.WON:
        logger.info("prediction expired", prediction_id=job.id, model=job.model)
    return written is not Written.UNKNOWN
