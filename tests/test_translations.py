"""One conversation in several languages: what front matter names, what pages show, and how much the desk finds untranslated."""

from __future__ import annotations

from typing import Any

import pytest

from roundtable.config import load
from roundtable.pipeline import build
from roundtable.serve.building import local
from roundtable.serve.desk import NEWEST, Desk
from roundtable.serve.telling import Places
from roundtable.site import Site as Built_Site

from .conftest import Site

HARBOUR = """\
-- content/harbour.md --
---
title: The Harbour
date: 2026-01-02
---
**Host:** Why is it getting shallower?

**Ana:** The river brings sand.

**Host:** Who pays?

**Ana:** Nobody, so far.
"""
HAFEN = """\
-- content/de/hafen.md --
---
title: Der Hafen
date: 2026-01-02
language: de
translation_of: ../harbour.md
---
**Moderation:** Warum wird er flacher?

**Ana:** The river brings sand.

**Moderation:** Wer zahlt?
"""
GANG = """\
-- content/gang.md --
---
title: 海港
date: 2026-01-02
language: zh-Hant
translation_of: /de/hafen.md
---
**主持人:** 為什麼越來越淺？

**Ana:** 河流帶來的沙。
"""


def others(site: Site, path: str) -> list[dict[str, Any]]:
    """What a page says of the same in other languages."""
    return [one.attributes for one in site.page(path).css(".translations a")]


def test_each_page_leads_to_all_its_translations(site: Site) -> None:
    """Also those of a translation; for people by the names that languages have for themselves, for machines in the head."""
    site.write(HARBOUR + HAFEN + GANG)
    assert site.build("--strict") == 0
    shown = site.page("harbour/index.html").css_first(".translations")
    assert shown is not None
    assert " ".join(shown.text().split()) == "Also in Deutsch · 中文 (繁體)"
    assert others(site, "gang/index.html") == [
        {"href": "/de/hafen/", "lang": "de", "hreflang": "de", "dir": "ltr", "rel": "alternate"},
        {"href": "/harbour/", "lang": "en", "hreflang": "en", "dir": "ltr", "rel": "alternate"},
    ]
    every = {
        ("en", "https://example.org/harbour/"),
        ("de", "https://example.org/de/hafen/"),
        ("zh-Hant", "https://example.org/gang/"),
    }
    for path in ("harbour", "de/hafen", "gang"):
        links = site.page(f"{path}/index.html").css("head link[hreflang]")
        assert {(one.attributes["hreflang"], one.attributes["href"]) for one in links} == every
    assert "translation_of" not in site.text("gang/index.md")  # a path that leads nowhere from there


def test_plain_pages_have_translations_too(site: Site) -> None:
    """And a page without one says nothing of that; from right to left, where a language is."""
    site.write(
        "-- content/about.md --\n# About\n\nWords.\n-- content/other.md --\n# Other\n\nWords.\n"
        "-- content/ar.md --\n---\ntitle: عن\nlanguage: ar\ntranslation_of: about.md\n---\n\nكلمات.\n"
    )
    assert site.build("--strict") == 0
    (one,) = others(site, "about/index.html")
    assert (one["href"], one["dir"]) == ("/ar/", "rtl")
    assert others(site, "other/index.html") == []
    assert "hreflang" not in site.text("other/index.html")


def test_when_a_translation_comes_changes_or_goes_its_original_shows_that(site: Site) -> None:
    """Its page is made again, and no other."""
    site.write(HARBOUR + "-- content/other.md --\n**Host:** So?\n\n**Ana:** So.\n")
    assert site.build() == 0
    other = (site.root / "public/other/index.html").stat()
    site.write(HAFEN)
    assert site.build() == 0
    assert [one["href"] for one in others(site, "harbour/index.html")] == ["/de/hafen/"]
    site.write(HAFEN.replace("title: Der", "slug: der-hafen\ntitle: Der"))
    assert site.build() == 0
    assert [one["href"] for one in others(site, "harbour/index.html")] == ["/de/der-hafen/"]
    (site.root / "content/de/hafen.md").unlink()
    assert site.build() == 0
    assert others(site, "harbour/index.html") == []
    site.write("-- content/permalinks.lock --\n")
    assert (site.root / "public/other/index.html").stat().st_ino == other.st_ino


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("../harbour.md", "../harbor.md", "content/de/hafen.md:5:17: error[RT502]: translation of nothing: there is no other document 'content/harbor.md'"),
        ("../harbour.md", "harbour.md", "error[RT502]: translation of nothing: there is no other document 'content/de/harbour.md'"),
        ("../harbour.md", "https://example.org/x", "content/de/hafen.md:5:1: error[RT104]: 'translation_of' names no file"),
        ("../harbour.md", "../../site.toml", "error[RT502]"),
        ("language: de\n", "", "content/de/hafen.md:4:17: error[RT516]: translation in the language of content/harbour.md: en"),
        ("../harbour.md", "hafen.md", "content/de/hafen.md:5:17: error[RT502]: translation of nothing: there is no other document 'content/de/hafen.md'"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(site: Site, old: str, new: str, told: str) -> None:
    """An original that isn't there, or in the same language."""
    site.write(HARBOUR + HAFEN.replace(old, new))
    assert site.build("--strict") == 1
    assert told in site.err


def test_two_translations_in_one_language_are_told(site: Site) -> None:
    """Though neither names the other: readers and machines would have two ways to one language."""
    site.write(HARBOUR + HAFEN + GANG.replace("zh-Hant", "en") + HAFEN.replace("de/hafen", "de/port"))
    assert site.build("--strict") == 1
    assert "content/de/port.md:5:17: error[RT516]: translation in the language of content/de/hafen.md: de" in site.err
    assert "content/gang.md:5:17: error[RT516]: translation in the language of content/harbour.md: en" in site.err


def test_other_broken_links_are_told_as_well(site: Site) -> None:
    """All of them, at once."""
    site.write(HARBOUR + "\n**Ana:** [There](#nowhere).\n" + HAFEN.replace("../harbour.md", "../harbor.md"))
    assert site.build() == 1
    assert site.err.count("error[RT502]") == site.err.count("error[RT503]") == 1


def test_a_near_name_is_suggested(site: Site) -> None:
    """From among all documents."""
    site.write(HARBOUR + HAFEN.replace("../harbour.md", "../harbor.md"))
    assert site.build() == 1
    assert "did you mean 'content/harbour.md'?" in site.err


def test_an_original_that_is_a_draft_is_not_published(site: Site) -> None:
    """Nor linked to: an error, as for any link to a draft; unless drafts are built."""
    site.write(HARBOUR.replace("title:", "draft: true\ntitle:") + HAFEN)
    assert site.build() == 1
    assert "RT502" in site.err
    assert site.build("--drafts") == 0


def untranslated(site: Site) -> dict[str, str]:
    """What the desk has in its column, by file."""
    made = local(Built_Site(site.root, load(site.root)[0], site.root / "public"))
    assert not build(made).failed
    desk = Desk(site.root, site.root / ".roundtable/cache")
    asked = {"sort": NEWEST, "page": "", "q": ""}
    from selectolax.lexbor import LexborHTMLParser

    page = LexborHTMLParser(desk.all(asked, load(site.root)[0], Places(site.root, "content", "")))
    titles = [one.text(strip=True) for one in page.css("thead th")]
    place = next(i for i, title in enumerate(titles) if title.startswith("Untranslated"))
    return {row.css_first("code").text(): row.css("td")[place - 1].text(strip=True) for row in page.css("tbody tr")}  # type: ignore[union-attr]


def test_the_desk_counts_the_turns_that_are_not_translated(site: Site) -> None:
    """Those that stand as they were, and those that are not there; at the translation, where there is something to do."""
    site.write(HARBOUR + HAFEN + GANG)
    assert untranslated(site) == {
        "content/harbour.md": "",
        "content/de/hafen.md": "2",  # the river, and the last one
        "content/gang.md": "1",  # of those that the German has
    }
    site.write(HAFEN.replace("The river brings sand.", "Der Fluss bringt Sand.") + "\n**Ana:** Bislang niemand.\n")
    assert untranslated(site)["content/de/hafen.md"] == ""
