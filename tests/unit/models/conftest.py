from pathlib import Path

import pytest

from ml_models.embedding import EmbeddingModel
from ml_models.filetype import FileTypeModel
from ml_models.language import LanguageModel
from ml_models.sentiment import SentimentModel
from ml_models.temperature import TemperatureModel

LAYER = Path(__file__).parents[3] / "layers" / "model"


@pytest.fixture(scope="session")
def layer() -> Path:
    return LAYER


@pytest.fixture(scope="session")
def temperature() -> TemperatureModel:
    model = TemperatureModel()
    model.load(LAYER / "artifacts")
    return model


@pytest.fixture(scope="session")
def sentiment() -> SentimentModel:
    model = SentimentModel()
    model.load(LAYER / "artifacts")
    return model


@pytest.fixture(scope="session")
def language() -> LanguageModel:
    model = LanguageModel()
    model.load(LAYER / "artifacts")
    return model


@pytest.fixture(scope="session")
def embedding() -> EmbeddingModel:
    model = EmbeddingModel()
    model.load(LAYER / "artifacts")
    return model


@pytest.fixture(scope="session")
def filetype() -> FileTypeModel:
    model = FileTypeModel()
    model.load(LAYER / "artifacts")
    return model
