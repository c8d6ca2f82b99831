"""Headings of a raw text: marked ones, known ones, lines in capitals, and short lines like titles above a label.

What is not beyond doubt is told, at its line; what stands above a host's words once for all.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ..diagnostics import diagnose
from ..model import Diagnostic, Heading, Piece, Roster, Source
from ..patterns import lazy
from . import residue, roster
from .labels import Convention
from .lines import (
    BULLET,
    DATE,
    LONE_BULLETS,
    MAX_HEADING_CHARACTERS,
    Line,
    Places,
    heading_title,
    is_title_like,
    place_of,
)
from .names import CJK, key, role_kind
from .shapes import DATED, SENDER

MARKED = lazy(r"(?P<marks>#{1,6})\s+(?P<title>\S.*)$")
ASIDES = {")": "(", "]": "[", "）": "（", "］": "［"}
MAX_TOLD = 6  # headings that a note names
NUMBERED = lazy(r"[(（]?\d{1,3}[.)）、]\s*\S")  # an item of a list
COLON = lazy(r"[:：]\s*$")
MIN_CAPITALS, MAX_CAPITALS = 2, 0.1  # lines in capitals, and their share: where more are, the whole text shouts
ABBREVIATED = lazy(r"(?:\b(?:[JS]R|ESQ|INC|CO|CORP|LTD)|[.\s][A-Z])\.$")  # no full stop: "OF ANA LU, JR."
CREDIT = lazy(r"(?:recorded|transcribed|produced|edited|translated)\b", re.IGNORECASE)
KNOWN_HEADINGS = frozenset(
    "introduction,preface,foreword,opening,opening remarks,background,abstract,summary,conclusion,conclusions,closing,closing remarks,"
    "discussion,q&a,questions and answers,afterword,epilogue,引言,导言,前言,结语,總結,总结,はじめに,おわりに,einleitung,schluss,conclusión,"
    "introducción,introdução,introduzione".split(",")
)


class Headings:
    """Which lines of a text are headings."""

    def __init__(
        self, source: Source, places: Places, lines: list[Line], convention: Convention, joined: Collection[int]
    ) -> None:
        self.source, self.places, self.lines, self.labels = source, places, lines, convention.labels
        self.joined, self.doubtful = joined, convention.doubtful
        self.shouted = _in_capitals(lines) - convention.labels.keys() - convention.doubtful.keys()
        dated = sum(DATED.match(lines[i].text) is not None for i in self.labels)
        self.is_chat = convention.name == SENDER or 2 * dated > len(self.labels)  # its messages have several lines
        self.first = min(self.labels, default=len(lines))
        self.found: list[Diagnostic] = []
        self.judged: set[int] = set()
        self.opened: list[Line] = []  # headings above a host's words
        self.loud: list[Line] = []  # headings in capitals, in the midst of turns
        self.names = {key(label.name) for label in convention.labels.values()}

    def whole(self, heading: Heading, i: int) -> tuple[Heading, int]:
        """A heading in capitals with the lines on which it goes on."""
        end = i + 1
        while end in self.shouted and self.lines[end].row == self.lines[end - 1].row + 1 and i in self.shouted:
            end += 1
        span = self.places.span(self.lines[i].start, self.lines[end - 1].end)
        title = " ".join(" ".join(line.text for line in self.lines[i:end]).split())
        return (Heading(title, heading.level, span), end) if end > i + 1 else (heading, end)

    @staticmethod
    def is_sure(text: str) -> bool:
        """Whether a line can be nothing else."""
        plain = text.rstrip(":：").casefold()
        return (
            plain in KNOWN_HEADINGS
            or roster.is_roster_heading(text)
            or residue.is_comments_heading(plain)
            or MARKED.match(text) is not None
        )

    def at(self, i: int, before: Piece | None) -> Heading | None:
        """The heading that line i is; None if it is none."""
        line = self.lines[i]
        if len(line.text) > MAX_HEADING_CHARACTERS and line.text[0] != "#":
            return None
        if marked := MARKED.match(line.text):
            self._ask(i, heading_title(marked["title"]))
            return Heading(heading_title(marked["title"]), len(marked["marks"]), self.places.span(line.start, line.end))
        if (
            i in self.shouted
            and not (i and self.is_bare_label(i - 1))
            and (i == 0 or i - 1 in self.shouted or self.lines[i].number not in self.joined)
        ):
            if i not in self.judged and self.first < i:
                self.loud.append(line)
            self.judged.add(i)
            return Heading(" ".join(line.text.split()), 2, self.places.span(line.start, line.end))
        if self.is_sure(line.text) or self._is_likely_heading(i, before):
            return Heading(" ".join(line.text.split()), 2, self.places.span(line.start, line.end))
        return None

    def _ask(self, i: int, title: str) -> None:
        """Asks about a heading in which a speaker's name stands before a colon."""
        name, colon, words = title.partition(":")
        if colon and words.strip() and key(name) in self.names and i not in self.judged:
            self.judged.add(i)
            message = f"{title!r} is read as a heading, though {name!r} speaks in this file"
            hint = f"if {name!r} says it, take the '#' away"
            self.found.append(
                diagnose("RT206", message, place_of(self.source, self.lines[i]), hint, self.lines[i].text)
            )

    def _is_likely_heading(self, i: int, before: Piece | None) -> bool:
        """A short line like a title, before a label or behind a roster, that does not continue a sentence."""
        text = self.lines[i].text
        follows = (
            i + 1 in self.labels
            or isinstance(before, Roster)
            or (i == 0 and len(self.lines) > 1 and self.is_sure(self.lines[1].text))
        )
        if (
            self.is_chat
            or not follows
            or not is_title_like(text)
            or BULLET.match(text)
            or i in self.doubtful
            or self._is_listed(i)
        ):
            return False
        is_joined = self.lines[i].number in self.joined
        if (
            is_joined
            or (i < next(iter(self.labels), 0) and is_record(text))
            or (i > 0 and (self.is_bare_label(i - 1) or self.lines[i - 1].text in LONE_BULLETS))
        ):
            return False
        return self._judged(i, text, before)

    def _is_listed(self, i: int) -> bool:
        """Whether a line is rather words: an aside, the item of a list, or what a colon announces."""
        text, before = self.lines[i].text, self.lines[i - 1] if i else None
        if text[-1] in ASIDES and text.startswith(ASIDES[text[-1]]) and text.count(ASIDES[text[-1]]) == 1:
            return True
        if before is None:
            return False
        is_item = NUMBERED.match(text) and NUMBERED.match(before.text) and self.lines[i].row == before.row + 1
        return bool(is_item or (COLON.search(before.text)))

    def _judged(self, i: int, text: str, before: Piece | None) -> bool:
        """Whether a line that may be a heading is one. What is not beyond doubt is said."""
        opens = i + 1 in self.labels and role_kind(self.labels[i + 1].name) == "host" and len(text.split()) > 2
        if isinstance(before, Roster) or i == 0:
            return True
        is_heading = opens or not is_caseless(text)  # hosts open sections
        said = "read as a heading" if is_heading else "read as words of the turn before it, though it may be a heading"
        hint = "end it with a full stop to make it words; write '## ' before it to make it a heading"
        if i in self.judged:
            return is_heading
        self.judged.add(i)
        if opens:
            self.opened.append(self.lines[i])
        else:
            place = place_of(self.source, self.lines[i])
            self.found.append(diagnose("RT209", f"{text!r} is {said}", place, hint, text))
        return is_heading

    def told(self) -> tuple[Diagnostic, ...]:
        """What the editor should look at."""
        return (*self.found, *self._once(self.opened, "above a host's words"), *self._once(self.loud, "in capitals"))

    def _once(self, lines: list[Line], why: str) -> Iterator[Diagnostic]:
        """What is said once of all lines that are read as headings for one reason."""
        if not lines:
            return
        first, others = lines[0], [repr(line.text) for line in lines[1:]]
        message = f"{first.text!r} is read as a heading, {why}"
        message += f"; so are {len(others)} others: {', '.join(others[:MAX_TOLD])}" if others else ""
        hint = "write '## ' before headings; to make one of them words, end it with a full stop"
        yield diagnose("RT209", message, place_of(self.source, first), hint, first.text)

    def is_bare_label(self, i: int) -> bool:
        """Whether the line is a label whose words are yet to come."""
        return i in self.labels and self.labels[i].words_at >= len(self.lines[i].text)


def _in_capitals(lines: list[Line]) -> set[int]:
    """The lines in capitals, if they are few: headings of hard-wrapped text."""
    found = {
        i
        for i, line in enumerate(lines)
        if line.text.isupper()
        and (line.text.isascii() or not CJK.search(line.text))
        and len(line.text.split()) > 1
        and (not line.text.endswith((".", "!", "?", ";", ":")) or ABBREVIATED.search(line.text))
    }
    return found if len(found) <= max(MIN_CAPITALS, MAX_CAPITALS * len(lines)) else set()


def is_record(text: str) -> bool:
    """Whether a line says when or by whom something was recorded, rather than what it is called."""
    beside = [word for word in DATE.sub(" ", text).split() if word[0].isalpha()]
    return CREDIT.match(text) is not None or (DATE.search(text) is not None and len(beside) <= 1)


def is_caseless(text: str) -> bool:
    """Whether the script has no capitals, which make a title look like one."""
    return text.casefold() == text == text.upper()
