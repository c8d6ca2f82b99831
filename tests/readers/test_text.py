"""Raw text: what is a label, a heading, a list, a guest, and what is none."""

from __future__ import annotations

import textwrap

import pytest

from roundtable import readers, speakers
from roundtable.model import Diagnostic, Heading, Prose, Reading, Source, Transcript, Utterance

from .. import bounded


def reading(text: str, path: str = "talk.txt") -> Reading:
    """The reading of a text."""
    source, _ = readers.decode(path, text.encode())
    assert isinstance(source, Source)
    return readers.read(source)


def transcript(text: str, path: str = "talk.txt") -> Transcript:
    """The transcript of a text."""
    document, _ = speakers.attribute(reading(text, path), "en")
    assert isinstance(document, Transcript)
    return document


def said(text: str, path: str = "talk.txt") -> list[tuple[str | None, str]]:
    """Who said what, in order."""
    return [(turn.speaker, turn.markdown) for turn in transcript(text, path).turns()]


def codes(found: tuple[Diagnostic, ...]) -> list[str]:
    """The codes of diagnostics."""
    return [one.code for one in found]


def test_a_label_alone_on_its_line_takes_the_lines_below_it() -> None:
    """One paragraph a line, until the next label."""
    assert said("Host:\nHello.\nAnd welcome.\nAda Lovelace:\nThank you.\n") == [
        ("host", "Hello.\n\nAnd welcome."),
        ("ada-lovelace", "Thank you."),
    ]


def test_a_label_before_its_words() -> None:
    """The other convention, recognised from the document."""
    assert said("Ann: Hello: all of you.\n\nMore.\n\nBob: Hi.\n\nAnn: Well then.\n") == [
        ("ann", "Hello: all of you.\n\nMore."),
        ("bob", "Hi."),
        ("ann", "Well then."),
    ]


def test_full_width_colons_label_too() -> None:
    """CJK documents use U+FF1A, without a space behind it."""
    assert said("主持人：大家好。\n薛澜：谢谢。\n主持人：再见。\n") == [
        ("主持人", "大家好。"),
        ("薛澜", "谢谢。"),
        ("主持人", "再见。"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "On this issue, I believe we must adhere to three points:",
        "Technical Level: In development, great powers have room.",
        "It says:",
        "Additionally:",
        "see also:",
        "What do you mean? Well:",
    ],
)
def test_prose_before_a_colon_is_no_label(line: str) -> None:
    """A colon does not make a speaker."""
    text = f"Host:\nWelcome.\nAda Lovelace:\nFirst.\n{line}\nSecond.\nHost:\nThanks.\nAda Lovelace:\nBye.\n"
    assert [who for who, _ in said(text)] == ["host", "ada-lovelace", "host", "ada-lovelace"]
    assert line in said(text)[1][1]


def test_a_doubtful_label_is_said() -> None:
    """Never guess in silence."""
    found = reading("Host:\nA.\nAda Lovelace:\nB.\nAdditionally:\nC.\nHost:\nD.\nAda Lovelace:\nE.\n").diagnostics
    assert [(one.code, one.line) for one in found] == [("RT206", 5)]


def test_a_name_that_speaks_once_is_a_speaker() -> None:
    """One-turn speakers are real."""
    text = "Host:\nA.\nAda Lovelace:\nB.\nHost:\nC.\nCharles Babbage:\nD.\n"
    assert [who for who, _ in said(text)] == ["host", "ada-lovelace", "host", "charles-babbage"]


def test_both_shapes_of_list_items_become_one_list() -> None:
    """`- text`, and a lone `-` with its text on the next line; then a paragraph again."""
    text = "Host:\nThree:\n- one\n-\ntwo\n- Third: three\nAfter.\nHost:\nEnd.\n"
    assert said(text)[0] == ("host", "Three:\n\n- one\n- two\n- Third: three\n\nAfter.")


def test_words_that_look_like_markdown_stay_words() -> None:
    """Raw text has no markup."""
    assert said("Host:\n#1 *is* [x](y)\n1. one\nHost:\nb\n")[0] == ("host", "\\#1 \\*is\\* \\[x](y)\n\n1\\. one")


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """Blocks parted by empty lines, filled up to a common column."""
    words = "The quick brown fox jumps over the lazy dog and runs away into the woods where\nnobody will ever be able to find it again, however long they may look for it in\nvain."
    assert said(f"Ann: {words}\n\nBob: Yes.\n\nAnn: {words}\n\nBob: No.\n")[0] == ("ann", words)


def test_bare_headings_part_sections() -> None:
    """A short line like a title before a label; one holds a colon."""
    text = "Opening Matters\nHost:\nA.\nAI for Good: Gathering Many Forces\nHost:\nB.\nAda Lovelace:\nC.\n"
    assert [(s.title, len(s.turns)) for s in transcript(text).sections] == [
        ("Opening Matters", 1),
        ("AI for Good: Gathering Many Forces", 2),
    ]


def test_a_sentence_before_a_label_is_no_heading() -> None:
    """It ends like one, or has small words."""
    text = "Host:\nA.\nso we go on\nAda Lovelace:\nB.\nThat Was All He Said.\nHost:\nC.\nAda Lovelace:\nD\n"
    assert [s.title for s in transcript(text).sections] == [None]


def test_introduction_is_narration() -> None:
    """Words under a heading and no label belong to nobody."""
    assert said("Introduction\nThis is about tea.\nOn Tea\nHost:\nTea?\nHost:\nTea!\n")[0] == (
        None,
        "This is about tea.",
    )


def test_guests_become_speakers() -> None:
    """Name, role, affiliation; a person who never speaks is kept."""
    text = "Guests\n- Ada Lovelace, Dean of the School of Engines at London\n- Bo Li, Professor of Law at Yale\nOn Tea\nHost:\nTea?\nAda Lovelace:\nYes.\nHost:\nSo.\n"
    people = transcript(text).speakers
    assert [(p.id, p.role, p.affiliation, p.kind) for p in people] == [
        ("ada-lovelace", "Dean", "School of Engines at London", "guest"),
        ("bo-li", "Professor of Law", "Yale", "guest"),
        ("host", None, None, "host"),
    ]
    assert people[0].description == "Dean of the School of Engines at London"


@pytest.mark.parametrize(
    "residue",
    [
        "Discussion is powered by Giscus (GitHub Discussions). Add\nrepo,repoID,category, andcategoryIDunder[params.comments.giscus]inhugo.toml",
        "Please enable JavaScript to view the comments powered by Disqus.",
    ],
)
def test_a_themes_placeholder_is_skipped_with_its_reason(residue: str) -> None:
    """It is recognised by its words, and accounted for."""
    one = transcript(f"Host:\nA.\nHost:\nB.\nComments\n{residue}\n")
    assert [(s.span.line, s.text) for s in one.skipped] == [(5, f"Comments\n{residue}")]
    assert "placeholder" in one.skipped[0].reason


def test_real_comments_are_no_residue() -> None:
    """A section of that name with other words stays."""
    one = transcript("Host:\nA.\nHost:\nB.\nComments\nI liked this conversation.\n")
    assert one.skipped == ()
    assert one.sections[-1].title == "Comments"
    assert one.turns()[-1].markdown == "I liked this conversation."


def test_every_noun_knows_its_place() -> None:
    """Lines and columns from 1, however lines end."""
    for end in ("\n", "\r\n", "\r"):
        one = transcript(f"Ann: A{end}{end}Matters of State{end}  Bob: B{end}Ann: C{end}")
        assert [(t.span.line, t.span.column) for t in one.turns()] == [(1, 1), (4, 3), (5, 1)]
        assert [(s.span.line, s.title) for s in one.sections] == [(1, None), (3, "Matters of State")]


def test_front_matter_and_title() -> None:
    """The title comes from front matter; else from the file's name, and the editor is told."""
    assert transcript("---\ntitle: Tea\n---\nHost: A\nHost: B\n").title == "Tea"
    document, found = speakers.attribute(reading("Host: A\nHost: B\n", "2026-01-02-on_tea.txt"), "en")
    assert (document.title, document.metadata.date) == ("On tea", "2026-01-02")
    assert codes(found) == ["RT203"]


def test_a_text_file_may_say_that_it_is_a_page() -> None:
    """`type: page` is obeyed."""
    document, _ = speakers.attribute(reading("---\ntype: page\n---\nNote: this.\nNote: that.\n"), "en")
    assert isinstance(document, Prose)
    assert document.markdown == "Note: this.\n\nNote: that."


def test_a_file_without_words_is_an_error_and_nothing_else() -> None:
    """Whatever its ending."""
    for path in ("a.txt", "a.md"):
        for text in ("\n", "---\ndraft: no\n---\n"):
            document, found = speakers.attribute(read := reading(text, path), "en")
            assert isinstance(document, Prose)
            assert [one.code for one in (*read.diagnostics, *found) if one.severity == "error"] == ["RT202"]


def test_a_guests_list_without_bullets_ends_before_the_next_heading() -> None:
    """A title of which nobody is called."""
    one = transcript("Guests\nAna Lu, Dean of Tea\nTomas, Chair\nThe First Question\nHost:\nA\nTomas:\nB\nHost:\nC\n")
    assert [p.name for p in one.speakers] == ["Ana Lu", "Tomas", "Host"]
    assert one.sections[0].title == "The First Question"


@pytest.mark.parametrize("label", ["Audience member 2", "The host", "Audience question"])
def test_roles_in_small_letters_are_labels(label: str) -> None:
    """They are known by their words."""
    assert [t.label for t in transcript(f"Ann Li:\nA\n{label}:\nB\nAnn Li:\nC\n").turns()] == [
        "Ann Li",
        label,
        "Ann Li",
    ]


def test_a_name_that_speaks_once_is_said() -> None:
    """As a note, with the line."""
    found = reading("Host:\nA.\nHost:\nB.\nCharles Babbage:\nC.\n").diagnostics
    assert [(one.code, one.severity, one.line) for one in found] == [("RT211", "note", 5)]


def test_a_first_heading_with_a_sign_is_the_title() -> None:
    """In raw text too."""
    assert transcript("# On Tea\nHost: A\nHost: B\n").title == "On Tea"


def test_wrapped_words_below_labels_alone_on_their_line() -> None:
    """The labels' own lines do not count."""
    words = "The quick brown fox jumps over the lazy dog and runs away into the woods where\nnobody will ever be able to find it again, however long they may look for it in\nvain."
    assert said(f"Ann:\n{words}\n\nBob:\nYes.\n\nAnn:\n{words}\n\nBob:\nNo.\n")[0] == ("ann", words)


@pytest.mark.parametrize(
    "last",
    [
        "「協力は大切です。」",
        "次の質問に移りたいと思います",
        "本当にそう思います（拍手）",
        "ما رأيكم في الحوكمة؟",
        "यह सही है।",
        'I Love New York City, Baby!"',
    ],
)
def test_a_last_paragraph_is_no_heading(last: str) -> None:
    """A sentence that is closed by quotes, in any script; where a script has no capitals, nothing is taken for a title."""
    one = transcript(f"Host:\nA.\nAnn Li:\nYes.\n{last}\nHost:\nB.\nAnn Li:\nC.\n")
    assert [s.title for s in one.sections] == [None]
    assert one.turns()[1].markdown.endswith(last.replace("<", "&lt;"))


def test_a_heading_that_is_a_guess_is_said() -> None:
    """A title before a guest's words may be the last words of the turn before it."""
    found = reading("Host:\nA.\nThank You Very Much Everyone\nAnn Li:\nB.\nHost:\nC.\nAnn Li:\nD.\n").diagnostics
    assert [(one.code, one.line) for one in found] == [("RT209", 3)]


def test_a_lone_dash_between_turns_swallows_nobody() -> None:
    """A label that recurs is a label wherever it stands."""
    assert [who for who, _ in said("Host:\nHello.\n-\nAnn Lee:\nHi.\n-\nHost:\nBye.\n-\nAnn Lee:\nBye.\n")] == [
        "host",
        "ann-lee",
    ] * 2


def test_listed_names_are_labels_whatever_they_look_like() -> None:
    """Small letters, numbers."""
    text = "---\nspeakers: [bell hooks, 50 Cent]\n---\nHost: Welcome.\nbell hooks: Thanks.\n50 Cent: Me too.\nHost: Fine.\n"
    assert [who for who, _ in said(text)] == ["host", "bell-hooks", "50-cent", "host"]


def test_a_heading_with_a_colon_is_no_speaker_where_labels_stand_before_words() -> None:
    """Four words and more, like a title, right before a label."""
    one = transcript("Host: A.\nAnn: B.\nHuman-Centered and Beneficial AI: Gathering Forces\nHost: C.\nAnn: D.\n")
    assert [s.title for s in one.sections] == [None, "Human-Centered and Beneficial AI: Gathering Forces"]


def test_guests_with_their_roles_on_the_next_line_and_with_numbers() -> None:
    """Two more forms of the list."""
    one = transcript(
        "Guests\nAna Lu\nDean of the School\nBo Ray\nProfessor at Yale\nOn Tea\nHost:\nA\nAna Lu:\nB\nBo Ray:\nC\nHost:\nD\n"
    )
    assert [(p.name, p.role, p.affiliation) for p in one.speakers[:2]] == [
        ("Ana Lu", "Dean", "School"),
        ("Bo Ray", "Professor", "Yale"),
    ]
    one = transcript("Guests\n1. Ana Lu, Dean\n2. Bo Ray, Chair\nOn the Tea\nHost:\nA\nHost:\nD\n")
    assert [p.name for p in one.speakers] == ["Ana Lu", "Bo Ray", "Host"]


@pytest.mark.parametrize(
    "text",
    [
        "A: x\nB: y\nA: z\n# a" + " " * 40_000 + "b",
        "A: x\nB: y\nA: z\n" + "Comments\nword x.\n" * 12_000,
        "A: x\nB: y\nA: z\n" + "Guests\n" * 12_500,
    ],
    ids=["spaces", "comments", "guests"],
)
def test_long_and_odd_text_is_read_in_linear_time(text: str) -> None:
    """Each took minutes where a line was looked at again for every other."""
    with bounded.ends():
        reading(text)


DIALOGUE = "Host: How is the weir?\nAna: Full of sand, as ever.\nHost: And the lamp?\nAna: Nobody lights it.\n"


@pytest.mark.parametrize(
    "line",
    [
        "3 May 2024",
        "Lisbon, May 3, 2024",
        "Recorded on 3 May",
        "Dienstag, 3. Mai 2024",
        "2024年5月3日",
        "Transcribed by Lu Wei",
        "Tonband: 3. Mai 2024",
    ],
)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_record_of_the_recording_is_no_heading_and_no_speaker(line: str, gap: str) -> None:
    """A date, or who wrote it down, above the first label: words of nobody."""
    pieces = reading(f"{line}\n{gap}{DIALOGUE}").pieces
    assert isinstance(pieces[0], Utterance)
    assert (pieces[0].label, pieces[0].markdown.replace("\\", "")) == (None, line)


@pytest.mark.parametrize("line", ["Harbour Talk, 3 May 2024", "Episode 12", "A Talk at the Harbour"])
def test_a_title_above_the_first_label_is_a_heading(line: str) -> None:
    """Even if it gives a date."""
    assert isinstance(reading(line + "\n" + DIALOGUE).pieces[0], Heading)


@pytest.mark.parametrize("long", [1, 2, 9])
def test_paragraphs_that_are_set_in_and_nearly_all_of_one_line(long: int) -> None:
    """The few lines that go on with one are joined to it, however few there are."""
    words = "I say that the weir was full of sand, and that nobody had looked at it since the flood, " * 2
    wrapped = "\n".join(textwrap.wrap(f"Mr. LIND. {words}I think.", 66, initial_indent="  ")) + "\n"
    short = "  Mr. LIND. Who saw it?\n  Ms. DUARTE. Nobody.\n" * 40
    pieces = reading(short + wrapped * long + short).pieces
    said = [one.markdown for one in pieces if isinstance(one, Utterance)]
    assert len(said) == 160 + long
    assert not any("\n\n" in one for one in said)


@pytest.mark.parametrize("end", ["the north \u2014", "the North -", "The Weir \u2013"])
def test_a_line_that_breaks_off_is_no_heading(end: str) -> None:
    """A dash at its end says that words were to follow."""
    pieces = reading(f"Host: Who opened it?\nAna: I think that it was\n{end}\nHost: Yes?\nAna: The keeper.\n").pieces
    assert not any(isinstance(one, Heading) for one in pieces)


@pytest.mark.parametrize(
    "words",
    ["These:\n1. Buy the tar\n2. Buy a Long Ladder", "Read us:\n12 The Geese Are Home", "All of them:\nJoana Reis, Tom Lind",
     "Yes.\n\n(Applausi)", "Ja.\n\n(Beifall bei der SPD)"],
)  # fmt: skip
def test_items_of_a_list_what_a_colon_announces_and_asides_are_no_headings(words: str) -> None:
    """Though they look like titles and stand above a label."""
    found = transcript(f"Host: Which steps?\nAna: {words}\nHost: And then?\nAna: Thanks.\n")
    assert [section.title for section in found.sections] == [None]
    assert found.sections[0].turns[1].speaker == "ana"


def test_a_heading_above_a_hosts_words_is_told_too() -> None:
    """It may be the last words of the turn before."""
    found = reading("Host: Who came?\nAna: First nobody\nThen All Our Geese\nHost: And then?\nAna: Nobody.\n")
    assert [(one.code, one.line) for one in found.diagnostics] == [("RT209", 3)]


def test_a_caption_of_names_at_the_top_is_said_by_nobody() -> None:
    """Its labels are those of the speakers, but what stands behind them is no sentence."""
    talk = "Interviewer: When did you begin?\nInterviewee: In the spring.\nInterviewer: Why?\nInterviewee: Geese.\n"
    found = reading(f"Interviewer: Tom Lind\nInterviewee: Ana Duarte\nDate: 5 March 2024\n\n{talk}")
    assert [(one.code, one.line) for one in found.diagnostics] == [("RT206", 1), ("RT206", 2), ("RT206", 3)]
    assert [turn[0] for turn in said(f"Interviewer: Tom Lind\nInterviewee: Ana Duarte\n\n{talk}")][:2] == [
        None,
        "interviewer",
    ]


def test_short_turns_above_a_gap_are_no_caption() -> None:
    """Where others end without a full stop too, or one of them is a sentence."""
    assert said("Ann: Hello\nBob: Hi\n\nAnn: How are you\nBob: Fine\n")[0] == ("ann", "Hello")
    assert said("Ann: Hello\nBob: Hi.\n\nAnn: How are you?\nBob: Fine.\n")[0] == ("ann", "Hello")


def test_people_named_on_one_line_under_their_heading_are_one_each() -> None:
    """None is the role of the other; the next line is no description."""
    talk = "Ana Duarte: Hello.\nTom Lind: Hi.\nAna Duarte: Geese.\n"
    found = transcript(f"Attendees\nAna Duarte, Tom Lind\n\nTranscript\n{talk}")
    assert [(one.name, one.role, one.description) for one in found.speakers] == [
        ("Ana Duarte", None, None),
        ("Tom Lind", None, None),
    ]
    assert [section.title for section in found.sections] == ["Transcript"]


@pytest.mark.parametrize(
    "end",
    ["Meeting ended after 00:32:10 👋\nThis editable transcript was computer generated and might contain errors.",
     "Transcribed by https://otter.ai"],
)  # fmt: skip
def test_what_a_tool_writes_at_the_end_is_skipped(end: str) -> None:
    """With its reason; in the middle, it is somebody's words."""
    talk = "Ana: Hello.\nTom: Hi.\nAna: Geese.\n"
    assert said(f"{talk}\n{end}\n")[-1] == ("ana", "Geese.")
    assert [one.text for one in transcript(f"{talk}\n{end}\n").skipped] == [end]
    assert transcript(f"Ana: Hi.\n{end}\n{talk}").skipped == ()


@pytest.mark.parametrize("space", [" ", "\u202f", "\u00a0"])
def test_am_and_pm_behind_the_time_of_a_chat_are_nobodys_name(space: str) -> None:
    """Whatever space stands before them, and though a dash follows; the time is of the day."""
    text = f"5/3/26, 12:01{space}PM - Ana Duarte: Who rows?\n5/3/26, 1:02{space}PM - Tomas: I do.\n5/3/26, 1:05{space}PM - Ana Duarte: Good.\n"
    found = [(one.label, one.markdown, one.start) for one in reading(text).pieces if isinstance(one, Utterance)]
    assert found == [("Ana Duarte", "Who rows?", 43_260), ("Tomas", "I do.", 46_920), ("Ana Duarte", "Good.", 47_100)]
