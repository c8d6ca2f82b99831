"""Says that files of a site may have changed. What changed is for a build to find out.

watchfiles does the watching, and may report less than what happened.

The folders are watched with all that is in them, and the places where they lie by themselves, so that a folder that comes,
goes or is put in another's place is watched anew. A run of events is one change, told when no more come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from watchfiles import Change, watch

STEP = 8  # milliseconds without an event after which a run of them is over
LONGEST = 200  # milliseconds after which a run is told though it goes on
ASKED = 500  # milliseconds after which is looked whether all of it is still watched as it should be


class Watching:
    """Watches one site in threads of its own, until it is stopped."""

    def __init__(
        self, root: Path, content: Callable[[], str], changed: Callable[[Iterable[str]], object], begun: Callable[[], object],
        say: Callable[[str], object],
    ) -> None:  # fmt: skip
        """`content` gives the name of the content folder, which the configuration can change.

        `changed` is called with the files in which something may have; `begun` once something is watched, before which it may have changed.
        """
        self._root, self._content, self._say = root.absolute(), content, say
        self._changed, self._begun = changed, begun
        self._stopped = threading.Event()
        self._moved = threading.Event()  # the folders aren't those that are watched
        self._threads = [
            threading.Thread(target=self._watch, args=args, daemon=True)
            for args in ((self._places, self._is_near, False), (self._folders, self._is_deep, True))
        ]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End, and wait for that."""
        self._stopped.set()
        self._moved.set()
        for thread in self._threads:
            thread.join()

    # what is watched

    def _named(self) -> list[Path]:
        return [self._root / name for name in (self._content(), "templates", "static")]

    def _folders(self) -> list[Path]:
        return [folder for folder in self._named() if folder.is_dir()]

    def _places(self) -> list[Path]:
        above = {self._root, *(folder.parent for folder in self._named())}
        return sorted(folder for folder in above if folder.is_dir())

    def _is_deep(self, _: Change, path: str) -> bool:
        """Whether that is a file that a build looks at: a hidden one is an editor's own."""
        below = next((folder for folder in self._named() if Path(path).is_relative_to(folder)), self._root)
        return not any(part.startswith(".") for part in Path(path).relative_to(below).parts)

    def _is_near(self, change: Change, path: str) -> bool:
        """Whether that is a file beside the folders, such as site.toml, or one of the folders; a new one may be what site.toml lacks."""
        one = Path(path)
        is_looked_at = one in self._named() or not one.is_dir() or change is Change.added
        return is_looked_at and not one.name.startswith(".")

    # watching

    def _watch(self, places: Callable[[], list[Path]], counts: Callable[[Change, str], bool], is_deep: bool) -> None:
        polls: bool | None = None  # else as the system can, or WATCHFILES_FORCE_POLLING says
        while not self._stopped.is_set():
            known = _identity(there := places())
            if is_deep:
                self._moved.clear()
            if not there:
                self._stopped.wait(ASKED / 1000)
                continue
            try:
                for _ in self._events(there, counts, is_deep, polls):
                    if not is_deep and _identity(self._folders()) != self._known:
                        self._moved.set()
                    if _identity(places()) != known:
                        break
            except (OSError, RuntimeError) as error:  # watchfiles raises the second at a name that is not UTF-8
                if polls or isinstance(error, FileNotFoundError | RuntimeError):  # gone while we looked
                    self._stopped.wait(ASKED / 1000)
                else:
                    self._say(f"the system can't watch the files ({error}): looking at them every moment instead")
                    polls = True

    def _events(
        self, there: list[Path], counts: Callable[[Change, str], bool], is_deep: bool, polls: bool | None
    ) -> Iterator[None]:  # fmt: skip
        """One item for each time that it is to be asked whether all is watched; changes are told on the way."""
        if is_deep:
            self._known = _identity(there)
        is_first = True
        ended = self._moved if is_deep else self._stopped
        for changes in watch(
            *there, watch_filter=counts, debounce=LONGEST, step=STEP, stop_event=ended, rust_timeout=ASKED,
            yield_on_timeout=True, raise_interrupt=False, force_polling=polls, recursive=is_deep,
        ):  # fmt: skip
            if changes:
                self._changed(path for _, path in changes)
            elif is_first:
                self._begun()
            is_first = False
            yield

    _known: tuple[tuple[str, int, int], ...] = ()  # the folders that are watched


def _identity(folders: list[Path]) -> tuple[tuple[str, int, int], ...]:
    """Folders, told from others that come to stand in their places."""
    found = []
    for folder in folders:
        try:
            status = folder.stat()
        except OSError:
            continue
        found.append((str(folder), status.st_dev, status.st_ino))
    return tuple(found)
