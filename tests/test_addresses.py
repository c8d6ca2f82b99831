"""Where links stand: each at its own place, whatever stands around it, as the HTML that is made of it tells."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from roundtable import addresses, markup
from roundtable.addresses import ADDRESS, Written
from roundtable.model import SourceSpan


def placed(text: str, *, is_page: bool = True) -> list[tuple[str, Written | None]]:
    """The addresses of a text as it is rendered, each with what was written for it."""
    html = (markup.page(text) if is_page else markup.turn(text, "ann-1")).html
    span = SourceSpan("content/a.md", 1, 1, 0, len(text))
    written = addresses.written(text, [span], addresses.labels(text), has_tags=is_page)
    return [(one.address, one.written) for one in addresses.located(html, text, [span], written)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](«b c.md») [a](<«b c.md»>)", "[a](«a&amp;b.md?x=1&y=2»)", "[a](«a\\_b.md» \"title\") [b](«x(1).md» 'it')", "[a](«a%20b.md#é») [a](«a%20b.md#%C3%A9»)", "[a]( «b.md» ) [a](«b.md»\n'title')",
        "[![q](«x.png»)](«x.png») ![](«x.png»)", "[a][«One»] [«one»] ![q][«one»] [a\nb] [«one»]\n\n[one]: <gone.md> 'Title'", "[a](«x.md»)\n\n[b][«1»]\n\n[1]: x.md", "<«https://e.org/a&b»> [a](«https://e.org/a&b»)",
        "[a](«»)", "`[a](x.md)` [b](«x.md») ``[a](x.md) ` x``", "`a [x](«c.md»)\n\nb` [y](«c.md»)", "\\`[a](«x.md») ` [b](«x.md»)\\[c](x.md) [c\\](x.md) [c](«x.md»)", "```\n[x](f.md)\n```\n\n[y](«f.md»)\n\n~~~ py\n[x](f.md)\n~~~",
        "    [x](0.md)\n\n[x](«0.md»)\n    [y](«0.md»)", "- a\n\n    [x](«l.md»)\n\n        [x](l.md)\n\npara\n\n    [x](l.md)\n\n[y](«l.md»)", "- a\n    - b [x](«n.md»)\n\n        [y](«n.md»)\n\n            [z](n.md)\n",
        "1. a\n\n\t[x](«i.md»)", "> a [x](«q.md»)\n>\n>     [x](q.md)\n>\n> [y](«q.md»)", "|a|b|\n|-|-|\n|`[x](t.md)`|[x](«t.md»)|",
    ],
)  # fmt: skip
def test_a_link_stands_where_it_was_written(text: str) -> None:
    """Not where the same letters stand in code, in a definition or in what is escaped."""
    parts = re.split("[«»]", text)
    plain = "".join(parts)
    wanted = [sum(map(len, parts[: i + 1])) for i in range(0, len(parts) - 1, 2)]
    for is_page in (True, False):
        if is_page or "<" not in text:
            assert sorted(one.start for _, one in placed(plain, is_page=is_page) if one) == wanted
            assert all(one for _, one in placed(plain, is_page=is_page))


def test_html_is_obeyed_on_pages_alone() -> None:
    """Quoted or not; in a block of it there is no Markdown; in a turn it is words."""
    text = (
        "<div>\n[x](w.png)\n\n<img src='w.png'></div>\n\n<a title=\"x\" href=w.png>a</a> <!-- [x](w.png) --> ![](w.png)"
    )
    starts = [one.start for _, one in placed(text) if one]
    assert starts == [text.index("w.png'"), text.index("w.png>"), text.rindex("w.png")]
    assert all(one.is_tag is (text[one.start - 1] != "(") for _, one in placed(text) if one)
    turn = 'Say <a href="w.png"> and [x](w.png).'
    assert [one.start for _, one in placed(turn, is_page=False) if one] == [turn.rindex("w.png")]


def test_notes_come_last() -> None:
    """As they do on the page."""
    text = "One[^1] [a](f.md)\n\n[^1]: note [b](f.md)\n\nTwo [c](f.md)"
    starts = [one.begins for address, one in placed(text) if one and address == "f.md"]
    assert [text[at : at + 3] for at in starts] == ["[a]", "[c]", "[b]"]


BLOCKS = st.sampled_from(
    [
        "Words {} and {}.", "`{}` but {}", "``{} ` {}`` {}", "- {}\n- `{}`", "- a {}\n\n    {}\n\n        {}", "1. {}\n2. b\n\n    {}", "    {}\n    {}", "\t{}",
        "```\n{}\n\n{}\n```", "~~~ py\n{}\n~~~", "> {}\n> more `{}`", "> {}\n>\n>     {}", "> - {}\n>\n> {}", "## {}", "|a|b|\n|-|-|\n|{}|`{}`|", "*{}* **{}** \\{} \\`{}\\`", "<div>\n{}\n</div>",
        "<!-- {} -->", "Note[^{n}] {}\n\n[^{n}]: {} more", "a\n    {}", "lone ` {} tick", "{}  \n{}", "[^{n}]: {}\n\n    {}\n\nSee[^{n}] {}",
    ]
)  # fmt: skip
LINKS = [
    "[w{}](x.md)",
    "[w{}](x.md 'x.md')",
    "[w{}](<x.md>)",
    "[w{}][r]",
    "[w{}]( x.md )",
    "[w{}](y.md)",
    "x.md w{}",
    '<a href="x.md">w{}</a>',
]


def filled(blocks: list[str], links: list[str], numbers: Iterator[int]) -> str:
    """A text of blocks in which links stand, each with words of its own."""
    every = iter(links * 100)
    texts = [
        re.sub(r"\{\}", lambda _: next(every).format(next(numbers)), one.replace("{n}", f"n{i}"))
        for i, one in enumerate(blocks)
    ]
    return "\n\n".join((*texts, "[r]: x.md"))


@settings(max_examples=300)
@given(st.lists(BLOCKS, min_size=1, max_size=6), st.lists(st.sampled_from(LINKS), min_size=1, max_size=5))
def test_every_link_is_at_its_own_words(blocks: list[str], links: list[str]) -> None:
    """Links that lead to the same, told apart by their words alone, amid all that Markdown has."""
    text = filled(blocks, links, iter(range(10_000)))
    nodes = LexborHTMLParser(markup.page(text).html).css("[href], [src]")
    found = placed(text)
    assert len(nodes) == len(found) == len(ADDRESS.findall(markup.page(text).html))
    for node, (_, one) in zip(nodes, found, strict=True):
        if (node.text() or "").startswith("w"):
            assert one is not None
            assert re.match(rf"\[{node.text()}\]|<a [^>]*>{node.text()}<", text[one.begins :]), (text, node.html, one)
