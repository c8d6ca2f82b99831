"""Every line of a document that has the form of a label, by form: what may be one. What is one, labels.py decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from typing import NamedTuple

from .. import markup
from ..marks import CLOCK, seconds
from .lines import Line
from .names import key
from .shapes import FORM, FULL_STOPS, HEAD, INLINE, OWN_LINE, SHAPES, TABBED, Shape

RARE_SHARE = 0.1  # of the paragraphs that begin with a label of another form
QUIET = tuple(shape for shape in SHAPES if shape.name in (*FULL_STOPS, TABBED))
LOUD = tuple(shape for shape in SHAPES if shape.name == INLINE)
ALONE = tuple(shape for shape in SHAPES if shape.name == OWN_LINE)
STARTS = {c: tuple(s for s in SHAPES if s.trust >= FORM and c in s.hint) for shape in SHAPES for c in shape.hint}
TIMED = tuple(shape for shape in SHAPES if not shape.hint)


class Label(NamedTuple):
    """A line that names its speaker."""

    name: str  # as printed, without markup
    words_at: int  # offset in the line at which words begin; its length if there are none
    start: float | None = None  # seconds
    end: float | None = None


def candidates(lines: list[Line], opens: Collection[int] | None) -> dict[Shape, dict[int, Label]]:
    """Every line that has the form of a label, by form and index."""
    found: dict[Shape, dict[int, Label]] = {}
    indices = range(len(lines)) if opens is None else sorted(opens)
    for i in indices:
        _try(_possible(lines[i].text), lines[i].text, i, found)
    names = Counter(key(label.name) for labels in found.values() for label in labels.values())
    if sum(n for n in names.values() if n > 1) < RARE_SHARE * len(
        indices
    ):  # else a full stop or a tab is no sign of a speaker
        for i in indices:
            _try(QUIET, lines[i].text, i, found)
    return {shape: found[shape] for shape in SHAPES if shape in found}


def _try(shapes: Iterable[Shape], text: str, i: int, found: dict[Shape, dict[int, Label]]) -> None:
    for shape in shapes:
        match = shape.match(text)
        if match and (label := _label(text, match)):
            found.setdefault(shape, {})[i] = label


def _possible(text: str) -> tuple[Shape, ...]:
    """The forms that a line may have, by a peek at its characters."""
    found = STARTS.get(text[0], ())
    if ":" not in text and "：" not in text:
        return found
    head = text[:HEAD]
    if CLOCK.search(head):
        found += TIMED
    return found + (ALONE if text[-1] in ":：" else ()) + (LOUD if ":" in head or "：" in head else ())


def _label(text: str, match: re.Match[str]) -> Label | None:
    """The label of a match; None where it is no name at all."""
    name = " ".join(markup.literal(match["label"]).strip(" :：").split())
    if "relay" in match.re.groupindex and match["relay"]:
        name = " ".join(f"{name} ({match['relay']})".split())  # whose words a bot has passed on
    if not any(c.isalnum() for c in name) or CLOCK.fullmatch(name):
        return None
    around = text[: match.start("label")] + " " + text[match.end("label") : match.end()]
    if ":" not in around[1:-1]:
        return Label(name, match.end())
    start, end = (*map(seconds, CLOCK.findall(around)[:2]), None, None)[:2]
    return Label(name, match.end(), start, end)
