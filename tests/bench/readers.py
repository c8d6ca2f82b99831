"""What reading costs: speed, memory, and whether time grows with the length and no faster.

    python tests/bench/readers.py FOLDER [--files 60] [--runs 5]
    python tests/bench/readers.py --growth [FORMAT …]

FOLDER holds speaker-tagged Markdown. It is read as it stands, and once more as plain text: its turns written as `Name: text`,
a paragraph a line, in memory. Timed is what makes the model of a file: decoding, reading, the proof that no word is lost
(fidelity.reading), and speakers.attribute with marks and ids. Making HTML of the words and building pages is not part of
it; tests/bench/run.py measures whole builds. Times are of the process, medians of all runs; nothing else is traced while they are
taken. Memory is the peak of what Python allocates for one file, its bytes aside, in multiples of their number.

--growth reads hostile inputs (hostile.py) of n characters and of 2n: where time grows with the length the factor is about 2.
"""

from __future__ import annotations

import argparse
import gc
import signal
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import NamedTuple

import msgspec
from hostile import HOSTILE, Maker

sys.path.insert(0, str(Path(__file__).parents[2]))

from roundtable import fidelity, readers, speakers
from roundtable.model import Source, Transcript

SUFFIXES = {
    "markdown": ".md", "text": ".txt", "docx": ".docx", "slack": ".zip", "html": ".html", "html-text": ".html", "foreign": ".txt"
}  # fmt: skip
ENOUGH = 0.15  # seconds, from which on a time says something
FIRST, LAST = 20_000, 1_280_000  # characters
LIMIT = 60  # seconds that one input may take
SUSPECT = 2.6  # factor from which on a second look is worth it


class Cost(NamedTuple):
    """Seconds of one file, by step."""

    decode: float
    read: float
    prove: float
    attribute: float

    def total(self) -> float:
        """All steps."""
        return sum(self)


def timed(path: str, data: bytes) -> Cost:
    """The model of one file, made once."""
    at = [time.process_time()]
    source, _ = readers.decode(path, data)
    assert source is not None
    at.append(time.process_time())
    reading = readers.read(source)
    at.append(time.process_time())
    lost = fidelity.reading(reading)
    at.append(time.process_time())
    speakers.attribute(reading, "en")
    at.append(time.process_time())
    assert not lost, lost[0]
    return Cost(*(b - a for a, b in pairwise(at)))


def as_plain_text(path: str, data: bytes) -> bytes:
    """The turns of a tagged file as raw text: `Name: text`, one paragraph a line."""
    source, _ = readers.decode(path, data)
    assert source is not None
    document, _ = speakers.attribute(readers.read(source), "en")
    assert isinstance(document, Transcript)
    blocks = []
    for turn in document.turns():
        words = "\n".join(" ".join(one.split()) for one in turn.markdown.split("\n\n"))
        blocks.append(f"{turn.label}: {words}" if turn.label else words)
    return "\n\n".join(blocks).encode()


def throughput(name: str, files: dict[str, bytes], runs: int) -> None:
    """One row of the table of speeds."""
    for path, data in files.items():
        timed(path, data)  # the first fills caches
    size = sum(map(len, files.values())) / 1e6
    rounds = []
    for _ in range(runs):
        gc.collect()
        rounds.append([timed(path, data) for path, data in files.items()])
    whole = statistics.median(sum(one.total() for one in each) for each in rounds)
    steps = [statistics.median(sum(one[i] for one in each) for each in rounds) / whole for i in range(4)]
    shares = " | ".join(f"{share:.0%}" for share in steps)
    print(f"| {name} | {len(files)} | {size:.1f} | {size / whole:.1f} | {shares} |", flush=True)


def peak(path: str, data: bytes) -> float:
    """The most that Python has allocated while the model of a file was made, in multiples of the file."""
    gc.collect()
    tracemalloc.start()
    source, _ = readers.decode(path, data)
    assert source is not None
    reading = readers.read(source)
    fidelity.reading(reading)
    kept = speakers.attribute(reading, "en")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    del kept
    return most / len(data)


def memory(name: str, files: dict[str, bytes]) -> None:
    """One row of the table of memory: the typical file, the worst, and all as one."""
    each = [peak(path, data) for path, data in files.items()]
    suffix = Path(next(iter(files))).suffix
    one = b"\n\n".join(files.values())
    print(
        f"| {name} | {statistics.median(each):.1f} | {max(each):.1f} | {peak(f'all{suffix}', one):.1f} ({len(one) / 1e6:.1f} MB) |",
        flush=True,
    )


def measure(folder: Path, count: int, runs: int) -> None:
    """Both tables for a folder of tagged Markdown."""
    tagged = {file.name: file.read_bytes() for file in sorted(folder.glob("*.md"))[:count]}
    if not tagged:
        sys.exit(f"{folder} holds no Markdown")
    plain = {path.replace(".md", ".txt"): as_plain_text(path, data) for path, data in tagged.items()}
    labelled = {path.replace(".txt", ".md"): data for path, data in plain.items()}
    kinds = {"tagged Markdown": tagged, "plain text, detected": plain, "the same as Markdown": labelled}
    print("| input | files | MB | MB/s | decode | read | prove | attribute |\n" + "| --- " * 8 + "|")
    for name, files in kinds.items():
        throughput(name, files, runs)
    print("\n| input | peak, median file | worst file | all as one file |\n" + "| --- " * 4 + "|")
    for name, files in kinds.items():
        memory(name, files)


# --- growth ----------------------------------------------------------------------------------------------------------


class TooLongError(Exception):
    """An input that takes longer than anybody waits."""


def _stop(_: int, __: FrameType | None) -> None:
    raise TooLongError


def cost(format: str, make: Maker, length: int, runs: int = 2) -> float:
    """Seconds for a hostile input of that length, read as that format whatever it looks like; the best of all runs."""
    data = make(length)
    path = f"a{SUFFIXES.get(format) or readers.FORMATS[format].suffixes[0]}"
    best = float("inf")
    signal.signal(signal.SIGALRM, _stop)
    for _ in range(runs):
        gc.collect()
        start = time.process_time()
        signal.alarm(LIMIT)
        try:
            _read(format, path, data)
        finally:
            signal.alarm(0)
        best = min(best, time.process_time() - start)
    return best


def _read(format: str, path: str, data: bytes) -> None:
    source, _ = readers.decode(path, data)
    if source is None:
        return
    if format not in ("docx", "slack", "html", "html-text"):
        source = msgspec.structs.replace(Source(path, data.decode().replace("\r", "\n"), source.digest), format=format)
    reading = readers.read(source)
    fidelity.reading(reading)
    speakers.attribute(reading, "en")


def doubled(format: str, make: Maker) -> tuple[int, float, float]:
    """A length at which time says something, the seconds it takes, and those that twice as much takes."""
    length = FIRST
    while cost(format, make, length, runs=1) < ENOUGH and length < LAST:
        length *= 2
    return length, cost(format, make, length), cost(format, make, 2 * length)


def rows(format: str) -> Iterator[tuple[str, str, float]]:
    """The rows of one format, with their factors."""
    for name, make in HOSTILE[format].items():
        try:
            length, once, twice = doubled(format, make)
        except TooLongError:
            yield format, f"{name} | | more than {LIMIT} s | | ", float("inf")
            continue
        factor = twice / once
        shown = f"{length:,} | {once:.2f} | {twice:.2f} | {factor:.1f}"
        yield format, f"{name} | {shown}", factor if twice > 2 * ENOUGH else 0.0


def growth(formats: list[str], suspects_only: bool, out: Callable[[str], None] = print) -> None:
    """Hostile inputs of every format, at n and at 2n."""
    unknown = set(readers.FORMATS) ^ set(HOSTILE)
    assert not unknown, f"formats without hostile inputs, or the other way round: {unknown}"
    out("| format | input | n | s at n | s at 2n | factor |\n" + "| --- " * 6 + "|")
    total, worst = 0, 0.0
    for format in formats or HOSTILE:
        for name, row, factor in rows(format):
            total, worst = total + 1, max(worst, factor)
            if not suspects_only or factor > SUSPECT:
                out(f"| {name} | {row} |")
                sys.stdout.flush()
    out(f"\n{total} inputs; the largest factor is {worst:.1f}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "folder", type=Path, nargs="?", metavar="FOLDER", help="Markdown transcripts, to measure speed with"
    )
    parser.add_argument("--files", type=int, default=60, metavar="N", help="of them, so many (default: 60)")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each (default: 5)")
    parser.add_argument("--growth", nargs="*", metavar="FORMAT", help="hostile inputs of these formats, or of all")
    parser.add_argument("--suspects", action="store_true", help=f"print only factors above {SUSPECT}")
    options = parser.parse_args()
    if not options.folder and options.growth is None:
        parser.error("name a folder, or --growth")
    if options.folder:
        measure(options.folder, options.files, options.runs)
    if options.growth is not None:
        growth(options.growth, options.suspects)


if __name__ == "__main__":
    main()
