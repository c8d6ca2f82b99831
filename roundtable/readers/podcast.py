"""Podcast transcripts in JSON: Podcasting 2.0 and Podlove.

Podcasting 2.0 (podcast namespace, transcripts, version 1.0.0): `segments` with `speaker`, `startTime`, `endTime`, `body`;
a segment may be a single word. Podlove (Web Player, Publisher): an array, or `transcripts`, of objects with `start`, `end`
as h:mm:ss.mmm, `text`, `speaker` (a number or a name) and `voice` (the name that belongs to it).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..model import Metadata, Person, Reading, Source
from . import speech
from .located import Text, Tree, entries, fields, objects
from .look import Look
from .speech import Found, Said, label, seconds

DATA = frozenset(
    "version,speaker,voice,startTime,endTime,start,end,start_ms,end_ms,type,id,uuid,speaker_id,avatar,image,language".split(
        ","
    )
)


def recognise(look: Look) -> str:
    """Why a file is a podcast's transcript."""
    segments = objects(fields(look.json).get("segments"))
    if segments and all(isinstance(one.get("body"), str) and _is_timed(one) for one in segments):
        return "has 'segments' with 'body' and 'startTime', as Podcasting 2.0 has them"
    lines = _podlove(look.json)
    if lines and all(isinstance(one.get("text"), str) and _is_clocked(one) for one in lines):
        return "lists 'text' with 'start' and 'end' as h:mm:ss, as Podlove does"
    return ""


def _is_timed(segment: dict[str, Any]) -> bool:
    return "startTime" in segment or "speaker" in segment


def _is_clocked(line: dict[str, Any]) -> bool:
    start = line.get("start")
    return isinstance(start, str) and ":" in start and seconds(start) is not None and "end" in line


def _podlove(root: Any) -> list[dict[str, Any]]:
    listed = entries(root) or entries(fields(root).get("transcripts"))
    return objects(listed) if len(objects(listed)) == len(listed) else []


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a podcast's transcript."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    segments = objects(fields(tree.root).get("segments"))
    return _segments(segments) if segments else _lines(objects(entries(tree.root) or _transcripts(tree)))


def _transcripts(tree: Tree) -> list[Any]:
    return entries(fields(tree.root).get("transcripts"))


def _segments(segments: list[dict[str, Any]]) -> Found:
    """Podcasting 2.0."""
    said = [
        Said((body,), body, label(one.get("speaker")), seconds(one.get("startTime")), seconds(one.get("endTime")))
        for one in segments
        if isinstance(body := one.get("body"), Text)
    ]
    return Found(said, speech.counted(said, "segments", "'speaker'"))


def _lines(lines: list[dict[str, Any]]) -> Found:
    """Podlove. Where one voice has two numbers, they are two people of one name, and the number tells them apart."""
    voices: dict[str, str] = {}  # the name of each number
    for one in lines:
        number, voice = label(one.get("speaker")), label(one.get("voice"))
        if number and voice:
            voices.setdefault(number, voice)
    names = Counter(voices.values())
    people = tuple(Person(name=name, id=number) for number, name in voices.items() if names[name] > 1)
    numbered = {person.id for person in people}
    said = []
    for one in lines:
        if not isinstance(text := one.get("text"), Text):
            continue
        number, voice = label(one.get("speaker")), label(one.get("voice"))
        shown = voice or (voices.get(number, number) if number else None)
        said.append(Said((text,), text, shown, *_times(one), who=number if number in numbered else None))
    return Found(said, speech.counted(said, "lines", "'voice' and 'speaker'"), people=people)


def _times(line: dict[str, Any]) -> tuple[float | None, float | None]:
    """Start and end: as h:mm:ss, else in milliseconds."""
    start, end = seconds(line.get("start")), seconds(line.get("end"))
    return (
        seconds(line.get("start_ms"), 0.001) if start is None else start,
        seconds(line.get("end_ms"), 0.001) if end is None else end,
    )


plain = speech.plain
