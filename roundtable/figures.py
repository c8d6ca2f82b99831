"""Who spoke, at a glance: the whole conversation as a score, a line for each speaker and a bar for each turn, as SVG.

Lengths are percentages, so that a figure is as wide as its page without a script, and letters keep their shape. No inline
styles: a strict Content-Security-Policy holds.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Mapping
from html import escape
from itertools import accumulate
from typing import NamedTuple

from .bodies import Shown
from .locales import direction
from .model import Section, Speaker, Transcript

LANE, BAR = 14, 8  # pixels: from one speaker's line to the next, and the height of a bar
HEAD = 20  # pixels above the lines, for the names of sections
LANES = 8  # speakers with a line of their own; all others share one more
GAP = 0.8  # percent of the width, between sections
LETTERS = 0.94  # that a percent of the width has room for, where the figure is as narrow as on paper
FEWEST_LETTERS = 4  # of a name that is cut
MOST_GAPS = 20  # sections with a gap before them
LEAST = 0.04  # percent of the width, below which a bar can't be seen: it isn't drawn


class Share(NamedTuple):
    """How much somebody speaks."""

    turns: int
    words: int
    percent: float  # of the words of all speakers


def shares(transcript: Transcript, shown: Mapping[str, Shown]) -> dict[str, Share]:
    """The share of each speaker, by id."""
    turns = dict.fromkeys((speaker.id for speaker in transcript.speakers), 0)
    words = dict(turns)
    for turn in transcript.turns():
        if turn.speaker:
            turns[turn.speaker] += 1
            words[turn.speaker] += shown[turn.id].words
    total = sum(words.values()) or 1
    return {id: Share(count, words[id], 100 * words[id] / total) for id, count in turns.items()}


def score(
    transcript: Transcript, shown: Mapping[str, Shown], marks: Mapping[str, tuple[int, str]], hues: int
) -> str:  # fmt: skip
    """The conversation as SVG; "" where nobody speaks. `marks` are a speaker's number and letters, by id.

    A bar is as long as its turn's words are many. Bars are links, but for those who point only: everybody else has the
    contents, the turns themselves and a table.
    """
    total, is_rtl = sum(one.words for one in shown.values()), direction(transcript.language) == "rtl"
    lanes = {speaker.id: min(number, LANES) for number, speaker in enumerate(transcript.speakers)}
    if not lanes or not total:
        return ""
    count = max(lanes.values()) + 1
    top = HEAD if any(section.title for section in transcript.sections) else 0
    gap = GAP if len(transcript.sections) <= MOST_GAPS else 0.0
    scale = (100 - gap * (len(transcript.sections) - 1)) / total
    bars: dict[str, list[str]] = {speaker.id: [] for speaker in transcript.speakers}
    heads, at = [], 0.0
    for section in transcript.sections:
        begin = at
        for turn in section.turns:
            width = shown[turn.id].words * scale
            if turn.speaker and width >= LEAST:
                x = 100 - at - width if is_rtl else at
                bars[turn.speaker].append(
                    f'<a href="#{turn.id}" tabindex="-1"><rect x="{x:.2f}%" width="{width:.2f}%"/></a>'
                )
            at += width
        heads.append(_head(section, 100 - at if is_rtl else begin, at - begin, is_rtl))
        at += gap
    letters = 'x="100%" dx="8"' if is_rtl else 'dx="-8"'  # before the line, hanging
    lines = (
        _lane(one, marks[one.id], top + lanes[one.id] * LANE, bars[one.id], letters, hues)
        for one in transcript.speakers
    )
    height = top + count * LANE
    return (
        f'<svg class="score" width="100%" height="{height}" aria-hidden="true">{"".join(heads)}{"".join(lines)}</svg>'
    )


def _head(section: Section, x: float, width: float, is_rtl: bool) -> str:
    """The name of a section above its bars, as much of it as there is room for."""
    if section.title is None or width < LEAST:
        return ""
    title, href = escape(section.title), escape(section.id)
    place, name = 'x="100%" ' if is_rtl else "", escape(_fitting(section.title, width * LETTERS))
    shown = f'<text {place}y="12">{name}</text>' if name else ""
    return (
        f'<svg x="{x:.2f}%" width="{width:.2f}%" height="{HEAD}"><a href="#{href}" tabindex="-1"><title>{title}</title>'
        f'<rect class="hold" width="100%" height="100%"/>{shown}</a></svg>'
    )


def _fitting(title: str, room: float) -> str:
    """As much of a name as so many letters have room for; nothing, if that tells nothing."""
    widths = list(accumulate(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in title))
    if not title or widths[-1] <= room:
        return title
    cut = bisect_right(widths, room - 1)
    return f"{title[:cut].rstrip()}…" if widths[:cut] and widths[cut - 1] >= FEWEST_LETTERS else ""


def _lane(speaker: Speaker, mark: tuple[int, str], top: int, bars: list[str], at: str, hues: int) -> str:
    """The bars of a speaker, on their line, and the letters before it."""
    number, letters = mark
    hue = (number - 1) % hues + 1
    shared = (
        ""
        if number > LANES
        else f'<text class="{speaker.kind} hue-{hue}" {at} y="{top + BAR}">{escape(letters)}</text>'
    )
    return (
        f'<svg class="lane {speaker.kind} hue-{hue} voice-{number}" y="{top}" height="{BAR}"><title>{escape(speaker.name)}</title>'
        f'<rect class="staff" y="{BAR // 2}" width="100%"/>{"".join(bars)}</svg>{shared}'
    )
