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

The form is read with one scan for the lines at which something begins; all else is a turn's own Markdown, untouched. A file
whose labels have another form (`**Name** [1:52]`, `### Name`, `- Name: words`) is read in that, as labels.py decides.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Collection
from html import unescape
from textwrap import dedent
from typing import Literal, NamedTuple

import msgspec

from .. import frontmatter, markup
from ..diagnostics import diagnose, line_at, span_at
from ..marks import seconds
from ..model import (
    Definition,
    Diagnostic,
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
from . import residue, roster, stamps
from .candidates import Label
from .labels import Convention, decide
from .lines import BULLET, Line, Places, heading_title, is_wrapped, lines_of, openings
from .names import REMEMBERED, is_discourse, is_interlude, is_name_like, is_role, is_sentence_like, key

Kind = Literal["body", "label", "heading", "fence", "definition", "comment"]

TIME = r"\d{1,6}:\d\d(?::\d\d)?(?:\.\d{1,3})?"
# Nearly all labels are of the first form, plain characters up to the sign, which takes no trying.
PRINTED = r"(?P<label>[^*\\\n\[\](:：]{1,1000}+(?=:\*\*)|(?:\\.|[^*\\\n]){1,1000}?)"
LABEL = rf"[ ]{{0,3}}\*\*(?:[\[(](?P<start>{TIME})(?:[–-](?P<stop>{TIME}))?[\])][ \t]*)?{PRINTED}(?:[ \t]*[\[(](?P<at>{TIME})[\])])?(?::\*\*|\*\*[ \t]?:|：\*\*|\*\*：)"
# Behind which line end one may stand: found with the speed of one sign.
LIKELY = re.compile(r"\n(?=[ ]{0,3}(?:\*\*|```|~~~)|[#\[]|<!--)")
BEGINNING = re.compile(
    rf"^(?:{LABEL}"
    r"|(?P<marks>#{1,6})(?:[ \t]+(?P<title>[^\n]*)|[ \t]*)$"
    r"|[ ]{0,3}(?P<fence>`{3,}|~{3,})"
    r"|\[(?P<key>\^[^\]\n]{1,100})\]:[ \t]*(?=\S)"  # a footnote
    r"|\[(?P<link>[^\[\]\n]{1,100})\]:[ \t]*(?:<[^>\n]{1,2000}>|(?=\S{1,2000}(?:\s|$))[^\s</.#:]*[/.#:]\S*)(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'|\([^)\n]*\)))?[ \t]*$"
    r"|(?P<comment><!--))",
    re.MULTILINE,
)
BEGINS = frozenset("*#`~[< ")  # characters with which a beginning begins
# What begins, by the last group of BEGINNING that matched.
KINDS: dict[str, Kind] = {
    "label": "label", "at": "label", "marks": "heading", "title": "heading", "fence": "fence", "key": "definition",
    "link": "definition", "comment": "comment",
}  # fmt: skip
NARRATION = "[Narration]"
COMMENT = re.compile(
    r"<!--[ \t]*(?:skipped:[ \t]*(?P<reason>(?:(?!-->)[^\n])*)\n)?(?P<text>(?:(?!<!--).)*?)\n?-->", re.DOTALL
)
EMPTY_LINES = re.compile(r"(?:[ \t]*\n)+")
FENCE_LINE = re.compile(r"^[ ]{0,3}(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)$", re.MULTILINE)
COMMENT_REASON = "comment in the source"

# A file is a transcript without being told so if at least this share of its paragraphs begins with a label.
TRANSCRIPT_SHARE = 0.25
PLAIN_LABEL = re.compile(r"\n([^\W\d_][^\n:*]{0,60}):[ ]")
MAX_SLIPS = 100  # names that are looked for without bold type
PLAIN_SHARE = 0.3  # of the bold labels
MIN_TERMS = 5  # of a glossary
LINES_SHARE = 0.02  # … and of its lines: below, another form is looked for first


class Beginning(NamedTuple):
    """A place at which a piece begins."""

    kind: Kind
    start: int
    end: int  # of what marks it: label, heading line, definition, comment
    match: re.Match[str] | None = None
    label: Label | None = None

    def group(self, name: str) -> str:
        """What a part of the mark says; "" where it has no such part."""
        return (self.match[name] or "") if self.match else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a Markdown file."""
    metadata, found, body = frontmatter.of(source, sidecar)
    places = Places(source)
    head: list[Piece] = [Preamble(places.span(0, body))] if body else []
    beginnings = _beginnings(source.text, body)
    if title := _title(source, body, beginnings, metadata):
        metadata = msgspec.structs.replace(metadata, title=title)
        head.append(Preamble(places.span(beginnings[0].start, beginnings[0].end)))
        body, beginnings = beginnings[0].end, beginnings[1:]
    labelled = _labelled(source, body, beginnings, metadata)
    if labelled.kind == "page":
        span = places.span(body, len(source.text))
        text = _tidy(source.text[span.start : span.end])
        words = Utterance(None, text, span, span.start)
        return Reading(source, "page", metadata, (*head, words), diagnostics=(*found, *labelled.doubts))
    told = {one.start for one in labelled.beginnings if one.label and one.label.name}
    open_words = _without_labels(source, [one for one in beginnings if one.label and one.start not in told])
    pieces = _sections_with_meaning(source, _pieces(open_words, body, labelled.beginnings, places, _known(metadata)))
    return Reading(
        source, "transcript", metadata, (*head, *pieces), labelled.convention, diagnostics=(*found, *labelled.doubts)
    )


def _beginnings(text: str, body: int) -> list[Beginning]:
    """Every place at which something begins, code blocks left out."""
    found: list[Beginning] = []
    fences: dict[int, int] | None = None
    at = body
    for start in (body, *(match.end() for match in LIKELY.finditer(text, body))):
        match = BEGINNING.match(text, start) if start >= at else None
        if match is None:
            continue
        at = match.end()
        kind = KINDS[match.lastgroup or ""]
        if kind == "label":
            found.append(Beginning("label", start, at, None, _label(match[0])))
        elif kind == "heading":
            found.append(Beginning("heading", start, at, match))
        elif match["fence"]:
            fences = fences if fences is not None else _fences(text)
            at = fences.get(match.start("fence"), at)  # an open fence is no code block
        elif match["comment"]:
            if comment := COMMENT.match(text, start):
                at = comment.end()
                found.append(Beginning("comment", start, at, comment))
        else:
            at = _definition_end(text, at) if match["key"] else at
            found.append(Beginning("definition", start, at, match))
    return found


@REMEMBERED
def _label(printed: str) -> Label | None:
    """What a label in the canonical form says. One whose name has escaped brackets is no sign of narration."""
    if not (match := BEGINNING.match(printed)):
        return None
    name = " ".join(markup.literal(match["label"]).split())
    start, stop = match["start"] or match["at"], match["stop"]
    return Label(
        "" if name == NARRATION != match["label"] else name,
        len(printed),
        seconds(start) if start else None,
        seconds(stop) if stop else None,
    )


def _fences(text: str) -> dict[int, int]:
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


class Labelled(NamedTuple):
    """What a file is, and where its labels are."""

    kind: Literal["transcript", "page"]
    beginnings: list[Beginning] = []  # noqa: RUF012  (never changed)
    convention: str = ""
    doubts: tuple[Diagnostic, ...] = ()


def _labelled(source: Source, body: int, beginnings: list[Beginning], metadata: Metadata) -> Labelled:
    """Whether the file is a transcript, as it says itself or as its labels show; and its labels, in whatever form."""
    if metadata.type == "page":
        return Labelled("page")
    paragraphs = source.text.rstrip().count("\n\n", body) + 1
    labels = [one for one in beginnings if one.label]
    is_written = metadata.labels == "bold" or any(person.id for person in metadata.speakers)  # by exports.markdown
    are_many = len(labels) >= max(TRANSCRIPT_SHARE * paragraphs, LINES_SHARE * source.text.count("\n", body))
    if labels and is_written:
        return _canonical(source, beginnings, metadata)
    is_glossary = (
        not metadata.type and not metadata.speakers and _is_glossary([one.label.name for one in labels if one.label])
    )
    if are_many and not is_glossary and not _has_plain_labels(source, body, len(labels)):
        return _canonical(source, _with_slips(source, body, beginnings), metadata)
    other = Labelled("page") if is_written else _detected(source, body, beginnings, metadata, paragraphs)
    if other.kind == "page" and (metadata.type or metadata.speakers):
        return _canonical(source, beginnings, metadata)
    if other.kind == "transcript" or len(labels) <= 1:
        return other if other.kind == "transcript" or not labels else Labelled("page")
    hint = "say which in the front matter: 'type: transcript' or 'type: page'"
    message = f"{len(labels)} of {paragraphs} paragraphs begin like a speaker's label: read as a page"
    text = source.text[labels[0].start : labels[0].end]
    place = span_at(source, labels[0].start, labels[0].end)
    return Labelled("page", doubts=(diagnose("RT205", message, place, hint, text),))


def _is_glossary(names: list[str]) -> bool:
    """Whether bold words before colons are rather terms: many, none of which recurs, and few of them full names or offices."""
    people = sum(len(name.split()) > 1 and is_name_like(name) for name in names) + sum(map(is_role, names))
    return len(names) >= MIN_TERMS and len({key(name) for name in names}) == len(names) and 2 * people < len(names)


def _with_slips(source: Source, body: int, beginnings: list[Beginning]) -> list[Beginning]:
    """The beginnings, and labels that lack bold type or their colon but name a speaker of the file: slips of the pen."""
    names = {one.label.name for one in beginnings if one.label}
    names = {name for name in names if len(name) > 2 and not is_discourse(name)}
    is_chat = 2 * sum(map(is_name_like, names)) <= len(names)  # by nicknames, people address each other: "ann: yes"
    if not names or len(names) > MAX_SLIPS or is_chat:
        return beginnings
    spelled = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    slip = re.compile(rf"\n(?:\*\*(?P<bold>{spelled})\*\*|(?P<plain>{spelled})::?)[ \t]+(?=\S)")
    taken = {one.start for one in beginnings}
    closed = sorted(_fences(source.text).values()) if "```" in source.text or "~~~" in source.text else []
    found = [
        Beginning("label", start, end, None, Label(match["bold"] or match["plain"], end - start))
        for match in slip.finditer(f"\n{source.text[body:]}")
        if (start := body + match.start()) not in taken and (end := body + match.end() - 1)
    ]
    return beginnings if closed or not found else sorted((*beginnings, *found), key=lambda one: one.start)


def _has_plain_labels(source: Source, body: int, bold: int) -> bool:
    """Whether names without bold type recur before colons so often that they may be speakers too."""
    counts = Counter(PLAIN_LABEL.findall(f"\n{source.text[body:]}"))
    recurring = sum(n for name, n in counts.items() if n > 1 and is_name_like(name) and not is_discourse(name))
    return recurring >= PLAIN_SHARE * bold


def _canonical(source: Source, beginnings: list[Beginning], metadata: Metadata) -> Labelled:
    """A file in the canonical form, without bold words that only look like labels: "**Note:**", "**Place:**" at the top."""
    known = {*_known(metadata), key(NARRATION)}
    labels = [(one, one.label.name) for one in beginnings if one.label]
    names = [key(name) for _, name in labels]
    counts = Counter(names)
    doubtful = set()
    doubts = []
    once = [labels[i] for i, name in enumerate(names) if counts[name] == 1 and name not in known]
    single = {one.start for one, _ in once}
    first = next((one.start for one, _ in labels if one.start not in single), 0)
    above = [one for one, _ in once if one.start < first]
    for one, printed in once:
        is_metadata = one.start < first and len(above) > 1 and not is_role(printed)
        if (
            is_discourse(printed) or is_sentence_like(printed) or is_metadata or printed.startswith("* ")
        ):  # a chat's "/me"
            doubtful.add(one.start)
            hint = "if it is a speaker, list it under 'speakers' in the front matter"
            message = f"{printed!r} stands like a label, once: read as words"
            place = span_at(source, one.start, one.end)
            doubts.append(diagnose("RT206", message, place, hint, line_at(source.text, one.start)))
    left = [one for one in beginnings if one.start not in doubtful]
    return Labelled("transcript", left, f"bold name with colon, {len(labels) - len(doubtful)} turns", tuple(doubts))


def _known(metadata: Metadata) -> frozenset[str]:
    """The names and aliases that front matter lists."""
    return frozenset(key(name) for person in metadata.speakers for name in (person.name, *person.aliases))


def _detected(source: Source, body: int, beginnings: list[Beginning], metadata: Metadata, paragraphs: int) -> Labelled:
    """A file whose labels have another form, if there is evidence enough."""
    lines = _open_lines(source, body, beginnings)
    opens = openings(lines)
    known = [name for person in metadata.speakers for name in (person.name, *person.aliases)]
    convention = decide(lines, known, opens if is_wrapped(lines, opens) else None, is_maybe_a_page=True)
    is_told = bool(metadata.type or metadata.speakers)
    if not convention.labels or not (is_told or convention.is_convincing(lines, paragraphs)):
        return Labelled("page", doubts=_unsure(source, lines, convention))
    places = {lines[i].start: (lines[i], label) for i, label in convention.labels.items()}
    found = [
        one
        for one in beginnings
        if one.kind in ("definition", "comment") or (one.kind == "heading" and one.start not in places)
    ]
    found += [Beginning("label", start, start + label.words_at, None, label) for start, (_, label) in places.items()]
    return Labelled(
        "transcript", sorted(found, key=lambda one: one.start), convention.described(), convention.doubts(source, lines)
    )


def _without_labels(source: Source, words: list[Beginning]) -> Source:
    """The source with `__` for `**` where bold words stand like a label and are none: so they stay words when written."""
    text, parts, at = source.text, [], 0
    for one in words:
        first, last = text.index("**", one.start), text.rindex("**", one.start, one.end)
        parts += [text[at:first], "__", text[first + 2 : last], "__"]
        at = last + 2
    return msgspec.structs.replace(source, text="".join((*parts, text[at:]))) if words else source


def _open_lines(source: Source, body: int, beginnings: list[Beginning]) -> list[Line]:
    """The lines on which a label may stand: not in code, comments or definitions."""
    closed = [(one.start, one.end) for one in beginnings if one.kind in ("definition", "comment")]
    if "```" in source.text or "~~~" in source.text:
        closed += _fences(source.text).items()
    closed.sort()
    lines, i = [], 0
    for line in lines_of(source, body):
        while i < len(closed) and closed[i][1] <= line.start:
            i += 1
        if i == len(closed) or line.start < closed[i][0]:
            lines.append(line)
    return stamps.joined(lines, source.text)


def _unsure(source: Source, lines: list[Line], convention: Convention) -> tuple[Diagnostic, ...]:
    """A warning where a page may be a transcript: labels that recur and begin many of its lines."""
    recurring = sorted(convention.labels.keys() - convention.single.keys())
    if len(recurring) < 3 or len(recurring) < TRANSCRIPT_SHARE * len(lines):
        return ()
    first = lines[recurring[0]]
    message = f"{len(recurring)} of {len(lines)} lines begin like a speaker's label: read as a page"
    hint = "say which in the front matter: 'type: transcript' or 'type: page'"
    return (diagnose("RT205", message, (source.path, first.number, 1), hint, first.text),)


def _pieces(
    source: Source, body: int, beginnings: list[Beginning], places: Places, known: Collection[str]
) -> list[Piece]:
    """All pieces, in order. Definitions and comments inside a turn are pieces of their own."""
    pieces: list[Piece] = []
    breaks = [Beginning("body", body, body), *(one for one in beginnings if one.kind in ("label", "heading"))]
    ends = [*(one.start for one in breaks[1:]), len(source.text)]
    inner = deque(one for one in beginnings if one.kind in ("definition", "comment"))
    for beginning, end in zip(breaks, ends, strict=True):
        one = beginning
        within = []
        while inner and inner[0].start < end:
            within.append(inner.popleft())
        if one.kind == "heading":
            pieces.append(
                Heading(
                    " ".join(markup.inline(heading_title(one.group("title"))).split()),
                    len(one.group("marks")),
                    places.span(one.start, one.end),
                )
            )
            one = Beginning("body", one.end, one.end)
        pieces += _utterance(source, one, end, within, places, known)
    return pieces


def _utterance(
    source: Source, one: Beginning, end: int, within: list[Beginning], places: Places, known: Collection[str]
) -> list[Piece]:
    """The utterance that begins there and ends at `end`, and what stands inside it without being its words."""
    text, label = source.text, one.label
    inside: list[Piece] = []
    if within:
        markdown, inside = _words(source, one.end, end, within, places)
    else:
        markdown = _tidy(text[one.end : end])
    if label is None:
        return [Utterance(None, markdown, places.span(one.start, end), one.end), *inside] if markdown else inside
    name = None if label.name == NARRATION else label.name
    if name == "" or (name and is_interlude(name) and key(name) not in known):  # the label stays, as words of nobody
        markdown = "\n\n".join(filter(None, (_tidy(text[one.start : one.end]), markdown)))
        span = places.span(one.start, end)
        return [Utterance(None, markdown, span, one.start, label.start, label.end), *inside]
    if text.count("**", one.start, one.end) % 2 and "**" in markdown:  # "**Q: words**"
        markdown = "**" + markdown
    if "\n" in markdown:
        markdown = _unindented(text[one.start : one.end], markdown)
    if markdown[:1] in BEGINS and not text.startswith("\n", one.end) and (begun := BEGINNING.match(markdown)):
        markdown = _not_begun(markdown, begun)
    return [Utterance(name, markdown, places.span(one.start, end), one.end, label.start, label.end), *inside]


def _words(source: Source, start: int, end: int, within: list[Beginning], places: Places) -> tuple[str, list[Piece]]:
    """The words of a stretch, and what stands inside it without being words."""
    inside: list[Piece] = []
    words, at = [], start
    for inner in within:
        words.append(source.text[at : inner.start])
        at = inner.end
        span = places.span(inner.start, inner.end)
        if inner.kind == "definition":
            mark = inner.group("key") or inner.group("link")
            inside.append(Definition(mark, _tidy(source.text[inner.start : inner.end]), span))
        else:
            text = inner.group("text").strip()
            text = unescape(text) if inner.group("reason") else text
            inside.append(Skipped(text, unescape(inner.group("reason")).strip() or COMMENT_REASON, span))
    words.append(source.text[at:end])
    return "\n\n".join(filter(None, map(_tidy, words))), inside


def _not_begun(markdown: str, begun: re.Match[str]) -> str:
    """Words that would begin something if they did not stand behind a label, so that they begin nothing anywhere."""
    if begun["label"]:
        last = markdown.rindex("**", 0, begun.end())
        return markdown[:last].replace("**", "__", 1) + "__" + markdown[last + 2 :]
    stripped = markdown.lstrip(" ")
    first = {"<": "&lt;", "~": "&#126;"}.get(stripped[0], "\\" + stripped[0])
    return first + stripped[1:]


def _unindented(label: str, markdown: str) -> str:
    """Words behind a label in a list, as words of their own: what was indented under the bullet no longer is."""
    bullet = BULLET.match(label)
    if not bullet:
        return markdown
    first, rest = markdown.split("\n", 1)
    return f"{first}\n\n{dedent(rest).lstrip()}" if BULLET.match(rest.lstrip()) else f"{first}\n{dedent(rest)}"


def _tidy(text: str) -> str:
    """Without empty lines around it."""
    text = text.rstrip().lstrip(" \t")
    empty = EMPTY_LINES.match(text) if text.startswith("\n") else None
    return text[empty.end() :] if empty else text


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
