"""Captions that roll: a cue shows again what the one before it showed, and adds a line. Words are read once.

A file rolls if many of its cues do. Elsewhere a refrain is said twice; but YouTube's steps, too brief to say anything in,
only move lines up, whatever the rest of the file does. What another voice says is never the same words shown again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from .cues import Cue, Stretch

ROLLING = 0.5  # of neighbouring cues: if so many repeat words, the captions roll
MIN_ROLLING = 3
STEP = 0.02  # seconds: nobody says anything in them
MAX_LINES = 8  # of a cue that may be repeated in the next
ROLLED = "a rolling caption shows again what the one before it showed"

Line = list[tuple[str | None, str]]  # each word with its voice


class Shown(NamedTuple):
    """What a cue shows."""

    cue: Cue
    lines: list[Line]


def rolled(stretches: Sequence[Stretch]) -> dict[int, int]:
    """How many words of each cue, by its place, the cue before has shown already."""
    steps: dict[int, int] = {}
    repeated: dict[int, int] = {}
    rolling = pairs = 0
    for before, now in pairwise(_shown(stretches)):
        same = _overlap(before.lines, [word for line in now.lines for word in line])
        if same:
            repeated[now.cue.at] = same
            if _is_step(before.cue) or _is_step(now.cue):
                steps[now.cue.at] = same
        if now.lines != before.lines:  # somebody may say a thing twice
            pairs += 1
            rolling += bool(same)
    return repeated if rolling >= MIN_ROLLING and rolling >= ROLLING * pairs else steps


def _shown(stretches: Sequence[Stretch]) -> list[Shown]:
    """The cues that show words; behind a voice tag, words are its speaker's until another follows."""
    shown: list[Shown] = []
    voice = None
    for stretch in stretches:
        voice = voice if stretch.voice is None else stretch.voice
        lines = [[(voice, word) for word in line.split()] for line in stretch.words.text.split("\n") if line.strip()]
        if shown and shown[-1].cue.at == stretch.cue.at:
            shown[-1].lines.extend(lines)
        elif lines:
            shown.append(Shown(stretch.cue, lines))
    return shown


def _is_step(cue: Cue) -> bool:
    """Whether a cue is too brief to say anything in: as YouTube writes them where a line moves up."""
    return cue.start is not None and cue.end is not None and 0 < cue.end - cue.start <= STEP


def _overlap(before: list[Line], row: Line) -> int:
    """How many words begin a cue that the one before ends with, from the beginning of one of its lines on."""
    for i in range(max(len(before) - MAX_LINES, 0), len(before)):
        tail = [word for line in before[i:] for word in line]
        if tail and row[: len(tail)] == tail:
            return len(tail)
    return 0
