"""The pages of a site: those are made whose key, a digest of all they are made from, is not that of the page that is there.

In the same way, what is copied, and what machines read to find the pages. Most edits change words of a document and nothing that
pages show of each other: then all else stands as it is, and only pages that show those words are looked at (`Edition.anew`).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from . import cards, output, policy, reach, syndication
from .cache import Kept
from .config import Config
from .crosslinks import LINKS, Crosslinks
from .diagnostics import UNMADE, Command, diagnose, failed
from .gathering import Gathered
from .links import Link, file_of
from .model import Artifact, Diagnostic, Intent, Item, Silence, quoted
from .output import MANIFEST, Place
from .plan import Plan, plan, voice_mark
from .provenance import digest, provenance
from .reach import Reach
from .recordings import NOTHING, Beside
from .render import Guide, Shared
from .site import Template, wording
from .stages import FOUND, SUMMARY, Press, Undrawn, Unmade, draw, encode, make
from .store import PageRow, Store
from .translations import translations
from .workshop import Workshop

REACH = msgspec.msgpack.Decoder(Reach)
SILENCES = msgspec.msgpack.Decoder(tuple[Silence, ...])
ABSENT = bytes(16)  # in a key: the digest of what is not there
GUIDE = "/guide/"
MANY = 20  # pages that are to be made, so that those who look at one are told before all are
ATTACHED = msgspec.msgpack.Decoder(tuple[bool, tuple[str, ...]])
SILENT: tuple[bool, tuple[str, ...]] = (False, ())


class Edition:
    """The pages of one output, while it is brought up to date."""

    def __init__(self, store: Store, number: int, place: Place, damage: frozenset[str], standing: bytes) -> None:
        """`damage` are the URLs of pages of which a file is not in the output as it was written.

        `standing` is a digest of all that the pages are made from, but for the words of documents.
        """
        # Whether the files in the output are those that the store says.
        self.is_known = store.manifest(number) == output.stamps(place.output, MANIFEST)
        self._store, self.number = store, number
        self.standing = standing
        # The sources that are new to it, if nothing else is: None if all pages are to be looked at.
        self.anew = store.since(number, standing) if self.is_known and not damage else None
        self._damaged = damage
        self._seen: set[str] = set()
        self.found: list[Diagnostic] = []
        self.before: set[str] = set()  # files that a page had and has no more
        self.after: set[str] = set()  # and those that it has anew

    def is_stale(self, url: str, key: bytes) -> bool:
        """Whether a page must be made; asked once for each."""
        if url in self._seen or (url.endswith("/index.html") and url.removesuffix("index.html") in self._seen):
            hint = "rename the file that is there, or give it another 'slug'"
            self.found.append(diagnose("RT501", f"two files would be at {url}", None, hint))
            return False
        self._seen.add(url)
        return self._store.page(self.number, url) != key or url in self._damaged

    def keep(self, row: PageRow) -> None:
        """Remember a page that was made."""
        if self.is_known:
            before = frozenset(self._store.files_of(self.number, row.url))
            after = frozenset(row.files.split("\n") if row.files else ())
            self.before |= before - after
            self.after |= after - before
        self._store.keep_page(self.number, row)

    def close(self) -> None:
        """Forget the pages that nobody asked for."""
        gone = [url for url in self._store.pages(self.number) if url not in self._seen] if self.anew is None else ()
        for url in gone:
            self.before.update(self._store.files_of(self.number, url))
        self._store.forget_pages(self.number, gone)
        self._seen.clear()  # there may be very many


class Pages(NamedTuple):
    """What came of it."""

    edition: Edition
    made: int  # pages that were made
    speakers: int


def publish(
    shop: Workshop, gathered: Gathered, templates: Mapping[str, Template], place: Place, number: int,
    damage: Callable[[], frozenset[str]],
) -> Pages:  # fmt: skip
    """Bring the pages of an output, which has that number in the store, up to date."""
    site, kept, team, _, watch = shop
    store, config, assets = kept.store, site.config, gathered.assets
    with watch.stage("planning"):
        newest, prose = store.transcripts(site.drafts), store.prose(site.drafts)
        former = {path: LINKS.decode(data) for path, data in store.moved(site.drafts)}
        originals = {path: LINKS.decode(data)[0] for path, data in store.originals(site.drafts)}
        left_out = partial(_left_out, store, drafts=site.drafts)
        same = translations(chain(newest, prose), originals, left_out, config.content, partial(_language, store))
        targets = [asset.target for asset in assets.values()]
        planned = plan(newest, prose, config.content, targets, former, same.others)
        if failed(planned.found):
            place = place._replace(staging=None)  # files would be in each other's way
        cross = Crosslinks(
            store.links(site.drafts), planned, (newest, prose), assets, left_out, config.content, config.base_path
        )
        cross.found += same.found
        font = cards.font(site.root, config)
        attached = {path: ATTACHED.decode(data) for path, data in store.attached(site.drafts)}
        files = _Files(gathered, attached, cross, config.content)
        heard = _heard(newest, attached)
        shared = Shared(templates, _guide((*prose, *newest), store), planned.voices > 0, font, bool(heard))
        compiled = _compiled(kept) if site.executor == "processes" else None  # other machines may not see that folder
        press = Press(config, shared, place, compiled, _press_key(config, shared))
        standing = _standing(press, gathered, (newest, prose), former, originals)
    made = 0
    with watch.stage("looking at the output"):
        edition = Edition(store, number, place, damage(), standing)
    with watch.stage("making pages"):
        changed = gathered.changed.get
        sitemap = syndication.Sitemap(lambda path: changed(path, ""))
        known = syndication.Known(store.summary, heard, files.beside, lambda path: changed(path, ""))
        unmade = partial(_unmade, store, edition, cross, known, _Keys(config, shared, store, cross))
        awaited = frozenset(watch.awaited())
        first = unmade(one for one in planned.intents() if one.url in awaited) if awaited else ()
        every = planned.intents() if edition.anew is not None else _mapped(planned, sitemap)
        rest = unmade((one for one in every if one.url not in awaited) if awaited else every)
        for row in _made(shop, press, first, rest):
            watch.step()
            edition.keep(row)
            made += 1
    if font and edition.anew is None:
        with watch.stage("drawing cards"):
            for row in team.in_order(draw, press, _undrawn(store, edition, newest, config, font), Undrawn.size):
                edition.keep(row)
    with watch.stage("copying files"):
        if edition.anew is None:
            for row in _copied(gathered, edition, place):
                edition.keep(row)
            for url, key, write in syndication.files(config, newest, known, sitemap):
                if edition.is_stale(url, key):
                    edition.keep(PageRow(url, key, 0, *output.put(place, [Artifact(url[1:], write())])))
        edition.close()
    with watch.stage("checking links"):
        _tell(shop, gathered, templates, planned, cross, edition, (*newest, *prose))
    names = {name for some in {item.names for item in newest} for name in some.split("\n") if name}
    return Pages(edition, made, len(names))


def _tell(
    shop: Workshop, gathered: Gathered, templates: Mapping[str, Template], planned: Plan, cross: Crosslinks, edition: Edition,
    items: tuple[Item, ...],
) -> None:  # fmt: skip
    """All that is wrong with the site, into the tally."""
    site, store, config, tally = shop.site, shop.kept.store, shop.site.config, shop.tally
    astray = dict(store.astray(edition.number))
    sources = {item.url: item.path for item in items if item.url in astray}
    pages = [(url, sources.get(url), addresses) for url, addresses in astray.items()]
    tally.silence(one for data in store.silences(site.drafts) for one in SILENCES.decode(data))
    linked = cross.linked(address for _, _, addresses in pages for address in addresses.split("\n"))
    tally.add(one for one in gathered.found if one.code != "RT508" or one.path not in linked)  # they were meant so
    tally.add((*planned.found, *cross.found))
    if config.params.content_security_policy:
        tally.add(policy.told(templates))
    tally.add(edition.found if not tally.failed else ())  # else it is the second trouble, not the first
    if not items and not tally.failed:
        message, hint = f"nothing in {config.content}/ to publish", "put a transcript in: .txt or .md"
        tally.add((diagnose("RT506", message, config.content, hint),))
    unmade: Failures = {}
    every = (one for data in store.found(site.drafts, edition.number) for one in FOUND.decode(data))
    tally.add(_but_unmade(every, unmade))
    tally.add(unmade.values())
    # Where two files claim a URL, or a page can't be made, links to it are the second trouble, not the first.
    if not failed(planned.found) and not unmade:
        tally.add(cross.check(pages, partial(store.ids, edition.number)))
    if site.advises:
        from .advising import told  # a build does without

        tally.add(told(shop, cross, items))
    ran: dict[Command, bool] = {"build": True, "check": site.advises, "external": site.external}
    if not failed(planned.found):  # else not all was looked for
        tally.add(tally.idle([by for by, is_run in ran.items() if is_run]))


# What fails in templates, by place and message: once, however many pages a template makes.
Failures = dict[tuple[str | None, int | None, str], Diagnostic]


def _but_unmade(found: Iterable[Diagnostic], unmade: Failures) -> Iterator[Diagnostic]:
    """What was found, one after the other, since it may be very much; but for what fails in templates, which is collected."""
    for one in found:
        if one.code == UNMADE:
            unmade.setdefault((one.path, one.line, one.message), one)
        else:
            yield one


class _Files:
    """The files that front matter names, where they are on the site and how long."""

    def __init__(
        self, gathered: Gathered, attached: Mapping[str, tuple[bool, tuple[str, ...]]], cross: Crosslinks, content: str
    ) -> None:
        self._assets, self._attached = gathered.assets, attached
        self._targets, self._content = cross.targets, content

    def beside(self, path: str) -> Beside:
        """Those of a source: where all that it names is, and how long its files are."""
        targets = self._targets.get(path)
        if targets is None:
            return NOTHING
        names = self._attached[path][1] if path in self._attached else ()
        files = ((name, self._assets.get(file_of(path, name, self._content))) for name in names)
        return Beside(targets, {name: Path(asset.file).stat().st_size for name, asset in files if asset})


def _heard(newest: Iterable[Item], attached: Mapping[str, tuple[bool, tuple[str, ...]]]) -> frozenset[str]:
    """The paths of transcripts that have sound, and a date, without which they are in no feed."""
    return (
        frozenset(one.path for one in newest if one.date and attached.get(one.path, SILENT)[0])
        if attached
        else frozenset()
    )


def _compiled(kept: Kept) -> str:
    """The folder of templates that this code has compiled; those of other code are removed."""
    folder, own = kept.folder / "compiled", provenance().hex()
    for other in folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ():
        if other.name != own and re.fullmatch(r"[0-9a-f]{32}", other.name) and not other.is_symlink():
            shutil.rmtree(other, ignore_errors=True)
    (folder / own).mkdir(parents=True, exist_ok=True)
    return str(folder / own)


def _guide(items: Iterable[Item], store: Store) -> Guide | None:
    """What all pages are told of the page at /guide/."""
    there = next((item for item in items if item.url == GUIDE), None)
    summary = SUMMARY.decode(store.summary(there.path)) if there else None
    return Guide(summary.url, summary.title, summary.language) if summary else None


def _left_out(store: Store, *, drafts: bool) -> frozenset[str]:
    """The URLs and paths of drafts, if they aren't published."""
    return frozenset() if drafts else frozenset(chain.from_iterable(store.drafts()))


def _language(store: Store, path: str) -> str:
    return SUMMARY.decode(store.summary(path)).language


def _press_key(config: Config, shared: Shared) -> bytes:
    return digest(provenance(), encode(config), encode(shared[1:]), wording(shared.templates))


def _standing(
    press: Press, gathered: Gathered, items: Iterable[list[Item]], former: Mapping[str, tuple[Link, ...]],
    originals: Mapping[str, Link],
) -> bytes:  # fmt: skip
    """A digest of all that pages are made from, but for what documents show by themselves: `Item.body` and `Item.said`.

    Where a document's links lead follows from the document and from this.
    """
    shown = (b"".join(item.digest + bytes((item.has_answers,)) for item in some) for some in items)
    copied = {path: gathered.digests[asset.path] for path, asset in gathered.assets.items()}
    return digest(press.key, *shown, encode((copied, former, originals, gathered.changed)))


class _Keys:
    """The keys of pages."""

    def __init__(self, config: Config, shared: Shared, store: Store, cross: Crosslinks) -> None:
        self._targets = cross.of
        self._config, self._shared = config, shared
        key = digest(provenance(), wording(shared.templates))
        known = store.memo("reach", key)
        if known is None:
            known = encode(reach.reach(shared.templates))
            store.remember("reach", key, known)
        self._reach = REACH.decode(known)
        self._common: dict[str, bytes] = {}

    def of(self, intent: Intent, beside: Beside, changed: str) -> bytes:
        """A digest of all that a page is made from: each part has a length of its own, or ends with a sign no text holds."""
        common = self._common.get(intent.template) or self._of_template(intent.template)
        own, before, after = intent.subject, intent.previous, intent.next
        shown = own.digest + own.body if own else ABSENT + ABSENT
        around = (before.digest if before else ABSENT) + (after.digest if after else ABSENT)
        key = common + shown + around + intent.url.encode() + b"\0"
        if intent.listed or intent.voices or intent.title:
            key += b"".join(item.digest for item in intent.listed)
            if intent.voice:
                mark = voice_mark(intent.voice)
                key += encode([quoted(item, mark) for item in intent.listed])
                key += encode(
                    [(item.path, sorted(some.items())) for item in intent.listed if (some := self._targets(item))]
                )
            key += encode((intent.title, intent.newer, intent.older, intent.voices))
        if intent.translations:
            key += encode([item.digest for item in intent.translations])
        if beside.targets or changed:
            key += encode((sorted(beside.targets.items()), sorted(beside.sizes.items()), changed))
        return sha256(key).digest()[:16]

    def _of_template(self, name: str) -> bytes:
        own = reach.key(self._reach, self._shared.templates, self._config, name)
        key = digest(provenance(), own, encode(self._shared[1:]))
        return self._common.setdefault(name, key)


def _made(shop: Workshop, press: Press, first: Iterable[Unmade], rest: Iterator[Unmade]) -> Iterator[PageRow]:
    """Pages as they are made: first those that somebody looks at, who is told if all others take long."""
    early = [make(press, one) for one in first]
    yield from early
    ahead = list(islice(rest, MANY if early else 0))
    staging = press.place.staging
    if len(ahead) == MANY and staging:
        files = {row.url: Path(staging, row.files.split("\n")[0]) for row in early if row.files}
        found = shop.site.grades.of(one for row in early if row.found for one in FOUND.decode(row.found))
        shop.watch.ready({url: file for url, file in files.items() if file.is_file()}, found)
    yield from shop.team.in_order(make, press, chain(ahead, rest), Unmade.size)


def _mapped(planned: Plan, sitemap: syndication.Sitemap) -> Iterator[Intent]:
    """All pages, as they go into the sitemap."""
    for intent in planned.intents():
        sitemap.add(intent)
        yield intent


def _unmade(
    store: Store, edition: Edition, cross: Crosslinks, known: syndication.Known, keys: _Keys, intents: Iterable[Intent]
) -> Iterator[Unmade]:
    """Those of the pages that must be made."""
    anew = edition.anew
    for intent in intents if anew is None else (one for one in intents if _shows(one, anew)):
        beside, changed = NOTHING, ""
        if intent.subject:
            beside, changed = known.beside(intent.subject.path), known.changed(intent.subject.path)
        if edition.is_stale(intent.url, key := keys.of(intent, beside, changed)):
            said = tuple(
                (store.said(item.path, intent.voice), cross.of(item)) for item in intent.listed if intent.voice
            )
            yield _fetched(store, intent, key, beside, changed, said)


def _shows(intent: Intent, paths: frozenset[str]) -> bool:
    """Whether a page shows words of these documents."""
    own = intent.subject is not None and intent.subject.path in paths
    return own or (bool(intent.voice) and any(item.path in paths for item in intent.listed))


def _undrawn(
    store: Store, edition: Edition, newest: list[Item], config: Config, font: cards.Font
) -> Iterator[Undrawn]:  # fmt: skip
    """The cards that must be drawn: none for an edit of words, since lists don't show them either."""
    common = digest(provenance(), encode((config.title, config.description, config.cards, font.digest)))
    if edition.is_stale(f"/{cards.FILE}", common):
        yield Undrawn(common, f"/{cards.FILE}", None)
    for item in newest:
        key, url = digest(common, item.digest), f"{item.url}{cards.FILE}"
        if edition.is_stale(url, key):
            yield Undrawn(key, url, store.summary(item.path))


def _fetched(
    store: Store, intent: Intent, key: bytes, beside: Beside, changed: str,
    said: tuple[tuple[bytes | None, Mapping[str, str]], ...],
) -> Unmade:  # fmt: skip
    """A page to make, with what it shows."""

    def summary(item: Item | None) -> bytes | None:
        return store.summary(item.path) if item else None

    return Unmade(
        key, intent.url, intent.path, intent.template, intent.title, intent.newer, intent.older, intent.voices,
        summary(intent.subject), summary(intent.previous), summary(intent.next),
        tuple(store.summary(item.path) for item in intent.listed), store.body(intent.subject.path) if intent.subject else None,
        beside.targets, beside.sizes, changed, said, tuple(store.summary(item.path) for item in intent.translations),
    )  # fmt: skip


def _copied(gathered: Gathered, edition: Edition, place: Place) -> Iterator[PageRow]:
    """The files that must be copied."""
    for asset in gathered.assets.values():
        url, expected = f"/{asset.target}", gathered.digests[asset.path]
        if edition.is_stale(url, expected):
            data = Path(asset.file).read_bytes()
            key = digest(data)
            if key != expected:  # it changed meanwhile: whatever it will be, the next build looks at everything again
                edition.standing = b""
            yield PageRow(url, key, 0, *output.put(place, [Artifact(asset.target, data)]))
