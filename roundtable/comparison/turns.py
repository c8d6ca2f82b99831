"""What happened to the turns of a document: which are which, what was said in them, and who says it now.

Turns are recognised as the ledger of permalinks does it (`matching`), first under their speakers, then under any name. Within
a pair words are compared in order; words that are missing in one place and new in another moved. Each word of either version
is in exactly one Piece, so that the account of words adds up.

    labelled -> across.carry -> told                         (one document, all of them, one document)
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
    came: list[tuple[Unit, Unit]]  # from another document: what they were there and are here


def labelled(old: Version, new: Version) -> Labels:
    """What became of each word of two versions of a document."""
    as_now = _renamed(old, new)
    who = [as_now.get(one.who, one.who) for one in old.units]
    labels = Labels(old, new, as_now, _paired(old, new, who))
    labels.mark(moves.found(labels.lost, labels.gained, labels.places, labels.under))
    return labels


def told(labels: Labels) -> Compared:
    """The account of it."""
    old, new, as_now = labels.old, labels.new, labels.as_now
    crossings = [_crossing(one, old.units, new.units) for one in labels.moves if labels.kind(one) == "crossed"]
    turns = Counter(one.who for one in old.units)
    names = [Renamed(old.names[a], new.names[b], turns[a]) for a, b in as_now.items()]
    names += [
        Renamed(name, new.names[id], turns[id])
        for id, name in old.names.items()
        if id in new.names and id not in as_now and name != new.names[id]
    ]
    came = [(there.old.units[a], new.units[b]) for b, (there, a) in sorted(labels.came.items())]
    order = sorted((*crossings, *labels.crossings), key=lambda one: -one.words)
    return Compared(tuple(_changes(labels)), tuple(order), tuple(names), _account(labels), labels.pairs, came)


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
    numbers = match(known(old, olds, [""] * len(olds)), [""] * len(news), page)
    return {olds[number]: news[place] for place, number in enumerate(numbers) if number >= 0}


def known(version: Version, places: Sequence[int], who: Iterable[str]) -> list[Known]:
    """Some turns, as a ledger would know them."""
    sketches = version.page.sketches(places)
    digests = version.page.digests
    rows = zip(who, (digests[i] for i in places), sketches, strict=True)
    return [Known(name, digest, sketch, is_live=True) for name, digest, sketch in rows]


def _paired(old: Version, new: Version, who: Sequence[str]) -> dict[int, int]:
    """The turns that are the same, each under its speaker."""
    numbers = match(known(old, range(len(who)), who), [one.who for one in new.units], new.page)
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


class Away(NamedTuple):
    """A turn of another document, which one of this document was, or is now."""

    labels: Labels
    number: int


class Labels:
    """For each token of either version what became of it: -1 for nothing yet, less for a stretch that is the same, else the number of a move."""

    def __init__(self, old: Version, new: Version, as_now: dict[str, str], pairs: dict[int, int]) -> None:
        self.old, self.new, self.as_now, self.pairs = old, new, as_now, pairs
        self.who = [as_now.get(one.who, one.who) for one in old.units]
        self.under = _relabelled(old, new, pairs)
        self.own = {a: b for a, b in pairs.items() if self.who[a] == new.units[b].who}
        self.moves: list[Move] = []
        self.left: dict[int, Away] = {}  # turns that are in another document now
        self.came: dict[int, Away] = {}  # turns that were in another document
        self.crossings: list[Crossing] = []  # of words that came
        self._there: list[
            tuple[PieceKind, Unit, Unit]
        ] = []  # by number: what became of words, where they were, where they are
        self._old = [[LOST] * len(one.words) for one in old.units]
        self._new = [[LOST] * len(one.words) for one in new.units]
        for a, b in self.own.items():
            for number, (start, start2, size) in enumerate(_common(old.units[a].words, new.units[b].words)):
                self._old[a][start : start + size] = [SAME - number] * size
                self._new[b][start2 : start2 + size] = [SAME - number] * size
        self.places = moves.Places(_places(len(old.units), self.own, len(new.units)))

    @property
    def lost(self) -> list[moves.Words]:
        """The turns of the old version with words of which nothing is known."""
        return _with_lost(self.old.units, self._old)

    @property
    def gained(self) -> list[moves.Words]:
        """The same of the new version."""
        return _with_lost(self.new.units, self._new)

    def mark(self, found: Sequence[Move]) -> None:
        """Words that moved."""
        self.moves = list(found)
        for number, one in enumerate(found):
            self._there.append((self.kind(one), self.old.units[one.old], self.new.units[one.new]))
            self._old[one.old][one.start : one.end] = [number] * (one.end - one.start)
            self._new[one.new][one.start2 : one.end2] = [number] * (one.end2 - one.start2)

    def carry(self, a: int, there: Labels, b: int) -> None:
        """A whole turn that is in another document now: that has the same words, or nearly so."""
        self.left[a], there.came[b] = Away(there, b), Away(self, a)
        was, now = self.old.units[a], there.new.units[b]
        is_own = _whose(now, now.who) in (_whose(was, self.who[a]), _whose(was, was.who))
        for number, (start, start2, size) in enumerate(_common(was.words, now.words)):
            label = label2 = SAME - number
            if not is_own:
                label, label2 = len(self._there), len(there._there)
                self._there.append(("crossed", was, now))
                there._there.append(("crossed", was, now))
                text, words = now.text.between(start2, start2 + size).strip(), count(now.words[start2 : start2 + size])
                there.crossings.append(Crossing(text, words, was.spot(self.old.path), now.spot()))
            self._old[a][start : start + size] = [label] * size
            there._new[b][start2 : start2 + size] = [label2] * size

    def before(self, a: int) -> Iterator[Piece]:
        """The pieces of a turn of the old version."""
        return self._pieces(self.old.units[a].text, self._old[a], is_old=True)

    def after(self, b: int) -> Iterator[Piece]:
        """The pieces of a turn of the new version."""
        return self._pieces(self.new.units[b].text, self._new[b], is_old=False)

    def _pieces(self, words: Text, labels: Sequence[int], *, is_old: bool) -> Iterator[Piece]:
        at = 0
        for label, some in groupby(labels):
            end = at + len(list(some))
            text, number = words.between(at, end), count(words.tokens[at:end])
            if label >= 0:
                kind, was, now = self._there[label]
                there = now if is_old else was
                yield Piece(kind, text, number, there.id, there.name)
            else:
                yield Piece("same" if label <= SAME else "removed" if is_old else "added", text, number)
            at = end

    def kind(self, one: Move) -> PieceKind:
        """Whether words stay with their speaker."""
        was, now = self.old.units[one.old], self.new.units[one.new]
        return "moved" if _whose(was, self.who[one.old]) == _whose(now, now.who) else "crossed"


SAME, LOST = moves.SAME, moves.LOST


def _with_lost(units: Sequence[Unit], labels: Sequence[list[int]]) -> list[moves.Words]:
    return [moves.Words(i, one.words, labels[i]) for i, one in enumerate(units) if LOST in labels[i]]


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


def _account(labels: Labels) -> tuple[Balance, ...]:
    """The words of each speaker, by what became of them; in the order in which they are first heard."""
    old, new = labels.old, labels.new
    rows: dict[str, Counter[str]] = {}
    for a, one in enumerate(old.units):
        row = rows.setdefault(_whose(one, labels.who[a]), Counter())
        for piece in labels.before(a):
            row["before"] += piece.words
            row["removed"] += piece.words * (piece.kind == "removed")
            row["gave"] += piece.words * (piece.kind == "crossed")
            row["left"] += piece.words * (piece.kind == "same" and a in labels.left)
    for b, one in enumerate(new.units):
        row = rows.setdefault(_whose(one, one.who), Counter())
        for piece in labels.after(b):
            row["after"] += piece.words
            row["added"] += piece.words * (piece.kind == "added")
            row["took"] += piece.words * (piece.kind == "crossed")
            row["came"] += piece.words * (piece.kind == "same" and b in labels.came)
    names = old.names | new.names
    for id, name in new.names.items():
        before = [old.names[then] for then, now in labels.as_now.items() if now == id]
        if id in old.names and old.names[id] != name:
            before.append(old.names[id])
        names[id] = f"{', '.join(before)} → {name}" if before else name
    return tuple(
        Balance(names.get(who, ""), *(row[key] for key in Balance.__struct_fields__[1:])) for who, row in rows.items()
    )


def _whose(one: Unit, who: str) -> str:
    """The speaker of a turn; of what nobody said, "" whatever it is."""
    return who if one.kind == "turn" else ""


def _crossing(one: Move, olds: Sequence[Unit], news: Sequence[Unit]) -> Crossing:
    words = news[one.new].text
    text, number = words.between(one.start2, one.end2).strip(), count(words.tokens[one.start2 : one.end2])
    return Crossing(text, number, olds[one.old].spot(), news[one.new].spot())


# --- what a reader is told -------------------------------------------------------------------------------------------


def _changes(labels: Labels) -> Iterator[Change]:
    """All that changed, in the order of the new version; what was removed comes where it stood."""
    old, new, own, under = labels.old, labels.new, labels.own, labels.under
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
            if b in labels.came:
                there, number = labels.came[b]
                yield _carried(there, number, labels, b, old_path=there.old.path)
            elif one := _change(labels, a, b, is_moved=a in own and a not in still, is_crossed=a in crossed):
                yield one
        for a in removed.get(b, ()):
            if a in labels.left:
                there, number = labels.left[a]
                yield _carried(labels, a, there, number, new_path=there.new.path)
            elif old.units[a].words or old.units[a].kind == "turn":
                yield Change("removed", old.units[a].spot(), None, tuple(labels.before(a)), ())


def _shared(labels: Labels) -> Counter[tuple[int, int]]:
    """How many words of each two turns moved from one to the other."""
    found: Counter[tuple[int, int]] = Counter()
    for one in labels.moves:
        found[one.old, one.new] += count(labels.old.units[one.old].words[one.start : one.end])
    return found


def _carried(
    there: Labels, a: int, here: Labels, b: int, *, old_path: str = "", new_path: str = ""
) -> Change:  # fmt: skip
    """What happened to a turn that was in one document and is in another now."""
    was, now = there.old.units[a], here.new.units[b]
    before, after = tuple(there.before(a)), tuple(here.after(b))
    is_same = was.words == now.words
    is_crossed = any(piece.kind == "crossed" for piece in after)
    kind: ChangeKind = "speaker" if is_crossed else "moved" if is_same else "edited"
    is_form = _is_form(was, now, is_same=is_same)
    return Change(kind, was.spot(old_path), now.spot(new_path), before, after, is_moved=True, is_form=is_form)


def _change(labels: Labels, a: int, b: int, *, is_moved: bool, is_crossed: bool) -> Change | None:
    """What happened to a turn of the new version; None of one that is as it was."""
    one = labels.new.units[b]
    if a < 0:
        return Change("added", None, one.spot(), (), tuple(labels.after(b)))
    was = labels.old.units[a]
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
