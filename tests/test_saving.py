"""The editor's loop: every way of saving leads to one build and one reload, and what is wrong is told until it is mended."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from roundtable.config import load
from roundtable.pipeline import build
from roundtable.serve import building
from roundtable.serve.building import local
from roundtable.site import Site as Built_Site

from .serving import TALK, TOML, Ear, Server, filled, serving, until


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests that only ask, or save and see."""
    with serving(
        filled(tmp_path_factory.mktemp("site")), "-q"
    ) as server:  # nobody reads what it says: a pipe may be full
        yield server


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
        if is_calm := max(after - before for before, after in pairwise(times)) < building.QUIET / 2:
            break
    assert len(ear.heard) == 1 or not is_calm  # where no burst was without gaps, it is good for several
    assert ear.heard[-1][0] > times[-1] - 0.02


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


def test_a_page_is_told_again_what_was_built_while_it_could_not_hear(server: Server) -> None:
    """Builds have names, the page has that of its own, and the state that of the last."""
    before = server.state()["build"]
    assert f'data-build="{before}"' in server.ask("/talks/talk/").text
    server.write("content/talk.txt", TALK.format("Unheard."))
    assert until(lambda: server.state()["build"] != before)
    assert f'data-build="{server.state()["build"]}"' in server.ask("/talks/talk/").text


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
