"""XML as a tree in which every element and every piece of text knows its place in the source.

XML 1.0 (fifth edition), namespaces by their local names: the vocabularies that are read keep the same names from version to
version, while their namespaces change. Expat parses; it reports bytes, which are counted back into characters as they come.

The input is hostile. Nothing outside the file is fetched. A document type may declare entities only where they stand for what
HTML calls by the same name, as parlparse's files do: so nothing can blow up, and `plain` need not know the declarations.
Depth and the number of elements are bounded. What is refused is told with its line and column.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple
from xml.parsers import expat

from ..diagnostics import diagnose, line_at, span_at
from ..locales import is_language
from ..model import Diagnostic, Metadata, Reading, Skipped, Source
from ..patterns import lazy
from .lines import Places

MAX_DEPTH = 100
MAX_ELEMENTS = 1_000_000
KNOWN = "Akoma Ntoso debates, TEI transcripts and parlparse files"

PREDEFINED = frozenset(("amp", "lt", "gt", "apos", "quot"))
START_TAG = lazy(r"<[^<>\"']*+(?:\"[^\"]*+\"[^<>\"']*+|'[^']*+'[^<>\"']*+)*+>")
C1 = lazy(r"[\x80-\x9f]")
SPACES = lazy(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")

# Tags that part words, whatever stands between them. All others stand inside words or between spaces of the source.
PARTING = frozenset(
    "ab address alinea annotationBlock authorialNote block blockContainer blockList body br byline camera caption "
    "castItem castList cb cell closer container content coverPage dateline debateSection desc div docAuthor docTitle "
    "eol figure from gap gb head heading incident intro item kinesic l label lb lg li list listIntroduction "
    "listWrapUp longTitle milestone move mplist mpname narrative note ol opener outcome p paragraph pause pb point "
    "postscript preface quotedStructure remark row s salute scene seg signed sound sp speaker speech stage subheading "
    "subparagraph summary table tblock td tech th titlePage titlePart tocItem tr trailer ul vocal vote wrapUp writing".split()
)
# Tokens and breaks may say that nothing parts them from what stands beside them: TEI's `join`, and its `break`.
TOKENS = frozenset(("w", "pc"))
BREAKS = frozenset(("lb", "pb", "cb", "gb", "milestone"))

# Signs between runs of text; no XML file can hold these characters.
JOINED, PARTED, BREAK = "\x00", "\x01", "\x02"

MARKUP = lazy(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[(?P<data>.*?)(?:\]\]>|\Z)"
    r"|<(?P<end>/?)(?:[^\s<>/\"':]*+:)?(?P<name>[^\s<>/\"':]++)"
    r"(?P<rest>[^<>\"']*+(?:\"[^\"]*+\"[^<>\"']*+|'[^']*+'[^<>\"']*+)*+)>",
    re.DOTALL,
)
JOIN = lazy(r"\b(?:join|break)\s*=\s*[\"'](\w+)[\"']")


class Text(NamedTuple):
    """Characters as they are meant, and where they begin in the source."""

    text: str
    start: int


class Element:
    """An element: `start` to `end` is all of it, `inner` to `close` what stands between its tags."""

    __slots__ = ("attributes", "children", "close", "end", "inner", "name", "start")

    def __init__(self, name: str, attributes: dict[str, str], start: int, inner: int) -> None:
        self.name = name
        self.attributes = attributes
        self.start = start
        self.inner = self.close = self.end = inner
        self.children: list[Element | Text] = []

    def get(self, *names: str) -> str:
        """The first of these attributes that says something, or ""."""
        return next((value for name in names if (value := self.attributes.get(name, "").strip())), "")

    def elements(self) -> Iterator[Element]:
        """Its children that are elements."""
        return (child for child in self.children if isinstance(child, Element))

    def descendants(self) -> Iterator[Element]:
        """All elements in it, in order."""
        waiting = [self]
        while waiting:
            element = waiting.pop()
            if element is not self:
                yield element
            waiting += reversed([*element.elements()])

    def all(self, *names: str) -> Iterator[Element]:
        """The elements in it that are called so."""
        return (element for element in self.descendants() if element.name in names)

    def first(self, *names: str) -> Element | None:
        """The first element in it that is called so."""
        return next(self.all(*names), None)

    def words(self) -> str:
        """Its text on one line; what a tag parts is parted."""
        line = Line()
        self.put_on(line)
        return line.text()

    def put_on(self, line: Line) -> None:
        """Puts its words on a line."""
        for child in self.children:
            if isinstance(child, Text):
                line.add(child.text)
            else:
                line.begins(child)
                child.put_on(line)
                line.ends(child)


class Line:
    """Words as they are put together from runs of text and from what tags say of the space between them."""

    def __init__(self) -> None:
        self.parts: list[str] = []

    def add(self, *parts: str) -> None:
        """Runs of text, or signs."""
        self.parts += parts

    def begins(self, element: Element) -> None:
        """The start tag of an element that stands in a line."""
        self.add(sign(element.name, element.get("join", "break"), is_end=False))

    def ends(self, element: Element) -> None:
        """Its end tag."""
        self.add(sign(element.name, element.get("join", "break"), is_end=True))

    def text(self) -> str:
        """The line, with one space where there is any."""
        return one_spaced(settled("".join(self.parts)))


def sign(name: str, said: str, *, is_end: bool) -> str:
    """What a tag says of the words around it: that they are parted, that they touch, or nothing ("")."""
    if name in TOKENS:
        return JOINED if said in ("both", "right" if is_end else "left") else ""
    if name in BREAKS:
        return "" if is_end else JOINED if said == "no" else PARTED
    return PARTED if name in PARTING else ""


def settled(text: str) -> str:
    """The text without the space around what is joined, and with space where it is parted."""
    if JOINED in text:
        first, *rest = text.split(JOINED)
        text = "".join((first.rstrip(), *(one.strip() for one in rest[:-1]), rest[-1].lstrip()))
    return text.replace(PARTED, " ")


def one_spaced(text: str) -> str:
    """The text with one space wherever lines and spaces of the file parted it; spaces of a kind of their own stay."""
    return SPACES.sub(" ", text).strip()


class _Refused(Exception):  # noqa: N818  (it is no error of ours)
    """The file asks for what is not done."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


def parse(source: Source) -> Element | Diagnostic:
    """The root element, or why there is none."""
    builder = _Builder(source.text)
    try:
        builder.parser.Parse(builder.data, True)
    except expat.ExpatError as error:
        message = f"not well-formed XML: {expat.errors.messages.get(error.code, 'error')}"
        at = builder.character(builder.parser.ErrorByteIndex)
        return _told(source, "RT221", message, at, "mend the file at this place, or export it again")
    except _Refused as refused:
        hint = "take the declaration or the nesting out; a transcript needs neither"
        return _told(source, "RT223", str(refused), builder.character(refused.at), hint)
    return builder.root


def _told(source: Source, code: str, message: str, at: int, hint: str) -> Diagnostic:
    return diagnose(code, message, span_at(source, at, at), hint, line_at(source.text, at))


class _Builder:
    """Listens to the parser and grows the tree."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.data = text.encode("utf-8", "replace")
        self.is_ascii = len(self.data) == len(text)
        self.counted = (0, 0)  # a byte, and the character that begins there
        self.root: Element
        self.open: list[Element] = []
        self.elements = 0
        self.data_at: int | None = None  # where a CDATA section begins whose text is yet to come
        self.parser = parser = expat.ParserCreate("utf-8")  # whatever the file declares: it is decoded already
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartCdataSectionHandler = self.data_begins
        parser.EntityDeclHandler = self.entity
        parser.SkippedEntityHandler = self.unknown_entity

    def character(self, byte: int) -> int:
        """The character that begins at that byte. Counted from the byte asked for last: they come in order."""
        if self.is_ascii:
            return byte
        known, characters = self.counted
        if byte < known:
            known, characters = 0, 0
        characters += len(self.data[known:byte].decode("utf-8", "ignore"))
        self.counted = (byte, characters)
        return characters

    def here(self) -> int:
        """The character at which the parser stands."""
        return self.character(self.parser.CurrentByteIndex)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A start tag."""
        self.elements += 1
        if len(self.open) >= MAX_DEPTH:
            raise _Refused(f"nested deeper than {MAX_DEPTH} elements", self.parser.CurrentByteIndex)
        if self.elements > MAX_ELEMENTS:
            raise _Refused(f"more than {MAX_ELEMENTS:,} elements", self.parser.CurrentByteIndex)
        at = self.here()
        tag = START_TAG.match(self.text, at)
        element = Element(_local(name), _locals(attributes), at, tag.end() if tag else at)
        if self.open:
            self.open[-1].children.append(element)
        else:
            self.root = element
        self.open.append(element)

    def end(self, _: str) -> None:
        """An end tag, or the end of an empty element."""
        element = self.open.pop()
        if self.text.endswith("/>", element.start, element.inner):
            return
        element.close = self.here()
        element.end = self.text.find(">", element.close) + 1

    def data_begins(self) -> None:
        """A CDATA section: its text begins where it does, so that no span cuts it."""
        self.data_at = self.here()

    def characters(self, text: str) -> None:
        """A run of text."""
        at, self.data_at = self.here() if self.data_at is None else self.data_at, None
        if C1.match(text) and self.text.startswith("&", at):
            text = unescape(f"&#{ord(text)};")  # what is meant: HTML and Windows have a dash or a quotation mark there
        self.open[-1].children.append(Text(text, at))

    def entity(self, name: str, is_parameter: bool, value: str | None, *_: object) -> None:
        """A declared entity: harmless if it is what HTML calls so. Parameter entities are never expanded."""
        if not is_parameter and unescape(f"&{name};") != value and name not in PREDEFINED:
            raise _Refused(f"declares an entity of its own: {name!r}", self.parser.CurrentByteIndex)

    def unknown_entity(self, name: str, is_parameter: bool) -> None:
        """An entity that a document type elsewhere declares, which isn't fetched: what HTML calls so, or nobody knows."""
        if is_parameter:
            return
        if (value := unescape(f"&{name};")) != f"&{name};" and self.open:
            self.characters(value)
            return
        raise _Refused(f"an entity that the file does not declare: {name!r}", self.parser.CurrentByteIndex)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _locals(attributes: dict[str, str]) -> dict[str, str]:
    """Attributes by their local names; one without a prefix counts before its namesake with one."""
    if not any(":" in name for name in attributes):
        return attributes
    prefixed = {_local(name): value for name, value in attributes.items() if ":" in name}
    return prefixed | {name: value for name, value in attributes.items() if ":" not in name}


# --- the words in a stretch, without a tree ---------------------------------------------------------------------------


def plain(stretch: str) -> str:
    """The words in a stretch of an XML file that begins and ends between tags."""
    parts: list[str] = []
    at = 0
    joins: list[str] = []  # what the tokens that are open say of their ends
    for match in MARKUP.finditer(stretch):
        parts.append(unescape(stretch[at : match.start()]))
        at = match.end()
        if (name := match["name"]) is None:
            parts.append(match["data"] or "")
        elif name in TOKENS:
            parts.append(_token(match, joins))
        elif name in PARTING or name in BREAKS:
            parts.append(sign(name, _said(match["rest"]), is_end=bool(match["end"])))
    parts.append(unescape(stretch[at:]))
    return settled("".join(parts))


def _token(tag: re.Match[str], joins: list[str]) -> str:
    """The sign of a token's tag. An end tag says nothing itself: its start tag did."""
    if tag["end"]:
        return sign(tag["name"], joins.pop(), is_end=True) if joins else ""
    said = _said(tag["rest"])
    if not tag["rest"].endswith("/"):
        joins.append(said)
    return sign(tag["name"], said, is_end=False)


def _said(rest: str) -> str:
    """What a tag's `join` or `break` says."""
    match = JOIN.search(rest)
    return match[1] if match else ""


def language(told: str) -> str | None:
    """A language tag; three letters become two where the language has two."""
    from babel.core import get_global  # slow to import

    tag = told.strip().replace("_", "-")
    if not is_language(tag):
        return None
    first, dash, rest = tag.partition("-")
    return f"{get_global('language_aliases').get(first.casefold(), first)}{dash}{rest}"


# --- files that can't be read ------------------------------------------------------------------------------------------


def unread(source: Source, sidecar: Metadata | None, why: Diagnostic) -> Reading:
    """The reading of a file of which nothing is read, and why."""
    span = Places(source).span(0, len(source.text))
    pieces = (Skipped(source.text[:200], why.message, span),) if span.end > span.start else ()
    return Reading(source, "page", sidecar or Metadata(), pieces, diagnostics=(why,))


def unknown(
    source: Source, root: Element, name: str = "", cure: str = "save it as text, or ask for its format"
) -> Diagnostic:
    """That a file's vocabulary isn't read: because it isn't known, or for all that it is."""
    what = f"{name}, which is not read" if name else "no transcript that is known"
    message = f"XML, but {what}: its root element is <{root.name}>"
    hint = f"{KNOWN} are read; {cure}"
    return _told(source, "RT222", message, root.start, hint)
