"""Files of formats that are known and not read: said, so that nobody is quoted with their signs.

By what they begin with: SubStation Alpha subtitles, CHAT (CHILDES), Praat's TextGrid, RTF. And JSON of no kind that is
known; XML has the same in xmltree.py.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics import diagnose
from ..model import Metadata, Reading, Source
from . import speech
from .located import Tree, fields
from .speech import Found

KNOWN = (
    "the JSON of podcasts (Podcasting 2.0, Podlove), Whisper and its kin, Amazon Transcribe, Deepgram, AssemblyAI, "
    "Speechmatics, Rev and Google is read; export it as one of these, as WebVTT, or as text"
)
MAX_NAMED = 5  # fields


class Kind(NamedTuple):
    """A format that is not read."""

    name: str
    begins: re.Pattern[str]
    hint: str


KINDS = (
    Kind("SubStation Alpha subtitles", re.compile(r"\s*+\[Script Info\]"), "save them as SubRip (.srt) or WebVTT (.vtt)"),
    Kind(
        "a CHAT transcript", re.compile(r"(?:@[^\n]*+\n)*?@Begin\n"), "save it as text, each label a name with a colon"
    ),
    Kind("a TextGrid of Praat", re.compile(r"\s*+File type = \"ooTextFile"), "export its tiers as a table: speaker, words, time"),
    Kind("rich text (RTF)", re.compile(r"\s*+\{\\rtf"), "save it as a Word document (.docx) or as text"),
)  # fmt: skip


def kind(text: str) -> Kind | None:
    """The format that is not read, if a text is of one."""
    return next((one for one in KINDS if one.begins.match(text)), None)


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What is to be said of such a file."""
    one = kind(source.text)
    message = "no transcript that is read" + (f", but {one.name}" if one else "")
    hint = one.hint if one else None
    return speech.unread(source, sidecar, diagnose("RT225", message, (source.path, 1, 1), hint))


def read_json(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What is to be said of JSON that nobody recognised."""

    def unknown(tree: Tree) -> Found:
        names = ", ".join(map(repr, list(fields(tree.root))[:MAX_NAMED]))
        message = "JSON, but no transcript that is known" + (f": its fields are {names}" if names else "")
        return Found([], "", diagnostics=(diagnose("RT225", message, (source.path, 1, 1), KNOWN),))

    return speech.read(source, sidecar, unknown, frozenset())
