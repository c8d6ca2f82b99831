"""Writes speaker-tagged Markdown from what a formatted document holds: runs of text, paragraphs, tables.

What comes out is read by markdown.py. Text is escaped, so that nothing in it is taken for Markdown; bold type, which labels
are often set in, italics and links stay.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple
from urllib.parse import quote

from .. import markup
from ..patterns import lazy
from .derived import Sheet
from .names import is_name_like, key

# Stand for marks while text is escaped: no characters, so that no text holds them.
BOLD, ITALIC, OPEN, CLOSE, BRACKET, NOTE = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5"
STAND_INS = lazy(f"[{BOLD}{ITALIC}{OPEN}{CLOSE}{BRACKET}{NOTE}]")
SPACES = lazy(r"[^\S\n]+")
AROUND_BREAK = lazy(r"[ \t]?\n[ \t]?")
CLOCK = lazy(r"\[?\(?(\d{1,3}:\d\d(?::\d\d)?(?:[.,]\d{1,3})?)\)?\]?")
LINK = lazy(r"(?:https?|mailto):[^\s]", re.IGNORECASE)
SAFE = "/:?#@!$&'*+,;=%~-._[]"  # stays as it is in an address
FENCE = lazy(r"^[`~]", re.MULTILINE)
LABEL = lazy(r"\*\*(?:\\.|[^*\\\n]){1,160}?(?::\*\*|\*\*[ ]?:|：\*\*)")  # at the head of a paragraph
PLAIN_LABEL = lazy(r"([^\s:*][^:\n*]{0,60}):\s")
TIME = lazy(r"\[[\d:.]+\] ")

HEADS = frozenset(
    "speaker,name,who,time,timestamp,timecode,start,text,transcript,words,utterance,content,dialogue,sprecher,zeit,text,inhalt,"
    "locuteur,temps,texte,hablante,tiempo,texto,orador,tempo".split(",")
)
MOST = 0.8  # of a table's cells: if so many are names, the column holds speakers
MAX_LABEL = 120


class Run(NamedTuple):
    """Text of one look."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str = ""
    note: str = ""  # key of a footnote that is referred to here


Cell = Sequence[Sequence[Run]]  # paragraphs


def plain(runs: Sequence[Run]) -> str:
    """The words of runs, in one line."""
    return " ".join("".join(run.text for run in runs).split())


def inline(runs: Sequence[Run]) -> str:
    """Runs as Markdown. A line break in them stays one."""
    targets: list[str] = []
    parts: list[str] = []
    for run in _merged(runs):
        for i, line in enumerate(run.text.split("\n")):
            parts.append("\n" if i else "")
            parts.append(_marked(run, line, targets))
    escaped = markup.escape(AROUND_BREAK.sub("\n", SPACES.sub(_space, "".join(parts))).strip())
    found = iter(targets)
    signs = {BOLD: "**", ITALIC: "*", OPEN: "[", BRACKET: "\\]"}
    return STAND_INS.sub(lambda match: signs.get(match[0]) or next(found), escaped)


def _space(match: re.Match[str]) -> str:
    """Several spaces are one; a tab may part a label from its words."""
    return "\t" if "\t" in match[0] else " "


def _merged(runs: Sequence[Run]) -> list[Run]:
    """Neighbours of one look as one run; white space looks like what stands before it."""
    merged: list[Run] = []
    for run in runs:
        text = STAND_INS.sub("", run.text)
        if run.note:
            merged.append(run._replace(text=""))
        elif not text:
            continue
        elif merged and (merged[-1][1:] == run[1:] or (text.isspace() and "\n" not in text)):
            merged[-1] = merged[-1]._replace(text=merged[-1].text + text)
        elif merged and merged[-1].text.isspace():
            merged[-1] = run._replace(text=merged[-1].text + text)
        else:
            merged.append(run._replace(text=text))
    return merged


def _marked(run: Run, line: str, targets: list[str]) -> str:
    """One line of a run between the stand-ins of its marks, which white space stands outside of."""
    if run.note:
        targets.append(f"[^{run.note}]")
        return NOTE
    text = line.strip()
    if not text:
        return " " if line else ""
    before, after = line[: len(line) - len(line.lstrip())], line[len(line.rstrip()) :]
    if LINK.match(run.href):
        targets.append(f"]({quote(run.href, safe=SAFE)})")
        text = f"{OPEN}{text.replace(']', BRACKET)}{CLOSE}"
    if run.italic:
        text = f"{ITALIC}{text}{ITALIC}"
    if run.bold:
        text = f"{BOLD}{text}{BOLD}"
    return f"{before}{text}{after}"


QUOTED = "> "


class Script:
    """A transcript that is being written, block by block."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self.speaker = ""  # whose words come next
        self.time = ""  # and when they begin
        self.at = 1  # line of the file in which that stands
        self.paragraphs = 0
        self.is_labelled = False  # by a label that stands in no quotation
        self.labels: list[str] = []  # of paragraphs, as printed
        self.number: int | None = None  # of the item before, in a list that counts

    def label(self, name: str, line: int) -> None:
        """Says whose words come next."""
        if self.speaker:
            self._flush()
        self.speaker, self.at = name.strip().rstrip(":：").rstrip(), line

    def clock(self, time: str, line: int) -> None:
        """Says when the next words begin."""
        if self.time:
            self._flush()
        self.time, self.at = time.strip(), line

    def paragraph(self, runs: Sequence[Run], line: int, mark: str = "", began: str = "") -> None:
        """Adds a paragraph that `began` at a time. `mark` makes it an item of a list or a quotation, unless a label stands in it.

        A label in a quotation is one where all stand in it; else somebody quotes.
        """
        text = inline(runs)
        if not text:
            return
        counted, self.number = self.number, None if mark.strip() or not mark else self.number
        if self.speaker:
            self.time = self.time or began
            text = f"{self._head()}{text}"
        elif LABEL.match(text) and not (mark == QUOTED and self.is_labelled):
            self.is_labelled = self.is_labelled or mark != QUOTED
            time = _stamp(self.time or began)
            text = f"**{time}{text[2:]}" if text.startswith("**") else text
            self.time = ""
        else:
            mark = self._counted(mark, counted) if mark[:1].isdigit() else mark
            text = f"{self._head()}{text}"
            text = mark + text.replace("\n", f"\n{mark if mark == QUOTED else '  '}") if mark else text
        self._block(text, line)

    def _counted(self, mark: str, before: int | None) -> str:
        """The number of an item; one that doesn't count on in its list is words, for Markdown would count them as one list."""
        number = int(mark.partition(".")[0])
        if before is not None and number != before + 1:
            return mark.replace(".", "\\.")
        self.number = number
        return mark

    def heading(self, runs: Sequence[Run], level: int, line: int) -> None:
        """Adds a heading."""
        title = inline([run._replace(bold=False, italic=False, href="") for run in runs]).replace("\n", " ")
        if title:
            self._flush()
            title = re.sub(r"#(?=#*$)", r"\\#", title)
            self.sheet.block(f"{'#' * level} {title}", line)

    def skipped(self, text: str, reason: str, line: int) -> None:
        """Adds what is no transcript."""
        words = " ".join(text.split())
        if words:
            self._flush()
            words = FENCE.sub(lambda match: f"&#{ord(match[0])};", html.escape(words, quote=False))
            self.sheet.block(f"<!-- skipped: {reason}\n{words}\n-->", line)

    def note(self, key: str, paragraphs: Sequence[Sequence[Run]], line: int) -> None:
        """Adds a footnote's text."""
        text = "\n\n    ".join(filter(None, (inline(runs).replace("\n", " ") for runs in paragraphs)))
        self._flush()
        self.sheet.block(f"[^{key}]: {text or '…'}", line)

    def table(self, rows: Sequence[tuple[int, Sequence[Cell]]]) -> None:
        """Adds a table, row by row: with names and times in columns of their own a transcript, else one cell after another."""
        rows = [(line, cells) for line, cells in rows if any(_cell(cell) for cell in cells)]
        if rows and {key(_cell(cell)) for cell in rows[0][1]} - {""} <= HEADS:
            self.skipped(" | ".join(map(_cell, rows[0][1])), "head of a table", rows[0][0])
            rows = rows[1:]
        times, names = _columns([[_cell(cell) for cell in cells] for _, cells in rows])
        for line, cells in rows:
            if 0 <= names < len(cells) and (name := _cell(cells[names])):
                self.label(name, line)
            for i, cell in enumerate(cells):
                clock = CLOCK.fullmatch(_cell(cell)) if i == times else None
                if clock:
                    self.clock(clock[1], line)
            for i, cell in enumerate(cells):
                if i == names or (i == times and CLOCK.fullmatch(_cell(cell))):
                    continue
                for runs in cell:
                    self.paragraph(runs, line)
        self._flush()

    def _head(self) -> str:
        """The label of the next words."""
        speaker, stamp = " ".join(self.speaker.split()), _stamp(self.time)
        self.speaker = self.time = ""
        if speaker and len(speaker) <= MAX_LABEL:
            name = markup.escape(speaker).replace(":", "\\:")
            return f"**{stamp}{name}:** "
        told = f"\\{stamp}{markup.escape(speaker)}" if stamp else markup.escape(speaker)
        return f"{told.rstrip()} " if told else ""

    def _flush(self) -> None:
        """Writes a label or a time that no words followed."""
        if self.speaker or self.time:
            self._block(self._head().rstrip(), self.at)

    def _block(self, text: str, line: int) -> None:
        self.paragraphs += 1
        if match := LABEL.match(text):
            self.labels.append(markup.literal(TIME.sub("", match[0]).strip("*: ：")))
        elif (match := PLAIN_LABEL.match(text)) and is_name_like(match[1]):
            self.labels.append(match[1])
        self.sheet.block(text, line)

    def close(self) -> Sheet:
        """What was written."""
        self._flush()
        return self.sheet


def _stamp(time: str) -> str:
    return f"[{time.replace(',', '.')}] " if time else ""


def _cell(cell: Cell) -> str:
    return " ".join(filter(None, map(plain, cell)))


def _columns(rows: list[list[str]]) -> tuple[int, int]:
    """Which columns of a table hold times and speakers; -1 for none. Another one must hold the words."""
    width = max(map(len, rows), default=0)
    columns = [[row[i] for row in rows if i < len(row) and row[i]] for i in range(width)]
    times = next((i for i, cells in enumerate(columns) if _most(cells, lambda c: CLOCK.fullmatch(c) is not None)), -1)
    names = next((i for i, cells in enumerate(columns[:-1]) if i != times and _most(cells, _is_label)), -1)
    return (times, names) if names >= 0 else (-1, -1)


def _is_label(cell: str) -> bool:
    return len(cell) <= 60 and is_name_like(cell.rstrip(":： "))


def _most(cells: list[str], holds: Callable[[str], bool]) -> bool:
    return bool(cells) and sum(map(holds, cells)) >= MOST * len(cells)
