"""Where the document lists the endpoints that the routes recorded."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from chalice.app import Chalice

from chalicelib.api.http import Endpoint
from chalicelib.inference.registry import Spec

PARAMETER = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Place:
    """Where the document lists an endpoint; `spec` is the model that it lists it for."""

    endpoint: Endpoint
    spec: Spec | None

    @property
    def path(self) -> str:
        """With a model's name and id filled in."""
        path, spec = self.endpoint.path, self.spec
        return path.format(model=spec.name, model_id=spec.id) if spec else path

    @property
    def parameters(self) -> list[str]:
        """Those that are not filled in."""
        return PARAMETER.findall(self.path)

    @property
    def operation_id(self) -> str:
        """Of its model, if it has one."""
        name = self.spec.name if self.spec else ""
        return self.endpoint.operation.format(model=name).replace("-", "_")

    @property
    def summary(self) -> str:
        """The first line of the view's docstring; a summary is plain text."""
        return self._told[0].replace("`", "")

    @property
    def description(self) -> str:
        """What its model is, or the rest of the view's docstring."""
        return self.spec.description if self.spec else self._told[1].strip()

    @property
    def _told(self) -> tuple[str, str]:
        first, _, rest = (getdoc(self.endpoint.view) or "").partition("\n")
        return first, rest

    @property
    def taken(self) -> Any:
        """The type of its body; a raw one is the bare input of its model."""
        return self.endpoint.body or (self.spec.input_type if self.spec else Any)

    @property
    def tag(self) -> str:
        """The module of the view."""
        return self.endpoint.view.__module__.rpartition(".")[2]


def recorded(app: Chalice) -> Iterator[Endpoint]:
    """The endpoints of an app; AttributeError for a route that was not made by `endpoint`."""
    for methods in app.routes.values():
        for route in methods.values():
            view: Any = route.view_function
            yield view.endpoint


def places(endpoints: Iterable[Endpoint]) -> Iterator[Place]:
    """Every listed endpoint, once for each of its models if it has any."""
    for endpoint in endpoints:
        if endpoint.is_listed:
            for spec in endpoint.models or (None,):
                yield Place(endpoint, spec)
