"""Files of formats that are not read: told, never quoted."""

from __future__ import annotations

import pytest

from roundtable import fidelity, readers

SUBTITLES = "[Script Info]\nTitle: Weir\n\n[Events]\nDialogue: 0,0:00:01.00,0:00:03.00,Default,Ana,0,0,0,,Low.\n"
CHAT = "@UTF8\n@PID:\t1\n@Begin\n*ANA:\tlow .\n*TOM:\tvery .\n*ANA:\twho ?\n@End\n"


MAIL = "Return-Path: <ana@example.org>\nReceived: from mx\n\tby mail\nFrom: Ana\nSubject: Weir\n\nTom,\n\nlow.\n"


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        (SUBTITLES, "RT225", "no transcript that is read, but SubStation Alpha subtitles"),
        (CHAT, "RT225", "no transcript that is read, but a CHAT transcript"),
        ('File type = "ooTextFile"\nxmin = 0\n', "RT225", "no transcript that is read, but a TextGrid of Praat"),
        ("{\\rtf1\\ansi Ana: Low.}", "RT225", "no transcript that is read, but rich text (RTF)"),
        (MAIL, "RT225", "no transcript that is read, but an e-mail"),
        ("From: Ana\nTo: Tom\nMIME-Version: 1.0\n\nLow.\n", "RT225", "no transcript that is read, but an e-mail"),
        ("From a@b Tue Mar  3 10:00:00 2026\nFrom: Ana\n\nLow.\n", "RT225", "no transcript that is read, but an e-mail"),
        ("From: Ana (+12)\nType: incoming\nSent: now\n\nLow.\n", "RT225", "no transcript that is read, but messages with a head each"),
        ('<SPEAKER ID=1 NAME="Ana">\nLow.\n', "RT225", "no transcript that is read, but the European Parliament's proceedings as Europarl has them"),
        ("<?xml version='1.0'?><tt><p>Low.</p></tt>", "RT222", "XML, but captions in TTML, which is not read: its root element is <tt>"),
        ("<tt><p>Low.</p></tt>\n", "RT222", "XML, but captions in TTML, which is not read: its root element is <tt>"),
        ("<?xml version='1.0'?><talk><p>Low.</p></talk>", "RT222", "XML, but no transcript that is known: its root element is <talk>"),
        ('{"sittings": [], "source": "a"}', "RT225", "JSON, but no transcript that is known: its fields are 'sittings', 'source'"),
        ('{"text": "<p>Ana: Low.</p>", "media": "a.mp3"}', "RT225", "JSON, but an oTranscribe file, which is not read: its fields are 'text', 'media'"),
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


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.4\n1 0 obj\n", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n", "an image"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "an image"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0", "an old Word document, or one with a password"),
        (b"ID3\x03\0\0", "a recording"),
        (b"\0\0\0\x18ftypmp42", "a recording"),
        (b"\x1f\x8b\x08\0", "a packed archive"),
    ],
)
@pytest.mark.parametrize("path", ["talk.txt", "talk.docx", "talk.vtt", "talk.json"])
def test_bytes_of_a_known_kind_are_told_whatever_the_file_is_called(data: bytes, name: str, path: str) -> None:
    """With the cure, not with the byte at which they stop being text."""
    source, found = readers.decode(path, data)
    assert source is None
    assert [(one.code, one.message) for one in found] == [("RT201", f"no text, but {name}")]
    assert found[0].hint


PLAIN = "Ana: Low.\n\nTomas: Who?\n\nAna: Nobody.\n"


@pytest.mark.parametrize("suffix", [".vtt", ".srt", ".sbv", ".json", ".docx", ".html", ".xml", ".tei", ".zip"])
def test_text_is_read_as_text_whatever_it_is_called(suffix: str) -> None:
    """The reason names what the file's name promised."""
    source, _ = readers.decode(f"talk{suffix}", PLAIN.encode())
    assert source is not None
    assert source.format == "text"
    assert source.reason.startswith(f"it is called {suffix}, but nothing in it is of ")


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("<!doctype html><html><p>Ana: Low.</p></html>", "html"),
        ("<div><p>Ana: Low.</p></div>\n", "html"),
        ("<Ana> Low.\n<Tom> Who?\n", "text"),
        ("<b>Ana:</b> Low.\n", "text"),
    ],
)
def test_a_page_is_known_by_how_it_begins_and_ends(text: str, format: str) -> None:
    """Though it is called a text; nicknames and single tags make no page."""
    source, _ = readers.decode("talk.txt", text.encode())
    assert source is not None
    assert source.format == format


@pytest.mark.parametrize(
    "path", ["a.vtt", "a.srt", "a.json", "a.docx", "a.html", "a.csv", "a.txt", "a.md", "a.xml", "a.zip"]
)
def test_an_empty_file_is_told_once_whatever_it_is_called(path: str) -> None:
    """No format's own complaint about nothing."""
    for data in (b"", b" \n"):
        source, _ = readers.decode(path, data)
        assert source is not None
        assert [one.code for one in readers.read(source).diagnostics] == ["RT202"]
