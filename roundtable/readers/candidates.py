"""Every line of a document that has the form of a label, by form: what may be one. What is one, labels.py decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable

from .. import markup
from ..marks import CLOCK, seconds
from ..patterns import lazy
from .lines import Label, Line
from .names import REMEMBERED, key
from .shapes import FAINT, HEAD, INLINE, LOUD, NAKED, OWN_LINE, PROOF, QUIET, SHAPES, Shape

SHORTEST_TIME = len("0:00")
STARTS = {c: tuple(s for s in SHAPES if c in s.hint) for shape in SHAPES for c in shape.hint}
TIMED = tuple(s for s in SHAPES if not s.hint and s.trust == PROOF)
BEFORE = tuple(s for s in SHAPES if s.name == INLINE)
ALONE = tuple(s for s in SHAPES if s.name == OWN_LINE)
SOFTER = {voice: tuple(s for s in SHAPES if s.voice == voice) for voice in (QUIET, FAINT)}
HALF_DAY = lazy(r"\s?([AaPp])\.?[Mm]\b")


def candidates(lines: list[Line], opens: Collection[int] | None, voice: int = LOUD) -> dict[Shape, dict[int, Label]]:
    """Every line that has the form of a label of that voice, by form and index."""
    found: dict[Shape, dict[int, Label]] = {}
    for i in range(len(lines)) if opens is None else sorted(opens):
        text = lines[i].text
        _try(_possible(text) if voice == LOUD else SOFTER[voice], text, i, found)
    return {shape: _alone(found[shape]) if shape.name == NAKED else found[shape] for shape in SHAPES if shape in found}


def _alone(labels: dict[int, Label]) -> dict[int, Label]:
    """Names alone on their line, without what stands right behind one that recurs: it is its words."""
    times = Counter(key(label.name) for label in labels.values())
    kept: dict[int, Label] = {}
    for i, label in labels.items():
        if i - 1 not in kept or times[key(kept[i - 1].name)] == 1:
            kept[i] = label
    return kept


def _try(shapes: Iterable[Shape], text: str, i: int, found: dict[Shape, dict[int, Label]]) -> None:
    for shape in shapes:
        label = _plain(text) if shape is BEFORE[0] else None
        if label is None and (match := shape.match(text)):
            label = _label(text, match)
        if label:
            found.setdefault(shape, {})[i] = label


def _plain(text: str) -> Label | None:
    """The label at the head of a line such as "Ana Duarte: words": nearly all are so, and of few speakers."""
    colon = text.find(": ", 0, HEAD)
    return _before(text[:colon]) if colon > 0 and text[colon + 2].isalnum() else None


@REMEMBERED
def _before(head: str) -> Label | None:
    """The label that stands before a colon, a space and words; None if it has a colon itself."""
    text = f"{head}: x"
    match = None if ":" in head or "：" in head else BEFORE[0].match(text)
    return _label(text, match) if match else None


def _possible(text: str) -> tuple[Shape, ...]:
    """The forms that a line may have, by a peek at its characters."""
    found = STARTS.get(text[0], ())
    first = at = text.find(":", 0, HEAD)
    while at >= 0:
        if text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit():  # a clock time, perhaps
            found += TIMED
            break
        at = text.find(":", at + 1, HEAD)
    if text[-1] in ":：":
        found += ALONE
    if first < 0 and text.find("：", 0, HEAD) < 0:
        return found
    return found + BEFORE if found else BEFORE


def _label(text: str, match: re.Match[str]) -> Label | None:
    """The label of a match; None where it is no name at all."""
    name = _name(match["label"])
    if "relay" in match.re.groupindex and match["relay"]:
        name = " ".join(f"{name} ({match['relay']})".split())  # whose words a bot has passed on
    if not name:
        return None
    start, stop = match.span("label")
    if start < SHORTEST_TIME and match.end() < stop + SHORTEST_TIME:
        return Label(name, match.end())
    around = f"{text[:start]} {text[stop : match.end()]}"
    times = [_time_of_day(around, clock) for clock in CLOCK.finditer(around)]
    begin, end = (*times[:2], None, None)[:2]
    return Label(name, match.end(), begin, end)


def _time_of_day(text: str, clock: re.Match[str]) -> float:
    """The seconds of a clock time, in the afternoon if it says so."""
    half = HALF_DAY.match(text, clock.end())
    if not half:
        return seconds(clock[0])
    time = seconds(clock[0]) * (60 if clock[0].count(":") == 1 else 1)  # hours and minutes
    return time % 43_200 + (43_200 if half[1] in "pP" else 0)


@REMEMBERED
def _name(printed: str) -> str:
    """The name that is printed as a label; "" where it is none at all."""
    name = " ".join(markup.literal(printed).strip(" :：").split())
    return "" if not any(c.isalnum() for c in name) or CLOCK.fullmatch(name) else name
