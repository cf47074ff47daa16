"""Whether a submission is answered from the cache, waits for another's result, or is the first."""

import json
from dataclasses import dataclass, replace

from chalicelib.domain.caching import Cache, Entry, Join, Lead
from chalicelib.domain.predictions import Prediction, Status
from chalicelib.services.admitting import Admission


@dataclass(frozen=True)
class Course:
    """What becomes of a submission, and its part in the cache."""

    prediction: Prediction
    part: Lead | Join | None = None
    fresh_for: int | None = None
    """Seconds that the result from the cache is good for; None for one that is not from there."""

    @property
    def needs_worker(self) -> bool:
        """Whether nobody else makes its result."""
        return not (isinstance(self.part, Join) or self.prediction.status.is_terminal)


def course(admission: Admission, prediction: Prediction, entry: Entry | None, wait: int) -> Course:
    """The course of a prediction, by the entry as it is; others may join it for `wait` seconds.

    One that was not looked for in the cache goes past it.
    """
    key, rule, now = admission.entry_key, admission.spec.cache, admission.now
    if rule is None or key is None:
        return Course(prediction)
    if entry is None or not entry.left(now):
        return _first(prediction, key, rule, now // 1000 + wait)
    if entry.is_done:
        return Course(_answered(prediction, entry), fresh_for=entry.left(now))
    if entry.is_full:
        return Course(replace(prediction, cache="miss"))
    return Course(replace(prediction, cache="collapsed"), Join(key, entry.leader))


def _first(prediction: Prediction, key: str, rule: Cache, until: int) -> Course:
    lead = Lead(key, Entry(prediction.id, (), rule.seconds, until))
    return Course(replace(prediction, cache="miss", cache_key=key), lead)


def _answered(prediction: Prediction, entry: Entry) -> Prediction:
    """It, ended as it begins."""
    return replace(
        prediction,
        cache="hit",
        status=Status.SUCCEEDED,
        version=entry.version or prediction.version,
        output=json.loads(entry.output or "null"),
        completed_at=prediction.created_at,
    )
