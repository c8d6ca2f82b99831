"""A coverage-guided fuzz target for all readers, run by hand: `pip install atheris`, then

    python tests/fuzz/readers.py -max_total_time=3600 -max_len=4096 -timeout=20 CORPUS_FOLDER

(CORPUS_FOLDER is any folder of transcripts to start from; findings are written to the current folder.) The properties are those
of tests/test_roundtrip.py: no input makes a reader raise, pieces account for the whole source, and no word is lost or changes
hands when the transcript is written as canonical Markdown and read back.
"""

from __future__ import annotations

import sys

if {"-h", "--help"} & {*sys.argv}:
    print(__doc__)
    sys.exit()

import atheris

with atheris.instrument_imports(include=["roundtable"]):
    from roundtable import fidelity, readers, speakers
    from roundtable.exports import markdown
    from roundtable.model import Transcript

NAMES = ("a.txt", "a.md", "a.vtt", "a.srt", "a.json", "a.xml", "a.csv", "a.html", "a.docx", "a.zip")


LONGEST = 100  # characters of a label; the canonical form has none longer than 200, signs escaped


def one(data: bytes) -> None:
    """One input: the first byte chooses the name, the rest is the file."""
    if len(data) < 2:
        return
    source, _ = readers.decode(NAMES[data[0] % len(NAMES)], data[1:])
    if source is None:
        return
    reading = readers.read(source)
    lost = [found for found in fidelity.reading(reading) if found.code == "RT401"]
    if lost:
        raise AssertionError(lost[0])
    document, found = speakers.attribute(reading, "en")
    is_sound = not any(d.code in ("RT301", "RT303", "RT401") for d in found)
    if is_sound and isinstance(document, Transcript) and all(len(t.label or "") <= LONGEST for t in document.turns()):
        read_back(document)


def read_back(transcript: Transcript) -> None:
    """Whether the canonical form reads back to the same words under the same labels."""
    written, _ = readers.decode("a.md", markdown.write(transcript).encode())
    if written is None:
        raise AssertionError("what was written can't be read")
    again, _ = speakers.attribute(readers.read(written), "en")
    if not isinstance(again, Transcript):
        raise TypeError("what was written is a page")
    before = [(turn.label, turn.markdown) for turn in transcript.turns()]
    after = [(turn.label, turn.markdown) for turn in again.turns()]
    if before != after:
        raise AssertionError(f"{before!r}\n{after!r}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
