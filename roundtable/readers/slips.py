"""Slips of the pen in Markdown: what nearly has the form of a label. A speaker's name makes it one; else it is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from ..diagnostics import diagnose, line_at, span_at
from ..model import Diagnostic, Source
from ..patterns import lazy
from .beginnings import Beginning, fences
from .lines import SENTENCE_END, Label
from .names import is_discourse, is_name_like, is_sentence_like

SET = r"(?:\*{1,3}|_{2,3}|(?:\\\*){2})"  # emphasis, escaped too
TAG = r"</?(?:b|strong)>"
NAMED = r"[^\W\d_][^*\\<>\n:：;]{0,60}"
NAME = r"[^*\\<>\s:：;_][^*\\<>\n:：;]{0,100}"
NEAR = rf"{SET}NAME(?:[ \t]?[:：;][ \t]?{SET}|{SET}[ \t]*[:：])(?=\s)"
LEAD = r"(?:(?:[-*+>]|\d{1,3}[.)]|#{1,6})[ ]+)+"
# As nearly all labels are; that and the first sign are looked at before anything is tried.
CANONICAL = r"\*\*[^*\n:]+:\*\*"
UNKNOWN = lazy(
    rf"(?=[ *_\\<+>#\d-])(?!{CANONICAL})[ ]{{0,3}}(?P<lead>{LEAD})?{NEAR}".replace(
        "NAME", f"(?P<name>{NAMED})"
    ).replace(SET, f"(?:{SET}|{TAG})")
)
# One pattern for all names: to compile one for the names of a file takes as long as to read the file.
SLIP = lazy(
    rf"(?=[ ]{{0,3}}\S)(?!{CANONICAL})(?:\*\*(?P<bold>{NAME})\*\*[ \t]+(?=\S)|(?P<plain>{NAME})::?[ \t]+(?=\S)"
    rf"|[ ]{{0,3}}{NEAR.replace('NAME', f'(?P<near>{NAME})')}"
    rf"|[ ]{{0,3}}\*\*(?P<stopped>{NAME})\.[ \t]?\*\*(?=\s)"
    rf"|\*\*(?P<whole>{NAME}):[ \t]+(?=[^*\n]+\*\*[ \t]*(?:\n|$)))"
)
TITLED = lazy(rf"#{{1,6}}[ \t]+(?P<name>{NAME}):[ \t]+(?=\S)")
BOLD = " **"
MIDST = lazy(rf" \*\*(?P<name>{NAME})(?::\*\*|\*\*:)(?=\s)")
FEW = 20  # names of a file
HEAD = 120  # characters of a line in which a name stands, if it is nearly a label
MAX_BEFORE = 250  # characters looked at before a label in the midst of a line: more than a label at its beginning has


def with_slips(source: Source, beginnings: list[Beginning], others: Iterable[int]) -> list[Beginning]:
    """The beginnings, and labels that lack bold type or their colon, or have other signs, but name a speaker of the file.

    `others` are the places of lines that have no plain label.
    """
    names = {one.label.name for one in beginnings if one.label}
    names = {name for name in names if len(name) > 2 and not is_discourse(name)}
    is_chat = 2 * sum(map(is_name_like, names)) <= len(names)  # by nicknames, people address each other: "ann: yes"
    has_code = ("```" in source.text or "~~~" in source.text) and fences(source.text)
    if not names or is_chat or has_code:
        return beginnings
    if len(names) <= FEW:  # looking for a name in each line takes each line with each name
        heads = ((at, source.text[at : at + HEAD]) for at in others)
        others = [at for at, head in heads if any(name in head for name in names)]
    taken = {one.start for one in beginnings} if others else set()
    found = []
    for match in _at(SLIP, source.text, others):
        name, start = match[match.lastgroup or 0].strip(), match.start()
        name = name if name in names else name.removesuffix(".") if match["bold"] else ""
        if name in names and start not in taken:
            found.append(Beginning("label", start, match.end(), None, Label(name, match.end() - start)))
    return sorted((*beginnings, *found), key=lambda one: one.start) if found else beginnings


def _at(pattern: re.Pattern[str], text: str, places: Iterable[int]) -> Iterator[re.Match[str]]:
    """What is of a pattern in these places."""
    return (match for at in places if (match := pattern.match(text, at)))


def told(source: Source, body: int, beginnings: Collection[Beginning], others: Collection[int]) -> Iterator[Diagnostic]:
    """What nearly stands like a label, and was read as words."""
    names = {one.label.name for one in beginnings if one.label}
    found = list(_at(UNKNOWN, source.text, others))
    # Where lines begin at which something does.
    taken = {source.text.rfind("\n", 0, one.start) + 1 for one in beginnings} if found else ()
    for match in found:
        start, name = match.start(), match["name"].strip()
        is_quoted = match["lead"] and name not in names  # terms in a list
        if start in taken or is_quoted or is_discourse(name) or not is_name_like(name):
            continue
        message = f"{name!r} stands nearly like a label: read as words"
        hint = f"if {name!r} is a speaker, begin the line with '**{name}:** '"
        place = span_at(source, start, match.end())
        yield diagnose("RT206", message, place, hint, line_at(source.text, start))
    yield from _in_headings(source, others, names)
    yield from _inside_lines(source, body, names, beginnings)


def _in_headings(source: Source, others: Collection[int], names: Collection[str]) -> Iterator[Diagnostic]:
    """A speaker's name before a colon in a heading."""
    for match in _at(TITLED, source.text, others):
        if match["name"] in names:
            message = f"a heading begins with {match['name']!r}, who speaks in this file"
            hint = f"if {match['name']!r} says it, begin the line with '**{match['name']}:** '"
            place = span_at(source, match.start("name"), match.end())
            yield diagnose("RT206", message, place, hint, line_at(source.text, match.start()))


def _inside_lines(
    source: Source, body: int, names: Collection[str], beginnings: Collection[Beginning]
) -> Iterator[Diagnostic]:
    """A label in the midst of a line, as if a line break were lost: a speaker's, or a name behind the end of a sentence."""
    text = source.text
    found = list(_at(MIDST, text, _places(text, body)))
    begun = {one.start: one.end for one in beginnings} if found else {}
    for match in found:
        name, nearest = match["name"], max(match.start() - MAX_BEFORE, 0)
        line = text.rfind("\n", nearest, match.start()) + 1
        before = text[max(line, begun.get(line, 0), nearest) : match.start()].strip(" \t>-+*")
        if before if name in names else before.endswith(SENTENCE_END) and _may_speak(name):
            message = f"{name!r} stands like a label in the midst of a line: read as words"
            hint = f"if {name!r} says what follows, begin a paragraph there"
            yield diagnose(
                "RT206", message, span_at(source, match.start() + 1, match.end()), hint, line_at(text, match.start())
            )


def _places(text: str, at: int) -> Iterator[int]:
    """Where bold type begins behind a space. Looking for the signs is many times faster than for the pattern."""
    while (at := text.find(BOLD, at)) >= 0:
        yield at
        at += 1


def _may_speak(name: str) -> bool:
    return is_name_like(name) and not is_discourse(name) and not is_sentence_like(name)
