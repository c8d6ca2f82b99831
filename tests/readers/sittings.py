"""What the tests of parliaments' XML share: reading a text as a file of one format, and who says what in it."""

from __future__ import annotations

from roundtable import fidelity, readers
from roundtable.model import Metadata, Reading, Source, Utterance


def reading(text: str, path: str = "talk.xml", sidecar: Metadata | None = None, *, format: str) -> Reading:
    """The reading of a file that is known to be of that format; no word of it is lost."""
    source, _ = readers.decode(path, text.encode())
    assert isinstance(source, Source)
    assert source.format == format
    found = readers.read(source, sidecar)
    assert fidelity.reading(found) == ()
    return found


def said(one: Reading) -> list[tuple[str | None, str | None, str]]:
    """Label, id and words of each utterance."""
    return [(p.label, p.who, p.markdown) for p in one.pieces if isinstance(p, Utterance)]
