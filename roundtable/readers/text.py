"""Raw text, as pasted: labels.py decides how the document labels its speakers, this reads it with that convention.

Lines that are no labels are headings, lists of guests, a theme's residue, or words of the turn they stand in: a paragraph a
line, or a paragraph a block where the text is hard-wrapped.
"""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from .. import frontmatter, markup
from ..model import Metadata, Person, Piece, Preamble, Reading, Roster, Skipped, Source, Utterance
from . import concordance, conventions, furniture, residue, roster, stamps
from .headings import ASIDES, MARKED, Headings
from .labels import Convention
from .lines import BULLET, BULLETS, LONE_BULLETS, SENTENCE_END, Line, Places, heading_title, lines_of
from .names import CJK, is_interlude, key

MAX_ASIDE = 60  # lines of a note in brackets


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
    if not metadata.title and lines and (first := MARKED.match(lines[0].text)) and first["marks"] == "#":
        metadata = msgspec.structs.replace(metadata, title=heading_title(first["title"]))
        pieces.append(Preamble(places.span(lines[0].start, lines[0].end)))
        lines = lines[1:]
    pages = furniture.without(source, places, lines)
    end = concordance.beginning(pages.lines) if pages.furniture else len(pages.lines)
    left = residue.beginning(pages.lines[:end])
    lines, index = stamps.joined(pages.lines[:left], source.text), pages.lines[end:]
    convention, joined = conventions.decided(lines, known + conventions.names_in_rosters(lines), pages)
    convention = convention if known else conventions.below_caption(convention, lines)
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
        diagnostics=(*found, *doubts, *reader.headings.told()),
    )


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
        self.headings = Headings(source, places, lines, convention, joined)
        self.known = {key(name) for name in known}

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
        if i not in self.labels and (heading := self.headings.at(i, before)):
            if residue.is_comments_heading(heading.title) and (end := self._residue_end(i + 1)):
                return self._skipped(i, end), end
            if roster.is_roster_heading(heading.title) and (listed := self._roster(i)):
                return listed
            return self.headings.whole(heading, i)
        return self._utterance(i)

    def _residue_end(self, i: int) -> int | None:
        """The index behind a theme's residue that begins at line i and fills its section."""
        text = ""
        while i < len(self.lines) and i not in self.labels and not self.headings.is_sure(self.lines[i].text):
            text += self.lines[i].text
            i += 1
            if len(text) > residue.MAX_CHARACTERS:
                return None
        return i if residue.is_residue(text) else None

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
        while end < len(self.lines) and end not in self.labels and not self.headings.is_sure(self.lines[end].text):
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
        while end < len(self.lines) and end not in self.labels and not self.headings.at(end, None):
            end += 1
        end = self._before_aside(i, end) if label else end
        first, words = self.lines[i], self.lines[i:end]
        span = self.places.lines(first, words[-1])
        if label is None:
            return Utterance(None, to_markdown(words, self.joined), span, first.start), end
        name = label.name
        if not name or (is_interlude(name) and key(name) not in self.known):  # the label stays, as words of nobody
            markdown = to_markdown(words, self.joined)
            return Utterance(None, markdown, span, first.start, label.start, label.end), end
        rest = first.text[label.words_at :]
        words[:1] = [Line(first.number, first.end - len(rest), first.end, rest)] if rest else []
        markdown = to_markdown(words, self.joined)
        return Utterance(name, markdown, span, first.start + label.words_at, label.start, label.end), end

    def _before_aside(self, i: int, end: int) -> int:
        """The index behind the words of line i's turn: what stands in brackets behind them is nobody's."""
        last = self.lines[end - 1].text.rstrip(".。")
        opening = ASIDES.get(last[-1:])
        if opening is None or not (opening in "[［" or last[-2:-1] in SENTENCE_END):  # "(Applause.)", not "(laughs)"
            return end
        first = i + 1 if self.headings.is_bare_label(i) else i  # a turn is left at least one line
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
