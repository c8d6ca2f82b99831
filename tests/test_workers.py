"""Who works: what becomes of a build when a process of this machine dies."""

from __future__ import annotations

import contextlib
import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from roundtable import publishing, workers
from roundtable.workers import AHEAD, Team

from .conftest import Site

TALKS = "".join(f"-- content/t{i}.md --\n**Ann:** a {i}\n\n**Bo:** b\n\n" for i in range(30))


def dies(given: object, one: object) -> Any:
    """Stands for `stages.make` in a process that the system ends."""
    os.kill(os.getpid(), signal.SIGKILL)


def echoes(given: int, one: int) -> int:
    """Something to do."""
    return given + one


def size(one: object) -> int:
    """A batch each."""
    return 1_000_000


def test_a_worker_process_that_dies_is_told_and_the_output_is_as_it_was(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the likely cause and the cure, and not as an error of Roundtable's own; the next build is a good one."""
    monkeypatch.setattr(workers, "WORTH_A_POOL", 0)
    assert site.write(TALKS).build("--jobs", "2") == 0
    before = site.tree()
    site.write("-- content/t1.md --\n**Ann:** new\n\n**Bo:** words\n\n")
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "make", dies)
        assert site.build("--jobs", "2") == 1
    assert "error[RT902]: a worker process died" in site.err
    assert "--jobs 1" in site.err
    assert "Traceback" not in site.err
    assert site.tree() == before
    assert sorted(path.name for path in site.root.iterdir()) == [".roundtable", "content", "public", "site.toml"]
    assert site.build("--jobs", "1") == 0
    assert "new" in site.text("t1/index.html")


class Waiting(Executor):
    """An executor that has done the first thing it was given, and never comes to the others."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The future of something that is done if it is the first."""
        self.futures.append(future := Future())
        if len(self.futures) == 1:
            future.set_result(fn(*args, **kwargs))
        return future


def test_whoever_takes_no_more_has_what_is_outstanding_cancelled() -> None:
    """An interrupted build leaves nothing to do to an executor that lives on."""
    pool = Waiting()
    with contextlib.closing(Team(1, pool).in_order(echoes, 1, range(1_000), size)) as results:
        assert next(results) == 1
    assert len(pool.futures) == AHEAD + 1
    assert all(future.cancelled() for future in pool.futures[1:])


def test_ctrl_c_waits_until_a_process_has_begun() -> None:
    """One that is half begun would print a traceback; afterwards the signal is heard as before."""

    class Begins(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            """Interrupted while a process begins."""
            os.kill(os.getpid(), signal.SIGINT)
            begun.append(fn)
            future: Future[Any] = Future()
            future.set_result(fn(*args, **kwargs))
            return future

    begun: list[object] = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            list(Team(2, Begins()).in_order(echoes, 1, [1, 2, 3], size))
    finally:
        signal.signal(signal.SIGINT, before)
    assert len(begun) == 1
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
