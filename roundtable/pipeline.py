"""The story of a build, on one screen.

What was built before is in a store (`cache`, `store`). If nothing that a site is made from has changed since, and nothing that
was made, there is nothing to do (`_settled`). Else the store is brought up to date with the sources (`gathering`), the
pages with the store (`publishing`), and what is new is committed, only if nothing failed. `check` does all of it but for
the writing, so that the two can't disagree about content; what only a build can find is trouble with the output folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from . import history, inputs, ledger, output
from .cache import Kept, opened
from .diagnostics import MOST_OF_A_KIND, Stopped, Tally, diagnose, failed
from .inputs import Inputs, is_as_stamped, settled
from .ledger import Ledger
from .model import Diagnostic
from .output import MANIFEST, Committed, Place, Staging
from .provenance import digest, provenance
from .site import Site, Template, configured, folders, templates, wording
from .store import Store, Unwritten
from .watch import Watch
from .workers import Team, hired

if TYPE_CHECKING:
    from .gathering import Gathered
    from .publishing import Edition, Pages
    from .workshop import Workshop


class Outcome(NamedTuple):
    """What a build found and made."""

    found: tuple[Diagnostic, ...]  # all errors; of each kind of warning and note the first few
    more: dict[str, int]  # how many of a code there are beyond those
    transcripts: int = 0
    pages: int = 0
    files: int = 0
    words: int = 0  # read
    published: int = 0  # of them, seen on the pages
    turns: int = 0
    speakers: int = 0
    read: int = 0  # sources that were read anew
    made: int = 0  # pages that were made anew
    committed: Committed | None = None
    places: tuple[int, ...] = (0, 0, 0)  # files in which anything found is as grave as an error, a warning, a note

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return failed(self.found)


LEDGER = "ledger"  # a memo: the digest of the ledger by its stamp
FEW = 10  # transcripts whose part of the ledger is edited; more, and it is composed anew
WORTH_A_PROCESS = 20_000  # pages whose files are looked at
COMPOSED = "composed"  # a memo: that a build wrote the ledger of that digest
OUTCOME = msgspec.msgpack.Decoder(Outcome)


class Ground(NamedTuple):
    """What a build finds."""

    templates: dict[str, Template]
    inputs: Inputs
    ledger: Ledger  # of permalinks: the file that a build reads and writes
    rest: bytes  # digest of all else that the site is made from, and of how
    number: int  # of the output, in the store
    damage: Callable[[], frozenset[str]]  # gives URLs of pages that are not in the output as they were written

    def key(self, ledger: bytes) -> bytes:
        """Digest of all that the site is made from, with a ledger of that digest."""
        return digest(self.rest, ledger)


def build(site: Site, watch: Watch | None = None) -> Outcome:
    """Build the site; the output folder changes only if nothing failed."""
    watch = watch or Watch()
    with opened(site, watch) as kept:
        with watch.stage("looking for changes"):
            ground = _ground(site, kept, _name(site))
            if outcome := _settled(site, kept.store, ground):
                return outcome
        is_shared = site.executor != "processes"
        with Staging(site.output, site.clean, is_shared) as staging, hired(site, staging.place) as team:
            return _prepared(site, kept, ground, staging, team, watch)


def check(site: Site, watch: Watch | None = None) -> Outcome:
    """Everything that a build does, but for writing."""
    watch = watch or Watch()
    # What other sites answered is kept, whether or not anything was built before.
    with opened(site, watch, only_if_there=not site.external) as kept, hired(site, None) as team:
        return _prepared(site, kept, _ground(site, kept, ""), None, team, watch)


def _ground(site: Site, kept: Kept, name: str) -> Ground:
    store = kept.store
    number = store.output(name)
    many = name and store.has_more(number, WORTH_A_PROCESS)
    apart = partial(store.files_apart, number) if many else None
    damage = output.damage(str(site.output), partial(store.files, number) if name else tuple, apart)
    there, theme = inputs.look(folders(site.root, site.config.content)), templates(site.root)
    flags = msgspec.msgpack.encode((site.drafts, site.strict, site.tells_all, site.config))
    commit = history.head(site.root) if site.config.params.git_dates else b""
    permalinks = _ledger(site, kept, there.stamps.pop(f"{site.config.content}/{ledger.FILE}", b""))
    rest = digest(provenance(), configured(site.root), flags, there.digest(), wording(theme), _font(site), commit)
    return Ground(theme, there, permalinks, rest, number, damage)


def _ledger(site: Site, kept: Kept, stamp: bytes) -> Ledger:
    """The ledger, told from others by what it holds: builds write it, so that its stamp is always young."""
    file = site.root / site.config.content / ledger.FILE
    known = kept.store.memo(LEDGER, stamp) if stamp else None
    if known is None:
        known = ledger.digest(ledger.stored(file))
        if stamp and settled(stamp, kept.began):
            kept.store.remember(LEDGER, stamp, known)
    return Ledger(file, known, stamp)


def _font(site: Site) -> bytes:
    """The bytes of the font of cards, if the site names one."""
    named = site.config.cards.card_font if site.config.cards.enabled else None
    try:
        return (site.root / named).read_bytes() if named else b""
    except OSError:
        return b""  # told when cards are drawn


def _name(site: Site) -> str:
    """How the store calls an output: a folder of the site by its path in it, so that the site can be moved."""
    where, root = site.output.resolve(), site.root.resolve()
    name = where.relative_to(root).as_posix() if where.is_relative_to(root) else str(where)
    return name.encode(errors="backslashreplace").decode()


def _settled(site: Site, store: Store, ground: Ground) -> Outcome | None:
    """How the last build ended, if another would end in the same way."""
    known, outcome = store.settled(ground.number)
    if known != ground.key(ground.ledger.digest) or outcome is None:
        return None
    is_there = store.manifest(ground.number) == output.stamps(str(site.output), MANIFEST)
    return OUTCOME.decode(outcome) if is_there and not ground.damage() else None


def _prepared(
    site: Site, kept: Kept, ground: Ground, staging: Staging | None, team: Team, watch: Watch
) -> Outcome:  # fmt: skip
    """Make what is to be made, and commit it if there is where and nothing failed."""
    with watch.stage("starting"):
        from .gathering import gather
        from .publishing import publish
        from .workshop import Workshop

    place = staging.place if staging else Place(str(site.output), None)
    try:
        with kept.store.transaction() as undo:
            tally = Tally(site.grades, None if site.tells_all else MOST_OF_A_KIND)
            shop = Workshop(site, kept, team, tally, watch)
            gathered = gather(shop, ground.inputs, ground.ledger)
            ground.inputs.stamps.clear()  # there may be very many, and nobody asks for them any more
            kept.store.save()
            pages = publish(shop, gathered, ground.templates, place, ground.number, ground.damage)
            outcome = _outcome(shop, ground.number, gathered, pages)
            if not outcome.failed and staging:
                with watch.stage("committing"):
                    done, late = _committed(site, kept.store, ground, gathered, staging, pages.edition, outcome)
                    tally.add(late)
                    outcome = _told(outcome, tally)._replace(committed=done)
            if outcome.failed:
                undo()
    except Stopped as stopped:
        return Outcome((stopped.told,), {})
    return outcome


def _outcome(shop: Workshop, number: int, gathered: Gathered, made: Pages) -> Outcome:
    store, tally = shop.kept.store, shop.tally
    transcripts, words, turns = store.totals(shop.site.drafts)
    pages, published, files = store.made(number)
    outcome = Outcome(
        (), {}, transcripts, pages, files, words, published, turns, made.speakers, gathered.read, made.made
    )
    return _told(outcome, tally)


def _told(outcome: Outcome, tally: Tally) -> Outcome:
    return outcome._replace(found=tally.found(), more=tally.more(), places=tally.files())


def _committed(
    site: Site, store: Store, ground: Ground, gathered: Gathered, staging: Staging, edition: Edition, outcome: Outcome
) -> tuple[Committed, tuple[Diagnostic, ...]]:  # fmt: skip
    """The staged files moved into the output, what was allotted into the ledger, and the store told so; and what went wrong."""
    folder, number = str(site.output), ground.number
    if not site.output.exists():
        staging.become(store.every_file(number))
        done = Committed(outcome.files, 0, files=None)
    else:
        waiting = (output.staged(files, stamps) for _, files, stamps in store.staged(number))
        staged = [file for some in waiting for file in some]
        ours: set[str] = edition.before if edition.is_known else output.manifest(site.output)
        files: Iterable[str] = edition.after if edition.is_known else store.every_file(number)
        done = staging.commit(ours, files, staged, not edition.is_known)
    store.stamp_pages(number, lambda files: output.stamps(folder, files))
    now, wrong = (
        _recorded(site, store, ground.ledger) if site.records and not failed(done.found) else (ground.ledger.digest, ())
    )
    key = ground.key(now) if gathered.is_settled and not wrong else b""
    ended = outcome._replace(committed=Committed(0, 0), read=0, made=0)
    # Files that were there and are not ours: then only the list in the output tells which are.
    manifest = b"" if done.theirs else output.stamps(folder, MANIFEST)
    store.settle(number, key, msgspec.msgpack.encode(ended), manifest, edition.standing)
    store.forget_outputs(name for name in store.outputs() if name and not (site.root / name).is_dir())
    return done, (*done.found, *wrong)


def _recorded(site: Site, store: Store, permalinks: Ledger) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """The digest of the ledger, once it has all ids that were allotted; and why it can't have them."""
    if not (unwritten := store.unwritten()):
        return permalinks.digest, ()
    folder = f"{site.config.content}/"
    if not _is_as_read(permalinks):  # whoever changed it knows nothing of what would be written
        message = "the ledger of permalinks was changed while the site was built: it has not the ids of new turns yet"
        return permalinks.digest, (diagnose("RT524", message, f"{folder}{ledger.FILE}", "build again"),)
    now = _edited(store, permalinks, unwritten, folder)
    if now is None:
        parts = ((path.removeprefix(folder), lines, is_gone) for path, lines, is_gone in store.ledger())
        now = ledger.store(permalinks.file, ledger.composed(parts))
    if isinstance(now, Diagnostic):
        return permalinks.digest, (now,)
    store.wrote()
    store.remember(COMPOSED, now, b"")
    store.remember(ledger.FILE, digest(site.config.content.encode(), now), ledger.NOTHING_WRONG)
    return now, ()


def _is_as_read(permalinks: Ledger) -> bool:
    is_stamped = bool(permalinks.stamp) and is_as_stamped(permalinks.file, permalinks.stamp)
    return is_stamped or ledger.digest(ledger.stored(permalinks.file)) == permalinks.digest


def _edited(store: Store, permalinks: Ledger, unwritten: list[Unwritten], folder: str) -> bytes | Diagnostic | None:
    """The ledger with a few lines edited, if it is as a build composed it and only that is to be done: as `ledger.store`."""
    is_more = len(unwritten) > FEW or any(one.is_more or not one.held or not one.part for one in unwritten)
    if is_more or store.memo(COMPOSED, permalinks.digest) is None:
        return None
    edits = ((one.path.removeprefix(folder), one.held, one.part) for one in unwritten)
    return ledger.store(permalinks.file, ledger.edited(ledger.stored(permalinks.file), edits))
