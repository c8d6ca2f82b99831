"""The editor's server: what is served to whom, what opens an editor, how it begins and ends."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from roundtable import config as configuration
from roundtable.config import Config
from roundtable.diagnostics import diagnose
from roundtable.serve import HOST, PORTS, _bound, _notes
from roundtable.serve import serving as handlers
from roundtable.serve.dressing import dressed
from roundtable.serve.telling import Places, State, told

from .conftest import SITE_TOML, Site
from .serving import TALK, Server, alive, filled, free_port, serving, until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only ask, or save and see."""
    with serving(
        filled(tmp_path_factory.mktemp("site")), "-q"
    ) as server:  # nobody reads what it says: a pipe may be full
        yield server


# --- who may ask, and what is there --------------------------------------------------------------------------------


def test_pages_are_below_the_base_path_as_they_will_be(server: Server) -> None:
    """What is above leads there."""
    assert server.ask("/").headers["Location"] == "/talks/"
    assert server.ask("/talks").headers["Location"] == "/talks/"
    assert server.ask("/talks/talk?x=1").headers["Location"] == "/talks/talk/?x=1"
    page = server.ask("/talks/talk/")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert 'href="/talks/roundtable.css"' in page.text
    assert '<link rel="canonical" href="https://example.org/talks/talk/">' in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert server.ask("/talk/").status == 404
    assert server.ask("/talks/talk/", "HEAD") == page._replace(text="")


def test_a_page_is_the_published_one_with_two_scripts_more(server: Server) -> None:
    """And its policy allows just them."""
    page = server.ask("/talks/talk/").text
    own = (server.root / ".roundtable/serve/talk/index.html").read_text(encoding="utf-8")
    state = server.state()["build"]
    ours = f'<script src="/_desk/-/overlay.js" data-build="{state}" defer></script>'
    theirs = '<script src="/livereload.js?mindelay=250&amp;maxdelay=2000" defer></script>'
    assert (
        page.replace(ours + theirs, "").replace(
            f"connect-src 'self' ws://127.0.0.1:{server.port};", "connect-src 'self';"
        )
        == own
    )
    assert "script-src 'self';" in page


def test_what_is_not_there_is_the_sites_own_page_for_that(server: Server) -> None:
    """With the status."""
    for path in ("/talks/nothing/", "/nothing", "/talks/talk/nothing.png"):
        page = server.ask(path)
        assert page.status == 404
        assert "Nothing is at this address" in page.text


@pytest.mark.parametrize(
    "path",
    [
        "/talks/../site.toml", "/talks/%2e%2e/site.toml", "/talks/..%2fsite.toml", "/talks/%2e%2e%2fsite.toml", "/talks/.roundtable.json",
        "/talks/%2eroundtable.json", "/.roundtable/cache/store.sqlite", "/talks//etc/passwd", "/talks/talk/../../../../etc/passwd",
        "/talks/..\\site.toml", "/talks/..%5csite.toml", "/talks/%00", "/talks/a%00.html", "/_desk/../site.toml", "/_desk/-/../desk.html",
        "/_desk/-/serving.py", "/_desk/site.toml", "/_desk/content/../site.toml", "/_desk/content/%2e%2e/site.toml", "/_desk//etc/passwd",
        "/_desk/content/nothing.txt", "/_desk/.roundtable/serve/index.html", "/talks/" + "x" * 5_000,
    ],
)  # fmt: skip
def test_nothing_else_of_the_machine_is_served(server: Server, path: str) -> None:
    """Neither hidden files, nor what is above the folder, nor what no page is made from."""
    answer = server.ask(path)
    assert answer.status in (400, 404)
    assert "base_url" not in answer.text
    assert "root:" not in answer.text


def test_names_that_are_not_this_servers_are_refused(server: Server) -> None:
    """Else a page elsewhere could have its own name lead here, and read all of it."""
    good = ("127.0.0.1", f"localhost:{server.port}", "LOCALHOST", "[::1]:8000", "127.0.0.2", "talks.localhost")
    assert {server.ask("/talks/", Host=name).status for name in good} == {200}
    for name in (
        "evil.example",
        f"evil.example:{server.port}",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "192.168.1.2",
        "",
        "a b",
        "x'y",
    ):
        for path in ("/talks/", "/_desk/", "/_desk/-/state.json", "/livereload.js", "/livereload"):
            assert server.ask(path, Host=name).status in (400, 403), (name, path)


def test_other_pages_may_not_listen(server: Server) -> None:
    """Neither on the socket nor otherwise."""
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==", "Sec_WebSocket_Version": "13"}  # fmt: skip
    for origin in (
        "https://evil.example",
        "null",
        f"http://127.0.0.1:{server.port + 1}",
        f"http://127.0.0.1:{server.port}.evil.example",
    ):
        assert server.ask("/livereload", **upgrade, Origin=origin).status == 403
        assert server.ask("/_desk/-/state.json", Origin=origin).status == 403
    for origin in ("http://[", "http://[x]:1/"):  # no address
        assert server.ask("/_desk/-/state.json", Origin=origin).status == 403
    assert server.ask("/_desk/-/state.json", Origin=server.url).status == 200
    assert server.ask("/talks/").headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert server.ask("/talks/", "POST", Content_Length="0").status == 405


def test_recordings_can_be_moved_within(server: Server) -> None:
    """Requests for a part get a part."""
    part = server.ask("/talks/picture.png", Range="bytes=10-19")
    assert (part.status, part.headers["Content-Range"]) == (206, "bytes 10-19/1004")
    assert server.ask("/talks/picture.png").headers["Content-Type"] == "image/png"


def test_served_elsewhere_it_answers_to_the_machines_own_names_and_addresses(tmp_path: Path) -> None:
    """An address can't be made to mean another machine."""

    def knows(host: str, name: str) -> bool:
        return handlers.Served(tmp_path, Config(), tmp_path, host, "1", print).knows(name)

    assert all(knows("0.0.0.0", name) for name in ("192.168.1.2", "localhost", "[fe80::1]", socket.gethostname()))
    assert knows("talks.lan", "Talks.lan")
    assert not any(knows(host, "evil.example") for host in ("0.0.0.0", "talks.lan", HOST, "::1"))
    assert not knows(HOST, "192.168.1.2")
    warned = [(one.code, one.severity) for host in ("0.0.0.0", "::", "talks.lan") for one in _notes(host, 1, 1)]
    assert warned == [("RT116", "warning")] * 3
    assert [list(_notes(host, 1, 1)) for host in (HOST, "localhost", "::1", "127.0.0.9")] == [[]] * 4


@pytest.mark.parametrize(
    ("page", "policy"),
    [
        (b"<!doctype html><html><head><title>T</title>", None),
        (b"<p>No head at all", None),
        (b"<HTML><HEAD lang=en><Meta HTTP-equiv='content-security-policy' content=\"default-src 'none'\"><title>T", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws://h:1"),
        (b"<head><meta http-equiv=\"Content-Security-Policy\" content=\"script-src https://a.example; connect-src 'none'\">", "script-src https://a.example 'self'; connect-src 'self' ws://h:1"),
    ],
)  # fmt: skip
def test_any_page_gets_the_scripts_once_and_early(page: bytes, policy: str | None) -> None:
    """Whatever a site's own templates look like."""
    served = dressed(page, "b-1", "h:1").decode()
    assert served.count("<script") == 2
    assert policy is None or f'content="{policy}"' in served
    assert served.index("overlay.js") < served.index("livereload.js")
    assert "<title>" not in served or served.index("livereload.js") < served.index("<title>")


# --- the editor -----------------------------------------------------------------------------------------------------


def test_links_open_an_editor_at_our_own_files_only(tmp_path: Path) -> None:
    """Whatever a diagnostic names; in the form that the setting has."""
    root = filled(tmp_path / "a b")
    (tmp_path / "secret.txt").write_text("x", encoding="utf-8")
    (root / "content/way").symlink_to(tmp_path / "secret.txt")

    def link(editor: str, path: str | None = "content/talk.txt") -> str | None:
        return Places(root, "content", editor).editor(path, 3, 7)

    where = f"{tmp_path}/a%20b/content/talk.txt"
    assert link("vscode://file/{path}:{line}:{column}") == f"vscode://file{where}:3:7"
    assert link("txmt://open?url=file://{path}&line={line}") == f"txmt://open?url=file://{where}&line=3"
    assert link("idea://open?file={path}&line={line}&column={column}") == f"idea://open?file={where}&line=3&column=7"
    assert link("") is None
    for path in (
        "../secret.txt",
        str(tmp_path / "secret.txt"),
        "content/way",
        "content/nothing",
        "content",
        "",
        None,
        "a\0b",
    ):
        assert link("x://{path}", path) is None, path
    assert str(link("x://{path}", "templates/base.html")).endswith("/templates/base.html")


@pytest.mark.parametrize(
    "wrong", ["javascript:alert('{path}')", "javascript:{path}", "data:text/html,{path}", "vscode://file", "x:{path}{path}", "x:{path}{what}", "{path}", "x: {path}"],
)  # fmt: skip
def test_what_opens_an_editor_can_run_nothing_in_the_page(wrong: str) -> None:
    """It is an error at its place."""
    _, found = configuration.parse(f'{SITE_TOML}[serve]\neditor_url = "{wrong}"\n')
    assert [(one.code, one.line) for one in found] == [("RT104", 6)]
    assert configuration.parse(f'{SITE_TOML}[serve]\neditor_url = ""\n')[1] == ()


def test_what_pages_are_told_is_bounded(tmp_path: Path) -> None:
    """Very many errors, and very long lines."""
    root = filled(tmp_path / "site")
    (root / "content/long.txt").write_text("x" * 5_000 + "HERE" + "y" * 5_000, encoding="utf-8")
    errors = tuple(diagnose("RT502", f"wrong {n}", ("content/long.txt", 1, 5_001)) for n in range(500))
    state = told(State("1", errors, {"RT502": 3}, True), Places(root, "content", ""))
    assert (len(state["errors"]), state["moreErrors"]) == (50, 450)
    line = state["errors"][0]["lines"][0]
    assert len(line["text"]) < 400
    assert line["text"][line["column"] :].startswith("HERE")


# --- beginning and ending -------------------------------------------------------------------------------------------


def test_a_busy_port_is_said_and_the_next_one_is_tried(site: Site) -> None:
    """Where none is free, it is an error."""
    site.write("-- content/talk.txt --\nHost: A\nHost: B\n")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = int(busy.getsockname()[1])
        with serving(site.root, port=port, wait=False) as server:
            read = iter(server.process.stdout or ())
            said = "".join(line for line, _ in zip(read, range(4), strict=False))
        told = re.search(rf"note\[RT117\]: port {port} is used by another program: serving on (\d+)", said)
        assert told
        assert port < int(told[1]) < port + PORTS  # the next one, unless another test has it
        assert f"serving http://127.0.0.1:{told[1]}/" in said
        with pytest.MonkeyPatch.context() as patched, pytest.raises(OSError, match="in use"):
            patched.setattr("roundtable.serve.PORTS", 1)
            _bound(HOST, port)
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("roundtable.serve.PORTS", 1)
            assert site.run("serve", "--port", str(port)) == 2
    assert f"error[RT106]: can't serve on 127.0.0.1:{port}: " in site.err


def test_a_site_is_served_once(site: Site) -> None:
    """A second server would tell its pages of half the builds; it says where the first one is, and goes on being refused until that ends."""
    site.write("-- content/talk.txt --\nHost: A\nHost: B\n")
    with serving(site.root) as server:
        assert site.run("serve", "--port", str(free_port())) == 2
        assert f"error[RT118]: this site is served already, at {server.url}\n" in site.err
        server.write("content/talk.txt", "Host: A\nHost: C\n")
        assert until(lambda: "C" in server.ask("/talk/").text)
    with serving(site.root) as server:
        assert server.ask("/talk/").status == 200


def test_a_site_that_is_wrong_from_the_beginning_is_not_served(site: Site) -> None:
    """As every command says."""
    site.write("-- site.toml --\n[what\n")
    assert site.run("serve", "--port", str(free_port())) == 2
    assert "error[RT102]" in site.err


@pytest.mark.parametrize("is_building", [True, False])
def test_ctrl_c_ends_it_clean(tmp_path: Path, is_building: bool) -> None:
    """Exit code 130, no traceback, no process and no temporary folder left behind; even while processes read."""
    root = filled(tmp_path / "site")
    text = "".join(f"\n**Ana Duarte:** {'Words and words. ' * 40}{n}\n\n**Host:** Yes?\n" for n in range(300))
    for number in range(24 if is_building else 0):
        (root / f"content/t{number}.md").write_text(text.replace("Words", f"Words{number}"), encoding="utf-8")
    with serving(root, wait=not is_building) as server:
        if is_building:
            assert until(lambda: server.ask("/talks/").status == 503)
            assert "The site is built for the first time" in server.ask("/talks/").text
            time.sleep(1)
        group = server.process.pid
        os.killpg(group, signal.SIGINT)  # as a terminal does
        out, _ = server.process.communicate(timeout=20)
    assert server.process.returncode == 130
    assert "Traceback" not in out, out
    assert until(lambda: not alive(group), 5)
    assert not [one.name for one in (root / ".roundtable").iterdir() if one.name.startswith(".serve")]


def test_the_last_build_is_served_at_once(tmp_path: Path) -> None:
    """While the next one runs."""
    root = filled(tmp_path / "site")
    with serving(root) as server:
        assert "First." in server.ask("/talks/talk/").text
    (root / "content/talk.txt").write_text(TALK.format("Later."), encoding="utf-8")
    with serving(root, wait=False) as server:
        assert until(lambda: server.ask("/talks/talk/").status)
        assert server.ask("/talks/talk/").status == 200
        assert until(lambda: "Later." in server.ask("/talks/talk/").text)


def test_a_name_that_no_file_can_have_is_not_there(server: Server) -> None:
    """Too long for the system."""
    assert server.ask(f"/_desk/content/{'a' * 5_000}").status == 404
    assert server.ask(f"/talks/{'a' * 5_000}").status == 404


def test_what_is_served_is_not_committed_with_all_else(server: Server) -> None:
    """Its drafts are nobody's business."""
    assert (server.root / ".roundtable/.gitignore").read_text(encoding="utf-8") == "*\n"
