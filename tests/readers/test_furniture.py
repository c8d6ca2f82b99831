"""Page furniture: line numbers, page numbers, running heads, and all that only looks like them."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import fidelity, speakers
from roundtable.model import Heading, Reading, Skipped, Source, Transcript, Utterance
from roundtable.readers import furniture
from roundtable.readers.lines import Places, lines_of

from .. import bounded
from .test_text import reading

Turns = list[tuple[str, str]]

WORDS = (
    "the harbour weir and 12 boats of sand we saw it stone bridge no money for tide 1931 she said that (as written) "
    "keeper's lamp Ana never 3 oars which water north door I you"
).split()
NAMES = ["MR. LIND", "MS. DUARTE", "THE CHAIR"]


def talk(seed: int, turns: int, longest: int = 60) -> Turns:
    """What three people say, in sentences of any length."""
    chance = random.Random(seed)
    found = []
    for i in range(turns):
        words = " ".join(chance.choice(WORDS) for _ in range(chance.randint(1, longest)))
        found.append((NAMES[i % 2] if chance.random() < 0.8 else NAMES[2], f"{words[0].upper()}{words[1:]}."))
    return [one for i, one in enumerate(found) if not i or one[0] != found[i - 1][0]]


def wrapped(turns: Turns, width: int = 58, indent: int = 10) -> list[str]:
    """Turns as typed lines, each turn set in."""
    return [
        line
        for name, words in turns
        for line in textwrap.wrap(
            f"{name}: {words}", width, initial_indent=" " * indent, break_on_hyphens=False, break_long_words=False
        )
    ]


def paged(lines: list[str], length: int, page: Callable[[int, int, list[str]], str]) -> str:
    """Lines as pages; `page` makes one of its number, the number of pages and its lines."""
    pages = [lines[at : at + length] for at in range(0, len(lines), length)]
    return "".join(page(i, len(pages), one) for i, one in enumerate(pages, 1))


def deposition(i: int, n: int, lines: list[str]) -> str:
    """A page with line numbers, the case at its head, the page's number and the reporter at its foot."""
    numbered = "".join(f"{k:2}   {line}\n" for k, line in enumerate(lines, 1))
    return f"{' ' * 20}IN RE THE NORTH WEIR\n\n{numbered}\n{' ' * 30}{i}\n{' ' * 24}Lind Court Reporters\n\f"


def double(i: int, n: int, lines: list[str]) -> str:
    """The same in double space, numbers to the left, without form feeds."""
    return "".join(f"{k}\t{line}\n\n" for k, line in enumerate(lines, 1)) + f"Page {i} of {n}\n\n"


def apart(i: int, n: int, lines: list[str]) -> str:
    """The same with each number on a line of its own, as some programs take text out of a PDF."""
    return f"Page {i}\n\n" + "".join(f"{k}\n\n{line}\n\n" for k, line in enumerate(lines, 1))


def column(i: int, n: int, lines: list[str]) -> str:
    """The same with all numbers of a page before its lines."""
    return "".join(f"{k}\n" for k in range(1, len(lines) + 1)) + "\n" + "\n".join(lines) + f"\n\n{i}\n\f"


def typed(foot: str) -> Callable[[int, int, list[str]], str]:
    """A page without line numbers, with a head, and with its number below."""

    def page(i: int, n: int, lines: list[str]) -> str:
        return "Third hearing on the weir\n\n" + "\n".join(lines) + f"\n\n{foot.format(i, n)}\n\n"

    return page


def fifth(i: int, n: int, lines: list[str]) -> str:
    """A page of which every fifth line has its number."""
    return "".join(f"{k if k % 5 == 0 else '':>3}   {line}\n" for k, line in enumerate(lines, 1)) + "\n"


def roman(i: int, n: int, lines: list[str]) -> str:
    """A page with a Roman number below."""
    tens, ones = divmod(i, 10)
    number = "x" * tens + ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"][ones]
    return "\n".join(lines) + f"\n\n- {number if i < 3 else number.upper()} -\n\n"


PAGES = {
    "every fifth line": (35, fifth),
    "Roman": (40, roman),
    "deposition": (25, deposition),
    "double space": (28, double),
    "numbers apart": (25, apart),
    "column of numbers": (25, column),
    "dashes": (40, typed("- {} -")),
    "German": (40, typed("Seite {} von {}")),
    "Spanish": (40, typed("Página {}")),
    "Chinese": (40, typed("第 {} 页")),
    "Chinese, of all": (40, typed("第{}頁，共{}頁")),
    "Arabic": (40, typed("صفحة {}")),
    "bare": (40, typed("{}")),
    "court's file": (40, typed("Case 1:12-cv-00345 Document 17 Filed 03/04/12 Page {} of {}")),
    "marks": (40, typed("[[Page S{}]]")),
}


def said(read: Reading) -> Turns:
    """Who said what, white space aside; of the words of nobody only those that are there."""
    pieces = [one for one in read.pieces if isinstance(one, Utterance | Heading)]
    return [
        (one.label or "", " ".join(one.markdown.split())) if isinstance(one, Utterance) else ("#", one.title)
        for one in pieces
    ]


def taken(read: Reading) -> dict[str, int]:
    """What was taken out, and how often."""
    return {f"{one.kind} {one.text}": len(one.places) for one in read.furniture}


def told(read: Reading) -> list[str]:
    """What the editor is told of what was skipped."""
    return [one.message for one in speakers.attribute(read, "en")[1] if one.code == "RT208"]


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", PAGES)
def test_pages_change_nothing_of_what_is_said(form: str) -> None:
    """Whatever stands on them: labels, words and paragraphs are those of the same text without pages."""
    lines = wrapped(talk(7, 90))
    read = reading(paged(lines, *PAGES[form]))
    assert said(read) == said(reading("\n".join(lines)))
    assert fidelity.reading(read) == ()
    assert taken(read)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(PAGES)), st.integers(0, 10_000), st.integers(120, 200), st.integers(20, 80))
def test_furniture_added_to_any_talk_changes_nothing(form: str, seed: int, turns: int, longest: int) -> None:
    """The same for any talk that fills some pages."""
    lines = wrapped(talk(seed, turns, longest))
    lines = lines[: len(lines) - (len(lines) % PAGES[form][0] == 1)]  # one number alone is no column
    read = reading(paged(lines, *PAGES[form]))
    assert said(read) == said(reading("\n".join(lines)))
    assert fidelity.reading(read) == ()


def test_the_editor_is_told_what_was_taken_out() -> None:
    """Each kind once, with its number."""
    lines = wrapped(talk(3, 60))[:100]
    read = reading(paged(lines, 25, deposition))
    assert told(read) == [
        "skipped: line numbers, 100",
        "skipped: running head 'IN RE THE NORTH WEIR', 4 times",
        "skipped: page number '#', 4 times",
        "skipped: running head 'Lind Court Reporters', 4 times",
    ]


def test_what_was_taken_out_stands_in_the_transcript() -> None:
    """As text that was skipped, each kind once."""
    document, _ = speakers.attribute(reading(paged(wrapped(talk(3, 60))[:100], 25, deposition)), "en")
    assert isinstance(document, Transcript)
    assert [(one.text, one.reason) for one in document.skipped][:2] == [
        ("1", "line numbers, 100"),
        ("IN RE THE NORTH WEIR", "running head 'IN RE THE NORTH WEIR', 4 times"),
    ]


def test_questions_and_answers_on_numbered_pages() -> None:
    """Set in behind the number, as a deposition has them."""
    lines = [
        "        Q.   Did you see the weir on that",
        "day?",
        "        A.   I saw the boats that were on the",
        "water, no more.",
    ]
    lines += ["        MS. DUARTE:  Objection.", "        Q.   You may answer."]
    read = reading(paged(lines * 20, 25, deposition))
    assert said(read)[:4] == [
        ("Q", "Did you see the weir on that day?"),
        ("A", "I saw the boats that were on the water, no more."),
        ("MS. DUARTE", "Objection."),
        ("Q", "You may answer."),
    ]
    assert len(said(read)) == 80


def test_a_deposition_with_all_that_stands_in_one() -> None:
    """Who examines, objects, takes a recess and certifies: each is told from the answer above it."""
    lines = ["          ANA DUARTE,", "having been sworn, testified as follows:", "BY MR. LIND:"]
    lines += ["     Q.   Who lit the lamp?", "     A.   The keeper did, as he had always", "done."] * 30
    lines += ["           MS. DUARTE:  Objection.", "          THE WITNESS:  I don't know.", "BY MR. LIND:"]
    lines += [
        "     Q.   Since when?",
        "     A.   Since 1931.",
        "          (Recess taken from 10:05 a.m. to",
        "10:20 a.m.)",
    ]
    lines += ["BY MR. LIND:", "     Q.   Thank you.", "          (Whereupon, the deposition was concluded.)"]

    def page(i: int, n: int, lines: list[str]) -> str:
        return f"{deposition(i, n, lines)[:-2]}\n              (201) 555-0117\n\f"

    read = reading(paged(lines, 25, page))
    assert taken(read)["running head (201) 555-0117"] == 5
    assert said(read)[3:5] == [("Q", "Who lit the lamp?"), ("A", "The keeper did, as he had always done.")]
    assert said(read)[-9:] == [
        ("MS. DUARTE", "Objection."),
        ("THE WITNESS", "I don't know."),
        ("", "BY MR. LIND:"),
        ("Q", "Since when?"),
        ("A", "Since 1931."),
        ("", "(Recess taken from 10:05 a.m. to 10:20 a.m.)"),
        ("", "BY MR. LIND:"),
        ("Q", "Thank you."),
        ("", "(Whereupon, the deposition was concluded.)"),
    ]
    assert fidelity.reading(read) == ()


def test_numbered_pages_whose_indentation_is_lost() -> None:
    """Labels are found where a line may begin a paragraph; what goes on with a sentence is none."""
    turns = talk(11, 90)
    read = reading(paged(wrapped(turns, indent=0), 25, lambda i, n, lines: deposition(i, n, lines).replace("   ", " ")))
    assert [label for label, _ in said(read)] == [name for name, _ in turns]
    assert [words for _, words in said(read)] == [words for _, words in turns]


def test_numbers_that_run_through_the_document() -> None:
    """As in an interview whose lines are numbered from the first to the last."""
    lines = wrapped(talk(5, 60), indent=4)
    read = reading("".join(f"{k:4} {line}\n" for k, line in enumerate(lines, 1)))
    assert taken(read) == {"line number #": len(lines)}
    assert said(read) == said(reading("\n".join(lines)))


def test_a_sentence_runs_on_in_text_that_is_not_wrapped() -> None:
    """Where a paragraph is a line, a page's end breaks it in two; the two are one again."""
    long = "She kept the lamp for years and years, and the boats came home by it, " * 8
    text = "".join(
        f"Host: And then?\nAna: {long}and nobody\n\n{i}/4\n\npaid her for it: not once.\n" for i in range(1, 5)
    )
    read = reading(text)
    assert taken(read) == {"page number #/4": 4}
    assert [label for label, _ in said(read)] == ["Host", "Ana"] * 4
    assert said(read)[1][1].endswith("and nobody paid her for it: not once.")


def test_a_page_mark_in_brackets_needs_no_other() -> None:
    """Its form says what it is."""
    read = reading("Host: We saw the weir and\n\n[[Page S12]]\n\nthe boats.\nAna: Yes.\nHost: Well.\n")
    assert said(read)[0] == ("Host", "We saw the weir and the boats.")
    assert told(read) == ["skipped: page number '[[Page S#]]'"]


def test_lines_of_ideographs_are_joined_without_a_space() -> None:
    """A page's end included: no script of ideographs parts words."""
    line = "河堤在去年的大水之后就没有人去修过船也不能靠岸我们在那里等了三天没有一个人来"
    body = [f"{'主持人' if k % 6 == 0 else '安娜'}：{line}" if k % 3 == 0 else line for k in range(90)]
    read = reading(paged([f"    {one}" if "：" in one else one for one in body], 25, PAGES["Chinese"][1]))
    assert taken(read)["page number 第 # 页"] == 4
    assert said(read)[:2] == [("主持人", line * 3), ("安娜", line * 3)]


def test_an_index_of_words_is_skipped_with_its_reason() -> None:
    """Columns of words with pages and lines, behind the last page: nobody said them."""
    index = "\n".join(f"  weir {k}:4,17     lamp {k}:9 {k}:21    north {k + 1}:3" for k in range(1, 40))
    read = reading(paged(wrapped(talk(3, 60))[:100], 25, deposition) + index + "\n")
    assert [one.reason for one in read.pieces if isinstance(one, Skipped)] == ["index of words"]
    assert fidelity.reading(read) == ()


# --- what only looks like furniture ----------------------------------------------------------------------------------


def spoken(*parts: str, times: int = 30) -> str:
    """A talk of two in which a line stands again and again."""
    chance = random.Random(9)
    lines = []
    for k in range(times):
        words = " ".join(chance.choice(WORDS) for _ in range(40))
        lines += [f"Host: {words}.", *(part.format(k + 1) for part in parts), f"Ana: {words} so."]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    "text",
    [
        spoken("{}. What is the weir?"),
        spoken("{} Of the weir"),
        spoken("Thank you."),
        spoken("(Applause.)"),
        spoken("[Applause]"),
        spoken("Ana:"),
        spoken("Q", "A"),
        spoken("Chapter {}"),
        spoken("Question {}"),
        spoken("{}"),
        spoken("That is on page {}."),
        spoken("as you can read on page {}"),
        "".join(f"{k} In the beginning was the weir.\n" for k in range(1, 26)) * 3,
        "".join(f"{k} Yes, often.\n" for k in range(1, 26)) * 4,
        "".join(f"{k}\nYes, often.\n" for k in range(1, 26)) * 4,
        "".join(f"_field : WEIR-{k}\n{words}\n" for k, (_, words) in enumerate(talk(4, 40), 1)),
        "".join(f"{k}. {line.strip()}\n" for k, line in enumerate(wrapped(talk(2, 30)), 1)),
        "".join(f"10:{k:02} {line.strip()}\n" for k, line in enumerate(wrapped(talk(2, 30))[:60])),
        "".join(f"Host:\n{k}\nAna:\nThank you.\n" for k in range(1, 40)),
    ],
)
def test_what_recurs_in_a_talk_is_no_furniture(text: str) -> None:
    """Lists, verses, questions, refrains, labels, chapters, times: all stay."""
    assert reading(text).furniture == ()


def test_labels_and_refrains_at_the_edges_of_pages_stay() -> None:
    """They recur elsewhere too."""
    page = "Ana:\nThank you.\nHost:\nAnd the weir?\nAna:\nIt is full of sand, and nobody pays.\nHost:\nThank you.\n"
    read = reading(f"{page}\f" * 12)
    assert read.furniture == ()
    assert len(said(read)) == 48


def test_numbers_of_every_fifth_line_may_run_through_the_document() -> None:
    """A label behind one is a label; empty lines may be counted or not."""
    lines = wrapped(talk(7, 90))
    text = "".join(f"{k if k % 5 == 0 else '':>4}  {line}\n" for k, line in enumerate(lines, 1))
    read = reading(text)
    assert said(read) == said(reading("\n".join(lines)))
    assert taken(read) == {"line number #": len(lines) // 5}
    assert fidelity.reading(read) == ()


@pytest.mark.parametrize("step", [4, 6])
def test_numbers_that_do_not_count_lines_are_words(step: int) -> None:
    """Every fifth number, but not at every fifth line."""
    lines = wrapped(talk(7, 60))
    read = reading("".join(f"{5 * k // step if k % step == 0 else '':>4}  {line}\n" for k, line in enumerate(lines, 1)))
    assert read.furniture == ()


@pytest.mark.parametrize("number", [5, 10, 15, 35, 40])
@pytest.mark.parametrize("at", range(20, 30))
def test_a_spoken_number_at_the_head_of_a_line_stays(number: int, at: int) -> None:
    """Wherever it stands between the numbers of every fifth line, behind a new page's top too."""
    lines = wrapped(talk(7, 60))[:108]
    lines[at] = f"{number} boats" if (at % 27 + 1) % 5 else lines[at]
    text = paged(
        lines,
        27,
        lambda _, __, page: "".join(
            f"{k if k % 5 == 0 else '':>2} {line}\n".replace("   ", "", 1) for k, line in enumerate(page, 1)
        ),
    )
    read = reading(text)
    assert fidelity.reading(read) == ()
    assert taken(read) == {"line number #": 20}
    assert "".join(words for _, words in said(read)).count(f"{number} boats") == "".join(lines).count(f"{number} boats")


@pytest.mark.parametrize("ahead", [2, 3])
@pytest.mark.parametrize("at", range(1, 22, 4))
def test_a_spoken_number_on_a_line_without_one_stays(ahead: int, at: int) -> None:
    """Amid lines that all have theirs: the number that would come next comes behind it."""

    def page(_: int, __: int, lines: list[str]) -> str:
        numbered = [f"{k:>2} {line}\n" for k, line in enumerate(lines, 1)]
        return "".join((*numbered[:at], f"{at + ahead} owls\n", *numbered[at:]))

    read = reading(paged(wrapped(talk(7, 60))[:108], 27, page))
    assert taken(read) == {"line number #": 108}
    assert " ".join(words for _, words in said(read)).count(f"{at + ahead} owls") == 4


# --- the proof -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["word", "number", "first", "head", "alone"])
def test_the_proof_finds_words_taken_for_furniture(what: str) -> None:
    """A place that holds something else, a number that doesn't count, a head that stands once."""
    read = reading(paged(wrapped(talk(3, 60))[:100], 25, deposition))
    numbers, head = read.furniture[0], read.furniture[1]
    place = numbers.places[30]
    wrong = {
        "word": msgspec.structs.replace(numbers, places=(msgspec.structs.replace(place, end=place.end + 9),)),
        "number": msgspec.structs.replace(numbers, places=(place, place)),
        "first": msgspec.structs.replace(numbers, places=numbers.places[:5] + numbers.places[4:5]),
        "head": msgspec.structs.replace(head, text="IN RE"),
        "alone": msgspec.structs.replace(head, places=head.places[:1]),
    }[what]
    found = fidelity.reading(msgspec.structs.replace(read, furniture=(wrong,)))
    assert found
    assert {one.code for one in found} == {"RT401"}


# --- cost ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "{}\n",
        "\f{}\n",
        "{} {} {} {} {} {} {} {}\n",
        "Page {}\n",
        "{}/9\n",
        "1\n",
        "[Page {}]\n",
        "\f\n\f\nHead\n",
        "{} a\n",
    ],
)
def test_hostile_pages_cost_no_more_a_line(line: str) -> None:
    """However many there are."""
    source = Source("a.txt", "".join(line.replace("{}", str(k)) for k in range(40_000)), "")
    with bounded.ends():
        furniture.without(source, Places(source), lines_of(source, 0))


def test_a_number_that_is_damaged_is_a_word() -> None:
    """A tenth line whose 1 was lost: its 0 counts on from nothing, and stays."""
    text = paged(wrapped(talk(3, 40)), 25, deposition).replace("\n10   ", "\n 0   ", 1)
    read = reading(text)
    assert fidelity.reading(read) == ()
