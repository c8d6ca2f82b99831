"""Speaker-tagged Markdown in one form, as `exports.markdown` writes it; and the proof that a rewritten file says the same.

Front matter in one order and one style, unless it has comments: then it stays as it is. One empty line between all that begins;
labels as `**[start–end] Name:**`; headings as `## Title`; words, comments and notes where and as they are.
"""

from __future__ import annotations

import codecs
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from . import fidelity, frontmatter, readers, silences, speakers
from .diagnostics import diagnose, failed
from .exports.markdown import gap, labelled, printed
from .model import (
    Definition,
    Diagnostic,
    Document,
    Heading,
    Metadata,
    Person,
    Piece,
    Preamble,
    Reading,
    Roster,
    Skipped,
    Source,
    Transcript,
    Utterance,
)
from .patterns import lazy
from .readers.beginnings import NOTE_REASON
from .readers.lines import heading_title
from .sources import SIDECARS

COMMENT = lazy(r"(?:^|\s)#")  # in YAML
HEADING = lazy(r"(?P<marks>#{1,6})(?:[ \t]+(?P<title>[^\n]*))?")
CANONICAL = lazy(r"[ ]{0,3}(?:\[[\d:.]+\][ \t]*)?\*\*[^\n]+(?::[ \t]?\*\*|\*\*[ \t]?:|：\*\*|\*\*：)")
FOREIGN = lazy(r"[\x00\udc80-\udcff]")  # of bytes that are no UTF-8, and of UTF-16
END = lazy(r"\r\n|[\n\r\x0b\f\x85\u2028\u2029]")
STRAY = lazy(r"[\x01-\x08\x0e-\x1f\x7f\ufeff]")
EMPTY = lazy(r"\A(?:[ \t]*\n)+")


class Read(NamedTuple):
    """What a text says, as far as nothing of it may change."""

    source: Source
    reading: Reading
    document: Document
    found: tuple[Diagnostic, ...]


class Known(NamedTuple):
    """What counts beside a file: its sidecar, the site's language, the site's people."""

    sidecar: Metadata | None = None
    language: str = "en"
    people: tuple[Person, ...] = ()


def read(path: str, data: bytes, known: Known) -> Read | None:
    """What bytes say; None where they are no text."""
    source, found = readers.decode(path, data)
    if source is None:
        return None
    reading = readers.read(source, known.sidecar)
    document, told = speakers.attribute(reading, known.language, known.people)
    return Read(source, reading, document, (*found, *reading.diagnostics, *told, *fidelity.reading(reading)))


def like(text: str, data: bytes) -> bytes:
    """A text as bytes, with the line ends and the byte order mark that other bytes have."""
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    return mark + (text.replace("\n", "\r\n") if b"\r\n" in data else text).encode()


def unlike(text: str, data: bytes) -> str:
    """Why a text that was read of these bytes can't be written as they are; "" if it can."""
    if like(text, data) == data:
        return ""
    found = data.decode("utf-8-sig", errors="surrogateescape")
    if FOREIGN.search(found):
        return "it is not UTF-8"
    if sign := STRAY.search(found):
        return f"it holds U+{ord(sign[0]):04X}, which is no text"
    ends = dict.fromkeys(END.findall(found))
    return f"its lines end in {'several ways' if len(ends) > 1 else 'an unusual way'}: {', '.join(map(_named, ends))}"


def _named(end: str) -> str:
    return {"\n": "LF", "\r\n": "CRLF", "\r": "CR"}.get(end) or f"U+{ord(end):04X}"


def put(file: Path, before: bytes, after: bytes) -> tuple[Diagnostic, ...]:
    """Write a file all at once, if it is still what was read."""
    target = file.resolve()
    spare = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        if target.read_bytes() != before:
            return (diagnose("RT239", "the file was changed in between: left as it is", str(file), "run it again"),)
        spare.write_bytes(after)
        shutil.copymode(target, spare)
        spare.replace(target)
    except OSError as error:  # its own name for a file says nothing to anybody
        hint = "check the disk's space and the folder's permissions"
        return (diagnose("RT701", f"can't write: {error.strerror}", str(file), hint),)
    finally:
        spare.unlink(missing_ok=True)
    return ()


def sidecar_of(file: Path) -> Metadata | None:
    """What the sidecar of a file says, if it has one."""
    for beside in (file.with_suffix(suffix) for suffix in SIDECARS):
        if beside.is_file() and beside != file:
            source, _ = readers.decode(str(beside), beside.read_bytes())
            return frontmatter.parse(source.text, str(beside))[0] if source else None
    return None


class Rewritten(NamedTuple):
    """A file in the one form; or why it stays as it is."""

    data: bytes | None  # None: as it was
    found: tuple[Diagnostic, ...] = ()


def rewritten(path: str, data: bytes, known: Known) -> Rewritten:
    """A file in the one form, proven to say what it said and to be the same when it is written again."""
    before = read(path, data, known)
    if before is None or before.source.format != "markdown" or not isinstance(before.document, Transcript):
        return Rewritten(None)
    if failed(before.found):
        return Rewritten(None, tuple(one for one in before.found if one.severity == "error"))
    if problem := _foreign(before, data):
        return Rewritten(None, (left(path, problem),))
    text = _form(before)
    after = read(path, text.encode(), known)
    if after is None or _form(after) != text:
        return Rewritten(None, (left(path, "written once more, it would have another form"),))
    if problem := changed(before, after):
        return Rewritten(None, (left(path, problem),))
    written = like(text, data)
    return Rewritten(None if written == data else written)


def left(path: str, problem: str) -> Diagnostic:
    """That a file stays as it is, and why."""
    hint = "all is well with it; to have it in the one form, write what is unusual there in another way"
    return diagnose("RT238", f"left as it is: {problem}", (path, 1, 1), hint)


def _foreign(one: Read, data: bytes) -> str:
    """Why a transcript can't have the one form; "" if it can."""
    text = one.source.text
    if problem := unlike(text, data):
        return problem
    for piece in one.reading.pieces:
        if isinstance(piece, Utterance) and piece.label is not None:
            label = text[piece.span.start : piece.words_at].strip()
            if not CANONICAL.fullmatch(label):
                return f"its labels have another form: {label[:40]!r}; 'roundtable import' writes a file of it"
    return ""


def changed(before: Read, after: Read) -> str:
    """What two texts don't say alike; "" if they say the same."""
    if failed(after.found):
        return next(one.message for one in after.found if one.severity == "error")
    old, new = _said(before), _said(after)
    return next((f"{what} would change" for what, said in old.items() if new.get(what) != said), "")


def _said(one: Read) -> dict[str, Any]:
    """What a transcript says, by what may not change; what it shares with others of its name, such as its path, aside."""
    document = one.document
    if not isinstance(document, Transcript):
        return {}
    turns, rest = document.turns(), {"skipped": (), "sections": ()}
    return {
        "words": [turn.markdown for turn in turns],
        "headings": [(part.id, part.title, part.level, len(part.turns)) for part in document.sections],
        "labels, times or ids": [(turn.id, turn.speaker, turn.label, turn.start, turn.end) for turn in turns],
        "comments": sorted((skipped.reason, skipped.text) for skipped in document.skipped),
        "what notes to Roundtable cover": _covered(one),
        "front matter": plain(document) | rest,
    }


def _covered(one: Read) -> list[tuple[tuple[str, ...], list[int]]]:
    """What notes silence, and of which turns, by their number."""
    kept, _ = silences.silences(one.reading, None)
    turns = one.document.turns() if isinstance(one.document, Transcript) else ()
    return [
        (silence.codes, [i for i, turn in enumerate(turns) if any(a <= turn.span.line <= b for a, b in silence.lines)])
        for silence in kept
    ]


def plain(noun: Any) -> Any:
    """A noun as mappings and lists, without the places of things."""
    if isinstance(noun, msgspec.Struct):
        return {name: plain(value) for name, value in msgspec.structs.asdict(noun).items() if name != "span"}
    return [plain(one) for one in noun] if isinstance(noun, tuple) else noun


# --- the form --------------------------------------------------------------------------------------------------------


def _form(one: Read) -> str:
    return "\n\n".join(block for block in _blocks(one.source, one.reading) if block) + "\n"


def _blocks(source: Source, reading: Reading) -> Iterator[str]:
    """What is parted by an empty line, in order."""
    yaml, body = frontmatter.split(source)
    if body:
        yield f"---\n{_head(yaml, source.path)}---"
    inner = [one for one in reading.pieces if isinstance(one, Definition | Skipped)]
    outer = [one for one in reading.pieces if not isinstance(one, Definition | Skipped) and one.span.start >= body]
    outer = [one for one in outer if not (isinstance(one, Preamble) and one.span.end <= body)]
    inside = {id(one): [two for two in inner if _is_in(two, one)] for one in outer}
    owned = {id(two) for some in inside.values() for two in some}
    for one in sorted((*outer, *(two for two in inner if id(two) not in owned)), key=lambda piece: piece.span.start):
        yield _block(source, one, inside.get(id(one), []))


def _is_in(inner: Piece, outer: Piece) -> bool:
    return outer.span.start <= inner.span.start and inner.span.end <= outer.span.end


def _head(yaml: str, path: str) -> str:
    """Front matter in one style, if nothing is lost by that."""
    plain_text = "".join(f"{line.rstrip()}\n" for line in yaml.split("\n") if line.strip())
    metadata, found = frontmatter.parse(yaml, path)
    if COMMENT.search(yaml) or found:
        return plain_text if frontmatter.parse(plain_text, path) == (metadata, found) else f"{yaml}\n"
    told = frontmatter.dump(metadata, metadata.speakers)
    return told if frontmatter.parse(told, path) == (metadata, ()) else f"{yaml}\n"


def _block(source: Source, piece: Piece, inside: Sequence[Piece]) -> str:
    text = source.text[piece.span.start : piece.span.end]
    if isinstance(piece, Heading | Preamble) and (match := HEADING.fullmatch(text.strip())):
        return f"{match['marks']} {heading_title(match['title'] or '')}".rstrip()
    if isinstance(piece, Utterance):
        words = _words(source, piece, inside)
        if piece.words_at <= piece.span.start:  # no label, or one that is nobody's and stays among the words
            return words
        return f"{printed(labelled(piece.label), piece.start, piece.end)}{gap(words)}{words}"
    return _tidy(text) if isinstance(piece, Roster | Definition) else text.strip()


def _words(source: Source, piece: Utterance, inside: Sequence[Piece]) -> str:
    """The words of an utterance, with what stands inside it in its place."""
    blocks, at, part = [], piece.words_at, ""
    for one in inside:
        part += source.text[at : one.span.start]
        at = one.span.end
        if isinstance(one, Skipped) and one.reason == NOTE_REASON:
            part += source.text[one.span.start : at]
        else:
            blocks += [_tidy(part), source.text[one.span.start : at].strip()]
            part = ""
    return "\n\n".join(filter(None, (*blocks, _tidy(part + source.text[at : piece.span.end]))))


def _tidy(text: str) -> str:
    """Without empty lines around it."""
    return EMPTY.sub("", text.rstrip().lstrip(" \t"))
