"""What a web page shows: which elements it hides, and all its words as a browser's parser finds them, for the proof.

After HTML (WHATWG HTML Living Standard, 6.1 "The hidden attribute") and CSS in the tag itself. What a style sheet hides is
not known. `aria-hidden` hides nothing from people who look at a page: its words count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from selectolax.lexbor import LexborHTMLParser, LexborNode

from .tags import ATTRIBUTE, CODE, INLINE, Token

UNSEEN = re.compile(r"(?:^|;)\s*+(?:display\s*+:\s*+none|visibility\s*+:\s*+(?:hidden|collapse))\b", re.IGNORECASE)
MAX_ATTRIBUTES = 100  # of a tag; lexbor compares each with all before it
MIN_SWOLLEN = 2 * MAX_ATTRIBUTES  # characters


def is_hidden(attributes: Mapping[str, str]) -> bool:
    """Whether an element with these attributes is hidden, so that nobody sees what stands in it."""
    if attributes.get("hidden", "until-found").casefold() != "until-found":
        return True
    return "style" in attributes and UNSEEN.search(attributes["style"]) is not None


def is_swollen(tag: Token) -> bool:
    """Whether a tag has more attributes than anybody writes."""
    return len(tag.text) > MIN_SWOLLEN and len(ATTRIBUTE.findall(tag.text)) > MAX_ATTRIBUTES


def words(page: str, swollen: Sequence[Token] = ()) -> str:
    """All text of a page, found by lexbor; its words are parted where elements part them. Of swollen tags it sees the names."""
    found = []
    node = LexborHTMLParser(_slim(page, swollen)).root
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


def _slim(page: str, swollen: Sequence[Token]) -> str:
    """The page without the attributes of these tags."""
    parts, at = [], 0
    for tag in swollen:
        begin = page.find(tag.text, tag.at)
        parts.append(page[at:begin])
        at = begin + len(tag.text)
    return "".join((*parts, page[at:]))


def _shown(node: LexborNode) -> str:
    if node.tag == "-text":
        parent = node.parent.tag if node.parent is not None else ""
        return "" if parent in CODE else node.text(deep=False)
    return _border(node)


def _border(node: LexborNode | None) -> str:
    return "" if node is None or node.tag in INLINE else " "
