"""TEI: corpora of parliaments, transcripts of speech, plays."""

from __future__ import annotations

from functools import partial

import pytest

from roundtable import readers, speakers
from roundtable.model import Heading, Metadata, Reading, Skipped, Transcript, Utterance

from . import sittings
from .sittings import said

SITTING = """<?xml version="1.0" encoding="utf-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:lang="gl" xml:id="sitting-1">
<teiHeader>
  <fileDesc>
    <titleStmt>
      <title type="main" xml:lang="en">Sitting of the Harbour Council</title>
      <title type="main" xml:lang="gl">Sesión do Consello do Porto</title>
    </titleStmt>
    <publicationStmt><availability><licence>http://creativecommons.org/licenses/by/4.0/</licence></availability>
      <date when="2032-01-01"/></publicationStmt>
    <sourceDesc><bibl><idno type="URI">https://example.org/sitting</idno><date when="2031-05-01"/></bibl></sourceDesc>
  </fileDesc>
  <profileDesc>
    <particDesc><listPerson>
      <person xml:id="p1" role="chair"><persName><surname>Duarte</surname><forename>Ana</forename></persName></person>
    </listPerson></particDesc>
    <settingDesc><setting><date when="2031-05-02">2.5.2031</date></setting></settingDesc>
  </profileDesc>
</teiHeader>
<text>
  <body>
    <div type="debateSection">
      <head>The <hi>silt</hi></head>
      <note type="time">The sitting began at ten.</note>
      <note type="speaker">THE CHAIR:</note>
      <u who="#p1" xml:id="u1">
        <seg xml:id="s1">Good morning.</seg>
        <seg xml:id="s2">
          The floor is open
          <vocal type="murmuring"><desc>(Murmurs.)</desc></vocal>
          <gap reason="inaudible"/>, and <note>she rings the bell</note>goes on.
        </seg>
        <kinesic type="applause"><desc>Applause</desc></kinesic>
        <seg>Mr Lind.</seg>
      </u>
      <incident><desc>(The lamp falls.)</desc></incident>
      <note type="speaker">Mr LIND (engineer).-</note>
      <kinesic><desc>(He stands up.)</desc></kinesic>
      <u who="#LindTomas"><seg>Thank&#8217;s.</seg></u>
      <u who="#LindTomas"><seg>One thing more.</seg></u>
      <u who="#p1 #LindTomas">Yes!</u>
      <note type="speaker">NOBODY:</note>
      <div><head>Annex</head><p>A list of boats.</p></div>
    </div>
  </body>
</text>
</TEI>
"""


reading = partial(sittings.reading, format="tei")


def body(inner: str) -> Reading:
    """The reading of a text's body."""
    return reading(f"<TEI><text><body>{inner}</body></text></TEI>")


def test_a_sitting_becomes_turns() -> None:
    """Printed labels, ids, notes where they stand, narration."""
    assert said(reading(SITTING)) == [
        (None, None, "The sitting began at ten."),
        (
            "THE CHAIR",
            "p1",
            "Good morning.\n\nThe floor is open (Murmurs.) \\[…] , and \\[she rings the bell] goes on.\n\n\\[Applause]\n\nMr Lind.",
        ),
        (None, None, "(The lamp falls.)"),
        (None, None, "(He stands up.)"),
        ("Mr LIND (engineer)", "LindTomas", "Thank’s.\n\nOne thing more."),
        ("Ana Duarte, Lind Tomas", "p1 LindTomas", "Yes!"),
        (None, None, "NOBODY:"),
        (None, None, "A list of boats."),
    ]


def test_the_head_gives_people_and_metadata() -> None:
    """Given name first; an id that is a name is taken for one."""
    one = reading(SITTING)
    assert [(p.id, p.name, p.role) for p in one.people] == [
        ("p1", "Ana Duarte", "chair"),
        ("LindTomas", "Lind Tomas", None),
        ("p1 LindTomas", "Ana Duarte, Lind Tomas", None),
    ]
    told = one.metadata
    assert told.title == "Sesión do Consello do Porto"
    assert (told.date, told.language, told.source) == ("2031-05-02", "gl", "https://example.org/sitting")
    assert told.license == "http://creativecommons.org/licenses/by/4.0/"
    assert reading(SITTING, sidecar=Metadata(date="2030")).metadata.date == "2030"


def test_a_label_belongs_to_the_speech_after_it() -> None:
    """Its span begins with the label, if nothing stands between."""
    one = reading(SITTING)
    text = one.source.text
    first, second, *_ = [p for p in one.pieces if isinstance(p, Utterance) and p.who in ("p1", "LindTomas")]
    assert text[first.span.start :].startswith('<note type="speaker">THE CHAIR')
    assert text[: first.words_at].endswith('<u who="#p1" xml:id="u1">')
    assert text[second.span.start :].startswith('<u who="#LindTomas">')


def test_headings_of_divisions() -> None:
    """By depth; a list's is a paragraph."""
    assert [(p.title, p.level) for p in reading(SITTING).pieces if isinstance(p, Heading)] == [
        ("The silt", 2),
        ("Annex", 3),
    ]
    assert said(body("<list><head>Boats</head><item>one</item></list><u who='#a'>x</u>"))[0][2] == "Boats\n\n- one"


def test_a_play() -> None:
    """Speakers, verse, stage directions."""
    one = body(
        "<castList><castItem><role xml:id='mo'>Mother</role>, a widow</castItem></castList><div1><head>Act 1</head>"
        "<stage>Enter Mother.</stage><sp who='#mo'><speaker>MOTHER.</speaker> <stage>aside</stage><l>The tide is out,</l>"
        "<l>the boats are in.</l></sp><sp><speaker>Son</speaker><p>Yes.</p><stage>Exit.</stage></sp></div1>"
    )
    assert said(one) == [
        (None, None, "Mother, a widow"),
        (None, None, "Enter Mother."),
        ("MOTHER", "mo", "\\[aside]\n\nThe tide is out,  \nthe boats are in."),
        ("Son", None, "Yes.\n\n\\[Exit.]"),
    ]
    assert [(p.id, p.name) for p in one.people] == [("mo", "Mother")]


def test_a_label_inside_the_speech() -> None:
    """Some corpora put it first in the utterance."""
    one = body("<u who='#x'><note type='speaker'>Ana Duarte:</note> <seg>Hello.</seg></u>")
    assert said(one) == [("Ana Duarte", "x", "Hello.")]
    assert one.people[0].name == "Ana Duarte"


def test_times_of_a_timeline() -> None:
    """ISO 24624: speakers and times on the block around the utterance; segments of one speaker are one turn."""
    one = reading(
        "<TEI><text><timeline unit='s'><when xml:id='T0'/><when xml:id='T1' interval='1.5' since='#T0'/>"
        "<when xml:id='T2' interval='2000' since='#T1' unit='ms'/></timeline><body>"
        "<annotationBlock who='#SPK0' start='#T0' end='#T1'><u><seg>one</seg></u><spanGrp><span>one/NUM</span></spanGrp>"
        "</annotationBlock><annotationBlock who='#SPK0' start='#T1' end='#T2'><u>two</u></annotationBlock></body></text></TEI>"
    )
    assert [(p.start, p.end) for p in one.pieces if isinstance(p, Utterance)] == [(0.0, 1.5), (1.5, 3.5)]
    assert [p.text for p in one.pieces if isinstance(p, Skipped)] == ["one/NUM"]
    document, _ = speakers.attribute(one, "en")
    assert isinstance(document, Transcript)
    assert [(t.speaker, t.markdown) for t in document.turns()] == [("spk0", "one two")]


@pytest.mark.parametrize(("start", "seconds"), [("12.5", 12.5), ("00:01:00", 60.0), ("2031-05-01T10:00:00Z", None)])
def test_times_on_the_utterance(start: str, seconds: float | None) -> None:
    """Offsets, no dates."""
    one = body(f"<u who='#a' start='{start}'>x</u>")
    assert [p.start for p in one.pieces if isinstance(p, Utterance)] == [seconds]


def test_tokens_join_as_they_say() -> None:
    """Annotated corpora."""
    tokens = "<s><w join='right'>Yes</w><pc>,</pc>\n<w>it</w> <w join='right'>was</w>\n<w>n't</w><lb/><w>so</w> <pc join='left'>.</pc></s>"
    assert said(body(f"<u who='#a'><seg>{tokens}{tokens}</seg></u>"))[0][2] == "Yes, it wasn't so. Yes, it wasn't so."


def test_spellings_and_running_heads() -> None:
    """One spelling is shown; what is left out is told."""
    one = body("<u who='#a'>The <choice><sic>habour</sic><corr>harbour</corr></choice><fw>page 3</fw> is deep.</u>")
    assert said(one) == [("a", "a", "The habour is deep.")]
    assert [p.text for p in one.pieces if isinstance(p, Skipped)] == ["harbour", "page 3"]


def test_an_utterance_that_names_nobody_is_narration() -> None:
    """And told."""
    one = body("<u>Who?</u>")
    assert said(one) == [(None, None, "Who?")]
    assert [found.code for found in one.diagnostics] == ["RT212", "RT224"]


def test_editions_of_prose_are_not_claimed() -> None:
    """TEI is used for far more than transcripts."""
    for text in ("<TEI><text><p>u</p></text></TEI>", "<html><u>x</u></html>", "TEI <u>"):
        source, _ = readers.decode("a.xml", text.encode())
        assert source is not None
        assert source.format != "tei"


def test_several_who_speak_at_once_are_all_named_whatever_is_printed() -> None:
    """The label is another name of theirs."""
    play = body('<sp who="#ana #tomas"><speaker>BOTH.</speaker><p>Oh!</p></sp><sp who="#ana"><p>So.</p></sp>')
    assert said(play) == [("BOTH", "ana tomas", "Oh!"), ("ana", "ana", "So.")]
    document, _ = speakers.attribute(play, "en")
    assert isinstance(document, Transcript)
    assert [(one.name, one.aliases) for one in document.speakers] == [("ana, tomas", ("BOTH",)), ("ana", ())]


def test_who_may_be_a_name_and_no_reference() -> None:
    """Several words without a sign of a reference, which are no ids of the list."""
    assert said(body('<sp who="Ana  Duarte"><p>Low.</p></sp>')) == [("Ana Duarte", "Ana Duarte", "Low.")]
    listed = "<listPerson><person xml:id='a'><persName>Ana</persName></person></listPerson>"
    assert said(body(f'{listed}<u who="a b">Low.</u>'))[-1] == ("Ana, b", "a b", "Low.")


def test_signs_behind_a_speaker_of_a_play_are_no_part_of_the_name() -> None:
    """Printers end it with a full stop, or with a comma where a direction follows."""
    play = body(
        "<sp><speaker>ANA,</speaker> <stage>sadly</stage><l>Low.</l></sp><sp><speaker>ANA.</speaker><p>So.</p></sp>"
    )
    assert [label for label, _, _ in said(play)] == ["ANA", "ANA"]
