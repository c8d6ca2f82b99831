"""What a change did to the record: two versions of a site compared in a reader's terms.

    argument -> Side -> Read -> Version -> Comparison           (a version, its documents, their turns, what became of them)

A document whose file, sidecar and permalinks are the same in both versions isn't read. Documents are paired by path, then by the
id that they state, by URL, by former addresses, and by their words; their turns are compared in `turns`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from .. import ledger
from ..diagnostics import in_order
from ..exports.json import DiagnosticRecord
from . import across, html, json, markdown, text, turns
from .changes import Comparison, Detail, DocumentChange, FileChange, Permalink, Status
from .sides import Built, Read, Site, side
from .trees import Commit, Folder
from .units import Unit, Version
from .units import of as version_of
from .words import grouped

__all__ = ["FORMATS", "Comparison", "compare", "schema"]

FORMATS: dict[str, Callable[[Comparison], bytes]] = {
    "text": text.write,
    "json": json.write,
    "markdown": markdown.write,
    "html": html.write,
}
schema = json.schema


def compare(
    old: str | None, new: str | None, root: Path, *, drafts: bool = False, with_pages: bool = False
) -> Comparison:  # fmt: skip
    """What is in `new` and was not in `old`, and the other way round; each a folder or a revision, None the site at `root`.

    Stopped where there is no such version.
    """
    before = side(old, root, drafts=drafts)
    after = side(new, root, drafts=drafts, is_staged=isinstance(before.tree, Commit))
    changed, unchanged = _documents(before, after)
    found = [*before.found, *after.found]
    looked = None
    if with_pages or (isinstance(before, Built) and isinstance(after, Built)):
        from . import pages  # all that a build needs, which nothing else here does

        looked = pages.compare(before, after, drafts=drafts)
    told = tuple(
        DiagnosticRecord(d.code, d.severity, d.message, d.path, d.line, d.column, d.hint) for d in in_order(found)
    )
    return Comparison(before.name, after.name, changed, unchanged, tuple(_files(before, after)), looked, told)


def _documents(before: Site | Built, after: Site | Built) -> tuple[tuple[DocumentChange, ...], int]:
    """What happened to documents, those first in which words have another speaker; and how many are as they were."""
    with_links = before.ledger != after.ledger
    olds, news = before.documents(with_links=with_links), after.documents(with_links=with_links)
    other = [path for path, key in olds.items() if news.get(path) != key]
    unchanged = len(olds) - len(other)
    was, now = before.read(other), after.read([path for path, key in news.items() if olds.get(path) != key])
    pairs = _paired(was, now)
    renamed = {there: path for path, there in pairs.items() if path != there}
    # A build gives ids to what is renamed by what the ledger has of it under its former name.
    if isinstance(after, Site):
        now = {**now, **after.read(renamed, renamed)}
    formerly = {url: one.url for one in now.values() for url in one.formerly}
    heirs, nothing = {*pairs.values()}, version_of(None)
    both: list[tuple[Read | None, Read | None]] = [(one, now.get(pairs.get(path, ""))) for path, one in was.items()]
    both += [(None, one) for path, one in now.items() if path not in heirs]
    labels = [turns.labelled(old.version if old else nothing, new.version if new else nothing) for old, new in both]
    across.carry(labels)
    found = [_change(old, new, turns.told(one), formerly) for (old, new), one in zip(both, labels, strict=True)]
    changed = [one for one in found if one is not None]
    order = sorted(changed, key=lambda one: (-sum(c.words for c in one.crossings), one.new_path or one.old_path))
    return tuple(order), unchanged + len(found) - len(changed)


def _files(before: Site | Built, after: Site | Built) -> Iterator[FileChange]:
    """What happened to files that are no documents. A built site has others than what it was built from."""
    if type(before) is not type(after):
        return
    is_exact = isinstance(before.tree, Folder)  # else Git may have a file in another form than a work tree
    for path in sorted({**before.files, **after.files}):
        old, new = before.files.get(path, ""), after.files.get(path, "")
        size, size2 = before.tree.sizes.get(old), after.tree.sizes.get(new)
        if size is None or size2 is None:
            yield FileChange(path, "added" if size is None else "removed", size, size2)
        elif (is_exact and size != size2) or before.tree.id(old) != after.tree.id(new):
            yield FileChange(path, "changed", size, size2)


UNPUBLISHED = ("translation_of", "audio", "video", "downloads")  # what the Markdown beside a page leaves out


# --- which document is which -----------------------------------------------------------------------------------------


def _paired(was: Mapping[str, Read], now: Mapping[str, Read]) -> dict[str, str]:
    """The documents that are the same: paths in the new version by paths in the old one."""
    pairs = _renamed(was, now)
    taken = {*pairs.values()}
    pairs |= {path: path for path in was if path in now and path not in pairs and path not in taken}
    for facts, facts2 in ((_stated, _stated), (_url, _url), (_url, _formerly)):
        olds = {fact: path for path, one in was.items() if path not in pairs for fact in facts(one)}
        taken = {*pairs.values()}
        for path, one in now.items():
            there = next((olds[fact] for fact in facts2(one) if fact in olds), None)
            if path not in taken and there is not None and there not in pairs:
                pairs[there] = path
    taken = {*pairs.values()}
    for kind in ("transcript", "page"):
        orphans = {path: _part(one.version) for path, one in was.items() if path not in pairs and one.kind == kind}
        new = {path: _part(one.version) for path, one in now.items() if path not in taken and one.kind == kind}
        if orphans and new:
            pairs |= {there: path for path, there in ledger.heirs(orphans, new).items()}
    return pairs


def _renamed(was: Mapping[str, Read], now: Mapping[str, Read]) -> dict[str, str]:
    """The documents that have all their words under another path now, as where files exchange names or are numbered anew."""
    olds, news = (
        grouped((tuple(one.version.page.digests), path) for path, one in some.items() if one.version.page.digests)
        for some in (was, now)
    )
    there = {words: (old, news[words]) for words, old in olds.items() if words in news}
    return {old[0]: new[0] for old, new in there.values() if len(old) == len(new) == 1 and old != new}


def _stated(one: Read) -> Sequence[str]:
    return (one.id,) if one.id else ()


def _url(one: Read) -> Sequence[str]:
    return (one.url,)


def _formerly(one: Read) -> Sequence[str]:
    return one.formerly


def _part(version: Version) -> str:
    """What a ledger would have of a document, whoever speaks."""
    return "\n".join(f"x-{number} {digest} a" for number, digest in enumerate(version.page.digests, 1))


# --- what happened to one --------------------------------------------------------------------------------------------


def _change(
    old: Read | None, new: Read | None, done: turns.Compared, formerly: Mapping[str, str]
) -> DocumentChange | None:  # fmt: skip
    """What happened to a document; None of one that is as it was."""
    one = new or old
    if one is None:
        raise ValueError("nothing to compare")
    if old is None or new is None:
        status: Status = "added" if old is None else "removed"
        moved = () if old is None else _address(old, None, formerly)
        carried = tuple(change for change in done.changes if change.is_moved)
        return DocumentChange(
            one.kind, status, one.title, *_where(old, new), done.crossings, (), carried, moved, tuple(_links(done.came)), done.account
        )  # fmt: skip
    links = (*_address(old, new, formerly), *_permalinks(old.version, new.version, done.pairs))
    details = (*_details(old, new), *_beside(old, new, done.pairs), *_links(done.came))
    is_told = done.crossings or done.renamed or links or details or any(c.kind != "form" for c in done.changes)
    if not is_told and not done.changes:
        return None
    status = "looks" if not is_told else "renamed" if old.path != new.path and old.url != new.url else "changed"
    return DocumentChange(
        one.kind, status, one.title, *_where(old, new), done.crossings, done.renamed, done.changes, links, details, done.account
    )  # fmt: skip


def _where(old: Read | None, new: Read | None) -> tuple[str, str, str, str]:
    return (
        old.path if old else "", new.path if new else "", old.url if old else "", new.url if new else ""
    )  # fmt: skip


def _address(old: Read, new: Read | None, formerly: Mapping[str, str]) -> tuple[Permalink, ...]:
    """What became of a page's address."""
    if new and old.url == new.url:
        return ()
    to = formerly.get(old.url)
    return (Permalink("", "redirected" if to else "lost", to or (new.url if new else ""), old.url),)


def _permalinks(old: Version, new: Version, pairs: Mapping[int, int]) -> list[Permalink]:
    """The ids of turns and sections that lead elsewhere now, or nowhere."""
    owners = {one.id: number for number, one in enumerate(new.units) if one.id}
    found = []
    for number, one in enumerate(old.units):
        if one.id:
            now = pairs.get(number, -1)
            found.append(_permalink(one, new.units[now] if now >= 0 else None, new, owners))
    ours = {one.id for one in old.units}
    if not ours.difference({""}):  # a plain page
        found += [Permalink(id, "lost") for id in sorted(old.anchors - new.anchors)]
    return [one for one in found if one]


def _permalink(one: Unit, now: Unit | None, new: Version, owners: Mapping[str, int]) -> Permalink | None:
    """What became of an id; None of one that leads where it led."""
    to = now.id if now else ""
    if stone := new.stones.get(one.id):
        fate = "redirected" if not stone.state else "gone" if stone.state == ledger.GONE else "lost"
        return Permalink(one.id, fate, stone.to if not stone.state else to)  # type: ignore[arg-type]
    if one.id not in new.anchors:
        return Permalink(one.id, "lost", to)
    owner = new.units[owners[one.id]] if one.id in owners else now
    if (
        owner is None
        or owner is now
        or (owner.kind == one.kind and owner.who == one.who and turns.are_alike(one, owner))
    ):
        return None
    return Permalink(one.id, "taken", to)


def _beside(old: Read, new: Read, pairs: Mapping[int, int]) -> Iterator[Detail]:
    """Where links lead, and what stands for a picture: the words around it may be the same."""
    if old.is_published != new.is_published:  # addresses are written in another way
        return
    was, now = old.version, new.version
    if was.beside != now.beside:
        yield Detail("where links lead, and alternative texts", was.beside, now.beside)
    yield from _links((was.units[a], now.units[b]) for a, b in sorted(pairs.items(), key=lambda one: one[1]))


def _links(pairs: Iterable[tuple[Unit, Unit]]) -> Iterator[Detail]:
    for one, other in pairs:
        if one.beside != other.beside:
            yield Detail(f"where links of #{other.id} lead, and alternative texts", one.beside, other.beside)


def _details(old: Read, new: Read) -> Iterable[Detail]:
    """What is told of a document beside its words."""
    silent = old.version.names.keys() - {one.who for one in old.version.units}
    silent |= new.version.names.keys() - {one.who for one in new.version.units}
    is_published = old.is_published or new.is_published
    known = ("title",) if is_published and old.kind == "page" else dict.fromkeys((*old.details, *new.details))
    for what in known:
        if is_published and what in UNPUBLISHED:
            continue
        was, now = old.details.get(what, ""), new.details.get(what, "")
        is_speaker = what.startswith("speaker ")
        if is_speaker and not (was and now) and what.removeprefix("speaker ") not in silent:
            continue  # who says something is told there
        if was != now and not (is_speaker and was and now and was.partition(": ")[2] == now.partition(": ")[2]):
            yield Detail(what, was, now)
