"""The hooks for pre-commit run, and say by their exit code whether a commit may pass."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from typing import Any

import yaml

from .conftest import REPOSITORY, Site
from .test_rules import LISTED, TWO

HOOKS: dict[str, dict[str, Any]] = {
    one["id"]: one for one in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
}


def run(site: Site, id: str, *files: str) -> int:
    """The exit code of a hook, run in a site as the framework runs it."""
    command, *arguments = shlex.split(HOOKS[id]["entry"])
    assert command == "roundtable"
    given = [sys.executable, "-m", "roundtable", *arguments, *files]
    return subprocess.run(given, cwd=site.root, env={"PYTHONPATH": str(REPOSITORY)}, capture_output=True).returncode


def test_hooks_are_what_the_framework_takes() -> None:
    """The keys that it needs, and a pattern that is one."""
    assert set(HOOKS) == {"roundtable-check", "roundtable-format"}
    for one in HOOKS.values():
        assert one["language"] == "python"
        assert {"id", "name", "entry", "language", "description"} <= set(one)
    # Content folders have any name, and what is only deleted is no file that the framework would pass.
    assert HOOKS["roundtable-check"].items() >= {"pass_filenames": False, "always_run": True}.items()
    files = HOOKS["roundtable-format"]["files"]
    assert [bool(re.search(files, path)) for path in ("talks/a.md", "b.markdown", "c.txt", "d.md.html")] == [
        True,
        True,
        False,
        False,
    ]


def test_a_broken_site_keeps_a_commit_back(site: Site) -> None:
    """And a sound one lets it pass."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}")
    assert run(site, "roundtable-check") == 0
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n**Ana Duarte:** [x](gone.md)\n")
    assert run(site, "roundtable-check") == 1


def test_a_transcript_in_another_form_keeps_a_commit_back(site: Site) -> None:
    """Of the files that are committed."""
    text = f"---\ntitle: T\ndate: '2026-03-05'\n---\n\n{TWO}"
    site.write(f"-- content/a.md --\n{text}-- content/b.md --\n{text.replace('Ana Duarte:**', 'Ana Duarte**:')}")
    assert run(site, "roundtable-format", "content/a.md") == 0
    assert run(site, "roundtable-format", "content/a.md", "content/b.md") == 1
