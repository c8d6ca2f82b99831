"""What machines read to find the pages: Atom feed (RFC 4287), sitemap (sitemaps.org 0.9), robots.txt (RFC 9309).

Built as XML trees, so that no title can break them. No clock: a feed is as new as its newest entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from html import escape
from itertools import islice
from xml.etree import ElementTree

import msgspec

from .config import Config
from .locales import timestamp
from .model import Summary
from .plan import Plan
from .provenance import digest, provenance

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_ENTRIES = 50
MAX_URLS = 50_000  # in one sitemap, as the protocol has it

File = tuple[str, bytes, Callable[[], bytes]]  # URL, a digest of what it is made from, and what makes it


def files(config: Config, planned: Plan, summary: Callable[[str], bytes]) -> Iterator[File]:
    """All of them. `summary` gives that of a document, encoded, by its path."""
    common = digest(
        provenance(), msgspec.msgpack.encode((config.title, config.description, config.base_url, config.language))
    )
    dated = [item for item in islice(planned.newest, MAX_ENTRIES) if item.date]
    entries = partial(map, lambda item: msgspec.msgpack.decode(summary(item.path), type=Summary), dated)
    yield "/feed.xml", digest(common, *(item.digest for item in dated)), lambda: feed(config, tuple(entries()))
    yield "/robots.txt", common, lambda: _robots(config)
    yield from _sitemaps(config, common, planned)


def _robots(config: Config) -> bytes:
    return f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()


def _sitemaps(config: Config, common: bytes, planned: Plan) -> Iterator[File]:
    """Every page that a search engine should know; where they are too many for one file, an index of several."""
    lines = (
        f"{intent.url}\t{intent.subject.date if intent.subject else ''}"
        for intent in planned.intents()
        if intent.template != "404.html"
    )
    parts = list(iter(lambda: "\n".join(islice(lines, MAX_URLS)), ""))
    if len(parts) == 1:
        yield "/sitemap.xml", digest(common, parts[0].encode()), partial(sitemap, config, parts[0])
        return
    urls = [f"/sitemap-{number}.xml" for number in range(1, len(parts) + 1)]
    for url, part in zip(urls, parts, strict=True):
        yield url, digest(common, part.encode()), partial(sitemap, config, part)
    yield "/sitemap.xml", digest(common, *map(str.encode, urls)), lambda: sitemap_index(config, urls)


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
