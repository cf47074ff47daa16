"""The emulator's program, `python -m infra.emulator.server`: ministack and the front door.

One process, one event loop, one start and stop of ministack, two ports of 127.0.0.1.
"""

import argparse
import asyncio
import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING

from infra.emulator.front_door import FrontDoor
from infra.emulator.route import Route

if TYPE_CHECKING:
    import uvicorn

OPEN_FILES = 10240
LAST_ANSWERS = 10.0  # seconds that open API requests get when the emulator is told to stop


def main() -> None:
    """Serve until SIGTERM or SIGINT, save the state, leave no process behind."""
    options = _options()
    sockets = [listener(options.emulator_port), listener(options.port)]
    _raise_open_files_limit()
    # Functions run on `sys.executable`; this one's environment has nothing but the standard library
    # in it, so a bundle that misses a dependency fails here as it would on AWS.
    sys.executable = options.functions_python
    _run(_serve(options, sockets))
    options.pid_file.unlink(missing_ok=True)


def _run(serving: Coroutine[None, None, None]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serving)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="infra.emulator.server")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--emulator-port", type=int, required=True)
    parser.add_argument("--concurrency", type=int, required=True)
    parser.add_argument("--functions-python", required=True)
    parser.add_argument("--route-file", type=Path, required=True)
    parser.add_argument("--pid-file", type=Path, required=True)
    return parser.parse_args()


def listener(port: int) -> socket.socket:
    """A port of 127.0.0.1 alone, from which answers leave at once.

    asyncio sets TCP_NODELAY only on what says IPPROTO_TCP; without it each answer waits 40 ms.
    """
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound


def _raise_open_files_limit() -> None:
    """A burst of connections must not meet the soft limit (256 on macOS)."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


async def _serve(options: argparse.Namespace, sockets: list[socket.socket]) -> None:
    import uvicorn
    from ministack import app
    from ministack.core import lambda_runtime

    from infra.emulator import tuning

    logging.getLogger("lambent").warning("tuned: %s", ", ".join(tuning.apply()) or "nothing")
    os.environ.pop("LOG_LEVEL", None)  # ministack has read it; it is not the functions' level
    door = FrontDoor(app.app, options.port, Route(options.route_file).read, options.concurrency)
    server = uvicorn.Server(
        uvicorn.Config(
            door,
            lifespan="on",
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,  # AWS sends none, and ministack its own Date
            date_header=False,
            reset_contextvars=True,  # ministack keeps account and region in context variables
            timeout_keep_alive=75,
            timeout_graceful_shutdown=5,
        )
    )
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    server.handle_exit = lambda _number, _frame: loop.call_soon_threadsafe(told.set)
    stopping = asyncio.create_task(_stop_when(told, server, door))
    await server.serve(sockets)
    stopping.cancel()
    await asyncio.to_thread(lambda_runtime.reset)  # the functions' processes and their folders


async def _stop_when(told: asyncio.Event, server: "uvicorn.Server", door: FrontDoor) -> None:
    """Answer the open API requests, which still need ministack, and only then stop."""
    await told.wait()
    door.close()
    deadline = time.monotonic() + LAST_ANSWERS
    while door.open_requests and time.monotonic() < deadline:
        await asyncio.sleep(0.02)
    server.should_exit = True


if __name__ == "__main__":
    main()
