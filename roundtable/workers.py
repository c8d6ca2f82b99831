"""Where work is done: in this process, or in as many as there are processors. Either way a `concurrent.futures.Executor`."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from typing import Any, TypeVar

A = TypeVar("A")
B = TypeVar("B")

WORTH_A_POOL = 2_000_000  # bytes of sources; starting processes costs more than reading fewer
CHUNK = 8


class Serial(Executor):
    """Does each thing when it is asked for, here."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """A future that is done already."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future

    def map(self, fn: Callable[..., Any], *iterables: Iterable[Any], **_: Any) -> Iterator[Any]:
        """Results in order, each made when it is taken."""
        return map(fn, *iterables)


def executor(jobs: int | None, size: int) -> Executor:
    """An executor for sources of that many bytes. `jobs` processes; None: as many as pay."""
    wanted = jobs if jobs is not None else (os.cpu_count() or 1) if size >= WORTH_A_POOL else 1
    if wanted <= 1:
        return Serial()
    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    return ProcessPoolExecutor(wanted, mp_context=multiprocessing.get_context(method))


def in_order(pool: Executor, fn: Callable[[A], B], items: Iterable[A]) -> Iterator[B]:
    """The results in the order of the items."""
    return pool.map(fn, items, chunksize=CHUNK)
