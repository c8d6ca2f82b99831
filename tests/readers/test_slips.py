"""What is nearly a label, and the one look at each line with which labels are found: quicker ways find what slower ones do."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable import readers
from roundtable.model import Skipped, Utterance
from roundtable.readers import beginnings, slips

from .. import bounded

PARTS = st.sampled_from(
    [
        "**",
        "Ana",
        "Ana Duarte",
        "Wei",
        ":",
        ": ",
        " ",
        ".",
        "*",
        "__",
        "\\*",
        "[",
        "]",
        "(0:01)",
        "：",
        "- ",
        "# ",
        "<b>",
        "x" * 99,
        "> ",
    ]
)
LINES = st.lists(st.lists(PARTS, max_size=9).map("".join), max_size=12)
SPOKEN = "\n\n**Ana:** One.\n\n**Ana Duarte:** Two.\n\n**Wei:** Three.\n\n"


@given(st.lists(PARTS, max_size=8).map("".join))
def test_a_plain_label_is_what_the_pattern_finds(line: str) -> None:
    """To its end, and with what it says."""
    if label := beginnings._plain("**" + line):
        match = beginnings.BEGINNING.match("**" + line)
        assert match
        assert label.words_at == match.end()
        assert label == beginnings._label(match[0])


@given(LINES)
def test_slips_are_the_same_with_and_without_the_peek_for_names(lines: list[str]) -> None:
    """Where names are few, a line without one is not looked at."""
    data = (SPOKEN + "\n".join(lines) + SPOKEN).encode()
    source, _ = readers.decode("a.md", data)
    assert source
    found = beginnings.beginnings(source.text, 0)
    with patch.object(slips, "FEW", 0):
        expected = slips.with_slips(source, *found)
    assert slips.with_slips(source, *found) == expected


@given(LINES)
def test_what_begins_is_found_on_every_line(lines: list[str]) -> None:
    """Each line by itself: none reaches into another, code, comments and footnotes aside."""
    text = "\n".join(lines)
    expected, at = [], 0
    for line in lines:
        expected += [at + match.end() for match in [beginnings.BEGINNING.match(line)] if match]
        at += len(line) + 1
    assert [one.end for one in beginnings.beginnings(text, 0)[0]] == expected


@pytest.mark.parametrize("said", ["Ana: Secret.", "**Ana** Secret.", "**Ana;** Secret.", "***Ana***: Secret."])
@pytest.mark.parametrize("form", ["<!--\n{}\n-->", "Yes. <!-- roundtable: ignore RT211 because\n{} -->"])
def test_what_stands_in_a_comment_is_said_by_nobody(said: str, form: str) -> None:
    """However like a label its line begins; and nothing is told of it."""
    source, _ = readers.decode("a.md", f"{SPOKEN}\n{form.format(said)}\n{SPOKEN}".encode())
    assert source
    reading = readers.read(source)
    assert any(isinstance(one, Skipped) and said in one.text for one in reading.pieces)
    assert not any("Secret" in one.markdown for one in reading.pieces if isinstance(one, Utterance))
    assert "RT206" not in {one.code for one in reading.diagnostics}


@pytest.mark.parametrize(
    "unit",
    ["<!-- roundtable: ", "a <!-- roundtable: x\n", "a <!--Roundtable\n", "<!-- roundtable ignore -->", "<!--\n"],
)
def test_notes_are_found_in_linear_time(unit: str) -> None:
    """Whatever stands there over and over."""
    with bounded.ends():
        beginnings.beginnings(unit * 20_000, 0)


def test_a_title_below_a_line_of_spaces_is_no_heading_with_a_name() -> None:
    """It is the title, and nothing is told of it."""
    source, _ = readers.decode("a.md", b"  \n# Ana: on ferries\n\n**Ana:** One.\n\n**Wei:** Two.\n\n**Ana:** Three.\n")
    assert source
    reading = readers.read(source)
    assert reading.metadata.title == "Ana: on ferries"
    assert reading.diagnostics == ()
