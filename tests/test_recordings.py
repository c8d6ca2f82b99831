"""Recordings, captions and other files that go with a transcript."""

from __future__ import annotations

import re
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable import recordings
from roundtable.bodies import Shown
from roundtable.exports import captions
from roundtable.markup import turn as rendered
from roundtable.model import Metadata, Section, Source, SourceSpan, Speaker, Transcript, Turn
from roundtable.readers import webvtt
from roundtable.speakers import attribute

from .conftest import Site

HERE = SourceSpan("a.md", 1, 1, 0, 0)
TALK = "-- content/talk.md --\n---\ntitle: T\n{}\n---\n**[00:01] Ana Duarte:** A one.\n\n**[1:00:02] Bo:** B two.\n\n**Ana Duarte:** C.\n-- content/m/ä.mp3 --\nID3!\n"


def transcript(*turns: tuple[str | None, str, float | None]) -> tuple[Transcript, dict[str, Shown]]:
    """A transcript of speakers, words and times; and its words as a page shows them."""
    ids = {name: f"s{i}" for i, name in enumerate(dict.fromkeys(name for name, _, _ in turns if name))}
    made = tuple(
        Turn(f"t{i}", ids.get(name or ""), name, words, start, None, HERE)
        for i, (name, words, start) in enumerate(turns)
    )
    speakers = tuple(Speaker(id=id, name=name) for name, id in ids.items())
    document = Transcript("a.md", "T", "en", Metadata(), speakers, (Section("s", None, 2, made, HERE),), ())
    html = {one.id: rendered(one.markdown, one.id) for one in made}
    return document, {id: Shown(one.html, one.words) for id, one in html.items()}


def said(document: Transcript) -> list[tuple[str | None, str]]:
    """Who says which words, without white space; turns that follow each other are one."""
    names = {speaker.id: speaker.name for speaker in document.speakers}
    found: list[tuple[str | None, str]] = []
    for one in document.turns():
        name, words = names.get(one.speaker or ""), re.sub(r"\\|\s", "", one.markdown)
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1] + words)
        elif words:
            found.append((name, words))
    return found


WORDS = st.lists(
    st.sampled_from(["Tea", "is", "warm.", "Why?", "Because,", "one", "says", "茶很好。", "x" * 60]),
    min_size=1,
    max_size=80,
).map(" ".join)


@given(
    turns=st.lists(
        st.tuples(
            st.sampled_from(["Ana Duarte", "Bo O'Hare & Sons", "林安"]), WORDS, st.none() | st.integers(0, 9_000)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_captions_read_back_keep_every_word_under_its_speaker(turns: list[tuple[str, str, int | None]]) -> None:
    """Whatever is cut where; times never go back; a cue is short."""
    number = count()  # a cue that begins like the one before it would be taken for a rolling one
    turns = [
        (name, re.sub(r"(?<=\S)(?= |$)", lambda _: f"{next(number)}", words), start) for name, words, start in turns
    ]
    document, shown = transcript(*turns)
    text = captions.write(document, shown)
    if text is None:
        assert all(start is None for _, _, start in turns)
        return
    reading = webvtt.read(Source("a.vtt", text, "", "webvtt"))
    again, _ = attribute(reading, "en")
    assert isinstance(again, Transcript)
    assert said(again) == said(document)
    times = [
        [float(h) * 3600 + float(m) * 60 + float(s) for h, m, s in re.findall(r"(\d+):(\d+):([\d.]+)", line)]
        for line in text.split("\n")
        if "-->" in line
    ]
    assert all(start < end for start, end in times)
    assert [start for start, _ in times] == sorted(start for start, _ in times)


def test_cues_are_short_and_cut_where_sentences_end() -> None:
    """Then at commas, then between words; in scripts without spaces, too."""
    words = "One is here. " * 10 + "and, as we know, " * 10 + "word " * 40 + "茶很好，" * 40
    document, shown = transcript(("Ana Duarte", words, 0.0))
    lines = [
        line.removeprefix("<v Ana Duarte>")
        for line in (captions.write(document, shown) or "").split("\n")
        if line.startswith("<v")
    ]
    assert max(map(len, lines)) <= captions.LONGEST
    assert len(lines) <= len(words) / captions.LONGEST * 1.3
    assert lines[0] == "One is here. " * 6 + "One is here."
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", words)


def test_captions_show_signs_as_words_and_notes_not_at_all() -> None:
    """Nothing that somebody says opens a tag or ends a cue."""
    document, shown = transcript(("A > <B>", "1 < 2 & *so* --> on.[^1]\n\n[^1]: A note.", 1.5), (None, "The end.", 3.0))
    assert captions.write(document, shown) == (
        "WEBVTT\nLanguage: en\n\n00:00:01.500 --> 00:00:03.000\n<v A &gt; &lt;B&gt;>1 &lt; 2 &amp; so --&gt; on.\n\n"
        "00:00:03.000 --> 00:00:03.533\nThe end.\n"
    )


def test_without_times_there_are_no_captions(site: Site) -> None:
    """Nor a link to them."""
    site.write("-- content/talk.md --\n**Ana Duarte:** A\n\n**Host:** B\n")
    assert site.build() == 0, site.err
    assert "talk/captions.vtt" not in site.tree()
    assert "captions" not in site.text("talk/index.html")


def test_a_recording_of_the_site_is_played_on_the_page_and_times_lead_into_it(site: Site) -> None:
    """Also without script; nothing is loaded before somebody plays it."""
    assert site.write(TALK.format("audio: m/ä.mp3")).build() == 0, site.err
    page = site.page("talk/index.html")
    player, track = page.css_first("audio"), page.css_first("audio > track")
    assert player is not None
    assert track is not None
    assert (player.attrs["src"], player.attrs["preload"], "controls" in player.attrs) == ("/m/%C3%A4.mp3", "none", True)
    assert {**track.attrs} == {"kind": "captions", "src": "/talk/captions.vtt", "srclang": "en", "label": "Transcript"}
    assert [link.attrs["href"] for link in page.css(".margin a.seek")] == ["/m/%C3%A4.mp3#t=1", "/m/%C3%A4.mp3#t=3602"]
    assert "contacts" not in page.css_first(".recording").text()
    assert "media-src 'self'" in site.text("talk/index.html")
    assert "audio" not in site.text("talk/index.md")


def test_a_recording_elsewhere_says_whom_it_contacts_and_is_let_through(site: Site) -> None:
    """And nobody else is."""
    assert site.write(TALK.format('video:\n  file: "https://films.example/f.mp4"')).build() == 0, site.err
    page = site.page("talk/index.html")
    assert "Playing contacts films.example." in page.css_first(".recording").text()
    assert page.css_first("video").attrs["src"] == "https://films.example/f.mp4"
    assert "media-src https://films.example 'self'" in site.text("talk/index.html")
    assert "podcast.xml" not in site.tree()


@pytest.mark.parametrize(
    ("head", "message"),
    [
        ("audio: gone.mp3", "talk.md:3:8: error[RT502]: broken link: there is no 'gone.mp3'"),
        ("downloads:\n- m/ä.mp3\n- m/b.pdf", "talk.md:5:3: error[RT502]: broken link: there is no 'm/b.pdf'"),
        ("audio: http://e.org/a.mp3", "talk.md:3:1: error[RT104]: 'audio' names no file and no https address"),
        ("audio: javascript:alert(1)", "talk.md:3:1: error[RT104]: 'audio' names no file and no https address"),
        (
            "downloads: [{file: 'data:text/html,x', title: X}]",
            "error[RT104]: 'downloads' names no file and no https address",
        ),
        ("downloads: [{title: X}]", "error[RT104]: 'downloads' without a file"),
        ("audio: {file: m/ä.mp3, type: mp3, duration: long, length: -1}", "'type' is no media type: 'mp3'"),
        ("audio: {fil: m/ä.mp3}", "did you mean 'file'?"),
        ("audio: ../../etc/passwd", "error[RT502]: broken link"),
    ],
)
def test_a_file_that_is_not_there_or_no_file_is_told_with_its_line(site: Site, head: str, message: str) -> None:
    """And nothing is written."""
    assert site.write(TALK.format(head)).build() != 0
    assert message in site.err


def test_downloads_are_listed_with_kind_and_size(site: Site) -> None:
    """On transcripts and on plain pages; titles are text."""
    site.write(
        TALK.format(
            'downloads:\n- m/ä.mp3\n- file: https://e.org/<x>.pdf\n- file: "https://e.org/a.pdf"\n  title: "A <b> & c"'
        ).replace("- file: https://e.org/<x>.pdf\n", "")
        + "-- content/p.md --\n---\ndownloads: [m/ä.mp3]\n---\n# P\n\nWords.\n"
    )
    assert site.build() == 0, site.err
    found = [" ".join(one.text().split()) for one in site.page("talk/index.html").css(".about .download dd")]
    assert found == ["Speaker-tagged Markdown", "Captions (WebVTT)", "ä.mp3 (MP3, 5 bytes)", "A <b> & c (PDF)"]
    assert site.page("p/index.html").css_first(".page-end a").attrs["href"] == "/m/%C3%A4.mp3"
    assert "downloads" not in site.text("talk/index.md")


@pytest.mark.parametrize(
    ("length", "text"),
    [(0, ""), (1, "1 bytes"), (999, "999 bytes"), (1_000, "1.0 kB"), (999_999, "1.0 MB"), (12_345_678, "12 MB")],
)
def test_sizes_are_for_people(length: int, text: str) -> None:
    """In units of a thousand, as file managers count."""
    assert recordings.size(length) == text


def test_a_file_can_be_edited_where_the_site_says(site: Site) -> None:
    """Its path percent-encoded; without the setting, nothing."""
    site.write(TALK.format("") + "-- content/a b/ü#.md --\n# P\n\nWords.\n")
    assert site.build() == 0, site.err
    assert "Edit this" not in site.text("talk/index.html")
    toml = 'base_url = "https://e.org/"\n[params]\nedit_url = "https://git.example/edit/{path}?x=1"\n[params.comments]\nprovider = "none"\n'
    site.write(f"-- site.toml --\n{toml}")
    (site.root / "content/a b").mkdir()
    (site.root / "content/a b/ü#.md").write_text("# P\n\nWords.\n", encoding="utf-8")
    assert site.build() == 0, site.err
    assert '<a href="https://git.example/edit/talk.md?x=1">Edit this transcript</a>' in site.text("talk/index.html")
    assert '<a href="https://git.example/edit/a%20b/%C3%BC%23.md?x=1">Edit this page</a>' in site.text(
        "a-b/ü/index.html"
    )
    site.write('-- site.toml --\nbase_url = "https://e.org/"\n[params]\nedit_url = "javascript:{path}"\n')
    assert site.build() == 2
    assert "site.toml:3:1: error[RT104]: edit_url is no http(s) address with one {path}" in site.err
