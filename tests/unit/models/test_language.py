# ruff: noqa: RUF001 - letters that look alike are what these texts are made of
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_models.language import Language, LanguageModel, Writing

SENTENCES = {
    "en": "The quick brown fox jumps over the lazy dog.",
    "fr": "Bonjour tout le monde, comment allez-vous ?",
    "de": "Guten Tag, wie geht es Ihnen heute Morgen?",
    "es": "La casa es muy grande y bonita.",
    "pt": "Não sei se amanhã vai chover em Lisboa.",
    "pl": "Dzień dobry, czy mógłby mi pan pomóc?",
    "tr": "Bugün hava çok güzel, dışarı çıkalım.",
    "ru": "Привет, как у тебя сегодня дела?",
    "el": "Καλημέρα σας, τι κάνετε σήμερα;",
    "he": "שלום, מה שלומך היום?",
    "ar": "صباح الخير، كيف حالك اليوم؟",
    "hi": "नमस्ते, आप आज कैसे हैं?",
    "th": "สวัสดีครับ วันนี้เป็นอย่างไรบ้าง",
    "ko": "안녕하세요, 오늘 기분이 어떠세요?",
    "ja": "こんにちは、今日はいい天気ですね。",
    "zh": "你好，今天天气怎么样？",
}
FRENCH = SENTENCES["fr"]


def told(language: LanguageModel, text: str, k: int = 1) -> Language:
    return language.predict_one(Writing(text=text, k=k))


@pytest.mark.parametrize(("code", "sentence"), SENTENCES.items())
def test_a_sentence_is_told_by_its_language(
    language: LanguageModel, code: str, sentence: str
) -> None:
    answer = told(language, sentence)

    assert answer.language == code
    assert answer.confidence > 0.5


def test_the_example_of_the_schema_is_true(language: LanguageModel) -> None:
    asked = {name: field["examples"][0] for name, field in _fields(Writing).items()}
    examples = {name: field["examples"][0] for name, field in _fields(Language).items()}

    assert language.predict_one(Writing.model_validate(asked)).model_dump() == examples


@pytest.mark.parametrize("k", range(1, 6))
def test_as_many_candidates_are_named_as_asked_for_the_best_first(
    language: LanguageModel, k: int
) -> None:
    answer = told(language, FRENCH, k)

    assert len({candidate.language for candidate in answer.candidates}) == k
    assert answer.candidates[0].model_dump() == answer.model_dump(exclude={"candidates"})
    confidences = [candidate.confidence for candidate in answer.candidates]
    assert confidences == sorted(confidences, reverse=True)


@pytest.mark.parametrize(
    "text",
    [
        FRENCH.replace(" ", "\n"),
        FRENCH.replace(" ", "\r\n"),
        FRENCH.replace(" ", "\x00"),
        f"{FRENCH} 😂😂😂",
        f"12345 </s> {FRENCH}",
        FRENCH.upper(),
        f"{FRENCH} " * 200,
    ],
)
def test_lines_capitals_and_emoji_hide_no_language(language: LanguageModel, text: str) -> None:
    answer = told(language, text)

    assert answer.language == "fr"
    assert answer.confidence > 0.9


@pytest.mark.parametrize("text", [" ", "\n", "\x00", "?!", "12345", "😂", "\u200b", "</>"])
def test_a_text_without_letters_has_no_language(language: LanguageModel, text: str) -> None:
    answer = told(language, text, 5)

    assert answer.model_dump() == {"language": "und", "confidence": 0, "candidates": []}


def test_a_word_that_is_in_no_language_is_a_guess(language: LanguageModel) -> None:
    assert told(language, "x" * 10_000).confidence < 0.5


def test_texts_are_answered_in_order_and_as_each_alone(language: LanguageModel) -> None:
    texts = [Writing(text=f"{text} {n}", k=n % 5 + 1) for n, text in enumerate(SENTENCES.values())]

    assert language.predict(texts) == [language.predict_one(text) for text in texts]


@given(text=st.text(min_size=1, max_size=200), k=st.integers(1, 5))
def test_any_text_has_an_answer(language: LanguageModel, text: str, k: int) -> None:
    answer = told(language, text, k)

    assert len(answer.candidates) in (0, k)
    assert (answer.language == "und") == (not answer.candidates)


@pytest.mark.parametrize("text", ["", "x" * 10_001, 5, True, None, ["bon"], "\ud800"])
def test_what_is_not_a_text_of_1_to_10000_characters_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Writing.model_validate({"text": text})

    assert [error["loc"] for error in refusal.value.errors()] == [("text",)]


@pytest.mark.parametrize("k", [0, 6, 1.5, "1", True, None])
def test_a_number_of_candidates_that_is_not_1_to_5_is_refused(k: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Writing.model_validate({"text": FRENCH, "k": k})

    assert [error["loc"] for error in refusal.value.errors()] == [("k",)]


def _fields(schema: type[Writing] | type[Language]) -> dict[str, dict[str, list[object]]]:
    properties: dict[str, dict[str, list[object]]] = schema.model_json_schema()["properties"]
    return properties
