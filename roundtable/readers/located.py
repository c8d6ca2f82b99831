"""JSON with places: every string of a file, and where it stands.

RFC 8259. A decoder in C tells whether the text is JSON at all; then one pass over its tokens builds the tree again, because
no decoder says where a string stood, and without places nothing can be proved or shown. Containers are plain dicts and
lists; a string is a `Text`, which knows its span. An object that has a key twice is refused: decoders keep one of the values, each
another, and whoever wrote the file meant both.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any, NamedTuple

import msgspec

from ..patterns import lazy

MAX_DEPTH = 64  # of containers in each other; real transcripts need ten

# Possessive: a long string costs no memory and is never looked at twice.
STRING = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
TOKEN = lazy(rf"(?P<string>{STRING})(?P<colon>\s*+:)?+|[{{}}\[\]]|[^\s{{}}\[\]:,\"]++")
# What may be spelled in JSON and is in no text: control characters, halves of characters.
FOREIGN = lazy(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
CONSTANTS = {"true": True, "false": False, "null": None}
MAX_DIGITS = 15  # of a whole number; a longer one is read as a float


class NotJsonError(ValueError):
    """Text that is no JSON, nested too deep, or with a key twice in one object."""

    def __init__(self, message: str, at: int = 0) -> None:
        super().__init__(message)
        self.at = at  # offset of what is wrong


class Text(str):
    """A string value and its place."""

    __slots__ = ("end", "inside", "key", "number", "start")

    start: int  # offset of its opening quotation mark
    end: int  # offset behind the closing one
    number: int  # how many strings stand before it
    key: str  # the field whose value it is; "" in an array
    inside: tuple[str, ...]  # the fields that lead to its object or array


class Tree(NamedTuple):
    """A JSON file."""

    root: Any
    texts: list[Text]  # every string value, in order


def parse(text: str) -> Tree:
    """The tree that a text spells; NotJsonError if it spells none."""
    try:
        msgspec.json.decode(text.encode("utf-8", "replace"), type=msgspec.Raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotJsonError(f"no JSON: {error}") from None
    builder = _Builder()
    for match in TOKEN.finditer(text):
        builder.take(match)
    return Tree(builder.root, builder.texts)


class _Open(NamedTuple):
    """A container that is being filled."""

    content: dict[str, Any] | list[Any]
    path: tuple[str, ...]


class _Builder:
    """Puts the tokens of valid JSON together."""

    def __init__(self) -> None:
        self.root: Any = None
        self.texts: list[Text] = []
        self.stack: list[_Open] = []
        self.key = ""

    def take(self, match: re.Match[str]) -> None:
        """One token."""
        spelled = match[0]
        if match["colon"]:
            self.name(decoded(match["string"]), match.start())
        elif match["string"]:
            self.put(self.text(spelled, match.start()))
        elif spelled in "{[":
            self.open({} if spelled == "{" else [])
        elif spelled in "}]":
            self.stack.pop()
        else:
            self.put(_scalar(spelled))

    def name(self, key: str, at: int) -> None:
        """The key of a value."""
        if key in self.stack[-1].content:
            raise NotJsonError(f"{key!r} stands twice in one object", at)
        self.key = key

    def text(self, literal: str, start: int) -> Text:
        """A string value."""
        text = Text(decoded(literal))
        text.start, text.end, text.number, text.key = start, start + len(literal), len(self.texts), self.key
        text.inside = self.stack[-1].path if self.stack else ()
        self.texts.append(text)
        return text

    def open(self, content: dict[str, Any] | list[Any]) -> None:
        """A container that begins here."""
        if len(self.stack) == MAX_DEPTH:
            raise NotJsonError(f"nested deeper than {MAX_DEPTH}")
        path = self.stack[-1].path if self.stack else ()
        opened = _Open(content, (*path, self.key) if self.key else path)
        self.put(content)
        self.stack.append(opened)

    def put(self, value: Any) -> None:
        """A value where it belongs."""
        if not self.stack:
            self.root = value
        elif isinstance(content := self.stack[-1].content, dict):
            content[self.key] = value
        else:
            content.append(value)
        self.key = ""


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of a decoder's; NotJsonError if a key stands in it twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        key = next(key for key, n in Counter(key for key, _ in pairs).items() if n > 1)
        raise NotJsonError(f"{key!r} stands twice in one object")
    return found


def _scalar(spelled: str) -> Any:
    if spelled in CONSTANTS:
        return CONSTANTS[spelled]
    return int(spelled) if spelled.isdigit() and len(spelled) <= MAX_DIGITS else float(spelled)


def decoded(literal: str) -> str:
    """The text that a string literal of JSON spells."""
    text = literal[1:-1]
    if "\\" not in text:
        return text
    try:
        text = json.loads(literal, strict=False)
    except ValueError:
        return text
    return FOREIGN.sub("\ufffd", text)


def fields(value: Any) -> dict[str, Any]:
    """The fields of an object; none of anything else."""
    return value if isinstance(value, dict) else {}


def entries(value: Any) -> list[Any]:
    """The entries of an array; none of anything else."""
    return value if isinstance(value, list) else []


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects among the entries of an array."""
    return [entry for entry in entries(value) if isinstance(entry, dict)]


def texts(values: list[Any]) -> list[Text]:
    """The strings among values."""
    return [value for value in values if isinstance(value, Text)]
