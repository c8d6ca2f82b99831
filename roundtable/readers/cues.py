"""What WebVTT and SubRip captions have in common: cues, their times, and the words between the tags in them.

Timing lines are the anchors: what stands between two of them belongs to the first, even where an empty line is in the
middle of a cue, a number is missing, or the empty line between two cues. WebVTT's own rules would drop some of that.

webvtt-py reads all of these files, but does not say where in the file a cue or a word of it stands, drops text outside of
cues, and keeps tags it doesn't know. Every span here is exact, since the proof of fidelity needs it. Tests compare the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import NamedTuple

from ..patterns import lazy

CLOCK = r"(?:(\d{1,6}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?"
SETTINGS = r"(?:[ \t]+(?:(?:vertical|line|position|size|align|region)[ \t]*:|[XY][12]:)[^\s]+)*"
# YouTube's own captions (SBV) have a comma there, and thousandths always.
BETWEEN = r"(?:[ \t]*-->[ \t]*|(?<=\.\d{3}),(?=\d{1,6}:\d\d:\d\d\.\d{3}[ \t]*(?:\n|\Z)))"
TIMES = rf"[ \t]*{CLOCK}{BETWEEN}{CLOCK}(?![\d:.,]){SETTINGS}[ \t]*"
TIMING = lazy(rf"^{TIMES}", re.MULTILINE)
ANCHOR = lazy(rf"^(?:(?P<times>{TIMES})|[ \t]*+(?:[\d:.,;]++[ \t]*+)?-->[ \t\d:.,;]*$)", re.MULTILINE)
NUMBER = lazy(r"\d{1,10}")
HEAD = lazy(rf"(?:^[ \t]*{NUMBER.pattern}[ \t]*\n)?^{TIMES}", re.MULTILINE)  # a cue's number and times
PARAGRAPH = lazy(r"[^\n]+(?:\n[^\n]+)*")

# Tags of WebVTT and those that SubRip borrowed from HTML; times of words; SubStation's codes in SubRip files. All other
# angle brackets are text: "I <3 you" has no tag.
TAG = lazy(
    r"</?(?:c|i|b|u|v|s|em|lang|ruby|rt|rp|font|strong|strike|span|br|p|div|small|big|sub|sup)(?:[.\s/][^<>]*)?>"
    r"|<\d[\d:.]*>|\{\\[^{}\s]{1,200}\}",
    re.IGNORECASE,
)
ENTITY = lazy(r"&#?\w{1,40};")
MARKUP = lazy(rf"(?P<tag>{TAG.pattern})|{ENTITY.pattern}", re.IGNORECASE)
STANDS_FOR = {"<rt>": " (", "</rt>": ") ", "<br>": "\n", "<br/>": "\n", "<br />": "\n", "<p>": " ", "</p>": " "}

# A voice tag, with the dash or the chevrons that say in print what it says in markup; or its end.
VOICE = lazy(
    r"(?:^[ \t]*+(?:[-‐–—]|>{2,})[ \t]*+)?<v(?:\.[^\s<>]*)?(?:\s++(?P<name>[^<>]*))?>|(?P<end></v>)",
    re.IGNORECASE | re.MULTILINE,
)


class Cue(NamedTuple):
    """One caption: its times and where it stands."""

    start: float | None  # seconds
    end: float | None
    head: int  # offset of its number or name, else of its times
    name: tuple[int, int]  # where a name stands that is no number; empty if there is none
    at: int  # offset behind its times
    to: int  # offset at which the next cue begins


class Words(NamedTuple):
    """A stretch of a source without tags."""

    text: str
    places: Sequence[int]  # the offset in the source of each character, and of the end


class Stretch(NamedTuple):
    """A part of a cue under one voice tag, or under none."""

    cue: Cue
    start: int  # offset of the tag
    to: int
    voice: str | None  # "" where the tag names nobody
    words: Words
    is_first: bool  # of its cue
    is_stray: bool = False  # behind an empty line


def cues(text: str, body: int, has_names: bool) -> list[Cue]:
    """All cues from an offset on. In WebVTT a cue `has_names`: any line above its times; in SubRip numbers."""
    found: list[Cue] = []
    number = 0
    floor = body
    for match in ANCHOR.finditer(text, body):
        head, name = _head(text, floor, match.start(), has_names, number)
        if found:
            found[-1] = found[-1]._replace(to=head)
        number = int(text[head : match.start()]) if head < match.start() and name[0] == name[1] else number
        start, end = (_seconds(match.groups()[1:5]), _seconds(match.groups()[5:9])) if match["times"] else (None, None)
        if start is not None and end is not None and end < start:
            end = None
        found.append(Cue(start, end, head, name, match.end(), len(text)))
        floor = match.end()
    return found


def _head(text: str, floor: int, at: int, has_names: bool, number: int) -> tuple[int, tuple[int, int]]:
    """Where a cue begins whose times stand at `at`, and where its name stands."""
    end = at - 1
    start = text.rfind("\n", floor, max(end, floor)) + 1 or floor
    line = text[start:end].strip()
    if end <= floor or not line:
        return at, (at, at)
    is_apart = not text[floor:start].strip() or text.endswith("\n\n", floor, start)
    if NUMBER.fullmatch(line) and (is_apart or int(line) == number + 1):
        return start, (start, start)
    return (start, (start, end)) if has_names and is_apart else (at, (at, at))


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return round(int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}"), 3)


def paragraphs(text: str, at: int, to: int) -> Iterator[tuple[int, int]]:
    """The stretches between empty lines that hold something."""
    for match in PARAGRAPH.finditer(text, at, to):
        if not match[0].isspace():
            yield match.start(), match.end()


def words(text: str, at: int, to: int) -> Words:
    """The words of a stretch."""
    if not any(text.find(sign, at, to) >= 0 for sign in "<&{"):
        return Words(text[at:to], range(at, to + 1))
    parts: list[str] = []
    places: list[int] = []
    for match in MARKUP.finditer(text, at, to):
        parts.append(text[at : match.start()])
        places += range(at, match.start())
        shown = STANDS_FOR.get(match[0].casefold(), "") if match["tag"] else unescape(match[0])
        parts.append(shown)
        places += [match.start()] * len(shown)
        at = match.end()
    return Words("".join((*parts, text[at:to])), [*places, *range(at, to + 1)])


def stretches(text: str, cue: Cue, at: int, to: int, is_stray: bool = False) -> Iterator[Stretch]:
    """The parts of a cue's text, parted at voice tags."""
    start, is_first, begin = at, not is_stray, at
    voices: list[str | None] = [None]  # from the outermost in: behind the end of one, the one around it speaks on
    for match in VOICE.finditer(text, at, to):
        if start < begin or text[start : match.start()].strip():
            yield Stretch(cue, start, match.start(), voices[-1], words(text, begin, match.start()), is_first, is_stray)
            is_first = False
        start, begin = match.start(), match.end()
        if not match["end"]:
            name = match["name"] or ""
            voices.append(" ".join(words(name, 0, len(name)).text.split()))
        elif len(voices) > 1:
            voices.pop()
    if start < begin or text[start:to].strip():
        yield Stretch(cue, start, to, voices[-1], words(text, begin, to), is_first, is_stray)


def plain(stretch: str) -> str:
    """The words in a stretch of captions: without numbers, times, tags."""
    without = TAG.sub(lambda match: STANDS_FOR.get(match[0].casefold(), ""), HEAD.sub("\n", stretch))
    return ENTITY.sub(lambda match: unescape(match[0]), without)
