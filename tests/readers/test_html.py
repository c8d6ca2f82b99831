"""Web pages: what is preformatted text, and what is taken out of it."""

from __future__ import annotations

import pytest

from roundtable import fidelity, readers, speakers
from roundtable.model import Reading, Source, Transcript

HEARING = """<html>
<head><title> - THE HARBOUR &amp; ITS SILT</title></head>
<body><pre>
[House Hearing, 120th Congress]

                          THE HARBOUR

    The Chairman. Who of you rows?
    Ms. Duarte. I do, every morning. Less than 3 &lt; 4 times
a week, says <a href="https://example.org">the log</a>.

    The Chairman. Thank you.
    Mr. Lind. I used to.
    The Chairman. We are adjourned.
</pre></body></html>
"""


def decoded(page: str, path: str = "talk.html") -> Source:
    """The source that a page is."""
    source, found = readers.decode(path, page.encode())
    assert source is not None
    assert found == ()
    return source


def transcript(page: str) -> Transcript:
    """The transcript in a page; nothing of it is lost."""
    reading = readers.read(decoded(page))
    assert fidelity.reading(reading) == ()
    document, _ = speakers.attribute(reading, "en")
    assert isinstance(document, Transcript)
    return document


def test_a_page_of_preformatted_text_keeps_its_layout() -> None:
    """Tags go, entities are resolved, line breaks and indentation stay; each line knows its line in the file."""
    source = decoded(HEARING)
    lines = source.text.split("\n")
    assert source.format == "html-text"
    assert source.reason == "a page of preformatted text that says '[House Hearing'"
    assert "                          THE HARBOUR" in lines
    at = lines.index("    Ms. Duarte. I do, every morning. Less than 3 < 4 times")
    assert lines[at + 1] == "a week, says the log."
    assert source.lines[at : at + 2] == (9, 10)
    assert len(source.lines) == len(lines)


def test_a_page_says_its_title_and_language_and_a_sidecar_knows_better() -> None:
    """The sidecar's word counts."""
    source = decoded(HEARING.replace("<html>", "<html lang='en-GB'>"))
    metadata = readers.read(source).metadata
    assert (metadata.title, metadata.language) == ("THE HARBOUR & ITS SILT", "en-GB")
    given = readers.read(source, readers.Metadata(title="Silt")).metadata
    assert (given.title, given.language) == ("Silt", "en-GB")


def test_a_page_is_a_source_in_content_only_if_it_is_a_transcript() -> None:
    """Any other page is copied as it is."""
    assert readers.is_source("a.htm", HEARING.encode)
    assert not readers.is_source("a.html", lambda: b"<!DOCTYPE html><html><body><pre>x = 1</pre></body></html>")
    assert not readers.is_source("a.html", lambda: b"<!DOCTYPE html><html><body><p>Welcome.</p></body></html>")


@pytest.mark.parametrize(
    "page", ["<pre>", "<html><pre>\n---\na: b\n---\nWords: here\n", "<html><pre><p>a<b>b", "<html>"]
)
def test_odd_pages_are_read(page: str) -> None:
    """Whatever is missing."""
    source, found = readers.decode("a.html", page.encode())
    assert source is not None
    assert found == ()
    reading: Reading = readers.read(source)
    assert fidelity.reading(reading) == ()
