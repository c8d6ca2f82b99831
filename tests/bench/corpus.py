"""The corpus that builds are measured with: made from a folder of transcripts, the same each time.

Transcripts are Markdown, `**Name:** words`, without front matter. They are written over and over, each with a title and a
date of its own (`replicas`), or cut into many small ones, of which no two are the same (`slices`).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

LABEL = re.compile(r"^\*\*[^*\n]+:\*\*", re.MULTILINE)
MENDED = (("](@", "](https://example.org/@"), ("]()", "](https://example.org/)"))
FIRST_DAY, DAYS = date(2000, 1, 1), 9_000  # some generators publish nothing that has a date to come
SLICE, LONGER = (
    500,
    20,
)  # characters that a slice has at least, and how many more in each pass: 1.2 KB on average of 100,000


class Corpus(NamedTuple):
    """Files in a folder, and the one that is edited."""

    folder: Path
    pages: dict[str, int]  # the stems of the files, with their sizes
    edited: str

    def size(self) -> int:
        """Bytes in all."""
        return sum(self.pages.values())

    def edit(self, number: int) -> None:
        """Append a paragraph where the file stands, so that all hard links show it."""
        with (self.folder / f"{self.edited}.md").open("a", encoding="utf-8") as file:
            file.write(f"\n{marker(number)}\n")


def marker(number: int) -> str:
    """What an edit says."""
    return f"Edited {number}."


def texts(folder: Path) -> list[str]:
    """The transcripts of a folder; links that lead nowhere, which Roundtable is right to refuse, are mended."""
    found = [(file, file.read_text(encoding="utf-8")) for file in sorted(folder.glob("*.md"))]
    for file, text in found:
        if text.startswith("---"):
            sys.exit(f"{file} has front matter; the bench writes its own")
    return [_mended(text) for _, text in found] or sys.exit(f"{folder} holds no .md file")


def _mended(text: str) -> str:
    for broken, whole in MENDED:
        text = text.replace(broken, whole)
    return text


def replicas(texts: Sequence[str], count: int) -> Iterator[str]:
    """So many texts: all in turn, again and again."""
    return islice(cycle(texts), count)


def slices(texts: Sequence[str], count: int) -> Iterator[str]:
    """So many distinct pieces, each beginning at a turn; each pass cuts longer ones, a turn further on."""
    seen: set[str] = set()
    number = 0
    while len(seen) < count:
        before = len(seen)
        for piece in (piece for text in texts for piece in cut(text, SLICE + LONGER * number, number)):
            if piece not in seen and len(seen) < count:
                seen.add(piece)
                yield piece
        number += 1
        if len(seen) == before:
            sys.exit(f"the folder gives {before} slices, not {count}")


def cut(text: str, size: int, skip: int) -> Iterator[str]:
    """Pieces of at least so many characters, from a turn on; what remains at the end is too short and left out."""
    starts = [match.start() for match in LABEL.finditer(text)][skip:]
    begin = starts[0] if starts else 0
    for end in [*starts, len(text)]:
        if end - begin >= size:
            yield text[begin:end].rstrip() + "\n"
            begin = end


def write(bodies: Iterable[str], folder: Path) -> Corpus:
    """The corpus on disk: each text under a title and a date of its own."""
    folder.mkdir(parents=True)
    pages = {}
    for number, body in enumerate(bodies):
        day = FIRST_DAY + timedelta(number % DAYS)
        data = f"---\ntitle: Transcript {number:06}\ndate: {day}\n---\n\n{body}".encode()
        stem = f"transcript-{number:06}"
        (folder / f"{stem}.md").write_bytes(data)
        pages[stem] = len(data)
    return Corpus(folder, pages, sorted(pages)[len(pages) // 2])
