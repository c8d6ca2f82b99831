"""What a build costs: whole processes, timed by the operating system.

    python tests/bench/run.py FOLDER [--runs 5] [--jobs 1 2]

FOLDER holds transcripts (.md, .txt). They are copied into a temporary site, and built: cold (no output yet), with nothing
changed, and with one file edited. Prints medians of wall time and of the largest process's memory.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[2]
SITE = 'title = "Bench"\nbase_url = "https://example.org/"\n[params.comments]\nprovider = "none"\n'


class Run(NamedTuple):
    """One build: seconds of wall time, and the memory of the largest process in MiB."""

    wall: float
    memory: float


def timed(root: Path, jobs: int) -> Run:
    """One build as a process of its own."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, str(REPOSITORY / "build.py"), "-q", "--jobs", str(jobs)], cwd=root, stderr=subprocess.PIPE
    )
    _, err = process.communicate()
    wall = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"the build failed:\n{err.decode()[-2000:]}")
    return Run(wall, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def measured(root: Path, jobs: int, runs: int, before: str) -> Run:
    """Medians of several builds; `before` each: "cold" clears the output, "edit" changes one file."""
    done = []
    for i in range(runs + 1):
        if before == "cold":
            shutil.rmtree(root / "public", ignore_errors=True)
        elif before == "edit":
            file = next(iter(sorted((root / "content").glob("*"))))
            file.write_text(file.read_text(encoding="utf-8") + f"\n\nEdited {i}.\n", encoding="utf-8")
        one = timed(root, jobs)
        if i:  # the first warms the disk's cache
            done.append(one)
    return Run(*(statistics.median(values) for values in zip(*done, strict=True)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--jobs", type=int, nargs="*", default=[1, os.cpu_count() or 1])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        (root / "content").mkdir()
        (root / "site.toml").write_text(SITE, encoding="utf-8")
        for file in sorted(options.folder.glob("*")):
            # Two files of the podcast corpus hold a link that leads nowhere; Roundtable is right to refuse them.
            text = (
                file.read_text(encoding="utf-8")
                .replace("](@", "](https://example.org/@")
                .replace("]()", "](https://example.org/)")
            )
            (root / "content" / file.name).write_text(text, encoding="utf-8")
        size = sum(file.stat().st_size for file in (root / "content").iterdir())
        print(f"{len(list((root / 'content').iterdir()))} files, {size / 1e6:.1f} MB; medians of {options.runs} runs\n")
        print("| build | processes | wall s | MiB |\n| --- | --- | --- | --- |")
        for jobs in options.jobs:
            for name in ("cold", "nothing changed", "one file edited"):
                run = measured(root, jobs, options.runs, {"cold": "cold", "one file edited": "edit"}.get(name, ""))
                print(f"| {name} | {jobs} | {run.wall:.2f} | {run.memory:.0f} |", flush=True)


if __name__ == "__main__":
    main()
