"""Readers: from a source to what is said in it. One file a format; all are written out here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath

import msgspec

from ..diagnostics import diagnose
from ..model import Diagnostic, Metadata, Piece, Preamble, Reading, Source, Utterance
from . import markdown, text

Reader = Callable[[Source, Metadata | None], Reading]

READERS: dict[str, Reader] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".txt": text.read,
}

CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # none of these belongs in text
MAX_BYTES = 64 * 1024 * 1024  # of a file; larger ones are not opened


def is_source(path: str) -> bool:
    """Whether a file of that name is read; others are copied as they are."""
    return PurePosixPath(path).suffix.casefold() in READERS


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What stands in the source. `sidecar` is the metadata of a file beside it, used where it has no front matter."""
    reading = READERS.get(PurePosixPath(source.path).suffix.casefold(), text.read)(source, sidecar)
    if reading.metadata.title or any(map(_says_something, reading.pieces)):
        return reading
    hint = "put the transcript in, or delete the file"
    nothing = diagnose("RT202", "nothing stands in this file", (source.path, 1, 1), hint)
    return msgspec.structs.replace(reading, kind="page", diagnostics=(*reading.diagnostics, nothing))


def _says_something(piece: Piece) -> bool:
    if isinstance(piece, Utterance):
        return bool(piece.label or piece.markdown)
    return not isinstance(piece, Preamble)


def decode(path: str, data: bytes) -> Source | Diagnostic:
    """The source that bytes hold, or why they are no text."""
    cure = "save the file as UTF-8 text"
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        decoded = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        byte = data[error.start : error.start + 1].hex()
        return diagnose(
            "RT201", f"not {encoding.removesuffix('-sig').upper()}: byte 0x{byte}", (path, line, column), cure
        )
    decoded = decoded.replace("\r\n", "\n").replace("\r", "\n") if "\r" in decoded else decoded
    if control := CONTROL.search(decoded):
        place = (
            path,
            decoded.count("\n", 0, control.start()) + 1,
            control.start() - decoded.rfind("\n", 0, control.start()),
        )
        return diagnose("RT201", f"not text: control character U+{ord(control[0]):04X}", place, cure)
    return Source(path, decoded, hashlib.sha256(data).hexdigest())
