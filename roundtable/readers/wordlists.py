"""Lists of Word documents (numbering.xml; ECMA-376 Part 1, 17.9): which paragraphs are numbered, and with what.

The numbers stand nowhere in the document: Word counts them, for each kind of list and each depth, and so does this.
"""

from __future__ import annotations

from typing import NamedTuple

from ..patterns import lazy
from .wordml import Attributes, Item, parse

NUMBER = lazy(r"\(?%\d[.)]?\s*")  # "%1.": no other number before it
UNCOUNTED = frozenset({"bullet", "none", ""})
MAX_DEPTH = 9
MAX_DIGITS = 6  # of a number with which a list begins


class Level(NamedTuple):
    """How the items of one depth are counted."""

    first: int = 1
    format: str = ""
    text: str = "%1."


class _Lists:
    """Reads numbering.xml."""

    def __init__(self) -> None:
        self.levels: dict[tuple[str, str], Level] = {}  # by the kind of list, and the depth
        self.kinds: dict[str, str] = {}  # the kind of each list
        self.starts: dict[tuple[str, str], int] = {}  # of lists that begin otherwise than their kind
        self.kind = self.list = self.depth = ""

    def start(self, name: str, found: Attributes) -> None:
        """An element begins."""
        value = found.get("val", "")
        if name == "abstractNum":
            self.kind, self.list = found.get("abstractNumId", ""), ""
        elif name == "num":
            self.kind, self.list = "", found.get("numId", "")
        elif name == "abstractNumId":
            self.kinds[self.list] = value
        elif name in ("lvl", "lvlOverride"):
            self.depth = found.get("ilvl", "0")
        elif name == "startOverride":
            self.starts[self.list, self.depth] = _number(value)
        elif self.kind:
            self.level(name, value)

    def level(self, name: str, value: str) -> None:
        """What a depth of a kind of list is like."""
        level = self.levels.get((self.kind, self.depth), Level())
        if name == "start":
            level = level._replace(first=_number(value))
        elif name == "numFmt":
            level = level._replace(format=value)
        elif name == "lvlText":
            level = level._replace(text=value)
        self.levels[self.kind, self.depth] = level

    def end(self, name: str) -> None:
        """Nothing to do."""

    def text(self, text: str) -> None:
        """There is none."""


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) <= MAX_DIGITS else 1


class Numbers:
    """Counts the items of a document's lists, in order."""

    def __init__(self, data: bytes) -> None:
        self.lists = _Lists()
        if data:
            parse(data, self.lists)
        self.last: dict[str, dict[int, int]] = {}  # of each kind of list, by depth
        self.begun: set[tuple[str, str]] = set()  # lists that begin otherwise than their kind, and have begun
        self.unshown = 0  # items that are counted in letters, or by several numbers; headings

    def mark(self, item: Item | None) -> str:
        """The sign with which an item begins in Markdown; none where a paragraph is no item."""
        if item is None or item.list == "0":
            return ""
        level = self.lists.levels.get((self.lists.kinds.get(item.list, ""), item.depth), Level())
        if level.format in UNCOUNTED:
            return "- "
        number = self._count(item, level.first)
        if level.format == "decimal" and NUMBER.fullmatch(level.text):
            return f"{number}. "
        self.unshown += 1
        return "- "

    def _count(self, item: Item, first: int) -> int:
        """The number of an item: one more than the one before at its depth, unless a list around it went on."""
        depth = min(_number(item.depth) if item.depth != "0" else 0, MAX_DEPTH)
        counts = self.last.setdefault(self.lists.kinds.get(item.list, ""), {})
        own = (item.list, item.depth)
        if own in self.lists.starts and own not in self.begun:
            self.begun.add(own)
            counts[depth] = self.lists.starts[own] - 1
        counts[depth] = counts.get(depth, first - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        return counts[depth]
