"""Mappings from people (TOML, YAML) to nouns, with every mistake reported at once and at its place.

msgspec converts and checks the values; it stops at the first mistake, so each field is converted on its own here.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec

from .diagnostics import diagnose, did_you_mean
from .model import Diagnostic
from .patterns import lazy

T = TypeVar("T", bound=msgspec.Struct)

CONTROL = lazy(
    r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"
)  # none has a place in a page or a feed
KeyPath = tuple[str, ...]  # ("params", "comments", "giscus", "repo"); places in a list are "0", "1" …


class Place(NamedTuple):
    """Where a key stands."""

    path: str
    line: int
    column: int
    source: str  # that line


Locate = Callable[[KeyPath], Place]


def decode(
    cls: type[T], data: Mapping[str, Any], locate: Locate, key: KeyPath = ()
) -> tuple[T, tuple[Diagnostic, ...]]:
    """The noun that the mapping spells, and what is wrong with the mapping; wrong fields keep their defaults.

    A key is accepted as the field is named (snake case) and as the struct renames it. Every field needs a default.
    """
    fields, spelled = _fields(cls), _spelled(cls)
    values: dict[str, Any] = {}
    found: list[Diagnostic] = []
    for spelling, value in data.items():
        here = (*key, spelling)
        name = spelled.get(spelling)
        if name is None:
            hint = (
                did_you_mean(spelling, spelled)
                or f"known here: {', '.join(sorted(f.encode_name for f in fields.values()))}"
            )
            found.append(_at(locate(here), "RT103", f"unknown key '{spelling}'{_within(key)}", hint))
        elif name in values:
            found.append(
                _at(locate(here), "RT104", f"'{spelling}' is given twice{_within(key)}, in two spellings", "keep one")
            )
        else:
            values[name], wrong = _field(fields[name].type, value, locate, here)
            found += wrong
    return cls(**{name: value for name, value in values.items() if value is not msgspec.UNSET}), tuple(found)


@cache
def _fields(cls: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    """The fields of a noun by their names; asking for them takes longer than all else that is done for a file's metadata."""
    return {one.name: one for one in msgspec.structs.fields(cls)}


@cache
def _spelled(cls: type[msgspec.Struct]) -> dict[str, str]:
    """The name of each field, by its spellings."""
    return {spelling: name for name, one in _fields(cls).items() for spelling in (name, one.encode_name)}


def _field(type_: Any, value: Any, locate: Locate, key: KeyPath) -> tuple[Any, tuple[Diagnostic, ...]]:
    """One value converted; UNSET where it is wrong."""
    if isinstance(value, str) and (control := CONTROL.search(value)):
        message = f"'{key[-1]}'{_within(key[:-1])}: control character U+{ord(control[0]):04X}"
        return msgspec.UNSET, (_at(locate(key), "RT104", message, "take it out"),)
    struct, item = _structs_in(type_)
    if struct is not None and isinstance(value, Mapping):
        return decode(struct, value, locate, key)
    if typing.get_origin(type_) is dict and isinstance(value, Mapping):
        each = {name: _field(typing.get_args(type_)[1], one, locate, (*key, name)) for name, one in value.items()}
        sound = {name: one for name, (one, _) in each.items() if one is not msgspec.UNSET}
        return sound, tuple(d for _, wrong in each.values() for d in wrong)
    if item is not None and isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        pairs = [_field(item, one, locate, (*key, str(i))) for i, one in enumerate(value)]
        return tuple(v for v, _ in pairs if v is not msgspec.UNSET), tuple(d for _, wrong in pairs for d in wrong)
    try:
        return msgspec.convert(_plain_boolean(value) if _takes_boolean(type_) else value, type_, strict=False), ()
    except msgspec.ValidationError as error:
        return msgspec.UNSET, (
            _at(
                locate(key), "RT104", f"'{key[-1]}'{_within(key[:-1])}: {_reason(error, value)}", _allowed(type_, value)
            ),
        )


@cache
def _structs_in(type_: Any) -> tuple[type[msgspec.Struct] | None, Any]:
    """The struct that a type admits, and the item type of a tuple that it admits."""
    options = (
        typing.get_args(type_)
        if isinstance(type_, types.UnionType) or typing.get_origin(type_) is typing.Union
        else (type_,)
    )
    struct = next((o for o in options if isinstance(o, type) and issubclass(o, msgspec.Struct)), None)
    item = next((typing.get_args(o)[0] for o in options if typing.get_origin(o) is tuple), None)
    return struct, item


def _takes_boolean(type_: Any) -> bool:
    return type_ is bool or bool in typing.get_args(type_)


def _plain_boolean(value: Any) -> Any:
    """YAML 1.1 and people write yes and no; front matter arrives as text."""
    return (
        {"yes": True, "no": False, "on": True, "off": False}.get(value.casefold(), value)
        if isinstance(value, str)
        else value
    )


PLAIN = {"str": "text", "bool": "true or false", "int": "a whole number", "array": "a list", "object": "a table"}


def _reason(error: msgspec.ValidationError, value: Any) -> str:
    """What msgspec says, for people: types by their plain names, and the value itself."""
    types_in_words = re.sub(r"`([a-z |]+)`", _in_words, str(error).split(" - at")[0].lower())
    return types_in_words if repr(value) in types_in_words else f"{types_in_words}: {value!r}"


def _in_words(match: re.Match[str]) -> str:
    return " or ".join(PLAIN.get(name, name) for name in match[1].split(" | ") if name != "null")


def _allowed(type_: Any, value: Any) -> str:
    words = sorted(_literals(type_))
    if not words:
        return "give it another value, or leave it out"
    return did_you_mean(str(value), words) or f"one of: {', '.join(words)}"


def _literals(type_: Any) -> Iterator[str]:
    if typing.get_origin(type_) is typing.Literal:
        yield from typing.get_args(type_)
    else:
        for option in typing.get_args(type_):
            yield from _literals(option)


def _within(key: KeyPath) -> str:
    return f" in [{'.'.join(key)}]" if key else ""


def _at(place: Place, code: str, message: str, hint: str | None) -> Diagnostic:
    return diagnose(code, message, (place.path, place.line, place.column), hint, place.source)
