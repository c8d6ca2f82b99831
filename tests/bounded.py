"""A guard for inputs that a careless program never finishes: how fast a careful one is, benchmarks say, never a test."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

LIMIT = 30  # seconds of the processor, where quadratic time takes minutes and linear time about one second


@contextmanager
def ends() -> Iterator[None]:
    """Fail if what stands in the block does not end."""

    def late(_: int, __: FrameType | None) -> None:
        raise AssertionError(f"not done after {LIMIT} s of the processor: the time grows faster than the input")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
