"""What is kept between builds: where, by whom it is held, and what becomes of it when it can't be used."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from roundtable import provenance
from roundtable.store import STAGED, PageRow, Store

from .conftest import REPOSITORY, Site

TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n"
HOLD = "import sys; sys.path.insert(0, {!r})\nfrom pathlib import Path\nfrom roundtable.cache import opened\nfrom roundtable.config import Config\nfrom roundtable.site import Site\nfrom roundtable.watch import Watch\nwith opened(Site(Path({!r}), Config(), Path('x')), Watch()):\n    print('held', flush=True)\n    sys.stdin.readline()\n"


def test_the_cache_keeps_itself_out_of_repositories_and_backups(site: Site) -> None:
    """By the marks that tools look for."""
    assert site.write(TALK).build() == 0
    folder = site.root / ".roundtable/cache"
    assert (folder / ".gitignore").read_text() == "*\n"
    assert (folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


def test_a_cache_elsewhere(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where the command line says."""
    folder = tmp_path_factory.mktemp("cache") / "deep" / "er"
    assert site.write(TALK).build("--cache", str(folder)) == 0
    assert (folder / "store.sqlite").is_file()
    assert not (site.root / ".roundtable").exists()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 5_000])
def test_a_damaged_store_is_made_anew(site: Site, content: bytes) -> None:
    """In silence: nothing is lost but time."""
    assert site.write(TALK).build() == 0
    before = site.tree()
    for file in (site.root / ".roundtable/cache").glob("store.sqlite*"):
        file.unlink()
    (site.root / ".roundtable/cache/store.sqlite").write_bytes(content)
    site.write("-- content/talk.txt --\nHost: A\nAnn: Other.\nHost: C\n")
    assert site.build() == 0, site.err
    assert "Other." in site.text("talk/index.html")
    assert site.tree().keys() == before.keys()


def test_a_store_of_another_version_is_made_anew(site: Site) -> None:
    """Older or newer."""
    assert site.write(TALK).build() == 0
    database = sqlite3.connect(site.root / ".roundtable/cache/store.sqlite")
    database.execute("PRAGMA user_version = 99")
    database.close()
    assert site.build() == 0, site.err
    assert "0 changed" in site.out


def test_whoever_waits_is_told_for_whom(site: Site) -> None:
    """One build at a time; the lock goes with the process that held it."""
    site.write(TALK)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(str(REPOSITORY), str(site.root))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    command = [sys.executable, str(REPOSITORY / "build.py")]
    waiting = subprocess.Popen(command, cwd=site.root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert waiting.stderr
    said = waiting.stderr.readline()
    assert said.startswith(f"waiting for another build to end (process {holder.pid}, since ")
    assert not (site.root / "public").exists()
    holder.kill()
    out, err = waiting.communicate(timeout=60)
    holder.communicate()
    assert waiting.returncode == 0, err
    assert "3 of 3 words published" in out


def test_a_cache_folder_that_is_a_file_is_no_trouble(site: Site) -> None:
    """The build goes on without."""
    site.write(TALK + "-- .roundtable --\nx\n")
    assert site.build() == 0, site.err
    assert "talk/index.html" in site.tree()


def test_what_was_read_is_kept_when_a_build_fails(site: Site) -> None:
    """So that the next one, after the mistake is mended, has less to do."""
    site.write(TALK + "-- content/page.md --\n[x](gone.md)\n")
    assert site.build() == 1
    with Store(site.root / ".roundtable/cache/store.sqlite") as store:
        assert [item.path for item in store.transcripts(drafts=False)] == ["content/talk.txt"]
        assert [item.path for item in store.prose(drafts=False)] == ["content/page.md"]
        assert list(store.files(store.output("public"))) == []


def test_check_uses_what_a_build_left_and_leaves_the_output_alone(site: Site) -> None:
    """And agrees with it."""
    assert site.write(TALK).build() == 0
    before = site.tree()
    site.write("-- content/talk.txt --\nHost: A\nAnn: B [x](y.md)\nHost: C\n-- content/bad.md --\n[x](y.md)\n")
    assert site.run("check") == 1
    assert "content/bad.md:1:5: error[RT502]" in site.err
    assert site.tree() == before
    (site.root / "content/bad.md").unlink()
    assert site.run("check") == 0, site.err
    assert site.tree() == before


def test_drafts_and_served_pages_do_not_mix_with_the_published(site: Site) -> None:
    """One store, several outputs."""
    site.write(TALK + "-- content/later.txt --\n---\ndraft: true\n---\nHost: A\nHost: B\n")
    assert site.build() == 0
    plain = site.tree()
    assert site.build("--drafts", "-o", str(site.root / "other")) == 0
    assert (site.root / "other/later/index.html").is_file()
    assert site.build() == 0
    assert site.tree() == plain
    assert "0 changed, 0 removed" in site.out


def test_provenance_is_of_code_and_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each has a say."""
    names = b" ".join(provenance.libraries())
    for name in (b"jinja2-", b"markdown-", b"msgspec-", b"nh3-", b"pyyaml-", b"selectolax-", b"babel-", b"markupsafe-"):
        assert name in names
    before = provenance.provenance()
    monkeypatch.setattr(provenance, "libraries", lambda: [b"other"])
    provenance.provenance.cache_clear()
    assert provenance.provenance() != before
    provenance.provenance.cache_clear()


def test_a_moved_site_makes_nothing_again(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its files are looked at again, because their inodes may be others; its pages are as they were."""
    assert site.write(TALK).build() == 0
    there = tmp_path_factory.mktemp("moved") / "site"
    site.root.rename(there)
    moved = Site(there, site._capfd)
    assert moved.build() == 0, moved.err
    assert "0 changed" in moved.out
    there.rename(site.root)
    assert Path(site.root, "public/talk/index.html").is_file()


@pytest.mark.parametrize("folder", [".", "content/x", "static", "templates", "public/x"])
def test_folders_that_cannot_be_the_cache(site: Site, folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would be published, or be taken for the site's own."""
    monkeypatch.chdir(site.root)
    assert site.write(TALK).build("--cache", folder) == 2
    assert "error[RT701]" in site.err


def test_nothing_is_written_through_links_in_a_cache(site: Site) -> None:
    """A cloned repository may bring them."""
    site.write(TALK + "-- precious --\nmine\n")
    folder = site.root / ".roundtable/cache"
    folder.mkdir(parents=True)
    for name in ("lock", "store.sqlite"):
        (folder / name).symlink_to(site.root / "precious")
    assert site.build() == 0, site.err
    assert (site.root / "precious").read_text() == "mine\n"


def test_a_store_damaged_in_its_midst_is_told_and_thrown_away(site: Site) -> None:
    """The next build is a good one."""
    site.write(TALK + "".join(f"-- content/t{i}.md --\n**Ann:** {'a ' * 900}\n\n**Bo:** b\n" for i in range(60)))
    assert site.build() == 0
    file = site.root / ".roundtable/cache/store.sqlite"
    data = file.read_bytes()
    file.write_bytes(data[:16_384] + b"\xff" * (len(data) - 16_384))
    (site.root / "content/t1.md").write_text("**Ann:** new\n\n**Bo:** b\n")
    assert site.build() == 2
    assert "the cache was damaged" in site.err
    assert site.build() == 0, site.err
    assert "new" in site.text("t1/index.html")


@pytest.mark.parametrize("statement", ["COMMIT", "ROLLBACK", "SELECT 1"])
def test_what_ends_a_transaction_is_what_is_told(tmp_path: Path, statement: str) -> None:
    """An interrupt between two of them, or an error that has ended it, is no trouble with the cache."""
    with Store(tmp_path / "store.sqlite") as store:
        with pytest.raises(KeyboardInterrupt), store.transaction():
            store.run(statement)
            raise KeyboardInterrupt
        with store.transaction():
            store.remember("a", b"b", b"c")


def test_ids_are_those_of_what_is_at_an_address_now(tmp_path: Path) -> None:
    """A page that leads on from a former address, and then a file that an editor puts there."""
    key = bytes(16)
    with Store(tmp_path / "store.sqlite") as store:
        number = store.output("public")
        store.keep_page(number, PageRow("/old.html", key, 3, "old.html", STAGED, ids="main\ntop"))
        assert store.ids(number, "/old.html") == {"main", "top"}
        assert store.made(number) == (1, 3, 1)
        store.keep_page(number, PageRow("/old.html", key, 0, "old.html", STAGED))
        assert store.ids(number, "/old.html") == frozenset()
        assert store.made(number) == (0, 0, 1)
        store.forget_pages(number, ["/old.html"])
        assert store.ids(number, "/old.html") is None
