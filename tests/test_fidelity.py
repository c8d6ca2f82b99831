"""The proof itself: it finds every word that is taken out, moved or given to somebody else."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable import fidelity, markup, speakers
from roundtable.composition import Composed
from roundtable.model import Reading, SourceSpan, Transcript, Utterance

from .readers.test_text import reading

TEXT = "Guests\n- Ann Li, Dean of Tea\nOn the Tea\nHost:\nOne two three.\nAnn Li:\nFour five:\n- six\nHost:\nSeven.\nComments\npowered by Giscus\n"


def with_piece(one: Reading, i: int, **changes: object) -> Reading:
    """The reading with one piece changed."""
    pieces = list(one.pieces)
    pieces[i] = msgspec.structs.replace(pieces[i], **changes)
    return msgspec.structs.replace(one, pieces=tuple(pieces))


@given(st.integers(0, 5))
def test_a_piece_that_is_lost_is_found(i: int) -> None:
    """Whichever it is: the tiling has a hole."""
    one = reading(TEXT)
    assert fidelity.reading(one) == ()
    i %= len(one.pieces)
    holed = msgspec.structs.replace(one, pieces=(*one.pieces[:i], *one.pieces[i + 1 :]))
    found = fidelity.reading(holed)
    assert [d.code for d in found] == ["RT401"]
    assert found[0].line == one.pieces[i].span.line


@given(st.data())
def test_a_word_that_is_lost_in_reading_is_named_at_its_line(data: st.DataObject) -> None:
    """In every utterance, every word."""
    one = reading(TEXT)
    i = data.draw(st.sampled_from([i for i, piece in enumerate(one.pieces) if isinstance(piece, Utterance)]))
    piece = one.pieces[i]
    assert isinstance(piece, Utterance)
    word = data.draw(st.sampled_from(fidelity.CHUNK.findall(piece.markdown)))
    found = fidelity.reading(with_piece(one, i, markdown=piece.markdown.replace(word, "", 1)))
    assert [(d.code, d.message) for d in found] == [("RT401", f"'{word}' is lost in reading")]
    assert word in (found[0].source or "")


def test_words_in_another_order_are_not_the_same_words() -> None:
    """Nor is a word more."""
    one = reading(TEXT)
    i = next(i for i, piece in enumerate(one.pieces) if isinstance(piece, Utterance))
    assert len(fidelity.reading(with_piece(one, i, markdown="two One three."))) == 1
    assert len(fidelity.reading(with_piece(one, i, markdown="One two three. Four."))) == 1


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ('a *b* [c](https://d.example/e "f g") `h` **i**j\n\n- k\n\n1. l\n2. m\n\n> n\n\n```py\no\n```\n\nq[^p]\n\n[^p]: r', None),
        ("a [b][c]\n\n[c]: https://d.example/", None),
        ("&copy; AT&amp;T &lt;", None),
        ("![a b](c.png)", None),
        ("| a | b |\n|---|--:|\n| c | d |", None),
        ("words\n\n[Laughter]: everybody", None),
        ("words\n\n[Laughter]: https://example.org/", "Laughter"),
    ],
)  # fmt: skip
def test_words_that_markdown_swallows_are_found(text: str, lost: str | None) -> None:
    """Addresses, marks and numbers of lists are no words; all else must be shown."""
    one = reading(f"**Ann:** {text}\n\n**Bo:** x\n", "a.md")
    piece = next(p for p in one.pieces if isinstance(p, Utterance))
    rendered = markup.turn(text, "ann-1")
    found = fidelity.rendering(one, piece.span, text, rendered)
    assert bool(found) is (lost is not None)


@pytest.mark.parametrize(
    ("text", "line", "before", "word", "cured"),
    [
        ("First T is here, and T.\n\nThen Stream<Item = Result<T, E>> there.", 3, "Then Stream<Item = Result", "T", "&lt;"), ("<Ann> said Ann.", 1, "", "Ann", "&lt;"),
        ("See [T](T.md) and T.\n\nVec<T> there.", 3, "Vec", "T", "&lt;"), ("T\n\nwords <!-- T --> words", 3, "words ", "T", "&lt;"), ("q <b>b</b> <svg><text>q</text></svg>", 1, "q <b>b</b> ", "svg", None),
        ("spring\n\n| a | b |\n|---|---|\n| 4 m | spring | spring |", 5, "| 4 m | spring ", "spring", "\\|"), ("Laughter\n\n[Laughter]: https://example.org/", 3, "", "https", "\\["),
        ("Not 5\n\n3. x\n5. y", 4, "5", "5", "\\."), ("&copy; copy\n\n[copy]: https://example.org/", 3, "", "https", "\\["),
    ],
)  # fmt: skip
def test_a_word_that_markdown_swallows_is_told_at_the_sign_that_begins_it(
    text: str, line: int, before: str, word: str, cured: str | None
) -> None:
    """Where it is lost, not where it stands first; and what is said to help does."""
    one = reading(text, "a.md")
    span = SourceSpan("a.md", 1, 1, 0, len(text))
    (found,) = fidelity.rendering(one, span, text, markup.page(text), is_page=True)
    assert (found.line, found.column, found.message) == (line, len(before) + 1, f"{word!r} is lost in Markdown")
    assert ("write &lt;" if cured in (None, "&lt;") else "a backslash before it") in (found.hint or "")
    if cured:
        lines = text.split("\n")
        lines[line - 1] = f"{before}{cured}{lines[line - 1][len(before) + 1 :]}"
        mended = "\n".join(lines)
        assert fidelity.rendering(one, span, mended, markup.page(mended), is_page=True) == ()


MARKED = [
    "One two [laughter] three (four).\n\nFive six.",
    "One *two* [three](x.md) `four` &amp; five.\n\n**Six** \\[laughter\\] it&#39;s.",
    "- one\n- two *three*\n\nfour",
]


@pytest.mark.parametrize("text", MARKED)
@pytest.mark.parametrize("other", ["", "zz", "{}x", "x {}"])
def test_a_word_that_html_does_not_show_is_found(text: str, other: str) -> None:
    """Whichever it is, in plain text with marks and in text that Markdown changed."""
    rendered = markup.turn(text, "ann-1")
    assert proven(text, rendered) == []
    for word in fidelity.CHUNK.findall(rendered.text):
        html = re.sub(rf"(?<![\w\"]){word}(?![\w\"])", other.format(word), rendered.html)
        assert proven(text, rendered._replace(html=html)) == ["RT402"]


@pytest.mark.parametrize("text", ["One *two* `four` &amp; five.\n\n**Six** (laughs) it&#39;s.", MARKED[2]])
@pytest.mark.parametrize("other", ["", "zz", "{}x"])
def test_a_word_that_rendering_loses_is_found(text: str, other: str) -> None:
    """Where the HTML and the words it is said to show both lack it."""
    rendered = markup.turn(text, "ann-1")
    for word in fidelity.CHUNK.findall(rendered.text):
        html, shown = (
            re.sub(rf"(?<![\w\"]){word}(?![\w\"])", other.format(word), one) for one in (rendered.html, rendered.text)
        )
        assert proven(text, rendered._replace(html=html, text=shown)) == ["RT402"]


def test_an_address_that_rendering_loses_is_found() -> None:
    """Its words stand in no text."""
    text = "One *two* [three](four.md)"
    assert proven(text, markup.turn(text, "ann-1")._replace(attributes="")) == ["RT402"]


@pytest.mark.parametrize("sign", list("*_`[]\\"))
def test_words_that_run_together_are_found(sign: str) -> None:
    """Where a sign between them is neither shown nor made into an element."""
    text = f"*One* two\\{sign}three"
    rendered = markup.turn(text, "ann-1")
    assert proven(text, rendered) == []
    lacking = rendered._replace(html=rendered.html.replace(sign, ""), text=rendered.text.replace(sign, ""))
    assert proven(text, lacking) == ["RT402"]


def proven(text: str, rendered: markup.Rendered) -> list[str]:
    """The codes of what is wrong with a turn as rendered."""
    one = reading(f"**Ann:** {text}\n\n**Bo:** x\n", "a.md")
    piece = next(p for p in one.pieces if isinstance(p, Utterance))
    return [d.code for d in fidelity.rendering(one, piece.span, text, rendered)]


def page(transcript: Transcript, rendered: dict[str, markup.Rendered]) -> str:
    """A page as plain as can be."""
    names = {speaker.id: speaker.name for speaker in transcript.speakers}
    told = "".join(f"<li>{s.name} <i>{s.description or ''}</i></li>" for s in transcript.speakers)
    body = f'<ul id="people">{told}</ul>'
    for section in transcript.sections:
        body += f'<h2 class="section-title">{section.title}</h2>' if section.title else ""
        for turn in section.turns:
            name = f'<h3 class="speaker">{names[turn.speaker]}</h3>' if turn.speaker else ""
            body += f'<div data-turn="{turn.id}">{name}<div class="words">{rendered[turn.id].html}</div></div>'
    return f"<!doctype html><title>t</title><article data-transcript>{body}</article>"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("two", ""), ("two", "too"), ('<h3 class="speaker">Ann Li', '<h3 class="speaker">Host'), ("Dean of Tea", "Dean"), ('id="people"', ""), ("One two three.", "Seven."), ("six", "six seven"), ("On the Tea", "On Tea"),
        ('data-turn="host-2"', 'data-turn="host-9"'), ("data-transcript", "data-other"), ("data-turn", "data-tern"), ('class="words"', 'class="w"'),
        ('class="speaker"', ""),
        ('<div class="words">', '<p>Forged.</p><div class="words">'), ('<div class="words">', '<div class="words">x</div><div class="words">'),
        ('<div class="words">', '<div class="words" hidden>'),
    ],
)  # fmt: skip
def test_a_page_that_shows_other_words_or_names_is_found(before: str, after: str) -> None:
    """Whatever a template did with them."""
    transcript, _ = speakers.attribute(reading(TEXT), "en")
    assert isinstance(transcript, Transcript)
    rendered = {turn.id: markup.turn(turn.markdown, turn.id) for turn in transcript.turns()}
    good = page(transcript, rendered)
    published = fidelity.publication(Composed("p", good), transcript, rendered)
    assert (published.found, published.words) == ((), fidelity.length(transcript, rendered).words)
    bad = fidelity.publication(Composed("p", good.replace(before, after)), transcript, rendered)
    assert {d.code for d in bad.found} == {"RT403"}
