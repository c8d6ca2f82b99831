"""Files of formats that are not read: told, never quoted."""

from __future__ import annotations

import pytest

from roundtable import fidelity, readers

SUBTITLES = "[Script Info]\nTitle: Weir\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,Ana,0,0,0,,Low.\n"
CHAT = "@UTF8\n@PID:\t1\n@Begin\n*ANA:\tlow .\n*TOM:\tvery .\n*ANA:\twho ?\n@End\n"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (SUBTITLES, "RT225", "no transcript that is read, but SubStation Alpha subtitles"),
        (CHAT, "RT225", "no transcript that is read, but a CHAT transcript"),
        ('File type = "ooTextFile"\nxmin = 0\n', "RT225", "no transcript that is read, but a TextGrid of Praat"),
        ("{\\rtf1\\ansi Ana: Low.}", "RT225", "no transcript that is read, but rich text (RTF)"),
        ("<?xml version='1.0'?><tt><p>Low.</p></tt>", "RT222", "XML, but no transcript that is known: its root element is <tt>"),
        ('{"recognizedPhrases": [], "source": "a"}', "RT225", "JSON, but no transcript that is known: its fields are 'recognizedPhrases', 'source'"),
        ("[1, 2]", "RT225", "JSON, but no transcript that is known"),
    ],
)  # fmt: skip
def test_what_is_not_read_is_told_whatever_it_is_called(text: str, code: str, message: str) -> None:
    """Nothing of it is shown, and nothing is lost in silence."""
    for path in ("talk.txt", "talk.ttml", "talk.json"):
        source, _ = readers.decode(path, text.encode())
        assert source is not None
        read = readers.read(source)
        assert [(one.code, one.message) for one in read.diagnostics if one.severity == "error"] == [(code, message)]
        assert (read.kind, fidelity.reading(read)) == ("page", ())


@pytest.mark.parametrize(
    "text", ["Ana: [Script Info]\n", "@Beginning\n", "[Music]\n\nAna: Low.\nTom: Very.\nAna: Who?\n"]
)
def test_prose_is_not_taken_for_another_format(text: str) -> None:
    """Only what such a file begins with counts."""
    source, _ = readers.decode("talk.txt", text.encode())
    assert source is not None
    assert source.format == "text"
