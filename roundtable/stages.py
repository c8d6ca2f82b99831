"""The two stages that can be spread over processes: read one file, make one page. Functions of their arguments alone."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import msgspec

from . import fidelity, frontmatter, markup, readers, speakers
from .config import Config
from .diagnostics import diagnose, in_order
from .exports import EXPORTS
from .links import Link
from .markup import Rendered
from .model import (
    Artifact,
    Diagnostic,
    Document,
    Metadata,
    Page,
    Person,
    Reading,
    Source,
    SourceSpan,
    Summary,
    Transcript,
    Turn,
)
from .plan import page_id, url_for
from .render import Renderer
from .sources import SIDECARS, Found


class Site(msgspec.Struct, frozen=True):
    """One site and how it is to be built."""

    root: Path
    config: Config
    output: Path
    drafts: bool = False
    strict: bool = False
    clean: bool = False
    jobs: int | None = None
    people: tuple[Person, ...] = ()  # of content/speakers/: whom labels in any transcript may name


class Read(NamedTuple):
    """What became of one file; without a document where it can't be read."""

    path: str
    source: Source | None
    document: Document | None
    summary: Summary | None
    rendered: Mapping[str, Rendered]  # by turn id; a page's under "body"
    found: tuple[Diagnostic, ...]
    links: tuple[Link, ...] = ()

    @property
    def is_draft(self) -> bool:
        """Whether its author holds it back."""
        return self.document is not None and self.document.metadata.draft

    def spans(self) -> Mapping[str, SourceSpan]:
        """Where the words of each turn, or of a page's body, stand in the source."""
        if isinstance(self.document, Transcript):
            return {turn.id: turn.span for turn in self.document.turns()}
        return {"body": self.document.span} if self.document else {}


class Made(NamedTuple):
    """What became of one page."""

    page: Page
    artifacts: tuple[Artifact, ...]
    beside: tuple[str, ...]  # names of the files beside the page
    published: fidelity.Published
    found: tuple[Diagnostic, ...]


def read(site: Site, file: Found) -> Read:
    """Source, reading, document and rendered turns of one file, each step proven to lose nothing."""
    reading, wrong = _reading(site.root, file)
    if reading is None:
        return Read(file.path, None, None, None, {}, wrong)
    document, found = speakers.attribute(reading, site.config.language, site.people)
    rendered, lost = _rendered(reading, document)
    diagnostics = (*wrong, *reading.diagnostics, *found, *fidelity.reading(reading), *lost)
    return Read(file.path, reading.source, document, _summary(site, document, rendered), rendered, diagnostics)


def people(root: Path, paths: Iterable[str]) -> tuple[Person, ...]:
    """The people whom pages such as `content/speakers/ana-duarte.md` are about; what is wrong with a page is told there."""
    found = []
    for path in paths:
        source, _ = _source(root, path)
        metadata = frontmatter.of(source, None)[0] if source else Metadata()
        if metadata.person and (name := metadata.person.name or metadata.title):
            found.append(msgspec.structs.replace(metadata.person, name=name))
    return tuple(found)


class Parsed(NamedTuple):
    """One file by itself; without a reading and a document where it can't be read."""

    path: str
    reading: Reading | None
    document: Document | None
    rendered: Mapping[str, Rendered]
    found: tuple[Diagnostic, ...]


def parse(path: str, language: str) -> Parsed:
    """One file anywhere, without a site: what was read, and what an editor should know."""
    reading, wrong = _reading(Path(), Found(path, _beside(path)))
    if reading is None:
        return Parsed(path, None, None, {}, wrong)
    document, found = speakers.attribute(reading, language)
    rendered, lost = _rendered(reading, document)
    told = in_order((*wrong, *reading.diagnostics, *found, *fidelity.reading(reading), *lost))
    return Parsed(path, reading, document, rendered, told)


def _beside(path: str) -> str | None:
    """The sidecar of a file, if it has one."""
    try:
        files = [Path(path).with_suffix(suffix) for suffix in SIDECARS] if Path(path).is_file() else []
        return next((str(file) for file in files if file.is_file() and str(file) != path), None)
    except OSError:  # a name that can't be one: said when it is read
        return None


def _reading(root: Path, file: Found) -> tuple[Reading | None, tuple[Diagnostic, ...]]:
    source, found = _source(root, file.path)
    if source is None:
        return None, found
    sidecar, wrong = _sidecar(root, file.sidecar)
    return readers.read(source, sidecar), (*found, *wrong)


def _source(root: Path, path: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    file, cure = root / path, "make it a readable file, or move it away"
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            return None, (
                diagnose("RT201", f"can't be read: {_kind(status.st_mode)}, no file", path, "name the file to read"),
            )
        if (size := status.st_size) > readers.MAX_BYTES:
            message = f"{size:,} bytes; at most {readers.MAX_BYTES:,} are read"
            return None, (diagnose("RT201", message, path, "split the file"),)
        return readers.decode(path, file.read_bytes())
    except FileNotFoundError:
        message, cure = "can't be read: there is no file of that name", "look how it is spelled, and from which folder"
        return None, (diagnose("RT201", message, path, cure),)
    except OSError as error:
        return None, (diagnose("RT201", f"can't be read: {error.strerror}", path, cure),)


def _kind(mode: int) -> str:
    """What stands under a name that is no file."""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"


def _sidecar(root: Path, path: str | None) -> tuple[Metadata | None, tuple[Diagnostic, ...]]:
    if path is None:
        return None, ()
    source, found = _source(root, path)
    if source is None:
        return None, found
    metadata, wrong = frontmatter.parse(source.text, path)
    return metadata, (*found, *wrong)


def _rendered(reading: Reading, document: Document) -> tuple[dict[str, Rendered], tuple[Diagnostic, ...]]:
    if not isinstance(document, Transcript):
        body = markup.page(document.markdown)
        lost = fidelity.rendering(reading, document.span, document.markdown, body)
        return {"body": body}, (*_bounded(body, document.span), *lost)
    rendered: dict[str, Rendered] = {}
    found: list[Diagnostic] = []
    for turn in document.turns():
        one = rendered[turn.id] = markup.turn(turn.markdown, turn.id)
        found += _bounded(one, turn.span)
        found += fidelity.rendering(reading, turn.span, turn.markdown, one)
    return rendered, (*found, *_wordless(document))


def _wordless(document: Transcript) -> Iterator[Diagnostic]:
    """Labels without words, each label once."""
    empty: dict[str, list[Turn]] = {}
    for turn in document.turns():
        if not turn.markdown and turn.label is not None:
            empty.setdefault(turn.label, []).append(turn)
    for label, turns in empty.items():
        others = f", {len(turns)} times; first" if len(turns) > 1 else ""
        hint = "delete the label, or add the words"
        yield diagnose("RT207", f"{label!r} says nothing{others} here", turns[0].span, hint)


def _bounded(rendered: Rendered, span: SourceSpan) -> tuple[Diagnostic, ...]:
    hint = "split the paragraph, or put a backslash before brackets that are no links"
    return (
        (diagnose("RT210", "too dense or too deep for Markdown: shown as plain text", span, hint),)
        if rendered.bounded
        else ()
    )


def _summary(site: Site, document: Document, rendered: Mapping[str, Rendered]) -> Summary:
    path, metadata = str(PurePosixPath(document.path).relative_to(site.config.content)), document.metadata
    transcript = document if isinstance(document, Transcript) else None
    return Summary(
        kind="transcript" if transcript else "page",
        path=document.path,
        url=url_for(path, metadata),
        id=page_id(path, metadata),
        title=document.title,
        language=document.language,
        description=metadata.description,
        date=metadata.date,
        series=metadata.series,
        record=metadata.record,
        order=metadata.order,
        speakers=transcript.speakers if transcript else (),
        turns=sum(turn.speaker is not None for turn in transcript.turns()) if transcript else 0,
        words=fidelity.expected(document, rendered),
    )


NOTHING = fidelity.Published((), 0, frozenset(), ())


def make(site: Site, guide: Summary | None, task: tuple[Page, Read | None]) -> Made:
    """The files of one page, proven to show what was read."""
    page, read = task
    document, rendered, summary = (read.document, read.rendered, read.summary) if read else (None, {}, None)
    composed = _renderer(site.root, site.config, guide).page(page, document, rendered, summary)
    if isinstance(composed, Diagnostic):
        return Made(page, (), (), NOTHING, (composed,))
    published = fidelity.publication(composed, document, rendered)
    beside = []
    if isinstance(document, Transcript) and read:
        for name, write in EXPORTS.items():
            text = _absolute(write(document), read.links, site.config.origin)
            beside.append(Artifact(page.url.lstrip("/") + name, text.encode()))
    names = tuple(PurePosixPath(one.path).name for one in beside)
    return Made(page, (composed.artifact(), *beside), names, published, published.found)


def _absolute(text: str, links: tuple[Link, ...], origin: str) -> str:
    """Markdown whose links to the site's own files lead there from wherever it is read."""
    for link in dict.fromkeys(links):
        if link.written != link.address:
            target = f"{origin}{link.address}"
            pattern = rf"(\]\(|\]:[ \t]*){re.escape(link.written)}(?=[)\s]|$)"
            text = re.sub(pattern, lambda match, target=target: match[1] + target, text)  # type: ignore[misc]
    return text


def forget() -> None:
    """Look for templates anew: one may have come since."""
    _renderer.cache_clear()


@lru_cache(maxsize=1)
def _renderer(root: Path, config: Config, guide: Summary | None) -> Renderer:
    """One environment a process: a function of its arguments, kept because it is slow to make."""
    return Renderer(root, config, guide)
