"""The build: finds what changed, and makes only that."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from infra.build import digests
from infra.build.archives import Size, Tree, write_archive
from infra.build.bytecode import compile_tree
from infra.build.contents import (
    API,
    LAYER_TEMPLATE,
    MERGE_TEMPLATE,
    MODEL,
    WORKER_TEMPLATE,
    Bundle,
    bundles,
)
from infra.build.dependencies import installed
from infra.build.exclusion import alone
from infra.build.expansion import expand
from infra.build.packaging import Package, package
from infra.build.profiles import PROFILES, read_profiles
from infra.build.stamps import Stamp, Stamps
from infra.build.targets import Target
from infra.build.workers import merge_template
from infra.workspace import Workspace

Report = Callable[[str], None]
_TEMPLATE = "template"
_MADE_FROM = (MERGE_TEMPLATE, WORKER_TEMPLATE, LAYER_TEMPLATE, PROFILES)


@dataclass(frozen=True)
class Built:
    """A template whose functions and layers lie beside it."""

    template: Path
    archives: Mapping[str, Path]
    sizes: Mapping[str, Size]
    rebuilt: tuple[str, ...]


def build(workspace: Workspace, target: Target, report: Report = lambda _: None) -> Built:
    """Bring the outputs of one target up to date; nothing is made twice from the same inputs."""
    with alone(workspace.build_dir, report):
        return _Assembly(workspace, target, report).run()


def stale(workspace: Workspace, target: Target) -> list[str]:
    """The outputs that `build` would make: missing, or older than what they are made from."""
    return _Assembly(workspace, target, lambda _: None).stale()


class _Assembly:
    """One build of one target, in a staging folder that lasts as long as it."""

    def __init__(self, workspace: Workspace, target: Target, report: Report) -> None:
        self._root = workspace.root.resolve()  # Chalice wants absolute paths
        self._target = target
        self._report = report
        self._dependencies = workspace.build_dir.resolve() / "dependencies"
        self._folder = workspace.build_dir.resolve() / target.value
        self._staging = self._folder / "staging"
        self._template = self._folder / "template.yaml"
        self._stamps = Stamps(self._folder / "stamps.json")
        self._profiles = read_profiles(self._root)
        self._bundles = bundles(self._profiles, flat=target.flat)
        self._outputs = {one.name: self._folder / one.archive for one in self._bundles}

    def run(self) -> Built:
        """Make what is stale, each output stamped as soon as it stands."""
        stamps, inputs, template = self._stamps, self._inputs(), self._template
        stale = stamps.stale({**self._outputs, _TEMPLATE: template}, inputs)
        shutil.rmtree(self._staging, ignore_errors=True)
        for bundle in self._bundles:
            if bundle.name in stale:
                stamps.keep(bundle.name, Stamp(inputs[bundle.name], self._archive(bundle)))
        if _TEMPLATE in stale:
            merged = self._packaged.template
            self._report("expanding the template")
            expand(merged, self._target, self._bundles, template)
            stamps.keep(_TEMPLATE, Stamp(inputs[_TEMPLATE]))
        shutil.rmtree(self._staging, ignore_errors=True)
        sizes = {name: stamps[name].size for name in self._outputs}
        return Built(template, self._outputs, sizes, tuple(stale))

    def stale(self) -> list[str]:
        """What is to be made."""
        outputs = {**self._outputs, _TEMPLATE: self._template}
        return self._stamps.stale(outputs, self._inputs())

    def _inputs(self) -> dict[str, str]:
        """The fingerprint of everything that goes into each output."""
        base = digests.digest(digests.recipe(), self._target.value)
        own = {bundle.name: digests.content(self._root, bundle) for bundle in self._bundles}
        made_from = [(self._root / path).read_bytes() for path in _MADE_FROM]
        inputs = {name: digests.digest(base, content) for name, content in own.items()}
        inputs[_TEMPLATE] = digests.digest(base, own[API.name], *made_from)
        return inputs

    def _archive(self, bundle: Bundle) -> Size:
        trees = self._trees(bundle)
        trees += [tree for part in bundle.parts for tree in self._flattened(part)]
        self._report(f"writing {bundle.archive}")
        return write_archive(self._outputs[bundle.name], trees)

    def _trees(self, bundle: Bundle) -> list[Tree]:
        """The compiled folders that make up a bundle, its own code first."""
        trees = [Tree(self._code(bundle))] if bundle.sources else []
        if needs := bundle.requirements:
            tree = installed(
                self._root, bundle.name, needs, self._target, self._dependencies, self._report
            )
            trees.append(Tree(tree, needs.place))
        return trees

    def _flattened(self, part: Bundle) -> list[Tree]:
        """A part, a layer too, as it looks from inside a function's own folder."""
        if part is MODEL:
            code = self._code(part)
            return [Tree(code / "python"), Tree(code / "artifacts", "artifacts")]
        return [Tree(tree.root) for tree in self._trees(part)]

    def _code(self, bundle: Bundle) -> Path:
        code = self._packaged.code if bundle is API else self._staged(bundle)
        compile_tree(code)
        return code

    @cached_property
    def _packaged(self) -> Package:
        self._report("packaging the API with Chalice")
        project, ours = self._staged(API), self._staging / "merge.yaml"
        whole = merge_template(self._root, self._profiles, flat=self._target.flat)
        ours.write_text(yaml.safe_dump(whole), "utf-8")
        return package(project, ours, self._staging / "packaged")

    def _staged(self, bundle: Bundle) -> Path:
        folder = self._staging / bundle.name
        for place, path in digests.files_of(self._root, bundle.sources):
            copy = folder / place
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
        return folder
