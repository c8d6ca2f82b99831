"""The files that a build is made from, each with the stamp that tells whether it must be looked at again.

A stamp can be fooled in one way: a file that is changed again within the step of its file system's clock keeps its time. So
the stamp of a file that was changed just before the build began counts for nothing (`settled`), and the file is looked at
again by the next build, as Git does with its index ("racy Git").
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .provenance import digest
from .store import changed_at, stamp

STEP = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use, FAT's
UNSETTLED = b""


class Inputs(NamedTuple):
    """The files in `content/` and `static/`."""

    stamps: dict[str, bytes]  # by path: from the site's root with forward slashes; sorted
    left_out: tuple[str, ...]  # what is not among them, and why

    def digest(self) -> bytes:
        """A digest of all names and stamps."""
        return digest("\0".join((*self.stamps, *self.left_out)).encode(), b"".join(self.stamps.values()))


def look(folders: Mapping[str, Path]) -> Inputs:
    """All files below folders, named by a prefix each; hidden ones are left out, and links are not followed out of a folder."""
    found: list[tuple[str, bytes]] = []
    left_out: list[str] = []
    for prefix, folder in folders.items():
        if folder.is_dir():
            found += _below(str(folder), prefix, folder.resolve(), left_out)
    return Inputs(dict(sorted(found)), tuple(sorted(left_out)))


def _below(folder: str, prefix: str, inside: Path, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  (a hundred thousand times: nothing but what is needed)
    except OSError as error:
        left_out.append(f"a folder can't be read: {prefix} ({error.strerror})")
        return
    for name in names:
        if name[0] == ".":
            continue
        path, file = f"{prefix}/{name}", f"{folder}/{name}"
        try:
            status = os.lstat(file)
        except FileNotFoundError:  # it went while we looked
            continue
        if not name.isprintable():
            left_out.append(f"a name can't be printed: {path!a}")
        elif stat.S_ISDIR(status.st_mode):
            yield from _below(file, path, inside, left_out)
        elif stat.S_ISREG(status.st_mode):
            yield path, stamp(status)
        elif stat.S_ISLNK(status.st_mode) and (there := _led(file, path, inside, left_out)):
            yield path, there


def _led(file: str, path: str, inside: Path, left_out: list[str]) -> bytes | None:
    """The stamp of the file to which a link leads, if that is inside."""
    there = Path(file)
    try:
        return stamp(there.stat()) if there.is_file() and there.resolve().is_relative_to(inside) else None
    except OSError as error:  # where it leads nobody may look
        left_out.append(f"a link can't be followed: {path} ({error.strerror})")
        return None


def settled(stamp: bytes, began: int) -> bytes:
    """A stamp to be kept, by a build that began at that time of the file system's clock, in nanoseconds."""
    return stamp if changed_at(stamp) < began - STEP else UNSETTLED


def is_as_stamped(file: Path, known: bytes) -> bool:
    """Whether nobody has changed a file since it had that stamp."""
    try:
        return stamp(file.stat()) == known
    except OSError:
        return False
