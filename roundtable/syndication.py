"""What machines read to find the pages: feeds, sitemap (sitemaps.org 0.9), robots.txt (RFC 9309).

Feeds are Atom (RFC 4287), JSON Feed 1.1, and RSS 2.0 with the namespaces of podcasts. They are built as trees, so that no title can break them. No clock: a feed is as new as its newest entry.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from html import escape
from typing import Any, NamedTuple
from xml.etree import ElementTree

import msgspec

from .config import Config
from .fields import CONTROL
from .locales import timestamp
from .model import Intent, Item, Page, Speaker, Summary
from .plan import REDIRECT, voice_url
from .provenance import digest, provenance
from .recordings import CAPTIONS, Beside, Player, player

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
JSON_FEED = "https://jsonfeed.org/version/1.1"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
ATOM_FILE, JSON_FILE, PODCAST_FILE = "feed.xml", "feed.json", "podcast.xml"
MAX_ENTRIES = 50
MAX_URLS = 50_000  # in one sitemap, as the protocol has it
NEVER = "1970-01-01T00:00:00Z"  # when a feed without entries changed

File = tuple[str, bytes, Callable[[], bytes]]  # URL, a digest of what it is made from, and what makes it


class Entry(NamedTuple):
    """A transcript as feeds show it."""

    summary: Summary
    audio: Player | None = None
    changed: str = ""  # the day of its last change, if that is known

    @property
    def date(self) -> str:
        """When it took place."""
        return timestamp(self.summary.date or "")

    @property
    def updated(self) -> str:
        """When it changed; never before it took place."""
        return max(self.date, timestamp(self.changed)) if self.changed else self.date

    @property
    def words(self) -> str:
        """What it is about: its description, else who speaks."""
        return self.summary.description or ", ".join(one.name for one in self.summary.speakers) or self.summary.title


class Known(NamedTuple):
    """What a build knows of transcripts beyond their items."""

    summary: Callable[[str], bytes]  # encoded, by path of the source
    heard: frozenset[str]  # paths of those with sound
    beside: Callable[[str], Beside]  # the files that one names
    changed: Callable[[str], str]  # the day of its last change, or ""


class Sitemap:
    """Every page that a search engine should know, as they come; in parts, since one file may hold so many."""

    def __init__(self, changed: Callable[[str], str]) -> None:
        """`changed` gives the day of a source's last change, or nothing."""
        self._changed = changed
        self._parts: list[str] = []  # a page a line: URL, a tab, its date
        self._lines: list[str] = []

    def add(self, intent: Intent) -> None:
        """One more."""
        if intent.template not in {"404.html", "answers.html", REDIRECT}:  # answers are the same words in another way
            own = intent.subject
            self._lines.append(f"{intent.url}\t{(self._changed(own.path) or own.date) if own else ''}")
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


def files(config: Config, newest: list[Item], known: Known, pages: Sitemap) -> Iterator[File]:
    """All of them. `newest` are transcripts, the newest first."""
    said = (config.title, config.description, config.base_url, config.language)
    common = digest(provenance(), msgspec.msgpack.encode(said), config.base_path.encode() * config.is_preview)
    dated = [item for item in newest[:MAX_ENTRIES] if item.date]
    heard = [item for item in newest if item.date and item.path in known.heard][:MAX_ENTRIES] if known.heard else []
    for url, items, write in (
        (f"/{ATOM_FILE}", dated, feed), (f"/{JSON_FILE}", dated, json_feed), (f"/{PODCAST_FILE}", heard, podcast),
    ):  # fmt: skip
        if items or write is not podcast:
            yield url, digest(common, *_key(items, known)), partial(_fed, write, config, items, known)
    yield "/robots.txt", digest(common, b"preview" * config.is_preview), lambda: _robots(config)
    if not config.is_preview:
        yield from pages.files(config, common)


def _key(items: list[Item], known: Known) -> Iterator[bytes]:
    """What a feed is made from, but for the site."""
    for item in items:
        files = known.beside(item.path) if item.path in known.heard else None
        yield item.digest
        yield known.changed(item.path).encode()
        yield msgspec.msgpack.encode([sorted(some.items()) for some in files] if files else None)


def _fed(write: Callable[[Config, tuple[Entry, ...]], bytes], config: Config, items: list[Item], known: Known) -> bytes:
    return write(config, tuple(_entry(item, known) for item in items))


def _entry(item: Item, known: Known) -> Entry:
    summary = msgspec.msgpack.decode(known.summary(item.path), type=Summary)
    audio = player("audio", summary.audio, known.beside(item.path)) if summary.audio else None
    return Entry(summary, audio, known.changed(item.path))


def _robots(config: Config) -> bytes:
    if config.is_preview:  # pages say themselves that they are not to be found, which must be read
        return b"User-agent: *\nAllow: /\n"
    return f"User-agent: *\nAllow: /\n\nSitemap: {config.absolute('/sitemap.xml')}\n".encode()


def feed(config: Config, entries: tuple[Entry, ...]) -> bytes:
    """The newest transcripts that have a date, the newest first, as Atom."""
    return _atom(config, config.title, "/", entries)


def of_speaker(config: Config, page: Page) -> bytes:
    """The newest transcripts in which somebody speaks, as Atom."""
    dated = tuple(Entry(one) for one in page.listed[:MAX_ENTRIES] if one.date)
    return _atom(config, f"{page.title} · {config.title}", page.url, dated)


def _atom(config: Config, title: str, home: str, entries: tuple[Entry, ...]) -> bytes:
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": config.language})
    _text(root, "title", title)
    if home == "/" and config.description:
        _text(root, "subtitle", config.description)
    _text(root, "id", config.absolute(home))
    _link(root, "self", "application/atom+xml", config.absolute(f"{home}{ATOM_FILE}"))
    _link(root, "alternate", "text/html", config.absolute(home))
    _text(root, "updated", max((one.updated for one in entries), default=NEVER))
    _text(ElementTree.SubElement(root, "author"), "name", config.title)  # of entries in which nobody is named
    for one in entries:
        _atom_entry(config, root, one)
    return _bytes(root)


def _atom_entry(config: Config, root: ElementTree.Element, one: Entry) -> None:
    s = one.summary
    entry = ElementTree.SubElement(root, "entry", {} if s.language == config.language else {"xml:lang": s.language})
    _text(entry, "title", s.title)
    _text(entry, "id", config.absolute(s.url))
    _link(entry, "alternate", "text/html", config.absolute(s.url))
    if one.audio:
        more = {"length": str(one.audio.length)} if one.audio.length else {}
        _link(entry, "enclosure", one.audio.type, _whole(config, one.audio.address), more)
    _text(entry, "published", one.date)
    _text(entry, "updated", one.updated)
    for speaker in s.speakers:
        author = ElementTree.SubElement(entry, "author")
        _text(author, "name", speaker.name)
        if url := voice_url(speaker.name):
            _text(author, "uri", config.absolute(url))
    _text(entry, "summary", one.words)


def _link(
    parent: ElementTree.Element, rel: str, type: str | None, href: str, more: Mapping[str, str] | None = None
) -> None:  # fmt: skip
    ElementTree.SubElement(
        parent, "link", {"rel": rel, **({"type": type} if type else {}), "href": href, **(more or {})}
    )


def _whole(config: Config, address: str) -> str:
    """The full address of a file of the site, or of one elsewhere."""
    return config.whole(address) if address.startswith("/") else address


def json_feed(config: Config, entries: tuple[Entry, ...]) -> bytes:
    """The same as JSON."""
    found: dict[str, Any] = {
        "version": JSON_FEED,
        "title": config.title,
        "home_page_url": config.absolute("/"),
        "feed_url": config.absolute(f"/{JSON_FILE}"),
        **({"description": config.description} if config.description else {}),
        "language": config.language,
        "items": [_json_item(config, one) for one in entries],
    }
    return msgspec.json.format(msgspec.json.encode(found)) + b"\n"


def _json_item(config: Config, one: Entry) -> dict[str, Any]:
    s = one.summary
    sound = one.audio
    attached = {
        "url": _whole(config, sound.address),
        "mime_type": sound.type or "audio/mpeg",
        **({"size_in_bytes": sound.length} if sound.length else {}),
        **({"duration_in_seconds": sound.duration} if sound.duration else {}),
    } if sound else None  # fmt: skip
    return {
        "id": config.absolute(s.url),
        "url": config.absolute(s.url),
        "title": s.title,
        "summary": one.words,
        "content_text": one.words,
        "date_published": one.date,
        "date_modified": one.updated,
        "authors": [_json_author(config, speaker) for speaker in s.speakers],
        "language": s.language,
        **({"tags": [s.series]} if s.series else {}),
        **({"attachments": [attached]} if attached else {}),
    }


def _json_author(config: Config, speaker: Speaker) -> dict[str, str]:
    url = voice_url(speaker.name)
    return {"name": speaker.name, **({"url": config.absolute(url)} if url else {})}


def podcast(config: Config, entries: tuple[Entry, ...]) -> bytes:
    """The newest transcripts that have sound, as a podcast: https://github.com/Podcastindex-org/podcast-namespace."""
    spaces = {"xmlns:atom": ATOM, "xmlns:itunes": ITUNES, "xmlns:podcast": PODCAST}
    root = ElementTree.Element("rss", {"version": "2.0", **spaces})
    channel = ElementTree.SubElement(root, "channel")
    _text(channel, "title", config.title)
    _text(channel, "link", config.absolute("/"))
    _text(channel, "description", config.description or config.title)
    _text(channel, "language", config.language)
    own = {"rel": "self", "type": "application/rss+xml", "href": config.absolute(f"/{PODCAST_FILE}")}
    ElementTree.SubElement(channel, "atom:link", own)
    _text(channel, "itunes:author", config.title)
    _text(channel, "itunes:explicit", "false")
    for one in entries:
        if one.audio:
            _episode(config, channel, one, one.audio)
    return _bytes(root)


def _episode(config: Config, channel: ElementTree.Element, one: Entry, audio: Player) -> None:
    from email.utils import format_datetime  # few sites have recordings

    s, url = one.summary, config.absolute(one.summary.url)
    item = ElementTree.SubElement(channel, "item")
    _text(item, "title", s.title)
    _text(item, "link", url)
    ElementTree.SubElement(item, "guid", {"isPermaLink": "true"}).text = url
    _text(item, "pubDate", format_datetime(datetime.datetime.fromisoformat(one.date)))
    _text(item, "description", one.words)
    enclosure = {"url": _whole(config, audio.address), "length": str(audio.length), "type": audio.type or "audio/mpeg"}
    ElementTree.SubElement(item, "enclosure", enclosure)
    if audio.duration:
        _text(item, "itunes:duration", str(audio.duration))
    captions = [(f"{url}{CAPTIONS}", "text/vtt")] if s.has_times else []
    for address, type in (*captions, (url, "text/html")):
        ElementTree.SubElement(item, "podcast:transcript", {"url": address, "type": type, "language": s.language})
    for speaker in s.speakers:
        page = voice_url(speaker.name)
        about = {
            "role": "host" if speaker.kind == "host" else "guest",
            **({"href": config.absolute(page)} if page else {}),
        }
        ElementTree.SubElement(item, "podcast:person", about).text = CONTROL.sub("", speaker.name)


def sitemap(config: Config, lines: str) -> bytes:
    """Pages, each on a line with its date behind a tab."""
    entries = (line[0].split("\t") for line in re.finditer(r"[^\n]+", lines))  # a list would be as large again
    return _listed("urlset", "url", ((config.absolute(url), date) for url, date in entries))


def sitemap_index(config: Config, urls: Iterable[str]) -> bytes:
    """Several sitemaps as one."""
    return _listed("sitemapindex", "sitemap", ((config.absolute(url), "") for url in urls))


def _listed(root: str, kind: str, entries: Iterable[tuple[str, str]]) -> bytes:
    """Written piece by piece: as a tree, a hundred thousand addresses would take a second. Dates hold no signs of XML."""
    written = io.BytesIO()  # a list of them would hold all of it twice
    written.write(f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP}">\n'.encode())
    for address, date in entries:
        dated = f"\n    <lastmod>{date}</lastmod>" if date else ""
        written.write(f"  <{kind}>\n    <loc>{escape(address, quote=False)}</loc>{dated}\n  </{kind}>\n".encode())
    written.write(f"</{root}>\n".encode())
    return written.getvalue()


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = CONTROL.sub("", text)


def _bytes(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'.encode()
