"""Page furniture: what stands on the pages of a document and nobody said: line numbers, page numbers, running heads and feet.

Nothing is furniture by its looks alone, save a page mark in brackets, `[Page 12]`. A page number is known by counting up at
the distance of pages; a head or foot by recurring beside what is known to part pages (page numbers, form feeds, the ends of
columns of line numbers) and hardly anywhere else. From these a stretch of furniture grows, line by line, until nothing that
recurs stands beside it. So labels, refrains and "(Applause.)", which recur where people speak, are none.

The lines are then read as if the furniture were not there; each stretch is told to fidelity.py with what must stand in it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator
from itertools import islice, pairwise
from operator import itemgetter
from typing import NamedTuple

import msgspec

from ..model import Furniture, Source
from ..patterns import lazy
from . import linenumbers
from .linenumbers import goes_on
from .lines import CLOSING, DASHES, ENDS, LABEL, Line, Places

MAX_LENGTH = 120  # characters of a head or foot
MAX_NUMBERS = 8  # in one: "Case 1:12-cv-345 Document 6 Filed 7/8/2009 Page 10 of 11"
NUMBER = lazy(r"(?<![\d:.,])\d{1,5}(?![:.,]?\d)")
COUNTED = "#"  # stands for the number that counts up
COUNTED_ROMAN = "№"  # the same, in Roman numerals
PAGE = (
    r"(?:page|column|p(?:g|ag|ág)?\.|seite|blatt|página|pàgina|páxina|pagina|strona|sida|side|sivu|oldal|sayfa|trang|halaman|"
    r"страница|стр\.|сторінка|σελίδα|صفحة|صفحه|עמוד|पृष्ठ|หน้า)"
)
# A peek at a line: nearly all that hold a page number begin or end with one, or begin with the word for a page.
FIRST, LAST = frozenset("-–—~|[(第"), frozenset("-–—~|])页頁ジ쪽지")
BEGINS = lazy(rf"{PAGE}\s*[A-Z]{{0,2}}-?\d", re.IGNORECASE)
MARK = lazy(rf"\[{{1,2}}\s*{PAGE}\s*[A-Z]{{0,2}}-?\d{{1,5}}\s*\]{{1,2}}", re.IGNORECASE)  # "[[Page S12]]"
# With the word for a page, or a total: "Page # of 9", "第 # 页", "Deposition of Ana Lu - Page #", "#/17". Words have "on page #."
LEAF = "(?:页|頁|ページ|쪽|페이지)"
TOTAL = r"(?:\s?(?:/|of|von|de|di|du|sur|van|av|af|z|из)\s?\d+)"
NAMED = lazy(
    rf"(?:^|[-–—|·,]\s?){PAGE}\s?[A-Z]{{0,2}}-?{COUNTED}{TOTAL}?[^\w.,;:!?]*$|^[^\w]*{PAGE}\s?{COUNTED}\s?[-–—|·]"
    rf"|\W{PAGE}\s?{COUNTED}{TOTAL}[^\w.,;:!?]*$|第?\s?{COUNTED}\s?{LEAF}(?:\W*共?\s?\d+\s?{LEAF})?[^\w]*$|^\W*{COUNTED}{TOTAL}\W*$",
    re.IGNORECASE,
)
BARE = lazy(rf"[-–—~|·\s\[(]*[{COUNTED}{COUNTED_ROMAN}][-–—~|·\s\])]*")  # "#", "- # -"
ROMAN = lazy(r"([-–—~|·\s\[(]*)([ivxlc]{1,10}|[IVXLC]{1,10})([-–—~|·\s\])]*)")
MAX_ROMAN = 14  # characters of a line that is such a number
ROMANS = {
    f"{'c' * (n // 100)}{tens}{ones}": n
    for n in range(1, 300)
    for tens in [["", "x", "xx", "xxx", "xl", "l", "lx", "lxx", "lxxx", "xc"][n // 10 % 10]]
    for ones in [["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][n % 10]]
}
BESIDE = lazy(rf"{COUNTED}\s[^:：]*|[^:：]*\s{COUNTED}")  # "Deposition of Ana Lu #"
MIN_NAMED, MIN_BARE, MIN_OTHER, MIN_STRICT = 2, 3, 5, 5  # pages, by how much a line looks like a page number
MIN_PAGE = 400  # characters
MIN_ROWS = 15  # lines of a page, empty ones included, where only its length speaks for it
MAX_GAP = 3  # pages on which a number may be missing
LOOSE, STRICT = 0.5, 0.1  # of the usual distance: how far others may be from it
REGULAR_SHARE = 0.8  # of the distances
CUT_SHARE, CUTS_SHARE = (
    0.2,
    0.5,
)  # of the page numbers that cut a sentence in two: with the right distances, and without
MIN_HEADS, HEAD_SHARE = (
    3,
    0.2,
)  # pages on which a head stands, of those that there are: chapters have heads of their own
MIN_SENTENCES, SENTENCE_SHARE = 5, 0.5  # the same, for a head that ends like a sentence
EDGE_SHARE = 0.75  # of a head's occurrences stand where pages part
MAX_BLOCK = 8  # lines of furniture beside each other
SIGNS = ("*", "#", "<", ">", "[")  # a line that begins so may be a label or an aside
ASIDE = lazy(r"[(（].*[)）]\W?$")


class Counted(NamedTuple):
    """A number in a line that may be a head."""

    i: int  # index of the line
    n: int


Heads = dict[int, str]  # what stands in a line that is a head, foot or page number, by the line's index


class Pages(NamedTuple):
    """A document's lines without the furniture of its pages."""

    lines: list[Line]
    furniture: tuple[Furniture, ...] = ()
    running: frozenset[int] = frozenset()  # numbers of lines that go on with a sentence which the page before began
    is_numbered: bool = False  # whether its lines have numbers


def without(source: Source, places: Places, lines: list[Line]) -> Pages:
    """The lines of a source without the furniture of its pages, and the furniture."""
    runs = linenumbers.find(lines)
    numbers = {one.i for run in runs for one in run}
    feeds = set(_form_feeds(source.text, lines))
    heads = _page_numbers(lines, numbers)
    if not numbers and not heads and not feeds:
        return Pages(lines)
    breaks = {0, len(lines), *feeds, *linenumbers.edges(runs)}
    pages = max(len(runs), len(feeds - {0, len(lines)}) + 1, *Counter(heads.values()).values())
    heads = _grown(lines, heads, breaks, numbers, pages)
    told = tuple(_told(places, lines, heads))
    if runs:
        told = (Furniture("line number", COUNTED, tuple(linenumbers.spans(places, lines, runs))), *told)
    left, running = _closed_up(linenumbers.cut(lines, runs) if runs else lines, heads, breaks)
    return Pages(left, told, frozenset(running), bool(runs))


def _form_feeds(text: str, lines: list[Line]) -> Iterator[int]:
    """The indices of lines before which a page ends."""
    at = text.find("\f")
    while at >= 0:
        yield bisect_left(lines, at, key=lambda line: line.start)
        at = text.find("\f", at + 1)


# --- page numbers ----------------------------------------------------------------------------------------------------


def _page_numbers(lines: list[Line], numbers: Collection[int]) -> Heads:
    """The lines that hold a page number, by how it counts."""
    groups: dict[str, list[Counted]] = {}
    found: Heads = {}
    for i, line in enumerate(lines):
        text = line.text
        if len(text) > MAX_LENGTH or not _may_hold(text) or i in numbers:
            continue
        for key, n in _counted(line.text):
            groups.setdefault(key, []).append(Counted(i, n))
            if MARK.fullmatch(line.text):
                found[i] = key
    for key, same in groups.items():
        if len(same) > 1 and _counts_pages(lines, key, chain := _counting(same)):
            found |= dict.fromkeys((one.i for one in chain if one.i not in found), key)
    return found


def _may_hold(text: str) -> bool:
    first, last = text[0], text[-1]
    if len(text) <= MAX_ROMAN and ROMAN.fullmatch(text):
        return True
    return last.isdigit() or first.isdigit() or last in LAST or first in FIRST or BEGINS.match(text) is not None


def _counted(text: str) -> Iterator[tuple[str, int]]:
    """A line for each of its numbers, with a sign for that number; and the number."""
    if COUNTED in text or COUNTED_ROMAN in text:
        return
    if len(text) <= MAX_ROMAN and (roman := ROMAN.fullmatch(text)) and (n := ROMANS.get(roman[2].casefold())):
        yield " ".join(f"{roman[1]}{COUNTED_ROMAN}{roman[3]}".split()), n
    for match in islice(NUMBER.finditer(text), MAX_NUMBERS):
        yield " ".join(f"{text[: match.start()]}{COUNTED}{text[match.end() :]}".split()), int(match[0])


def _counting(numbers: list[Counted]) -> list[Counted]:
    """The longest of the sequences in which numbers count up, a few of them missing at most."""
    ends: dict[
        int, tuple[int, int]
    ] = {}  # by the number with which a sequence ends: its length, the place of that number
    before: list[int] = []
    for k, one in enumerate(numbers):
        length, last = max((ends.get(one.n - gap, (0, -1)) for gap in range(1, MAX_GAP + 1)), key=itemgetter(0))
        before.append(last)
        if length >= ends.get(one.n, (0, -1))[0]:
            ends[one.n] = length + 1, k
    _, k = max(ends.values())
    found = []
    while k >= 0:
        found.append(numbers[k])
        k = before[k]
    return found[::-1]


def _counts_pages(lines: list[Line], key: str, chain: list[Counted]) -> bool:
    """Whether numbers that count up are those of pages."""
    if len(chain) < MIN_NAMED:
        return False
    sizes = [(lines[b.i].start - lines[a.i].start) / (b.n - a.n) for a, b in pairwise(chain)]
    if _median(sizes) < MIN_PAGE or (len(chain) < MIN_OTHER and chain[-1].n - chain[0].n >= len(chain)):
        return False
    is_bare = BARE.fullmatch(key) is not None
    return NAMED.search(key) is not None or (
        (is_bare or BESIDE.fullmatch(key) is not None) and _parts_pages(lines, chain, sizes, is_bare=is_bare)
    )


def _parts_pages(lines: list[Line], chain: list[Counted], sizes: list[float], *, is_bare: bool) -> bool:
    """Whether numbers stand where pages of such sizes part: chapters differ in length, and cut no sentence."""
    rows = [(lines[b.i].number - lines[a.i].number) / (b.n - a.n) for a, b in pairwise(chain)]
    if len(chain) >= MIN_STRICT and _median(rows) >= MIN_ROWS and _are_alike(rows, STRICT):
        return True
    cuts = sum(_cuts_sentence(lines, one.i) for one in chain)
    if cuts >= max(1, CUTS_SHARE * (len(chain) - 1)) and (is_bare or chain[0].i == 0 or len(chain) >= MIN_BARE):
        return True
    is_cut = cuts >= CUT_SHARE * len(chain) and _are_alike(sizes, LOOSE)
    return is_cut and len(chain) >= (MIN_BARE if is_bare else MIN_OTHER)


def _median(distances: list[float]) -> float:
    """The middle one, or the mean of the two in the middle."""
    ordered, middle = sorted(distances), len(distances) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def _are_alike(distances: list[float], tolerance: float) -> bool:
    distances = distances[:-1] or distances  # the last page may be short
    usual = _median(distances)
    alike = sum(abs(distance - usual) <= tolerance * usual for distance in distances)
    return alike >= REGULAR_SHARE * len(distances)


def _cuts_sentence(lines: list[Line], i: int) -> bool:
    """Whether a sentence goes on behind line i, or behind another line of furniture beside it: no heading does that."""
    around = ((i - 1, i + 1), (i - 2, i + 1), (i - 1, i + 2))
    pairs = ((lines[a].text, lines[b].text) for a, b in around if a >= 0 and b < len(lines))
    return any(goes_on(a, b) and b[0].islower() for a, b in pairs)


# --- heads and feet --------------------------------------------------------------------------------------------------


def _grown(lines: list[Line], heads: Heads, breaks: Collection[int], numbers: Collection[int], pages: int) -> Heads:
    """The heads of so many pages, and the lines that recur beside them, and beside those."""
    total: Counter[str] = Counter()
    for _ in range(MAX_BLOCK):
        closed = {-1, len(lines), *heads, *numbers}
        sides = {*breaks, *(i + 1 for i in heads)}, {i - 1 for i in (*breaks, *heads)}
        beside = [one for side in sides for one in _recurring(lines, side - closed).items()]
        if beside and not total:
            total.update(key for line in lines for key, _ in _spelled(line.text))
        found = {i: key for key, where in beside if _is_head(key, len(where), total[key], pages) for i in where}
        if not found:
            break
        heads = heads | found
    return heads


def _recurring(lines: list[Line], edge: Collection[int]) -> dict[str, list[int]]:
    """The lines at the edges of stretches of furniture, by what stands in them, where it recurs."""
    groups: dict[str, list[Counted]] = {}
    for i in sorted(edge):
        for key, n in _spelled(lines[i].text):
            groups.setdefault(key, []).append(Counted(i, n))
    recurring = ((key, same) for key, same in groups.items() if len(same) > 1)
    return {
        key: [one.i for one in (_counting(same) if COUNTED in key or COUNTED_ROMAN in key else same)]
        for key, same in recurring
    }


def _spelled(text: str) -> Iterator[tuple[str, int]]:
    """A line as it may recur on other pages, with a number that counts or without; nothing if it may be a label."""
    if len(text) > MAX_LENGTH:
        return
    yield from _counted(text)
    if (
        len(text) > 1
        and COUNTED not in text
        and not text.startswith(SIGNS)
        and not text.endswith((":", "："))
        and not ASIDE.match(text)
    ):
        yield " ".join(text.split()), 0


def _is_head(key: str, times: int, everywhere: int, pages: int) -> bool:
    """Whether what recurs where pages part is a head or foot."""
    if 1 < times == pages == everywhere and not key.endswith(ENDS):
        return True  # on each page, and nowhere else
    if times < EDGE_SHARE * everywhere:
        return False
    if key.endswith(ENDS):
        return times >= max(MIN_SENTENCES, SENTENCE_SHARE * pages)
    return times >= max(MIN_HEADS, HEAD_SHARE * pages)


# --- the text without them -------------------------------------------------------------------------------------------


def _told(places: Places, lines: list[Line], heads: Heads) -> Iterator[Furniture]:
    """What was taken out, each page number and each head with all its places."""
    same: dict[str, list[Line]] = {}
    for i, key in sorted(heads.items()):
        same.setdefault(key, []).append(lines[i])
    for key, where in same.items():
        is_number = NAMED.search(key) or BARE.fullmatch(key) or MARK.fullmatch(where[0].text)
        spans = tuple(places.span(line.start, line.end) for line in where)
        yield Furniture("page number" if is_number else "running head", key, spans)


def _closed_up(lines: list[Line], heads: Heads, breaks: Collection[int]) -> tuple[list[Line], set[int]]:
    """The lines that are left, without the gaps between pages; and the numbers of those that go on with a sentence.

    Where paragraphs are set in, they show themselves on a new page too. Elsewhere one begins there, unless a sentence goes on.
    """
    left: list[Line] = []
    running: set[int] = set()
    parted = set(breaks)
    is_set_in = _is_set_in([line for line in lines if line.text])
    is_new_page, row = False, 0
    before: Line | None = None
    for i, line in enumerate(lines):
        is_new_page = is_new_page or i in parted or i in heads
        if i in heads or not line.text:
            continue
        if before is None or not is_new_page:
            row += line.row - before.row if before else 1
        elif _runs_on(before.text, line.text):
            running.add(line.number)
            row += 1
        else:
            row += 1 if is_set_in else 2
        left.append(msgspec.structs.replace(line, row=row))
        is_new_page, before = False, line
    return left, running


def _runs_on(before: str, after: str) -> bool:
    """Whether the last line of a page breaks off in a sentence, and the first line of the next can't be a label."""
    is_open = not before.rstrip(CLOSING).endswith((*ENDS, *DASHES))
    return goes_on(before, after) or (is_open and LABEL.match(after) is None)


def _is_set_in(lines: list[Line]) -> bool:
    """Whether paragraphs begin with a line that is set in, rather than behind an empty one."""
    gaps = sum(b.row > a.row + 1 for a, b in pairwise(lines))
    set_in = sum(b.row == a.row + 1 and b.indent > a.indent for a, b in pairwise(lines))
    return set_in > gaps
