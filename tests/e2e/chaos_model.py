"""Two models that do to their worker what an input tells them to; a clone's, for tests alone."""

import os
import signal
import time
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Model, register

TOO_LARGE = "x" * 210_000


class Order(BaseModel):
    """What is to happen."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    number: int = Field(ge=0, le=10_000, title="Number", description="0 to 10,000.", examples=[7])
    act: Literal["answer", "raise", "refuse", "flood", "hang", "exit", "kill"] = Field(
        "answer", title="Act", description="What it does after that time.", examples=["answer"]
    )
    seconds: float = Field(
        0.0, ge=0, le=60, title="Seconds", description="How long it takes.", examples=[0.5]
    )
    diary: str = Field(
        "", max_length=500, title="Diary", description="Where it notes its process.", examples=[""]
    )


class Answer(BaseModel):
    """What an order that is survived is answered."""

    model_config = ConfigDict(frozen=True)

    square: int = Field(title="Square", description="Of the number.", examples=[49])
    padding: str = Field("", title="Padding", description="Nothing, or too much.", examples=[""])


class Chaos(Model[Order, Answer]):
    def predict_one(self, item: Order) -> Answer:
        if item.diary:
            with Path(item.diary).open("a") as diary:
                diary.write(f"{os.getpid()}\n")
        time.sleep(item.seconds)
        return _done(item)


def _done(order: Order) -> Answer:
    match order.act:
        case "raise":
            raise RuntimeError("as ordered")
        case "refuse":
            raise ValueError("No such order is taken")
        case "flood":
            return Answer(square=order.number**2, padding=TOO_LARGE)
        case "hang":
            time.sleep(3600)
        case "exit":
            os._exit(1)
        case "kill":  # what a lack of memory or a fault in native code comes to
            os.kill(os.getpid(), signal.SIGKILL)
    return Answer(square=order.number**2)


@register(id=901, name="chaos", version="1.0.0", problem="regression", category="chaos")
class ChaosModel(Chaos):
    """The square of a number, or trouble."""


@register(
    id=902, name="slow-chaos", version="1.0.0", problem="regression", category="chaos", slow=True
)
class SlowChaosModel(Chaos):
    """The same, one at a time, each shown to run."""
