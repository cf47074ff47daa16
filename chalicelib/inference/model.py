"""The class that a model file extends."""

from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel

In = TypeVar("In", bound=BaseModel)
Out = TypeVar("Out", bound=BaseModel)


class ModelDefinitionError(Exception):
    """A model file that cannot be served; the message names the file, the line and the cure."""


class Model(Generic[In, Out]):
    """A model: `load` once per process, then `predict` batch after batch.

    The two type arguments are its schema: validation, documents, forms and flags come
    from them. Import heavy libraries inside these methods, never at the top of the file.
    """

    def load(self, artifacts: Path) -> None:
        """Read what `predict` needs from the folder of weights."""

    def predict(self, items: list[In]) -> list[Out]:
        """One output an input, in their order; raise ValueError for an input that is at fault."""
        return [self.predict_one(item) for item in items]

    def predict_one(self, item: In) -> Out:
        """The output of one input; models that cannot batch override this in place of `predict`."""
        return self.predict([item])[0]  # `register` refuses a model that defines neither
