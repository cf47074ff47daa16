"""Something that answers like a LocalStack, and something that answers like docker."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from infra.localstack.pinned import SERVICES, VERSION
from infra.localstack.workspace import OnLocalStack
from infra.workspace import ROOT
from tests.emulators import free_ports

Answers = dict[str, Any]
Serve = Callable[..., str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Starts what gives these answers by path (404 otherwise) and tells its endpoint."""
    servers = []

    def start(answers: Answers) -> str:
        server = HTTPServer(("127.0.0.1", 0), handler_of(answers))
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}"

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def handler_of(answers: Answers) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = answers.get(self.path)
            self.send_response(404 if found is None else 200)
            self.end_headers()
            self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Says nothing."""

    return Handler


def healthy(**facts: Any) -> Answers:
    """The answers of the LocalStack that is wanted, but for these facts of its health."""
    health = {
        "version": VERSION,
        "edition": "community",
        "services": dict.fromkeys(SERVICES, "available"),
    }
    info = {"is_license_activated": False}
    return {"/_localstack/health": {**health, **facts}, "/_localstack/info": info}


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a docker command that is this shell script on PATH; gives the file of its calls."""
    calls = tmp_path / "calls"

    def put(script: str) -> Path:
        command = tmp_path / "bin" / "docker"
        command.parent.mkdir(exist_ok=True)
        command.write_text(f'#!/bin/sh\necho "$*" >>"{calls}"\n{script}\n')
        command.chmod(0o755)
        monkeypatch.setenv("PATH", f"{command.parent}:/usr/bin:/bin")
        return calls

    return put


@pytest.fixture
def place(tmp_path: Path) -> OnLocalStack:
    """A folder of its own whose LocalStack is to be started by Compose."""
    return OnLocalStack(ROOT, ROOT / ".build", tmp_path / "local", 8123, 4623)


@pytest.fixture
def free_endpoint() -> str:
    """Where nobody answers."""
    [port] = free_ports(1)
    return f"http://127.0.0.1:{port}"
