"""HTML as a row of tags and texts, each with its place in the file.

After the tokenizer of HTML (WHATWG HTML Living Standard, 13.2.5), but that no word is dropped: what never becomes a tag,
because its ">" is missing, stays text. Libraries that build a tree (lexbor, lxml) don't say where a text stood; Python's
own html.parser treats broken ends differently from version to version, and not always in linear time. That nothing is
lost here is proved against lexbor, see html.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Literal, NamedTuple

from ..patterns import lazy

NAME = lazy(r"<(/?)([A-Za-z][^\s/>]*+)")
REST = lazy(r"((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>")
PLAIN_REST = lazy(r"([^>]*+)>")  # where a quote is open until the end of the file
OTHER = lazy(r"<(?:[!?]|/[^A-Za-z])")  # a declaration, or what browsers take for a comment
ATTRIBUTE = lazy(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++)))?")
CODE = frozenset({"script", "style", "iframe", "noembed", "noframes"})  # what stands in them is never shown
# Elements inside a line; all others begin a new one.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
FOREIGN = frozenset({"svg", "math"})  # in which scripts hold tags like any other element
UNPARSED = CODE | {"title", "textarea", "xmp"}  # holds no tags


class Token(NamedTuple):
    """A tag, or the text between two."""

    kind: Literal["open", "close", "text"]
    name: str  # of the element, in small letters; "" for text
    text: str  # what stands behind the name in a tag, as it stands; a text with its entities resolved
    at: int


def tokens(page: str) -> Iterator[Token]:
    """All tags and texts, in order. Comments, declarations and scripts are left out."""
    at, rest, last = 0, REST, page.rfind(">")
    code = UNPARSED
    while (start := page.find("<", at)) >= 0 and start < last:
        if start > at:
            yield Token("text", "", unescape(page[at:start]), at)
        name = NAME.match(page, start)
        if name is None:
            at = _other(page, start)
            if at == start:
                at = start + 1
                yield Token("text", "", "<", start)
            continue
        match = rest.match(page, name.end())
        if match is None:
            rest = PLAIN_REST
            match = rest.match(page, name.end())
        if match is None:
            break
        element, at = name[2].casefold(), match.end()
        yield Token("close" if name[1] else "open", element, match[1], start)
        code = _unparsed(element, bool(name[1]), code)
        if element in code and not name[1]:
            end = _close(page, element, at)
            if element not in CODE:
                yield Token("text", "", unescape(page[at:end]), at)
            at = end
    if at < len(page):
        yield Token("text", "", unescape(page[at:]), at)


def _unparsed(element: str, is_end: bool, before: frozenset[str]) -> frozenset[str]:
    """Which elements hold no tags, behind that tag."""
    if element not in FOREIGN:
        return before
    return UNPARSED if is_end else UNPARSED - CODE


def _other(page: str, start: int) -> int:
    """The end of a comment or declaration that begins there; its beginning if there is none."""
    if page.startswith("<!--", start):
        end = page.find("-->", start + 2)  # "<!-->" is a comment as well
        return end + 3 if end >= 0 else len(page)
    if OTHER.match(page, start) is None:
        return start
    return page.find(">", start) + 1 or len(page)


def _close(page: str, element: str, at: int) -> int:
    """Where the end tag of an element begins that holds no tags; the end of the file if there is none."""
    match = re.compile(rf"</{element}(?=[\s/>])", re.IGNORECASE).search(page, at)
    return match.start() if match else len(page)


def attributes(token: Token) -> dict[str, str]:
    """The attributes of a tag; the first of a name counts."""
    found: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(token.text):
        found.setdefault(name.casefold(), unescape("".join(values)))
    return found
