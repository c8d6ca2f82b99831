"""Patterns are compiled when they are first used, and are then as if they always had been."""

from __future__ import annotations

import re

import pytest

from roundtable.patterns import USED, lazy


@pytest.mark.parametrize(("pattern", "text"), [(r"(?P<word>[a-z]+)", "an apple"), (rb"(?P<word>[a-z]+)", b"an apple")])
def test_a_lazy_pattern_is_the_same_compiled(pattern: str | bytes, text: str | bytes) -> None:
    """In text and in bytes, whatever is asked first."""
    for name in USED:
        one, other = getattr(lazy(pattern, re.ASCII), name), getattr(re.compile(pattern, re.ASCII), name)
        if name in ("match", "search", "fullmatch"):
            assert str(other(text)) == str(one(text))
        elif name in ("findall", "split"):
            assert other(text) == one(text)
        elif name in ("groups", "groupindex"):
            assert other == one
    assert (lazy(pattern, re.ASCII).pattern, lazy(pattern, re.ASCII).flags) == (pattern, re.ASCII)


def test_nothing_is_compiled_before_it_is_used() -> None:
    """Not even looked at: a mistake in a pattern is found when it is used, so every pattern needs a test."""
    broken = lazy("(")
    with pytest.raises(re.error):
        broken.match("")


def test_what_patterns_do_not_have_a_lazy_one_has_not_either() -> None:
    """An attribute that is asked for by mistake is an error."""
    assert not hasattr(lazy("a"), "scan")
