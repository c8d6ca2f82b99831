"""A transcript's turns as HTML: `turn.html`, rendered once for each speaker where the template allows it, then filled.

A template allows it if it does nothing with what differs between the turns of a speaker (`composition.PLACES`) but print it,
which its syntax tree tells. To fill a pattern takes a twentieth of the time that it takes to render a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import jinja2
from jinja2 import nodes
from markupsafe import Markup

from .bodies import Shown
from .composition import MARK, PLACE, PLACES, Pattern
from .model import Section, Speaker, Turn

TEMPLATE = "turn.html"
# What a template may hand its variables to: whether they are only printed there would have to be followed.
HANDS_ON = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block, nodes.Macro, nodes.CallBlock,
    nodes.FilterBlock, nodes.AssignBlock,
)  # fmt: skip


class TurnTemplate:
    """`turn.html` of one site."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    @cached_property
    def template(self) -> jinja2.Template:
        """The template, compiled."""
        return self._environment.get_template(TEMPLATE)

    @cached_property
    def only_prints(self) -> bool:
        """Whether the template only prints what differs between turns, and so is the same for all of a speaker."""
        loader = self._environment.loader
        tree = self._environment.parse(loader.get_source(self._environment, TEMPLATE)[0] if loader else "")
        printed = {id(node) for output in tree.find_all(nodes.Output) for node in output.nodes}
        used = [node for node in tree.find_all(nodes.Name) if node.name in (*PLACES, "turn")]
        return not any(map(tree.find, HANDS_ON)) and all(node.name != "turn" and id(node) in printed for node in used)


class Turns:
    """`turns(section, en)`, with which a template shows the turns of a section: each as `turn.html` does."""

    def __init__(
        self,
        template: TurnTemplate,
        speakers: Mapping[str, tuple[Speaker, int]],
        shown: Mapping[str, Shown],
        context: Mapping[str, Any],
    ) -> None:
        """`speakers` by id, each with the number of their colour; `context` is what the template is given besides."""
        self._template, self._speakers, self._shown, self._context = template, speakers, shown, context
        self._fillers: dict[tuple[str | None, bool], Callable[..., str]] = {}
        self.patterns: list[Pattern] = []  # what the sections' HTML was made of
        self.sections: dict[str, str] = {}  # their turns' HTML by id

    def __call__(self, section: Section, en: str = "") -> Markup:
        """A mark in the place of a section's turns, where the template allows it; else the turns themselves."""
        if not self._template.only_prints:
            return Markup("\n".join(self._rendered_turn(turn, en, self._given(turn)) for turn in section.turns))
        fillers, html = self._fillers, []
        for turn in section.turns:
            fill = fillers.get((turn.speaker, turn.start is not None)) or self._filler(turn, en)
            html.append(fill(*self._filling(turn)))
        self.sections[section.id] = "\n".join(html)
        return Markup(MARK.format(section.id))

    def _filler(self, turn: Turn, en: str) -> Callable[..., str]:
        """What makes the HTML of a turn's speaker, which is not there yet."""
        places = {place: Markup(PLACE.format(place)) for place in PLACES}
        name = self._speakers[turn.speaker][0].name if turn.speaker else None
        pattern = Pattern.of(self._rendered_turn(turn, en, places), name)
        self.patterns.append(pattern)
        return self._fillers.setdefault((turn.speaker, turn.start is not None), pattern.filler())

    def _rendered_turn(self, turn: Turn, en: str, filling: Mapping[str, Any]) -> str:
        speaker, hue = self._speakers[turn.speaker] if turn.speaker else (None, 0)
        return self._template.template.render(
            self._context, en=en, speaker=speaker, hue=hue, timed=turn.start is not None, **filling
        )

    def _given(self, turn: Turn) -> dict[str, Any]:
        """What a template is given of a turn that it does more with than print."""
        given = dict(zip(PLACES, self._filling(turn), strict=True))
        return {**given, "turn": turn, "words": Markup(given["words"])}

    def _filling(self, turn: Turn) -> tuple[str, str, str, str]:
        """What differs between the turns of a speaker, in the order of PLACES."""
        words = self._shown[turn.id].html
        if turn.start is None:
            return turn.id, words, "", ""
        return turn.id, words, str(int(turn.start)), clock(int(turn.start))


def clock(seconds: int) -> str:
    """A time of a recording as players show it: 1:02, 1:00:02."""
    hours, minutes = f"{seconds // 3600}:" if seconds >= 3600 else "", seconds // 60 % 60
    return f"{hours}{minutes:0{2 if hours else 1}}:{seconds % 60:02}"
