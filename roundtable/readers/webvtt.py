"""WebVTT (W3C, The Web Video Text Tracks Format): captions with voice tags, as players, Zoom, Teams and YouTube write them.

A header up to the first empty line, then blocks: cues, `NOTE`, `STYLE`, `REGION`. See cues.py for why the cues are found
with a parser of our own.
"""

from __future__ import annotations

import re

import msgspec

from ..locales import is_language
from ..model import Metadata, Piece, Preamble, Reading, Skipped, Source
from ..patterns import lazy
from .captions import broken, named, told
from .cues import ANCHOR, Cue, Stretch, cues, paragraphs, stretches
from .lines import Places
from .look import Look

SIGNATURE = lazy(r"WEBVTT(?=[ \t\n]|\Z)")
FIELD = lazy(r"[ \t]*(?P<name>[A-Za-z][\w-]*)[ \t]*[:=][ \t]*(?P<value>[^\n]*)")
LANGUAGE = lazy(r"^(?:WEBVTT[^\n]*;[ \t]*)?lang(?:uage)?[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
BLOCK = lazy(r"(NOTE|STYLE|REGION)(?=[ \t\n]|\Z)")
# What Microsoft's services note of each caption.
MEASURED = lazy(r"NOTE[ \t]+(?:confidence|duration|recognizability|language)[ \t]*:[^\n]*", re.IGNORECASE)
REASONS = {
    "NOTE": "note in the captions that players don't show",
    "STYLE": "style sheet of the captions",
    "REGION": "where captions stand on the screen",
}
HEADER = "words in the header of the captions"


def recognise(look: Look) -> str:
    """Why a file is WebVTT."""
    return "begins with 'WEBVTT'" if SIGNATURE.match(look.text) else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of captions."""
    body = _header_end(source.text)
    places = Places(source)
    metadata = _metadata(source.text[:body], sidecar)
    found = cues(source.text, body, has_names=True)
    pieces, parts, strays = _blocks(source, places, found, body)
    said = told(source, parts, sidecar)
    every = sorted((*_header(source, places, body), *pieces, *said.pieces), key=lambda piece: piece.span.start)
    return Reading(
        source, "transcript", metadata, tuple(every), said.convention, continuous=True,
        diagnostics=(*broken(source, found, strays), *said.found),
    )  # fmt: skip


def _header_end(text: str) -> int:
    """Where the header ends: at an empty line, or at the first cue."""
    if not SIGNATURE.match(text):
        return 0
    end = text.find("\n\n")
    end = len(text) if end < 0 else end
    first = ANCHOR.search(text, 0, end)
    return first.start() if first else end


def _metadata(header: str, sidecar: Metadata | None) -> Metadata:
    metadata = sidecar or Metadata()
    language = LANGUAGE.search(header)
    if metadata.language is None and language and is_language(language[1]):
        metadata = msgspec.structs.replace(metadata, language=language[1])
    return metadata


def _header(source: Source, places: Places, end: int) -> list[Piece]:
    """The header's lines: data, or words that belong to nobody."""
    pieces: list[Piece] = []
    at = 0
    for line in source.text[:end].split("\n"):
        signature = SIGNATURE.match(line) if not pieces else None
        words_at = at + (signature.end() if signature else 0)
        if signature:
            pieces.append(Preamble(places.span(at, words_at)))
        rest = source.text[words_at : at + len(line)]
        if rest.strip():
            span = places.span(words_at, at + len(line))
            pieces.append(Preamble(span) if FIELD.match(rest) else Skipped(rest.strip(), HEADER, span))
        at += len(line) + 1
    return pieces


def _blocks(source: Source, places: Places, cues: list[Cue], body: int) -> tuple[list[Piece], list[Stretch], list[int]]:
    """What is no caption, the captions' text, and the places of text outside of them."""
    pieces: list[Piece] = []
    parts: list[Stretch] = []
    strays: list[int] = []
    text = source.text
    for cue in (Cue(None, None, body, (body, body), body, cues[0].head if cues else len(text)), *cues):
        pieces += named(source, places, cue)
        for i, (at, to) in enumerate(paragraphs(text, cue.at, cue.to)):
            span = places.span(at, to)
            if MEASURED.fullmatch(text, span.start, span.end):
                pieces.append(Preamble(span))
            elif block := BLOCK.match(text, span.start):
                pieces.append(Skipped(text[span.start : span.end], REASONS[block[1]], span))
            else:
                is_stray = i > 0 or cue.at == body or text.startswith("\n\n", cue.at)
                strays += [at] * is_stray
                parts += stretches(text, cue, at, to, is_stray)
    return pieces, parts, strays
