"""Words that are missing in one place and new in another: stretches of several words, near each other or long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor
from typing import NamedTuple

from .words import is_word

SAME, LOST = (
    -2,
    -1,
)  # what became of a token: it is where it was, each stretch with a number from here down; it is in one only
LEAST = 4  # words that may have moved together
FEWEST = 2  # that may have gone over the border of two turns
NEAR = 3.0  # turns: so far they may go
FAR = 12  # words that may go any way
COMMON = 20  # places, from which on words tell nothing


class Words(NamedTuple):
    """The tokens of a turn, and what became of each."""

    number: int  # of the turn
    tokens: Sequence[str]
    labels: list[int]


class Places(NamedTuple):
    """Where in the new version each turn of the old one stands, or would."""

    of: Sequence[float]


class Move(NamedTuple):
    """A stretch of words: of which turn to which, and where in each."""

    old: int
    start: int
    end: int
    new: int
    start2: int
    end2: int


class _Run(NamedTuple):
    """Neighbouring words of a turn that are in one version only."""

    number: int
    words: tuple[str, ...]
    at: tuple[int, ...]  # where each stands among the turn's tokens
    is_whole: bool  # whether the turn has no other
    is_first: bool  # whether they begin the turn
    is_last: bool  # whether they end it


def found(lost: Sequence[Words], gained: Sequence[Words], places: Places, likely: dict[int, int]) -> list[Move]:
    """What moved. `likely` are turns that are the same under another name: of these even a single word may have."""
    olds, news = list(_runs(lost)), list(_runs(gained))
    taken = [[False] * len(run.words) for run in olds]
    index: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for number, run in enumerate(olds):
        for i in range(len(run.words) - LEAST + 1):
            index.setdefault(run.words[i : i + LEAST], []).append((number, i))
    done: list[Move] = []
    used = [[False] * len(run.words) for run in news]
    _whole(olds, news, likely, taken, used, places, done)
    for number, run in enumerate(news):
        i = 0
        while i <= len(run.words) - LEAST:
            best = None if used[number][i] else _best(run, i, olds, index, taken, places)
            if best is None:
                i += 1
                continue
            size, _, there, j = best
            _take(olds[there], j, run, i, size, taken[there], used[number], done)
            i += size
    _over(olds, news, taken, used, places, done)
    _brief(olds, news, taken, used, places, done)
    return sorted(done)


def may(words: int, far: float) -> bool:
    """Whether so many words may have gone so far: a few are said anywhere."""
    return far <= (1 if words < LEAST else NEAR) or words >= FAR


def _runs(some: Sequence[Words]) -> Iterator[_Run]:
    for one in some:
        is_whole = not any(label <= SAME for label in one.labels)
        said = [place for place, token in enumerate(one.tokens) if is_word(token)]
        at: list[int] = []
        for place, label in enumerate((*one.labels, SAME)):
            if label == LOST and is_word(one.tokens[place]):
                at.append(place)
            elif label != LOST and at:
                words = tuple(one.tokens[i] for i in at)
                yield _Run(one.number, words, tuple(at), is_whole, at[0] == said[0], at[-1] == said[-1])
                at = []


def _best(
    run: _Run, i: int, olds: Sequence[_Run], index: dict[tuple[str, ...], list[tuple[int, int]]],
    taken: Sequence[Sequence[bool]], places: Places,
) -> tuple[int, float, int, int] | None:  # fmt: skip
    """The longest stretch that begins with a word and was elsewhere, the nearest of these: length, nearness, run, place."""
    there = index.get(run.words[i : i + LEAST], ())
    best: tuple[int, float, int, int] | None = None
    for number, j in there if len(there) <= COMMON else ():
        old, size = olds[number], 0
        most = min(len(old.words) - j, len(run.words) - i)
        while size < most and not taken[number][j + size] and old.words[j + size] == run.words[i + size]:
            size += 1
        far = abs(places.of[old.number] - run.number)
        if size >= LEAST and may(size, far):
            best = max(best or (0, 0.0, 0, 0), (size, -far, -number, j))
    return (best[0], best[1], -best[2], best[3]) if best else None


def _take(
    old: _Run, j: int, new: _Run, i: int, size: int, taken: list[bool], used: list[bool], done: list[Move]
) -> None:  # fmt: skip
    taken[j : j + size] = used[i : i + size] = [True] * size
    done.append(Move(old.number, old.at[j], old.at[j + size - 1] + 1, new.number, new.at[i], new.at[i + size - 1] + 1))


def _whole(
    olds: Sequence[_Run], news: Sequence[_Run], likely: dict[int, int], taken: list[list[bool]], used: list[list[bool]],
    places: Places, done: list[Move],
) -> None:  # fmt: skip
    """Turns that are the same under another name, word by word."""
    by_turn = {run.number: number for number, run in enumerate(news)}
    for number, run in enumerate(olds):
        there = by_turn.get(likely.get(run.number, -1), -1)
        far = abs(places.of[run.number] - likely.get(run.number, -1))
        if there >= 0 and news[there].words == run.words and may(len(run.words), far):
            _take(run, 0, news[there], 0, len(run.words), taken[number], used[there], done)


def _brief(
    olds: Sequence[_Run], news: Sequence[_Run], taken: list[list[bool]], used: list[list[bool]], places: Places,
    done: list[Move],
) -> None:  # fmt: skip
    """A few words that were a turn of their own, or are one now, and were or are part of the one beside it."""
    left: dict[tuple[str, ...], list[int]] = {}
    for number, run in enumerate(olds):
        if len(run.words) < LEAST and not any(taken[number]):
            left.setdefault(run.words, []).append(number)
    for number, run in enumerate(news):
        if len(run.words) >= LEAST or any(used[number]):
            continue
        for old in left.get(run.words, ()):
            is_beside = abs(places.of[olds[old].number] - run.number) <= 1
            if (run.is_whole or olds[old].is_whole) and is_beside and not any(taken[old]):
                _take(olds[old], 0, run, 0, len(run.words), taken[old], used[number], done)
                break


def _over(
    olds: Sequence[_Run], news: Sequence[_Run], taken: list[list[bool]], used: list[list[bool]], places: Places,
    done: list[Move],
) -> None:  # fmt: skip
    """A few words that went over the border of two turns: from the end of one to the beginning of the next, or back."""
    ends = {floor(places.of[run.number]): number for number, run in enumerate(olds) if run.is_last}
    begins = {ceil(places.of[run.number]): number for number, run in enumerate(olds) if run.is_first}
    for number, run in enumerate(news):
        for there, is_forward in ((ends.get(run.number - 1), True), (begins.get(run.number + 1), False)):
            if there is None or not (run.is_first if is_forward else run.is_last):
                continue
            old = olds[there]
            for size in range(min(LEAST - 1, len(old.words), len(run.words)), FEWEST - 1, -1):
                j, i = (len(old.words) - size, 0) if is_forward else (0, len(run.words) - size)
                is_free = not any(taken[there][j : j + size]) and not any(used[number][i : i + size])
                if is_free and old.words[j : j + size] == run.words[i : i + size]:
                    _take(old, j, run, i, size, taken[there], used[number], done)
                    break
