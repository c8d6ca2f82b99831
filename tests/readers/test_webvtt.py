"""WebVTT: cues, voices, names, and captions that roll."""

from __future__ import annotations

import pytest
import webvtt
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import fidelity, readers, speakers
from roundtable.model import Preamble, Reading, Transcript, Utterance

from .. import bounded


def reading(text: str, path: str = "talk.vtt") -> Reading:
    """The reading of captions; every word of them is accounted for."""
    source, found = readers.decode(path, text.encode())
    assert source is not None
    assert found == ()
    read = readers.read(source)
    assert fidelity.reading(read) == ()
    return read


def said(text: str, path: str = "talk.vtt") -> list[tuple[str | None, str]]:
    """Who said what, in order."""
    document, _ = speakers.attribute(reading(text, path), "en")
    assert isinstance(document, Transcript)
    return [(turn.speaker, turn.markdown) for turn in document.turns()]


def utterances(text: str, path: str = "talk.vtt") -> list[tuple[str | None, str]]:
    """The label and words of each utterance."""
    return [(one.label, one.markdown) for one in reading(text, path).pieces if isinstance(one, Utterance)]


def vtt(*cues: str, header: str = "WEBVTT") -> str:
    """Captions of these texts, two seconds each."""
    times = (f"{n // 30:02}:{n * 2 % 60:02}.000 --> {n // 30:02}:{n * 2 % 60 + 1:02}.500" for n in range(len(cues)))
    return f"{header}\n\n" + "\n\n".join(f"{time}\n{cue}" for time, cue in zip(times, cues, strict=True)) + "\n"


def skipped(text: str) -> list[tuple[str, str]]:
    """What is not transcript, and why."""
    return [(one.text, one.reason) for one in reading(text).pieces if hasattr(one, "reason")]


REALISTIC = """\ufeffWEBVTT - The harbour
Kind: captions
Language: en-GB

STYLE
::cue(v[voice=Ana]) { color: lime }

REGION
id:left
width:40%

NOTE
The second half is lost.

intro
00:01.000 --> 00:03.500 position:10%,line-left align:start size:35%
<v.loud Ana Duarte>Why is the <i>harbour</i> getting
<c.yellow>shallower</c>?</v>

2
00:00:04.000 --> 00:00:05.000
Tell me, Tom &amp; Jo.

00:05.000 --> 00:06.000
[gulls]

00:06.000 --> 00:08.000
<v Tomas Lind>The <00:06.500>river <00:07.000>brings <b>sand</b>.
<v Jo O&apos;Neil>And silt &lt; 3&nbsp;mm.

00:09.000 --> 00:10.000
And mud.
"""


def test_a_realistic_file() -> None:
    """Voices, classes, inner times, entities, settings, names of cues; times of utterances."""
    assert said(REALISTIC) == [
        ("ana-duarte", "Why is the harbour getting shallower? Tell me, Tom & Jo."),
        (None, "\\[gulls]"),
        ("tomas-lind", "The river brings sand."),
        ("jo-oneil", "And silt < 3 mm. And mud."),
    ]
    read = reading(REALISTIC)
    first = next(one for one in read.pieces if isinstance(one, Utterance))
    assert (first.start, first.end, first.span.line, first.words_at - first.span.start) == (1.0, 3.5, 17, 19)
    assert read.metadata.language == "en-GB"
    assert read.convention == "voice tags, 2 of 5; those without go on with the speaker before"
    assert read.source.reason == "begins with 'WEBVTT'"
    assert [reason for _, reason in skipped(REALISTIC)] == [
        "words in the header of the captions",
        "style sheet of the captions",
        "where captions stand on the screen",
        "note in the captions that players don't show",
    ]
    assert "intro" in [read.source.text[p.span.start : p.span.end] for p in read.pieces if isinstance(p, Preamble)]


def test_every_cue_named_as_zoom_does() -> None:
    """Names of any form; what is said with a colon stays words; a cue without a name is nobody's."""
    text = vtt(
        "nixo: Hello: all of you.",
        "Greg K | Pier (M): Hi.",
        "Greg K | Pier (M): And hi.",
        "@tide 🌊: Note: low water.",
        "nixo: Right.",
        "nixo: So.",
        "nixo: One more.",
        "Somebody coughs.",
        "nixo: Bye.",
        "nixo: Bye bye.",
    )
    assert said(text) == [
        ("nixo", "Hello: all of you."),
        ("greg-k-pier-m", "Hi. And hi."),
        ("tide", "Note: low water."),
        ("nixo", "Right. So. One more."),
        (None, "Somebody coughs."),
        ("nixo", "Bye. Bye bye."),
    ]
    assert ("RT229", 25) in [(one.code, one.line) for one in reading(text).diagnostics]


def test_names_at_changes_of_speaker_carry_over() -> None:
    """Neighbouring names differ, so a cue without one goes on."""
    text = vtt("Ana: One.", "Two.", "Tomas: Three.", "(laughter)", "Four.", "Ana: Five.", "Six.")
    assert said(text) == [("ana", "One. Two."), ("tomas", "Three."), (None, "(laughter)"), ("tomas", "Four."), ("ana", "Five. Six.")]  # fmt: skip


def test_chevrons_mark_changes() -> None:
    """With a name, or without one: then nobody is known to speak, until the next name."""
    text = vtt("&gt;&gt; ANA: Good evening.", ">> Hello. >> TOMAS LIND: Hi.", "Still me.", ">> Who knows?", "Not I.")
    assert utterances(text) == [
        ("ANA", "Good evening."),
        (None, "\\>> Hello."),
        ("TOMAS LIND", "Hi."),
        ("TOMAS LIND", "Still me."),
        (None, "\\>> Who knows?"),
        (None, "Not I."),
    ]


def test_dashes_mark_changes_within_a_cue() -> None:
    """Each line is another speaker's; a dash in a sentence and a number below zero are none."""
    text = vtt("Ana: Ready?", "- Yes.\n-No.", "Ana: It was\n- as I said -\ncold:\n-5 degrees.", "- TOMAS: Brr.")
    assert utterances(text) == [
        ("Ana", "Ready?"),
        (None, "\\- Yes."),
        (None, "\\-No."),
        ("Ana", "It was - as I said - cold: -5 degrees."),
        ("TOMAS", "Brr."),
    ]


def test_names_in_brackets() -> None:
    """With a colon, numbered, or all along; what is heard is no name."""
    assert utterances(vtt("(Ana): One.", "(Tomas): Two.", "(Ana): Three.")) == [
        ("Ana", "One."),
        ("Tomas", "Two."),
        ("Ana", "Three."),
    ]
    assert utterances(vtt("[SPEAKER_00] One.", "[Music] Two.", "[SPEAKER_01]: Three.")) == [
        ("SPEAKER_00", "One."),
        ("SPEAKER_00", "\\[Music] Two."),
        ("SPEAKER_01", "Three."),
    ]
    text = vtt(
        "[Ana] One.", "[Tomas] Two.", "[Ana] [laughs] Three.", "[Tomas] Four.", "[Laughter] Five.", "[Laughter] Six."
    )
    assert [label for label, _ in utterances(text)] == ["Ana", "Tomas", "Ana", "Tomas", "Tomas", "Tomas"]


def test_words_before_a_colon_are_no_name() -> None:
    """Prose stays prose, and a name that comes once is said."""
    text = vtt("Ana: This is the point:", "remember", "Remember: the tide.", "Tomas: Two things: sand and", "money: that's all.", "And so.", "Ana: So.", "Jo Li: Hm.")  # fmt: skip
    assert utterances(text) == [
        ("Ana", "This is the point:"),
        ("Ana", "remember"),
        ("Ana", "Remember: the tide."),
        ("Tomas", "Two things: sand and"),
        ("Tomas", "money: that's all."),
        ("Tomas", "And so."),
        ("Ana", "So."),
        ("Jo Li", "Hm."),
    ]
    found = [(one.code, one.line) for one in reading(text).diagnostics]
    assert found[1:] == [("RT206", 10), ("RT211", 13), ("RT211", 25), ("RT229", 7)]
    assert utterances(vtt("We have one rule.", "Silence: always.", "And so on.")) == [
        (None, "We have one rule."),
        (None, "Silence: always."),
        (None, "And so on."),
    ]


YOUTUBE = """WEBVTT
Kind: captions
Language: en

00:00:00.160 --> 00:00:02.470 align:start position:0%
~
so<00:00:00.400><c> today</c><00:00:00.640><c> we</c><00:00:01.000><c> row</c>

00:00:02.470 --> 00:00:02.480 align:start position:0%
so today we row
~

00:00:02.480 --> 00:00:04.150 align:start position:0%
so today we row
row<00:00:02.720><c> row</c><00:00:03.000><c> your</c>

00:00:04.150 --> 00:00:04.160 align:start position:0%
row row your
~

00:00:04.160 --> 00:00:06.000 align:start position:0%
row row your
boat
""".replace("~", " ")  # players take a line of one space for no empty one


def test_captions_that_roll_are_read_once() -> None:
    """As YouTube writes them; what is shown again is skipped with its reason."""
    assert said(YOUTUBE) == [(None, "so today we row row row your boat")]
    reason = "a rolling caption shows again what the one before it showed"
    assert skipped(YOUTUBE) == [
        ("so today we row", reason),
        ("so today we row", reason),
        ("row row your", reason),
        ("row row your", reason),
    ]


def test_captions_that_roll_keep_their_speakers() -> None:
    """Names are shown again, too."""
    text = vtt(
        ">> ANA: Who rows\nhere?", "here?\n>> TOMAS: I do,", ">> TOMAS: I do,\nevery day.", "every day.\n>> ANA: Good."
    )
    assert said(text) == [("ana", "Who rows here?"), ("tomas", "I do, every day."), ("ana", "Good.")]


def test_another_voice_never_only_shows_again() -> None:
    """Whoever repeats the last word of a rolling caption says it, too."""
    rolling = (
        "<v Ana>Low water",
        "<v Ana>Low water\nat six.",
        "<v Ana>at six.\nHigh at noon.",
        "<v Ana>High at noon.\nYes.",
    )
    assert said(vtt(*rolling, "<v Tom>Yes.")) == [("ana", "Low water at six. High at noon. Yes."), ("tom", "Yes.")]
    assert said(vtt(*rolling, "<v Tom>Yes.\nNo.", "<v Ana>No.\nYes.")) == [
        ("ana", "Low water at six. High at noon. Yes."),
        ("tom", "Yes. No."),
        ("ana", "No. Yes."),
    ]


def test_names_say_that_another_speaks_where_captions_roll() -> None:
    """At the head of a caption of SubRip, and on a line above it."""
    for name in ("{}: ", "[{}] ", "{}\n"):
        ana, tom = name.format("Ana Duarte"), name.format("Tom Lind")
        text = vtt(
            f"{ana}Low water", f"{ana}Low water\nat six.", f"{ana}at six.\nHigh.", f"{ana}High.\nYes.", f"{tom}Yes.",
            f"{tom}Yes.\nNo.",
        ).partition("\n\n")[2]  # fmt: skip
        assert [who for who, _ in said(text.replace(".000", ",000").replace(".500", ",500"), "talk.srt")][
            -1
        ] == "tom-lind"


@given(st.lists(st.tuples(st.sampled_from("AB"), st.lists(st.sampled_from(["yes", "no"]), min_size=1, max_size=3))))
@example([("A", ["yes"]), ("A", ["yes", "no"]), ("A", ["no", "yes"]), ("A", ["yes", "no"]), ("B", ["no"])])
def test_no_word_of_a_new_voice_is_skipped(cues: list[tuple[str, list[str]]]) -> None:
    """However often the words were shown before."""
    read = reading(vtt(*(f"<v {who}>" + "\n".join(lines) for who, lines in cues)))
    spoken = {(one.start, one.label): one.markdown for one in read.pieces if isinstance(one, Utterance)}
    for n, (who, lines) in enumerate(cues):
        if n and cues[n - 1][0] != who:
            assert spoken[float(n * 2), who] == " ".join(lines)


def test_a_caption_too_brief_to_speak_in_only_moves_lines() -> None:
    """YouTube's steps are known one by one, though little else rolls."""
    text = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\n<v Ana>Hello<00:00.400><c> there</c>\n\n00:02.000 --> 00:02.010\n<v Ana>Hello there"
        "\n\n00:02.010 --> 00:04.000\n<v Ana>Hello there\nand welcome.\n\n00:04.000 --> 00:06.000\n<v Ana>Thanks\n\n"
        "00:06.000 --> 00:08.000\n<v Ana>Thanks\n\n00:08.000 --> 00:10.000\n<v Tom>No!\n\n"
        "00:10.000 --> 00:10.010\n<v Ana>No!\n\n00:10.010 --> 00:10.010\n<v Ana>No!\n"
    )
    assert said(text) == [("ana", "Hello there and welcome. Thanks Thanks"), ("tom", "No!"), ("ana", "No!")]
    assert [words for words, _ in skipped(text)] == ["Hello there", "Hello there", "No!"]


def test_what_is_said_twice_is_read_twice() -> None:
    """A refrain does not roll."""
    text = vtt(
        "Ana: Oh!", "Oh!", "Oh!", "I don't know", "I don't know nothing.", "Row, row.", "Row, row.", "Your boat."
    )
    assert said(text) == [("ana", "Oh! Oh! Oh! I don't know I don't know nothing. Row, row. Row, row. Your boat.")]


def test_text_outside_of_cues_is_kept_and_said() -> None:
    """Behind an empty line, before the first cue, in a file without cues."""
    read = reading(
        "WEBVTT\n\nStray.\n\n00:01.000 --> 00:02.000\n<v Ana>One\n\nmore line\nof words\n\n00:03.000 --> 00:04.000\nTwo.\n"
    )
    assert [(one.label, one.markdown) for one in read.pieces if isinstance(one, Utterance)] == [
        (None, "Stray."),
        ("Ana", "One"),
        ("Ana", "more line of words"),
        ("Ana", "Two."),
    ]
    assert [(one.code, one.line) for one in read.diagnostics if one.code == "RT230"] == [("RT230", 3)]
    assert utterances("WEBVTT\n\nJust words.\n\nAnd more.", "a.vtt") == [(None, "Just words."), (None, "And more.")]


def test_times_that_cannot_be_read_are_said() -> None:
    """Their caption is kept."""
    read = reading("WEBVTT\n\n1\n00:01:000:00 -->\n<v Ana>One.\n\n2\n00:03.000 --> 00:02.000\nTwo.\n")
    assert [(one.label, one.start, one.end) for one in read.pieces if isinstance(one, Utterance)] == [
        ("Ana", None, None),
        ("Ana", 3.0, None),
    ]
    assert [(one.code, one.line) for one in read.diagnostics if one.code == "RT230"] == [
        ("RT230", 3),
        ("RT230", 7),
    ]


def test_what_services_measure_is_no_note() -> None:
    """Microsoft notes how sure it is of each caption."""
    text = vtt("<v Ana>One.</v>").replace("00:00", "NOTE Confidence: 0.8984\n\n3f-uuid/12-0\n00:00", 1)
    assert utterances(text) == [("Ana", "One.")]
    assert skipped(text) == []


def test_angle_brackets_that_are_no_tags_are_words() -> None:
    """And ruby is kept in brackets."""
    text = vtt("<v Ana>I <3 you > me, <grin>.", "<ruby>漢字<rt>かんじ</rt></ruby><lang en>x</lang>{\\an8}y")
    assert utterances(text) == [("Ana", "I <3 you > me, &lt;grin>."), ("Ana", "漢字 (かんじ) xy")]


def test_names_listed_beside_the_file_are_labels() -> None:
    """However they look, and if they come once."""
    source, _ = readers.decode("a.vtt", vtt("One.", "bell hooks: Two.").encode())
    assert source is not None
    sidecar = readers.Metadata(speakers=(speakers.Person(name="bell hooks"),))
    read = readers.read(source, sidecar)
    assert [one.label for one in read.pieces if isinstance(one, Utterance)] == [None, "bell hooks"]


def test_webvtt_py_finds_the_same_captions() -> None:
    """The library's cues are ours: times and words, apart from what it drops or keeps of tags."""
    text = vtt("<v Ana>One &lt; two\nthree</v>", "4\n5", "<i>Six</i> <c.a>seven</c>", header="WEBVTT\n\nNOTE x\ny")
    theirs = [(cue.start_in_seconds, " ".join(cue.text.split())) for cue in webvtt.from_string(text).captions]
    ours = [(one.start, one.markdown) for one in reading(text).pieces if isinstance(one, Utterance)]
    assert ours == [(start, words.replace("&lt;", "<")) for start, words in theirs]


LINES = st.sampled_from(
    ["WEBVTT", "", "", " ", "NOTE x", "STYLE", "1", "2", "id x", "00:01.000 --> 00:02.000", "00:00:02,000 --> 1:00:02,5 align:start word",
     "--> ", "0:1 --> 0:2", "a --> b", "<v Ana>Hello", "<v.x Jo Li >a</v> b <v>c", "<v", "Ana: hi", "Ana: hi", "- Yes", ">> JO: a >> b",
     "[Ana] x", "(Ana): y", "[Music]", "♪ la la ♪", "&amp; &gt;&gt; &#x85; &lt;b&gt;", "<c.d><00:01.000>e</c>", "{\\an8}f", "<rt>g</rt>",
     "so today", "we row", "so today\nwe row", "a\u2028b", "\ufeff", "> *x* _y_ `z`", "<br>"]
)  # fmt: skip


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["a.vtt", "a.srt"]), st.lists(st.one_of(LINES, st.text(max_size=12)), max_size=40).map("\n".join)
)
@example("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>\n00:02.000 --> 00:03.000\n<v A")
def test_no_captions_lose_a_word(path: str, text: str) -> None:
    """Whatever a file holds, the reader does not raise, and its pieces tile."""
    source, _ = readers.decode(path, text.encode("utf-8", "surrogatepass"))
    if source is not None:
        read = readers.read(source)
        assert fidelity.reading(read) == ()
        starts = [piece.span.start for piece in read.pieces]
        assert starts == sorted(starts)


LONG = 200_000  # characters


@pytest.mark.parametrize(
    "unit",
    ["<v ", "<v a>", "[", "Ana: x\n", ">> ", "♪", "(", "[a]", "- A\n", "&", "{\\", "00:01.000 --> 00:02.000\n", "1\n", "\n", " ", "a\n\n", "[A] x\n"],
)  # fmt: skip
def test_time_is_linear(unit: str) -> None:
    """Of captions that hold one thing over and over."""
    text = f"WEBVTT\n\n00:01.000 --> 00:02.000\n{unit * (LONG // len(unit))}"
    with bounded.ends():
        source, _ = readers.decode("a.vtt", text.encode())
        assert source is not None
        readers.read(source)


def test_behind_the_end_of_a_voice_the_one_around_it_goes_on() -> None:
    """Voice tags may stand in each other; one without an end reaches to the end of its caption."""
    text = vtt("<v Ana>So <v.loud Tomas>No!</v> I say</v>", "<v Rui>Who", "<v Ana>Nobody.")
    assert utterances(text) == [("Ana", "So"), ("Tomas", "No!"), ("Ana", "I say"), ("Rui", "Who"), ("Ana", "Nobody.")]


def test_a_dash_before_a_voice_tag_is_no_word_of_the_voice_before() -> None:
    """It says in print what the tag says."""
    text = vtt("- <v Ana>Low?</v>\n- <v Tomas>Very.</v>", "<v Ana>Who?\n>> <v Tomas>Nobody.")
    assert utterances(text) == [("Ana", "Low?"), ("Tomas", "Very."), ("Ana", "Who?"), ("Tomas", "Nobody.")]


def test_a_voice_tag_that_names_nobody_is_nobodys() -> None:
    """Another voice begins, so the speaker before does not go on; it is told."""
    text = vtt("<v Ana>Low?", "Tell me.", "<v Tomas>Very.", "<v.loud>Who?</v>", "<v >Who?</v>", "<v Ana>I.")
    assert said(text) == [("ana", "Low? Tell me."), ("tomas", "Very."), (None, "Who? Who?"), ("ana", "I.")]
    found = [(one.line, one.message) for one in reading(text).diagnostics if one.code == "RT229"]
    assert found == [
        (7, "1 captions without a name are read as words of the speaker before"),
        (13, "2 captions without a name are read as narration, since another voice begins there"),
    ]
