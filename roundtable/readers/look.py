"""A first look at a file: what a format may ask to know whether the file is one of its own."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Any

import msgspec

from ..patterns import lazy

ROOT = lazy(
    r"(?>\s*(?:<\?.*?\?>|<!--.*?-->|<!(?i:DOCTYPE)[^>\[]*(?:\[[^\]]*\])?\s*>))*+\s*<(?P<tag>[\w:.-]+)(?P<rest>[^>]*)",
    re.DOTALL,
)
HEAD = 20_000  # characters in which an XML file's first element stands


class Look:
    """A file's name and text; what more must be known is found when it is asked for, once."""

    def __init__(self, path: str, text: str) -> None:
        self.text = text
        self.suffix = PurePosixPath(path).suffix.casefold()

    @cached_property
    def json(self) -> Any:
        """What the file spells in JSON; None if it is no JSON, nested too deep, or nothing but a scalar."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return msgspec.json.decode(self.text)
        except (msgspec.DecodeError, RecursionError):
            return None

    @cached_property
    def root(self) -> tuple[str, str]:
        """The name of an XML file's first element, without prefix, and what its tag holds; ("", "") if it is no XML."""
        if self.text.lstrip()[:1] != "<":
            return "", ""
        match = ROOT.match(self.text[:HEAD])
        return (match["tag"].rpartition(":")[2], match["rest"]) if match else ("", "")
