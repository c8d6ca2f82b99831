"""Turns that are in another document now, as where a transcript is split in two, or a section is put in another file.

Only a turn of which nothing is left where it was can have gone, and only to one of which nothing was where it is. Long ones are
found by their words; brief ones, which may be said anywhere, headings, and what was edited on the way go with what stands beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, groupby

from ..matching import elsewhere
from ..recognition import Page
from .moves import FAR, LOST, Words
from .turns import Labels, are_alike, known
from .units import HEADING, Unit
from .words import common, count, grouped

MOST_OF_IT = 0.5  # of the words of two turns, from which on one is the other, wherever it is

Place = tuple[int, int]  # numbers of a document, and of a turn in it
Turns = dict[Place, Unit]


def carry(documents: Sequence[Labels]) -> None:
    """Find them, and label their words in both documents: in time that grows with what is lost and gained."""
    olds = {place: one for i, each in enumerate(documents) for place, one in _whole(i, each.old.units, each.lost)}
    news = {place: one for i, each in enumerate(documents) for place, one in _whole(i, each.new.units, each.gained)}

    if not olds or not news:
        return

    def pair(old: Place, new: Place) -> bool:
        """Whether they are the same: neither is taken, and they are in two documents."""
        one, other = olds.get(old), news.get(new)
        if not one or not other or old[0] == new[0] or (one.kind == HEADING) != (other.kind == HEADING):
            return False
        documents[old[0]].carry(old[1], documents[new[0]], new[1])
        del olds[old], news[new]
        return True

    for old, new in chain(_equal(documents, olds, news), _alike(documents, olds, news)):
        if pair(old, new):
            for step in (1, -1):
                one, other = _beside(old, step), _beside(new, step)
                while one in olds and other in news and are_alike(olds[one], news[other]) and pair(one, other):
                    one, other = _beside(one, step), _beside(other, step)


def _whole(document: int, units: Sequence[Unit], left: Sequence[Words]) -> Iterator[tuple[Place, Unit]]:
    """The turns of which nothing is known."""
    for one in left:
        unit = units[one.number]
        if unit.kind != "paragraph" and all(label == LOST for label in one.labels):
            yield (document, one.number), unit


def _beside(place: Place, step: int) -> Place:
    return place[0], place[1] + step


def _equal(documents: Sequence[Labels], olds: Turns, news: Turns) -> Iterator[tuple[Place, Place]]:
    """Long turns with the same words: what was said once before all others, which may be said in many documents."""
    was = grouped((documents[i].old.page.digests[a], (i, a)) for i, a in _long(olds))
    now = grouped((documents[i].new.page.digests[b], (i, b)) for i, b in _long(news))
    for is_once in (True, False):
        for words in filter(now.__contains__, was):
            left, there = [one for one in was[words] if one in olds], [one for one in now[words] if one in news]
            if not is_once or len(left) == len(there) == 1:
                yield from zip(left, there, strict=False)


def _long(turns: Turns) -> list[Place]:
    return [place for place, one in turns.items() if count(one.words) >= FAR]


def _alike(documents: Sequence[Labels], olds: Turns, news: Turns) -> Iterator[tuple[Place, Place]]:
    """Long turns with nearly the same words, found as the ledger finds what is lost.

    A document that is gone and a new one may begin or end alike: that counts only if they share a turn.
    """
    left, there = _long(olds), _long(news)
    if not left or not there:
        return
    lost = []
    for i, some in groupby(left, lambda place: place[0]):
        numbers = [a for _, a in some]
        lost += known(documents[i].old, numbers, [""] * len(numbers))
    for old, number in zip(left, elsewhere(lost, Page([news[new].markdown for new in there])), strict=True):
        if number >= 0 and old in olds and there[number] in news:
            was, now = documents[old[0]], documents[there[number][0]]
            if not (was.new.units or now.old.units or any(away.labels is now for away in was.left.values())):
                continue
            one, other = olds[old].words, news[there[number]].words
            both = sum(count(one[start : start + size]) for start, _, size in common(one, other))
            if both >= max(FAR, MOST_OF_IT * max(count(one), count(other))):
                yield old, there[number]
