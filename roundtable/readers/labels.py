"""Decides how one document labels its speakers, from the evidence of all its lines.

Every line that has the form of a label (shapes.py) is a candidate of that form. A form counts for what speaks for it: labels
that recur, that a roster names, that look like names or roles, and how many of the paragraphs it opens. The form that counts
most is the document's; others are read beside it as far as they name the same speakers, or prove themselves. A label that
occurs once is looked at again: with what the document's sure labels look like, and with its prose, where a proper name does
not occur in small letters. What stays doubtful is told.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from .. import markup
from ..diagnostics import diagnose
from ..marks import CLOCK, seconds
from ..model import Diagnostic, Source
from .lines import BULLET, LONE_BULLETS, SENTENCE_END, Line, is_title_like
from .names import (
    CJK,
    CJK_SENTENCE,
    is_address,
    is_adverb,
    is_discourse,
    is_honoured,
    is_interlude,
    is_name_like,
    is_role,
    is_sentence_like,
    key,
)
from .shapes import FORM, HEAD, LEAD, NAME, PROOF, SHAPES, SIGN, STAMP, Shape

HEADING = "name as a heading"
OWN_LINE = "label alone on its line"
BARE_LETTER = "bare letter Q or A"
INLINE = "label before its words"
FULL_STOPS = ("name with full stop", "name with full stop and dash")
TABBED = "name, then tab"
NICK_SHARE = 0.3  # of a nickname's occurrences: so many are labels; a phrase of prose occurs elsewhere too
TIMED_ALONE = "name and time alone on their line"
NICK = SHAPES[1].name
# What a chat's program says of itself, and "/me": nobody's words.
EVENT = re.compile(rf"(?:{STAMP})?(?:(?:\*\*)?\\?\*(?:\*\*)?\s\S|-!-\s|\*\*\*\s|-->\s|<--\s|---\s)")
BOLD = SHAPES[0].name
OTHERS_SHARE = 0.5
SIBLING_SHARE = 0.1  # of the sure labels: from so many on, a form counts beside its sibling
CHAT_SHARE = 0.4  # of the labels
MAX_HONOURED = 3  # words of a title and a name in small letters
TOKEN = re.compile(r"\w[\w'-]*")
PROPER_SHARE = 0.8  # of the sure labels, where turns are long and labels few
RARE_SHARE = 0.1  # of the paragraphs that begin with a label of another form
SPEECH = 40  # characters behind a label on its line, below which it may be metadata: "Chair: Ana Lu"
MIN_SURE = 3  # labels
TURNS_SHARE = 0.25  # of the paragraphs that begin with a label, from which on a page is a transcript
MENTIONS = 3  # of somebody in a chat who writes once: people are called by their nicknames
MAX_ECHOED = 200  # names that are looked for in every line
REPEATS_SHARE = 0.1  # of the labels
MIN_NICK = 4  # letters of a nickname that occurs once
SMALL_SHARE = 0.05  # of the lines
MAX_UNSURE = 6  # words of a label in small letters that may be one
LABELLED_SHARE = 0.5
MAX_METADATA = 120  # characters of a line such as "Recorded by: …"
MAX_CJK_SINGLE = 5  # ideographs of a name that occurs once


class Label(NamedTuple):
    """A line that names its speaker."""

    name: str  # as printed, without markup
    words_at: int  # offset in the line at which words begin; its length if there are none
    start: float | None = None  # seconds
    end: float | None = None


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
        found = []
        for i, name in sorted((self.doubtful | self.single).items()):
            place = (source.path, lines[i].number, 1)
            listing = "list them under 'speakers' in the front matter or a sidecar"
            if i in self.doubtful:
                message = f"{name!r} stands like a label, but may be none: read as words"
                hint = f"if {name!r} is a speaker, {listing}"
                found.append(diagnose("RT206", message, place, hint, lines[i].text))
            else:
                hint = f"if {name!r} is a speaker, all is well; to be sure, {listing}"
                found.append(diagnose("RT211", f"{name!r} speaks once: read as a speaker", place, hint, lines[i].text))
        return tuple(found)


def decide(
    lines: list[Line], known: Iterable[str], opens: Collection[int] | None = None, *, is_maybe_a_page: bool = False
) -> Convention:
    """The convention of a document. `opens` are the lines that begin a paragraph, where only such can be labels."""
    evidence = _Evidence(lines, {key(name) for name in known}, opens)
    weights = {shape: evidence.weight(shape) for shape in evidence.candidates}
    if not weights:
        return Convention("", {}, {}, {})
    best = max(weights, key=lambda shape: (weights[shape], len(evidence.candidates[shape]), shape.trust))
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
    labels |= _echoes(labels, evidence)
    for i in _header(labels, single, lines):
        doubtful[i] = single.pop(i)
        del labels[i]
    if evidence.is_chat(best):
        doubtful |= (addressed := _addressed(best, labels, evidence))
        labels = {i: label for i, label in labels.items() if i not in addressed}
    if best.name == NICK:
        labels |= {i: Label("", 0) for i, line in enumerate(lines) if i not in labels and EVENT.match(line.text)}
    times = Counter(key(label.name) for label in labels.values())
    single = {i: name for i, name in single.items() if times[key(name)] == 1}
    doubtful = {i: name for i, name in doubtful.items() if i not in labels}
    proper = 0
    if is_maybe_a_page:
        proper = sum(i not in single and not evidence.is_common(label.name) for i, label in labels.items())
    labels = dict(sorted(labels.items()))
    return Convention(best.name, labels, doubtful, single, len(labels) - len(single), best.trust == PROOF, proper)


def _share_beside(shape: Shape, best: Shape, evidence: _Evidence) -> float:
    """From which share of sure labels on a form counts as much as the best: one document may use both.

    A label may have its words on its own line or on the next; somebody may have set only the host's name in bold type.
    """
    if evidence.is_chat(best):
        return math.inf
    if best.name == BARE_LETTER and shape.name in (INLINE, OWN_LINE):
        return 0  # questions and answers: all others have names
    if {shape.name, best.name} == {OWN_LINE, INLINE}:
        return SIBLING_SHARE
    return OTHERS_SHARE if {shape.name, best.name} <= {OWN_LINE, INLINE, BOLD} else math.inf


def _of_best(shape: Shape, evidence: _Evidence) -> tuple[dict[int, Label], dict[int, str], dict[int, str]]:
    """The labels of the form that counts most: the sure ones, and those single ones that bear a second look."""
    labels: dict[int, Label] = {}
    doubtful: dict[int, str] = {}
    single: dict[int, str] = {}
    for i, label in evidence.candidates[shape].items():
        if evidence.is_sure(shape, label.name):
            labels[i] = label
        elif evidence.is_prose(shape, i, label):
            continue
        elif evidence.is_doubtful(shape, i, label):
            doubtful[i] = label.name
        else:
            labels[i], single[i] = label, label.name
    return labels, doubtful, single


def _beside(shape: Shape, best: Shape, evidence: _Evidence, labels: Mapping[int, Label]) -> Iterable[tuple[int, Label]]:
    """The labels of another form: of the same speakers, or, where the form proves something, those that recur."""
    named = {key(label.name) for label in labels.values()} | evidence.known
    echoes = shape.trust >= FORM or (best.trust <= NAME and not evidence.is_chat(best))
    is_free = shape.trust >= FORM and shape.name not in (HEADING, "bold name")
    for i, label in evidence.candidates[shape].items():
        proves = is_free or (best.name == BARE_LETTER and shape.trust >= NAME and is_name_like(label.name))
        recurs = evidence.counts[shape][key(label.name)] > 1 or best.name == BARE_LETTER
        if (echoes and key(label.name) in named) or (proves and recurs and evidence.is_sure(shape, label.name)):
            yield i, label


def _header(labels: Mapping[int, Label], single: Mapping[int, str], lines: list[Line]) -> list[int]:
    """Single labels above all others that are rather metadata: two and more of them, with few words behind each."""
    first = min((i for i in labels if i not in single), default=0)
    above = [
        i
        for i in sorted(single)
        if i < first and len(lines[i].text) <= MAX_METADATA and not lines[i].text.endswith(SENTENCE_END)
    ]
    return above if len(above) > 1 else []


def _echoes(labels: Mapping[int, Label], evidence: _Evidence) -> dict[int, Label]:
    """Labels that lack what the form asks for, a colon's space or bold type, but name a speaker behind a time or a sign."""
    names = sorted(
        {label.name for label in labels.values() if len(label.name) > 1}, key=lambda name: (-len(name), name)
    )
    if not names or len(names) > MAX_ECHOED or evidence.is_chat_like(labels):
        return {}
    spelled = "|".join(map(re.escape, names))
    behind = re.compile(
        rf"(?:{LEAD}{SIGN}?|>+\s*)(?P<label>{spelled})[:：]?\s+|(?P<tight>{spelled})[:：](?=[^\s/\\\d])"
    )
    found = {}
    for i, line in enumerate(evidence.lines):
        match = behind.match(line.text) if i not in labels and (evidence.opens is None or i in evidence.opens) else None
        if match:
            times = [seconds(time) for time in CLOCK.findall(line.text[: match.start("label")])[:1]]
            found[i] = Label(match["label"] or match["tight"], match.end(), *times)
    return found


def _addressed(best: Shape, labels: Mapping[int, Label], evidence: _Evidence) -> dict[int, str]:
    """Lines of a chat that rather address somebody ("ann: what do you say?"), who answers at once under the same label.

    So only where a label is otherwise never repeated: logs that label every line repeat them all the time.
    """
    order = sorted(labels)
    repeats = [i for i, j in pairwise(order) if key(labels[i].name) == key(labels[j].name)]
    if best.name != INLINE or len(repeats) > REPEATS_SHARE * len(order):
        return {}
    return {i: labels[i].name for i in repeats if labels[i].name not in evidence.known}


class _Evidence:
    """What the lines of a document say about labels."""

    def __init__(self, lines: list[Line], known: set[str], opens: Collection[int] | None) -> None:
        self.lines, self.known, self.opens = lines, known, opens
        self.candidates = dict(self._without_titles())
        self.counts = {
            shape: Counter(key(label.name) for label in labels.values()) for shape, labels in self.candidates.items()
        }

    def _without_titles(self) -> Iterable[tuple[Shape, dict[int, Label]]]:
        """The candidates, without headings of a level that holds titles: names recur there or are honoured, titles aren't."""
        for shape, labels in _candidates(self.lines, self.opens).items():
            if shape.name != HEADING:
                yield shape, labels
                continue
            levels: dict[int, dict[int, Label]] = {}
            for i, label in labels.items():
                text = self.lines[i].text
                levels.setdefault(len(text) - len(text.lstrip("#")), {})[i] = label
            if kept := {i: label for own in levels.values() if self._are_names(own) for i, label in own.items()}:
                yield shape, dict(sorted(kept.items()))

    def _are_names(self, labels: Mapping[int, Label]) -> bool:
        counts = Counter(key(label.name) for label in labels.values())
        named = sum(
            n for name, n in counts.items() if n > 1 or name in self.known or is_role(name) or is_honoured(name)
        )
        return named >= 0.5 * len(labels) and (named >= MIN_SURE or len(labels) == 1)

    @cached_property
    def small(self) -> Counter[str]:
        """How often each word occurs in small letters, in labels too."""
        return Counter(word for line in self.lines for word in TOKEN.findall(line.text) if word[0].islower())

    @cached_property
    def is_well_written(self) -> bool:
        """Whether hardly a line begins in small letters, so that one which does may begin with a nickname."""
        small = sum(line.text[0].islower() for line in self.lines)
        return self.opens is None and small <= SMALL_SHARE * len(self.lines)

    def is_chat(self, shape: Shape) -> bool:
        """Whether most labels of a form are nicknames: no capital, or none where names have one."""
        return self.nicks(shape) > CHAT_SHARE * sum(self.counts[shape].values())

    @staticmethod
    def is_chat_like(labels: Mapping[int, Label]) -> bool:
        """Whether most labels are nicknames, with which people also address each other."""
        return sum(not is_name_like(label.name) for label in labels.values()) > CHAT_SHARE * len(labels)

    def labelled(self, shape: Shape) -> float:
        """The share of the paragraphs that begin with a sure label of a form."""
        if shape not in self._weights:
            self._weights[shape] = self.weight(shape)
        return self._weights[shape] / max(len(self.lines), 1)

    @cached_property
    def _weights(self) -> dict[Shape, int]:
        return {}

    def nicks(self, shape: Shape) -> int:
        """How many labels of a form are nicknames that recur."""
        printed = self._printed(shape)
        return sum(n for name, n in self.counts[shape].items() if n > 1 and not is_name_like(printed[name]))

    def weight(self, shape: Shape) -> int:
        """How many of the labels of a form are sure."""
        return sum(n for name, n in self.counts[shape].items() if self.is_sure(shape, self._printed(shape)[name]))

    def _printed(self, shape: Shape) -> Mapping[str, str]:
        """A printed form of each key."""
        if shape not in self._spelled:
            self._spelled[shape] = {key(one.name): one.name for one in self.candidates[shape].values()}
        return self._spelled[shape]

    @cached_property
    def _surety(self) -> dict[tuple[str, str], bool]:
        return {}

    @cached_property
    def _spelled(self) -> dict[Shape, dict[str, str]]:
        return {}

    def is_sure(self, shape: Shape, name: str) -> bool:
        """Whether a label of that form is one, wherever it stands."""
        sure = self._surety.get((shape.name, name))
        if sure is None:
            sure = self._surety[shape.name, name] = self._is_sure(shape, name)
        return sure

    def _is_sure(self, shape: Shape, name: str) -> bool:
        if key(name) in self.known:
            return True
        if is_discourse(name) or is_interlude(name):
            return is_interlude(name) and shape.trust >= NAME
        times = self.counts[shape][key(name)]
        if shape.trust == PROOF:
            is_bare = " " in name and shape.name == TIMED_ALONE and not is_name_like(name)  # "We meet at  9:15"
            return times > 1 or not (is_sentence_like(name) or is_bare)
        if shape.name in FULL_STOPS:
            is_office = is_role(name) and (name.isupper() or len(name.split()) > 1)
            loud = [word for word in TOKEN.findall(name) if len(word) > 2 and word.isupper()]
            is_office = is_office or (
                bool(loud) and (times > 1 or name.startswith("The ")) and not is_sentence_like(name)
            )
            is_office = is_office or (is_honoured(name) and times > 1 and not is_sentence_like(name))
            return (
                is_office
                or (is_honoured(name) and is_name_like(name))
                or (times > 1 and (is_role(name) or name.isupper()))
            )
        is_office = is_role(name) and (times > 1 or key(name) not in ("question", "answer"))
        if is_office or (is_honoured(name) and (is_name_like(name) or len(name.split()) <= MAX_HONOURED)):
            return True
        return times > 1 and self._recurs_as_name(shape, name, times)

    def _recurs_as_name(self, shape: Shape, name: str, times: int) -> bool:
        """Whether a label that recurs is a name, and not a phrase that recurs before colons."""
        if is_sentence_like(name) and not (times > 2 and " " not in name and self.is_chat(shape)):
            return False
        if shape.trust >= FORM:
            return any(c.isalpha() for c in name)
        if is_name_like(name):
            return times > 2 or not self.is_common(name)
        if CJK.search(name):
            return True
        rarest = min((self.small[word] for word in TOKEN.findall(name) if word[0].islower()), default=0)
        return times >= NICK_SHARE * rarest

    def is_common(self, name: str) -> bool:
        """Whether all words of a capitalised label are words of the document's prose as well, as a proper name's are not."""
        words = [word.casefold() for word in TOKEN.findall(name) if len(word) > 1]
        return bool(words) and all(self.small[word] for word in words)

    def is_prose(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label that is not sure is so plainly none that nobody need be told."""
        name, before = label.name, self.lines[i - 1].text if i else ""
        if is_sentence_like(name) or shape.name in (*FULL_STOPS, TABBED):
            return True
        if shape.trust >= FORM:
            return False
        is_last = i + 1 in self.candidates[shape]  # another label follows at once: this may be a heading with a colon
        if before in LONE_BULLETS or (is_last and len(name.split()) > 3 and is_title_like(self.lines[i].text)):
            return True
        if is_name_like(name):
            return False
        if len(name.split()) <= MAX_UNSURE and self.labelled(shape) >= LABELLED_SHARE:
            return False  # nearly all lines have labels: this may be one, and is told
        return len(name.split()) > 1 or not (self.nicks(shape) or self.is_well_written)

    def is_doubtful(self, shape: Shape, i: int, label: Label) -> bool:
        """Whether a label that is not sure is more likely prose."""
        name = label.name
        if is_discourse(name) or is_adverb(name) or is_address(name) or not any(c.isalpha() for c in name):
            return True
        if shape.trust >= FORM:
            return False
        after = self.lines[i + 1].text if i + 1 < len(self.lines) else ""
        if BULLET.match(after) and BULLET.match(self.lines[i].text) is None:
            return True
        return self._is_unlike_a_name(shape, name)

    def _is_unlike_a_name(self, shape: Shape, name: str) -> bool:
        if CJK.search(name):
            return len(name) > MAX_CJK_SINGLE or CJK_SENTENCE.search(name) is not None
        if is_name_like(name):
            return self.is_common(name)
        if (
            len(name.split()) > 1
            or len(name) < MIN_NICK
            or not name[0].isalnum()
            or not (self.nicks(shape) or self.is_well_written)
        ):
            return True
        return any(self.small[word] > (MENTIONS if self.is_chat(shape) else 1) for word in TOKEN.findall(name))


def _candidates(lines: list[Line], opens: Collection[int] | None) -> dict[Shape, dict[int, Label]]:
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


QUIET = tuple(shape for shape in SHAPES if shape.name in (*FULL_STOPS, TABBED))
LOUD = tuple(shape for shape in SHAPES if shape.name == INLINE)
ALONE = tuple(shape for shape in SHAPES if shape.name == OWN_LINE)
STARTS = {c: tuple(s for s in SHAPES if s.trust >= FORM and c in s.hint) for shape in SHAPES for c in shape.hint}
TIMED = tuple(shape for shape in SHAPES if not shape.hint)


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
