"""What all forms of a comparison share: a change as one line of pieces, its heads, and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ..reporting import plural
from .changes import Balance, Change, Comparison, DocumentChange, FileChange, Permalink, Piece, Spot

NOBODY = "nobody"
COLUMNS = ("before", "removed", "gave", "left", "came", "took", "added", "after")
CONTEXT = 6  # words around a change that are shown


class Part(NamedTuple):
    """A piece of a change."""

    sign: Literal["-", "+", " "]  # in the old version, in the new one, in both
    piece: Piece

    @property
    def elsewhere(self) -> str:
        """Where words went, or came from; "" of those that are in one version only."""
        return self.piece.speaker if self.piece.kind == "crossed" and self.piece.speaker else self._place()

    @property
    def space(self) -> str:
        """The white space behind it."""
        return self.piece.text[len(self.piece.text.rstrip()) :]

    def _place(self) -> str:
        return f"#{self.piece.place}" if self.piece.place else NOBODY if self.piece.kind == "crossed" else ""


def pieces(change: Change) -> list[Part]:
    """The words of both versions as one text: what is gone stands before what is new."""
    found: list[Part] = []
    before, after = iter(change.before), iter(change.after)
    old, new = (spot.id if spot and change.kind == "speaker" else "" for spot in (change.old, change.new))
    if change.kind == "speaker" and not (
        old and new
    ):  # paragraphs of a plain page have no ids by which words are found again
        lost = (Part("-", one) for one in change.before if one.kind == "removed")
        return [*lost, *(Part("+" if one.kind == "added" else " ", one) for one in change.after)]
    while True:
        gone, same = _until_same(before, new)
        came, same2 = _until_same(after, old)
        found += [*(Part("-", one) for one in gone), *(Part("+", one) for one in came)]
        if same is None and same2 is None:
            return found
        if one := same2 or same:
            found.append(Part(" ", one))


def _until_same(some: Iterator[Piece], other: str) -> tuple[list[Piece], Piece | None]:
    """The pieces up to one that is in both versions of a turn: the same, or, under another speaker, in the turn with that id."""
    found: list[Piece] = []
    for one in some:
        if one.kind == "same" or (other and one.place == other):
            return found, one
        found.append(one)
    return found, None


def cut(some: Sequence[Part]) -> list[Part]:
    """The same, what is in both versions cut to a few words around what isn't; breaks alone left out."""
    some = [one for one in some if one.sign == " " or one.piece.text.strip()]
    last = len(some) - 1
    return [
        one._replace(
            piece=Piece("same", _cut(one.piece.text, 0 == number != last, 0 != number == last), one.piece.words)
        )
        if one.sign == " "
        else one
        for number, one in enumerate(some)
    ]


def _cut(text: str, is_first: bool, is_last: bool) -> str:
    space = text[len(text.rstrip()) :]
    words = text.strip().split(" ")
    if len(words) > 2 * CONTEXT:
        head, tail = " ".join(words[:CONTEXT]) + " ", " " + " ".join(words[-CONTEXT:])
    elif len(text) > 40 * CONTEXT:  # a script without spaces
        head, tail = text[: 5 * CONTEXT], text.rstrip()[-5 * CONTEXT :]
    else:
        return text
    return f"{'' if is_first else head}…{'' if is_last else tail + space}"


def name(spot: Spot) -> str:
    """Who speaks, or what it is, and where if that is another document."""
    who = spot.speaker or {"turn": NOBODY, "narration": "narration"}.get(spot.kind, spot.kind)
    return f"{who} in {spot.path}" if spot.path else who


def kind(one: Change) -> str:
    """What happened to a turn."""
    what = {"speaker": "other speaker", "form": "marks only"}.get(one.kind, one.kind)
    return f"{what}, moved" if one.is_moved and one.kind != "moved" else what


def speakers(one: Change) -> tuple[Spot, ...]:
    """Where a turn stood and where it stands, as far as that tells who said it and who says it."""
    spots = [spot for spot in (one.old, one.new) if spot]
    return tuple(spots if one.kind == "speaker" or any(spot.path for spot in spots) else spots[-1:])


def listed(one: DocumentChange) -> list[Change]:
    """The changes that are told one by one: not what went to another document, nor what came from one as it was."""
    return [
        change
        for change in one.changes
        if not (change.new and change.new.path) and not (change.kind == "moved" and change.old and change.old.path)
    ]


def carried(one: DocumentChange) -> list[str]:
    """How many turns went to other documents, or came from them."""
    found: Counter[tuple[str, str]] = Counter()
    for change in one.changes:
        for spot, way in ((change.new, "to"), (change.old, "from")):
            if spot and spot.path:
                found[_noun(change), f"{way} {spot.path}"] += 1
    return [f"{plural(number, noun)} moved {there}" for (noun, there), number in found.items()]


def where(spot: Spot) -> str:
    """Where a turn stands."""
    return ", ".join(filter(None, (f"#{spot.id}" if spot.id else "", f"line {spot.line}" if spot.line else "")))


def link(one: Permalink) -> str:
    """What became of a permalink."""
    what = f"#{one.id}" if one.id else one.url
    match one.fate:
        case "redirected":
            return f"{what} leads on to {_target(one)}"
        case "gone":
            return f"{what} is gone, as recorded"
        case "taken":
            return f"{what} leads to other words now" + (f"; its own are at {_target(one)}" if one.to else "")
        case "lost":
            return f"{what} is lost" + (f"; its words are at {_target(one)}" if one.to else "")


def _target(one: Permalink) -> str:
    return f"#{one.to}" if one.id else one.to


def counts(one: Comparison) -> list[str]:
    """What changed, as numbers."""
    of = [change for document in one.documents for change in document.changes]
    crossed = [crossing for document in one.documents for crossing in document.crossings]
    links = [link for document in one.documents for link in document.permalinks]
    told = {
        "word moved to another speaker": sum(crossing.words for crossing in crossed),
        "speaker renamed": sum(len(document.renamed) for document in one.documents),
    }
    said: list[str] = [
        f"{number:,} {what}" if number == 1 else f"{number:,} {what.replace(' ', 's ', 1)}"
        for what, number in told.items()
        if number
    ]
    number_of_changes = Counter((_noun(change), what) for change in of for what in _whats(change))
    said += [
        f"{plural(number_of_changes[noun, what], noun)} {what}"
        for noun in ("turn", "heading", "paragraph")
        for what in ("added", "removed", "edited", "given to another speaker", "moved", "moved to another document")
        if number_of_changes[noun, what]
    ]
    number_of = Counter((document.kind, document.status) for document in one.documents)
    said += [
        f"{plural(number_of[kind, status], kind)} {status}"
        for status in ("added", "removed")
        for kind in ("transcript", "page")
        if number_of[kind, status]
    ]
    if number := sum(link.fate in ("lost", "taken") for link in links):
        said.append(f"{plural(number, 'permalink')} lost")
    number_of_files = Counter(file.status for file in one.files)
    return said + [f"{plural(number, 'file')} {status}" for status, number in sorted(number_of_files.items())]


def _noun(change: Change) -> str:
    """What changed."""
    spot = change.new or change.old
    return spot.kind if spot and spot.kind in ("heading", "paragraph") else "turn"


def _whats(change: Change) -> Iterator[str]:
    """What happened to it: it may be edited and moved. What went to another document is told there."""
    if change.new and change.new.path:
        return
    if change.kind in ("added", "removed", "edited"):
        yield change.kind
    if change.kind == "speaker":
        yield "given to another speaker"
    if change.is_moved:
        yield "moved to another document" if change.old and change.old.path else "moved"


def changed(account: Sequence[Balance]) -> list[Balance]:
    """The rows of an account in which something happened."""
    return [row for row in account if row.removed or row.gave or row.left or row.came or row.took or row.added]


def columns(rows: Sequence[Balance]) -> list[str]:
    """The columns of an account; what went to other documents or came from them only if something did."""
    return [one for one in COLUMNS if one not in ("left", "came") or any(getattr(row, one) for row in rows)]


def title(one: DocumentChange) -> str:
    """How a document is called and where it is."""
    path = one.new_path or one.old_path
    was = f", was {one.old_path}" if one.old_path and one.new_path and one.old_path != one.new_path else ""
    return f"{path}{was}"


def length(one: DocumentChange) -> int:
    """The words of a document that is new, or is gone."""
    return sum(row.after or row.before for row in one.account)


def file(one: FileChange) -> str:
    """What happened to a file."""
    match one.before, one.after:
        case int(), int():
            return f"changed, {one.before:,} → {one.after:,} bytes"
        case length, other:
            return f"{one.status}, {length or other or 0:,} bytes"


def verdict(one: Comparison) -> str:
    """In one sentence."""
    if one.is_same:
        looks = ["only looks changed"] if one.documents or one.pages else []
        return f"{'; '.join(('The record is the same', *looks, *counts(one)))}."
    return f"The record changed: {', '.join(counts(one)) or 'what is told of it'}."
