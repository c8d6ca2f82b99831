"""One site, how it is to be built, and where its theme is: templates and static files of its own before the built-in ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from .config import FILE, Config
from .diagnostics import Grades, diagnose
from .model import Diagnostic
from .provenance import digest

THEME = next(
    folder
    for folder in (Path(__file__).parent / "theme", Path(__file__).parent.parent)  # in a wheel, in a checkout
    if (folder / "templates" / "base.html").is_file()
)


STATIC, THEMES = ":static", ":theme"  # prefixes of files in a site's static folder, and in the theme's


class Site(msgspec.Struct, frozen=True):
    """One site and how it is to be built."""

    root: Path
    config: Config
    output: Path
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int | None = None
    cache: Path | None = None  # the folder of what is kept; None: .roundtable/cache
    executor: str = "processes"  # where work is done: a name in workers.EXECUTORS
    scheduler: str | None = None  # the address of the cluster, where that is on one
    records: bool = True  # whether a build writes the ledger of permalinks
    tells_all: bool = False  # whether all that is found is told, and not the first few of each kind
    advises: bool = False  # whether rules run that only editors want: `check`
    external: bool = False  # whether links to other sites are followed

    @property
    def grades(self) -> Grades:
        """What the site makes of codes."""
        return Grades(self.config.rules, self.strict)


def absent(root: Path, content: str) -> Diagnostic | None:
    """The complaint about a content folder that isn't there."""
    if (root / content).is_dir():
        return None
    hint = "create it and put a transcript in, or name another with 'content' in site.toml"
    return diagnose("RT105", f"there is no folder {content}/", content, hint)


def folders(root: Path, content: str) -> dict[str, Path]:
    """Where files lie, by the prefix of their paths; the site's own `static/` comes before the theme's."""
    return {THEMES: THEME / "static", STATIC: root / "static", content: root / content}


class Template(NamedTuple):
    """A template as it stands."""

    text: str
    file: str


def templates(root: Path) -> dict[str, Template]:
    """All templates by name, the site's own before the theme's."""
    found: dict[str, Template] = {}
    for folder in (THEME / "templates", root / "templates"):
        files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
        found |= {
            file.relative_to(folder).as_posix(): Template(file.read_text(encoding="utf-8", errors="replace"), str(file))
            for file in files
        }
    return dict(sorted(found.items()))


def wording(templates: Mapping[str, Template]) -> bytes:
    """A digest of templates, by name."""
    return digest(
        *(
            part.encode(errors="surrogateescape")
            for name, template in templates.items()
            for part in (name, template.text)
        )
    )


def configured(root: Path) -> bytes:
    """What site.toml holds; nothing where there is none."""
    try:
        return (root / FILE).read_bytes()
    except OSError:
        return b""
