"""Where work is done: in this process, or in as many as there are processors. Either way a `concurrent.futures.Executor`.

Work is handed out in batches of some size in bytes, a few ahead of what is taken, so that memory stays flat however many
things there are to do.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from itertools import chain
from typing import Any, Self, TypeVar

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")

WORTH_A_POOL = 2_000_000  # bytes of sources; starting processes costs more than reading fewer
BATCH = 500_000  # bytes of work
MOST = 200  # things in a batch
AHEAD = 2  # batches that wait for each worker


class Team:
    """Who works: this process, until there is more to do than starting others costs; then they, until the build ends."""

    def __init__(self, jobs: int | None = None, pool: Executor | None = None) -> None:
        """`jobs` processes; None: as many as there are processors, where that pays. Or an executor that is there already."""
        self.size = jobs or os.cpu_count() or 1
        self._pool, self._is_own = pool, pool is None
        self._enough = sys.maxsize if self.size == 1 else WORTH_A_POOL if jobs is None else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._pool and self._is_own:
            self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def in_order(self, fn: Callable[[A, B], C], given: A, items: Iterable[B], size: Callable[[B], int]) -> Iterator[C]:
        """What `fn` makes of each item and what is `given` to all, in the order of the items; `size` is an item's bytes."""
        if self._enough == sys.maxsize and not self._pool:
            yield from (fn(given, item) for item in items)
            return
        rest, weight = iter(items), 0
        first: list[B] = []
        while weight <= self._enough and not self._pool:
            if (item := next(rest, None)) is None:
                yield from (fn(given, item) for item in first)
                return
            first.append(item)
            weight += size(item)
        yield from self._spread(fn, given, chain(first, rest), size)

    def _spread(self, fn: Callable[[A, B], C], given: A, items: Iterable[B], size: Callable[[B], int]) -> Iterator[C]:
        self._pool = self._pool or _processes(self.size)
        waiting: deque[Future[list[C]]] = deque()
        for batch in _batches(items, size):
            waiting.append(self._pool.submit(_each, fn, given, batch))
            if len(waiting) > AHEAD * self.size:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _processes(count: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(["roundtable.stages"])
    return ProcessPoolExecutor(count, mp_context=context)


def _each(fn: Callable[[Any, Any], C], given: Any, items: list[Any]) -> list[C]:
    return [fn(given, item) for item in items]


def _batches(items: Iterable[B], size: Callable[[B], int]) -> Iterator[list[B]]:
    batch: list[B] = []
    weight = 0
    for item in items:
        batch.append(item)
        weight += size(item)
        if weight >= BATCH or len(batch) >= MOST:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
