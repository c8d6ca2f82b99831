"""Word documents (Office Open XML, ECMA-376 Part 1, WordprocessingML), written as speaker-tagged Markdown.

The document's parts are read with expat, element by element: paragraphs with their styles and bold runs, tables, lists,
links, footnotes. Tracked insertions count, deletions don't; comments are skipped with their reason. python-docx gives
neither tracked changes nor footnotes nor text boxes, so that words would be lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import NamedTuple
from xml.parsers import expat

from ..diagnostics import diagnose
from ..model import Diagnostic, Metadata, Reading, Source
from . import derived, markdown
from .dialect import MAX_LABEL, Run, Script, plain
from .packed import Archive, Refused

MAIN = "word/document.xml"
OFF = frozenset({"0", "false", "off", "none"})
# Elements whose text is not the document's: removed in a revision, a second form of the same, formatting that was.
GONE = frozenset({"moveFrom", "del", "Fallback", "pPrChange", "rPrChange", "sectPrChange", "tblPrChange", "instrText"})
STANDS_FOR = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
SPEAKER = re.compile(r"(?:^|\b)(?:speaker|sprecher|interviewer|locuteur|hablante)(?:\b|$)", re.IGNORECASE)
LINK_FIELD = re.compile(r"\s*HYPERLINK\s+\"([^\"]+)\"")
MAX_CHAIN = 20  # styles that are based on one another
MAX_DEPTH = 500

Attributes = dict[str, str]


def holds(archive: Archive) -> str:
    """Why an archive is a Word document."""
    return f"an archive that holds {MAIN}" if MAIN in archive else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a document."""
    return derived.reading(markdown.read, source, sidecar)


def extract(source: Source, archive: Archive) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a document, with the paragraph's number for each line, and whether some of it was lost."""
    styles = _styles(_part(archive, "word/styles.xml"))
    links = _links(_part(archive, "word/_rels/document.xml.rels"))
    body = _Body(styles, links)
    main = archive.read(MAIN)
    _parse(main, body)
    words = [_words(main)]
    notes: dict[str, list[list[Run]]] = {}
    for kind, sign in (("footnote", ""), ("endnote", "e"), ("comment", "c")):
        noted = _Body(styles, _links(_part(archive, f"word/_rels/{kind}s.xml.rels")), kind, sign)
        if data := _part(archive, f"word/{kind}s.xml"):
            _parse(data, noted)
            words.append(_words(data))
        notes |= noted.notes
    comments = {key: notes.pop(key) for key in list(notes) if key.startswith("c")}
    script, metadata = _written(body, notes, comments)
    sheet = script.close()
    sheet.before(derived.head(metadata), 1)
    taken = sheet.source(source, "docx")
    return taken, (*_revised(source, body), *derived.proof(taken, " ".join(words), metadata))


def _part(archive: Archive, name: str) -> bytes:
    return archive.read(name) if name in archive else b""


def _parse(data: bytes, reader: _Body | _Styles | _Links) -> None:
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


class Style(NamedTuple):
    """What a style says."""

    name: str = ""
    based_on: str = ""
    bold: bool | None = None
    italic: bool | None = None
    level: int = 0  # of a heading
    is_list: bool = False


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
    "numPr": lambda style, _: style._replace(is_list=True),
}


def _level(name: str) -> int:
    match = HEADING.fullmatch(name)
    return int(match[1]) if match else 0


def _outline(value: str) -> int:
    return int(value) + 1 if value in "012345" and value else 0


def _styles(data: bytes) -> dict[str, Style]:
    """All styles, each with what it takes from those it is based on."""
    reader = _Styles()
    if data:
        _parse(data, reader)
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
            is_list=style.is_list or other.is_list,
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


def _links(data: bytes) -> dict[str, str]:
    reader = _Links()
    if data:
        _parse(data, reader)
    return reader.found


# --- the body --------------------------------------------------------------------------------------------------------


class Paragraph:
    """A paragraph that is being read."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.style = Style()
        self.level = 0
        self.is_list = False
        self.runs: list[Run] = []
        self.hidden: list[str] = []


class Table(NamedTuple):
    """A table, row by row."""

    rows: list[tuple[int, list[list[list[Run]]]]]


class _Body:
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
        elif parent in ("pPr", "rPr"):
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
        elif name == "numPr":
            self.open[-1].is_list = True

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


STARTS: dict[str, Callable[[_Body, Attributes], None]] = {
    "p": _Body.begin_paragraph,
    "r": _Body.begin_run,
    "tbl": _Body.begin_table,
    "tr": _Body.begin_row,
    "tc": _Body.begin_cell,
    "hyperlink": _Body.begin_link,
    "fldChar": _Body.field_part,
    "footnoteReference": lambda body, found: body.reference("", found),
    "endnoteReference": lambda body, found: body.reference("e", found),
    "footnote": _Body.begin_note,
    "endnote": _Body.begin_note,
    "comment": _Body.begin_note,
}
ENDS: dict[str, Callable[[_Body], None]] = {
    "p": _Body.end_paragraph,
    "tbl": _Body.end_table,
    "hyperlink": _Body.end_link,
    "footnote": _Body.end_note,
    "endnote": _Body.end_note,
    "comment": _Body.end_note,
}


# --- writing ---------------------------------------------------------------------------------------------------------


def _written(
    body: _Body, notes: dict[str, list[list[Run]]], comments: dict[str, list[list[Run]]]
) -> tuple[Script, Metadata]:
    """The document as Markdown, and what it says of itself."""
    script = Script()
    blocks = [block for block in body.blocks if isinstance(block, Table) or plain(block.runs) or block.hidden]
    title, is_shifted = _title(blocks)
    told: set[str] = set()  # notes whose words stand below the heading that refers to them
    for block in blocks:
        if isinstance(block, Table):
            script.table(block.rows)
            continue
        if block is not title:
            _paragraph(script, block, is_shifted)
        script.skipped("".join(block.hidden), "hidden text", block.number)
        if block is title or _heading(block):
            told |= _beside_heading(script, block, notes)
    _notes(script, blocks, {key: note for key, note in notes.items() if key not in told}, told, body.number)
    for paragraphs in comments.values():
        script.skipped(" ".join(map(plain, paragraphs)), "comment in the document", body.number)
    return script, Metadata(title=plain(title.runs) if title else None)


def _notes(
    script: Script, blocks: list[Paragraph | Table], notes: dict[str, list[list[Run]]], told: set[str], line: int
) -> None:
    """Writes the notes that the text refers to; one that is missing stands empty."""
    used = dict.fromkeys(run.note for runs in _every(blocks) for run in runs if run.note and run.note not in told)
    for key in used:
        script.note(key, notes.get(key, []), line)
    for key, paragraphs in notes.items():
        if key not in used:
            script.skipped(" ".join(map(plain, paragraphs)), "note that nothing refers to", line)


def _every(blocks: list[Paragraph | Table]) -> Iterator[list[Run]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.runs
        else:
            yield from (runs for _, cells in block.rows for cell in cells for runs in cell)


def _heading(block: Paragraph) -> int:
    return block.level or block.style.level


def _title(blocks: list[Paragraph | Table]) -> tuple[Paragraph | None, bool]:
    """The paragraph that is the title, and whether all headings are one level lower than they say."""
    first = next(iter(blocks), None)
    tops = [block for block in blocks if isinstance(block, Paragraph) and _heading(block) == 1]
    if isinstance(first, Paragraph) and first.style.name.casefold() == "title":
        return first, True
    if len(tops) == 1 and tops[0] is first:
        return tops[0], False
    return None, True


def _paragraph(script: Script, block: Paragraph, is_shifted: bool) -> None:
    level = _heading(block)
    if block.style.name.casefold().startswith("toc "):
        script.skipped(plain(block.runs), "table of contents", block.number)
    elif (
        SPEAKER.search(block.style.name) and len(plain(block.runs)) <= MAX_LABEL and not any(r.note for r in block.runs)
    ):
        script.label(plain(block.runs), block.number)
    elif level:
        script.heading(block.runs, min(max(level + is_shifted, 2), 6), block.number)
    else:
        script.paragraph(block.runs, block.number, "- " if block.is_list or block.style.is_list else "")


def _beside_heading(script: Script, block: Paragraph, notes: dict[str, list[list[Run]]]) -> set[str]:
    """Writes the notes of a heading below it, since a heading refers to none."""
    keys = {run.note: None for run in block.runs if run.note}
    for key in keys:
        for runs in notes.get(key, []):
            script.paragraph(runs, block.number)
    return set(keys)


def _revised(source: Source, body: _Body) -> tuple[Diagnostic, ...]:
    if not body.deleted and not body.inserted:
        return ()
    message = f"tracked changes: {body.inserted} insertions are read, {body.deleted} deletions left out"
    hint = "accept or reject them in Word, if that is not what you want"
    return (diagnose("RT232", message, (source.path, 1, 1), hint),)


# --- the proof: the words of the document without a parser -----------------------------------------------------------


def _words(data: bytes) -> str:
    """The text of the document, found by its tags alone."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    shown: list[str] = []
    gone = 0
    is_text = False
    for tag, name, rest, words in re.findall(r"<(/?)(?:\w+:)?(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|([^<]+)", text):
        if words:
            shown.append(unescape(words) if is_text and not gone else "")
            continue
        if name in ("del", "moveFrom", "Fallback") and not rest.endswith("/"):
            gone += -1 if tag else 1
        is_text = name == "t" and not tag and not rest.endswith("/")
        shown.append(" " if name in ("p", "br", "tab", "cr", "noBreakHyphen") else "")
    return "".join(shown)
