"""Work on other machines: a cluster of Dask, as a `concurrent.futures.Executor`.

Dask moves the work and does it again elsewhere where a machine is lost. What it can't know is whether all machines would make
the same files: so each is asked, before it is given anything, for its code and for what it sees of the site's folders.
Only what is told of the work crosses the network; sources and output are on storage that all machines see.

Batches travel as bytes: Dask would look for work of its own in what it can look into.
"""

from __future__ import annotations

import asyncio
import logging
import os
import pickle
import platform
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import ExitStack, contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec
from uuid import uuid4

from . import __version__
from .diagnostics import Stopped, diagnose
from .model import Diagnostic
from .provenance import digest, libraries, provenance

if TYPE_CHECKING:
    from distributed import Client
    from distributed import Future as Work

P = ParamSpec("P")

ANSWER = 10.0  # seconds that a scheduler has to answer, and then a first worker to be there
LOOK = 2.0  # seconds of waiting after which one looks whether anybody works
PATIENCE = 60.0  # seconds without any worker after which a build ends: those that are started anew are back by then
LARGE = "distributed.admin.large-graph-warning-threshold"  # of a batch, which one long transcript may be
ALONE = Lock()  # of a worker's process: what it runs is made for one thread


class Terms(NamedTuple):
    """On which work is given out: what a worker must have."""

    code: bytes  # the same provenance
    settings: str  # the path of site.toml
    seen: bytes  # and what is to be seen of it
    folder: str | None  # where it must be able to write; None: it writes nothing
    build: str  # so that nothing is taken for what another build found


class Code(NamedTuple):
    """What a worker runs, as people call it."""

    roundtable: str
    python: str
    libraries: tuple[bytes, ...]


class Report(NamedTuple):
    """What a worker says when it is asked."""

    provenance: bytes
    code: Code
    unseen: str | None  # what it doesn't see as it should
    mark: str | None  # the file that it wrote to show that it can


class Crew(Executor):
    """The workers of a cluster, for one build."""

    def __init__(self, client: Client, address: str, terms: Terms) -> None:
        self._client, self._address, self._terms = client, address, terms
        self._last_seen = time.monotonic()
        self.size = len(client.nthreads())

    def submit(self, fn: Callable[P, Any], /, *args: P.args, **kwargs: P.kwargs) -> Future[Any]:
        """Have something done."""
        try:
            work = self._client.submit(_work, self._terms, pickle.dumps((fn, args, kwargs)), pure=False)
        except Exception as error:
            raise self._gone() from error
        return _HandedOut(self, work)

    def take(self, work: Work[Any]) -> Any:
        """The result of something, once it is there; Stopped, if nobody is left to bring it."""
        while True:
            try:
                result = pickle.loads(work.result(LOOK))  # noqa: S301  (our own)
            except TimeoutError:
                if work.status == "error":  # the work's own
                    raise
                self._look()
            except CancelledError as error:
                raise self._gone() from error
            except Exception as error:
                if told := self._told(error):
                    raise told from error
                raise
            else:
                self._last_seen = time.monotonic()
                return result

    def _look(self) -> None:
        """Whether anybody works: where nobody does, and nobody comes, nothing would ever be done."""
        try:
            is_anybody = bool(self._client.nthreads(callback_timeout=ANSWER))
        except Exception as error:
            raise self._gone() from error
        if is_anybody:
            self._last_seen = time.monotonic()
        elif time.monotonic() - self._last_seen > PATIENCE:
            message = f"the cluster at {self._address} has had no worker for {PATIENCE:.0f} s"
            raise Stopped(diagnose("RT903", message, None, "look why they ended, start some, and build again"))

    def _gone(self) -> Stopped:
        message = f"the scheduler at {self._address} has gone away, or dropped the work"
        return Stopped(diagnose("RT903", message, None, "look why it ended, start it and its workers, and build again"))

    def _told(self, error: Exception) -> Stopped | None:
        """What an error is in truth, unless it is the work's own."""
        from distributed import KilledWorker
        from distributed.comm.core import CommClosedError

        if isinstance(error, KilledWorker):
            message = "worker processes died, one after the other, over the same work; most often memory is short"
            return Stopped(diagnose("RT902", message, None, "give each worker more memory: fewer on a machine"))
        if isinstance(error, Unfit):
            who = f"a worker on {error.machine}"
            return Stopped(_wrong(who, error.report, self._terms) or _unseen(who, self._terms.settings))
        return self._gone() if isinstance(error, CommClosedError) else None


class _HandedOut(Future[Any]):
    """What is done on a cluster.

    Not what `Client.get_executor` gives: that one takes a result for an error if the worker that had it dies just then.
    """

    def __init__(self, crew: Crew, work: Work[Any]) -> None:
        super().__init__()
        self._crew, self._work = crew, work

    def result(self, timeout: float | None = None) -> Any:  # noqa: ARG002
        """What came of it; waited for as long as anybody works."""
        return self._crew.take(self._work)

    def cancel(self) -> bool:
        """Have it dropped."""
        with suppress(Exception):  # a scheduler that is gone has nothing to drop
            self._work.cancel()
        return True


@contextmanager
def crew(address: str, root: Path, folder: str | None) -> Iterator[Crew]:
    """The workers of the cluster at an address, for a site; `folder` is where they are to write."""
    settings = str(root.absolute() / "site.toml")
    terms = Terms(provenance(), settings, _sight(settings), folder, uuid4().hex)
    with ExitStack() as stack:
        client = _connected(address, stack)
        for who, report in _reports(client, address, terms):
            if wrong := _wrong(who, report, terms):
                raise Stopped(wrong)
        yield Crew(client, address, terms)


def _connected(address: str, stack: ExitStack) -> Client:
    """A client that is gone when the stack is left."""
    try:
        import dask
        from distributed import Client
    except ImportError:
        hint = "install it here and on every machine: pip install 'roundtable-press[dask]'"
        raise Stopped(diagnose("RT110", "Dask is not installed", None, hint)) from None
    stack.enter_context(_quiet())
    stack.enter_context(dask.config.set({LARGE: "1GB"}))
    try:
        asyncio.run(_called(address))  # a client that gets no answer can't be closed
        client: Client = stack.enter_context(Client(address, timeout=ANSWER, set_as_default=False))
    except (OSError, ValueError) as error:
        message = f"no scheduler of Dask answers at {address}"
        hint = "start one with 'dask scheduler', and give the address that it prints: tcp://…:8786"
        raise Stopped(diagnose("RT111", message, None, hint)) from error
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError as error:
        message = f"the cluster at {address} has no worker"
        hint = f"start some on each machine: dask worker {address} --nworkers auto --nthreads 1"
        raise Stopped(diagnose("RT111", message, None, hint)) from error
    return client


async def _called(address: str) -> None:
    """Nothing, once somebody answers there."""
    from distributed.comm.core import connect
    from distributed.security import Security

    comm = await connect(address, timeout=ANSWER, **Security().get_connection_args("client"))
    await comm.close()


@contextmanager
def _quiet() -> Iterator[None]:
    """Without what Dask and its event loop log, tracebacks too: what matters of it is told as a diagnostic."""
    before = logging.root.manager.disable
    logging.disable()
    try:
        yield
    finally:
        logging.disable(before)


def _reports(client: Client, address: str, terms: Terms) -> Iterator[tuple[str, Report | Exception]]:
    """What the scheduler and each worker say; who can't even be asked has none of our code."""
    try:
        yield f"the scheduler at {address}", client.run_on_scheduler(_itself)
    except Exception as error:
        yield f"the scheduler at {address}", error
    for worker, report in sorted(client.run(_report, terms, on_error="return").items()):
        if not isinstance(report, OSError):  # else it is gone already
            yield f"the worker at {worker}", report


def _wrong(who: str, report: Report | Exception, terms: Terms) -> Diagnostic | None:
    """Why somebody can't be given anything."""
    if not isinstance(report, Report):
        return _other_code(who, f"it has no Roundtable, or another one ({type(report).__name__}: {report})")
    if report.provenance != terms.code:
        return _other_code(who, _difference(_code(), report.code))
    if report.unseen is None and report.mark and not Path(report.mark).exists():
        return _unseen(who, str(Path(report.mark).parent))
    return _unseen(who, report.unseen) if report.unseen else None


def _other_code(who: str, difference: str) -> Diagnostic:
    hint = "install the same Python, Roundtable and libraries on every machine, and start scheduler and workers again"
    return diagnose("RT112", f"{who} runs other code than this machine: {difference}", None, hint)


def _difference(here: Code, there: Code) -> str:
    """What differs, in words."""
    if here.roundtable != there.roundtable:
        return f"Roundtable {there.roundtable}, here {here.roundtable}"
    if here.python != there.python:
        return f"Python {there.python}, here {here.python}"
    theirs, ours = sorted({*there.libraries} - {*here.libraries}), sorted({*here.libraries} - {*there.libraries})
    if theirs or ours:
        return f"{_names(theirs)}, here {_names(ours)}"
    return f"Roundtable {there.roundtable} with changes"


def _names(libraries: list[bytes]) -> str:
    return " and ".join(name.decode().rpartition(".")[0] for name in libraries) or "nothing of it"


def _unseen(who: str, path: str) -> Diagnostic:
    message = f"{who} doesn't see {path} as this machine does, or can't write there"
    return diagnose("RT113", message, None, "put the site where all machines see it, under the same path")


# --- on the workers --------------------------------------------------------------------------------------------------


class Unfit(Exception):  # noqa: N818  (no error of ours)
    """A worker that came in mid build and can't be given anything: its machine, and what it says."""

    def __init__(self, machine: str, report: Report) -> None:
        super().__init__(machine, report)
        self.machine, self.report = machine, report


def _itself() -> Report:
    """What the scheduler has, which sees what is given out and touches no file."""
    return Report(provenance(), _code(), None, None)


def _report(terms: Terms) -> Report:
    """What a worker has, and that it can write."""
    mark = f"{terms.folder}/{uuid4().hex}" if terms.folder else None
    try:
        if mark:
            Path(mark).touch()
    except OSError:
        return Report(provenance(), _code(), terms.folder, None)
    return Report(provenance(), _code(), _unseen_by(terms), mark)


def _code() -> Code:
    return Code(__version__, sys.version, tuple(libraries()))


def _unseen_by(terms: Terms) -> str | None:
    """What isn't seen here as it should be."""
    if _sight(terms.settings) != terms.seen:
        return terms.settings
    return None if terms.folder is None or Path(terms.folder).is_dir() else terms.folder


def _sight(path: str) -> bytes:
    """A digest of a file and of when it was written: of another file, even of a copy, there is another."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123  (opened before it is looked at, so that a network's folder looks anew)
            return digest(file.read(), b"%d" % os.fstat(file.fileno()).st_mtime)
    except OSError:
        return b""


def _work(terms: Terms, work: bytes) -> bytes:
    """What a worker does with a batch. It may be done twice, here and there, at the same time."""
    if not _fits(terms):
        raise Unfit(platform.node(), _report(terms))
    with ALONE:
        fn, args, kwargs = pickle.loads(work)  # noqa: S301  (our own)
        return pickle.dumps(fn(*args, **kwargs))


@lru_cache(maxsize=1)
def _fits(terms: Terms) -> bool:
    """Whether this worker can be given anything; it may have come since all were asked."""
    return provenance() == terms.code and _unseen_by(terms) is None
