"""The story of a build, on one screen.

What was built before is in a store (`cache`, `store`). If nothing that a site is made from has changed since, and nothing that
was made, there is nothing to do (`_settled`). Else the store is brought up to date with the sources (`gathering`), the
pages with the store (`publishing`), and what is new is committed, only if nothing failed. `check` does all of it but for
the writing, so that the two can't disagree about content; what only a build can find is trouble with the output folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import msgspec

from . import inputs, output
from .cache import Kept, opened
from .diagnostics import Stopped, Tally, failed, in_order
from .inputs import Inputs
from .model import Diagnostic
from .output import MANIFEST, Committed, Place, Staging
from .provenance import digest, provenance
from .site import Site, Template, configured, folders, templates
from .store import Store
from .watch import Watch
from .workers import Team, hired

if TYPE_CHECKING:
    from .publishing import Edition


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

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return failed(self.found)


OUTCOME = msgspec.msgpack.Decoder(Outcome)


def build(site: Site, watch: Watch | None = None) -> Outcome:
    """Build the site; the output folder changes only if nothing failed."""
    watch = watch or Watch()
    with opened(site, watch) as kept:
        number = kept.store.output(_name(site))
        theme, there = templates(site.root), inputs.look(folders(site.root, site.config.content))
        key = _key(site, theme)
        if outcome := _settled(site, kept.store, number, key, there):
            return outcome
        is_shared = site.executor != "processes"
        with Staging(site.output, site.clean, is_shared) as staging, hired(site, staging.place) as team:
            return _prepared(site, kept, number, key, theme, there, staging, team, watch)


def check(site: Site, watch: Watch | None = None) -> Outcome:
    """Everything that a build does, but for writing."""
    watch = watch or Watch()
    with opened(site, watch, only_if_there=True) as kept:
        theme, there = templates(site.root), inputs.look(folders(site.root, site.config.content))
        with hired(site, None) as team:
            return _prepared(site, kept, kept.store.output(""), b"", theme, there, None, team, watch)


def _name(site: Site) -> str:
    """How the store calls an output: a folder of the site by its path in it, so that the site can be moved."""
    where, root = site.output.resolve(), site.root.resolve()
    return where.relative_to(root).as_posix() if where.is_relative_to(root) else str(where)


def _key(site: Site, theme: dict[str, Template]) -> bytes:
    """A digest of what a site is made from, but for its files, and of how."""
    texts = (part.encode() for name, template in theme.items() for part in (name, template.text))
    flags = msgspec.msgpack.encode((site.drafts, site.strict, site.config))
    return digest(provenance(), configured(site.root), flags, *texts)


def _settled(site: Site, store: Store, number: int, key: bytes, there: Inputs) -> Outcome | None:
    """How the last build ended, if another would end in the same way."""
    known, outcome = store.settled(number)
    if known != key or outcome is None or site.clean or list(there.stamps.items()) != list(store.stamps()):
        return None
    if any(output.damaged(Place(str(site.output), ""), store.files(number))) or not (site.output / MANIFEST).exists():
        return None
    return OUTCOME.decode(outcome)


def _prepared(
    site: Site, kept: Kept, number: int, key: bytes, theme: dict[str, Template], there: Inputs, staging: Staging | None,
    team: Team, watch: Watch,
) -> Outcome:  # fmt: skip
    """Make what is to be made, and commit it if there is where and nothing failed."""
    from .gathering import gather
    from .publishing import publish

    store, tally = kept.store, Tally(site.strict)
    place = staging.place if staging else Place(str(site.output), None)
    try:
        with store.transaction() as undo:
            gathered = gather(site, kept, there, team, watch)
            store.save()
            pages = publish(site, kept, number, gathered, theme, place, team, tally, watch)
            outcome = _outcome(site, store, number, tally, gathered.read, pages.made, pages.speakers)
            if not outcome.failed and staging:
                with watch.stage("committing"):
                    outcome = _committed(site, store, number, key, staging, pages.edition, outcome)
            if outcome.failed:
                undo()
    except Stopped as stopped:
        return Outcome((stopped.told,), {})
    return outcome


def _outcome(site: Site, store: Store, number: int, tally: Tally, read: int, made: int, speakers: int) -> Outcome:
    transcripts, words, turns = store.totals(site.drafts)
    pages, published, files = store.made(number)
    return Outcome(
        tally.found(), tally.more(), transcripts, pages, files, words, published, turns, speakers, read, made
    )


def _committed(
    site: Site, store: Store, number: int, key: bytes, staging: Staging, edition: Edition, outcome: Outcome
) -> Outcome:  # fmt: skip
    """The staged files moved into the output, and the store told so."""
    waiting = store.staged(number)
    staged = [file for _, files, stamps in waiting for file in output.staged(files, stamps)]
    is_known = store.manifest(number) == output.stamps(str(site.output), MANIFEST)
    ours = edition.before if is_known else output.manifest(site.output)
    files = (
        edition.after if is_known else {file for _, some, _ in store.files(number) for file in some.split("\n") if file}
    )
    done = staging.commit(ours, files, staged, not is_known)
    settled = outcome._replace(committed=Committed(0, 0), read=0, made=0)
    store.stamp_pages(number, ((url, output.stamps(str(site.output), some)) for url, some, _ in waiting))
    store.settle(number, key, msgspec.msgpack.encode(settled), output.stamps(str(site.output), MANIFEST))
    return outcome._replace(committed=done, found=in_order((*outcome.found, *done.found)))
