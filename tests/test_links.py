"""What is wrong with links and quotations is told at each of them, once, where an editor wrote it."""

from __future__ import annotations

import json
import re

import pytest

from .conftest import Site

HARBOUR = """-- content/harbour.md --
---
title: Harbour
date: 2026-01-02
---
## The river

**Host:** Why is the sea salt, and why is the weir so low?

**Ana Duarte:** The river brings more sand than the tide.

**Bo Lind:** I say so too.

**Host:** And what of the mole?

**Ana Duarte:** It stands. {}

**Bo Lind:** It falls.
"""
NOTE = "<!-- roundtable: ignore {} because coming -->"


def told(site: Site, *arguments: str) -> list[tuple[str, int, int]]:
    """What `check` tells of pages, by code, line and column."""
    site.run("check", "--format", "json", *arguments)
    return [(one["code"], one["line"], one["column"]) for one in json.loads(site.out)["findings"]]


def places(text: str, *found: tuple[str, int, str]) -> list[tuple[str, int, int]]:
    """Codes with line and column, each given with a line from 1 and what its column is behind."""
    lines = text.split("\n")
    return [(code, line, lines[line - 1].index(before) + len(before) + 1) for code, line, before in found]


def test_each_link_is_told_at_its_own_place(site: Site) -> None:
    """Also where another leads to the same, in the same line or below, and where the address stands in code."""
    text = "# A\n\n[a](gone.md) and [b](gone.md).\n\n[c](gone.md) and [“less sand”](harbour.md#ana-duarte-1).\n\n`[d](gone2.md)` is code, [e](gone2.md) is not.\n\n    [f](gone2.md)\n\n[g](harbour.md#bo-9) [h](harbour.md#bo-9)\n"
    site.write(f"{HARBOUR}-- content/a.md --\n{text}")
    assert told(site) == places(
        text, ("RT502", 3, "[a]("), ("RT502", 3, "[b]("), ("RT502", 5, "[c]("), ("RT513", 5, "sand”]("), ("RT502", 7, "[e]("), ("RT503", 11, "[g]("), ("RT503", 11, "[h]("),
    )  # fmt: skip


def test_a_silence_covers_the_links_of_its_paragraph_alone(site: Site) -> None:
    """The right quotation of the same turn above isn't what is silenced."""
    right, wrong = (f"[“the river brings {word} sand”](harbour.md#ana-duarte-1)" for word in ("more", "less"))
    text = f"# A\n\n{right}\n\n{NOTE.format('RT513')}\n{wrong}\n\n{wrong} [x](gone.md)\n\n{NOTE.format('RT502')}\n[y](gone.md)\n"
    site.write(f"{HARBOUR}-- content/a.md --\n{text}")
    assert told(site) == places(text, ("RT513", 8, "sand”]("), ("RT502", 8, "[x]("))


def test_links_of_one_turn_are_told_apart(site: Site) -> None:
    """Those by reference and those of its notes, too; never outside of the turn."""
    words = "[a](gone.md) `[b](gone.md)` [c](gone.md) [d][1] and[^n]\n\n[^n]: note [e](gone.md)\n\n[1]: gone.md"
    text = HARBOUR.format(words).split("\n", 1)[1]
    site.write(HARBOUR.format(words))
    assert told(site) == places(
        text, ("RT502", 15, "[a]("), ("RT502", 15, "[c]("), ("RT502", 15, "[d]["), ("RT502", 17, "[e](")
    )


def test_each_image_is_told_at_its_own_place(site: Site) -> None:
    """With a space between its brackets, as a tag, by reference; a tag may say that there is nothing to see."""
    text = '# A\n\n![](w.png) and ![](w.png) and ![The weir](w.png)\n\n<img src="w.png"> <img src="w.png" alt="">\n\n`![](w.png)` ![ ](w.png) ![][w]\n\n[w]: w.png\n'
    site.write(f"-- content/w.png --\nw\n-- content/a.md --\n{text}")
    assert told(site) == places(
        text, ("RT512", 3, ""), ("RT512", 3, "![](w.png) and "), ("RT512", 5, ""), ("RT512", 7, "`![](w.png)` "), ("RT512", 7, "![ ](w.png) "),
    )  # fmt: skip


def test_quotations_of_one_block_are_each_held_against_their_turn(site: Site) -> None:
    """Markdown makes one block of two that an empty line parts; who says it may stand below."""
    ana, host = "[Ana](harbour.md#ana-duarte-1)", "[Host](harbour.md#host-1)"
    text = f"# A\n\n> “The river brings much sand.” — {ana}\n\n> “Why is the sea” — {host}\n\n> “Why was the sea salt” — {host}[^1]\n\nWords.\n\n> “Much sand”\n>\n> — {ana}\n>\n> “Little sand”\n>\n> — {ana}\n\n[^1]: N\n"
    site.write(f"{HARBOUR}-- content/a.md --\n{text}")
    assert told(site) == places(
        text, ("RT513", 3, "[Ana]("), ("RT513", 7, "[Host]("), ("RT513", 13, "[Ana]("), ("RT513", 17, "[Ana](")
    )


def test_a_quotation_within_its_own_transcript_is_held_against_its_turn(site: Site) -> None:
    """Which a fragment alone names."""
    site.write(HARBOUR.format("I said [“more sand”](#ana-duarte-1), not [“less sand”](#ana-duarte-1)."))
    assert [(code, line) for code, line, _ in told(site)] == [("RT513", 15)]


# --- pages made of a transcript's words ------------------------------------------------------------------------------

BROKEN = "[it](gone.md) and [that](#ana-duarte-99) and [other](notes.md#nothing)."
NOTES = "-- content/notes.md --\n# Notes\n\nWords.\n"
ANA = "-- content/speakers/ana-duarte.md --\n---\ntitle: Ana Duarte\n---\nShe is [here](../gone.md) and [there](../notes.md#none).\n"


def test_a_broken_link_is_told_at_its_source_and_nowhere_else(site: Site) -> None:
    """Not on the page of answers, and not on that of a speaker, with words of its own or without."""
    site.write(HARBOUR.format(BROKEN) + NOTES)
    assert [(code, line) for code, line, _ in told(site)] == [("RT502", 15), ("RT503", 15), ("RT503", 15)]
    site.write(ANA)
    assert [(code, line) for code, line, _ in told(site)] == [
        ("RT502", 15),
        ("RT503", 15),
        ("RT503", 15),
        ("RT502", 4),
        ("RT503", 4),
    ]


def test_a_silence_holds_on_all_pages_made_of_the_words(site: Site) -> None:
    """With nothing else wrong the site is built."""
    site.write(HARBOUR.format(f"{BROKEN} {NOTE.format('RT502, RT503')}") + NOTES)
    assert site.build() == 0
    assert "RT50" not in site.err
    assert site.page("harbour/answers/index.html").css_first("article")


def test_a_link_in_an_answer_leads_to_what_is_not_beside_it(site: Site) -> None:
    """A section, or a turn that is in no row, is in the transcript; an answer is on the page."""
    site.write(HARBOUR.format("As in [the beginning](#the-river) and [there](#ana-duarte-1)."))
    assert site.build() == 0
    links = [node.attrs["href"] for node in site.page("harbour/answers/index.html").css(".words a")]
    assert links == ["/harbour/#the-river", "#ana-duarte-1"]


# --- drafts, and addresses that are none -----------------------------------------------------------------------------


@pytest.mark.parametrize("link", ["d.md", "/d/", "d.md#part", "/d.md"])
def test_a_link_to_a_draft_says_so(site: Site, link: str) -> None:
    """Rather than that there is no such file, or that another was meant."""
    site.write(
        f"-- content/n.md --\n# N\n\n[x]({link})\n-- content/d.md --\n---\ntitle: D\ndraft: true\n---\n# Part\n\nWords.\n"
    )
    assert site.build() == 1
    assert f"content/n.md:3:5: error[RT502]: broken link: '{link}' is a draft, and is left out\n" in site.err
    assert "= publish it, or take the link out; --drafts includes it" in site.err
    assert site.build("--drafts") == 0


def test_no_page_is_suggested_to_itself(site: Site) -> None:
    """However near its name is."""
    site.write("-- content/n.md --\n# N\n\n[x](m.md) [y](/m/)\n")
    assert site.build() == 1
    assert "did you mean" not in site.err


@pytest.mark.parametrize("address", ["http://127.0.0.1:99999/", "http://[x", "HTTPS://exa mple.org/"])
def test_an_address_of_the_web_that_is_none_is_told(site: Site, address: str) -> None:
    """No page has it: the words that it was to link are words."""
    site.write(f"-- content/n.md --\n# N\n\n`{address}` [x]({address}) [y](https://example.org/)\n")
    for command in (["check"], ["build"]):
        assert site.run(*command) == 1
        assert f"content/n.md:3:{len(address) + 8}: error[RT502]: broken link: '{address}' is no address" in site.err
    site.write("-- content/n.md --\n# N\n\nx <b [x](https://example.org/a)>y</b>\n")
    site.run("check")
    assert "is no address" not in site.err, "it is one, wherever Markdown left it"


def test_a_link_in_what_is_no_comment_is_told_at_its_place(site: Site) -> None:
    """In a turn, HTML is words."""
    site.write(
        "-- content/t.md --\n**Bo:** Yes.\n\n**Ana:** We say [d](n1.md) here.\n\nAnd <!-- [c](n1.md) --> so.\n\nMore [e](n1.md).\n"
    )
    assert site.build() == 1
    assert re.findall(r"t\.md:(\d+:\d+): error\[RT502\]", site.err) == ["3:21", "5:14", "7:10"]
