"""Whether a port can be had, and who has it."""

import socket
import time

import psutil

from infra.emulator.errors import PortTaken


def require_free(port: int, variable: str) -> None:
    """Raise PortTaken, with its holder where the system tells, unless 127.0.0.1:port is free.

    A port that nobody seems to hold gets a second: a process that has just ended may still let go.
    """
    deadline = time.monotonic() + 1.0
    while not _is_free(port):
        holder = holder_of(port)
        if holder or time.monotonic() > deadline:
            raise PortTaken(port, variable, holder)
        time.sleep(0.02)


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def holder_of(port: int) -> str | None:
    """The process that listens on this port; None if the system does not tell."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:  # macOS, without root
        return None
    for connection in connections:
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port:
            return _describe(connection.pid)
    return None


def _describe(pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        command = " ".join(psutil.Process(pid).cmdline())
    except psutil.Error:
        command = "?"
    return f"process {pid} ({command[:120]})"
