"""Exports: a transcript in other forms. One file a form; all are written out here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..bodies import Shown
from ..model import Transcript
from ..recordings import CAPTIONS
from . import captions, markdown

# What is published beside each transcript's page: file name to writer, which gives None where there is nothing to write.
EXPORTS: dict[str, Callable[[Transcript, Mapping[str, Shown]], str | None]] = {
    "index.md": markdown.publish,
    CAPTIONS: captions.write,
}
