"""The desk: in what state each transcript is, and each beside its page. Made of what builds keep; nothing is read for the list."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote, urlencode

import jinja2

from .. import bodies, ledger, readers
from ..config import Config
from ..crosslinks import LINKS
from ..exports.account import UNCERTAIN
from ..links import file_of
from ..model import Diagnostic, Source, Transcript
from ..patterns import lazy
from ..stages import FOUND, SUMMARY
from ..store import StateRow, Store
from .telling import Places, counted

A = TypeVar("A")

PART = lazy(r"[0-9]{1,9}")
ROWS = 100  # transcripts on a page of the list
DOUBTS = UNCERTAIN - {"RT209", "RT213"} | {
    "RT224",
    "RT228",
    "RT229",
    "RT235",
}  # who speaks may be another, or nobody knows
UNTITLED = frozenset({"RT203"})
NEWEST = "-date"


class Row(NamedTuple):
    """A transcript in the list."""

    path: str
    url: str
    title: str
    language: str
    date: str
    words: int
    turns: int
    speakers: int
    uncertain: int
    inaudible: int
    missing: tuple[str, ...]  # what front matter doesn't say
    untranslated: int  # turns that its original has and it doesn't, or that are as they were
    lost: int  # permalinks that lead to nothing anybody named
    changed: int  # those whose words change with the next build that is published
    errors: int
    warnings: int
    is_draft: bool


class Column(NamedTuple):
    """A column of the list."""

    title: str
    key: Callable[[Row], Any]
    about: str  # for a tooltip, and for who doesn't see the column


COLUMNS: dict[str, Column] = {
    "title": Column("Transcript", lambda row: row.title.casefold(), ""),
    "date": Column("Date", lambda row: row.date, ""),
    "words": Column("Words", lambda row: row.words, ""),
    "speakers": Column("Speakers", lambda row: row.speakers, ""),
    "uncertain": Column("Uncertain", lambda row: row.uncertain, "Attributions that could be otherwise"),
    "inaudible": Column("Inaudible", lambda row: row.inaudible, "Marks that say that something wasn't understood"),
    "missing": Column("Missing", lambda row: len(row.missing), "What its front matter doesn't say"),
    "untranslated": Column("Untranslated", lambda row: row.untranslated, "Turns of the original that a translation lacks, or has as they were"),
    "links": Column("Permalinks", lambda row: (row.lost, row.changed), "Permalinks that are lost, and turns whose words changed"),
    "found": Column("Found", lambda row: (row.errors, row.warnings), "Errors and warnings"),
}  # fmt: skip


SUMS = ("found", "uncertain", "inaudible", "missing", "untranslated", "links")  # how many have something of the kind


class Desk:
    """The desk of one site."""

    def __init__(self, root: Path, cache: Path) -> None:
        self._root, self._file = root, cache / "store.sqlite"
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=jinja2.StrictUndefined,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip

    def _asked(self, question: Callable[[Store], A]) -> A | None:
        """The store's answer; None where there is no store yet, or a build has it for itself."""
        try:
            with Store(self._file, only_looks=True) as store:
                return question(store)
        except sqlite3.Error:
            return None

    def drafts(self) -> list[str]:
        """The URLs of drafts."""
        return [url for url, _ in self._asked(Store.drafts) or ()]

    def source(self, url: str) -> str | None:
        """The source of the page at a URL."""
        return self._asked(lambda store: store.source_at(url) or store.source_at(url.removesuffix("answers/")))

    def waiting(self, is_ready: bool) -> str:
        """A page for where there is none yet."""
        return self._templates.get_template("waiting.html").render(is_ready=is_ready)

    # the list

    def all(self, asked: Mapping[str, str], config: Config, places: Places) -> str:
        """The list of all transcripts, sorted and in parts as it is asked for."""
        rows = self._asked(lambda store: [_row(store, one, config.content) for one in store.states()])
        if rows is None:
            return self.waiting(is_ready=False)
        words = asked["q"].casefold().split()
        found = [row for row in rows if all(word in f"{row.title} {row.path}".casefold() for word in words)]
        sort = asked["sort"] if asked["sort"].removeprefix("-") in COLUMNS else NEWEST
        found.sort(key=COLUMNS[sort.removeprefix("-")].key, reverse=sort.startswith("-"))
        parts = max(-(-len(found) // ROWS), 1)
        part = min(max(int(asked["page"]), 1), parts) if PART.fullmatch(asked["page"]) else 1
        shown = found[(part - 1) * ROWS : part * ROWS]

        def link(sort: str = sort, page: int = 1) -> str:
            given = {"sort": sort, "page": page if page > 1 else "", "q": asked["q"]}
            return f"?{urlencode({name: value for name, value in given.items() if value})}"

        return self._templates.get_template("desk.html").render(
            site=config, columns=COLUMNS, rows=shown, count=len(found), total=len(rows), sort=sort, q=asked["q"], link=link,
            part=part, parts=parts, places=places, address=lambda url: _address(config, url), quote=quote,
            sums={name: sum(COLUMNS[name].key(row) not in (0, (0, 0)) for row in found) for name in SUMS},
        )  # fmt: skip

    # one of them

    def one(self, path: str, config: Config, places: Places) -> str | None:
        """A source beside its page; None where there is none."""
        file = places.file(path)
        if file is None or not path.startswith(f"{config.content}/"):
            return None
        known = self._asked(lambda store: (store.at_hand(path),))
        if known is None:
            return self.waiting(is_ready=False)
        if known[0] is None:
            return None
        url, body, told = known[0]
        source, found = readers.decode(path, file.read_bytes())
        document = bodies.decode(body).document if body else None
        found = FOUND.decode(told) if told else found
        turns = _turns(document, source) if source and isinstance(document, Transcript) else {}
        return self._templates.get_template("source.html").render(
            site=config, path=path, title=document.title if document else path, places=places, quote=quote,
            page=_address(config, url) if url else None, lines=_lines(path, source, turns, found), is_draft=document is not None and document.metadata.draft,
            language=document.language if document else config.language,
        )  # fmt: skip


def _address(config: Config, url: str) -> str:
    return config.base_path + quote(url.lstrip("/"))


def _row(store: Store, one: StateRow, content: str) -> Row:
    summary = SUMMARY.decode(one.summary)
    found = FOUND.decode(one.found) if one.found else ()
    lacks = {"title": counted(found, UNTITLED) > 0, "date": not one.date, "description": not summary.description}
    return Row(
        one.path, one.url, summary.title, summary.language, one.date, one.words, one.turns, len(summary.speakers),
        counted(found, DOUBTS), one.inaudible, tuple(name for name, is_lacking in lacks.items() if is_lacking),
        _untranslated(store, one, content),
        one.lost, _changed(one), sum(d.severity == "error" for d in found), sum(d.severity == "warning" for d in found),
        bool(one.is_draft),
    )  # fmt: skip


def _changed(one: StateRow) -> int:
    """How many turns that the ledger knows have other words now, or are no more."""
    if one.held is None or one.part is None:
        return 0
    now = {line.id: line for line in ledger.part(one.part).lines}
    return sum(now.get(line.id) != line for line in ledger.part(one.held).lines)


def _untranslated(store: Store, one: StateRow, content: str) -> int:
    """How many turns of its original a translation lacks, or has as they were; told by what the ledger has of their words."""
    if one.original is None:
        return 0
    (link,) = LINKS.decode(one.original)
    texts = (store.to_have(path) for path in (file_of(one.path, link.written, content), one.path))
    original, own = ([line.digest for line in ledger.part(text).lines if line.is_live] for text in texts)
    return (Counter(original) & Counter(own)).total() + max(len(original) - len(own), 0)


class Line(NamedTuple):
    """A line of a source."""

    number: int  # in the file
    text: str
    turn: str  # the id of the turn that it belongs to; "" of what is in none
    is_first: bool  # whether the turn begins here
    found: tuple[Diagnostic, ...]


def _turns(transcript: Transcript, source: Source) -> dict[int, str]:
    """The id of a turn by each line, counted from 0, that it stands on; the one that begins last on a line has it."""
    begins = [0]
    while (at := source.text.find("\n", begins[-1])) >= 0:
        begins.append(at + 1)
    found: dict[int, str] = {}
    for turn in transcript.turns():
        first = bisect_right(begins, turn.span.start) - 1
        last = bisect_right(begins, max(turn.span.end - 1, turn.span.start)) - 1
        found.update(dict.fromkeys(range(first, last + 1), turn.id))
    return found


def _lines(path: str, source: Source | None, turns: Mapping[int, str], found: tuple[Diagnostic, ...]) -> list[Line]:
    """All lines of a source; what is told of none of them stands at the first."""
    told: dict[int, list[Diagnostic]] = {}
    for one in found:
        told.setdefault(one.line or 1 if one.path == path else 1, []).append(one)
    if source is None:
        return [Line(1, "", "", False, tuple(found))]
    text = source.text.removesuffix("\n").split("\n")
    numbers = source.lines or range(1, len(text) + 1)
    lines, before = [], ""
    for place, (number, line) in enumerate(zip(numbers, text, strict=False)):
        turn = turns.get(place, "")
        lines.append(Line(number, line, turn, bool(turn) and turn != before, tuple(told.pop(number, ()))))
        before = turn
    rest = tuple(one for some in told.values() for one in some)
    return [lines[0]._replace(found=(*lines[0].found, *rest)), *lines[1:]] if lines else lines
