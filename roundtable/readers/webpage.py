"""A web page as what it holds, and as speaker-tagged Markdown: paragraphs, headings, lists, bold type, links.

Of its elements those count that people see, and of these those that are no frame around the transcript; what is left out is
written down with its reason.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import Literal, NamedTuple

import msgspec

from ..locales import is_language
from ..model import Metadata
from ..patterns import lazy
from . import apart, shown
from .dialect import CLOCK, Run, Script, plain
from .names import is_name_like, key
from .tags import INLINE, Token, attributes, tokens

BOLD, ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em"})
WITHIN = frozenset({"article", "main"})  # a header in them is part of what they hold
TABLE = frozenset({"table", "tr", "td", "th"})
LISTS = frozenset({"ol", "ul", "li", "blockquote"})
LEFT_OUT = frozenset(
    "nav footer aside form noscript button select textarea svg dialog template object audio video".split()
)
REASONS = {"nav": "navigation of the page", "header": "header of the page", "footer": "footer of the page"}
REASON = "part of the page that is no transcript"
HIDDEN = "hidden on the page"
HEADING = lazy(r"h[1-6]")
SPEAKER = lazy(r"(?:^|[\s_-])speaker(?:[\s_-]?(?:name|label))?(?:$|\s)", re.IGNORECASE)
TIME = lazy(r"(?:^|[\s_-])time(?:stamp|code)?(?:$|\s)", re.IGNORECASE)
EMPTY_LINE = lazy(r"\n[ \t]*\n\s*")
WHITE = lazy(r"\s+")
NICK = lazy(r"<([^<>]+)>")  # of a chat, as minutes of the W3C quote it
MAX_NAME = 80  # characters
MAX_DIGITS = 6  # of a number that a list begins with
ENOUGH = 3  # lines that begin so
LABELLED_SHARE = 0.25  # of the paragraphs of a page, if it is a transcript


class Page:
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
                text = token.text.removeprefix("\n") if is_first else token.text
                token = token._replace(text=text, at=token.at + len(token.text) - len(text))  # noqa: PLW2901
                self.texts.append(token)
                if depth:
                    self.preformatted.append(token)
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


def written(page: Page, text: str) -> Writer:
    """A page as Markdown. What it hides is left out, unless the transcript is what it shows when somebody asks."""
    writer = Writer(page, reads_hidden=False)
    writer.write(text)
    if writer.is_transcript or not writer.hides:
        return writer
    other = Writer(page, reads_hidden=True)
    other.write(text)
    return other if other.is_transcript else writer


class Writer:
    """Writes the tags and texts of a page as speaker-tagged Markdown."""

    def __init__(self, page: Page, *, reads_hidden: bool) -> None:
        self.page = page
        self.reads_hidden = reads_hidden
        self.hides = False  # something
        self.metadata = page.metadata
        self.script = Script()
        self.runs: list[Run] = []
        self.line = 1  # of the first of them
        self.bold = self.italic = self.pre = 0
        self.href = self.began = self.mark = ""
        self.items: list[int | None] = []  # of each list around, the next number; None where it doesn't count
        self.quotes = 0  # around
        self.around: list[Token] = []  # lists and preformatted texts, from the outermost in
        self.apart: list[apart.Apart] = []  # labels in them
        self.heading = 0
        self.is_titled = False  # by a heading
        self.capture: _Capture | None = None
        self.skipping: list[str] = []  # elements that are left out, from the outermost in
        self.reason = ""  # why
        self.left: list[str] = []  # texts in them
        self.rows: list[tuple[int, list[list[list[Run]]]]] = []
        self.tables = 0
        self.inside: list[str] = []  # article and main

    @property
    def is_transcript(self) -> bool:
        """Whether so many paragraphs begin with a label, and labels recur."""
        labels = self.script.labels
        is_enough = len(labels) >= ENOUGH and len(labels) >= LABELLED_SHARE * self.script.paragraphs
        return is_enough and len(set(map(key, labels))) < len(labels)

    def write(self, text: str) -> None:
        """Writes a page."""
        tags = list(tokens(text))
        self.opening = Counter(token.name for token in tags if token.kind == "open")
        self.closing = Counter(token.name for token in tags if token.kind == "close")
        self.has_terms = _recur(tags)
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
        self._leave(len(text))
        if self.page.metadata.title not in (None, self.metadata.title):
            first = Script()
            first.skipped(self.page.title, "title of the page's window", self.page.title_line)
            self.script.close()
            self.script.sheet.before(f"{first.sheet.text()}\n\n", self.page.title_line)

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
            known = len(self.script.labels)
            self.script.paragraph(runs, line, self.mark or "> " * (self.quotes > 0), began)
            if self.around and len(self.script.labels) > known:
                element = self.around[-1]
                self.apart.append(apart.Apart(self.script.labels[-1], element.name, element.at, line))
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
        if reason := self._why_left_out(name, found):
            if name not in INLINE:
                self._flush()
            self.skipping, self.reason = [name], reason
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
        if name in apart.KINDS:
            self.around.append(token)
        if name in BOLD:
            self.bold += 1
        elif name in ITALIC:
            self.italic += 1
        elif name == "a":
            self.href = found.get("href", "")
        elif name == "pre":
            self.pre += 1
        elif name in LISTS:
            self._in_list(name, found)
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
        if token.name == "dt" and self.has_terms:
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
                self._leave(token.at)
            return
        if self.capture and self.capture.element == name:
            self._captured()
        if name not in INLINE:
            self._flush()
            self.bold = self.italic = 0
        if self.around and self.around[-1].name == name:
            self.around.pop()
        self._end(name)

    def _leave(self, at: int) -> None:
        """Writes down what was left out."""
        self.script.skipped(" ".join(self.left), self.reason, self.page.line(at))
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
        elif name in LISTS:
            self._out_of_list(name)
        elif HEADING.fullmatch(name):
            self.heading = 0
        elif name in WITHIN and self.inside:
            self.inside.pop()
        elif name == "table" and self.tables:
            self.tables -= 1
            if not self.tables:
                self._table()

    def _in_list(self, name: str, found: dict[str, str]) -> None:
        """A list or quotation begins, or an item: with its number, where the list counts."""
        if name == "blockquote":
            self.quotes += 1
        elif name != "li":
            is_counted = name == "ol" and found.get("type", "1") == "1" and "reversed" not in found
            self.items.append(_number(found.get("start"), 1) if is_counted else None)
        elif self.items and (next_one := self.items[-1]) is not None:
            number = _number(found.get("value"), next_one)
            self.mark, self.items[-1] = f"{number}. ", number + 1
        else:
            self.mark = "- "

    def _out_of_list(self, name: str) -> None:
        if name == "blockquote":
            self.quotes = max(self.quotes - 1, 0)
            return
        self.mark = ""
        if name != "li" and self.items:
            self.items.pop()

    def _break(self) -> None:
        """A line break; two of them end a paragraph."""
        if self.runs and self.runs[-1].text.endswith("\n"):
            self._flush()
        elif self.runs:
            self.runs.append(Run("\n"))

    def _why_left_out(self, name: str, found: dict[str, str]) -> str:
        """Why an element is none of the transcript; "" if it is, and if it is never closed."""
        if not self.closing[name]:
            return ""
        if self.opening[name] == self.closing[name] and shown.is_hidden(found):
            self.hides = True
            if not self.reads_hidden:
                return HIDDEN
        is_around = found.get("role") in ("navigation", "banner", "contentinfo", "search")
        is_left_out = not self.inside if name == "header" else name in LEFT_OUT or is_around
        return REASONS.get(name, REASON) if is_left_out else ""

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
            nick = NICK.fullmatch(text)
            self.script.label(nick[1] if nick else text, capture.line)
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


def _recur(tags: list[Token]) -> bool:
    """Whether a term of lists is one of several entries, as a speaker's name is; those of a head such as "Present" are not."""
    terms: list[list[str]] = []
    is_term = False
    for token in tags:
        if token.name in ("dt", "dd"):
            is_term = token.name == "dt" and token.kind == "open"
            if is_term:
                terms.append([])
        elif is_term and token.kind == "text":
            terms[-1].append(token.text)
    named = ["".join("".join(term).split()).rstrip(":") for term in terms]
    return len(set(named)) < len(named)


def _number(text: str | None, default: int) -> int:
    """A number that an attribute gives."""
    return int(text) if text and text.isdecimal() and len(text) <= MAX_DIGITS else default


def _clock(milliseconds: int) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{rest:03}"
