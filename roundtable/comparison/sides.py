"""One of two versions of a site: its documents, each with what tells it from another version, and read when it is asked for."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from .. import aliases, ledger, readers
from ..config import FILE, Config, load, parse
from ..diagnostics import Stopped, diagnose
from ..inputs import Inputs
from ..model import Diagnostic, Document, Recording, Speaker, Transcript
from ..plan import url_for
from ..provenance import digest
from ..site import STATIC
from ..sources import depends_on_content, discover
from ..stages import Desk, Draft, Drafted, drafted, people_of
from . import units
from .trees import BESIDE, Commit, Folder, Tree
from .units import Version

# What front matter says that readers are told, beside title and speakers.
TOLD = (
    "description",
    "date",
    "language",
    "series",
    "place",
    "record",
    "source",
    "license",
    "translation_of",
    "corrections",
    "audio",
    "video",
)
PAGES = (".html", ".htm")


class Read(NamedTuple):
    """A document of a version."""

    kind: Literal["transcript", "page"]
    path: str  # from the content folder
    url: str
    id: str  # that it states; "" of one that states none
    title: str
    details: Mapping[str, str]
    formerly: tuple[str, ...]  # URLs that lead to it
    version: Version
    is_published: bool = False  # read from a page


class Site:
    """A site's root, a content folder, or a commit."""

    def __init__(self, name: str, tree: Tree, config: Config, *, drafts: bool) -> None:
        self.name, self.tree, self._drafts = name, tree, drafts
        self.found: list[Diagnostic] = []
        self._content = f"{config.content}/"
        self._held_in = self._content + ledger.FILE
        known = tree.fetch(filter(depends_on_content, tree.sizes))

        def is_source(path: str) -> bool:
            return readers.is_source(path, lambda: known.get(path, b""))

        names = (f":{path}" if path.startswith(STATIC[1:] + "/") else path for path in tree.sizes)
        stamps = dict.fromkeys(sorted({*names} - {self._held_in}), b"")
        files, _ = discover(Path(), config.content, Inputs(stamps, ()), is_source)
        self._sources = {one.path.removeprefix(self._content): one for one in files.sources}
        self.files = {f"/{asset.target}": path for path, asset in files.assets.items()}
        self.files |= {path: path for path in tree.sizes if path == FILE or path.startswith("templates/")}
        pages = [[name for name in one if name] for path, one in self._sources.items() if path.startswith("speakers/")]
        data = tree.fetch({name for names in pages for name in names})
        people = people_of(
            [(name, data[name]) for name in names if name in data] for names in pages if names[0] in data
        )
        self._desk = Desk(Path(), config.content, config.language, people, b"")

    @cached_property
    def _ledger(self) -> bytes:
        """The ledger, with a line break before it."""
        data = self.tree.fetch([self._held_in]).get(self._held_in, b"")
        return b"\n" + data.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n")

    def _held(self, path: str) -> str:
        """What the ledger has of a transcript: looked for, not read, since most of it is not asked for."""
        title = f"\n[{path}]".encode(errors="surrogateescape")
        start = self._ledger.find(title)
        if start < 0:
            return ""
        end = self._ledger.find(b"\n[", start + len(title))
        part = self._ledger[start + 1 : end if end >= 0 else None].decode(errors="replace")
        return part.partition("\n")[2].rstrip("\n")

    @property
    def ledger(self) -> str:
        """What tells the ledger from another version."""
        return self.tree.id(self._held_in)

    def documents(self, *, with_links: bool = True) -> dict[str, bytes]:
        """What tells each document from another version; `with_links`, its permalinks count."""
        held = _parts(self._ledger) if with_links else {}
        common, id = msgspec.msgpack.encode((self._desk.language, self._desk.people)), self.tree.id
        return {
            path: digest(common, *(id(name).encode() for name in one if name), held.get(path, b""))
            for path, one in self._sources.items()
        }

    def read(self, paths: Iterable[str], formerly: Mapping[str, str] = MappingProxyType({})) -> dict[str, Read]:
        """Some documents. Of those that were elsewhere, the ledger may have what it has under the former path."""
        paths = tuple(paths)
        data = self.tree.fetch({name for path in paths for name in self._sources[path] if name})
        found = {}
        for path in paths:
            own, beside = self._sources[path]
            if own not in data:
                hint = "split the file"
                self.found.append(diagnose("RT201", f"at most {readers.MAX_BYTES:,} bytes are read", path, hint))
                continue
            sidecar = (beside, data[beside]) if beside in data else None
            held = self._held(path) or self._held(formerly.get(path, path))
            one = drafted(self._desk, Draft(own, data[own], sidecar, held))
            if one.document is None:
                self.found += [told for told in one.found if told.severity == "error"]
            elif self._drafts or not one.document.metadata.draft:
                found[path] = _read(path, one.document, one)
        return found


def _read(path: str, document: Document, one: Drafted) -> Read:
    metadata = document.metadata
    return Read(
        "transcript" if isinstance(document, Transcript) else "page", path, url_for(path, metadata), metadata.id or "",
        document.title, details(document), tuple(map(aliases.url, metadata.aliases)), units.of(document, one.held, path),
    )  # fmt: skip


def details(document: Document) -> dict[str, str]:
    """What is told of a document beside its words."""
    found = {"title": document.title, **{name: _shown(getattr(document.metadata, name)) for name in TOLD}}
    found["language"] = document.language
    found["downloads"] = ", ".join(one.title or one.file for one in document.metadata.downloads)
    if isinstance(document, Transcript):
        found |= {f"speaker {one.id}": _described(one) for one in document.speakers}
    elif document.metadata.person:
        found["person"] = ", ".join(filter(None, (document.metadata.person.role, document.metadata.person.affiliation)))
    return {what: value for what, value in found.items() if value}


def _shown(value: str | tuple[str, ...] | Recording | None) -> str:
    if isinstance(value, Recording):
        return value.file
    return "; ".join(value) if isinstance(value, tuple) else value or ""


def _described(one: Speaker) -> str:
    told = one.description or ", ".join(filter(None, (one.role, one.affiliation)))
    return f"{one.name}: {told}" if told else one.name


def _parts(data: bytes) -> dict[str, bytes]:
    """The ledger, cut where transcripts begin."""
    found = {}
    for one in data.split(b"\n[")[1:]:
        title, _, body = one.partition(b"\n")
        found[title.rpartition(b"]")[0].decode(errors="replace")] = body
    return found


# --- a built site ----------------------------------------------------------------------------------------------------


class Built:
    """An output folder: the Markdown that stands beside each transcript, and the words of plain pages."""

    def __init__(self, name: str, root: Path) -> None:
        self.name, self.root = name, root
        self.found: list[Diagnostic] = []
        self.tree = Folder(root, {"": root})

    ledger = "none: ids are those of the pages"

    def documents(self, *, with_links: bool = True) -> dict[str, bytes]:  # noqa: ARG002
        """What tells each page from another version."""
        found = {}
        for path in self.pages():
            beside = f"{path.removesuffix('html')}md"
            found[path] = digest(self.tree.id(path).encode(), self.tree.id(beside).encode())
        return found

    def pages(self) -> list[str]:
        """The HTML files."""
        return [path for path in self.tree.sizes if path.endswith(PAGES)]

    @cached_property
    def files(self) -> dict[str, str]:
        """As of a site: all but pages, and what a build makes beside them."""
        made = _made()
        return {f"/{path}": path for path in self.tree.sizes if not (path.endswith(PAGES) or made.search(path))}

    def read(self, paths: Iterable[str], _: Mapping[str, str] = MappingProxyType({})) -> dict[str, Read]:
        """Some documents; pages that are none, such as lists, are left out."""
        found = {}
        for path in paths:
            if path.endswith("/index.html") or path == "index.html":
                one = self._transcript(path) or self._page(path)
                if one:
                    found[path] = one
        return found

    def _transcript(self, path: str) -> Read | None:
        beside = f"{path.removesuffix('html')}md"
        data = self.tree.fetch([beside, path])
        if beside not in data or path not in data:
            return None
        one = drafted(Desk(Path(), "", "en", (), b""), Draft(beside, data[beside]))
        if not isinstance(one.document, Transcript):
            return None
        version, page = units.of(one.document, path=path), data[path].decode(errors="replace")
        version = _as_published(version, page)
        return Read("transcript", path, _url(path), "", one.document.title, details(one.document), (), version, True)

    def _page(self, path: str) -> Read | None:
        from selectolax.lexbor import LexborHTMLParser

        data = self.tree.fetch([path]).get(path, b"")
        if b"data-page" not in data:
            return None
        tree = LexborHTMLParser(data.decode(errors="replace"))
        words = tree.css_first("article[data-page] .words")
        if words is None:
            return None
        for added in words.css(".footnote-ref, .footnote-backref, .permalink"):
            added.decompose()
        heading = tree.css_first("article[data-page] h1")
        title = " ".join((heading.text() if heading else "").split())
        anchors = frozenset(node.id or "" for node in words.css("[id]"))
        details = {"title": title} if title else {}
        return Read("page", path, _url(path), "", title, details, (), units.of_html(words.html or "", anchors), True)


def _made() -> re.Pattern[str]:
    """Files that a build makes of documents, by their names."""
    from .. import cards, exports, plan, syndication

    names = (*exports.EXPORTS, *plan.GENERATED, cards.FILE, syndication.PODCAST_FILE)
    return re.compile(rf"(?:^|/)(?:sitemap-\d+\.xml|{'|'.join(map(re.escape, names))})$")


def _url(path: str) -> str:
    return f"/{path.removesuffix('index.html')}"


def _as_published(version: Version, page: str) -> Version:
    """A transcript's units with the ids that its page has, and where links lead whose turns are gone."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page)
    ids = [node.attrs["data-turn"] or "" for node in tree.css("[data-turn]")]
    turns = [number for number, one in enumerate(version.units) if one.kind != "heading"]
    own = list(version.units)
    if len(ids) == len(turns):
        for number, id in zip(turns, ids, strict=True):
            own[number] = own[number]._replace(id=id)
    anchors = frozenset(node.id or "" for node in tree.css("[id]"))
    stones = {}
    for node in tree.css(".tombstones li[id]"):
        link = node.css_first("a[href^='#']")
        to = (link.attrs["href"] or "")[1:] if link else ""
        stones[node.id or ""] = units.Stone("" if "data-moved" in node.attrs else ledger.LOST, to)
    return version._replace(units=tuple(own), anchors=anchors - stones.keys(), stones=stones)


# --- which of these somebody named -----------------------------------------------------------------------------------


def side(named: str | None, root: Path, *, drafts: bool, is_staged: bool = False) -> Site | Built:
    """The version that an argument names: a folder, else a revision; None is the site as it lies there.

    `is_staged` if Git may be asked which files of a folder are as in a commit.
    """
    if named is None:
        return _of_root("the working tree", root, drafts=drafts, is_staged=is_staged)
    folder = Path(named)
    if named and folder.is_dir():
        if (folder / FILE).is_file():
            return _of_root(named, folder, drafts=drafts, is_staged=is_staged)
        if (folder / "index.html").is_file() and (folder / "404.html").is_file():
            return Built(named, folder)
        config = load(root)[0] if (root / FILE).is_file() else Config()
        whole = folder.resolve()
        if whole.parent == whole or ((root / FILE).is_file() and root.resolve().is_relative_to(whole)):
            hint = "name the folder of its site.toml, or one of transcripts"
            raise Stopped(diagnose("RT106", f"{named} holds more than a site", None, hint))
        return Site(named, Folder(folder, _places(root, config) | {config.content: folder}), config, drafts=drafts)
    if named and folder.exists():
        raise Stopped(
            diagnose("RT106", f"no folder and no revision: {named!r} is a file", None, "see: roundtable parse")
        )
    tree = Commit(root, named)
    text = (tree.beside(FILE) or b"").decode("utf-8-sig", errors="replace")
    config, found = parse(text) if text else (Config(), ())
    _refuse(found, f"{FILE} of {named}")
    tree.content = config.content
    return Site(named, tree, config, drafts=drafts)


def _of_root(name: str, root: Path, *, drafts: bool, is_staged: bool) -> Site:
    config, found = load(root)
    _refuse(found, str(root / FILE))
    if not (root / config.content).is_dir():
        hint = "name a folder that has it"
        raise Stopped(diagnose("RT105", f"there is no folder {config.content}/ in {root}", config.content, hint))
    return Site(name, Folder(root, _places(root, config), is_staged=is_staged), config, drafts=drafts)


def _places(root: Path, config: Config) -> dict[str, Path]:
    """What a site is made of."""
    return {name: root / name for name in (config.content, *BESIDE, FILE)}


def _refuse(found: Iterable[Diagnostic], where: str) -> None:
    """Stop at a configuration that is wrong."""
    for one in found:
        if one.severity == "error":
            raise Stopped(msgspec.structs.replace(one, path=where if one.path else None))
