"""Links between pages: from what an editor writes (`comments.md#giscus`) to what a page holds, and the check of all.

Editors link to source files, relative to their own, so that links work wherever the sources are read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from functools import lru_cache
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .markup import Rendered
from .model import Diagnostic, Source, SourceSpan

# An address in a tag (not in text that shows one); clean HTML has at most one in each.
ADDRESS = re.compile(r"(?P<before><[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?\s(?:href|src)=\")(?P<address>[^\"]*)\"")


class Link(NamedTuple):
    """A link into the site, as an editor wrote it."""

    written: str
    place: SourceSpan  # of the address, or of the words it stands in
    line: str  # of the source, for people


class Map(NamedTuple):
    """What links can lead to, and where the site stands."""

    urls: Mapping[str, str]  # URL by path of the source or asset, relative to the site
    known: Container[str]  # every URL from the site's root
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


def written(source: Source, spans: Mapping[str, SourceSpan], rendered: Mapping[str, Rendered]) -> tuple[Link, ...]:
    """The links into the site that an editor wrote, in order; by turn id: `spans`, and `rendered` of those that have addresses."""
    found = []
    for id, text in rendered.items():
        for match in ADDRESS.finditer(text.html):
            address = unescape(match["address"])
            if is_local(address) and not NOTE.search(address):
                found.append(of_address(source, spans[id], address))
    return tuple(found)


def abroad(source: Source, spans: Mapping[str, SourceSpan], rendered: Mapping[str, Rendered]) -> tuple[Link, ...]:
    """The links to other sites that an editor wrote, each address once; in the order of `rendered`, by turn id."""
    found: dict[str, Link] = {}
    for id, text in rendered.items():
        for match in ADDRESS.finditer(text.html):
            address = unescape(match["address"])
            if address.startswith(("http://", "https://")) and address not in found:
                found[address] = of_address(source, spans[id], address)
    return tuple(found.values())


def of_address(source: Source, span: SourceSpan, address: str) -> Link:
    """The link of an address that stands in a stretch of the source."""
    place = _find(source, span, address)
    line = line_at(source.text, place.start)
    return Link(address, place, line if len(line) <= LONGEST else "")


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
    if parts is None or not address:
        return None
    if not parts.path:  # a query alone: the same page
        return address
    file = file_of(path, parts.path, site.content)
    below = posixpath.relpath(file, site.content)
    slashed = f"/{below}/".replace("/./", "/")
    url = site.urls.get(file) or next((url for url in (slashed, f"/{below}") if url in site.known), None)
    if url is None and posixpath.basename(below) == "index.html":
        url = next((url for url in (f"/{posixpath.dirname(below)}/".replace("//", "/"),) if url in site.known), None)
    if url is None:
        return None
    query = f"?{parts.query}" if parts.query else ""
    fragment = f"#{quote(unquote(parts.fragment), safe=SAFE_FRAGMENT)}" if parts.fragment else ""
    return site.base_path + quote(url.lstrip("/")) + query + fragment


def file_of(path: str, address: str, content: str) -> str:
    """The file that an address names in a source, relative to the site."""
    named = unquote(address)
    start = content if named.startswith("/") else posixpath.dirname(path)
    return posixpath.normpath(posixpath.join(start, named.lstrip("/") if named.startswith("/") else named))


SAFE_FRAGMENT = ":~-.,_!$&'()*+;=@/?"
HOME = "/"
PART = re.compile(r"(?:t|page)=")  # what names a time in a recording (W3C, Media Fragments), a page of a PDF (RFC 8118)
NOTE = re.compile(r"(?:^#|-)fn(?:ref)?\d*:")
LONGEST = 2_000  # characters of a line that is kept with each of its links
MOST_SUGGESTIONS = 20  # of one page: looking for the nearest name costs more than all else


def _find(source: Source, span: SourceSpan, address: str) -> SourceSpan:
    """The place of an address in the source, or of the words it stands in."""
    at = source.text.find(f"]({address}", span.start, span.end) + 2
    if at < 2:
        at = source.text.find(address, span.start) if address else -1
    return span_at(source, at, at + len(address)) if at >= 0 else span


def _broken(path: str, link: Link, site: Map, suggest: bool) -> Diagnostic:
    folder, address = posixpath.dirname(path), link.written
    parts = split(address)
    known = (posixpath.relpath(one, folder or ".") for one in site.urls)
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
    written: Mapping[str, Link],
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
        link, suggest = written.get(address), len(found) < MOST_SUGGESTIONS
        target, fragment = _url(address, url, site.base_path), unquote(parts.fragment).split(":~:", maxsplit=1)[0]
        there = ids(target) if target else None
        if target is None:
            found.append(_complaint("RT502", f"broken link: {address!r} leaves the site", url, link, None))
        elif there is None:
            near = did_you_mean(target, {HOME, *site.urls.values()}) if suggest else None
            found.append(_complaint("RT502", f"broken link: there is no {address!r}", url, link, near))
        elif fragment and fragment not in there and (any(there) or not PART.match(fragment)):
            message = f"broken link: nothing on {target!r} has the id {fragment!r}"
            near = did_you_mean(fragment, there) if suggest else None
            found.append(_complaint("RT503", message, url, link, near))
    return found


def _complaint(code: str, message: str, url: str, link: Link | None, near: str | None) -> Diagnostic:
    if link is None:
        return diagnose(code, f"{message} (on the page {url})", None, near or "a template writes this link")
    return diagnose(code, message, link.place, near or "mend the address, or the heading that it names", link.line)
