"""A page in headless Chromium, driven by its DevTools protocol through a pipe.

A browser driver (Selenium, Playwright) would be the heaviest of our tools, for five clicks.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WANTING = "no Chromium on PATH; Debian and Ubuntu: apt install chromium"
FLAGS = (
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--window-size=1280,1400",
    "--remote-debugging-pipe",
)
SECONDS = 30.0
WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation",
                 (event) => violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def found() -> str | None:
    """The Chromium of this machine."""
    return next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One tab: what it asked the network for, and what is on it."""

    def __init__(self, commands: BinaryIO, messages: BinaryIO) -> None:
        self._commands = commands
        self._messages = messages
        self._unread = b""
        self._ids = count(1)
        self._session: dict[str, str] = {}
        self.errors: list[str] = []
        self.hosts: set[str] = set()

    def start(self) -> None:
        """Open the tab and listen to it."""
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        attached = self._call("Target.attachToTarget", targetId=target, flatten=True)
        self._session = {"sessionId": attached["sessionId"]}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self._call(f"{domain}.enable")
        self._call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)

    def open(self, url: str) -> None:
        self._call("Page.navigate", url=url)

    def click(self, selector: str) -> None:
        """Click it, once it is there."""
        self.until(f"{_element(selector)} !== null")
        self.evaluate(f"{_element(selector)}.click()")

    def type(self, selector: str, text: str) -> None:
        """Write into it, as by hand."""
        self.until(f"{_element(selector)} !== null")
        self.evaluate(f"{_element(selector)}.focus()")
        self._call("Input.insertText", text=text)

    def text(self, selector: str) -> str:
        """What it says, once it is there."""
        self.until(f"{_element(selector)} !== null")
        return str(self.evaluate(f"{_element(selector)}.innerText"))

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, expression: str) -> None:
        """Wait for it to become true."""
        deadline = time.monotonic() + SECONDS
        while not self.evaluate(expression):
            assert time.monotonic() < deadline, f"never true: {expression}"
            time.sleep(0.05)

    def screenshot(self, file: Path) -> None:
        """What a person would see now, as a PNG."""
        file.write_bytes(base64.b64decode(self._call("Page.captureScreenshot")["data"]))

    def _call(self, method: str, **params: Any) -> dict[str, Any]:
        id = next(self._ids)
        command = {"id": id, "method": method, "params": params, **self._session}
        self._commands.write(json.dumps(command).encode() + b"\0")
        self._commands.flush()
        while (message := self._next()).get("id") != id:
            self._notice(message)
        assert "error" not in message, f"{method}: {message['error']}"
        result: dict[str, Any] = message["result"]
        return result

    def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._messages], [], [], deadline - time.monotonic())
            piece = os.read(self._messages.fileno(), 1 << 20) if ready else b""
            assert piece, "Chromium does not answer"
            self._unread += piece
        line, _, self._unread = self._unread.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        return message

    def _notice(self, message: dict[str, Any]) -> None:
        params = message.get("params", {})
        if message.get("method") == "Network.requestWillBeSent":
            self.hosts.add(urlsplit(params["request"]["url"]).netloc)
            self.hosts.discard("")  # data: goes nowhere
        elif message.get("method") == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])
        elif message.get("method") == "Runtime.exceptionThrown":
            self.errors.append(str(params["exceptionDetails"]))


@contextmanager
def a_page(chromium: str, profile: Path) -> Iterator[Page]:
    """A page of a browser of its own, which is gone at the end."""
    inward, commands = os.pipe()
    messages, outward = os.pipe()
    root = ["--no-sandbox"] if os.getuid() == 0 else []
    # Chromium reads its commands from 3 and writes to 4.
    connected = ["bash", "-c", f'exec "$@" 3<&{inward} 4>&{outward}', "bash"]
    process = subprocess.Popen(
        [*connected, chromium, *FLAGS, *root, f"--user-data-dir={profile}"],
        pass_fds=(inward, outward),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(inward)
    os.close(outward)
    with os.fdopen(commands, "wb") as writer, os.fdopen(messages, "rb") as reader:
        page = Page(writer, reader)
        try:
            page.start()
            yield page
        finally:
            with suppress(AssertionError, OSError):
                page._session = {}
                page._call("Browser.close")
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=10)
            process.kill()
            process.wait()


def _element(selector: str) -> str:
    return f"document.querySelector({json.dumps(selector)})"
