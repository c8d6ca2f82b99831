"""What machines read to find the pages: Atom feed (RFC 4287), sitemap (sitemaps.org 0.9), robots.txt (RFC 9309).

Built as XML trees, so that no title can break them. No clock: a feed is as new as its newest entry.
"""

from __future__ import annotations

from xml.etree import ElementTree

from .config import Config
from .locales import timestamp
from .model import Artifact, Page, Summary
from .plan import newest_first

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
MAX_ENTRIES = 50


def artifacts(config: Config, summaries: tuple[Summary, ...], pages: tuple[Page, ...]) -> tuple[Artifact, ...]:
    """All three files."""
    return (
        Artifact("feed.xml", feed(config, summaries)),
        Artifact("sitemap.xml", sitemap(config, summaries, pages)),
        Artifact("robots.txt", f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()),
    )


def feed(config: Config, summaries: tuple[Summary, ...]) -> bytes:
    """The newest transcripts that have a date."""
    dated = [s for s in newest_first(summaries) if s.date][:MAX_ENTRIES]
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


def sitemap(config: Config, summaries: tuple[Summary, ...], pages: tuple[Page, ...]) -> bytes:
    """Every page that a search engine should know."""
    dates = {s.url: s.date for s in summaries}
    root = ElementTree.Element("urlset", {"xmlns": SITEMAP})
    for page in pages:
        if page.template != "404.html":
            url = ElementTree.SubElement(root, "url")
            _text(url, "loc", config.absolute(page.url))
            if date := dates.get(page.url):
                _text(url, "lastmod", date)
    return _bytes(root)


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'.encode()
