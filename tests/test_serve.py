"""The editor's loop: what is served to whom, and that every way of saving leads to one build and one reload."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from roundtable import config as configuration
from roundtable import pipeline
from roundtable.config import Config, load
from roundtable.diagnostics import diagnose
from roundtable.model import Diagnostic
from roundtable.pipeline import Outcome, build
from roundtable.serve import HOST, PORTS, _bound, _notes, building
from roundtable.serve import serving as handlers
from roundtable.serve.building import Builder, Built, Early, Onlookers, Overtaken, Terminal, _Overseen, local
from roundtable.serve.dressing import dressed
from roundtable.serve.serving import Served
from roundtable.serve.telling import Places, State, told
from roundtable.site import Site as Built_Site
from roundtable.watch import Watch

from .conftest import SITE_TOML, Site
from .serving import Ear, Server, alive, free_port, serving, until

TOML = 'title = "Talks"\nbase_url = "https://example.org/talks/"\n[params.comments]\nprovider = "none"\n'
TALK = "---\ntitle: A talk\ndate: 2026-01-02\n---\nHost: Good morning.\n\nAna Duarte: {}\n\nHost: Good night.\n"
QUIET = Terminal(lambda _: None, lambda *_: None, lambda _: None)


def filled(root: Path) -> Path:
    """A site below a path, with a draft."""
    (root / "content").mkdir(parents=True)
    (root / "site.toml").write_text(TOML, encoding="utf-8")
    (root / "content/talk.txt").write_text(TALK.format("First."), encoding="utf-8")
    (root / "content/draft.txt").write_text("---\ndraft: true\n---\nHost: Half.\nAna: Done.\n", encoding="utf-8")
    (root / "content/picture.png").write_bytes(b"\x89PNG" + bytes(1_000))
    return root


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only ask, or save and see."""
    with serving(filled(tmp_path_factory.mktemp("site"))) as server:
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


# --- saving -------------------------------------------------------------------------------------------------------


def in_place(file: Path, text: str) -> None:
    """Written over."""
    file.write_text(text, encoding="utf-8")


def renamed(file: Path, text: str) -> None:
    """A temporary file that takes the place, as most editors do; others, as Vim's, come and go."""
    for name in (".talk.txt.swp", "4913"):
        (file.parent / name).write_text("x", encoding="utf-8")
        (file.parent / name).unlink()
    part = file.with_name(".talk.txt.tmp")
    part.write_text(text, encoding="utf-8")
    part.replace(file)


def same_time(file: Path, text: str) -> None:
    """With the time that it had, and the size."""
    times = file.stat()
    file.write_text(text, encoding="utf-8")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def old_moved_in(file: Path, text: str) -> None:
    """A file from elsewhere, years old."""
    other = file.parent.parent / "old.txt"
    other.write_text(text, encoding="utf-8")
    os.utime(other, (1_000_000_000, 1_000_000_000))
    other.replace(file)


def deleted_and_restored(file: Path, text: str) -> None:
    """As some version control does."""
    file.unlink()
    time.sleep(0.02)
    file.write_text(text, encoding="utf-8")


def linked(file: Path, text: str) -> None:
    """A link to another file of the folder takes the place."""
    other = file.parent / ".held"
    other.write_text(text, encoding="utf-8")
    file.unlink()
    file.symlink_to(other)


@pytest.mark.parametrize("save", [in_place, renamed, same_time, old_moved_in, deleted_and_restored, linked])
def test_every_way_of_saving_is_seen_once(server: Server, save: Callable[[Path, str], None]) -> None:
    """One reload, and the page has it."""
    word = f"Said{save.__name__[:4]}."
    with Ear(server) as ear:
        save(server.root / "content/talk.txt", TALK.format(word))
        assert until(lambda: ear.heard)
        assert word in server.ask("/talks/talk/").text
        time.sleep(0.3)
    assert len(ear.heard) == 1
    file = server.root / "content/talk.txt"
    if file.is_symlink():
        file.unlink()
        (server.root / "content/.held").unlink()


def test_a_burst_of_saves_is_one_reload_after_the_last(server: Server) -> None:
    """However many builds it would be good for. On a machine so busy that the burst has gaps, another one is tried."""
    for attempt in range(5):
        with Ear(server) as ear:
            times = []
            for number in range(25):
                server.write("content/talk.txt", TALK.format(f"Burst{attempt}x{number}."))
                times.append(time.monotonic())
                time.sleep(0.02)
            last = f"Burst{attempt}x24."
            assert until(lambda last=last: ear.heard and last in server.ask("/talks/talk/").text)
            time.sleep(0.4)
        if max(after - before for before, after in pairwise(times)) < building.QUIET / 2:
            break
    assert len(ear.heard) == 1
    assert ear.heard[0][0] > times[-1] - 0.02


def test_what_changed_decides_what_browsers_do(server: Server) -> None:
    """Stylesheets and pictures are put in place; what changes nothing is nobody's business."""
    with Ear(server) as ear:

        def told(path: str, text: str) -> str:
            before = len(ear.heard)
            server.write(path, text)
            assert until(lambda: len(ear.heard) > before), path
            return ear.paths[-1]

        assert told("static/own.css", "p { color: red }") == "/talks/own.css"  # in a folder that wasn't there
        assert told("static/own.css", "p { color: blue }") == "/talks/own.css"
        assert told("static/own.txt", "x") == "/talks/"
        assert told("content/picture.png", "no picture") == "/talks/picture.png"
        assert told("templates/404.html", "<title>Own 404</title>") == "/talks/"
        assert "Own 404" in server.ask("/talks/nothing").text
        shutil.rmtree(server.root / "templates")
        assert until(lambda: "Nothing is at this address" in server.ask("/talks/nothing").text)
        assert until(lambda: len(ear.heard) == 6)
        assert told("templates/404.html", "<title>Again</title>") == "/talks/"
        shutil.rmtree(server.root / "templates")
        assert until(lambda: len(ear.heard) == 8)
        server.write("content/.hidden", "x")
        (server.root / "content/talk.txt").touch()
        time.sleep(0.5)
    assert len(ear.heard) == 8


def test_an_error_is_told_and_the_last_good_page_stays(server: Server) -> None:
    """In content, in a template, in the configuration; each is gone once it is mended."""
    good = (server.root / "site.toml").read_text(encoding="utf-8")
    with Ear(server) as ear:
        before = server.ask("/talks/talk/").text
        server.write("content/page.md", "# A page\n\n[x](gone.md)\n")
        assert until(lambda: server.state()["errors"])
        found = server.state()["errors"]
        assert [(one["code"], one["place"]) for one in found] == [("RT502", "content/page.md:3:5")]
        assert found[0]["lines"][-1] == {"number": 3, "text": "[x](gone.md)", "column": 4}
        assert found[0]["editor"] == f"vscode://file{server.root}/content/page.md:3:5"
        assert found[0]["desk"] == "/_desk/content/page.md#L3"
        assert server.ask("/talks/talk/").text == before
        server.write("content/page.md", "# A page\n")
        assert until(lambda: not server.state()["errors"])
        assert until(lambda: ear.paths[:2] == ["/_desk/-/state.json", "/talks/"]), ear.paths
        server.write("site.toml", good + "[what\n")
        assert until(lambda: server.state()["errors"])
        assert server.state()["errors"][0]["code"] == "RT102"
        assert "Good morning" in server.ask("/talks/talk/").text
        server.write("site.toml", good.replace("/talks/", "/other/"))
        assert until(lambda: server.ask("/other/talk/").status == 200)
        server.write("site.toml", good)
        assert until(lambda: server.ask("/talks/talk/").status == 200)
    (server.root / "content/page.md").unlink()


def test_drafts_are_served_and_known_as_such(server: Server) -> None:
    """Unless --no-drafts says otherwise; nothing is published or recorded."""
    assert server.ask("/talks/draft/").status == 200
    assert server.state()["drafts"] == ["/talks/draft/"]
    assert not (server.root / "public").exists()
    assert not (server.root / "content/permalinks.lock").exists()


def test_a_checkout_of_five_hundred_changes_is_one_reload(tmp_path: Path) -> None:
    """And leaves what a clean build would make."""

    def git(*arguments: str) -> None:
        subprocess.run(
            ["git", "-c", "user.name=T", "-c", "user.email=t@example.org", *arguments],
            cwd=root,
            check=True,
            capture_output=True,
        )

    root = filled(tmp_path / "site")
    (root / "site.toml").write_text(
        TOML.replace("[params.comments]", "[params]\ngit_dates = false\n[params.comments]"), encoding="utf-8"
    )
    (root / ".gitignore").write_text(".roundtable\n", encoding="utf-8")
    git("init", "-q", "-b", "main")
    git("add", "-A")
    git("commit", "-qm", "one")
    git("checkout", "-qb", "other")
    for number in range(500):
        (root / f"content/t{number}.txt").write_text(TALK.format(f"Number {number}."), encoding="utf-8")
    (root / "content/talk.txt").unlink()
    git("add", "-A")
    git("commit", "-qm", "two")
    git("checkout", "-q", "main")
    with serving(root, "-q") as server, Ear(server) as ear:
        git("checkout", "-q", "other")
        assert until(lambda: server.ask("/talks/t499/").status == 200, 30)
        assert server.ask("/talks/talk/").status == 404
        assert until(lambda: ear.heard)
        time.sleep(1)
        times = sorted(file.stat().st_mtime for file in (root / "content").glob("t*.txt"))
        is_slow = max(after - before for before, after in pairwise(times)) > building.QUIET / 2
        assert set(ear.paths) == {"/talks/"}
        assert is_slow or len(ear.paths) == 1  # a machine so busy that Git makes pauses may see two bursts
    done = {
        file.relative_to(root / building.FOLDER): file.read_bytes()
        for file in (root / building.FOLDER).rglob("*")
        if file.is_file()
    }
    site = local(Built_Site(root, load(root)[0], root, drafts=True, cache=tmp_path / "cache"))
    site = msgspec.structs.replace(site, output=tmp_path / "clean")
    assert not build(site).failed
    assert done == {
        file.relative_to(tmp_path / "clean"): file.read_bytes()
        for file in (tmp_path / "clean").rglob("*")
        if file.is_file()
    }


# --- builds that are overtaken --------------------------------------------------------------------------------------


def test_a_build_that_is_ended_at_any_step_leaves_a_sound_store(site: Site) -> None:
    """The next one makes what a clean one does."""
    site.write("".join(f"-- content/t{n}.txt --\n{TALK.format(f'Number {n}.')}" for n in range(4)))
    served = local(Built_Site(site.root, load(site.root)[0], site.root / "public"))
    cut, looks = 0, [0]

    def is_overtaken() -> bool:
        looks[0] += 1
        return looks[0] > cut

    while True:
        looks[0] = 0
        (site.root / "content/t1.txt").write_text(TALK.format(f"Cut {cut}."), encoding="utf-8")
        try:
            outcome = build(served, _Overseen(is_overtaken))
        except Overtaken:
            cut += 1
            continue
        break
    assert not outcome.failed
    assert cut > 15
    made = {file.relative_to(served.output): file.read_bytes() for file in served.output.rglob("*") if file.is_file()}
    assert not [file for file in (site.root / ".roundtable").iterdir() if file.name.startswith(".serve")]
    assert site.build("--clean") == 0
    assert made == {Path(path): data for path, data in site.tree().items()}


# --- what all pages show --------------------------------------------------------------------------------------------

MANY = "".join(f"-- content/t{n:02}.txt --\n{TALK.format(f'Number {n}.')}" for n in range(30))


@pytest.fixture
def many(site: Site) -> Iterator[Server]:
    """A site of thirty transcripts, served."""
    site.write(f"-- site.toml --\n{TOML}\n{MANY}")
    with serving(site.root) as server:
        yield server


def test_a_page_that_is_open_is_shown_before_all_others_are_made(many: Server) -> None:
    """And doesn't load again when they are."""
    with Ear(many, "/talks/t07/?x=1#host") as here, Ear(many, "/talks/t08/") as there, Ear(many) as elsewhere:
        many.write("site.toml", TOML.replace("Talks", "Speeches"))
        assert until(lambda: elsewhere.heard)
        time.sleep(0.3)
    state = "/_desk/-/state.json"
    assert (here.paths, there.paths) == (["/talks/t07/", state], ["/talks/t08/", state])
    assert elsewhere.paths == ["/talks/"]
    assert elsewhere.heard[0][0] >= here.heard[0][0]
    assert "Speeches" in many.ask("/talks/t07/").text


class Impatient(Watch):
    """Somebody who looks at one page."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[dict[str, bytes], list[str], int]] = []

    def awaited(self) -> tuple[str, ...]:
        """That one; and one that isn't there."""
        return ("/t07/", "/nothing/")

    def ready(self, pages: Mapping[str, Path], found: tuple[Diagnostic, ...]) -> None:
        """It is made."""
        made = self.stages["making pages"].things
        self.seen.append(({url: file.read_bytes() for url, file in pages.items()}, [one.code for one in found], made))


def test_what_somebody_looks_at_is_made_first_where_much_is_made(site: Site) -> None:
    """And what is made is what is made without."""
    site.write(f"-- site.toml --\n{TOML}\n{MANY}")
    of = Built_Site(site.root, load(site.root)[0], site.root / "public")
    first = Impatient()
    assert not build(of, first).failed
    ((pages, codes, made),) = first.seen
    assert (pages, codes, made) == ({"/t07/": (of.output / "t07/index.html").read_bytes()}, [], 1)
    watched = site.tree()
    assert site.build("--clean") == 0
    assert site.tree() == watched

    (site.root / "content/t07.txt").write_text(TALK.format("Anew."), encoding="utf-8")
    few = Impatient()
    assert (build(of, few).made, few.seen) == (2, [])  # hers, too; nobody is told of what takes no time

    (site.root / "templates").mkdir()
    (site.root / "templates/base.html").write_text("{{ nothing.at.all }}", encoding="utf-8")
    wrong = Impatient()
    assert build(of, wrong).failed
    assert wrong.seen == [({}, ["RT504"], 1)]


def test_why_a_page_that_is_open_cannot_be_made_is_over_when_it_is_mended(many: Server) -> None:
    """Told once, and the last good page stays."""
    with Ear(many, "/talks/t07/"):
        many.write("templates/base.html", "{{ nothing.at.all }}")
        assert until(lambda: many.state()["errors"])
        assert [one["code"] for one in many.state()["errors"]] == ["RT504"]
        assert "Number 7." in many.ask("/talks/t07/").text
        time.sleep(1)
        (many.root / "templates/base.html").unlink()
        assert until(lambda: not many.state()["errors"])


def test_pages_that_are_open_are_found_again_where_the_base_path_changes(many: Server) -> None:
    """Back and forth; what is nowhere is still missing."""
    for old, new in (("/talks/", "/speeches/"), ("/speeches/", "/"), ("/", "/talks/")):
        many.write("site.toml", TOML.replace("/talks/", new))
        assert until(lambda new=new: many.ask(f"{new}t07/").status == 200)
        moved = many.ask(f"{old}t07/?x=1")
        assert (moved.status, moved.headers["Location"]) == (302, f"{new}t07/?x=1")
        assert many.ask(f"{new}nothing/").status == 404
        assert many.ask(f"{new}t07/nothing/").status == 404
        if old != "/":
            assert many.ask(old).headers["Location"] == new
        for elsewhere in ("/evil.example/", "%2Fevil.example/", "//evil.example/", "..%2f/", "../"):
            assert many.ask(old + elsewhere).status in (400, 404), elsewhere
    many.write("site.toml", TOML.replace("/talks/", "/later/"))
    assert until(lambda: many.ask("/later/t07/").status == 200)
    for old in ("/talks/", "/speeches/", "/"):
        assert many.ask(f"{old}t07/").headers["Location"] == "/later/t07/"


def test_a_base_path_may_have_any_signs(site: Site) -> None:
    """As its address has them, quoted."""
    site.write(f"-- site.toml --\n{TOML.replace('/talks/', '/t%C3%A4lks%20x/')}\n{MANY}")
    with serving(site.root) as server, Ear(server, "/t%C3%A4lks%20x/t07/") as ear:
        assert server.ask("/").headers["Location"] == "/t%C3%A4lks%20x/"
        assert server.ask("/t%C3%A4lks%20x/t07/").status == 200
        server.write("site.toml", (server.root / "site.toml").read_text(encoding="utf-8").replace("Talks", "Speeches"))
        assert until(lambda: "Speeches" in server.ask("/t%C3%A4lks%20x/t07/").text)
        assert until(lambda: ear.paths)
        assert ear.paths[0] == "/t%C3%A4lks%20x/t07/"
        at = server.ask("/_desk/?at=/t%C3%A4lks%20x/t07/")
        assert at.headers["Location"] == "/_desk/content/t07.txt"


def test_a_page_of_a_build_that_fails_is_taken_back(many: Server) -> None:
    """The last good one is there again."""
    with Ear(many, "/talks/t07/") as ear:
        many.write("content/bad.md", "**Host:** [Where?](nowhere.md)\n\n**Ana:** There.\n")
        assert until(lambda: many.state()["errors"])
        many.write("site.toml", TOML.replace("Talks", "Speeches"))
        assert until(lambda: ear.paths[-2:] == ["/talks/t07/"] * 2), ear.paths
        assert "Speeches" not in many.ask("/talks/t07/").text
        assert many.state()["errors"]


class Listening:
    """A page that is open."""

    def __init__(self, page: str) -> None:
        self.page = page
        self.told: list[str] = []

    def send_message(self, message: dict[str, str]) -> None:
        """What it is told."""
        self.told.append(message["path"])


def test_a_page_of_a_build_that_is_overtaken_is_taken_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """If the next one makes it as it was."""
    (tmp_path / ".roundtable/serve/talk").mkdir(parents=True)
    (tmp_path / ".roundtable/serve/talk/index.html").write_bytes(b"as it was")
    served = Served(tmp_path, Config(), tmp_path, HOST, "run", lambda _: None)
    served.show(Early(Built_Site(tmp_path, Config(), tmp_path), {"/talk/": b"otherwise"}, ()))
    assert served.early == {"/talk/": b"otherwise"}
    assert (served.name("/talk/"), served.name("/other/")) == ("run-1", "run-0")
    listens = Listening("/talk/"), Listening("/other/")
    monkeypatch.setattr(handlers.LiveReloadHandler, "waiters", set(listens))
    served.is_ready = True
    served.tell(Built(Built_Site(tmp_path, Config(), tmp_path), (), {}, frozenset()))
    assert (listens[0].told, listens[1].told) == (["/talk/"], ["/_desk/-/state.json"])
    assert served.early == {}
    assert served.name("/talk/") == "run-0"  # a page that was not listening yet learns that it is another


def shown_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Served, Listening, Listening]:
    """A site of which one page was shown before the build ended, as it is in the end; and pages that listen."""
    (tmp_path / ".roundtable/serve/talk").mkdir(parents=True)
    (tmp_path / ".roundtable/serve/talk/index.html").write_bytes(b"as it was")
    served, listens = (
        Served(tmp_path, Config(), tmp_path, HOST, "run", lambda _: None),
        (Listening("/talk/"), Listening("/other/")),
    )
    served.is_ready = True
    served.show(Early(Built_Site(tmp_path, Config(), tmp_path), {"/talk/": b"as it will be"}, ()))
    (tmp_path / ".roundtable/serve/talk/index.html").write_bytes(b"as it will be")
    monkeypatch.setattr(handlers.LiveReloadHandler, "waiters", set(listens))
    return served, *listens


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"talk/index.html", "talk/index.md", "feed.xml"}, ["/_desk/-/state.json"]),
        ({"talk/index.html", "own.css", "a.png"}, ["/_desk/-/state.json", "/a.png", "/own.css"]),
        ({"talk/index.html", "own.css", "read.js"}, ["/talk/"]),
        (None, ["/talk/"]),
    ],
)
def test_what_a_page_that_was_shown_early_needs_besides_is_told_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: set[str] | None, told: list[str]
) -> None:
    """Stylesheets and pictures are put in place; for what can't be, it loads again. It keeps its name, so that it doesn't load twice."""
    served, here, there = shown_early(tmp_path, monkeypatch)
    built = Built(Built_Site(tmp_path, Config(), tmp_path), (), {}, None if files is None else frozenset(files))
    served.tell(built)
    assert (here.told, there.told) == (told, ["/"])
    assert (served.name("/talk/"), served.name("/other/")) == ("run-1", "run-2")
    served.tell(built)
    assert served.name("/talk/") == served.name("/other/") == "run-3"


def test_what_was_wrong_with_templates_is_over_when_a_page_is_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What else is wrong is not."""
    served, here, there = shown_early(tmp_path, monkeypatch)
    site, unmade, else_wrong = Built_Site(tmp_path, Config(), tmp_path), diagnose("RT504", "x"), diagnose("RT501", "y")
    served.tell(Built(site, (unmade, else_wrong), {}, frozenset()))
    served.show(Early(site, {"/talk/": b"mended"}, ()))
    assert (served.state.found, served.state.failed) == ((else_wrong,), True)
    assert (here.told[-1], there.told[-1]) == ("/talk/", "/_desk/-/state.json")
    served.show(Early(site, {}, (unmade,)))
    assert (served.state.found, served.state.failed) == ((unmade,), True)
    served.show(Early(site, {"/talk/": b"mended"}, ()))
    assert (served.state.found, served.state.failed) == ((), False)


def test_a_page_is_not_shown_early_where_its_addresses_are_about_to_change(tmp_path: Path) -> None:
    """What it needs would not be there."""
    served = Served(tmp_path, Config(), tmp_path, HOST, "run", lambda _: None)
    moved = Config(base_url="https://example.org/talks/")
    served.show(Early(Built_Site(tmp_path, moved, tmp_path), {"/talk/": b"otherwise"}, ()))
    assert (served.early, served.state) == ({}, State("run-0"))


class Slow:
    """A build that takes as long as it is let, in steps."""

    def __init__(self) -> None:
        self.began = self.ended = self.cut = 0
        self.may_end = threading.Event()

    def __call__(self, site: Built_Site, watch: _Overseen) -> Outcome:
        """What came of it."""
        self.began += 1
        try:
            while not self.may_end.is_set():
                watch.begin("reading", 0)
                time.sleep(0.005)
        except Overtaken:
            self.cut += 1
            raise
        self.ended += 1
        return Outcome((), {}, committed=pipeline.Committed(1, 0, files=(f"{self.ended}.html",)))


def test_a_newer_change_ends_a_build_and_nothing_that_changed_is_forgotten(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """If changes go on and on, one build is let through."""
    slow, heard = Slow(), []
    monkeypatch.setattr(building, "build", slow)
    monkeypatch.setattr(building, "PATIENCE", 600.0)
    builder = Builder(lambda: (Built_Site(tmp_path, Config(), tmp_path), ()), Onlookers(heard.append), QUIET)
    builder.start()
    for number in range(10):
        assert until(lambda n=number: slow.began == n + 1)
        builder.want()
    assert until(lambda: slow.began == 11)
    assert (slow.cut, slow.ended, heard) == (10, 0, [])
    monkeypatch.setattr(building, "PATIENCE", 0.0)
    builder.want()
    time.sleep(0.05)
    assert (slow.cut, slow.ended) == (10, 0)
    monkeypatch.setattr(building, "PATIENCE", 600.0)
    slow.may_end.set()
    assert until(lambda: heard)
    monkeypatch.setattr(building, "QUIET", 0.5)
    before, ended = len(heard), slow.ended
    builder.want()
    assert until(lambda: slow.ended == ended + 1)
    builder.want()
    assert until(lambda: len(heard) > before)
    assert (len(heard), heard[-1].files) == (before + 1, {f"{ended + 1}.html", f"{ended + 2}.html"})
    slow.may_end.clear()
    began = slow.began
    builder.want()
    assert until(lambda: slow.began > began)
    builder.stop()
    assert not builder._thread.is_alive()
    assert slow.began == slow.ended + slow.cut


def test_a_change_that_the_system_has_not_told_yet_is_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Files of a burst that are written while a build runs: it isn't told of, the next one is."""
    file, heard, began = tmp_path / "talk.txt", [], []
    file.write_text("0", encoding="utf-8")

    def writes(*_: object) -> Outcome:
        began.append(None)
        if len(began) in (2, 3):
            os.utime(file, (1_000 + len(began), 1_000 + len(began)))
        return Outcome((), {}, committed=pipeline.Committed(1, 0, files=(f"{len(began)}.html",)))

    monkeypatch.setattr(building, "build", writes)
    builder = Builder(lambda: (Built_Site(tmp_path, Config(), tmp_path), ()), Onlookers(heard.append), QUIET)
    builder.start()
    assert until(lambda: len(heard) == 1)
    builder.want([str(file)])
    assert until(lambda: len(heard) == 2)
    builder.stop()
    assert (len(began), heard[1].files) == (4, {"2.html", "3.html", "4.html"})


def test_whatever_a_build_raises_the_next_change_is_built(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is told as the command line tells it."""
    heard: list[Built] = []
    errors = [OSError(28, "No space left"), building.Stopped(diagnose("RT902", "died")), ValueError("x")]

    def fails(*_: object) -> Outcome:
        if errors:
            raise errors.pop(0)
        return Outcome((), {})

    monkeypatch.setattr(building, "build", fails)
    builder = Builder(lambda: (Built_Site(tmp_path, Config(), tmp_path), ()), Onlookers(heard.append), QUIET)
    builder.start()
    for number in range(4):
        assert until(lambda n=number: len(heard) == n + 1)
        builder.want()
    builder.stop()
    assert [[one.code for one in built.found] for built in heard[:4]] == [["RT701"], ["RT902"], ["RT901"], []]


def test_a_page_is_told_again_what_was_built_while_it_could_not_hear(server: Server) -> None:
    """Builds have names, the page has that of its own, and the state that of the last."""
    before = server.state()["build"]
    assert f'data-build="{before}"' in server.ask("/talks/talk/").text
    server.write("content/talk.txt", TALK.format("Unheard."))
    assert until(lambda: server.state()["build"] != before)
    assert f'data-build="{server.state()["build"]}"' in server.ask("/talks/talk/").text


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


def test_a_content_folder_that_comes_after_it_was_named_is_found(server: Server) -> None:
    """As the cure of what was wrong says: create it."""
    before = (server.root / "site.toml").read_text(encoding="utf-8")
    with Ear(server) as ear:
        server.write("site.toml", f'content = "texts"\n{before}')
        assert until(lambda: ear.heard)
        assert "RT105" in server.ask("/_desk/-/state.json").text
        (server.root / "texts").mkdir()
        server.write("texts/other.md", "**Ana:** Found.\n\n**Bo:** Yes.\n")
        assert until(lambda: server.ask("/talks/other/").status == 200)
    server.write("site.toml", before)
    assert until(lambda: server.ask("/talks/talk/").status == 200)
    shutil.rmtree(server.root / "texts")
