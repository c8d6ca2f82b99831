"""Where the links and images of a text stand: what renders Markdown tells what they lead to, and no place.

No second Markdown, but a look at its signs: code, definitions and comments are passed over, brackets are paired, and an address is
read as Python-Markdown reads it. Since the HTML says which addresses there are and in which order, `located` takes them from here one
by one: the second link to a file is the second that was written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape
from operator import attrgetter
from typing import NamedTuple

from .model import SourceSpan
from .patterns import lazy

# An address in a tag (not in text that shows one); clean HTML has at most one in each.
ADDRESS = re.compile(r"(?P<before><[a-z][^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*?\s(?:href|src)=\")(?P<address>[^\"]*)\"")


class Written(NamedTuple):
    """A link or an image, as it was written."""

    address: str  # as HTML has it
    begins: int  # offset of its first sign
    start: int  # of the address, or of the label that stands for it
    end: int
    is_tag: bool = False  # HTML, not Markdown

    def moved(self, by: int) -> Written:
        """The same in a text in which it stands further behind."""
        return self._replace(begins=self.begins + by, start=self.start + by, end=self.end + by)


class Located(NamedTuple):
    """An address in HTML."""

    address: str
    at: int  # where its tag begins
    written: Written | None  # what it was made of, where that can be told


def located(html: str, text: str, spans: Sequence[SourceSpan], written: Iterable[Written]) -> Iterator[Located]:
    """The addresses in a fragment, each with the next that was written so; else where it stands next in the first of the spans."""
    left: dict[str, deque[Written]] = {}
    for one in written:
        left.setdefault(one.address, deque()).append(one)
    past: dict[str, int] = {}
    for match in ADDRESS.finditer(html):
        address = unescape(match["address"])
        some = left.get(address)
        yield Located(address, match.start(), some.popleft() if some else _next(text, spans[0], address, past))


def _next(text: str, span: SourceSpan, address: str, past: dict[str, int]) -> Written | None:
    """Where an address stands in a text that isn't Markdown; `past` is how far each was found."""
    at = text.find(address, past.get(address, span.start), span.end) if address else -1
    if at < 0:
        return None
    past[address] = at + len(address)
    return Written(address, at, at, at + len(address))


def written(text: str, spans: Iterable[SourceSpan], labels: Mapping[str, str], *, has_tags: bool) -> list[Written]:
    """The links and images in some stretches of a text, in the order in which HTML has them: those of footnotes come last.

    `labels` are what definitions define, `has_tags` says whether HTML is obeyed.
    """
    said: list[Written] = []
    noted: list[Written] = []
    for span in spans:
        plain = without_code(text[span.start : span.end])
        plain = _without_definitions(_without_comments(plain) if has_tags else plain)
        notes = [at for note in NOTE.finditer(plain) for at in note.span()] if "[^" in plain else []
        for one in sorted(_written(plain, labels, has_tags=has_tags), key=attrgetter("begins")):
            is_noted = bisect_right(notes, one.begins) % 2  # behind a beginning and before its end
            (noted if is_noted else said).append(one.moved(span.start))
    return [*said, *noted]


def labels(markdown: str) -> Mapping[str, str]:
    """The addresses that definitions give to labels."""
    if "]:" not in markdown:
        return {}
    return {one["label"].casefold(): _plain(one["address"].strip("<>")) for one in DEFINITION.finditer(markdown)}


ESCAPED = re.compile(r"\\([\\`*_{}\[\]()>#+.!|-])")
MOST = 2_000  # characters of an address and its title, or of an attribute
TOKEN = lazy(
    rf"""
      {ESCAPED.pattern}
    | <(?P<linked>https?://[^<>]*)>
    | (?P<tag><(?:a|img)\s(?:[^<>"']|"[^"]{{0,{MOST}}}"|'[^']{{0,{MOST}}}'){{0,{MOST}}}+>)
    | ^<(?P<block>article|aside|blockquote|center|dd|details|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|li|main|nav|ol|p|pre
      |section|summary|table|tbody|td|tfoot|th|thead|tr|ul)\b
    | (?P<gap>\n[ \t]*(?=\n))
    | (?P<opening>!?\[)
    | (?P<closing>\])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
IN_TAG = lazy(
    r"\s(?:href|src)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))", re.IGNORECASE
)
BEHIND = lazy(
    rf"""\(\s*(?:<(?P<angled>[^<>]*)>\s*(?:'[^']*'\s*|"[^"]*"\s*)?|(?P<bare>(?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\)){{0,{MOST}}}+))\)""",
    re.DOTALL,
)
TITLE = re.compile(r"\s(?:\"[^\"]*\"|'[^']*')\s*\Z")
LABEL = lazy(r"[ ]?\n?\[(?P<label>[^\[\]]*)\]")
DEFINITION = lazy(
    r"^[ ]{0,3}\[(?P<label>[^\^\[\]\n][^\[\]\n]*)\]:[ ]*(?:\n[ ]*)?(?P<address><[^>\n]+>|[^\s<]*[/.#:]\S*)[^\n]*",
    re.MULTILINE,
)
COMMENT = lazy(r"<!--.*?-->", re.DOTALL)
NOTE = lazy(  # a footnote, with its further paragraphs
    r"^[ ]{0,3}\[\^[^\[\]\n]+\]:[^\n]*(?:\n(?:[^\S\n]*\n)*(?:[ ]{4}|\t)[^\n]*|\n(?![^\S\n]*\n)[^\n]+)*+", re.MULTILINE
)


def _written(plain: str, labels: Mapping[str, str], *, has_tags: bool) -> Iterator[Written]:
    """The links and images in a text without code, as their brackets close."""
    opened: list[int] = []
    past = raw = 0  # offsets up to which nothing is looked at, and nothing is Markdown
    for match in TOKEN.finditer(plain):
        at, kind = match.start(), match.lastgroup
        if kind == "gap":
            opened.clear()
        elif at < past:
            continue
        elif kind == "block":
            raw = max(raw, plain.find(f"</{match['block']}", at)) if has_tags else 0
        elif kind == "tag":
            yield from _in_tag(match) if has_tags else ()
        elif at < raw:
            continue
        elif kind == "linked":
            yield Written(unescape(match["linked"]), at, at + 1, match.end() - 1)
        elif kind == "opening":
            opened.append(at)
        elif kind == "closing" and opened and (one := _closed(plain, opened.pop(), match.end(), labels)):
            past = one.end
            yield one


def _in_tag(match: re.Match[str]) -> Iterator[Written]:
    """The address in a tag, if it has one."""
    if inner := IN_TAG.search(match["tag"]):
        start, end = (match.start() + at for at in inner.span(inner.lastgroup or 0))
        yield Written(unescape(inner[inner.lastgroup or 0]), match.start(), start, end, is_tag=True)


def _closed(plain: str, begins: int, end: int, labels: Mapping[str, str]) -> Written | None:
    """What brackets that close before `end` make."""
    if match := BEHIND.match(plain, end):
        name = "bare" if match["angled"] is None else "angled"
        address, at = match[name], match.start(name)
        if name == "bare" and (title := TITLE.search(address)):
            address = address[: title.start()]
        printed = address.strip()
        at += len(address) - len(address.lstrip())
        return Written(_plain(printed), begins, at, at + len(printed))
    if not labels:
        return None
    behind = LABEL.match(plain, end)
    places = [behind.span("label")] if behind and behind["label"].strip() else []
    for first, last in (*places, (plain.index("[", begins) + 1, end - 1)):
        if (address := labels.get(" ".join(plain[first:last].split()).casefold())) is not None:
            return Written(address, begins, first, last)
    return None


def _plain(address: str) -> str:
    """An address without what Markdown and HTML escape in it."""
    return unescape(ESCAPED.sub(r"\1", address) if "\\" in address else address)


def _without_comments(text: str) -> str:
    end = text.rfind("-->") + 3  # behind it none has an end
    return COMMENT.sub(_blank, text[:end]) + text[end:] if "<!--" in text and end > 2 else text


def _without_definitions(text: str) -> str:
    return DEFINITION.sub(_blank, text) if "]:" in text else text


# --- code ------------------------------------------------------------------------------------------------------------

FENCE = lazy(r"(?P<fence>~{3,}|`{3,})[ ]*(?:\{.*\}|\.?[\w#.+-]*[ ]*(?:hl_lines=.*)?)", re.DOTALL)
FENCES = ("~~~", "```")
QUOTING = re.compile(r"^(?:[ ]{0,3}+>[ ]?+)*+")
BLOCK = lazy(r"^(?:~~~|```|(?:[ ]{0,3}+>[ ]?+)*+(?:[ ]{4}|\t))", re.MULTILINE)
ITEM = lazy(r"(?:[*+-]|\d+\.)[ \t]|\[\^[^\[\]\n]+\]:")
SPAN = lazy(
    rf"""
      {ESCAPED.pattern}
    | (?P<code>(?<!`)(?P<ticks>`++)(?:[^`\n]++|\n(?![ \t]*\n)|(?!(?P=ticks)(?!`))`++)++(?P=ticks)(?!`))
    """,
    re.VERBOSE,
)
SIGN, NEUTRAL = re.compile(r"[^\n]"), ","


def without_code(text: str) -> str:
    """A text with signs that say nothing in place of its code, so that all else stands where it stood."""
    if BLOCK.search(text):
        text = "\n".join(_without_indented(_without_fenced(text.split("\n"))))
    return SPAN.sub(lambda match: _blank(match) if match.lastgroup else match[0], text) if "`" in text else text


def _without_fenced(lines: list[str]) -> Iterator[str]:
    """The lines of a text without those between fences."""
    ends = {line.rstrip(" "): i for i, line in enumerate(lines) if line[:3] in FENCES}
    fence = ""
    for i, line in enumerate(lines):
        opening = FENCE.fullmatch(line) if line[:3] in FENCES and not fence else None
        begun = opening["fence"] if opening and ends.get(opening["fence"], 0) > i else fence
        fence = "" if line.rstrip(" ") == fence else begun
        yield NEUTRAL * len(line) if begun else line


def _without_indented(lines: Iterable[str]) -> Iterator[str]:
    """The lines of a text without those that are indented behind an empty one, and in no list and no note."""
    depth, is_code, is_behind_gap = 0, False, True
    for line in lines:
        words = QUOTING.sub("", line, count=1).expandtabs(4)
        bare = words.lstrip()
        level = (len(words) - len(bare)) // 4
        if bare:
            is_item = level <= depth and ITEM.match(bare) is not None
            is_code = level > depth and (is_behind_gap or is_code)
            depth = level + 1 if is_item else level if is_behind_gap and not is_code else depth
        is_behind_gap = not bare
        yield NEUTRAL * len(line) if bare and is_code else line


def _blank(match: re.Match[str]) -> str:
    return SIGN.sub(NEUTRAL, match[0])
