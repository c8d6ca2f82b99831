"""Files that are no documents are told, too: what is copied as it is, and what pages are made with."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from roundtable.comparison import FORMATS, Comparison, trees

from .conftest import SITE_TOML, Site
from .test_comparison import LONG, compared, git, talk

TALK = {"content/t.md": talk(*LONG), "content/t.yaml": "place: Porto\n"}


def told(found: Comparison) -> list[tuple[str, str, int | None, int | None]]:
    """What happened to files."""
    return [(one.path, one.status, one.before, one.after) for one in found.files]


def test_files_that_are_added_removed_and_changed_are_told_by_their_addresses(tmp_path: Path) -> None:
    """With their sizes; templates and site.toml, which nobody can ask for, by their paths. The record is the same."""
    old = {"content/a/wall.jpg": "old", "content/gone.pdf": "gone!", "static/icon.svg": "<svg/>"}
    new = {"content/a/wall.jpg": "new", "content/new.mp3": "sound", "content/icon.svg": "<svg/>"}
    new |= {"templates/page-end.html": "<hr>", "site.toml": SITE_TOML + "\n"}
    found = compared(tmp_path, TALK | old, TALK | new)
    assert told(found) == [
        ("/a/wall.jpg", "changed", 3, 3),
        ("/gone.pdf", "removed", 5, None),
        ("/new.mp3", "added", None, 5),
        ("site.toml", "changed", len(SITE_TOML), len(SITE_TOML) + 1),
        ("templates/page-end.html", "added", None, 4),
    ]
    assert (found.is_same, found.documents) == (True, ())
    assert json.loads(FORMATS["json"](found))["files"][1] == {
        "path": "/gone.pdf", "status": "removed", "before": 5, "after": None
    }  # fmt: skip
    for form in ("text", "markdown", "html"):
        text = FORMATS[form](found).decode().replace("\\", "")
        assert "gone.pdf" in text
        assert "removed, 5 bytes" in text
        assert "changed, 3 → 3 bytes" in text
    assert b"The record is the same; 2 files added; 2 files changed; 1 file removed." in FORMATS["text"](found)


def test_what_is_compared_as_a_document_is_no_file(tmp_path: Path) -> None:
    """Nor is a sidecar, nor the ledger, nor what is hidden."""
    new = {"content/t.md": talk(*LONG[1:]), "content/t.yaml": "place: Faro\n", "content/.hidden.jpg": "x"}
    found = compared(tmp_path, TALK, new | {"content/permalinks.lock": "# nothing\n", "content/p.md": "# P\n"})
    assert len(found.documents) == 2
    assert found.files == ()


@pytest.fixture
def repository(site: Site) -> Site:
    """A site with files, committed."""
    site.write(f"-- content/t.md --\n{talk(*LONG)}-- content/notes.csvx --\n1,2\n-- static/a.css --\nb {{}}\n")
    (site.root / "content/wall.jpg").write_bytes(b"\xff\xd8" + bytes(3_000_000))
    git(site.root, "init", "-q", "-b", "main")
    git(site.root, "add", "-A")
    git(site.root, "commit", "-q", "-m", "one")
    return site


def test_a_picture_that_is_replaced_or_gone_leaves_the_exit_code_at_0(repository: Site) -> None:
    """Between commits, and in the working tree; that a link leads nowhere is what `check` says."""
    (repository.root / "content/wall.jpg").write_bytes(b"\xff\xd8" + bytes(2_999_999) + b"x")
    assert repository.run("compare") == 0
    assert "  /wall.jpg: changed, 3,000,002 → 3,000,002 bytes\n" in repository.out
    (repository.root / "content/wall.jpg").unlink()
    git(repository.root, "commit", "-q", "-a", "-m", "two")
    assert repository.run("compare", "HEAD~1", "HEAD") == 0
    assert "  /wall.jpg: removed, 3,000,002 bytes\n" in repository.out
    assert repository.run("compare") == 0
    assert repository.out.splitlines()[1] == "The record is the same."


def test_what_git_knows_to_be_the_same_is_not_read(repository: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large it is: only what is changed, or new."""
    read: list[str] = []
    monkeypatch.setattr(trees, "_blob", lambda file: read.append(file.name) or "other")
    (repository.root / "content/notes.csvx").write_text("1,3\n", encoding="utf-8")
    (repository.root / "content/new.jpg").write_bytes(b"new")
    assert repository.run("compare") == 0
    assert read == ["notes.csvx"]
    assert "/new.jpg: added, 3 bytes" in repository.out


def test_a_file_that_git_keeps_in_another_form_is_the_same(repository: Site) -> None:
    """As with line ends of Windows, or with large files that lie elsewhere."""
    (repository.root / ".gitattributes").write_text("*.csvx text eol=crlf\n*.md text eol=crlf\n", encoding="utf-8")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "-m", "two")
    for name in ("notes.csvx", "t.md"):
        (repository.root / "content" / name).unlink()
    git(repository.root, "checkout", "-q", ".")
    assert (repository.root / "content/notes.csvx").read_bytes() == b"1,2\r\n"
    assert repository.run("compare") == 0
    assert repository.out.splitlines()[1] == "The record is the same."


def test_a_change_that_git_was_told_not_to_see_is_seen(repository: Site) -> None:
    """Its word counts only for files that it looks at."""
    git(repository.root, "update-index", "--assume-unchanged", "static/a.css")
    (repository.root / "static/a.css").write_text("b { }\n", encoding="utf-8")
    assert repository.run("compare") == 0
    assert "/a.css: changed, 5 → 6 bytes" in repository.out


def test_a_digest_is_that_of_git_however_long_the_file(tmp_path: Path) -> None:
    """It is read in steps."""
    data = bytes(range(256)) * 10_000
    (tmp_path / "x").write_bytes(data)
    assert trees._blob(tmp_path / "x") == hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def test_a_content_folder_has_the_other_files_of_its_site(site: Site) -> None:
    """They are the same in both."""
    site.write(f"-- content/t.md --\n{talk(*LONG)}-- static/a.css --\nb {{}}\n-- other/t.md --\n{talk(*LONG)}")
    site.write("-- other/a.jpg --\nx\n")
    assert site.run("compare", str(site.root / "content"), str(site.root / "other")) == 0
    assert site.out.splitlines()[1] == "The record is the same; 1 file added."
    assert site.run("compare", str(site.root), str(site.root / "content")) == 0
    assert site.out.splitlines()[1] == "The record is the same."


def test_files_of_built_sites_are_told_and_what_is_made_of_documents_is_not(site: Site) -> None:
    """A feed, a map of the site and the Markdown beside a page change whenever words do."""
    site.write(f"-- content/t.md --\n---\ndate: 2024-01-02\n---\n{talk(*LONG)}-- content/a/wall.jpg --\nold\n")
    assert site.build("-o", str(site.root / "one")) == 0, site.err
    site.write(
        f"-- content/t.md --\n---\ndate: 2024-01-03\n---\n{talk(*LONG[:5])}-- content/a/wall.jpg --\nnewer\n-- static/b.css --\nb {{}}\n"
    )
    assert site.build("-o", str(site.root / "two")) == 0, site.err
    assert site.run("compare", str(site.root / "one"), str(site.root / "two")) == 1
    assert "files\n  /a/wall.jpg: changed, 4 → 6 bytes\n  /b.css: added, 5 bytes\n\n" in site.out
    assert site.run("compare", str(site.root / "two"), str(site.root)) == 0
    assert "\nfiles\n" not in site.out
