"""Silences: where an editor says that something is not to be told, and why.

In Markdown, a comment on a line of its own covers the paragraph behind it, one at the end of a line the paragraph it stands in:

    <!-- roundtable: ignore RT211 because she spoke once -->

In files of every format, `ignore` in front matter or a sidecar covers the lines in which some text stands, or the whole file.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator
from itertools import accumulate

from . import frontmatter
from .addresses import without_code
from .diagnostics import CODES, diagnose, is_fixed, line_at, span_at
from .model import Diagnostic, Heading, Ignored, Reading, Silence, Skipped, Source, SourceSpan, Utterance
from .patterns import lazy
from .readers.beginnings import NOTE_REASON, NOTED

SAID = lazy(
    r"roundtable ?: ?ignore (?P<codes>RT\d{3}(?:(?: ?, ?| )RT\d{3})*)(?: because\b ?(?P<why>.*))?", re.IGNORECASE
)  # in one line
CODE = re.compile(r"RT\d{3}")
FORM = "write: <!-- roundtable: ignore RT211 because … -->"


def silences(reading: Reading, beside: Source | None) -> tuple[tuple[Silence, ...], tuple[Diagnostic, ...]]:
    """The silences of a source, and those that are none; `beside` is its sidecar."""
    source, ignored = reading.source, reading.metadata.ignore
    has_notes = "<!--" in source.text and NOTED.search(source.text) is not None
    if not ignored and not has_notes:
        return (), ()
    notes = [one for one in reading.pieces if isinstance(one, Skipped) and one.reason == NOTE_REASON]
    begins = _begins(reading) if notes else frozenset()
    every = [*(_noted(source, one, begins) for one in notes), *(_ignored(source, beside, one) for one in ignored)]
    words = (one for one in reading.pieces if isinstance(one, Utterance)) if has_notes else ()
    every += (_misplaced(source, one) for one in words if _has_note(one.markdown))
    kept = tuple(one for one in every if isinstance(one, Silence))
    return kept, tuple(one for one in every if isinstance(one, Diagnostic))


def _has_note(markdown: str) -> bool:
    """Whether words hold what would be a note, had it stood at the end of its line; as code, it is words."""
    return "<!--" in markdown and NOTED.search(without_code(markdown)) is not None


def _misplaced(source: Source, one: Utterance) -> Diagnostic:
    match = NOTED.search(without_code(source.text[one.span.start : one.span.end]))
    span = span_at(source, one.span.start + match.start(), one.span.start + match.end()) if match else one.span
    hint = "put it at the end of its line, or on a line of its own"
    return diagnose(
        "RT236", "a note in the midst of a line covers nothing", span, hint, line_at(source.text, span.start)
    )


def _begins(reading: Reading) -> frozenset[int]:
    """The lines, counted from 0, on which a turn or a section begins."""
    starts = [0, *accumulate(len(line) + 1 for line in reading.source.text.split("\n"))]
    outer = (one for one in reading.pieces if isinstance(one, Utterance | Heading))
    return frozenset(bisect_right(starts, one.span.start) - 1 for one in outer)


def _noted(source: Source, note: Skipped, begins: Collection[int]) -> Silence | Diagnostic:
    """What a comment says."""
    span, line = note.span, line_at(source.text, note.span.start)
    text = " ".join(note.text.split())
    said = SAID.fullmatch(text)
    if said is None:
        return diagnose("RT236", f"a note that is not understood: {text!r}", span, FORM, line)
    codes = tuple(CODE.findall(said["codes"].upper()))
    if problem := _problem(codes, said["why"]):
        return diagnose("RT236", problem, span, FORM, line)
    return Silence(codes, source.path, (_covered(source, span, begins),), span.line, span.column, line)


def _problem(codes: tuple[str, ...], why: str | None) -> str:
    """Why codes can't be silenced; "" if they can."""
    unknown = [code for code in codes if code not in CODES]
    fixed = [code for code in codes if code not in unknown and is_fixed(code)]
    if unknown or not codes:
        return f"there is no code {' and no code '.join(unknown) or 'named'}"
    if fixed:
        return f"{' and '.join(fixed)} can't be silenced: the site would say something false"
    return "" if (why or "").strip() else "it doesn't say why: behind the code, 'because' and a reason"


def _covered(source: Source, span: SourceSpan, begins: Collection[int]) -> tuple[int, int]:
    """The first and last line of the paragraph that a comment covers: it ends where another turn begins, too."""
    lines = source.text.split("\n")
    first = source.text.count("\n", 0, span.start)
    last = first + source.text.count("\n", span.start, span.end)
    if "\n".join(lines[first : last + 1]).strip() == source.text[span.start : span.end].strip():
        first = last = next((i for i in range(last + 1, len(lines)) if lines[i].strip()), last)
    else:
        while first not in begins and first and lines[first - 1].strip():
            first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip() and last + 1 not in begins:
        last += 1
    return first + 1, last + 1


def _ignored(source: Source, beside: Source | None, one: Ignored) -> Silence | Diagnostic:
    """What an entry of `ignore` says."""
    span = frontmatter.place_of(one.text or one.code, source, beside)
    text = beside.text if beside and span.path == beside.path else source.text
    line = line_at(text, span.start)
    problem = _problem((one.code,) if one.code else (), one.because)
    if problem:
        return diagnose(
            "RT236",
            f"an entry of 'ignore' is none: {problem}",
            span,
            "give it 'code', 'because' and, unless it is for the whole file, 'text'",
            line,
        )
    lines = tuple(_holding(source, one.text)) if one.text else ()
    if one.text and not lines:
        message = f"no line has {one.text!r}, of which {one.code} is not to be told"
        return diagnose("RT237", message, span, "take the entry out, or correct its text", line)
    return Silence((one.code,), source.path, lines, span.line, span.column, line)


def _holding(source: Source, text: str) -> Iterator[tuple[int, int]]:
    """The lines that hold a text, front matter aside."""
    _, body = frontmatter.split(source)
    head = source.text.count("\n", 0, body)
    for i, line in enumerate(source.text.split("\n")[head:], head):
        if text in line:
            number = source.lines[i] if i < len(source.lines) else i + 1
            yield number, number
