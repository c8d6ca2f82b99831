"""What a build costs, beside other generators: whole processes, timed by the operating system.

    python tests/bench/run.py FOLDER [--files 2100 | --slices 10000] [--runs 5] [--jobs 1 2] [--only hugo …] [--scratch FOLDER]

FOLDER holds transcripts (.md) without front matter. A corpus is made of them (corpus.py): the files once, as often as --files
asks for, or cut into --slices. Roundtable and each peer (peers.py) build the same files: cold (no output, nothing kept), with
nothing changed, and with one file edited. They take turns: each round has all states, each state all contenders; the first
round warms up, and memory of all processes together is looked at there.

After each build its pages are looked for: one for each file, none much smaller than the file, and the edited one with the last
edit. Where that fails, or Roundtable does, all stops; a peer that fails or takes longer than --limit is left out, with
the reason. The table is printed, and takes the place of the last one in README.md, if that has one for this corpus.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.bench import corpus as corpora
from tests.bench import peers
from tests.bench.corpus import Corpus
from tests.bench.peers import Contender
from tests.bench.table import STATES, Run, placed, table

TIMED = Path(__file__).with_name("timed.py")
README = Path(__file__).with_name("README.md")
LEAST = 0.75  # of a file's size that its page has at least


class FailedError(Exception):
    """Why a contender is left out."""


class Stand(NamedTuple):
    """A contender and its site."""

    contender: Contender
    folder: Path
    given: list[Path]  # all else in the folder is made by builds

    def clear(self) -> None:
        """Move away what builds have made. Deleting it would slow the next: ext4 passes over what was just deleted."""
        away = Path(tempfile.mkdtemp(dir=self.folder.parent.parent, prefix="away."))
        for path in set(self.folder.iterdir()) - set(self.given):
            path.rename(away / path.name)

    def build(self, state: str, number: int, limit: float) -> Run:
        """One build, as a process of its own."""
        command = [*self.contender.command, *(self.contender.again if state != "cold" else ())]
        look = "alone" if number else "together"
        os.sync()  # nobody waits for what others have written
        done = subprocess.run(
            [sys.executable, "-S", str(TIMED), str(limit), look, *command],
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            sys.exit(done.stderr)
        said = json.loads(done.stdout)
        if said["code"] is None:
            raise FailedError(f"{state}: longer than {limit:g} s")
        if said["code"]:
            print(done.stderr[-2000:], file=sys.stderr)
            raise FailedError(f"{state}: exit code {said['code']}")
        return Run(self.contender.key, number, state, said["wall"], said["largest"], said["together"])

    def check(self, corpus: Corpus, edit: int) -> None:
        """Stop if a page is missing, if it can't hold all words, or if the edit is not shown."""
        output, name = self.folder / self.contender.output, self.contender.name
        lost = [stem for stem, size in corpus.pages.items() if _size(output / stem / "index.html") < LEAST * size]
        if lost:
            sys.exit(
                f"{name}: {len(lost)} of {len(corpus.pages)} pages are missing or too small, the first is {lost[0]}"
            )
        if edit and corpora.marker(edit) not in (output / corpus.edited / "index.html").read_text(encoding="utf-8"):
            sys.exit(f"{name}: edit {edit} is not shown on the page of {corpus.edited}")


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else -1


def measured(stands: list[Stand], corpus: Corpus, runs: int, limit: float) -> tuple[list[Run], dict[str, str]]:
    """All rounds; and who was left out, with the reason."""
    done: list[Run] = []
    failed: dict[str, str] = {}
    for number in range(runs + 1):
        for state in STATES:
            if state == STATES[-1]:
                corpus.edit(number + 1)
            for stand in [stand for stand in stands if stand.contender.key not in failed]:
                try:
                    done.append(once(stand, corpus, state, number, limit))
                except FailedError as error:
                    failed[stand.contender.key] = str(error)
                    if stand.contender.key.startswith("roundtable"):
                        sys.exit(f"{stand.contender.name}: {error}")
    return [run for run in done if run.contender not in failed], failed


def once(stand: Stand, corpus: Corpus, state: str, number: int, limit: float) -> Run:
    """One build of one contender, and the look at what it made."""
    if state == "cold":
        stand.clear()
    run = stand.build(state, number, limit)
    stand.check(corpus, number + (state == STATES[-1]))
    print(f"round {number}, {state}: {stand.contender.name}: {run.wall:.2f} s", file=sys.stderr, flush=True)
    return run


def contenders(options: argparse.Namespace, scratch: Path) -> tuple[list[Contender], dict[str, str]]:
    """Those that were asked for; and the names of peers that are not there, with the reason."""
    mine = list(peers.ours(options.jobs if "roundtable" in options.only else ()))
    others, missing = peers.theirs(scratch / "tools", [key for key in peers.PEERS if key in options.only])
    return mine + others, missing


def bench(options: argparse.Namespace, scratch: Path) -> str:
    """The table, with a line above that says of what."""
    found, missing = contenders(options, scratch)
    for old in (scratch / "corpus", scratch / "sites", *scratch.glob("away.*")):
        shutil.rmtree(old, ignore_errors=True)
    texts = corpora.texts(options.folder)
    bodies = (
        corpora.slices(texts, options.slices)
        if options.slices
        else corpora.replicas(texts, options.files or len(texts))
    )
    corpus = corpora.write(bodies, scratch / "corpus")
    stands = [
        Stand(one, scratch / "sites" / one.key, peers.site(one, corpus.folder, scratch / "sites" / one.key))
        for one in found
    ]
    runs, failed = measured(stands, corpus, options.runs, options.limit)
    names = {one.key: one.name for one in found if one.key not in failed}
    missing |= {one.name: failed[one.key] for one in found if one.key in failed}
    base = next((key for key in reversed(names) if key.startswith("roundtable")), "")
    return f"{heading(corpus, options.runs, names.get(base, ''))}\n\n{table(runs, names, base, missing)}"


def heading(corpus: Corpus, runs: int, base: str) -> str:
    """What was built, how often, and on what."""
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    medians = "one run" if runs == 1 else f"medians of {runs} runs"
    times = f"; × is times as long as {base}" if base else ""
    return f"{len(corpus.pages):,} files, {corpus.size() / 1e6:.1f} MB; {machine}; {medians}, after a warm-up{times}."


def arguments() -> argparse.Namespace:
    """The command line."""
    everyone = ["roundtable", *peers.PEERS]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="transcripts (.md) without front matter")
    corpus = parser.add_mutually_exclusive_group()
    corpus.add_argument("--files", type=int, metavar="N", help="the files over and over, until there are N")
    corpus.add_argument("--slices", type=int, metavar="N", help="N small files, cut from them")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="of each build (default: 5)")
    jobs = sorted({1, os.cpu_count() or 1})
    parser.add_argument("--jobs", type=int, nargs="+", default=jobs, metavar="N", help="processes of Roundtable's")
    parser.add_argument("--only", nargs="+", choices=everyone, default=everyone, help="who builds (default: all)")
    parser.add_argument("--limit", type=float, default=1800, metavar="S", help="seconds that one build may take")
    parser.add_argument("--scratch", type=Path, help="where peers are installed and sites built; peers stay there")
    parser.add_argument("--readme", type=Path, default=README, help="where the table has its place")
    return parser.parse_args()


def main() -> None:
    """Print the table, and put it in its place."""
    options = arguments()
    with tempfile.TemporaryDirectory() as temporary:
        text = bench(options, (options.scratch or Path(temporary)).resolve())
    print(text)
    name = f"peers, {options.slices} slices" if options.slices else f"peers, {options.files or 'all'} files"
    changed = placed(options.readme.read_text(encoding="utf-8"), name, text)
    if changed is None:
        print(f"{options.readme} has no place for '{name}'", file=sys.stderr)
    else:
        options.readme.write_text(changed, encoding="utf-8")


if __name__ == "__main__":
    main()
