"""Files of formats that are known and not read: said, so that nobody is quoted with their signs.

By what they begin with: texts such as SubStation Alpha subtitles, CHAT (CHILDES), Praat's TextGrid, RTF, e-mail; bytes such as
those of PDF, images, recordings; XML by its root. By their names they are only told to lie in content/. And JSON of no kind that
is known.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics import diagnose
from ..model import Diagnostic, Metadata, Reading, Source
from . import speech, xmltree
from .located import Tree, fields
from .speech import Found

KNOWN = (
    "the JSON of podcasts (Podcasting 2.0, Podlove), Whisper and its kin, Amazon Transcribe, Deepgram, AssemblyAI, "
    "Speechmatics, Rev, Google, Azure and Otter is read, and any list of objects with 'speaker' and 'text'; export it as one of these, "
    "as WebVTT, or as text"
)
MAX_NAMED = 5  # fields
LABELLED = "save it as text, each label a name with a colon"
TABLE = "export its tiers as a table: speaker, words, time"
CAPTIONS = "save them as SubRip (.srt) or WebVTT (.vtt)"


class Kind(NamedTuple):
    """A format that is not read."""

    name: str
    hint: str
    suffixes: tuple[str, ...] = ()  # of files that are told to lie in content/
    begins: re.Pattern[str] | None = None
    bytes: re.Pattern[bytes] | None = None
    roots: tuple[str, ...] = ()  # elements of XML, in small letters
    fields: frozenset[str] = frozenset()  # of JSON, all of them


HEADER = r"[a-z-]++:[^\n]*+\n(?:[ \t]++[^\n]*+\n)*+"  # of an e-mail
KINDS = (
    Kind("SubStation Alpha subtitles", CAPTIONS, (".ass", ".ssa"), re.compile(r"\s*+\[Script Info\]")),
    Kind("a CHAT transcript", LABELLED, (".cha",), re.compile(r"(?:@[^\n]*+\n)*?@Begin\n")),
    Kind("a TextGrid of Praat", TABLE, (".textgrid",), re.compile(r"\s*+File type = \"ooTextFile")),
    Kind(
        "rich text (RTF)", "save it as a Word document (.docx) or as text", (".rtf",), re.compile(r"\s*+\{\\rtf")
    ),
    Kind(
        "an e-mail", "save the transcript in it as text, without the e-mail's head", (".eml", ".mbox"),
        re.compile(
            rf"From \S++ [^\n]*?\d{{4}}\n{HEADER}|(?:{HEADER})*?(?:message-id|mime-version|return-path|delivered-to):"
            rf"|(?:{HEADER})*?received: (?:from|by) ", re.IGNORECASE,
        ),
    ),
    Kind(
        "messages with a head each", "write each as one line: [5/3/26, 12:01] Ana: words",
        begins=re.compile(r"From: [^\n]*+\nType: (?:incoming|outgoing)\b"),
    ),
    Kind(
        "the European Parliament's proceedings as Europarl has them", "write 'Name:' for each <SPEAKER … NAME=\"Name\">",
        begins=re.compile(r"\s*+<(?:CHAPTER|SPEAKER) ID="),
    ),
    Kind("a PDF document", "save its text as a Word document (.docx) or as text", (".pdf",), bytes=re.compile(rb"%PDF-")),
    Kind(
        "an old Word document, or one with a password", "save it as .docx, without a password, or as text", (".doc",),
        bytes=re.compile(rb"\xd0\xcf\x11\xe0"),
    ),
    Kind("a document of LibreOffice or Pages", "save it as a Word document (.docx) or as text", (".odt", ".pages")),
    Kind(
        "an image", "write down what it shows; or give it an image's name, if a page shows it",
        bytes=re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\x00|MM\x00\*", re.DOTALL),
    ),
    Kind(
        "a recording", "let a speech-to-text program write it down",
        bytes=re.compile(rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF.{4}(?:WAVE|AVI )|.{4}ftyp|\x1aE\xdf\xa3", re.DOTALL),
    ),
    Kind("a packed archive", "unpack it", bytes=re.compile(rb"\x1f\x8b\x08|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ")),
    Kind("an oTranscribe file", "export it as Markdown (.md) or as text", (".otr",), fields=frozenset({"text", "media"})),
    Kind("IBM Watson's JSON", LABELLED, fields=frozenset({"results", "speaker_labels"})),
    Kind("captions in TTML", CAPTIONS, (".ttml", ".dfxp"), roots=("tt",)),
    Kind("an ELAN file", TABLE, (".eaf",), roots=("annotation_document",)),
    Kind("an EXMARaLDA transcript", "export it as TEI", (".exb", ".exs"), roots=("basic-transcription", "segmented-transcription")),
    Kind("a transcript of Transcriber", LABELLED, (".trs",), roots=("trans",)),
    Kind("a report of the French National Assembly", LABELLED, roots=("compterendu",)),
)  # fmt: skip


def kind(text: str) -> Kind | None:
    """The format that is not read, if a text is of one."""
    return next((one for one in KINDS if one.begins and one.begins.match(text)), None)


def named(suffix: str) -> Kind | None:
    """The format that is not read and has files of such names."""
    return next((one for one in KINDS if suffix in one.suffixes), None)


def refused(path: str, data: bytes) -> tuple[Diagnostic, ...]:
    """Why bytes are no text, if they are of a format that is known."""
    one = next((one for one in KINDS if one.bytes and one.bytes.match(data)), None)
    return (diagnose("RT201", f"no text, but {one.name}", (path, 1, 1), one.hint),) if one else ()


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
