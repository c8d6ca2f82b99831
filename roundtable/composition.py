"""A page as a frame and the turns that fill it.

A page holds hundreds of turns that differ in an id, in words and in a time. So `turn.html` is rendered once for all turns of
a speaker, with places for what differs, and the proof of what it shows is made once, too. The frame is the rest of the page,
with a mark where each section's turns go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from operator import itemgetter
from types import MappingProxyType
from typing import NamedTuple

from .model import Artifact

MARK = (
    '<div data-turns="{}"></div>'  # by the section's id; all text in a frame is escaped, so that none can look like it
)
SCORE = "<div data-score></div>"  # where the score goes, whose links are the turns' own
MARKS = re.compile(MARK.format('([^"]*)'))
# What differs between the turns of a speaker, on a page or from page to page.
PLACES = ("id", "words", "seconds", "clock", "cited", "address")
PLACE = "<\0{}>"  # no text that a template escapes holds it
SPLIT = re.compile(PLACE.format(f"({'|'.join(PLACES)})"))


class Pattern(NamedTuple):
    """The HTML of a turn of one speaker, with places for what differs from turn to turn."""

    parts: tuple[str, ...]  # the HTML between places
    places: tuple[int, ...]  # what stands between two parts, by its number in PLACES
    name: str | None  # of the speaker; none for narration

    @classmethod
    def of(cls, rendered: str, name: str | None) -> Pattern:
        """The pattern that a template gives with PLACE for each of PLACES."""
        split = SPLIT.split(rendered)
        return cls(tuple(split[::2]), tuple(map(PLACES.index, split[1::2])), name)

    def filler(self) -> Callable[..., str]:
        """A function from what PLACES name to the HTML. Joining takes a fifth of the time that formatting does."""
        first = len(PLACES)
        order = [first, *(i for n, place in enumerate(self.places, first + 1) for i in (place, n))]
        pick, parts = itemgetter(*order), self.parts
        return lambda *values: "".join(pick(values + parts))


class Composed(NamedTuple):
    """A page that a template made."""

    path: str  # of the file, from the output folder
    frame: str
    sections: Mapping[str, str] = MappingProxyType(
        {}
    )  # the HTML of turns by their section's id, if the frame has marks
    patterns: tuple[Pattern, ...] = ()  # of which these were made
    score: str = ""  # the figure that goes where the frame has a mark for it

    def artifact(self) -> Artifact:
        """The file."""
        text = MARKS.sub(lambda mark: self.sections[mark[1]], self.frame) if self.sections else self.frame
        return Artifact(self.path, (text.replace(SCORE, self.score, 1) if self.score else text).encode())
