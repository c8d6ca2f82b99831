"""Raw text, as pasted: labels.py decides how the document labels its speakers, this reads it with that convention.

Lines that are no labels are headings, lists of guests, a theme's residue, or words of the turn they stand in: a paragraph a
line, or a paragraph a block where the text is hard-wrapped.
"""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from .. import frontmatter, markup
from ..diagnostics import diagnose
from ..model import Diagnostic, Heading, Metadata, Person, Piece, Preamble, Reading, Roster, Skipped, Source, Utterance
from . import concordance, furniture, residue, roster, stamps
from .candidates import Label
from .furniture import Pages
from .labels import Convention, decide
from .lines import (
    BULLET,
    BULLETS,
    CLOSING,
    DATE,
    LONE_BULLETS,
    MAX_HEADING_CHARACTERS,
    SENTENCE_END,
    Line,
    Places,
    heading_title,
    is_title_like,
    is_wrapped,
    likely_openings,
    lines_of,
    openings,
    place_of,
)
from .names import CJK, is_interlude, key, role_kind

MARKED_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>\S.*)$")

ASIDES = {")": "(", "]": "[", "）": "（", "］": "［"}
MAX_TOLD = 6  # headings that a note names
MAX_ASIDE = 60  # lines of a note in brackets
NUMBERED = re.compile(r"[(（]?\d{1,3}[.)）、]\s*\S")  # an item of a list
CAPTION = re.compile(r"[^\W\d_][^:：\n]{0,60}[:：]\s*\S.{0,100}$")  # "Interviewer: Tom Lind"
COLON = re.compile(r"[:：]\s*$")
OPENING_SHARE = 0.9  # of the labels of a numbered page, where its paragraphs are set in
MAX_CAPITALS = 0.1  # of the lines, in capitals: where more are, the whole text shouts
ABBREVIATED = re.compile(r"(?:\b(?:[JS]R|ESQ|INC|CO|CORP|LTD)|[.\s][A-Z])\.$")  # no full stop: "OF ANA LU, JR."
CREDIT = re.compile(r"(?:recorded|transcribed|produced|edited|translated)\b", re.IGNORECASE)
QUESTION = "Q"
EXAMINER = re.compile(
    r"(?:(?:[A-Z]+[ -])*EXAMINATION\s)?(?:[A-Z-]+\s)?BY\s(?:MR|MS|MRS|MISS|DR)\.?\s[^\W\d_][\w.'’ -]{1,40}:?$",
    re.IGNORECASE,
)
KNOWN_HEADINGS = frozenset(
    "introduction,preface,foreword,opening,opening remarks,background,abstract,summary,conclusion,conclusions,closing,closing remarks,"
    "discussion,q&a,questions and answers,afterword,epilogue,引言,导言,前言,结语,總結,总结,はじめに,おわりに,einleitung,schluss,conclusión,"
    "introducción,introdução,introduzione".split(",")
)


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a raw text."""
    metadata, found, body = frontmatter.of(source, sidecar)
    places, lines = Places(source), lines_of(source, body)
    pieces: list[Piece] = [Preamble(places.span(0, body))] if body else []
    if metadata.type == "page":
        span = places.span(body, len(source.text))
        paragraphs = "\n\n".join(markup.escape(line.text) for line in lines)
        return Reading(
            source, "page", metadata, (*pieces, Utterance(None, paragraphs, span, span.start)), diagnostics=found
        )

    known = [p.name for p in metadata.speakers] + [alias for p in metadata.speakers for alias in p.aliases]
    if not metadata.title and lines and (first := MARKED_HEADING.match(lines[0].text)) and first["marks"] == "#":
        metadata = msgspec.structs.replace(metadata, title=heading_title(first["title"]))
        pieces.append(Preamble(places.span(lines[0].start, lines[0].end)))
        lines = lines[1:]
    pages = furniture.without(source, places, lines)
    end = concordance.beginning(pages.lines) if pages.furniture else len(pages.lines)
    left = residue.beginning(pages.lines[:end])
    lines, index = stamps.joined(pages.lines[:left], source.text), pages.lines[end:]
    convention, joined = _convention(lines, known + _names_in_rosters(lines), pages)
    convention = convention if known else _below_caption(convention, lines)
    reader = _Walk(source, places, lines, convention, joined, known)
    pieces += reader.pieces()
    if left < end:
        span = places.span(pages.lines[left].start, pages.lines[end - 1].end)
        pieces.append(Skipped(source.text[span.start : span.end], residue.TOOLS_REASON, span))
    if index:
        span = places.span(index[0].start, index[-1].end)
        pieces.append(Skipped(source.text[span.start : span.end], concordance.REASON, span))
    doubts = convention.doubts(source, lines)
    return Reading(
        source,
        "transcript",
        metadata,
        tuple(pieces),
        convention.described(),
        furniture=pages.furniture,
        diagnostics=(*found, *doubts, *reader.found),
    )


def _convention(lines: list[Line], known: list[str], pages: Pages) -> tuple[Convention, Collection[int]]:
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


def _below_caption(convention: Convention, lines: list[Line]) -> Convention:
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


def _names_in_rosters(lines: list[Line]) -> list[str]:
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


class _Walk:
    """One pass over the lines, from the first to the last."""

    def __init__(
        self,
        source: Source,
        places: Places,
        lines: list[Line],
        convention: Convention,
        joined: Collection[int],
        known: Collection[str],
    ) -> None:
        self.source, self.places, self.lines, self.labels = source, places, lines, convention.labels
        self.joined = joined
        self.shouted = _in_capitals(lines) - convention.labels.keys()
        self.doubtful = convention.doubtful
        self.known = {key(name) for name in known}
        self.found: list[Diagnostic] = []
        self.judged: set[int] = set()
        self.opened: list[Line] = []  # headings above a host's words

    def pieces(self) -> list[Piece]:
        """All pieces, in order."""
        pieces: list[Piece] = []
        i = 0
        while i < len(self.lines):
            piece, i = self._piece(i, pieces[-1] if pieces else None)
            pieces.append(piece)
        self.found += self._sections()
        return pieces

    def _piece(self, i: int, before: Piece | None) -> tuple[Piece, int]:
        """The piece that begins at line i, and the line behind it."""
        if i not in self.labels and (heading := self._heading(i, before)):
            if residue.is_comments_heading(heading.title) and (end := self._residue_end(i + 1)):
                return self._skipped(i, end), end
            if roster.is_roster_heading(heading.title) and (listed := self._roster(i)):
                return listed
            return self._whole(heading, i)
        return self._utterance(i)

    def _whole(self, heading: Heading, i: int) -> tuple[Heading, int]:
        """A heading in capitals with the lines on which it goes on."""
        end = i + 1
        while end in self.shouted and self.lines[end].row == self.lines[end - 1].row + 1 and i in self.shouted:
            end += 1
        span = self.places.span(self.lines[i].start, self.lines[end - 1].end)
        title = " ".join(" ".join(line.text for line in self.lines[i:end]).split())
        return (Heading(title, heading.level, span), end) if end > i + 1 else (heading, end)

    def _residue_end(self, i: int) -> int | None:
        """The index behind a theme's residue that begins at line i and fills its section."""
        text = ""
        while i < len(self.lines) and i not in self.labels and not self._is_sure_heading(self.lines[i].text):
            text += self.lines[i].text
            i += 1
            if len(text) > residue.MAX_CHARACTERS:
                return None
        return i if residue.is_residue(text) else None

    @staticmethod
    def _is_sure_heading(text: str) -> bool:
        plain = text.rstrip(":：").casefold()
        return (
            plain in KNOWN_HEADINGS
            or roster.is_roster_heading(text)
            or residue.is_comments_heading(plain)
            or MARKED_HEADING.match(text) is not None
        )

    def _heading(self, i: int, before: Piece | None) -> Heading | None:
        line = self.lines[i]
        if len(line.text) > MAX_HEADING_CHARACTERS and line.text[0] != "#":
            return None
        if marked := MARKED_HEADING.match(line.text):
            return Heading(heading_title(marked["title"]), len(marked["marks"]), self.places.span(line.start, line.end))
        if (
            i in self.shouted
            and not (i and self._is_bare_label(i - 1))
            and (i == 0 or i - 1 in self.shouted or self.lines[i].number not in self.joined)
        ):
            return Heading(" ".join(line.text.split()), 2, self.places.span(line.start, line.end))
        if self._is_sure_heading(line.text) or self._is_likely_heading(i, before):
            return Heading(" ".join(line.text.split()), 2, self.places.span(line.start, line.end))
        return None

    def _is_likely_heading(self, i: int, before: Piece | None) -> bool:
        """A short line like a title, before a label or behind a roster, that does not continue a sentence."""
        text = self.lines[i].text
        follows = (
            i + 1 in self.labels
            or isinstance(before, Roster)
            or (i == 0 and len(self.lines) > 1 and self._is_sure_heading(self.lines[1].text))
        )
        if not follows or not is_title_like(text) or BULLET.match(text) or i in self.doubtful or self._is_listed(i):
            return False
        is_joined = self.lines[i].number in self.joined
        if (
            is_joined
            or (i < next(iter(self.labels), 0) and is_record(text))
            or (i > 0 and (self._is_bare_label(i - 1) or self.lines[i - 1].text in LONE_BULLETS))
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

    def _sections(self) -> list[Diagnostic]:
        """What is said once of all lines above a host's words that are read as headings."""
        if not self.opened:
            return []
        first, others = self.opened[0], [repr(line.text) for line in self.opened[1:]]
        message = f"{first.text!r} is read as a heading, above a host's words"
        message += f"; so are {len(others)} others: {', '.join(others[:MAX_TOLD])}" if others else ""
        hint = "write '## ' before headings; to make one of them words, end it with a full stop"
        return [diagnose("RT209", message, place_of(self.source, first), hint, first.text)]

    def _is_bare_label(self, i: int) -> bool:
        """Whether the line is a label whose words are yet to come."""
        return i in self.labels and self.labels[i].words_at >= len(self.lines[i].text)

    def _skipped(self, i: int, end: int) -> Skipped:
        span = self.places.span(self.lines[i].start, self.lines[end - 1].end)
        return Skipped(self.source.text[span.start : span.end], residue.REASON, span)

    def _roster(self, i: int) -> tuple[Roster, int] | None:
        """The people under a roster's heading: bullets, or else all short lines before the next heading."""
        people: list[Person] = []
        end = i + 1
        speaking = {key(label.name) for label in self.labels.values()}
        if end < len(self.lines) and (several := roster.several(self.lines[end].text, speaking)):
            return Roster(
                self.lines[i].text, several, self.places.span(self.lines[i].start, self.lines[end].end)
            ), end + 1
        bulleted = end < len(self.lines) and BULLET.match(self.lines[end].text) is not None
        while end < len(self.lines) and end not in self.labels and not self._is_sure_heading(self.lines[end].text):
            bullet = BULLET.match(self.lines[end].text) or roster.NUMBER.match(self.lines[end].text)
            person = roster.person(self.lines[end].text[bullet.end() if bullet else 0 :])
            if person and people and not bullet and self._describes(people[-1], person):
                people[-1] = roster.described(people[-1], self.lines[end].text)
                end += 1
                continue
            if person is None or (bulleted and bullet is None) or (not bulleted and self._is_no_guest(end, person)):
                break
            people.append(person)
            end += 1
        if not people:
            return None
        span = self.places.span(self.lines[i].start, self.lines[end - 1].end)
        return Roster(self.lines[i].text, tuple(people), span), end

    def _describes(self, named: Person, line: Person) -> bool:
        """Whether a line without a bullet says what the person named in the line above does."""
        names = {key(label.name) for label in self.labels.values()}
        return not named.role and key(named.name) in names and key(line.name) not in names

    def _is_no_guest(self, i: int, person: Person) -> bool:
        """Whether a bare line in a list without bullets is rather the next heading: nobody of that name speaks."""
        names = {key(label.name) for label in self.labels.values()}
        return i + 1 in self.labels and not person.role and key(person.name) not in names

    def _utterance(self, i: int) -> tuple[Utterance, int]:
        label = self.labels.get(i)
        end = i + 1
        while end < len(self.lines) and end not in self.labels and not self._heading(end, None):
            end += 1
        end = self._before_aside(i, end) if label else end
        first, words, words_at = self.lines[i], self.lines[i:end], self.lines[i].start
        span = self.places.span(first.start, self.lines[end - 1].end)
        name, start, stop = (label.name, label.start, label.end) if label else ("", None, None)
        if is_interlude(name) and key(name) not in self.known:
            name = ""  # the label stays, as words of nobody
        if label and name:
            words_at += label.words_at
            rest = first.text[label.words_at :]
            words[:1] = [Line(first.number, first.end - len(rest), first.end, rest)] if rest else []
        return Utterance(name or None, to_markdown(words, self.joined), span, words_at, start, stop), end

    def _before_aside(self, i: int, end: int) -> int:
        """The index behind the words of line i's turn: what stands in brackets behind them is nobody's."""
        last = self.lines[end - 1].text.rstrip(".。")
        opening = ASIDES.get(last[-1:])
        if opening is None or not (opening in "[［" or last[-2:-1] in SENTENCE_END):  # "(Applause.)", not "(laughs)"
            return end
        first = i + 1 if self._is_bare_label(i) else i  # a turn is left at least one line
        closing = last[-1:]
        depth = 0
        for j in range(end - 1, max(first, end - MAX_ASIDE), -1):
            for sign in reversed(last if j == end - 1 else self.lines[j].text):
                depth += (sign == closing) - (sign == opening)
                if depth == 0:  # where the last bracket opens
                    break
            if depth == 0:
                begins = self.lines[j].text.startswith(opening) and self.lines[j].text.count(opening) == 1
                return j if begins and self.lines[j].number not in self.joined else end
        return end


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
    return found if len(found) <= MAX_CAPITALS * len(lines) else set()


def is_record(text: str) -> bool:
    """Whether a line says when or by whom something was recorded, rather than what it is called."""
    beside = [word for word in DATE.sub(" ", text).split() if word[0].isalpha()]
    return CREDIT.match(text) is not None or (DATE.search(text) is not None and len(beside) <= 1)


def is_caseless(text: str) -> bool:
    """Whether the script has no capitals, which make a title look like one."""
    return text.casefold() == text == text.upper()


def to_markdown(lines: list[Line], joined: Collection[int]) -> str:
    """The words as Markdown: a paragraph a line, bullets as one list. `joined` are the lines that continue the one before."""
    if len(lines) == 1 and lines[0].text[0] not in BULLETS:
        return markup.escape(lines[0].text)
    blocks: list[str] = []
    before: Line | None = None
    in_list = False
    for line in lines:
        bullet = BULLET.match(line.text) if line.text[0] in BULLETS else None
        text = markup.escape(line.text[bullet.end() :] if bullet else line.text)
        lone = before is not None and before.text in LONE_BULLETS
        goes_on = line.number in joined and not bullet and not lone and before is not None
        before = line
        if bullet and not text:
            continue  # a lone bullet: its text is the next line
        if bullet or lone:
            blocks.append(("\n- " if in_list else "\n\n- ") + text)
        elif goes_on:
            blocks.append("" if CJK.match(blocks[-1][-1]) and CJK.match(text) else "\n  " if in_list else "\n")
            blocks.append(text)
        else:
            blocks.append("\n\n" + text)
        in_list = bool(bullet or lone or (goes_on and in_list))
    return "".join(blocks).strip("\n")
