"""A page as a frame and the turns that fill it.

A page holds hundreds of turns that differ in an id, in words and in a time. So `turn.html` is rendered once for all turns of
a speaker, with places for what differs, and the proof of what it shows is made once, too. The frame is the rest of the page,
with a mark where each section's turns go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .model import Artifact

MARK = '<div data-turns="{}"></div>'  # all text in a frame is escaped, so that nothing else can look like one
MARKS = re.compile(MARK.format(r"(\d+)"))
PLACES = ("id", "words", "seconds", "clock")  # what differs between the turns of a speaker
PLACE = "<\0{}>"


class Pattern(NamedTuple):
    """The HTML of a turn of one speaker, with places for what differs from turn to turn."""

    html: str  # for `%`, by the names of PLACES
    name: str | None  # of the speaker; none for narration

    @classmethod
    def of(cls, rendered: str, name: str | None) -> Pattern:
        """The pattern that a template gives with PLACE for each of PLACES."""
        html = rendered.replace("%", "%%")
        for place in PLACES:
            html = html.replace(PLACE.format(place), f"%({place})s")
        return cls(html, name)


class Composed(NamedTuple):
    """A page that a template made."""

    path: str  # of the file, from the output folder
    frame: str
    sections: tuple[str, ...] = ()  # the HTML of each section's turns, where the frame has marks for them
    patterns: tuple[Pattern, ...] = ()  # of which these were made

    def artifact(self) -> Artifact:
        """The file."""
        text = MARKS.sub(lambda mark: self.sections[int(mark[1])], self.frame) if self.sections else self.frame
        return Artifact(self.path, text.encode())
