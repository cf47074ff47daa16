"""One run: everything that is measured, each part before what would disturb it."""

import tempfile
from contextlib import ExitStack
from pathlib import Path

from infra.bench import alone, many, telling, together
from infra.bench.alone import Values
from infra.bench.beside import beside_logins
from infra.bench.bundles import unpack
from infra.bench.drain import drained_per_second
from infra.bench.history import EARLIER, with_history
from infra.bench.init import init_cpu, shares
from infra.bench.machine import watch
from infra.bench.own import own_stack
from infra.bench.processes import tells_pss
from infra.bench.report import Report
from infra.bench.stack import Stack
from infra.bench.steps import Steps
from infra.build import Built, Target, build
from infra.workspace import Workspace

RSS = "This system does not tell PSS: memory is RSS, which counts what is shared in each process."


def measure(workspace: Workspace, step: Steps) -> Report:
    """Build, then measure: what ships, what it costs alone, what it does together."""
    look = watch()
    with step("Build") as told:
        built = build(workspace, Target.EMBEDDED, told.report)
        values = alone.sizes(built)
        told.result = f"{len(built.archives)} zips"
    costs, parts = _alone(workspace, built, step)
    values |= costs | _together(workspace, built, step)
    return Report(look(), values, parts, () if tells_pss() else (RSS,))


def _alone(
    workspace: Workspace, built: Built, step: Steps
) -> tuple[Values, dict[str, dict[str, float]]]:
    with tempfile.TemporaryDirectory(prefix="lambent-bench-") as folder:
        with step("Handlers") as told:
            bundles = unpack(built, Path(folder))
            values = alone.handlers(bundles, workspace)
            told.result = f"submit {values['cpu.submit']:.2f} ms CPU"
        with step("Init") as told:
            cpu = init_cpu(bundles)
            parts = {name: dict(shares(bundles[name], cpu[name])) for name in ("api", "worker")}
            told.result = f"API {cpu['api']:.0f} ms CPU"
    return values | alone.init(cpu), parts


def _together(workspace: Workspace, built: Built, step: Steps) -> Values:
    with ExitStack() as closing:
        with step("Stack") as told:
            stack = closing.enter_context(own_stack(workspace, built, told))
            together.warm(stack)
            told.result = "a Lambent of its own, in a temporary folder"
        return _of_predictions(stack, step) | _of_accounts(stack, step)


def _of_predictions(stack: Stack, step: Steps) -> Values:
    values = Values()
    with step("Latency") as told:
        values |= together.latencies(stack)
        told.result = f"{values['latency.close.p50']:.1f} ms back to back"
    for clients in together.LOADS:
        with step(f"{clients} client{'s' * (clients > 1)}") as told:
            values |= together.accepted(stack, clients)
            told.result = f"{values[f'accepted.{clients}']:.0f} accepted a second"
    with step("Drain") as told:
        values["drain"] = drained_per_second(stack)
        told.result = f"{values['drain']:,.0f} a second"
    with step("Waiting") as told:
        values |= many.waiting(stack)
        told.result = f"{values['waiting.p50']:.1f} ms for one request with its result"
    with step("Batches") as told:
        values |= many.batch(stack)
        told.result = f"{many.SIZE} in {values['batch.1000']:.2f} s"
    with step("History") as told:
        told.flash(f"{EARLIER:,} earlier predictions")
        values |= with_history(stack, values)
        told.result = f"{values['history.accepted']:.0f} % are accepted still"
    return values


def _of_accounts(stack: Stack, step: Steps) -> Values:
    values = Values()
    with step("Accounts") as told:
        asked = telling.addresses(stack)
        for name in telling.ROUTES:
            told.flash(name)
            values |= telling.told(stack, name, asked)
        most = max(values[f"told.{name}.apart"] for name in telling.ROUTES)
        told.result = f"known and unknown are apart by {most:.2f} of what is allowed"
    with step("Logins beside") as told:
        values |= beside_logins(stack)
        told.result = f"{values['beside.kept']:.0f} % are accepted still"
    return values
