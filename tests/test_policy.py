"""The Content-Security-Policy: each page allows what it uses, and nothing else."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import pytest

from roundtable import comments, policy
from roundtable.config import parse
from roundtable.site import THEME, Template

from .conftest import Site
from .test_comments import GISCUS

TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n"
EVERY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'"


def stated(site: Site, path: str) -> dict[str, list[str]]:
    """The policy of a page: sources by directive."""
    found = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', site.text(path))
    assert len(found) == 1
    return {name: sources for name, *sources in (part.split(" ") for part in found[0].split("; "))}


def test_every_page_states_its_policy_before_it_loads_anything(site: Site) -> None:
    """Lists, 404 and what leads on from former addresses, too."""
    site.write(f"{TALK}-- content/p.md --\n---\naliases: /old/\n---\n# P\n\nWords: `<style>`, `onclick=`.\n")
    assert site.build() == 0, site.err
    for path in ("index.html", "404.html", "talk/index.html", "p/index.html", "old/index.html", "speakers/index.html"):
        text = site.text(path)
        assert f'content="{EVERY}"' in text, path
        assert text.index("Content-Security-Policy") < min(text.index(sign) for sign in ("<script", "<link", "<title"))
    assert "unsafe" not in "".join(site.text(path) for path in site.tree() if path.endswith(".html"))
    assert "RT510" not in site.err


@pytest.mark.parametrize("name", comments.PROVIDERS)
def test_what_a_provider_of_comments_needs_is_allowed_where_its_block_is(site: Site, name: str) -> None:
    """And nowhere else."""
    settings = {"giscus": GISCUS}[name]
    site.write(f'-- site.toml --\nbase_url = "https://e.org/"\n{settings}{TALK}-- content/p.md --\n# P\n\nWords.\n')
    assert site.build() == 0, site.err
    block = comments.block(parse(settings)[0].params.comments, "talk", "en")
    assert block is not None
    found = stated(site, "talk/index.html")
    assert all(source in found[directive] for directive, source in block.allows)
    assert policy.source(block.script) in found["script-src"]
    assert f'content="{EVERY}"' in site.text("p/index.html")


def test_what_a_sites_own_templates_use_is_allowed_by_origin_and_by_hash(site: Site) -> None:
    """On the pages that have it."""
    script, style = "document.title += '!'", "p { color: red }"
    site.write(
        f"{TALK}-- templates/about.html --\n<script>{script}</script><style>{style}</style>"
        '<script type="application/ld+json">{"@context": "https://schema.org"}</script>'
        '<script src="https://count.example/x.js"></script><img alt="" src="data:image/gif;base64,R0">'
        '<img alt="" src="//pics.example:8443/a.png" srcset="https://big.example/b.png 2x, /c.png">'
        '<iframe title="Map" src="https://maps.example/?q=1"></iframe><form action="/search"></form>'
        '<link rel="stylesheet" href="https://type.example/f.css"><video src="https://films.example/f.mp4"></video>\n'
    )
    assert site.build() == 0, site.err
    found = stated(site, "talk/index.html")

    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    assert found == {
        "default-src": ["'none'"],
        "script-src": ["'self'", digest(script), "https://count.example"],
        "style-src": ["'self'", digest(style), "https://type.example"],
        "img-src": ["'self'", "data:", "https://pics.example:8443", "https://big.example"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-src": ["https://maps.example"],
        "media-src": ["https://films.example"],
    }
    assert f'content="{EVERY}"' in site.text("index.html")


def test_what_stands_in_a_turns_template_counts(site: Site) -> None:
    """Though it is filled for each turn."""
    theme = (THEME / "templates/turn.html").read_text(encoding="utf-8")
    text = theme.replace("</div>\n<div", '</div>\n<img class="margin" alt="" src="https://pics.example/a.png">\n<div')
    site.write(f"{TALK}-- templates/turn.html --\n{text}")
    assert site.build() == 0, site.err
    assert stated(site, "talk/index.html")["img-src"] == ["'self'", "https://pics.example"]


def test_a_source_can_not_smuggle_in_a_directive() -> None:
    """An address is an origin or nothing."""
    assert policy.source("https://a.example;script-src *") == "'self'"
    assert policy.source("https://[bad") == "'self'"


def test_a_handler_in_an_attribute_is_told_where_it_is_written(site: Site) -> None:
    """It can't work, whatever the hash."""
    site.write(
        f'{TALK}-- templates/about.html --\n{{# onclick="x" #}}\n<p>\n<b class="{{{{ "a>b" }}}}" onclick="go()">x</b> <i style="color:red">y</i></p>\n'
    )
    assert site.build() == 0
    assert (
        "templates/about.html:3:24: warning[RT510]: the page's Content-Security-Policy keeps 'onclick' from working"
        in site.err
    )
    assert (
        "templates/about.html:3:48: warning[RT510]: the page's Content-Security-Policy keeps 'style' from working"
        in site.err
    )
    assert site.err.count("RT510") == 2


def test_a_handler_behind_a_condition_is_told() -> None:
    """Its sign for "more than" ends no tag."""
    text = "<a href=\"x\"{% if a > b %} onfocus='x'{% endif %}>"
    assert [one.line for one in policy.told({"x.html": Template(f"\n{text}", "")})] == [2]


def test_a_site_can_state_it_in_its_servers_headers_instead(site: Site) -> None:
    """Then pages have none, and nothing is told."""
    site.write(
        f'-- site.toml --\nbase_url = "https://e.org/"\n[params]\ncontent_security_policy = false\n{TALK}-- templates/about.html --\n<p onclick="x">'
    )
    assert site.build() == 0, site.err
    assert "Content-Security-Policy" not in site.text("talk/index.html")
    assert "RT510" not in site.err


def test_what_jinja_says_within_a_tag_is_no_end_of_it(site: Site) -> None:
    """Nor is a remark, or what is said of an attribute elsewhere, an attribute."""
    text = (
        '{# <b onclick="x"> #}\n<p class="{% if 2 > 1 %}a{% endif %}" {{ "x" if 1 < 2 }} onclick="x">style = on</p>\n'
    )
    site.write(f"{TALK}-- templates/neighbours.html --\n{text}")
    site.build()
    assert site.err.count("RT510") == 1
    assert "templates/neighbours.html:2:" in site.err


def test_the_themes_own_pages_need_no_parsing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they use is known."""

    def never(_: str) -> None:
        pytest.fail("parsed")

    monkeypatch.setattr(policy, "_used", never)
    site.write(f"{TALK}-- content/guide/index.md --\nA page.\n")
    assert site.build() == 0
