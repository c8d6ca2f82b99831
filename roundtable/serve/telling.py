"""What a page is told while it is edited: which build it shows, what is wrong and where, and which pages are drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from ..diagnostics import in_order
from ..model import Diagnostic
from ..site import THEME

MOST = 50  # errors, and warnings, that a page shows
AROUND = 2  # lines of a source that are shown before the one in question, and after it
WIDEST = 300  # characters of such a line
LARGEST = 4_000_000  # bytes of a file that is looked into for them


class State(NamedTuple):
    """How the last build ended."""

    build: str  # its name: no two builds have the same
    found: tuple[Diagnostic, ...] = ()
    more: Mapping[str, int] = {}
    failed: bool = False  # the pages are those of an earlier build
    drafts: tuple[str, ...] = ()  # addresses of pages that are not published
    editor_url: str = ""
    early: Mapping[str, str] = {}  # the names of pages that were shown before a build ended, by address, not quoted


class Places:
    """Where the files of a site are for who edits them: only what is there, and only what is the site's own."""

    def __init__(self, root: Path, content: str, editor_url: str) -> None:
        self.root, self.content, self._editor = root.resolve(), content, editor_url
        self._known: dict[str, Path] = {}

    def file(self, path: str | None) -> Path | None:
        """A file of the site, or a template of the theme's, by its path as diagnostics name it."""
        if not path or "\0" in path:
            return None
        if path not in self._known and (found := self._file(path)):
            self._known[path] = found
        return self._known.get(path)

    def _file(self, path: str) -> Path | None:
        for top, name in ((self.root, path), (THEME, path) if path.startswith("templates/") else (self.root, path)):
            with suppress(OSError):  # a name too long for the system, links in a ring
                file = (top / name).resolve()
                if file.is_relative_to(top.resolve()) and file.is_file():
                    return file
        return None

    def editor(self, path: str | None, line: int | None = None, column: int | None = None) -> str | None:
        """What opens a file in the editor; None if there is no such file, or no editor."""
        file = self.file(path)
        if file is None or not self._editor:
            return None
        where = quote(file.as_posix())
        # "file/{path}" and "file://{path}" both lead to /home/…, not to //home/…
        address = re.sub(r"(?<!/)/\{path\}", lambda _: f"/{where.lstrip('/')}", self._editor).replace("{path}", where)
        return address.replace("{line}", str(line or 1)).replace("{column}", str(column or 1))

    def desk(self, path: str | None, line: int | None = None) -> str | None:
        """Where the desk shows a source; None of what is none."""
        if not path or not path.startswith(f"{self.content}/") or self.file(path) is None:
            return None
        return f"/_desk/{quote(path)}" + (f"#L{line}" if line else "")


def told(state: State, places: Places) -> dict[str, Any]:
    """The state for the script in the pages."""
    errors = [one for one in state.found if one.severity == "error"]
    warnings = [one for one in state.found if one.severity == "warning"]
    more = sum(number for code, number in state.more.items() if any(one.code == code for one in warnings))
    return {
        "build": state.build,
        "early": state.early,
        "failed": state.failed,
        "errors": [shown(one, places) for one in in_order(errors)[:MOST]],
        "moreErrors": max(len(errors) - MOST, 0),
        "warnings": [shown(one, places, around=0) for one in in_order(warnings)[:MOST]],
        "moreWarnings": max(len(warnings) - MOST, 0) + more,
        "drafts": state.drafts,
    }


def shown(one: Diagnostic, places: Places, around: int = AROUND) -> dict[str, Any]:
    """A diagnostic, with the lines that it is about and links to its place."""
    return {
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
        "hint": one.hint,
        "place": ":".join(str(part) for part in (one.path, one.line, one.column) if part is not None),
        "editor": places.editor(one.path, one.line, one.column),
        "desk": places.desk(one.path, one.line),
        "lines": lines(one, places.file(one.path), around),
    }


def lines(one: Diagnostic, file: Path | None, around: int) -> list[dict[str, Any]]:
    """The line in question and those around it: number, text, and in the one in question the column, from 0."""
    if one.line is None:
        return []
    text = _lines(file, one) if file and around else None
    if text is None:
        return [_line(one.line, one.source, one.column or 1)] if one.source else []
    first, last = max(one.line - around, 1), min(one.line + around, len(text))
    return [_line(n, text[n - 1], (one.column or 1) if n == one.line else None) for n in range(first, last + 1)]


def _lines(file: Path, one: Diagnostic) -> list[str] | None:
    """The lines of a text, if the line in question is among them as the diagnostic has it."""
    try:
        text = file.read_text(encoding="utf-8-sig").splitlines() if file.stat().st_size <= LARGEST else []
    except (OSError, UnicodeDecodeError):
        return None
    is_there = one.line is not None and 0 < one.line <= len(text)
    return text if is_there and one.source in (None, text[(one.line or 1) - 1]) else None


def _line(number: int, text: str, column: int | None) -> dict[str, Any]:
    """A line, cut around the place where it is very long."""
    begin = max((column or 1) - 1 - WIDEST // 2, 0) if len(text) > WIDEST else 0
    cut = text[begin : begin + WIDEST]
    text = ("…" if begin else "") + cut + ("…" if begin + WIDEST < len(text) else "")
    return {"number": number, "text": text, "column": None if column is None else column - 1 - begin + bool(begin)}


def counted(found: Iterable[Diagnostic], codes: frozenset[str]) -> int:
    """How many are of some codes."""
    return sum(one.code in codes for one in found)
