"""Rules for editors: each finds what breaks it, and nothing where it is only nearly broken. And what a site makes of codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import config, markup, rules, silences
from roundtable.advising import missing
from roundtable.bodies import BODY
from roundtable.diagnostics import CODES, Grades, Tally, diagnose, is_fixed
from roundtable.model import Silence, Transcript
from roundtable.rewriting import Known, read

from .conftest import SITE_TOML, Site
from .test_roundtrip import TEXTS

TWO = "**Ana Duarte:** Low.\n\n**Bo Lind:** Why?\n\n**Ana Duarte:** Sand.\n\n**Bo Lind:** I see.\n"
LISTED = "---\ntitle: T\ndate: 2026-03-05\nspeakers: [Ana Duarte, Bo Lind]\n---\n"
RUN = "the river brings more sand than the tide can ever take away"

BROKEN = {
    "RT241": (TWO + '\n**Ana Duarte:** “Low” and "high".\n', TWO + '\n**Ana Duarte:** "Low" and 5" deep.\n'),
    "RT242": (TWO + f"\n**Ana Duarte:** Well, {RUN}, {RUN}.\n", TWO + f"\n**Ana Duarte:** {RUN}. And so {RUN}.\n"),
    "RT243": (TWO + "\n**Bo Lind:** Words \u202eturned.\n", TWO + "\n**Bo Lind:** مرحبا\u200f (a mark).\n"),
    "RT244": ("## Ana Duarte\n\n" + TWO, "## Ana Duarte on sand\n\n" + TWO),
    "RT245": ("## One\n\n" + TWO + "\n#### Two\n\n**Bo Lind:** Yes.\n", "## One\n\n" + TWO + "\n### Two\n\n#### Three\n\n**Bo Lind:** Yes.\n\n## Four\n"),
    "RT246": (TWO + "\n**Bo Lind**: Yes.\n", TWO.replace(":**", "**:")),
    "RT305": (LISTED + TWO + "\n**Joana Reis:** Hm.\n\n**Joana Reis:** Yes.\n", LISTED + TWO + "\n**Host:** Hm.\n\n**Host:** Yes.\n"),
    "RT306": (TWO + "\n**Аna Duarte:** Yes.\n\n**Аna Duarte:** No.\n", TWO + "\n**Анна Дуарте:** Yes.\n\n**Анна Дуарте:** No.\n"),
    "RT307": (TWO + "\n**Joana Reis:** Hm.\n", TWO + "\n**Host:** Hm.\n"),
    "RT512": (TWO + "\n**Bo Lind:** See ![](x.png)\n", TWO + "\n**Bo Lind:** See ![The weir](x.png)\n"),
}  # fmt: skip
NEVER_IN_BUILD = sorted(BROKEN)


def codes(site: Site, *arguments: str) -> list[str]:
    """The codes that a command tells, in order."""
    site.run(*arguments, "--format", "json")
    return [one["code"] for one in json.loads(site.out)["findings"]]


def test_every_rule_of_editors_is_tried_here() -> None:
    """And every one is for `check` alone."""
    assert set(BROKEN) == {*rules.OF_DOCUMENTS, *rules.OF_TRANSCRIPTS}
    by_check = {code for code, one in CODES.items() if one.by == "check"}
    assert by_check == {*BROKEN, "RT513"}


@pytest.mark.parametrize("code", BROKEN)
def test_a_rule_tells_what_breaks_it_and_not_what_nearly_does(site: Site, code: str) -> None:
    """`check` tells it, at a line of the file; `build` doesn't."""
    bad, good = BROKEN[code]
    site.write("-- content/x.png --\nPNG\n").write(f"-- content/talk.md --\n{bad}")
    assert code in codes(site, "check")
    found = next(one for one in json.loads(site.out)["findings"] if one["code"] == code)
    assert found["line"] and found["hint"] and found["source"] in bad
    if code == "RT242":
        assert found["source"][found["column"] - 1 :].startswith(RUN)
    assert code not in codes(site, "build")
    assert code in codes(site, "check"), "with what a build left in the cache"
    site.write(f"-- content/talk.md --\n{good}")
    assert code not in codes(site, "check")


def test_a_pasted_paragraph_is_told_though_somebody_else_begins_with_it(site: Site) -> None:
    """The same paragraph twice in a row; not the same short answer."""
    site.write(
        f"-- content/talk.md --\n{TWO}\n**Ana Duarte:** {RUN}.\n\n**Bo Lind:** {RUN}.\n\n**Ana Duarte:** Yes, yes.\n\n**Bo Lind:** Yes, yes.\n"
    )
    assert codes(site, "check").count("RT242") == 1


def test_decorative_images_of_html_need_no_text(site: Site) -> None:
    """On a plain page `alt=""` says so; without `alt` nothing is said."""
    site.write('-- content/x.png --\nPNG\n-- content/page.md --\n# P\n\n<img src="x.png" alt="">\n')
    assert "RT512" not in codes(site, "check")
    site.write('-- content/page.md --\n# P\n\n<img src="x.png">\n')
    assert codes(site, "check") == ["RT512"]


def test_people_of_the_site_are_on_its_list(site: Site) -> None:
    """Who has a page in content/speakers/ is nobody unknown."""
    site.write(
        f"-- content/talk.md --\n{BROKEN['RT305'][0]}-- content/speakers/joana-reis.md --\n---\nperson: {{name: Joana Reis}}\n---\nShe.\n"
    )
    assert "RT305" not in codes(site, "check")


def test_who_nearly_has_the_name_of_somebody_known_is_told(site: Site) -> None:
    """Though the file lists nobody; others are nobody's business there."""
    site.write(
        f"-- content/speakers/joana.md --\n---\nperson: {{name: Joana Reis}}\n---\nShe.\n-- content/talk.md --\n{TWO}\n**Joana Ries:** Hm.\n\n**Joana Ries:** Yes.\n"
    )
    assert codes(site, "check").count("RT305") == 1
    assert "did you mean 'Joana Reis'?" in site.out


def test_quotations_are_held_against_the_turn_they_cite(site: Site) -> None:
    """In the text of a link, and in a block quotation with a link."""
    site.write(
        "-- content/talk.md --\n**Ana Duarte:** The *river* brings more sand than the tide takes away [laughter].\n\n**Bo Lind:** So?\n\n**Ana Duarte:** Yes.\n"
        "-- content/good.md --\n# G\n\n“[the river](talk.md#ana-duarte-1)” [“The river brings […] sand”](talk.md#ana-duarte-1)\n\n"
        "> “river brings [much] sand than the tide takes away.” [Ana](talk.md#ana-duarte-1)\n\nA [talk about sand](talk.md#ana-duarte-2).\n"
    )
    assert "RT513" not in codes(site, "check")
    site.write(
        '-- content/bad.md --\n# B\n\n["the river brings less sand"](talk.md#ana-duarte-1)\n\n> “So?” ([Ana](talk.md#ana-duarte-2))\n'
    )
    assert codes(site, "check").count("RT513") == 2
    assert "'So'" in site.out or "So" in site.out
    assert "RT513" not in codes(site, "build")


@pytest.mark.parametrize(
    ("quoted", "lacks"),
    [
        ("The tide takes it.", ""), ("the tide takes it", ""), ("tide … it", ""), ("tide [of spring] takes", ""), ("it … tide", "tide"),
        ("the tide takes", ""), ("the tides take", "the tides take"), ("“tide”", '"tide"'), ("", ""),
    ],
)  # fmt: skip
def test_what_a_quotation_may_change(quoted: str, lacks: str) -> None:
    """Its first letter, its last sign, what it marks as left out; nothing else, and not the order."""
    assert missing(quoted, "The tide\n takes it.") == lacks


def test_look_alikes() -> None:
    """Names of other letters that look the same."""
    assert rules.looks("Аnа Duаrte") == rules.looks("Ana Duarte")
    assert rules.looks("Ian") == rules.looks("lan")
    assert rules.looks("Ana") != rules.looks("Anna")
    assert rules.looks("Ｊｏ") == rules.looks("Jo")


@pytest.mark.parametrize(
    ("text", "run"),
    [(f"{RUN} {RUN}", RUN), (f"So, {RUN}. {RUN.capitalize()}.", f"{RUN}."), ("no " * 30, ""), ("我們說河水帶來的沙比潮水多" * 2, "我 們 說 河 水 帶 來 的 沙 比 潮 水 多"), ("", ""), (RUN, "")],
)  # fmt: skip
def test_runs_of_words_that_come_twice(text: str, run: str) -> None:
    """Case and punctuation don't count; a word said thirty times is somebody's way of speaking."""
    assert rules.repeated(text) == run


# --- what a site makes of codes --------------------------------------------------------------------------------------

BROKEN_LINK = f"-- content/talk.md --\n{LISTED}{TWO}\n**Ana Duarte:** [x](gone.md)\n"


@pytest.mark.parametrize(("grade", "code"), [("error", 1), ("warning", 0), ("note", 0), ("off", 0)])
def test_rules_are_graded(site: Site, grade: str, code: int) -> None:
    """In `build` as in `check`; the change of a grade alone is seen by a build that has nothing else to do."""
    site.write(BROKEN_LINK)
    assert site.build() == 1
    site.write(f'-- site.toml --\n{SITE_TOML}[rules]\nRT502 = "{grade}"\n')
    for command in ("check", "build", "build"):
        assert site.run(command) == code
        assert (f"{grade}[RT502]" in site.err) is (grade != "off"), command
    assert site.run("build", "--strict") == (1 if grade in ("error", "warning") else 0)
    site.write(f"-- site.toml --\n{SITE_TOML}")
    assert site.build() == 1


def test_a_change_of_grades_makes_no_page(site: Site) -> None:
    """No page shows them."""
    site.write(f"-- content/talk.md --\n{TWO}")
    assert site.build() == 0
    site.write(f'-- site.toml --\n{SITE_TOML}[rules]\nRT505 = "off"\n')
    assert site.build() == 0
    assert ", 0 changed, 0 removed" in site.out
    assert "RT505" not in site.err


def test_a_note_can_be_made_an_error(site: Site) -> None:
    """So that CI fails on it."""
    site.write(f'-- content/talk.txt --\n{TWO.replace("*", "")}-- site.toml --\n{SITE_TOML}[rules]\nRT505 = "error"\n')
    assert site.build() == 1
    assert "error[RT505]" in site.err


def test_codes_of_the_configuration_are_graded_too(site: Site) -> None:
    """They are told before anything is read."""
    site.write(
        f'-- content/talk.md --\n{LISTED}{TWO}-- site.toml --\ntitle = "T"\n[rules]\nRT107 = "off"\nRT602 = "off"\n'
    )
    assert site.build("--strict") == 0
    assert site.err == ""


@pytest.mark.parametrize(
    ("line", "code"),
    [('RT999 = "off"', "RT103"), ('rt505 = "off"', "RT103"), ('RT505 = "loud"', "RT104"), ('RT401 = "warning"', "RT104"), ('RT301 = "off"', "RT104"), ("RT505 = 1", "RT104")],
)  # fmt: skip
def test_grades_that_can_not_be(line: str, code: str) -> None:
    """At their line: no such code, no such grade, or an error with which the site would say something false."""
    _, found = config.parse(f"{SITE_TOML}[rules]\n{line}\n")
    assert [(one.code, one.severity) for one in found] == [(code, "error")]
    assert found[0].line in (5, 6)


def test_what_would_be_false_is_always_an_error() -> None:
    """Words lost, words under another name, two pages at one address; and what only the tool can mean."""
    assert {"RT301", "RT303", "RT401", "RT402", "RT403", "RT501", "RT504", "RT521", "RT901"} <= {
        c for c in CODES if is_fixed(c)
    }
    assert {code for code in CODES if CODES[code].severity == "error" and not is_fixed(code)} == {
        "RT202",
        "RT502",
        "RT503",
    }
    one = diagnose("RT401", "lost", ("a.md", 1, 1))
    tally = Tally(Grades({"RT401": "off"}))
    tally.silence([Silence(("RT401",), "a.md", (), 1, 1, "")])
    tally.add([one])
    assert tally.found() == (one,)


# --- silences --------------------------------------------------------------------------------------------------------

NOTE = "<!-- roundtable: ignore RT241 because so it is in print -->"
MIXED = '**Ana Duarte:** “Low” and "high".'


@pytest.mark.parametrize(
    "words",
    [f"{NOTE}\n{MIXED}", f"{NOTE}\n\n{MIXED}", f"{MIXED} {NOTE}", f"{MIXED}\nMore. {NOTE}",
     *(form.format(note, MIXED) for note in (NOTE.replace(" so it", "\nso\nit"), NOTE.replace(" ignore RT241", "\nIgnore rt241"), NOTE.replace("roundtable:", "ROUNDTABLE :"))
       for form in ("{0}\n{1}", "{0}\n\n{1}", "{1} {0}", "{1} {0}\nMore."))],
)  # fmt: skip
def test_a_note_silences_one_place(site: Site, words: str) -> None:
    """On the line before, or in the same paragraph; it is no word, and parts no turn."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n{words}\n\n**Bo Lind:** Yes.\n")
    assert codes(site, "check") == []
    assert site.build() == 0
    assert "roundtable" not in site.page("talk/index.html").css_first("article").text()
    assert len(site.page("talk/index.html").css("#ana-duarte-3 .words p")) == 1
    assert "ignore" not in site.text("talk/index.md")


def test_a_note_silences_no_other_place(site: Site) -> None:
    """Neither another paragraph, nor another turn below it, nor another code; then it is told itself."""
    for words in (
        f"{MIXED}\n\n{NOTE}\nMore.",
        f"{NOTE}\nBefore.\n{MIXED}",
        f"{MIXED}\n{NOTE.replace('RT241', 'RT242')}",
    ):
        site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n{words}\n\n**Bo Lind:** Yes.\n")
        assert sorted(codes(site, "check")) == ["RT237", "RT241"], words


def test_a_note_in_the_midst_of_a_paragraph_parts_nothing(site: Site) -> None:
    """The words around it are one paragraph."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n**Ana Duarte:** One\n{NOTE}\ntwo.\n\n**Bo Lind:** Yes.\n")
    assert site.build() == 0
    assert site.page("talk/index.html").css_first("#ana-duarte-3 .words").text().split() == ["One", "two."]


@pytest.mark.parametrize("behind", ["", " ", " \t"])
def test_white_space_behind_a_note_breaks_no_line(site: Site, behind: str) -> None:
    """Two spaces at a line's end would: those around a note are none of the words'."""
    site.write(
        f"-- content/talk.md --\n{LISTED}{TWO}\n**Ana Duarte:** One  {NOTE}{behind}\ntwo.\n\n{NOTE}{behind}\nThree.\n"
    )
    assert site.build() == 0
    words = site.page("talk/index.html").css_first("#ana-duarte-3 .words")
    assert "<br" not in (words.html or "")
    assert [node.text().split() for node in words.css("p")] == [["One", "two."], ["Three."]]


def test_a_note_in_code_is_code(site: Site) -> None:
    """And one in the midst of a line is text, as every comment there."""
    site.write(f"-- content/page.md --\n# P\n\n```text\n{NOTE}\n```\n\nWrite `{NOTE}` so.\n")
    assert codes(site, "check") == []
    assert site.build() == 0
    assert site.page("page/index.html").css_first("article").text().count("roundtable: ignore") == 2


@pytest.mark.parametrize(
    ("note", "says"),
    [
        ("ignore RT241", "doesn't say why"), ("ignore RT241 because", "doesn't say why"), ("ignore RT999 because x", "no code RT999"), ("be quiet", "not understood"),
        ("ignore RT401 because x", "can't be silenced"), ("ignore all because x", "not understood"),
    ],
)  # fmt: skip
def test_a_note_that_is_not_understood_is_told_and_silences_nothing(site: Site, note: str, says: str) -> None:
    """RT236, in `build` too."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n<!-- roundtable: {note} -->\n{MIXED}\n\n**Bo Lind:** Yes.\n")
    assert sorted(codes(site, "check")) == ["RT236", "RT241"]
    assert codes(site, "build") == ["RT236"]
    assert says in site.out


@pytest.mark.parametrize(
    ("comment", "told"),
    [
        ("roundtable ignore RT241 because x", "RT236"), ("Roundtable, RT241", "RT236"), ("roundtable-ignore", "RT236"), ("Roundtable, please don't tell\nRT241", "RT236"),
        ("roundtable: hush", "RT236"), ("Roundtable on rivers", "RT208"), ("Roundtable: the first session", "RT208"), ("Roundtable rules were ignored", "RT208"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["<!-- {} -->\n{}", "<!--{}-->\n\n{}"])
def test_a_comment_that_is_meant_as_a_note_is_told(site: Site, comment: str, told: str, form: str) -> None:
    """However it is written; others are comments."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n{form.format(comment, MIXED)}\n\n**Bo Lind:** Yes.\n")
    assert sorted(codes(site, "check")) == sorted([told, "RT241"])


def test_a_note_before_other_words_is_told(site: Site) -> None:
    """It would silence nothing, and nobody would know."""
    site.write(
        "-- content/talk.md --\n**Bo:** Yes.\n\n**Ann:** Words. <!-- roundtable: ignore RT242 because so --> More.\n"
    )
    assert "RT236" in codes(site, "build")
    assert "in the midst of a line" in site.out


def test_a_note_in_code_is_words(site: Site) -> None:
    """In a fence of any kind, in a block that is indented, and between backticks; the one beside it is told at its place."""
    note = "<!-- roundtable: ignore RT242 because so -->"
    blocks = f"~~~\n{note} More.\n~~~\n\n```\n{note} More.\n```\n\n    {note} More.\n\n`{note}` More."
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n**Bo Lind:** Words.\n\n{blocks}\n")
    assert codes(site, "build") == []
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n**Bo Lind:** Words.\n\n- One.\n\n    Two {note} more.\n")
    assert codes(site, "build") == ["RT236"], "what is indented in a list is none"
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n**Bo Lind:** `{note}` and {note} More.\n")
    assert codes(site, "build") == ["RT236"]
    assert json.loads(site.out)["findings"][0]["column"] == len(f"**Bo Lind:** `{note}` and ") + 1


def test_a_note_that_silences_nothing_is_told(site: Site) -> None:
    """By what looks for what it names: a build says nothing of a code of `check`."""
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n{NOTE}\n**Bo Lind:** Yes.\n")
    assert codes(site, "check") == ["RT237"]
    assert codes(site, "build") == []
    site.write(f"-- content/talk.md --\n{LISTED}{TWO}\n{NOTE.replace('RT241', 'RT207')}\n**Bo Lind:** Yes.\n")
    assert codes(site, "build") == codes(site, "check") == ["RT237"]


def test_front_matter_and_sidecars_silence_in_every_format(site: Site) -> None:
    """Where some text stands, or in the whole file; with a reason, and as long as there is something."""
    site.write(
        "-- content/talk.txt --\nAna Duarte: Low.\nBo Lind: Why?\nAna Duarte: Sand.\nBo Lind: I see.\nJoana Reis: I only came to listen.\nBo Lind: Ah.\n"
    )
    assert sorted(codes(site, "build")) == ["RT203", "RT211", "RT505"]
    ignore = "ignore:\n- {code: RT211, text: 'I only came', because: she spoke once}\n- {code: RT505, because: nobody knows}\n"
    site.write(f"-- content/talk.yaml --\ntitle: T\n{ignore}")
    assert codes(site, "build") == codes(site, "check") == []
    site.write(
        "-- content/talk.yaml --\ntitle: T\n" + ignore.replace("came", "cane").replace(", because: nobody knows", "")
    )
    assert sorted(codes(site, "build")) == ["RT211", "RT236", "RT237", "RT505"]
    paths = {one["path"] for one in json.loads(site.out)["findings"] if one["code"] in ("RT236", "RT237")}
    assert {Path(path).name for path in paths} == {"talk.yaml"}


def test_a_silence_is_kept_with_what_was_read(site: Site) -> None:
    """What a cache tells is what a clean build tells."""
    site.write(
        f"-- content/talk.md --\n{LISTED}{TWO}\n<!-- roundtable: ignore RT207 because he left -->\n**Bo Lind:**\n"
    )
    assert codes(site, "build", "--clean") == codes(site, "build") == []
    site.write("-- content/more.md --\n# M\n\nWords.\n")
    assert codes(site, "build") == codes(site, "build", "--clean") == []


@settings(max_examples=500)
@given(st.sampled_from(["a.txt", "a.md"]), TEXTS)
def test_no_text_makes_a_rule_raise_and_every_place_is_in_it(path: str, text: str) -> None:
    """Whatever is pasted, with whatever notes."""
    one = read(path, text.encode("utf-8", "surrogatepass"), Known())
    if one is None:
        return
    document = one.document
    texts = (
        {turn.id: (turn.markdown, markup.turn) for turn in document.turns()}
        if isinstance(document, Transcript)
        else {BODY: (document.markdown, lambda text, _: markup.page(text))}
    )
    rendered = {id: render(markdown, id) for id, (markdown, render) in texts.items()}
    lines = one.source.text.count("\n") + 1
    for found in rules.advice(one.reading, document, rendered, (), one.found).found:
        assert 1 <= (found.line or 0) <= lines
        assert found.code in BROKEN
    kept, wrong = silences.silences(one.reading, None)
    assert all(1 <= first <= last <= lines for silence in kept for first, last in silence.lines)
    assert {one.code for one in wrong} <= {"RT236", "RT237"}
