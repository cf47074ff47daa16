"""Whether an English text is kind, nasty or neither.

VADER, a lexicon with rules for negation, emphasis, emoticons and emoji, made for social media:
C. J. Hutto and E. Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
Social Media Text", ICWSM 2014. Best on a sentence or a paragraph; it knows no irony.
"""

from collections import defaultdict
from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Model, register


class Text(BaseModel):
    """What is to be judged."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: str = Field(
        min_length=1,
        max_length=5000,
        title="Text",
        description="English text, 1 to 5,000 characters.",
        examples=["What a wonderful day, thank you!"],
    )


class Sentiment(BaseModel):
    """One score over all, and the shares of the text that carry it."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    compound: float = Field(
        ge=-1,
        le=1,
        title="Compound",
        description="From -1, most negative, to 1, most positive; neutral is within ±0.05 of 0.",
        examples=[0.7574],
    )
    positive: float = Field(
        ge=0, le=1, title="Positive", description="Share of positive words.", examples=[0.619]
    )
    neutral: float = Field(
        ge=0, le=1, title="Neutral", description="Share of neutral words.", examples=[0.381]
    )
    negative: float = Field(
        ge=0, le=1, title="Negative", description="Share of negative words.", examples=[0.0]
    )


@register(id=1, name="sentiment", version="1.0.0", problem="classification", category="sentiment")
class SentimentModel(Model[Text, Sentiment]):
    def load(self, artifacts: Path) -> None:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        analyzer = SentimentIntensityAnalyzer()
        # As published, the time grows with the square of the words, and each emoji becomes up to
        # eight of them: 5,000 emoji take 7 s. These two give the same scores in linear time.
        analyzer.sentiment_valence = partial(_valence_in_context, analyzer.sentiment_valence)
        analyzer._but_check = _weigh_around_but
        self._analyzer: _Analyzer = analyzer

    def predict_one(self, item: Text) -> Sentiment:
        scores = self._analyzer.polarity_scores(item.text)
        return Sentiment(
            compound=scores["compound"],
            positive=scores["pos"],
            neutral=scores["neu"],
            negative=scores["neg"],
        )


class _Analyzer(Protocol):
    def polarity_scores(self, text: str) -> dict[str, float]: ...


def _valence_in_context(
    judge: Callable[..., list[float]],
    valence: float,
    text: Any,
    word: str,
    position: int,
    valences: list[float],
) -> list[float]:
    """The rules look three words back and two ahead; show them no more than that."""
    start = max(0, position - 3)
    nearby = SimpleNamespace(
        words_and_emoticons=text.words_and_emoticons[start : position + 3],
        is_cap_diff=text.is_cap_diff,
    )
    return judge(valence, nearby, word, position - start, valences)


def _weigh_around_but(words: list[str], valences: list[float]) -> list[float]:
    """Halve what stands before the first "but" and raise what follows by half, as VADER does it.

    VADER changes, for each valence in turn, the first equal one; kept, for its scores depend on it.
    """
    lowered = [word.lower() for word in words]
    if "but" not in lowered:
        return valences
    turn = lowered.index("but")
    positions: defaultdict[float, list[int]] = defaultdict(list)
    for position, valence in enumerate(valences):
        positions[valence].append(position)
    for turned in range(len(valences)):
        valence = valences[turned]
        first = heappop(positions[valence])
        valences[first] = valence * (0.5 if first < turn else 1.5 if first > turn else 1)
        heappush(positions[valences[first]], first)
    return valences
