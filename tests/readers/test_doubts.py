"""Labels at second sight: lists and terms that are none, lines that name nobody, names in the middle of a line."""

from __future__ import annotations

import pytest

from roundtable.model import Heading, Utterance
from roundtable.speakers import attribute

from .test_no_labels import Turns, said
from .test_text import reading


def told(text: str, path: str = "talk.txt") -> list[tuple[str, int]]:
    """The codes of warnings, and their lines."""
    return [(one.code, one.line or 0) for one in reading(text, path).diagnostics if one.severity == "warning"]


def who(text: str, path: str = "talk.txt") -> list[str | None]:
    """Who speaks, turn by turn."""
    return [label for label, _ in said(text, path)]


def test_a_second_name_in_a_line_is_told() -> None:
    """A line break was lost, or somebody is quoted."""
    text = "Ann: The weir is low. Ben: It is not.\nBen: I told you.\nAnn: You did.\n"
    assert who(text) == ["Ann", "Ben", "Ann"]
    assert told(text) == [("RT206", 1)]


@pytest.mark.parametrize("line", ["He asked me: Ben: is it low?", "I told Ben: go home.", "It was 7:30. Ben came."])
def test_a_name_before_a_colon_in_a_sentence_is_not_told(line: str) -> None:
    """It does not stand where a turn could begin."""
    assert told(f"Ann: {line}\nBen: I told you.\nAnn: You did.\nBen: Yes.\n") == []


def test_a_new_speaker_without_a_name_is_nobody_and_told() -> None:
    """Captioners write `>>` where the speaker changes."""
    text = ">> ANN: Is it low?\n>> BEN: Very.\n>> May I ask something?\n>> ANN: Do.\n>> Thank you.\n"
    assert who(text) == ["ANN", "BEN", None, "ANN", None]
    assert told(text) == [("RT224", 3), ("RT224", 5)]


def test_questions_behind_dashes_are_nobodys_and_told() -> None:
    """As interviews are printed in Japan."""
    text = "――いつですか。\n佐藤　昨日です。\n――どこで？\n佐藤　川です。\n田村　私も。\n佐藤　はい。\n"
    assert who(text) == [None, "佐藤", None, "佐藤", "田村", "佐藤"]
    assert [code for code, _ in told(text)] == ["RT224", "RT224"]


@pytest.mark.parametrize(
    "line", ["Carl:without a space.", "🙂: What is it?", "#3: What is it?"], ids=["tight", "sign", "number"]
)
def test_what_may_be_a_label_and_lacks_something_is_told(line: str) -> None:
    """It stays with the turn before it."""
    text = f"Ann: Is it low?\nBen: Very.\n{line}\nAnn: And now?\nBen: Still.\n"
    assert who(text) == ["Ann", "Ben", "Ann", "Ben"]
    assert told(text) == [("RT206", 3)]


def test_lists_behind_labels_that_recur_are_nobodys_words() -> None:
    """Of names, or of numbers."""
    text = (
        "Chair: We vote on the weir.\nLow water: Lind, Reis\nHigh water: 3\nChair: It is carried.\n"
        "Ms Lind: Good.\nLow water: Lind and Duarte\nHigh water: 2\nMs Lind: Well.\n"
    )
    assert who(text) == ["Chair", "Chair", "Ms Lind", "Ms Lind"]


def test_terms_behind_bullets_are_no_speakers() -> None:
    """Where speakers have no bullets, however often a term recurs."""
    text = "Ann: I see:\n- Cost: high.\n- Time: long.\nBen: And I:\n- Cost: low.\nAnn: Yes.\n- Cost: no.\nBen: Hm.\n"
    assert who(text) == ["Ann", "Ben", "Ann", "Ben"]


def test_a_glossary_is_a_page() -> None:
    """Bold terms, none of which recurs; whoever knows better says so."""
    terms = ("Weir", "Mole", "Groyne", "Lock", "Sluice")
    text = "\n\n".join(f"**{term}:** It keeps the water where it is." for term in terms) + "\n"
    assert reading(text, "words.md").kind == "page"
    assert told(text, "words.md") == [("RT205", 1)]
    assert who(f"---\ntype: transcript\n---\n{text}", "words.md") == list(terms)


def test_bold_questions_keep_their_bold_type() -> None:
    """`**Q: words**`, and plain answers."""
    text = "**Q: What is a weir?**\n\nA: A wall.\n\n**Q: And a mole?**\n\nA: Another.\n"
    assert said(text, "talk.md") == [
        ("Q", "**What is a weir?**"),
        ("A", "A wall."),
        ("Q", "**And a mole?**"),
        ("A", "Another."),
    ]


def test_what_a_chat_says_itself_is_nobodys() -> None:
    """Dated lines without a name, among dated lines with one."""
    text = (
        "[12.03.24, 14:05:33] Ann: Is it low?\n[12.03.24, 14:05:40] Ben: Very.\nI saw it.\n"
        "[12.03.24, 14:06:33] Ann added Carl\n[12.03.24, 2:07:33 PM] Ben: Hello.\n[12.03.24, 14:08:33] Ann: Hello.\n"
    )
    expected: Turns = [
        ("Ann", "Is it low?"),
        ("Ben", "Very.\n\nI saw it."),
        (None, "\\[12.03.24, 14:06:33\\] Ann added Carl"),
        ("Ben", "Hello."),
        ("Ann", "Hello."),
    ]
    assert [(label, words.replace("\\", "")) for label, words in said(text)] == [
        (label, words.replace("\\", "")) for label, words in expected
    ]


def test_a_short_nickname_in_brackets_is_one() -> None:
    """`<[z]>`; a longer word in brackets is a note."""
    assert who("<[z]> Is it low?\n<ann> Very.\n<[z]> Again?\n<ann> Yes.\n") == ["[z]", "ann", "[z]", "ann"]


def test_what_somebody_does_while_speaking_makes_nobody_else_of_them() -> None:
    """`Ann [laughing]:` is Ann."""
    read = reading("Ann: Is it low?\nBen: Very.\nAnn [laughing]: Again?\nBen: Yes.\nAnn: Oh.\n")
    document, _ = attribute(read, "en")
    assert [one.name for one in document.speakers] == ["Ann", "Ben"]


def test_marks_in_brackets_are_no_speakers() -> None:
    """Where names stand in brackets, laughter does too."""
    text = "[Ann]\nIs it low?\n[laughs]\n[Ben]\nVery.\n[laughs]\n[Ann]\nAnd now?\n[Ben]\nStill.\n"
    assert [label for label in who(text) if label] == ["Ann", "Ben", "Ann", "Ben"]


def test_a_line_of_ideographs_with_capitals_is_no_heading() -> None:
    """What has no small letters is not all in capitals."""
    text = "周蕙：谢谢。\n\n处里也在做目录，也就是 OAS 3，可能会比较好。\n\n高明：好。\n\n周蕙：请。\n\n高明：是。\n"
    assert who(text) == ["周蕙", "高明", "周蕙", "高明"]


def test_a_bare_q_and_one_space_recurs_as_a_label() -> None:
    """As in the transcripts of press briefings; an A with a space is an article."""
    text = (
        "THE KEEPER: The weir is low.\n\nQ Mr. Lind, why?\n\nTHE KEEPER: Geese.\n\nA goose?\n\n"
        "Q And when?\n\nTHE KEEPER: Now.\n"
    )
    assert who(text) == ["THE KEEPER", "Q", "THE KEEPER", "Q", "THE KEEPER"]


@pytest.mark.parametrize(
    "label", ["Ana Reis (North)", "Piotr Lind, on behalf of the millers", "Eva Duarte, in writing"]
)
def test_names_with_full_stop_and_dash_that_come_once_are_speakers(label: str) -> None:
    """Where that is the document's form, whatever is said of them behind a comma."""
    text = f"KEEPER. – The weir is open.\n\n{label}. – It is low.\n\nMore geese.\n\nKEEPER. – Closed.\n"
    assert said(text) == [("KEEPER", "The weir is open."), (label, "It is low.\n\nMore geese."), ("KEEPER", "Closed.")]


def test_french_offices_with_full_stop_are_speakers_and_names_with_a_comma_are_told() -> None:
    """An address may begin a paragraph that way."""
    text = (
        "M. le président. La parole est à M. Caron.\n\nM. Caron, ministre des moulins et des ports. Merci.\n\n"
        "Mme la ministre. Nous agissons.\n\nUne députée du groupe SUD. Oh !\n\nM. le président. Silence.\n"
    )
    assert who(text) == ["M. le président", "Mme la ministre", "Une députée du groupe SUD", "M. le président"]
    assert told(text) == [("RT206", 3)]


@pytest.mark.parametrize("name", ["van der Berg", "d'Aubigny", "de Graaf", "2nd Ferryman", "Vozes do Norte"])
def test_a_name_with_a_small_word_or_a_number_is_a_speaker_beside_sure_ones(name: str) -> None:
    """Though most lines have no label."""
    text = f"Host: Hi.\nWelcome.\nTo all.\nAna: Hello.\nI row.\n{name}: I too.\nEvery day.\nHost: Fine.\nAna: Yes.\n"
    assert who(text) == ["Host", "Ana", name, "Host", "Ana"]


@pytest.mark.parametrize("name", ["Anna Virta sd", "A miller from Lindhaven"])
def test_a_short_phrase_with_a_capital_in_it_is_told(name: str) -> None:
    """It stays with the turn before it."""
    text = f"Host: Hi.\nWelcome.\nTo all.\nAna: Hello.\nI row.\n{name}: I too.\nEvery day.\nHost: Fine.\nAna: Yes.\n"
    assert who(text) == ["Host", "Ana", "Host", "Ana"]
    assert told(text) == [("RT206", 6)]


def test_a_member_in_capitals_without_a_name_is_a_speaker() -> None:
    """As in the record of a congress, where hardly a label is in small letters."""
    turns = "Mr. LIND. The weir is low.\n\nMs. REIS. It is.\n\n"
    assert who(f"{turns * 3}A MEMBER. Vote!\n\nMs. Duarte Reis. Geese.\n\n{turns}").count("A MEMBER") == 1


def test_a_speaker_whose_number_nobody_knows() -> None:
    """A question mark stands for it."""
    assert who("Speaker 1: Hi.\nSpeaker 2: Hello.\nSpeaker ?: Who?\nSpeaker 1: He.\n")[2] == "Speaker ?"


@pytest.mark.parametrize(
    "line", ["Joana: Once.", "Joana:\nOnce.", "SPONSOR: Buy boats.", "Caller: I call.\nCaller: A caller."]
)
@pytest.mark.parametrize("form", ["{0} (00:1{1}):\n{2}", "[{0}]: {2}"])
def test_a_plain_label_amid_labels_of_another_form_is_told(form: str, line: str) -> None:
    """It stays with the turn before it."""
    turns = [("Ana", "Hello."), ("Piotr", "Hi."), ("Ana", "So."), ("Piotr", "Bye.")]
    spoken = [form.format(name, i, words) for i, (name, words) in enumerate(turns)]
    text = "\n\n".join((*spoken[:2], line, *spoken[2:])) + "\n"
    assert who(text) == ["Ana", "Piotr", "Ana", "Piotr"]
    assert {code for code, _ in told(text)} == {"RT206"}


@pytest.mark.parametrize("name", ["~Joana", "+48 600 100 200", "⚓Tom", "7up"])
def test_any_name_behind_the_date_of_a_chat_is_a_speaker(name: str) -> None:
    """What the program says, with a colon or without, is nobody's."""
    lines = (
        "- Ana: Hi",
        "- Piotr: Yo",
        f"- {name}: hi",
        '- Ana changed the subject to "a: b"',
        "- Ana: x",
        "- Piotr: y",
    )
    text = "".join(f"05/03/2024, 10:0{i} {line}\n" for i, line in enumerate(lines))
    assert who(text) == ["Ana", "Piotr", name, None, "Ana", "Piotr"]


def test_an_unseen_sign_before_a_date_hides_no_label() -> None:
    """Phones write one before a line that tells of a picture."""
    lines = ("[05.03.24, 10:02:30] Ana: see", "\u200e[05.03.24, 10:02:31] Ana: a weir", "[05.03.24, 10:02:32] Ben: oh")
    assert who("\n".join((*lines, *lines)) + "\n") == ["Ana", "Ana", "Ben"] * 2


def test_a_name_in_capitals_that_comes_once_alone_on_its_line_is_told() -> None:
    """In a play, where names that recur stand so."""
    text = "A lamp\n\nRain falls\n\nANNA\nWho's there?\n\nTOM (O.S.)\nIt's me.\n\nANNA\nGo away.\n\nTOM\nNo.\n"
    assert told(text) == [("RT206", 8), ("RT206", 14)]


def test_a_name_without_a_time_amid_names_with_one_is_told() -> None:
    """It stands between a gap and its words."""
    turns = "Ana Lind  10:02:15\nHi.\n\nPiotr Reis  10:03:01\nYes.\n\n"
    text = f"{turns}Joana\nOnce.\n\n{turns}"
    assert who(text) == ["Ana Lind", "Piotr Reis"] * 2
    assert told(text) == [("RT206", 7)]


def test_a_name_in_capitals_is_the_same_name() -> None:
    """Though the words of the other spelling occur in small letters, namely there."""
    text = "Ann: Hi.\nJANE SMITH: Again.\nAnn: Go on.\njane smith: I do.\nAnn: Fine.\n"
    assert who(text) == ["Ann", "JANE SMITH", "Ann", "jane smith", "Ann"]


def test_two_speakers_before_one_colon_are_no_form_of_the_first() -> None:
    """They are a speaker of their own."""
    text = "Host: Hi.\nAna: Hello.\nAna, Host: Together!\nHost: Bye.\nAna: Bye.\n"
    document, found = attribute(reading(text), "en")
    assert [one.name for one in document.speakers] == ["Host", "Ana", "Ana, Host"]
    assert "RT304" not in [one.code for one in found]


def test_a_phrase_alone_before_a_colon_is_told_where_labels_stand_so() -> None:
    """Somebody in the hall may have said what stands below."""
    turns = ["Ana Mureșan:\nBună seara.", "Tom Albu:\nMulțumesc.", "Din sală:\nNu se aude!", "Ana Mureșan:\nAcum da."]
    text = "\n\n".join((*turns, "Tom Albu:\nDa.")) + "\n"
    assert who(text) == ["Ana Mureșan", "Tom Albu", "Ana Mureșan", "Tom Albu"]
    assert told(text) == [("RT206", 7)]


def test_a_phrase_before_a_colon_behind_the_date_of_a_chat_is_nobodys_and_told() -> None:
    """It may be what the program says, or a name in small letters."""
    lines = ["Ana: Hi", "Piotr: Yo", "Głos z sali: dobre", "Ana: x", "Piotr: y"]
    text = "".join(f"05/03/2024, 10:0{i} - {line}\n" for i, line in enumerate(lines))
    assert who(text) == ["Ana", "Piotr", None, "Ana", "Piotr"]
    assert told(text) == [("RT206", 3)]


def test_a_phrase_with_an_article_that_stands_like_a_turn_is_told() -> None:
    """Few lines have labels; this one begins a paragraph, and its words begin with a capital as turns do."""
    turns = [
        "Ana Lu: Hello.",
        "It will be long.",
        "The man in the hat: May I ask?",
        "Ana Lu: Yes.",
        "So.",
        "Ana Lu: Oh.",
    ]
    text = "\n\n".join((*turns, "It rains.", "It snows.")) + "\n"
    assert who(text) == ["Ana Lu"] * 3
    assert told(text) == [("RT206", 5)]


def test_a_label_that_is_too_long_to_be_one_is_told() -> None:
    """All the offices of somebody, before a colon."""
    name = f"The Lord Mayor of Lindhaven and {'Keeper of the Northern Harbours and ' * 5}Sir Tom Reis"
    text = f"Ana Lu: Hello.\n\n{name}: Thank you.\n\nAna Lu: Well.\n\nAna Lu: So.\n"
    assert who(text) == ["Ana Lu"] * 3
    assert told(text) == [("RT206", 3)]


def test_a_long_sentence_before_a_colon_is_not_told() -> None:
    """It has few capitals."""
    text = (
        f"Ana Lu: Hello.\n\nThe river {'brings more sand than the tide takes ' * 5}and so: we dig.\n\nAna Lu: Well.\n"
    )
    assert told(text) == []


def test_in_capitals_nobody_is_addressed() -> None:
    """A label right above another one of the same speaker stays one, where labels are shouted and addresses are not."""
    turns = [("HERON", "the rope is wet"), ("OTTER7", "bring another"), ("OTTER7", "otter7: I mean it")]
    text = "\n".join(f"{name}: {said}" for name, said in (*turns, *(turns[:2] * 6))) + "\n"
    assert who(text)[:3] == ["HERON", "OTTER7", "OTTER7"]


@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_a_heading_that_begins_with_a_speaker_and_a_colon_is_told(path: str) -> None:
    """Somebody may have meant a label; or the section is about that person."""
    turns = [
        "**Ana Lu:** Hello.",
        "**Tom Reis:** Hi.",
        "### Ana Lu: right you are",
        "**Tom Reis:** So.",
        "**Ana Lu:** No.",
    ]
    assert told("\n\n".join(turns) + "\n", path) == [("RT206", 5)]


def test_labels_in_the_midst_of_a_line_of_markdown_are_told() -> None:
    """A line break was lost."""
    turns = ["**Ana Lu:** Hello. **Tom Reis:** Hi.", "**Tom Reis:** So.", "**Ana Lu:** No."]
    assert told("\n\n".join(turns) + "\n", "talk.md") == [("RT206", 1)]


@pytest.mark.parametrize("label", ["**Cy:**", "**Cy**:"])
def test_names_that_speak_nowhere_else_are_told_in_the_midst_of_a_line(label: str) -> None:
    """Behind the end of a sentence; phrases, and names in it, are words."""
    turns = [f"**Ana Lu:** Hello. {label} Hi.", "**Tom Reis:** So. **Note:** wet.", f"**Ana Lu:** Ask {label} or me."]
    assert told("\n\n".join(turns) + "\n", "talk.md") == [("RT206", 1)]


@pytest.mark.parametrize("path", ["talk.md", "talk.txt"])
def test_quoted_labels_of_those_who_speak_are_told(path: str) -> None:
    """Somebody reads aloud what another wrote; where the questions stand in quotations, they are questions."""
    turns = ["Ana: So.", "Tom: She wrote:", "> Ana: Never.", "Ana: Yes.", "Tom: No.", "Ana: Ho."]
    assert told("\n\n".join(turns) + "\n", path) == [("RT206", 5)]
    turns = ["> Ana: So?", "Tom: Yes.", "> Ana: Why?", "Tom: Well.", "> Ana: Oh?", "Tom: So."]
    assert told("\n\n".join(turns) + "\n", path) == []


@pytest.mark.parametrize("line", ["[2024-05-03 10:01] {}", "5/3/24, 10:01 PM - {}", "2024-05-03 10:01 {}"])
def test_names_that_recur_behind_dates_on_a_page_are_asked_about(line: str) -> None:
    """A chat that was pasted into Markdown; a diary recurs no name."""
    for words, expected in (("ana: Hi.", ["RT205"]), ("Ana: So.", ["RT205"]), ("We rowed.", []), ("Note: rain", [])):
        read = reading("\n\n".join(line.format(one) for one in (words, "Tom: Hello.", words)), "talk.md")
        assert (read.kind, [one.code for one in read.diagnostics]) == ("page", expected)


def test_headings_in_capitals_amid_turns_are_told_once() -> None:
    """Even in a short file, in which they are many; the title is not told."""
    turns = ["INTERVIEW WITH ANA", "Tom: Hello.", "Ana: Hi.", "Tom: So.", "Ana: Yes.", "Tom: Good.", "END OF INTERVIEW"]
    read = reading("\n\n".join(turns) + "\n", "talk.txt")
    assert [(one.code, one.line) for one in read.diagnostics if one.code == "RT209"] == [("RT209", 13)]
    assert [one.title for one in read.pieces if isinstance(one, Heading)] == [turns[0], turns[-1]]


@pytest.mark.parametrize("parted", ["\n\n", "\n"])
def test_an_office_amid_metadata_at_the_top_speaks_not_and_is_told(parted: str) -> None:
    """Participants speak elsewhere; here they are listed."""
    head = "Date: 3 May 2021\nLocation: Town Hall\nParticipants: see below\n"
    turns = ["Ana Lu: Hello.", "Tom Reis: Hi.", "Ana Lu: So.", "Tom Reis: Yes."]
    text = f"{head}{parted[1:]}{parted.join(turns)}\n"
    assert who(text) == [None, "Ana Lu", "Tom Reis", "Ana Lu", "Tom Reis"]
    assert told(text) == [("RT206", 1), ("RT206", 2), ("RT206", 3)]


DENSE = "Ann Li: Hear me?\nBo Ek: Yes.\n{}\nAnn Li: Good.\nBo Ek: Go on.\n"
TIMED = "[00:01] Ann Li: Hear me?\n[00:02] Bo Ek: Yes.\n{}\n[00:05] Ann Li: Good.\n[00:06] Bo Ek: Go on.\n"


@pytest.mark.parametrize("name", ["the pilot", "iPhone (3)", "+00 170 555", "somebody by the door"])
def test_odd_labels_are_told_where_nearly_every_line_has_one(name: str) -> None:
    """A line without a label would be the odd one."""
    assert told(DENSE.format(f"{name}: Hi.")) == [("RT206", 3)]
    assert who(DENSE.format(f"{name}: Hi.")) == ["Ann Li", "Bo Ek", "Ann Li", "Bo Ek"]


def test_a_phrase_before_a_colon_is_no_label_where_turns_have_more_lines() -> None:
    """Nobody need be told."""
    text = DENSE.format("Of course.\nAnd so on.\nthe gist is this: we go.\nThat is all.\nI thank you.")
    assert told(text) == []


@pytest.mark.parametrize("name", ["the pilot", "iPhone (3)", "+00 170 555", '"Jo"', "ana@weir.example"])
def test_any_name_behind_a_time_is_a_speaker_where_all_have_one(name: str) -> None:
    """Meeting programs write what people called themselves, or the number they called from."""
    text = TIMED.format(f"[00:03] {name}: Hi.")
    assert who(text) == ["Ann Li", "Bo Ek", name, "Ann Li", "Bo Ek"]
    assert [(one.code, one.line) for one in reading(text).diagnostics] == [("RT211", 3)]


@pytest.mark.parametrize("line", ["Budget: 4000", "[00:03] Note: the line was cut."])
def test_words_before_colons_are_told_where_labels_have_times(line: str) -> None:
    """A line that lacks its time is of somebody's list; a note is nobody."""
    assert told(TIMED.format(line)) == [("RT206", 3)]
    assert who(TIMED.format(line)) == ["Ann Li", "Bo Ek", "Ann Li", "Bo Ek"]


def test_a_stretch_that_names_nobody_is_nobodys_where_all_others_name_somebody() -> None:
    """Who spoke before is no sign of who speaks then."""
    text = "".join(
        f"[00:0{i}.000 --> 00:0{i + 1}.500] {name} Words {i}.\n"
        for i, name in enumerate(["S1:", "S2:", "", "S1:", "S2:"])
    )
    assert who(text) == ["S1", "S2", None, "S1", "S2"]
    found = [(one.code, one.line, one.message) for one in reading(text).diagnostics if one.severity == "warning"]
    assert found == [("RT224", 3, "'[00:02.000 --> 00:03.500]' names no speaker: read as narration")]


def test_times_of_paragraphs_name_nobody_anew() -> None:
    """Where each label has but one time, a line with a time goes on with the turn."""
    assert who(TIMED.format("[00:03] And more.")) == ["Ann Li", "Bo Ek", "Ann Li", "Bo Ek"]
    assert told(TIMED.format("[00:03] And more.")) == []


def test_a_message_of_a_chat_is_no_heading() -> None:
    """It may be one capitalised word, on a line of its own."""
    text = "".join(
        f'00:0{i}:01\t From {name} to Everyone:\n\tReplying to "Hi"\n\n\tFine\n'
        for i, name in enumerate("Ann Bo Ann Bo".split())
    )
    assert not any(isinstance(piece, Heading) for piece in reading(text).pieces)
    assert who(text) == ["Ann", "Bo", "Ann", "Bo"]


def test_a_time_may_stand_before_a_bold_label() -> None:
    """In Markdown, where others have none."""
    text = "**Will:** Hi.\n\n**Grace:** Hi.\n\n**Will:** So.\n\n[00:00:30] **Grace (laughing):** Thanks.\n\n[00:36] **Jo:** Bye.\n"
    one = reading(text, "talk.md")
    assert who(text, "talk.md") == ["Will", "Grace", "Will", "Grace (laughing)", "Jo"]
    assert told(text, "talk.md") == []
    assert [piece.start for piece in one.pieces if isinstance(piece, Utterance)] == [None, None, None, 30, 36]


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("HOST: Hello.", "ANA DUARTE: Hm.", "ANA DUARTE: It is a pleasure HOST: So how old is it?"),
        ("Ann: Hello.", "Ben: Hm.", "Ann: It is 300 years - Ben: Really?"),
        (">> Ann: Hello.", ">> Ben: Hm.", ">> Ann: It is >> Ben: Old."),
        ("Ann (00:01): Hello.", "Ben (00:02): Hm.", "Ann (00:03): Yes. Ben (00:04): Old."),
        ("[00:01] Ann: Hello.", "[00:02] Ben: Hm.", "[00:03] Ann: Yes [00:04] Ben: Old."),
    ],
)
def test_a_label_where_a_turn_may_begin_inside_a_line_is_told(first: str, second: str, line: str) -> None:
    """Behind a dash, chevrons or a time; anywhere, if only speakers are in capitals."""
    assert told(f"{first}\n{second}\n{first}\n{second}\n{line}\n{second}\n") == [("RT206", 5)]


def test_ideographs_are_no_capitals() -> None:
    """A name before a colon inside a line may be whom somebody asked."""
    assert told("田中：我問佐藤：你來嗎？\n佐藤：來。\n田中：好。\n佐藤：走。\n") == []


READ_OUT = "ANA: Hm.\n\nTOM: I read what they said:\n\n{0}CHAIR: It is high.\n{0}ANA: It's not.\n\nThat is all.\n\nANA: I never did.\n\nTOM: You did.\n"


@pytest.mark.parametrize("indent", ["    ", "\t", "  "])
def test_labels_in_what_somebody_reads_out_are_words_and_told(indent: str) -> None:
    """It is set in, behind a colon."""
    text = READ_OUT.format(indent)
    assert who(text) == ["ANA", "TOM", "ANA", "TOM"]
    assert told(text) == [("RT206", 5), ("RT206", 6)]


def test_turns_that_are_set_in_otherwise_are_turns() -> None:
    """All of them, one without a colon before it, or as deep as the others."""
    labels = ["ANA", "TOM", "ANA", "TOM"]
    assert who("    ANA: So:\n    TOM: Yes.\n    ANA: So:\n    TOM: No.\n") == labels
    assert who("ANA: So.\n    TOM: Yes.\nANA: So.\n    TOM: No.\n") == labels
    assert (
        who("ANA:\n    So we go on.\nTOM:\n    Yes, it seems so to me.\nANA:\n    We go.\nTOM:\n    No, we do not.\n")
        == labels
    )


@pytest.mark.parametrize(("opening", "closing"), ['""', "“”", "«»"])
def test_labels_in_a_quotation_of_several_lines_are_words_and_told(opening: str, closing: str) -> None:
    """It begins before a speaker's label, and ends behind another's words."""
    text = f"MAY: She wrote:\n{opening}PARK: We will.\nHOPE: When?\nPARK: Never.{closing}\nHOPE: Hm.\nPARK: No.\nMAY: So?\n"
    assert who(text) == ["MAY", "HOPE", "PARK", "MAY"]
    assert told(text) == [("RT206", 2), ("RT206", 3), ("RT206", 4)]


def test_a_quotation_that_never_ends_hides_no_turns() -> None:
    """A sign was forgotten."""
    text = 'MAY: She wrote:\n"PARK: We will.\nHOPE: When?\nPARK: Never.\nHOPE: Hm.\nMAY: So?\n'
    assert who(text) == ["MAY", "HOPE", "PARK", "HOPE", "MAY"]


@pytest.mark.parametrize("line", ["LIND – May I ask?", "DUARTE - Yes.", "――May I ask?"])
def test_a_label_of_another_form_amid_labels_with_colons_is_told(line: str) -> None:
    """A dash for the colon, or for a question."""
    text = f"CHAIR: Well?\nDUARTE: Yes.\nCHAIR: Go on.\n{line}\nDUARTE: No.\nCHAIR: So?\n"
    assert told(text) == [("RT206", 4)]


def test_a_dash_in_words_is_no_label() -> None:
    """Nor is a list's."""
    assert told("Ann: Well?\nBen: Yes.\nLater - much later - we left.\n- one\n- two\nAnn: Go on.\nBen: No.\n") == []


def test_letters_in_brackets_are_items_of_a_list_where_nobody_asks() -> None:
    """A bill that somebody brings in; and an examination."""
    bill = "".join(f"(A) in paragraph {i}, by striking this;\n\n(B) by adding that; and\n\n" for i in range(1, 6))
    assert who(f"Mr. LIND. Mr. President, today I bring in the bill.\n\n{bill}The bill was laid on the table.\n") == [
        "Mr. LIND"
    ]
    assert who("(Q) When?\n(A) Then.\n(Q) Why?\n(A) So.\n(Q) Who?\n(A) I.\n") == ["Q", "A"] * 3
