"""Pages that have moved: their former addresses lead on, and are nobody else's."""

from __future__ import annotations

import pytest

from roundtable import aliases

from .conftest import Site

TALK = (
    "-- content/talk.md --\n---\ntitle: 茶 & <b>\nid: talk\naliases: {}\n---\n**Ana:** A\n\n**Bo:** B\n\n**Ana:** C\n"
)


@pytest.mark.parametrize(
    ("alias", "url", "file"),
    [("/old/", "/old/", "old/index.html"), ("/old", "/old/", "old/index.html"), ("/2024//x/../old.html", None, None),
     ("/old.html", "/old.html", "old.html"), ("/a/index.html", "/a/", "a/index.html"), ("/caf%C3%A9/", "/café/", "café/index.html"),
     ("/feed/rss.php", "/feed/rss.php/", "feed/rss.php/index.html")],
)  # fmt: skip
def test_a_former_address_is_a_folder_or_a_file(alias: str, url: str | None, file: str | None) -> None:
    """As a server looks for it."""
    assert (aliases.problem(alias) is None) is (url is not None)
    if url is not None:
        assert (aliases.url(alias), aliases.file(url)) == (url, file)


@pytest.mark.parametrize(
    "alias",
    ["old/", "/", "//evil.example/x", "/../x/", "/a/%2e%2e/x", "/a?b=1", "/a#b", "/a\\b", "/.roundtable.json", "/index.html", "/./",
     "https://e.org/a/", "/" + "x" * 181, "/a//b/"],
)  # fmt: skip
def test_an_address_that_leaves_the_site_or_is_none_is_told_with_its_line(site: Site, alias: str) -> None:
    """And nothing is written."""
    site.write(TALK.format(f"\n- /good/\n- '{alias}'"))
    assert site.build() == 1
    assert "content/talk.md:6:3: error[RT104]: an address in 'aliases' " in site.err
    assert not (site.root / "public").exists()


def test_a_former_address_leads_on_below_the_path_of_the_site(site: Site) -> None:
    """With and without script; no search engine keeps it; the sitemap and lists don't have it."""
    site.write(
        f'-- site.toml --\nbase_url = "https://e.org/sub/"\n[params.comments]\nprovider = "none"\n{TALK.format("[/old/ü/, /x.html]")}'
    )
    assert site.build("--strict") == 0, site.err
    for path in ("old/ü/index.html", "x.html"):
        page = site.page(path)
        link = page.css_first("a")
        script = page.css_first("script")
        assert link is not None and script is not None
        assert (link.attrs["href"], link.text()) == ("/sub/talk/", "茶 & <b>")
        assert (script.attrs["src"], script.attrs["data-to"]) == ("/sub/redirect.js", "/sub/talk/")
        assert 'content="0; url=/sub/talk/"' in site.text(path)
        assert '<meta name="robots" content="noindex">' in site.text(path)
        assert '<link rel="canonical" href="https://e.org/sub/talk/">' in site.text(path)
    assert "old" not in site.text("sitemap.xml")
    assert "aliases" not in site.text("talk/index.md")


@pytest.mark.parametrize(
    "alias", ["/other/", "/other", "/404.html", "/feed.xml/x/", "/speakers/", "/speakers/ana/", "/pic.png", "/pic.png/a/", "/talk/", "/talk/index.md", "/folder", "/folder.html"]
)  # fmt: skip
def test_an_address_that_something_else_has_is_told_with_its_line(site: Site, alias: str) -> None:
    """A page, a list, a copied file, or what would have to be a folder and a file at once."""
    site.write(
        f"{TALK.format(alias)}-- content/other.md --\n# Other\n\nWords.\n-- content/pic.png --\nPNG\n"
        "-- content/folder.html/x.png --\nPNG\n-- content/b.md --\n---\naliases: /folder/\n---\n# B\n\nWords.\n"
    )
    assert site.build() == 1
    assert "content/talk.md:4:10: error[RT501]: two files would be at " in site.err
    assert site.err.count("error[") == 1


def test_the_sidecar_may_say_it_and_is_named_when_it_is_wrong(site: Site) -> None:
    """At its own line."""
    site.write("-- content/t.txt --\nAna: A\n\nBo: B\n-- content/t.yaml --\ntitle: T\naliases: [/gone/, /t/]\n")
    assert site.build() == 1
    assert "content/t.yaml:2:19: error[RT501]" in site.err


def test_links_may_lead_to_a_former_address(site: Site) -> None:
    """It is there."""
    site.write(f"{TALK.format('/old/')}-- content/page.md --\n# Page\n\n[Was](/old/)\n")
    assert site.build("--strict") == 0, site.err
    assert 'href="/old/"' in site.text("page/index.html")


def test_a_held_back_document_leads_nowhere(site: Site) -> None:
    """Its former addresses are free."""
    site.write(TALK.format("/old/\ndraft: true") + "-- content/b.md --\n---\naliases: /old/\n---\n# B\n\nWords.\n")
    assert site.build() == 0, site.err
    assert 'data-to="/b/"' in site.text("old/index.html")
