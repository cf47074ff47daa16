import pytest

from chalicelib.domain.access import Policy
from chalicelib.inference import ModelDefinitionError
from chalicelib.inference.catalogue import Catalogue
from tests.unit.inference.conftest import HEAD, Package, good

REGISTER = {
    "id": "1",
    "name": '"a"',
    "version": '"1.0.0"',
    "problem": '"regression"',
    "category": '"test"',
}
PREDICT = """
    def predict(self, items: list[In]) -> list[Out]:
        return []
"""


def definition(base: str = "Model[In, Out]", body: str = PREDICT, **changes: str) -> str:
    arguments = ", ".join(f"{name}={value}" for name, value in (REGISTER | changes).items())
    return f"{HEAD}\n@register({arguments})\nclass A({base}):{body}"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (definition(id="0"), "id 0 is not a positive integer"),
        (definition(name='"A b"'), "name 'A b' is not lower-case-with-dashes"),
        (definition(name='"7up"'), "name '7up' is not lower-case-with-dashes"),
        (definition(version='"1.0"'), "version '1.0' is not like 1.0.0"),
        (definition(base="Model"), "A extends Model[Input, Output] with two pydantic models"),
        (definition(base="Model[int, str]"), "A extends Model[Input, Output] with two pydantic"),
        (definition(base="object"), "A extends Model[Input, Output] with two pydantic models"),
        (definition(body="\n    pass"), "A defines predict(items) or predict_one(item)"),
        (
            definition(body="\n    def predict(self, items):\n        return []"),
            "predict is written def predict(self, x: list[In]) -> list[Out]",
        ),
        (
            definition(body=PREDICT.replace("list[Out]", "list[Other]")),
            "predict is written def predict(self, x: list[In]) -> list[Out]",
        ),
        (
            definition(body=PREDICT.replace("items: list[In]", "items: In")),
            "predict is written def predict(self, x: list[In]) -> list[Out]",
        ),
        (
            definition(body=PREDICT.replace("list[In]", "list[In], more: int")),
            "predict is written def predict(self, x: list[In]) -> list[Out]",
        ),
        (
            definition(body=PREDICT.replace("list[Out]", "'np.ndarray'")),
            "predict is written def predict(self, x: list[In]) -> list[Out]",
        ),
        (
            definition(body="\n    def predict_one(self, item: In) -> list[Out]:\n        ..."),
            "predict_one is written def predict_one(self, x: In) -> Out",
        ),
    ],
)
def test_a_wrong_definition_is_refused_in_one_sentence_that_names_the_file(
    package: Package, source: str, sentence: str
) -> None:
    with pytest.raises(ModelDefinitionError) as refusal:
        Catalogue.discover(package(wrong=source))
    message = str(refusal.value)
    assert message.startswith("wrong.py:")
    assert sentence in message
    assert "\n" not in message


def test_the_line_of_the_class_is_named(package: Package) -> None:
    with pytest.raises(ModelDefinitionError, match=r"^wrong\.py:15: "):
        Catalogue.discover(package(wrong=definition(id="0")))


def test_a_right_definition_says_all_about_itself(package: Package) -> None:
    source = definition(policy="Policy(3, 'trial', 1, 2)", body='\n    """Adds up."""' + PREDICT)
    [spec] = Catalogue.discover(package(right=source))
    assert (spec.id, spec.name, spec.version, spec.major) == (1, "a", "1.0.0", "1")
    assert (spec.problem, spec.category, spec.description) == ("regression", "test", "Adds up.")
    assert (spec.input_type.__name__, spec.output_type.__name__) == ("In", "Out")
    assert spec.policy == Policy(3, "trial", 1, 2)


def test_without_a_docstring_the_files_first_line_describes_it(package: Package) -> None:
    source = '"""Adds up.\n\nSlowly.\n"""' + definition()
    [spec] = Catalogue.discover(package(right=source))
    assert spec.description == "Adds up."


def test_without_any_docstring_it_has_no_description(package: Package) -> None:
    [spec] = Catalogue.discover(package(right=definition()))
    assert spec.description == ""


def test_a_model_that_cannot_batch_defines_predict_one(package: Package) -> None:
    body = "\n    def predict_one(self, item: In) -> Out:\n        return Out(n=item.n + 1)"
    [spec] = Catalogue.discover(package(right=definition(body=body)))
    items = [spec.input_type.model_validate({"n": n}) for n in (1, 2)]
    answers = spec.factory().predict(items)
    assert [answer.model_dump() for answer in answers] == [{"n": 2}, {"n": 3}]


def test_a_model_that_batches_can_be_asked_for_one(package: Package) -> None:
    body = "\n    def predict(self, items: list[In]) -> list[Out]:"
    body += "\n        return [Out(n=len(items)) for _ in items]"
    [spec] = Catalogue.discover(package(right=definition(body=body)))
    answer = spec.factory().predict_one(spec.input_type.model_validate({"n": 7}))
    assert answer.model_dump() == {"n": 1}


def test_annotations_may_be_postponed(package: Package) -> None:
    source = "from __future__ import annotations\n" + definition()
    assert [spec.name for spec in Catalogue.discover(package(right=source))] == ["a"]


def test_a_base_of_ones_own_may_stand_between(package: Package) -> None:
    base = "\nclass Base(Model[In, Out]):\n    def shared(self) -> int:\n        return 1\n"
    source = (
        good()
        .replace("@register", base + "\n@register")
        .replace("class A(Model[In, Out])", "class A(Base, Model[In, Out])")
    )
    assert [spec.name for spec in Catalogue.discover(package(right=source))] == ["a"]
