"""Words that are in another transcript now: they moved, and are neither gone nor new; who says them counts most."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable.comparison import FORMATS, Comparison, compare
from roundtable.comparison.changes import Balance, Change, DocumentChange

from . import bounded
from .conftest import Site
from .test_comparison import LONG, compared, edited, edits, talk, turn

LATER = (
    ("Host", "And the third question is what the fishermen did all winter long without any boats."),
    ("Ana", "Yes."),
    ("Ana", "They mended the nets and told the children stories, which nobody has ever written down."),
    ("Host", "All of them?"),
    ("Bo", "My uncle was one of these men, and he told me that the stories were all invented."),
)
OTHER = (("Cleo", "This is another afternoon altogether, and nobody who was there is here today."), ("Dora", "Indeed."))


def check_sums(found: Comparison) -> None:
    """The accounts add up: each row, what was given and taken, and for each speaker what left and what came."""
    rows = [row for one in found.documents for row in one.account]
    for row in rows:
        assert row.before - row.removed - row.gave - row.left + row.came + row.took + row.added == row.after, row
    assert sum(row.gave for row in rows) == sum(row.took for row in rows)
    for one in found.documents:
        assert sum(row.took for row in one.account) == sum(crossing.words for crossing in one.crossings)
    away: Counter[str] = Counter()
    for row in rows:
        away[row.speaker.split(" → ")[-1]] += row.left - row.came
    assert set(away.values()) <= {0}


def split(tmp_path: Path, *later: tuple[str, str], head: str = "") -> tuple[DocumentChange, DocumentChange, Comparison]:
    """A transcript whose end is a transcript of its own now: what is told of the two."""
    new = {"content/a.md": talk(*LONG), "content/b.md": talk(*later, head=head)}
    found = compared(tmp_path, {"content/a.md": talk(*LONG, *LATER)}, new)
    check_sums(found)
    documents = {one.new_path: one for one in found.documents}
    return documents["a.md"], documents["b.md"], found


def row(one: DocumentChange, name: str) -> Balance:
    """The account of somebody."""
    return next(row for row in one.account if row.speaker == name)


def ways(one: DocumentChange) -> list[tuple[str, str, str]]:
    """Kind of each change, and the other document that it names."""
    return [(c.kind, c.old.path if c.old else "", c.new.path if c.new else "") for c in one.changes]


def test_a_transcript_that_is_split_has_the_same_words(tmp_path: Path) -> None:
    """They are told as moved, brief ones too: nothing is gone, nothing is new, nobody else says it."""
    one, other, found = split(tmp_path, *LATER)
    assert ways(one) == [("moved", "", "b.md")] * 5
    assert ways(other) == [("moved", "a.md", "")] * 5
    assert (one.status, other.status, one.crossings, other.crossings) == ("changed", "added", (), ())
    ana = row(one, "Ana")
    assert (ana.removed, ana.left, row(other, "Ana").came, row(other, "Ana").added) == (0, 16, 16, 0)
    assert {link.id for link in one.permalinks} == {"host-3", "ana-3", "ana-4", "host-4", "bo-3"}
    text = FORMATS["text"](found).decode()
    assert "5 turns moved to another document, 1 transcript added, 5 permalinks lost." in text
    assert "  5 turns moved to b.md\n" in text
    assert "  5 turns moved from a.md\n" in text
    assert "They mended" not in text
    for form in ("markdown", "html"):
        assert "5 turns moved to b.md" in FORMATS[form](found).decode().replace("\\", "")


def test_both_parts_may_have_new_names(tmp_path: Path) -> None:
    """The transcript that is gone is told as such, and where its turns are."""
    old = {"content/a.md": talk(*LONG, *LATER, *LONG[::-1])}
    new = {"content/b.md": talk(*LONG), "content/c.md": talk(*LATER)}
    found = compared(tmp_path, old, new)
    check_sums(found)
    (gone,) = (one for one in found.documents if one.old_path)
    assert {path for _, _, path in ways(gone)} == {"b.md", "c.md"}


def test_words_that_have_another_speaker_there_are_told_first(tmp_path: Path) -> None:
    """With where they were; of the transcript in which they are."""
    later = [("Bo" if "mended" in words else who, words) for who, words in LATER]
    one, other, found = split(tmp_path, *later)
    assert found.documents[0] == other
    (crossing,) = other.crossings
    assert (crossing.old.speaker, crossing.old.path, crossing.new.speaker) == ("Ana", "a.md", "Bo")
    assert (one.crossings, row(one, "Ana").gave, row(other, "Bo").took) == ((), 15, 15)
    text = FORMATS["text"](found).decode()
    assert text.split("\n")[3:5] == [
        "WORDS THAT HAVE ANOTHER SPEAKER NOW",
        "! b.md, #bo-1, line 6: 15 words from Ana in a.md to Bo",
    ]
    assert "! Ana in a.md → Bo, #bo-1, line 6: other speaker, moved\n" in text
    assert "<bdi>Ana in a.md</bdi> → <bdi>Bo</bdi>" in FORMATS["html"](found).decode()


def test_a_brief_answer_under_another_name_is_told_where_it_went_with_others(tmp_path: Path) -> None:
    """One word is enough to be misattributed, there too."""
    _, other, _ = split(tmp_path, LATER[0], ("Bo", "Yes."), *LATER[2:])
    assert [(c.text, c.old.speaker, c.new.speaker) for c in other.crossings] == [("Yes.", "Ana", "Bo")]


def test_what_was_edited_on_the_way_shows_the_edit(tmp_path: Path) -> None:
    """And the words that were put in elsewhere are new; so it is of a turn that went alone."""
    later = [(who, words.replace("ever written", "yet written")) for who, words in LATER]
    _, other, found = split(tmp_path, *later, ("Host", "Thank you."))
    (change,) = (one for one in other.changes if one.kind == "edited")
    assert [piece.text for piece in change.before if piece.kind != "same"] == ["ever "]
    assert (row(other, "Ana").came, row(other, "Ana").added, row(other, "Host").added) == (15, 1, 2)
    text = FORMATS["text"](found).decode()
    assert "~ Ana in a.md → Ana, #ana-2, line 6: edited, moved\n" in text
    assert "[-ever-] {+yet+}" in text
    _, other, _ = split(tmp_path, OTHER[0], ("Bo", later[2][1]), OTHER[1])
    assert [(c.old.path, c.new.speaker) for c in other.crossings] == [("a.md", "Bo")] * 2


def test_a_section_that_is_in_another_transcript_takes_its_heading_along(tmp_path: Path) -> None:
    """From one that was there to one that was there."""
    section = "## What they did all winter\n" + talk(*LATER)
    old = {"content/a.md": f"{talk(*LONG)}\n{section}", "content/b.md": talk(*OTHER)}
    found = compared(tmp_path, old, {"content/a.md": talk(*LONG), "content/b.md": f"{talk(*OTHER)}\n{section}"})
    check_sums(found)
    text = FORMATS["text"](found).decode()
    assert "5 turns moved to another document, 1 heading moved to another document" in text
    assert "  1 heading moved from a.md\n  5 turns moved from a.md\n" in text


@pytest.mark.parametrize("words", ["Yes.", "Thank you very much for having me here."])
def test_what_may_be_said_anywhere_moved_nowhere(tmp_path: Path, words: str) -> None:
    """It is gone here and new there."""
    old = {"content/a.md": talk(*LONG, ("Ana", words)), "content/b.md": talk(*OTHER)}
    found = compared(tmp_path, old, {"content/a.md": talk(*LONG), "content/b.md": talk(*OTHER, ("Bo", words))})
    check_sums(found)
    assert [[change.kind for change in one.changes] for one in found.documents] == [["removed"], ["added"]]


def test_transcripts_that_come_and_go_may_begin_alike(tmp_path: Path) -> None:
    """As those of a series do: what is nearly the same in both moved nowhere, unless something else did."""
    begin = "Welcome to another afternoon at the harbour with our friends from the old town. This is number {}."
    old = {"content/a.md": talk(("Host", begin.format("seven")), *LONG[1:])}
    for more, number in (((), 0), ((LONG[1],), 2)):
        new = {"content/b.md": talk(("Host", begin.format("eight")), *OTHER, *more, *OTHER[::-1])}
        found = compared(tmp_path, old, new)
        check_sums(found)
        assert [len(ways(one)) for one in found.documents] == [number, number]


def test_what_is_in_both_is_copied_and_not_moved(tmp_path: Path) -> None:
    """It is new in one and the same in the other."""
    old = {"content/a.md": talk(*LONG, *LATER)}
    (one,) = compared(tmp_path, old, old | {"content/b.md": talk(*LATER)}).documents
    assert (one.status, one.changes) == ("added", ())


def test_a_speaker_who_was_renamed_has_moved_words_still(tmp_path: Path) -> None:
    """As far as the transcript that they come from tells that."""
    new = [[("Ana Duarte" if who == "Ana" else who, words) for who, words in some] for some in (LONG, LATER)]
    files = {"content/a.md": talk(*new[0]), "content/b.md": talk(*new[1])}
    found = compared(tmp_path, {"content/a.md": talk(*LONG, *LATER)}, files)
    check_sums(found)
    assert [one.crossings for one in found.documents] == [(), ()]
    assert row(found.documents[1], "Ana Duarte").came == 16


def test_links_that_lead_elsewhere_in_what_moved_are_told(tmp_path: Path) -> None:
    """The words are the same, and say something else."""
    last = ("Bo", "Look at [the list of all the boats that were lost in that winter](https://good.example/) of it.")
    old = {"content/a.md": talk(*LONG, last), "content/b.md": talk(*OTHER)}
    moved = (*OTHER, (last[0], last[1].replace("good", "evil")))
    found = compared(tmp_path, old, {"content/a.md": talk(*LONG), "content/b.md": talk(*moved)})
    check_sums(found)
    assert [(d.old, d.new) for one in found.documents for d in one.details] == [
        ("https://good.example/", "https://evil.example/")
    ]


def test_turns_that_moved_between_built_sites_are_told(site: Site) -> None:
    """With the ids of their pages."""
    site.write(f"-- content/a.md --\n{talk(*LONG, *LATER).lstrip()}")
    assert site.build("-o", str(site.root / "one")) == 0, site.err
    site.write(f"-- content/a.md --\n{talk(*LONG).lstrip()}-- content/b.md --\n{talk(*LATER).lstrip()}")
    assert site.build("-o", str(site.root / "two")) == 0, site.err
    found = compare(str(site.root / "one"), str(site.root / "two"), site.root)
    check_sums(found)
    assert "  5 turns moved from a/index.html\n" in FORMATS["text"](found).decode()


def test_ten_thousand_turns_that_moved_are_all_found(tmp_path: Path) -> None:
    """Nor do so many that are the same, or nearly so."""
    turns = [("Ana" if i % 2 else "Bo", f"{words} Number {i // 2}.") for i, (_, words) in enumerate(LATER * 2_000)]
    old = {"content/a.md": talk(*LONG, *turns)}
    compared(tmp_path, old, {"content/a.md": talk(*LONG), "content/b.md": talk(*turns)})
    with bounded.ends():
        found = compare(str(tmp_path / "old"), str(tmp_path / "new"), tmp_path)
    check_sums(found)
    assert sum(change.kind == "moved" for change in found.documents[-1].changes) == 10_000


# --- the accounts, whatever happens ----------------------------------------------------------------------------------

some_turns = st.lists(turn, min_size=1, max_size=6)


@settings(max_examples=60)
@given(some_turns, some_turns, edits, st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4))
def test_the_accounts_add_up_whatever_goes_where(
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[str, list[str]]],
    other: list[tuple[str, list[str]]],
    changes: list[tuple[str, int, tuple[str, list[str]]]],
    moved: list[tuple[int, int]],
) -> None:
    """In each transcript and in all; each word is in one piece of its turn."""
    tmp_path = tmp_path_factory.mktemp("accounts")
    left, right = list(one), list(other)
    for at, to in moved:
        if len(left) > 1:
            right.insert(to % (len(right) + 1), left.pop(at % len(left)))
    for kind, n, words in changes:
        right = edited(right, kind, n, words)
    head = "---\ntype: transcript\nlabels: bold\n---\n"
    old, new = (
        {
            f"content/{name}.md": head + talk(*((who, " ".join(words)) for who, words in turns))
            for name, turns in zip("ab", some, strict=True)
        }
        for some in ((one, other), (left, right))
    )
    found = compared(tmp_path, old, new)
    check_sums(found)
    for document in found.documents:
        _check_words(document.changes)


def _check_words(changes: tuple[Change, ...]) -> None:
    """What is the same in both versions of a turn has the same words."""
    for change in changes:
        same = [[w for p in side if p.kind == "same" for w in p.text.split()] for side in (change.before, change.after)]
        assert same[0] == same[1] or change.kind in ("added", "removed", "speaker", "form")


@pytest.mark.parametrize("is_back", [False, True])
def test_words_of_a_transcript_that_becomes_a_page_are_shown_once(tmp_path: Path, is_back: bool) -> None:
    """Paragraphs have no ids by which a turn's words are found again; and the other way round."""
    text = "---\ntitle: A\n---\n**Ana Duarte:** The river brings more sand than the tide takes away.\n\n**Tomas Lind:** Who pays for it?\n"
    was, now = {"content/a.md": text}, {"content/a.md": text.replace("title: A", "title: A\ntype: page")}
    said = FORMATS["text"](compared(tmp_path, now, was) if is_back else compared(tmp_path, was, now)).decode()
    told = said.partition("\na.md")[2]
    assert told.count("The river brings more sand") == 1, said
    assert told.count("Who pays for it?") == 1, said


def test_files_that_exchange_names_have_the_same_record(tmp_path: Path) -> None:
    """Or are numbered anew: nobody's words are another's, and nobody is renamed."""
    one, two, three = talk(*LONG), talk(*LATER), talk(*OTHER)
    was = {"content/a.md": one, "content/b.md": two, "content/c.md": three}
    for now in (
        {"content/a.md": two, "content/b.md": one, "content/c.md": three},
        {"content/b.md": one, "content/c.md": two, "content/d.md": three},
    ):
        found = compared(tmp_path, was, now)
        assert {(one.old_path, one.new_path) for one in found.documents} <= {
            ("a.md", "b.md"),
            ("b.md", "a.md"),
            ("b.md", "c.md"),
            ("c.md", "d.md"),
        }
        assert [(one.changes, one.crossings, one.renamed) for one in found.documents] == [((), (), ())] * len(
            found.documents
        )
