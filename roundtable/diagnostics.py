"""Diagnostics: the stable codes, and how one is shown to people.

A code never changes its meaning; the guide explains each (`content/guide/diagnostics.md`). The hundreds follow the road:
1 configuration, 2 reading, 3 speakers, 4 fidelity, 5 the site, 6 comments, 7 output, 9 Roundtable itself.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import NamedTuple

from .model import Diagnostic, Severity, Source, SourceSpan


class Code(NamedTuple):
    """What a code stands for."""

    severity: Severity
    meaning: str


CODES: dict[str, Code] = {
    "RT101": Code("error", "no site.toml"),
    "RT102": Code("error", "not TOML or not YAML"),
    "RT103": Code("error", "unknown key"),
    "RT104": Code("error", "wrong value"),
    "RT105": Code("error", "no such folder"),
    "RT106": Code("error", "wrong use of the command line"),
    "RT107": Code("warning", "no base_url"),
    "RT108": Code("error", "file exists already"),
    "RT109": Code("error", "nothing to import"),
    "RT110": Code("error", "Dask not installed"),
    "RT111": Code("error", "no scheduler, or no worker"),
    "RT112": Code("error", "worker with other code"),
    "RT113": Code("error", "worker that doesn't see the site's folder"),
    "RT114": Code("error", "Pillow not installed"),
    "RT115": Code("error", "no font for cards"),
    "RT116": Code("warning", "served to other machines"),
    "RT117": Code("note", "another port"),
    "RT201": Code("error", "not readable as text"),
    "RT202": Code("error", "empty file"),
    "RT203": Code("note", "title taken from the file name"),
    "RT204": Code("warning", "transcript without a speaker"),
    "RT205": Code("warning", "may be a transcript, may be a page"),
    "RT206": Code("warning", "label that may be prose, or prose that may be a label"),
    "RT207": Code("warning", "label without words"),
    "RT208": Code("note", "text skipped"),
    "RT209": Code("note", "short line read as a heading"),
    "RT210": Code("warning", "Markdown too deep or too dense, shown as plain text"),
    "RT211": Code("note", "label that occurs once"),
    "RT212": Code("note", "format recognised"),
    "RT213": Code("warning", "encoding guessed"),
    "RT214": Code("warning", "control characters"),
    "RT221": Code("error", "XML not well formed"),
    "RT222": Code("error", "XML that is no known transcript"),
    "RT223": Code("error", "XML refused"),
    "RT224": Code("warning", "speech without a speaker"),
    "RT225": Code("error", "no transcript in the file"),
    "RT226": Code("warning", "no speakers known"),
    "RT227": Code("warning", "row of a table that doesn't fit"),
    "RT228": Code("warning", "rows without a speaker"),
    "RT229": Code("note", "captions without a speaker's name"),
    "RT230": Code("warning", "captions not well formed"),
    "RT231": Code("error", "archive that can't be read"),
    "RT232": Code("note", "tracked changes"),
    "RT233": Code("warning", "messages that can't be read"),
    "RT234": Code("warning", "messages without a time"),
    "RT235": Code("warning", "two speakers named for the same words"),
    "RT301": Code("error", "label fits two people"),
    "RT302": Code("warning", "label nearly fits a person"),
    "RT303": Code("error", "two people with one name or alias"),
    "RT304": Code("note", "label read as a form of a name"),
    "RT401": Code("error", "words lost in reading"),
    "RT402": Code("error", "words lost in Markdown"),
    "RT403": Code("error", "words lost or misplaced on the page"),
    "RT501": Code("error", "two files with one URL"),
    "RT502": Code("error", "broken link"),
    "RT503": Code("error", "broken fragment"),
    "RT504": Code("error", "template fails"),
    "RT505": Code("note", "no date, so not in the feed"),
    "RT506": Code("warning", "no transcript and no page"),
    "RT507": Code("note", "another file of the same name is read"),
    "RT508": Code("note", "file copied, not read"),
    "RT509": Code("note", "card not drawn"),
    "RT510": Code("warning", "attribute that the page's policy keeps from working"),
    "RT511": Code("note", "no dates from Git"),
    "RT521": Code("error", "ledger of permalinks that can't be read"),
    "RT522": Code("warning", "permalink lost"),
    "RT523": Code("warning", "permalink redirected to nowhere"),
    "RT524": Code("warning", "ledger of permalinks can't be written"),
    "RT525": Code("warning", "permalinks of a transcript that is gone"),
    "RT601": Code("warning", "comments incompletely configured"),
    "RT602": Code("note", "comments not configured"),
    "RT701": Code("error", "output folder can't be used"),
    "RT702": Code("error", "a file is in the way"),
    "RT703": Code("note", "files that Roundtable didn't write"),
    "RT901": Code("error", "an error of Roundtable's own"),
    "RT902": Code("error", "a worker process died"),
    "RT903": Code("error", "the cluster is gone"),
}

Place = SourceSpan | tuple[str, int, int] | str | None


def diagnose(
    code: str, message: str, at: Place = None, hint: str | None = None, source: str | None = None
) -> Diagnostic:
    """A diagnostic of that code. `at` is a span, (path, line, column), or a path alone."""
    severity = CODES[code].severity
    if isinstance(at, SourceSpan):
        return Diagnostic(code, severity, message, at.path, at.line, at.column, hint, source)
    if isinstance(at, tuple):
        return Diagnostic(code, severity, message, at[0], at[1], at[2], hint, source)
    return Diagnostic(code, severity, message, at, None, None, hint, source)


def line_at(text: str, offset: int) -> str:
    """The line of text that holds that offset."""
    end = text.find("\n", offset)
    return text[text.rfind("\n", 0, offset) + 1 : len(text) if end < 0 else end]


def span_at(source: Source, start: int, end: int) -> SourceSpan:
    """The span of [start, end). Counts lines from the top: for errors, not for the reading of long files."""
    line_start, line = source.text.rfind("\n", 0, start) + 1, source.text.count("\n", 0, start) + 1
    return SourceSpan(source.path, source.lines[line - 1] if source.lines else line, start - line_start + 1, start, end)


def did_you_mean(word: str, known: Iterable[str], cutoff: float = 0.7) -> str | None:
    """A hint that names the nearest known word, if one is near."""
    by_key = {name.casefold(): name for name in sorted(known)}
    near = difflib.get_close_matches(word.casefold(), by_key, n=1, cutoff=cutoff)
    return f"did you mean '{by_key[near[0]]}'?" if near else None


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By place, each once."""
    return tuple(
        sorted(dict.fromkeys(diagnostics), key=lambda d: (d.path or "", d.line or 0, d.column or 0, d.code, d.message))
    )


MOST_OF_A_KIND = 5  # warnings or notes of one code that are kept in full


class Tally:
    """Diagnostics as they come: all errors, of each kind of warning and note the first by place, and how many there are."""

    def __init__(self, strict: bool = False) -> None:
        self._strict = strict
        self._found: dict[str, list[Diagnostic]] = {}
        self._more: dict[str, int] = {}

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Take some more."""
        for one in strict(found) if self._strict else found:
            kind = self._found.setdefault(one.code, [])
            kind.append(one)
            if one.severity != "error" and len(kind) > 20 * MOST_OF_A_KIND:
                self._cut(one.code)

    def _cut(self, code: str) -> None:
        kept = in_order(self._found[code])
        self._found[code] = list(kept[:MOST_OF_A_KIND])
        self._more[code] = self._more.get(code, 0) + len(kept) - MOST_OF_A_KIND

    @property
    def failed(self) -> bool:
        """Whether any is an error."""
        return any(map(failed, self._found.values()))

    def found(self) -> tuple[Diagnostic, ...]:
        """Those that are kept, by place."""
        for code, kind in self._found.items():
            if len(kind) > MOST_OF_A_KIND and not failed(kind):
                self._cut(code)
        return in_order(one for kind in self._found.values() for one in kind)

    def more(self) -> dict[str, int]:
        """How many of a code there are beyond those."""
        self.found()
        return {code: number for code, number in self._more.items() if number}


def strict(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The same with warnings made errors."""
    return tuple(
        Diagnostic(d.code, "error", d.message, d.path, d.line, d.column, d.hint, d.source)
        if d.severity == "warning"
        else d
        for d in diagnostics
    )


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity == "error" for d in diagnostics)


class Stopped(Exception):  # noqa: N818  (what is wrong is in what it tells)
    """Ends a build that can't go on, whatever the content is; it says why."""

    def __init__(self, told: Diagnostic) -> None:
        super().__init__(told.message)
        self.told = told


SHOWN = 100  # characters of a source line that are shown, around the place


def show(diagnostic: Diagnostic) -> str:
    """The diagnostic for people: place, what is wrong, the text itself with a caret, the cure."""
    d = diagnostic
    place = ":".join(str(part) for part in (d.path, d.line, d.column) if part is not None)
    lines = [f"{place}: {d.severity}[{d.code}]: {d.message}" if place else f"{d.severity}[{d.code}]: {d.message}"]
    if d.source and d.line is not None:
        number, column = str(d.line), (d.column or 1) - 1
        first = max(0, column - SHOWN // 2) if len(d.source) > SHOWN else 0
        text = d.source[first : first + SHOWN].expandtabs(1)
        lines.append(f"  {number} | {text}{'…' if first + SHOWN < len(d.source) else ''}")
        lines.append(f"  {' ' * len(number)} | {' ' * (column - first)}^")
    if d.hint:
        lines += [f"  {' ' if i else '='} {line}" for i, line in enumerate(d.hint.split("\n"))]
    return "\n".join(visible(line) for line in lines)


def visible(text: str) -> str:
    """The text without control characters: a transcript must not be able to steer a terminal."""
    return "".join(c if c.isprintable() or c == " " else f"\\x{ord(c):02x}" for c in text)
