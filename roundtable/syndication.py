"""What machines read to find the pages: Atom feed (RFC 4287), sitemap (sitemaps.org 0.9), robots.txt (RFC 9309).

Built as XML trees, so that no title can break them. No clock: a feed is as new as its newest entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape
from xml.etree import ElementTree

import msgspec

from .config import Config
from .locales import timestamp
from .model import Intent, Item, Summary
from .plan import REDIRECT
from .provenance import digest, provenance

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_ENTRIES = 50
MAX_URLS = 50_000  # in one sitemap, as the protocol has it

File = tuple[str, bytes, Callable[[], bytes]]  # URL, a digest of what it is made from, and what makes it


class Sitemap:
    """Every page that a search engine should know, as they come; in parts, since one file may hold so many."""

    def __init__(self) -> None:
        self._parts: list[str] = []  # a page a line: URL, a tab, its date
        self._lines: list[str] = []

    def add(self, intent: Intent) -> None:
        """One more."""
        if intent.template not in {"404.html", "answers.html", REDIRECT}:  # answers are the same words in another way
            self._lines.append(f"{intent.url}\t{intent.subject.date if intent.subject else ''}")
        if len(self._lines) == MAX_URLS:
            self.close()

    def close(self) -> None:
        """The part is whole."""
        if self._lines:
            self._parts.append("\n".join(self._lines))
            self._lines = []

    def files(self, config: Config, common: bytes) -> Iterator[File]:
        """One file; or several, and an index of them."""
        self.close()
        if len(self._parts) == 1:
            (part,) = self._parts
            yield "/sitemap.xml", digest(common, part.encode()), partial(sitemap, config, part)
            return
        urls = [f"/sitemap-{number}.xml" for number in range(1, len(self._parts) + 1)]
        for url, part in zip(urls, self._parts, strict=True):
            yield url, digest(common, part.encode()), partial(sitemap, config, part)
        yield "/sitemap.xml", digest(common, *map(str.encode, urls)), lambda: sitemap_index(config, urls)


def files(config: Config, newest: list[Item], summary: Callable[[str], bytes], pages: Sitemap) -> Iterator[File]:
    """All of them. `newest` are transcripts, the newest first; `summary` gives that of one, encoded, by its path."""
    said = (config.title, config.description, config.base_url, config.language)
    common = digest(provenance(), msgspec.msgpack.encode(said))
    dated = [item for item in newest[:MAX_ENTRIES] if item.date]
    entries = partial(map, lambda item: msgspec.msgpack.decode(summary(item.path), type=Summary), dated)
    yield "/feed.xml", digest(common, *(item.digest for item in dated)), lambda: feed(config, tuple(entries()))
    yield "/robots.txt", common, lambda: _robots(config)
    yield from pages.files(config, common)


def _robots(config: Config) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()


def feed(config: Config, dated: tuple[Summary, ...]) -> bytes:
    """The newest transcripts that have a date, the newest first."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": config.language})
    _text(root, "title", config.title)
    if config.description:
        _text(root, "subtitle", config.description)
    _text(root, "id", config.absolute("/"))
    ElementTree.SubElement(
        root, "link", {"rel": "self", "type": "application/atom+xml", "href": config.absolute("/feed.xml")}
    )
    ElementTree.SubElement(root, "link", {"rel": "alternate", "type": "text/html", "href": config.absolute("/")})
    _text(root, "updated", timestamp(dated[0].date or "") if dated else "1970-01-01T00:00:00Z")
    for s in dated:
        entry = ElementTree.SubElement(root, "entry")
        _text(entry, "title", s.title)
        _text(entry, "id", config.absolute(s.url))
        ElementTree.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": config.absolute(s.url)})
        _text(entry, "published", timestamp(s.date or ""))
        _text(entry, "updated", timestamp(s.date or ""))
        for speaker in s.speakers or ():
            _text(ElementTree.SubElement(entry, "author"), "name", speaker.name)
        _text(entry, "summary", s.description or ", ".join(speaker.name for speaker in s.speakers))
    return _bytes(root)


def sitemap(config: Config, lines: str) -> bytes:
    """Pages, each on a line with its date behind a tab."""
    entries = (line.split("\t") for line in lines.split("\n"))
    return _listed("urlset", "url", ((config.absolute(url), date) for url, date in entries))


def sitemap_index(config: Config, urls: Iterable[str]) -> bytes:
    """Several sitemaps as one."""
    return _listed("sitemapindex", "sitemap", ((config.absolute(url), "") for url in urls))


def _listed(root: str, kind: str, entries: Iterable[tuple[str, str]]) -> bytes:
    """Written line by line: as a tree, a hundred thousand addresses would take a second. Dates hold no signs of XML."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', f'<{root} xmlns="{SITEMAP}">']
    for address, date in entries:
        dated = f"\n    <lastmod>{date}</lastmod>" if date else ""
        lines.append(f"  <{kind}>\n    <loc>{escape(address, quote=False)}</loc>{dated}\n  </{kind}>")
    return "\n".join((*lines, f"</{root}>", "")).encode()


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'.encode()
