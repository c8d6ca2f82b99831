"""Links between pages: from what an editor writes (`comments.md#giscus`) to what a page holds, and the check of all.

Editors link to source files, relative to their own, so that links work wherever the sources are read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import SplitResult, quote, unquote, urlsplit

from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .markup import Rendered
from .model import Diagnostic, Source, SourceSpan

# An address in a tag (not in text that shows one); clean HTML has at most one in each.
ADDRESS = re.compile(r"(?P<before><[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?\s(?:href|src)=\")(?P<address>[^\"]*)\"")


class Link(NamedTuple):
    """A link that an editor wrote."""

    written: str  # as the source holds it
    address: str  # as the page holds it
    within: SourceSpan  # the words it stands in
    is_known_broken: bool = False  # reported when it was resolved


class Map(NamedTuple):
    """What links can lead to, and where the site stands."""

    urls: Mapping[str, str]  # URL by path of the source or asset, relative to the site
    known: frozenset[str]  # every URL from the site's root
    content: str  # the content folder
    base_path: str


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


def resolve(
    source: Source, span: SourceSpan, rendered: Rendered, site: Map
) -> tuple[Rendered, tuple[Link, ...], tuple[Diagnostic, ...]]:
    """The fragment with its links to files made links to pages."""
    links: list[Link] = []
    found: list[Diagnostic] = []

    def replace(match: re.Match[str]) -> str:
        address = unescape(match["address"])
        if not is_local(address):
            return match[0]
        if address.startswith("#"):
            if not NOTE.search(address):
                links.append(Link(address, address, span))
            return match[0]
        target = _target(source.path, address, site)
        links.append(Link(address, target or address, span, is_known_broken=target is None))
        if target is None:
            found.append(_broken(source, span, address, site, suggest=len(found) < MOST_SUGGESTIONS))
            return match[0]
        return f'{match["before"]}{escape(target)}"'

    html = ADDRESS.sub(replace, rendered.html)
    return rendered._replace(html=html), tuple(links), tuple(found)


def _target(path: str, address: str, site: Map) -> str | None:
    """The address on the site of a file, a page or a generated file, named from another file or from the site's root."""
    parts = split(address)
    if parts is None or not address:
        return None
    if not parts.path:  # a query alone: the same page
        return address
    named = unquote(parts.path)
    start = site.content if named.startswith("/") else posixpath.dirname(path)
    file = posixpath.normpath(posixpath.join(start, named.lstrip("/") if named.startswith("/") else named))
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


SAFE_FRAGMENT = ":~-.,_!$&'()*+;=@/?"
NOTE = re.compile(r"(?:^#|-)fn(?:ref)?\d*:")
MOST_SUGGESTIONS = 20  # of one page: looking for the nearest name costs more than all else


def _find(source: Source, span: SourceSpan, address: str) -> SourceSpan:
    """The place of an address in the source, or of the words it stands in."""
    at = source.text.find(f"]({address}", span.start, span.end) + 2
    if at < 2:
        at = source.text.find(address, span.start) if address else -1
    return span_at(source, at, at + len(address)) if at >= 0 else span


def _broken(source: Source, span: SourceSpan, address: str, site: Map, suggest: bool) -> Diagnostic:
    place = _find(source, span, address)
    folder = posixpath.dirname(source.path)
    parts = split(address)
    near = (
        did_you_mean(parts.path, (posixpath.relpath(path, folder or ".") for path in site.urls))
        if parts and suggest
        else None
    )
    message = f"broken link: there is no {address!r}" if address else "broken link: it has no address"
    hint = near or "link to a file in content/, by its path from this one"
    return diagnose("RT502", message, place, hint, line_at(source.text, place.start))


def check(
    path: str,
    addresses: tuple[str, ...],
    source: Source | None,
    written: Iterable[Link],
    ids: Mapping[str, frozenset[str]],
    base_path: str,
) -> list[Diagnostic]:
    """Whether every address of a page exists. `written` are an editor's links in `source`; `ids` by URL of a page or file."""
    found: list[Diagnostic] = []
    by_address = {link.address: link for link in written}
    for address in addresses:
        link = by_address.get(address)
        parts = split(address)
        if parts is None or not is_local(address) or not address or (link and link.is_known_broken):
            continue
        url, fragment = unquote(parts.path), unquote(parts.fragment).split(":~:", maxsplit=1)[0]
        target = "/" + url.removeprefix(unquote(base_path)) if url else url_of(path)
        suggest = len(found) < MOST_SUGGESTIONS
        if url and not url.startswith(unquote(base_path)):
            found.append(_complaint("RT502", f"broken link: {address!r} leaves the site", path, source, link, None))
        elif target not in ids:
            near = did_you_mean(target, ids) if suggest else None
            found.append(_complaint("RT502", f"broken link: there is no {address!r}", path, source, link, near))
        elif fragment and fragment not in ids[target]:
            near = did_you_mean(fragment, ids[target]) if suggest else None
            message = f"broken link: nothing on {target!r} has the id {fragment!r}"
            found.append(_complaint("RT503", message, path, source, link, near))
    return found


def _complaint(
    code: str, message: str, path: str, source: Source | None, link: Link | None, hint: str | None
) -> Diagnostic:
    if link is None or source is None:
        return diagnose(code, f"{message} (on the page {path})", None, hint or "a template writes this link")
    place = _find(source, link.within, link.written)
    return diagnose(
        code,
        message,
        place,
        hint or "mend the address, or the heading that it names",
        line_at(source.text, place.start),
    )


def url_of(path: str) -> str:
    """The URL, from the site's root, of a file of the output folder."""
    return "/" + (path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path)
