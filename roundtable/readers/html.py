"""Web pages (HTML, WHATWG Living Standard; XHTML): the transcript in them.

Pages come in two kinds. In one all words stand in `<pre>`, laid out with spaces and line breaks (hearings, the
Congressional Record, archives of mailing lists): what is inside is raw text, and is read as such. All others are written as
speaker-tagged Markdown: paragraphs, headings, lists, bold type, links.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..locales import is_language
from ..model import Diagnostic, Metadata, Reading, Source
from . import derived, markdown, text
from .look import Look
from .tags import CODE, Token, attributes, tokens

ROOTS = frozenset({"html", "head", "body"})
# Elements inside a line; all others begin a new one.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
HEAD = 4_000  # characters of a page in which its publisher names it
# Lines such as "    Mr. Lind. Thank you" and "Ana Duarte: I do".
PUBLISHED = re.compile(r"\[(?:House|Senate|Joint|Congressional) (?:Hearing|Record|Committee)")
LABELLED = re.compile(
    r"^[ \t]{0,8}(?:(?:Mr|Mrs|Ms|Miss|Dr|Senator|Chairman|Chairwoman|Secretary|Judge|Justice|The [A-Z]{4,})\b[^\n.:]{0,40}[.:][ \t]"
    r"|[A-Z][\w.'’-]{0,30}(?:[ ][A-Z][\w.'’-]{0,30}){0,3}:[ \t])",
    re.MULTILINE,
)
ENOUGH = 3  # lines that begin so


def recognise(look: Look) -> str:
    """Why a page is known to be a transcript."""
    if look.root[0].casefold() not in ROOTS:
        return ""
    page = _Page(look.text)
    if not page.is_preformatted:
        return ""
    shown = "".join(one.text for one in page.preformatted)
    if match := PUBLISHED.search(shown[:HEAD]):
        return f"a page of preformatted text that says {match[0]!r}"
    labels = len(LABELLED.findall(shown))
    return f"a page of preformatted text in which {labels} lines begin with a label" if labels >= ENOUGH else ""


def extract(source: Source) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text that stands in a page, and whether some of it was lost."""
    page = _Page(source.text)
    sheet = derived.Sheet()
    if head := derived.head(page.metadata):
        for line in head.split("\n")[:-1]:
            sheet.write(line, page.title_line)
            sheet.write("\n", page.title_line - 1)
    sheet.write("\n", 0)
    for one in page.preformatted if page.is_preformatted else page.texts:
        sheet.write(one.text, page.line(one.at))
    taken = sheet.source(source, "html-text")
    return taken, derived.proof(taken, _words(source.text))


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of any other page."""
    return derived.reading(markdown.read, source, sidecar)


def read_text(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a page of preformatted text."""
    return derived.reading(text.read, source, sidecar)


class _Page:
    """What a page holds, found in one pass over its tags."""

    def __init__(self, page: str) -> None:
        self.starts = [0, *(match.end() for match in re.finditer("\n", page))]
        self.texts: list[Token] = []  # what is shown
        self.preformatted: list[Token] = []
        self.metadata = Metadata()
        self.title_line = 1
        self._read(page)
        inside = sum(bool(one.text.strip()) for one in self.preformatted)
        self.is_preformatted = inside > 0 and inside == sum(bool(one.text.strip()) for one in self.texts)

    def line(self, at: int) -> int:
        """The line of the file in which that character stands."""
        return bisect_right(self.starts, at)

    def _read(self, page: str) -> None:
        title, depth, language = [], 0, None
        is_title = is_first = False
        for token in tokens(page):
            if token.kind == "text":
                if is_title:
                    title.append(token.text)
                    self.title_line = self.line(token.at)
                    continue
                shown = token._replace(text=token.text[1:]) if is_first and token.text[:1] == "\n" else token
                shown = shown._replace(at=token.at + len(token.text) - len(shown.text))
                self.texts.append(shown)
                if depth:
                    self.preformatted.append(shown)
            elif token.name == "title":
                is_title = token.kind == "open" and not title
            elif token.name == "html" and token.kind == "open":
                language = attributes(token).get("lang")
            elif token.name == "pre":
                depth = max(depth + (1 if token.kind == "open" else -1), 0)
            is_first = token.kind == "open" and token.name == "pre"
        name = " ".join("".join(title).split()).strip(" -–—|·") or None
        self.metadata = Metadata(title=name, language=language if language and is_language(language) else None)


# --- the proof: the words of the page as a browser's parser finds them -------------------------------------------------


def _words(page: str) -> str:
    """All text of a page, found by lexbor; its words are parted where elements part them."""
    found = []
    node = LexborHTMLParser(page).root
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


def _shown(node: LexborNode) -> str:
    if node.tag == "-text":
        parent = node.parent.tag if node.parent is not None else ""
        return "" if parent in CODE else node.text(deep=False)
    return _border(node)


def _border(node: LexborNode | None) -> str:
    return "" if node is None or node.tag in INLINE else " "
