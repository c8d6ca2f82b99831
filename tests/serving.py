"""A site being served, for tests: the process, what its pages are told, and how it is asked."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Self

from tornado.websocket import websocket_connect

from .conftest import REPOSITORY

HELLO = json.dumps({"command": "hello", "protocols": ["http://livereload.com/protocols/official-7"]})
TOML = 'title = "Talks"\nbase_url = "https://example.org/talks/"\n[params.comments]\nprovider = "none"\n'
TALK = "---\ntitle: A talk\ndate: 2026-01-02\n---\nHost: Good morning.\n\nAna Duarte: {}\n\nHost: Good night.\n"


def filled(root: Path) -> Path:
    """A site below a path, with a draft."""
    (root / "content").mkdir(parents=True)
    (root / "site.toml").write_text(TOML, encoding="utf-8")
    (root / "content/talk.txt").write_text(TALK.format("First."), encoding="utf-8")
    (root / "content/draft.txt").write_text("---\ndraft: true\n---\nHost: Half.\nAna: Done.\n", encoding="utf-8")
    (root / "content/picture.png").write_bytes(b"\x89PNG" + bytes(1_000))
    return root


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: dict[str, str]
    text: str


class Server:
    """A site that is served."""

    def __init__(self, root: Path, port: int, process: subprocess.Popen[str]) -> None:
        self.root, self.port, self.process = root, port, process
        self.url = f"http://127.0.0.1:{port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """An answer to a request, its path sent as it is; status 0 while nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            connection.endheaders()
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read().decode(errors="replace"))
        except ConnectionError:
            return Answer(0, {}, "")
        finally:
            connection.close()

    def state(self) -> Any:
        """What pages are told."""
        return json.loads(self.ask("/_desk/-/state.json").text or "{}")

    def write(self, path: str, text: str) -> None:
        """Save a file of the site."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def until(holds: Callable[[], object], seconds: float = 20) -> bool:
    """Whether something comes to hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.03)
    return False


@contextmanager
def serving(root: Path, *arguments: str, port: int = 0, wait: bool = True) -> Iterator[Server]:
    """A server of a site, its first build done unless nobody waits for it; ended afterwards."""
    port = port or free_port()
    command = [sys.executable, str(REPOSITORY / "build.py"), "serve", "--port", str(port), *arguments]
    process = subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    server = Server(root, port, process)
    try:
        if wait:
            if not until(lambda: not server.state().get("build", "-0").endswith("-0"), 60):
                process.terminate()
                raise AssertionError(process.communicate(timeout=30)[0])
            time.sleep(0.7)  # until the files are watched, which is looked at once more
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=30)
        if process.returncode not in (2, 130):
            raise AssertionError(f"exit code {process.returncode}")


class Ear:
    """Hears what pages are told."""

    def __init__(self, server: Server, page: str = "/", *, is_late: bool = False) -> None:
        """`page`: the path of that which listens; `is_late`: it doesn't say so before `introduce` is called."""
        self.heard: list[tuple[float, dict[str, Any]]] = []
        self._page, self._is_late, self._known = page, is_late, threading.Event()
        self._server, self._ready, self._end = server, threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._listen()), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def introduce(self) -> None:
        """Say which page listens."""
        self._known.set()

    def __exit__(self, *_: object) -> None:
        self._known.set()
        self._end.set()
        self._thread.join()

    async def _listen(self) -> None:
        closed = asyncio.Event()

        def hear(message: str | bytes | None) -> None:
            told = json.loads(message or "{}")
            if message is None:
                closed.set()
            if told.get("command") == "hello":
                self._ready.set()
            elif told:
                self.heard.append((time.monotonic(), told))

        ear = await websocket_connect(f"ws://127.0.0.1:{self._server.port}/livereload", on_message_callback=hear)
        await ear.write_message(HELLO)
        if self._is_late:
            await asyncio.to_thread(self._known.wait)
        await ear.write_message(json.dumps({"command": "info", "url": self._server.url + self._page}))
        await asyncio.to_thread(self._end.wait)
        ear.close()
        await asyncio.wait_for(closed.wait(), 5)

    @property
    def paths(self) -> list[str]:
        """What was told to load again."""
        return [told["path"] for _, told in self.heard]


def alive(group: int) -> bool:
    """Whether any process of a group is, beside those that have ended and that nobody has asked about."""
    states = subprocess.run(["ps", "-o", "stat=", "-g", str(group)], capture_output=True, text=True).stdout.split()
    return any(not state.startswith("Z") for state in states)
