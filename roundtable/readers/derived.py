"""Text taken out of a file that is more than text: Word documents, web pages.

What is taken out is written as raw text or as speaker-tagged Markdown, with the file's line for each of its lines, and
then read like a file of that kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import msgspec

from .. import frontmatter
from ..diagnostics import diagnose
from ..markup import literal
from ..model import Diagnostic, Metadata, Reading, Source
from ..patterns import lazy
from .encodings import CONTROL

Reader = Callable[[Source, Metadata | None], Reading]

CHUNK = lazy(r"[^\W_]+")
LINK = lazy(r"(?<!\\)\[((?:\\.|[^\[\]\\])*)\]\((?:https?|mailto):[^()]*\)")


class Sheet:
    """A text that is being written, with the line of the file for each of its lines."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.lines: list[int] = []
        self.is_fresh = True  # nothing stands in the last line yet

    def write(self, text: str, line: int) -> None:
        """Adds text that stands at that line of the file; where it has several lines, they are the file's."""
        for i, part in enumerate(text.split("\n")):
            if i:
                self._line("", line + i - 1)
            if part:
                self._fill(part, line + i)

    def block(self, text: str, line: int) -> None:
        """Adds a paragraph or another block, with an empty line before it; all its lines are that line of the file."""
        if self.lines:
            self._line("", line)
            self._line("", line)
        for i, part in enumerate(text.split("\n")):
            if i:
                self._line("", line)
            self._fill(part, line)

    def before(self, text: str, line: int) -> None:
        """Puts lines before all that was written; all of them are that line of the file."""
        self.parts.insert(0, text)
        self.lines[:0] = [line] * text.count("\n")

    def _line(self, text: str, line: int) -> None:
        self._fill(text, line)
        self.parts.append("\n")
        self.is_fresh = True

    def _fill(self, text: str, line: int) -> None:
        if self.is_fresh:
            self.lines.append(line)
            self.is_fresh = False
        self.parts.append(text)

    def text(self) -> str:
        """What was written."""
        return "".join(self.parts)

    def source(self, source: Source, format: str) -> Source:
        """The source that it is, taken out of the file `source`."""
        if self.is_fresh:
            self._fill("", self.lines[-1] if self.lines else 1)
        return msgspec.structs.replace(
            source, text=CONTROL.sub("", self.text()), format=format, lines=tuple(self.lines)
        )


def head(metadata: Metadata) -> str:
    """Front matter for what a file says of itself; "" if it says nothing."""
    said = frontmatter.dump(metadata, ())
    return f"---\n{said}---\n" if metadata != Metadata() else ""


def reading(reader: Reader, source: Source, sidecar: Metadata | None) -> Reading:
    """The reading of derived text: what the file says of itself counts less than its sidecar."""
    read = reader(source, sidecar)
    default = Metadata()
    names = [field.name for field in msgspec.structs.fields(Metadata)]
    said = {name: value for name in names if (value := getattr(sidecar or default, name)) != getattr(default, name)}
    return msgspec.structs.replace(read, metadata=msgspec.structs.replace(read.metadata, **said))


def proof(source: Source, words: str, metadata: Metadata) -> tuple[Diagnostic, ...]:
    """Whether all words that the file holds, found by somebody else, are in the derived text.

    Words count; where one is missing, so do letters and digits, since two parsers may part words differently where tags are
    badly nested.
    """
    taken = f"{metadata.title} {literal(LINK.sub(_text, source.text))}"  # YAML spells some letters otherwise
    lost = Counter(CHUNK.findall(words)) - Counter(CHUNK.findall(taken))
    if not lost or not Counter(filter(str.isalnum, words)) - Counter(taken):
        return ()
    shown = ", ".join(map(repr, list(lost)[:5]))
    message = f"{lost.total()} words of the file are lost in extraction, such as {shown}"
    hint = "this is an error of Roundtable's, not yours: please report it with this text"
    return (diagnose("RT401", message, (source.path, 1, 1), hint),)


def _text(link: re.Match[str]) -> str:
    return link[1]
