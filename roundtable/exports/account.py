"""`parse` without `--json`: what was read, for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from ..markup import Rendered, count, spoken
from ..model import Diagnostic, Document, Reading, Transcript
from ..readers import FORMATS

UNCERTAIN = frozenset({"RT205", "RT206", "RT209", "RT211", "RT213", "RT301", "RT302", "RT304"})

TOLD = UNCERTAIN | {"RT208", "RT212"}  # diagnostics that an account has said already


def write(
    path: str,
    reading: Reading | None,
    document: Document | None,
    rendered: Mapping[str, Rendered],
    found: tuple[Diagnostic, ...],
) -> str:
    """Some lines on one file: format, labels, speakers, sections, marks, what was skipped, what is uncertain."""
    if reading is None or document is None:
        return f"{path}: can't be read"
    format = f"  format: {FORMATS[reading.source.format].name}"
    format += f", because {reading.source.reason}" if reading.source.reason else ", by its name"
    if not isinstance(document, Transcript):
        return f"{path}: a page, {document.title!r}\n{format}"
    lines = [
        f"{path}: a transcript, {document.title!r}",
        format,
        f"  labels: {reading.convention or 'none'}",
        *_speakers(document, rendered),
        *_sections(document, rendered),
        *_marks(document),
        *_skipped(document),
        *_uncertain(found),
    ]
    return "\n".join(lines)


def _speakers(document: Transcript, rendered: Mapping[str, Rendered]) -> Iterator[str]:
    turns = document.turns()
    counts: dict[str | None, list[int]] = {}
    for turn in turns:
        counts.setdefault(turn.speaker, []).append(count(spoken(rendered[turn.id])))
    for speaker in document.speakers:
        words = counts.get(speaker.id, [])
        about = speaker.description or ", ".join(part for part in (speaker.role, speaker.affiliation) if part)
        described = f": {about}" if about else ""
        yield f"  {len(words):5} turns {sum(words):8,} words  {speaker.name} ({speaker.kind}){described}"
    if narration := counts.get(None):
        yield f"  {len(narration):5} turns {sum(narration):8,} words  of nobody"


def _sections(document: Transcript, rendered: Mapping[str, Rendered]) -> Iterator[str]:
    for section in document.sections:
        words = sum(rendered[turn.id].words for turn in section.turns)
        yield f"  {len(section.turns):5} turns {words:8,} words  under {section.title or 'no heading'!r}"


def _marks(document: Transcript) -> Iterator[str]:
    kinds = Counter(mark.kind for turn in document.turns() for mark in turn.marks)
    if kinds:
        yield "  marks: " + ", ".join(f"{number:,} {kind}" for kind, number in sorted(kinds.items()))


def _skipped(document: Transcript) -> Iterator[str]:
    reasons: dict[str, list[int]] = {}
    for one in document.skipped:
        reasons.setdefault(one.reason, []).append(one.span.line)
    for reason, places in reasons.items():
        more = f" and {len(places) - 1:,} more" if len(places) > 1 else ""
        yield f"  skipped in line {places[0]}{more}: {reason}"


def _uncertain(found: tuple[Diagnostic, ...]) -> Iterator[str]:
    for one in found:
        if one.code in UNCERTAIN:
            cure = f" ({one.hint})" if one.hint else ""
            yield f"  uncertain in line {one.line or 1}: {one.message} [{one.code}]{cure}"
