"""From bytes to text, in any encoding that is declared or provable.

A byte order mark or a declaration in the file counts; else UTF-8, which proves itself; else UTF-16 where every other byte is
zero; else Windows-1252, if all that is not ASCII reads like letters and quotation marks, and then the editor is told.
"""

from __future__ import annotations

import codecs
import re

from ..diagnostics import diagnose
from ..model import Diagnostic

# Left by old programs (an end-of-file mark, a page's end, codes of a printer): they are no words, and few.
STRAY = re.compile(r"[\x01-\x08\x0b\x0e-\x1f\x7f]")
STRAY_SHARE = 0.001  # of the characters
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # none of these belongs in text
# The same in UTF-8, where looking for bytes takes a quarter of the time.
CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\f\r"})
CONTROL_PAIRS = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]"), re.compile(rb"\xef\xbf[\xbe\xbf]")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML's declaration; HTML's meta element.
DECLARED = re.compile(
    rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]*\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
# Encodings of text that a file may declare: Python knows others, that are none.
DECLARABLE = re.compile(
    r"us-ascii|ascii|iso-?8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|koi8-[ru]|macintosh|gb2312|gbk|gb18030|big5(?:-hkscs)?"
    r"|shift[-_]jis|euc-(?:jp|kr|tw)|iso-2022-jp|tis-620"
)
UNKNOWN = "?"  # behind the name of an encoding that isn't one
HEAD = 4_096  # bytes in which a declaration stands
CURE = "save the file as UTF-8 text"
TYPOGRAPHIC = frozenset("‘’“”‚„‹›«»–—…•·€£§©®°ª º¿¡½¼¾×ˆ˜™ \xa0\xad")
EXOTIC_SHARE = (
    0.3  # of the characters beyond ASCII that may be neither letter nor typography, and of the text that they may be
)


def decoded(path: str, data: bytes) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text that bytes spell, line ends made one, or why they spell none."""
    encoding, why = _encoding(data)
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError) as error:
        return _fallback(path, data, encoding, error)
    notes = (_told(path, text, why),) if why else ()
    return _normal(path, text, notes)


def _encoding(data: bytes) -> tuple[str, str]:
    """The encoding that the bytes declare or prove, and why, where an editor should know."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, ""
    if declared := DECLARED.search(data[:HEAD]):
        name = (declared[1] or declared[2]).decode("ascii").casefold()
        if not re.match(r"utf[-_]?(?:8|16)|unicode", name):
            return name if DECLARABLE.fullmatch(name) else f"{name}{UNKNOWN}", ""
    if len(data) >= 4 and len(data) % 2 == 0:
        for encoding, zeros in (("utf-16-le", data[1:HEAD:2]), ("utf-16-be", data[0:HEAD:2])):
            if zeros.count(0) > 0.4 * len(zeros):
                return encoding, "read as UTF-16 without a byte order mark: every other byte is zero"
    return "utf-8", ""


def _fallback(path: str, data: bytes, encoding: str, error: Exception) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text as Windows-1252, if that is plausible."""
    if not isinstance(error, UnicodeDecodeError):
        return None, (
            diagnose(
                "RT201",
                f"declares an encoding that does not exist: {encoding.removesuffix(UNKNOWN)!r}",
                (path, 1, 1),
                CURE,
            ),
        )
    place, byte = _place(path, data, error.start), data[error.start : error.start + 1].hex()
    if encoding == "utf-8":
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            text = ""
        if text and _is_plausible(text):
            return _normal(path, text, (_told(path, text, "not UTF-8; read as Windows-1252 (Latin-1)"),))
    shown = encoding.removesuffix("-sig").upper()
    return None, (diagnose("RT201", f"not {shown}: byte 0x{byte}", place, CURE),)


def _is_plausible(text: str) -> bool:
    """Whether what is beyond ASCII reads like letters among letters, or like typography."""
    foreign = [c for c in text if c > "\x7f"]
    strange = sum(not (c.isalpha() or c in TYPOGRAPHIC) for c in foreign)
    inside = len(
        re.findall(r"(?<=[^\W\d_])[\x80-\xff](?=[A-Z])|[\xc0-\xff]{3}", text)
    )  # "Ã©", Cyrillic read as Latin-1
    return strange + inside <= EXOTIC_SHARE * len(foreign) and len(foreign) <= EXOTIC_SHARE * len(text)


def _told(path: str, text: str, why: str) -> Diagnostic:
    """A note with the first line to look at."""
    first = re.search(r"[^\x00-\x7f]", text)
    at = first.start() if first else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    shown = text[at - column + 1 :].split("\n", 1)[0].rstrip("\r")
    return diagnose(
        "RT213", why, (path, line, column), f"look whether {shown[:60]!r} is right; {CURE} to be sure", shown
    )


def _normal(path: str, text: str, notes: tuple[Diagnostic, ...]) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text with its lines ended one way; refused where it holds what no text holds."""
    text = text.replace("\ufeff", "") if "\ufeff" in text else text  # left where files were joined
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if _is_clean(text):
        return text, notes
    stray = len(STRAY.findall(text))
    if 0 < stray <= max(STRAY_SHARE * len(text), 1):
        first = STRAY.search(text)
        at = first.start() if first else 0
        place = (path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        message = f"{stray} control character{'s' * (stray > 1)} read as space, first U+{ord(text[at]):04X}"
        notes = (*notes, diagnose("RT214", message, place, "delete them if they mean nothing"))
        text = STRAY.sub(" ", text)
    if control := CONTROL.search(text):
        at = control.start()
        place = (path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        return None, (diagnose("RT201", f"not text: control character U+{ord(control[0]):04X}", place, CURE),)
    return text, notes


def _is_clean(text: str) -> bool:
    """Whether a text has no control characters: nearly all have none."""
    data = text.encode("utf-8", "surrogatepass")
    return len(data.translate(None, CONTROL_BYTES)) == len(data) and not any(one.search(data) for one in CONTROL_PAIRS)


def _place(path: str, data: bytes, at: int) -> tuple[str, int, int]:
    return path, data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)
