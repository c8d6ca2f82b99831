"""Marks: their kinds, their places, what is none, and that the page shows those that the model has."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from roundtable import marks, markup

from . import bounded

SHOWN = re.compile(r"<span class=\"mark\" data-mark=\"(\w+)\">(.*?)</span>", re.DOTALL)


def found(markdown: str) -> list[tuple[str, str]]:
    """The kinds and texts of a turn's marks."""
    return [(mark.kind, mark.text) for mark in marks.find(markdown)]


def shown(markdown: str) -> list[tuple[str, str]]:
    """The same, from its HTML."""
    rendered = markup.turn(markdown, "t")
    return [(kind, unescape(markup.TAG.sub("", text))) for kind, text in SHOWN.findall(rendered.html)]


KINDS = [
    ("laughter", "[laughter]"),
    ("laughter", "[Laughs]"),
    ("laughter", "(Laughter.)"),
    ("laughter", "[Tom chuckles]"),
    ("laughter", "[risas]"),
    ("laughter", "[rires]"),
    ("laughter", "[Gelächter]"),
    ("laughter", "（笑）"),
    ("laughter", "[웃음]"),
    ("laughter", "[смех]"),
    ("laughter", "[ضحك]"),
    ("applause", "(Applause.)"),
    ("applause", "[applause]"),
    ("applause", "(Aplausos.)"),
    ("applause", "(Beifall)"),
    ("applause", "（拍手）"),
    ("applause", "(аплодисменты)"),
    ("inaudible", "[inaudible]"),
    ("inaudible", "(inaudible)"),
    ("inaudible", "[unintelligible]"),
    ("inaudible", "[inaudible 00:12:05]"),
    ("inaudible", "[unverständlich]"),
    ("inaudible", "[听不清]"),
    ("crosstalk", "[crosstalk]"),
    ("crosstalk", "[cross-talk]"),
    ("crosstalk", "[CROSSTALK 00:01:02]"),
    ("crosstalk", "(Zwischenrufe.)"),
    ("crosstalk", "(Rumores.)"),
    ("music", "[music]"),
    ("music", "[♪]" * 2),
    ("music", "(Music.)"),
    ("pause", "[pause]"),
    ("pause", "[long silence]"),
    ("pause", "（沉默）"),
    ("time", "[00:04:01]"),
    ("time", "[4:01]"),
    ("time", "(00:04:01)"),
    ("time", "(1:02):"),
    ("time", "[00:04:01.250]"),
    ("direction", "[He turns to the map]"),
    ("direction", "(The bell was rung.)"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "printed"), KINDS)
def test_a_mark_that_is_a_paragraph_has_its_kind(kind: str, printed: str) -> None:
    """On its own, and between other paragraphs; plain and escaped."""
    printed = "[♪ music ♪]" if printed == "[♪][♪]" else printed
    for text in (printed, f"One.\n\n{printed}\n\nTwo.", f"One.\n\n{markup.escape(printed)}\n\nTwo."):
        assert found(text) == [(kind, printed)]
        assert shown(text) == [(kind, printed)]


@pytest.mark.parametrize(
    ("kind", "printed"),
    [
        ("laughter", "[laughter]"),
        ("laughter", "(laughs)"),
        ("applause", "(Applause.)"),
        ("inaudible", "[inaudible 00:12]"),
        ("inaudible", "(inaudible)"),
        ("time", "[00:04:01]"),
        ("time", "(4:01)"),
        ("editorial", "[sic]"),
        ("editorial", "[of the council]"),
        ("editorial", "[phonetic]"),
        ("direction", "(The witness was sworn.)"),
    ],
)
@pytest.mark.parametrize(
    "form", ["We know {} that it is so.", "{} We know that it is so.", "We know that it is so. {}", "We know\n{} so."]
)
def test_marks_among_words(form: str, kind: str, printed: str) -> None:
    """At the head, in the middle, at the end, behind a line break."""
    for text in (form.format(printed), form.format(markup.escape(printed))):
        assert found(text) == [(kind, printed)]
        assert shown(text) == [(kind, printed)]


@pytest.mark.parametrize("sign", ["*", "**", "_", "__"])
@pytest.mark.parametrize("printed", ["[laughter]", "(laughs)", "[1:02]"])
def test_marks_are_emphasised_from_within_or_around(printed: str, sign: str) -> None:
    """Signs of Markdown belong to no mark; the page shows the mark emphasised in both cases."""
    within = f"We {printed[0]}{sign}{printed[1:-1]}{sign}{printed[-1]} know."
    around = f"We {sign}{printed}{sign} know."
    assert [mark.text for mark in marks.find(within)] == [mark.text for mark in marks.find(around)] == [printed]
    assert shown(within) == shown(around) == found(within)
    assert markup.turn(within, "").html == markup.turn(around, "").html


def test_emphasis_in_brackets_that_are_no_mark_stays() -> None:
    """The title of a book."""
    assert markup.turn("I read it (*Moby-Dick*) twice.", "").html == "<p>I read it (<em>Moby-Dick</em>) twice.</p>"


def test_times_know_their_seconds() -> None:
    """Hours, minutes, parts of a second, with a point or a comma."""
    text = "[1:02] a [01:02:03] b (00:00:01.5) c [00:00:01,25] d [1:00:00:00]"
    assert [mark.seconds for mark in marks.find(text)] == [62.0, 3723.0, 1.5, 1.25, 86400.0]
    assert [mark.seconds for mark in marks.find("[inaudible 00:12] a [laughter]")] == [None, None]


def test_a_bare_time_is_a_mark_at_the_head_of_a_paragraph_only() -> None:
    """With hours; elsewhere people speak of times."""
    assert found("00:04:01 We begin.\n\n01:02:03.5 We end.") == [("time", "00:04:01"), ("time", "01:02:03.5")]
    assert found("We begin at 00:04:01 and end at 9:30.") == []
    assert found("9:30 is early.") == []


NONE = [
    "a[0] and b[12] and c[i]",
    "A note[^1] and another[^long-one].",
    "[x] done, [ ] not done",
    "[1] and [12] are numbers of notes",
    "[here](https://example.org/) is a link",
    "[there]: https://example.org/",
    "It was old (about a hundred years), and cheap.",
    "He said (and I believe him) that it rained.",
    "It rained (I was there.) and it stopped.",
    "It rained (you know this.) and it stopped.",
    "(For we who came later never saw the wheel turn, nor heard it, nor knew of anybody who had; so it goes.)",
    "In 1931 (see page 12) it burnt.",
    "The Friends of the Mill (FOM) met.",
    "f(x) = y",
    "f(1:2) is a slice of two",
    "[] and () are empty",
    "An open [ bracket, an open ( parenthesis",
    "She laughed, they applauded, the music stopped.",
    "[" + "word " * 100 + "]",
    "We met [" + "and met again " * 6 + "] there.",
]


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_mark(text: str) -> None:
    """Notes, links, boxes, code, what somebody says by the way."""
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "`[laughter]` is code",
        "``a [laughter] b``",
        "    [laughter]\n    [sic]",
        "```\n[laughter]\n```",
        "[laughter](https://example.org/)",
    ],
)
def test_the_page_shows_no_marks_in_code_and_links(text: str) -> None:
    """What stands there is a word like others."""
    assert shown(f"One.\n\n{text}") == []


LINKED = "[survey]: https://example.org/a (The survey of 2020.)\n\n[The Map]: <https://example.org/b>"


@pytest.mark.parametrize(
    ("text", "those"),
    [
        ("[x y][survey] and [survey], [laughter]", ["[laughter]"]),
        ("[survey][] [Survey] [the\nmap] (laughs)", ["(laughs)"]),
        ("[of old] [survey] and [of\nold] [nothing]", ["[of\nold]", "[nothing]"]),
        ("[survey]", []),
        ("![x y][the map] \\[survey] ![the map]", ["[survey]"]),
        ("[surveys] [1:02] [^1]", ["[surveys]", "[1:02]"]),
    ],
)
def test_links_by_their_keys_are_no_marks(text: str, those: list[str]) -> None:
    """Where the key is defined, as the page shows; elsewhere there is none."""
    words = f"We know {text} of it.\n\n{LINKED}"
    assert [text for _, text in found(words)] == those
    assert len(shown(words)) == len(those)


def test_what_begins_like_a_definition_is_none() -> None:
    """Words behind it, and a footnote's."""
    text = "[laughter]: he said. [laughter]\n\nYes[^1].\n\n[^1]: [sic]"
    assert found(text) == [("laughter", "[laughter]"), ("editorial", "[sic]")]


def test_spoken_is_what_somebody_said() -> None:
    """Without what stands in square brackets and times; what stands in parentheses may be the speaker's."""
    text = (
        "[00:01:02] We met [laughter] twice (laughs) there.\n\n(Applause.)\n\nThen \\[sic\\] it rained (1:02): a lot."
    )
    rendered = markup.turn(text, "t")
    assert " ".join(markup.spoken(rendered).split()) == "We met twice (laughs) there. (Applause.) Then it rained a lot."
    assert "[laughter]" in rendered.text
    assert "[sic]" in rendered.text


def test_words_count_with_their_marks() -> None:
    """Nothing is taken off the page."""
    text = "We met [laughter] twice.\n\n(Applause.)"
    assert markup.turn(text, "t").words == len(text.split())


PARTS = st.one_of(
    st.sampled_from(
        ["word", "We met.", "[laughter]", "(Applause.)", "(laughs)", "[00:01:02]", "(1:02)", "(1:02):", "00:01:02", "1:02",
         "[sic]", "[He rises]", "(The bell rang.)", "(I was there.)", "[inaudible 0:12]", "（笑）", "[笑]", "[^1]", "a[0]", "[x]", "[1]", "()", "[]", "[", "]", "(", ")",
         "AT&T", "[Q&A]", "(Laughter & applause.)", "<b>", "“[sic]”", "*[sic]*", "**(Applause.)**", "_[laughs]_", "[*sic*]", "[laughter],", "[laughter]:", "[laughter][sic]", "[a b](c.md)"]
    ),
    st.text(alphabet="ab [](:).12", max_size=8),
)  # fmt: skip
TEXTS = st.lists(st.tuples(PARTS, st.sampled_from([" ", " ", "\n\n", "\n", ""])), max_size=8).map(
    lambda parts: "".join(part + gap for part, gap in parts).strip()
)


@settings(max_examples=1500)
@given(TEXTS.map(lambda text: "\n\n".join(" ".join(one.split()) for one in re.split(r"\n\s*\n", text) if one.strip())))
@example("a [laughter] b\n\n(Applause.)")
def test_the_page_shows_the_marks_of_the_model_in_raw_text(text: str) -> None:
    """Escaped, as readers of raw text write it: the same kinds, in the same order, with the same words."""
    assume(not re.search(r"[]\[)(]{2}", text))
    escaped = "\n\n".join(markup.escape(one) for one in text.split("\n\n"))
    assert shown(escaped) == found(escaped)


@pytest.mark.parametrize(
    "unit",
    [
        "[",
        "(",
        "[a",
        "(a",
        "[a]",
        "(a b.) ",
        "\n[a]: b",
        "\n[a]: 'b",
        "\n[a]:\n",
        "\n[a]: b (",
        "[1:02",
        "1:02 ",
        "\\[",
        "（",
        "[laugh",
        "00:00:01 ",
        "\n\n1",
    ],
)
def test_marks_are_found_in_linear_time(unit: str) -> None:
    """Whatever stands there over and over."""
    with bounded.ends():
        marks.find(unit * 50_000)
