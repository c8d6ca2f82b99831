"""What was built before: one SQLite file in the cache folder, so that a build does only what a change asks for.

    file       each file in content/ and static/, with the stamp it had when it was last looked at
    source     each file that is read: the digest of its bytes, what other pages need of it, what is to be told of it; `since`
               grows with each that is kept, so that what is new to an output is found at once
    body       all that its own page shows (bodies.py)
    said       what a speaker's page quotes of it
    ledger     what the ledger of permalinks has of each transcript, and what it is to have
    memo       what takes long to find out and seldom changes
    output     each folder that was built into, how its last build ended, and which sources it has seen
    page       each page in an output: the key of all that it was made from, its files and their stamps, what is to be told
    anchor     the ids on each page: many, and seldom asked for, so that they stand by themselves

Keys are digests of content. A stamp (times, size, inode) only decides whether a file must be looked at again. All of it can be
deleted at any time: what is missing is made anew.
"""

from __future__ import annotations

import os
import sqlite3
import struct
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, Self

from .model import Item

VERSION = 7
BUSY = 30  # seconds that one waits for another's lock on the database, which is held for moments only
GLANCE = 0.2  # the same, where it is only looked at
PAGE = 16_384  # bytes of a page: bodies are large
CHECKPOINT = 4_000  # pages after which the log is written into the file
SCHEMA = """
CREATE TABLE file (path TEXT PRIMARY KEY, stamp BLOB NOT NULL, is_source INTEGER, digest BLOB) WITHOUT ROWID;
CREATE TABLE source (
    since INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT UNIQUE, epoch BLOB, digest BLOB, sidecar TEXT, is_draft INTEGER,
    kind TEXT, url TEXT, id TEXT, date TEXT, sorting TEXT, place INTEGER, names TEXT, summary_digest BLOB, body_digest BLOB, has_answers INTEGER, said_digest BLOB,
    words INTEGER, turns INTEGER, summary BLOB, found BLOB, links BLOB, moved BLOB, attached BLOB, silences BLOB, advice BLOB, inaudible INTEGER, original BLOB
);
CREATE INDEX newest ON source (
    date DESC, sorting, path, is_draft, url, id, names, summary_digest, body_digest, has_answers, said_digest
) WHERE kind = 'transcript';
CREATE INDEX prose ON source (path) WHERE kind = 'page';
CREATE INDEX linked ON source (path) WHERE links IS NOT NULL;
CREATE INDEX moved ON source (path) WHERE moved IS NOT NULL;
CREATE INDEX attached ON source (path) WHERE attached IS NOT NULL;
CREATE INDEX silenced ON source (path) WHERE silences IS NOT NULL;
CREATE INDEX translated ON source (path) WHERE original IS NOT NULL;
CREATE TABLE body (path TEXT PRIMARY KEY, content BLOB);
CREATE TABLE said (path TEXT, url TEXT, content BLOB, PRIMARY KEY (path, url)) WITHOUT ROWID;
CREATE TABLE ledger (path TEXT PRIMARY KEY, held TEXT, part TEXT, state INTEGER, took TEXT, is_gone INTEGER) WITHOUT ROWID;
CREATE INDEX unwritten ON ledger (state, took);
CREATE TABLE memo (name TEXT PRIMARY KEY, key BLOB, value BLOB);
CREATE TABLE output (id INTEGER PRIMARY KEY, path TEXT UNIQUE, key BLOB, outcome BLOB, manifest BLOB, standing BLOB, seen INTEGER);
CREATE TABLE page (
    output INTEGER, url TEXT, key BLOB, words INTEGER, files TEXT, stamps BLOB, found BLOB, astray TEXT,
    is_page INTEGER, PRIMARY KEY (output, url)
) WITHOUT ROWID;
CREATE TABLE anchor (output INTEGER, url TEXT, ids TEXT, PRIMARY KEY (output, url)) WITHOUT ROWID;
"""
_INPUT = struct.Struct("<qqQQ").pack
_OUTPUT = struct.Struct("<qQQ").pack
MASK = (1 << 64) - 1
AS_HELD, AHEAD, OPEN = (
    0,
    1,
    2,
)  # the ledger has what it is to have; it has not yet; nobody has read its transcript with it
DRAFT = "path IN (SELECT path FROM source WHERE is_draft)"  # of drafts, the ledger has what it had
TO_HAVE = "CASE WHEN state = 1 THEN part ELSE ifnull(held, '') END"
STAGED = bytes(24)  # the stamp of a file that is not in the output yet


def stamp(status: os.stat_result) -> bytes:
    """What changes whenever a source does. Nobody can set the second time, that of the last change of the inode."""
    return _INPUT(status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino & MASK)


def output_stamp(status: os.stat_result) -> bytes:
    """What changes whenever somebody else writes a file of ours; a copy or a hard link of it changes nothing."""
    return _OUTPUT(status.st_mtime_ns, status.st_size, status.st_ino & MASK)


def changed_at(stamp: bytes) -> int:
    """The time of the last change of a source, in nanoseconds."""
    modified, changed = stamp[:8], stamp[8:16]  # on Windows the second is the time when the file was made
    return max(int.from_bytes(modified, "little", signed=True), int.from_bytes(changed, "little", signed=True))


def size_of(stamp: bytes) -> int:
    """The size of a source in bytes."""
    return int.from_bytes(stamp[16:24], "little")


class SourceRow(NamedTuple):
    """A source as it is kept; encoded parts are None where there is nothing to tell."""

    path: str
    epoch: bytes
    digest: bytes
    sidecar: str | None
    is_draft: bool
    item: Item | None  # None where it can't be read
    words: int
    turns: int
    summary: bytes | None
    found: bytes | None
    links: bytes | None
    body: bytes | None
    part: str | None  # what the ledger is to have of it; None of what is no transcript
    moved: bytes | None  # former addresses
    attached: bytes | None  # whether there is sound, and the files that front matter names
    said: tuple[tuple[str, bytes], ...] = ()  # by URL of the speaker's page
    silences: bytes | None = None  # where editors don't want to be told of something
    advice: bytes | None = None  # what only editors want to know; None until it is asked for
    inaudible: int = 0  # how many marks say that something wasn't understood
    original: bytes | None = None  # of what it is a translation


class Unwritten(NamedTuple):
    """What the ledger has of a transcript, and what it is to have."""

    path: str
    held: str
    part: str
    is_more: bool  # than an edit: it is another transcript's as well, or is no longer meant to be gone


class PageRow(NamedTuple):
    """A page as it is kept, or another file that a build makes. Of what can be many, each stands on a line."""

    url: str
    key: bytes
    words: int  # seen on it
    files: str  # their paths, from the output folder
    stamps: bytes  # one after the other; STAGED for those that are not there yet
    found: bytes | None = None  # diagnostics, encoded
    astray: str | None = None  # addresses of which only the whole site tells whether they lead anywhere
    ids: str | None = None  # None of what is no page


class StateRow(NamedTuple):
    """What an editor wants to know of a transcript at a glance."""

    path: str
    url: str
    is_draft: bool
    date: str
    names: str
    words: int
    turns: int
    inaudible: int
    summary: bytes
    found: bytes | None
    lost: int  # permalinks that lead to nothing that anybody named
    held: str | None  # what the ledger has of it, and what it is to have, where these differ
    part: str | None
    original: bytes | None  # of what it is a translation


class Store:
    """The database of one site."""

    def __init__(self, file: Path, only_looks: bool = False) -> None:
        """Open it; what is damaged or of another version is thrown away. Raises OSError or sqlite3.Error where none can be.

        `only_looks`: for a moment, while a build may be using it; then it must be there, and sound.
        """
        self._file = file
        if only_looks:
            self._look()
            return
        try:
            self._open()
        except sqlite3.OperationalError:  # it can't be used, which says nothing of what it holds
            raise
        except sqlite3.DatabaseError:
            self.discard()
            self._open()

    def _open(self) -> None:
        self._db = sqlite3.connect(self._file, timeout=BUSY, isolation_level=None)
        run = self.run = self._db.execute
        run("PRAGMA synchronous=NORMAL")  # whatever happens to the machine, the file stays sound
        version = run("PRAGMA user_version").fetchone()[0]
        if version == VERSION:
            run("PRAGMA journal_mode=WAL")
            run(f"PRAGMA wal_autocheckpoint={CHECKPOINT}")
        elif version:
            raise sqlite3.DatabaseError(f"version {version}")
        else:  # a new file is filled without a log, in half the time
            run(f"PRAGMA page_size={PAGE}")
            self._db.executescript(f"BEGIN; {SCHEMA} PRAGMA user_version={VERSION}; COMMIT;")

    def _look(self) -> None:
        self._db = sqlite3.connect(
            f"{self._file.absolute().as_uri()}?mode=rw", timeout=GLANCE, isolation_level=None, uri=True
        )
        run = self.run = self._db.execute
        try:
            run("PRAGMA query_only=ON")
            if run("PRAGMA user_version").fetchone()[0] != VERSION:
                raise sqlite3.DatabaseError("another version")
        except sqlite3.Error:
            self._db.close()
            raise

    def discard(self) -> None:
        """Throw all of it away."""
        self._db.close()
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)

    def clear(self) -> None:
        """Forget everything."""
        for (table,) in list(self.run("SELECT name FROM sqlite_master WHERE type = 'table'")):
            self.run(f"DELETE FROM {table}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[Callable[[], None]]:
        """All that is written within is kept, or nothing of it if something is raised or the function that it gives is called."""
        is_undone = False

        def undo() -> None:
            nonlocal is_undone
            is_undone = True

        self.run("BEGIN")
        try:
            yield undo
        except BaseException:
            with suppress(sqlite3.Error):  # what is raised may have ended it, or have come between two
                self._db.rollback()
            raise
        self.run("ROLLBACK" if is_undone else "COMMIT")

    def save(self) -> None:
        """Keep what was written within a transaction so far, whatever becomes of the rest."""
        self.run("COMMIT")
        self.run("BEGIN")

    # files

    def stamps(self) -> Iterator[tuple[str, bytes]]:
        """Each file and its stamp, by path."""
        return self.run("SELECT path, stamp FROM file")

    def sniffed(self) -> dict[str, bool]:
        """Whether files are sources, where that took a look at what they hold."""
        return {
            path: bool(yes) for path, yes in self.run("SELECT path, is_source FROM file WHERE is_source IS NOT NULL")
        }

    def digests(self) -> dict[str, bytes]:
        """The digests of files that are copied."""
        return dict(self.run("SELECT path, digest FROM file WHERE digest IS NOT NULL"))

    def keep_files(self, rows: Iterable[tuple[str, bytes, bool | None, bytes | None]]) -> None:
        """Remember files: path, stamp, whether it is a source, if one had to look, and the digest of one that is copied."""
        self._db.executemany("REPLACE INTO file VALUES (?, ?, ?, ?)", rows)

    def forget_files(self, paths: Iterable[str]) -> None:
        """Forget files that are gone."""
        self._db.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in paths))

    # sources

    def sidecars(self) -> dict[str, str | None]:
        """The sidecar of each source, by path."""
        return dict(self.run("SELECT path, sidecar FROM source ORDER BY path"))

    def stale(self, epoch: bytes) -> set[str]:
        """The paths of sources that were not read in that epoch."""
        return {path for (path,) in self.run("SELECT path FROM source WHERE epoch IS NOT ?", (epoch,))}

    def digest(self, path: str, epoch: bytes) -> bytes | None:
        """The digest of what was read of a file in that epoch."""
        row = self.run("SELECT digest FROM source WHERE path = ? AND epoch = ?", (path, epoch)).fetchone()
        return row[0] if row else None

    def keep_source(self, row: SourceRow, took: str | None = None) -> None:
        """Remember what was read; with the ledger's part of the source `took`, if that is no more."""
        item = row.item[1:] if row.item else (None,) * 11
        head = (row.path, row.epoch, row.digest, row.sidecar, row.is_draft)
        values = (
            *head,
            *item,
            row.words,
            row.turns,
            row.summary,
            row.found,
            row.links,
            row.moved,
            row.attached,
            row.silences,
            row.advice,
            row.inaudible,
            row.original,
        )
        self.run(f"REPLACE INTO source VALUES (NULL, {', '.join('?' * len(values))})", values)
        self.run("REPLACE INTO body VALUES (?, ?)", (row.path, row.body))
        self.run("DELETE FROM said WHERE path = ?", (row.path,))
        self._db.executemany("INSERT INTO said VALUES (?, ?, ?)", ((row.path, *one) for one in row.said))
        if row.part is None:
            self._let_go([(row.path,)])
        else:
            new = "INSERT INTO ledger VALUES (?, '', ?, ? != '', ?, 0) ON CONFLICT DO UPDATE SET part = excluded.part,"
            ahead = "state = held != excluded.part OR is_gone, took = excluded.took"
            self.run(f"{new} {ahead}", (row.path, row.part, row.part, took))

    def forget_sources(self, paths: Iterable[str]) -> None:
        """Forget sources that are gone."""
        gone = [(path,) for path in paths]
        self._db.executemany("DELETE FROM source WHERE path = ?", gone)
        self._db.executemany("DELETE FROM body WHERE path = ?", gone)
        self._db.executemany("DELETE FROM said WHERE path = ?", gone)
        self._let_go(gone)

    def transcripts(self, drafts: bool) -> list[Item]:
        """All transcripts that are published: by date, the newest first; those without one last, by title."""
        columns = (
            "path, 'transcript', url, id, date, '', NULL, names, summary_digest, body_digest, has_answers, said_digest"
        )
        order = "date DESC, sorting, path"
        return self._items(columns, "kind = 'transcript'", order, drafts)

    def prose(self, drafts: bool) -> list[Item]:
        """All plain pages that are published, by path."""
        columns = (
            "path, kind, url, id, date, sorting, place, names, summary_digest, body_digest, has_answers, said_digest"
        )
        return self._items(columns, "kind = 'page'", "path", drafts)

    def _items(self, columns: str, which: str, order: str, drafts: bool) -> list[Item]:
        chosen = f"SELECT {columns} FROM source WHERE {which} AND (NOT is_draft OR ?) ORDER BY {order}"
        once, new = sys.intern, tuple.__new__  # what recurs is held once; and there may be very many
        return [
            new(
                Item, (path, kind, url, id, once(date), sorting, place, once(names), summary, body, bool(answers), said)
            )
            for path, kind, url, id, date, sorting, place, names, summary, body, answers, said in self.run(
                chosen, (drafts,)
            )
        ]

    def found(self, drafts: bool, output: int) -> Iterator[bytes]:
        """What is to be told of sources and of the pages in an output, encoded."""
        told = "SELECT found FROM source WHERE found IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        yield from (found for (found,) in self.run(told, (drafts,)))
        told = "SELECT found FROM page WHERE output = ? AND found IS NOT NULL ORDER BY url"
        yield from (found for (found,) in self.run(told, (output,)))

    def links(self, drafts: bool) -> Iterator[tuple[str, bytes]]:
        """Path and links, encoded, of sources that have any."""
        linked = "SELECT path, links FROM source WHERE links IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return self.run(linked, (drafts,))

    def silences(self, drafts: bool) -> Iterator[bytes]:
        """Silences of sources that have any, encoded."""
        some = "SELECT silences FROM source WHERE silences IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return (silences for (silences,) in self.run(some, (drafts,)))

    def advice(self, drafts: bool) -> Iterator[tuple[str, bytes]]:
        """Path and advice, encoded, of sources for which somebody asked for it."""
        some = "SELECT path, advice FROM source WHERE advice IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return self.run(some, (drafts,))

    def unadvised(self) -> set[str]:
        """The paths of documents for which nobody has asked for advice."""
        return {path for (path,) in self.run("SELECT path FROM source WHERE advice IS NULL AND kind IS NOT NULL")}

    def attached(self, drafts: bool) -> Iterator[tuple[str, bytes]]:
        """Path and files, encoded, of sources whose front matter names any."""
        some = "SELECT path, attached FROM source WHERE attached IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return self.run(some, (drafts,))

    def moved(self, drafts: bool) -> Iterator[tuple[str, bytes]]:
        """Path and former addresses, encoded, of sources that have any."""
        moved = "SELECT path, moved FROM source WHERE moved IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return self.run(moved, (drafts,))

    def originals(self, drafts: bool) -> Iterator[tuple[str, bytes]]:
        """Path and original, encoded as links are, of sources that are translations."""
        some = "SELECT path, original FROM source WHERE original IS NOT NULL AND (NOT is_draft OR ?) ORDER BY path"
        return self.run(some, (drafts,))

    def totals(self, drafts: bool) -> tuple[int, int, int]:
        """Transcripts, words and turns."""
        sums = "SUM(kind = 'transcript'), SUM(words), SUM(turns)"
        row = self.run(
            f"SELECT {sums} FROM source WHERE kind IS NOT NULL AND (NOT is_draft OR ?)", (drafts,)
        ).fetchone()
        return row[0] or 0, row[1] or 0, row[2] or 0

    def summary(self, path: str) -> bytes:
        """What other pages need of a document, encoded."""
        return bytes(self.run("SELECT summary FROM source WHERE path = ?", (path,)).fetchone()[0])

    def body(self, path: str) -> bytes:
        """All that a document's own page shows, encoded."""
        return bytes(self.run("SELECT content FROM body WHERE path = ?", (path,)).fetchone()[0])

    def said(self, path: str, url: str) -> bytes | None:
        """What the page of a speaker quotes of a document, encoded."""
        row = self.run("SELECT content FROM said WHERE path = ? AND url = ?", (path, url)).fetchone()
        return bytes(row[0]) if row else None

    def states(self) -> Iterator[StateRow]:
        """What is to be seen of each transcript at a glance, by path."""
        has, is_to_have = "ifnull(held, '')", TO_HAVE
        differ = f"held != '' AND {is_to_have} != held"
        lost = f"(length({is_to_have}) - length(replace({is_to_have}, ' lost ', ''))) / 6"
        columns = "source.path, url, is_draft, date, names, words, turns, inaudible, summary, found"
        ledger = f"{lost}, CASE WHEN {differ} THEN {has} END, CASE WHEN {differ} THEN {is_to_have} END"
        rows = self.run(
            f"SELECT {columns}, {ledger}, original FROM source LEFT JOIN ledger USING (path) WHERE kind = 'transcript' ORDER BY path"
        )
        return map(StateRow._make, rows)

    def to_have(self, path: str) -> str:
        """What the ledger is to have of a transcript; "" of what is none."""
        row = self.run(f"SELECT {TO_HAVE} FROM ledger WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def source_at(self, url: str) -> str | None:
        """The path of the document that is at a URL."""
        row = self.run("SELECT path FROM source WHERE url = ? AND kind IS NOT NULL", (url,)).fetchone()
        return row[0] if row else None

    def drafts(self) -> list[tuple[str, str]]:
        """The documents that aren't to be published, by URL and path."""
        return list(self.run("SELECT url, path FROM source WHERE is_draft AND kind IS NOT NULL ORDER BY url"))

    def at_hand(self, path: str) -> tuple[str | None, bytes | None, bytes | None] | None:
        """URL, body and what is to be told of a source; None if it isn't known."""
        rows = "SELECT url, content, found FROM source LEFT JOIN body USING (path) WHERE path = ?"
        row = self.run(rows, (path,)).fetchone()
        return (row[0], row[1], row[2]) if row else None

    # the ledger

    def held(self, path: str) -> str:
        """What the ledger has of a transcript."""
        row = self.run("SELECT held FROM ledger WHERE path = ?", (path,)).fetchone()
        return row[0] if row else ""

    def _let_go(self, paths: Collection[tuple[str]]) -> None:
        """Of sources that are no transcripts any more."""
        self._db.executemany("DELETE FROM ledger WHERE path = ? AND held = '' AND NOT is_gone", paths)
        self._db.executemany("UPDATE ledger SET part = NULL, state = 2, took = NULL WHERE path = ?", paths)

    def hold(self, parts: Iterable[tuple[str, str, bool]]) -> None:
        """Take over what a ledger has that somebody else has written: path, lines, and whether that is meant to be gone."""
        gone = {path for (path,) in self.run("SELECT path FROM ledger")}
        for path, text, is_gone in parts:
            if path in gone:
                gone.remove(path)
                self._take_over(path, text, is_gone)
            else:
                self.run("INSERT INTO ledger VALUES (?, ?, NULL, ?, NULL, ?)", (path, text, OPEN, is_gone))
        for path in sorted(gone):
            self._take_over(path, "", False)
        self.run("UPDATE ledger SET part = NULL, state = 2, took = NULL WHERE took IS NOT NULL")

    def _take_over(self, path: str, text: str, is_gone: bool) -> None:
        asked = self.run("SELECT held, part, state, is_gone FROM ledger WHERE path = ?", (path,))
        held, part, state, was_gone = asked.fetchone()
        if (text, is_gone) != (held, was_gone):
            now = AS_HELD if state == AHEAD and text == part and not is_gone else OPEN
            self.run("REPLACE INTO ledger VALUES (?, ?, NULL, ?, NULL, ?)", (path, text, now, is_gone))

    def unmatched(self) -> set[str]:
        """The transcripts that were not read with what the ledger has of them."""
        rows = "SELECT path FROM ledger JOIN source USING (path) WHERE state = 2 AND kind = 'transcript'"
        return {path for (path,) in self.run(rows)}

    def orphans(self) -> dict[str, str]:
        """What the ledger has of transcripts that are not there, and nobody says that it is meant so."""
        rows = (
            "SELECT path, held FROM ledger LEFT JOIN source USING (path) WHERE state = 2 AND held != '' AND NOT is_gone"
        )
        return dict(self.run(f"{rows} AND (source.path IS NULL OR kind = 'page') ORDER BY path"))

    def newcomers(self) -> dict[str, tuple[str, str | None]]:
        """The transcripts of which the ledger has nothing: what it is to have, and whose part that was."""
        rows = "SELECT path, part, took FROM ledger JOIN source USING (path) WHERE state = 1 AND held = '' AND NOT is_draft"
        return {path: (part, took) for path, part, took in self.run(f"{rows} ORDER BY path")}

    def has_takers(self) -> bool:
        """Whether a transcript has taken the part of one that is no more."""
        return self.run("SELECT 1 FROM ledger WHERE state = 1 AND took IS NOT NULL").fetchone() is not None

    def unwritten(self) -> list[Unwritten]:
        """What the ledger does not have yet."""
        rows = f"SELECT path, held, part, took IS NOT NULL OR is_gone FROM ledger WHERE state = 1 AND NOT {DRAFT}"
        return [Unwritten(path, held, part or "", bool(more)) for path, held, part, more in self.run(rows)]

    def ledger(self) -> Iterator[tuple[str, str, bool]]:
        """All that the ledger is to have: path, lines, whether it is meant to be gone."""
        part = f"CASE WHEN state = 1 AND NOT {DRAFT} THEN part ELSE held END"
        rest = "path NOT IN (SELECT took FROM ledger WHERE state = 1 AND took IS NOT NULL)"
        rows = self.run(f"SELECT path, {part}, is_gone AND state = 2 FROM ledger WHERE {rest} ORDER BY path")
        return ((path, lines, bool(is_gone)) for path, lines, is_gone in rows if lines or is_gone)

    def wrote(self) -> None:
        """The ledger has what it is to have."""
        self.run("DELETE FROM ledger WHERE path IN (SELECT took FROM ledger WHERE state = 1 AND took IS NOT NULL)")
        written = "UPDATE ledger SET held = part, part = NULL, state = 0, took = NULL, is_gone = 0 WHERE state = 1"
        self.run(f"{written} AND NOT {DRAFT}")

    # what is worth remembering

    def memo(self, name: str, key: bytes) -> bytes | None:
        """What was remembered under a name, if it was for that key."""
        row = self.run("SELECT value FROM memo WHERE name = ? AND key = ?", (name, key)).fetchone()
        return row[0] if row else None

    def remember(self, name: str, key: bytes, value: bytes) -> None:
        """Remember something in place of what there was under that name."""
        self.run("REPLACE INTO memo VALUES (?, ?, ?)", (name, key, value))

    # outputs

    def output(self, path: str) -> int:
        """The number of an output folder."""
        self.run("INSERT OR IGNORE INTO output (path) VALUES (?)", (path,))
        return int(self.run("SELECT id FROM output WHERE path = ?", (path,)).fetchone()[0])

    def settled(self, output: int) -> tuple[bytes | None, bytes | None]:
        """The key of all that the last sound build of an output was made from, and how it ended, encoded."""
        return self.run("SELECT key, outcome FROM output WHERE id = ?", (output,)).fetchone() or (None, None)

    def settle(self, output: int, key: bytes, outcome: bytes, manifest: bytes, standing: bytes) -> None:
        """Remember how a build ended, the stamp of the list of files that it left, and what its pages were made from (`since`)."""
        seen = "(SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'source')"
        ended = f"UPDATE output SET key = ?, outcome = ?, manifest = ?, standing = ?, seen = {seen} WHERE id = ?"
        self.run(ended, (key, outcome, manifest, standing, output))

    def since(self, output: int, standing: bytes) -> frozenset[str] | None:
        """The paths of sources that were kept since the last sound build of an output; None if that was made from anything else."""
        rows = self.run("SELECT seen FROM output WHERE id = ? AND standing = ?", (output, standing))
        if (row := rows.fetchone()) is None:
            return None
        return frozenset(path for (path,) in self.run("SELECT path FROM source WHERE since > ?", row))

    def outputs(self) -> list[str]:
        """All outputs, as they are called."""
        return [path for (path,) in self.run("SELECT path FROM output")]

    def forget_outputs(self, paths: Iterable[str]) -> None:
        """Forget outputs that are gone."""
        for path in paths:
            number = self.output(path)
            self.run("DELETE FROM page WHERE output = ?", (number,))
            self.run("DELETE FROM anchor WHERE output = ?", (number,))
            self.run("DELETE FROM output WHERE id = ?", (number,))

    def manifest(self, output: int) -> bytes | None:
        """The stamp of the list of files in an output."""
        row = self.run("SELECT manifest FROM output WHERE id = ?", (output,)).fetchone()
        return row[0] if row else None

    def pages(self, output: int) -> Iterator[str]:
        """The URLs of pages."""
        return (url for (url,) in self.run("SELECT url FROM page WHERE output = ?", (output,)))

    def page(self, output: int, url: str) -> bytes | None:
        """The key of a page."""
        row = self.run("SELECT key FROM page WHERE output = ? AND url = ?", (output, url)).fetchone()
        return row[0] if row else None

    def files(self, output: int) -> Iterator[tuple[str, str, bytes]]:
        """URL, files and stamps of each page, by URL."""
        return self.run("SELECT url, files, stamps FROM page WHERE output = ?", (output,))

    def files_apart(self, output: int) -> Iterator[tuple[str, str, bytes]]:
        """The same, by a connection of its own, so that another process may ask."""
        with Store(self._file, only_looks=True) as other:
            yield from other.files(output)

    def has_more(self, output: int, pages: int) -> bool:
        """Whether an output has more pages than that."""
        return self.run("SELECT 1 FROM page WHERE output = ? LIMIT 1 OFFSET ?", (output, pages)).fetchone() is not None

    def files_of(self, output: int, url: str) -> list[str]:
        """The files of a page."""
        row = self.run("SELECT files FROM page WHERE output = ? AND url = ?", (output, url)).fetchone()
        return row[0].split("\n") if row and row[0] else []

    def every_file(self, output: int) -> Iterator[str]:
        """The files of all pages, by URL."""
        for (files,) in self.run("SELECT files FROM page WHERE output = ? AND files != '' ORDER BY url", (output,)):
            yield from files.split("\n")

    def staged(self, output: int) -> Iterator[tuple[str, str, bytes]]:
        """URL, files and stamps of pages with files that are not in the output yet."""
        return self.run("SELECT url, files, stamps FROM page WHERE output = ? AND instr(stamps, ?)", (output, STAGED))

    def keep_page(self, output: int, row: PageRow) -> None:
        """Remember what was made."""
        *known, ids = row
        self.run("REPLACE INTO page VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", (output, *known, ids is not None))
        if ids is None:
            self.run("DELETE FROM anchor WHERE output = ? AND url = ?", (output, row.url))
        else:
            self.run("REPLACE INTO anchor VALUES (?, ?, ?)", (output, row.url, ids))

    def forget_pages(self, output: int, urls: Iterable[str]) -> None:
        """Forget pages that are gone."""
        gone = [(output, url) for url in urls]
        self._db.executemany("DELETE FROM page WHERE output = ? AND url = ?", gone)
        self._db.executemany("DELETE FROM anchor WHERE output = ? AND url = ?", gone)

    def stamp_pages(self, output: int, stamps: Callable[[str], bytes]) -> None:
        """Remember the stamps, which a function gives, of pages' files that were not in the output before."""
        rows = self.staged(output)
        while some := list(islice(rows, 1_000)):
            values = [(stamps(files), output, url) for url, files, _ in some]
            self._db.executemany("UPDATE page SET stamps = ? WHERE output = ? AND url = ?", values)

    def astray(self, output: int) -> Iterator[tuple[str, str]]:
        """Addresses that the whole site is asked for, each set of them once, with a page that has them."""
        own = "CASE WHEN instr(astray, '#') THEN url END"  # what names a fragment may be the page's own
        rows = f"SELECT MIN(url), astray FROM page WHERE output = ? AND astray IS NOT NULL GROUP BY astray, {own} ORDER BY 1"
        return self.run(rows, (output,))

    def ids(self, output: int, url: str) -> Collection[str] | None:
        """The ids on a page; none on any other file; None where there is neither."""
        if row := self.run("SELECT ids FROM anchor WHERE output = ? AND url = ?", (output, url)).fetchone():
            return frozenset(row[0].split("\n"))
        files = {*self.files_of(output, url), *self.files_of(output, url[: url.rfind("/") + 1])}
        return frozenset() if url[1:] in files else None

    def made(self, output: int) -> tuple[int, int, int]:
        """How many pages there are, how many words are seen on them, and how many files there are in all."""
        sums = "SUM(is_page), SUM(words), SUM(length(stamps))"
        pages, words, size = self.run(f"SELECT {sums} FROM page WHERE output = ?", (output,)).fetchone()
        return pages or 0, words or 0, (size or 0) // len(STAGED)
