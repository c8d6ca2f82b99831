"""Diagnostics: the stable codes, what a site makes of them, the tally of what was found, and how one is shown to people.

A code never changes its meaning; the guide explains each (`content/guide/diagnostics.md`). The hundreds follow the road:
1 configuration, 2 reading, 3 speakers, 4 fidelity, 5 the site, 6 comments, 7 output, 9 Roundtable itself.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple, get_args

import msgspec

from .model import Diagnostic, Severity, Silence, Source, SourceSpan

Command = Literal["build", "check", "external"]  # which looks for it: both, `check` alone, `check --external` alone
Grade = Literal["error", "warning", "note", "off"]  # what a site may make of a code
SEVERITIES: tuple[Severity, ...] = get_args(Severity)  # the gravest first


class Code(NamedTuple):
    """What a code stands for."""

    severity: Severity
    meaning: str
    by: Command = "build"


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
    "RT118": Code("error", "served already"),
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
    "RT236": Code("warning", "silence that is not understood"),
    "RT237": Code("warning", "silence that silences nothing"),
    "RT238": Code("warning", "not rewritten, because something would be lost"),
    "RT239": Code("error", "file changed while it was rewritten"),
    "RT241": Code("note", "straight and curly quotation marks", "check"),
    "RT242": Code("warning", "same words twice in a row", "check"),
    "RT243": Code("warning", "signs that turn the direction of text", "check"),
    "RT244": Code("warning", "heading that is a speaker's name", "check"),
    "RT245": Code("note", "heading that skips a level", "check"),
    "RT246": Code("note", "labels in two forms", "check"),
    "RT301": Code("error", "label fits two people"),
    "RT302": Code("warning", "label nearly fits a person"),
    "RT303": Code("error", "two people with one name or alias"),
    "RT304": Code("note", "label read as a form of a name"),
    "RT305": Code("note", "speaker who is not on the list", "check"),
    "RT306": Code("warning", "two names that look the same", "check"),
    "RT307": Code("note", "bold label that occurs once", "check"),
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
    "RT512": Code("warning", "image without alternative text", "check"),
    "RT513": Code("warning", "quotation that is not in the turn it cites", "check"),
    "RT514": Code("warning", "link to another site that is broken", "external"),
    "RT515": Code("note", "link to another site that has moved", "external"),
    "RT516": Code("warning", "translation in the language of another document"),
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

# Errors with which nothing false would be published; all others stay what they are.
MAY_PASS = frozenset({"RT202", "RT502", "RT503"})


def is_fixed(code: str) -> bool:
    """Whether a code is an error whatever a site says: it would publish something false, or nothing at all."""
    return CODES[code].severity == "error" and code not in MAY_PASS


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


UNMADE = "RT504"  # of a page whose template fails
MOST_OF_A_KIND = 5  # warnings or notes of one code that are kept in full


class Grades(NamedTuple):
    """What a site makes of codes."""

    by_code: Mapping[str, str] = {}
    is_strict: bool = False  # whether warnings are errors

    def of(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Diagnostics as the site grades them; without those that are off."""
        if not self.by_code and not self.is_strict:
            return tuple(found)
        graded = ((self._grade(one), one) for one in found)
        return tuple(one if one.severity == grade else _as(grade, one) for grade, one in graded if grade != "off")

    def _grade(self, one: Diagnostic) -> str:
        grade = one.severity if is_fixed(one.code) else self.by_code.get(one.code, one.severity)
        return "error" if grade == "warning" and self.is_strict else grade


def _as(grade: str, one: Diagnostic) -> Diagnostic:
    severity: Severity = "error" if grade == "error" else "warning" if grade == "warning" else "note"
    return msgspec.structs.replace(one, severity=severity)


class Tally:
    """Diagnostics as they come: all errors, of each kind of warning and note the first by place, and how many there are."""

    def __init__(self, grades: Grades | None = None, most: int | None = MOST_OF_A_KIND) -> None:
        """`grades` are what a site makes of codes; `most` of each kind are kept, None: all."""
        self._grades, self._most = grades or Grades(), most
        self._silences: dict[str, list[Silence]] = {}
        self._heard: set[Silence] = set()
        self._found: dict[str, list[Diagnostic]] = {}
        self._more: dict[str, int] = {}
        self._files: dict[str, int] = {}  # by path, how grave the gravest is

    def silence(self, silences: Iterable[Silence]) -> None:
        """Take nothing that editors don't want to be told."""
        for one in silences:
            self._silences.setdefault(one.path, []).append(one)

    def idle(self, by: Collection[Command]) -> Iterator[Diagnostic]:
        """Silences that kept nothing quiet, if all that they name was looked for `by` what ran."""
        for one in (one for some in self._silences.values() for one in some if one not in self._heard):
            if all(CODES[code].by in by for code in one.codes):
                message = f"nothing is found here that {' or '.join(one.codes)} would tell"
                yield diagnose("RT237", message, (one.path, one.line, one.column), "take it out", one.source)

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Take some more."""
        told = (one for one in found if not self._is_silenced(one)) if self._silences else found
        for one in self._grades.of(told):
            kind = self._found.setdefault(one.code, [])
            kind.append(one)
            if one.path:
                self._files[one.path] = min(self._files.get(one.path, len(SEVERITIES)), SEVERITIES.index(one.severity))
            if self._most is not None and one.severity != "error" and len(kind) > 20 * self._most:
                self._cut(one.code, self._most)

    def _is_silenced(self, one: Diagnostic) -> bool:
        heard = [silence for silence in self._silences.get(one.path or "", ()) if _covers(silence, one)]
        self._heard.update(heard)
        return bool(heard)

    def _cut(self, code: str, most: int) -> None:
        kept = in_order(self._found[code])
        self._found[code] = list(kept[:most])
        self._more[code] = self._more.get(code, 0) + len(kept) - most

    @property
    def failed(self) -> bool:
        """Whether any is an error."""
        return any(map(failed, self._found.values()))

    def found(self) -> tuple[Diagnostic, ...]:
        """Those that are kept, by place."""
        for code, kind in self._found.items():
            if self._most is not None and len(kind) > self._most and not failed(kind):
                self._cut(code, self._most)
        return in_order(one for kind in self._found.values() for one in kind)

    def more(self) -> dict[str, int]:
        """How many of a code there are beyond those."""
        self.found()
        return {code: number for code, number in self._more.items() if number}

    def files(self) -> tuple[int, ...]:
        """In how many files anything is that is as grave as an error, as a warning, as a note."""
        return tuple(sum(gravest <= i for gravest in self._files.values()) for i in range(len(SEVERITIES)))


def _covers(silence: Silence, one: Diagnostic) -> bool:
    is_there = not silence.lines or any(first <= (one.line or 1) <= last for first, last in silence.lines)
    return one.code in silence.codes and is_there and not is_fixed(one.code)


def failed(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them is an error."""
    return any(d.severity == "error" for d in diagnostics)


class Stopped(Exception):  # noqa: N818  (what is wrong is in what it tells)
    """Ends a build that can't go on, whatever the content is; it says why."""

    def __init__(self, told: Diagnostic) -> None:
        super().__init__(told.message)
        self.told = told


CURES = {
    errno.ENAMETOOLONG: "give it a shorter name",
    errno.ENOTDIR: "a file stands where a folder is named: name another",
    errno.EEXIST: "a file stands where a folder is named: name another",
}


def refused(error: OSError, path: str | None = None) -> Diagnostic:
    """What the system refuses where nobody can go on: `path`, if it doesn't say of which file."""
    message = f"can't be read or written: {error.strerror or error}"
    hint = CURES.get(error.errno or 0, "check the disk's space and the folder's permissions")
    return diagnose("RT701", message, error.filename or path, hint)


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
    """The text without control characters: a transcript must not be able to steer a terminal, nor a runner of CI that reads it."""
    shown = "".join(c if c.isprintable() or c == " " else f"\\x{ord(c):02x}" for c in text)
    return shown.replace("##[", "##\\x5b")  # what follows is a command to GitHub's runner, wherever in a line it stands
