"""Files of formats that are known and not read: said, so that nobody is quoted with their signs. And JSON, XML of no known kind."""

from __future__ import annotations

from ..diagnostics import diagnose
from ..model import Diagnostic, Metadata, Reading, Source
from . import speech, xmltree
from .kinds import KINDS, kind
from .located import Tree, fields
from .speech import Found

KNOWN = (
    "the JSON of podcasts (Podcasting 2.0, Podlove), Whisper and its kin, Amazon Transcribe, Deepgram, AssemblyAI, "
    "Speechmatics, Rev, Google, Azure and Otter is read, and any list of objects with 'speaker' and 'text'; export it as one of these, "
    "as WebVTT, or as text"
)
MAX_NAMED = 5  # fields


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What is to be said of such a file."""
    one = kind(source.text)
    message = "no transcript that is read" + (f", but {one.name}" if one else "")
    hint = one.hint if one else None
    return speech.unread(source, sidecar, diagnose("RT225", message, (source.path, 1, 1), hint))


def read_json(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What is to be said of JSON that nobody recognised."""

    def unknown(tree: Tree) -> Found:
        known = fields(tree.root)
        one = next((one for one in KINDS if one.fields and one.fields <= known.keys()), None)
        names = ", ".join(map(repr, list(known)[:MAX_NAMED]))
        what = f"{one.name}, which is not read" if one else "no transcript that is known"
        message = f"JSON, but {what}" + (f": its fields are {names}" if names else "")
        return Found([], "", diagnostics=(diagnose("RT225", message, (source.path, 1, 1), one.hint if one else KNOWN),))

    return speech.read(source, sidecar, unknown, frozenset())


def read_xml(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What is to be said of XML that nobody recognised."""
    root = xmltree.parse(source)
    if isinstance(root, Diagnostic):
        return xmltree.unread(source, sidecar, root)
    one = next((one for one in KINDS if root.name.casefold() in one.roots), None)
    told = xmltree.unknown(source, root, *((one.name, one.hint) if one else ()))
    return xmltree.unread(source, sidecar, told)
