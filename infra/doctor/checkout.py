"""What this checkout has made: its pinned environments and its build."""

from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.requirements import Requirement

from infra.doctor.findings import Finding, ok, warn

SHOWN = 3


def pins(lock: Path, installed: Callable[[str], str] = version) -> Finding:
    """.venv holds what infra/requirements.txt says."""
    wanted = list(_applying(lock.read_text().splitlines()))
    wrong = [told for each in wanted if (told := _difference(each, installed))]
    if not wrong:
        return ok(f"{len(wanted)} pins of .venv are installed")
    more = f" and {len(wrong) - SHOWN} more" if len(wrong) > SHOWN else ""
    return warn(
        f".venv is not what infra/requirements.txt says: {', '.join(wrong[:SHOWN])}{more}",
        "rm .venv/.pins && ./run.sh help makes it anew.",
    )


def emulator_environment(is_complete: bool, install: Callable[[], object]) -> Finding:
    """.venv-emulator was made from these pins and this Python."""
    if is_complete:
        return ok("its environment is made from these pins")
    return warn(
        "its environment is not made yet, or from other pins or another Python; "
        "`up` makes it, in half a minute",
        "./run.sh up",
        install,
    )


def models(names: Callable[[], Iterable[str]]) -> Finding:
    """Each file can be served."""
    found = list(names())
    return ok(f"{len(found)} can be served: {', '.join(found)}")


def bundles(stale: Callable[[], list[str]], build: Callable[[], object]) -> Finding:
    """What would be deployed is made from what is there now."""
    if old := stale():
        return warn(
            f"{', '.join(old)} not made from these sources; `up` builds and deploys them",
            "./run.sh up",
            build,
        )
    return ok("every bundle is made from these sources")


def _applying(lines: Iterable[str]) -> Iterable[Requirement]:
    """The pins that this Python and this platform are meant by."""
    texts = (line.partition(" #")[0].strip() for line in lines)
    for text in texts:
        if text and not text.startswith("#"):
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate():
                yield requirement


def _difference(wanted: Requirement, installed: Callable[[str], str]) -> str:
    try:
        found = installed(wanted.name)
    except PackageNotFoundError:
        return f"{wanted} (missing)"
    is_right = wanted.specifier.contains(found, prereleases=True)
    return "" if is_right else f"{wanted} ({found})"
