"""Web pages (HTML, WHATWG Living Standard; XHTML): the transcript in them.

Pages come in two kinds. In one all words stand in `<pre>`, laid out with spaces and line breaks (hearings, the
Congressional Record, archives of mailing lists): what is inside is raw text, and is read as such. All others are written as
speaker-tagged Markdown, see webpage.py.
"""

from __future__ import annotations

import re

from ..model import Diagnostic, Metadata, Reading, Source
from ..patterns import lazy
from . import apart, derived, markdown, shown, text
from .look import Look
from .webpage import ENOUGH, Page, written

ROOTS = frozenset({"html", "head", "body"})
HEAD = 4_000  # characters of a page in which its publisher names it
# Lines such as "    Mr. Lind. Thank you" and "Ana Duarte: I do".
PUBLISHED = lazy(r"\[(?:House|Senate|Joint|Congressional) (?:Hearing|Record|Committee)")
LABELLED = lazy(
    r"^[ \t]{0,8}(?:(?:Mr|Mrs|Ms|Miss|Dr|Senator|Chairman|Chairwoman|Secretary|Judge|Justice|The [A-Z]{4,})\b[^\n.:]{0,40}[.:][ \t]"
    r"|[A-Z][\w.'’-]{0,30}(?:[ ][A-Z][\w.'’-]{0,30}){0,3}:[ \t])",
    re.MULTILINE,
)
SUFFIXES = (".html", ".htm", ".xhtml")


def recognise(look: Look) -> str:
    """Why a page is known to be a transcript."""
    if look.root[0].casefold() not in ROOTS and not (look.root[0] and look.suffix in SUFFIXES):
        return ""
    page = Page(look.text)
    if page.is_preformatted:
        return _published(page)
    writer = written(page, look.text)
    if not writer.is_transcript:
        return ""
    where = ", in a part that is hidden at first" if writer.reads_hidden else ""
    return f"a page in which {len(writer.script.labels)} of {writer.script.paragraphs} paragraphs begin with a label{where}"


def _published(page: Page) -> str:
    shown = "".join(one.text for one in page.preformatted)
    if match := PUBLISHED.search(shown[:HEAD]):
        return f"a page of preformatted text that says {match[0]!r}"
    labels = len(LABELLED.findall(shown))
    return f"a page of preformatted text in which {labels} lines begin with a label" if labels >= ENOUGH else ""


def extract(source: Source) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text that stands in a page, and whether some of it was lost."""
    page = Page(source.text)
    found: list[Diagnostic] = []
    if page.is_preformatted:
        sheet, metadata = derived.Sheet(), page.metadata
        sheet.write("\n", page.title_line)
        for one in page.preformatted:
            sheet.write(one.text, page.line(one.at))
    else:
        writer = written(page, source.text)
        sheet, metadata = writer.script.close(), writer.metadata
        found += apart.told(source.path, writer.script.labels, writer.apart)
    sheet.before(derived.head(metadata), page.title_line)
    taken = sheet.source(source, "html-text" if page.is_preformatted else "html")
    return taken, (*derived.proof(taken, shown.words(source.text), metadata), *found)


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of any other page."""
    return derived.reading(markdown.read, source, sidecar)


def read_text(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a page of preformatted text."""
    return derived.reading(text.read, source, sidecar)
