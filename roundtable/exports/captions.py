"""A transcript as captions: WebVTT (W3C), with a voice tag on each cue, for players and podcast apps.

Transcripts know when a turn begins, seldom when each sentence does. Between two times the words are given out in proportion to
their length, cut where sentences end: right to within some seconds, and never under another speaker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import unescape
from typing import NamedTuple

from ..bodies import Shown
from ..markup import IDEOGRAPHS
from ..model import Transcript, Turn
from ..patterns import lazy

LONGEST = 90  # characters of a cue: two lines, as players show them; more where so much is said in less than a second
SHORTEST = 0.1  # seconds of a cue
RATE = 15  # characters in a second, where nothing says when the last words end
FOOTNOTES = lazy(
    r"<div class=\"footnote\">.*?</div>|<sup id=\"[^\"]*\"><a[^>]*class=\"footnote-ref\".*?</sup>", re.DOTALL
)
BLOCK = lazy(r"</(?:p|li|tr|div|dt|dd|h[1-6]|pre|td|th)>|<br>|<hr>")
TAG = lazy(r"<[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>")
# Behind these words may be parted: the end of a sentence, else of a part of one, else of a word.
SENTENCE = lazy(r"[.!?…][\"'”’»)\]]*\s+|[。！？]")
PHRASE = lazy(r"[,;:–—]\s+|[，、；：]")
WORD = lazy(rf"\s+|[{IDEOGRAPHS}]")


class Cue(NamedTuple):
    """Some words of a turn, not timed yet."""

    name: str | None
    text: str


def write(transcript: Transcript, shown: Mapping[str, Shown]) -> str | None:
    """The captions; None where no turn has a time."""
    turns = transcript.turns()
    if all(turn.start is None for turn in turns):
        return None
    names = {speaker.id: " ".join(speaker.name.split()) for speaker in transcript.speakers}
    blocks = [f"WEBVTT\nLanguage: {transcript.language}"]
    for start, end, some in _stretches(turns):
        said = [(names.get(turn.speaker or ""), _words(shown[turn.id].html)) for turn in some]
        longest = (
            LONGEST if end is None else max(LONGEST, int(sum(len(text) for _, text in said) / max(end - start, 1)))
        )
        cues = [Cue(name, part) for name, text in said for part in _parts(text, longest, (SENTENCE, PHRASE, WORD))]
        blocks += _timed(cues, start, end)
    return "\n\n".join(blocks) + "\n"


def _stretches(turns: tuple[Turn, ...]) -> Iterator[tuple[float, float | None, list[Turn]]]:
    """Turns from one time to the next. What has no time, or one that goes back, belongs to the turn before."""
    start, some = 0.0, list[Turn]()
    for turn in turns:
        if turn.start is not None and turn.start > start:
            if some:
                yield start, _end(some[-1], start, turn.start), some
            start, some = turn.start, []
        some.append(turn)
    yield start, _end(some[-1], start, None), some


def _end(last: Turn, start: float, following: float | None) -> float | None:
    """When words end: when their turn does, else when the next begins."""
    return last.end if last.end is not None and last.end > start else following


def _words(html: str) -> str:
    """The words of a turn, without markup and notes."""
    if "footnote" in html:
        html = FOOTNOTES.sub("", html)
    plain = html[3:-4] if html.startswith("<p>") else html  # most are one paragraph
    if "<" in plain:
        plain = TAG.sub("", BLOCK.sub(" ", html))
    return " ".join((unescape(plain) if "&" in plain else plain).split())


def _parts(text: str, longest: int, signs: tuple[re.Pattern[str], ...]) -> Iterator[str]:
    """The text in parts of that many characters at most, where it can be cut."""
    if len(text) <= longest or not signs:
        if text.strip():
            yield text.strip()
        return
    line, at = "", 0
    for end in (*(match.end() for match in signs[0].finditer(text)), len(text)):
        piece, at = text[at:end], end
        if line and len(line) + len(piece.rstrip()) > longest:
            yield from _parts(line, longest, signs[1:])
            line = ""
        line += piece
    yield from _parts(line, longest, signs[1:])


def _timed(cues: list[Cue], start: float, end: float | None) -> Iterator[str]:
    """Cues as blocks, the time from start to end given out among them."""
    total = sum(len(cue.text) for cue in cues) or 1
    each = 1 / RATE if end is None else (end - start) / total  # seconds of a character
    at, begins = start, _clock(start)
    for cue in cues:
        to = at + each * len(cue.text)
        ends = _clock(max(to, at + SHORTEST))
        voice = "" if cue.name is None else f"<v {_escaped(cue.name)}>"
        yield f"{begins} --> {ends}\n{voice}{_escaped(cue.text)}"
        at, begins = to, ends if to >= at + SHORTEST else _clock(to)


def _escaped(text: str) -> str:
    """Text of which no sign opens a tag; it is one line already."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"
