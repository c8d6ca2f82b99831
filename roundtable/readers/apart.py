"""Labels that stand apart from all others on a web page: terms in a list, a glossary, what is set like code. They are told.

Nobody but the editor knows whether a list of a speaker's holds terms ("Rope: long"), or whether two people spoke in it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..diagnostics import diagnose
from ..model import Diagnostic
from .names import key

KINDS = {"ul": "a list", "ol": "a list", "dl": "a list of terms", "pre": "preformatted text"}
FEW = 0.5  # of a page's labels: if more stand in such elements, there its transcript is
MAX_NAMED = 3
HINT = "if somebody but speaks of them, import the page, and take the label's bold type and colon out in its Markdown"


class Apart(NamedTuple):
    """A label in such an element."""

    label: str
    element: str
    at: int  # where the element begins
    line: int


def told(path: str, labels: Sequence[str], found: Sequence[Apart]) -> Iterator[Diagnostic]:
    """One warning for each such element."""
    times, kinds = Counter(map(key, labels)), Counter(one.element for one in found)
    elements: dict[int, list[Apart]] = {}
    for one in found:
        elements.setdefault(one.at, []).append(one)
    for some in elements.values():
        is_rare = kinds[some[0].element] <= FEW * len(labels)
        is_apart = is_rare or (1 < len(some) <= FEW * len(labels))
        if is_rare if some[0].element == "pre" else is_apart and all(times[key(one.label)] == 1 for one in some):
            yield _told(path, some)


def _told(path: str, some: Sequence[Apart]) -> Diagnostic:
    names = ", ".join(repr(one.label) for one in some[:MAX_NAMED]) + " …" * (len(some) > MAX_NAMED)
    what = "stand like labels" if len(some) > 1 else "stands like a label"
    message = f"{names} {what} in {KINDS[some[0].element]}, apart from the others: read as of speakers"
    return diagnose("RT206", message, (path, some[0].line, 1), HINT)
