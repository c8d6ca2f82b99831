"""A build shown while it runs, and where its time went. Nothing is shown of a build that is done within a moment.

The bar is drawn on a terminal only, so that logs of CI stay quiet.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .watch import Stage, Watch

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

A_MOMENT = 1.0  # seconds that a build may take without showing anything
OFTEN = 0.1  # seconds between two looks of the bar


class Progress(Watch):
    """Shows how far a build is, if it takes longer than a moment and somebody looks."""

    def __init__(self, *, is_shown: bool, say: Callable[[str], None]) -> None:
        """`say` tells what is not part of the bar, such as whom the build waits for."""
        super().__init__()
        self._is_shown, self._say = is_shown and sys.stderr.isatty() and not os.environ.get("CI"), say
        self._began = self._drawn = time.perf_counter()
        self._bar: Bar | None = None
        self._holder = ""
        self._total = 0

    def begin(self, name: str, total: int) -> None:  # noqa: ARG002
        """A stage begins."""
        self._total = total
        self._draw()

    def step(self, size: int = 0) -> None:
        """One thing is done."""
        super().step(size)
        if self._is_shown and time.perf_counter() - self._drawn > OFTEN:
            self._draw()

    def wait(self, holder: str) -> None:
        """Somebody else is building: said once."""
        if holder != self._holder:
            self._say(f"waiting for another build to end ({holder or 'of which nothing is known'}); Ctrl-C to give up")
            self._holder = holder

    def end(self) -> None:
        """The bar is taken away."""
        if self._bar:
            self._bar.stop()

    def _draw(self) -> None:
        self._drawn = time.perf_counter()
        if not self._is_shown or self._drawn - self._began < A_MOMENT:
            return
        bar = self._bar = self._bar or _bar()
        stage = self.stages.get(self.current, Stage())
        seconds = max(self._drawn - self.since, OFTEN)
        speed = f"{stage.size / 1e6 / seconds:.1f} MB/s" if stage.size else ""
        count = f"{stage.things:,}{f' of {self._total:,}' if self._total else ''}" if stage.things else ""
        bar.update(
            bar.task_ids[0],
            description=self.current,
            total=self._total or None,
            completed=stage.things,
            count=count,
            speed=speed,
        )


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[count]}"),
        TextColumn("{task.fields[speed]}"),
    )
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True)
    bar.add_task("", count="", speed="")
    bar.start()
    return bar


def table(watch: Watch, seconds: float) -> None:
    """Print the time that each stage took, on the error stream."""
    from rich.console import Console
    from rich.table import Table

    rows = Table("stage", box=None, pad_edge=False)
    for head in ("seconds", "share", "things", "MB", "MB/s"):
        rows.add_column(head, justify="right")
    known = sum(stage.seconds for stage in watch.stages.values())
    for name, stage in (*watch.stages.items(), ("all else", Stage(seconds - known)), ("together", Stage(seconds))):
        size = (
            (f"{stage.size / 1e6:,.1f}", f"{stage.size / 1e6 / max(stage.seconds, 1e-6):,.1f}")
            if stage.size
            else ("", "")
        )
        share = f"{100 * stage.seconds / max(seconds, 1e-6):.0f}%"
        rows.add_row(name, f"{stage.seconds:.3f}", share, f"{stage.things:,}" if stage.things else "", *size)
    Console(stderr=True, highlight=False, width=100).print(rows)
