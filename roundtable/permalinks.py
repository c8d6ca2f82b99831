"""Ids of sections and turns: what a quotation's link points to. Readable, unique on the page, the same at every build."""

from __future__ import annotations

from collections.abc import Iterable

from .markup import PAGE_IDS, slug

# Ids that a transcript's page itself uses.
RESERVED = PAGE_IDS | {"about", "comments", "contents", "conversation", "people", "top"}


class Allotter:
    """Hands out the ids of one page, in the order in which they are asked for."""

    def __init__(self, taken: Iterable[str] = RESERVED) -> None:
        self._taken = set(taken)
        self._turns: dict[str, int] = {}

    def section(self, title: str | None) -> str:
        """The id of a section: the slug of its title."""
        return self._unique(slug(title or "") or "section")

    def turn(self, speaker: str | None) -> str:
        """The id of a speaker's next turn: `xue-lan-3` for the third."""
        who = speaker or "narration"
        n = self._turns[who] = self._turns.get(who, 0) + 1
        id = f"{who}-{n}"
        if id in self._taken:
            return self._unique(id)
        self._taken.add(id)
        return id

    def _unique(self, wanted: str) -> str:
        id, n = wanted, 2
        while id in self._taken:
            id, n = f"{wanted}-{n}", n + 1
        self._taken.add(id)
        return id
