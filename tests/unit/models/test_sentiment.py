import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from ml_models.sentiment import SentimentModel, Text

KIND = "What a wonderful day, thank you!"
NASTY = "This is horrible, I hate it."
PLAIN = "The table stands in the kitchen."

# Every word that one of VADER's rules asks for, between words that carry a feeling.
FEELINGS = ["good", "BAD", "great", "awful", "love", "hate", "happy", ":)", "😂", "💔"]
RULES = ["so", "very", "VERY", "barely", "but", "BUT", "not", "never", "without", "doubt", "this"]
RULES += ["no", "nor", "or", "least", "at", "kind", "sort", "of", "the", "shit", "bomb", "yeah"]
WORDS = [*FEELINGS, *RULES, "right", "table", "THE"]

PUBLISHED = SentimentIntensityAnalyzer()


def test_a_kind_sentence_is_told_from_a_nasty_one(sentiment: SentimentModel) -> None:
    kind, nasty = sentiment.predict([Text(text=KIND), Text(text=NASTY)])
    assert kind.compound > 0.5
    assert nasty.compound < -0.5


def test_a_plain_sentence_is_neutral(sentiment: SentimentModel) -> None:
    assert sentiment.predict_one(Text(text=PLAIN)).model_dump() == {
        "compound": 0,
        "positive": 0,
        "neutral": 1,
        "negative": 0,
    }


def test_the_example_of_the_schema_is_true(sentiment: SentimentModel) -> None:
    schema = type(sentiment.predict_one(Text(text=KIND))).model_json_schema()["properties"]
    examples = {name: field["examples"][0] for name, field in schema.items()}
    assert sentiment.predict_one(Text(text=KIND)).model_dump() == examples


def test_texts_are_answered_in_order_and_as_each_alone(sentiment: SentimentModel) -> None:
    texts = [Text(text=f"{line} {n}") for n in range(10) for line in (KIND, NASTY, PLAIN)]
    assert sentiment.predict(texts) == [sentiment.predict_one(text) for text in texts]


@pytest.mark.parametrize("text", [" ", "\n", "\x00", "?!", "こんにちは", "😂", "x" * 5000])
def test_any_text_has_scores(sentiment: SentimentModel, text: str) -> None:
    assert -1 <= sentiment.predict_one(Text(text=text)).compound <= 1


@settings(deadline=None, max_examples=300)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=30))
def test_the_scores_are_those_of_vader_as_published(
    sentiment: SentimentModel, words: list[str]
) -> None:
    scores = sentiment.predict_one(Text(text=" ".join(words)))
    assert {
        "compound": scores.compound,
        "pos": scores.positive,
        "neu": scores.neutral,
        "neg": scores.negative,
    } == PUBLISHED.polarity_scores(" ".join(words))


def test_twice_the_emoji_cost_about_twice_the_work(sentiment: SentimentModel) -> None:
    once, twice = (_calls(sentiment, "but " + "😂" * emoji) for emoji in (500, 1000))
    assert twice < 2.2 * once


@pytest.mark.parametrize("text", ["", "x" * 5001, 5, True, None, ["good"], "\ud800"])
def test_what_is_not_a_text_of_1_to_5000_characters_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Text.model_validate({"text": text})
    assert [error["loc"] for error in refusal.value.errors()] == [("text",)]


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"(?s)language.*not permitted"):
        Text.model_validate({"text": KIND, "language": "en"})


def _calls(sentiment: SentimentModel, text: str) -> int:
    """How many functions judging the text calls: a measure of work that no busy machine shifts."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        sentiment.predict_one(Text(text=text))
    finally:
        sys.setprofile(None)
    return calls
