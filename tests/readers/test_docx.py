"""Word documents: what is read of them, and archives that are none."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import fidelity, readers, speakers
from roundtable.model import Diagnostic, Source, Transcript

from .. import bounded

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
STYLES = f"""<w:styles {SPACE}>
<w:style w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:styleId="berschrift1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:styleId="Wer"><w:name w:val="Speaker Name"/></w:style>
<w:style w:styleId="Fett"><w:name w:val="Strong"/><w:basedOn w:val="Fetter"/></w:style>
<w:style w:styleId="Fetter"><w:name w:val="Stronger"/><w:basedOn w:val="Fett"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:styleId="Liste"><w:name w:val="List Bullet"/><w:pPr><w:numPr/></w:pPr></w:style>
</w:styles>"""
LINKS = """<Relationships><Relationship Id="r1" Type="http://x/hyperlink" Target="https://example.org/log" TargetMode="External"/></Relationships>"""


def packed(parts: dict[str, str | bytes]) -> bytes:
    """An archive of these parts."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return data.getvalue()


def document(body: str, **parts: str) -> bytes:
    """A Word document with that body; `parts` by the name of their file."""
    main = f'<?xml version="1.0" encoding="UTF-8"?><w:document {SPACE}><w:body>{body}</w:body></w:document>'
    named = {f"word/{name}.xml": text for name, text in parts.items()}
    return packed(
        {"word/document.xml": main, "word/styles.xml": STYLES, "word/_rels/document.xml.rels": LINKS, **named}
    )


def p(*runs: str, style: str = "") -> str:
    """A paragraph of runs; a text is one, too."""
    shown = "".join(run if run.startswith("<") else r(run) for run in runs)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:rPr><w:b/></w:rPr></w:pPr>{shown}</w:p>'


def r(text: str, look: str = "") -> str:
    """A run."""
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def b(text: str) -> str:
    """A bold run."""
    return r(text, "<w:b/>")


def taken(data: bytes) -> Source:
    """The source in a document."""
    source, found = readers.decode("talk.docx", data)
    assert source is not None
    assert [one for one in found if one.severity == "error"] == []
    assert len(source.lines) == source.text.count("\n") + 1
    return source


def transcript(data: bytes) -> Transcript:
    """The transcript in a document; nothing of it is lost."""
    reading = readers.read(taken(data))
    assert fidelity.reading(reading) == ()
    found, _ = speakers.attribute(reading, "en")
    assert isinstance(found, Transcript)
    return found


def refused(data: bytes, path: str = "talk.docx") -> list[Diagnostic]:
    """Why an archive isn't read."""
    source, found = readers.decode(path, data)
    assert source is None
    return list(found)


NOTES = f"""<w:footnotes {SPACE}><w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>
<w:footnote w:id="2"><w:p>{r("By the *count* of 2025.")}</w:p></w:footnote></w:footnotes>"""
COMMENTS = f'<w:comments {SPACE}><w:comment w:id="0"><w:p>{r("Is that so?")}</w:p></w:comment></w:comments>'

REALISTIC = document(
    p("The Silt", style="Titel")
    + p("Two people talk.")
    + p("The river", style="berschrift1")
    + p(b("Ana Du"), b("arte:"), r(" Why is it "), r("shallow", "<w:i/>"), "? 2 &lt; 3 *")
    + p(r("Tomas Lind: ", '<w:rStyle w:val="Fett"/>'), '<w:hyperlink r:id="r1">', r("the log"), "</w:hyperlink>",
        '<w:r><w:footnoteReference w:id="2"/></w:r>', ".")
    + p("sand", style="Liste")
    + p("silt", style="Liste")
    + p("Ana Duarte", style="Wer")
    + p("- So ", '<w:del w:id="1"><w:r><w:delText>not </w:delText></w:r></w:del><w:ins w:id="2">', "it ", "</w:ins>", "is.",
        "<w:r><w:br/><w:t>On</w:t><w:tab/><w:noBreakHyphen/><w:t>it goes.</w:t></w:r>", r("Hush", "<w:vanish/>"))
    + "<w:sectPr/>",
    footnotes=NOTES,
    comments=COMMENTS,
)  # fmt: skip

DERIVED = r"""---
title: The Silt
---
Two people talk.

## The river

**Ana Duarte:** Why is it *shallow*? 2 < 3 \*

**Tomas Lind:** [the log](https://example.org/log)[^2].

- sand

- silt

**Ana Duarte:** \- So it is.
On	‑it goes.

<!-- skipped: hidden text
Hush
-->

[^2]: By the \*count\* of 2025.

<!-- skipped: comment in the document
Is that so?
-->"""


def test_a_document_becomes_speaker_tagged_markdown() -> None:
    """Styles, bold runs, links, lists, notes, tracked changes, comments, hidden text."""
    source = taken(REALISTIC)
    assert source.text == DERIVED
    assert source.reason == "an archive that holds word/document.xml"
    assert source.lines[source.text.split("\n").index("- silt")] == 7
    found = readers.decode("talk.docx", REALISTIC)[1]
    assert [(one.code, one.message) for one in found] == [
        ("RT232", "tracked changes: 1 insertions are read, 1 deletions left out")
    ]
    one = transcript(REALISTIC)
    assert one.title == "The Silt"
    assert [(turn.speaker, turn.markdown.split("\n")[0]) for turn in one.turns()][:3] == [
        (None, "Two people talk."),
        ("ana-duarte", "Why is it *shallow*? 2 < 3 \\*"),
        ("tomas-lind", "[the log](https://example.org/log)[^2]."),
    ]


def test_tables_are_transcripts_or_read_cell_by_cell() -> None:
    """With a column of names; or without one."""
    rows = [("Time", "Speaker", "Text"), ("0:01", "Ana", "Row."), ("0:05", "Bo Li", "Why?"), ("0:09", "Ana", "So.")]

    def table(rows: list[tuple[str, ...]]) -> str:
        cells = ("".join(f"<w:tc>{p(cell)}</w:tc>" for cell in row) for row in rows)
        return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"

    one = transcript(document(table(rows)))
    assert [(turn.speaker, turn.start, turn.markdown) for turn in one.turns()] == [
        ("ana", 1.0, "Row."),
        ("bo-li", 5.0, "Why?"),
        ("ana", 9.0, "So."),
    ]
    assert [skipped.text for skipped in one.skipped] == ["Time | Speaker | Text"]
    assert (
        taken(document(table([("One thing.", "Another."), ("A third.", "")]))).text
        == "One thing.\n\nAnother.\n\nA third."
    )


def test_text_boxes_and_what_stands_twice() -> None:
    """A text box is written twice: for new and for old programs."""
    box = f"<w:txbxContent>{p('Boxed.')}</w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>{r('Outside.')}</w:p>"
    assert taken(document(body)).text == "Boxed.\n\nOutside."


def test_links_in_fields() -> None:
    """The older way to write a link."""
    code = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://example.org/" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert taken(document(p(code, "here", end, " and there"))).text == "[here](https://example.org/) and there"


def test_only_a_sole_first_heading_is_the_title() -> None:
    """Several are sections."""
    two = document(p("One", style="berschrift1") + p("A") + p("Two", style="berschrift1") + p("B"))
    assert taken(two).text == "## One\n\nA\n\n## Two\n\nB"
    assert taken(document(p("One", style="berschrift1") + p("A"))).text == "---\ntitle: One\n---\nA"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"PK\x03\x04 not really", "the archive is damaged"),
        (packed({"a.txt": "x"}), "an archive that holds no transcript"),
        (packed({"word/document.xml": "<a>"}), "the document's XML is damaged"),
        (packed({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "the document declares entities"),
        (packed({"word/document.xml": "<a>" * 1000 + "</a>" * 1000}), "nested deeper than 500"),
        (packed({"word/document.xml": b"\0" * 5_000_000}), "would grow to 5,000,000 bytes"),
        (packed({"word/document.xml": "<a/>", **{str(n): "" for n in range(20_001)}}), "has 20,002 members"),
    ],
)
def test_hostile_and_damaged_archives_are_refused(data: bytes, why: str) -> None:
    """With the reason, and nothing else."""
    (found,) = refused(data)
    assert found.code == "RT231"
    assert why in found.message


def test_an_encrypted_member_is_refused() -> None:
    """Its flag says so."""
    data = bytearray(REALISTIC)
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/document.xml"))
    data[at + 8] |= 1
    assert "encrypted" in refused(bytes(data))[0].message


def test_members_that_lie_about_their_size_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The budget is counted in bytes that came out."""
    monkeypatch.setattr("roundtable.readers.packed.MAX_INFLATED", 1_000)
    assert "more than 0 MiB" in refused(REALISTIC)[0].message


def test_other_archives_in_content_are_no_sources() -> None:
    """A .docx always is one; a .zip if it holds a transcript."""
    assert readers.is_source("a.docx")
    assert not readers.is_source("a.zip", lambda: packed({"a.txt": "x"}))
    assert not readers.is_source("a.zip", lambda: b"PK\x03\x04")


def test_words_that_only_markdown_could_change_stay() -> None:
    """Signs are escaped; a note that is missing stands empty."""
    source = taken(
        document(p("# no * _heading_ &amp;amp; [x](y) `z` <w:r><w:footnoteReference w:id='9'/></w:r>") + p("---"))
    )
    assert source.text == "\\# no \\* \\_heading\\_ &amp;amp; \\[x](y) \\`z\\` [^9]\n\n\\---\n\n[^9]: …"


PIECES = st.sampled_from(
    [p("Ana: x"), p(b("Ana:"), " y"), p(b("Bo"), r(" "), b("Li"), ": z"), p("One", style="berschrift1"), p("T", style="Titel"), p("a", style="Liste"),
     p("<w:r><w:footnoteReference w:id='2'/></w:r>"), p("h", "<w:r><w:footnoteReference w:id='2'/></w:r>", style="berschrift1"), p(r("hid", "<w:vanish/>")),
     "<w:tbl>", "<w:tr>", "<w:tc>", "</w:tc>", "</w:tr>", "</w:tbl>", "<w:p>", "</w:p>", r("loose"), "<w:ins>", "</w:ins>", "<w:moveFrom>", "</w:moveFrom>",
     "<w:txbxContent>", "</w:txbxContent>", "<w:r><w:tab/><w:br/></w:r>", p("\ufdd0 \u2028 ~~~ ``` --- [^2]: x"), p("0:05"), p("Speaker")]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text("ab:*_[]# \n\t`~-1.", max_size=8).map(p)), max_size=20).map("".join))
def test_no_document_loses_a_word(body: str) -> None:
    """Whatever stands in it: it is refused, or all of its words are in the derived text, and that is read."""
    source, found = readers.decode("a.docx", document(body, footnotes=NOTES))
    assert [one for one in found if one.code == "RT401"] == []
    if source is not None:
        reading = readers.read(source)
        if reading.kind == "transcript":
            assert fidelity.reading(reading) == ()


LONG = 2_000_000  # characters


@pytest.mark.parametrize(
    "unit", ["<w:p/>", "<w:tbl><w:tr><w:tc>{}</w:tc></w:tr></w:tbl>", "{}", "<w:p><w:r><w:t>Ana: [x</w:t></w:r></w:p>"]
)
def test_time_is_linear(unit: str) -> None:
    """Of a document that holds one thing over and over."""
    body = unit.format(p("x"))
    data = document(body * (LONG // len(body)))
    with bounded.ends():
        readers.decode("a.docx", data)


def test_captions_of_teams_stand_in_paragraphs() -> None:
    """Times, name and words on lines of their own, as Teams wrote them; a time in prose is none."""
    br = "<w:r><w:br/></w:r>"
    said = [
        ("0:0:3.5 --> 0:0:5.10", "Duarte, Ana", "Low?"),
        ("0:1:8.0 --> 0:1:9.0", "Lind, Tomas", f"Very.</w:t></w:r>{br}{b('So')}"),
    ]
    captions = "".join(
        p(r(times), br, r(name), br, r(words) if "<" not in words else f"<w:r><w:t>{words}")
        for times, name, words in said
    )
    one = transcript(document(captions + p("0:0:3.5 --> 0:0:5.10 and more")))
    assert [(turn.speaker, turn.start, turn.markdown) for turn in one.turns()] == [
        ("duarte-ana", 3.5, "Low?"),
        ("lind-tomas", 68.0, "Very.\n**So**\n\n0:0:3.5 --> 0:0:5.10 and more"),
    ]
    assert [skipped.reason for skipped in one.skipped] == ["times of a caption"] * 2


def test_heads_and_feet_of_pages_are_skipped_once() -> None:
    """Whatever pages they stand on."""
    head = f"<w:hdr {SPACE}>{p('Talk on silt')}</w:hdr>"
    foot = f"<w:ftr {SPACE}>{p('Draft')}{p('Page ')}</w:ftr>"
    body = p(b("Ana:"), " Low.") + p(b("Bo:"), " Very.")
    one = transcript(document(body, header1=head, header2=head, footer1=foot))
    assert [(skipped.text, skipped.reason) for skipped in one.skipped] == [
        ("Draft Page", "head or foot of the document's pages"),
        ("Talk on silt", "head or foot of the document's pages"),
    ]


def level(depth: int, format: str, text: str, first: int = 1) -> str:
    """How a depth of a kind of list is counted."""
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="{first}"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>'


LISTS = (
    f'<w:numbering {SPACE}><w:abstractNum w:abstractNumId="7">{level(0, "decimal", "%1.", 3)}{level(1, "lowerLetter", "%2)")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="8">{level(0, "bullet", "o")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="8"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
    "</w:numbering>"
)


def item(text: str, list: int, depth: int = 0) -> str:
    """An item of a list."""
    number = f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{list}"/></w:numPr>'
    return f"<w:p><w:pPr>{number}</w:pPr>{r(text)}</w:p>"


def test_lists_keep_their_numbers() -> None:
    """Counted as Word does: on through other paragraphs, anew where a list says so; letters are told."""
    data = document(
        p(b("Ana:"), " Low:") + item("one", 1) + item("deep", 1, 1) + item("two", 1) + item("dot", 2) + p("And:") + item("more", 1)
        + item("new", 3) + item("newer", 3) + item("none", 0),
        numbering=LISTS,
    )  # fmt: skip
    text = taken(data).text
    assert text.split("\n\n") == [
        "**Ana:** Low:", "3. one", "- deep", "4. two", "- dot", "And:", "5. more", "1\\. new", "2. newer", "none",
    ]  # fmt: skip
    _, found = readers.decode("talk.docx", data)
    assert [(one.code, one.message) for one in found] == [
        ("RT208", "skipped: numbers of 1 headings, or of items of lists with letters or with several numbers")
    ]


def test_an_item_that_begins_with_a_label_is_a_turn() -> None:
    """Whatever its number."""
    said = ["Ana: Low.", "Tom: Who?", "Ana: Nobody.", "Tom: Why?", "Ana: Time.", "Tom: Oh, well."]
    data = document("".join(item(one, 1) for one in said), numbering=LISTS)
    assert [turn.label for turn in transcript(data).turns()] == ["Ana", "Tom"] * 3


def test_captions_of_teams_may_be_paragraphs_each() -> None:
    """Times, name and words; times that nothing of the kind follows are words."""
    said = [("0:0:3.5 --> 0:0:5.10", "Ana Duarte", "Low?"), ("0:1:8.0 --> 0:1:9.0", "Tomas Lind", "Very.")]
    one = transcript(document("".join(p(part) for each in said for part in each) + p("0:2:0.0 --> 0:2:1.0")))
    assert [(turn.speaker, turn.start, turn.markdown) for turn in one.turns()] == [
        ("ana-duarte", 3.5, "Low?"),
        ("tomas-lind", 68.0, "Very.\n\n0:2:0.0 --> 0:2:1.0"),
    ]
