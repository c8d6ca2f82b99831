"""Whole sites in one string: what comes out, and what goes wrong."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

from roundtable import workers
from roundtable.site import THEME

from .conftest import SITE_TOML, Site

TALK = """-- content/tea.txt --
Guests
- Ann Li, Dean of the School of Tea at Leeds
Introduction
Two people on tea.
Tea and Its Uses
Host:
Why tea?
Ann Li:
For two reasons:
- It is warm.
-
It is wet.
Host:
Thank you.
-- content/tea.yaml --
title: On Tea
date: 2026-11-02
place: Leeds
"""
GUIDE = "-- content/guide/index.md --\n# Guide\n\nSee [the talk](../tea.txt#ann-li-1) and [more](more.md#part-two).\n-- content/guide/more.md --\n# More\n\n## Part two\n\nEnd.\n"


def test_a_transcript_becomes_a_page(site: Site) -> None:
    """Title, people, sections, turns, each with an id and a link to it."""
    assert site.write(TALK).build("--strict") == 0, site.err
    page = site.page("tea/index.html")
    assert [node.text() for node in page.css("h1")] == ["On Tea"]
    assert [node.text() for node in page.css(".section-title")] == ["Introduction", "Tea and Its Uses"]
    turns = page.css("[data-turn]")
    assert [node.attributes["id"] for node in turns] == ["narration-1", "host-1", "ann-li-1", "host-2"]
    assert [node.css_first(".speaker").text(strip=True) for node in turns[1:]] == ["Host", "Ann Li", "Host"]
    assert [li.text() for li in turns[2].css("li")] == ["It is warm.", "It is wet."]
    assert {node.attributes["href"] for node in page.css("a")} >= {"#ann-li-1", "#tea-and-its-uses", "#introduction"}
    assert "Dean of the School of Tea at Leeds" in page.css_first("#people").text()


def test_the_last_line_says_what_was_published(site: Site) -> None:
    """Words read and words seen on pages are counted apart."""
    assert site.write(TALK).build() == 0
    assert site.out.splitlines()[-1] == "1 transcript on 5 pages: 22 of 22 words published, 3 turns, 2 speakers"


def test_canonical_markdown_stands_beside_the_page(site: Site) -> None:
    """The golden file of this transcript."""
    assert site.write(TALK).build() == 0
    assert site.text("tea/index.md") == (
        "---\ntitle: On Tea\ndate: '2026-11-02'\nlanguage: en\nplace: Leeds\nspeakers:\n- name: Ann Li\n  id: ann-li\n  role: Dean\n"
        "  affiliation: School of Tea at Leeds\n  description: Dean of the School of Tea at Leeds\n  kind: guest\n"
        "- name: Host\n  id: host\n  kind: host\n---\n\n# On Tea\n\n## Introduction\n\nTwo people on tea.\n\n## Tea and Its Uses\n\n"
        "**Host:** Why tea?\n\n**Ann Li:** For two reasons:\n\n- It is warm.\n- It is wet.\n\n**Host:** Thank you.\n"
    )


def test_links_in_the_published_markdown_lead_to_the_site(site: Site) -> None:
    """It is read elsewhere."""
    site.write(
        GUIDE.replace("../tea.txt#ann-li-1", "more.md")
        + "-- content/a.md --\n**Ann:** [x](guide/more.md#part-two) [y][z]\n\n**Bo:** b\n\n[z]: guide/index.md\n"
    )
    assert site.build() == 0, site.err
    text = site.text("a/index.md")
    assert "[x](https://example.org/guide/more/#part-two) [y][z]" in text
    assert "[z]: https://example.org/guide/" in text


def test_an_editors_comments_are_not_published(site: Site) -> None:
    """Neither on the page nor in its Markdown."""
    site.write("-- content/a.md --\n**Ann:** A\n\n<!-- is she right? -->\n\n**Bo:** B\n")
    assert site.build() == 0, site.err
    assert all(b"is she right" not in data for data in site.tree().values())


def test_home_lists_transcripts_newest_first_with_an_introduction(site: Site) -> None:
    """`content/index.md` is the home page's text."""
    site.write(
        TALK
        + "-- content/2027-01-01-late.txt --\nHost: A\nHost: B\n-- content/old.txt --\nHost: A\nHost: B\n-- content/index.md --\n# Welcome\n\nHello.\n"
    )
    assert site.build() == 0, site.err
    page = site.page("index.html")
    assert [node.text(strip=True) for node in page.css(".entry-title")] == ["Late", "On Tea", "Old"]
    assert page.css_first("h1").text() == "Welcome"
    assert page.css_first(".words").text(strip=True) == "Hello."


def test_links_between_files_become_links_between_pages(site: Site) -> None:
    """With their fragments, under the base path."""
    site.write(TALK + GUIDE)
    assert site.build("--base-url", "https://e.org/sub/") == 0, site.err
    assert [a.attributes["href"] for a in site.page("guide/index.html").css(".words a")] == [
        "/sub/tea/#ann-li-1",
        "/sub/guide/more/#part-two",
    ]
    assert '<link rel="stylesheet" href="/sub/roundtable.css">' in site.text("index.html")
    assert 'href="https://e.org/sub/tea/"' in site.text("tea/index.html")


@pytest.mark.parametrize(
    ("link", "code", "hint"),
    [
        ("nowhere.md", "RT502", ""),
        ("moer.md", "RT502", "did you mean 'more.md'?"),
        ("more.md#part-too", "RT503", "did you mean 'part-two'?"),
        ("../tea.txt#ann-li-9", "RT503", "did you mean 'ann-li-1'?"),
        ("#here", "RT503", ""),
        ("/absent/", "RT502", ""),
    ],
)
def test_a_broken_link_is_an_error_at_its_line(site: Site, link: str, code: str, hint: str) -> None:
    """On every build; the output is not touched."""
    site.write(TALK + GUIDE)
    assert site.build() == 0
    before = site.tree()
    site.write(f"-- content/guide/index.md --\n# Guide\n\nOne line.\n\nA [link]({link}) here.\n")
    assert site.build() == 1
    assert f"content/guide/index.md:5:10: error[{code}]" in site.err
    assert hint in site.err
    assert site.tree() == before


def test_files_beside_the_sources_are_copied(site: Site) -> None:
    """Images of a page, at the same place; hidden files are not."""
    site.write(
        "-- content/a/pic.txt.png --\nPNG\n-- content/a/.secret --\nx\n-- content/a/index.md --\n# A\n\n![A picture](pic.txt.png)\n"
    )
    assert site.build() == 0, site.err
    assert site.text("a/pic.txt.png") == "PNG\n"
    assert site.page("a/index.html").css_first("img").attributes["src"] == "/a/pic.txt.png"
    assert not any("secret" in path for path in site.tree())


def test_a_file_that_may_be_a_transcript_and_is_not_read_is_told(site: Site) -> None:
    """It is copied, like an image; of an image nothing is said."""
    site.write(TALK + "-- content/old.odt --\nx\n-- content/data.json --\n{}\n-- content/pic.png --\nPNG\n")
    assert site.build() == 0, site.err
    assert {"old.odt", "data.json", "pic.png"} <= site.tree().keys()
    assert site.err.count("RT508") == 2
    told = "not read, but copied like an image: no transcript was recognised in it"
    assert f"content/data.json:1:1: note[RT508]: {told}" in site.err
    assert "save it as a Word document (.docx) or as text" in site.err
    site.write("-- content/about.md --\n# About\n\n[The counts](data.json), [the minutes](old.odt).\n")
    assert site.build() == 0, site.err
    assert "RT508" not in site.err


def test_a_file_beside_a_text_of_its_name_is_copied_and_told(site: Site) -> None:
    """The text is what people correct; of two sidecars one counts. What nobody could read is copied without a word."""
    site.write(TALK + "-- content/tea.srt --\n1\n00:00:01,000 --> 00:00:02,000\nHost: Sand.\n")
    site.write("-- content/tea.png --\nPNG\n-- content/tea.json --\n{}\n-- content/tea.yaml --\norder: 1\n")
    site.write("-- content/tea.yml --\norder: 2\n")
    assert site.build() == 0, site.err
    assert "Sand." not in site.text("tea/index.html")
    assert {"tea.srt", "tea.png", "tea.json"} <= site.tree().keys()
    assert site.err.count("RT507") == 2
    told = "not read, but copied like an image: 'tea.txt' of the same name is read"
    assert f"content/tea.srt:1:1: note[RT507]: {told}" in site.err
    assert "content/tea.yml:1:1: note[RT507]: not read, but left out: 'tea.yaml' of the same name is read" in site.err


def test_drafts_wait(site: Site) -> None:
    """Until asked for."""
    site.write(TALK + "-- content/later.txt --\n---\ndraft: true\n---\nHost: A\nHost: B\n")
    assert site.build() == 0
    assert "later/index.html" not in site.tree()
    assert site.build("--drafts") == 0
    assert "later/index.html" in site.tree()


def test_a_site_overrides_one_template_and_one_static_file(site: Site) -> None:
    """The rest stays the theme's."""
    site.write(TALK + "-- templates/about.html --\n<p>Ours.</p>\n-- static/icon.svg --\n<svg/>\n")
    assert site.build() == 0, site.err
    assert "<p>Ours.</p>" in site.text("tea/index.html")
    assert site.text("icon.svg") == "<svg/>\n"
    assert "roundtable.css" in site.tree()


def test_feed_and_sitemap(site: Site) -> None:
    """Well-formed, with absolute addresses; undated transcripts are not in the feed, and that is said."""
    site.write(TALK + "-- content/undated.txt --\nHost: <A> & B\nHost: B\n" + GUIDE)
    assert site.build() == 0
    feed = ElementTree.fromstring(site.text("feed.xml"))
    ns = {"a": "http://www.w3.org/2005/Atom"}
    assert [
        (e.findtext("a:title", None, ns), e.findtext("a:updated", None, ns)) for e in feed.findall("a:entry", ns)
    ] == [("On Tea", "2026-11-02T00:00:00Z")]
    assert [e.findtext("a:name", None, ns) for e in feed.findall("a:entry/a:author", ns)] == ["Ann Li", "Host"]
    assert "note[RT505]" in site.err
    locations = [
        e.text
        for e in ElementTree.fromstring(site.text("sitemap.xml")).iter(
            "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
        )
    ]
    assert locations == [
        f"https://example.org{url}"
        for url in ("/", "/tea/", "/undated/", "/guide/", "/guide/more/", "/speakers/", "/speakers/ann-li/")
    ]
    assert "Sitemap: https://example.org/sitemap.xml" in site.text("robots.txt")


def test_the_same_input_gives_the_same_bytes_however_many_work(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one process or in two, twice."""
    monkeypatch.setattr(workers, "WORTH_A_POOL", 0)
    site.write(
        TALK
        + GUIDE
        + "".join(f"-- content/t{i}.md --\n**Ann:** a {i}\n\n**Bo:** b[^1]\n\n[^1]: note\n" for i in range(30))
    )
    assert site.build("--jobs", "1") == 0
    first = site.tree()
    assert site.build("--jobs", "2", "--clean") == 0
    assert site.tree() == first


def test_check_writes_nothing_and_agrees_with_build(site: Site) -> None:
    """The same findings."""
    site.write(TALK + "-- content/bad.md --\n[x](y.md)\n")
    before = sorted(site.root.rglob("*"))
    assert site.run("check") == 1
    checked = site.err
    assert sorted(site.root.rglob("*")) == before
    assert site.build() == 1
    assert site.err.replace("; " + str(site.root / "public") + " is as it was", "") == checked.replace(
        "; " + str(site.root / "public") + " is as it was", ""
    )


def test_ten_kinds_of_trouble_are_all_reported(site: Site) -> None:
    """Not the first alone."""
    site.write(
        "-- content/empty.txt --\n-- content/nobody.txt --\nOnly words.\n-- content/list.md --\n---\n- a\n---\nText.\n"
        "-- content/a.txt --\nHost: A\nHost: B\n-- content/a.md --\n**X:** a\n-- content/key.md --\n---\ntitel: x\n---\nText [x](gone.md).\n"
    )
    (site.root / "content/bytes.txt").write_bytes(b"Host:\nab\x81\n")
    assert site.build() == 1
    for place in (
        "content/empty.txt:1:1: error[RT202]", "content/nobody.txt:1:1: warning[RT204]", "content/list.md:2:1: error[RT102]",
        "error[RT501]", "content/key.md:2:1: error[RT103]", "content/key.md:4:10: error[RT502]", "content/bytes.txt:2:3: error[RT201]",
    ):  # fmt: skip
        assert place in site.err
    assert "Traceback" not in site.err
    assert not (site.root / "public").exists()


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ nope }}", "'nope' is undefined"),
        ("{% if %}", "Expected an expression"),
        ("{% include 'gone.html' %}", "gone.html"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ transcript.nope }}", "nope"),
    ],
)
def test_a_template_error_has_its_place(site: Site, template: str, message: str) -> None:
    """File, line, and the page that was being made."""
    site.write(f"{TALK}-- templates/about.html --\n<p>x</p>\n{template}\n")
    assert site.build() == 1
    assert "error[RT504]" in site.err
    assert message in site.err
    assert "templates/about.html:2" in site.err
    assert "tea/index.html" in site.err
    assert "Traceback" not in site.err


SHOWN = '<div id="{{ id }}" data-turn="{{ id }}">{% if speaker %}<b class="speaker">{{ speaker.name }}</b>{% endif %}<div class="words">{{ words }}</div></div>'
TITLE = "{% if section.title %}<h2 class='section-title' id='{{ section.id }}'>{{ section.title }}</h2>{% endif %}"
LOOP = (
    "{% for turn in section.turns %}<div id='{{ turn.id }}' data-turn='{{ turn.id }}'>"
    "{% if turn.speaker %}<p class='speaker'>NAME</p>{% endif %}"
    "<div class='words'>{{ words[turn.id] }}</div></div>{% endfor %}"
)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("section.html", TITLE + LOOP.replace("NAME", "Somebody")),
        ("section.html", '{% for turn in section.turns[:1] %}<div data-turn="{{ turn.id }}"></div>{% endfor %}'),
        ("section.html", TITLE + "{{ turns(transcript.sections[0]) }}"),
        (
            "section.html",
            TITLE + "{% if section.title != transcript.sections[-1].title %}{{ turns(section) }}{% endif %}",
        ),
        ("section.html", TITLE + "{{ turns(section) }}{{ turns(section) }}"),
        ("section.html", TITLE + "{{ turns(section)|upper }}"),
        ("section.html", TITLE + "{{ turns(section)|replace('div', 'DIV') }}"),
        ("section.html", TITLE + "<!-- {{ turns(section) }} -->"),
        ("turn.html", SHOWN.replace("{{ speaker.name }}", "Somebody")),
        ("turn.html", SHOWN.replace("{{ words }}", "{{ words|striptags|truncate(5) }}")),
        ("turn.html", SHOWN.replace("{{ words }}", "")),
        ("turn.html", SHOWN.replace("{{ words }}", "Forged. {{ words }}")),
        ("turn.html", SHOWN + "<p>Forged.</p>" + SHOWN),
        ("turn.html", SHOWN.replace('class="words"', 'class="words" hidden')),
        ("turn.html", SHOWN.replace('data-turn="{{ id }}"', 'data-turn="turn"')),
        ("transcript.html", '{% extends "base.html" %}'),
        (
            "page.html",
            '{% extends "base.html" %}{% block main %}<article data-page><div class="words">x</div></article>{% endblock %}',
        ),
    ],
)
def test_a_template_that_loses_or_misplaces_words_fails_the_build(site: Site, template: str, text: str) -> None:
    """The proof is of the page as it will be published."""
    site.write(f"{TALK}{GUIDE}-- templates/{template} --\n{text}\n")
    assert site.build() == 1
    assert "error[RT403]" in site.err


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("section.html", TITLE + LOOP.replace("NAME", "{{ speakers[turn.speaker].name }}")),
        ("section.html", TITLE + "{{ turns(section) }}"),
        ("turn.html", SHOWN),
        ("turn.html", SHOWN.replace("{{ words }}", "{{ words|safe }}")),
        ("turn.html", SHOWN.replace("{{ words }}", "{% if turn.marks %}{{ words }}{% else %}{{ words }}{% endif %}")),
        ("turn.html", "{% macro shown(text) %}{{ text }}{% endmacro %}" + SHOWN.replace("{{ words }}", "{{ shown(words) }}")),
        ("turn.html", SHOWN.replace("</div></div>", "</div><i class='margin'>100% {{ seconds }}</i></div>")),
    ],
)  # fmt: skip
def test_turns_may_be_shown_in_other_ways(site: Site, template: str, text: str) -> None:
    """One by one, or made alike: the page is the same."""
    site.write(f"{TALK}-- templates/{template} --\n{text}\n")
    assert site.build() == 0, site.err
    shown = [node.text() for node in site.page("tea/index.html").css("article .words")]
    assert len(shown) > 1
    assert all(shown)


def test_a_template_that_only_prints_gives_what_one_run_for_each_turn_gives(site: Site) -> None:
    """Byte for byte, whatever signs names and words hold."""
    site.write(
        "-- content/x.md --\n**[00:01] 100% <b>O'Neil</b> & %(id)s:** 5% of <i>\n\n**Bo:** %(words)s *x*\n\n"
        "**[1:00:02] Bo:** y\n\n**[Narration]:** z\n\n**[00:05] 100% <b>O'Neil</b> & %(id)s:** [laughs] {{ id }}\n"
    )
    assert site.build() == 0, site.err
    alike = site.text("x/index.html")
    theme = (THEME / "templates" / "turn.html").read_text(encoding="utf-8")
    (site.root / "templates").mkdir()
    (site.root / "templates/turn.html").write_text(theme + "{{ turn.nope }}", encoding="utf-8")
    assert site.build() == 1  # each turn is asked for what it hasn't
    (site.root / "templates/turn.html").write_text(theme + "{% if turn.start %}{% endif %}", encoding="utf-8")
    assert site.build() == 0, site.err
    assert site.text("x/index.html").split() == alike.split()


def test_what_a_turn_shows_of_its_page_is_that_pages(site: Site) -> None:
    """Although one who speaks in two transcripts looks the same in both."""
    titled = SHOWN.replace("<div", "<div title='{{ page.url }}'", 1)
    talks = "-- content/x.md --\n**Ann:** a\n\n**Bo:** b\n-- content/y.md --\n**Ann:** c\n\n**Bo:** d\n"
    site.write(f"{talks}-- templates/turn.html --\n{titled}\n")
    assert site.build() == 0, site.err
    shown = [[node.attributes["title"] for node in site.page(f"{name}/index.html").css("[data-turn]")] for name in "xy"]
    assert shown == [["/x/", "/x/"], ["/y/", "/y/"]]


def test_nothing_to_publish_is_a_warning(site: Site) -> None:
    """An empty site builds, with a home page that says so."""
    site.write("-- content/.keep --\n")
    assert site.build() == 0
    assert "warning[RT506]" in site.err
    assert site.page("index.html").css_first(".empty") is not None
    assert site.build("--strict") == 1


def test_no_content_folder(site: Site) -> None:
    """One clear error."""
    assert site.build() == 2
    assert "error[RT105]" in site.err


def test_collisions_with_what_every_site_has(site: Site) -> None:
    """No file takes the place of another in silence."""
    site.write(TALK + "-- content/feed.xml --\nx\n-- content/index.txt --\nHost: A\nHost: B\n")
    assert site.build() == 1
    assert site.err.count("error[RT501]") == 2


def test_text_is_escaped_everywhere(site: Site) -> None:
    """Titles, names, metadata: transcripts are untrusted."""
    evil = "<script>alert(1)</script>"
    site.write(
        f"-- site.toml --\n{SITE_TOML}description = '{evil}'\n".replace(
            '[params.comments]\nprovider = "none"\ndescription', "description"
        )
        + f"-- content/x.md --\n---\ntitle: '{evil}'\ndescription: '{evil}'\nplace: '{evil}'\nlicense: '{evil}'\nspeakers:\n- name: '{evil}'\n  role: '{evil}'\n---\n"
        f"## {evil}\n\n**{evil}:** {evil}\n"
    )
    assert site.build() == 0, site.err
    for path, data in site.tree().items():
        if path.endswith((".html", ".xml")):
            assert b"<script>alert" not in data, path


def test_records_of_parse_are_json(site: Site) -> None:
    """One line a file, in the order given, whatever became of it."""
    site.write(TALK)
    files = [str(site.root / "content/tea.txt"), str(site.root / "gone.txt"), str(site.root / "content/tea.txt")]
    assert site.run("parse", "--json", *files) == 1
    records = [json.loads(line) for line in site.out.splitlines()]
    assert [one["path"] for one in records] == files
    assert [len(one["sections"]) for one in records] == [2, 0, 2]
    assert records[1]["diagnostics"][0]["code"] == "RT201"


@pytest.mark.parametrize(
    "link",
    [
        "/",
        "/feed.xml",
        "/404.html",
        "/roundtable.css",
        "/tea/",
        "../tea/",
        "../tea/index.md",
        "/guide/more/index.html",
        ".",
        "..",
        "?x=1",
        "more.md?x=1#part-two",
    ],
)
def test_every_address_of_the_site_can_be_linked_to(site: Site, link: str) -> None:
    """Pages, files that every site has, files beside pages, queries."""
    site.write(f"{TALK}{GUIDE}-- content/guide/index.md --\n# Guide\n\n[x]({link})\n")
    assert site.build() == 0, site.err


@pytest.mark.parametrize("link", ["//[x", "//a@[b/"])
def test_an_address_that_is_none_has_its_place(site: Site, link: str) -> None:
    """And is no error of Roundtable's own."""
    site.write(f"{TALK}-- content/a.md --\n# A\n\n[x]({link})\n")
    assert site.build() == 1
    assert "content/a.md:3:5: error[RT502]" in site.err


def test_a_page_loses_no_word_either(site: Site) -> None:
    """Raw HTML that is none, two notes of one name."""
    site.write("-- content/a.md --\n# A\n\n<Ann> said hello to <b>Bob</b>.\n")
    assert site.build() == 1
    assert "content/a.md:3:1: error[RT402]: 'Ann' is lost in Markdown" in site.err
    site.write("-- content/a.md --\n# A\n\nx[^1]\n\n[^1]: First words.\n[^1]: Second thoughts.\n")
    assert site.build() == 1
    assert "error[RT402]" in site.err


def test_a_text_page_shows_angle_brackets(site: Site) -> None:
    """Raw text has no tags."""
    site.write("-- content/a.txt --\n---\ntype: page\n---\nHello <Ann> and <Bob the builder>, x<y.\n")
    assert site.build() == 0, site.err
    assert site.page("a/index.html").css_first(".words").text(strip=True) == "Hello <Ann> and <Bob the builder>, x<y."


def test_list_numbers_that_markdown_would_change_are_an_error(site: Site) -> None:
    """Years at the start of lines are no list."""
    site.write("-- content/a.md --\n**Ann:**\n\n2019. was good\n2024. was better\n\n**Bo:** b\n")
    assert site.build() == 1
    assert "'2024' is lost in Markdown" in site.err


def test_pages_ask_no_other_host_for_images(site: Site) -> None:
    """However they are written."""
    site.write(
        '-- content/a.md --\n# A\n\n<img src="https://t.example/p.gif" alt="A cat"> ![B](//t.example/b.png) <img alt=x src=https://t.example/c.gif>\n'
    )
    assert site.build() == 0, site.err
    page = site.page("a/index.html")
    assert page.css("img") == []
    assert [a.text() for a in page.css(".external-image")] == ["A cat", "B", "x"]


@pytest.mark.parametrize(
    "asset", ["content/index.html", "content/roundtable.css", "content/tea/index.html", "static/tea"]
)
def test_an_asset_cannot_take_the_place_of_a_page(site: Site, asset: str) -> None:
    """Said by check and by build, before anything is written."""
    site.write(f"{TALK}-- {asset} --\nx\n")
    assert site.run("check") == 1
    assert "error[RT501]" in site.err
    assert site.build() == 1
    assert not (site.root / "public").exists()


def test_two_transcripts_with_one_id_are_an_error(site: Site) -> None:
    """Their discussions would be one."""
    site.write(
        "-- content/a.txt --\n---\nid: x\n---\nHost: A\nHost: B\n-- content/b.txt --\n---\nid: x\n---\nHost: A\nHost: B\n"
    )
    assert site.build() == 1
    assert "two transcripts have the id 'x'" in site.err


def test_a_sidecar_fills_what_front_matter_leaves_out(site: Site) -> None:
    """A draft stays one."""
    site.write(
        TALK
        + "-- content/b.txt --\n---\ntitle: Mine\n---\nHost: A\nHost: B\n-- content/b.yaml --\ntitle: Other\ndraft: true\n"
    )
    assert site.build() == 0
    assert "b/index.html" not in site.tree()
    assert site.build("--drafts") == 0
    assert "Mine" in site.text("b/index.html")


def test_control_characters_in_metadata_are_errors(site: Site) -> None:
    """No feed could hold them."""
    site.write('-- content/b.txt --\n---\ntitle: "a\\x07b"\ndate: 2026\n---\nHost: A\nHost: B\n')
    assert site.build() == 1
    assert "RT104" in site.err


@pytest.mark.parametrize("base", ["https://example.org/a%20b/", "https://example.org/a"])
def test_base_paths_of_every_kind(site: Site, base: str) -> None:
    """Percent-encoded, without a slash."""
    assert site.write(TALK + GUIDE).build("--base-url", base) == 0, site.err
    assert f'href="{base.removeprefix("https://example.org").rstrip("/")}/roundtable.css"' in site.text("index.html")


def test_long_and_odd_names_of_files(site: Site) -> None:
    """Shortened, or told."""
    site.write(TALK)
    (site.root / "content/#").mkdir()
    (site.root / "content/#/x.txt").write_text("Host: A\nHost: B\n")
    (site.root / f"content/{'ö' * 120}.txt").write_text("Host: A\nHost: B\n")
    (site.root / "content/s.txt").write_text(f"---\nslug: {'é' * 300}\n---\nHost: A\nHost: B\n")
    assert site.build() == 0, site.err
    assert "folder/x/index.html" in site.tree()


def test_a_template_that_fails_is_told_once_and_first(site: Site) -> None:
    """Not for each of its pages, and not behind links to pages that it was to make."""
    talks = "".join(
        f"-- content/t{n}.md --\n**Host:** [Back](t{(n + 1) % 3}.md#ann-1).\n\n**Ann:** A\n" for n in range(3)
    )
    site.write(f"{talks}-- templates/contents.html --\n{{% if %}}\n")
    assert site.build() == 1
    assert site.err.count("error[") == 1
    assert "templates/contents.html:1:1: error[RT504]" in site.err


def test_a_broken_fragment_is_told_where_it_stands(site: Site) -> None:
    """Not on the page of the speaker as well, which quotes it."""
    site.write("-- content/talk.md --\n**Host:** Why?\n\n**Ann:** See [below](#nope).\n")
    assert site.build() == 1
    assert site.err.count("error[") == 1
    assert "content/talk.md:3:" in site.err
