"""The ledger of permalinks: the file beside the content, what builds write into it, and what links on pages lead to."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from roundtable import ledger, pipeline
from roundtable.config import load
from roundtable.model import Diagnostic
from roundtable.serve import local
from roundtable.site import Site as Built

from .conftest import Site

TALK = """\
**Ana:** The harbour was deep and the boats came in at night with their lamps lit.

**Bo:** Yes.

**Ana:** Nobody had asked us about the new wall, and we didn't know whom to write to.

**Bo:** And who was to pay for it, when all of it was done?
"""
WALL = TALK.split("\n\n")[2].strip()
OTHER = "**Zoë:** It rained that day in the whole of the town.\n\n**Host:** So it did, and for all of the next week.\n"


def lock(site: Site) -> str:
    """The ledger."""
    return (site.root / "content/permalinks.lock").read_text(encoding="utf-8")


def record(site: Site, line: str, instead: str) -> None:
    """Have another line in the ledger in place of the one that begins so."""
    old = next(one for one in lock(site).split("\n") if one.startswith(line))
    (site.root / "content/permalinks.lock").write_text(lock(site).replace(old, instead), encoding="utf-8")


@pytest.fixture
def talk(site: Site) -> Site:
    """A site of two transcripts, built."""
    assert site.write(f"-- content/talk.md --\n{TALK}-- content/more/other.md --\n{OTHER}").build() == 0
    return site


def test_a_build_writes_what_it_allotted(talk: Site) -> None:
    """In parts, sorted by path, under a head that says what it is; it is no page, and is not copied."""
    assert lock(talk).startswith("# Permalinks, version 1. ")
    assert [line.split()[0] for line in lock(talk).split("\n") if line and line[0] != "#"] == [
        "[more/other.md]", "zoë-1", "host-1", "[talk.md]", "ana-1", "bo-1", "ana-2", "bo-2",
    ]  # fmt: skip
    assert not [path for path in talk.tree() if "lock" in path]


def test_a_build_with_nothing_new_leaves_it_alone_and_is_at_once_done(talk: Site) -> None:
    """The ledger that a build has written asks nothing of the next one."""
    file = talk.root / "content/permalinks.lock"
    before = file.stat().st_mtime_ns
    for _ in range(2):
        outcome = pipeline.build(Built(talk.root, load(talk.root)[0], talk.root / "public"))
        assert (outcome.made, outcome.committed and outcome.committed.changed) == (0, 0)
        assert file.stat().st_mtime_ns == before


def test_an_edit_changes_a_line_and_makes_the_pages_that_show_it(talk: Site) -> None:
    """Its own and its speaker's. The id is as it was."""
    before = lock(talk).split("\n")
    talk.write(f"-- content/talk.md --\n{TALK.replace('lamps', 'lanterns')}")
    outcome = pipeline.build(Built(talk.root, load(talk.root)[0], talk.root / "public"))
    assert outcome.made == 2
    assert [one.split()[0] for one, other in zip(before, lock(talk).split("\n"), strict=True) if one != other] == [
        "ana-1"
    ]


def test_a_link_from_another_page_survives_a_turn_put_in(talk: Site) -> None:
    """It leads to the same words."""
    talk.write(f"-- content/talk.md --\n**Ana:** Good evening to you all, and welcome.\n\n{TALK}")
    talk.write("-- content/page.md --\n[See](talk.md#ana-2).\n")
    assert talk.build() == 0, talk.err
    assert "new wall" in talk.page("talk/index.html").css_first("#ana-2").text()


def test_what_disappears_is_told_and_fails_when_strict_until_it_is_recorded(talk: Site) -> None:
    """The page keeps the id as an anchor all the while."""
    talk.write(f"-- content/talk.md --\n{TALK.replace(WALL, '')}-- content/page.md --\n[See](talk.md#ana-2).\n")
    assert talk.run("check", "--strict") == 1
    assert "error[RT522]: the permalink #ana-2 is lost" in talk.err
    assert talk.build("--strict") == 1
    assert "lost" not in lock(talk).partition("[")[2]
    assert talk.build() == 0
    assert "content/talk.md:3:1: warning[RT522]" in talk.err
    assert talk.out.rstrip().endswith(", 1 permalink lost")
    stone = talk.page("talk/index.html").css_first("li#ana-2")
    assert "was removed, or changed beyond recognition" in stone.text()
    assert "of Ana" in stone.text()
    assert stone.css_first("a").attributes["href"] == "#bo-1"
    record(talk, "ana-2 lost", "ana-2 gone")
    assert talk.run("check", "--strict") == 0, talk.err
    assert talk.build() == 0
    assert "RT522" not in talk.err
    assert "lost" not in talk.out
    assert talk.page("talk/index.html").css_first("li#ana-2")


def test_a_redirect_leads_on(talk: Site) -> None:
    """With a script at once, without one by a link; the words that `lost` stood with may stay in the line."""
    talk.write(f"-- content/talk.md --\n{TALK.replace(WALL, WALL.replace('Ana', 'Bo'))}")
    assert talk.build() == 0
    assert "'ana-2 -> bo-3'" in talk.err
    line = next(one for one in lock(talk).split("\n") if one.startswith("ana-2 lost"))
    record(talk, "ana-2 lost", line.replace("lost", "-> bo-3"))
    assert talk.build("--strict") == 0, talk.err
    assert "\nana-2 -> bo-3\n" in lock(talk)
    page = talk.page("talk/index.html")
    assert page.css_first("li#ana-2[data-moved] a").attributes["href"] == "#bo-3"
    assert page.css_first('script[src="/moved.js"]')


def test_a_brief_answer_whose_question_is_gone_is_not_said_to_be_gone(site: Site) -> None:
    """Its words are there, and may be another answer: that is for an editor to say."""
    rest = "**Ana:** Who has paid for the harbour, and when did they?\n\n"
    site.write(
        f"-- content/talk.md --\n{rest}**Bo:** The town has, in the year of the flood.\n\n**Ana:** Is the wall deep?\n\n**Bo:** Yes.\n"
    )
    assert site.build() == 0, site.err
    site.write(f"-- content/talk.md --\n{rest}**Bo:** The town has, in the year of the flood.\n\n**Bo:** Yes.\n")
    assert site.build() == 0
    assert "#bo-2 is lost: what it answered is on the page no more; the same words are at #bo-3" in site.err
    assert "'bo-2 -> bo-3'" in site.err


def test_links_to_answers_side_by_side_lead_on_to_the_conversation(site: Site) -> None:
    """A turn that is gone may have been linked to there as well."""
    rows = "**Host:** What {0}?\n\n**Ana:** I think {0}, says Ana.\n\n**Bo:** I doubt {0}, says Bo.\n\n"
    whole = "".join(map(rows.format, ("of the wall", "of the harbour", "of the lamps")))
    site.write(f"-- content/talk.md --\n{whole}")
    assert site.build() == 0, site.err
    site.write(f"-- content/talk.md --\n{whole.replace(rows.format('of the wall'), '')}")
    assert site.build() == 0, site.err
    stone = site.page("talk/answers/index.html").css_first("li#ana-1 a")
    assert stone.attributes["href"] == "/talk/#host-2"
    assert site.page("talk/index.html").css_first("li#ana-1 a").attributes["href"] == "#host-2"


def test_a_page_without_lost_links_has_nothing_of_it(talk: Site) -> None:
    """No list, no script."""
    assert "tombstones" not in talk.text("talk/index.html")
    assert "moved.js" not in talk.text("talk/index.html")


def test_a_template_that_leaves_anchors_out_fails(talk: Site) -> None:
    """Links would lead nowhere."""
    talk.write("-- templates/tombstones.html --\n<p>None.</p>\n")
    assert talk.build() == 0
    talk.write(f"-- content/talk.md --\n{TALK.replace(WALL, '')}")
    assert talk.build() == 1
    assert "error[RT403]: links to #ana-2 lead nowhere" in talk.err


def test_a_transcript_that_is_renamed_keeps_its_ids(talk: Site) -> None:
    """Also if it is edited a little; nothing is told."""
    talk.write(f"-- content/talk.md --\n**Bo:** Good evening to you all, and welcome.\n\n{TALK}")
    assert talk.build() == 0
    (talk.root / "content/talk.md").rename(talk.root / "content/moved.md")
    assert talk.run("check", "--strict") == 0, talk.err
    assert "[talk.md]" in lock(talk)
    talk.write(
        f"-- content/moved.md --\n**Bo:** Good evening to you all, and welcome.\n\n{TALK.replace('lamps', 'lamp')}"
    )
    assert talk.build("--strict") == 0, talk.err
    assert "[talk.md]" not in lock(talk)
    assert [line.split()[0] for line in lock(talk).split("[moved.md]\n")[1].split("\n") if line][:5] == [
        "bo-3", "ana-1", "bo-1", "ana-2", "bo-2",
    ]  # fmt: skip
    assert "Good evening" in talk.page("moved/index.html").css_first("#bo-3").text()


def test_two_transcripts_that_change_names_keep_to_their_names(talk: Site) -> None:
    """Their addresses change hands, and each id at them is told."""
    one, other = talk.root / "content/talk.md", talk.root / "content/more/other.md"
    text = one.read_text(encoding="utf-8")
    one.write_text(other.read_text(encoding="utf-8"), encoding="utf-8")
    other.write_text(text, encoding="utf-8")
    assert talk.build() == 0
    assert talk.err.count("warning[RT522]") == 6


def test_a_transcript_that_is_deleted_is_told_until_that_is_recorded(talk: Site) -> None:
    """Its lines stay, in case it comes back."""
    (talk.root / "content/talk.md").unlink()
    assert talk.run("check", "--strict") == 1
    assert talk.build() == 0
    assert "warning[RT525]: there is no transcript 'talk.md' any more" in talk.err
    record(talk, "[talk.md]", "[talk.md] gone")
    assert talk.build("--strict") == 0, talk.err
    talk.write(f"-- content/talk.md --\n**Ana:** Something else was said here, if anything.\n\n{TALK}")
    assert talk.build("--strict") == 0
    assert "[talk.md]\nana-3 " in lock(talk)


def test_drafts_and_what_is_served_are_not_recorded(talk: Site) -> None:
    """They aren't published."""
    before = lock(talk)
    talk.write(f"-- content/draft.md --\n---\ndraft: true\n---\n{TALK}")
    assert talk.build("--drafts") == 0
    assert lock(talk) == before
    talk.write(f"-- content/talk.md --\n{TALK}\n**Host:** Half a sen\n")
    served = local(Built(talk.root, load(talk.root)[0], talk.root / "public"))
    assert not pipeline.build(served).failed
    assert lock(talk) == before
    talk.write(f"-- content/talk.md --\n{TALK}\n**Zoë:** A whole one.\n")
    assert talk.build() == 0
    assert "host-1" not in lock(talk).split("[talk.md]")[1]
    assert "zoë-1" in lock(talk).split("[talk.md]")[1]


def test_a_transcript_that_becomes_a_draft_keeps_its_part(talk: Site) -> None:
    """For when it is published again."""
    before = lock(talk)
    talk.write(f"-- content/talk.md --\n---\ndraft: true\n---\n{TALK.replace(WALL, '')}")
    assert talk.build("--strict") == 0, talk.err
    assert lock(talk) == before


def test_a_check_writes_nothing(site: Site) -> None:
    """And says nothing of what is new."""
    site.write(f"-- content/talk.md --\n{TALK}")
    assert site.run("check", "--strict", "-q") == 0
    assert (site.out, site.err) == ("", "")
    assert not (site.root / "content/permalinks.lock").exists()


def test_without_the_ledger_ids_are_numbers_again(talk: Site) -> None:
    """As on the first day."""
    talk.write(f"-- content/talk.md --\n**Ana:** Good evening to you all, and welcome.\n\n{TALK}")
    assert talk.build() == 0
    (talk.root / "content/permalinks.lock").unlink()
    assert talk.build() == 0
    assert "Good evening" in talk.page("talk/index.html").css_first("#ana-1").text()
    assert lock(talk).count("ana-1 ") == 1


def test_what_somebody_else_wrote_into_the_ledger_counts(talk: Site) -> None:
    """As after git pull."""
    before = lock(talk)
    (talk.root / "content/permalinks.lock").write_text(before.replace("ana-2 ", "ana-7 "), encoding="utf-8")
    assert talk.build("--strict") == 0, talk.err
    assert talk.page("talk/index.html").css_first("#ana-7")
    (talk.root / "content/permalinks.lock").write_text(before, encoding="utf-8")
    assert talk.build("--strict") == 0, talk.err
    assert talk.page("talk/index.html").css_first("#ana-2")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[talk.md]\nana-1 0123456789 a\n<<<<<<< HEAD\nbo-1 gone\n=======\n", 3, "a merge that isn't finished"),
        ("[talk.md]\nana-1 gone\nana-1 0123456789 a\n", 3, "two lines for 'ana-1'"),
        ("# Head\n\n[talk.md]\nana-1 going\n", 4, "a line that can't be read"),
        ("[talk.md]\nana-1 0123456789 e\n", 2, "a line that can't be read"),
        ("ana-1 gone\n", 1, "a line above all titles"),
        ("\n\n[a.md]\n\n[a.md]\n", 5, "two parts for 'a.md'"),
        ("[a.md\n", 1, "a title that can't be read"),
        ("# Permalinks, version 2. From the future.\n", 1, "is of version 2"),
        ("\x00\x01\ufffd", 1, "a line above all titles"),
    ],
)
def test_a_ledger_that_cannot_be_read_is_an_error_at_its_line(talk: Site, text: str, line: int, what: str) -> None:
    """Nothing is published with ids that may be wrong, and the ledger stays as it is."""
    (talk.root / "content/permalinks.lock").write_text(text, encoding="utf-8")
    tree = talk.tree()
    for _ in range(2):
        assert talk.build() == 1
        assert f"content/permalinks.lock:{line}:1: error[RT521]: " in talk.err
        assert what in talk.err
        assert lock(talk) == text
    assert talk.tree() == tree


def test_bytes_of_no_encoding_are_told(talk: Site) -> None:
    """Many lines of them, a few times."""
    (talk.root / "content/permalinks.lock").write_bytes(b"\xff\xfe\n" * 1_000)
    assert talk.build() == 1
    assert talk.err.count("error[RT521]") == 11
    assert "and 990 more lines" in talk.err


def test_a_ledger_with_windows_line_ends_and_a_byte_order_mark_is_read(talk: Site) -> None:
    """As editors there write it."""
    text = "\ufeff" + lock(talk).replace("\n", "\r\n").replace("ana-2", "ana-7")
    (talk.root / "content/permalinks.lock").write_bytes(text.encode())
    assert talk.build("--strict") == 0, talk.err
    assert talk.page("talk/index.html").css_first("#ana-7")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions don't bind here")
def test_a_folder_that_cannot_be_written_to_is_a_warning(site: Site) -> None:
    """The site is built."""
    site.write(f"-- content/talk.md --\n{TALK}")
    (site.root / "content").chmod(0o500)
    assert site.build() == 0
    (site.root / "content").chmod(0o700)
    assert "warning[RT524]" in site.err


def test_a_ledger_that_cannot_be_written_is_a_warning_each_time(site: Site) -> None:
    """The site is built, and the next build tries again."""
    site.write(f"-- content/talk.md --\n{TALK}-- content/.permalinks.lock.new/x --\nIn the way.\n")
    for _ in range(2):
        assert site.build() == 0
        assert "warning[RT524]: the ledger of permalinks can't be written" in site.err
    assert site.build("--strict") == 1
    (site.root / "content/.permalinks.lock.new/x").unlink()
    (site.root / "content/.permalinks.lock.new").rmdir()
    assert site.build() == 0
    assert "RT524" not in site.err
    assert "ana-1" in lock(site)


@pytest.mark.parametrize("is_there", [True, False])
def test_what_an_editor_saves_while_a_build_runs_is_kept(
    site: Site, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    """The build says that its ids are not in the ledger; the next one puts them in."""
    file, recorded = site.root / "content/permalinks.lock", pipeline._recorded
    if is_there:
        assert site.write(f"-- content/talk.md --\n{TALK}").build() == 0

    def meanwhile(*given: Any) -> Any:
        file.write_text((lock(site) if is_there else ledger.HEAD) + "\n[old.txt] gone\n", encoding="utf-8")
        return recorded(*given)

    site.write("-- content/more.txt --\nHost: So?\n\nAna: So.\n")
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "_recorded", meanwhile)
        assert site.build() == 0
    assert "content/permalinks.lock: warning[RT524]: the ledger of permalinks was changed while" in site.err
    assert "more.txt" not in lock(site)
    assert site.build() == 0
    assert "RT524" not in site.err
    assert "[old.txt] gone" in lock(site)
    assert "[more.txt]\nhost-1 " in lock(site)


def test_what_an_earlier_build_left_half_written_leads_nowhere_else(talk: Site, tmp_path: Path) -> None:
    """Even if somebody has put a link there."""
    target = tmp_path / "precious"
    target.write_text("mine")
    (talk.root / "content/.permalinks.lock.new").symlink_to(target)
    talk.write(f"-- content/talk.md --\n{TALK.replace('lamps', 'lanterns')}")
    assert talk.build() == 0
    assert target.read_text() == "mine"


def test_paths_of_all_kinds_have_titles(site: Site) -> None:
    """Brackets and words of the ledger's own among them."""
    names = ("a] gone.md", "[b].md", "c -> d.md", "é 港.md")
    for name in names:
        (site.root / "content").mkdir(exist_ok=True)
        (site.root / "content" / name).write_text(TALK)
    assert site.build("--strict") == 0, site.err
    wrong: list[Diagnostic] = []
    parts = dict(ledger.parts(ledger.stored(site.root / "content/permalinks.lock"), "x", wrong))
    assert wrong == []
    assert [*parts] == sorted(names)
    before = lock(site)
    assert site.build("--clean", "--strict") == 0
    assert lock(site) == before


def test_a_ledger_that_cannot_be_read_stops_the_build(site: Site) -> None:
    """It is not an empty one: what it knows would be written over."""
    site.write("-- content/a.txt --\nHost: Why?\n\nAna: So.\n\nHost: Ah.\n")
    (site.root / "content/permalinks.lock").mkdir()
    assert site.build() == 2
    assert "error[RT521]: the ledger of permalinks can't be read" in site.err
    assert not (site.root / "public").exists()


@pytest.mark.parametrize("line", ["host-" + "9" * 5_000 + " gone", "# Permalinks, version " + "9" * 5_000])
def test_numbers_of_any_length_are_told(site: Site, line: str) -> None:
    """Not a failure of our own."""
    site.write(f"-- content/a.txt --\nHost: Why?\n\nAna: So.\n\nHost: Ah.\n-- content/permalinks.lock --\n{line}\n")
    assert site.build() == 1
    assert "RT521" in site.err


def test_an_edit_of_a_few_lines_makes_the_ledger_that_composing_makes() -> None:
    """Also where a title or lines begin like others, and with what is no Unicode; what is more than an edit is composed."""
    parts = {"a.md": "x-1 0 a", "aa.md": "x-1 0 a", "[b] gone.md": "x-1 0 a\nx-2 1 b", "\udcff.md": "y-1 2 c"}

    def whole(parts: Mapping[str, str]) -> bytes:
        return b"".join(ledger.composed((path, lines, False) for path, lines in parts.items()))

    def pieces(data: bytes) -> list[bytes]:
        first, *rest = data.split(b"\n[")
        return [first, *(b"\n[" + one for one in rest)]

    before = whole(parts)
    edits = {"aa.md": "x-1 9 f\nx-2 3 c", "\udcff.md": "y-1 7 d", "a.md": "x-1 0 b"}
    for cut in ([before], pieces(before)):
        made = ledger.edited(cut, ((path, parts[path], new) for path, new in edits.items()))
        assert b"".join(made) == whole({**parts, **edits})
    for wrong in (("[b] gone.md", "x-1 0 a", "x-1 0 b"), ("c.md", "x-1 0 a", "x-1 0 b")):  # it has more; there is none
        with pytest.raises(ValueError, match="b"):
            list(ledger.edited([before], [wrong]))


def test_a_large_ledger_is_read_in_pieces(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever they are cut: with the same parts, and what is wrong at the same lines."""
    text = "\r\n".join(
        [
            "# Permalinks, version 1.",
            "",
            "[a.md]",
            f"x-1 {'0' * 10} a",
            "nonsense",
            "[b.md] gone",
            "",
            "[é.md]",
            "x-1 gone",
            "[a.md]",
        ]
    )
    file = site.root / "lock"
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = []
    for size in (1, 2, 7, 1 << 20):
        monkeypatch.setattr(ledger, "PIECE", size)
        wrong: list[Diagnostic] = []
        parts = list(ledger.parts(ledger.stored(file), "lock", wrong))
        assert b"".join(ledger.stored(file)) == file.read_bytes()
        found.append((parts, wrong))
    assert all(one == found[0] for one in found)
    parts, wrong = found[0]
    assert [(path, held.is_gone) for path, held in parts] == [("a.md", False), ("b.md", True), ("é.md", False)]
    assert [one.line for one in wrong] == [5, 10]


def sectioned(*titles: str, before: str = "") -> str:
    """A talk of several sections, a turn of Ana's and one of Bo's in each."""
    words = "one two three four five six seven eight nine ten".split()
    return f"-- content/talk.md --\n{before}" + "\n\n".join(
        f"## {title}\n\n**Ana:** We spoke of {words[n]} ships there.\n\n**Bo:** Of {words[n]}, and of what became of them."
        for n, title in enumerate(titles)
    )


def stones(site: Site) -> dict[str, str]:
    """Where earlier ids on the page lead."""
    html = (site.root / "public/talk/index.html").read_text(encoding="utf-8")
    return dict(re.findall(r'<li id="([^"]+)" data-moved>.*?href="#([^"]+)"', html))


def test_a_link_to_a_section_survives_another_title(site: Site) -> None:
    """It leads to where the section began, whatever else is edited; the same ledger comes of the same text again."""
    assert site.write(sectioned("Silt", "Dredging", "漁港")).build() == 0
    assert [line for line in lock(site).split("\n") if line.endswith("§")] == ["silt §", "dredging §", "漁港 §"]
    assert stones(site) == {}
    site.write(sectioned("Mud", "Dredging", "Harbours")).build()
    assert stones(site) == {"silt": "mud", "漁港": "harbours"}
    for _ in range(2):
        site.write(sectioned("Mud", "Dredging", "Harbours", before="**Bo:** Before all of it.\n\n")).build()
        assert stones(site) == {"silt": "mud", "漁港": "harbours"}
    before = lock(site)
    assert before.index("silt §") < before.index("mud §") < before.index("ana-1 ") < before.index("漁港 §")
    assert site.build("--clean") == 0
    assert lock(site) == before
    site.write(sectioned("Silt", "Dredging", "Harbours")).build()  # the title is its own again
    assert stones(site) == {"mud": "silt", "漁港": "harbours"}


def test_a_link_to_a_section_that_is_gone_leads_to_what_is_left(site: Site) -> None:
    """To the turn that it began with, if that stands in another section now; else to what is nearest."""
    site.write(sectioned("Silt", "Dredging", "Fishing")).build()
    whole = sectioned("Silt", "Dredging", "Fishing")
    site.write(whole.replace("## Dredging\n\n", "")).build()
    assert stones(site)["dredging"] == "ana-2"
    site.write(whole[: whole.index("## Fishing")]).build()
    assert stones(site)["fishing"] == "bo-2"


def test_a_ledger_without_sections_gets_them(site: Site) -> None:
    """As one that an earlier version wrote; a section that somebody takes out of it is forgotten."""
    site.write(sectioned("Silt", "Dredging")).build()
    whole = lock(site)
    (site.root / "content/permalinks.lock").write_text(
        whole.replace("silt §\n", "").replace("dredging §\n", ""), encoding="utf-8"
    )
    assert site.build() == 0
    assert lock(site) == whole
    site.write(sectioned("Mud", "Dredging")).build()
    record(site, "silt §", "")
    site.build()
    assert stones(site) == {}
    assert "silt" not in lock(site)
