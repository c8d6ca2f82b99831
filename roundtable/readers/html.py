"""Web pages (HTML, WHATWG Living Standard; XHTML): the transcript in them.

Pages come in two kinds. In one all words stand in `<pre>`, laid out with spaces and line breaks (hearings, the
Congressional Record, archives of mailing lists): what is inside is raw text, and is read as such. All others are written as
speaker-tagged Markdown: paragraphs, headings, lists, bold type, links.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Literal, NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from ..locales import is_language
from ..model import Diagnostic, Metadata, Reading, Source
from . import derived, markdown, text
from .dialect import CLOCK, Run, Script, plain
from .look import Look
from .names import is_name_like
from .tags import CODE, Token, attributes, tokens

ROOTS = frozenset({"html", "head", "body"})
# Elements inside a line; all others begin a new one.
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark nobr q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
BOLD, ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})
WITHIN = frozenset({"article", "main"})  # a header in them is part of what they hold
TABLE = frozenset({"table", "tr", "td", "th"})
LEFT_OUT = frozenset(
    "nav footer aside form noscript button select textarea svg dialog template object audio video".split()
)
REASONS = {"nav": "navigation of the page", "header": "header of the page", "footer": "footer of the page"}
REASON = "part of the page that is no transcript"
HEADING = re.compile(r"h[1-6]")
SPEAKER = re.compile(r"(?:^|[\s_-])speaker(?:[\s_-]?(?:name|label))?(?:$|\s)", re.IGNORECASE)
TIME = re.compile(r"(?:^|[\s_-])time(?:stamp|code)?(?:$|\s)", re.IGNORECASE)
EMPTY_LINE = re.compile(r"\n[ \t]*\n\s*")
WHITE = re.compile(r"\s+")
MAX_NAME = 80  # characters
HEAD = 4_000  # characters of a page in which its publisher names it
# Lines such as "    Mr. Lind. Thank you" and "Ana Duarte: I do".
PUBLISHED = re.compile(r"\[(?:House|Senate|Joint|Congressional) (?:Hearing|Record|Committee)")
LABELLED = re.compile(
    r"^[ \t]{0,8}(?:(?:Mr|Mrs|Ms|Miss|Dr|Senator|Chairman|Chairwoman|Secretary|Judge|Justice|The [A-Z]{4,})\b[^\n.:]{0,40}[.:][ \t]"
    r"|[A-Z][\w.'’-]{0,30}(?:[ ][A-Z][\w.'’-]{0,30}){0,3}:[ \t])",
    re.MULTILINE,
)
ENOUGH = 3  # lines that begin so
LABELLED_SHARE = 0.25  # of the paragraphs of a page, if it is a transcript
SUFFIXES = (".html", ".htm", ".xhtml")


def recognise(look: Look) -> str:
    """Why a page is known to be a transcript."""
    if look.root[0].casefold() not in ROOTS and not (look.root[0] and look.suffix in SUFFIXES):
        return ""
    page = _Page(look.text)
    if page.is_preformatted:
        return _published(page)
    writer = _Writer(page)
    writer.written(look.text)
    labels, paragraphs = writer.script.labels, writer.script.paragraphs
    if len(labels) < ENOUGH or len(set(labels)) == len(labels) or len(labels) < LABELLED_SHARE * paragraphs:
        return ""
    return f"a page in which {len(labels)} of {paragraphs} paragraphs begin with a label"


def _published(page: _Page) -> str:
    shown = "".join(one.text for one in page.preformatted)
    if match := PUBLISHED.search(shown[:HEAD]):
        return f"a page of preformatted text that says {match[0]!r}"
    labels = len(LABELLED.findall(shown))
    return f"a page of preformatted text in which {labels} lines begin with a label" if labels >= ENOUGH else ""


def extract(source: Source) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text that stands in a page, and whether some of it was lost."""
    page = _Page(source.text)
    if page.is_preformatted:
        sheet, metadata = derived.Sheet(), page.metadata
        sheet.write("\n", page.title_line)
        for one in page.preformatted:
            sheet.write(one.text, page.line(one.at))
    else:
        writer = _Writer(page)
        sheet, metadata = writer.written(source.text), writer.metadata
    sheet.before(derived.head(metadata), page.title_line)
    taken = sheet.source(source, "html-text" if page.is_preformatted else "html")
    return taken, derived.proof(taken, _words(source.text), metadata)


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
        self.title = ""
        self.title_line = 1
        self._titles: set[int] = set()  # places of texts in it
        self._read(page)
        inside = sum(bool(one.text.strip()) for one in self.preformatted)
        self.is_preformatted = inside > 0 and inside == sum(bool(one.text.strip()) for one in self.texts)

    def line(self, at: int) -> int:
        """The line of the file in which that character stands."""
        return bisect_right(self.starts, at)

    def is_title(self, token: Token) -> bool:
        """Whether a text is the page's title."""
        return token.at in self._titles

    def _read(self, page: str) -> None:
        title, depth, language = [], 0, None
        is_title = is_first = False
        for token in tokens(page):
            if token.kind == "text":
                if is_title:
                    title.append(token.text)
                    self._titles.add(token.at)
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
        self.title = " ".join("".join(title).split())
        name = self.title.strip(" -–—|·") or None
        self.metadata = Metadata(title=name, language=language if language and is_language(language) else None)


# --- pages of paragraphs ---------------------------------------------------------------------------------------------


class _Capture(NamedTuple):
    """The text of an element that names a speaker or a time."""

    kind: Literal["speaker", "term", "time"]
    element: str
    texts: list[str]
    line: int


class _Writer:
    """Writes the tags and texts of a page as speaker-tagged Markdown."""

    def __init__(self, page: _Page) -> None:
        self.page = page
        self.metadata = page.metadata
        self.script = Script()
        self.runs: list[Run] = []
        self.line = 1  # of the first of them
        self.bold = self.italic = self.pre = 0
        self.href = self.began = self.mark = ""
        self.heading = 0
        self.is_titled = False  # by a heading
        self.capture: _Capture | None = None
        self.skipping: list[str] = []  # elements that are left out, from the outermost in
        self.left: list[str] = []  # texts in them
        self.rows: list[tuple[int, list[list[list[Run]]]]] = []
        self.tables = 0
        self.inside: list[str] = []  # article and main

    def written(self, text: str) -> derived.Sheet:
        """The Markdown of a page."""
        tags = list(tokens(text))
        self.closing = Counter(token.name for token in tags if token.kind == "close")
        self.titles = sum(token.name == "h1" and token.kind == "open" for token in tags)
        for token in tags:
            if token.kind == "text":
                self._text(token)
            elif token.kind == "open":
                self._open(token)
            else:
                self._close(token)
        self._flush()
        self._table()
        self._leave("", len(text))
        if self.page.metadata.title not in (None, self.metadata.title):
            first = Script()
            first.skipped(self.page.title, "title of the page's window", self.page.title_line)
            self.script.close()
            self.script.sheet.before(f"{first.sheet.text()}\n\n", self.page.title_line)
        return self.script.close()

    # texts

    def _text(self, token: Token) -> None:
        if self.page.is_title(token):
            return
        if self.skipping:
            self.left.append(token.text)
        elif self.capture:
            self.capture.texts.append(token.text)
        elif self.pre:
            for i, part in enumerate(EMPTY_LINE.split(token.text)):
                if i:
                    self._flush()
                self._add(part, token.at)
        else:
            self._add(WHITE.sub(" ", token.text), token.at)

    def _add(self, text: str, at: int) -> None:
        if not self.runs and not text.strip():
            return
        if not self.runs:
            self.line = self.page.line(at)
        self.runs.append(Run(text, self.bold > 0, self.italic > 0, self.href))

    def _flush(self) -> None:
        """Ends a paragraph."""
        self._captured()
        runs, line = self.runs, self.line
        self.runs, self.href = [], ""
        began, self.began = self.began, ""
        if not plain(runs):
            return
        if self.tables:
            self._cell().append(runs)
        elif self.heading:
            self._heading(runs, line)
        else:
            self.script.paragraph(runs, line, self.mark, began)
            self.mark = "  " if self.mark else ""

    def _heading(self, runs: list[Run], line: int) -> None:
        if self.heading == 1 and self.titles == 1 and not self.script.paragraphs and not self.is_titled:
            self.is_titled = True
            self.metadata = msgspec.structs.replace(self.metadata, title=plain(runs))
        else:
            level = self.heading + (1 if self.titles > 1 else 0)
            self.script.heading(runs, min(max(level, 2), 6), line)

    # tags

    def _open(self, token: Token) -> None:
        name, found = token.name, attributes(token) if token.text else {}
        if self.skipping:
            self.skipping += [name] * (name == self.skipping[0])
            return
        if self._is_left_out(name, found):
            if name not in INLINE:
                self._flush()
            self.skipping = [name]
            return
        if name == "br":
            self._break()
        elif name not in INLINE:
            self._flush()
        self._begin(token, found)
        self._look(token, found)

    def _begin(self, token: Token, found: dict[str, str]) -> None:
        """What a tag changes."""
        name = token.name
        if name in BOLD:
            self.bold += 1
        elif name in ITALIC:
            self.italic += 1
        elif name == "a":
            self.href = found.get("href", "")
        elif name == "pre":
            self.pre += 1
        elif name == "li":
            self.mark = "- "
        elif HEADING.fullmatch(name):
            self.heading = int(name[1])
        elif name in WITHIN:
            self.inside.append(name)
        elif name in TABLE:
            self._in_table(name, token)

    def _look(self, token: Token, found: dict[str, str]) -> None:
        """Whether an element names a speaker or a time."""
        if found.get("data-m", "").isdecimal() and not plain(self.runs) and not self.began:
            self.began = _clock(int(found["data-m"][:12]))
        if self.tables or self.capture:
            return
        classes, line = found.get("class", ""), self.page.line(token.at)
        if token.name == "dt":
            self.capture = _Capture("term", "dt", [], line)
        elif SPEAKER.search(classes) or (token.name == "cite" and not plain(self.runs)):
            self.capture = _Capture("speaker", token.name, [], line)
        elif (token.name == "time" or TIME.search(classes)) and not plain(self.runs):
            self.capture = _Capture("time", token.name, [], line)

    def _close(self, token: Token) -> None:
        name = token.name
        if self.skipping:
            if name == self.skipping[0]:
                self.skipping.pop()
            if not self.skipping:
                self._leave(name, token.at)
            return
        if self.capture and self.capture.element == name:
            self._captured()
        if name not in INLINE:
            self._flush()
            self.bold = self.italic = 0
        self._end(name)

    def _leave(self, name: str, at: int) -> None:
        """Writes down what was left out."""
        self.script.skipped(" ".join(self.left), REASONS.get(name, REASON), self.page.line(at))
        self.left = []

    def _end(self, name: str) -> None:
        if name in BOLD:
            self.bold = max(self.bold - 1, 0)
        elif name in ITALIC:
            self.italic = max(self.italic - 1, 0)
        elif name == "a":
            self.href = ""
        elif name == "pre":
            self.pre = max(self.pre - 1, 0)
        elif name in ("ul", "ol", "li"):
            self.mark = ""
        elif HEADING.fullmatch(name):
            self.heading = 0
        elif name in WITHIN and self.inside:
            self.inside.pop()
        elif name == "table" and self.tables:
            self.tables -= 1
            if not self.tables:
                self._table()

    def _break(self) -> None:
        """A line break; two of them end a paragraph."""
        if self.runs and self.runs[-1].text.endswith("\n"):
            self._flush()
        elif self.runs:
            self.runs.append(Run("\n"))

    def _is_left_out(self, name: str, found: dict[str, str]) -> bool:
        """Whether an element is none of the transcript; one that is never closed is no sign of that."""
        if not self.closing[name]:
            return False
        if name == "header":
            return not self.inside
        return name in LEFT_OUT or found.get("role") in ("navigation", "banner", "contentinfo", "search")

    def _captured(self) -> None:
        """Ends the text of an element that names a speaker or a time."""
        capture, self.capture = self.capture, None
        if capture is None:
            return
        text = " ".join("".join(capture.texts).split())
        is_name = 0 < len(text) <= MAX_NAME and (capture.kind == "speaker" or text.endswith(":") or is_name_like(text))
        if capture.kind == "time" and (clock := CLOCK.fullmatch(text)) and not self.script.time:
            self.script.clock(clock[1], capture.line)
        elif capture.kind != "time" and is_name and not plain(self.runs):
            self.script.label(text, capture.line)
        elif text:
            self.line = self.line if self.runs else capture.line
            self.runs.append(Run(f"{text} ", bold=capture.kind != "time"))

    # tables

    def _in_table(self, name: str, token: Token) -> None:
        if name == "table":
            self.tables += 1
        elif self.tables == 1 and name == "tr":
            self.rows.append((self.page.line(token.at), []))
        elif self.tables == 1 and self.rows:
            self.rows[-1][1].append([])

    def _cell(self) -> list[list[Run]]:
        if not self.rows:
            self.rows.append((self.line, []))
        if not self.rows[-1][1]:
            self.rows[-1][1].append([])
        return self.rows[-1][1][-1]

    def _table(self) -> None:
        rows, self.rows = self.rows, []
        self.script.table(rows)


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"


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
