"""A source as lines, each with its place: what every reader of text starts from."""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

from ..model import Source, SourceSpan

# The line ends of LF, CRLF and CR files; others (U+2028, form feed …) are characters of a line.
LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")

BULLETS = "-*•·‣–"
LONE_BULLETS = frozenset(BULLETS)
BULLET = re.compile(rf"[{BULLETS}](?:\s+(?=\S)|$)")


class Line(NamedTuple):
    """One line without the white space around it."""

    number: int  # from 1
    start: int  # offset of the first character that is no white space
    end: int  # offset behind the last one
    text: str


def lines_of(source: Source, offset: int) -> list[Line]:
    """The lines that hold something, from an offset on."""
    found = []
    number = source.text.count("\n", 0, offset) + 1
    for match in LINE.finditer(source.text, offset):
        text = match[0].strip()
        if text:
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append(Line(number, start, start + len(text), text))
        number += 1
    return found


class Places:
    """Turns offsets of one source into spans. Finds the line by bisection, so that a long file costs no more a span."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", source.text))]

    def span(self, start: int, end: int) -> SourceSpan:
        """The span of [start, end), without the white space around it."""
        text = self.source.text
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        line = bisect.bisect_right(self.starts, start)
        return SourceSpan(self.source.path, line, start - self.starts[line - 1] + 1, start, end)
