"""What tests share: a whole site written as one string, built in a folder of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from selectolax.lexbor import LexborHTMLParser

from roundtable.cli import main

from . import tools

if TYPE_CHECKING:
    from playwright.sync_api import Browser

REPOSITORY = Path(__file__).parent.parent
SHARED = REPOSITORY.parent / "shared"

settings.register_profile("default", deadline=None, derandomize=True)  # the same run twice; speed is for the bench
settings.load_profile("default")

CHROMIUM = [
    "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
SITE_TOML = 'title = "Test"\nbase_url = "https://example.org/"\n[params.comments]\nprovider = "none"\n'


class Site:
    """A site in a temporary folder."""

    def __init__(self, root: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capfd = capfd
        self.out = self.err = ""

    def write(self, text: str) -> Site:
        """Write the files of a string: `-- path --` lines, each followed by the file's text."""
        for path, body in re.findall(r"^-- (\S+) --\n(.*?)(?=^-- \S+ --$|\Z)", text, re.MULTILINE | re.DOTALL):
            file = self.root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(body, encoding="utf-8")
        return self

    def run(self, *arguments: str) -> int:
        """Run the command line here; its exit code."""
        self._capfd.readouterr()
        try:
            code = main([*arguments[:1], "--root", str(self.root), *arguments[1:]])
        except SystemExit as exit:
            code = int(exit.code or 0)
        self.out, self.err = self._capfd.readouterr()
        return code

    def build(self, *arguments: str) -> int:
        """Build here; the exit code."""
        return self.run("build", *arguments)

    def text(self, path: str) -> str:
        """A file of the output."""
        return (self.root / "public" / path).read_text(encoding="utf-8")

    def page(self, path: str) -> LexborHTMLParser:
        """A page of the output, parsed."""
        return LexborHTMLParser(self.text(path))

    def tree(self) -> dict[str, bytes]:
        """All files of the output."""
        public = self.root / "public"
        return {
            file.relative_to(public).as_posix(): file.read_bytes()
            for file in sorted(public.rglob("*"))
            if file.is_file()
        }


@pytest.fixture
def site(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Site:
    """An empty site with a sound configuration."""
    return Site(tmp_path, capfd).write(f"-- site.toml --\n{SITE_TOML}")


@pytest.fixture
def roundtable() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs `python build.py` as a process of its own."""

    def run(*arguments: str, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, str(REPOSITORY / "build.py"), *arguments]
        return subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)

    return run


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright  # few tests need it

    path = tools.chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield chromium
        chromium.close()
