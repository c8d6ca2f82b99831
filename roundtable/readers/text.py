"""Raw text, as pasted: decides how the document labels its speakers, then reads it with that convention.

Two conventions so far: a label alone on its line ("Host:", its words on the next lines) and a label before its words
("Host: Good morning"). Which one, is decided from all lines of the document: a shape counts for the labels that recur,
that the roster names, or that name a role. A line of the other shape, or a label seen once that could be prose, stays
words of the turn it stands in, and the editor is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

import msgspec

from .. import frontmatter, markup
from ..diagnostics import diagnose
from ..model import Diagnostic, Heading, Metadata, Person, Piece, Preamble, Reading, Roster, Skipped, Source, Utterance
from . import residue, roster
from .lines import BULLET, LONE_BULLETS, Line, Places, heading_title, lines_of
from .names import is_discourse, is_name_like, is_role, key, role_kind

OWN_LINE = re.compile(r"(?P<label>[^:：]{1,80}?)\s*[:：]")
INLINE = re.compile(r"(?P<label>[^:：]{1,80}?)\s*(?::\s+|：\s*)(?=\S)")
MARKED_HEADING = re.compile(r"(?P<marks>#{1,6})\s+(?P<title>\S.*)$")

KNOWN_HEADINGS = frozenset(
    "introduction,preface,foreword,opening,opening remarks,background,abstract,summary,conclusion,conclusions,closing,closing remarks,"
    "discussion,q&a,questions and answers,afterword,epilogue,引言,导言,前言,结语,總結,总结,はじめに,おわりに,einleitung,schluss,conclusión,"
    "introducción,introdução,introduzione".split(",")
)
SENTENCE_END = tuple(".!?。！？;；,，、:：…؟؛۔।॥።՞")
CLOSING = "\"'”’»›)）]］」』】〉》"  # may stand behind the end of a sentence
MAX_HEADING_WORDS = 16
MAX_HEADING_CHARACTERS = 120
WRAP_COLUMN = 100  # lines of hard-wrapped text are shorter


class Label(NamedTuple):
    """A line that names its speaker."""

    name: str  # as printed
    words_at: int  # offset in the line at which words begin; its length if there are none


class Convention(NamedTuple):
    """How one document labels its speakers."""

    name: str
    labels: dict[int, Label]  # by index of the line
    doubtful: dict[int, str]  # lines that may be labels and were read as words
    single: dict[int, str]  # lines whose label occurs nowhere else, read as labels


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
    convention = decide(lines, known + _names_in_rosters(lines))
    reader = _Walk(source, places, lines, convention)
    pieces += reader.pieces()
    doubts = _doubts(source, lines, convention)
    described = f"{convention.name}, {len(convention.labels)} turns" if convention.labels else "no labels"
    return Reading(
        source, "transcript", metadata, tuple(pieces), described, diagnostics=(*found, *doubts, *reader.found)
    )


def decide(lines: list[Line], known: list[str]) -> Convention:
    """The convention of a document, from the evidence of all its lines."""
    shapes = {
        "label alone on its line": _matches(lines, OWN_LINE, {key(name) for name in known}, whole=True),
        "label before its words": _matches(lines, INLINE, {key(name) for name in known}, whole=False),
    }
    known_keys = {key(name) for name in known}
    counts = {shape: Counter(key(label.name) for label in labels.values()) for shape, labels in shapes.items()}

    def is_sure(shape: str, name: str) -> bool:
        return key(name) in known_keys or is_role(name) or counts[shape][key(name)] > 1

    weights = {shape: sum(is_sure(shape, label.name) for label in labels.values()) for shape, labels in shapes.items()}
    best = max(shapes, key=lambda shape: (weights[shape], len(shapes[shape]) if not weights[shape] else 0))
    labels: dict[int, Label] = {}
    doubtful: dict[int, str] = {}
    single: dict[int, str] = {}
    for i, label in shapes[best].items():
        before, after = lines[i - 1].text if i else "", lines[i + 1].text if i + 1 < len(lines) else ""
        if is_sure(best, label.name):
            labels[i] = label
        elif before in LONE_BULLETS or (
            len(label.name.split()) > 3 and i + 1 in shapes[best] and is_title_like(lines[i].text)
        ):
            continue  # the text of a list's item; a heading that holds a colon
        elif BULLET.match(after) or is_discourse(label.name):
            doubtful[i] = label.name
        else:
            labels[i], single[i] = label, label.name
    speakers = {key(label.name) for label in labels.values()} | known_keys
    for shape, others in shapes.items():
        if shape != best:
            labels |= {i: label for i, label in others.items() if key(label.name) in speakers}
    return Convention(best, dict(sorted(labels.items())), doubtful, single)


def _matches(lines: list[Line], shape: re.Pattern[str], known: set[str], whole: bool) -> dict[int, Label]:
    """The lines of one shape whose label is known or looks like a name, by index."""
    found = {}
    for i, line in enumerate(lines):
        match = shape.fullmatch(line.text) if whole else shape.match(line.text)
        if match and not BULLET.match(line.text) and (key(match["label"]) in known or is_name_like(match["label"])):
            found[i] = Label(" ".join(match["label"].split()), match.end())
    return found


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


def _doubts(source: Source, lines: list[Line], convention: Convention) -> tuple[Diagnostic, ...]:
    """What the editor should look at, in the order of the lines."""
    found = []
    for i, name in sorted((convention.doubtful | convention.single).items()):
        place = (source.path, lines[i].number, 1)
        listing = "list them under 'speakers' in the front matter or a sidecar"
        if i in convention.doubtful:
            message = f"{name!r} stands like a label, once: read as words of the turn before it"
            hint = f"if {name!r} is a speaker, {listing}"
            found.append(diagnose("RT206", message, place, hint, lines[i].text))
        else:
            hint = f"if {name!r} is a speaker, all is well; to be sure, {listing}"
            found.append(diagnose("RT211", f"{name!r} speaks once: read as a speaker", place, hint, lines[i].text))
    return tuple(found)


class _Walk:
    """One pass over the lines, from the first to the last."""

    def __init__(self, source: Source, places: Places, lines: list[Line], convention: Convention) -> None:
        self.source, self.places, self.lines, self.labels = source, places, lines, convention.labels
        self.wrapped = is_wrapped(lines, {i for i in convention.labels if self._is_bare_label(i)})
        self.found: list[Diagnostic] = []
        self.judged: set[int] = set()

    def pieces(self) -> list[Piece]:
        """All pieces, in order."""
        pieces: list[Piece] = []
        i = 0
        while i < len(self.lines):
            piece, i = self._piece(i, pieces[-1] if pieces else None)
            pieces.append(piece)
        return pieces

    def _piece(self, i: int, before: Piece | None) -> tuple[Piece, int]:
        """The piece that begins at line i, and the line behind it."""
        if i not in self.labels and (heading := self._heading(i, before)):
            if residue.is_comments_heading(heading.title) and (end := self._residue_end(i + 1)):
                return self._skipped(i, end), end
            if roster.is_roster_heading(heading.title) and (listed := self._roster(i)):
                return listed
            return heading, i + 1
        return self._utterance(i)

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
        if marked := MARKED_HEADING.match(line.text):
            return Heading(heading_title(marked["title"]), len(marked["marks"]), self.places.span(line.start, line.end))
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
        if not follows or not is_title_like(text) or BULLET.match(text):
            return False
        if i > 0 and (self._is_bare_label(i - 1) or self.lines[i - 1].text in LONE_BULLETS):
            return False
        return self._judged(i, text, before)

    def _judged(self, i: int, text: str, before: Piece | None) -> bool:
        """Whether a line that may be a heading is one. What is not beyond doubt is said."""
        opens = i + 1 in self.labels and role_kind(self.labels[i + 1].name) == "host"
        if isinstance(before, Roster) or i == 0 or (opens and len(text.split()) > 2):
            return True  # hosts open sections
        is_heading = not is_caseless(text)
        said = "read as a heading" if is_heading else "read as words of the turn before it, though it may be a heading"
        hint = "end it with a full stop to make it words; write '## ' before it to make it a heading"
        if i not in self.judged:
            self.judged.add(i)
            place = (self.source.path, self.lines[i].number, 1)
            self.found.append(diagnose("RT209", f"{text!r} is {said}", place, hint, text))
        return is_heading

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
        first = self.lines[i]
        words, words_at = self.lines[i:end], first.start
        if label:
            words_at += label.words_at
            rest = first.text[label.words_at :]
            words = [*([Line(first.number, first.end - len(rest), first.end, rest)] if rest else []), *words[1:]]
        span = self.places.span(first.start, self.lines[end - 1].end)
        return Utterance(label.name if label else None, to_markdown(words, self.wrapped), span, words_at), end


def is_title_like(text: str) -> bool:
    """Whether a line could be a title: short, no sentence, its long words capitalised (in scripts that have capitals)."""
    bare = text.rstrip(CLOSING)
    if len(text) > MAX_HEADING_CHARACTERS or len(text.split()) > MAX_HEADING_WORDS or bare.endswith(SENTENCE_END):
        return False
    every = re.findall(r"[^\W\d_]+", text)
    words = [word for word in every if len(word) > 3 or not word.isascii()] or every
    if not words:
        return False
    return sum(not word[0].islower() for word in words) >= 0.6 * len(words)


def is_caseless(text: str) -> bool:
    """Whether the script has no capitals, which make a title look like one."""
    return text.casefold() == text == text.upper()


def is_wrapped(lines: list[Line], labels: Collection[int]) -> bool:
    """Whether paragraphs are hard-wrapped: parted by empty lines, their lines filled up to a common column.

    `labels` are the indices of lines that are a label and nothing else: they are short and join nothing.
    """
    widest = max((len(line.text) for line in lines), default=0)
    pairs = [(a, b) for i, (a, b) in enumerate(pairwise(lines)) if i not in labels and i + 1 not in labels]
    joined = [(a, b) for a, b in pairs if b.number == a.number + 1]
    has_gaps = any(b.number > a.number + 1 for a, b in pairwise(lines))
    if not joined or not has_gaps or widest > WRAP_COLUMN:
        return False
    return sum(len(a.text) + 1 + len(b.text.split()[0]) > widest for a, b in joined) >= 0.8 * len(joined)


def to_markdown(lines: list[Line], wrapped: bool) -> str:
    """The words as Markdown: a paragraph a line (or a block of wrapped lines), bullets as one list."""
    blocks: list[str] = []
    before: Line | None = None
    in_list = False
    for line in lines:
        bullet = BULLET.match(line.text)
        text = markup.escape(line.text[bullet.end() :] if bullet else line.text)
        lone = before is not None and before.text in LONE_BULLETS
        goes_on = wrapped and not bullet and not lone and before is not None and line.number == before.number + 1
        before = line
        if bullet and not text:
            continue  # a lone bullet: its text is the next line
        if bullet or lone:
            blocks.append(("\n- " if in_list else "\n\n- ") + text)
        elif goes_on:
            blocks.append(("\n  " if in_list else "\n") + text)
        else:
            blocks.append("\n\n" + text)
        in_list = bool(bullet or lone or (goes_on and in_list))
    return "".join(blocks).strip("\n")
