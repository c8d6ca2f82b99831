"""The least that a generator of Roundtable's pages can do: read all sources, and write the pages that have changed.

    python tests/bench/floor.py SOURCES PAGES TARGET

Nothing is made: the pages are those that Roundtable has written, read from PAGES.
"""

from __future__ import annotations

import sys
from pathlib import Path


def main(sources: Path, pages: Path, target: Path) -> None:
    """Read, compare, write."""
    for source in sources.iterdir():
        source.read_bytes()
    for page in pages.rglob("*"):
        if page.is_file():
            copy(page.read_bytes(), target / page.relative_to(pages))


def copy(data: bytes, to: Path) -> None:
    """Write a file, unless it is there already."""
    if to.is_file() and to.read_bytes() == data:
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    to.write_bytes(data)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
