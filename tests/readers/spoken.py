"""What the tests of speech-to-text share: reading a value as a file, and values as hostile as JSON can be."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from roundtable import fidelity, readers, speakers
from roundtable.model import Reading, Skipped, Source, Transcript

Turns = list[tuple[str | None, float | None, str]]


def reading(value: Any, path: str = "talk.json", format: str | None = None) -> Reading:
    """The reading of a value as JSON, or of a text; as a given format, if it must not matter what it looks like."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    source, found = readers.decode(path, text.encode("utf-8", "surrogatepass"))
    assert isinstance(source, Source), found
    if format:
        source = Source(path, source.text, source.digest, format)
    return readers.read(source)


def turns(read: Reading) -> Turns:
    """Who said what, from when."""
    document, _ = speakers.attribute(read, "en")
    assert isinstance(document, Transcript)
    names = {one.id: one.name for one in document.speakers}
    return [(names.get(turn.speaker or ""), turn.start, turn.markdown) for turn in document.turns()]


def lost(read: Reading) -> list[str]:
    """What the proof has to say."""
    return [f"{one.code} {one.message}" for one in fidelity.reading(read)]


def skipped(read: Reading) -> list[tuple[str, str]]:
    """What was skipped, and why."""
    return [(piece.text, piece.reason) for piece in read.pieces if isinstance(piece, Skipped)]


def codes(read: Reading) -> list[str]:
    """The codes of what the reader has to say of a file."""
    return [one.code for one in read.diagnostics if one.code != "RT212"]


WORDS = st.one_of(
    st.sampled_from(["so", "So,", "well then", "你好", "。", "[_BEG_]", "Ana", "spk_0", "0.5", "", " ", '"', "\\", "\n\n", "é", "\x00"]),
    st.text(max_size=12),
)  # fmt: skip
NUMBERS = st.one_of(st.sampled_from([0, 1, -1, 1e300, 2**70]), st.floats(0, 100), st.none(), st.booleans())


def values(keys: str, leaves: int = 40) -> st.SearchStrategy[Any]:
    """JSON of all shapes, with the keys of a format."""
    names = st.sampled_from(keys.split())
    return st.recursive(
        st.one_of(WORDS, NUMBERS),
        lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=6)),
        max_leaves=leaves,
    )


def entries(keys: str, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Lists of objects as a format has them, and now and then with something else in a field."""
    others = st.dictionaries(st.sampled_from(keys.split()), values(keys, 6), max_size=3)
    right = st.fixed_dictionaries(fixed)
    return st.lists(
        st.builds(lambda a, b, first: {**a, **b} if first else {**b, **a}, right, others, st.booleans()), max_size=6
    )
