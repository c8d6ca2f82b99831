"""The story of a build, on one screen.

`prepare` reads, plans, makes and checks, and hands each finished file on; it writes nothing itself. `build` gives it a
staging folder and commits that only if nothing failed; `check` gives it nowhere to write. So they can't disagree about content; what only a build
can find is trouble with the output folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from . import links, workers
from .diagnostics import diagnose, failed, in_order, strict
from .exports import EXPORTS
from .model import Artifact, Diagnostic, Transcript
from .output import Committed, Staging
from .plan import GENERATED, HOME, plan
from .render import THEME
from .sources import Files, discover
from .stages import Made, Read, Site, make, people, read
from .syndication import artifacts


class Outcome(NamedTuple):
    """What a build found and made."""

    found: tuple[Diagnostic, ...]
    transcripts: int = 0
    pages: int = 0
    words: int = 0  # read
    published: int = 0  # of them, seen on the pages
    turns: int = 0
    speakers: int = 0
    committed: Committed | None = None

    @property
    def failed(self) -> bool:
        """Whether anything is an error."""
        return failed(self.found)


def check(site: Site) -> Outcome:
    """Everything that a build does, but for writing."""
    return prepare(site, lambda _: None)


def build(site: Site) -> Outcome:
    """Build the site; the output folder changes only if nothing failed."""
    with Staging(site.output) as staging:
        outcome = prepare(site, staging.write)
        if outcome.failed:
            return outcome
        committed = staging.commit(site.clean)
    return outcome._replace(committed=committed, found=in_order((*outcome.found, *committed.found)))


def prepare(site: Site, sink: Callable[[Artifact], None]) -> Outcome:
    """Make every file of the site and hand it to `sink`."""
    files, found = discover(site.root, site.config.content, THEME)
    pages_of_people = (one.path for one in files.sources if one.path.startswith(f"{site.config.content}/speakers/"))
    site = msgspec.structs.replace(site, people=people(site.root, pages_of_people))
    sink = once = _Once(sink)
    with workers.executor(site.jobs, files.size) as pool:
        reads = [
            one for one in workers.in_order(pool, partial(read, site), files.sources) if site.drafts or not one.is_draft
        ]
        summaries = tuple(one.summary for one in reads if one.summary)
        pages, unsound = plan(summaries, (asset.target for asset in files.assets.values()))
        reads, broken = _linked(site, reads, files)
        found += [*(d for one in reads for d in one.found), *unsound, *broken]
        made = []
        by_path = {one.path: one for one in reads}
        guide = next((summary for summary in summaries if summary.url == "/guide/"), None)
        for one in workers.in_order(
            pool, partial(make, site, guide), [(page, by_path.get(page.subject or "")) for page in pages]
        ):
            for artifact in one.artifacts:
                sink(artifact)
            made.append(one._replace(artifacts=()))
    for artifact in (
        *artifacts(site.config, summaries, pages),
        *(Artifact(a.target, a.file.read_bytes()) for a in files.assets.values()),
    ):
        sink(artifact)
    found = [*_unlinked(found, made, files, site.config.base_path), *(d for one in made for d in one.found)]
    found += once.found if not failed(found) else ()
    if not failed(unsound):  # where two files claim a URL, links to it are the second trouble, not the first
        found += _broken_links(site, made, by_path, files)
    if not summaries and not failed(found):
        found.append(
            diagnose(
                "RT506",
                f"nothing in {site.config.content}/ to publish",
                site.config.content,
                "put a transcript in: .txt or .md",
            )
        )
    return _outcome(strict(found) if site.strict else found, reads, made)


def _linked(site: Site, reads: list[Read], files: Files) -> tuple[list[Read], list[Diagnostic]]:
    """The same, with the links that editors wrote resolved; and those that lead nowhere."""
    urls = {path: f"/{asset.target}" for path, asset in files.assets.items()}
    urls |= {one.path: one.summary.url for one in reads if one.summary}
    beside = {
        one.summary.url + name for one in reads if one.summary and one.summary.kind == "transcript" for name in EXPORTS
    }
    known = frozenset({HOME, *urls.values(), *beside, *(f"/{name}" for name in GENERATED)})
    where = links.Map(urls, known, site.config.content, site.config.base_path)
    resolved: list[Read] = []
    broken: list[Diagnostic] = []
    for one in reads:
        written: list[links.Link] = []
        rendered = dict(one.rendered)
        spans = one.spans()
        for id, text in one.rendered.items():
            if one.source and text.attributes:
                rendered[id], found, wrong = links.resolve(one.source, spans[id], text, where)
                written += found
                broken += wrong
        resolved.append(one._replace(rendered=rendered, links=tuple(written)))
    return resolved, broken


def _unlinked(found: list[Diagnostic], made: list[Made], files: Files, base: str) -> Iterable[Diagnostic]:
    """The diagnostics without those of files that were copied, not read, and that a page links to: they were meant so."""
    linked = {unquote(address).partition("#")[0] for one in made for address in one.published.links}
    meant = {path for path, asset in files.assets.items() if f"{unquote(base)}{asset.target}" in linked}
    return (one for one in found if one.code != "RT508" or one.path not in meant)


def _broken_links(site: Site, made: list[Made], reads: dict[str, Read], files: Files) -> Iterable[Diagnostic]:
    """Addresses on finished pages that nothing answers to."""
    ids = {f"/{name}": frozenset[str]() for name in (*GENERATED, *(asset.target for asset in files.assets.values()))}
    ids |= {links.url_of(one.page.path): one.published.ids for one in made}
    ids |= {links.url_of(one.page.path) + name: frozenset[str]() for one in made for name in one.beside}
    for one in made:
        read = reads.get(one.page.subject or "")
        source, written = (read.source, read.links) if read else (None, ())
        yield from links.check(one.page.path, one.published.links, source, written, ids, site.config.base_path)


class _Once:
    """Hands files on, but none of a path that is taken already, as a file or as a folder: no later stage could tell."""

    def __init__(self, sink: Callable[[Artifact], None]) -> None:
        self._sink = sink
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self.found: list[Diagnostic] = []

    def __call__(self, artifact: Artifact) -> None:
        folders = {str(folder) for folder in PurePosixPath(artifact.path).parents}
        if artifact.path in self._files or artifact.path in self._folders or folders & self._files:
            message = f"two files would be at /{artifact.path}, or one where the other needs a folder"
            self.found.append(diagnose("RT501", message, None, "rename one of them, or give it another 'slug'"))
            return
        self._files.add(artifact.path)
        self._folders |= folders
        self._sink(artifact)


def _outcome(found: Iterable[Diagnostic], reads: list[Read], made: list[Made]) -> Outcome:
    transcripts = [one.document for one in reads if isinstance(one.document, Transcript)]
    return Outcome(
        in_order(found),
        transcripts=len(transcripts),
        pages=len(made),
        words=sum(one.summary.words for one in reads if one.summary),
        published=sum(one.published.words for one in made),
        turns=sum(one.summary.turns for one in reads if one.summary),
        speakers=len({speaker.name for one in transcripts for speaker in one.speakers}),
    )
