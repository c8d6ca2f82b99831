"""A build, followed while it runs: how long each stage takes and how far it is. What shows it derives from this."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from .model import Diagnostic


class Stage(NamedTuple):
    """What a stage took."""

    seconds: float = 0.0
    things: int = 0  # files, pages
    size: int = 0  # bytes of them


class Watch:
    """Keeps times and counts, and shows nothing."""

    def __init__(self) -> None:
        self.stages: dict[str, Stage] = {}  # by what is being done, in order
        self.current = ""  # what is being done
        self.since = 0.0

    @contextmanager
    def stage(self, name: str, total: int = 0) -> Iterator[None]:
        """The time that something takes; `total` things are to be done."""
        self.current, self.since = name, time.perf_counter()
        self.stages.setdefault(name, Stage())
        self.begin(name, total)
        try:
            yield
        finally:
            before = self.stages[name]
            self.stages[name] = before._replace(seconds=before.seconds + time.perf_counter() - self.since)

    def step(self, size: int = 0) -> None:
        """One thing is done."""
        seconds, things, before = self.stages[self.current]
        self.stages[self.current] = Stage(seconds, things + 1, before + size)

    def begin(self, name: str, total: int) -> None:
        """A stage begins."""

    def awaited(self) -> Collection[str]:
        """The URLs of pages that somebody looks at, so that they are made first."""
        return ()

    def ready(self, pages: Mapping[str, Path], found: tuple[Diagnostic, ...]) -> None:
        """These of them, by URL, are made, or there is why they can't be; and many others are yet to be."""

    def wait(self, holder: str) -> None:
        """Somebody else is building."""
