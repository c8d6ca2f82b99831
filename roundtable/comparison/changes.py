"""The nouns of a comparison: what happened to the record, in a reader's terms. They are also its JSON (`comparison.json`)."""

from __future__ import annotations

from typing import Literal

import msgspec

from ..exports.json import DiagnosticRecord

PieceKind = Literal["same", "removed", "added", "moved", "crossed"]
ChangeKind = Literal["added", "removed", "edited", "moved", "speaker", "form"]
Fate = Literal["redirected", "gone", "lost", "taken"]
Status = Literal["added", "removed", "changed", "renamed", "looks"]


class Record(msgspec.Struct, frozen=True):
    """What all of them share."""


class Piece(Record, frozen=True):
    """Some words of a turn; of what moved, where it was or is now."""

    kind: PieceKind  # "moved": elsewhere under the same speaker; "crossed": under another speaker
    text: str
    words: int
    place: str = ""  # id of the other turn
    speaker: str = ""  # and who speaks there


class Spot(Record, frozen=True):
    """A turn, a heading, or a paragraph of a plain page, in one of two versions."""

    id: str  # "" of a paragraph
    kind: Literal["turn", "narration", "heading", "paragraph"]
    speaker: str  # name; "" where nobody speaks
    line: int  # 0 of a paragraph
    path: str = ""  # of the document, where it is another one


class Change(Record, frozen=True):
    """What happened to a turn. `before` and `after` are all its words, in order."""

    kind: ChangeKind  # "moved": among the others, or to another document; "speaker": the same words, another speaker; "form": marks of Markdown only
    old: Spot | None
    new: Spot | None
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    is_moved: bool = False  # among the others, or to another document
    is_form: bool = False  # marks of Markdown, paragraphs or addresses of links are others, too


class Crossing(Record, frozen=True):
    """Words that one speaker said before and another says now; told of the document that they are in now."""

    text: str
    words: int
    old: Spot
    new: Spot


class Renamed(Record, frozen=True):
    """A speaker who has another name now, and how many turns went with it."""

    old: str
    new: str
    turns: int


class Permalink(Record, frozen=True):
    """An address that led to a turn, a section or a page before and leads elsewhere now, or nowhere."""

    id: str  # "" of the page itself
    fate: Fate  # "gone": somebody said so; "taken": it leads to other words
    to: str = ""
    url: str = ""  # of the page, where it is that


class Detail(Record, frozen=True):
    """What front matter, a sidecar or a list of guests says of a transcript; "" for nothing."""

    what: str
    old: str
    new: str


class Balance(Record, frozen=True):
    """The account of one speaker's words: before - removed - gave - left + came + took + added = after."""

    speaker: str  # name; "" for nobody: narration, headings
    before: int
    removed: int
    gave: int  # to other speakers
    took: int  # from other speakers
    added: int
    after: int
    left: int = 0  # for other documents, where the same speaker has them
    came: int = 0  # from other documents


class DocumentChange(Record, frozen=True):
    """What happened to a transcript, or to a plain page."""

    kind: Literal["transcript", "page"]
    status: Status  # "renamed": its file is; "looks": all that a reader is told is the same
    title: str
    old_path: str = ""  # from the content folder
    new_path: str = ""
    old_url: str = ""
    new_url: str = ""
    crossings: tuple[Crossing, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    changes: tuple[Change, ...] = ()
    permalinks: tuple[Permalink, ...] = ()
    details: tuple[Detail, ...] = ()
    account: tuple[Balance, ...] = ()


class PageChange(Record, frozen=True):
    """What happened to a page of a built site."""

    url: str
    status: Literal["added", "removed", "words", "looks"]


class FileChange(Record, frozen=True):
    """What happened to a file that is no document: it is copied as it is, or pages are made with it."""

    path: str  # its address; of a template and of site.toml, where it lies
    status: Literal["added", "removed", "changed"]
    before: int | None  # bytes
    after: int | None


class Comparison(Record, frozen=True):
    """All that changed between two versions of a site."""

    old: str  # as they were asked for
    new: str
    documents: tuple[DocumentChange, ...] = ()
    unchanged: int = 0  # documents
    files: tuple[FileChange, ...] = ()
    pages: tuple[PageChange, ...] | None = None  # None: nobody looked
    diagnostics: tuple[DiagnosticRecord, ...] = ()
    version: int = 1

    @property
    def is_same(self) -> bool:
        """Whether the record is the same: who said what, what is told of it, and where it is found."""
        return all(one.status == "looks" for one in self.documents)
