"""The ledger of permalinks: which turn of a transcript has which id, in one text file beside the content.

    # Permalinks, version 1. …                                  what the file is, for people

    [talks/harbour.txt]                                         a transcript, by its path from the content folder
    dredging §                                                  a section: its id, above the turn with which it begins
    host-1 0a1b2c3d4e a00112233…                                a turn: id, digest of its words, sketch of them (recognition.py)
    host-2 lost 0a1b2c3d4e a00112233…                           it isn't on the page any more, and nobody has said why
    host-3 gone                                                 it isn't, and is meant to be gone
    host-4 -> host-2                                            it isn't; its words, or what is in their place, are there
    ana-* -> ana-duarte-*                                       a speaker was renamed: taken as read by the next build

    [talks/old.txt] gone                                        a transcript that is meant to be gone

Lines stand in the order of the page. One file for all, because that is what people see, review and merge: a line changes if
a turn's words do. None of the words are in it, so that what was withdrawn is.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import msgspec

from .diagnostics import Stopped, diagnose
from .model import Diagnostic
from .patterns import lazy

FILE = "permalinks.lock"
VERSION = 1
HEAD = f"""\
# Permalinks, version {VERSION}. Roundtable keeps the id of every turn here, so that links to turns survive edits. Commit this file
# with your transcripts. What to do with a line that says "lost" is in the guide, under "Permalinks": write "host-2 gone" or
# "host-2 -> host-5" in its place.
"""
NOTHING_WRONG = msgspec.msgpack.encode([])  # as the store keeps it
NOTHING, LOST, GONE = "", "lost", "gone"

ID = r"[\w-]+-[1-9][0-9]{0,8}"
WORDS = r"[0-9a-f]{10} [a-d](?:[0-9a-f]{4})*"
LINE = lazy(
    rf"(?P<id>{ID}) (?:(?P<lost>lost )?(?P<digest>[0-9a-f]{{10}}) (?P<sketch>[a-d](?:[0-9a-f]{{4}})*)"
    rf"|(?P<gone>gone)(?: {WORDS})?|-> (?P<to>{ID})(?: {WORDS})?)"
)
RENAMED = lazy(r"(?P<who>[\w-]+)-\* -> (?P<to>[\w-]+)-\*")
LINES = lazy(rf"(?:(?:{ID} (?:(?:lost )?{WORDS}|gone|-> {ID})|[\w-]+-\* -> [\w-]+-\*|[^\s#\[]\S* §)(?:\n|\Z))*+")
SECTION = lazy(r"(?P<id>[^\s#\[]\S*) §")
TITLE = lazy(r"\[(?P<path>.+)\](?P<gone> gone)?")
VERSIONED = lazy(r"# Permalinks, version ([0-9]+)\b")
CONFLICT = ("<<<<<<<", "=======", ">>>>>>>", "|||||||")
MOST = 10  # lines that are told
PIECE = 1 << 20  # bytes of a ledger that are held at once, and what is left of a part


class Line(NamedTuple):
    """An id and what is known of it."""

    id: str
    state: str = NOTHING  # LOST, GONE, or the id it is redirected to
    digest: str = ""
    sketch: str = ""

    @property
    def is_live(self) -> bool:
        """Whether it is a turn's."""
        return not self.state

    @property
    def is_redirect(self) -> bool:
        """Whether it leads to another id."""
        return self.state not in (NOTHING, LOST, GONE)

    @property
    def who(self) -> str:
        """The speaker's id, or what stands for it."""
        return self.id.rpartition("-")[0]

    def __str__(self) -> str:
        if self.state and self.state != LOST:
            return f"{self.id} gone" if self.state == GONE else f"{self.id} -> {self.state}"
        return f"{self.id} lost {self.digest} {self.sketch}" if self.state else f"{self.id} {self.digest} {self.sketch}"


class Part(NamedTuple):
    """What the ledger has of one transcript."""

    lines: tuple[Line, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()  # speakers' ids
    sections: tuple[tuple[str, str], ...] = ()  # the id of each, and that of the line below it; "" at the end


def part(text: str) -> Part:
    """What stands under a transcript's title; lines that can't be read are left out (`parts` tells them)."""
    lines: dict[str, Line] = {}
    renamed, sections = [], {}
    above: list[str] = []  # sections above the next line
    for one in text.split("\n"):
        if match := LINE.fullmatch(one):
            id, lost, digest, sketch, gone, to = match.groups()
            lines.setdefault(id, Line(id, (lost and LOST) or gone or to or NOTHING, digest or "", sketch or ""))
            sections.update(dict.fromkeys(above, id))
            above = []
        elif match := RENAMED.fullmatch(one):
            renamed.append((match["who"], match["to"]))
        elif match := SECTION.fullmatch(one):
            above.append(match["id"])
    sections.update(dict.fromkeys(above, ""))
    return Part(tuple(lines.values()), tuple(renamed), tuple(sections.items()))


def written(lines: Iterable[Line], sections: Mapping[str, Sequence[str]]) -> str:
    """Lines as they stand in the file. `sections` are ids of sections by that of the line below; by "" those at the end."""
    found: list[str] = []
    for line in lines:
        found += [f"{id} §" for id in sections.get(line.id, ())]
        found.append(str(line))
    return "\n".join([*found, *(f"{id} §" for id in sections.get("", ()))])


class Held(NamedTuple):
    """What a transcript's title and the lines under it say."""

    text: str
    is_gone: bool = False  # the transcript is meant to be gone


def parts(pieces: Iterable[bytes], path: str, wrong: list[Diagnostic]) -> Iterator[tuple[str, Held]]:
    """The parts of a ledger, each with its transcript's path; what is wrong goes into a list. `path` is the ledger's own.

    Of a ledger of a newer version nothing is taken.
    """
    seen: set[str] = set()
    found: list[_Wrong] = []
    line = 0
    for number, piece in enumerate(pieces):
        text = piece.decode("utf-8-sig", errors="replace").replace("\r\n", "\n").removesuffix("\r")
        if number == 0:
            if newer := _newer(text, path):
                wrong.append(newer)
                return
            text = f"\n{text}"
        before, *titled = text.split("\n[")
        if number == 0:
            blank = len(before) - len(before.lstrip("\n"))
            found += _wrong(before.lstrip("\n"), blank, is_head=True)
            line = before.count("\n")
        for chunk in titled:
            line += 1
            title, _, body = chunk.partition("\n")
            named, body = TITLE.fullmatch(f"[{title}"), body.rstrip("\n")
            if named is None or named["path"] in seen:
                what = "a title that can't be read" if named is None else f"two parts for {named['path']!r}"
                cure = (
                    "write '[path]' or '[path] gone'" if named is None else "put their lines together under one title"
                )
                found.append(_Wrong(line, what, cure, f"[{title}"))
            else:
                if not (LINES.fullmatch(body) and _are_unique(body)):
                    found += _wrong(body, line + 1)
                    body = "\n".join(
                        one for one in body.split("\n") if any(kind.fullmatch(one) for kind in (LINE, RENAMED, SECTION))
                    )
                seen.add(named["path"])
                yield named["path"], Held(body, named["gone"] is not None)
            line += chunk.count("\n")
    wrong += _told(found, path)


def _newer(text: str, path: str) -> Diagnostic | None:
    """What is said of a ledger that a newer Roundtable wrote."""
    version = VERSIONED.match(text)
    if version is None or (len(version[1]) < 10 and int(version[1]) <= VERSION):
        return None
    message = f"the ledger of permalinks is of version {version[1][:9]}, and this Roundtable knows {VERSION}"
    return diagnose("RT521", message, (path, 1, 1), "build with the Roundtable that wrote it, or with a newer one")


def _told(wrong: list[_Wrong], path: str) -> Iterator[Diagnostic]:
    yield from (diagnose("RT521", one.what, (path, one.line, 1), one.cure, one.text) for one in wrong[:MOST])
    if len(wrong) > MOST:
        hint = "take the file as it was committed last, and build"
        yield diagnose("RT521", f"and {len(wrong) - MOST:,} more lines that can't be read", path, hint)


class _Wrong(NamedTuple):
    """What is wrong with a line."""

    line: int
    what: str
    cure: str
    text: str


def _are_unique(body: str) -> bool:
    """Whether no id has two lines."""
    ids = [one.partition(" ")[0] for one in body.split("\n")]
    return len(ids) == len({*ids})


def _wrong(body: str, first: int, is_head: bool = False) -> Iterator[_Wrong]:
    """The lines that can't be read, or say something of an id a second time; in the head there are to be comments only."""
    seen: set[str] = set()
    for number, one in enumerate(body.split("\n"), first):
        match = LINE.fullmatch(one) or SECTION.fullmatch(one)
        if not one.strip() or one.startswith("#"):
            continue
        if one.startswith(CONFLICT):
            yield _Wrong(number, "a merge that isn't finished", "keep the lines of both sides, each id once", one)
        elif is_head:
            yield _Wrong(number, "a line above all titles", "put it under the '[path]' of its transcript", one)
        elif match and match["id"] in seen:
            yield _Wrong(number, f"two lines for {match['id']!r}", "keep the one that is right", one)
        elif match:
            seen.add(match["id"])
        elif not RENAMED.fullmatch(one):
            cure = "write 'id gone' or 'id -> other-id'; or take the line as it was committed last"
            yield _Wrong(number, "a line that can't be read", cure, one)


def composed(parts: Iterable[tuple[str, str, bool]]) -> Iterator[bytes]:
    """A ledger of parts: path, lines, and whether the transcript is meant to be gone. Comes in pieces, as all that follows."""
    yield HEAD.encode()
    for path, lines, gone in parts:
        yield f"\n[{path}]{' gone' * gone}\n{lines}{chr(10) * bool(lines)}".encode(errors="surrogatepass")


def edited(pieces: Iterable[bytes], edits: Iterable[tuple[str, str, str]]) -> Iterator[bytes]:
    """A composed ledger with other lines under some titles: path, lines before and after, none of them empty.

    Copies all else: a thirtieth of the work of composing a large one. A ledger that isn't as it is said to be is a ValueError.
    """
    left = {f"\n[{path}]\n".encode(errors="surrogatepass"): lines for path, *lines in edits}
    for piece in pieces:
        here = sorted((at, title) for title in left if (at := piece.find(title)) >= 0)
        last = 0
        for at, title in here:
            before, after = (f"{lines}\n".encode(errors="surrogatepass") for lines in left.pop(title))
            start = at + len(title)
            if not piece.startswith(before, start) or piece[start + len(before) : start + len(before) + 2] not in (
                b"",
                b"\n[",
            ):
                raise ValueError(title)
            yield from (piece[last:start], after)
            last = start + len(before)
        yield piece[last:]
    if left:
        raise ValueError(*left)


SAME = 0.5  # of the turns of two transcripts, from which on one is the other, renamed


def heirs(orphans: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Which new transcripts have the turns of one that is gone: its path by theirs, each once. Parts by path are given."""
    words = {path: Counter(_words(lines)) for path, lines in (*orphans.items(), *new.items())}
    by_words: dict[tuple[str, str], list[str]] = {}
    for path in orphans:
        for one in words[path]:
            by_words.setdefault(one, []).append(path)
    found = []
    for path in new:
        shared: Counter[str] = Counter()
        for one, times in words[path].items():
            for orphan in by_words.get(one, ()):
                shared[orphan] += min(times, words[orphan][one])
        for orphan, both in shared.items():
            if both >= SAME * max(words[path].total(), words[orphan].total()):
                found.append((-both, orphan, path))
    heirs: dict[str, str] = {}
    for _, orphan, path in sorted(found):
        if path not in heirs and orphan not in heirs.values():
            heirs[path] = orphan
    return heirs


def _words(lines: str) -> list[tuple[str, str]]:
    """Who says what, in the turns that are there."""
    return [(line.who, line.digest) for line in part(lines).lines if line.is_live]


class Ledger(NamedTuple):
    """The file as a build finds it."""

    file: Path
    digest: bytes  # of what it holds
    stamp: bytes = b""  # of the file; b"" if there is none


def stored(file: Path) -> Iterator[bytes]:
    """What a ledger holds, nothing where there is none: in pieces that all but the first begin with a title.

    Stopped where it can't be read: what it knows would be lost.
    """
    rest = b""
    try:
        with file.open("rb") as source:
            while data := source.read(PIECE):
                rest += data
                if (end := rest.rfind(b"\n[")) > 0:
                    yield rest[:end]
                    rest = rest[end:]
    except FileNotFoundError:
        return
    except OSError as error:
        hint = "make it a file that can be read, or take it away"
        message = f"the ledger of permalinks can't be read: {error.strerror or error}"
        raise Stopped(diagnose("RT521", message, str(file), hint)) from error
    yield rest


def digest(pieces: Iterable[bytes]) -> bytes:
    """SHA-256 of what a ledger holds."""
    found = sha256()
    for piece in pieces:
        found.update(piece)
    return found.digest()


def store(file: Path, pieces: Iterable[bytes]) -> bytes | Diagnostic:
    """Write a ledger, whole or not at all: its digest, or why it can't be written."""
    part, found = file.with_name(f".{file.name}.new"), sha256()
    try:
        part.unlink(missing_ok=True)  # whatever it may be, or lead to
        with part.open("xb") as target:
            for piece in pieces:
                target.write(piece)
                found.update(piece)
        part.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        hint = "make it writable: else links to turns may break when transcripts are edited"
        return diagnose(
            "RT524", f"the ledger of permalinks can't be written: {error.strerror or error}", str(file), hint
        )
    return found.digest()
