"""The nouns: what a transcript is made of, from source text to finished file.

Every noun is frozen and holds tuples, so it can be hashed, pickled, cached and handed to another process. Nothing holds
a back-reference. A stage never fills in a field later: it returns the next noun.

    Source -> Reading -> Transcript -> Summary          (words, who said them, what other pages need of them)
    Item -> Intent -> Page -> Artifact                  (what is to be made, of what, what was made)
    Diagnostic                                          (what an editor should know, at any stage)
"""

from __future__ import annotations

from itertools import chain
from typing import Literal, NamedTuple

import msgspec

SpeakerKind = Literal["host", "guest", "audience", "unknown"]
Severity = Literal["error", "warning", "note"]
Record = Literal["verbatim", "edited", "summary"]
KINDS: dict[Record | None, str] = {  # what a transcript is called, where it is cited or described
    None: "Transcript", "verbatim": "Transcript", "edited": "Edited transcript", "summary": "Summary record",
}  # fmt: skip
MarkKind = Literal["time", "laughter", "applause", "inaudible", "crosstalk", "pause", "music", "direction", "editorial"]


class Noun(msgspec.Struct, frozen=True, cache_hash=True, gc=False, array_like=True):
    """What all nouns share: immutable, hashable, compared by value; encoded as arrays, since a store holds millions."""


class SourceSpan(Noun, frozen=True):
    """Where something stood in its source: the half-open range of characters [start, end)."""

    path: str
    line: int  # of the first character, from 1
    column: int  # of the first character, from 1
    start: int  # offset in characters, from 0
    end: int  # offset of the first character that is no longer part of it


class Source(Noun, frozen=True):
    """One file of `content/`, decoded."""

    path: str  # as people write it: relative to the site, with forward slashes
    text: str  # lines end with \n, whatever they ended with in the file; a byte order mark is taken off
    digest: str  # SHA-256 of the bytes, hexadecimal
    format: str = "text"  # how it is read: a key of readers.FORMATS
    reason: str = ""  # why it is read so, for people: "begins with 'WEBVTT'"
    lines: tuple[
        int, ...
    ] = ()  # where text was taken out of a file (Word, HTML): the file's line for each of its lines


class Diagnostic(Noun, frozen=True):
    """One thing an editor should know, with its place and its cure."""

    code: str  # stable, see diagnostics.CODES
    severity: Severity
    message: str
    path: str | None = None
    line: int | None = None
    column: int | None = None
    hint: str | None = None  # what to do
    source: str | None = None  # the line of text in question


class Silence(Noun, frozen=True):
    """Where an editor doesn't want to be told of something, and said why."""

    codes: tuple[str, ...]
    path: str
    lines: tuple[tuple[int, int], ...]  # first and last of each stretch that it covers; none: the whole file
    line: int  # where it stands itself
    column: int
    source: str  # that line


# --- what a reader sees: pieces in the order of the source, together covering all of it -----------------------------


class Person(Noun, frozen=True, kw_only=True, array_like=False):
    """Someone named by a roster (front matter, a guests section, a format's own list), before labels are matched."""

    name: str = ""
    id: str | None = None
    role: str | None = None
    affiliation: str | None = None
    description: str | None = None  # role and affiliation as printed, where that says more than "role, affiliation"
    kind: SpeakerKind | None = None
    aliases: tuple[str, ...] = ()


class Preamble(Noun, frozen=True):
    """Front matter, or a title line: read for its meaning, printed elsewhere on the page."""

    span: SourceSpan


class Roster(Noun, frozen=True):
    """A guests section: its heading and the people it names, who stand in the page's header."""

    title: str
    people: tuple[Person, ...]
    span: SourceSpan


class Heading(Noun, frozen=True):
    """The heading of a section."""

    title: str  # plain text
    level: int  # 1 to 6; a heading without markup is 2
    span: SourceSpan


class Utterance(Noun, frozen=True):
    """Words under one label, or under none (narration), as Markdown."""

    label: str | None  # as printed, without markup and colon
    markdown: str
    span: SourceSpan  # label and words
    words_at: int  # offset at which the words begin
    start: float | None = None  # seconds from the start of the recording
    end: float | None = None
    who: str | None = None  # Person.id, where the format itself says whose words these are, whatever the label


class Definition(Noun, frozen=True):
    """A footnote's or link's definition: moved to the utterances that refer to it."""

    key: str  # "^1" for a footnote, "1" for a link
    markdown: str
    span: SourceSpan


class Skipped(Noun, frozen=True):
    """Text that is in the source and deliberately not on the page."""

    text: str
    reason: str
    span: SourceSpan


class Furniture(Noun, frozen=True):
    """What recurs on the pages of a source and nobody said: it stands in the midst of pieces, and is part of none."""

    kind: Literal["line number", "page number", "running head"]
    text: str  # as printed; the sign # stands for a number that counts up, № for a Roman one
    places: tuple[SourceSpan, ...]  # in order, all of one line each


Piece = Preamble | Roster | Heading | Utterance | Definition | Skipped


class Recording(Noun, frozen=True, kw_only=True, array_like=False):
    """Sound or film of what a transcript holds."""

    file: str = ""  # its path from the source's, or an address
    type: str | None = None  # of the file, as in "audio/mpeg"; else by its name
    length: int | None = None  # in bytes, where the file is elsewhere
    duration: str | None = None  # "1:02:03", or seconds


class Download(Noun, frozen=True, kw_only=True, array_like=False):
    """A file that goes with a document."""

    file: str = ""  # its path from the source's, or an address
    title: str | None = None


class Ignored(Noun, frozen=True, kw_only=True, array_like=False):
    """A finding of which an editor doesn't want to be told."""

    code: str = ""
    text: str | None = None  # stands in the line in question; None: wherever it is found in the file
    because: str = ""


class Metadata(Noun, frozen=True, kw_only=True, array_like=False):
    """What front matter or a sidecar says of one file. Everything has a default; text stays text."""

    title: str | None = None
    description: str | None = None  # the deck under the title
    date: str | None = None  # ISO 8601: a year, a month or a day
    language: str | None = None  # BCP 47
    type: Literal["transcript", "page"] | None = None
    labels: Literal["bold"] | None = None  # "**Name:**" and no other form, whatever else looks like a label
    id: str | None = None  # stable page id: names the comments thread whatever the URL becomes
    slug: str | None = None  # last part of the URL
    aliases: tuple[str, ...] = ()  # where the page once was, from the site's root
    translation_of: str | None = None  # the file of which this is a translation, by its path from this one
    draft: bool = False
    order: int | None = None  # place among the pages of its folder
    series: str | None = None
    place: str | None = None
    record: Record | None = None  # how the words were taken down
    source: str | None = None  # where the transcript comes from
    license: str | None = None
    corrections: tuple[str, ...] = ()  # what was mended since it was published, the latest last
    comments: bool = True
    speakers: tuple[Person, ...] = ()
    person: Person | None = None  # whom a page in content/speakers/ is about
    audio: Recording | None = None
    video: Recording | None = None
    downloads: tuple[Download, ...] = ()
    ignore: tuple[Ignored, ...] = ()


class Reading(Noun, frozen=True):
    """What a reader made of one source: pieces in order, and what it has to say about them."""

    source: Source
    kind: Literal["transcript", "page"]
    metadata: Metadata
    pieces: tuple[Piece, ...]
    convention: str = ""  # how speakers are labelled, for people: "label alone on its line"
    people: tuple[Person, ...] = ()  # whom the format itself lists; each has an id
    continuous: bool = (
        False  # neighbouring utterances of one speaker are one turn: captions, segments of speech-to-text
    )
    furniture: tuple[Furniture, ...] = ()  # of pages: taken out before the pieces were found
    diagnostics: tuple[Diagnostic, ...] = ()


# --- a transcript: who said what -------------------------------------------------------------------------------------


class Speaker(Noun, frozen=True, kw_only=True):
    """A person (or a role, like Host) who speaks."""

    id: str  # a slug, unique in the transcript
    name: str
    role: str | None = None
    affiliation: str | None = None
    description: str | None = None  # see Person
    kind: SpeakerKind = "unknown"
    aliases: tuple[str, ...] = ()  # other labels that mean this speaker


class Mark(Noun, frozen=True):
    """What stands between a speaker's words and nobody said: "[laughter]", "(00:04:01)"."""

    kind: MarkKind
    text: str  # as printed
    seconds: float | None = None  # of a time, from the start of the recording


class Turn(Noun, frozen=True):
    """One speaker's uninterrupted words; narration where there is no speaker."""

    id: str  # unique on the page
    speaker: str | None  # Speaker.id
    label: str | None  # as printed
    markdown: str
    start: float | None  # seconds
    end: float | None
    span: SourceSpan
    marks: tuple[Mark, ...] = ()  # in the Markdown, in order; no words of the speaker


class Section(Noun, frozen=True):
    """A heading and its turns. What stands before the first heading is a section without a title."""

    id: str  # unique on the page
    title: str | None
    level: int
    turns: tuple[Turn, ...]
    span: SourceSpan


class Tombstone(Noun, frozen=True):
    """An id that was a turn's or a section's: links to it must lead somewhere."""

    id: str  # unique on the page
    speaker: str | None  # Speaker.id of whose turn it was, if they are still there
    to: str | None  # id of the turn or the section to go to: the nearest, or where it moved
    is_moved: bool  # it is known where it is now: somebody said so, or a section has another title


class Transcript(Noun, frozen=True):
    """A conversation, its speakers known."""

    path: str
    title: str
    language: str
    metadata: Metadata
    speakers: tuple[Speaker, ...]
    sections: tuple[Section, ...]
    skipped: tuple[Skipped, ...]
    tombstones: tuple[Tombstone, ...] = ()  # of turns that are on the page no more

    def turns(self) -> tuple[Turn, ...]:
        """All turns, narration included, in order."""
        return tuple(chain.from_iterable([section.turns for section in self.sections]))

    def speaker(self, id: str) -> Speaker:
        """The speaker of that id; KeyError if there is none."""
        for speaker in self.speakers:
            if speaker.id == id:
                return speaker
        raise KeyError(id)


class Prose(Noun, frozen=True):
    """A plain page: one body of Markdown, no speakers."""

    path: str
    title: str
    language: str
    metadata: Metadata
    markdown: str
    span: SourceSpan  # of the body


Document = Transcript | Prose


# --- the site --------------------------------------------------------------------------------------------------------


class Summary(Noun, frozen=True, kw_only=True):
    """What other pages show of a document: nothing that every correction of its words would change."""

    kind: Literal["transcript", "page"]
    path: str
    url: str  # from the site's root: "/guide/comments/"
    id: str  # stable page id
    title: str
    language: str
    description: str | None
    date: str | None
    series: str | None
    record: Record | None
    order: int | None
    speakers: tuple[Speaker, ...]
    audio: Recording | None = None
    has_times: bool = False  # whether any turn has


class Item(NamedTuple):
    """What planning needs of a document: so small that a hundred thousand fit in memory."""

    path: str
    kind: str  # Summary.kind
    url: str
    id: str | None  # Summary.id, if the document says so itself
    date: str  # "" without one
    sorting: str  # of a page: the title, case folded
    order: int | None
    names: str  # of the speakers, a line each
    digest: bytes  # of the Summary: what other pages show of it
    body: bytes  # digest of all that its own page shows
    has_answers: bool  # whether its answers have a page of their own, side by side
    said: bytes  # what is quoted of it (`quoted`), so that an edit of what one speaker says is the business of no other


MARK, MARKED = 6, 14  # bytes of Item.said: what tells a page, and that with the digest of what is quoted there


def quoted(item: Item, mark: bytes) -> bytes:
    """A digest of what the page with that mark quotes of a document; empty if that is nothing."""
    at = item.said.find(mark)
    return item.said[at : at + MARKED] if at >= 0 else b""


class Quote(Noun, frozen=True):
    """A turn as its speaker's page shows it."""

    id: str  # Turn.id
    html: str  # its words, safe to insert
    name: str  # the speaker's, as this transcript has it
    asked: str = ""  # the question that it answers, in a few words
    question: str = ""  # the question's Turn.id


class Voice(Noun, frozen=True):
    """Somebody who speaks, as a list of all speakers shows them."""

    name: str
    url: str
    transcripts: int  # in how many they speak


class Intent(NamedTuple):
    """A page that is to be: where, and of what it is made."""

    url: str
    path: str  # of the file, from the output folder
    template: str
    subject: Item | None = None  # the document it shows
    previous: Item | None = None
    next: Item | None = None
    listed: tuple[Item, ...] = ()  # what it lists
    title: str = ""  # of a list
    newer: str | None = None  # URL of the list's part with newer documents
    older: str | None = None
    voices: tuple[Voice, ...] = ()
    voice: str = ""  # URL of the speaker whose words are quoted
    translations: tuple[Item, ...] = ()  # the same in other languages


class Page(Noun, frozen=True):
    """What a template is told of the page it makes."""

    url: str
    path: str  # of the file, from the output folder
    template: str
    subject: str | None = None  # path of the source it shows
    previous: Summary | None = None
    next: Summary | None = None
    listed: tuple[Summary, ...] = ()  # what it lists
    title: str = ""  # of a list
    newer: str | None = None  # URL of the list's part with newer documents
    older: str | None = None
    voices: tuple[Voice, ...] = ()
    quoted: tuple[tuple[Quote, ...], ...] = ()  # on a speaker's page: what they say in each of those listed
    translations: tuple[Summary, ...] = ()  # the same in other languages


class Artifact(Noun, frozen=True):
    """A result: one file of the site."""

    path: str  # from the output folder, with forward slashes
    content: bytes
