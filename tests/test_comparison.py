"""What a change did to the record: nothing is lost in the telling, and nobody is said to have said what they didn't."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from roundtable.comparison import FORMATS, Comparison, compare, schema
from roundtable.comparison.changes import Balance, Change, DocumentChange
from roundtable.comparison.markdown import MOST, escape
from roundtable.comparison.shown import pieces
from roundtable.comparison.words import common, count, read, tokens

from . import bounded
from .conftest import REPOSITORY, SITE_TOML, Site

REAL = (REPOSITORY / "content/global-ai-governance-summary.txt").read_text(encoding="utf-8")
SIDECAR = (REPOSITORY / "content/global-ai-governance-summary.yaml").read_text(encoding="utf-8")


def compared(tmp_path: Path, old: dict[str, str], new: dict[str, str]) -> Comparison:
    """Two sites, each of files by path from its root."""
    for name, files in (("old", old), ("new", new)):
        shutil.rmtree(tmp_path / name, ignore_errors=True)
        for path, text in {"site.toml": SITE_TOML, **files}.items():
            file = tmp_path / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="")
    return compare(str(tmp_path / "old"), str(tmp_path / "new"), tmp_path)


def real(tmp_path: Path, change: Callable[[str], str]) -> DocumentChange:
    """What a change of the shipped transcript is said to be."""
    files = {"content/real.yaml": SIDECAR}
    (one,) = compared(
        tmp_path, files | {"content/real.txt": REAL}, files | {"content/real.txt": change(REAL)}
    ).documents
    check_sums(one)
    return one


def check_sums(one: DocumentChange) -> None:
    """The account adds up, and what speakers gave is what speakers took."""
    for row in one.account:
        assert row.before - row.removed - row.gave + row.took + row.added == row.after, row
    assert sum(row.gave for row in one.account) == sum(row.took for row in one.account)
    assert sum(row.gave for row in one.account) == sum(crossing.words for crossing in one.crossings)


def kinds(one: DocumentChange) -> list[tuple[str, str, str]]:
    """Kind, and whose the turn was and is."""
    return [(c.kind, c.old.speaker if c.old else "", c.new.speaker if c.new else "") for c in one.changes]


def row(one: DocumentChange, name: str) -> Balance:
    """The account of somebody."""
    return next(row for row in one.account if row.speaker == name)


# --- the shipped transcript ------------------------------------------------------------------------------------------


def test_a_word_that_is_another_is_told_where_it_stands(tmp_path: Path) -> None:
    """The rest of the turn is the same, and so are all links."""
    one = real(tmp_path, lambda text: text.replace("Contrasts climate change", "Compares climate change"))
    assert kinds(one) == [("edited", "Xue Lan", "Xue Lan")]
    (change,) = one.changes
    assert [piece.text for piece in change.before if piece.kind != "same"] == ["Contrasts "]
    assert [piece.text for piece in change.after if piece.kind != "same"] == ["Compares "]
    assert (one.crossings, one.permalinks, one.renamed) == ((), (), ())
    assert (row(one, "Xue Lan").removed, row(one, "Xue Lan").added) == (1, 1)


def test_a_paragraph_under_another_name_is_the_first_that_is_told(tmp_path: Path) -> None:
    """With who said it and who says it now, and all its words."""
    moved = "Observes, secondly, that breakthroughs often precede rules"
    line = next(line for line in REAL.split("\n") if line.startswith(moved))

    def change(text: str) -> str:
        return text.replace(f"{line}\n", "").replace("Tang Shiqi:\nSees", f"Tang Shiqi:\n{line}\nSees")

    one = real(tmp_path, change)
    (crossing,) = one.crossings
    assert (crossing.old.speaker, crossing.new.speaker) == ("Xue Lan", "Tang Shiqi")
    assert crossing.text == line
    assert row(one, "Xue Lan").gave == row(one, "Tang Shiqi").took == count(tokens(line))
    text = FORMATS["text"](compare(str(tmp_path / "old"), str(tmp_path / "new"), tmp_path)).decode()
    assert text.index("41 words from Xue Lan to Tang Shiqi") < text.index(": edited")


def test_a_turn_under_another_name_is_that_turn(tmp_path: Path) -> None:
    """Not one that is gone and another one."""
    one = real(tmp_path, lambda text: text.replace("Song Guoyou:\nIdentifies three", "Tang Shiqi:\nIdentifies three"))
    assert ("speaker", "Song Guoyou", "Tang Shiqi") in kinds(one) or one.crossings[0].words > 50
    assert {(c.old.speaker, c.new.speaker) for c in one.crossings} == {("Song Guoyou", "Tang Shiqi")}


def test_a_name_that_is_another_is_a_renamed_speaker(tmp_path: Path) -> None:
    """Nobody's words moved; links that are lost are."""
    one = real(tmp_path, lambda text: text.replace("Song Guoyou", "Song Guo You"))
    assert [(r.old, r.new, r.turns) for r in one.renamed] == [("Song Guoyou", "Song Guo You", 5)]
    assert (one.crossings, one.changes) == ((), ())
    assert {(link.id, link.to) for link in one.permalinks} == {
        (f"song-guoyou-{n}", f"song-guo-you-{n}") for n in range(1, 6)
    }
    assert [r.speaker for r in one.account if "→" in r.speaker] == ["Song Guoyou → Song Guo You"]


def test_a_heading_and_what_front_matter_says_are_told(tmp_path: Path) -> None:
    """They are on the page, too."""
    files = {"content/real.yaml": SIDECAR, "content/real.txt": REAL}
    other = {
        "content/real.yaml": SIDECAR.replace("Roundtable", "Panels"),
        "content/real.txt": REAL.replace("Gathering Governance Forces", "Gathering Forces"),
    }
    (one,) = compared(tmp_path, files, other).documents
    assert [(d.what, d.old, d.new) for d in one.details] == [("series", "Roundtable", "Panels")]
    assert [(c.kind, c.new.kind if c.new else "") for c in one.changes] == [("edited", "heading")]
    assert [link.fate for link in one.permalinks] == ["lost"]


# --- other stories ---------------------------------------------------------------------------------------------------


def talk(*turns: tuple[str, str], head: str = "") -> str:
    """A transcript as Markdown."""
    return f"{head}\n" + "\n\n".join(f"**{who}:** {words}" for who, words in turns) + "\n"


LONG = (
    ("Host", "Where does the harbour end and where does the river begin?"),
    ("Ana", "It ends at the old wall, where my father used to mend his nets."),
    ("Bo", "Nobody agrees about that, least of all the people who measured it."),
    ("Host", "Shall we go on to the second question about the bridge?"),
    ("Ana", "The bridge was built twice, and both times it was the wrong one."),
    ("Bo", "Twice at least, if you count the one that the flood took away."),
)


def one_talk(tmp_path: Path, *turns: tuple[str, str]) -> DocumentChange:
    """What happened to it."""
    (one,) = compared(tmp_path, {"content/t.md": talk(*LONG)}, {"content/t.md": talk(*turns)}).documents
    check_sums(one)
    return one


def test_turns_that_are_added_removed_and_moved(tmp_path: Path) -> None:
    """Each by itself, in the order of the page."""
    new = ("Bo", "And who paid for all of that, I should like to know?")
    one = one_talk(tmp_path, LONG[0], LONG[2], LONG[3], new, LONG[5], LONG[4])
    found = [(c.kind, (c.new or c.old).speaker) for c in one.changes]  # type: ignore[union-attr]
    assert ("added", "Bo") in found
    assert ("removed", "Ana") in found
    assert sum(kind == "moved" for kind, _ in found) == 1
    assert len(found) == 3


DELTA = (
    ("Ana", "The river carries sand for thirty years now, slowly, near the delta."),
    ("Bo", "Thank you. I have seen it low for thirty years, and never as low as this summer."),
    ("Ana", "Do you agree with that, Cleo?"),
    ("Cleo", "No, I do not agree. The sand is what the dam holds back, and nobody has measured it."),
    ("Bo", "We have measured it twice in ten years."),
)


@pytest.mark.parametrize(
    ("old", "new", "words", "speakers"),
    [
        ("slowly, near the delta.\n\n**Bo:** Thank", "slowly,\n\n**Bo:** near the delta. Thank", "near the delta.", ("Ana", "Bo")),
        ("now, slowly, near the delta.\n\n**Bo:**", "now.\n\n**Bo:** near the delta.", "near the delta.", ("Ana", "Bo")),  # and edited there
        ("delta.\n\n**Bo:** Thank you. I", "delta. Thank you.\n\n**Bo:** I", "Thank you.", ("Bo", "Ana")),
        ("as this summer.\n\n**Ana:** Do", "\n\n**Ana:** as this summer. Do", "as this summer.", ("Bo", "Ana")),
    ],
)  # fmt: skip
def test_a_few_words_that_went_over_the_border_of_two_turns_are_told(
    tmp_path: Path, old: str, new: str, words: str, speakers: tuple[str, str]
) -> None:
    """The commonest edit of who said what, and the easiest to overlook."""
    text = "\n\n".join(f"**{who}:** {said}" for who, said in DELTA)
    assert old in text
    site = {"content/t.md": f"---\ntitle: T\n---\n\n{text}\n"}
    (one,) = compared(tmp_path, site, {"content/t.md": site["content/t.md"].replace(old, new)}).documents
    check_sums(one)
    assert [(c.text.strip(), c.old.speaker, c.new.speaker) for c in one.crossings] == [(words, *speakers)]


def test_words_of_a_third_turn_are_not_those_that_changed_the_speaker(tmp_path: Path) -> None:
    """What Ana asked was hers, and is marked as new in what was Cleo's turn."""
    text = "\n\n".join(f"**{who}:** {said}" for who, said in DELTA)
    site = {"content/t.md": f"---\ntitle: T\n---\n\n{text}\n"}
    (one,) = compared(
        tmp_path, site, {"content/t.md": site["content/t.md"].replace("\n\n**Cleo:** No", " No")}
    ).documents
    shown = {
        part.sign: part.piece.text for change in one.changes if change.kind == "speaker" for part in pieces(change)
    }
    assert "Do you agree" not in shown.get(" ", "")
    assert sum(crossing.words for crossing in one.crossings) == count(tokens(DELTA[3][1]))


def test_a_long_turn_of_another_speaker_shows_where_it_begins_and_ends(tmp_path: Path) -> None:
    """Cut in the middle; what was edited stands where it stood."""
    text = "\n\n".join(f"**{who}:** {said}" for who, said in DELTA)
    site = {"content/t.md": f"---\ntitle: T\n---\n\n{text}\n"}
    new = site["content/t.md"].replace("**Cleo:** No, I do not agree. The sand", "**Bo:** No, I do not agree. The sand")
    compared(tmp_path, site, {"content/t.md": new})
    told = FORMATS["text"](compare(str(tmp_path / "old"), str(tmp_path / "new"), tmp_path)).decode()
    assert "No, I do not agree. The … back, and nobody has measured it." in told.replace("\n", " ")


def test_a_turn_that_is_split_and_two_that_are_joined_keep_their_words(tmp_path: Path) -> None:
    """They are moved within what somebody says, and count as neither new nor gone."""
    first, second = "It ends at the old wall,", "where my father used to mend his nets."
    one = one_talk(tmp_path, LONG[0], ("Ana", first), ("Bo", "Which one?"), ("Ana", second), *LONG[2:])
    assert (row(one, "Ana").removed, row(one, "Ana").added, one.crossings) == (0, 0, ())
    (other,) = compared(
        tmp_path,
        {"content/t.md": talk(LONG[0], ("Ana", first), ("Bo", "Which one?"), ("Ana", second), *LONG[2:])},
        {"content/t.md": talk(*LONG)},
    ).documents
    check_sums(other)
    assert (row(other, "Ana").removed, row(other, "Ana").added, row(other, "Bo").removed) == (0, 0, 2)


def test_a_brief_answer_under_another_name_is_told(tmp_path: Path) -> None:
    """One word is enough to be misattributed."""
    before, after = (*LONG[:4], ("Ana", "Yes."), LONG[5]), (*LONG[:4], ("Carla", "Yes."), LONG[5])
    (one,) = compared(
        tmp_path, {"content/t.md": talk(*before, LONG[1])}, {"content/t.md": talk(*after, LONG[1])}
    ).documents
    check_sums(one)
    assert [(c.text, c.old.speaker, c.new.speaker) for c in one.crossings] == [("Yes.", "Ana", "Carla")]


def test_brief_answers_in_a_row_under_another_name_are_all_told(tmp_path: Path) -> None:
    """Each where it stands; one that is said elsewhere is another."""
    brief = [("Ana", word) for word in ("Yes.", "No.", "Never.", "Well.", "Perhaps.")]
    old = talk(LONG[0], *brief, *LONG[1:])
    new = talk(LONG[0], *(("Bo", word) for _, word in brief), *LONG[1:])
    (one,) = compared(tmp_path, {"content/t.md": old}, {"content/t.md": new}).documents
    check_sums(one)
    assert [c.text for c in one.crossings] == [word for _, word in brief]
    (one,) = compared(
        tmp_path, {"content/t.md": talk(("Ana", "Yes."), *LONG)}, {"content/t.md": talk(*LONG, ("Bo", "Yes."))}
    ).documents
    check_sums(one)
    assert one.crossings == ()


def test_two_names_that_become_one_are_not_both_renamed(tmp_path: Path) -> None:
    """The other's words have another speaker now."""
    (one,) = compared(
        tmp_path,
        {"content/t.md": talk(*LONG, LONG[1])},
        {"content/t.md": talk(*((("Carla" if who != "Host" else who), words) for who, words in (*LONG, LONG[1])))},
    ).documents
    check_sums(one)
    assert [(r.old, r.new) for r in one.renamed] == [("Ana", "Carla")]
    assert {(c.old.speaker, c.new.speaker) for c in one.crossings} == {("Bo", "Carla")}


def test_small_words_that_come_and_go_moved_nowhere(tmp_path: Path) -> None:
    """What is missing here and new there is not the same word."""
    turns = [list(turn) for turn in LONG]
    turns[1][1] = turns[1][1].replace("the old", "an old")
    turns[2][1] = turns[2][1].replace("about that", "about the that")
    one = one_talk(tmp_path, *((who, words) for who, words in turns))
    assert one.crossings == ()


def test_emphasis_is_looks_only(tmp_path: Path) -> None:
    """The words are the same, and so is the record."""
    turns = (*LONG[:5], ("Bo", LONG[5][1].replace("the flood", "*the flood*")))
    found = compared(tmp_path, {"content/t.md": talk(*LONG)}, {"content/t.md": talk(*turns)})
    assert [(one.status, [c.kind for c in one.changes]) for one in found.documents] == [("looks", ["form"])]
    assert found.is_same


def test_a_link_that_leads_elsewhere_is_a_change_of_the_record(tmp_path: Path) -> None:
    """The words are the same, and say something else; in a turn, on a plain page, and what stands for a picture."""
    words = "Look at [the list](https://good.example/) of it."
    old = {"content/t.md": talk(*LONG, ("Bo", words)), "content/p.md": "# P\n\n![A wall](a.png)\n"}
    new = {
        "content/t.md": talk(*LONG, ("Bo", words.replace("good", "evil"))),
        "content/p.md": "# P\n\n![A door](a.png)\n",
    }
    found = compared(tmp_path, old, new)
    assert not found.is_same
    assert [(one.status, [(d.what, d.old, d.new) for d in one.details]) for one in found.documents] == [
        ("changed", [("where links lead, and alternative texts", "A wall a.png", "A door a.png")]),
        ("changed", [("where links of #bo-3 lead, and alternative texts", "https://good.example/", "https://evil.example/")]),
    ]  # fmt: skip


def test_a_file_that_is_renamed_before_any_build_keeps_its_permalinks(tmp_path: Path) -> None:
    """As the build that follows will have it: the ledger has them under the former name yet."""
    before = {"content/a.md": talk(*LONG)}
    held = {"content/permalinks.lock": _ledger(tmp_path, before)}
    (one,) = compared(
        tmp_path, before | held, held | {"content/b.md": talk(("Bo", "Good evening to you all."), *LONG)}
    ).documents
    assert [(link.id, link.fate, link.url) for link in one.permalinks] == [("", "lost", "/a/")]
    assert [change.kind for change in one.changes] == ["added"]


def test_a_file_that_is_renamed_is_the_same_transcript(tmp_path: Path) -> None:
    """Told by its id, by its address, by a former address, or by its words; its old address is lost unless something leads on."""
    lost = compared(tmp_path, {"content/a.md": talk(*LONG)}, {"content/b.md": talk(*LONG)})
    (one,) = lost.documents
    assert (one.status, one.old_path, one.new_path) == ("renamed", "a.md", "b.md")
    assert [(link.fate, link.url) for link in one.permalinks] == [("lost", "/a/")]
    for head in ("---\naliases: /a/\n---\n", "---\nid: same\naliases: [/a/]\n---\n"):
        (one,) = compared(
            tmp_path,
            {"content/a.md": talk(*LONG, head="---\nid: same\n---\n" if "id" in head else "")},
            {"content/c/b.md": talk(*LONG, head=head)},
        ).documents
        assert [(link.fate, link.to) for link in one.permalinks] == [("redirected", "/c/b/")]
    assert compared(tmp_path, {"content/a.md": talk(*LONG)}, {"content/a.markdown": talk(*LONG)}).is_same


def test_transcripts_that_come_and_go(tmp_path: Path) -> None:
    """With the account of their words; so do drafts that are published."""
    found = compared(
        tmp_path,
        {"content/a.md": talk(*LONG)},
        {"content/b.md": talk(("Zed", "Something else altogether."), ("Host", "Is it?"))},
    )
    assert sorted((one.status, one.title) for one in found.documents) == [("added", "B"), ("removed", "A")]
    assert {r.speaker: r.added for r in found.documents[1].account if r.added} == {"Zed": 3, "Host": 2}
    draft = compared(
        tmp_path, {"content/a.md": talk(*LONG, head="---\ndraft: true\n---\n")}, {"content/a.md": talk(*LONG)}
    )
    assert [one.status for one in draft.documents] == ["added"]


def test_plain_pages_are_compared_by_their_paragraphs(tmp_path: Path) -> None:
    """And by the links into them."""
    (one,) = compared(
        tmp_path,
        {"content/p.md": "# P\n\nOne two three.\n\n## Part\n\nFour five six.\n"},
        {"content/p.md": "# P\n\nOne two three.\n\n## Other\n\nFour five seven.\n"},
    ).documents
    assert (one.kind, one.status) == ("page", "changed")
    assert [link.id for link in one.permalinks] == ["part"]
    assert "six." in [piece.text for change in one.changes for piece in change.before]


def test_the_ledger_tells_what_became_of_a_link(tmp_path: Path) -> None:
    """Redirected, gone, or lost."""
    for state, fate in (("-> ana-2", "redirected"), ("gone", "gone"), ("lost 0123456789 a0123", "lost")):
        new = {"content/t.md": talk(LONG[0], *LONG[2:])}
        before = {"content/t.md": talk(*LONG)}
        old_ledger = _ledger(tmp_path, before)
        lines = old_ledger.replace("\nana-1 ", f"\nana-1 {state}\nkeep-1 ").split("\n")
        other = "\n".join(line for line in lines if not line.startswith("keep-1"))
        (one,) = compared(
            tmp_path, before | {"content/permalinks.lock": old_ledger}, new | {"content/permalinks.lock": other}
        ).documents
        assert [(link.id, link.fate) for link in one.permalinks] == [("ana-1", fate)]


def _ledger(tmp_path: Path, files: dict[str, str]) -> str:
    """What a build writes."""
    from roundtable.cli import main

    compared(tmp_path, files, files)
    assert main(["build", "--root", str(tmp_path / "old"), "-q"]) == 0
    return (tmp_path / "old/content/permalinks.lock").read_text(encoding="utf-8")


# --- the account, whatever happens -----------------------------------------------------------------------------------

NAMES = ("Ana", "Bo", "Host", "Zoë")
WORDS = "the harbour is old and nobody knows where it ends 海 港 yes no — so".split()
turn = st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(WORDS), min_size=1, max_size=30))
edits = st.lists(
    st.tuples(st.sampled_from("insert delete label swap rename split join word".split()), st.integers(0, 99), turn),
    max_size=6,
)


def edited(
    turns: list[tuple[str, list[str]]], kind: str, n: int, other: tuple[str, list[str]]
) -> list[tuple[str, list[str]]]:
    """Turns after one edit."""
    if not turns:
        return [other]
    i, turns = n % len(turns), list(turns)
    who, words = turns[i]
    match kind:
        case "insert":
            turns.insert(i, other)
        case "delete" if len(turns) > 1:
            del turns[i]
        case "label":
            turns[i] = (other[0], words)
        case "swap":
            j = (i * 7 + 1) % len(turns)
            turns[i], turns[j] = turns[j], turns[i]
        case "rename":
            turns = [("Carla" if name == who else name, said) for name, said in turns]
        case "split":
            turns[i : i + 1] = [(who, words[: n % len(words)] or words), other, (who, words[n % len(words) :])]
        case "join" if i + 1 < len(turns):
            turns[i : i + 2] = [(who, words + turns[i + 1][1])]
        case _:
            turns[i] = (who, [*words[: n % len(words)], *other[1][:2], *words[n % len(words) + 1 :]])
    return turns


@settings(max_examples=60)
@given(st.lists(turn, min_size=2, max_size=8), edits)
def test_the_account_adds_up_whatever_is_edited(
    tmp_path_factory: pytest.TempPathFactory,
    turns: list[tuple[str, list[str]]],
    changes: list[tuple[str, int, tuple[str, list[str]]]],
) -> None:
    """By speaker, and against a count of its own; every word of either version is in one piece of it."""
    tmp_path = tmp_path_factory.mktemp("account")
    old = new = turns
    for kind, n, other in changes:
        new = edited(new, kind, n, other)
    texts = [talk(*((who, " ".join(words)) for who, words in some)) for some in (old, new)]
    head = "---\ntype: transcript\nlabels: bold\n---\n"
    found = compared(tmp_path, {"content/t.md": head + texts[0]}, {"content/t.md": head + texts[1]})
    if old == new:
        assert found.documents == ()
    for one in found.documents:
        check_sums(one)
        before, after = _spoken(tmp_path / "old/content/t.md"), _spoken(tmp_path / "new/content/t.md")
        assert sum(before.values()) == sum(row.before for row in one.account)
        assert sum(after.values()) == sum(row.after for row in one.account)
        for row in one.account:
            names = row.speaker.split(" → ")
            assert row.before == sum(
                before[name]
                for name in {n for part in names[:-1] or names for n in part.split(", ")}
                | ({names[-1]} if len(names) > 1 else set())
            )
            assert row.after == after[names[-1]]
        _check_pieces(one.changes, tmp_path)


def _spoken(file: Path) -> Counter[str]:
    """The words of each speaker, read by themselves."""
    from roundtable.stages import parse

    parsed = parse(str(file), "en")
    document = parsed.document
    found: Counter[str] = Counter()
    names = {speaker.id: speaker.name for speaker in document.speakers}  # type: ignore[union-attr]
    for turn in document.turns():  # type: ignore[union-attr]
        found[names.get(turn.speaker or "", "")] += count(tokens(parsed.rendered[turn.id].text))
    return found


def _texts(file: Path) -> dict[str, str]:
    """The words of each turn by its id, read by themselves."""
    from roundtable.stages import parse

    return {id: one.text for id, one in parse(str(file), "en").rendered.items()}


def _check_pieces(changes: tuple[Change, ...], tmp_path: Path) -> None:
    """All words of a turn are in its pieces, in order; what is the same is so in both versions."""
    texts = [_texts(tmp_path / name / "content/t.md") for name in ("old", "new")]
    for change in changes:
        for spot, side, known in zip((change.old, change.new), (change.before, change.after), texts, strict=True):
            assert "".join(piece.text for piece in side) == (known[spot.id] if spot else "")
        if change.kind in ("edited", "speaker"):
            for sign, side in (("-", change.before), ("+", change.after)):
                shown = " ".join(part.piece.text for part in pieces(change) if part.sign in (sign, " "))
                assert shown.split() == " ".join(piece.text for piece in side).split()


# --- words -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from("abcd"), max_size=60), st.lists(st.sampled_from("abcde"), max_size=60))
def test_what_two_texts_have_in_common_is_in_both(one: list[str], other: list[str]) -> None:
    """In order, each word once."""
    at, at2 = 0, 0
    for a, b, size in common(one, other):
        assert (a >= at, b >= at2, size > 0) == (True, True, True)
        assert one[a : a + size] == other[b : b + size]
        at, at2 = a + size, b + size


def test_turns_of_twenty_thousand_words_take_no_time(tmp_path: Path) -> None:
    """Edited all over, written anew, or made of two words."""
    text = [f"word{i * 7919 % 4001}" for i in range(20_000)]
    other = [word if i % 9 else f"other{i}" for i, word in enumerate(text)]
    for new in (other, text[10_000:] + text[:10_000], [f"else{i}" for i in range(20_000)]):
        for left, right in ((text, new), ("a b".split() * 10_000, "b b a".split() * 7_000)):
            with bounded.ends():
                common(left, right)
    files = [{"content/t.md": talk(("Ana", " ".join(words)), ("Bo", "Yes."))} for words in (text, other)]
    with bounded.ends():
        (one,) = compared(tmp_path, *files).documents
    check_sums(one)
    assert row(one, "Ana").removed == row(one, "Ana").added


def test_tokens_are_words_ideographs_and_breaks() -> None:
    """And are put together as they stood."""
    for text in ("One two.\n\nThree — four", "海港在哪里？\n\nWhere is 海港 now?", "مرحبا بكم"):
        found = read(text)
        assert found.between(0, len(found.tokens)) == text
        assert "".join(found.between(i, i + 1) for i in range(len(found.tokens))) == text
    assert count(tokens("海港 a — b")) == 4


# --- forms -----------------------------------------------------------------------------------------------------------

HOSTILE = "<script>alert(1)</script> @everyone #1 GH-2 owner/repo#3 `code` [x](https://evil.example) https://evil.example www.evil.example a@b.example deadbeefdeadbeef :smile: $x$ \u202eabc\u2066 \x07 <!-- x --> &lt;b&gt; | ~~s~~"


@pytest.fixture
def hostile(tmp_path: Path) -> Comparison:
    """A comparison in which everything is hostile."""
    name = "Ana &lt;b&gt; @everyone \\#1"
    old = {
        "content/t.md": f"---\ntitle: '{HOSTILE.replace(chr(7), '')}'\n---\n"
        + talk(*LONG, (name, f"{HOSTILE} one two three four five"), ("Bo", "So it is."))
    }
    new = {
        "content/t.md": "---\ntitle: 'b'\nspeakers:\n- name: '<img src=x onerror=y>'\n---\n"
        + talk(*LONG, ("Bo", f"{HOSTILE} one two three four five"), ("<img src=x onerror=y>", "So."))
    }
    return compared(tmp_path, old, new)


def test_json_is_as_its_schema_says(hostile: Comparison) -> None:
    """And the schema is published."""
    found = json.loads(FORMATS["json"](hostile))
    jsonschema.validate(found, schema())
    assert found["same"] is False
    published = json.loads((REPOSITORY / "content/guide/compare.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema()))


def test_nothing_in_a_transcript_does_anything_in_a_comment(hostile: Comparison) -> None:
    """No element, link, mention, issue, commit or emoji but those of ours, on GitHub or elsewhere."""
    text = FORMATS["markdown"](hostile).decode()
    assert hostile.documents
    assert hostile.documents[0].crossings
    tags = set(re.findall(r"(?<!\\)</?([a-z]+)", text))
    assert tags <= {"details", "summary", "b", "del", "ins", "span"}
    seen = LexborHTMLParser(text.replace("\\", "")).text() if text else ""
    assert not re.search(
        r"@[\w]|#\d|GH-\d|https?://|www\.\w|[0-9a-f]{7,40}(?![0-9a-f])(?<!\\)|:\w+:|[\u202a-\u202e\u2066-\u2069\x07]",
        seen,
    )
    for sign in ("`", "[", "]", "*", "~", "_", "|"):
        assert not re.search(rf"(?<!\\){re.escape(sign)}", escape(sign + HOSTILE))
    assert "everyone" in text


def test_nothing_in_a_transcript_does_anything_in_a_page(hostile: Comparison) -> None:
    """It is text; the page asks nobody for anything and needs no script."""
    page = LexborHTMLParser(FORMATS["html"](hostile).decode())
    assert not page.css("script, img, link, iframe, a[href], [onerror], [style]")
    assert "<script>alert(1)</script>" in page.text()
    assert "default-src 'none'" in (page.css_first("meta[http-equiv]").attrs["content"] or "")
    assert [node.text() for node in page.css("thead th")][:3] == ["What", "Before", "After"]


def test_nothing_in_a_transcript_steers_a_terminal(hostile: Comparison) -> None:
    """What isn't printed is shown."""
    text = FORMATS["text"](hostile).decode()
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069\x07\x1b]", text)
    assert "\\x202e" in text


def test_a_comment_is_as_long_as_github_takes(tmp_path: Path) -> None:
    """What is left out is said."""
    old = {f"content/t{i}.md": talk(*LONG, ("Ana", f"Number {i} is a number.")) for i in range(300)}
    new = {path: text.replace("harbour", "port").replace("bridge", "tunnel") for path, text in old.items()}
    found = compared(tmp_path, old, new)
    data = FORMATS["markdown"](found)
    assert len(found.documents) == 300
    assert MOST * 0.9 < len(data) <= MOST
    assert b"more parts" in data[-200:]
    assert data.count(b"<details>") == data.count(b"</details>")
    assert len(data.decode()) <= 65_536


def test_one_long_transcript_does_not_take_all_of_a_comment(tmp_path: Path) -> None:
    """Its changes are told as far as they go; others are told, too."""
    words = [f"word{i}" for i in range(4_000)]
    other = ["@" * 50 + word if i % 9 == 0 else word for i, word in enumerate(words)]
    turns = [
        [("Ana" if i % 2 else "Bo", " ".join(some[i : i + 100])) for i in range(0, 4_000, 100)]
        for some in (words, other)
    ]
    old, new = (
        {"content/a.md": talk(*some), "content/b.md": talk(*LONG, *more)}
        for some, more in zip(turns, ([], [LONG[0]]), strict=True)
    )
    data = FORMATS["markdown"](compared(tmp_path, old, new)).decode()
    assert "more changes" in data
    assert "b.md" in data
    assert len(data.encode()) <= MOST


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_comparison_has_the_same_bytes(hostile: Comparison, form: str) -> None:
    """In every form."""
    assert FORMATS[form](hostile) == FORMATS[form](hostile)


# --- versions --------------------------------------------------------------------------------------------------------


def git(root: Path, *arguments: str) -> str:
    """Git, with no settings of the user's."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    own |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    settings = (
        "-c",
        "user.name=A",
        "-c",
        "user.email=a@example.org",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "protocol.file.allow=always",
    )
    return subprocess.run(
        ["git", *settings, *arguments], cwd=root, env=own, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repository(site: Site) -> Site:
    """A site in a folder of a repository, with two commits."""
    root = site.root / "the site 港"
    root.mkdir()
    git(site.root, "init", "-q", "-b", "main")
    site.root = root
    site.write(f"-- site.toml --\n{SITE_TOML}-- content/t.md --\n{talk(*LONG)}")
    (root / "content/海港 talk.md").write_text(talk(*LONG), encoding="utf-8")
    (root / "content/.hidden.md").write_text("**A:** Hidden.", encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "one")
    (root / "content/海港 talk.md").write_text(talk(*LONG).replace("old wall", "new wall"), encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "two")
    return site


def test_revisions_and_the_working_tree(repository: Site) -> None:
    """Nothing is HEAD against the working tree; one is that against it; exit code 1 says that the record changed."""
    assert repository.run("compare") == 0
    assert "The record is the same." in repository.out
    assert repository.run("compare", "HEAD~1") == 1
    assert "[-old-] {+new+}" in repository.out
    assert "海港 talk.md" in repository.out
    assert "1 document changed, 1 unchanged" in repository.out
    assert repository.run("compare", "main", "HEAD~1") == 1
    assert "[-new-] {+old+}" in repository.out
    (repository.root / "content/t.md").write_text(talk(*LONG[:-1]), encoding="utf-8")
    assert repository.run("compare") == 1
    assert "- Bo, #bo-2" in repository.out
    assert repository.run("compare", "HEAD", "HEAD") == 0
    assert git(repository.root, "status", "--porcelain") == ' M "the site \\346\\270\\257/content/t.md"\n'


def test_what_is_no_version_is_said(repository: Site, tmp_path: Path) -> None:
    """Exit code 2, with the cure; never a traceback."""
    (repository.root / "wrong").mkdir()
    (repository.root / "wrong/site.toml").write_text("title = ", encoding="utf-8")
    for arguments, said in (
        (("nope",), "there is no folder and no revision 'nope'"),
        (("HEAD~9", "HEAD"), "no revision 'HEAD~9'"),
        (("a..b",), "no revision 'a..b'"),
        (("",), "no revision ''"),
        ((str(repository.root / "site.toml"),), "is a file"),
        ((str(repository.root / "wrong"),), "RT102"),
        (("HEAD:content",), "no revision"),
    ):
        assert repository.run("compare", *arguments) == 2, arguments
        assert said in repository.err
        assert "Traceback" not in repository.err + repository.out
        assert "RT901" not in repository.err
    assert repository.run("compare", "HEAD", "--format", "json", "-o", str(tmp_path / "no/such")) == 2


def test_no_repository_is_said(site: Site) -> None:
    """Two folders need none."""
    site.write("-- content/t.md --\n**A:** B\n")
    assert site.run("compare") == 2
    assert "no folder and no revision 'HEAD'" in site.err
    assert site.run("compare", str(site.root), str(site.root)) == 0


def test_a_shallow_clone_says_what_it_lacks(repository: Site, tmp_path: Path) -> None:
    """And how to get it."""
    top = repository.root.parent
    git(top.parent, "clone", "-q", "--depth", "1", f"file://{top}", str(tmp_path / "shallow"))
    repository.root = tmp_path / "shallow" / repository.root.name
    assert repository.run("compare", "HEAD~1") == 2
    assert "has not the whole history" in repository.err
    assert "fetch-depth: 0" in repository.err
    assert repository.run("compare", "HEAD") == 0


def test_links_of_a_commit_lead_to_what_is_in_it(repository: Site) -> None:
    """As they do in a folder."""
    (repository.root / "content/link.md").symlink_to("t.md")
    (repository.root / "content/out.md").symlink_to("/etc/passwd")
    git(repository.root, "add", "-A")
    git(repository.root, "commit", "-q", "-m", "three")
    assert repository.run("compare") == 0
    assert repository.run("compare", "HEAD~1", "HEAD") == 1
    assert "link.md: Link (transcript added)" in repository.out
    assert "out.md" not in repository.out
    assert repository.run("compare", "HEAD~1", "HEAD", "--pages") == 1
    assert "/link/: added" in repository.out


def test_two_built_sites(site: Site) -> None:
    """By the Markdown beside the pages, with the pages' own ids; pages that only look otherwise are told."""
    site.write(f"-- content/t.md --\n{talk(*LONG)}-- content/p.md --\n# P\n\nWords.\n")
    assert site.build("-o", str(site.root / "one")) == 0, site.err
    site.write(f"-- content/t.md --\n{talk(('Host', 'Welcome to all of you who came.'), *LONG[:4], *LONG[5:])}")
    assert site.build("-o", str(site.root / "two")) == 0, site.err
    assert site.run("compare", str(site.root / "one"), str(site.root / "two")) == 1
    assert "+ Host, #host-3" in site.out
    assert "permalink #ana-2 is lost" in site.out
    assert "/t/: words changed" in site.out
    site.write("-- templates/page-end.html --\n<hr>\n")
    assert site.build("-o", str(site.root / "three")) == 0, site.err
    assert site.run("compare", str(site.root / "two"), str(site.root / "three")) == 0
    assert "only looks changed" in site.out
    assert site.run("compare", str(site.root / "two"), str(site.root)) == 0, site.out


def test_pages_of_two_versions_are_built_and_compared(repository: Site) -> None:
    """If somebody asks for it; nothing is left behind, and the ledger isn't touched."""
    before = sorted(path.name for path in repository.root.rglob("*"))
    assert repository.run("compare", "HEAD~1", "--pages") == 1
    assert "words changed" in repository.out
    assert "/404.html" not in repository.out
    repository.write("-- templates/page-end.html --\n<hr>\n")
    assert repository.run("compare", "HEAD", "--pages") == 0
    assert sorted(path.name for path in repository.root.rglob("*") if "templates" not in str(path)) == [
        n for n in before if n not in ("templates", "page-end.html")
    ]


def test_a_content_folder_is_a_version(site: Site) -> None:
    """Of the site whose root is named, if any."""
    site.write(f"-- content/t.md --\n{talk(*LONG)}-- other/t.md --\n{talk(*LONG[:5])}")
    assert site.run("compare", str(site.root / "content"), str(site.root / "other")) == 1
    assert site.run("compare", str(site.root / "content"), str(site.root)) == 0


def test_what_cannot_be_read_is_told(site: Site) -> None:
    """And is as if it were not there."""
    site.write(f"-- content/t.md --\n{talk(*LONG)}-- other/t.md --\n{talk(*LONG)}")
    (site.root / "other/bad.md").write_bytes(b"\x00\x01\x02\xff\xfe" * 40)
    assert site.run("compare", str(site.root / "content"), str(site.root / "other")) in (0, 1)
    assert "RT2" in site.err


def test_an_id_that_leads_to_other_words_is_told(tmp_path: Path) -> None:
    """As it does without a ledger, once a turn is put in before it."""
    one = one_talk(tmp_path, ("Ana", "Before we begin, may I say something about the weather?"), *LONG)
    assert {(link.id, link.fate, link.to) for link in one.permalinks} == {
        ("ana-1", "taken", "ana-2"),
        ("ana-2", "taken", "ana-3"),
    }


def test_the_example_in_the_guide_is_what_is_said(site: Site) -> None:
    """Word for word."""
    old = (
        ("Host", "Where does the harbour end?"),
        ("Ana Duarte", "It ends at the old wall, where my father mended his nets."),
        ("Host", "Do you agree?"),
        ("Joana Reis", "Nobody agrees about that, least of all the people who measured it."),
        ("Host", "Thank you both."),
        ("Joana Reis", "Thank you."),
    )
    new = (old[0], ("Ana Duarte", old[1][1].replace("old", "new")), old[2], ("Ana Duarte", old[3][1]), *old[4:])
    for words in (old, new):
        site.write(f"-- content/harbour.md --\n{talk(*words).lstrip()}")
        if words is old:
            _built_and_committed(site)
    assert site.run("compare") == 1
    guide = (REPOSITORY / "content/guide/comparing.md").read_text(encoding="utf-8")
    assert f"```text\n{site.out}```" in guide, site.out


def _built_and_committed(site: Site) -> None:
    assert site.build("-q") == 0
    git(site.root, "init", "-q")
    git(site.root, "add", "site.toml", "content")
    git(site.root, "commit", "-q", "-m", "one")
