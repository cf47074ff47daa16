"""The program's sockets; the rest of it is tested with a real emulator."""

import socket

from infra.emulator.server import listener


def test_it_listens_on_127_0_0_1_alone() -> None:
    with listener(0) as bound:
        assert bound.getsockname()[0] == "127.0.0.1"


def test_answers_leave_at_once() -> None:
    with listener(0) as bound:
        assert bound.proto == socket.IPPROTO_TCP  # by this, asyncio sets TCP_NODELAY
