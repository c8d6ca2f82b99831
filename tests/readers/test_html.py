"""Web pages: what is preformatted text, and what is taken out of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import fidelity, readers, speakers, stages
from roundtable.model import Reading, Source, Transcript
from roundtable.readers import html

from .. import bounded

HEARING = """<html>
<head><title> - THE HARBOUR &amp; ITS SILT</title></head>
<body><pre>
[House Hearing, 120th Congress]

                          THE HARBOUR

    The Chairman. Who of you rows?
    Ms. Duarte. I do, every morning. Less than 3 &lt; 4 times
a week, says <a href="https://example.org">the log</a>.

    The Chairman. Thank you.
    Mr. Lind. I used to.
    The Chairman. We are adjourned.
</pre></body></html>
"""


def decoded(page: str, path: str = "talk.html") -> Source:
    """The source that a page is."""
    source, found = readers.decode(path, page.encode())
    assert source is not None
    assert found == ()
    return source


def transcript(page: str) -> Transcript:
    """The transcript in a page; nothing of it is lost."""
    reading = readers.read(decoded(page))
    assert fidelity.reading(reading) == ()
    document, _ = speakers.attribute(reading, "en")
    assert isinstance(document, Transcript)
    return document


def test_a_page_of_preformatted_text_keeps_its_layout() -> None:
    """Tags go, entities are resolved, line breaks and indentation stay; each line knows its line in the file."""
    source = decoded(HEARING)
    lines = source.text.split("\n")
    assert source.format == "html-text"
    assert source.reason == "a page of preformatted text that says '[House Hearing'"
    assert "                          THE HARBOUR" in lines
    at = lines.index("    Ms. Duarte. I do, every morning. Less than 3 < 4 times")
    assert lines[at + 1] == "a week, says the log."
    assert source.lines[at : at + 2] == (9, 10)
    assert len(source.lines) == len(lines)


def test_a_page_says_its_title_and_language_and_a_sidecar_knows_better() -> None:
    """The sidecar's word counts."""
    source = decoded(HEARING.replace("<html>", "<html lang='en-GB'>"))
    metadata = readers.read(source).metadata
    assert (metadata.title, metadata.language) == ("THE HARBOUR & ITS SILT", "en-GB")
    given = readers.read(source, readers.Metadata(title="Silt")).metadata
    assert (given.title, given.language) == ("Silt", "en-GB")


def test_a_page_is_a_source_in_content_only_if_it_is_a_transcript() -> None:
    """Any other page is copied as it is."""
    assert readers.is_source("a.htm", HEARING.encode)
    assert not readers.is_source("a.html", lambda: b"<!DOCTYPE html><html><body><pre>x = 1</pre></body></html>")
    assert not readers.is_source("a.html", lambda: b"<!DOCTYPE html><html><body><p>Welcome.</p></body></html>")


def test_what_a_page_without_labels_leaves_out_is_told(tmp_path: Path) -> None:
    """It is no word lost."""
    page = tmp_path / "weir.html"
    page.write_text("<html><nav>Home</nav><article><p>The weir sings.</p></article><footer>Pilot</footer></html>")
    parsed = stages.parse(str(page), "en")
    assert [one.code for one in parsed.found if one.code != "RT203"] == ["RT208", "RT208"]


@pytest.mark.parametrize(
    "page", ["<pre>", "<html><pre>\n---\na: b\n---\nWords: here\n", "<html><pre><p>a<b>b", "<html>"]
)
def test_odd_pages_are_read(page: str) -> None:
    """Whatever is missing."""
    source, found = readers.decode("a.html", page.encode())
    assert source is not None
    assert found == ()
    reading: Reading = readers.read(source)
    assert fidelity.reading(reading) == ()


PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Silt | Harbour Weekly</title><style>p { color: red }</style></head>
<body>
<nav><a href="/">Home</a></nav>
<article>
<h1>The Silt &amp; the Tide</h1>
<p>Two people talk.</p>
<h2>The river</h2>
<p><strong>Host:</strong> Why is it <em>shallow</em>?<br>
Tell us *all*.</p>
<p><b>Ana Duarte: </b>See <a href="https://example.org/a(b)">the [old] log</a>
and <a href="javascript:x()">this</a>.
<ul><li>sand<li><p>silt</ul>
<p><strong>Host</strong>: 1. <b>Thanks</b>, Ana.</p>
<script>var a = "<p>no</p>";</script>
</article>
<footer>Write to us: <b>Harbour Weekly</b></footer>
</body></html>
"""

DERIVED = r"""---
title: The Silt & the Tide
language: en
---
<!-- skipped: title of the page's window
Silt | Harbour Weekly
-->

<!-- skipped: navigation of the page
Home
-->

Two people talk.

## The river

**Host:** Why is it *shallow*?
Tell us \*all\*.

**Ana Duarte:** See [the \[old\] log](https://example.org/a%28b%29) and this.

- sand

- silt

**Host**: 1. **Thanks**, Ana.

<!-- skipped: footer of the page
Write to us: Harbour Weekly
-->"""


def test_a_page_of_paragraphs_becomes_speaker_tagged_markdown() -> None:
    """Labels, emphasis, links, lists, headings; what is around the transcript is skipped."""
    source = decoded(PAGE)
    assert source.reason == "a page in which 3 of 6 paragraphs begin with a label"
    assert source.text == DERIVED
    lines = source.text.split("\n")
    assert len(lines) == len(source.lines)
    assert [source.lines[lines.index(line)] for line in ("Two people talk.", "- silt")] == [8, 14]
    one = transcript(PAGE)
    assert (one.title, [section.title for section in one.sections]) == ("The Silt & the Tide", [None, "The river"])
    assert [turn.speaker for turn in one.turns()] == [None, "host", "ana-duarte", "host"]
    assert [skipped.text for skipped in one.skipped] == ["Silt | Harbour Weekly", "Home", "Write to us: Harbour Weekly"]


@pytest.mark.parametrize(
    "page",
    [
        "<cite>Ana:</cite>\n<time>0:00</time>\n<p>Row.</p><cite>Bo:</cite><time>0:04</time><p>Why?</p><cite>Ana</cite><time>1:02:03</time><p>So.</p>",
        "<html><dl><dt>Ana<dd>Row.<dt>Bo:<dd>Why?<dt>Ana<dd>So.</dl>",
        "<html><table><tr><th>Time<th>Speaker<th>Text<tr><td>0:00<td>Ana<td>Row.<tr><td>0:04<td>Bo<td>Why?<tr><td>0:09<td>Ana<td>So.</table>",
        "<html><div class='speaker-name'>Ana</div><div>Row.</div><div class='speaker-name'>Bo</div><div>Why?</div><div class='speaker-name'>Ana</div>So.",
        "<html><p><span data-m='0' class='speaker'>Ana: </span><span data-m='10'>Row. </span><p><span class='speaker'>Bo: </span>Why?<p><span class='speaker'>Ana</span> So.",
        "<html><p>Ana: Row.<p>Bo: Why?<p>Ana: So.",
    ],
)
def test_forms_of_labels(page: str) -> None:
    """Podcasting 2.0, lists of terms, tables, classes, word times, plain text."""
    source = decoded(page)
    assert "3 of 3 paragraphs begin with a label" in source.reason
    reading = readers.read(source)
    assert fidelity.reading(reading) == ()
    if "Ana: Row" not in page:
        assert [(turn.speaker, turn.markdown) for turn in transcript(page).turns()] == [
            ("ana", "Row."),
            ("bo", "Why?"),
            ("ana", "So."),
        ]


def test_times_of_words_and_paragraphs_are_the_turns() -> None:
    """From `<time>` and from word times."""
    page = "<cite>Ana:</cite><time>1:02</time><p>Row.</p><p><span data-m='75500' class='speaker'>Bo: </span>Why?</p>"
    assert [turn.start for turn in transcript(page).turns()] == [62.0, 75.5]


def test_minutes_of_the_w3c() -> None:
    """Those who are present are no speakers, nor is a resolution; a nickname stands without its brackets."""
    page = (
        "<html><dl><dt>Present</dt><dd>Ana, Rui</dd><dt>Chair</dt><dd>Ana</dd></dl>"
        "<p><cite>Ana:</cite> low<br><span>… very low</span><p><cite>&lt;grebe&gt;</cite> +1<p><cite>Rui:</cite> who?"
        "<p><cite>Ana:</cite> I<p><strong>RESOLUTION:</strong> open the weir"
    )
    assert [(turn.speaker, turn.markdown) for turn in transcript(page).turns()] == [
        (None, "Present\n\nAna, Rui\n\nChair\n\nAna"),
        ("ana", "low\n… very low"),
        ("grebe", "\\+1"),
        ("rui", "who?"),
        ("ana", "I\n\n__RESOLUTION:__ open the weir"),
    ]


TALK = "<dl><dt>Ana<dd>Row.<dt>Bo<dd>Why?<dt>Ana<dd>So.</dl>"


@pytest.mark.parametrize(
    "hidden",
    [
        "<div hidden>Old words</div>",
        "<section style='color: red; DISPLAY : none !important'>Old <b>words</b></section>",
        "<span style='visibility:hidden'>Old words</span>",
        "<template><div hidden>Old words</template>",
        "<div hidden><div>Old</div> words</div>",
    ],
)
def test_what_a_page_hides_is_skipped_with_its_reason(hidden: str) -> None:
    """Who looked at the page never saw it."""
    one = transcript(f"<html>{hidden}{TALK}")
    assert [turn.markdown for turn in one.turns()] == ["Row.", "Why?", "So."]
    reason = "part of the page that is no transcript" if "template" in hidden else "hidden on the page"
    assert [(skipped.text, skipped.reason) for skipped in one.skipped] == [("Old words", reason)]


@pytest.mark.parametrize(
    "shown",
    [
        "<p aria-hidden=true>Old words</p>",
        "<p hidden=until-found>Old words</p>",
        "<details><p>Old words</p></details>",
        "<p style='content: \"display:none\"'>Old words</p>",
        "<p hidden>Old words",
    ],
)
def test_what_can_be_seen_or_has_no_end_is_not_hidden(shown: str) -> None:
    """Words for eyes alone are words; nobody knows where an element that is never closed ends."""
    assert transcript(f"<html>{TALK}{shown}").turns()[-1].markdown == "So.\n\nOld words"


def test_a_transcript_that_is_shown_when_somebody_asks_is_read() -> None:
    """A part that is hidden at first and holds all the labels; the reason tells."""
    page = f"<html><p>Listen here.</p><button>Transcript</button><div id=t style='display:none'>{TALK}</div>"
    assert decoded(page).reason == (
        "a page in which 3 of 4 paragraphs begin with a label, in a part that is hidden at first"
    )
    assert [turn.markdown for turn in transcript(page).turns()] == ["Listen here.", "Row.", "Why?", "So."]


PIECES = st.sampled_from(
    "<p> </p> <b> </b> <i> </em> <strong> <br> <h1> </h1> <h3> <li> <ul> </ul> <dl> <dt> <dd> <cite> </cite> <time> </time> <table> <tr> <td> "
    "<th> </table> <pre> </pre> <nav> </nav> <header> <article> </article> <footer> </footer> <script> </script> <title> </title> <!-- --> <!x> "
    "<a&nbsp;href='https://x.org/'> <div&nbsp;hidden> <p&nbsp;hidden> </div> <b&nbsp;style='display:none'> </a> <span&nbsp;class='speaker'> <span&nbsp;data-m='5'> </span> <select> </select> <svg> <textarea> <x> "
    'Ana: Bo 0:05 &amp; &lt;b&gt; &#0; * _ [ ] ` ~~~ --- 1. # - > < " \' = <p&nbsp;a=" \n \n\n \ufdd0 \u2028'.split(" ")
).map(lambda piece: piece.replace("&nbsp;", " "))


@settings(max_examples=500, deadline=None)
@given(st.booleans(), st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=40))
@example(False, ["<b>", "<pre>", "x</", "<b", "y"])
def test_no_page_loses_a_word(is_spaced: bool, pieces: list[str]) -> None:
    """Whatever a page holds, nothing raises; all that lexbor finds in it is in the derived text, and that is read."""
    page = (" " if is_spaced else "").join(("<html>", *pieces))
    source, found = readers.decode("a.html", page.encode("utf-8", "surrogatepass"))
    if source is not None:
        assert [one for one in found if one.code == "RT401"] == []
        assert len(source.lines) == source.text.count("\n") + 1
        reading = readers.read(source)
        if reading.kind == "transcript":
            assert fidelity.reading(reading) == ()


LONG = 200_000  # characters


@pytest.mark.parametrize(
    "unit", ["<", "<a ", "<a '", "<a \"'>'", "<!--", "<b>", "<p>", "<table><tr><td>", "<nav>", "</p>", "&", "<dt>", "<br>", "<li>", "<pre>\n\n", "<title>"]
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    """Of a page that holds one thing over and over."""
    with bounded.ends():
        html.extract(Source("a.html", unit * (LONG // len(unit)), "", "html"))


@pytest.mark.parametrize(
    "tag", ["<p {}>Ana: Row.", "Ana: <i {}>Row.</i>", "Ana: Row.</b {}>", "<p q='>' {}/>Ana: Row."]
)
def test_a_tag_of_thousands_of_attributes_is_read_in_linear_time(tag: str) -> None:
    """And no word beside it is lost; a browser's parser compares each attribute with all before it."""
    page = tag.format(" ".join(f'a{i}="{i}"' for i in range(100_000)))
    with bounded.ends():
        assert "Row." in decoded(page).text


@pytest.mark.parametrize("unit", ["<div>", "<x><p>"])
def test_elements_without_end_are_read_in_linear_time(unit: str) -> None:
    """And no word in them is lost; a browser's parser looks at all that are open where a paragraph begins."""
    page = f"{unit * 40_000}Ana: Row.<script>no word</script>"
    with bounded.ends():
        assert "Row." in decoded(page).text


def test_lists_keep_their_numbers() -> None:
    """Where a list counts, from what it begins with; an item may have a number of its own; lists within lists."""
    page = (
        "<p><b>Ana:</b> See clause 3:</p><ol start='3'><li>pay</li><li>go <ul><li>home</li></ul></li><li value='9'>stay</li></ol>"
        "<p><b>Tom:</b> Two:</p><ol><li>row</li><li>rest</li></ol><p><b>Ana:</b> Yes.</p><p><b>Tom:</b> No.</p>"
    )
    said = [turn.markdown for turn in transcript(page).turns()]
    assert said[0] == "See clause 3:\n\n3. pay\n\n4. go\n\n- home\n\n9. stay"
    assert said[1] == "Two:\n\n1. row\n\n2. rest"


def test_a_label_in_a_quotation_is_quoted() -> None:
    """Whoever quotes goes on speaking; where everything stands in a quotation, its labels are labels."""
    talk = "<p><b>Ana:</b> Well.</p><p><b>Tom:</b> Yes.</p>"
    quoting = "<blockquote><p><b>Cy:</b> Never,<br>ever.</p></blockquote><p>So he wrote.</p>"
    said = [(turn.label, turn.markdown) for turn in transcript(f"{talk}{quoting}{talk}").turns()]
    assert said[1] == ("Tom", "Yes.\n\n> **Cy:** Never,\n> ever.\n\nSo he wrote.")
    assert [turn.label for turn in transcript(f"<blockquote>{talk}{talk}</blockquote>").turns()] == ["Ana", "Tom"] * 2


def test_a_plain_label_in_a_quotation_is_quoted_and_told() -> None:
    """Somebody tells what another wrote, who speaks too."""
    page = "<p>Ana: So.</p><p>Tom: She wrote:</p><blockquote><p>Ana: Never.</p></blockquote><p>Ana: Yes.</p><p>Tom: No.</p>"
    turns = transcript(f"<html>{page}</html>").turns()
    assert [turn.label for turn in turns] == ["Ana", "Tom", "Ana", "Tom"]
    assert turns[1].markdown == "She wrote:\n\n> Ana: Never."
    assert told(page) == ["'Ana' stands like a label, but may be none: read as words"]


LABELS = "<p><b>Ana:</b> So.</p><p><b>Tom:</b> We need:</p>{}<p><b>Ana:</b> Yes.</p><p><b>Tom:</b> No.</p>"


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (
            LABELS.format("<ul><li><b>Rope:</b> long<li><b>Tar:</b> black</ul>"),
            "'Rope', 'Tar' stand like labels in a list",
        ),
        (LABELS.format("<ol><li><b>Rope:</b> long</ol>"), "'Rope' stands like a label in a list"),
        (LABELS.format("<pre>Ana: code</pre>"), "'Ana' stands like a label in preformatted text"),
        (
            "<dl><dt>Ana<dd>So.<dt>Tom<dd>Yes.<dt>Ana<dd>No.</dl><dl><dt>Weir<dd>A wall.<dt>Mole<dd>One in the sea.</dl>",
            "'Weir', 'Mole' stand like labels in a list of terms",
        ),
    ],
)
def test_labels_that_stand_apart_from_the_others_are_told(page: str, expected: str) -> None:
    """They may be terms, or somebody's words about somebody."""
    assert told(page) == [f"{expected}, apart from the others: read as of speakers"]


@pytest.mark.parametrize(
    "page",
    [
        "<ul><li><b>Ana:</b> So.<li><b>Tom:</b> Yes.<li><b>Ana:</b> No.<li><b>Cy:</b> Ho.</ul>",
        "<ul><li><b>Ana:</b> So.</ul><ul><li><b>Tom:</b> Yes.</ul><ul><li><b>Ana:</b> No.</ul><ul><li><b>Cy:</b> Ho.</ul>",
        "<h1>Talk</h1><p><b>Date:</b> today</p><pre>Ana: So.\n\nTom: Yes.\n\nAna: No.</pre>",
        "<dl><dt>Ana<dd>So.</dl><dl><dt>Tom<dd>Yes.</dl><dl><dt>Ana<dd>No.</dl><dl><dt>Cy<dd>Ho.</dl>",
        LABELS.format("<ul><li><b>Ana:</b> rope<li><b>Tom:</b> tar</ul>"),
    ],
)
def test_labels_in_lists_that_hold_the_transcript_are_not_told(page: str) -> None:
    """Nor those that recur outside."""
    assert not [message for message in told(page) if "apart" in message]


def told(page: str) -> list[str]:
    """What may be a label."""
    source, found = readers.decode("talk.html", f"<html>{page}</html>".encode())
    assert source is not None
    return [one.message for one in (*found, *readers.read(source).diagnostics) if one.code == "RT206"]


def test_numbers_of_lists_that_follow_each_other_are_kept() -> None:
    """Markdown would count neighbouring lists as one, and one in another too."""
    page = "<p><b>Ana:</b> Low:</p><ol><li>one<li>two</ol><ol><li>three<ol><li>deep</ol><li>four</ol><p><b>Tom:</b> Who?</p>"
    source, _ = readers.decode("a.html", f"<html>{page}</html>".encode())
    assert source is not None
    assert source.text.split("\n\n")[1:6] == ["1. one", "2. two", "1\\. three", "1. deep", "2. four"]
