"""Speaker-tagged Markdown, the canonical form, and plain Markdown pages.

    ---
    title: …                      front matter: YAML, see model.Metadata
    speakers: [{name: Xue Lan, role: Dean}]
    ---

    Words before the first label are narration.

    ## A section

    **Host:** Words. Further paragraphs, lists and quotes belong to the same turn.

    **[00:04:01] Xue Lan:** A turn with its time; `[start–end]` gives both.

    **[Narration]:** Words of nobody, behind a turn.

    <!-- skipped: why
    text that is not part of the transcript
    -->

The form is read with one look at the lines at which something begins; all else is a turn's own Markdown, untouched. A file
whose labels have another form (`**Name** [1:52]`, `### Name`, `- Name: words`) is read in that, as labels.py decides.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection
from html import unescape
from textwrap import dedent

import msgspec

from .. import frontmatter, markup
from ..model import (
    Definition,
    Heading,
    Metadata,
    Person,
    Piece,
    Preamble,
    Reading,
    Roster,
    Skipped,
    Source,
    SourceSpan,
    Utterance,
)
from ..patterns import lazy
from . import residue, roster
from .beginnings import BEGINNING, BEGINS, FENCE_LINE, NARRATION, NOTE_REASON, Beginning, beginnings, is_note
from .lines import BULLET, Label, Places, heading_title
from .names import REMEMBERED, is_interlude, key
from .tagged import known_names, labelled

EMPTY_LINES = lazy(r"(?:[ \t]*\n)+")
OPEN_COMMENT = lazy(r"^<!--", re.MULTILINE)
COMMENT_REASON = "comment in the source"


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a Markdown file."""
    metadata, found, body = frontmatter.of(source, sidecar)
    places = Places(source)
    head: list[Piece] = [Preamble(places.span(0, body))] if body else []
    begun, others = beginnings(source.text, body)
    if title := _title(source, body, begun, metadata):
        metadata = msgspec.structs.replace(metadata, title=title)
        head.append(Preamble(places.span(begun[0].start, begun[0].end)))
        body, begun = begun[0].end, begun[1:]
        others = [at for at in others if at >= body]
    decided = labelled(source, body, begun, others, metadata)
    if decided.kind == "page":
        span = places.span(body, len(source.text))
        text, comments = _words(source, span.start, span.end, [one for one in begun if one.kind == "comment"], places)
        pieces = [*head, Utterance(None, text, span, span.start), *comments]
        return Reading(source, "page", metadata, tuple(pieces), diagnostics=(*found, *decided.doubts))
    told = {one.start for one in decided.beginnings if one.label and one.label.name}
    open_words = _without_labels(source, [one for one in begun if one.label and one.start not in told])
    pieces = _sections_with_meaning(
        source, _pieces(open_words, body, decided.beginnings, places, known_names(metadata))
    )
    return Reading(
        source, "transcript", metadata, (*head, *pieces), decided.convention, diagnostics=(*found, *decided.doubts)
    )


def _title(source: Source, body: int, beginnings: list[Beginning], metadata: Metadata) -> str | None:
    """A level 1 heading at the very top is the title, unless front matter gives another."""
    first = beginnings[0] if beginnings else None
    if (
        first is None
        or first.kind != "heading"
        or first.group("marks") != "#"
        or source.text[body : first.start].strip()
    ):
        return None
    title = markup.inline(heading_title(first.group("title")))
    return title if title and metadata.title in (None, title) else None


def _without_labels(source: Source, words: list[Beginning]) -> Source:
    """The source with `__` for `**` where bold words stand like a label and are none: so they stay words when written."""
    text, parts, at = source.text, [], 0
    for one in words:
        first, last = text.index("**", one.start), text.rindex("**", one.start, one.end)
        parts += [text[at:first], "__", text[first + 2 : last], "__"]
        at = last + 2
    return msgspec.structs.replace(source, text="".join((*parts, text[at:]))) if words else source


def _pieces(
    source: Source, body: int, beginnings: list[Beginning], places: Places, known: Collection[str]
) -> list[Piece]:
    """All pieces, in order. Definitions and comments inside a turn are pieces of their own."""
    pieces: list[Piece] = []
    text = source.text
    breaks = [Beginning("body", body, body), *(one for one in beginnings if one.kind in ("label", "heading"))]
    ends = [*(one.start for one in breaks[1:]), len(text)]
    inner = deque(one for one in beginnings if one.kind in ("definition", "comment"))
    for one, end in zip(breaks, ends, strict=True):
        if one.label and not (inner and inner[0].start < end):  # nearly all
            words = text[one.end : end].rstrip()
            is_exact = words and text[one.start] == "*"
            span = places.exactly(one.start, one.end + len(words)) if is_exact else places.span(one.start, end)
            pieces.append(_utterance(source, one, one.label, _tidy(words), span, known))
            continue
        within = []
        while inner and inner[0].start < end:
            within.append(inner.popleft())
        if one.kind == "heading":
            pieces.append(_heading(one, places))
        markdown, inside = _words(source, one.end, end, within, places) if within else (_tidy(text[one.end : end]), ())
        if one.label:
            pieces.append(_utterance(source, one, one.label, markdown, places.span(one.start, end), known))
        elif markdown:
            start = one.end if one.kind == "heading" else one.start
            pieces.append(Utterance(None, _closed(markdown), places.span(start, end), one.end))
        pieces += inside
    return pieces


def _heading(one: Beginning, places: Places) -> Heading:
    title = " ".join(markup.inline(heading_title(one.group("title"))).split())
    return Heading(title, len(one.group("marks")), places.span(one.start, one.end))


def _utterance(
    source: Source, one: Beginning, label: Label, markdown: str, span: SourceSpan, known: Collection[str]
) -> Utterance:
    """The utterance of a label and its words. `known` are the people that the file names."""
    text = source.text
    printed, name = text[one.start : one.end], None if label.name == NARRATION else label.name
    if "<!--" in markdown:
        markdown = _closed(markdown)
    if name == "" or (name and is_interlude(name) and key(name) not in known):  # the label stays, as words of nobody
        markdown = "\n\n".join(filter(None, (_tidy(printed), markdown)))
        return Utterance(None, markdown, span, one.start, label.start, label.end)
    if not _is_bare(printed):
        markdown = _without_frame(printed, markdown)
    if markdown[:1] in BEGINS and not text.startswith("\n", one.end) and (begun := BEGINNING.match(markdown)):
        markdown = _not_begun(markdown, begun)
    return Utterance(name, markdown, span, one.end, label.start, label.end)


def _closed(markdown: str) -> str:
    """The words with no comment open: without an end it must not find one elsewhere."""
    return markdown if FENCE_LINE.search(markdown) else OPEN_COMMENT.sub("&lt;!--", markdown)


@REMEMBERED
def _is_bare(label: str) -> bool:
    """Whether a label leaves its words as they are: it ends the bold type it begins, in no list and no table."""
    return not (label.count("**") % 2 or label.startswith("|") or BULLET.match(label))


def _without_frame(label: str, markdown: str) -> str:
    """The words behind a label that is bold together with them, or in a table or list, as words of their own."""
    if label.count("**") % 2 and "**" in markdown:  # "**Q: words**"
        markdown = "**" + markdown
    if label.startswith("|"):
        markdown = markdown.removesuffix("|").rstrip()
    if "\n" not in markdown or not BULLET.match(label):
        return markdown
    first, rest = markdown.split("\n", 1)  # what was indented under the bullet no longer is
    return f"{first}\n\n{dedent(rest).lstrip()}" if BULLET.match(rest.lstrip()) else f"{first}\n{dedent(rest)}"


def _words(source: Source, start: int, end: int, within: list[Beginning], places: Places) -> tuple[str, list[Piece]]:
    """The words of a stretch, and what stands inside it without being words."""
    inside: list[Piece] = []
    words, at, before = [], start, ""
    for inner in within:
        before += source.text[at : inner.start]
        at = inner.end
        span = places.span(inner.start, inner.end)
        if inner.kind == "comment" and is_note(inner):
            before, at = _around(source.text, inner, before)
            inside.append(Skipped(inner.group("text").strip(), NOTE_REASON, span))
            continue
        words.append(before)
        before = ""
        if inner.kind == "definition":
            mark = inner.group("key") or inner.group("link")
            inside.append(Definition(mark, _tidy(source.text[inner.start : inner.end]), span))
        else:
            text = inner.group("text").strip()
            text = unescape(text) if inner.group("reason") else text
            inside.append(Skipped(text, unescape(inner.group("reason")).strip() or COMMENT_REASON, span))
    words.append(before + source.text[at:end])
    return "\n\n".join(filter(None, map(_tidy, words))), inside


def _around(text: str, note: Beginning, before: str) -> tuple[str, int]:
    """The words before a note, and where those behind it begin: as if it and, if it fills one, its line were not there."""
    end = note.end
    while text.startswith((" ", "\t"), end):
        end += 1
    if end < len(text) and text[end] != "\n":
        return before, note.end
    if before and not before.endswith("\n"):
        return before.rstrip(" \t"), end
    behind = EMPTY_LINES.match(text, end)
    is_apart = not before or before.endswith("\n\n")
    return before, behind.end() if behind and is_apart else end + 1


def _not_begun(markdown: str, begun: re.Match[str]) -> str:
    """Words that would begin something if they did not stand behind a label, so that they begin nothing anywhere."""
    if begun["label"]:
        last = markdown.rindex("**", 0, begun.end())
        return markdown[:last].replace("**", "__", 1) + "__" + markdown[last + 2 :]
    stripped = markdown.lstrip(" ")
    first = {"<": "&lt;", "~": "&#126;"}.get(stripped[0], "\\" + stripped[0])
    return first + stripped[1:]


def _tidy(text: str) -> str:
    """Without empty lines around it."""
    text = text.rstrip().lstrip(" \t")
    return text[empty.end() :] if text[:1] == "\n" and (empty := EMPTY_LINES.match(text)) else text


def _sections_with_meaning(source: Source, pieces: list[Piece]) -> list[Piece]:
    """The same pieces, with a guests list read as people and a comments theme's residue skipped."""
    found: list[Piece] = []
    for piece in pieces:
        heading = found[-1] if found else None
        if isinstance(heading, Heading) and isinstance(piece, Utterance) and piece.label is None:
            span = SourceSpan(
                heading.span.path, heading.span.line, heading.span.column, heading.span.start, piece.span.end
            )
            if residue.is_comments_heading(heading.title) and residue.is_residue(piece.markdown):
                found[-1] = Skipped(source.text[span.start : span.end], residue.REASON, span)
                continue
            if roster.is_roster_heading(heading.title) and (people := _people(piece.markdown)):
                found[-1] = Roster(heading.title, people, span)
                continue
        found.append(piece)
    return found


def _people(markdown: str) -> tuple[Person, ...]:
    """The people of a bulleted list; none if a line of it is something else."""
    people = []
    for line in filter(None, map(str.strip, markdown.split("\n"))):
        bullet = BULLET.match(line)
        person = roster.person(markup.inline(line[bullet.end() :])) if bullet else None
        if person is None:
            return ()
        people.append(person)
    return tuple(people)
