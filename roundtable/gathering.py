"""The store brought up to date with the sources: what is new or changed is read, what is gone is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import starmap
from pathlib import Path
from typing import NamedTuple

import msgspec

from . import history, ledger, readers
from .diagnostics import diagnose
from .inputs import Inputs, settled
from .ledger import Ledger
from .model import Diagnostic, Person
from .provenance import digest, provenance
from .site import Site
from .sources import Asset, Files, Found, depends_on_content, discover
from .stages import Desk, Unread, people, read
from .store import Store, size_of
from .watch import Watch
from .workers import Team
from .workshop import Workshop

WRITTEN = 64_000_000  # bytes after which what was read is safe, whatever becomes of the build
PEOPLE = msgspec.msgpack.Decoder(tuple[Person, ...])
FILES = "files"  # a memo: what the files of a site are for
ASSETS = msgspec.msgpack.Decoder(tuple[dict[str, Asset], list[Diagnostic]])


class Gathered(NamedTuple):
    """What there is to publish, all of it in the store."""

    assets: dict[str, Asset]  # files that are copied, by path in Inputs
    found: list[Diagnostic]  # of the files, not of what they hold
    digests: dict[str, bytes]  # of those that are copied
    read: int  # how many sources were read
    changed: dict[str, str]  # the day of a source's last change, where it is known
    is_settled: bool  # whether all stamps count; those that are kept do


def gather(shop: Workshop, inputs: Inputs, permalinks: Ledger) -> Gathered:
    """Read whatever is not in the store as it is."""
    site, kept, team, _, watch = shop
    store, stamps = kept.store, inputs.stamps
    with watch.stage("comparing sources"):
        before = dict(store.stamps())
        changed = frozenset(path for path, stamp in stamps.items() if before.get(path) != stamp)
        gone = before.keys() - stamps.keys()
        may_be_same = before.keys() == stamps.keys() and not any(map(depends_on_content, changed))
        del before
        sniff = _Sniff(site, store.sniffed(), changed)
        key = digest(provenance(), str(site.root.absolute()).encode(errors="surrogateescape"), *_named(site, inputs))
        known = store.memo(FILES, key) if may_be_same else None
        is_same = known is not None  # the files are for what they were for
        files, found = _files(site, store, inputs, sniff, known)
        store.remember(FILES, b"", b"")  # what is interrupted begins anew
        wrong = _taken_over(site.config.content, store, permalinks)
        desk = _desk(site, store, files, changed, stamps)
        unread = _unread(store, files, desk, changed, is_same)
    with watch.stage("reading", len(unread)):
        _read(store, desk, unread, stamps, team, watch)
    digests = _digests(store, files, changed)
    if not is_same:
        store.forget_sources(store.sidecars().keys() - {one.path for one in files.sources})
        store.forget_files(gone)
    rows = [(path, settled(stamps[path], kept.began), sniff.found.get(path), digests.get(path)) for path in changed]
    store.keep_files(sorted(rows))
    store.remember(FILES, key, msgspec.msgpack.encode((files.assets, found)))
    changed_on: dict[str, str] = {}
    if site.config.params.git_dates:
        with watch.stage("asking Git"):
            changed_on, told = history.dates(site.root, site.config.content, files.sources, store.memo, store.remember)
            found = [*found, *told]
    orphans = _carried(store, desk, files, team)
    return Gathered(
        files.assets, [*found, *wrong, *orphans], digests, len(unread), changed_on, all(stamp for _, stamp, *_ in rows)
    )


def _named(site: Site, inputs: Inputs) -> Iterable[bytes]:
    return (name.encode() for name in (site.config.content, *inputs.left_out))


def _files(
    site: Site, store: Store, inputs: Inputs, sniff: _Sniff, known: bytes | None
) -> tuple[Files, list[Diagnostic]]:  # fmt: skip
    """The files by what they are for; what is known of them saves looking, since a site may have very many."""
    if known is None:
        return discover(site.root.absolute(), site.config.content, inputs, sniff)
    assets, found = ASSETS.decode(known)
    return Files(tuple(map(Found._make, store.sidecars().items())), assets), found


def _unread(store: Store, files: Files, desk: Desk, changed: frozenset[str], is_same: bool) -> list[tuple[Found, bool]]:
    """The sources that are not in the store as they are, or lack the advice that is asked for; and which are to be read at all costs.

    Those are the ones of which what the ledger has, or what is asked, is new.
    """
    stale, unmatched = store.stale(desk.epoch), store.unmatched()
    if desk.advises:
        unmatched |= store.unadvised()
    known = {} if is_same else store.sidecars()
    return [
        (one, one.path in unmatched)
        for one in files.sources
        if one.path in changed
        or one.sidecar in changed
        or one.path in stale
        or one.path in unmatched
        or (not is_same and known.get(one.path, "") != one.sidecar)
    ]


def _digests(store: Store, files: Files, changed: frozenset[str]) -> dict[str, bytes]:
    """Digests of the files that are copied."""
    known = store.digests()
    return {
        one.path: digest(Path(one.file).read_bytes())
        if one.path in changed or one.path not in known
        else known[one.path]
        for one in files.assets.values()
    }


class _Sniff:
    """Tells whether a file is a source by what it holds, and remembers."""

    def __init__(self, site: Site, known: dict[str, bool], changed: frozenset[str]) -> None:
        self._site, self._known, self._changed = site, known, changed
        self.found: dict[str, bool] = {}

    def __call__(self, path: str) -> bool:
        if path not in self._known or path in self._changed:
            self.found[path] = readers.is_source(path, (self._site.root / path).read_bytes)
            return self.found[path]
        return self._known[path]


def _desk(site: Site, store: Store, files: Files, changed: Iterable[str], stamps: Mapping[str, bytes]) -> Desk:
    """What reading needs; who has a page in content/speakers/ is read anew only if one of those pages changed."""
    content, language = site.config.content, site.config.language
    folder = f"{content}/speakers/"
    pages = [one for one in files.sources if one.path.startswith(folder)]
    paths = [path for one in pages for path in one if path]
    key = digest(provenance(), *(part for path in paths for part in (path.encode(), stamps[path])))
    known = store.memo("people", key)
    if known is None or any(path.startswith(folder) for path in changed):
        known = msgspec.msgpack.encode(people(site.root, pages))
        store.remember("people", key, known)
    epoch = digest(provenance(), content.encode(), language.encode(), known)
    return Desk(site.root.absolute(), content, language, PEOPLE.decode(known), epoch, site.advises)


def _read(
    store: Store, desk: Desk, unread: list[tuple[Found, bool]], stamps: dict[str, bytes], team: Team, watch: Watch
) -> None:  # fmt: skip
    def known(one: Found, is_unmatched: bool) -> Unread:
        return Unread(one, None if is_unmatched else store.digest(one.path, desk.epoch), store.held(one.path))

    def size(one: Unread) -> int:
        return size_of(stamps[one.file.path])

    written = 0
    for (one, _), row in zip(unread, team.in_order(read, desk, starmap(known, unread), size), strict=True):
        watch.step(size_of(stamps[one.path]))
        if row:
            store.keep_source(row)
            written += len(row.body or b"")
        if written > WRITTEN:
            store.save()
            written = 0


# --- the ledger of permalinks ----------------------------------------------------------------------------------------

WRONG = msgspec.msgpack.Decoder(list[Diagnostic])


def _taken_over(content: str, store: Store, permalinks: Ledger) -> list[Diagnostic]:
    """What is wrong with the ledger. If it isn't as the last build left it, what it has is taken over."""
    key = digest(content.encode(), permalinks.digest)
    if (known := store.memo(ledger.FILE, key)) is not None:
        return WRONG.decode(known)
    wrong: list[Diagnostic] = []
    parts = ledger.parts(ledger.stored(permalinks.file), f"{content}/{ledger.FILE}", wrong)
    store.hold((f"{content}/{path}", *held) for path, held in parts)
    store.remember(ledger.FILE, key, msgspec.msgpack.encode(wrong))
    return wrong


def _carried(store: Store, desk: Desk, files: Files, team: Team) -> list[Diagnostic]:
    """Transcripts of which the ledger has nothing get what it has of others that are gone, if they have the same turns.

    What is told are those that are gone and that nobody follows.
    """
    orphans = store.orphans()
    if not orphans and not store.has_takers():
        return []
    new = store.newcomers()
    heirs = ledger.heirs(orphans, {path: part for path, (part, _) in new.items()})
    again = {path: heirs.get(path) for path, (_, took) in new.items() if heirs.get(path) != took}
    unread = [Unread(one, None, orphans.get(again[one.path] or "", "")) for one in files.sources if one.path in again]
    for row in team.in_order(read, desk, unread, lambda one: len(one.held)):
        if row:
            store.keep_source(row, again[row.path])
    return [_orphan(path, desk.content) for path in orphans.keys() - heirs.values()]


def _orphan(path: str, content: str) -> Diagnostic:
    name, file = path.removeprefix(f"{content}/"), f"{content}/{ledger.FILE}"
    message = f"there is no transcript {name!r} any more, to which links lead"
    hint = f"if it is meant to be gone, write '[{name}] gone' as its title there; if it is renamed, the new name"
    return diagnose("RT525", message, file, hint)
