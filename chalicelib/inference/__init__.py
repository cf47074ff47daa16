"""All that the author of a model imports."""

from chalicelib.domain.access import Policy
from chalicelib.domain.caching import Cache
from chalicelib.inference.carried import carried_file
from chalicelib.inference.model import Model, ModelDefinitionError
from chalicelib.inference.registry import Spec, register

__all__ = ["Cache", "Model", "ModelDefinitionError", "Policy", "Spec", "carried_file", "register"]
