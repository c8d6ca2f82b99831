"""Speaker-tagged Markdown, and what makes a file a page instead."""

from __future__ import annotations

import pytest

from roundtable import fidelity, markup, readers, speakers
from roundtable.exports import markdown
from roundtable.model import Prose, Source, Transcript, Utterance

from .. import bounded
from .test_text import codes, reading, said, transcript


def test_further_paragraphs_lists_and_quotes_belong_to_the_turn() -> None:
    """Everything up to the next label or heading."""
    text = "**Ann:** One *two*.\n\n- a\n- b\n\n> quoted\n\n**Bob**: Yes.\n\n## Later\n\n**Ann:**\n\n1. x\n"
    assert said(text, "a.md") == [("ann", "One *two*.\n\n- a\n- b\n\n> quoted"), ("bob", "Yes."), ("ann", "1. x")]
    assert [(s.title, s.level) for s in transcript(text, "a.md").sections] == [(None, 2), ("Later", 2)]


def test_labels_inside_code_are_code() -> None:
    """A fenced block is not read for labels, headings or comments."""
    text = "**Ann:** See:\n\n```\n**Bob:** no\n## no\n<!-- no -->\n```\n\n**Ann:** End.\n"
    assert [who for who, _ in said(text, "a.md")] == ["ann", "ann"]


def test_times_stand_in_the_label() -> None:
    """`[start]` or `[start–end]`, as minutes or hours."""
    turns = transcript("**[04:01] Ann:** A\n\n**[1:04:01.5–1:05:00] Bob:** B\n", "a.md").turns()
    assert [(t.start, t.end, t.label) for t in turns] == [(241.0, None, "Ann"), (3841.5, 3900.0, "Bob")]
    turns = transcript("**[00:10-00:20] Ann:** A\n\n**Bob [00:30]:** B\n", "a.md").turns()
    assert [(t.start, t.end, t.label) for t in turns] == [(10.0, 20.0, "Ann"), (30.0, None, "Bob")]


def test_narration_behind_a_turn_has_a_label_of_its_own() -> None:
    """Else it would be the last speaker's."""
    assert said("Before.\n\n**Ann:** A\n\n**[Narration]:** The bell rang.\n\n**Bob:** B\n", "a.md") == [
        (None, "Before."), ("ann", "A"), (None, "The bell rang."), ("bob", "B"),
    ]  # fmt: skip


def test_footnotes_go_to_the_turn_that_refers_to_them() -> None:
    """Wherever they are defined; link definitions likewise, to each."""
    text = "**Ann:** A[^1] and [here][x].\n\n**Bob:** B [there][x].\n\n[^1]: The note.\n\n[x]: https://example.org/\n"
    assert said(text, "a.md") == [
        ("ann", "A[^1] and [here][x].\n\n[^1]: The note.\n\n[x]: https://example.org/"),
        ("bob", "B [there][x].\n\n[x]: https://example.org/"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "[Narration]: The committee met at ten, the Chair presiding.",
        "[Laughter]: everybody",
        "[Ann]: see https://example.org/ for more",
    ],
)
def test_words_behind_a_bracket_are_no_link_definition(line: str) -> None:
    """Only an address, and perhaps a title, makes one."""
    assert said(f"{line}\n\n**Ann:** A\n\n**Bob:** B\n", "a.md")[0] == (None, line)


def test_a_footnote_nobody_refers_to_is_an_error() -> None:
    """Its words would be on no page."""
    _, found = speakers.attribute(
        reading("---\ntitle: T\n---\n**Ann:** A\n\n**Bob:** B\n\n[^1]: Lost words.\n", "a.md"), "en"
    )
    assert [(d.code, d.line) for d in found] == [("RT401", 8)]


def test_comments_are_skipped_and_accounted_for() -> None:
    """In the middle of a turn too: the turn goes on behind it."""
    one = transcript("**Ann:** A\n\n<!-- check this -->\n\nmore\n\n**Bob:** B\n", "a.md")
    assert [t.markdown for t in one.turns()] == ["A\n\nmore", "B"]
    assert [(s.text, s.reason) for s in one.skipped] == [("check this", "comment in the source")]


def test_a_first_heading_is_the_title() -> None:
    """Unless front matter gives another; then it is a section."""
    assert transcript("# Tea\n\n**Ann:** A\n\n**Bob:** B\n", "a.md").title == "Tea"
    one = transcript("---\ntitle: Tea\n---\n# Cake\n\n**Ann:** A\n\n**Bob:** B\n", "a.md")
    assert (one.title, one.sections[0].title) == ("Tea", "Cake")


def test_a_guests_section_is_a_roster() -> None:
    """As in raw text."""
    one = transcript("## Guests\n\n- Ann Li, Dean, Yale\n\n## Tea\n\n**Ann Li:** A\n\n**Bob:** B\n", "a.md")
    assert [(p.name, p.role, p.affiliation) for p in one.speakers] == [("Ann Li", "Dean", "Yale"), ("Bob", None, None)]


@pytest.mark.parametrize(
    "text",
    ["Just words.\n", "# Title\n\nWords.\n\n**Note:** one label makes no transcript.\n\nMore.\n\nEven more.\n\nEnd.\n"],
)
def test_plain_markdown_is_a_page(text: str) -> None:
    """No speakers, no transcript, no complaint."""
    document, found = speakers.attribute(reading(text, "a.md"), "en")
    assert isinstance(document, Prose)
    assert set(codes(found)) <= {"RT203"}


def test_a_page_with_many_labels_is_asked_about() -> None:
    """Too few to be a transcript, too many to be sure."""
    text = "Words.\n\n" * 10 + "**Note:** a\n\n**Tip:** b\n"
    assert codes(reading(text, "a.md").diagnostics) == ["RT205"]
    assert reading(f"---\ntype: transcript\n---\n{text}", "a.md").kind == "transcript"
    assert reading(f"---\ntype: page\n---\n{text}", "a.md").diagnostics == ()


def test_labels_with_odd_signs_are_written_and_read_back() -> None:
    """Escaped where Markdown would take them for its own."""
    one = transcript("**A\\*b \\[x\\]:** one\n\n**Q: A:** two\n\n**R&amp;D:** three\n", "a.md")
    assert [s.name for s in one.speakers] == ["A*b [x]", "Q: A", "R&D"]
    written, _ = readers.decode("a.md", markdown.write(one).encode())
    assert isinstance(written, Source)
    again, _ = speakers.attribute(readers.read(written), "en")
    assert isinstance(again, Transcript)
    assert [s.name for s in again.speakers] == ["A*b [x]", "Q: A", "R&D"]


def test_untouched_words_are_proven_without_counting() -> None:
    """And touched ones are caught, wherever they stand."""
    good = reading("**Ann:** one two\n\n**Bob:** three\n", "a.md")
    assert fidelity.reading(good) == ()


def test_labels_of_every_form_are_read() -> None:
    """What the labels are is decided from the whole document, as in raw text; the words stay Markdown."""
    for form in (
        "{}: {}",
        "**{}** [1:02]\n{}",
        "### {}\n\n{}",
        "- {}: {}",
        "0:01:02.5 **{}** {}",
        "**\\<{}>** {}  ",
        "> {}",
    ):
        turns = [(name, f"*word* {i}") for i, name in enumerate(("Ann", "Bob", "Ann", "Bob", "Ann"))]
        if form == "> {}":
            assert reading("\n\n".join(f"> {words}" for _, words in turns), "a.md").kind == "page"
            continue
        text = "\n\n".join(form.format(*turn) for turn in turns)
        assert said(text, "a.md") == [(name.lower(), words) for name, words in turns], form


def test_comments_of_a_page_are_skipped_and_told() -> None:
    """So are the notes on what was left out of a web page; in code, they are code."""
    text = "# Weir\n\nLow.\n\n<!-- skipped: menu\nHome\n-->\n\n<!-- note -->\nHigh.\n\n```\n<!-- kept -->\n```\n"
    for source in (text, text.replace("note", "note [^1]") + "\n[^1]: On foot.\n\nSee[^1].\n"):
        read = reading(source, "a.md")
        page, found = speakers.attribute(read, "en")
        assert isinstance(page, Prose)
        assert page.markdown.startswith("Low.\n\nHigh.\n\n```\n<!-- kept -->\n```")
        assert [(one.code, one.line) for one in found] == [("RT208", 5), ("RT208", 9)]
        assert not fidelity.reading(read)
        assert not fidelity.rendering(read, page.span, page.markdown, markup.page(page.markdown))


def test_a_comment_with_a_reason_ends_where_it_ends() -> None:
    """An arrow in somebody's words later on is no part of it."""
    text = "**Ann:** Hello.\n\n<!-- skipped: theme residue -->\n\n**Bob:** From A --> B.\n\n**Ann:** Ok.\n"
    assert [who for who, _ in said(text, "a.md")] == ["ann", "bob", "ann"]


@pytest.mark.parametrize(
    "text",
    [
        "**A:** x\n\n# a" + " " * 20_000 + "b\n",
        "**A:** x\n\n" + "```a\n" * 20_000,
        "**A:** x\n\n" + "".join("`" * (600 - i) + "\n" for i in range(590)),
        "**A:** x\n\n[^a]: x" + "\n" * 40_000 + "    y\n",
        "[a]: http://x\n    " + "word " * 50_000 + "\n\n" + "**A:** [a]\n\n" * 2_000,
        "**A:** x\n\n" + "<!-- a\n" * 20_000,
    ],
    ids=["spaces", "fences", "lengths", "lines", "definitions", "comments"],
)
def test_odd_text_is_read_in_linear_time(text: str) -> None:
    """Whatever it holds over and over."""
    with bounded.ends():
        speakers.attribute(reading(text, "a.md"), "en")


@pytest.mark.parametrize(
    "label", ["**Ana : **", "***Ana:***", "\\*\\*Ana:\\*\\*", "**Ana;**", "**Ana.**", "*Ana:*", "__Ana:__", "Ana:"]
)
def test_a_slip_in_a_speakers_label_is_a_label(label: str) -> None:
    """Signs that are nearly the right ones, around the name of somebody who speaks."""
    text = f"**Host:** Why?\n\n**Ana:** So.\n\n**Host:** When?\n\n{label} Now.\n"
    assert said(text, "a.md") == [("host", "Why?"), ("ana", "So."), ("host", "When?"), ("ana", "Now.")]


def test_a_speakers_label_in_bold_with_its_words_is_a_label() -> None:
    """The words stay bold."""
    text = "**Host:** Why?\n\n**Ana:** So.\n\n**Host:** When?\n\n## Then\n\n**Ana: Now, at last.**\n"
    assert said(text, "a.md")[-1] == ("ana", "**Now, at last.**")


@pytest.mark.parametrize("line", ["<b>Host:</b> Well.", "***Joana:*** Both.", "- **Ana:** Or so.", "> **Ana:** Or so."])
def test_what_is_nearly_a_label_is_told(line: str) -> None:
    """Of nobody who speaks, of a tag, in a list or a quotation: words, but not without a word."""
    found = reading(f"**Host:** Why?\n\n**Ana:** So.\n\n{line}\n\n**Host:** When?\n", "a.md").diagnostics
    assert [(one.code, one.line) for one in found] == [("RT206", 5)]


def test_a_comment_without_an_end_finds_none_in_another_turn() -> None:
    """Two open it, one closes it: the first is text, wherever its turn comes to stand."""
    text = "<heron> one\n<!-- open <!-- again\n\n<grebe> two --> three\n\n<heron> four\n\n<grebe> five\n"
    read = readers.read(readers.decode("talk.md", text.encode())[0] or Source("", "", ""))
    document, _ = speakers.attribute(read, "en")
    assert isinstance(document, Transcript)
    again = readers.read(readers.decode("talk.md", markdown.write(document).encode())[0] or Source("", "", ""))
    assert fidelity.reading(read) == fidelity.reading(again) == ()
    once, twice = ([(p.label, p.markdown) for p in one.pieces if isinstance(p, Utterance)] for one in (read, again))
    assert once == twice


def test_words_of_notices_and_lists_of_changes_are_no_speakers() -> None:
    """A page, and asked about; front matter settles it."""
    for names in (("New", "Fixed", "New", "Fixed"), ("Phone", "E-mail", "Address", "Cellar")):
        text = "\n\n".join(f"**{name}:** sand and silt" for name in names)
        found = reading(text, "a.md")
        assert (found.kind, codes(found.diagnostics)) == ("page", ["RT205"])
        assert reading(f"---\ntype: transcript\n---\n{text}", "a.md").kind == "transcript"


def test_a_few_terms_that_may_be_speakers_are_asked_about() -> None:
    """None recurs, none is a full name or an office."""
    found = reading("**Silt:** fine sand.\n\n**Tide:** the breath of water.\n", "a.md")
    assert (found.kind, codes(found.diagnostics)) == ("transcript", ["RT205"])
    for other in ("Host", "Joana Reis"):
        assert codes(reading(f"**Ana:** Sand.\n\n**{other}:** Water.\n", "a.md").diagnostics) == []


def test_rows_of_a_table_are_turns_but_not_its_head() -> None:
    """Nor is the bar that ends a row a word."""
    rows = "".join(f"| {name} | Geese {i}. |\n" for i, name in enumerate(("Host", "Ana", "Host", "Ana")))
    found = said(f"| Speaker | Words |\n|---|:--|\n{rows}", "a.md")
    assert [who for who, _ in found] == [None, "host", "ana", "host", "ana"]
    assert [words for _, words in found[1:]] == ["Geese 0.", "Geese 1.", "Geese 2.", "Geese 3."]


@pytest.mark.parametrize(
    "text", ["> **Ana:** Hi.\n>\n> **Tom:** Yes.\n\n> **Ana:** Bye.\n", "Item 1: Silt\n\nAna Reis: Yes.\n\nTea.\n\nAna Reis: No.\n"]
)  # fmt: skip
def test_a_page_on_which_a_name_recurs_before_a_colon_is_asked_about(text: str) -> None:
    """In quotations, or amid much that is none."""
    found = reading(text, "a.md")
    assert (found.kind, codes(found.diagnostics)) == ("page", ["RT205"])
    assert reading(f"---\ntype: page\n---\n{text}", "a.md").diagnostics == ()
    assert reading(f"```text\n{text}```\n", "a.md").diagnostics == ()


@pytest.mark.parametrize("name", ["Ana Duarte", "The Mayor", "陳美玲", "Dr. Reis"])
def test_an_address_by_one_person_is_a_transcript_and_asked_about(name: str) -> None:
    """Its one label opens the text; elsewhere, or if it is no full name, it is words of a page."""
    words = "Sand.\n\nSilt.\n\nStone.\n\nClay.\n\nMud.\n"
    found = reading(f"# The shore\n\n**{name}:** {words}", "a.md")
    assert (found.kind, codes(found.diagnostics)) == ("transcript", ["RT205"])
    assert "1 of 6 paragraphs begins" in found.diagnostics[0].message
    for text in (
        f"Sand.\n\n**{name}:** {words}",
        f"**Shore:** {words}",
        f"**Release Notes:** {words}",
        f"**Note:** {words}",
    ):
        assert reading(text, "a.md").kind == "page"
    assert reading(f"---\ntype: page\n---\n**{name}:** {words}", "a.md").diagnostics == ()
