"""The convention of a raw text: where its paragraphs begin, what labels.py decides there, and what is taken back.

That is: who examines in a deposition ("BY MR. LIND:"), a caption at the top, and sentences that a page's end broke off.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ..patterns import lazy
from . import roster
from .furniture import Pages
from .labels import Convention, decide
from .lines import (
    BULLET,
    CLOSING,
    DATE,
    MAX_HEADING_CHARACTERS,
    SENTENCE_END,
    Label,
    Line,
    is_title_like,
    is_wrapped,
    likely_openings,
    openings,
)

CAPTION = lazy(r"[^\W\d_][^:：\n]{0,60}[:：]\s*\S.{0,100}$")  # "Interviewer: Tom Lind"
COLON = lazy(r"[:：]\s*$")
OPENING_SHARE = 0.9  # of the labels of a numbered page, where its paragraphs are set in
QUESTION = "Q"
EXAMINER = lazy(
    r"(?:(?:[A-Z]+[ -])*EXAMINATION\s)?(?:[A-Z-]+\s)?BY\s(?:MR|MS|MRS|MISS|DR)\.?\s[^\W\d_][\w.'’ -]{1,40}:?$",
    re.IGNORECASE,
)


def decided(lines: list[Line], known: list[str], pages: Pages) -> tuple[Convention, Collection[int]]:
    """How the speakers are labelled, and the numbers of the lines that go on with the line before."""
    opens = openings(lines, is_numbered=pages.is_numbered)
    if pages.is_numbered:  # each line is one as it was printed; but does the text still show where paragraphs begin?
        convention = decide(lines, known)
        sure = convention.labels.keys() - convention.single.keys()
        if len(sure & opens) < OPENING_SHARE * len(sure):
            opens |= likely_openings(lines) | {
                i for i in sure if COLON.search(lines[i].text[: convention.labels[i].words_at])
            }
    elif not is_wrapped(lines, opens):
        return _examined(_whole(decide(lines, known), lines, pages.running), lines), pages.running
    joined = {line.number for i, line in enumerate(lines) if i not in opens}
    return _examined(decide(lines, known, opens), lines), joined


def _examined(convention: Convention, lines: list[Line]) -> Convention:
    """The convention with "BY MR. LIND:" as words of nobody: it says who asks the questions below."""
    if not any(label.name == QUESTION for label in convention.labels.values()):
        return convention
    found = {
        i: Label("", 0)
        for i, line in enumerate(lines)
        if len(line.text) <= MAX_HEADING_CHARACTERS and EXAMINER.match(line.text)
    }
    single = {i: name for i, name in convention.single.items() if i not in found}
    return convention._replace(labels=dict(sorted((convention.labels | found).items())), single=single)


def below_caption(convention: Convention, lines: list[Line]) -> Convention:
    """The convention without the caption at the top, "Interviewer: Tom Lind": short lines, one directly under another.

    A gap follows, and then words that end as sentences do, which no line of the caption does.
    """
    first = end = min(convention.labels, default=0)
    while end < len(lines) and CAPTION.match(lines[end].text) and lines[end].row == lines[first].row + end - first:
        end += 1
    above, below = lines[first:end], [i for i in convention.labels if i >= end]
    values = [re.split("[:：]", line.text, maxsplit=1)[1].strip() for line in above]
    is_caption = len(above) > 1 and end < len(lines) and lines[end].row > lines[end - 1].row + 1
    sentences = sum(lines[i].text.rstrip(CLOSING).endswith(SENTENCE_END) for i in below)
    titles = sum(is_title_like(value) or DATE.search(value) is not None for value in values)
    if not is_caption or any(map(_is_said, values)) or 2 * titles < len(values) or 2 * sentences <= len(below):
        return convention
    found = {i: label.name for i, label in convention.labels.items() if i < end}
    labels = {i: convention.labels[i] for i in below}
    single = {i: name for i, name in convention.single.items() if i in labels}
    return convention._replace(labels=labels, single=single, doubtful=convention.doubtful | found)


def _is_said(value: str) -> bool:
    """Whether what stands behind a label is rather said than put down: a sentence, or nothing."""
    return not value or value.rstrip(CLOSING).endswith(SENTENCE_END)


def _whole(convention: Convention, lines: list[Line], running: Collection[int]) -> Convention:
    """The convention without labels that come once, where a sentence goes on that a page's end broke off."""
    broken = {i for i in convention.single if lines[i].number in running}
    labels = {i: label for i, label in convention.labels.items() if i not in broken}
    return convention._replace(labels=labels, single={i: name for i, name in convention.single.items() if i in labels})


def names_in_rosters(lines: list[Line]) -> list[str]:
    """The names in guests sections, before anything else is known of the document."""
    names = []
    for i, line in enumerate(lines):
        if roster.is_roster_heading(line.text):
            for other in lines[i + 1 :]:
                if not (bullet := BULLET.match(other.text)):
                    break
                if person := roster.person(other.text[bullet.end() :]):
                    names.append(person.name)
    return names
