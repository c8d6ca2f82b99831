"""parlparse's files: speeches by attribute, headings, divisions."""

from __future__ import annotations

from functools import partial

from roundtable.model import Heading, Metadata, Utterance

from . import sittings
from .sittings import said

DAY = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE publicwhip [
<!ENTITY pound "&#163;">
<!ENTITY mdash "&#8212;">
]>
<publicwhip scraperversion="a" latest="yes">
<oral-heading id="uk.org.publicwhip/debate/2031-01-07a.223.0" nospeaker="true" time="11:34:00">Oral Answers</oral-heading>
<major-heading id="uk.org.publicwhip/debate/2031-01-07a.223.1" nospeaker="true">Harbours</major-heading>
<minor-heading id="uk.org.publicwhip/debate/2031-01-07a.223.2" nospeaker="true">
  Silt </minor-heading>
<speech id="a.3" speakername="Ana Duarte" person_id="uk.org.publicwhip/person/25588" time="11:34:00" colnum="223">
<p pid="1" qnum="9">What steps is he taking&#151;and on &pound;5 fees?</p>
</speech>
<speech id="a.4" speakername="Tomas Lind" person_id="uk.org.publicwhip/person/2" speakeroffice="Minister for Harbours">
<p>My <phrase class="honfriend" id="x">hon. Friend</phrase> knows&mdash;</p><p class="indent">&#8220;So *it* is.&#8221;</p>
<table><tr><td><p>Silt</p></td><td>4 m</td></tr></table>
</speech>
<speech id="a.5" speakername="A. Duarte" speakerid="uk.org.publicwhip/person/25588"><p>Thank you.</p></speech>
<speech id="a.6" nospeaker="true" speakerid="unknown"><p><i>Question put and agreed to.</i></p></speech>
<speech id="a.7" speakername="Hon. Members" speakerid="unknown"><p>No.</p></speech>
<division id="a.8" divdate="2031-01-07" divnumber="1" time="12:00:00"><divisioncount ayes="2" noes="1"/>
<mplist vote="aye"><mpname id="1" vote="aye">Duarte, Ana</mpname>
<mpname id="2">Lind, Tomas</mpname></mplist>
<mplist vote="no"><mpname>Reis, Joana</mpname></mplist></division>
</publicwhip>
"""


reading = partial(sittings.reading, format="parlparse")


def test_a_day_becomes_turns() -> None:
    """By name and id; clerks' words and divisions are narration; the clock in the chamber is no time."""
    one = reading(DAY)
    assert said(one) == [
        ("Ana Duarte", "ana-duarte-25588", "What steps is he taking—and on £5 fees?"),
        ("Tomas Lind", "tomas-lind-2", "My hon. Friend knows—\n\n“So \\*it\\* is.”\n\nSilt | 4 m"),
        ("A. Duarte", "ana-duarte-25588", "Thank you."),
        (None, None, "Question put and agreed to."),
        ("Hon. Members", None, "No."),
        (None, None, "Duarte, Ana; Lind, Tomas\n\nReis, Joana"),
    ]
    assert all(p.start is None for p in one.pieces if isinstance(p, Utterance))
    assert [p.name for p in one.people] == ["Ana Duarte", "Tomas Lind"]
    assert one.people[1].role == "Minister for Harbours"


def test_headings_and_what_the_ids_say() -> None:
    """The house and the day."""
    one = reading(DAY)
    assert [(p.title, p.level) for p in one.pieces if isinstance(p, Heading)] == [
        ("Oral Answers", 2),
        ("Harbours", 2),
        ("Silt", 3),
    ]
    told = one.metadata
    assert (told.title, told.date, told.language) == ("House of Commons debates, 2031-01-07", "2031-01-07", "en")
    assert reading(DAY, sidecar=Metadata(title="Silt")).metadata.title == "Silt"
    assert reading("<publicwhip><speech speakername='A'>x</speech></publicwhip>").metadata == Metadata()


def test_questions_and_replies_are_speeches() -> None:
    """Written answers."""
    one = reading(
        "<publicwhip><ques id='uk.org.publicwhip/wrans/2031-13-40.1' speakername='Ana Duarte' speakerid='x/1'><p>When?</p></ques>"
        "<reply speakername='Tomas Lind' speakerid='x/2'><p>Soon.</p></reply></publicwhip>"
    )
    assert [(label, words) for label, _, words in said(one)] == [("Ana Duarte", "When?"), ("Tomas Lind", "Soon.")]
    assert one.metadata.date is None


def test_two_people_of_one_name_stay_two() -> None:
    """Their ids tell them apart."""
    one = reading(
        "<publicwhip><speech speakername='Ana Duarte' person_id='p/1'>A</speech><speech speakername='Ana Duarte' "
        "person_id='p/2'>B</speech></publicwhip>"
    )
    assert [who for _, who, _ in said(one)] == ["ana-duarte-1", "ana-duarte-2"]


def test_speeches_that_name_nobody_are_told_once() -> None:
    """Whether the file says so or says nothing."""
    speeches = '<speech nospeaker="true"><p>Order read.</p></speech>\n<speech speakername="Ana"><p>Low.</p></speech>\n<speech><p>Who?</p></speech>\n'
    read = reading(f"<publicwhip>\n{speeches}</publicwhip>")
    assert [(one.code, one.line) for one in read.diagnostics if one.code == "RT224"] == [("RT224", 2)]
    assert "2 in all" in next(one.message for one in read.diagnostics if one.code == "RT224")
