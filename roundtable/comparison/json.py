"""A comparison for programs: one object, indented. The shape holds from version 1 on; its schema is published."""

from __future__ import annotations

from typing import Any

import msgspec

from .changes import Comparison


class Answer(Comparison, frozen=True, kw_only=True):
    """A comparison, and whether the record is the same."""

    same: bool


def write(one: Comparison) -> bytes:
    """The object, with a line break behind it."""
    fields = {name: getattr(one, name) for name in Comparison.__struct_fields__}
    return msgspec.json.format(msgspec.json.encode(Answer(**fields, same=one.is_same)), indent=2) + b"\n"


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "roundtable compare --format json",
        **msgspec.json.schema(Answer),
    }
