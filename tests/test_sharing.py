"""What machines read of a page: JSON-LD, Open Graph, and the card where it is shared."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from roundtable import cards
from roundtable.config import Config
from roundtable.model import Speaker, Summary

from .conftest import SITE_TOML, Site

CARDS = f"-- site.toml --\n{SITE_TOML}[cards]\nenabled = true\n"
TEA = (
    "-- content/tea.md --\n---\ntitle: Tea </script><b>\ndate: 2026-02-01\nplace: Leeds\nseries: Talks\nlicense: CC BY 4.0\n"
    "source: https://example.org/x\nspeakers:\n- name: Ann Duarte\n  role: Master\n  affiliation: Port\n---\n"
    "**Ann Duarte:** Yes.\n\n**Host:** No.\n\n**Ann Duarte:** So?\n\n**Host:** So.\n"
)


def structured(site: Site, path: str) -> Any:
    """The JSON-LD of a page."""
    (script,) = site.page(path).css("script[type='application/ld+json']")
    return json.loads(script.text())


def meta(site: Site, path: str) -> dict[str, str]:
    """Its Open Graph."""
    nodes = site.page(path).css("meta[property], meta[name]")
    return {node.attrs.get("property") or node.attrs["name"]: node.attrs["content"] for node in nodes}  # type: ignore[misc]


def test_a_transcript_is_a_work_recorded_at_an_event(site: Site) -> None:
    """With its people, and a title that ends no script."""
    assert site.write(TEA).build() == 0, site.err
    found = structured(site, "tea/index.html")
    ann = {
        "@type": "Person", "@id": "_:1", "name": "Ann Duarte", "url": "https://example.org/speakers/ann-duarte/", "jobTitle": "Master",
        "affiliation": {"@type": "Organization", "name": "Port"},
    }  # fmt: skip
    assert found == {
        "@context": "https://schema.org", "@type": "CreativeWork", "@id": "https://example.org/tea/", "url": "https://example.org/tea/",
        "name": "Tea </script><b>", "genre": "Transcript", "inLanguage": "en", "author": [ann],
        "isPartOf": {"@type": "WebSite", "name": "Test", "url": "https://example.org/"},
        "license": {"@type": "CreativeWork", "name": "CC BY 4.0"}, "isBasedOn": "https://example.org/x",
        "recordedAt": {
            "@type": "Event", "name": "Tea </script><b>", "startDate": "2026-02-01", "inLanguage": "en",
            "location": {"@type": "Place", "name": "Leeds", "address": "Leeds"}, "superEvent": {"@type": "EventSeries", "name": "Talks"},
            "performer": [{"@id": "_:1"}, {"@type": "Person", "@id": "_:2", "name": "Host"}],
        },
    }  # fmt: skip


def test_without_date_and_place_there_is_no_event(site: Site) -> None:
    """Nothing is known of it."""
    assert site.write("-- content/tea.md --\n**Ann:** A\n\n**Bo:** B\n").build() == 0, site.err
    assert "recordedAt" not in structured(site, "tea/index.html")


def test_a_speakers_page_is_about_a_person(site: Site) -> None:
    """As their page says, else as the newest transcript that says something."""
    assert site.write(TEA).build() == 0, site.err
    found = structured(site, "speakers/ann-duarte/index.html")
    assert (found["@type"], found["name"], found["jobTitle"]) == ("Person", "Ann Duarte", "Master")
    own = "-- content/speakers/ann.md --\n---\ntitle: Ann Duarte\nslug: ann-duarte\nperson:\n  role: Sailor\n---\nA life.\n"
    (site.root / "content/tea.md").write_text("**Ann Duarte:** Yes.\n\n**Bo:** No.\n", encoding="utf-8")
    assert site.write(own).build() == 0, site.err
    assert structured(site, "speakers/ann-duarte/index.html")["jobTitle"] == "Sailor"


def test_every_kind_of_page_has_open_graph(site: Site) -> None:
    """Addresses are whole, languages have a country."""
    assert (
        site.write(f"{TEA}-- content/guide/index.md --\n---\nlanguage: zh-Hant\n---\n# 茶\n\nWords.\n").build() == 0
    ), site.err
    for path, type, url in (
        ("tea/index.html", "article", "tea/"),
        ("index.html", "website", ""),
        ("guide/index.html", "article", "guide/"),
        ("speakers/index.html", "website", "speakers/"),
        ("speakers/ann-duarte/index.html", "profile", "speakers/ann-duarte/"),
    ):
        found = meta(site, path)
        assert (found["og:type"], found["og:url"]) == (type, f"https://example.org/{url}")
        assert (found["og:site_name"], found["twitter:card"]) == ("Test", "summary")
        assert found["og:title"]
        assert "og:image" not in found
        assert len(site.page(path).css("link[rel=canonical]")) == 1
    assert meta(site, "tea/index.html")["article:published_time"] == "2026-02-01"
    assert (meta(site, "tea/index.html")["og:locale"], meta(site, "guide/index.html")["og:locale"]) == (
        "en_US",
        "zh_TW",
    )


def test_a_card_is_drawn_for_each_transcript_and_one_for_the_site(site: Site) -> None:
    """As large as its page says."""
    assert site.write(CARDS + TEA).build() == 0, site.err
    for path, card in (
        ("tea/index.html", "tea/card.png"),
        ("index.html", "card.png"),
        ("speakers/index.html", "card.png"),
    ):
        found = meta(site, path)
        assert found["og:image"] == f"https://example.org/{card}"
        assert found["twitter:card"] == "summary_large_image"
        with Image.open(io.BytesIO(site.tree()[card])) as image:
            assert image.size == (int(found["og:image:width"]), int(found["og:image:height"])) == (1200, 630)
    assert meta(site, "tea/index.html")["og:image:alt"] == "Tea </script><b>. Ann Duarte, Host"


def test_an_edit_of_words_draws_no_card(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one of the title draws one."""
    assert site.write(CARDS + TEA).build() == 0, site.err
    drawn: list[str] = []
    draw = cards.draw
    monkeypatch.setattr(cards, "draw", lambda words, font: drawn.append(words.title) or draw(words, font))
    assert site.write(TEA.replace("Yes.", "Yes, yes.")).build() == 0, site.err
    assert drawn == []
    assert site.write(TEA.replace("title: Tea", "title: Coffee")).build() == 0, site.err
    assert drawn == ["Coffee </script><b>"]


def test_a_card_whose_signs_the_font_lacks_is_left_out_and_told(site: Site) -> None:
    """The page shows the site's; nothing becomes a box."""
    site.write(f"{CARDS}-- content/tea.txt --\n---\ntitle: 茶與人\n---\nAnn: A\n\nBo: B\n\nAnn: C\n")
    for _ in range(2):
        assert site.build() == 0, site.err
        assert "note[RT509]" in site.err
        assert "tea/card.png" not in site.tree()
    assert meta(site, "tea/index.html")["og:image"] == "https://example.org/card.png"


def test_without_pillow_there_is_one_clear_error(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the cure; nothing is built."""
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *_: None if name == "PIL" else real(name))
    assert site.write(CARDS + TEA).build() != 0
    assert "error[RT114]" in site.err
    assert "roundtable-press[cards]" in site.err


def test_a_font_that_is_none_is_one_clear_error(site: Site) -> None:
    """Not there, or no font."""
    for text in ("", "-- nope.ttf --\nno font\n"):
        toml = f"-- site.toml --\n{SITE_TOML}[cards]\nenabled = true\ncard_font = 'nope.ttf'\n"
        assert site.write(toml + TEA + text).build() != 0
        assert "error[RT115]" in site.err


def words(title: str, names: int = 3) -> cards.Words:
    """The words of a card with that title and as many speakers."""
    speakers = tuple(Speaker(id=str(n), name=f"Somebody Number{'x' * n}") for n in range(names))
    summary = Summary(
        kind="transcript", path="x", url="/x/", id="x", title=title, language="en", description=None, date="2026-01", series=None,
        record=None, order=None, speakers=speakers,
    )  # fmt: skip
    return cards.of_transcript(summary, Config(title="T"))


@pytest.mark.parametrize("title", ["", "Tea", "A long title " * 40, "x" * 3_000, "a b " * 5_000])
@pytest.mark.parametrize("names", [0, 1, 30])
def test_a_card_is_the_same_each_time_whatever_is_on_it(title: str, names: int) -> None:
    """And nothing runs out of it: its edges are paper."""
    font = cards.Font(None, b"")
    drawn = cards.draw(words(title, names), font)
    assert drawn == cards.draw(words(title, names), font)
    with Image.open(io.BytesIO(drawn)) as image:
        edge = image.convert("RGB").crop((1_130, 0, 1_200, 630))
        assert edge.getcolors() is not None
        assert len(edge.getcolors() or []) == 1
        assert len(drawn) < 100_000


def test_more_speakers_than_fit_are_counted() -> None:
    """All are there, by name or by number."""
    found = words("Tea", 30)
    assert len(found.names) + found.more == 30


def test_where_no_card_is_wanted_pillow_is_not_imported(site: Site, roundtable: Any) -> None:
    """Nor anything else that a build did without before."""
    import subprocess
    import sys

    site.write(TEA)
    code = f"import sys; from roundtable.cli import main; main(['build', '--root', {str(site.root)!r}, '-q']); sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1]).returncode == 0
