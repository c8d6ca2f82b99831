"""Times on a line of their own, joined with the name above or below them: one label on two lines.

As many tools export them: a time, a name below it (Teams), or a name, a time below it, and then the words; or a time above
a label with a colon.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import msgspec

from ..marks import CLOCK
from ..patterns import lazy
from .lines import DATE, SENTENCE_END, Line
from .names import is_name_like, is_sentence_like, key
from .shapes import BRACKETED, GRADE, RANGE

ALONE = lazy(rf"(?:{BRACKETED}|{RANGE})")
LETTERS = lazy(r"[^\W\d_]{3}")
MIN_TIMES = 3
GRADED = lazy(rf",\s{GRADE}$")
RECURRING_SHARE = 0.5  # of the times that have a name beside them
ANY_SHARE, MAX_WORDS = 0.8, 6  # … from which on what comes once may be a phrase of so many: "From the hall"
MAX_NAME = 80  # characters
MAX_APART = 2  # lines: an empty one may stand between them


def joined(lines: list[Line], text: str) -> list[Line]:
    """The same lines, with each time and the name beside it as one, where names recur there. `text` is the source's."""
    times = [i for i, line in enumerate(lines) if line.text[-1:].isdigit() or line.text[-1:] in "])MmZz"]
    times = [i for i in times if ALONE.fullmatch(lines[i].text)]
    if len(times) < MIN_TIMES:
        return lines
    below = [i for i in times if i + 1 < len(lines) and _is_near(lines[i], lines[i + 1])]
    above = [i - 1 for i in times if i and _is_near(lines[i - 1], lines[i])]
    named_below = _recurring((i, _name(lines[i + 1].text)) for i in below)
    named_above = _recurring((i, _alone(lines[i].text)) for i in above)
    firsts = max(named_below, named_above, key=len)
    if len(firsts) < RECURRING_SHARE * len(times):
        return lines
    return list(_with_pairs(lines, firsts, text))


def is_moment(text: str) -> bool:
    """Whether a line holds a day, perhaps with a time of day, and nothing else: "May 3, 2021 10:15 AM"."""
    if not any(map(str.isdigit, text)) or not DATE.search(text):
        return False
    return not LETTERS.search(CLOCK.sub(" ", DATE.sub(" ", text)))


def _is_near(line: Line, after: Line) -> bool:
    return after.number <= line.number + MAX_APART


def _name(text: str) -> str:
    """What a line would name: all of it, or what stands before its colon."""
    head = re.match(r"[^:：]{1,80}(?=[:：])", text)
    return head[0] if head else _alone(text)


def _alone(text: str) -> str:
    return text if len(text) <= MAX_NAME and (not text.endswith(SENTENCE_END) or GRADED.search(text)) else ""


def _recurring(named: Iterable[tuple[int, str]]) -> set[int]:
    """The indices whose name another one has too; where these are most, those of other names as well."""
    pairs = [(i, name) for i, name in named if name]
    counts = Counter(key(name) for _, name in pairs)
    recurring = {i for i, name in pairs if counts[key(name)] > 1}
    if len(recurring) < RECURRING_SHARE * len(pairs):
        return recurring
    are_most = len(recurring) >= ANY_SHARE * len(pairs)
    return recurring | {i for i, name in pairs if is_name_like(name) or (are_most and _may_be_name(name))}


def _may_be_name(name: str) -> bool:
    return len(name.split()) <= MAX_WORDS and not is_sentence_like(name)


def _with_pairs(lines: list[Line], firsts: set[int], text: str) -> Iterable[Line]:
    i = 0
    while i < len(lines):
        line = lines[i]
        if i in firsts:
            i += 1
            line = msgspec.structs.replace(line, end=lines[i].end, text=text[line.start : lines[i].end])
        yield line
        i += 1
