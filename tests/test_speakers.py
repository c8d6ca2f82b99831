"""Labels to people: exactly, by alias, or not at all and said so."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from roundtable import speakers
from roundtable.model import Transcript
from roundtable.sections import Tag

from .readers.test_text import codes, reading, transcript


def attributed(text: str, path: str = "a.md") -> tuple[Transcript, list[str]]:
    """The transcript and the codes of what was found."""
    document, found = speakers.attribute(reading(text, path), "en")
    assert isinstance(document, Transcript)
    return document, codes(found)


FRONT = "---\ntitle: T\nspeakers:\n- name: Xue Lan\n  aliases: [Xue, Dean Xue]\n- name: Lan Bo\n  aliases: [Lan]\n---\n"


def test_names_and_aliases_are_one_person() -> None:
    """Case and spaces do not matter; the form as printed is kept."""
    one, found = attributed(f"{FRONT}**XUE LAN:** a\n\n**Dean  Xue:** b\n\n**Lan:** c\n")
    assert [(t.speaker, t.label) for t in one.turns()] == [
        ("xue-lan", "XUE LAN"),
        ("xue-lan", "Dean Xue"),
        ("lan-bo", "Lan"),
    ]
    assert one.speaker("xue-lan").aliases == ("Xue", "Dean Xue", "XUE LAN")
    assert found == []


def test_a_label_that_fits_two_people_is_an_error_that_names_both() -> None:
    """And stands at its line."""
    text = "---\ntitle: T\nspeakers:\n- {name: Ann Li, aliases: [Li]}\n- {name: Bo Li, aliases: [Li]}\n---\n**Li:** a\n"
    _, found = speakers.attribute(reading(text, "a.md"), "en")
    assert [(d.code, d.severity, d.line) for d in found] == [("RT301", "error", 7)]
    assert "'Ann Li' or 'Bo Li'" in found[0].message


def test_a_label_that_nearly_fits_is_asked_about_and_never_merged() -> None:
    """A slip of the pen, or somebody else."""
    document, found = speakers.attribute(reading(f"{FRONT}**Xue Lang:** a\n\n**Xue Lan:** b\n", "a.md"), "en")
    assert isinstance(document, Transcript)
    assert [t.speaker for t in document.turns()] == ["xue-lang", "xue-lan"]
    assert [(d.code, d.hint) for d in found] == [("RT302", "did you mean 'Xue Lan'?")]


def test_two_people_with_one_surname_stay_two() -> None:
    """Never merge on the last word alone."""
    one, found = attributed("---\ntitle: T\n---\n**Ann Li:** a\n\n**Bo Li:** b\n")
    assert [s.id for s in one.speakers] == ["ann-li", "bo-li"]
    assert found == []


def test_a_title_and_a_surname_are_a_form_of_the_one_full_name_that_ends_with_it() -> None:
    """Said once, and never on the surname alone."""
    text = "ANA DUARTE, CHAIR: a\nMS. DUARTE: b\nRUI SILVA: c\nMS. DUARTE: d\nRUI SILVA: e\nANA DUARTE: f\nSILVA: g\nSILVA: h\n"
    one, found = attributed(text, "a.txt")
    assert [t.speaker for t in one.turns()] == [
        "ana-duarte", "ana-duarte", "rui-silva", "ana-duarte", "rui-silva", "ana-duarte", "silva", "silva",
    ]  # fmt: skip
    assert found.count("RT304") == 2
    two = "Ann Li: a\nBo Li: b\nMs. Li: c\nAnn Li: d\nBo Li: e\nMs. Li: f\n"
    assert "RT301" in attributed(two, "a.txt")[1]


def test_initials_are_somebody_on_the_list() -> None:
    """Only there, and only if one person has them."""
    head = "---\ntitle: T\nspeakers: [Wei Huang, Rui da Silva]\n---\n"
    one, found = attributed(f"{head}WH: a\nRS: b\nWH: c\nXY: d\nXY: e\n", "a.txt")
    assert [t.speaker for t in one.turns()] == ["wei-huang", "rui-da-silva", "wei-huang", "xy", "xy"]
    assert found.count("RT304") == 2


def test_an_addition_behind_a_name_is_no_other_person() -> None:
    """In parentheses or behind a comma; but offices stay apart, for people take turns in them."""
    text = "Ana Lu: a\nBo: b\nAna Lu (by phone): c\nBo: d\nThe Chair (Ms. Re): e\nThe Chair: f\n"
    assert [s.id for s in attributed(text, "a.txt")[0].speakers] == ["ana-lu", "bo", "the-chair-ms-re", "the-chair"]


def test_ids_are_slugs_in_every_script_and_unique() -> None:
    """Titles and names that fold to one slug get numbers."""
    one = transcript("**薛澜:** a\n\n**Ann-Li:** b\n\n**Ann Li:** c\n\n**☆:** d\n", "a.md")
    assert [s.id for s in one.speakers] == ["薛澜", "ann-li", "ann-li-2", "speaker"]


def test_turns_are_numbered_by_speaker_and_never_collide_with_sections() -> None:
    """`ann-1` is a turn; where a heading has it, the next is, so that an id tells the speaker."""
    one = transcript("## Ann 1\n\n**Ann:** a\n\n**Bo:** b\n\n## Main\n\n**Ann:** c\n", "a.md")
    ids = [s.id for s in one.sections] + [t.id for t in one.turns()]
    assert len(set(ids)) == len(ids)
    assert ids == ["ann-1", "main-2", "ann-2", "bo-1", "ann-3"]


def test_roles_have_kinds() -> None:
    """Host and audience are known by their names."""
    one = transcript("**Moderator:** a\n\n**Audience member 2:** b\n\n**Ann:** c\n", "a.md")
    assert [s.kind for s in one.speakers] == ["host", "audience", "unknown"]


def test_front_matter_and_a_guests_section_name_one_person_once() -> None:
    """What one does not say, the other may."""
    one = transcript(
        "---\nspeakers:\n- {name: Ann Li, kind: host}\n---\nGuests\n- Ann Li, Dean of the School\nAnn Li:\na\n"
    )
    assert [(s.name, s.role, s.kind) for s in one.speakers] == [("Ann Li", "Dean", "host")]


def test_nobody_speaks() -> None:
    """An error with a cure."""
    _, found = attributed("Only words\nand more.\n", "a.txt")
    assert "RT204" in found


def test_one_id_for_two_people_is_an_error() -> None:
    """Else one would speak under the other's name."""
    text = "---\ntitle: T\nspeakers: [{name: Carl, id: x}, {name: Dan, id: x}]\n---\n**Carl:** a\n\n**Dan:** b\n"
    assert attributed(text)[1] == ["RT303"]


def test_one_person_described_in_two_ways_is_an_error() -> None:
    """Else one of the descriptions would be lost."""
    text = "---\ntitle: T\nspeakers: [{name: Li Wei, role: Editor}]\n---\nGuests\n- Li Wei, Dean of Law\nOn Tea\nLi Wei:\na\nHost:\nb\n"
    assert "RT303" in attributed(text, "a.txt")[1]


@given(
    st.lists(
        st.tuples(st.sampled_from(["Ana", "ANA", "ana ", "Wei", "wei", None]), st.sampled_from([None, None, "a1"]))
    )
)
def test_printed_labels_are_in_the_order_in_which_they_are_last_heard(tags: list[Tag]) -> None:
    """Each as it is first spelled."""
    printed = {speakers.key(label): label for label, told in reversed(tags) if label and told is None}
    assert speakers._printed(tags, dict.fromkeys(tags)) == list(reversed(printed.values()))
