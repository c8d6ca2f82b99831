"""Links between pages: from what an editor writes (`comments.md#giscus`) to what a page holds, and the check of all.

Editors link to source files, relative to their own, so that links work wherever the sources are read.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .markup import Rendered
from .model import Diagnostic, Source, SourceSpan

# An address in a tag (not in text that shows one); clean HTML has at most one in each.
ADDRESS = re.compile(r"(?P<before><[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?\s(?:href|src)=\")(?P<address>[^\"]*)\"")


class Link(NamedTuple):
    """A link that an editor wrote."""

    written: str  # as the source holds it
    address: str  # as the page holds it
    place: SourceSpan
    source: str  # its line
    is_known_broken: bool = False  # reported when it was resolved


def is_local(address: str) -> bool:
    """Whether an address points into the site."""
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc


def resolve(
    source: Source, span: SourceSpan, rendered: Rendered, urls: Mapping[str, str], content: str, base_path: str
) -> tuple[Rendered, tuple[Link, ...], tuple[Diagnostic, ...]]:
    """The fragment with its links to files made links to pages. `urls` by path of the source or asset, `content` included."""
    if not rendered.attributes:
        return rendered, (), ()
    links: list[Link] = []
    found: list[Diagnostic] = []

    def replace(match: re.Match[str]) -> str:
        address = unescape(match["address"])
        if not is_local(address) or address.startswith("#"):
            if address.startswith("#") and "-fn:" not in address and "-fnref:" not in address:
                links.append(_link(source, span, address, address))
            return match[0]
        target = _target(source.path, address, urls, content, base_path)
        if target is None:
            found.append(_broken(source, span, address, urls))
            links.append(_link(source, span, address, address)._replace(is_known_broken=True))
            return match[0]
        links.append(_link(source, span, address, target))
        return f'{match["before"]}{escape(target)}"'

    html = ADDRESS.sub(replace, rendered.html)
    return rendered._replace(html=html), tuple(links), tuple(found)


def _target(path: str, address: str, urls: Mapping[str, str], content: str, base_path: str) -> str | None:
    """The address on the site of a file that is named from another file, or from the site's root."""
    parts = urlsplit(address)
    named = unquote(parts.path)
    file = posixpath.normpath(
        f"{content}/{named}" if named.startswith("/") else posixpath.join(posixpath.dirname(path), named)
    )
    fragment = f"#{quote(unquote(parts.fragment), safe=SAFE_FRAGMENT)}" if parts.fragment else ""
    if file in urls:
        return base_path + quote(urls[file].lstrip("/")) + fragment
    url = f"/{posixpath.relpath(file, content)}/".replace("/./", "/")  # the address of a page, written as such
    return base_path + quote(url.lstrip("/")) + fragment if url in urls.values() else None


SAFE_FRAGMENT = ":~-.,_!$&'()*+;=@/?"


def _find(source: Source, span: SourceSpan, address: str) -> SourceSpan:
    """The place of an address in the source, or of the words it stands in."""
    at = source.text.find(f"]({address}", span.start) + 2
    if at < 2:
        at = source.text.find(address, span.start)
    return span_at(source, at, at + len(address)) if at >= 0 else span


def _link(source: Source, span: SourceSpan, address: str, target: str) -> Link:
    place = _find(source, span, address)
    return Link(address, target, place, line_at(source.text, place.start))


def _broken(source: Source, span: SourceSpan, address: str, urls: Mapping[str, str]) -> Diagnostic:
    place = _find(source, span, address)
    folder = posixpath.dirname(source.path)
    near = did_you_mean(urlsplit(address).path, (posixpath.relpath(path, folder or ".") for path in urls))
    hint = near or "link to a file in content/, by its path from this one"
    message = f"broken link: there is no {address!r}" if address else "broken link: it has no address"
    return diagnose("RT502", message, place, hint, line_at(source.text, place.start))


def check(
    path: str,
    addresses: tuple[str, ...],
    written: Mapping[str, Link],
    ids: Mapping[str, frozenset[str]],
    base_path: str,
) -> list[Diagnostic]:
    """Whether every address of a page exists. `written` are an editor's links by address; `ids` by URL of a page or file."""
    found = []
    own = url_of(path)
    for address in addresses:
        if not is_local(address) or not address or (address in written and written[address].is_known_broken):
            continue
        parts = urlsplit(address)
        url = unquote(parts.path)
        if url and not url.startswith(base_path):
            found.append(_complaint("RT502", f"broken link: {address!r} leaves the site", address, path, written, None))
            continue
        target = "/" + url[len(base_path) :] if url else own
        if target not in ids:
            found.append(
                _complaint(
                    "RT502", f"broken link: there is no {address!r}", address, path, written, did_you_mean(target, ids)
                )
            )
        elif (
            parts.fragment
            and unquote(parts.fragment).split(":~:")[0] not in ids[target]
            and unquote(parts.fragment).split(":~:")[0]
        ):
            near = did_you_mean(unquote(parts.fragment), ids[target])
            found.append(
                _complaint(
                    "RT503",
                    f"broken link: nothing on {target!r} has the id {unquote(parts.fragment)!r}",
                    address,
                    path,
                    written,
                    near,
                )
            )
    return found


def _complaint(
    code: str, message: str, address: str, path: str, written: Mapping[str, Link], hint: str | None
) -> Diagnostic:
    link = written.get(address)
    if link is None:
        return diagnose(code, f"{message} (on the page {path})", None, hint or "a template writes this link")
    return diagnose(code, message, link.place, hint or "mend the address, or the heading that it names", link.source)


def url_of(path: str) -> str:
    """The URL, from the site's root, of a file of the output folder."""
    return "/" + path.removesuffix("index.html")
