"""A source as lines, each with its place: what every reader of text starts from."""

from __future__ import annotations

import bisect
import re
from typing import NamedTuple

from ..model import Source, SourceSpan

BULLETS = "-*•·‣–"
LONE_BULLETS = frozenset(BULLETS)
BULLET = re.compile(rf"[{BULLETS}](?:\s+(?=\S)|$)")


def heading_title(text: str) -> str:
    """The title in what stands behind a heading's signs; signs at its end close it, if a space parts them."""
    title = text.rstrip()
    without = title.rstrip("#")
    return " ".join((without if not without or without[-1].isspace() else title).split())


class Line(NamedTuple):
    """One line without the white space around it."""

    number: int  # from 1
    start: int  # offset of the first character that is no white space
    end: int  # offset behind the last one
    text: str


def lines_of(source: Source, offset: int) -> list[Line]:
    """The lines that hold something, from an offset on."""
    found = []
    start = offset
    for number, line in enumerate(source.text[offset:].split("\n"), source.text.count("\n", 0, offset) + 1):
        if text := line.strip():
            indent = len(line) - len(line.lstrip())
            found.append(Line(number, start + indent, start + indent + len(text), text))
        start += len(line) + 1
    return found


class Places:
    """Turns offsets of one source into spans. Finds the line by bisection, so that a long file costs no more a span."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.starts = [0, *(match.end() for match in re.finditer("\n", source.text))]

    def span(self, start: int, end: int) -> SourceSpan:
        """The span of [start, end), without the white space around it."""
        text = self.source.text
        while end > start and text[end - 1].isspace():
            end -= 1
        while start < end and text[start].isspace():
            start += 1
        line = bisect.bisect_right(self.starts, start)
        shown = self.source.lines[line - 1] if self.source.lines else line
        return SourceSpan(self.source.path, shown, start - self.starts[line - 1] + 1, start, end)
