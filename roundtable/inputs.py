"""The files that a build is made from, each with the stamp that tells whether it must be looked at again.

A stamp can be fooled in one way: a file that is changed again within the step of its file system's clock keeps its time. So
the stamp of a file that was changed just before the build began counts for nothing (`settled`), and the file is looked at
again by the next build, as Git does with its index ("racy Git").
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .store import changed_at, stamp

STEP = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use, FAT's
UNSETTLED = b""


class Inputs(NamedTuple):
    """The files in `content/` and `static/`."""

    stamps: dict[str, bytes]  # by path: from the site's root with forward slashes; sorted
    unspeakable: tuple[str, ...]  # files left out because their names can't be printed


def look(folders: Mapping[str, Path]) -> Inputs:
    """All files below folders, named by a prefix each; hidden ones are left out, and links are not followed out of a folder."""
    found: list[tuple[str, bytes]] = []
    unspeakable: list[str] = []
    for prefix, folder in folders.items():
        if folder.is_dir():
            found += _below(str(folder), prefix, folder.resolve(), unspeakable)
    return Inputs(dict(sorted(found)), tuple(sorted(unspeakable)))


def _below(folder: str, prefix: str, inside: Path, unspeakable: list[str]) -> Iterator[tuple[str, bytes]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name[0] == ".":
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{prefix}/{name}", inside, unspeakable)
            elif not name.isprintable():
                unspeakable.append(ascii(f"{prefix}/{name}"))
            elif entry.is_symlink():
                file = Path(entry.path)
                if file.is_file() and file.resolve().is_relative_to(inside):
                    yield f"{prefix}/{name}", stamp(file.stat())
            elif entry.is_file():
                yield f"{prefix}/{name}", stamp(entry.stat())


def settled(stamp: bytes, began: int) -> bytes:
    """A stamp to be kept, by a build that began at that time of the file system's clock, in nanoseconds."""
    return stamp if changed_at(stamp) < began - STEP else UNSETTLED
