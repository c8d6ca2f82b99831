"""`parse` without `--json`: what was read, for people."""

from __future__ import annotations

from ..model import Document, Transcript


def write(path: str, document: Document | None, convention: str) -> str:
    """A few lines on one file."""
    if document is None:
        return f"{path}: can't be read"
    if not isinstance(document, Transcript):
        return f"{path}: a page, {document.title!r}"
    turns = document.turns()
    lines = [f"{path}: a transcript, {document.title!r}", f"  labels: {convention}"]
    for speaker in document.speakers:
        count = sum(turn.speaker == speaker.id for turn in turns)
        about = speaker.description or ", ".join(part for part in (speaker.role, speaker.affiliation) if part)
        lines.append(f"  {count:4} turns  {speaker.name} ({speaker.kind}){f': {about}' if about else ''}")
    lines += [
        f"  {len(section.turns):4} turns  under {section.title or 'no heading'!r}" for section in document.sections
    ]
    lines += [f"  skipped in line {one.span.line}: {one.reason}" for one in document.skipped]
    return "\n".join(lines)
