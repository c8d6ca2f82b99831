"""Python-Markdown as we use it: one converter for turns and one for pages, in each process.

It stands in a room of its own because it takes as long to import as all of ours: `markup` asks for it when the first text
needs it, and few do. Extensions are imported, not named, because the library looks names up in all that is installed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import markdown
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension

# The library's pattern for a link's definition, groups and all, but that it must have an address: "[Laughter]: all" has none.
LINK_DEFINITION = re.compile(
    r"""^[ ]{0,3}\[([^\[\]]*)\]:[ ]*(?:\n[ ]*)?(<[^>\n]+>|[^\s<]*[/.#:][^\s]*)[ ]*(?:\n[ ]*)?((["'])(.*)\4[ ]*|\((.*)\)[ ]*)?$""",
    re.MULTILINE,
)


class PrefixedFootnotes(FootnoteExtension):
    """Footnotes whose ids carry the turn's, because a page holds many separately converted turns."""

    prefix = ""

    def makeFootnoteId(self, id: str) -> str:  # noqa: N802  (the library's name)
        """The id of a note."""
        return f"{self.prefix}-fn:{_note(id)}".lstrip("-")

    def makeFootnoteRefId(self, id: str, found: bool = False) -> str:  # noqa: N802
        """The id of a reference to a note."""
        return self.unique_ref(f"{self.prefix}-fnref:{_note(id)}".lstrip("-"), found)


def _note(key: str) -> str:
    """A footnote's key as a part of ids: letters and digits stay, all else is told apart by its number."""
    return "".join(c if c.isalnum() else f"_{ord(c):x}" for c in key)


class Converter(NamedTuple):
    """The library with its extensions."""

    library: markdown.Markdown
    footnotes: PrefixedFootnotes

    def convert(self, text: str, prefix: str) -> str:
        """The HTML of a text, not yet safe; ids of its footnotes begin with `prefix`."""
        self.library.reset()
        self.footnotes.prefix = prefix
        return self.library.convert(text)


@cache
def for_turns() -> Converter:
    """For a turn: raw HTML is text, and headings are none, since they part sections and a reader has taken them out."""
    one = _converter()
    one.library.preprocessors.deregister("html_block")
    for pattern in ("html", "entity"):
        one.library.inlinePatterns.deregister(pattern)
    for block in ("hashheader", "setextheader"):
        one.library.parser.blockprocessors.deregister(block)
    return one


@cache
def for_pages(slugify: Callable[[str, str], str]) -> Converter:
    """For a page, whose headings have the ids that `slugify` makes of their titles, given the sign between words too."""
    one = _converter()
    TocExtension(slugify=slugify, permalink="#", permalink_class="permalink").extendMarkdown(one.library)
    return one


def _converter() -> Converter:
    footnotes = PrefixedFootnotes()
    library = markdown.Markdown(extensions=[TableExtension(), FencedCodeExtension(), SaneListExtension(), footnotes])
    setattr(library.parser.blockprocessors["reference"], "RE", LINK_DEFINITION)  # noqa: B010  (no stub knows it)
    return Converter(library, footnotes)


def forget() -> None:
    """Make them anew: one was left in the middle of a block."""
    for_turns.cache_clear()
    for_pages.cache_clear()
