"""SubRip captions (.srt): a number, a line of times, text, an empty line. No standard; read as players read it.

Numbers may be missing or wrong, thousandths stand behind a comma or a full stop, empty lines stand in captions and are
missing between them. Tags are those of HTML and SubStation's codes in braces. YouTube's captions (.sbv), which Google Meet
writes too, are the same without numbers, and with `0:00:01.000,0:00:02.000` for times.
"""

from __future__ import annotations

from ..model import Metadata, Piece, Reading, Source
from ..patterns import lazy
from .captions import broken, named, told
from .cues import NUMBER, TIMES, Cue, Stretch, cues, paragraphs, stretches
from .lines import Places
from .look import Look

BEGINNING = lazy(rf"\s*+(?:{NUMBER.pattern}[ \t]*\n)?{TIMES}(?:\n|\Z)")


def recognise(look: Look) -> str:
    """Why a file holds SubRip captions."""
    return "begins with a caption's times" if BEGINNING.match(look.text) else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of captions."""
    places = Places(source)
    found = cues(source.text, 0, has_names=False)
    pieces: list[Piece] = []
    parts: list[Stretch] = []
    strays: list[int] = []
    for cue in (Cue(None, None, 0, (0, 0), 0, found[0].head if found else len(source.text)), *found):
        pieces += named(source, places, cue)
        for i, (at, to) in enumerate(paragraphs(source.text, cue.at, cue.to)):
            is_stray = i > 0 or cue.start is None
            strays += [at] * is_stray
            parts += stretches(source.text, cue, at, to, is_stray)
    said = told(source, parts, sidecar)
    every = sorted((*pieces, *said.pieces), key=lambda piece: piece.span.start)
    return Reading(
        source, "transcript", sidecar or Metadata(), tuple(every), said.convention, continuous=True,
        diagnostics=(*broken(source, found, strays), *said.found),
    )  # fmt: skip
