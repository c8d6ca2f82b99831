"""Where something begins in Markdown: labels in the canonical form, headings, definitions, comments; code blocks hold none.

One look at each line for what may begin there; all between two of them is a turn's own Markdown.
"""

from __future__ import annotations

import re
from typing import Literal

from .. import markup
from ..marks import seconds
from ..model import Noun
from ..patterns import lazy
from .lines import Label
from .names import REMEMBERED

Kind = Literal["body", "label", "heading", "fence", "definition", "comment"]

TIME = r"\d{1,6}:\d\d(?::\d\d)?(?:\.\d{1,3})?"
# Nearly all labels are of the first form, plain characters up to the sign, which takes no trying.
PRINTED = r"(?P<label>[^*\\\n\[\](:：]{1,1000}+(?=:\*\*)|(?:\\.|[^*\\\n]){1,1000}?)"
LABEL = rf"[ ]{{0,3}}(?:\[(?P<before>{TIME})\][ \t]*)?\*\*(?:[\[(](?P<start>{TIME})(?:[–-](?P<stop>{TIME}))?[\])][ \t]*)?{PRINTED}(?:[ \t]*[\[(](?P<at>{TIME})[\])])?(?::[ \t]?\*\*|\*\*[ \t]?:|：\*\*|\*\*：)"
BEGINNING = lazy(
    rf"(?:{LABEL}"
    r"|(?P<marks>#{1,6})(?:[ \t]+(?P<title>[^\n]*)|[ \t]*)$"
    r"|[ ]{0,3}(?P<fence>`{3,}|~{3,})"
    r"|\[(?P<key>\^[^\]\n]{1,100})\]:[ \t]*(?=\S)"  # a footnote
    r"|\[(?P<link>[^\[\]\n]{1,100})\]:[ \t]*(?:<[^>\n]{1,2000}>|(?=\S{1,2000}(?:\s|$))[^\s</.#:]*[/.#:]\S*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^)\n]*\)))?[ \t]*$"
    r"|(?P<comment><!--))",
    re.MULTILINE,
)
PLAIN = lazy(r"\*\*[^*\\\n\[\](:：]{1,1000}:\*\*")  # a label of the first form, and nothing else
MAX_PLAIN = 1_002  # characters before its last sign
BEGINS = frozenset("*#`~[< ")  # characters with which a beginning begins
# What begins, by the last group of BEGINNING that matched.
KINDS: dict[str, Kind] = {
    "label": "label", "at": "label", "marks": "heading", "title": "heading", "fence": "fence", "key": "definition",
    "link": "definition", "comment": "comment",
}  # fmt: skip
NARRATION = "[Narration]"
COMMENT = lazy(
    r"<!--[ \t]*(?:skipped:[ \t]*(?P<reason>(?:(?!-->)[^\n])*)\n)?(?P<text>(?:(?!<!--).)*?)\n?-->", re.DOTALL
)
# What a note to Roundtable begins with, and a comment that is meant to be one.
NOTE = r"(?:roundtable:|(?i:roundtable(?=\W{0,3}ignore\b|(?:(?!-->)[\s\S]){0,200}?\bRT\d{3}\b)))"
NOTED, NOTE_REASON = lazy(rf"<!--\s*+{NOTE}"), "note to Roundtable"
# One at the end of a line; one that is a line by itself is a comment like others.
AT_END = lazy(rf"[^\n]*?\S[ \t]*(?={NOTED.pattern}(?:(?!<!--|-->)[\s\S])*-->[ \t]*(?:\n|\Z))")
FENCE_LINE = lazy(r"^[ ]{0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)


class Beginning(Noun, frozen=True):
    """A place at which a piece begins."""

    kind: Kind
    start: int
    end: int  # of what marks it: label, heading line, definition, comment
    match: re.Match[str] | None = None
    label: Label | None = None

    def group(self, name: str) -> str:
        """What a part of the mark says; "" where it has no such part."""
        return (self.match[name] or "") if self.match else ""


def is_note(comment: Beginning) -> bool:
    """Whether a comment says something to Roundtable: it stands among words without parting them."""
    return comment.match is not None and NOTED.match(comment.match[0]) is not None and not comment.group("reason")


def beginnings(text: str, body: int) -> tuple[list[Beginning], list[int]]:
    """Every place at which something begins, code blocks left out; and where each line begins that has no plain label."""
    found: list[Beginning] = []
    others: list[int] = []
    closed: dict[int, int] | None = None
    has_notes = "<!--" in text and NOTED.search(text) is not None
    at, after = body, body
    for line in text[body:].split("\n"):
        start, after = after, after + len(line) + 1
        if start < at:  # in a comment, a code block or a definition
            continue
        label = _plain(line) if line.startswith("**") else None
        if label is None and line:
            others.append(start)
        if label:
            at = start + label.words_at
            found.append(Beginning("label", start, at, None, label))
        elif line[:1] in BEGINS and (match := BEGINNING.match(text, start)):
            at = match.end()
            if match["fence"]:
                closed = closed if closed is not None else fences(text)
                at = closed.get(match.start("fence"), at)  # an open fence is no code block
            elif begun := _beginning(text, match):
                at = begun.end
                found.append(begun)
        if has_notes and "<!--" in line and (note := _at_end(text, start, at)):
            at = note.end
            found.append(note)
    return found, others


def _at_end(text: str, start: int, at: int) -> Beginning | None:
    """The note to Roundtable that ends the line which begins at `start`, if it stands behind `at`."""
    ends = AT_END.match(text, start)
    note = COMMENT.match(text, ends.end()) if ends and ends.end() >= at else None
    return Beginning("comment", note.start(), note.end(), note) if note else None


def _beginning(text: str, match: re.Match[str]) -> Beginning | None:
    """What begins with a match that opens no code block; None for a comment without an end."""
    kind, (start, end) = KINDS[match.lastgroup or ""], match.span()
    if kind == "label":
        return Beginning("label", start, end, None, _label(match[0]))
    if kind == "comment":
        comment = COMMENT.match(text, start)
        return Beginning("comment", start, comment.end(), comment) if comment else None
    return Beginning(kind, start, _definition_end(text, end) if match["key"] else end, match)


def _plain(line: str) -> Label | None:
    """The label at the head of a line, if it is of plain characters: nearly all are, and of few speakers."""
    stop = line.find(":**", 2, MAX_PLAIN + 3)
    return _plain_label(line[: stop + 3]) if stop > 2 else None


@REMEMBERED
def _plain_label(printed: str) -> Label | None:
    return _label(printed) if PLAIN.fullmatch(printed) else None


@REMEMBERED
def _label(printed: str) -> Label | None:
    """What a label in the canonical form says. One whose name has escaped brackets is no sign of narration."""
    if not (match := BEGINNING.match(printed)):
        return None
    name = " ".join(markup.literal(match["label"]).split())
    start, stop = match["start"] or match["before"] or match["at"], match["stop"]
    return Label(
        "" if name == NARRATION != match["label"] else name,
        len(printed),
        seconds(start) if start else None,
        seconds(stop) if stop else None,
    )


def fences(text: str) -> dict[int, int]:
    """Where the code block ends that a fence opens, by the fence's place; those without an end are left out.

    A block ends at the next bare fence of the same sign that is at least as long. Found backwards, with the candidates of
    each sign on a stack that shortens where a longer fence comes before a shorter one.
    """
    ends: dict[int, int] = {}
    later: dict[str, list[tuple[int, int]]] = {"`": [], "~": []}
    for match in reversed(list(FENCE_LINE.finditer(text))):
        sign, length = match["fence"][0], len(match["fence"])
        stack = later[sign]
        i = len(stack) - 1
        while i >= 0 and stack[i][0] < length:
            i -= 1
        if i >= 0:
            ends[match.start("fence")] = stack[i][1]
        if not match["info"].strip():
            while stack and stack[-1][0] <= length:
                stack.pop()
            stack.append((length, match.end()))
    return ends


def _definition_end(text: str, at: int) -> int:
    """The end of a footnote's definition: indented lines, and empty ones before such, belong to it."""
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    start = end + 1
    while start < len(text):
        stop = text.find("\n", start)
        stop = len(text) if stop < 0 else stop
        line = text[start:stop]
        if line.startswith(("    ", "\t")) and line.strip():
            end = stop
        elif line.strip():
            break
        start = stop + 1
    return end
