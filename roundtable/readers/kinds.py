"""Formats that are known and not read, by what their files begin with.

Texts such as SubStation Alpha subtitles, CHAT (CHILDES), Praat's TextGrid, RTF, e-mail; bytes such as those of PDF, images,
recordings; XML by its root. By their names they are only told to lie in content/.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..diagnostics import diagnose
from ..model import Diagnostic
from ..patterns import lazy

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
    Kind("SubStation Alpha subtitles", CAPTIONS, (".ass", ".ssa"), lazy(r"\s*+\[Script Info\]")),
    Kind("a CHAT transcript", LABELLED, (".cha",), lazy(r"(?:@[^\n]*+\n)*?@Begin\n")),
    Kind("a TextGrid of Praat", TABLE, (".textgrid",), lazy(r"\s*+File type = \"ooTextFile")),
    Kind(
        "rich text (RTF)", "save it as a Word document (.docx) or as text", (".rtf",), lazy(r"\s*+\{\\rtf")
    ),
    Kind(
        "an e-mail", "save the transcript in it as text, without the e-mail's head", (".eml", ".mbox"),
        lazy(
            rf"From \S++ [^\n]*?\d{{4}}\n{HEADER}|(?:{HEADER})*?(?:message-id|mime-version|return-path|delivered-to):"
            rf"|(?:{HEADER})*?received: (?:from|by) ", re.IGNORECASE,
        ),
    ),
    Kind(
        "messages with a head each", "write each as one line: [5/3/26, 12:01] Ana: words",
        begins=lazy(r"From: [^\n]*+\nType: (?:incoming|outgoing)\b"),
    ),
    Kind(
        "the European Parliament's proceedings as Europarl has them", "write 'Name:' for each <SPEAKER … NAME=\"Name\">",
        begins=lazy(r"\s*+<(?:CHAPTER|SPEAKER) ID="),
    ),
    Kind("a PDF document", "save its text as a Word document (.docx) or as text", (".pdf",), bytes=lazy(rb"%PDF-")),
    Kind(
        "an old Word document, or one with a password", "save it as .docx, without a password, or as text", (".doc",),
        bytes=lazy(rb"\xd0\xcf\x11\xe0"),
    ),
    Kind("a document of LibreOffice or Pages", "save it as a Word document (.docx) or as text", (".odt", ".pages")),
    Kind(
        "an image", "write down what it shows; or give it an image's name, if a page shows it",
        bytes=lazy(rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP|II\*\x00|MM\x00\*", re.DOTALL),
    ),
    Kind(
        "a recording", "let a speech-to-text program write it down",
        bytes=lazy(rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF.{4}(?:WAVE|AVI )|.{4}ftyp|\x1aE\xdf\xa3", re.DOTALL),
    ),
    Kind("a packed archive", "unpack it", bytes=lazy(rb"\x1f\x8b\x08|7z\xbc\xaf|Rar!\x1a|BZh[1-9]1AY|\xfd7zXZ")),
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
