"""Links to other sites, followed politely: against a server on this machine only."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from roundtable import external
from roundtable.external import DAY, ask, followed
from roundtable.links import Link
from roundtable.model import SourceSpan

from .conftest import REPOSITORY, SITE_TOML, Site


class Server(ThreadingHTTPServer):
    """Answers by path: `/200`, `/404`; `/to/301/200` redirects to `/200`; `/nohead` knows no HEAD; `/slow` takes its time."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, str]] = []
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()

    def url(self, path: str) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}{path}"


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server

    def answer(self) -> None:
        """By the path."""
        with self.server.lock:
            self.server.asked.append((self.command, self.path, self.headers["User-Agent"]))
            self.server.at_once += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.at_once)
        time.sleep(1 if self.path == "/slow" else 0.01)
        parts = self.path.strip("/").split("/")
        if parts[0] == "to":
            self.send_response(int(parts[1]))
            self.send_header("Location", "/" + "/".join(parts[2:]) if parts[2] != "gopher" else "gopher://x/")
        elif parts[0] == "nohead":
            self.send_response(405 if self.command == "HEAD" else 200)
        else:
            self.send_response(int(parts[0]) if parts[0].isdigit() else 200)
        self.send_header("Content-Length", "0")
        with self.server.lock:  # with the last of these lines whoever asks may ask again
            self.server.at_once -= 1
        self.end_headers()

    do_HEAD = do_GET = answer  # noqa: N815  (the library's names)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that runs."""
    one = Server()
    threading.Thread(target=one.serve_forever, daemon=True).start()
    yield one
    one.shutdown()
    one.server_close()


def link(address: str) -> Link:
    """A link as it was read."""
    return Link(address, SourceSpan("content/a.md", 3, 7, 0, 0), f"See [x]({address}).")


@pytest.mark.parametrize(
    ("path", "code", "says"),
    [
        ("/200", None, ""), ("/nohead", None, ""), ("/200#part", None, ""), ("/404", "RT514", "404 Not Found"), ("/410", "RT514", "410 Gone"), ("/500", "RT514", "500"),
        ("/403", None, ""), ("/429", None, ""), ("/to/302/200", None, ""), ("/to/301/200", "RT515", "moved for good"), ("/to/308/to/301/200", "RT515", "moved for good"),
        ("/to/301/404", "RT514", "404"), ("/to/302/to/301/200", None, ""), ("/to/302/" + "to/302/" * 12 + "200", "RT514", "without end"), ("/to/302/gopher", "RT514", "no page"),
    ],
)  # fmt: skip
def test_what_an_answer_means(server: Server, tmp_path: Path, path: str, code: str | None, says: str) -> None:
    """A page that is gone is told, one that only refuses us isn't; where it is for good is said."""
    found = list(followed([link(server.url(path))], tmp_path / "x.json", lambda: None))
    assert [one.code for one in found] == ([code] if code else [])
    assert all(says in one.message and one.line == 3 for one in found)
    if code == "RT515":
        assert server.url("/200") in (found[0].hint or "")


def test_a_new_address_keeps_the_place_in_the_page(server: Server, tmp_path: Path) -> None:
    """As a browser would follow it."""
    (found,) = followed([link(server.url("/to/301/200#part"))], tmp_path / "x.json", lambda: None)
    assert (found.code, found.hint) == ("RT515", f"if it is the same page, write {server.url('/200#part')}")


def test_each_link_is_told_where_it_stands(server: Server, site: Site) -> None:
    """However many lead to the same, which is asked once."""
    gone = server.url("/410")
    site.write(f"-- content/page.md --\n# P\n\n`{gone}` [x]({gone}) <{gone}>\n\n[y][1]\n\n[1]: {gone}\n")
    assert site.run("check", "--external", "--format", "json") == 0
    found = [(one["line"], one["column"]) for one in json.loads(site.out)["findings"]]
    assert found == [(3, len(gone) + 8), (3, 2 * len(gone) + 11), (5, 5)]
    assert len(server.asked) == 1


def test_head_is_asked_first_and_get_only_where_that_is_unknown(server: Server) -> None:
    """With a name that says who asks."""
    ask(server.url("/200"))
    ask(server.url("/nohead"))
    assert [(method, path) for method, path, _ in server.asked] == [
        ("HEAD", "/200"),
        ("HEAD", "/nohead"),
        ("GET", "/nohead"),
    ]
    assert all(agent.startswith("roundtable/") for _, _, agent in server.asked)


def test_one_request_at_a_time_to_a_host_and_each_address_once(server: Server, tmp_path: Path) -> None:
    """However many links there are."""
    links = [link(server.url(f"/200/{i % 5}#{i}")) for i in range(20)]
    steps: list[int] = []
    assert list(followed(links, tmp_path / "x.json", lambda: steps.append(1))) == []
    assert server.most_at_once == 1
    assert len(server.asked) == len(steps) == 5


def test_answers_count_for_a_day(server: Server, tmp_path: Path) -> None:
    """Then they are asked for again; a cache that can't be read is none."""
    cache, links = tmp_path / "x.json", [link(server.url("/404"))]
    for now, asked in ((1e9, 1), (1e9 + DAY - 1, 1), (1e9 + DAY + 1, 2), (1e9, 3)):
        assert len(list(followed(links, cache, lambda: None, lambda now=now: now))) == 1
        assert sum(path == "/404" for method, path, _ in server.asked if method == "HEAD") == asked
    for text in ("{", "[[1]]", '{"a": 1}'):
        cache.write_text(text, encoding="utf-8")
        assert len(list(followed(links, cache, lambda: None))) == 1


def test_who_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, server: Server, tmp_path: Path) -> None:
    """Nobody there, no such host, no answer in time, no address at all."""
    monkeypatch.setattr(external, "TIMEOUT", 0.2)
    gone = server.url("/200").replace(str(server.server_port), "9")
    for address in (gone, "http://nowhere.invalid/", server.url("/slow"), "http://[::1", "http://exa mple.invalid/"):
        found = list(followed([link(address)], tmp_path / "x.json", lambda: None))
        assert [one.code for one in found] == ["RT514"], address
        assert "can't be reached: " in found[0].message


def test_ctrl_c_waits_for_no_server(server: Server, site: Site) -> None:
    """And what was answered until then is not asked again."""
    silent = socket.create_server(("127.0.0.1", 0))  # takes whoever comes, and says nothing
    links = [f"http://127.0.0.1:{silent.getsockname()[1]}/{number}" for number in range(6)] + [server.url("/404")]
    site.write("-- content/page.md --\n# P\n\n" + "".join(f"See [x]({one}).\n\n" for one in links))
    assert site.build() == 0
    command = [sys.executable, str(REPOSITORY / "build.py"), "check", "--external", "--root", str(site.root)]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself ignores it
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    while len(server.asked) < 2:  # HEAD and GET
        time.sleep(0.01)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=5)
    silent.close()
    assert (process.returncode, err) == (130, "interrupted; the last good output is untouched\n")
    kept = json.loads((site.root / ".roundtable/cache/external.json").read_text(encoding="utf-8"))
    assert [(address, status) for address, _, status, *_ in kept] == [(links[-1], 404)]


def test_check_follows_links_only_if_it_is_asked_to(server: Server, site: Site) -> None:
    """Neither `check` nor `build` asks anybody; with `--external` the place of the link is told."""
    site.write(f"-- content/page.md --\n# P\n\nSee [x]({server.url('/404')}) and [y]({server.url('/200')}).\n")
    assert site.run("check") == site.build() == 0
    assert server.asked == []
    assert site.run("check", "--external", "--format", "json") == 0
    assert [(one["code"], one["line"], one["column"]) for one in json.loads(site.out)["findings"]] == [("RT514", 3, 9)]
    assert site.run("check", "--external", "--strict") == 1
    assert len(server.asked) == 3  # the second time the answers are known: a 404 is asked by HEAD and GET
    site.write(f'-- site.toml --\n{SITE_TOML}[rules]\nRT514 = "off"\n')
    assert site.run("check", "--external", "--strict") == 0


def test_a_silence_of_a_link_is_told_as_idle_only_by_who_follows_links(server: Server, site: Site) -> None:
    """A plain `check` can't know."""
    note = "<!-- roundtable: ignore RT514 because its server is often down -->"
    site.write(
        f"-- content/page.md --\n# P\n\n{note}\nSee [x]({server.url('/404')}).\n\n{note}\nSee [y]({server.url('/200')}).\n"
    )
    assert site.run("check", "--strict") == 0
    assert site.run("check", "--external", "--format", "json") == 0
    assert [(one["code"], one["line"]) for one in json.loads(site.out)["findings"]] == [("RT237", 6)]
