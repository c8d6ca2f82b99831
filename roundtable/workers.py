"""Where work is done: here, in as many processes as there are processors, or on other machines.

Always a `concurrent.futures.Executor` does it.

Work is handed out in batches of some size in bytes, a few ahead of what is taken, so that memory stays flat however many
things there are to do.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, Self, TypeVar

from .diagnostics import Stopped, diagnose

if TYPE_CHECKING:  # the command line asks for the names of the executors, and for nothing that they need
    from concurrent.futures import Executor, Future

    from .output import Place
    from .site import Site

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
        """At most `jobs` processes; None: as many as there are processors. Or an executor that is there already."""
        self.size = jobs or os.cpu_count() or 1
        self._pool, self._is_own = pool, pool is None
        self._enough = sys.maxsize if self.size == 1 else WORTH_A_POOL

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool and self._is_own:  # what a worker is about to write goes into a folder that is then taken away
            self._pool.shutdown(cancel_futures=True)

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
        from concurrent.futures import BrokenExecutor

        self._pool = self._pool or _processes(self.size)
        waiting: deque[Future[list[C]]] = deque()
        try:
            for batch in _batches(items, size):
                with _uninterrupted():  # it may begin a process, which is deaf to that signal itself
                    waiting.append(self._pool.submit(_each, fn, given, batch))
                if len(waiting) > AHEAD * self.size:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenExecutor as error:
            raise _died() from error
        finally:  # whoever takes no more of it has no use for the rest
            for future in waiting:
                future.cancel()


def _processes(count: int) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    method = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    context.set_forkserver_preload(["roundtable.stages"])
    return ProcessPoolExecutor(count, mp_context=context, initializer=_begin)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits for the end of this. A process that is half begun would print how far it was, or what it doesn't find any more."""
    is_main, heard = threading.current_thread() is threading.main_thread(), []
    handler = signal.signal(signal.SIGINT, lambda *_: heard.append(True)) if is_main else None
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if os.name == "posix" else None  # for who is begun
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        if is_main:
            signal.signal(signal.SIGINT, handler)
            if heard:
                signal.raise_signal(signal.SIGINT)


def _begin() -> None:
    """What a worker does first. Ctrl-C on a terminal reaches all processes there: whoever gave it work is to end it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    seldom_collect()


def seldom_collect() -> None:
    """Have this process look for cycles seldom: what a build makes is none, and very many."""
    gc.set_threshold(100_000, 20, 20)


def _died() -> Stopped:
    message = "a worker process died; most often it is ended by the system, because memory is short"
    return Stopped(diagnose("RT902", message, None, "build with fewer processes: --jobs 1"))


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


# --- who works for a site --------------------------------------------------------------------------------------------


def hired(site: Site, place: Place | None) -> AbstractContextManager[Team]:
    """Who works for a site; None: nothing is written. Stopped, if they can't."""
    return EXECUTORS[site.executor](site, place)


def _on_this_machine(site: Site, _: Place | None) -> Team:
    return Team(site.jobs)


@contextmanager
def _on_a_cluster(site: Site, place: Place | None) -> Iterator[Team]:
    from .cluster import crew

    with crew(site.scheduler or "", site.root, place.parts if place else None) as found:
        yield Team(found.size, found)


EXECUTORS: dict[str, Callable[[Site, Place | None], AbstractContextManager[Team]]] = {
    "processes": _on_this_machine,
    "dask": _on_a_cluster,
}
