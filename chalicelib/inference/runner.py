"""Runs models in this process: loads each once, checks what comes back."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from chalicelib.inference.alarm import TimedOut, limited
from chalicelib.inference.registry import AnyModel, Spec

OUTPUT_LIMIT = 200 * 1024
"""Bytes of an output's JSON text; a DynamoDB item holds 400 KB in all."""


class ModelFault(Exception):
    """The model, not its input, is wrong: it broke the contract of `predict`."""


class OutputTooLarge(Exception):
    """The output is over OUTPUT_LIMIT."""


class Runner:
    """The models of one process; a model that fails to load is tried again the next time."""

    def __init__(self, artifacts: Path) -> None:
        self._artifacts = artifacts
        self._loaded: dict[str, AnyModel] = {}

    def load(self, spec: Spec) -> AnyModel:
        """The model, loaded on first use; whatever `load` raises is not the input's fault."""
        if spec.name not in self._loaded:
            model = spec.factory()
            model.load(self._artifacts)
            self._loaded[spec.name] = model
        return self._loaded[spec.name]

    def predict(self, spec: Spec, inputs: Sequence[BaseModel]) -> list[str]:
        """The outputs as JSON texts, one an input; raises what the model raises, or TimedOut."""
        outputs = self._outputs(self.load(spec), spec, list(inputs))
        if not isinstance(outputs, list) or len(outputs) != len(inputs):
            raise ModelFault(f"{spec.source}: predict did not return one output an input")
        return [_text(spec, output) for output in outputs]

    def _outputs(self, model: AnyModel, spec: Spec, inputs: list[BaseModel]) -> Any:
        try:
            return limited(spec.timeout, lambda: model.predict(inputs))
        except TimedOut:
            # Wherever that was, the model may be in any state: it is loaded anew.
            del self._loaded[spec.name]
            raise


def _text(spec: Spec, output: object) -> str:
    if not isinstance(output, spec.output_type):
        wanted, got = spec.output_type.__name__, type(output).__name__
        raise ModelFault(f"{spec.source}: predict returned {got}, not {wanted}")
    try:
        text = json.dumps(output.model_dump(mode="json"), allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise ModelFault(f"{spec.source}: the output is not JSON: {error}") from error
    if len(text.encode()) > OUTPUT_LIMIT:
        raise OutputTooLarge(f"The output is over {OUTPUT_LIMIT // 1024} KB")
    return text
