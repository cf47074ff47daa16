"""Values for the fields of a new model: one that fits, the least, and some that do not."""

from collections.abc import Iterator, Mapping, Sequence

from infra.scaffold.fields import Field, Value

SHORT = 40
"""A longer text is nothing but x."""
Values = Mapping[str, Value]


def example(field: Field) -> Value:
    """A value in the middle of its range."""
    match field.kind:
        case "bool":
            return True
        case "str":
            return _text(field)
        case "int":
            return int(_middle(field, 3))
    return float(_middle(field, 1.5))


def least(field: Field) -> Value:
    """The least that its range allows."""
    bound = field.bounded().least
    match field.kind:
        case "bool":
            return False
        case "str":
            return "x" * int(bound or 0)
        case "int":
            return int(bound or 0)
    return float(bound or 0)


def refused(field: Field) -> Iterator[object]:
    """Values out of its range, and one of another type."""
    low, high = field.bounded().least, field.bounded().most
    if field.kind in {"float", "int"} and low is not None and high is not None:
        yield from (low - 1, high + 1)
    if field.kind == "float":
        yield float("nan")
    yield 5 if field.kind == "str" else "5"
    if field.kind == "str" and low and high:
        yield from ("", "x" * int(high + 1))


def score(inputs: Sequence[Field], weights: Sequence[float], values: Values) -> float:
    """What the new model makes of these values: a weighted sum, of a text its length."""
    return sum(
        weight * (len(value) if isinstance(value := values[field.name], str) else float(value))
        for field, weight in zip(inputs, weights, strict=True)
    )


def answer(field: Field, score: float) -> Value:
    """What the new model answers in this field of its output."""
    match field.kind:
        case "bool":
            return score > 0
        case "str":
            return "high" if score > 0 else "low"
    number = round(score) if field.kind == "int" else score
    number = number if field.least is None else max(field.least, number)
    number = number if field.most is None else min(field.most, number)
    return number if field.kind == "int" else float(number)


def _middle(field: Field, otherwise: float) -> float:
    if field.least is None and field.most is None:
        return otherwise
    low, high = field.bounded().least or 0, field.bounded().most or 0
    return (low + high) // 2 if field.kind == "int" else (low + high) / 2


def _text(field: Field) -> str:
    low, high = int(field.bounded().least or 0), int(field.bounded().most or 0)
    return "x" * low if low > SHORT else "An example"[:high].strip().ljust(low, ".")
