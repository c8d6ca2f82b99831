"""What the XML vocabularies of parliaments share: speeches, notes and headings, walked through in the order of the file.

A `Walk` goes once through the tree and lays every word into a piece: under the voice that speaks there, or into narration.
A speech that another one interrupts goes on behind it as an utterance of its own. What stands in a speech and is not spoken
(a note, a vote, applause) stays in the speech, in brackets: the turn stays whole, and nobody is quoted with words of a clerk.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from .. import markup
from ..diagnostics import diagnose, line_at
from ..model import Diagnostic, Heading, Person, Piece, Preamble, Skipped, Source, Utterance
from ..patterns import lazy
from .lines import Places
from .names import key
from .xmltree import BREAK, PARTED, TOKENS, Element, Line, Text, one_spaced, settled

BLOCKS = frozenset(
    "ab address alinea block blockContainer blockList body byline caption castItem castList closer container content "
    "coverPage dateline div docAuthor docTitle figure intro item lg li list listIntroduction listWrapUp longTitle mplist ol "
    "opener p paragraph point postscript preface quotedStructure row salute seg signed subparagraph table tblock titlePage "
    "titlePart tr trailer ul wrapUp".split()
)
CELLS = frozenset(("cell", "td", "th"))
BRACKETED = lazy(r"[\[(（［【].*[\])）］】][.:;]?", re.DOTALL)
# A full stop behind a long word closes a label; behind a short one it may be of an abbreviation.
LABEL_END = lazy(r"\s*+(?:\.?\s*+[-–—:：]++|(?<=\))\.|(?<=[^\W\d_]{5})\.)\s*+$")
# "Mr. Lind.- I rise" in an element that should hold the label alone.
WORDS_AFTER_LABEL = lazy(r"[^:：]{1,100}?(?:\.\s?[-–—]+|[:：])\s+(?=\w|[¿¡\"'“‘«(])")
CLOCK = lazy(r"(?:(\d+):)?(\d{1,3}):(\d\d(?:\.\d+)?)")
PERIOD = lazy(r"PT(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?")


class Voice(NamedTuple):
    """Whose words follow, and when."""

    label: str | None = None
    who: str | None = None
    start: float | None = None
    end: float | None = None


NOBODY = Voice()


class Vocabulary(NamedTuple):
    """The elements of a vocabulary that are neither text nor paragraphs."""

    special: Mapping[str, Callable[[Walk, Element], None]]  # what has a meaning of its own
    notes: frozenset[str] = frozenset()  # words of a clerk
    skipped: Mapping[str, str] = {}  # what is left out, and why


class _Open:
    """An utterance that isn't finished."""

    def __init__(self, voice: Voice, start: int, words_at: int, is_printed: bool) -> None:
        self.voice = voice
        self.start = start
        self.words_at = words_at
        self.is_printed = is_printed  # whether its label stands in the text
        self.paragraphs: list[str] = []


class Walk:
    """One way through the tree."""

    def __init__(self, source: Source, root: Element, vocabulary: Vocabulary) -> None:
        self.source = source
        self.root = root
        self.vocabulary = vocabulary
        self.places = Places(source)
        self.pieces: list[Piece] = []
        self.found: list[Diagnostic] = []
        self.voice = NOBODY
        self.depth = 0  # of sections
        self.speeches = 0
        self.merges = True  # whether speeches of one voice that touch are one turn
        self._open: _Open | None = None
        self._last: tuple[_Open, Utterance] | None = None
        self._line = Line()
        self._bullet = ""
        self._inside = 0  # paragraphs that are open
        self._rows = 0
        self._has_words = False  # whether the paragraph that is open does
        self._read_to = 0  # where what is read already ends: a label, headings

    def run(self) -> tuple[Piece, ...]:
        """All pieces, in order."""
        if "<!DOCTYPE" in self.source.text[: self.root.start]:
            self.pieces.append(Preamble(self.places.span(0, self.root.start)))
        self.element(self.root)
        self.close(self.root.end)
        return self.ordered()

    def ordered(self) -> tuple[Piece, ...]:
        """The pieces so far, in the order of the source."""
        return tuple(sorted(self.pieces, key=lambda piece: (piece.span.start, -piece.span.end)))

    # --- elements ---

    def element(self, element: Element) -> None:
        """One element, with all that is in it."""
        name = element.name
        if name in self.vocabulary.special:
            self.vocabulary.special[name](self, element)
        elif name in self.vocabulary.notes:
            self.note(element)
        elif name in self.vocabulary.skipped:
            self.skip(element, self.vocabulary.skipped[name])
        elif name == "br":
            self._line.add(BREAK)
            self.children(element)
            self._line.add(PARTED)
        elif name == "l":
            self._verse(element)
        elif name in CELLS:
            self._cell(element)
        elif name in BLOCKS and not self._rows and not (name == "seg" and self._inside):
            self.block(element)
        else:
            self.inline(element)

    def inline(self, element: Element) -> None:
        """An element that stands in a line."""
        self._line.begins(element)
        if element.name in TOKENS and element.words():
            self._begin(element.start)
            self._has_words = True
            element.put_on(self._line)
        else:
            self.children(element)
        self._line.ends(element)

    @property
    def is_inside(self) -> bool:
        """Whether a paragraph is open."""
        return self._inside > 0

    def read_to(self, at: int) -> None:
        """Says that all up to there is read."""
        self._read_to = max(at, self._read_to)

    def children(self, element: Element) -> None:
        """What stands in an element, apart from what is read already."""
        for child in element.children:
            if isinstance(child, Text):
                self.text(child)
            elif child.end > self._read_to:
                self.element(child)

    def text(self, text: Text) -> None:
        """A run of text: an utterance begins where nothing is open."""
        words = text.text[max(self._read_to - text.start, 0) :]
        if words.strip():
            self._begin(text.start)
            self._has_words = True
        self._line.add(words)

    def _begin(self, at: int) -> None:
        """Opens an utterance of the voice that speaks, if none is open."""
        if self._open is None:
            self._open = _Open(self.voice, at, at, is_printed=False)

    def block(self, element: Element) -> None:
        """A paragraph, or what holds paragraphs."""
        self._flush()
        if element.name in ("li", "item") and not any(child.name == "num" for child in element.elements()):
            self._bullet = "- "
        self._inside += element.name not in ("div", "body")
        self._rows += element.name in ("row", "tr")
        self.children(element)
        self._rows -= element.name in ("row", "tr")
        self._inside -= element.name not in ("div", "body")
        self._flush()
        self._bullet = ""

    def _verse(self, element: Element) -> None:
        """A line of verse: a line of its own in its paragraph."""
        self._line.add(BREAK)
        self._inside += 1
        self.children(element)
        self._inside -= 1
        self._line.add(BREAK)

    def _cell(self, element: Element) -> None:
        """A cell of a table."""
        self._rows += 1
        self.listed(element, " | ")
        self._rows -= 1

    def listed(self, element: Element, sign: str) -> None:
        """One of several that stand in a line, parted from the one before it by a sign."""
        parts = self._line.parts
        while self._has_words and (parts[-1] == PARTED or parts[-1].isspace()):
            parts.pop()
        self._line.add(sign if self._has_words else PARTED)
        self.children(element)
        self._line.add(PARTED)

    def note(self, element: Element) -> None:
        """Words of a clerk: in brackets in a speech or a paragraph, else narration."""
        if self.voice == NOBODY and not self._inside:
            self.narration(element)
            return
        text = element.words() or ("…" if element.name == "gap" else "")
        if not text:
            self._line.add(PARTED)
            return
        text = text if BRACKETED.fullmatch(text) else f"[{text}]"
        self._begin(element.start)
        is_paragraph = not (self._inside or self._has_words)
        self._line.add(PARTED, text, PARTED)
        if is_paragraph:
            self._flush()

    def narration(self, element: Element) -> None:
        """Words of nobody: an utterance of its own."""
        self.speech(element, NOBODY)

    def speech(self, element: Element, voice: Voice, begins: int | None = None, words_at: int | None = None) -> None:
        """The words in an element, spoken by one voice. Where the file prints a label, it stands from `begins` to `words_at`."""
        is_printed, begins = words_at is not None, element.start if begins is None else begins
        self.close(begins)
        outer, self.voice = self.voice, voice
        inside, self._inside = self._inside, 0
        self.read_to(words_at or 0)
        if not self._goes_on(begins, voice, is_printed):
            self._open = _Open(voice, begins, element.inner if words_at is None else words_at, is_printed)
        self.speeches += voice != NOBODY
        self.children(element)
        self.close(element.end)
        self.voice, self._inside = outer, inside

    def lead(self, speech: Element, label: Element) -> int:
        """Where a speech's label begins. What the speech holds before it is read first, as nobody's words."""
        before = speech.children[: speech.children.index(label)]
        if not any(one.words() if isinstance(one, Element) else one.text.strip() for one in before):
            return speech.start
        self.close(speech.start)
        outer, self.voice = self.voice, NOBODY
        for one in before:
            if isinstance(one, Text):
                self.text(one)
            else:
                self.element(one)
        self.close(label.start)
        self.voice = outer
        return label.start

    def _goes_on(self, begins: int, voice: Voice, is_printed: bool) -> bool:
        """Whether the speech is the next paragraph of the one before it; that one is open again then."""
        if self._last is None or is_printed or not self.merges or voice[:2] == NOBODY[:2]:
            return False
        before, utterance = self._last
        if not self.pieces or self.pieces[-1] is not utterance or before.voice[:2] != voice[:2]:
            return False
        if not self.source.text[utterance.span.end : begins].isspace():
            return False
        self.pieces.pop()
        before.voice = before.voice._replace(end=voice.end)
        self._open = before
        return True

    def heading(self, title: str, start: int, end: int, level: int | None = None) -> None:
        """A heading, if it says anything."""
        self.close(start)
        if title:
            level = self.depth + 1 if level is None else level
            self.pieces.append(Heading(title, max(1, min(level, 6)), self.places.span(start, end)))

    def preamble(self, element: Element) -> None:
        """What is read for its meaning."""
        self.close(element.start)
        self.pieces.append(Preamble(self.places.span(element.start, element.end)))

    def skip(self, element: Element, reason: str) -> None:
        """What is left out, with its reason."""
        if words := element.words():
            self._line.add(PARTED)
            self.pieces.append(Skipped(words, reason, self.places.span(element.start, element.end)))
        else:
            self._line.begins(element)
            element.put_on(self._line)
            self._line.ends(element)

    def tell(self, code: str, message: str, element: Element, hint: str) -> None:
        """Something that an editor should know of an element."""
        span = self.places.span(element.start, element.inner)
        self.found.append(diagnose(code, message, span, hint, line_at(self.source.text, span.start)))

    # --- utterances ---

    def close(self, at: int) -> None:
        """Ends the utterance that is open."""
        self._flush()
        one, self._open = self._open, None
        if one is None or not (one.paragraphs or one.is_printed):
            return
        label, who, start, end = one.voice
        span = self.places.span(one.start, at)
        utterance = Utterance(label, "\n\n".join(one.paragraphs), span, one.words_at, start, end, who)
        self.pieces.append(utterance)
        self._last = one, utterance

    def _flush(self) -> None:
        """Ends the paragraph that is open."""
        parts, self._line, self._has_words = self._line.parts, Line(), False
        if self._open is None or not parts:
            return
        lines = (one_spaced(line) for line in settled("".join(parts)).split(BREAK))
        if text := "  \n".join(markup.escape(line) for line in lines if line):
            self._open.paragraphs.append(self._bullet + text)
            self._bullet = ""


# --- labels, names, times ------------------------------------------------------------------------------------------------


def label_of(words: str) -> str:
    """A printed label without the signs that part it from the words."""
    return LABEL_END.sub("", words)


def printed(walk: Walk, element: Element) -> tuple[str, int]:
    """The label that an element prints, and where it ends: before the element does, if words of the speech stand in it too."""
    words = element.words()
    match = WORDS_AFTER_LABEL.match(words)
    at = _offset(walk.source.text, element, len("".join(match[0].split()))) if match else None
    return (label_of(words), element.end) if match is None or at is None else (label_of(match[0]), at)


def _offset(source: str, element: Element, characters: int) -> int | None:
    """Where in the source that many characters of the element's text, spaces aside, have gone by."""
    waiting: list[Element | Text] = [element]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Element):
            waiting += reversed(one.children)
            continue
        for i, c in enumerate(one.text):
            if not characters and not c.isspace():
                return one.start + i if source.startswith(one.text, one.start) else None
            characters -= not c.isspace()
    return None


def ids_of(reference: str) -> list[str]:
    """The ids in a reference: "#a #b"; one that names a file counts from its fragment on."""
    return [one.rpartition("#")[2] for one in reference.split() if one.rpartition("#")[2]]


def name_from(id: str, labels: list[str]) -> str:
    """A name for somebody of whom the file has no name but an id: the id, if it is one itself ("DuarteAna"), or a label."""
    id = id.rstrip("/").rpartition("/")[2]  # "/ontology/person/duarte"
    if " " in id.strip() or (not id.isascii() and id.casefold() == id == id.upper()):
        return id
    spaced = "".join(f" {c}" if c.isupper() and id[i - 1 : i].islower() else c for i, c in enumerate(id))
    parts = spaced.split()
    if len(parts) > 1 and all(part[:1].isupper() and part.isalpha() and len(part) > 1 for part in parts):
        return spaced
    return Counter(labels).most_common(1)[0][0] if labels else id


def people_of(pieces: Iterable[Piece], listed: Mapping[str, Person]) -> tuple[Person, ...]:
    """Those who speak, in the order in which they do."""
    labels: dict[str, list[str]] = {}
    for piece in pieces:
        if isinstance(piece, Utterance) and piece.who is not None:
            labels.setdefault(piece.who, []).extend([piece.label] if piece.label else [])
    return tuple(listed.get(id) or Person(name=name_from(id, own), id=id) for id, own in labels.items())


def seconds(time: str) -> float | None:
    """The seconds of an offset: "12.5", "12.5s", "00:01:12.5", "PT1M12S". A date, or a time of day in a zone, is none."""
    time = time.strip()
    if match := CLOCK.fullmatch(time):
        return round(int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3]), 3)
    if (match := PERIOD.fullmatch(time)) and len(time) > 2:
        hours, minutes, rest = (float(part or 0) for part in match.groups())
        return round(hours * 3600 + minutes * 60 + rest, 3)
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?)s?", time)
    return round(float(match[1]), 3) if match else None


def same_name(one: str, other: str) -> bool:
    """Whether two labels share a word that is long enough to be a name."""
    words = {word for word in re.findall(r"[^\W\d_]+", key(one)) if len(word) > 2}
    return any(word in words for word in re.findall(r"[^\W\d_]+", key(other)))
