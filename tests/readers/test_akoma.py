"""Akoma Ntoso debates: who speaks, what is printed, what is heading and what is narration."""

from __future__ import annotations

from functools import partial

import pytest

from roundtable import readers, speakers
from roundtable.model import Heading, Metadata, Preamble, Reading, Skipped, Transcript, Utterance

from . import sittings
from .sittings import said

DEBATE = """<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
  <debate name="hansard">
    <meta>
      <identification source="#clerk">
        <FRBRWork><FRBRdate date="2031-05-02" name="work"/></FRBRWork>
        <FRBRExpression><FRBRlanguage language="eng"/></FRBRExpression>
      </identification>
      <references source="#clerk">
        <TLCPerson eId="duarte" href="/person/duarte" showAs="Ana  Duarte"/>
        <TLCPerson eId="lind" href="/person/lind" showAs="Tomas Lind"/>
        <TLCPerson eId="anybody" href="/person/x" showAs="stands for anybody"/>
        <TLCRole eId="minister" href="/role/minister" showAs="Minister for Harbours"/>
      </references>
      <notes source="#clerk"><note eId="n1"><p>The weir of 1931.</p></note></notes>
    </meta>
    <preface><p>THE <docProponent>PARLIAMENT</docProponent></p><p><docTitle>Third Sitting</docTitle></p>
      <p><docDate date="2031-05-01">1 May</docDate></p><toc><tocItem href="/" level="0">Silt 3</tocItem></toc></preface>
    <debateBody>
      <prayers><heading>PRAYERS</heading></prayers>
      <debateSection name="motions">
        <num>I.</num> <heading>On <i>Silt</i></heading><subheading>second reading</subheading>
        <scene>(The bell rang)</scene>
        <speech by="#duarte" as="#minister" startTime="2031-05-01T10:00:00+01:00">
          <from>Ms <person refersTo="#duarte">DUARTE</person> (Minister).- </from>
          <p>The river&#160;brings *sand*<eol/>and more<noteRef href="#n1" marker="1"/>.</p>
          <p>One<br/>two <remark>[interruption]</remark> and <authorialNote marker="2"><p>in 1931</p></authorialNote>three.</p>
          <scene>Applause</scene>
          <p>I go on.</p>
        </speech>
        <debateSection name="answers">
          <heading>Answers</heading>
          <question by="#lind"><num>12</num><from>Mr Lind</from><p>When?</p></question>
          <answer by="duarte" as="#minister"><p>In May &amp; June.</p></answer>
          <speech by="#anybody"><from>The CLERK:</from><p>Order.</p></speech>
          <speech by="#anybody"><from>Mr ROSSI.- I rise to speak.</from><p>And I sat down.</p></speech>
        </debateSection>
        <p>The House rose at <recordedTime time="2031-05-01T12:00:00">noon</recordedTime>.</p>
      </debateSection>
    </debateBody>
  </debate>
</akomaNtoso>
"""
MINISTER = (
    "The river\N{NO-BREAK SPACE}brings \\*sand\\* and more.",
    "One  \ntwo \\[interruption] and \\[in 1931] three.",
    "\\[Applause]",
    "I go on.",
)


reading = partial(sittings.reading, format="akoma-ntoso")


def body(inner: str) -> Reading:
    """The reading of a debate's body."""
    return reading(f"<akomaNtoso><debate><debateBody>{inner}</debateBody></debate></akomaNtoso>")


def test_a_debate_becomes_turns() -> None:
    """Printed labels, ids, narration, notes in brackets, paragraphs and line breaks."""
    one = reading(DEBATE)
    assert said(one) == [
        (None, None, "THE PARLIAMENT\n\nThird Sitting\n\n1 May"),
        (None, None, "(The bell rang)"),
        ("Ms DUARTE (Minister)", "duarte", "\n\n".join(MINISTER)),
        (None, None, "12"),
        ("Mr Lind", "lind", "When?"),
        ("Ana Duarte", "duarte", "In May & June."),
        ("The CLERK", None, "Order."),
        ("Mr ROSSI", None, "I rise to speak.\n\nAnd I sat down."),
        (None, None, "The House rose at noon."),
    ]
    assert all(p.start is None for p in one.pieces if isinstance(p, Utterance))
    assert one.convention == "speaker ids, 3 of 5 speeches"


def test_headings_have_the_level_of_their_section() -> None:
    """Number and subheading belong to them."""
    assert [(p.title, p.level) for p in reading(DEBATE).pieces if isinstance(p, Heading)] == [
        ("PRAYERS", 2),
        ("I. On Silt – second reading", 2),
        ("Answers", 3),
    ]


def test_the_head_gives_people_title_date_and_language() -> None:
    """A role is a person's where all their speeches are given in it."""
    one = reading(DEBATE)
    assert [(p.id, p.name, p.role) for p in one.people] == [
        ("duarte", "Ana Duarte", "Minister for Harbours"),
        ("lind", "Tomas Lind", None),
    ]
    told = one.metadata
    assert (told.title, told.date, told.language) == ("Third Sitting", "2031-05-01", "en")
    told = reading(DEBATE, sidecar=Metadata(title="Silt", language="en-GB")).metadata
    assert (told.title, told.date, told.language) == ("Silt", "2031-05-01", "en-GB")


def test_what_is_left_out_is_said() -> None:
    """A table of contents; notes in the head."""
    skipped = [(p.text, p.reason) for p in reading(DEBATE).pieces if isinstance(p, Skipped)]
    assert [text for text, _ in skipped] == ["The weir of 1931.", "Silt 3"]
    assert all(reason for _, reason in skipped)


def test_spans_are_exact() -> None:
    """A speech is its element; its words begin behind its label."""
    one = reading(DEBATE)
    speech = next(p for p in one.pieces if isinstance(p, Utterance) and p.label == "Ms DUARTE (Minister)")
    text = one.source.text
    assert text[speech.span.start :].startswith('<speech by="#duarte"')
    assert text[: speech.span.end].endswith("</speech>")
    assert text[: speech.words_at].endswith("</from>")
    assert speech.span.line == text[: speech.span.start].count("\n") + 1
    rossi = next(p for p in one.pieces if isinstance(p, Utterance) and p.label == "Mr ROSSI")
    assert text[rossi.words_at :].startswith("I rise")


def test_an_archive_with_a_speech_for_each_paragraph() -> None:
    """No namespace, ids that are names, one section whose heading is the title: neighbouring paragraphs are one turn."""
    one = body(
        "<debateSection><heading>2031-05-01 On Silt</heading>\n<speech by='#Ana Duarte'><p>A.</p></speech>\n"
        "<speech by='#Ana Duarte'><p>B.</p></speech>\n<narrative><p><i>(laughter)</i></p></narrative>"
        "<speech by='#Ana Duarte'><p>C.</p></speech><speech by='#薛嵐'><p>D.</p></speech></debateSection>"
    )
    assert said(one) == [
        ("Ana Duarte", "Ana Duarte", "A.\n\nB."),
        (None, None, "(laughter)"),
        ("Ana Duarte", "Ana Duarte", "C."),
        ("薛嵐", "薛嵐", "D."),
    ]
    assert one.metadata.title == "2031-05-01 On Silt"
    assert isinstance(one.pieces[0], Preamble)
    document, _ = speakers.attribute(one, "en")
    assert isinstance(document, Transcript)
    assert [s.title for s in document.sections] == [None]


def test_two_ids_of_one_name_stay_two() -> None:
    """The file tells them apart."""
    text = (
        "<akomaNtoso><debate><meta><references><TLCPerson id='a1' showAs='Ana Duarte'/><TLCPerson id='a2' showAs='Ana "
        "Duarte'/></references></meta><debateBody><speech by='#a1'><p>A</p></speech><speech by='#a2'><p>B</p></speech>"
        "</debateBody></debate></akomaNtoso>"
    )
    document, _ = speakers.attribute(reading(text), "en")
    assert isinstance(document, Transcript)
    assert len({turn.speaker for turn in document.turns()}) == 2


@pytest.mark.parametrize(
    ("times", "starts"),
    [
        (("00:00:05", "00:01:10.5"), [5.0, 70.5]),
        (("PT2S", "PT1M"), [2.0, 60.0]),
        (("10:00:00", "10:05:00"), [None, None]),
        (("2031-05-01T10:00:00", "00:00:05"), [None, None]),
    ],
)
def test_only_offsets_are_times(times: tuple[str, str], starts: list[float | None]) -> None:
    """A date, or the time of day, is no place in a recording."""
    one = body("".join(f"<speech by='#a{i}' startTime='{time}'><p>A</p></speech>" for i, time in enumerate(times)))
    assert [p.start for p in one.pieces if isinstance(p, Utterance)] == starts


def test_a_speech_that_names_nobody_is_narration() -> None:
    """And told."""
    one = body("<speech><p>Who?</p></speech><speech by='#'><from>A Member:</from><p>I.</p></speech>")
    assert said(one) == [(None, None, "Who?"), ("A Member", None, "I.")]
    assert [found.code for found in one.diagnostics] == ["RT212", "RT224"]


def test_a_speech_that_is_interrupted_goes_on() -> None:
    """The words of both stay theirs."""
    one = body("<speech by='#A B'><p>One <speech by='#C D'><p>Two</p></speech> three</p><p>four</p></speech>")
    assert said(one) == [("A B", "A B", "One"), ("C D", "C D", "Two"), ("A B", "A B", "three\n\nfour")]


def test_lists_tables_and_votes() -> None:
    """Items, cells and names are parted."""
    one = body(
        "<rollCall><heading>Vote</heading><p>Ayes:<vote by='#a'><person>Duarte;</person></vote><vote by='#b'>Lind</vote></p>"
        "<ul><li>one</li><li>two</li></ul><table><tr><th>a</th><td><p>b</p></td></tr><tr><td>c</td></tr></table>"
        "<blockList><item><num>(1)</num><p>x</p></item></blockList></rollCall>"
    )
    assert said(one) == [(None, None, "Ayes: Duarte; Lind\n\n- one\n\n- two\n\na | b\n\nc\n\n(1)\n\nx")]


def test_acts_and_other_documents_are_not_claimed() -> None:
    """Only debates hold speeches."""
    for text in ("<akomaNtoso><act><p>debate</p></act></akomaNtoso>", "<debate/>", "Akoma", "<akomaNtoso"):
        assert readers.decode("a.xml", text.encode())[0].format != "akoma-ntoso"  # type: ignore[union-attr]
    assert readers.decode("a.xml", b"<an:akomaNtoso><an:debate></an:debate></an:akomaNtoso>")[0].format == "akoma-ntoso"  # type: ignore[union-attr]


def test_an_address_as_an_id_and_a_full_stop_behind_a_label() -> None:
    """The last part of the address is the name; an abbreviation keeps its full stop."""
    debate = body(
        '<speech by="/ontology/person/duarte"><p>Low.</p></speech>'
        '<speech by="#p"><from>President.</from><p>Who?</p></speech><speech by="#q"><from>Ana D.</from><p>I.</p></speech>'
    )
    assert [label for label, _, _ in said(debate)] == ["duarte", "President", "Ana D."]
