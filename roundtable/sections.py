"""From pieces to sections: turns under their headings, with ids, and with the definitions that their words refer to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from . import marks
from .diagnostics import diagnose
from .model import Definition, Diagnostic, Heading, Piece, Reading, Section, Skipped, Turn, Utterance
from .patterns import lazy
from .permalinks import Allotter

Tag = tuple[str | None, str | None]  # Utterance.label, Utterance.who

REFERENCE = lazy(r"\[([^\[\]\n]+)\]")
SENTENCE_END = tuple(".!?。！？…؟۔।")
CLOSING = "\"'”’»›)）」』"
PAUSE = 2.0  # seconds of silence that make a paragraph
LONG_PARAGRAPH = 700  # characters, beyond which one ends with the next sentence


def sections(reading: Reading, who: dict[Tag, str], definitions: dict[int, str]) -> tuple[Section, ...]:
    """The utterances under their headings, with ids. `definitions` by the place of the utterance they belong to."""
    allot = Allotter()
    heading: Heading | None = None
    parts: list[Section] = []
    turns: list[Turn] = []
    id = ""

    def close() -> None:
        if heading is not None or turns:
            span = heading.span if heading else turns[0].span
            parts.append(
                Section(id, heading.title if heading else None, heading.level if heading else 2, tuple(turns), span)
            )

    for piece in _joined(reading.pieces, who) if reading.continuous else reading.pieces:
        if isinstance(piece, Utterance):
            markdown = piece.markdown
            if piece.span.start in definitions:
                markdown = "\n\n".join(filter(None, (markdown, definitions[piece.span.start])))
            if not markdown and piece.label is None:
                continue
            if heading is None and not turns:
                id = allot.section(None)
            speaker = who.get((piece.label, piece.who))
            id_, found = allot.turn(speaker), marks.find(markdown)
            turns.append(Turn(id_, speaker, piece.label, markdown, piece.start, piece.end, piece.span, found))
        elif isinstance(piece, Heading):
            close()
            heading, turns, id = piece, [], allot.section(piece.title)
    close()
    return tuple(parts)


def _joined(pieces: tuple[Piece, ...], who: dict[Tag, str]) -> Iterator[Piece]:
    """The pieces, neighbouring utterances of one speaker made one."""
    run: list[Utterance] = []
    for piece in pieces:
        if isinstance(piece, Utterance):
            if run and who.get((piece.label, piece.who)) != who.get((run[0].label, run[0].who)):
                yield _run(run)
                run = []
            run.append(piece)
        elif isinstance(piece, Heading):
            if run:
                yield _run(run)
            run = []
            yield piece
    if run:
        yield _run(run)


def _run(run: list[Utterance]) -> Utterance:
    """One utterance of several: a new paragraph at a pause, or at a sentence's end after many words."""
    parts, length = [run[0].markdown], len(run[0].markdown)
    for before, more in pairwise(run):
        if not more.markdown:
            continue
        pause = more.start - before.end if more.start is not None and before.end is not None else 0
        is_sentence = parts[-1].rstrip(CLOSING).endswith(SENTENCE_END)
        is_new = is_sentence and (pause >= PAUSE or length >= LONG_PARAGRAPH)
        length = 0 if is_new else length + len(more.markdown)
        parts += ["\n\n" if is_new else " " if parts[-1] else "", more.markdown]
    span = msgspec.structs.replace(run[0].span, end=run[-1].span.end)
    return msgspec.structs.replace(run[0], markdown="".join(parts), end=run[-1].end, span=span)


def definitions(
    reading: Reading, found: list[Definition], utterances: list[Utterance]
) -> tuple[dict[int, str], list[Skipped | Diagnostic]]:
    """Definitions by the place of each utterance that refers to them, and what becomes of those nobody refers to.

    A definition belongs to the utterance it stands in, if that refers to it. Else a link's goes to every utterance that
    refers to it and has none of its own; a footnote's, whose words must stand once, to the first.
    """
    definitions: dict[str, list[Definition]] = {}
    for one in found:
        definitions.setdefault(one.key.casefold(), []).append(one)
    referring: dict[str, list[Utterance]] = {name: [] for name in definitions}
    for utterance in utterances if definitions else ():
        for name in dict.fromkeys(REFERENCE.findall(utterance.markdown.casefold())):
            if name in referring:
                referring[name].append(utterance)
    wanted: dict[int, list[str]] = {}
    used: set[int] = set()
    for name, same in definitions.items():
        for utterance, given in _given(same, referring[name]):
            wanted.setdefault(utterance.span.start, []).extend(one.markdown for one in given)
            used |= {one.span.start for one in given}
    unused = [_unused(reading, one) for same in definitions.values() for one in same if one.span.start not in used]
    return {start: "\n\n".join(given) for start, given in wanted.items()}, unused


def _given(same: list[Definition], referring: list[Utterance]) -> Iterator[tuple[Utterance, list[Definition]]]:
    """Which of the definitions of one key each utterance gets."""
    starts = [one.span.start for one in same]

    def own(utterance: Utterance) -> list[Definition]:
        return same[bisect_left(starts, utterance.span.start) : bisect_left(starts, utterance.span.end)]

    owned = {one.span.start for utterance in referring for one in own(utterance)}
    is_footnote = same[0].key.startswith("^")
    general = next((one for one in same if one.span.start not in owned), None) if is_footnote else same[0]
    for utterance in referring:
        if mine := own(utterance):
            yield utterance, mine
        elif general:
            yield utterance, [general]
            general = None if is_footnote else general


def _unused(reading: Reading, definition: Definition) -> Skipped | Diagnostic:
    text = reading.source.text[definition.span.start : definition.span.end]
    if not definition.key.startswith("^"):
        return Skipped(text, "link definition that nothing refers to", definition.span)
    message = f"footnote [{definition.key}] is never referred to: its words would be on no page"
    return diagnose("RT401", message, definition.span, f"put [{definition.key}] where it belongs", text.split("\n")[0])
