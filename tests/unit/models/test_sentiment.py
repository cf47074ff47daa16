import pytest
from pydantic import ValidationError

from ml_models.sentiment import SentimentModel, Text

KIND = "What a wonderful day, thank you!"
NASTY = "This is horrible, I hate it."
PLAIN = "The table stands in the kitchen."


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


@pytest.mark.parametrize("text", [" ", "\n", "\x00", "?!", "こんにちは", "😂", "x" * 1000])
def test_any_text_has_scores(sentiment: SentimentModel, text: str) -> None:
    assert -1 <= sentiment.predict_one(Text(text=text)).compound <= 1


@pytest.mark.parametrize("text", ["", "x" * 1001, 5, True, None, ["good"], "\ud800"])
def test_what_is_not_a_text_of_1_to_1000_characters_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Text.model_validate({"text": text})
    assert [error["loc"] for error in refusal.value.errors()] == [("text",)]


def test_an_unknown_field_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"(?s)language.*not permitted"):
        Text.model_validate({"text": KIND, "language": "en"})
