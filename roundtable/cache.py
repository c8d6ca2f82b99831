"""The folder where a site keeps its store, and the lock that lets one build at a time use it.

The lock is the operating system's, on an open file, so that it goes with its holder, however that ends; the file names the
holder for whoever waits.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .site import Site
from .store import Store
from .watch import Watch

FOLDER = ".roundtable/cache"
TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# This folder can be deleted at any time: https://bford.info/cachedir/\n"
POLL = 0.05  # seconds


class Kept:
    """An open store, and when it was opened by the clock of its file system."""

    def __init__(self, folder: Path, lock: IO[str]) -> None:
        self.folder = folder
        self.store = Store(folder / "store.sqlite")
        self.began = os.fstat(lock.fileno()).st_mtime_ns


@contextmanager
def opened(site: Site, watch: Watch, only_if_there: bool = False) -> Iterator[Kept]:
    """The site's store; one for this build alone where none can be kept, or where there is none and none is to be made."""
    folder = site.cache or site.root / FOLDER
    with contextlib.ExitStack() as stack:
        if only_if_there and not folder.is_dir():
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            lock = _prepared(folder)
        except OSError:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            lock = _prepared(folder)
        with lock:
            _locked(lock, watch)
            lock.seek(0)
            lock.truncate()
            lock.write(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}, {' '.join(sys.argv)[:200]}\n")
            lock.flush()
            try:
                kept = Kept(folder, lock)
            except sqlite3.Error:  # somebody else's, or on a disk that can't be written to
                kept = Kept(Path(stack.enter_context(tempfile.TemporaryDirectory())), lock)
            with kept.store:
                try:
                    if site.clean:
                        kept.store.clear()
                    yield kept
                except sqlite3.OperationalError as error:
                    raise OSError(0, f"the cache can't be used: {error}", str(kept.folder)) from error
                except sqlite3.DatabaseError as error:
                    kept.store.discard()
                    raise OSError(
                        0, f"the cache was damaged ({error}); it is thrown away: build again", str(kept.folder)
                    ) from error


def _prepared(folder: Path) -> IO[str]:
    """The open lock file of a cache folder, which is made if it isn't there."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "CACHEDIR.TAG").write_text(TAG, encoding="utf-8")
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    for name in ("lock", "store.sqlite"):
        if (folder / name).is_symlink():  # nothing is written elsewhere
            raise OSError(0, "is a link", str(folder / name))
    return (folder / "lock").open("a+", encoding="utf-8", errors="backslashreplace")


def _locked(lock: IO[str], watch: Watch) -> None:
    """Wait until nobody else has the lock."""
    while not is_had(lock):
        lock.seek(0)
        watch.wait(lock.read().strip())
        time.sleep(POLL)


if sys.platform == "win32":
    import msvcrt

    def is_had(file: IO[str]) -> bool:
        """Whether the lock on an open file could be had; it goes when the file is closed."""
        file.seek(1 << 20)  # behind what the file says, which others are to read
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def is_had(file: IO[str]) -> bool:
        """Whether the lock on an open file could be had; it goes when the file is closed."""
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
