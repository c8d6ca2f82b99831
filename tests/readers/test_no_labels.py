"""What looks like a label and is none, and what is one although it does not look like it."""

from __future__ import annotations

import textwrap

import pytest

from roundtable import markup
from roundtable.model import Heading, Utterance

from .test_labels import CONVERSATIONS, LONG, heard
from .test_text import reading

Turns = list[tuple[str | None, str]]

TURNS = CONVERSATIONS["en"]
FORMS = {"before": "{}: {}", "above": "{}:\n{}", "bold": "**{}:** {}", "bold, colon outside": "**{}**: {}"}


def talk(form: str, turns: Turns, parted: str = "\n\n") -> str:
    """A conversation in one form."""
    return parted.join(FORMS.get(form, form).format(*turn) for turn in turns) + "\n"


def said(text: str, path: str = "talk.txt") -> Turns:
    """Who said what."""
    return [(label, words) for label, _, words in heard(text, path)]


def codes(text: str, path: str = "talk.txt") -> list[tuple[str, int]]:
    """What the editor is told about labels, and at which line."""
    return [(one.code, one.line) for one in reading(text, path).diagnostics if one.code in ("RT206", "RT211")]


def with_line(line: str) -> Turns:
    """The conversation, with a line more among the words of its fourth turn."""
    return [
        (name, f"{words}\n\n{line}\n\nSo it stands there." if i == 3 else words)
        for i, (name, words) in enumerate(TURNS)
    ]


# --- prose before a colon --------------------------------------------------------------------------------------------

PROSE = [
    "It says: the mill was never paid for.",
    "It says:",
    "My first question is: who kept the key?",
    "My first question is:",
    "Technical level: the wheel turned backwards.",
    "The answer: nobody.",
    "Here is what I remember: rain, and more rain.",
    "First: the wheel. Second: the water.",
    "For example: the north door.",
    "Remember: paper never forgives.",
    "And then he said to me: go home.",
    "The council wrote to us in three words: not this year.",
    "One more thing: the lamp.",
    "Note: this page is a copy.",
    "There are two reasons: water and money.",
    "What I mean is this: nobody asked.",
    "In my grandfather's words: never twice.",
    "I'd put it like so: we were lucky.",
    "Let me say it again: we were lucky.",
    "https://example.org/map: that is where the scan is.",
    "See https://example.org/a:b and mailto:ada@example.org for more.",
    "At 7:30 we opened the doors, at 9:15 we closed them.",
    "7:30: that was the hour.",
    "The ratio was 3:1, as in 1931.",
    "John 3:16 hung on the wall.",
    "C:\\maps\\river was the folder.",
    '"Listen: the bell," she said.',
    "(Listen: the bell.)",
    "- Firstly: the wheel",
    "1. The wheel: broken",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("line", PROSE)
def test_prose_before_a_colon_stays_with_its_turn(line: str, form: str) -> None:
    """At the head of a paragraph, in every form of label."""
    found = said(talk(form, with_line(line)))
    assert [who for who, _ in found] == [name for name, _ in TURNS]
    assert markup.literal(found[3][1]).replace("\n", " ").split() == " ".join(with_line(line)[3][1].split()).split()


@pytest.mark.parametrize("form", ["above", "bold", "bold, colon outside"])
def test_a_title_before_a_colon_is_no_label_where_labels_look_otherwise(form: str) -> None:
    """Capitals alone do not make a speaker."""
    found = said(talk(form, with_line("Technical Level: the wheel turned backwards.")))
    assert [who for who, _ in found] == [name for name, _ in TURNS]


WRAPPED_PROSE = [
    "After all those years there was only one thing that my father ever told us about the flood, and here it is: the water was warm.",
    "My first question is for everybody at this table, and I would like a very short answer, please: who of you has seen the key?",
    "The letter is in the drawer. It says what everyone knew and what nobody in the whole of the town had ever dared to write down: it leaks.",
    "I have been through all of the ledgers and there is just this one line about the mill in the year of the flood, in red ink. Remark: sold.",
]


@pytest.mark.parametrize("line", WRAPPED_PROSE)
@pytest.mark.parametrize("width", [50, 60, 64, 72, 78])
def test_prose_before_a_colon_that_wrapping_has_put_at_the_head_of_a_line(line: str, width: int) -> None:
    """In hard-wrapped text only the first line of a block can hold a label."""
    turns = [(name, f"{words} {LONG['en']}") for name, words in TURNS]
    turns[3] = (turns[3][0], f"{turns[3][1]}\n\n{line} {LONG['en']}")
    blocks = [
        "\n\n".join(textwrap.fill(one, width) for one in f"{name}: {words}".split("\n\n")) for name, words in turns
    ]
    expected = [(name, words) for name, words in turns]
    found = said("\n\n".join(blocks) + "\n")
    assert [(who, " ".join(words.split())) for who, words in found] == [
        (who, " ".join(words.split())) for who, words in expected
    ]


# --- labels that occur once, and long ones ---------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "name",
    ["Eleanor Whitcombe", "Jean-Luc Moreau", "Dr. Ines Pardo", "Mr. Okafor", "Audience member"],
)
def test_a_speaker_who_speaks_once(name: str, form: str) -> None:
    """One turn is enough; the editor is told where it is a guess."""
    turns = [*TURNS[:4], (name, "I only came for my umbrella."), *TURNS[4:]]
    assert said(talk(form, turns)) == turns


def test_a_guess_is_told_with_its_line() -> None:
    """Whether it was read as a speaker or as words."""
    guest = [*TURNS[:4], ("Eleanor Whitcombe", "I only came for my umbrella."), *TURNS[4:]]
    assert codes(talk("before", guest)) == [("RT211", 9)]
    note = [*TURNS[:4], ("Additionally", "I only came for my umbrella."), *TURNS[4:]]
    assert codes(talk("before", note)) == [("RT206", 9)]
    assert codes(talk("before", TURNS)) == []


LONG_LABELS = [
    "Professor Eleanor Whitcombe, Chair of the Committee on Rivers and Mills",
    "Dr. Ines Pardo (Director of the Archive of the Lower Valley, by telephone)",
    "The Right Honourable Lord Ashcombe of the Weir",
    "Hon. Margaret O'Dowd, Minister of State for Inland Waterways",
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", LONG_LABELS)
def test_long_titles(name: str, form: str) -> None:
    """Names with their offices."""
    turns = [(name if who == "Priya Nair" else who, words) for who, words in TURNS]
    assert said(talk(form, turns)) == turns


NAMES = [
    "J. R. Marlowe",
    "Marlowe, J.R.",
    "Dr. A. B. Smith-Jones",
    "Ms. O’Neil",
    "Jo 🙂",
    "Kim | Harbour News",
    "Kim (Harbour News)",
    "Kim [Harbour News]",
    'Kim "Kit" Lee',
    "“Kit” Lee",
    "Kim & Lee",
    "Ada & Tom Birch",
    "Ada and Tom",
    "Ada/Tom",
    "50 Cent",
    "bell hooks",
    "María José de la Cruz y Ortega",
    "Ludwig van der Berg",
    "Nguyễn Thị Minh",
    "Владимир Ильич",
    "王小明",
    "李明（记者）",
    "김 기자",
    "أحمد بن سعيد",
    "श्री राम",
    "Σοφία Νίκα",
    "דוד לוי",
    "สมชาย ใจดี",
    "Speaker 2",
    "SPEAKER_02",
    "Q2",
    "Interviewer 1",
    "Mrs Marlowe",
    "The Chair",
    "Ms. Nair (continuing)",
    "X Æ A-12",
    "d'Arcy",
    "@priya",
    "priya_n",
    "No. 6",
    "St. John",
    "Sgt. Pepper Jr.",
    "Alle",
    "A",
    "Ö",
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_names_of_all_kinds_that_recur(name: str, form: str) -> None:
    """Initials, titles, signs, scripts, quotation marks; two people at once."""
    turns = [(name if who == "Priya Nair" else who, words) for who, words in TURNS]
    assert said(talk(form, turns)) == turns


# --- around the turns ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("parted", ["\n", "\n\n"])
def test_metadata_above_the_first_label_is_narration(form: str, parted: str) -> None:
    """`Location:`, `Date:`: nobody says them."""
    head = [
        "Location: Town Library",
        "Date: 3 May 2031",
        "Recorded by: The Friends of the Mill",
        "Duration: 41:20",
        "It was a wet evening.",
    ]
    text = parted.join(head) + "\n\n" + talk(form, TURNS)
    assert said(text) == [(None, "\n\n".join(head)), *TURNS]


def test_bold_metadata_above_the_first_label_is_narration() -> None:
    """The same in Markdown."""
    head = "**Location:** Town Library\n\n**Date:** 3 May 2031\n\n**Recorded by:** The Friends of the Mill"
    found = said(f"{head}\n\n{talk('bold', TURNS)}", "talk.md")
    assert found[1:] == TURNS
    assert found[0][0] is None


@pytest.mark.parametrize("form", FORMS)
def test_words_before_the_first_label_are_narration(form: str) -> None:
    """An introduction in two paragraphs."""
    head = "This conversation was recorded in the reading room.\n\nIt has been shortened, with everybody's consent."
    assert said(f"{head}\n\n{talk(form, TURNS)}") == [(None, head), *TURNS]


def test_initials_are_no_announcement() -> None:
    """Of the two, "AD" may be somebody, and "Ad" is an advertisement."""
    lines = "{}: Is it low?\n\nTL: Very.\n\n{}: Who closed it?\n\nTL: I.\n"
    assert [who for who, _ in said(lines.format("AD", "AD"))] == ["AD", "TL", "AD", "TL"]
    assert [who for who, _ in said(lines.format("Ad", "Ad"))] == [None, "TL", None, "TL"]


@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_a_break_is_nobody(path: str) -> None:
    """`**Break:**` and what stands in it is narration; the speakers go on behind it."""
    turns = [*TURNS[:5], ("Break", "Tea and biscuits."), *TURNS[5:]]
    found = said(talk("bold", turns), path)
    assert [who for who, _ in found] == [*(who for who, _ in TURNS[:5]), None, *(who for who, _ in TURNS[5:])]
    assert "Tea and biscuits." in found[5][1]


@pytest.mark.parametrize("form", FORMS)
def test_an_agenda_is_no_conversation(form: str) -> None:
    """Times and topics above the turns."""
    head = ["7:30 Welcome", "7:45 The old map", "8:15 Tea", "8:30 Questions", "All times are approximate."]
    assert said("\n".join(head) + "\n\n" + talk(form, TURNS)) == [(None, "\n\n".join(head)), *TURNS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "sign", ["(Applause.)", "[laughter]", "(Laughter.)", "[Bell]", "(A dog barks.)", "[00:04:01]", "[CROSSTALK]"]
)
def test_marks_among_the_words_are_no_labels(sign: str, form: str) -> None:
    """On a line of their own between the paragraphs of a turn."""
    found = said(talk(form, with_line(sign)))
    assert [who for who, _ in found] == [name for name, _ in TURNS]
    assert found[3][1] == f"{TURNS[3][1]}\n\n{markup.escape(sign)}\n\nSo it stands there."


def test_escaped_times_stay_in_markdown() -> None:
    r"""`\[04:01\]` at the head of a turn and in the middle."""
    turns = [(who, rf"\[04:0{i}\] {words} \[04:1{i}\]") for i, (who, words) in enumerate(TURNS)]
    assert said(talk("bold", turns), "talk.md") == turns


@pytest.mark.parametrize("form", ["before", "bold", "bold, colon outside"])
@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_a_turn_over_paragraphs_and_lists(path: str, form: str) -> None:
    """All of it is the speaker's, up to the next label."""
    more = "Three things are missing:\n\n- a wheel: oak, and heavy\n- a key: nobody knows whose\n- the letter\n\nThat is all I have.\n\nAlmost all."
    turns = [(name, f"{words}\n\n{more}" if i == 1 else words) for i, (name, words) in enumerate(TURNS)]
    assert said(talk(form, turns), path) == turns


@pytest.mark.parametrize("form", FORMS)
def test_numbered_lists_stay_words(form: str) -> None:
    """Numbers are no speakers."""
    found = said(talk(form, with_line("1. The wheel\n2. The key\n3. The letter")))
    assert [who for who, _ in found] == [name for name, _ in TURNS]


@pytest.mark.parametrize("form", FORMS)
def test_quoted_speech_with_names_in_it(form: str) -> None:
    """Somebody tells what others said: the names are speakers elsewhere, but stand in the middle of a line."""
    line = 'He asked me: "Tom Birch: is that your name?" and I told him, Ada Marlowe: yes, it was.'
    found = said(talk(form, with_line(line)))
    assert [who for who, _ in found] == [name for name, _ in TURNS]
    assert line in found[3][1]


def test_headings_part_the_turns_of_a_page() -> None:
    """They are pieces of their own, and no labels."""
    text = (
        "# The Old Mill\n\n## Part One: The Map\n\n"
        + talk("bold", TURNS[:5])
        + "\n## Part Two: The Ford\n\n"
        + talk("bold", TURNS[5:])
    )
    pieces = reading(text, "talk.md").pieces
    assert [one.title for one in pieces if isinstance(one, Heading)] == ["Part One: The Map", "Part Two: The Ford"]
    assert [(one.label, one.markdown) for one in pieces if isinstance(one, Utterance)] == TURNS


@pytest.mark.parametrize("form", FORMS)
def test_case_and_spaces_of_a_label_may_vary(form: str) -> None:
    """What is printed is kept; who it is, is decided later."""
    turns = [(name.upper() if i in (3, 6) else name, words) for i, (name, words) in enumerate(TURNS)]
    assert said(talk(form, turns)) == turns


@pytest.mark.parametrize(
    "text",
    [
        "The mill\n\nIt was built in 1801. Note: no plan of it survives.\n\nThe wheel: oak.\n\nThe roof: slate, and later tin.\n\nThe rest: unknown.\n",
        "Shopping list\n\nMilk: two bottles\nBread: one\nApples: six\n",
        "Opening hours\n\nMonday: 9:00 to 17:00\nTuesday: 9:00 to 17:00\nWednesday: closed\n",
        "# Recipe\n\nFlour: 200 g\n\nWater: 100 g\n\nSalt: a little\n\nMix all of it, wait for an hour, and bake it until it is done.\n",
        "Dear Tom,\n\nThank you for your letter: it was a joy to read.\n\nYours,\nAda\n\nPS: The map is safe.\n",
        "# How to install\n\nFirst: download it.\n\nThen: run it.\n\nNote: you need Python.\n\nNote: you need time.\n",
    ],
)
def test_a_page_in_markdown_stays_a_page(text: str) -> None:
    """Colons make no conversation."""
    assert reading(text, "talk.md").kind == "page"
