"""A source as lines, each with its place: what every reader of text starts from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection
from functools import cached_property
from itertools import accumulate, pairwise

from ..model import Noun, Source, SourceSpan
from ..patterns import lazy

BULLETS = "-*•·‣–"
LONE_BULLETS = frozenset(BULLETS)
BULLET = lazy(rf"[{BULLETS}](?:\s+(?=\S)|$)")


SENTENCE_END = tuple(".!?。！？;；,，、:：…؟؛۔।॥።՞")
DATE = lazy(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}\s?[年년]\s?\d{1,2}\s?[月월](?:\s?\d{1,2}\s?[日일])?"
    r"|\b\d{1,2}(?:\.|º|st|nd|rd|th)?\s(?:de\s|of\s)?[^\W\d_]{3,}[.,]?\s(?:de\s)?\d{4}\b|\b[^\W\d_]{3,}\.?\s\d{1,2}(?:st|nd|rd|th)?,\s\d{4}\b"
)
CLOSING = "\"'”’»›)）]］」』】〉》"  # may stand behind the end of a sentence
ENDS = tuple(".!?。！？…؟۔।॥:：")  # a line that ends so may end a sentence
DASHES = ("-", "–", "—", "\xad")  # … or break it off
LABEL = lazy(r"[^\w]|[QA]\b|[^:：.]{0,60}[:：.]")  # a line that may begin with a label
MAX_HEADING_WORDS = 16
MAX_HEADING_IDEOGRAPHS = 40
MAX_HEADING_CHARACTERS = 120


WRAP_COLUMN = 100  # lines of hard-wrapped text are shorter
SHORT_SHARE = 0.6  # of the widest line
EDGE_SHARE = 0.05  # of the lines that begin at the text's edge, at least
WRAPPED_SHARE = 0.8  # of the lines that another follows: so many are full
MIN_HANGING, HANGING_SHARE = 3, 0.3  # lines back at the left, and how many of the lines before them may be full
MIN_WRAPPED = 2  # lines that go on, and paragraphs, before anything can be said
BARE = lazy(r"[:：]$|\d[\])]?:?$")  # a label without words: it joins nothing


def is_title_like(text: str) -> bool:
    """Whether a line could be a title: short, no sentence, its long words capitalised (in scripts that have capitals)."""
    bare = text.rstrip(CLOSING)
    if (
        len(text) > MAX_HEADING_CHARACTERS
        or len(text.split()) > MAX_HEADING_WORDS
        or (not text.isascii() and sum(sign > "\u2e7f" for sign in text) > MAX_HEADING_IDEOGRAPHS)
        or bare.endswith((*SENTENCE_END, *DASHES))
    ):
        return False
    every = re.findall(r"[^\W\d_]+", text)
    words = [word for word in every if len(word) > 3 or not word.isascii()] or every
    if not words:
        return False
    return sum(not word[0].islower() for word in words) >= 0.6 * len(words)


def heading_title(text: str) -> str:
    """The title in what stands behind a heading's signs; signs at its end close it, if a space parts them."""
    title = text.rstrip()
    without = title.rstrip("#")
    return " ".join((without if not without or without[-1].isspace() else title).split())


class Line(Noun, frozen=True):
    """One line without the white space around it."""

    number: int  # from 1
    start: int  # offset of the first character that is no white space
    end: int  # offset behind the last one
    text: str
    indent: int = 0  # white space before it, in columns
    row: int = 0  # its number, if there were no pages: a gap in rows is an empty line


class Label(Noun, frozen=True):
    """A line that names its speaker."""

    name: str  # as printed, without markup
    words_at: int  # offset in the line at which words begin; its length if there are none
    start: float | None = None  # seconds
    end: float | None = None


def place_of(source: Source, line: Line) -> tuple[str, int, int]:
    """The place of a line in the file, for a diagnostic."""
    return source.path, source.lines[line.number - 1] if source.lines else line.number, 1


def lines_of(source: Source, offset: int) -> list[Line]:
    """The lines that hold something, from an offset on."""
    found = []
    start = offset
    for number, line in enumerate(source.text[offset:].split("\n"), source.text.count("\n", 0, offset) + 1):
        if text := line.strip():
            indent = column = 0
            if line[0].isspace():
                indent = len(line) - len(line.lstrip())
                column = len(line[:indent].expandtabs())
            found.append(Line(number, start + indent, start + indent + len(text), text, column, number))
        start += len(line) + 1
    return found


def openings(lines: list[Line], *, is_numbered: bool = False) -> set[int]:
    """The indices of lines that begin a paragraph: behind an empty line, or set in from the text's edge.

    Where a line is set in as far as the one before, but not as paragraphs commonly are (give or take what a scan does), it
    begins one if that line is short: else both are of a quotation. On numbered pages, which have few, it may be set in less.
    """
    indents = Counter([line.indent for line in lines])
    if indents.keys() <= {0}:
        return (
            {0, *(i for i, (before, line) in enumerate(pairwise(lines), 1) if line.row > before.row + 1)}
            if lines
            else set()
        )
    widest = _widest(lines)
    if hanging := _hanging(lines, indents, widest):
        return hanging
    edge = _edge(lines, indents, widest)
    set_in = Counter(b.indent for a, b in pairwise(lines) if a.indent == edge < b.indent).most_common(1)
    usual = set_in[0][0] if set_in else edge
    common = range(usual - (usual - edge) // 4, usual + (usual - edge) // 4 + 1) if set_in else ()
    found: set[int] = set()
    for i, line in enumerate(lines):
        before = lines[i - 1] if i else None
        if (
            before is None
            or line.row > before.row + 1
            or line.indent > before.indent
            or (line.indent in common and (i - 1 in found or before.indent in common))
            or (
                edge < line.indent
                and (line.indent == before.indent or (is_numbered and line.indent < before.indent))
                and i - 1 in found
                and not _is_full(before, line, widest)
            )
        ):
            found.add(i)
    return found


def _hanging(lines: list[Line], indents: Counter[int], widest: int) -> set[int]:
    """The lines that stand out to the left, where all others go on with a paragraph and are set in; none where it isn't so."""
    left = min((indent for indent, n in indents.items() if n >= MIN_WRAPPED), default=0)
    back = [(a, b) for a, b in pairwise(lines) if b.indent <= left < a.indent and b.row == a.row + 1]
    full = sum(_is_full(a, b, widest) for a, b in back)
    if len(back) < MIN_HANGING or full > HANGING_SHARE * len(back):
        return set()
    gaps = {i for i, (a, b) in enumerate(pairwise(lines), 1) if b.row > a.row + 1}
    return {0} | gaps | {i for i, line in enumerate(lines) if line.indent <= left}


def _edge(lines: list[Line], indents: Counter[int], widest: int) -> int:
    """The indentation of the lines that go on with a paragraph; few do, where nearly all paragraphs are of one line."""
    edge = min((indent for indent, n in indents.items() if n >= EDGE_SHARE * len(lines)), default=0)
    left = [(a, b) for a, b in pairwise(lines) if b.indent < edge]
    full = [b.indent for a, b in left if b.row == a.row + 1 and _is_full(a, b, widest)]
    return min(full) if full and len(full) >= WRAPPED_SHARE * len(left) else edge


def likely_openings(lines: list[Line]) -> set[int]:
    """The indices of lines that may begin a paragraph where nothing sets it off: behind a short line, or a sentence's end."""
    widest = _widest(lines)
    return {
        i
        for i, (before, line) in enumerate(pairwise(lines), 1)
        if before.indent + len(before.text) < SHORT_SHARE * widest
        or (
            before.text.rstrip(CLOSING).endswith((*ENDS, *DASHES))
            and (LABEL.match(line.text) or not _is_full(before, line, widest))
        )
    }


def _widest(lines: list[Line]) -> int:
    """The column at which nearly all lines end."""
    ends = sorted(line.indent + len(line.text) for line in lines)
    return ends[len(ends) * 98 // 100] if ends else 0


def _is_full(line: Line, after: Line, widest: int) -> bool:
    """Whether the first word of the next line had no room on a line."""
    return line.indent + len(line.text) + 1 + len(after.text.split(maxsplit=1)[0]) > widest


def is_wrapped(lines: list[Line], opens: Collection[int]) -> bool:
    """Whether paragraphs are hard-wrapped: their lines filled up to a common column. `opens` are the lines that begin one."""
    joined = [(a, b) for i, (a, b) in enumerate(pairwise(lines), 1) if i not in opens and not BARE.search(a.text[-3:])]
    if len(joined) < MIN_WRAPPED or len(opens) < MIN_WRAPPED:
        return False
    widest = _widest(lines)
    full = sum(_is_full(a, b, widest) for a, b in joined)
    return widest <= WRAP_COLUMN and full >= WRAPPED_SHARE * len(joined)


class Places:
    """Turns offsets of one source into spans. Asked in order, as nearly always, it counts on from the line before."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._at, self._line = 0, 1  # the offset up to which lines are counted, and its line

    def span(self, start: int, end: int) -> SourceSpan:
        """The span of [start, end), without the white space around it."""
        words = self._source.text[start:end].rstrip()
        end = start + len(words)
        if words[:1].isspace():
            start = end - len(words.lstrip())
        return self.exactly(start, end)

    def exactly(self, start: int, end: int) -> SourceSpan:
        """The span of [start, end), which has no white space around it."""
        source = self._source
        text = source.text
        if start >= self._at:
            line = self._line = self._line + text.count("\n", self._at, start)
            self._at = start
        else:
            line = bisect_right(self._starts, start)
        shown = source.lines[line - 1] if source.lines else line
        return SourceSpan(source.path, shown, start - text.rfind("\n", 0, start), start, end)

    def lines(self, first: Line, last: Line) -> SourceSpan:
        """The span of some lines."""
        source = self._source
        shown = source.lines[first.number - 1] if source.lines else first.number
        return SourceSpan(
            source.path, shown, first.start - source.text.rfind("\n", 0, first.start), first.start, last.end
        )

    @cached_property
    def _starts(self) -> list[int]:
        """Where lines begin: bisected, so that going back costs no more in a long file."""
        return [0, *accumulate(len(line) + 1 for line in self._source.text.split("\n"))][:-1]
