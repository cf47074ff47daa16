from math import fsum, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ml_models.embedding import Embedding, EmbeddingModel, Passage

EATING = "A man is eating food."
MIXED = (
    EATING,
    "A man is eating a piece of bread.",
    "The girl is carrying a baby.",
    "How do I reset my password?",
    "😂 great!",
    "こんにちは、今日はいい天気ですね。",
    "word " * 250,
    "x",
    "Lattice quantum chromodynamics is a non-perturbative approach. " * 12,
)
PUBLISHED = (0.033242, 0.004406, -0.006277, 0.048379)
"""How EATING begins by sentence-transformers/all-MiniLM-L6-v2 itself, in single precision."""
TOLERANCE = 2e-6
"""The sixth decimal is rounded. Alone and in batches the numbers were the same where this was tried
(onnxruntime 1.16 and 1.24 on x86-64), but no product of matrices promises it."""


def embedded(model: EmbeddingModel, *texts: str) -> list[list[float]]:
    return [answer.embedding for answer in model.predict([Passage(text=text) for text in texts])]


def likeness(one: list[float], other: list[float]) -> float:
    return fsum(x * y for x, y in zip(one, other, strict=True))


def test_texts_of_like_meaning_are_closer_than_others(embedding: EmbeddingModel) -> None:
    eating, bread, baby, physics = embedded(
        embedding, EATING, MIXED[1], MIXED[2], "Lattice quantum chromodynamics"
    )

    assert likeness(eating, bread) > 0.7
    assert max(likeness(eating, baby), likeness(eating, physics), likeness(baby, physics)) < 0.2


def test_a_question_finds_its_answer_among_others(embedding: EmbeddingModel) -> None:
    answers = (
        "Our office is open from nine to five on weekdays.",
        "Click 'forgot password' on the sign-in page, and follow the link that we mail you.",
        "Parcels are sent back free of charge within thirty days.",
    )
    asked, *found = embedded(embedding, "How can I reset my login credentials?", *answers)

    assert max(answers, key=lambda text: likeness(asked, found[answers.index(text)])) == answers[1]


def test_it_is_the_published_model_within_the_precision_of_eight_bits(
    embedding: EmbeddingModel,
) -> None:
    [ours] = embedded(embedding, EATING)

    assert ours[:4] == pytest.approx(PUBLISHED, abs=0.005)


@pytest.mark.parametrize("text", [*MIXED[:6], " ", "\n", "\x00", "?!"])
def test_any_embedding_has_384_numbers_of_length_one(embedding: EmbeddingModel, text: str) -> None:
    [vector] = embedded(embedding, text)

    assert len(vector) == 384
    assert sqrt(likeness(vector, vector)) == pytest.approx(1, abs=1e-5)


def test_texts_are_answered_in_order_and_as_each_alone(embedding: EmbeddingModel) -> None:
    alone = [vector for text in MIXED for vector in embedded(embedding, text)]

    for here, there in zip(embedded(embedding, *MIXED), alone, strict=True):
        assert here == pytest.approx(there, abs=TOLERANCE, rel=0)


def test_more_texts_than_are_embedded_at_once_are_all_answered(embedding: EmbeddingModel) -> None:
    texts = [f"{'word ' * (200 - n)}{n}" for n in range(30)]
    answers = embedding.predict([Passage(text=text) for text in texts])

    # Two for beginning and end.
    assert [answer.tokens for answer in answers] == [203 - n for n in range(30)]
    assert answers[29].embedding == pytest.approx(embedded(embedding, texts[29])[0], abs=TOLERANCE)


def test_no_texts_have_no_embeddings(embedding: EmbeddingModel) -> None:
    assert embedding.predict([]) == []


def test_256_tokens_are_read_whole(embedding: EmbeddingModel) -> None:
    [answer] = embedding.predict([Passage(text="word " * 254)])

    assert (answer.tokens, answer.truncated) == (256, False)


def test_more_than_256_tokens_are_refused_with_their_number_and_the_cure(
    embedding: EmbeddingModel,
) -> None:
    with pytest.raises(ValueError, match=r"has 257 tokens, and at most 256 .*truncate"):
        embedding.predict([Passage(text=EATING), Passage(text="word " * 255)])


def test_of_a_longer_text_the_beginning_is_taken_if_asked(embedding: EmbeddingModel) -> None:
    longer = Passage(text="word " * 254 + "quantum physics " * 20, truncate=True)
    [cut, whole] = embedding.predict([longer, Passage(text="word " * 254)])

    assert (cut.tokens, cut.truncated) == (296, True)
    assert cut.embedding == pytest.approx(whole.embedding, abs=TOLERANCE, rel=0)


@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.text(min_size=1, max_size=60), min_size=1, max_size=4))
def test_any_text_has_the_embedding_that_it_has_alone(
    embedding: EmbeddingModel, texts: list[str]
) -> None:
    [alone] = embedded(embedding, texts[-1])

    assert embedded(embedding, *texts)[-1] == pytest.approx(alone, abs=TOLERANCE, rel=0)


@pytest.mark.parametrize("text", ["", "x" * 10_001, 5, True, None, ["good"], "\ud800"])
def test_what_is_not_a_text_of_1_to_10000_characters_is_refused(text: object) -> None:
    with pytest.raises(ValidationError) as refusal:
        Passage.model_validate({"text": text})

    assert [error["loc"] for error in refusal.value.errors()] == [("text",)]


def test_the_examples_of_the_schema_are_true(embedding: EmbeddingModel) -> None:
    text = Passage.model_json_schema()["properties"]["text"]["examples"][0]
    fields = Embedding.model_json_schema()["properties"]
    [answer] = embedding.predict([Passage(text=text)])

    assert [answer.tokens] == fields["tokens"]["examples"]
    assert [answer.truncated] == fields["truncated"]["examples"]
