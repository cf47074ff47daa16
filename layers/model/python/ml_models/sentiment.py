"""Whether an English text is kind, nasty or neither.

VADER, a lexicon with rules for negation, emphasis, emoticons and emoji, made for social media:
C. J. Hutto and E. Gilbert, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
Social Media Text", ICWSM 2014. Best on a sentence or a paragraph; it knows no irony.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Model, register


class Text(BaseModel):
    """What is to be judged."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: str = Field(
        min_length=1,
        # VADER's time grows with the square of the words, and an emoji becomes up to eight of them.
        max_length=1000,
        title="Text",
        description="English text, 1 to 1,000 characters.",
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

        self._analyzer = SentimentIntensityAnalyzer()

    def predict_one(self, item: Text) -> Sentiment:
        scores = self._analyzer.polarity_scores(item.text)
        return Sentiment(
            compound=scores["compound"],
            positive=scores["pos"],
            neutral=scores["neu"],
            negative=scores["neg"],
        )
