"""Line numbers: the column of numbers beside the lines of a deposition, a court's transcript or a numbered interview.

They count by one, from the top of each page or through the whole document, and sentences run on over them: so they differ
from the numbers of verses, questions, items and lists, at which something new begins. Or only every fifth line has its number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from ..model import SourceSpan
from ..patterns import lazy
from .lines import CLOSING, ENDS, Line, Places

NUMBER = lazy(r"\d{1,4}(?=\s|$)")
MIN_LINES = 12  # with numbers: fewer are no evidence
MIN_PAGE = 10  # lines of a numbered page, at least
MAX_GAP = 3  # numbers that may be missing in a row
MAX_BETWEEN = 6  # lines without a number inside a page that is numbered, or at the end of one
NUMBERED_SHARE = 0.4  # of a document's lines: others are of its title, its certificates, its index of words
INSIDE_SHARE = 0.8  # of the lines from a page's first number to its last
APART_SHARE, MIN_APART = 0.9, 15  # of the numbers that have a line of their own, and the lines of a page of such
PAGE_SHARE = 0.5  # of the pages that end with the same number
FLOWING_SHARE = 0.1  # of the numbered lines that go on with a sentence, where pages are of one length
MIN_WIDTH = 15  # characters of a line that is broken off, in a script without small letters
STEP = 5  # where only some lines are numbered, every fifth is
MIN_SPARSE, SPARSE_SHARE = 6, 0.4  # such numbers, and of a document's lines those that they count
STRAY_SHARE = 0.2  # of such numbers: other lines that begin with one
RUNNING_SHARE = 0.3  # … and where they are not, or the numbers run through the document


class Numbered(NamedTuple):
    """A line with a line number."""

    i: int  # index of the line
    n: int  # its number


Run = list[Numbered]


def find(lines: list[Line]) -> list[Run]:
    """The numbered lines, a list for each page (or one for all, where the numbers run through); none if there are none."""
    return _every(lines) or _sparse(lines)


def edges(runs: list[Run]) -> set[int]:
    """The indices of lines with which pages begin and end, as far as numbers show it."""
    return {i for run in runs if run[0].n < STEP for i in (run[0].i, run[-1].i + 1)}


def _numbers(lines: list[Line]) -> list[Numbered]:
    """The lines that begin with a number."""
    return [
        Numbered(i, int(match[0]))
        for i, line in enumerate(lines)
        if line.text[0].isdigit() and (match := NUMBER.match(line.text))
    ]


def _sparse(lines: list[Line]) -> list[Run]:
    """The numbers of every fifth line: a page's first, and those that stand as many lines behind another as they say."""
    found = _numbers(lines)
    counted = (
        _stepping(found, [line.number for line in lines]),
        _stepping(found, range(len(lines))),
    )  # empty ones or not
    runs = max(counted, key=lambda runs: sum(map(len, runs)))
    numbered = sum(map(len, runs))
    is_proven = numbered - len(runs) >= MIN_SPARSE and STEP * numbered >= SPARSE_SHARE * len(lines)
    return runs if is_proven and len(found) - numbered <= STRAY_SHARE * numbered else []


def _stepping(numbers: list[Numbered], rows: Sequence[int]) -> list[Run]:
    """Numbers from five on, by fives, each as many rows behind the one before as they differ; a few may be missing."""
    runs: dict[tuple[int, int], Run] = {}  # by the row of the last number, and that number
    for one in numbers:
        if one.n % STEP:
            continue
        before = ((rows[one.i] - step, one.n - step) for step in range(STEP, (MAX_GAP + 1) * STEP, STEP))
        run = next((runs.pop(place) for place in before if place in runs), [])
        if run or one.n == STEP:
            run.append(one)
            runs[rows[one.i], one.n] = run
    return sorted(run for run in runs.values() if len(run) > 1)


def _every(lines: list[Line]) -> list[Run]:
    """The numbers of all lines."""
    found = _runs(lines)
    every = [one for run in found for one in run]
    is_apart = sum(_is_bare(lines, one) for one in every) >= APART_SHARE * len(every)  # in a line each, or in a column
    if is_apart:
        found = _runs(lines, is_apart=True)
    runs = [run for run in found if len(run) > 1]
    numbered = sum(map(len, runs))
    if numbered < max(MIN_LINES, NUMBERED_SHARE * len(lines)):
        return []
    pages = [run[-1].n for run in runs if len(run) >= MIN_PAGE]
    length, same = Counter(pages).most_common(1)[0] if pages else (0, 0)
    is_paged = same > 1 and same >= PAGE_SHARE * len(pages)
    is_full = numbered >= INSIDE_SHARE * sum(run[-1].i - run[0].i + 1 for run in runs)
    flowing = sum(_flows(lines, a, b) for run in runs for a, b in pairwise(run)) / numbered
    if is_apart:
        is_proven = is_paged and length >= MIN_APART and (is_full or flowing >= FLOWING_SHARE)
    else:
        is_proven = is_full and flowing >= (FLOWING_SHARE if is_paged else RUNNING_SHARE)
    if not is_proven:
        return []
    return list(_pages(lines, found, length)) if is_paged else runs


def _pages(lines: list[Line], runs: list[Run], length: int) -> Iterator[Run]:
    """Pages of that many lines, without the number at a page's foot, which may count on from its lines."""
    last = Numbered(0, 0)  # of the page before
    for run in runs:
        is_bare = _is_bare(lines, run[-1])
        if len(run) > 1:
            yield run[:-1] if is_bare and run[-1].n > length else run
            last = run[-1]
        elif not is_bare and run[0].n == 1 and last.n >= length and run[0].i - last.i <= MAX_BETWEEN:
            yield run  # a page with one line


def _runs(lines: list[Line], *, is_apart: bool = False) -> list[Run]:
    """Numbers at the heads of lines that count up."""
    runs: list[Run] = []
    found = [one for one in _numbers(lines) if not is_apart or _is_bare(lines, one)]
    for k, one in enumerate(found):
        if runs and _is_ahead(runs[-1][-1], one, found[k + 1 : k + 1 + MAX_GAP]):
            continue
        if runs and _counts_on(runs[-1][-1], one):
            runs[-1].append(one)
        elif len(runs) > 1 and len(runs[-1]) == 1 and _counts_on(runs[-2][-1], one) and _is_bare(lines, runs[-1][0]):
            runs.pop()  # it was a page number, in the midst of numbers that run through the document
            runs[-1].append(one)
        elif 0 < one.n <= MAX_GAP:
            runs.append([one])
    return runs


def _counts_on(before: Numbered, one: Numbered) -> bool:
    return before.n < one.n <= before.n + MAX_GAP and one.i - before.i <= MAX_BETWEEN


def _is_ahead(before: Numbered, one: Numbered, coming: list[Numbered]) -> bool:
    """Whether a number that counts on is a word: those that it would leave out stand behind it."""
    return _counts_on(before, one) and any(before.n < other.n < one.n for other in coming if _counts_on(before, other))


def _is_bare(lines: list[Line], one: Numbered) -> bool:
    return NUMBER.fullmatch(lines[one.i].text) is not None


def _flows(lines: list[Line], a: Numbered, b: Numbered) -> bool:
    return b.n == a.n + 1 and goes_on(_words(lines, a.i), _words(lines, b.i))


def _words(lines: list[Line], i: int) -> str:
    """What stands behind a number, or below one alone on its line."""
    words = lines[i].text[len(_number(lines[i])) :].lstrip()
    return words if words or i + 1 == len(lines) else lines[i + 1].text


def goes_on(before: str, after: str) -> bool:
    """Whether a line more likely goes on with the sentence of the one before."""
    if not before or not after or before.rstrip(CLOSING).endswith(ENDS):
        return False
    return after[0].islower() or (len(before) >= MIN_WIDTH and after == after.upper())  # no capitals, or nothing else


def spans(places: Places, lines: list[Line], runs: list[Run]) -> Iterator[SourceSpan]:
    """Where the numbers stand."""
    for run in runs:
        for one in run:
            start = lines[one.i].start
            yield places.span(start, start + len(_number(lines[one.i])))


def cut(lines: list[Line], runs: list[Run]) -> list[Line]:
    """The lines without their numbers, in rows as they were printed; where nothing is left, a line without text."""
    numbers = {one.i: one.n for run in runs for one in run}
    is_column = _is_column(lines, numbers)
    left: list[Line] = []
    is_bare = False
    row, before, last = 0, 0, 0  # last: the line number before, 0 behind a line that has none
    for i, line in enumerate(lines):
        n = numbers.get(i, 0)
        if n or not is_bare:
            row += n - last if 0 < last < n else 1 if n or line.number == before + 1 else 2
        last, before = n, line.number
        left.append(msgspec.structs.replace(_bare(line, is_column=is_column) if n else line, row=row))
        is_bare = not left[-1].text  # what follows may be this number's line
    return left


def _is_column(lines: list[Line], numbers: Collection[int]) -> bool:
    """Whether words stand in columns counted from the edge of the page, rather than from the end of the number."""
    found = [Counter(_bare(lines[i], is_column=which).indent for i in numbers) for which in (False, True)]
    from_number, from_edge = (max(one.values()) for one in found)
    return from_edge >= from_number


def _bare(line: Line, *, is_column: bool) -> Line:
    """A line without its number."""
    width = len(_number(line))
    text = line.text[width:].lstrip()
    gap = len(line.text) - width - len(text)
    return msgspec.structs.replace(
        line, start=line.end - len(text), text=text, indent=gap + (line.indent + width if is_column else 0)
    )


def _number(line: Line) -> str:
    match = NUMBER.match(line.text)
    return match[0] if match else ""
