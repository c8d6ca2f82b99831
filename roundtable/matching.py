"""Which of a page's turns are those of a ledger: by speaker and words, then by speaker and likeness.

An id stays with its speaker: turns of another are never looked at. Between turns that are alike, neighbours decide. Each step is
about as long as the page: what would be compared with very much is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from .recognition import Page, hashes, likeness

Level = str
NEAR: tuple[dict[Level, float], float] = (
    {"a": 0.4},
    1 / 3,
)  # likeness from which a turn is taken for the one that stood there: of short turns, of others
FAR: tuple[dict[Level, float], float] = {"a": 0.75}, 0.6  # for one that stood elsewhere
BOTH = 2  # hashes that must be in both sketches
ROUNDS = 4  # in which what was matched before helps to match more
COMMON = 20  # turns, from which on a piece tells nothing
HELD = 0.5  # of a lost turn's pieces, from which on its words are found in another turn
BRIEF = 24  # bytes: so few words may be said anywhere


class Known(NamedTuple):
    """A turn as a ledger knows it."""

    who: str
    digest: str
    sketch: str
    is_live: bool  # else it was lost by an earlier build


class _Matched:
    """What is matched so far: turns to what is known, by number; -1 for none."""

    def __init__(self, known: Sequence[Known], who: Sequence[str], page: Page) -> None:
        self.known, self.page = known, page
        self.keys = list(zip(who, page.digests, strict=True))
        self.old = [(one.who, one.digest) for one in known]
        self.of_turn = [-1] * len(who)
        self.taken = [False] * len(known)

    def pair(self, turn: int, old: int) -> None:
        self.of_turn[turn] = old
        self.taken[old] = True


def match(known: Sequence[Known], who: Sequence[str], page: Page) -> list[int]:
    """For each turn the number of what is known of it, or -1; `who` are the turns' speakers."""
    live = [number for number, one in enumerate(known) if one.is_live]
    done = _Matched(known, who, page)
    if [done.old[number] for number in live] == done.keys:  # the usual case
        return live
    _exactly(done, live)
    if -1 in done.of_turn and len(live) < len(known):
        _exactly(done, list(range(len(known))))
    if -1 in done.of_turn and not all(done.taken):
        _nearly(done, who)
    _unanswered(done, live)
    return done.of_turn


# --- the same words --------------------------------------------------------------------------------------------------


def _exactly(done: _Matched, olds: list[int]) -> None:
    """Match equal words of one speaker: long ones said once, then their neighbours, then in order.

    A brief answer is the same only if it stands where it stood: what it says yes to may be another question.
    """
    old = _by_key(olds, done.old, done.taken)
    for key, turns in _open(done).items():
        if len(turns) == 1 == len(old.get(key, ())) and done.page.length(turns[0]) > BRIEF:
            done.pair(turns[0], old[key][0])
    for step in (1, -1):
        _beside(done, olds, step)
    for step in (1, -1):
        _in_gaps(done, olds, step)
    old = _by_key(olds, done.old, done.taken)
    for key, turns in _open(done).items():
        if done.page.length(turns[0]) > BRIEF:
            for turn, number in zip(turns, old.get(key, ()), strict=False):
                done.pair(turn, number)


Key = tuple[str, str]


def _by_key(numbers: Iterable[int], keys: Sequence[Key], taken: Sequence[bool]) -> dict[Key, list[int]]:
    found: dict[Key, list[int]] = {}
    for number in numbers:
        if not taken[number]:
            found.setdefault(keys[number], []).append(number)
    return found


def _open(done: _Matched) -> dict[Key, list[int]]:
    """The turns that are not matched."""
    return _by_key(range(len(done.keys)), done.keys, [old >= 0 for old in done.of_turn])


def _beside(done: _Matched, olds: list[int], step: int) -> None:
    """Match what stands behind a matched turn, or before it, if it stood there and is the same."""
    place = {number: i for i, number in enumerate(olds)}
    turns = range(len(done.keys))[::step]
    for turn, beside in pairwise(turns):
        if done.of_turn[turn] < 0 or done.of_turn[beside] >= 0 or done.of_turn[turn] not in place:
            continue
        there = place[done.of_turn[turn]] + step
        if 0 <= there < len(olds) and not done.taken[olds[there]] and done.old[olds[there]] == done.keys[beside]:
            done.pair(beside, olds[there])


def _in_gaps(done: _Matched, olds: list[int], step: int) -> None:
    """Match in order what stands behind one and the same matched turn, or before it."""
    old: dict[tuple[Key, int], list[int]] = defaultdict(list)
    last = -1
    for number in olds[::step]:
        if done.taken[number]:
            last = number
        else:
            old[done.old[number], last].append(number)
    for some in old.values():
        some.reverse()
    last, before = -1, list(done.of_turn)
    for turn in range(len(before))[::step]:
        if before[turn] >= 0:
            last = before[turn]
        elif some := old.get((done.keys[turn], last), []):
            done.pair(turn, some.pop())


def _unanswered(done: _Matched, live: list[int]) -> None:
    """Take brief answers back whose question is on the page no more, under any name: what is said yes to now is another one.

    A question is no answer.
    """
    turns, digests = {number: turn for turn, number in enumerate(done.of_turn)}, {*done.page.digests}
    for question, answer in pairwise(live):
        turn, is_there = turns.get(answer), done.taken[question] or done.known[question].digest in digests
        if turn is not None and not is_there and done.page.length(turn) <= BRIEF and not done.page.asks(turn):
            done.of_turn[turn], done.taken[answer] = -1, False


# --- nearly the same words -------------------------------------------------------------------------------------------


def _nearly(done: _Matched, who: Sequence[str]) -> None:
    """Match words of one speaker that are alike, the most alike first; each match tells where others stood."""
    left: dict[str, list[int]] = {}
    for number, one in enumerate(done.known):
        if not done.taken[number]:
            left.setdefault(one.who, []).append(number)
    turns: dict[str, list[int]] = {}
    for turn, number in enumerate(done.of_turn):
        if number < 0 and who[turn] in left:
            turns.setdefault(who[turn], []).append(turn)
    pairs = [pair for speaker, some in turns.items() for pair in _alike(done, some, left[speaker])]
    for _ in range(ROUNDS):
        pairs = [pair for pair in pairs if done.of_turn[pair.turn] < 0 and not done.taken[pair.number]]
        found = sorted(_likely(done, pairs))
        for _, turn, number in found:
            if done.of_turn[turn] < 0 and not done.taken[number]:
                done.pair(turn, number)
        if not found:
            break


class _Pair(NamedTuple):
    """A turn and what is known, if they have pieces in common."""

    turn: int
    number: int
    likeness: float
    level: Level


def _likely(done: _Matched, pairs: Iterable[_Pair]) -> Iterator[tuple[float, int, int]]:
    """The pairs that are alike enough for where they stand, those that are most alike being the least."""
    gaps, old_gaps = _gaps(done)
    for pair in pairs:
        (before, behind), (old_before, old_behind) = gaps[pair.turn], old_gaps[pair.number]
        is_near = before == old_before or behind == old_behind
        special, least = NEAR if is_near else FAR
        if pair.likeness >= special.get(pair.level, least):
            yield -pair.likeness - is_near, pair.turn, pair.number


def _gaps(done: _Matched) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """For each turn, and for each that is known, the nearest matched ones before and behind it; -1 at the ends."""
    own = _nearest(done.of_turn)
    old = _nearest([number if taken else -1 for number, taken in enumerate(done.taken)])
    return own, old


def _nearest(numbers: Sequence[int]) -> list[tuple[int, int]]:
    def running(some: Iterable[int]) -> Iterator[int]:
        last = -1
        for number in some:
            last = number if number >= 0 else last
            yield last

    return list(zip(running(numbers), reversed(list(running(reversed(numbers)))), strict=True))


def _alike(done: _Matched, turns: list[int], numbers: list[int]) -> Iterator[_Pair]:
    """Turns and what is known, if they have some pieces in common, with their likeness."""
    levels: dict[Level, dict[int, list[int]]] = {}
    sketches: dict[int, tuple[int, ...]] = {}
    for number in numbers:
        level, sketches[number] = hashes(done.known[number].sketch)
        index = levels.setdefault(level, {})
        for hash in sketches[number]:
            index.setdefault(hash, []).append(number)
    for level, index in levels.items():
        for turn in turns:
            own = done.page.sketch(turn, level)
            for number, _ in _sharing(own, index):
                score, both = likeness(sketches[number], own)
                if both >= BOTH:
                    yield _Pair(turn, number, score, level)


def _sharing(own: Iterable[int], index: Mapping[int, list[int]]) -> list[tuple[int, int]]:
    """What is found by at least so many pieces, and by how many."""
    found: Counter[int] = Counter()
    for hash in own:
        if len(there := index.get(hash, ())) <= COMMON:
            found.update(there)
    return [(number, times) for number, times in found.items() if times >= BOTH]


# --- the same words elsewhere ----------------------------------------------------------------------------------------


def elsewhere(lost: Sequence[Known], page: Page) -> list[int]:
    """The turns, whoever speaks, that hold the words of what is lost; -1 where none does."""
    turns = range(len(page.digests))
    by_digest = {page.digests[turn]: turn for turn in reversed(turns) if page.length(turn) > BRIEF}

    @cache
    def index(level: Level) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for turn in turns:
            for hash in page.pieces(turn, level):
                found.setdefault(hash, []).append(turn)
        return found

    return [by_digest[one.digest] if one.digest in by_digest else _holding(one, index) for one in lost]


def _holding(one: Known, index: Callable[[Level], dict[int, list[int]]]) -> int:
    level, own = hashes(one.sketch)
    found = _sharing(own, index(level)) if len(own) >= BOTH else []
    least = 1.0 if level == "a" else HELD  # pieces of short turns are words, and half of any words are in many turns
    turn, times = max(found, key=lambda one: (one[1], -one[0]), default=(-1, 0))
    return turn if times >= least * len(own) and times > BOTH else -1
