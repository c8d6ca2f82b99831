"""Tables: which column holds what, whose a row is, and what becomes of the other columns."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import readers
from roundtable.model import Source, Utterance
from roundtable.readers import table
from roundtable.readers.look import Look

from .. import bounded
from .spoken import Turns, codes, lost, skipped
from .spoken import reading as read_as
from .spoken import turns as turns_of

INTERVIEW = """\
timestamp,speaker,words,tags
[0:05],Ana,"Good morning. You said ""low""?",weir;tide
,Tomas:,"Yes&#8212;very low.",
[00:01:09],,"And the dredger is old, too.",tide
[0:02:00] second part,ANA,1. *Old*?,
,,[A bell rings],
"""


def reading(text: str, path: str = "talk.csv", format: str | None = None) -> readers.Reading:
    """The reading of a table."""
    return read_as(text, path, format)


def turns(text: str, path: str = "talk.csv") -> Turns:
    """Who said what, from when."""
    read = reading(text, path)
    assert read.source.format == "table"
    assert lost(read) == []
    return turns_of(read)


def test_an_interview() -> None:
    """Speaker, words and time; entities are resolved, and nothing is Markdown."""
    assert turns(INTERVIEW) == [
        ("Ana", 5.0, 'Good morning. You said "low"?'),
        ("Tomas", None, "Yes—very low. And the dredger is old, too."),
        ("Ana", 120.0, "1\\. \\*Old\\*?"),
        (None, None, "\\[A bell rings]"),
    ]


def test_other_columns_are_skipped_by_name() -> None:
    """So is a time's cell that says more."""
    assert skipped(reading(INTERVIEW)) == [
        ("weir;tide", "column 'tags' is not part of the transcript"),
        ("tide", "column 'tags' is not part of the transcript"),
        ("[0:02:00] second part", "column 'timestamp' holds more than a time here, or none"),
    ]


def test_a_row_without_a_speaker_goes_on_and_that_is_told() -> None:
    """Not so a direction in brackets, or what stands before the first speaker."""
    read = reading("speaker,words\n,Before the tape ran.\nAna,One.\n,Two.\n,(laughs)\n,Three.\n")
    assert turns_of(read) == [
        (None, None, "Before the tape ran."),
        ("Ana", None, "One. Two."),
        (None, None, "(laughs)"),
        ("Ana", None, "Three."),
    ]
    assert [(one.code, one.line, one.message) for one in read.diagnostics if one.code == "RT228"] == [
        ("RT228", 4, "2 rows name no speaker: read as words of the speaker above")
    ]


def test_a_speaker_may_stand_alone_above_their_words() -> None:
    """As merged cells come out."""
    assert turns("speaker,text\nAna,\n,One.\nTomas,\n,Two.\n") == [("Ana", None, "One."), ("Tomas", None, "Two.")]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Speaker Name,Start Time,End Time,Text", "Ana,00:00:01:12,00:00:04:00,Hello."),
        ("startTime;endTime;Speaker;Content", "00:00:01.000;00:00:04,000;Ana;Hello."),
        ("begin\tend\twho\tutterance", "0:01\t0:04\tAna\tHello."),
        ("start_ms,end_ms,speaker,transcript", "1000,4000,Ana,Hello."),
        ("Start (s),End (s),Name,Words", "1.0,4.0,Ana,Hello."),
        ("Time,Speaker,Dialogue", "00:00:01 - 00:00:04,Ana,Hello."),
        ("内容,发言人,时间", "Hello.,Ana,0:01 --> 0:04"),
        ("sep=;\nspeaker;time;text", "Ana;1s-4s;Hello."),
        ("speaker_id,utterance_text,start_time,end_time", "Ana,Hello.,1,4.0"),
        ("Timestamp,Speaker Name,Full Transcript Text", "[0:01 - 0:04],Ana,Hello."),
        ("Intervenant,Intervention,Début,Fin", "Ana,Hello.,0:01,0:04"),
        ("Talare;Anförande;Tid", "Ana;Hello.;0:01-0:04"),
    ],
)
def test_columns_have_many_names(header: str, row: str) -> None:
    """In any order, with commas, semicolons or tabs."""
    read = reading(f"\ufeff{header}\n{row}\n", "talk.tsv")
    said = [piece for piece in read.pieces if isinstance(piece, Utterance)]
    assert [(one.label, one.start, one.end, one.markdown) for one in said] == [("Ana", 1.0, 4.0, "Hello.")]
    assert (lost(read), skipped(read)) == ([], [])


def test_whole_numbers_are_milliseconds_where_seconds_make_no_sense() -> None:
    """As Whisper's tables have them; without speakers, that is told."""
    read = reading("start\tend\ttext\n0\t2500\tThe weir is low.\n2500\t4000\tWho closed it?\n", "talk.tsv")
    said = [piece for piece in read.pieces if isinstance(piece, Utterance)]
    assert [(one.start, one.end) for one in said] == [(0.0, 2.5), (2.5, 4.0)]
    assert codes(read) == ["RT226"]
    read = reading("start,end,speaker,text\n0,2,Ana,The weir is low.\n60,62,Tomas,Who closed it?\n")
    assert [piece.start for piece in read.pieces if isinstance(piece, Utterance)] == [0.0, 60.0]


def test_line_breaks_in_a_cell_part_paragraphs() -> None:
    """And spans stay right behind them."""
    read = reading('speaker,text\nAna,"One.\n\nTwo ""2""."\nTomas,Three.\n')
    assert turns_of(read) == [("Ana", None, 'One.\n\nTwo "2".'), ("Tomas", None, "Three.")]
    assert [piece.span.line for piece in read.pieces if isinstance(piece, Utterance)] == [2, 5]


def test_commas_without_quotation_marks_lose_nothing() -> None:
    """Words in the last column reach to the end of the row; elsewhere the cells too many are skipped. Both are told."""
    read = reading("speaker,text\nAna,The weir, the mole, and the tide.\nTomas,Yes.\n")
    assert turns_of(read)[0] == ("Ana", None, "The weir, the mole, and the tide.")
    assert [(one.code, one.line) for one in read.diagnostics if one.code == "RT227"] == [("RT227", 2)]
    read = reading("text,speaker\nYes,Ana\nNo,Tomas,x\n")
    assert skipped(read) == [("x", "a cell without a column")]
    assert lost(read) == []


def test_a_quotation_mark_that_is_never_closed_is_told() -> None:
    """The cell ends with its line."""
    read = reading('speaker,text\nAna,"One.\nTomas,Two.\n')
    assert turns_of(read) == [("Ana", None, '"One.'), ("Tomas", None, "Two.")]
    assert codes(read) == ["RT227"]


def test_numbers_are_speakers_too() -> None:
    """Speech-to-text writes them."""
    assert turns("speaker,text\n0,One.\n1,Two.\n") == [("Speaker 0", None, "One."), ("Speaker 1", None, "Two.")]


def test_names_that_say_little_count_if_their_cells_do() -> None:
    """Who recurs is a speaker."""
    assert turns("name,message\nAna,One.\nTomas,Two.\nAna,Three.\nTomas,Four.\n")[0] == ("Ana", None, "One.")


def test_a_name_counts_before_a_number() -> None:
    """Where a table has a column for each."""
    read = reading("speaker,speaker_name,text\n0,Ana,Low.\n1,Tomas,Very.\n", "talk.csv")
    assert [label for label, _, _ in turns("speaker,speaker_name,text\n0,Ana,Low.\n1,Tomas,Very.\n")] == [
        "Ana",
        "Tomas",
    ]
    assert skipped(read) == [(n, "column 'speaker' is not part of the transcript") for n in "01"]


def test_a_day_is_no_time_in_a_recording() -> None:
    """Nor is its year a number of seconds."""
    read = reading("timestamp,user,message\n" + "2026-03-05T10:00:00Z,ana,Low?\n05.03.2026,tom,Yes.\n" * 2, "a.csv")
    assert [piece.start for piece in read.pieces if isinstance(piece, Utterance)] == [None] * 4
    assert lost(read) == []


def test_rows_above_the_names_of_the_columns_are_skipped() -> None:
    """Titles, as spreadsheets have them; only where the names leave no doubt."""
    text = "A talk on silt,,\n,,\ntime,speaker,words\n0:01,Ana,Low.\n0:03,Tomas,Very.\n"
    read = reading(text, "talk.csv")
    assert [one.label for one in read.pieces if isinstance(one, Utterance)] == ["Ana", "Tomas"]
    assert (lost(read), skipped(read)) == ([], [("A talk on silt,,\n,,", "stands above the names of the columns")])
    assert table.recognise(Look("a.csv", text.replace("speaker", "name"))) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "speaker,words\n",
        "name,text\nweir,A wall in a river.\nmole,A wall in the sea.\ntide,The sea's breath.\n",
        "time,text\n1987,The weir was built.\n1999,It broke.\n",
        "date,message\n2026-01-02 10:00:00,started\n",
        "id,title,body\n1,Weir,Text\n",
        "year,harbour,depth\n2020,Vessel Bay,4.2\n",
        "Speaker: Ana, words: many\nMore prose, really.\n",
        "Dear Ana,\n\nthe weir is low.\n",
        "| speaker | text |\n|---|---|\n| Ana | Hi |\n",
        '{"speaker": "Ana", "text": "x"}',
        "speaker,text\n" + "Ana,\n" * 5,
    ],
)
def test_other_files_are_not_claimed(text: str) -> None:
    """Data, letters, tables of Markdown."""
    assert table.recognise(Look("a.csv", text)) == ""
    assert not readers.is_source("a.csv", text.encode)


def test_a_table_in_a_text_file_is_known_by_its_content() -> None:
    """Its name says nothing; the reason is told."""
    read = reading("speaker\ttext\nAna\tHi.\n", "talk.txt")
    assert read.source.reason == "its first row names the columns 'speaker', 'text'"


@pytest.mark.parametrize("text", ["x", "a,b\nc,d\n", '"', ",,,\n,,"])
def test_a_table_without_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="table")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


CELLS = st.one_of(
    st.sampled_from(
        ["Ana", "0:01", '"a, b"', '"a ""b"""', '"', '""', "[laughs]", "&amp;", "&#65;", "&", "x;y", "a\tb", '"a\nb"', " ", "", "\n", "0", "1:2 to 3:4", "*x*"]
    ),
    st.text(max_size=8).filter(lambda text: "\r" not in text),
)  # fmt: skip
HEADERS = st.sampled_from(
    ["speaker,words", "time,speaker,text,tags", "text;who;start;end", "start\tend\ttext", "sep=;\ntext;speaker"]
)


@settings(max_examples=500)
@given(HEADERS, st.lists(st.tuples(CELLS, st.sampled_from([",", ";", "\t", "\n"])), max_size=30))
@example("text;who;start;end", [("AT&T", ";"), ("b", "\n"), ("x &lt", ";"), ("y", "\n")])
def test_nothing_makes_the_reader_raise_or_lose_a_word(header: str, cells: list[tuple[str, str]]) -> None:
    """Whatever a row holds."""
    text = f"{header}\n" + "".join(cell + end for cell, end in cells)
    assert lost(readers.read(Source("a.csv", text, "", "table"))) == []


@given(st.text())
def test_no_text_makes_the_reader_raise(text: str) -> None:
    """Even where it is no table."""
    assert lost(readers.read(Source("a.csv", text, "", "table"))) == []


LONG = 200_000  # characters


@pytest.mark.parametrize("part", ['"', '"a,', '""', "a,\n", ",", '"a""\n,', "&a", "[", "0:", "\n", "1"])
def test_time_is_linear(part: str) -> None:
    """Of a cell that holds one thing over and over."""
    with bounded.ends():
        readers.read(Source("a.csv", f"speaker,time,text\nAna,0:01,{part * LONG}\n", "", "table"))


def test_front_matter_that_names_columns_is_no_table() -> None:
    """What stands above the names of columns is no front matter: a transcript about tables is none."""
    text = "---\ntitle: On speaker,words and tags\n---\n\n**Ana:** Three,columns,in all.\n\n**Tom:** Yes,and,no.\n"
    source, _ = readers.decode("talk.md", text.encode())
    assert source is not None
    assert source.format == "markdown"
    speaking = text.replace("On speaker,", "speaker,")
    assert (readers.decode("talk.txt", speaking.encode())[0] or source).format == "text"
