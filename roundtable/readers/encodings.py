"""From bytes to text, in any encoding that is declared or provable.

A byte order mark or a declaration in the file counts; else UTF-8, which proves itself; else UTF-16 where every other byte is
zero; else Windows-1252 or an encoding of Central Europe, if all that is not ASCII reads like letters and quotation marks, and
then the editor is told, with what the line would be in others.

Lines end where editors end them, and in text also at the signs by which other programs part lines (`lined`).
"""

from __future__ import annotations

import codecs
import re

from ..diagnostics import diagnose
from ..model import Diagnostic
from ..patterns import lazy

# Left by old programs (an end-of-file mark, a page's end, codes of a printer): they are no words, and few.
STRAY = lazy(r"[\x01-\x08\x0e-\x1f\x7f]")
STRAY_SHARE = 0.001  # of the characters
CONTROL = lazy(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # none of these belongs in text
# The same in UTF-8, where looking for bytes takes a quarter of the time.
CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {*b"\t\n\v\f\r"})
CONTROL_PAIRS = (b"\xc2", lazy(rb"\xc2[\x80-\x84\x86-\x9f]")), (b"\xef\xbf", lazy(rb"\xef\xbf[\xbe\xbf]"))
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# XML's declaration; HTML's meta element.
DECLARED = lazy(
    rb"^\s*<\?xml[^>]*\bencoding\s*=\s*[\"']([\w.:-]+)|<meta[^>]*\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE
)
# Encodings of text that a file may declare: Python knows others, that are none.
DECLARABLE = lazy(
    r"us-ascii|ascii|iso-?8859-\d{1,2}|latin-?\d|windows-125\d|cp125\d|koi8-[ru]|macintosh|gb2312|gbk|gb18030|big5(?:-hkscs)?"
    r"|shift[-_]jis|euc-(?:jp|kr|tw)|iso-2022-jp|tis-620"
)
UNKNOWN = "?"  # behind the name of an encoding that isn't one
GUESSES = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "iso-8859-2": "ISO 8859-2 (Central European)",
}
# What else a file may be in, where the guess may be wrong, and where nothing is guessed: the editor sees a line in each.
LATIN = ("cp1250", "cp1254")
OTHERS = ("cp1251", "koi8-r", "cp1253", "cp1255", "cp1256", "shift_jis", "gb18030", "big5", "euc-kr")
MAX_OTHERS = 3
MAX_SHOWN = 60  # characters of a line
# Never inside a word: a sign of another encoding than this one, or a small letter before a capital; two alphabets.
INSIDE = lazy(r"(?<=[^\W\d_])[^\w\s\x00-\x7f‘’–—…·\xad\u3000-\u303f\uff00-\uffef](?=[^\W\d_])")
MIXED = lazy(r"[a-zа-яёα-ωа-џ][A-ZА-ЯЁΑ-Ω]|[A-Za-z][\u0370-\uffff]|[\u0370-\uffff][A-Za-z]")
SIGNS = r"[\x0b\x85\u2028\u2029]"  # part lines within what an editor shows as one
PARTS, IN_PAGES = lazy(rf"{SIGNS}|\f"), lazy(rf"{SIGNS}|(?<=.)(?=\f)")
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
    return _normal(path, text, notes, data if encoding == "utf-8" else None)


def _encoding(data: bytes) -> tuple[str, str]:
    """The encoding that the bytes declare or prove, and why, where an editor should know."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding, ""
    head = data[:HEAD]
    if b"<" in head and (declared := DECLARED.search(head)):
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
    line = data[data.rfind(b"\n", 0, error.start) + 1 :].split(b"\n", 1)[0]
    if encoding == "utf-8" and (guess := _guess(data)):
        text = data.decode(guess)
        others = _others(line, LATIN, line.decode(guess))
        return _normal(path, text, (_told(path, text, f"not UTF-8; read as {GUESSES[guess]}", others),))
    shown = encoding.removesuffix("-sig").upper()
    return None, (diagnose("RT201", f"not {shown}: byte 0x{byte}", place, f"{CURE}{_others(line, OTHERS)}"),)


def _guess(data: bytes) -> str:
    """The encoding in which the text has the fewest signs inside of words; "" if it reads well in none."""
    broken: dict[str, int] = {}
    for encoding in GUESSES:
        text = _decoded(data, encoding)
        if text and _is_plausible(text):
            broken[encoding] = len(INSIDE.findall(text)) + len(CONTROL.findall(text))
    return min(broken, key=lambda one: broken[one], default="")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _others(line: bytes, encodings: tuple[str, ...], read: str = "") -> str:
    """What a line would be in other encodings, where it reads like words, and how to get there."""
    found: dict[str, str] = {}
    for encoding in encodings:
        text = _decoded(line, encoding).strip()[:MAX_SHOWN]
        if text and text != read.strip()[:MAX_SHOWN] and text not in found.values() and _reads_well(text):
            found[encoding.replace("cp", "windows-")] = text
    told = [f"\nit would be {text!r} in {encoding}" for encoding, text in list(found.items())[:MAX_OTHERS]]
    return "".join((*told, "\nthe right one: iconv -f ENCODING -t UTF-8 FILE > NEW" * bool(told)))


def _reads_well(text: str) -> bool:
    foreign = [c for c in text if c > "\x7f"]
    letters = sum(c.isalpha() or c in TYPOGRAPHIC or "\u3000" <= c <= "\u303f" or c >= "\uff00" for c in foreign)
    return letters == len(foreign) and not INSIDE.search(text) and not MIXED.search(text)


def _is_plausible(text: str) -> bool:
    """Whether what is beyond ASCII reads like letters among letters, or like typography."""
    foreign = [c for c in text if c > "\x7f"]
    strange = sum(not (c.isalpha() or c in TYPOGRAPHIC) for c in foreign)
    inside = len(
        re.findall(r"(?<=[^\W\d_])[\x80-\xff](?=[A-Z])|[\xc0-\xff]{3}", text)
    )  # "Ã©", Cyrillic read as Latin-1
    return strange + inside <= EXOTIC_SHARE * len(foreign) and len(foreign) <= EXOTIC_SHARE * len(text)


def _told(path: str, text: str, why: str, others: str = "") -> Diagnostic:
    """A note with the first line to look at."""
    first = re.search(r"[^\x00-\x7f]", text)
    at = first.start() if first else 0
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    shown = text[at - column + 1 :].split("\n", 1)[0].rstrip("\r")
    hint = f"look whether {shown[:MAX_SHOWN]!r} is right; {CURE} to be sure{others}"
    return diagnose("RT213", why, (path, line, column), hint, shown)


def lined(path: str, text: str, *, has_pages: bool) -> tuple[str, tuple[int, ...], tuple[Diagnostic, ...]]:
    """The text with each of its lines ended one way; an editor's line for each, where these are others; what is to be told.

    Where it `has_pages`, the sign that ends a page stands at the head of the next; elsewhere it ends a line, and no more.
    """
    if not any(sign in text for sign in "\x0b\x85\u2028\u2029\f"):
        return text, (), ()
    parts = IN_PAGES if has_pages else PARTS
    shown = [(number, part) for number, line in enumerate(text.split("\n"), 1) for part in parts.split(line)]
    numbers = tuple(number for number, _ in shown)
    if len(numbers) == numbers[-1]:
        return text, (), ()
    signs = re.findall(SIGNS, text)
    found: tuple[Diagnostic, ...] = ()
    if signs:
        at = text.index(signs[0])
        place = (path, text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at))
        message = f"{len(signs)} separator{'s' * (len(signs) > 1)} read as line ends, first U+{ord(signs[0]):04X}"
        found = (diagnose("RT214", message, place, "make them line breaks, or spaces where no line ends"),)
    return "\n".join(part for _, part in shown), numbers, found


def _normal(
    path: str, text: str, notes: tuple[Diagnostic, ...], data: bytes | None = None
) -> tuple[str | None, tuple[Diagnostic, ...]]:
    """The text with its lines ended one way; refused where it holds what no text holds. `data` is the same in UTF-8."""
    if data is None:
        data = text.encode("utf-8", "surrogatepass")
    text = text.replace("\ufeff", "") if "\ufeff" in text else text  # left where files were joined
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if _is_clean(data):
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


def _is_clean(data: bytes) -> bool:
    """Whether a text in UTF-8 has no control characters: nearly all have none."""
    return len(data.translate(None, CONTROL_BYTES)) == len(data) and not any(
        first in data and pair.search(data) for first, pair in CONTROL_PAIRS
    )


def _place(path: str, data: bytes, at: int) -> tuple[str, int, int]:
    return path, data.count(b"\n", 0, at) + 1, at - data.rfind(b"\n", 0, at)
