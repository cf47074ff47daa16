"""Installed dependencies of a bundle: once per list of pins, kind of wheels and Python."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from infra.build.bytecode import compile_tree
from infra.build.contents import Requirements
from infra.build.digests import digest, recipe
from infra.build.errors import BuildError
from infra.build.targets import Target
from infra.build.trimming import trim

_KEPT = 2  # trees of one bundle: this one, and the one before it, for a change of branch and back


def installed(
    root: Path,
    name: str,
    needs: Requirements,
    target: Target,
    home: Path,
    report: Callable[[str], None],
) -> Path:
    """The folder with a bundle's dependencies, trimmed and compiled; installed if need be."""
    pins = list(shipped_pins((root / needs.lock).read_text(), needs.omit))
    key = digest(recipe(), target.wheels, *target.platforms, *pins)[:16]
    tree = home / target.wheels / name / key
    if tree.is_dir():
        tree.touch()
        return tree
    report(f"installing {len(pins)} packages for {name}")
    partial = tree.with_name("partial")
    _install(pins, target, partial, needs.lock)
    trim(partial, needs.without)
    compile_tree(partial)
    partial.rename(tree)
    _forget_old(tree.parent)
    return tree


def shipped_pins(lock: str, omit: tuple[str, ...]) -> Iterator[str]:
    """The lines of a list of pins without the packages that are not shipped."""
    for line in lock.replace("\\\n", " ").splitlines():
        name = re.match(r"[A-Za-z0-9._-]+", line)
        if name and re.sub(r"[._-]+", "-", name[0]).lower() not in omit:
            yield line


def _install(pins: list[str], target: Target, into: Path, lock: str) -> None:
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    wanted = into / "pins"
    wanted.write_text("\n".join(pins))
    options = [f"--platform={platform}" for platform in target.platforms]
    if options:
        options.append("--only-binary=:all:")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-compile", f"--target={into}", f"--requirement={wanted}"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(_refusal(lock, target, done.stderr))
    wanted.unlink()


def _refusal(lock: str, target: Target, said: str) -> str:
    reasons = [line for line in said.splitlines() if line.startswith("ERROR")] or [said]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        f"pip could not install {lock} for {target} on Python {python}: "
        + " ".join(reasons)
        + " Check the network; for a Lambda target every pin needs a wheel for Linux x86_64"
        f" and this Python ({target.platforms[0] if target.platforms else 'this machine'})."
    )


def _forget_old(trees: Path) -> None:
    newest_first = sorted(trees.iterdir(), key=lambda tree: tree.stat().st_mtime, reverse=True)
    for tree in newest_first[_KEPT:]:
        shutil.rmtree(tree)
