"""What a web page shows: which elements it hides, and all its words as a browser's parser finds them, for the proof.

After HTML (WHATWG HTML Living Standard, 6.1 "The hidden attribute") and CSS in the tag itself. What a style sheet hides is
not known. `aria-hidden` hides nothing from people who look at a page: its words count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..patterns import lazy
from .tags import ATTRIBUTE, CODE, FOREIGN, INLINE, UNPARSED, Token, tokens

UNSEEN = lazy(r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse))\b", re.IGNORECASE)
MAX_ATTRIBUTES = 100  # of a tag; lexbor compares each with all before it
MIN_SWOLLEN = 2 * MAX_ATTRIBUTES  # characters
MAX_DEPTH = 1000  # elements that are open; lexbor looks at all of them where a paragraph begins
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
KEPT = UNPARSED | FOREIGN | VOID | frozenset({"template", "select", "noscript", "plaintext"})  # change how text is read


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes is hidden, so that nobody sees what stands in it."""
    if attributes.get("hidden", "until-found").casefold() != "until-found":
        return True
    return "style" in attributes and UNSEEN.search(attributes["style"]) is not None


def words(page: str) -> str:
    """All text of a page, found by lexbor; its words are parted where elements part them."""
    found = []
    node = LexborHTMLParser(_slim(page)).root
    while node is not None:
        found.append(_shown(node))
        if node.first_child is not None:
            node = node.first_child
            continue
        while node is not None and node.next is None:
            node = node.parent
            found.append(_border(node))
        node = node.next if node is not None else None
    return "".join(found)


def _slim(page: str) -> str:
    """The page without attributes of which a tag has more, and without elements that stand deeper, than anybody writes."""
    parts, at, depth = [], 0, 0
    for tag in tokens(page):
        if tag.kind == "text":
            continue
        if tag.name not in KEPT:
            depth = max(depth + (1 if tag.kind == "open" else -1), 0)
        if is_deep := tag.kind == "open" and depth > MAX_DEPTH and tag.name not in KEPT:
            parts.append(f"{page[at : tag.at]} ")
        elif _is_swollen(tag):
            parts.append(f"{page[at : page.find(tag.text, tag.at)]}>")
        else:
            continue
        at = page.find(f"{tag.text}>", tag.at) + len(tag.text) + 1
        depth -= is_deep
    return "".join((*parts, page[at:]))


def _is_swollen(tag: Token) -> bool:
    return len(tag.text) > MIN_SWOLLEN and len(ATTRIBUTE.findall(tag.text)) > MAX_ATTRIBUTES


def _shown(node: LexborNode) -> str:
    if node.tag == "-text":
        parent = node.parent.tag if node.parent is not None else ""
        return "" if parent in CODE else node.text(deep=False)
    return _border(node)


def _border(node: LexborNode | None) -> str:
    return "" if node is None or node.tag in INLINE else " "
