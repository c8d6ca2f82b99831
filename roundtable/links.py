"""Links between pages: from what an editor writes (`comments.md#giscus`) to what a page holds, and the check of all.

Editors link to source files, relative to their own, so that links work wherever the sources are read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from . import addresses
from .addresses import ADDRESS, Located
from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .markup import Rendered, may_be_linked
from .model import Definition, Diagnostic, Document, Reading, Source, SourceSpan, Transcript


class Link(NamedTuple):
    """A link into the site, as an editor wrote it."""

    written: str
    place: SourceSpan  # of the address, or of the words it stands in
    line: str  # of the source, for people


class Map(NamedTuple):
    """What links can lead to, and where the site stands."""

    urls: Mapping[str, str]  # URL by path of the source or asset, relative to the site
    known: Container[str]  # every URL from the site's root
    drafts: Callable[[], frozenset[str]]  # gives those that are left out, by path and by URL
    content: str  # the content folder
    base_path: str


@lru_cache(maxsize=4_096)
def split(address: str) -> SplitResult | None:
    """The parts of an address; None where it is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return None


def is_local(address: str) -> bool:
    """Whether an address points into the site, or is none at all."""
    parts = split(address)
    return parts is None or (not parts.scheme and not parts.netloc)


def is_of_web(address: str) -> bool:
    """Whether an address begins as those of other sites do."""
    return address[:8].casefold().startswith(("http://", "https://"))


class Anchored(NamedTuple):
    """The addresses in a text, as it is rendered and as an editor wrote them."""

    span: SourceSpan  # of the text
    shown: tuple[Located, ...]
    lost: tuple[Located, ...]  # addresses of the web that are none, so that no page has them


def anchored(reading: Reading, document: Document, rendered: Mapping[str, Rendered]) -> dict[str, Anchored]:
    """The addresses in texts of a document, by turn id; `rendered` are those that have any."""
    if not isinstance(document, Transcript):
        spans = (document.span,)
        return {id: _anchored(reading, document.markdown, spans, one, has_tags=True) for id, one in rendered.items()}
    notes = [one for one in reading.pieces if isinstance(one, Definition) and one.key.startswith("^")]
    found = {}
    for turn in document.turns():
        if one := rendered.get(turn.id):
            given = [note.span for note in notes if f"[{note.key}]:" in turn.markdown]
            apart = (span for span in given if not turn.span.start <= span.start < turn.span.end)
            found[turn.id] = _anchored(reading, turn.markdown, (turn.span, *apart), one, has_tags=False)
    return found


def _anchored(
    reading: Reading, markdown: str, spans: tuple[SourceSpan, ...], rendered: Rendered, *, has_tags: bool
) -> Anchored:  # fmt: skip
    text = reading.source.text
    written = addresses.written(text, spans, addresses.labels(markdown), has_tags=has_tags)
    shown = tuple(addresses.located(rendered.html, text, spans, written))
    there = {one.address for one in shown}
    left = (one for one in written if one.address not in there and is_of_web(one.address))
    lost = (one for one in left if one.address in rendered.attributes and not may_be_linked(one.address))
    return Anchored(spans[0], shown, tuple(Located(one.address, -1, one) for one in lost))


def written(source: Source, every: Mapping[str, Anchored]) -> tuple[Link, ...]:
    """The links into the site that an editor wrote, and those that are none."""
    found = []
    for some in every.values():
        local = (one for one in some.shown if is_local(one.address) and not NOTE.search(one.address))
        found += [link(source, some.span, one) for one in (*local, *some.lost)]
    return tuple(found)


def abroad(source: Source, every: Mapping[str, Anchored]) -> tuple[Link, ...]:
    """The links to other sites that an editor wrote."""
    return tuple(
        link(source, some.span, one) for some in every.values() for one in some.shown if is_of_web(one.address)
    )


def link(source: Source, span: SourceSpan, one: Located) -> Link:
    """A link with its place, in the stretch of the source that its text has."""
    place = span_at(source, one.written.start, one.written.end) if one.written else span
    line = line_at(source.text, place.start)
    return Link(one.address, place, line if len(line) <= LONGEST else "")


def resolve(path: str, links: Iterable[Link], site: Map) -> tuple[dict[str, str], list[Diagnostic]]:
    """What the links of a source lead to, by what was written; and those that lead nowhere."""
    targets: dict[str, str] = {}
    broken: list[Diagnostic] = []
    for link in links:
        own = link.written if link.written.startswith("#") else None
        if target := targets.get(link.written) or own or _target(path, link.written, site):
            targets[link.written] = target
        else:
            broken.append(_broken(path, link, site, suggest=len(broken) < MOST_SUGGESTIONS))
    return targets, broken


def lead(html: str, targets: Mapping[str, str]) -> str:
    """A fragment whose links to files lead to pages."""

    def replace(match: re.Match[str]) -> str:
        target = targets.get(unescape(match["address"]))
        return match[0] if target is None else f'{match["before"]}{escape(target)}"'

    return ADDRESS.sub(replace, html) if targets else html


def _target(path: str, address: str, site: Map) -> str | None:
    """The address on the site of a file, a page or a generated file, named from another file or from the site's root."""
    parts = split(address)
    if parts is None or not address or not is_local(address):
        return None
    if not parts.path:  # a query alone: the same page
        return address
    file, *others = _named(path, parts.path, site.content)
    url = site.urls.get(file) or next((url for url in others if url in site.known), None)
    if url is None:
        return None
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{quote(unquote(parts.fragment), safe=SAFE_FRAGMENT)}" if parts.fragment else ""
    return site.base_path + quote(url.lstrip("/")) + query + fragment


def _named(path: str, address: str, content: str) -> tuple[str, ...]:
    """What an address may name: a file, and pages by their URLs."""
    file = file_of(path, address, content)
    below = posixpath.relpath(file, content)
    urls = f"/{below}/".replace("/./", "/"), f"/{below}"
    if posixpath.basename(below) != "index.html":
        return file, *urls
    return file, *urls, f"/{posixpath.dirname(below)}/".replace("//", "/")


def file_of(path: str, address: str, content: str) -> str:
    """The file that an address names in a source, relative to the site."""
    named = unquote(address)
    start = content if named.startswith("/") else posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(start, named.lstrip("/") if named.startswith("/") else named))


SAFE_FRAGMENT = ":~-.,_!$&'()*+;=@/?"
LEFT_OUT = "publish it, or take the link out; --drafts includes it"
HOME = "/"
PART = re.compile(r"(?:t|page)=")  # what names a time in a recording (W3C, Media Fragments), a page of a PDF (RFC 8118)
NOTE = re.compile(r"(?:^#|-)fn(?:ref)?\d*:")
LONGEST = 2_000  # characters of a line that is kept with each of its links
NOBODY: Sequence[None] = (None,)  # whose link it is that no editor wrote
MOST_SUGGESTIONS = 20  # of one page: looking for the nearest name costs more than all else


def _broken(path: str, link: Link, site: Map, suggest: bool) -> Diagnostic:
    folder, address = posixpath.dirname(path), link.written
    parts = split(address)
    if is_of_web(address):
        hint = "mend it; as it is, its words are published without a link"
        return diagnose("RT502", f"broken link: {address!r} is no address", link.place, hint, link.line)
    if parts and parts.path and not site.drafts().isdisjoint(_named(path, parts.path, site.content)):
        return diagnose(
            "RT502", f"broken link: {address!r} is a draft, and is left out", link.place, LEFT_OUT, link.line
        )
    known = (posixpath.relpath(one, folder or ".") for one in site.urls if one != path)
    near = did_you_mean(parts.path, known) if parts and suggest else None
    message = f"broken link: there is no {address!r}" if address else "broken link: it has no address"
    hint = near or "link to a file in content/, by its path from this one"
    return diagnose("RT502", message, link.place, hint, link.line)


def astray(
    url: str, addresses: Iterable[str], ids: frozenset[str], sure: Container[str | None], base_path: str
) -> list[str]:
    """The addresses on the page at `url` of which only the whole site can tell whether they lead anywhere.

    `ids` are the page's own; `sure` are URLs from the site's root that are surely there.
    """
    found = []
    for address in addresses:
        if address[:1] == "#" and address[1:] in ids:
            continue
        if is_local(address) and (address.partition("#")[2] or _url(address, url, base_path) not in sure):
            found.append(address)
    return found


def _url(address: str, own: str, base_path: str) -> str | None:
    """The URL, from the site's root, of a local address on the page at `own`; None if it leaves the site."""
    parts = split(address)
    path = unquote(parts.path) if parts else ""
    if not path:
        return own
    return "/" + path.removeprefix(unquote(base_path)) if path.startswith(unquote(base_path)) else None


def check(
    url: str,
    addresses: Iterable[str],
    written: Mapping[str, Sequence[Link]],
    ids: Callable[[str], Collection[str] | None],
    site: Map,
) -> list[Diagnostic]:
    """What is wrong with addresses on the page at `url`.

    `written` are its editor's links by their address on the page; `ids` gives those of a page or file, None where it is none.
    """
    found: list[Diagnostic] = []
    for address in addresses:
        parts = split(address)
        if parts is None or not address:
            continue  # told where it was resolved
        suggest = len(found) < MOST_SUGGESTIONS
        target, fragment = _url(address, url, site.base_path), unquote(parts.fragment).split(":~:", maxsplit=1)[0]
        there = ids(target) if target else None
        code, near = "RT502", None
        if target is None:
            message = f"broken link: {address!r} leaves the site"
        elif there is None:
            message = f"broken link: there is no {address!r}"
            near = did_you_mean(target, {HOME, *site.urls.values()} - {url}) if suggest else None
        elif fragment and fragment not in there and (any(there) or not PART.match(fragment)):
            code, message = "RT503", f"broken link: nothing on {target!r} has the id {fragment!r}"
            near = did_you_mean(fragment, there) if suggest else None
        else:
            continue
        found += [_complaint(code, message, url, link, near) for link in written.get(address, NOBODY)]
    return found


def _complaint(code: str, message: str, url: str, link: Link | None, near: str | None) -> Diagnostic:
    if link is None:
        return diagnose(code, f"{message} (on the page {url})", None, near or "a template writes this link")
    return diagnose(code, message, link.place, near or "mend the address, or the heading that it names", link.line)
