"""Transactions in which each operation says what it means when its condition does not hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from pynamodb.expressions.operand import Path
from pynamodb.models import Model

from chalicelib.adapters.aws import Client
from chalicelib.adapters.transactions import ConditionFailed, commit
from chalicelib.errors import AppError


@dataclass(frozen=True)
class Step:
    """One operation of a transaction, and what is raised if its condition does not hold."""

    operation: Mapping[str, Any]
    refusal: Exception


def addition(row: Model, refusal: Exception) -> Step:
    """Put a row where there is none."""
    absent = Path("pk").does_not_exist()
    return Step({"Put": row.get_save_kwargs_from_instance(condition=absent)}, refusal)


def presence(row: Model, refusal: Exception) -> Step:
    """Change nothing, if there is this row."""
    present = Path("pk").exists()
    return Step({"ConditionCheck": row.get_delete_kwargs_from_instance(condition=present)}, refusal)


def removal(row: Model) -> Step:
    """Delete a row, if there is one."""
    return Step({"Delete": row.get_delete_kwargs_from_instance()}, AppError())


def carry_out(client: Client, steps: Sequence[Step]) -> None:
    """Do all steps or none; raise the refusal of the first whose condition does not hold."""
    try:
        commit(client, [step.operation for step in steps], token=str(uuid4()))
    except ConditionFailed as failure:
        broken = (step for step, is_broken in zip(steps, failure.broken, strict=True) if is_broken)
        raise next(broken).refusal from None
