"""Words recognised again after an edit: a digest that stays as long as the words do, a sketch that stays alike.

A sketch is a bottom-k sample (Broder, "On the resemblance and containment of documents", 1997): what is hashed are pieces of the
text, cut wherever certain bytes stand, so that an edit changes the pieces that it touches and no others. All of it is done by
calls that work on whole pages or turns, since there are hundreds of thousands.
"""

from __future__ import annotations

import sys
import unicodedata
from array import array
from bisect import bisect
from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from zlib import crc32

DIGEST = 5  # bytes
SAMPLE = 6  # hashes in a sketch
HEX = 4  # digits of each
END = b"\0"  # between turns; taken out of words
CUT = b"\n"  # between pieces

SPACE = b" \t\n\r\v\f"
SIGNS = b"\"'*_`\\.,;:!?()[]-"  # of ASCII: they come and go with corrections that change no word
TYPOGRAPHY = "’“”‘…–—"
OTHERS = str.maketrans(dict.fromkeys("„«»‹›。，、！？；：（）「」『』《》\u00ad\u200b\ufeff")) | str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2028\u2029\u202f\u205f\u3000", " ")
)
LOWER = bytes.maketrans(bytes(range(65, 91)), bytes(range(97, 123)))


def _table(letters: bytes, following: Iterable[int]) -> bytes:
    """A table that cuts at some letters of ASCII and some bytes of what is not."""
    table = bytearray(LOWER)
    for cut in (*letters, *following):
        table[cut] = CUT[0]
    return bytes(table)


# How a text is cut, by its length in bytes, so that there are about ten pieces of it. The shortest are cut where words end.
TABLES = {
    "a": _table(SPACE, range(0x80, 0xC0, 8)),
    "b": _table(b"wkvbpyg", (0x85, 0x9C, 0xA9)),
    "c": _table(b"wkvbp", (0x85, 0x9C, 0xA9)),
    "d": _table(b"wkv", (0x85, 0x9C)),
}
SHORT, MIDDLE, LONG = 48, 240, 1_200
ASKS = ("?", "？", "؟", "\u037e", "՞")  # the fourth is Greek, and looks like a semicolon
CLOSES = "*_\"'”’»)）」』 \n"  # behind it
FEW = 3  # pieces: then a text is cut finer, as in a script where those bytes are rare


class Page:
    """The words of a page's turns."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._data = _joined(texts).encode(errors="surrogatepass")
        self._solid = self._data.translate(LOWER, SIGNS + SPACE).split(END)[: len(texts)]
        self.digests = [blake2b(words, digest_size=DIGEST).hexdigest() for words in self._solid]

    @cached_property
    def _spaced(self) -> list[bytes]:
        return self._data.split(END)

    def length(self, number: int) -> int:
        """How long the words of a turn are, in bytes."""
        return len(self._solid[number])

    def asks(self, number: int) -> bool:
        """Whether a turn ends with a question."""
        return self._texts[number].rstrip(CLOSES).endswith(ASKS)

    def _hashes(self, number: int, level: str) -> list[int]:
        """The hashes of all pieces of a turn, each once, sorted; what is empty has 0."""
        if level == "a":
            pieces = self._spaced[number].translate(TABLES["a"], SIGNS)
        else:
            pieces = self._solid[number].translate(TABLES[level])
        return sorted({*map(crc32, pieces.split(CUT))})

    def pieces(self, number: int, level: str) -> frozenset[int]:
        """All pieces of a turn, as sketches have some."""
        return frozenset(hash >> 16 for hash in self._hashes(number, level) if hash)

    def sketches(self, numbers: Iterable[int]) -> list[str]:
        """The sketches of some turns: how fine they were cut, then the lowest hashes of their pieces."""
        values, ends, levels = array("I"), [], []
        for number in numbers:
            length = len(self._solid[number])
            level = "a" if length <= SHORT else "b" if length <= MIDDLE else "c" if length <= LONG else "d"
            hashes = self._hashes(number, level)
            if len(hashes) <= FEW and level != "a":
                level = "a"
                hashes = self._hashes(number, level)
            first = 0 if hashes[0] else bisect(hashes, 0)
            values.extend(hashes[first : first + SAMPLE])
            ends.append(len(values) * HEX)
            levels.append(level)
        if sys.byteorder == "little":
            values.byteswap()
        digits = memoryview(values.tobytes()).cast("H")[::2].tobytes().hex()
        return [level + digits[start:end] for level, start, end in zip(levels, [0, *ends], ends, strict=False)]

    def sketch(self, number: int, level: str) -> tuple[int, ...]:
        """The sketch of a turn, cut as fine as another one is."""
        hashes = self._hashes(number, level)
        first = bisect(hashes, 0)
        return tuple(hash >> 16 for hash in hashes[first : first + SAMPLE])


def _joined(texts: Sequence[str]) -> str:
    """All texts, folded as far as that takes Unicode; none of them holds what stands between them."""
    joined = "\0".join(texts if all(map(str.isascii, texts)) else map(_folded, texts))
    if joined.count("\0") >= len(texts) > 0:
        return _joined([text.replace("\0", " ") for text in texts])
    return joined


def _folded(text: str) -> str:
    if text.isascii():
        return text
    for sign in TYPOGRAPHY:
        text = text.replace(sign, "")
    return text if text.isascii() else unicodedata.normalize("NFC", text.translate(OTHERS).casefold())


def hashes(sketch: str) -> tuple[str, tuple[int, ...]]:
    """How fine a sketch is cut, and its hashes; none of what is no sketch."""
    if sketch[:1] not in TABLES or len(sketch) % HEX != 1:
        return "a", ()
    return sketch[0], tuple(int(sketch[i : i + HEX], 16) for i in range(1, len(sketch), HEX))


def likeness(one: Sequence[int], other: Sequence[int]) -> tuple[float, int]:
    """How much of all pieces of two texts is in both, from 0 to 1, told by their sketches; and by how many hashes."""
    sample = sorted({*one, *other})[:SAMPLE]
    both = len({*one}.intersection(other, sample))
    return (both / len(sample) if sample else 0.0), both
