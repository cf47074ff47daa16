"""What the functions cost by themselves: sizes, calls, CPU; nothing runs beside them."""

import json
from collections.abc import Mapping
from typing import Any

from infra.bench import prices
from infra.bench.bundles import Bundle
from infra.build import Built
from infra.workspace import Workspace

MB = 2**20  # as Lambda counts: its limit of 50 MB for a zip is 52,428,800 bytes
LAYERS = ("model", "model_deps")
BATCHES = (1, 10, 100)

Values = dict[str, float]


def sizes(built: Built) -> Values:
    """MB of each archive, and of the light worker's layers together."""
    found = Values()
    for name, size in built.sizes.items():
        found[f"size.{name}.zipped"] = size.zipped / MB
        found[f"size.{name}.unzipped"] = size.unzipped / MB
    for kind in ("zipped", "unzipped"):
        found[f"size.layers.{kind}"] = sum(found[f"size.{layer}.{kind}"] for layer in LAYERS)
    return found


def handlers(bundles: Mapping[str, Bundle], workspace: Workspace) -> Values:
    """Calls and CPU of warm handlers, each in a process of its own."""
    hello, api, worker = (
        _measured(bundles[name], name, workspace) for name in ("hello", "api", "worker")
    )
    submissions = _measured(bundles["api"], "submissions", workspace)
    return {
        "calls.submit": api["submit_calls"],
        "calls.read": api["read_calls"],
        "calls.batch": worker["calls_10"],
        "calls.cacheable": (worker["calls_10_cacheable"] - worker["calls_10"]) / 10,
        "calls.prediction": api["submit_calls"] + worker["calls_10"] / 10,
        "cpu.hello": hello["cpu"],
        "cpu.submit": api["submit"],
        "cpu.read": api["read"],
        **_measured(bundles["api"], "accounts", workspace),
        **submissions,
        "waiting.second.price": prices.second_of_waiting(submissions["waiting.reads"]),
        "waiting.poll.price": prices.poll(),
        **{f"cpu.worker.{size}": worker[f"cpu_{size}"] * 1000 for size in BATCHES},
    }


def _measured(bundle: Bundle, name: str, workspace: Workspace) -> dict[str, Any]:
    arguments = ("-m", "infra.bench.handlers", name, str(workspace.root / "events"))
    found: dict[str, Any] = json.loads(bundle.run(*arguments, also=(workspace.root,)))
    return found


def init(cpu: Mapping[str, float]) -> Values:
    """The ms of each function's init, and its ratio to a Chalice hello's."""
    ratios = {f"init.{name}.ratio": cpu[name] / cpu["hello"] for name in ("api", "worker")}
    return {**{f"init.{name}": ms for name, ms in cpu.items()}, **ratios}
