"""Assembles what each Lambda ships: bundles, layers and the expanded template, never twice."""

from infra.build.archives import Size
from infra.build.assembly import Built, build, stale
from infra.build.errors import BuildError
from infra.build.profiles import read_profiles
from infra.build.targets import Target

__all__ = ["BuildError", "Built", "Size", "Target", "build", "read_profiles", "stale"]
