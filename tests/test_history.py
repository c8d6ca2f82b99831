"""Dates of last changes, as Git knows them: right, or none."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from roundtable import history

from .conftest import Site

TALK = "-- content/{0}.md --\n---\ntitle: {0}\ndate: 2020-01-01\n---\n**Ana:** A\n\n**Bo:** B\n\n**Ana:** C\n"


def git(root: Path, *arguments: str, day: str = "2026-03-12T12:00:00Z") -> None:
    """Git does something, whoever runs the tests."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    told = {
        **own,
        "GIT_AUTHOR_DATE": day,
        "GIT_COMMITTER_DATE": "2026-06-01T00:00:00Z",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, env=told, capture_output=True)


def commit(root: Path, day: str = "2026-03-12T12:00:00Z") -> None:
    """All that is there."""
    git(root, "add", "-A", day=day)
    git(root, "commit", "-q", "--allow-empty", "-m", "x", day=day)


@pytest.fixture
def kept(site: Site) -> Site:
    """Two transcripts and a page in a repository, one of them with a sidecar."""
    site.write(
        f"-- .gitignore --\n.roundtable\npublic\n{TALK.format('a')}{TALK.format('b')}-- content/é.md --\n# P\n\nWords.\n"
    )
    git(site.root, "init", "-q")
    commit(site.root)
    return site


def shown(site: Site, path: str = "a/index.html") -> str | None:
    """The date on a page."""
    node = next(iter(site.page(path).css(".about time, .page-end time")), None)
    return node.attrs["datetime"] if node else None


def test_pages_feed_and_sitemap_have_the_day_of_the_last_commit(kept: Site) -> None:
    """Of its author, in UTC; never before the event."""
    kept.write(TALK.format("b").replace("C", "D"))
    commit(kept.root, day="2026-04-01T23:30:00-05:00")
    assert kept.build() == 0, kept.err
    assert (shown(kept), shown(kept, "b/index.html"), shown(kept, "é/index.html")) == (
        "2026-03-12",
        "2026-04-02",
        "2026-03-12",
    )
    assert kept.text("feed.xml").count("<updated>2026-04-02T00:00:00Z</updated>") == 2
    assert "<published>2020-01-01T00:00:00Z</published>" in kept.text("feed.xml")
    assert "<lastmod>2026-04-02</lastmod>" in kept.text("sitemap.xml")
    assert '"date_modified": "2026-04-02T00:00:00Z"' in kept.text("feed.json")


def test_what_is_changed_and_not_committed_has_no_date(kept: Site) -> None:
    """Nor what Git doesn't know, whatever is staged; a sidecar counts as its file."""
    kept.write(f"{TALK.format('a').replace('C', 'D')}{TALK.format('n')}-- content/b.yaml --\nplace: Leeds\n")
    git(kept.root, "add", "content/n.md")
    assert kept.build() == 0, kept.err
    assert [shown(kept, f"{name}/index.html") for name in "abn"] == [None, None, None]
    assert shown(kept, "é/index.html") == "2026-03-12"
    commit(kept.root, day="2026-05-05T00:00:00Z")
    assert kept.build() == 0, kept.err
    assert [shown(kept, f"{name}/index.html") for name in "abn"] == ["2026-05-05"] * 3


def test_a_file_that_came_back_is_not_as_old_as_it_was(kept: Site) -> None:
    """Before it is committed again."""
    (kept.root / "content/a.md").unlink()
    commit(kept.root, day="2026-05-05T00:00:00Z")
    kept.write(TALK.format("a"))
    assert kept.build() == 0, kept.err
    assert shown(kept) is None


def test_a_merge_that_changed_a_file_counts(kept: Site) -> None:
    """Others leave the dates as they are."""
    git(kept.root, "checkout", "-q", "-b", "side")
    kept.write(TALK.format("b").replace("A", "X"))
    commit(kept.root, day="2026-04-01T00:00:00Z")
    git(kept.root, "checkout", "-q", "-")
    kept.write(TALK.format("a").replace("A", "Y"))
    commit(kept.root, day="2026-04-02T00:00:00Z")
    git(kept.root, "merge", "-q", "--no-ff", "-m", "m", "side", day="2026-04-09T00:00:00Z")
    assert kept.build() == 0, kept.err
    assert (shown(kept), shown(kept, "b/index.html")) == ("2026-04-02", "2026-04-01")


def test_a_clone_without_the_whole_history_is_told_and_dates_are_left_out(kept: Site, tmp_path: Path) -> None:
    """Rather than wrong."""
    commit(kept.root, day="2026-05-05T00:00:00Z")
    git(kept.root, "clone", "-q", "--depth", "1", f"file://{kept.root}", str(tmp_path / "clone"))
    assert kept.run("build", "--root", str(tmp_path / "clone")) == 0
    assert "note[RT511]: no dates of last changes: this clone has not the whole history" in kept.err
    assert "Last changed" not in (tmp_path / "clone/public/a/index.html").read_text(encoding="utf-8")


def test_the_same_in_a_clone_a_work_tree_and_below_the_top(kept: Site, tmp_path: Path) -> None:
    """Packed or not."""
    assert kept.build() == 0, kept.err
    expected = kept.text("a/index.html")
    assert shown(kept) == "2026-03-12"
    git(kept.root, "pack-refs", "--all")
    git(kept.root, "worktree", "add", "-q", str(tmp_path / "tree"))
    git(kept.root, "clone", "-q", str(kept.root), str(tmp_path / "clone"))
    for root in (tmp_path / "tree", tmp_path / "clone"):
        assert history.head(root)
        assert kept.run("build", "--root", str(root)) == 0, kept.err
        assert (root / "public/a/index.html").read_text(encoding="utf-8") == expected
    top = tmp_path / "top"
    top.mkdir()
    git(top, "init", "-q")
    git(kept.root, "clone", "-q", str(kept.root), str(top / "site"))
    (top / "site/.git").rename(tmp_path / "away")
    commit(top)
    assert kept.run("build", "--root", str(top / "site")) == 0, kept.err
    assert (top / "site/public/a/index.html").read_text(encoding="utf-8") == expected


def test_git_is_asked_only_where_something_is_built(kept: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit is seen without asking; the log is asked for once a commit."""
    asked: list[str] = []
    real = history.asked
    monkeypatch.setattr("roundtable.inputs.STEP", 0)
    monkeypatch.setattr(
        history, "asked", lambda root, *arguments: (asked.append(arguments[0]), real(root, *arguments))[1]
    )
    assert kept.build() == 0, kept.err
    assert asked == ["rev-parse", "log", "diff"]
    assert kept.build() == 0, kept.err
    assert asked == ["rev-parse", "log", "diff"]
    kept.write(TALK.format("a").replace("C", "D"))
    assert kept.build() == 0, kept.err
    assert asked[3:] == ["rev-parse", "diff"]


def test_nothing_is_said_without_git_or_if_the_site_wants_none(kept: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """No date, no message."""
    kept.write(
        '-- site.toml --\nbase_url = "https://e.org/"\n[params]\ngit_dates = false\n[params.comments]\nprovider = "none"\n'
    )
    assert kept.build() == 0, kept.err
    assert shown(kept) is None
    kept.write('-- site.toml --\nbase_url = "https://e.org/"\n[params.comments]\nprovider = "none"\n')
    monkeypatch.setenv("PATH", "")
    assert kept.build() == 0, kept.err
    assert shown(kept) is None
    assert "RT511" not in kept.err


def test_what_git_advises_is_handed_on() -> None:
    """As where the files are another user's, which is so in many containers."""
    said = "fatal: detected dubious ownership in repository at '/a b'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory '/a b'\n"
    assert history.advised(said) == "if it is yours: git config --global --add safe.directory '/a b'"
    assert history.advised("fatal: bad revision 'x'") is None
