"""Properties that hold for every text: no reader raises, spans tile, no word is lost, canonical Markdown reads back."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import fidelity, marks, markup, readers, speakers
from roundtable.exports import markdown
from roundtable.model import Reading, Source, Transcript

NAMES = st.sampled_from(
    ["Host", "Xue Lan", "Tang Shiqi", "O'Neil, Jr.", "薛澜", "Dr. A. B. Smith", "A_b", "**x**", "[Narration]", "Q: A"]
)
LINES = st.one_of(
    st.sampled_from(
        ["", "-", "- item", "* item", "1. one", "# Title", "## Section", "Guests", "- Xue Lan, Dean of the School", "Comments", "> q", "```", "~~~", "---", "***",
         "    code", "| a | b |", "|---|---|", "[^1]: A note", "Text[^1] and [a](b.md) and [r][x]", "[x]: http://e.org", "<!-- hidden", "-->", "<!-- roundtable: ignore RT211 because x -->", "words <!-- roundtable: be quiet -->", "<b>bold</b>",
         "&copy; &amp; AT&T", "\\*escaped\\* \\[12:00\\]", "a  ", "**bold** _em_ `code`", "Introduction", "**Note**", "==="]
    ),
    NAMES.map(lambda name: f"{name}:"),
    st.builds(lambda name, text: f"{name}: {text}", NAMES, st.text(min_size=1, max_size=30)),
    st.builds(lambda name, text: f"**{name}:** {text}", NAMES, st.text(max_size=30)),
    st.builds(lambda name, text: f"**[1:02–01:02:03.5] {name}:** {text}", NAMES, st.text(max_size=10)),
    st.text(max_size=40),
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=25).map("\n".join)
HEADS = st.sampled_from(["", "---\ntitle: T\n---\n", "---\ntype: transcript\nspeakers: [Xue Lan]\n---\n\n"])


def read(path: str, text: str) -> Reading | None:
    """The reading of a text; None where it is no text."""
    source, _ = readers.decode(path, text.encode("utf-8", "surrogatepass"))
    return None if source is None else readers.read(source)


def without_spans(noun: Any) -> Any:
    """A noun as plain data, without the places of things."""
    if isinstance(noun, dict):
        return {key: without_spans(value) for key, value in noun.items() if key != "span"}
    return [without_spans(one) for one in noun] if isinstance(noun, list) else noun


def plain(noun: Any) -> Any:
    """The same, from a noun."""
    return without_spans(_told(noun))


def _told(noun: Any) -> Any:
    """A noun as mappings and lists."""
    if isinstance(noun, msgspec.Struct):
        return {name: _told(value) for name, value in msgspec.structs.asdict(noun).items()}
    return [_told(one) for one in noun] if isinstance(noun, tuple) else noun


@settings(max_examples=600)
@given(st.sampled_from(["a.txt", "a.md"]), HEADS, TEXTS)
@example("a.md", "", "**A:** one\n\n**[Narration]:** two\n\n<!-- x -->\n\nthree")
@example("a.txt", "", "Host:\n-\nlone\nafter\nHost:\nagain\nComments\npowered by Giscus")
def test_no_text_makes_a_reader_raise_or_lose_a_word(path: str, head: str, text: str) -> None:
    """Whatever is pasted: pieces tile the source, and every word of an utterance is in its Markdown."""
    reading = read(path, head + text)
    if reading is not None:
        assert [d for d in fidelity.reading(reading) if d.code == "RT401"] == []


@settings(max_examples=600)
@given(st.sampled_from(["a.txt", "a.md"]), HEADS, TEXTS)
def test_canonical_markdown_reads_back_to_the_same_transcript(path: str, head: str, text: str) -> None:
    """read(write(t)) == t, but for spans."""
    reading = read(path, head + text)
    document = speakers.attribute(reading, "en")[0] if reading else None
    if not isinstance(document, Transcript) or not document.speakers:
        return
    written = markdown.write(document)
    again = read(document.path.replace(".txt", ".md"), written)
    assert again is not None
    back, _ = speakers.attribute(again, "en")
    assert plain(document) | {"path": ""} == plain(back) | {"path": ""}, written


@settings(max_examples=400)
@given(
    st.text(min_size=1, max_size=60).filter(
        lambda text: not any(c < " " or c in "\x7f\x85\u2028\u2029" or (c.isspace() and c != " ") for c in text)
    )
)
def test_escaped_text_is_shown_as_it_was(text: str) -> None:
    """Raw text turned into Markdown shows the same characters, white space aside."""
    text = " ".join(text.split())
    if text and "<" not in text:  # <http://…> is a link in raw text too
        assert markup.turn(markup.escape(text), "").text == text


@settings(max_examples=600)
@given(st.lists(LINES, max_size=6).map("\n".join).map(str.strip))
@example("a  \nb")
@example("1.")
@example("1.b\n\n2.\n3.c")
def test_the_fast_path_makes_what_the_library_makes(text: str) -> None:
    """Wherever the library is spared, it would have made the same HTML and the same words."""
    fast = markup.turn(text, "")
    if fast.plain and text:
        slow = markup._convert(text, "", raw_html=False)
        assert (fast.html, fast.text, fast.words) == (slow.html, slow.text, slow.words)


BARE = st.lists(
    st.sampled_from(["a", "Bc", "薛", "½", "1", " ", " ", "\n", "\n\n", "\n\n", "\t", "\u00a0", "\u3000", ".", "-", "#", "]", ":", "(", "[", "&", "<", ">", "*", "\\", "\x85"]),
    min_size=1, max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=3000)
@given(BARE)
@example("a\n\nb  c")
def test_bare_text_is_its_own_html(text: str) -> None:
    """Where one look finds nothing that matters, no closer look would, at whatever it may matter to."""
    fast = markup.turn(text, "")
    if fast.bare:
        assert fast == markup._plain(text)._replace(bare=True)
        assert fast.html == markup._convert(text, "", raw_html=False).html
        assert not markup.matters(text) and not marks.find(text)
        assert fast.html == f"<p>{text}</p>".replace("\n\n", "</p>\n<p>") == markup.paragraphs(text)


SPANS = st.lists(
    st.sampled_from(
        ["*", "**", "_", "__", "`", "[", "[^", "]", "](", "](b.md)", "](https://a.example/b_c*d?e=f#g)", ")", "(", "\\", "!", "&", "&amp;", "&#39;", "&lt;", "&x;", ";", "#",
         "a", "b c", "1", ".", ",", '"', "“", "é", "薛", "€", "\u00a0", "\u3000", "\ue000", " ", " ", "\n", "\n\n", "<", ">", "|", "~", ":",
         "*a*", "**b c**", "_d_", "__e__", "`f`", "[g](h)", "[i j](http://k.example/l)", "[laughter]", "*[sic]*", "[*sic*]", "00:01:02"]
    ),
    min_size=1, max_size=12,
).map("".join)  # fmt: skip


@settings(max_examples=3000)
@given(SPANS)
@example("\u3000*a*")
@example("**Break:** It&#39;s [a b](https://c.example/d_e_f) of `code`.\n\n(*laughs*) \\[sic\\]")
def test_marks_that_stand_by_themselves_are_what_the_library_makes_of_them(text: str) -> None:
    """Emphasis, links, code, references, escapes; whatever stands around them."""
    converted = markup._spans(text)
    if converted is not None:
        slow = markup._convert(text, "", raw_html=False)
        assert markup._rendered(converted, has_marks=True) == markup._spanned(converted) == slow


@pytest.mark.parametrize(
    "text", ["a *b* c", "**Break:** a _b_", "a [b](c.md) d", "It&#39;s `b`\n\n*c*", "\\[d\\] **(e)**", "[Q&A] *a*"]
)
def test_the_usual_marks_need_no_library(text: str) -> None:
    """It is slow to import, and slower than the rest of a build."""
    assert markup._spans(text) is not None


@pytest.mark.parametrize(
    "text",
    ["* a", "a *b", "*a *", "a*b*", "_a_b", "**a*", "***a***", "*a `b* c`", "[a](b c)", "![a](b)", "[a][b] *c*\n\n[b]: /d", "`` `a` ``", "a[^1]\n\n[^1]: b", "*a*  \nb", "*a\nb*", "<b> *c*", "[*a*](b)"],
)  # fmt: skip
def test_other_marks_are_left_to_the_library(text: str) -> None:
    """Where one is open, or holds another, or stands in a word or a block."""
    assert markup._spans(text) is None


def test_the_library_is_imported_when_the_first_text_needs_it() -> None:
    """Together with what makes HTML safe: most sites do without for most files."""
    code = (
        "import sys; from roundtable import markup; markup.turn('A [laughter] b\\\\.', ''); print(sorted({'markdown', 'nh3'} & set(sys.modules)));"
        "markup.turn('*a*', ''); print('nh3' in sys.modules); markup.turn('[a](b)', ''); print('nh3' in sys.modules, 'markdown' in sys.modules); markup.turn('- a', ''); print('markdown' in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert printed.splitlines() == ["[]", "False", "True False", "True"]


def test_source_is_a_noun() -> None:
    """Nouns can be hashed and compared by value."""
    assert hash(Source("a", "b", "c")) == hash(Source("a", "b", "c"))
