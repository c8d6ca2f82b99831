"""Decides how one document labels its speakers, from the evidence of all its lines.

Every line that has the form of a label (shapes.py) is a candidate of that form. A form counts for what speaks for it: labels
that recur, that a roster names, that look like names or roles, and how many of the paragraphs it opens. The form that counts
most is the document's; others are read beside it as far as they name the same speakers, or prove themselves. A label that
occurs once is looked at again: with what the document's sure labels look like, and with its prose, where a proper name does
not occur in small letters. What stays doubtful is told.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from ..diagnostics import diagnose
from ..marks import CLOCK, seconds
from ..model import Diagnostic, Source
from ..patterns import lazy
from .doubts import NAMELESS, nobodys, refused, unread
from .evidence import Evidence
from .lines import Label, Line, place_of
from .names import is_honoured, is_name_like, is_role, key
from .shapes import (
    BARE_LETTER,
    BOLD,
    BOLD_ALONE,
    BOLD_WORDS,
    DATED,
    FORM,
    HEADING,
    INLINE,
    LEAD,
    NAME,
    OWN_LINE,
    PROOF,
    SCRIBED,
    SEGMENT,
    SHAPES,
    SIGN,
    Shape,
)

OTHERS_SHARE = 0.5
SIBLING_SHARE = 0.1  # of the sure labels: from so many on, a form counts beside its sibling
PROPER_SHARE = 0.8  # of the sure labels, where turns are long and labels few
# Before the name of a speaker whose label lacks something, and behind it: with a time or a sign before it, and without.
BEHIND, LOOSE, TIGHT = lazy(rf"{LEAD}{SIGN}?|>+\s*"), lazy(r"[:：]?\s+"), lazy(r"[:：](?=[^\s/\\\d])")
CONTINUED = lazy(r"<[Ss]cribe>\s+(?:\.\.\.+|…)\s*(?=\S)")
SPEECH = 40  # characters behind a label on its line, below which it may be metadata: "Chair: Ana Lu"
MIN_SURE = 3  # labels
TURNS_SHARE = 0.25  # of the paragraphs that begin with a label, from which on a page is a transcript
MAX_ECHOED = 200  # names that are looked for in every line


class Convention(NamedTuple):
    """How one document labels its speakers."""

    name: str  # of the form that counts most, for people; "" if there is none
    labels: dict[int, Label]  # by index of the line
    doubtful: dict[int, str]  # lines that may be labels and were read as words
    single: dict[int, str]  # lines whose label occurs nowhere else, read as labels
    sure: int = 0  # labels about which there is no doubt
    proof: bool = False  # the form alone makes labels
    proper: int = 0  # sure labels whose words are none of the document's prose, as proper names are

    def described(self) -> str:
        """The convention for people."""
        return f"{self.name}, {self.sure} of {len(self.labels)} turns sure" if self.labels else "no labels"

    def is_convincing(self, lines: list[Line], paragraphs: int) -> bool:
        """Whether a document of so many paragraphs, which may be none, is a transcript."""
        names = Counter(key(label.name) for i, label in self.labels.items() if i not in self.single and label.name)
        addressed = sum(n for name, n in names.items() if is_role(name) or is_honoured(name))
        words = sum(len(lines[i].text) - label.words_at for i, label in self.labels.items())
        says_much = words >= SPEECH * len(self.labels) or all(
            len(lines[i].text) == w.words_at for i, w in self.labels.items()
        )
        if addressed >= 0.5 * self.sure and addressed and (says_much or self.sure >= MIN_SURE):
            return True
        if self.sure < MIN_SURE or len(names) < 2:
            return False
        return self.proof or self.sure >= TURNS_SHARE * paragraphs or self.proper >= PROPER_SHARE * self.sure

    def doubts(self, source: Source, lines: list[Line]) -> tuple[Diagnostic, ...]:
        """What the editor should look at, in the order of the lines."""
        unnamed = {i: lines[i].text for i, label in self.labels.items() if not label.name}
        nameless = {i: sign[0] for i, text in unnamed.items() if (sign := NAMELESS.match(text) or SEGMENT.match(text))}
        names = {label.name for label in self.labels.values()}
        found = []
        for i in sorted(self.doubtful.keys() | self.single.keys() | nameless.keys()):
            place, text = place_of(source, lines[i]), lines[i].text
            listing = "list them under 'speakers' in the front matter or a sidecar"
            if i in self.doubtful:
                name = self.doubtful[i]
                message = f"{name!r} stands like a label, but may be none: read as words"
                cure = f"begin a line with '{name}: '" if name in names else listing
                found.append(diagnose("RT206", message, place, f"if {name!r} is a speaker, {cure}", text))
            elif i in nameless:
                message, hint = f"{nameless[i]!r} names no speaker: read as narration", "say who speaks: 'Name: words'"
                found.append(diagnose("RT224", message, place, hint, text))
            else:
                name = self.single[i]
                hint = f"if {name!r} is a speaker, all is well; to be sure, {listing}"
                found.append(diagnose("RT211", f"{name!r} speaks once: read as a speaker", place, hint, text))
        return tuple(found)


def decide(
    lines: list[Line], known: Iterable[str], opens: Collection[int] | None = None, *, is_maybe_a_page: bool = False
) -> Convention:
    """The convention of a document. `opens` are the lines that begin a paragraph, where only such can be labels."""
    evidence = Evidence(lines, {key(name) for name in known}, opens)
    weights = {shape: evidence.weight(shape) for shape in evidence.candidates}
    if not weights:
        return Convention("", {}, {}, {})
    likely = (
        evidence.candidates if any(weights.values()) else {shape: _of_best(shape, evidence)[0] for shape in weights}
    )
    best = max(weights, key=lambda shape: (weights[shape], len(likely[shape]), shape.trust))
    labels: dict[int, Label] = {}
    doubtful: dict[int, str] = {}
    single: dict[int, str] = {}
    for shape in sorted(weights, key=lambda shape: (shape is not best, -weights[shape], SHAPES.index(shape))):
        if shape is best or weights[shape] >= _share_beside(shape, best, evidence) * max(weights[best], 1):
            own, unsure, once = _of_best(shape, evidence)
        else:
            own, unsure, once = dict(_beside(shape, best, evidence, labels)), {}, {}
        doubtful |= unsure
        single |= {i: name for i, name in once.items() if i not in labels}
        labels = own | labels
    labels |= _echoes(labels, evidence) | (_continued(labels, evidence) if best.name == SCRIBED else {})
    doubtful |= (none := refused(best, labels, single, evidence))
    labels = {i: label for i, label in labels.items() if i not in none}
    labels |= nobodys(best, labels, evidence)
    times = Counter(key(label.name) for label in labels.values())
    single = {i: name for i, name in single.items() if i in labels and times[key(name)] == 1}
    doubtful = {i: name for i, name in doubtful.items() if i not in labels or not labels[i].name} | unread(
        labels, evidence
    )
    proper = 0
    if is_maybe_a_page:
        proper = sum(i not in single and not evidence.is_common(label.name) for i, label in labels.items())
    labels = dict(sorted(labels.items()))
    return Convention(best.name, labels, doubtful, single, len(labels) - len(single), best.trust == PROOF, proper)


def _share_beside(shape: Shape, best: Shape, evidence: Evidence) -> float:
    """From which share of sure labels on a form counts as much as the best: one document may use both.

    A label may have its words on its own line or on the next; somebody may have set only the host's name in bold type.
    """
    if evidence.is_chat(best):
        return math.inf
    if best.name == BARE_LETTER and shape.name in (INLINE, OWN_LINE):
        return 0  # questions and answers: all others have names
    if {shape.name, best.name} == {OWN_LINE, INLINE}:
        return SIBLING_SHARE
    return OTHERS_SHARE if {shape.name, best.name} <= {OWN_LINE, INLINE, BOLD, BOLD_WORDS} else math.inf


def _of_best(shape: Shape, evidence: Evidence) -> tuple[dict[int, Label], dict[int, str], dict[int, str]]:
    """The labels of the form that counts most: the sure ones, and those single ones that bear a second look."""
    labels: dict[int, Label] = {}
    doubtful: dict[int, str] = {}
    single: dict[int, str] = {}
    found = evidence.candidates[shape]
    called = {name for name in {label.name for label in found.values()} if evidence.is_call(shape, name)}
    sure = {name for name in {label.name for label in found.values()} - called if evidence.is_sure(shape, name)}
    for i, label in found.items():
        if label.name in sure:
            labels[i] = label
        elif label.name in called:
            doubtful[i] = label.name
        elif evidence.is_prose(shape, i, label):
            continue
        elif evidence.is_doubtful(shape, i, label):
            doubtful[i] = label.name
        else:
            labels[i], single[i] = label, label.name
    return labels, doubtful, single


def _beside(shape: Shape, best: Shape, evidence: Evidence, labels: Mapping[int, Label]) -> Iterable[tuple[int, Label]]:
    """The labels of another form: of the same speakers, or, where the form proves something, those that recur."""
    named = {key(label.name) for label in labels.values()} | evidence.known
    echoes = shape.trust >= FORM or (best.trust <= NAME and not evidence.is_chat(best))
    is_free = shape.trust >= FORM and shape.name not in (HEADING, BOLD_ALONE)
    for i, label in evidence.candidates[shape].items():
        proves = is_free or (best.name == BARE_LETTER and shape.trust >= NAME and is_name_like(label.name))
        recurs = evidence.counts[shape][key(label.name)] > 1 or best.name == BARE_LETTER
        if (echoes and key(label.name) in named) or (proves and recurs and evidence.is_sure(shape, label.name)):
            yield i, label


def _continued(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, Label]:
    """Lines on which a scribe goes on with somebody's words: "<scribe> … and so on"."""
    found, name = {}, ""
    for i, line in enumerate(evidence.lines):
        name = labels[i].name if i in labels else name
        if name and i not in labels and (match := CONTINUED.match(line.text)):
            found[i] = Label(name, match.end())
    return found


def _echoes(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, Label]:
    """Labels that lack what the form asks for, a colon's space or bold type, but name a speaker behind a time or a sign."""
    names = {label.name for label in labels.values() if len(label.name) > 1}
    if not names or len(names) > MAX_ECHOED or evidence.is_chat_like(labels):
        return {}
    spelled = tuple(sorted(names, key=lambda name: (-len(name), name)))
    found = {}
    for i, line in enumerate(evidence.lines):
        if i in labels or not (evidence.opens is None or i in evidence.opens):
            continue
        lead = BEHIND.match(line.text)
        at = lead.end() if lead else 0
        if line.text.startswith(spelled, at) and not DATED.match(line.text):
            name = next(name for name in spelled if line.text.startswith(name, at))
            if match := (LOOSE if lead else TIGHT).match(line.text, at + len(name)):
                times = [seconds(time) for time in CLOCK.findall(line.text[:at])[:1]]
                found[i] = Label(name, match.end(), *times)
    return found
