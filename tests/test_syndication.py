"""Feeds: what RFC 4287, JSON Feed 1.1, RSS 2.0 and the podcast namespace ask for, and no more written than changed."""

from __future__ import annotations

import json
import re
from email.utils import parsedate_to_datetime
from xml.etree import ElementTree

import pytest

from .conftest import Site

A, PODCAST = "{http://www.w3.org/2005/Atom}", "{https://podcastindex.org/namespace/1.0}"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
TOML = (
    'title = "Tea & <Talk>"\nbase_url = "https://e.org/sub/"\ndescription = "D"\n[params.comments]\nprovider = "none"\n'
)


GERMAN = "language: de\ndescription: Von <Tee>"


def talk(name: str, head: str = "", who: str = "Bo") -> str:
    """A transcript."""
    return f"-- content/{name}.md --\n---\ntitle: {name} & <b>\ndate: 2026-01-0{name[-1]}\n{head}\n---\n**[00:01] Ana Duarte:** A one.\n\n**[1:00:02] {who}:** B two.\n"


@pytest.fixture
def made(site: Site) -> Site:
    """Three transcripts, of which two have sound; one has no date."""
    site.write(
        f"-- site.toml --\n{TOML}{talk('t1', 'audio: m/one.mp3')}{talk('t2', GERMAN)}"
        f"{talk('t3', 'audio: {file: https://media.example/x.ogg?a=1&b=2, length: 99, duration: 1:02}')}"
        "-- content/t.md --\n**Ana Duarte:** A\n\n**Host:** B\n-- content/m/one.mp3 --\nID3!\n"
    )
    assert site.build() == 0, site.err
    return site


def atom(site: Site, path: str) -> ElementTree.Element:
    """A feed, of which everything that RFC 4287 says an Atom feed must have was looked at."""
    root = ElementTree.fromstring(site.text(path))
    assert root.tag == f"{A}feed"
    for one in (root, *root.iter(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(one.findall(f"{A}{name}")) == 1
        assert STAMP.fullmatch(one.findtext(f"{A}updated") or "")
        assert one.findall(f"{A}author/{A}name")
        assert len([link for link in one.findall(f"{A}link") if link.get("rel") == "alternate"]) == 1
    ids = [one.findtext(f"{A}id") for one in root.iter(f"{A}entry")]
    assert len(ids) == len(set(ids))
    self = next(link for link in root.findall(f"{A}link") if link.get("rel") == "self")
    assert self.get("href") == f"https://e.org/sub/{path}"
    return root


def test_the_atom_feed_has_who_what_and_when(made: Site) -> None:
    """The newest first; titles as they are; sound as an enclosure."""
    root = atom(made, "feed.xml")
    entries = root.findall(f"{A}entry")
    assert [one.findtext(f"{A}title") for one in entries] == ["t3 & <b>", "t2 & <b>", "t1 & <b>"]
    assert [one.findtext(f"{A}name") for one in entries[0].findall(f"{A}author")] == ["Ana Duarte", "Bo"]
    assert entries[1].findtext(f"{A}summary") == "Von <Tee>"
    assert entries[1].get("{http://www.w3.org/XML/1998/namespace}lang") == "de"
    sound = [{**link.attrib} for one in entries for link in one.findall(f"{A}link") if link.get("rel") == "enclosure"]
    assert sound == [
        {"rel": "enclosure", "type": "audio/ogg", "href": "https://media.example/x.ogg?a=1&b=2", "length": "99"},
        {"rel": "enclosure", "type": "audio/mpeg", "href": "https://e.org/sub/m/one.mp3", "length": "5"},
    ]


def test_everybody_has_a_feed_and_their_page_leads_to_it(made: Site) -> None:
    """In its head, and where readers see it."""
    assert len(atom(made, "speakers/ana-duarte/feed.xml").findall(f"{A}entry")) == 3
    assert atom(made, "speakers/bo/feed.xml").findtext(f"{A}title") == "Bo · Tea & <Talk>"
    page = made.page("speakers/bo/index.html")
    assert len(page.css('head link[rel="alternate"][href="/sub/speakers/bo/feed.xml"]')) == 1
    assert len(page.css('main a[href="/sub/speakers/bo/feed.xml"]')) == 1


def test_the_json_feed_has_the_same(made: Site) -> None:
    """As jsonfeed.org has it."""
    feed = json.loads(made.text("feed.json"))
    assert (feed["version"], feed["title"], feed["language"]) == (
        "https://jsonfeed.org/version/1.1",
        "Tea & <Talk>",
        "en",
    )
    assert (feed["feed_url"], feed["home_page_url"]) == ("https://e.org/sub/feed.json", "https://e.org/sub/")
    for item in feed["items"]:
        assert {
            "id",
            "url",
            "title",
            "content_text",
            "summary",
            "date_published",
            "date_modified",
            "authors",
            "language",
        } <= item.keys()
        assert STAMP.fullmatch(item["date_published"])
    assert feed["items"][0]["authors"][0] == {"name": "Ana Duarte", "url": "https://e.org/sub/speakers/ana-duarte/"}
    assert feed["items"][0]["attachments"] == [
        {
            "url": "https://media.example/x.ogg?a=1&b=2",
            "mime_type": "audio/ogg",
            "size_in_bytes": 99,
            "duration_in_seconds": 62,
        }
    ]
    assert "attachments" not in feed["items"][1]


def test_sound_makes_a_podcast_with_transcripts(made: Site) -> None:
    """Each episode with url, length and type of its enclosure, captions and page."""
    channel = ElementTree.fromstring(made.text("podcast.xml")).find("channel")
    assert channel is not None
    assert [channel.findtext(name) for name in ("title", "link", "description", "language")] == [
        "Tea & <Talk>",
        "https://e.org/sub/",
        "D",
        "en",
    ]
    items = channel.findall("item")
    assert [one.findtext("guid") for one in items] == ["https://e.org/sub/t3/", "https://e.org/sub/t1/"]
    assert parsedate_to_datetime(items[1].findtext("pubDate") or "").isoformat() == "2026-01-01T00:00:00+00:00"
    sound = items[1].find("enclosure")
    assert sound is not None
    assert sound.attrib == {"url": "https://e.org/sub/m/one.mp3", "length": "5", "type": "audio/mpeg"}
    assert [one.attrib for one in items[1].findall(f"{PODCAST}transcript")] == [
        {"url": "https://e.org/sub/t1/captions.vtt", "type": "text/vtt", "language": "en"},
        {"url": "https://e.org/sub/t1/", "type": "text/html", "language": "en"},
    ]
    assert [(one.text, one.get("role")) for one in items[0].findall(f"{PODCAST}person")] == [
        ("Ana Duarte", "guest"),
        ("Bo", "guest"),
    ]
    assert '<link rel="alternate" type="application/rss+xml"' in made.text("index.html")


def test_without_sound_there_is_no_podcast(site: Site) -> None:
    """Nor a link to one."""
    site.write(talk("t1"))
    assert site.build() == 0, site.err
    assert "podcast.xml" not in site.tree()
    assert "podcast" not in site.text("index.html")


def test_only_what_changed_is_written_again(made: Site) -> None:
    """Words leave all feeds as they are, an addition those that don't have it, other sound those without sound."""

    def stamps() -> dict[str, int]:
        files = (made.root / "public").rglob("*")
        return {
            file.relative_to(made.root / "public").as_posix(): file.stat().st_ino
            for file in files
            if file.name in ("feed.xml", "feed.json", "podcast.xml")
        }

    def changed(text: str) -> set[str]:
        before = stamps()
        assert made.write(text).build() == 0, made.err
        return {path for path, inode in stamps().items() if before.get(path) != inode}

    assert changed(talk("t2", GERMAN).replace("A one", "A other")) == set()
    assert changed(talk("t4", who="Cy")) == {
        "feed.xml",
        "feed.json",
        "speakers/ana-duarte/feed.xml",
        "speakers/cy/feed.xml",
    }
    assert changed("-- content/m/one.mp3 --\nID3, longer\n") == {"feed.xml", "feed.json", "podcast.xml"}
