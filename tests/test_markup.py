"""Markdown to HTML: what is safe, what is kept, what is bounded."""

from __future__ import annotations

import pytest

from roundtable import markup

from . import bounded


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hi)",
        "![x](javascript:alert(1))",
        '<a href="javascript:1">x</a>',
        "<svg/onload=alert(1)>",
        '[x](http://e.org "a\\" onclick=\\"b")',
        "&lt;script&gt;",
        "<style>*{}</style>",
    ],
)
@pytest.mark.parametrize("render", [lambda text: markup.turn(text, "a-1"), markup.page])
def test_nothing_active_reaches_a_page(text: str, render) -> None:  # noqa: ANN001
    """No script, no handler, no scheme but those that lead somewhere."""
    html = render(text).html.casefold()
    assert "<script" not in html
    assert "<style" not in html
    assert "<svg" not in html
    for tag in markup.TAG.findall(html):
        assert "javascript:" not in tag
        assert "data:" not in tag
        assert " on" not in tag.split('"')[0]


def test_angle_brackets_are_words_in_a_transcript() -> None:
    """A transcriber's <inaudible> is shown."""
    assert markup.turn("He said <inaudible> *x*", "").html == "<p>He said &lt;inaudible&gt; <em>x</em></p>"


def test_images_of_other_hosts_become_links() -> None:
    """A page asks no third party for anything; its own images stay."""
    html = markup.turn("![A cat](https://e.org/cat.png) ![B](b.png) ![C](//e.org/c.png)", "").html
    assert html.count("<img") == 1
    assert '<a class="external-image" href="https://e.org/cat.png">A cat</a>' in html


def test_footnotes_of_two_turns_do_not_collide() -> None:
    """Their ids carry the turn's."""
    one, two = markup.turn("a[^1]\n\n[^1]: n", "ann-1"), markup.turn("b[^1]\n\n[^1]: n", "bo-1")
    assert 'id="ann-1-fn:1"' in one.html
    assert 'id="bo-1-fn:1"' in two.html
    assert one.text == "a\n\nn"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 8192,
        "![" * 4000,
        "[a](" * 4000,
        "- " * 500 + "x",
        "1. " * 1000,
        "> " * 3000,
        "*a " * 5000,
        "`" * 9000,
        "(`" * 100_000,
        "```a\n" * 50_000,
        "<" * 9000,
        "x\n\n[" * 3000,
        "*a*," * 50_000,
        "[a](b)," * 50_000,
        "&amp;" * 50_000,
        "\\*" * 50_000,
        "*" + "a " * 100_000,
        "[" + "a " * 100_000 + "](",
        "_a\n" * 3000,
    ],
)
def test_dense_and_deep_text_ends_in_time_and_is_kept(text: str) -> None:
    """What the library can't do in linear time is shown as it stands."""
    with bounded.ends():
        rendered = markup.turn(text, "a-1")
    assert rendered.html


def test_a_heading_line_is_inline() -> None:
    """Numbers and signs at its start begin no block."""
    assert markup.inline("1. *One* & [two](x)") == "1. One & two"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Xue Lan", "xue-lan"),
        ("薛澜", "薛澜"),
        ("AI: Good?", "ai-good"),
        ("O’Neil's", "oneils"),
        ("Ünï", "ünï"),
        ("…", ""),
        ("ＡＢ", "ab"),
    ],
)
def test_slugs_keep_every_script(title: str, slug: str) -> None:
    """Letters stay letters."""
    assert markup.slug(title) == slug


def test_pages_have_contents_and_keep_harmless_html() -> None:
    """For plain pages, which their editors write."""
    page = markup.page("## One *x*\n\n<kbd>a</kbd>\n\n### 世界\n")
    assert [(e.level, e.id, e.title) for e in page.contents] == [(2, "one-x", "One x"), (3, "世界", "世界")]
    assert "<kbd>a</kbd>" in page.html
