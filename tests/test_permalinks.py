"""Ids that survive edits: one transcript, its part of the ledger, and what becomes of both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable import ledger, permalinks, readers, speakers
from roundtable.model import Transcript
from roundtable.permalinks import Settled
from roundtable.recognition import Page

from . import bounded

ANA = "The harbour was deep and the boats came in at night with their lamps lit."
WALL = "Nobody had asked us about the new wall, and we didn't know whom to write to."
WINTER = "In the winter it was always so, because the wind blew from the north for weeks."
PIER = "They took the pier away in spring, and nobody put another one in its place."
LONG = " ".join(
    f"This is sentence {n} of a long answer, in which {thing} is told at some length." for n, thing in
    enumerate("a storm,the old ferry,my uncle's shop,every quay,a vexing letter,the jury,our zeal,what followed".split(","))
)  # fmt: skip


def said(*turns: tuple[str, str]) -> str:
    """A transcript of turns; one without a speaker is a heading."""
    return "\n\n".join(f"**{who}:** {words}" if who else f"## {words}" for who, words in turns) + "\n"


def settle(text: str, held: str = "") -> Settled:
    """The transcript with the ids that the ledger gives it; giving them twice changes nothing."""
    source, _ = readers.decode("content/t.md", f"---\ntype: transcript\n---\n{text}".encode())
    assert source
    document, _ = speakers.attribute(readers.read(source, None), "en")
    assert isinstance(document, Transcript)
    once = permalinks.settled(document, held, "content")
    again = permalinks.settled(document, once.held, "content")
    assert again == once
    return once


def ids(text: str, held: str) -> list[str]:
    """The ids of turns, where nothing is lost."""
    after = settle(text, held)
    assert after.found == ()
    assert after.transcript.tombstones == ()
    return [turn.id for turn in after.transcript.turns()]


def lost(after: Settled) -> list[str]:
    """The ids that are said to have disappeared."""
    assert {one.code for one in after.found} <= {"RT522"}
    return [one.message.split()[2][1:] for one in after.found]


TALK = (("Ana", ANA), ("Bo", "Yes."), ("Ana", WALL), ("Bo", "Yes."), ("Ana", WINTER))
IDS = ["ana-1", "bo-1", "ana-2", "bo-2", "ana-3"]
HELD = settle(said(*TALK)).held


def test_without_a_ledger_ids_are_numbers_by_speaker() -> None:
    """And the ledger is to have a line for each turn, without its words."""
    assert [turn.id for turn in settle(said(*TALK)).transcript.turns()] == IDS
    assert [line.split()[0] for line in HELD.split("\n")] == IDS
    assert "harbour" not in HELD


@pytest.mark.parametrize(
    "other",
    [
        ANA.replace("lamps", "lanterns"),
        ANA.replace("lamps", "lmaps"),
        ANA.upper(),
        ANA.replace(" and ", ",\nand ").replace("night", "*night*"),
        f"They were many. {ANA}",
        f"{ANA} They were many.",
        ANA.replace("boats", "boats, of which there were many,"),
        "The harbour was deep and the boats came in at night.",
    ],
)
def test_a_turn_that_is_edited_keeps_its_id(other: str) -> None:
    """A typo, spelling, line breaks, stress; words put in at the start, the end, in between; words taken out."""
    assert ids(said(("Ana", other), *TALK[1:]), HELD) == IDS


def test_a_long_turn_keeps_its_id_when_sentences_are_added_or_dropped() -> None:
    """Of eight."""
    held = settle(said(("Ana", LONG), ("Bo", "Yes."))).held
    sentences = LONG.split(". ")
    for other in (
        sentences[2:],
        sentences[:-2],
        ["Well, who would have known it", *sentences],
        sentences[:3] + sentences[5:],
    ):
        assert ids(said(("Ana", ". ".join(other)), ("Bo", "Yes.")), held) == ["ana-1", "bo-1"]


def test_a_new_turn_gets_a_number_that_its_speaker_never_had() -> None:
    """All others keep theirs, wherever it is put in."""
    new = ("Ana", PIER)
    for place in range(len(TALK) + 1):
        turns = [*TALK[:place], new, *TALK[place:]]
        assert ids(said(*turns), HELD) == [*IDS[:place], "ana-4", *IDS[place:]]


def test_a_number_is_not_given_again() -> None:
    """Not even that of a turn that is meant to be gone."""
    held = HELD.replace(HELD.split("\n")[4], "ana-3 gone")
    after = settle(said(*TALK[:4], ("Ana", PIER)), held)
    assert [turn.id for turn in after.transcript.turns()] == [*IDS[:4], "ana-4"]
    assert after.found == ()


def test_of_equal_turns_neighbours_tell_which_is_gone() -> None:
    """Two say "Yes."."""
    for gone, left in ((1, 3), (3, 1)):
        after = settle(said(*(turn for place, turn in enumerate(TALK) if place != gone)), HELD)
        assert lost(after) == [IDS[gone]]
        assert IDS[left] in [turn.id for turn in after.transcript.turns()]


def test_a_brief_answer_put_in_elsewhere_is_not_the_one_that_is_gone() -> None:
    """What it says yes to is another question."""
    after = settle(said(TALK[0], *TALK[2:], ("Bo", "Yes.")), HELD)
    assert [turn.id for turn in after.transcript.turns()] == ["ana-1", "ana-2", "bo-2", "ana-3", "bo-3"]
    assert lost(after) == ["bo-1"]


def test_a_turn_that_is_split_leaves_its_id_with_the_greater_part() -> None:
    """The other part is new."""
    held = settle(said(("Ana", LONG), ("Bo", "Yes."))).held
    sentences = LONG.split(". ")
    parts = ". ".join(sentences[:6]), ". ".join(sentences[6:])
    assert ids(said(("Ana", parts[0]), ("Bo", "Oh?"), ("Ana", parts[1]), ("Bo", "Yes.")), held) == [
        "ana-1", "bo-2", "ana-2", "bo-1",
    ]  # fmt: skip


def test_of_two_turns_made_one_an_id_is_lost_and_the_cure_names_the_one_that_has_the_words() -> None:
    """As a redirect to be written."""
    after = settle(said(("Ana", f"{WALL} {WINTER}"), ("Bo", "Yes.")), settle(said(*TALK[2:])).held)
    (there,) = (turn.id for turn in after.transcript.turns() if turn.speaker == "ana")
    (gone,) = lost(after)
    assert {there, gone} == {"ana-1", "ana-2"}
    assert f"'{gone} -> {there}'" in (after.found[0].hint or "")


def test_labels_that_are_swapped_move_no_id_to_another_speaker() -> None:
    """Both are lost, and said to stand under the other name."""
    held = settle(said(("Ana", ANA), ("Bo", WALL))).held
    after = settle(said(("Bo", ANA), ("Ana", WALL)), held)
    assert [turn.id for turn in after.transcript.turns()] == ["bo-2", "ana-2"]
    assert sorted(lost(after)) == ["ana-1", "bo-1"]
    assert "its words now stand in #bo-2" in after.found[0].message
    assert settle(said(("Ana", ANA), ("Bo", WALL)), after.held).transcript.turns()[0].id == "ana-1"


def test_a_section_that_is_moved_takes_its_ids_along() -> None:
    """Brief answers in it, too."""
    one, two = (("", "One"), *TALK), (("", "Two"), ("Ana", PIER), ("Bo", "Yes."), ("Ana", LONG), ("Bo", "No."))
    held = settle(said(*one, *two)).held
    before = [turn.id for turn in settle(said(*one, *two), held).transcript.turns()]
    assert ids(said(*two, *one), held) == [*before[5:], *before[:5]]


def test_a_speaker_who_is_renamed_loses_all_ids_until_that_is_written_down() -> None:
    """Which takes one line, also if a build has given new ids meanwhile."""
    other = said(*((who.replace("Ana", "Anna"), words) for who, words in TALK))
    after = settle(other, HELD)
    assert lost(after) == ["ana-1", "ana-2", "ana-3"]
    assert "'ana-* -> anna-*'" in (after.found[0].hint or "")
    for held in (HELD, after.held):
        now = settle(other, f"{held}\nana-* -> anna-*")
        assert now.found == ()
        assert [(one.id, one.to, one.is_moved) for one in now.transcript.tombstones] == [
            ("ana-1", "anna-1", True), ("ana-2", "anna-2", True), ("ana-3", "anna-3", True),
        ]  # fmt: skip


def test_a_speaker_called_narration_is_told_from_narration() -> None:
    """Whose ids begin so."""
    held = settle("In the hall.\n\n**Narration:** It rained that day in the whole of the town.\n\n**Bo:** Yes.\n").held
    assert [line.split()[0] for line in held.split("\n")] == ["narration-1", "narration-2-1", "bo-1"]


def test_words_in_chinese_are_recognised() -> None:
    """Which has no spaces and, to speak of, no ASCII."""
    words = "全球人工智能治理需要各国共同参与，尤其是发展中国家的声音应当被听到，而不是由少数国家来决定。"
    held = settle(said(("薛澜", words), ("主持人", "谢谢。"))).held
    other = words.replace("共同参与", "一起参与")
    assert ids(said(("主持人", "请讲。"), ("薛澜", other), ("主持人", "谢谢。")), held) == [
        "主持人-2",
        "薛澜-1",
        "主持人-1",
    ]
    assert lost(settle(said(("薛澜", "今天的天气很好，我们去公园里走走吧。"), ("主持人", "谢谢。")), held)) == [
        "薛澜-1",
        "主持人-1",
    ]


def test_tombstones_lead_to_the_nearest_turn_and_redirects_to_theirs() -> None:
    """Through other redirects, if need be."""
    held = HELD.replace(HELD.split("\n")[2], "ana-2 -> bo-1").replace(HELD.split("\n")[1], "bo-1 -> ana-1")
    after = settle(said(TALK[0], *TALK[3:4]), held)
    assert [(one.id, one.speaker, one.to, one.is_moved) for one in after.transcript.tombstones] == [
        ("bo-1", "bo", "ana-1", True), ("ana-2", "ana", "ana-1", True), ("ana-3", "ana", "bo-2", False),
    ]  # fmt: skip


@pytest.mark.parametrize("record", ["ana-3 -> ana-9", "ana-3 -> ana-3", "ana-3 -> ana-4\nana-4 -> ana-3"])
def test_a_redirect_that_leads_nowhere_is_told(record: str) -> None:
    """No such id, itself, a circle."""
    after = settle(said(*TALK[:4]), HELD.replace(HELD.split("\n")[4], record))
    assert {one.code for one in after.found} == {"RT523"}
    assert not any(one.is_moved for one in after.transcript.tombstones)


def test_a_section_gives_way_to_an_id_that_was_a_turns() -> None:
    """Links to it mean the turn."""
    after = settle(said(("", "Ana 3"), *TALK[:4]), HELD)
    assert after.transcript.sections[0].id == "ana-3-2"


def test_all_words_of_a_very_long_page_changed_is_told_in_a_moment() -> None:
    """However many turns have been compared."""

    def page(start: int) -> str:
        return said(*((("Ana", "Bo")[n % 2], f"What is told of {n * 7919 + start} and of {n * 104729 + start} is new.") for n in range(5_000)))  # fmt: skip

    held = settle(page(1)).held
    with bounded.ends():
        settle(page(3), held)


WORDS = st.lists(
    st.sampled_from("the harbour wall was deep and nobody asked us who came at night yes no 港 口 é".split()),
    max_size=12,
).map(lambda words: " ".join(words) or "Hm")
TURNS = st.lists(st.tuples(st.sampled_from(["Ana", "Bo", "Zoë"]), WORDS), min_size=1, max_size=12)
VERSIONS = st.lists(TURNS, min_size=1, max_size=4)


@given(VERSIONS)
def test_an_id_is_allotted_once_and_stays_with_its_speaker(versions: list[list[tuple[str, str]]]) -> None:
    """Whatever becomes of a page: each id that there was is a turn's or has a tombstone; none is another speaker's."""
    held, owner = "", dict[str, str | None]()
    for version in versions:
        after = settle(said(*version), held)
        turns, held = after.transcript.turns(), after.held
        there = [turn.id for turn in turns]
        stones = [one.id for one in after.transcript.tombstones]
        assert len({*there, *stones}) == len(there) + len(stones)
        for turn in turns:
            assert owner.setdefault(turn.id, turn.speaker) == turn.speaker
        assert owner.keys() == {*there, *stones}
        assert sorted(lost(after)) == sorted(stones)


PARTED = st.lists(st.tuples(st.sampled_from(["Ana", "Bo", ""]), WORDS), min_size=1, max_size=8)


@given(st.lists(PARTED, min_size=2, max_size=4))
def test_what_is_settled_stays_as_it_is(versions: list[list[tuple[str, str]]]) -> None:
    """Of pages in parts, whose titles come and go: a page is the same on every machine (`settle` does it twice)."""
    held = ""
    for version in versions:
        held = settle(said(*version), held).held


@given(st.lists(st.text(alphabet=st.characters(codec=None, exclude_categories=[]), max_size=30), max_size=5))
def test_any_text_has_a_digest_and_a_sketch(texts: list[str]) -> None:
    """One each, that the ledger can hold."""
    page = Page(texts)
    sketches = page.sketches(range(len(texts)))
    assert len(page.digests) == len(sketches) == len(texts)
    lines = [
        f"a-{n} {digest} {sketch}" for n, (digest, sketch) in enumerate(zip(page.digests, sketches, strict=True), 1)
    ]
    assert ledger.LINES.fullmatch("\n".join(lines))


@given(st.text(alphabet=st.sampled_from("ana-12 gonelst>*[]\n#0af"), max_size=80))
def test_any_part_of_a_ledger_is_survived(held: str) -> None:
    """What can't be read is left out."""
    settle(said(*TALK), held)


def test_a_brief_answer_does_not_go_over_to_another_question() -> None:
    """A link to somebody's "Yes." would answer what they were never asked."""
    talk = (
        ("Host", "Do you support raising the harbour wall before next winter?"),
        ("Ana", "Yes."),
        ("Host", WALL),
        ("Ana", WINTER),
    )
    asked = ("Host", "Have you ever taken money from the builders of it?")
    after = settle(said(asked, *talk[1:]), settle(said(*talk)).held)
    assert [turn.id for turn in after.transcript.turns()] == ["host-3", "ana-3", "host-2", "ana-2"]
    assert lost(after) == ["host-1", "ana-1"]


def test_a_brief_question_stays_itself_when_what_stood_before_it_is_edited() -> None:
    """It asks what it asked, whatever was said before."""
    before = said(
        TALK[0],
        ("Bo", "Yes."),
        ("Ana", "Do you agree, Cleo?"),
        ("Cleo", "I don't agree with that at all, and never did."),
    )
    held = settle(before).held
    for now in ("Yes, and it was even lower than that in June, as I remember it.", "No."):
        after = said(
            TALK[0],
            ("Bo", now),
            ("Ana", "Do you agree, Cleo?"),
            ("Cleo", "I don't agree with that at all, and never did."),
        )
        assert [turn.id for turn in settle(after, held).transcript.turns()][2:] == ["ana-2", "cleo-1"]
