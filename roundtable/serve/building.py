"""Builds, one after the other, in a thread of its own.

A build that is overtaken by a newer change ends at its next step, and the newest begins: each step is a place where nothing
is half done, and what was read so far is kept or undone as a whole (`store.transaction`). What is committed is never cut
short. If changes go on and on, one of the builds is let through.

Where very many pages are to be made, those that are open in a browser are made first, and shown before the build ends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..diagnostics import Stopped, diagnose, failed, refused
from ..model import Diagnostic
from ..pipeline import Outcome, build
from ..site import Site
from ..watch import Watch

FOLDER = ".roundtable/serve"
PATIENCE = 5.0  # seconds that builds are overtaken, one after the other, before one isn't
QUIET = 0.08  # seconds without another change after which a build is told of
FEW = 100  # files of a burst that are looked at for that

Load = Callable[[], tuple[Site | None, tuple[Diagnostic, ...]]]


class Terminal(NamedTuple):
    """What is said there, beside the pages."""

    told: Callable[[Iterable[Diagnostic]], object]
    report: Callable[[Site, Outcome, float], object]  # of a build that began at that time
    say: Callable[[str], object]


class Built(NamedTuple):
    """What came of a build."""

    site: Site | None  # as it is served; None where the configuration is wrong
    found: tuple[Diagnostic, ...]
    more: dict[str, int]  # how many of a code there are beyond those
    files: frozenset[str] | None  # that changed in the output; None: all of them
    read: int = 0  # sources that were read anew: what the desk shows of them may be otherwise, though no page is

    @property
    def failed(self) -> bool:
        """Whether the pages are those of an earlier build."""
        return failed(self.found)


def local(site: Site) -> Site:
    """The site as it is served: in a folder of its own, and what is half typed isn't recorded in the ledger."""
    return msgspec.structs.replace(site, output=site.root / FOLDER, records=False)


class Overtaken(BaseException):
    """Ends a build for which there is a newer one to make. Like KeyboardInterrupt, it is no failure of what it ends."""


class Early(NamedTuple):
    """What there is to see of a build that goes on."""

    site: Site
    pages: Mapping[str, bytes]  # those that are open, by URL
    errors: tuple[Diagnostic, ...]  # why they can't be made


class Onlookers(NamedTuple):
    """Who looks at pages."""

    tell: Callable[[Built], object]  # what came of a build
    awaited: Callable[[], Collection[str]] = tuple  # the URLs of pages that are open
    show: Callable[[Early], object] = lambda _: None


class _Overseen(Watch):
    """Ends a build at its next step, if it is overtaken; shows the pages that are open before all are made."""

    def __init__(
        self, is_overtaken: Callable[[], bool], awaited: Callable[[], Collection[str]] = tuple,
        show: Callable[[Mapping[str, bytes], tuple[Diagnostic, ...]], object] = lambda *_: None,
    ) -> None:  # fmt: skip
        super().__init__()
        self._is_overtaken, self._awaited, self._show = is_overtaken, awaited, show

    def begin(self, name: str, total: int) -> None:  # noqa: ARG002
        """A stage begins: a good place to end, but where files are about to be moved."""
        if name != "committing":
            self._look()

    def step(self, size: int = 0) -> None:
        """One thing is done."""
        super().step(size)
        self._look()

    def awaited(self) -> Collection[str]:
        """Pages that are open."""
        return self._awaited()

    def ready(self, pages: Mapping[str, Path], found: tuple[Diagnostic, ...]) -> None:
        """They are made, or can't be."""
        self._look()
        errors = tuple(one for one in found if failed([one]))
        if errors or pages:
            self._show({} if errors else {url: file.read_bytes() for url, file in pages.items()}, errors)

    def wait(self, holder: str) -> None:  # noqa: ARG002
        """Somebody else is building."""
        self._look()

    def _look(self) -> None:
        if self._is_overtaken():
            raise Overtaken


class Builder:
    """Builds when it is asked to, and tells what came of it."""

    def __init__(self, load: Load, onlookers: Onlookers, terminal: Terminal) -> None:
        """`load` reads the configuration anew for each build. All that is given is called from the thread."""
        self._load, self._onlookers, self._terminal = load, onlookers, terminal
        self._said: tuple[Diagnostic, ...] | None = None  # of the configuration; the first time it has been said
        self._reported: tuple[Diagnostic, ...] | None = None
        self._wanted, self._is_stopped = threading.Event(), False
        self._is_building = self._again = False
        self._asked = 0.0
        self._burst: frozenset[str] = frozenset()  # files that changed since a build was told of
        self._since = 0.0  # when the first change was asked for that nobody was told of
        self._owed: frozenset[str] | None = frozenset()  # files that changed, and nobody was told yet
        self._read = 0  # sources that were read, and nobody was told yet
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> None:
        """Begin with the first build."""
        self._since = time.monotonic()
        self._wanted.set()
        self._thread.start()

    def want(self, files: Iterable[str] = ()) -> None:
        """Something may have changed, in these files: a build that runs is overtaken."""
        self._asked = time.monotonic()
        self._burst = frozenset(sorted(self._burst.union(files))[:FEW])
        if not (self._is_building or self._wanted.is_set()):
            self._since = self._asked
        self._wanted.set()

    def look(self) -> None:
        """Build, too, once nothing else is to be built: nothing is known to have changed."""
        self._again = True
        if not self._is_building:
            self._wanted.set()

    def stop(self, seconds: float = 10) -> None:
        """End, at the next step of a build that runs; wait so long for that."""
        self._is_stopped = True
        self._wanted.set()
        self._thread.join(seconds)

    def _run(self) -> None:
        while self._wanted.wait() and not self._is_stopped:
            self._is_building = True
            self._wanted.clear()
            self._once()
            self._is_building = False
            if self._again:
                self._again = False
                self._wanted.set()

    def _once(self) -> None:
        burst = self._burst
        before = _written(burst)

        def show(early: Early) -> None:
            """Pages that are open; not while a burst goes on."""
            if self._is_patient() and self._goes_on(burst, before):
                self._wanted.set()
                raise Overtaken
            self._onlookers.show(early)

        try:
            built = self._built(show)
        except Overtaken:
            return
        self._owed = None if self._owed is None or built.files is None else self._owed | built.files
        self._read += built.read
        if self._is_patient() and self._goes_on(burst, before):  # then the next one tells
            self._wanted.set()
            return
        self._since = time.monotonic()
        self._burst = frozenset()
        self._onlookers.tell(built._replace(files=self._owed, read=self._read))
        self._owed, self._read = frozenset(), 0

    def _goes_on(self, burst: frozenset[str], before: list[float]) -> bool:
        """Whether a burst of changes goes on: on a busy machine, files tell it sooner than the system says that they changed."""
        young = min(max(time.time() - max(before, default=0.0), 0.0), QUIET)
        rest = max(self._asked + QUIET - time.monotonic(), QUIET - young)
        return self._wanted.wait(max(rest, 0)) or _written(burst) != before

    def _is_overtaken(self) -> bool:
        return self._is_stopped or (self._wanted.is_set() and self._is_patient())

    def _is_patient(self) -> bool:
        return time.monotonic() - self._since < PATIENCE

    def _built(self, show: Callable[[Early], object]) -> Built:
        try:
            site, found = self._load()
            self._say(found)
            if site is None:
                return Built(None, found, {}, frozenset())
            began, site = time.perf_counter(), local(site)
            watch = _Overseen(self._is_overtaken, self._onlookers.awaited, lambda *some: show(Early(site, *some)))
            outcome = build(site, watch)
        except Exception as error:  # whatever it is: the next change may mend it, and serving goes on
            trouble = (_trouble(error),)
            self._say(trouble)
            return Built(None, trouble, {}, frozenset())
        done = outcome.committed
        files = frozenset() if done is None else None if done.files is None else frozenset(done.files)
        if files is None or files or outcome.found != self._reported:
            self._terminal.report(site, outcome, began)
        self._reported = outcome.found
        return Built(site, (*found, *outcome.found), outcome.more, files, outcome.read)

    def _say(self, found: tuple[Diagnostic, ...]) -> None:
        """Say what is wrong before a build begins, unless it was said already."""
        if self._said is not None and found != self._said:
            self._terminal.told(found)
        self._said = found


def _written(files: Iterable[str]) -> list[float]:
    """When files were written last, in seconds since 1970; 0 of one that is not there."""
    times = []
    for file in sorted(files):
        try:
            times.append(Path(file).stat().st_mtime)
        except OSError:
            times.append(0.0)
    return times


def _trouble(error: Exception) -> Diagnostic:
    """Why a build can't be made, in the terms of the command line."""
    if isinstance(error, Stopped):
        return error.told
    if isinstance(error, OSError):
        return refused(error)
    return diagnose("RT901", f"an error of Roundtable's own: {type(error).__name__}: {error}", None, "please report it")
