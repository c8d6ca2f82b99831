"""`parse --json`: one file's transcript as one line of JSON. The shape holds from version 1 on; its schema is published.

Narration is a turn without speaker and label; a plain page is one section of narration.
"""

from __future__ import annotations

from typing import Any

import msgspec

from .. import markup
from ..model import Diagnostic, Document, MarkKind, Prose, Section, Severity, Speaker, SpeakerKind, Transcript, Turn


class SpeakerRecord(msgspec.Struct, frozen=True):
    """A speaker; `aliases` are other labels that mean them."""

    id: str
    name: str
    role: str | None
    affiliation: str | None
    kind: SpeakerKind
    aliases: tuple[str, ...]


class MarkRecord(msgspec.Struct, frozen=True):
    """A mark among the words, as printed; `seconds` of a time."""

    kind: MarkKind
    text: str
    seconds: float | None


class TurnRecord(msgspec.Struct, frozen=True):
    """A turn; `start` and `end` in seconds, `line` from 1."""

    id: str
    speaker: str | None  # id; null for narration
    label: str | None  # as printed
    start: float | None
    end: float | None
    markdown: str
    text: str  # plain words without markup, marks in square brackets, and times that are paragraphs of their own
    line: int
    marks: tuple[MarkRecord, ...] = ()


class SectionRecord(msgspec.Struct, frozen=True):
    """A section; the one before the first heading has no title."""

    id: str
    title: str | None
    level: int
    turns: tuple[TurnRecord, ...]


class SkippedRecord(msgspec.Struct, frozen=True):
    """Lines that are deliberately not on the page."""

    line: int
    end_line: int
    text: str
    reason: str


class DiagnosticRecord(msgspec.Struct, frozen=True):
    """What an editor should know; codes are explained in the guide."""

    code: str
    severity: Severity
    message: str
    path: str | None
    line: int | None
    column: int | None
    hint: str | None


class Record(msgspec.Struct, frozen=True):
    """One file, as read. A file that can't be read has diagnostics and nothing else."""

    path: str
    title: str | None = None
    language: str | None = None
    speakers: tuple[SpeakerRecord, ...] = ()
    sections: tuple[SectionRecord, ...] = ()
    skipped: tuple[SkippedRecord, ...] = ()
    diagnostics: tuple[DiagnosticRecord, ...] = ()


def write(path: str, document: Document | None, diagnostics: tuple[Diagnostic, ...]) -> bytes:
    """One line of JSON, without the line break."""
    found = tuple(
        DiagnosticRecord(d.code, d.severity, d.message, d.path, d.line, d.column, d.hint) for d in diagnostics
    )
    match document:
        case None:
            record = Record(path, diagnostics=found)
        case Prose():
            record = Record(path, document.title, document.language, sections=(_page(document),), diagnostics=found)
        case Transcript():
            record = Record(
                path, document.title, document.language,
                tuple(map(_speaker, document.speakers)), tuple(map(_section, document.sections)),
                tuple(SkippedRecord(s.span.line, s.span.line + s.text.count("\n"), s.text, s.reason) for s in document.skipped), found,
            )  # fmt: skip
    return msgspec.json.encode(record)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a line."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "roundtable parse --json",
        **msgspec.json.schema(Record),
    }


def _speaker(speaker: Speaker) -> SpeakerRecord:
    return SpeakerRecord(speaker.id, speaker.name, speaker.role, speaker.affiliation, speaker.kind, speaker.aliases)


def _section(section: Section) -> SectionRecord:
    return SectionRecord(section.id, section.title, section.level, tuple(map(_turn, section.turns)))


def _turn(turn: Turn) -> TurnRecord:
    text = markup.spoken(markup.turn(turn.markdown, turn.id))
    marks = tuple(MarkRecord(mark.kind, mark.text, mark.seconds) for mark in turn.marks)
    return TurnRecord(
        turn.id, turn.speaker, turn.label, turn.start, turn.end, turn.markdown, text, turn.span.line, marks
    )


def _page(prose: Prose) -> SectionRecord:
    turn = TurnRecord(
        "narration-1", None, None, None, None, prose.markdown, markup.page(prose.markdown).text, prose.span.line
    )
    return SectionRecord("section", None, 2, (turn,))
