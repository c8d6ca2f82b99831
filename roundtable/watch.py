"""A build, followed while it runs: how long each stage takes and how far it is. What shows it derives from this."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple


class Stage(NamedTuple):
    """What a stage took."""

    seconds: float = 0.0
    things: int = 0  # files, pages
    size: int = 0  # bytes of them


class Watch:
    """Keeps times and counts, and shows nothing."""

    def __init__(self) -> None:
        self.stages: dict[str, Stage] = {}  # by what is being done, in order
        self.current = ""

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[None]:
        """The time that something takes; `total` things are to be done."""
        began, self.current = time.perf_counter(), name
        self.begin(name, total)
        try:
            yield
        finally:
            before = self.stages.get(name, Stage())
            self.stages[name] = before._replace(seconds=before.seconds + time.perf_counter() - began)

    def step(self, size: int = 0) -> None:
        """One thing is done."""
        before = self.stages.get(self.current, Stage())
        self.stages[self.current] = Stage(before.seconds, before.things + 1, before.size + size)

    def begin(self, name: str, total: int) -> None:
        """A stage begins."""

    def wait(self, holder: str) -> None:
        """Somebody else is building."""
