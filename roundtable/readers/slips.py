"""Slips of the pen in Markdown: what nearly has the form of a label. A speaker's name makes it one; else it is told."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from ..diagnostics import diagnose, line_at, span_at
from ..model import Diagnostic, Source
from .beginnings import Beginning, fences
from .candidates import Label
from .names import is_discourse, is_name_like

MAX_NAMES = 100  # that are looked for
SET = r"(?:\*{1,3}|_{2,3}|(?:\\\*){2})"  # emphasis, escaped too
TAG = r"</?(?:b|strong)>"
NAMED = r"[^\W\d_][^*\\<>\n:：;]{0,60}"
NEAR = rf"{SET}NAME(?:[ \t]?[:：;][ \t]?{SET}|{SET}[ \t]*[:：])(?=\s)"
LEAD = r"(?:(?:[-*+>]|\d{1,3}[.)]|#{1,6})[ ]+)+"
UNKNOWN = re.compile(
    # No label in the canonical form, as nearly all are; the first sign is looked at before anything is tried.
    rf"\n(?=[ *_\\<+>#\d-])(?!\*\*[^*\n:]+:\*\*)[ ]{{0,3}}(?P<lead>{LEAD})?{NEAR}".replace(
        "NAME", f"(?P<name>{NAMED})"
    ).replace(SET, f"(?:{SET}|{TAG})")
)


def with_slips(source: Source, body: int, beginnings: list[Beginning]) -> list[Beginning]:
    """The beginnings, and labels that lack bold type or their colon, or have other signs, but name a speaker of the file."""
    names = {one.label.name for one in beginnings if one.label}
    names = {name for name in names if len(name) > 2 and not is_discourse(name)}
    is_chat = 2 * sum(map(is_name_like, names)) <= len(names)  # by nicknames, people address each other: "ann: yes"
    has_code = ("```" in source.text or "~~~" in source.text) and fences(source.text)
    if not names or len(names) > MAX_NAMES or is_chat or has_code:
        return beginnings
    slip, taken = _slip(names), _taken(source.text, beginnings)
    found = [
        Beginning("label", start, end, None, Label(match[match.lastgroup or 0], end - start))
        for match in slip.finditer(f"\n{source.text[body:]}")
        if (start := body + match.start()) not in taken and (end := body + match.end() - 1)
    ]
    return sorted((*beginnings, *found), key=lambda one: one.start) if found else beginnings


def _slip(names: Collection[str]) -> re.Pattern[str]:
    """What names one of these speakers at a line's beginning, nearly as a label does."""
    name = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    return re.compile(
        rf"\n(?:\*\*(?P<bold>{name})\*\*[ \t]+(?=\S)|(?P<plain>{name})::?[ \t]+(?=\S)"
        rf"|[ ]{{0,3}}{NEAR.replace('NAME', f'(?P<near>{name})')}"
        rf"|[ ]{{0,3}}\*\*(?P<stopped>{name})\.[ \t]?\*\*(?=\s)"
        rf"|\*\*(?P<whole>{name}):[ \t]+(?=[^*\n]+\*\*[ \t]*(?:\n|$)))"
    )


def told(source: Source, body: int, beginnings: Collection[Beginning]) -> Iterator[Diagnostic]:
    """What nearly stands like a label, and was read as words."""
    taken = _taken(source.text, beginnings)
    names = {one.label.name for one in beginnings if one.label}
    for match in UNKNOWN.finditer(f"\n{source.text[body:]}"):
        start, name = body + match.start(), match["name"].strip()
        is_quoted = match["lead"] and name not in names  # terms in a list
        if start in taken or is_quoted or is_discourse(name) or not is_name_like(name):
            continue
        message = f"{name!r} stands nearly like a label: read as words"
        hint = f"if {name!r} is a speaker, begin the line with '**{name}:** '"
        place = span_at(source, start, body + match.end() - 1)
        yield diagnose("RT206", message, place, hint, line_at(source.text, start))
    if names and len(names) <= MAX_NAMES:
        spelled = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
        yield from _in_headings(source, body, spelled)
        if source.text.count(":**", body) > sum(one.label is not None for one in beginnings):
            yield from _inside_lines(source, body, spelled)


def _in_headings(source: Source, body: int, names: str) -> Iterator[Diagnostic]:
    """A speaker's name before a colon in a heading."""
    if "\n#" not in source.text:
        return
    for match in re.compile(rf"^#{{1,6}}[ \t]+(?P<name>{names}):[ \t]+(?=\S)", re.MULTILINE).finditer(
        source.text, body
    ):
        message = f"a heading begins with {match['name']!r}, who speaks in this file"
        hint = f"if {match['name']!r} says it, begin the line with '**{match['name']}:** '"
        place = span_at(source, match.start("name"), match.end())
        yield diagnose("RT206", message, place, hint, line_at(source.text, match.start()))


def _inside_lines(source: Source, body: int, names: str) -> Iterator[Diagnostic]:
    """A label in the midst of a line, as if a line break were lost."""
    text = source.text
    for match in re.compile(rf"(?<=[ \t])\*\*(?P<name>{names}):\*\*(?=\s)").finditer(text, body):
        if text[text.rfind("\n", 0, match.start()) + 1 : match.start()].strip(" \t>-+*"):
            message = f"{match['name']!r} stands like a label in the midst of a line: read as words"
            hint = f"if {match['name']!r} says what follows, begin a paragraph there"
            yield diagnose("RT206", message, span_at(source, *match.span()), hint, line_at(text, match.start()))


def _taken(text: str, beginnings: Collection[Beginning]) -> set[int]:
    """The beginnings of the lines at which something begins."""
    return {text.rfind("\n", 0, one.start) + 1 for one in beginnings}
