"""The front door of docker-compose.localstack.yml, as nginx itself understands its file."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from infra.emulator.front_door import HOME
from infra.workspace import ROOT
from tests.emulators import eventually, free_ports

NGINX = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
FILE = ROOT / "infra/localstack/nginx.conf"
MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/front-door.conf;
}}
"""

if NGINX is None:  # at once for the whole module: one line in the summary
    pytest.skip(
        "No nginx is on PATH. To run this: apt install nginx (it need not run)",
        allow_module_level=True,
    )


class Echo(BaseHTTPRequestHandler):
    """Answers with what reached it, as LocalStack would see it."""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        body = json.dumps({"path": self.path, "headers": dict(self.headers)}).encode()
        self.send_response(404 if self.path.endswith("absent") else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


@dataclass(frozen=True)
class Door:
    """nginx before an upstream port."""

    folder: Path
    port: int

    def write(self, upstream: int, rest_api_id: str) -> None:
        """The file as the image makes it, with other addresses."""
        text = FILE.read_text().replace("${REST_API_ID}", rest_api_id)
        text = text.replace("server localstack:4566", f"server 127.0.0.1:{upstream}")
        text = text.replace("listen 8000", f"listen 127.0.0.1:{self.port}")
        (self.folder / "front-door.conf").write_text(text)
        (self.folder / "nginx.conf").write_text(MAIN.format(folder=self.folder))

    def open(self) -> subprocess.Popen[bytes]:
        command = [str(NGINX), "-c", str(self.folder / "nginx.conf"), "-p", str(self.folder)]
        return subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def answers(self) -> bool:
        try:
            return self.get("/").status_code == 302
        except httpx.TransportError:
            return False

    def get(self, path: str, **content: Any) -> httpx.Response:
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", trust_env=False, **content)

    def raw(self, path: str) -> int:
        """The status of a path that no client would send as it is."""
        connection = HTTPConnection("127.0.0.1", self.port)
        connection.request("GET", path)
        status = connection.getresponse().status
        connection.close()
        return status


@pytest.fixture(scope="module")
def upstream() -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def door(upstream: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    yield from opened(tmp_path_factory.mktemp("door"), upstream, "a1b2c3")


def opened(folder: Path, upstream: int, rest_api_id: str) -> Iterator[Door]:
    door = Door(folder, free_ports(1)[0])
    door.write(upstream, rest_api_id)
    process = door.open()
    try:
        assert eventually(door.answers)
        yield door
    finally:
        process.terminate()
        process.wait()


def test_the_api_is_reached_under_its_stage_as_it_was_asked_for(door: Door) -> None:
    told = door.get("/api/v1/caf%C3%A9/a%20b%2Fc?q=%20x&q=2").json()

    assert told["path"] == "/_aws/execute-api/a1b2c3/api/v1/caf%C3%A9/a%20b%2Fc?q=%20x&q=2"


def test_headers_by_which_a_client_passes_for_another_are_dropped(door: Door) -> None:
    names = ["Forwarded", *(f"X-Forwarded-{part}" for part in ("For", "Host", "Port", "Proto"))]
    spoofed = {**dict.fromkeys(names, "6.6.6.6"), "X-Real": "kept"}

    told = door.get("/api/v1/things", headers=spoofed).json()["headers"]

    assert "6.6.6.6" not in json.dumps(told)
    assert told["X-Real"] == "kept"


def test_a_host_of_the_clients_choice_does_not_choose_the_service(door: Door) -> None:
    host = {"Host": "bucket.s3.localhost.localstack.cloud:4566"}

    assert door.get("/api/v1/things", headers=host).json()["headers"]["Host"] == "localhost:4566"


@pytest.mark.parametrize("path", ["/", "/api", "/api/"])
def test_the_door_itself_leads_to_the_page(door: Door, path: str) -> None:
    assert door.get(path).headers["location"] == HOME


@pytest.mark.parametrize(
    "path",
    [
        "/_localstack/health",
        "/_aws/execute-api/other/api/v1",
        "/apiv1",
        "/api/../_localstack/health",
        "/api/%2e%2e/_localstack/health",
        "/api/..%2f_localstack/health",
        "//api/v1/things",
    ],
)
def test_nothing_else_of_localstack_is_reached(door: Door, path: str) -> None:
    assert door.raw(path) == 404


def test_what_is_not_there_is_a_problem_document(door: Door) -> None:
    answer = door.get("/elsewhere")

    assert answer.headers["content-type"] == "application/problem+json; charset=utf-8"
    assert answer.json()["code"] == "not-found"


def test_a_refusal_of_the_api_goes_through_as_it_is(door: Door) -> None:
    answer = door.get("/api/v1/absent")

    assert (answer.status_code, "path" in answer.json()) == (404, True)


def test_a_body_over_ten_megabytes_is_refused(door: Door) -> None:
    url = f"http://127.0.0.1:{door.port}/api/v1/things"
    largest = httpx.post(url, content=b"x" * 10 * 2**20, trust_env=False)
    answer = httpx.post(url, content=b"x" * (10 * 2**20 + 1), trust_env=False)

    assert (largest.status_code, answer.status_code) == (200, 413)
    assert answer.json()["code"] == "too-large"


@pytest.mark.parametrize("rest_api_id", ["", "a1b2c3"])
def test_without_an_api_or_a_localstack_it_is_unavailable(tmp_path: Path, rest_api_id: str) -> None:
    [nobody] = free_ports(1)
    for door in opened(tmp_path, nobody, rest_api_id):
        answer = door.get("/api/v1/things")

        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert answer.json()["code"] == "unavailable"
