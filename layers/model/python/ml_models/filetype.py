"""What kind of file it is, of over 200, by its content.

Google's Magika, model standard_v3_3: Y. Fratantonio et al., "Magika: AI-Powered Content-Type
Detection", ICSE 2025. It reads the first and last kilobyte, names no kind that it is unsure of
(then `txt` or `unknown`), and says nothing about whether a file is harmless.
"""

from base64 import b64decode
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.inference import Cache, Model, register

BASE64 = "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


class Content(BaseModel):
    """What is to be judged."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    content: str = Field(
        max_length=120_000,
        pattern=BASE64,
        title="Content",
        description="The file in base64, at most 120,000 characters: 90,000 bytes. "
        "Of a larger one, send the beginning.",
        examples=["R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"],
        json_schema_extra={"contentEncoding": "base64"},
    )


class FileType(BaseModel):
    """The kind, and how sure that is."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)

    label: str = Field(
        title="Label", description="Short name of the kind, as Magika has it.", examples=["gif"]
    )
    group: str = Field(
        title="Group",
        description="What it belongs to: archive, code, document, image, text, …",
        examples=["image"],
    )
    mime_type: str = Field(
        title="MIME type", description="As sent in HTTP.", examples=["image/gif"]
    )
    description: str = Field(
        title="Description", description="The kind in words.", examples=["GIF image data"]
    )
    score: float = Field(
        ge=0,
        le=1,
        title="Score",
        description="From 0 to 1, of the first guess.",
        examples=[0.999994],
    )


@register(
    id=5,
    name="filetype",
    version="1.0.0",
    problem="classification",
    category="file type",
    worker="onnx",
    cache=Cache(),
)
class FileTypeModel(Model[Content, FileType]):
    def load(self, artifacts: Path) -> None:
        from magika import Magika

        self._magika = Magika()

    def predict_one(self, item: Content) -> FileType:
        found = self._magika.identify_bytes(b64decode(item.content))
        return FileType(
            label=found.output.label,
            group=found.output.group,
            mime_type=found.output.mime_type,
            description=found.output.description,
            score=round(min(found.score, 1.0), 6),
        )
