"""All that the author of a model imports."""

from chalicelib.domain.access import Policy
from chalicelib.inference.model import Model, ModelDefinitionError
from chalicelib.inference.registry import Spec, register

__all__ = ["Model", "ModelDefinitionError", "Policy", "Spec", "register"]
