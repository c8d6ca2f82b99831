"""SubRip captions: what players put up with, and names."""

from __future__ import annotations

import pytest

from roundtable import readers
from roundtable.model import Utterance

from .. import bounded
from .test_webvtt import reading, said, utterances

REALISTIC = """1
00:00:01,000 --> 00:00:02,500 X1:63 X2:223 Y1:43 Y2:58
Ana: Why is the <i>harbour</i>
getting <font color="#ff0000">shallower</font>?

2
00:00:02.600 --> 00:00:04.000
{\\an8}Tell me.

3
00:00:05,000 --> 00:00:06,000
(gulls)

4
00:00:06,000 --> 00:00:08,000
Tomas: The river brings <b>sand</b>.

5
00:00:08,000 --> 00:00:09,000
- Ana: Sand?
- Tomas: And silt.
"""


def test_a_realistic_file() -> None:
    """Tags, codes, names, times."""
    assert said(REALISTIC, "talk.srt") == [
        ("ana", "Why is the harbour getting shallower? Tell me."),
        (None, "(gulls)"),
        ("tomas", "The river brings sand."),
        ("ana", "Sand?"),
        ("tomas", "And silt."),
    ]
    read = reading(REALISTIC, "talk.srt")
    first = next(one for one in read.pieces if isinstance(one, Utterance))
    assert (first.start, first.end, first.span.line, first.span.column) == (1.0, 2.5, 3, 1)
    assert read.source.reason == "begins with a caption's times"


def test_captions_are_known_by_their_content() -> None:
    """Whatever the file is called; a list with times in it is none."""
    for name in ("a.txt", "a.srt"):
        source, _ = readers.decode(name, REALISTIC.encode())
        assert source is not None
        assert source.format == "srt"
    source, _ = readers.decode("a.txt", b"1\n00:01 the bell rings --> all go home\n")
    assert source is not None
    assert source.format == "text"


@pytest.mark.parametrize(
    "text",
    [
        "00:00:01,000 --> 00:00:02,000\nAna: One.\n\n00:00:03,000 --> 00:00:04,000\nTomas: Two.\nAna: Three.\n",
        "1\n00:00:01,000 --> 00:00:02,000\nAna: One.\n2\n00:00:03,000 --> 00:00:04,000\nTomas: Two.\nAna: Three.\n",
        "7\n00:00:01.000 --> 00:00:02.000\n\nAna: One.\n\n9\n0:0:3,0 --> 0:0:4,0\nTomas: Two.\n\nAna: Three.",
        "1\r\n00:00:01,000 --> 00:00:02,000 \r\nAna: One.\r\n\r\n2\r\n00:00:03,000-->00:00:04,000\r\nTomas: Two.\r\nAna: Three.",
    ],
)
def test_odd_forms_are_read(text: str) -> None:
    """Missing numbers, missing and superfluous empty lines, short times."""
    assert utterances(text, "a.srt") == [("Ana", "One."), ("Tomas", "Two."), ("Ana", "Three.")]


def test_a_number_that_is_said_is_no_number_of_a_caption() -> None:
    """It does not count on."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nHow many?\n40\n\n2\n00:00:03,000 --> 00:00:04,000\n40?\n"
    assert utterances(text, "a.srt") == [(None, "How many? 40"), (None, "40?")]


def test_an_empty_line_in_a_caption_parts_nothing() -> None:
    """It is said, once."""
    text = "1\n00:00:01,000 --> 00:00:02,000\nAna: One,\n\ntwo,\n\nthree.\n\n2\n00:00:03,000 --> 00:00:04,000\nTomas: Four.\n"
    assert said(text, "a.srt") == [("ana", "One, two, three."), ("tomas", "Four.")]
    found = reading(text, "a.srt").diagnostics
    assert [(one.code, one.line) for one in found if one.code == "RT230"] == [("RT230", 5)]


def test_captions_of_youtube_have_their_times_with_a_comma() -> None:
    """As Google Meet writes them too; words with commas and times in them are words."""
    text = "0:00:00.599,0:00:04.160\nAna Duarte: Is it low?\n1:02,3:04\n\n0:01:04.160,0:01:06.770\nTomas Lind: Very.\n"
    for path in ("talk.sbv", "talk.txt"):
        assert said(text, path) == [("ana-duarte", "Is it low? 1:02,3:04"), ("tomas-lind", "Very.")]
    times = [(one.start, one.end) for one in reading(text, "talk.sbv").pieces if isinstance(one, Utterance)]
    assert times == [(0.599, 4.16), (64.16, 66.77)]


def test_white_space_at_the_beginning_takes_linear_time() -> None:
    """Of a file of any name: all are asked whether they are captions."""
    with bounded.ends():
        source, _ = readers.decode("a.txt", b" " * 1_000_000)
    assert source is not None


ABOVE = """0:0:0.0 --> 0:0:4.260
Ana Duarte
Why is the harbour
getting shallower?
0:0:4.270 --> 0:0:6.10
Tomas Lind
The river brings sand.

0:0:7.0 --> 0:0:9.0
Ana Duarte
How much?
"""


@pytest.mark.parametrize("text", [ABOVE, f"WEBVTT\n\n{ABOVE}"])
def test_names_on_the_first_line_of_captions_that_recur_are_speakers(text: str) -> None:
    """As Teams writes them, whatever the file is called."""
    assert said(text, "talk.txt") == [
        ("ana-duarte", "Why is the harbour getting shallower?"),
        ("tomas-lind", "The river brings sand."),
        ("ana-duarte", "How much?"),
    ]
    assert reading(text, "talk.txt").convention == "names above the words, 3 of 3"


@pytest.mark.parametrize(
    "text",
    [
        ABOVE.replace("Ana Duarte", "Why not").replace("Tomas Lind", "She saw"),
        ABOVE.replace("Tomas Lind", "Ana Duarte"),
        ABOVE.replace("Tomas Lind", "the other day"),
        ABOVE.replace("0:0:7.0 --> 0:0:9.0\nAna Duarte", "0:0:7.0 --> 0:0:9.0\nHarbour Street"),
        ABOVE.replace("Ana Duarte", "<v Ana>Oh"),
    ],
    ids=["small letters", "one only", "some only", "none recurs", "voice tags"],
)
def test_first_lines_that_are_no_names_of_several_are_words(text: str) -> None:
    """Captions of two lines are words of somebody who goes on."""
    assert "names above" not in reading(text, "talk.srt").convention
