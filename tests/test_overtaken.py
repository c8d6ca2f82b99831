"""Builds in the editor's loop: those that a newer change overtakes, and pages that are shown before all others are made."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from roundtable import pipeline
from roundtable.config import Config, load
from roundtable.diagnostics import diagnose
from roundtable.model import Diagnostic
from roundtable.pipeline import Outcome, build
from roundtable.serve import HOST, building
from roundtable.serve import serving as handlers
from roundtable.serve.building import Builder, Built, Early, Onlookers, Overtaken, Terminal, _Overseen, local
from roundtable.serve.serving import Served
from roundtable.serve.telling import State
from roundtable.site import Site as Built_Site
from roundtable.watch import Watch

from .conftest import Site
from .serving import TALK, TOML, Ear, Server, serving, until

QUIET = Terminal(lambda _: None, lambda *_: None, lambda _: None)


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


def test_a_page_that_has_not_said_which_it_is_is_told_when_it_has(many: Server) -> None:
    """What it would have been told: what others load again is none of its business."""
    with Ear(many, "/talks/t07/") as here, Ear(many, "/talks/t07/", is_late=True) as late:
        many.write("site.toml", TOML.replace("Talks", "Speeches"))
        assert until(lambda: here.paths == ["/talks/t07/", "/_desk/-/state.json"])
        time.sleep(0.3)
        assert late.paths == []
        late.introduce()
        assert until(lambda: late.paths == here.paths)


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

    def hear(self, paths: Callable[[str], list[str]]) -> None:
        """What it is told."""
        self.told += paths(self.page)


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
