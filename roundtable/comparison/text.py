"""A comparison for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..diagnostics import visible
from ..reporting import plural
from .changes import Balance, Change, Comparison, DocumentChange
from .shown import (
    NOBODY,
    Part,
    carried,
    changed,
    columns,
    cut,
    file,
    kind,
    length,
    link,
    listed,
    name,
    pieces,
    speakers,
    title,
    verdict,
    where,
)


def write(one: Comparison) -> bytes:
    """All of it, what matters most first."""
    return ("\n".join(visible(line) for line in _lines(one)) + "\n").encode(errors="backslashreplace")


def _lines(one: Comparison) -> Iterator[str]:
    yield f"{one.old} → {one.new}"
    yield verdict(one)
    crossed = [(document, crossing) for document in one.documents for crossing in document.crossings]
    if crossed:
        yield ""
        yield "WORDS THAT HAVE ANOTHER SPEAKER NOW"
    for document, crossing in crossed:
        yield f"! {', '.join(filter(None, (title(document), where(crossing.new))))}: {plural(crossing.words, 'word')} from {name(crossing.old)} to {name(crossing.new)}"
        yield f"    {_flat(crossing.text)}"
    for document in one.documents:
        yield ""
        yield from _document(document)
    if one.files:
        yield ""
        yield "files"
        for changed_file in one.files:
            yield f"  {changed_file.path}: {file(changed_file)}"
    if one.pages:
        yield ""
        yield "pages"
        for page in one.pages:
            yield f"  {page.url}: {page.status if page.status in ('added', 'removed') else f'{page.status} changed'}"
    yield ""
    yield f"{plural(len(one.documents), 'document')} changed, {one.unchanged:,} unchanged"


def _document(one: DocumentChange) -> Iterator[str]:
    yield f"{title(one)}: {one.title} ({one.kind} {one.status})"
    if one.status in ("added", "removed"):
        yield f"  {plural(length(one), 'word')}"
    for line in carried(one):
        yield f"  {line}"
    for renamed in one.renamed:
        yield f"  speaker renamed: {renamed.old} is {renamed.new} now, {plural(renamed.turns, 'turn')}"
    for detail in one.details:
        yield f"  {detail.what}: {detail.old or 'nothing'!r} → {detail.new or 'nothing'!r}"
    for permalink in one.permalinks:
        yield f"  permalink {link(permalink)}"
    for change in listed(one):
        yield from _change(change)
    if rows := changed(one.account):
        yield from _table(rows)


def _change(one: Change) -> Iterator[str]:
    spot = one.new or one.old
    if spot is None:
        return
    who = " → ".join(map(name, speakers(one)))
    yield f"  {SIGNS[one.kind]} {', '.join(filter(None, (who, where(spot))))}: {kind(one)}"
    if one.kind not in ("moved", "form"):
        yield f"      {_flat(''.join(_marked(cut(pieces(one)))))}"


SIGNS = {"added": "+", "removed": "-", "edited": "~", "moved": "^", "speaker": "!", "form": "·"}


def _marked(some: Sequence[Part]) -> Iterator[str]:
    for one in some:
        text, space, there = one.piece.text.rstrip(), one.space, one.elsewhere
        match one.sign:
            case " ":
                yield text + space
            case "-":
                yield f"[-{text}-]" + (f"→{there}" if there else "") + space
            case "+":
                yield f"{{+{text}+}}" + (f"←{there}" if there else "") + space


def _flat(text: str) -> str:
    return text.replace("\n\n", " ¶ ")


def _table(rows: Sequence[Balance]) -> Iterator[str]:
    width = max(len("words"), *(len(row.speaker or NOBODY) for row in rows))
    yield f"    {'words':<{width}}" + "".join(f"{column:>9}" for column in columns(rows))
    for row in rows:
        numbers = (getattr(row, column) for column in columns(rows))
        yield f"    {row.speaker or NOBODY:<{width}}" + "".join(f"{number:>9,}" for number in numbers)
