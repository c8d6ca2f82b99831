"""The comments block: every setting reaches giscus, nothing is contacted before the reader asks."""

from __future__ import annotations

import pytest

from roundtable import comments
from roundtable.config import parse

from .conftest import Site

GISCUS = '[params.comments.giscus]\nrepo = "o/n"\nrepoID = "R_1"\ncategory = "General"\ncategoryID = "DIC_1"\n'
TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n"


def block(settings: str = "", language: str = "en") -> comments.Block:
    """The block of a page with the id "talk"."""
    config, found = parse(f'base_url = "https://e.org/"\n{GISCUS}{settings}')
    assert found == ()
    made = comments.block(config.params.comments, "talk", language)
    assert made is not None
    return made


def test_defaults_are_a_stable_thread() -> None:
    """`specific` on the page's id, strictly."""
    assert dict(block().attributes) == {
        "repo": "o/n", "repo-id": "R_1", "category": "General", "category-id": "DIC_1", "mapping": "specific", "term": "talk",
        "strict": "1", "reactions-enabled": "1", "emit-metadata": "0", "input-position": "bottom", "lang": "en", "loading": "lazy",
    }  # fmt: skip
    assert (block().light, block().dark) == ("light", "dark")


def test_every_setting_is_handed_on() -> None:
    """As giscus's client reads it."""
    settings = 'mapping = "number"\nterm = "12"\nstrict = false\nreactionsEnabled = false\nemitMetadata = true\ninputPosition = "top"\nlang = "ja"\nloading = "eager"\n'
    made = dict(block(settings).attributes)
    assert (
        made
        | {
            "mapping": "number",
            "term": "12",
            "strict": "0",
            "reactions-enabled": "0",
            "emit-metadata": "1",
            "input-position": "top",
        }
        == made
    )
    assert (made["lang"], made["loading"]) == ("ja", "eager")


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en-GB", "en"),
        ("zh", "zh-CN"),
        ("zh-Hant-TW", "zh-Hant"),
        ("zh-TW", "zh-TW"),
        ("el", "gr"),
        ("pt-BR", "pt"),
        ("cy", "en"),
        ("sr-Latn", "hbs"),
    ],
)
def test_the_language_of_a_page_picks_a_locale_that_giscus_has(language: str, locale: str) -> None:
    """A wrong one would break its frame."""
    assert dict(block("", language).attributes)["lang"] == locale


@pytest.mark.parametrize(
    ("theme", "pair"),
    [('"light"', ("light", "dark")), ('"noborder_dark"', ("noborder_light", "noborder_dark")), ('"preferred_color_scheme"', ("light", "dark")),
     ('"cobalt"', ("cobalt", "cobalt")), ('{ light = "fro", dark = "cobalt" }', ("fro", "cobalt"))],
)  # fmt: skip
def test_themes_come_in_pairs(theme: str, pair: tuple[str, str]) -> None:
    """One for each of the page's."""
    made = block(f"theme = {theme}\n")
    assert (made.light, made.dark) == pair


def test_the_page_holds_the_block_and_contacts_nobody(site: Site) -> None:
    """Settings as data, a plain link, no script of theirs, no frame."""
    site.write(f'-- site.toml --\nbase_url = "https://e.org/"\n{GISCUS}{TALK}')
    assert site.build("--strict") == 0, site.err
    page = site.page("talk/index.html")
    found = page.css_first("#comments")
    assert found is not None
    assert found.attributes["data-embed-term"] == "talk"
    assert found.css_first("a").attributes["href"] == "https://github.com/o/n/discussions"
    assert [node.attributes["src"] for node in page.css("script[src]")] == [
        "/theme.js",
        "/read.js",
        "/quote.js",
        "/comments.js",
    ]
    assert page.css("iframe") == []


def test_the_id_in_front_matter_names_the_thread(site: Site) -> None:
    """A file may move without losing its discussion."""
    site.write(
        f'-- site.toml --\nbase_url = "https://e.org/"\n{GISCUS}-- content/2026/talk.txt --\n---\nid: old-talk\n---\nHost: A\nHost: B\n'
    )
    assert site.build() == 0, site.err
    assert 'data-embed-term="old-talk"' in site.text("2026/talk/index.html")


def test_a_page_can_do_without(site: Site) -> None:
    """`comments: false` in its front matter."""
    site.write(
        f'-- site.toml --\nbase_url = "https://e.org/"\n{GISCUS}-- content/talk.txt --\n---\ncomments: false\n---\nHost: A\nHost: B\n'
    )
    assert site.build() == 0, site.err
    assert "comments" not in site.text("talk/index.html").split("</main>")[0].split("<main")[1]


def test_incomplete_settings_leave_readers_in_peace_and_tell_the_editor(site: Site) -> None:
    """No block, a warning; an error when strict."""
    site.write(f'-- site.toml --\nbase_url = "https://e.org/"\n[params.comments.giscus]\nrepo = "o/n"\n{TALK}')
    assert site.build() == 0
    assert "warning[RT601]" in site.err
    assert "repoID, category, categoryID" in site.err
    assert "giscus" not in site.text("talk/index.html").casefold()
    assert site.build("--strict") == 2
    assert "error[RT601]" in site.err
