"""What happened to the turns of a document: which are which, what was said in them, and who says it now.

Turns are recognised as the ledger of permalinks does it (`matching`), first under their speakers, then under any name. Within
a pair words are compared in order; words that are missing in one place and new in another moved. Each word of either version
is in exactly one Piece, so that the account of words adds up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ..matching import Known, match
from ..recognition import Page
from . import moves
from .changes import Balance, Change, ChangeKind, Crossing, Piece, PieceKind, Renamed
from .moves import Move
from .units import Unit, Version
from .words import Text, common, count, is_word, rising

ALIKE = 1 / 3  # of the words of two turns, from which on one is the other
WIDE = 20  # turns between two that are the same, in which others are looked for
MOST_OF_IT = 0.5  # of a speaker's turns, from which on a name that has them all is a new name


class Compared(NamedTuple):
    """What happened to the turns of a document."""

    changes: tuple[Change, ...]  # in the order of the new version; what was removed, where it stood
    crossings: tuple[Crossing, ...]
    renamed: tuple[Renamed, ...]
    account: tuple[Balance, ...]
    pairs: dict[int, int]  # units of the old version to those of the new one


def compare(old: Version, new: Version) -> Compared:
    """The account of two versions of a document."""
    as_now = _renamed(old, new)
    who = [as_now.get(one.who, one.who) for one in old.units]
    pairs = _paired(old, new, who)
    under = _relabelled(old, new, pairs)
    own = {a: b for a, b in pairs.items() if who[a] == new.units[b].who}
    labels = _Labels(old.units, new.units, own, who)
    found = moves.found(labels.lost, labels.gained, labels.places, under)
    labels.mark(found)
    changes = tuple(_changes(old, new, own, under, labels))
    crossings = tuple(_crossing(one, old.units, new.units) for one in found if labels.kind(one) == "crossed")
    turns = Counter(one.who for one in old.units)
    names = [Renamed(old.names[a], new.names[b], turns[a]) for a, b in as_now.items()]
    names += [
        Renamed(name, new.names[id], turns[id])
        for id, name in old.names.items()
        if id in new.names and id not in as_now and name != new.names[id]
    ]
    order = sorted(crossings, key=lambda one: -one.words)
    return Compared(changes, tuple(order), tuple(names), _account(old, new, as_now, labels), pairs)


# --- which turn is which ---------------------------------------------------------------------------------------------


def _renamed(old: Version, new: Version) -> dict[str, str]:
    """Speakers whose turns are all found under one name that wasn't there before: new ids by old ones."""
    olds = [i for i, one in enumerate(old.units) if one.kind == "turn" and one.who not in new.names]
    news = [i for i, one in enumerate(new.units) if one.kind == "turn" and one.who not in old.names]
    if not olds or not news:
        return {}
    turns = Counter(old.units[i].who for i in olds)
    now: dict[str, Counter[str]] = {}
    for a, b in _matched(old, new, olds, news).items():
        now.setdefault(old.units[a].who, Counter())[new.units[b].who] += 1
    found: dict[str, tuple[int, str]] = {}  # by new id: of two names that became one, the one that had more turns
    for who, there in now.items():
        ((new_id, number),) = there.most_common(1)
        if len(there) == 1 and number >= MOST_OF_IT * turns[who] and number > found.get(new_id, (0, ""))[0]:
            found[new_id] = number, who
    return {who: new_id for new_id, (_, who) in found.items()}


def _matched(old: Version, new: Version, olds: Sequence[int], news: Sequence[int]) -> dict[int, int]:
    """Some turns of the old version by some of the new one, whoever speaks."""
    page = Page([new.units[i].markdown for i in news])
    numbers = match(_known(old, olds, [""] * len(olds)), [""] * len(news), page)
    return {olds[number]: news[place] for place, number in enumerate(numbers) if number >= 0}


def _known(version: Version, places: Sequence[int], who: Iterable[str]) -> list[Known]:
    sketches = version.page.sketches(places)
    digests = version.page.digests
    rows = zip(who, (digests[i] for i in places), sketches, strict=True)
    return [Known(name, digest, sketch, is_live=True) for name, digest, sketch in rows]


def _paired(old: Version, new: Version, who: Sequence[str]) -> dict[int, int]:
    """The turns that are the same, each under its speaker."""
    numbers = match(_known(old, range(len(who)), who), [one.who for one in new.units], new.page)
    pairs = {number: place for place, number in enumerate(numbers) if number >= 0}
    left = _open(old, new, pairs)
    # Such as a brief answer whose question is gone.
    places = _places(len(old.units), pairs, len(new.units))
    pairs |= {
        a: b
        for a, b in _matched(old, new, *left).items()
        if who[a] == new.units[b].who and moves.may(count(old.units[a].words), abs(places[a] - b))
    }
    ids = {new.units[b].id: b for b in _open(old, new, pairs)[1] if new.units[b].kind in ("turn", "narration")}
    for a in _open(old, new, pairs)[0]:
        b = ids.get(old.units[a].id, -1)
        # Other words under an id that stayed, where they stood: somebody wrote them anew.
        if b >= 0 and who[a] == new.units[b].who and _are_neighbours(a, b, pairs, len(old.units), len(new.units)):
            pairs[a] = b
    return pairs | _in_gaps(old, new, pairs, who)


def _in_gaps(old: Version, new: Version, pairs: dict[int, int], who: Sequence[str]) -> dict[int, int]:
    """Turns that stand between the same others and have many words in common, too few to be recognised by a sketch."""
    found: dict[int, int] = {}
    taken = {*pairs.values()}
    end = 0
    for a in range(len(old.units)):
        if a in pairs:
            end = pairs[a] + 1
            continue
        for b in range(end, min(end + WIDE, len(new.units))):
            if b in taken:
                break
            if who[a] == new.units[b].who and are_alike(old.units[a], new.units[b]):
                found[a], end = b, b + 1
                break
    return found


def are_alike(one: Unit, other: Unit) -> bool:
    """Whether two turns have many words in common, so that one may be taken for the other."""
    words, words2 = {*filter(is_word, one.words)}, {*filter(is_word, other.words)}
    return len(words & words2) >= max(ALIKE * max(len(words), len(words2)), 1)


def _are_neighbours(a: int, b: int, pairs: dict[int, int], end: int, end2: int) -> bool:
    """Whether what stands before two turns, or behind them, is the same turn."""
    before = b - 1 == pairs.get(a - 1, -2) if a else b == 0
    behind = b + 1 == pairs.get(a + 1, -2) if a + 1 < end else b + 1 == end2
    return before or behind


def _open(old: Version, new: Version, pairs: dict[int, int]) -> tuple[list[int], list[int]]:
    """What is in no pair."""
    taken = {*pairs.values()}
    return [i for i in range(len(old.units)) if i not in pairs], [i for i in range(len(new.units)) if i not in taken]


def _relabelled(old: Version, new: Version, pairs: dict[int, int]) -> dict[int, int]:
    """The turns that are the same under another name."""
    olds, news = _open(old, new, pairs)
    olds = [i for i in olds if old.units[i].kind != "heading"]
    news = [i for i in news if new.units[i].kind != "heading"]
    return _matched(old, new, olds, news) if olds and news else {}


# --- what became of each word ----------------------------------------------------------------------------------------


class _Labels:
    """For each token of either version what became of it: -1 for nothing yet, less for a stretch that is the same, else the number of a move."""

    def __init__(
        self, olds: Sequence[Unit], news: Sequence[Unit], pairs: dict[int, int], who: Sequence[str]
    ) -> None:  # fmt: skip
        self.olds, self.news, self.who = olds, news, who
        self.moves: list[Move] = []
        self.old = [[LOST] * len(one.words) for one in olds]
        self.new = [[LOST] * len(one.words) for one in news]
        for a, b in pairs.items():
            for number, (start, start2, size) in enumerate(_common(olds[a].words, news[b].words)):
                self.old[a][start : start + size] = [SAME - number] * size
                self.new[b][start2 : start2 + size] = [SAME - number] * size
        self.places = moves.Places(_places(len(olds), pairs, len(news)))
        self.lost = [moves.Words(a, one.words, self.old[a]) for a, one in enumerate(olds) if LOST in self.old[a]]
        self.gained = [moves.Words(b, one.words, self.new[b]) for b, one in enumerate(news) if LOST in self.new[b]]

    def mark(self, found: Sequence[Move]) -> None:
        """Words that moved."""
        self.moves = list(found)
        for number, one in enumerate(found):
            self.old[one.old][one.start : one.end] = [number] * (one.end - one.start)
            self.new[one.new][one.start2 : one.end2] = [number] * (one.end2 - one.start2)

    def before(self, a: int) -> Iterator[Piece]:
        """The pieces of a turn of the old version."""
        return self._pieces(self.olds[a].text, self.old[a], is_old=True)

    def after(self, b: int) -> Iterator[Piece]:
        """The pieces of a turn of the new version."""
        return self._pieces(self.news[b].text, self.new[b], is_old=False)

    def _pieces(self, words: Text, labels: Sequence[int], *, is_old: bool) -> Iterator[Piece]:
        at = 0
        for label, some in groupby(labels):
            end = at + len(list(some))
            text, number = words.between(at, end), count(words.tokens[at:end])
            if label >= 0:
                one = self.moves[label]
                there = self.news[one.new] if is_old else self.olds[one.old]
                yield Piece(self.kind(one), text, number, there.id, there.name)
            else:
                yield Piece("same" if label <= SAME else "removed" if is_old else "added", text, number)
            at = end

    def kind(self, one: Move) -> PieceKind:
        """Whether words stay with their speaker."""
        was, now = self.olds[one.old], self.news[one.new]
        return "moved" if _whose(was, self.who[one.old]) == _whose(now, now.who) else "crossed"


SAME, LOST = moves.SAME, moves.LOST


def _common(one: Sequence[str], other: Sequence[str]) -> list[tuple[int, int, int]]:
    return [(0, 0, len(one))] if one == other else common(one, other)


def _places(length: int, pairs: dict[int, int], end: int) -> list[float]:
    """Where in the new version each turn of the old one stands, or would: those between two are spread evenly."""
    found: list[float] = []
    last = -1
    for a in (*sorted(pairs), length):
        there, between = pairs.get(a, end), a - len(found)
        step = (there - last) / (between + 1) if there > last else 0.0
        found += [last + step * (i + 1) for i in range(between)]
        if a < length:
            found.append(float(there))
        last = there
    return found


# --- the account -----------------------------------------------------------------------------------------------------


def _account(old: Version, new: Version, as_now: dict[str, str], labels: _Labels) -> tuple[Balance, ...]:
    """The words of each speaker, by what became of them; in the order in which they are first heard."""
    rows: dict[str, Counter[str]] = {}
    for a, one in enumerate(old.units):
        row = rows.setdefault(_whose(one, labels.who[a]), Counter())
        for piece in labels.before(a):
            row["before"] += piece.words
            row["removed"] += piece.words * (piece.kind == "removed")
            row["gave"] += piece.words * (piece.kind == "crossed")
    for b, one in enumerate(new.units):
        row = rows.setdefault(_whose(one, one.who), Counter())
        for piece in labels.after(b):
            row["after"] += piece.words
            row["added"] += piece.words * (piece.kind == "added")
            row["took"] += piece.words * (piece.kind == "crossed")
    names = old.names | new.names
    for id, name in new.names.items():
        before = [old.names[then] for then, now in as_now.items() if now == id]
        if id in old.names and old.names[id] != name:
            before.append(old.names[id])
        names[id] = f"{', '.join(before)} → {name}" if before else name
    return tuple(
        Balance(names.get(who, ""), *(row[key] for key in ("before", "removed", "gave", "took", "added", "after")))
        for who, row in rows.items()
    )


def _whose(one: Unit, who: str) -> str:
    """The speaker of a turn; of what nobody said, "" whatever it is."""
    return who if one.kind == "turn" else ""


def _crossing(one: Move, olds: Sequence[Unit], news: Sequence[Unit]) -> Crossing:
    words = news[one.new].text
    text, number = words.between(one.start2, one.end2).strip(), count(words.tokens[one.start2 : one.end2])
    return Crossing(text, number, olds[one.old].spot(), news[one.new].spot())


# --- what a reader is told -------------------------------------------------------------------------------------------


def _changes(
    old: Version, new: Version, own: dict[int, int], under: dict[int, int], labels: _Labels
) -> Iterator[Change]:  # fmt: skip
    """All that changed, in the order of the new version; what was removed comes where it stood."""
    by_new = {b: a for a, b in own.items()}
    sequence = [by_new[b] for b in range(len(new.units)) if b in by_new]
    still = {sequence[place] for place in rising(sequence)}
    shared = _shared(labels)
    crossed = {
        a: b
        for a, b in under.items()
        if 0 < max(count(old.units[a].words), count(new.units[b].words)) <= 2 * shared[a, b]
    }
    by_new |= {b: a for a, b in crossed.items()}
    removed: dict[int, list[int]] = {}
    after = -1
    for a in range(len(old.units)):
        if a in own or a in crossed:
            after = own.get(a, crossed.get(a, after)) if a in still or a in crossed else after
        else:
            removed.setdefault(after, []).append(a)
    for b in range(-1, len(new.units)):
        if b >= 0:
            a = by_new.get(b, -1)
            if one := _change(old, new, a, b, labels, is_moved=a in own and a not in still, is_crossed=a in crossed):
                yield one
        for a in removed.get(b, ()):
            if old.units[a].words or old.units[a].kind == "turn":
                yield Change("removed", old.units[a].spot(), None, tuple(labels.before(a)), ())


def _shared(labels: _Labels) -> Counter[tuple[int, int]]:
    """How many words of each two turns moved from one to the other."""
    found: Counter[tuple[int, int]] = Counter()
    for one in labels.moves:
        found[one.old, one.new] += count(labels.olds[one.old].words[one.start : one.end])
    return found


def _change(
    old: Version, new: Version, a: int, b: int, labels: _Labels, *, is_moved: bool, is_crossed: bool
) -> Change | None:  # fmt: skip
    """What happened to a turn of the new version; None of one that is as it was."""
    one = new.units[b]
    if a < 0:
        return Change("added", None, one.spot(), (), tuple(labels.after(b)))
    was = old.units[a]
    is_same = was.words == one.words
    is_form = _is_form(was, one, is_same=is_same)
    kind: ChangeKind
    if is_crossed:
        kind = "speaker"
    elif not is_same:
        kind = "edited"
    elif is_moved:
        kind = "moved"
    elif is_form:
        kind = "form"
    else:
        return None
    return Change(kind, was.spot(), one.spot(), tuple(labels.before(a)), tuple(labels.after(b)), is_moved, is_form)


def _is_form(was: Unit, one: Unit, *, is_same: bool) -> bool:
    """Whether the marks around words are others; told only where the words are the same."""
    return is_same and was.markdown != one.markdown
