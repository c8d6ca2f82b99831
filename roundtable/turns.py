"""A transcript's turns as HTML: `turn.html`, rendered once for each speaker where the template allows it, then filled.

A template allows it if it does nothing with what differs between the turns of a speaker (`composition.PLACES`) but print it,
which its syntax tree tells. To fill a pattern takes a twentieth of the time that it takes to render a template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache, partial
from types import MappingProxyType
from typing import Any

import jinja2
from jinja2 import nodes
from markupsafe import Markup

from .bodies import Shown
from .composition import MARK, PLACE, PLACES, Pattern
from .model import Section, Speaker, Turn

TEMPLATE = "turn.html"
OF_SPEAKER = (
    "en",
    "speaker",
    "hue",
    "voice",
    "timed",
    "verbatim",
    "media",
)  # what is the same for the turns of a speaker
# What a template may hand its variables to: whether they are only printed there would have to be followed.
HANDS_ON = (
    nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block, nodes.Macro, nodes.CallBlock,
    nodes.FilterBlock, nodes.AssignBlock,
)  # fmt: skip
NOTHING: Mapping[str, Any] = MappingProxyType({})


class TurnTemplate:
    """`turn.html` of one site."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment
        # Patterns by what they are made of; typed, because `en` may be safe HTML.
        self._known = lru_cache(maxsize=4_096, typed=True)(partial(self._pattern, NOTHING))

    @cached_property
    def template(self) -> jinja2.Template:
        """The template, compiled."""
        return self._environment.get_template(TEMPLATE)

    @cached_property
    def _tree(self) -> nodes.Template:
        loader = self._environment.loader
        return self._environment.parse(loader.get_source(self._environment, TEMPLATE)[0] if loader else "")

    @cached_property
    def only_prints(self) -> bool:
        """Whether the template only prints what differs between turns, and so is the same for all of a speaker."""
        tree = self._tree
        printed = {id(node) for output in tree.find_all(nodes.Output) for node in output.nodes}
        used = [node for node in tree.find_all(nodes.Name) if node.name in (*PLACES, "turn")]
        return not any(map(tree.find, HANDS_ON)) and all(node.name != "turn" and id(node) in printed for node in used)

    @cached_property
    def _is_of_speaker(self) -> bool:
        """Whether the template uses nothing of a page, and so is the same on all of them."""
        return {node.name for node in self._tree.find_all(nodes.Name)} <= {*PLACES, *OF_SPEAKER}

    def pattern(self, context: Mapping[str, Any], *of_speaker: Any) -> tuple[Pattern, Callable[..., str]]:
        """The pattern of a speaker's turns, where the template only prints, and what fills it.

        `of_speaker` is what OF_SPEAKER names, `context` what the template is given besides.
        """
        return self._known(*of_speaker) if self._is_of_speaker else self._pattern(context, *of_speaker)

    def _pattern(
        self,
        context: Mapping[str, Any],
        en: str,
        speaker: Speaker | None,
        hue: int,
        voice: int,
        timed: bool,
        verbatim: bool,
        media: str,
    ) -> tuple[Pattern, Callable[..., str]]:
        places = {place: Markup(PLACE.format(place)) for place in PLACES}
        given = dict(zip(OF_SPEAKER, (en, speaker, hue, voice, timed, verbatim, media), strict=True))
        rendered = self.template.render(context, **given | places)
        pattern = Pattern.of(rendered, speaker.name if speaker else None)
        return pattern, pattern.filler()


class Turns:
    """`turns(section, en)`, with which a template shows the turns of a section: each as `turn.html` does."""

    def __init__(
        self,
        template: TurnTemplate,
        speakers: Mapping[str, tuple[Speaker, int, int]],
        shown: Mapping[str, Shown],
        of_page: tuple[str, str],
        verbatim: bool,
        context: Mapping[str, Any],
    ) -> None:
        """`speakers` by id, each with the number of their colour and of their voice; `context` is what the template is given besides.

        `of_page` are the part of a citation that all turns share, and the page's address, both as safe HTML. `verbatim`:
        the words are the speakers' own, which those of a summary record are not.
        """
        self._of_page, self._verbatim = of_page, verbatim
        self._template, self._speakers, self._shown, self._context = template, speakers, shown, context
        self._fillers: dict[tuple[str | None, bool], Callable[..., str]] = {}
        self.patterns: list[Pattern] = []  # what the sections' HTML was made of
        self.sections: dict[str, str] = {}  # their turns' HTML by id

    def __call__(self, section: Section, en: str = "") -> Markup:
        """A mark in the place of a section's turns, where the template allows it; else the turns themselves."""
        if not self._template.only_prints:
            return Markup("\n".join(self._rendered(turn, en) for turn in section.turns))
        fillers, html = self._fillers, []
        for turn in section.turns:
            fill = fillers.get((turn.speaker, turn.start is not None)) or self._filler(turn, en)
            html.append(fill(*self._filling(turn)))
        self.sections[section.id] = "\n".join(html)
        return Markup(MARK.format(section.id))

    def _filler(self, turn: Turn, en: str) -> Callable[..., str]:
        """What makes the HTML of a turn's speaker, which is not there yet."""
        pattern, filler = self._template.pattern(self._context, *self._of_speaker(turn, en))
        self.patterns.append(pattern)
        return self._fillers.setdefault((turn.speaker, turn.start is not None), filler)

    def _of_speaker(self, turn: Turn, en: str) -> tuple[str, Speaker | None, int, int, bool, bool, str]:
        """What OF_SPEAKER names."""
        speaker, hue, voice = self._speakers[turn.speaker] if turn.speaker else (None, 0, 0)
        recording = self._context.get("recording")
        return en, speaker, hue, voice, turn.start is not None, self._verbatim, recording.address if recording else ""

    def _rendered(self, turn: Turn, en: str) -> str:
        """The HTML of a turn with which the template does more than print it."""
        given = dict(zip((*OF_SPEAKER, *PLACES), (*self._of_speaker(turn, en), *self._filling(turn)), strict=True))
        safe = {name: Markup(given[name]) for name in ("words", "cited", "address")}
        return self._template.template.render(self._context, **given | safe | {"turn": turn})

    def _filling(self, turn: Turn) -> tuple[str, str, str, str, str, str]:
        """What differs between the turns of a speaker, in the order of PLACES."""
        words = self._shown[turn.id].html
        if turn.start is None:
            return turn.id, words, "", "", *self._of_page
        return turn.id, words, str(int(turn.start)), clock(int(turn.start)), *self._of_page


def clock(seconds: int) -> str:
    """A time of a recording as players show it: 1:02, 1:00:02."""
    hours, minutes = f"{seconds // 3600}:" if seconds >= 3600 else "", seconds // 60 % 60
    return f"{hours}{minutes:0{2 if hours else 1}}:{seconds % 60:02}"
