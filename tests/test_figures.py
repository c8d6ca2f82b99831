"""The score of a conversation, and shares: what is drawn is what was said."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest

from roundtable import figures
from roundtable.bodies import Shown
from roundtable.model import Transcript
from roundtable.render import HUES, marks

from .test_exchanges import PANEL, transcript

SVG = "{http://www.w3.org/2000/svg}"


def drawn(document: Transcript, words: dict[str, int] | None = None) -> ElementTree.Element:
    """The score as XML, each turn of so many words, else of ten."""
    shown = {turn.id: Shown("", (words or {}).get(turn.id, 10)) for turn in document.turns()}
    text = figures.score(document, shown, marks(document.speakers), HUES)
    return ElementTree.fromstring(text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1))


def bars(score: ElementTree.Element) -> dict[str, tuple[float, float]]:
    """Where each turn's bar begins and how wide it is, in percent."""
    found = {}
    for link in score.iter(f"{SVG}a"):
        rect = link.find(f"{SVG}rect")
        assert rect is not None
        if "hold" not in rect.get("class", ""):
            found[link.get("href", "")[1:]] = tuple(float(rect.get(name, "")[:-1]) for name in ("x", "width"))
    return found  # type: ignore[return-value]


def test_a_bar_is_as_wide_as_its_turn_is_long_and_stands_where_the_one_before_ends() -> None:
    """All of them together are the whole width."""
    document = transcript(PANEL)
    found = bars(drawn(document, {"ana-1": 40}))
    order = [found[turn.id] for turn in document.turns()]
    assert found["ana-1"][1] == pytest.approx(4 * found["bo-1"][1], abs=0.02)
    for (x, width), (after, _) in pairwise(order):
        assert x + width == pytest.approx(after, abs=0.02)
    assert order[-1][0] + order[-1][1] == pytest.approx(100, abs=0.02)


def test_sections_are_parted_and_named() -> None:
    """By a gap; hostile titles and names are text."""
    document = transcript(
        "## <i>One\n\n**Host:** Why?\n\n**A & B:** So.\n\n## Two\n\n**Host:** How?\n\n**A & B:** Thus.\n"
    )
    score = drawn(document)
    assert [text.text for text in score.iter(f"{SVG}text")][:2] == ["<i>One", "Two"]
    order = list(bars(score).values())
    found = bars(score)
    assert found["host-2"][0] - sum(found["a-b-1"]) == pytest.approx(figures.GAP, abs=0.02)
    assert len(order) == 4


def test_what_cannot_be_seen_is_not_drawn() -> None:
    """A word among a hundred thousand."""
    assert "bo-1" not in bars(drawn(transcript(PANEL), {"ana-1": 100_000, "bo-1": 1}))


def test_very_many_speakers_share_the_last_line() -> None:
    """The figure stays low."""
    document = transcript("".join(f"**{chr(65 + i)}nn Lind:** Words.\n\n" for i in range(20)))
    score = drawn(document)
    assert int(score.get("height", "")) == (figures.LANES + 1) * figures.LANE
    assert len(bars(score)) == 20


def test_shares_are_of_all_words_that_are_spoken() -> None:
    """Turns, words, percent."""
    document = transcript(PANEL)
    shown = {turn.id: Shown("", 30 if turn.id == "ana-1" else 10) for turn in document.turns()}
    found = figures.shares(document, shown)
    assert (found["ana"].turns, found["ana"].words, round(found["ana"].percent)) == (2, 40, 44)
    assert sum(one.percent for one in found.values()) == pytest.approx(100)
