"""The index of words at the end of a deposition: each word with the pages and lines on which it stands, `weir 12:4,17 30:2`.

Programs of court reporters add it, in several columns. Nobody said it, and its words are all on the page already.
"""

from __future__ import annotations

from ..patterns import lazy
from .lines import Line

REASON = "index of words"
PLACE = lazy(r"(?<![\d:])\d{1,4}:\d{1,2}(?![\d:])")
WORD = lazy(r"[^\W\d_]{2,}")
WORDS_BESIDE = 2  # for each word's first place, in a line of an index
MIN_LINES = 20
PLACES_A_LINE = 1.2  # on average: a line with a time at its head has one


def beginning(lines: list[Line]) -> int:
    """The index of the line at which an index of words begins, that fills the rest; behind the last line if there is none."""
    score, best, found, places = 0, 0, len(lines), 0
    for i in range(len(lines) - 1, -1, -1):
        there = len(PLACE.findall(lines[i].text))
        is_indexed = there and len(WORD.findall(lines[i].text)) <= WORDS_BESIDE * there
        score += 1 if is_indexed else -2
        places += there
        if score > best and places >= PLACES_A_LINE * (len(lines) - i):
            best, found = score, i
        if score < best - MIN_LINES:
            break
    return found if best >= MIN_LINES else len(lines)
