"""Readers: from a file's bytes to what is said in it. One file a format; all are written out here.

What a file holds is decided by its content, then by its name; the reason is told. `decode` makes a `Source` of it: text, as
it stands in the file or, where the file is no text (Word, a zip) or text wrapped in a page (HTML), taken out of it, with the
file's line for each line. `read` then finds who says what: every span points into that text, and fidelity.py proves that
nothing between them is lost.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from functools import cached_property
from importlib import import_module
from pathlib import PurePosixPath
from typing import Any, NamedTuple

import msgspec

from ..diagnostics import diagnose
from ..frontmatter import FENCE
from ..model import Diagnostic, Metadata, Piece, Preamble, Reading, Source, Utterance
from ..patterns import lazy
from . import kinds
from .encodings import decoded, lined
from .look import Look


class Named:
    """A function of this room by its name, `module.function`. Its module is imported when it is first called."""

    def __init__(self, name: str) -> None:
        self.name = name

    @cached_property
    def function(self) -> Callable[..., Any]:
        """The function itself."""
        module, _, name = self.name.partition(".")
        function: Callable[..., Any] = getattr(import_module(f"{__name__}.{module}"), name)
        return function

    def __call__(self, *args: Any) -> Any:
        """What the function makes of these."""
        return self.function(*args)


class Format(NamedTuple):
    """How files of one format are known and read."""

    name: str  # for people
    suffixes: tuple[str, ...]  # files that are read when they lie in content/
    recognise: Callable[[Look], str]  # why a file's content is of this format; "" if it isn't
    read: Callable[[Source, Metadata | None], Reading]
    plain: Callable[[str], str] | None = (
        None  # the words in a stretch of the source, without what the format adds; None: all
    )
    begins: re.Pattern[str] | None = None  # how all that is recognised begins: a peek before its module is asked
    is_asked: bool = False  # whether a file of such a name may be anything: in content/ it is read if it is recognised
    extract: Callable[[Source], tuple[Source, tuple[Diagnostic, ...]]] | None = None  # takes the text out of a page
    sign: re.Pattern[str] | None = None  # must stand in a file that only its name says to be of this format


NOTHING = lazy(r"(?!)")  # what text holds of an archive
IN_CAPTIONS = lazy(r"-->|^[ \t]*\d{1,6}(?::\d\d){2}\.\d{3},\d", re.MULTILINE)
IN_XML, IN_HTML, IN_JSON = lazy(r"\A\s*+<"), lazy(r"<[A-Za-z!/?]"), lazy(r"\A\s*+[\[{]")
WEBVTT, A_NUMBER = lazy(r"WEBVTT"), lazy(r"\s*+\d")
UNFENCED = lazy(rf"(?!{FENCE.pattern})", FENCE.flags)  # without front matter
ELEMENTS = frozenset("html body div p article main section table ul ol dl pre h1 h2 h3".split())  # a page may begin so


def _never(_: Look) -> str:
    """A format that only its name tells."""
    return ""


# In the order in which they are tried: the first that recognises the content, else the first whose suffix fits, else text.
FORMATS: dict[str, Format] = {
    "markdown": Format("Markdown", (".md", ".markdown"), _never, Named("markdown.read")),
    "text": Format("text", (".txt", ".text"), _never, Named("text.read")),
    "webvtt": Format(
        "WebVTT", (".vtt",), Named("webvtt.recognise"), Named("webvtt.read"), Named("cues.plain"), WEBVTT, sign=IN_CAPTIONS
    ),
    "srt": Format(
        "SubRip captions", (".srt", ".sbv"), Named("srt.recognise"), Named("srt.read"), Named("cues.plain"), A_NUMBER,
        sign=IN_CAPTIONS,
    ),
    "docx": Format("a Word document", (".docx",), _never, Named("docx.read"), sign=NOTHING),
    "slack": Format(
        "a Slack export", (".zip",), _never, Named("slack.read"), Named("slack.plain"), is_asked=True, sign=NOTHING
    ),
    "html": Format(
        "HTML", (".html", ".htm", ".xhtml"), Named("html.recognise"), Named("html.read"), None, IN_XML, is_asked=True,
        extract=Named("html.extract"), sign=IN_HTML,
    ),
    "html-text": Format("HTML, preformatted", (), _never, Named("html.read_text"), is_asked=True),
    "foreign": Format("a format that is not read", (), _never, Named("foreign.read")),
    "json": Format("JSON", (".json",), _never, Named("foreign.read_json"), is_asked=True, sign=IN_JSON),
    "aws": Format(
        "Amazon Transcribe JSON", (".json",), Named("aws.recognise"), Named("aws.read"), Named("aws.plain"), IN_JSON, is_asked=True
    ),
    "deepgram": Format(
        "Deepgram JSON", (".json",), Named("deepgram.recognise"), Named("deepgram.read"), Named("deepgram.plain"), IN_JSON, is_asked=True
    ),
    "assemblyai": Format(
        "AssemblyAI JSON", (".json",), Named("assemblyai.recognise"), Named("assemblyai.read"), Named("assemblyai.plain"), IN_JSON, is_asked=True
    ),
    "services": Format(
        "JSON of a speech-to-text service", (".json",), Named("services.recognise"), Named("services.read"), Named("services.plain"), IN_JSON, is_asked=True
    ),
    "podcast": Format(
        "podcast JSON", (".json",), Named("podcast.recognise"), Named("podcast.read"), Named("podcast.plain"), IN_JSON, is_asked=True
    ),
    "whisper": Format(
        "Whisper JSON", (".json",), Named("whisper.recognise"), Named("whisper.read"), Named("whisper.plain"), IN_JSON, is_asked=True
    ),
    "listed": Format(
        "JSON that lists who said what", (".json",), Named("listed.recognise"), Named("listed.read"), Named("listed.plain"), IN_JSON, is_asked=True
    ),
    "table": Format(
        "a table", (".csv", ".tsv"), Named("table.recognise"), Named("table.read"), Named("table.plain"), UNFENCED, is_asked=True
    ),
    "xml": Format("XML", (".xml",), _never, Named("foreign.read_xml"), Named("xmltree.plain"), is_asked=True, sign=IN_XML),
    "akoma-ntoso": Format(
        "Akoma Ntoso", (".xml", ".akn"), Named("akoma.recognise"), Named("akoma.read"), Named("xmltree.plain"), IN_XML, is_asked=True,
        sign=IN_XML,
    ),
    "tei": Format(
        "TEI", (".xml", ".tei"), Named("tei.recognise"), Named("tei.read"), Named("xmltree.plain"), IN_XML, is_asked=True,
        sign=IN_XML,
    ),
    "parlparse": Format(
        "parlparse XML", (".xml",), Named("parlparse.recognise"), Named("parlparse.read"), Named("xmltree.plain"), IN_XML, is_asked=True,
        sign=IN_XML,
    ),
}  # fmt: skip

LINED = frozenset({"markdown", "text", "webvtt", "srt"})  # made of lines, whatever sign ends them
MAY_BEGIN_SO = frozenset({*FORMATS["markdown"].suffixes, *FORMATS["html"].suffixes})  # with a tag that is none of XML's
ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06")  # the signature of an archive, of an empty one
UNPACK = "Word documents (.docx) and Slack exports are read; save anything else as one of these, or as text"

MAX_BYTES = 64 * 1024 * 1024  # of a file; larger ones are not opened


def is_text(path: str) -> bool:
    """Whether a file of that name is written by hand: text or Markdown."""
    suffix = PurePosixPath(path).suffix.casefold()
    return any(suffix in FORMATS[key].suffixes for key in ("markdown", "text"))


def is_source(path: str, head: Callable[[], bytes] = bytes) -> bool:
    """Whether a file of that name is read; others are copied as they are. `head` gives its bytes, should they be needed."""
    suffix = PurePosixPath(path).suffix.casefold()
    named = [one for one in FORMATS.values() if suffix in one.suffixes]
    if not named or not all(one.is_asked for one in named):
        return bool(named)
    source, _ = decode(path, head())
    return source is not None and FORMATS[source.format].is_asked and bool(source.reason)


def unread(path: str) -> tuple[str, str] | None:
    """Why a file of that name is copied like an image, and the cure, if somebody may have meant it to be read."""
    suffix = PurePosixPath(path).suffix.casefold()
    if one := kinds.named(suffix):
        return f"it is called {suffix}, as {one.name} is", one.hint
    if any(suffix in one.suffixes for one in FORMATS.values()):
        return "no transcript was recognised in it", f"if it is one, 'roundtable parse {path}' tells more"
    return None


def decode(path: str, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source that bytes hold, and what an editor should know of it; without one, why they can't be read."""
    if data.startswith(ARCHIVES):
        return _unpacked(Source(path, "", hashlib.sha256(data).hexdigest()), data)
    if found := kinds.refused(path, data):
        return None, found
    characters, found = decoded(path, data)
    if characters is None:
        return None, found
    look = Look(path, characters)
    format, reason = _format(look)
    source = Source(path, characters, hashlib.sha256(data).hexdigest(), format, reason)
    if extract := FORMATS[format].extract:
        source, more = extract(source)
        return source, (*found, *more)
    if format in LINED:
        characters, lines, more = lined(path, characters, has_pages=format == "text")
        return msgspec.structs.replace(source, text=characters, lines=lines), (*found, *more)
    return source, found


def _unpacked(source: Source, data: bytes) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source that an archive holds, or why it holds none."""
    from . import docx, slack
    from .packed import Archive, Refused

    try:
        archive = Archive(data)
        if reason := docx.holds(archive):
            return docx.extract(msgspec.structs.replace(source, format="docx", reason=reason), archive)
        if reason := slack.holds(archive):
            return slack.extract(msgspec.structs.replace(source, format="slack", reason=reason), archive)
    except Refused as refused:
        return None, (diagnose("RT231", str(refused), (source.path, 1, 1), UNPACK),)
    return None, (diagnose("RT231", "an archive that holds no transcript", (source.path, 1, 1), UNPACK),)


def _format(look: Look) -> tuple[str, str]:
    for key, format in FORMATS.items():
        if (format.begins is None or format.begins.match(look.text)) and (reason := format.recognise(look)):
            return key, reason
    if kinds.kind(look.text):
        return "foreign", ""
    return (form, "") if (form := _form(look)) else _named(look)


def _form(look: Look) -> str:
    """XML, HTML or JSON, whatever the file is called: by how it begins and ends."""
    tag = look.root[0]
    is_whole = bool(tag) and look.suffix not in MAY_BEGIN_SO and look.text.rstrip().endswith(f"{tag}>")
    if tag.casefold() == "html" or (is_whole and tag.casefold() in ELEMENTS):
        return "html"
    if is_whole or look.text.startswith("<?xml"):
        return "xml"
    return "json" if look.json else ""


def _named(look: Look) -> tuple[str, str]:
    """The format that the file's name tells, if anything in it is of that format."""
    for key, format in FORMATS.items():
        if look.suffix in format.suffixes:
            if format.sign is None or format.sign.search(look.text) or not look.text.strip():
                return key, ""
            return "text", f"it is called {look.suffix}, but nothing in it is of {format.name}"
    return "text", ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """What stands in the source. `sidecar` is the metadata of a file beside it, used where it has no front matter."""
    format = FORMATS[source.format]
    reading = format.read(source, sidecar)
    found = reading.diagnostics
    if source.reason:
        found = (diagnose("RT212", f"read as {format.name}: {source.reason}", (source.path, 1, 1)), *found)
    if not reading.metadata.title and not any(map(_says_something, reading.pieces)):
        hint = "put the transcript in, or delete the file"
        found = (
            *(found if source.text.strip() else ()),
            diagnose("RT202", "nothing stands in this file", (source.path, 1, 1), hint),
        )
        reading = msgspec.structs.replace(reading, kind="page")
    return msgspec.structs.replace(reading, diagnostics=found)


def _says_something(piece: Piece) -> bool:
    if isinstance(piece, Utterance):
        return bool(piece.label or piece.markdown)
    return not isinstance(piece, Preamble)
