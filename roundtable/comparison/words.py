"""Words, and which of them two texts have in common: in time that grows with their length, however long and however different.

Common words are anchors where they occur once in each text, in one order (the "patience" of Bram Cohen, 2003); between
anchors it is asked again, of shorter texts, and what is short enough is left to difflib. What is long and has no anchors is
taken for different; what stands in it in another place is found by `comparison.moves`.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from typing import NamedTuple, TypeVar

from ..markup import IDEOGRAPHS

SHORT = 40_000  # pairs of words that difflib may look at
GRAMS = (1, 3, 8)  # words that are an anchor together
ISLAND, SEA = 2, 3  # so few words in common, between so many that are not, are a coincidence

K = TypeVar("K")
V = TypeVar("V")
Tokens = Sequence[str]
Match = tuple[int, int, int]  # from where in each of two texts, and how many


@cache
def _token() -> re.Pattern[str]:
    return re.compile(rf"\n\n+|[{IDEOGRAPHS}]|[^\s{IDEOGRAPHS}]+")


class Text(NamedTuple):
    """A text and its tokens: what white space parts, each ideograph, and the breaks between paragraphs."""

    text: str
    tokens: tuple[str, ...]
    starts: tuple[int, ...]  # where each begins; then the end

    def between(self, start: int, end: int) -> str:
        """The text from one token to another, with the white space behind it."""
        return self.text[self.starts[start] : self.starts[end]]


def read(text: str) -> Text:
    """A text, taken apart; white space before its first token is no part of it."""
    found = list(_token().finditer(text))
    return Text(text, tuple([one[0] for one in found]), (*[one.start() for one in found], len(text)))


def tokens(text: str) -> list[str]:
    """The tokens of a text."""
    return _token().findall(text)


@cache
def is_word(token: str) -> bool:
    """Whether a token counts as a word: it has a letter or a digit."""
    return any(map(str.isalnum, token))


def count(some: Iterable[str]) -> int:
    """How many words there are."""
    return sum(map(is_word, some))


def common(one: Tokens, other: Tokens) -> list[Match]:
    """The stretches that two texts have in common, in order."""
    found: list[Match] = []
    waiting = [(0, len(one), 0, len(other))]
    while waiting:
        start, end, start2, end2 = waiting.pop()
        first, first2 = start, start2
        while start < end and start2 < end2 and one[start] == other[start2]:
            start, start2 = start + 1, start2 + 1
        last = end
        while start < end and start2 < end2 and one[end - 1] == other[end2 - 1]:
            end, end2 = end - 1, end2 - 1
        found += [(first, first2, start - first), (end, end2, last - end)]
        if start == end or start2 == end2:
            continue
        if (end - start) * (end2 - start2) <= SHORT:
            blocks = SequenceMatcher(None, one[start:end], other[start2:end2], autojunk=False).get_matching_blocks()
            found += [(start + a, start2 + b, size) for a, b, size in blocks]
            continue
        if anchors := _anchors(one, other, start, end, start2, end2):
            at, at2 = start, start2
            for a, b in (*anchors, (end, end2)):
                waiting.append((at, a, at2, b))
                at, at2 = a, b
    return _merged(one, other, sorted(match for match in found if match[2]))


def _anchors(one: Tokens, other: Tokens, start: int, end: int, start2: int, end2: int) -> list[tuple[int, int]]:
    """Places of what occurs once in each of two stretches, in one order; of single words if there are any, else of several."""
    for size in GRAMS:
        places, places2 = _once(one, start, end, size), _once(other, start2, end2, size)
        pairs = [(at, places2[gram]) for gram, at in places.items() if gram in places2]
        if pairs:
            return _rising(pairs)
    return []


def _once(some: Tokens, start: int, end: int, size: int) -> dict[object, int]:
    grams: list[object] = list(
        some[start:end] if size == 1 else zip(*(some[start + i : end] for i in range(size)), strict=False)
    )
    times = Counter(grams)
    return {gram: start + i for i, gram in enumerate(grams) if times[gram] == 1}


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second numbers rise with the first."""
    return [pairs[i] for i in rising([second for _, second in pairs])]


def rising(numbers: Sequence[int]) -> list[int]:
    """The places of a longest rising subsequence."""
    tails: list[int] = []  # the least number that ends a subsequence of that length
    ends: list[int] = []  # its place
    before = [-1] * len(numbers)
    for place, number in enumerate(numbers):
        length = bisect_left(tails, number)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [place]
        before[place] = ends[length - 1] if length else -1
    found, place = [], ends[-1] if ends else -1
    while place >= 0:
        found.append(place)
        place = before[place]
    return found[::-1]


def _merged(one: Tokens, other: Tokens, matches: Sequence[Match]) -> list[Match]:
    """Matches without those that are a coincidence, neighbours as one."""
    found: list[Match] = []
    for number, match in enumerate(matches):
        a, b, size = match
        before = _end(matches[number - 1]) if number else (0, 0)
        after = matches[number + 1][:2] if number + 1 < len(matches) else (len(one), len(other))
        around = (max(a - before[0], b - before[1]), max(after[0] - a - size, after[1] - b - size))
        if size <= ISLAND and min(around) >= SEA:
            continue
        if found and _end(found[-1]) == (a, b):
            found[-1] = (*found[-1][:2], found[-1][2] + size)
        else:
            found.append(match)
    return found


def _end(match: Match) -> tuple[int, int]:
    return match[0] + match[2], match[1] + match[2]


def grouped(some: Iterable[tuple[K, V]]) -> dict[K, list[V]]:
    """Things by their words, or by what stands for these."""
    found: dict[K, list[V]] = {}
    for words, one in some:
        found.setdefault(words, []).append(one)
    return found
