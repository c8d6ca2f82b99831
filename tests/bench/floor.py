"""The least that a generator of Roundtable's pages can do: read all sources, and write the pages that have changed.

    python tests/bench/floor.py SOURCES PAGES TARGET

Nothing is made: the pages are those that Roundtable has written, read from PAGES where they are newer than in TARGET.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def main(sources: str, pages: str, target: str) -> None:
    """Read, look for what is newer, write."""
    for entry in os.scandir(sources):
        Path(entry.path).read_bytes()
    for folder, _, files in os.walk(pages):
        to = target + folder.removeprefix(pages)
        os.makedirs(to, exist_ok=True)  # noqa: PTH103 - pathlib would cost more than the work
        for name in files:
            copy(f"{folder}/{name}", f"{to}/{name}")


def copy(page: str, to: str) -> None:
    """Write a page, unless what is there is as new."""
    try:
        if os.stat(to).st_mtime_ns >= os.stat(page).st_mtime_ns:  # noqa: PTH116
            return
    except FileNotFoundError:
        pass
    Path(to).write_bytes(Path(page).read_bytes())


if __name__ == "__main__":
    if len(sys.argv) != 4:  # argparse would cost more than the work
        print(__doc__)
        sys.exit(0 if {"-h", "--help"} & {*sys.argv} else 2)
    main(*sys.argv[1:])
