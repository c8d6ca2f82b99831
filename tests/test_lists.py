"""Lists that are too long for one page, and the pages of those who speak: what is on which, and what leads where."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from itertools import chain
from urllib.parse import unquote

import pytest

from roundtable import plan, syndication

from .conftest import Site

DAY_ONE = datetime.date(2020, 1, 1)


def talk(number: int, *names: str) -> str:
    """A transcript, a day younger than the one with the number before; somebody called Bo asks."""
    turns = "".join(f"\n**{name}:** Words of {number}.\n" for name in ("Bo", *names))
    return f"-- content/t{number:04}.md --\n---\ntitle: Talk {number}\ndate: {DAY_ONE + datetime.timedelta(number)}\n---\n{turns}"


def talks(numbers: Iterable[int], *names: str) -> str:
    """A transcript each."""
    return "".join(talk(number, *names) for number in numbers)


def listed(site: Site, url: str) -> list[str]:
    """The URLs of the transcripts that a page lists, in its order."""
    return [node.attributes["href"] or "" for node in site.page(f"{url[1:]}index.html").css(".entry-title a")]


def way(site: Site, url: str, rel: str) -> str | None:
    """Where a page's link to the next older or newer part leads."""
    node = site.page(f"{url[1:]}index.html").css_first(f"nav a[rel={rel}]")
    return node.attributes["href"] if node else None


def parts_of(site: Site, url: str) -> list[str]:
    """A list's first page and all that its links to older parts lead to."""
    urls = [url]
    while older := way(site, urls[-1], "next"):
        urls.append(older)
    return urls


def newest_first(numbers: Iterable[int]) -> list[str]:
    """The URLs of transcripts, as lists have them."""
    return [f"/t{number:04}/" for number in sorted(numbers, reverse=True)]


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of ten, so that few transcripts make many."""
    monkeypatch.setattr(plan, "PART", 10)
    monkeypatch.setattr(plan, "QUOTED", 10)


@pytest.mark.parametrize(("count", "on_home"), [(199, 199), (200, 100), (230, 130)])
def test_the_home_page_shows_up_to_199_transcripts_and_parts_hold_the_rest(
    site: Site, count: int, on_home: int
) -> None:
    """Each transcript once, the newest first, over home and parts."""
    site.write(talks(range(count)))
    assert site.build() == 0, site.err
    assert parts_of(site, "/") == (["/"] if count < 200 else ["/", "/archive/1/"])
    pages = [listed(site, url) for url in parts_of(site, "/")]
    assert len(pages[0]) == on_home
    assert [*chain(*pages)] == newest_first(range(count))


def test_a_newer_transcript_changes_no_part_until_one_begins(site: Site, short: None) -> None:
    """Parts are numbered from the oldest: what is archived keeps its bytes and its address."""
    site.write(talks(range(35)))
    assert site.build() == 0, site.err
    before = {path: data for path, data in site.tree().items() if path.startswith("archive/")}
    assert sorted(before) == ["archive/1/index.html", "archive/2/index.html"]
    site.write(talks(range(35, 40)))
    assert site.build() == 0, site.err
    assert {path: site.tree()[path] for path in before} != before  # a third part began: the second leads to it
    assert site.tree()["archive/1/index.html"] == before["archive/1/index.html"]
    third = {path: data for path, data in site.tree().items() if path.startswith("archive/")}
    site.write(talks(range(40, 49)))
    assert site.build() == 0, site.err
    assert {path: data for path, data in site.tree().items() if path.startswith("archive/")} == third


def test_newer_and_older_lead_from_part_to_part_and_home(site: Site, short: None) -> None:
    """Both ways, with an end at both ends."""
    site.write(talks(range(45)))
    assert site.build() == 0, site.err
    there = ["/", "/archive/3/", "/archive/2/", "/archive/1/"]
    assert parts_of(site, "/") == there
    assert [way(site, url, "prev") for url in there] == [None, *there[:-1]]


def heading(site: Site, url: str) -> str:
    """A page's heading in one line."""
    return " ".join(site.page(f"{url[1:]}index.html").css_first("h1").text(separator=" ").split())


def test_a_part_says_of_what_time_it_is(site: Site, short: None) -> None:
    """In heading and title; what has no date is said to have none, and stands at the end."""
    site.write(talks(range(0, 320, 10)) + talks(range(400, 413)))
    undated = (talk(number, "Ana Duarte").replace("date: ", "place: ") for number in range(900, 923))
    site.write("".join(undated))
    assert site.build() == 0, site.err
    parts = parts_of(site, "/")[1:]
    assert [heading(site, url) for url in parts] == [
        "Transcripts June 2020 – September 2020",
        "Transcripts March 2020 – June 2020",
        "Transcripts January 2020 – March 2020 , and undated",
        "Transcripts Undated",
        "Transcripts Undated",
    ]
    titles = [site.page(f"{url[1:]}index.html").css_first("title").text() for url in parts]
    assert len(set(titles)) == len(titles)


def test_a_part_of_one_month_says_its_days(site: Site, short: None) -> None:
    """Of a day, that day."""
    site.write(talks(range(10)) + re.sub(r"date: \S+", "date: 2020-01-11", talks(range(10, 40))))
    assert site.build() == 0, site.err
    found = [heading(site, url) for url in parts_of(site, "/")[1:]]
    assert found[-2:] == ["Transcripts January 11, 2020", "Transcripts January 1, 2020 – January 10, 2020"]


def test_a_speakers_page_lists_all_their_transcripts_over_its_parts(site: Site, short: None) -> None:
    """And no other's."""
    site.write(talks(range(0, 60, 2), "Ana Duarte") + talks(range(1, 60, 2)))
    assert site.build() == 0, site.err
    urls = parts_of(site, "/speakers/ana-duarte/")
    assert urls == ["/speakers/ana-duarte/", *(f"/speakers/ana-duarte/archive/{number}/" for number in (2, 1))]
    assert [*chain(*(listed(site, url) for url in urls))] == newest_first(range(0, 60, 2))
    assert [way(site, url, "prev") for url in urls] == [None, *urls[:-1]]
    assert {site.page(f"{url[1:]}index.html").css_first("h1 bdi").text() for url in urls} == {"Ana Duarte"}
    people = site.page("t0002/index.html").css("#people a")
    assert {node.text(): node.attributes["href"] for node in people} == {
        "Bo": "/speakers/bo/",
        "Ana Duarte": "/speakers/ana-duarte/",
    }


def test_a_page_about_a_person_keeps_its_words_and_gets_the_list(site: Site) -> None:
    """The build proves that the words are there."""
    about = "---\ntitle: Ana Duarte\nperson:\n  role: Harbour Master\n---\n\nShe *rows* every morning.\n"
    site.write(talks(range(3), "Ana Duarte") + f"-- content/speakers/ana-duarte.md --\n{about}")
    assert site.build() == 0, site.err
    page = site.page("speakers/ana-duarte/index.html")
    assert page.css_first("[data-page] .words").text().strip() == "She rows every morning."
    assert page.css_first(".deck").text() == "Harbour Master"
    assert listed(site, "/speakers/ana-duarte/") == newest_first(range(3))


def test_a_speaker_without_a_page_of_their_own_is_what_the_newest_transcript_says(site: Site) -> None:
    """A speaker's page begins with who they are, in the language in which that is said."""
    said = "speakers:\n  - name: Ana Duarte\n    description: {}\n"
    for number, what in ((0, "Rower"), (1, "Hafenmeisterin")):
        site.write(
            talk(number, "Ana Duarte").replace(
                "date:", f"{said.format(what)}language: {'de' if number else 'en'}\ndate:"
            )
        )
    site.write(talk(2, "Ana Duarte"))
    assert site.build() == 0, site.err
    deck = site.page("speakers/ana-duarte/index.html").css_first(".deck")
    assert (deck.text(), deck.attributes["lang"]) == ("Hafenmeisterin", "de")


def test_roles_and_numbers_have_no_page_and_no_link(site: Site) -> None:
    """They are somebody else in each transcript."""
    names = ("Host", "Q", "Speaker 1", "Unknown Speaker", "Ana Duarte")
    site.write("-- content/a.md --\n" + "\n\n".join(f"**{name}:** Words." for name in names * 2))
    assert site.build() == 0, site.err
    people = site.page("a/index.html").css("#people .person-name")
    assert {node.text(strip=True): node.css_first("a") is not None for node in people} == {
        name: name == "Ana Duarte" for name in names
    }
    assert [path for path in site.tree() if path.startswith("speakers/")] == [
        "speakers/ana-duarte/feed.xml", "speakers/ana-duarte/index.html", "speakers/index.html",
    ]  # fmt: skip


def test_a_site_without_names_has_no_list_of_speakers(site: Site) -> None:
    """And no link to one."""
    site.write("-- content/a.txt --\nHost: What is it?\nQ: Silt.\nHost: Why?\nQ: The tide.\n")
    assert site.build() == 0, site.err
    assert [path for path in site.tree() if path.startswith("speakers/")] == []
    assert "/speakers/" not in site.text("index.html")


def test_the_speakers_index_counts_and_is_in_parts_of_a_thousand(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, whatever accents it has; each with a page, and a number where they speak more than once."""
    assert plan.NAMES == 1_000
    monkeypatch.setattr(plan, "NAMES", 100)
    names = [f"{first}{second}n{third}o Élan" for first in "ÅABÉE" for second in "aeu" for third in "bdfghklm"]
    site.write("".join(talk(number, *names[number * 40 : number * 40 + 40]) for number in range(3)))
    site.write(talk(30, "ana duarte") + talk(31, "Ana Duarte") + talk(32, "Ana Duarte"))
    assert site.build() == 0, site.err
    parts = parts_of(site, "/speakers/")
    assert parts == ["/speakers/", "/speakers/archive/1/"]
    each = [site.page(f"{url[1:]}index.html").css(".voices li") for url in parts]
    assert [len(some) for some in each] == [100, 22]
    names_of = {node.css_first("a").text(): node for node in chain(*each)}
    assert sorted(names_of) == sorted({*names, "Ana Duarte", "Bo"})
    initials = [name[0] for name in names_of]
    assert initials == sorted(initials, key="AÅBEÉ".index)
    counts = {name: node.css_first("small") for name, node in names_of.items()}
    assert {name: int(count.text()) for name, count in counts.items() if count} == {"Ana Duarte": 3, "Bo": 6}
    assert [node.text() for node in site.page("speakers/index.html").css(".letter h2")] == ["A", "Å", "B", "E", "É"]
    pages = [unquote(node.css_first("a").attributes["href"] or "") for node in names_of.values()]
    assert {f"{page[1:]}index.html" for page in pages} <= set(site.tree())


@pytest.mark.parametrize(
    "file",
    [
        "archive/1.md", "archive/1/index.html", "speakers/bo.txt", "speakers/bo/archive/1.md", "speakers/index.txt",
    ],
)  # fmt: skip
def test_a_file_where_a_part_or_a_speakers_page_is_is_an_error(site: Site, short: None, file: str) -> None:
    """RT501; neither takes the place of the other in silence."""
    site.write(talks(range(25)) + f"-- content/{file} --\nAna: Words.\nBo: Words.\nAna: More.\nBo: More.\n")
    assert site.build() == 1
    assert site.err.count("error[RT501]") == 1
    assert file in site.err
    assert site.tree() == {}


def test_the_list_of_speakers_has_the_text_written_for_it(site: Site) -> None:
    """As the home page has; the list follows."""
    site.write(talk(1) + "-- content/speakers/index.md --\n# Who they are\n\nAll rowers.\n")
    assert site.build() == 0, site.err
    page = site.page("speakers/index.html")
    assert page.css_first("h1").text() == "Who they are"
    assert page.css_first("[data-page] .words").text(strip=True) == "All rowers."
    assert [node.text() for node in page.css(".voices a")] == ["Bo"]


def test_the_themes_words_are_english_in_lists_of_another_language(site: Site, short: None) -> None:
    """Marked so; dates, names and titles are in their own."""
    site.write("-- site.toml --\ntitle = 'Site'\nbase_url = 'https://example.org/'\nlanguage = 'ar'\n")
    site.write(talks(range(25), "Ana Duarte"))
    assert site.build() == 0, site.err
    part = site.page("archive/1/index.html")
    assert part.css_first("h1 > [lang=en]").text() == "Transcripts"
    assert part.css_first("h1 > .span:not([lang])").text(strip=True) == "1 يناير 2020 – 10 يناير 2020"
    english = [".masthead-nav", ".neighbours"]
    assert {part.css_first(where).attributes["lang"] for where in english} == {"en"}
    speakers = site.page("speakers/index.html")
    assert speakers.css_first("h1 > [lang=en]").text() == "Speakers"
    assert [node.text() for node in speakers.css(".voices:not([lang]) bdi")] == ["Ana Duarte", "Bo"]
    assert site.page("speakers/bo/index.html").css_first("h2").attributes["lang"] == "en"


def located(site: Site, path: str) -> list[str]:
    """The addresses that a sitemap lists."""
    return re.findall("<loc>https://example.org(.*?)</loc>", site.text(path))


def test_the_sitemap_holds_lists_and_speakers(site: Site, short: None) -> None:
    """Every page but the one for nothing, once."""
    site.write(talks(range(25)))
    assert site.build() == 0, site.err
    pages = [f"/{path.removesuffix('index.html')}" for path in site.tree() if path.endswith("index.html")]
    assert {"/archive/1/", "/speakers/", "/speakers/bo/", "/speakers/bo/archive/1/"} <= set(pages)
    assert sorted(located(site, "sitemap.xml")) == sorted(pages)


def test_a_long_sitemap_is_an_index_of_several(site: Site, short: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protocol allows 50,000 addresses in a file."""
    assert syndication.MAX_URLS == 50_000
    monkeypatch.setattr(syndication, "MAX_URLS", 12)
    site.write(talks(range(25)))
    assert site.build() == 0, site.err
    files = located(site, "sitemap.xml")
    assert files == ["/sitemap-1.xml", "/sitemap-2.xml", "/sitemap-3.xml"]
    assert "<sitemapindex" in site.text("sitemap.xml")
    each = [located(site, file[1:]) for file in files]
    assert [len(some) for some in each] == [12, 12, 6]
    pages = [f"/{path.removesuffix('index.html')}" for path in site.tree() if path.endswith("index.html")]
    assert sorted(chain(*each)) == sorted(pages)
    monkeypatch.undo()
    site.write(talks(range(26)))
    assert site.build() == 0, site.err
    assert "<urlset" in site.text("sitemap.xml")
    assert "sitemap-1.xml" not in site.tree()


def test_quotes_stand_under_the_name_that_their_transcript_prints(site: Site) -> None:
    """Where two names make one address."""
    site.write(
        "-- content/a.md --\n**Team C++:** We want objects.\n\n**Team C:** We want none.\n\n**Team C++:** Why?\n"
    )
    assert site.build() == 0
    page = site.page("speakers/team-c/index.html")
    said = [(node.css_first(".printed"), node.css_first(".words").text().strip()) for node in page.css(".said")]
    title = page.css_first("h1").text()
    other = {"Team C++": "Team C", "Team C": "Team C++"}[title]
    assert {text: name.text() if name else title for name, text in said} == {
        "We want objects.": "Team C++",
        "We want none.": "Team C",
        "Why?": "Team C++",
    }
    assert other in page.html


def test_a_footnote_in_a_quote_leads_into_its_transcript(site: Site) -> None:
    """No id of it is on the speaker's page, which quotes many."""
    for name in ("b", "c"):
        site.write(
            f"-- content/{name}.md --\n**Zoe Fox:** A note here.[^1]\n\n**Yan Roe:** Hi there.\n\n[^1]: Note of {name}.\n"
        )
    assert site.build() == 0
    page = site.page("speakers/zoe-fox/index.html")
    assert [node.attributes["href"] for node in page.css(".said .footnote-ref")] == [
        "/b/#zoe-fox-1-fn:1",
        "/c/#zoe-fox-1-fn:1",
    ]
    ids = [node.attributes["id"] for node in page.css("[id]")]
    assert len(ids) == len(set(ids))
