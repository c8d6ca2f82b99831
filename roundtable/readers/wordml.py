"""WordprocessingML (Office Open XML, ECMA-376 Part 1): the parts of a Word document as paragraphs, tables and notes.

Read with expat, element by element: paragraphs with their styles and runs of one look, tables, lists, links, footnotes.
Tracked insertions count, deletions don't.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple, Protocol
from xml.parsers import expat

from ..patterns import lazy
from .dialect import Run
from .packed import Refused

OFF = frozenset({"0", "false", "off", "none"})
# Elements whose text is not the document's: removed in a revision, a second form of the same, formatting that was.
GONE = frozenset({"moveFrom", "del", "Fallback", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "instrText"})
STANDS_FOR = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
HEADING = lazy(r"heading (\d)", re.IGNORECASE)
SPEAKER = lazy(r"(?:^|\b)(?:speaker|sprecher|interviewer|locuteur|hablante)(?:\b|$)", re.IGNORECASE)
LINK_FIELD = lazy(r"\s*HYPERLINK\s+\"([^\"]+)\"")
MAX_CHAIN = 20  # styles that are based on one another
MAX_DEPTH = 500

Attributes = dict[str, str]


class Part(Protocol):
    """Listens to the elements of a part."""

    def start(self, name: str, found: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Text between tags."""


def parse(data: bytes, reader: Part) -> None:
    """Reads a part, element by element. Nothing is declared in one that Word wrote."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: Attributes) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise Refused(f"the document is nested deeper than {MAX_DEPTH}")
        reader.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        reader.end(_local(name))

    def declared(*_: object) -> None:
        raise Refused("the document declares entities")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = declared
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused(f"the document's XML is damaged: {error}") from error


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


# --- styles and links ------------------------------------------------------------------------------------------------


class Item(NamedTuple):
    """Which list a paragraph is an item of, and how deep."""

    list: str = ""
    depth: str = "0"


class Style(NamedTuple):
    """What a style says."""

    name: str = ""
    based_on: str = ""
    bold: bool | None = None
    italic: bool | None = None
    level: int = 0  # of a heading
    item: Item | None = None  # of a list


class _Styles:
    """Reads styles.xml."""

    def __init__(self) -> None:
        self.found: dict[str, Style] = {}
        self.id = ""

    def start(self, name: str, found: Attributes) -> None:
        value = found.get("val", "")
        if name == "style":
            self.id = found.get("styleId", "")
            self.found[self.id] = Style()
        elif self.id and name in ITEMS:
            style = self.found[self.id]
            self.found[self.id] = style._replace(item=ITEMS[name](style.item or Item(), value))
        elif self.id and name in CHANGES:
            self.found[self.id] = CHANGES[name](self.found[self.id], value)

    def end(self, name: str) -> None:
        if name == "style":
            self.id = ""

    def text(self, text: str) -> None:
        """There is none."""


CHANGES: dict[str, Callable[[Style, str], Style]] = {
    "name": lambda style, value: style._replace(name=value, level=_level(value) or style.level),
    "basedOn": lambda style, value: style._replace(based_on=value),
    "b": lambda style, value: style._replace(bold=value not in OFF),
    "i": lambda style, value: style._replace(italic=value not in OFF),
    "outlineLvl": lambda style, value: style._replace(level=style.level or _outline(value)),
}
ITEMS: dict[str, Callable[[Item, str], Item]] = {
    "numPr": lambda item, _: item,
    "numId": lambda item, value: item._replace(list=value),
    "ilvl": lambda item, value: item._replace(depth=value),
}


def _level(name: str) -> int:
    match = HEADING.fullmatch(name)
    return int(match[1]) if match else 0


def _outline(value: str) -> int:
    return int(value) + 1 if value in "012345" and value else 0


def styles(data: bytes) -> dict[str, Style]:
    """All styles, each with what it takes from those it is based on."""
    reader = _Styles()
    if data:
        parse(data, reader)
    return {id: _resolved(id, reader.found) for id in reader.found}


def _resolved(id: str, found: dict[str, Style]) -> Style:
    style = found[id]
    base = style.based_on
    for _ in range(MAX_CHAIN):
        if base not in found:
            break
        other = found[base]
        style = style._replace(
            bold=other.bold if style.bold is None else style.bold,
            italic=other.italic if style.italic is None else style.italic,
            level=style.level or other.level,
            item=style.item or other.item,
        )
        base = other.based_on
    return style


class _Links:
    """Reads a part's relationships."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}

    def start(self, name: str, found: Attributes) -> None:
        if name == "Relationship" and found.get("Type", "").endswith("/hyperlink"):
            self.found[found.get("Id", "")] = found.get("Target", "")

    def end(self, name: str) -> None:
        """Nothing to do."""

    def text(self, text: str) -> None:
        """There is none."""


def links(data: bytes) -> dict[str, str]:
    """The addresses that a part links to, by the ids of its relationships."""
    reader = _Links()
    if data:
        parse(data, reader)
    return reader.found


# --- the body --------------------------------------------------------------------------------------------------------


class Paragraph:
    """A paragraph that is being read."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.style = Style()
        self.level = 0
        self.item: Item | None = None
        self.runs: list[Run] = []
        self.hidden: list[str] = []


class Table(NamedTuple):
    """A table, row by row."""

    rows: list[tuple[int, list[list[list[Run]]]]]


class Body:
    """Reads the document, or its notes or comments, into paragraphs and tables."""

    def __init__(self, styles: dict[str, Style], links: dict[str, str], note: str = "", sign: str = "") -> None:
        self.styles, self.links, self.note, self.sign = styles, links, note, sign
        self.blocks: list[Paragraph | Table] = []
        self.notes: dict[str, list[list[Run]]] = {}
        self.inner: list[list[Run]] | None = None  # paragraphs of the note that is being read
        self.open: list[Paragraph] = []  # a text box stands inside of one
        self.stack: list[str] = []
        self.gone: list[str] = []
        self.tables: list[Table] = []
        self.number = self.deleted = self.inserted = 0
        self.href = self.field = ""
        self.fields = 0
        self.look = Run("")
        self.is_hidden = False

    def start(self, name: str, found: Attributes) -> None:
        """An element begins."""
        parent = self.stack[-1] if self.stack else ""
        self.stack.append(name)
        self.deleted += name == "del" and parent != "rPr"
        self.inserted += name == "ins" and parent != "rPr"
        if self.gone or name in GONE:
            self.gone.append(name)
        elif name in STANDS_FOR and parent == "r":
            self._add(STANDS_FOR[name])
        elif parent in ("pPr", "rPr", "numPr"):
            self._property(name, found, parent)
        elif name in STARTS:
            STARTS[name](self, found)

    def end(self, name: str) -> None:
        """An element ends."""
        self.stack.pop()
        if self.gone:
            self.gone.pop()
        elif name in ENDS:
            ENDS[name](self)

    def text(self, text: str) -> None:
        """Text, of an element that holds the document's words, or a field's code."""
        if not self.gone and self.stack[-1:] == ["t"]:
            self._add(text)
        elif self.gone == ["instrText"]:
            self.field += text

    def _add(self, text: str) -> None:
        if not self.open:  # outside of paragraphs, where no program writes it
            loose = Paragraph(self.number + 1)
            loose.runs.append(Run(text))
            self.blocks.append(loose)
        elif self.is_hidden:
            self.open[-1].hidden.append(text)
        else:
            self.open[-1].runs.append(self.look._replace(text=text, href=self.href))

    def _property(self, name: str, found: Attributes, parent: str) -> None:
        """A property of a paragraph or of a run."""
        value = found.get("val", "")
        if parent == "rPr":
            if self.stack[-3:-2] == ["r"]:
                self._run_property(name, value)
        elif not self.open:
            return
        elif name == "pStyle":
            self.open[-1].style = self.styles.get(value, Style())
        elif name == "outlineLvl":
            self.open[-1].level = _outline(value)
        elif name in ITEMS:
            self.open[-1].item = ITEMS[name](self.open[-1].item or Item(), value)

    def _run_property(self, name: str, value: str) -> None:
        if name == "b":
            self.look = self.look._replace(bold=value not in OFF)
        elif name == "i":
            self.look = self.look._replace(italic=value not in OFF)
        elif name == "vanish":
            self.is_hidden = value not in OFF
        elif name == "rStyle":
            style = self.styles.get(value, Style())
            bold = style.bold or SPEAKER.search(style.name) is not None
            self.look = self.look._replace(bold=bold or self.look.bold, italic=style.italic or self.look.italic)

    def begin_paragraph(self, _: Attributes) -> None:
        """`<w:p>`."""
        self.number += 1
        self.open.append(Paragraph(self.number))

    def end_paragraph(self) -> None:
        """`</w:p>`."""
        if not self.open:
            return
        paragraph = self.open.pop()
        if self.inner is not None:
            self.inner.append(paragraph.runs)
        elif self.tables and self.tables[0].rows and self.tables[0].rows[-1][1]:
            self.tables[0].rows[-1][1][-1].append(paragraph.runs)
        else:
            self.blocks.append(paragraph)

    def begin_run(self, _: Attributes) -> None:
        """`<w:r>`: looks like its paragraph's style, until it says otherwise."""
        style = self.open[-1].style if self.open else Style()
        is_bold = (bool(style.bold) and not style.level) or SPEAKER.search(style.name) is not None
        self.look, self.is_hidden = Run("", is_bold, bool(style.italic) and not style.level), False

    def begin_table(self, _: Attributes) -> None:
        """`<w:tbl>`."""
        self.tables.append(Table([]))

    def end_table(self) -> None:
        """`</w:tbl>`: one inside of another is part of its cell."""
        table = self.tables.pop() if self.tables else None
        if table and not self.tables and self.inner is None:
            self.blocks.append(table)

    def begin_row(self, _: Attributes) -> None:
        """`<w:tr>`."""
        if len(self.tables) == 1:
            self.tables[0].rows.append((self.number + 1, []))

    def begin_cell(self, _: Attributes) -> None:
        """`<w:tc>`."""
        if len(self.tables) == 1 and self.tables[0].rows:
            self.tables[0].rows[-1][1].append([])

    def begin_link(self, found: Attributes) -> None:
        """`<w:hyperlink>`."""
        self.href = self.links.get(found.get("id", ""), "")

    def end_link(self) -> None:
        """`</w:hyperlink>`."""
        self.href = ""

    def field_part(self, found: Attributes) -> None:
        """`<w:fldChar>`: the parts of a field; a link may be one."""
        kind = found.get("fldCharType")
        if kind == "begin":
            self.field = ""
        elif kind == "separate":
            match = LINK_FIELD.match(self.field)
            self.href = match[1] if match else ""
        elif kind == "end":
            self.href = ""

    def reference(self, sign: str, found: Attributes) -> None:
        """A reference to a note."""
        if self.open and not self.note:
            self.open[-1].runs.append(Run("", note=f"{sign}{found.get('id', '')}"))

    def begin_note(self, found: Attributes) -> None:
        """A footnote, endnote or comment; separators are notes, too."""
        key = f"{self.sign}{found.get('id', '')}"
        self.inner = []
        if found.get("type", "normal") == "normal":
            self.notes[key] = self.inner

    def end_note(self) -> None:
        """Its end."""
        self.inner = None


STARTS: dict[str, Callable[[Body, Attributes], None]] = {
    "p": Body.begin_paragraph,
    "r": Body.begin_run,
    "tbl": Body.begin_table,
    "tr": Body.begin_row,
    "tc": Body.begin_cell,
    "hyperlink": Body.begin_link,
    "fldChar": Body.field_part,
    "footnoteReference": lambda body, found: body.reference("", found),
    "endnoteReference": lambda body, found: body.reference("e", found),
    "footnote": Body.begin_note,
    "endnote": Body.begin_note,
    "comment": Body.begin_note,
}
ENDS: dict[str, Callable[[Body], None]] = {
    "p": Body.end_paragraph,
    "tbl": Body.end_table,
    "hyperlink": Body.end_link,
    "footnote": Body.end_note,
    "endnote": Body.end_note,
    "comment": Body.end_note,
}
