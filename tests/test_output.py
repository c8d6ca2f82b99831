"""The output folder: nothing lost, nothing foreign touched, nothing written outside."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from roundtable.model import Artifact
from roundtable.output import Staging, _write_whole, manifest, put
from roundtable.store import STAGED

from .conftest import Site

TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n"


def commit(output: Path, files: dict[str, str], clean: bool = False) -> list[str]:
    """Stage and commit; the codes of what was found."""
    with Staging(output, clean) as staging:
        made = [put(staging.place, [Artifact(path, text.encode())]) for path, text in files.items()]
        waiting = [path for path, stamp in made if stamp == STAGED]
        return [one.code for one in staging.commit(manifest(output), set(files), waiting, is_whole=True).found]


def test_unchanged_files_keep_their_dates(site: Site) -> None:
    """Sync tools stay quick."""
    assert site.write(TALK).build() == 0
    page, home = site.root / "public/talk/index.html", site.root / "public/index.html"
    for file in (page, home):
        os.utime(file, (1, 1))
    site.write("-- content/talk.txt --\nHost: A\nAnn: B changed\nHost: C\n")
    assert site.build() == 0
    assert page.stat().st_mtime > 1
    assert site.build() == 0
    assert "0 changed" in site.out
    assert (site.root / "public/icon.svg").exists()


def test_what_an_earlier_build_wrote_and_this_did_not_is_removed(site: Site) -> None:
    """With its folder; foreign files stay."""
    site.write(TALK + "-- content/gone.txt --\nHost: A\nHost: B\n-- public/CNAME --\nexample.org\n")
    assert site.build() == 0
    assert (site.root / "public/gone").is_dir()
    (site.root / "content/gone.txt").unlink()
    assert site.build() == 0
    assert not (site.root / "public/gone").exists()
    assert site.text("CNAME") == "example.org\n"


def test_clean_leaves_what_is_foreign_and_says_so(site: Site) -> None:
    """It is not ours to delete."""
    site.write(TALK + "-- public/notes.txt --\nmine\n")
    assert site.build("--clean") == 0
    assert "note[RT703]" in site.err
    assert "notes.txt" in site.err
    assert site.text("notes.txt") == "mine\n"


def test_a_foreign_file_in_the_way_is_an_error_and_nothing_is_written(site: Site) -> None:
    """A page of somebody else's."""
    site.write(TALK + "-- public/talk/index.html --\nmine\n")
    assert site.build() == 1
    assert "error[RT702]" in site.err
    assert site.tree() == {"talk/index.html": b"mine\n"}


def test_a_page_where_a_file_was_and_a_file_where_a_page_was(tmp_path: Path) -> None:
    """Both are ours to replace."""
    assert commit(tmp_path / "out", {"a": "1", "b/c": "2"}) == []
    assert commit(tmp_path / "out", {"a/x": "3", "b": "4"}) == []
    assert (tmp_path / "out/a/x").read_text() == "3"
    assert (tmp_path / "out/b").read_text() == "4"


def test_links_out_of_the_output_are_not_followed(tmp_path: Path) -> None:
    """A folder that leads elsewhere is refused."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/talk").symlink_to(tmp_path / "elsewhere")
    assert commit(tmp_path / "out", {"talk/index.html": "x"}) == ["RT702"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x", "", ".roundtable.json"])
def test_paths_cannot_leave_the_folder(tmp_path: Path, path: str) -> None:
    """Whatever planned them."""
    with Staging(tmp_path / "out") as staging, pytest.raises(ValueError, match="path"):
        put(staging.place, [Artifact(path, b"x")])
    assert list(tmp_path.rglob("x")) == []


def test_nothing_is_left_of_a_build_that_fails(site: Site) -> None:
    """No staging folder, no output; the cache is no output."""
    assert site.write("-- content/a.md --\n[x](y.md)\n").build() == 1
    assert sorted(path.name for path in site.root.iterdir()) == [".roundtable", "content", "site.toml"]


@pytest.mark.parametrize("output", [".", "..", "content", "content/x", "templates", "site.toml"])
def test_folders_that_cannot_be_the_output(site: Site, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The site itself, its sources, a file."""
    monkeypatch.chdir(site.root)
    assert site.write(TALK).build("-o", output) == 2
    assert "error[RT701]" in site.err
    assert (site.root / "content/talk.txt").is_file()


def test_titles_cannot_choose_a_path_outside(site: Site) -> None:
    """Slugs hold letters and digits only."""
    site.write("-- content/a.txt --\n---\nslug: ../../../etc/x\n---\nHost: A\nHost: B\n")
    assert site.build() == 0, site.err
    assert "etc-x/index.html" in site.tree()


def test_links_in_the_content_folder_are_not_followed_out_of_it(
    site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A transcript cannot publish other files of the machine."""
    secret = tmp_path_factory.mktemp("other") / "secret.txt"
    secret.write_text("Host: secret\nHost: secret\n")
    site.write(TALK)
    (site.root / "content/link.txt").symlink_to(secret)
    (site.root / "content/folder").symlink_to(secret.parent)
    assert site.build() == 0
    assert not any(b"secret" in data for data in site.tree().values())


def test_where_several_machines_write_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    """Twice the same is one file, and what is not whole yet is never committed."""
    with Staging(tmp_path / "out", is_shared=True) as staging:
        for _ in range(2):
            assert put(staging.place, [Artifact("a/b", b"x")]) == ("a/b", STAGED)
        assert staging.place.parts
        (Path(staging.place.parts) / "begun").write_text("by a worker that died")
        assert staging.commit(set(), {"a/b"}, ["a/b"], is_whole=True).found == ()
    assert sorted(path.name for path in tmp_path.rglob("*")) == [".roundtable.json", "a", "b", "out"]


def test_who_comes_when_a_build_is_over_makes_nothing(tmp_path: Path) -> None:
    """A worker that was given up, on another machine, doesn't know yet."""
    with Staging(tmp_path / "out", is_shared=True) as staging:
        place = staging.place
    for path in ("a/b/c", "a/b", "a"):
        with pytest.raises(FileNotFoundError):
            put(place, [Artifact(path, b"x")])
        with pytest.raises(FileNotFoundError):
            _write_whole(f"{place.staging}/{path}", b"x", place.staging or "", str(tmp_path))  # it has begun already
    assert not list(tmp_path.glob(".out*"))


def test_places_are_the_same_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may be elsewhere."""
    monkeypatch.chdir(tmp_path)
    with Staging(Path("out")) as staging:
        place = staging.place
        assert Path(place.output) == tmp_path / "out"
        assert Path(place.staging or "").is_absolute()


def test_a_users_file_is_never_adopted(tmp_path: Path) -> None:
    """Even if it has the bytes that were to be written."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out/k.dat").write_text("mine")
    assert commit(tmp_path / "out", {"k.dat": "mine", "a": "1"}) == []
    assert commit(tmp_path / "out", {"a": "1"}) == []
    assert (tmp_path / "out/k.dat").read_text() == "mine"


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_whatever_is_in_the_way_stops_the_commit_before_it_begins(tmp_path: Path, kind: str) -> None:
    """An empty folder, a dangling link: the old site is whole."""
    assert commit(tmp_path / "out", {"a": "1"}) == []
    if kind == "folder":
        (tmp_path / "out/zed/index.html").mkdir(parents=True)
    else:
        (tmp_path / "out/zed").symlink_to(tmp_path / "out/nowhere")
    assert commit(tmp_path / "out", {"a": "2", "zed/index.html": "x"}) == ["RT702"]
    assert (tmp_path / "out/a").read_text() == "1"


@pytest.mark.parametrize("entry", ["../keep", "/etc/keep", "a/..", "a\u0000b", "x" * 999, "folder"])
def test_a_manifest_that_was_tampered_with_harms_nothing(tmp_path: Path, entry: str) -> None:
    """Entries that are no plain paths are not read; a folder is not removed as a file."""
    assert commit(tmp_path / "out", {"a": "1"}) == []
    (tmp_path / "keep").write_text("x")
    (tmp_path / "out/folder").mkdir()
    (tmp_path / "out/.roundtable.json").write_text(json.dumps({"files": ["a", entry]}))
    assert commit(tmp_path / "out", {"a": "2"}) == []
    assert (tmp_path / "keep").exists()
    assert (tmp_path / "out/folder").is_dir()
