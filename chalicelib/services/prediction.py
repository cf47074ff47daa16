"""From jobs of one model and version to how each of them ended."""

import time
from collections.abc import Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json

from chalicelib.domain.predictions import Failure, Job, Metrics, Outcome, Status
from chalicelib.inference.alarm import TimedOut
from chalicelib.inference.catalogue import Catalogue
from chalicelib.inference.registry import Spec
from chalicelib.inference.runner import OutputTooLarge, Runner
from chalicelib.observability import logger
from chalicelib.services.budget import Budget, Pace
from chalicelib.services.ports.clock import Clock

Answer = str | Failure
"""An output's JSON text, or why there is none."""


class Predicting:
    """Predicts a group at once and, if that fails, one by one, so that a bad input fails alone."""

    def __init__(self, catalogue: Catalogue, runner: Runner, clock: Clock) -> None:
        self._catalogue = catalogue
        self._runner = runner
        self._clock = clock
        self.pace = Pace()

    def spec_of(self, job: Job) -> Spec | None:
        """What runs it here, if anything does."""
        return self._catalogue.successor(job.model, job.version)

    def predict(self, spec: Spec, jobs: Sequence[Job], budget: Budget) -> list[Outcome]:
        """How jobs of this model ended.

        What is left out is to come back: for want of time, or because the model does not load.
        """
        started = self._clock()
        return self._outcomes(spec, jobs, started, budget) if self._loads(spec) else []

    def _loads(self, spec: Spec) -> bool:
        try:
            self._runner.load(spec)
        except Exception:
            logger.exception("model not loaded", model=spec.name)
            return False
        return True

    def _outcomes(
        self, spec: Spec, jobs: Sequence[Job], started: int, budget: Budget
    ) -> list[Outcome]:
        inputs = {job.id: _parsed(spec, job) for job in jobs}
        ready = {id: each for id, each in inputs.items() if isinstance(each, BaseModel)}
        refused = {id: each for id, each in inputs.items() if isinstance(each, Failure)}
        begun = time.perf_counter()
        answers = self._answers(spec, list(ready.values()), budget)
        predict_ms = round((time.perf_counter() - begun) * 1000)
        answered = refused | dict(zip(ready, answers, strict=False))
        completed = self._clock()
        return [
            _outcome(
                job,
                answered[job.id],
                spec.version,
                started,
                completed,
                Metrics(max(0, started - job.created_at), predict_ms, max(1, len(ready))),
            )
            for job in jobs
            if job.id in answered
        ]

    def _answers(self, spec: Spec, inputs: list[BaseModel], budget: Budget) -> list[Answer]:
        """One an input, in their order; fewer if there is no time for more."""
        if len(inputs) < 2:
            return [self._answer(spec, each) for each in inputs]
        try:
            return [*self._timed(spec, inputs)]
        except (Exception, TimedOut) as error:
            reason = str(error)[:500] or type(error).__name__
            logger.warning("batch failed, one by one", model=spec.name, reason=reason)
            return self._one_by_one(spec, inputs, budget)

    def _one_by_one(self, spec: Spec, inputs: list[BaseModel], budget: Budget) -> list[Answer]:
        answers: list[Answer] = []
        for each in inputs:
            if not budget.room(spec, 1) or not self._loads(spec):
                break
            answers.append(self._answer(spec, each))
        return answers

    def _answer(self, spec: Spec, item: BaseModel) -> Answer:
        try:
            return self._timed(spec, [item])[0]
        except OutputTooLarge as error:
            return Failure("output-too-large", str(error))
        except TimedOut:
            return Failure("model-timeout", f"The model took longer than {spec.timeout} seconds")
        except Exception as error:
            # A ValidationError is a ValueError too, but says that the model's output does not fit.
            if isinstance(error, ValueError) and not isinstance(error, ValidationError):
                return Failure("invalid-input", str(error)[:500] or "The model refused this input")
            logger.exception("model failed", model=spec.name)
            return Failure("model-error", "The model failed on this input")

    def _timed(self, spec: Spec, inputs: list[BaseModel]) -> list[str]:
        begun = time.perf_counter()
        try:
            return self._runner.predict(spec, inputs)
        finally:
            self.pace.note(spec.name, len(inputs), (time.perf_counter() - begun) * 1000)


def _parsed(spec: Spec, job: Job) -> BaseModel | Failure:
    try:
        # As JSON, as it was when it was accepted: strict types take a date only from there.
        return spec.input_type.model_validate_json(to_json(job.input), strict=True)
    except ValidationError:
        return Failure("invalid-input", f"The input does not fit version {spec.version}")


def _outcome(
    job: Job, answer: Answer, version: str, started: int, completed: int, metrics: Metrics
) -> Outcome:
    failed = isinstance(answer, Failure)
    return Outcome(
        id=job.id,
        status=Status.FAILED if failed else Status.SUCCEEDED,
        version=version,
        started_at=started,
        completed_at=completed,
        metrics=metrics,
        output=None if isinstance(answer, Failure) else answer,
        error=answer if isinstance(answer, Failure) else None,
    )
