"""Exports: a transcript in other forms. One file a form; all are written out here."""

from __future__ import annotations

from collections.abc import Callable

from ..model import Transcript
from . import markdown

# What is published beside each transcript's page: file name to writer.
EXPORTS: dict[str, Callable[[Transcript], str]] = {
    "index.md": markdown.publish,
}
