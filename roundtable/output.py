"""Files to the output folder: staged beside it, compared, renamed in only when everything succeeded.

A file whose bytes did not change is not touched, so sync tools stay quick. What an earlier build wrote and this one did not
is removed; what Roundtable never wrote is left alone, which the manifest in the output folder tells apart.
"""

from __future__ import annotations

import filecmp
import re
import shutil
import tempfile
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from .diagnostics import diagnose
from .model import Artifact, Diagnostic

MANIFEST = ".roundtable.json"
PLAIN_PATH = re.compile(r"[^/\x00]{1,255}(?:/[^/\x00]{1,255})*")


class Manifest(msgspec.Struct, frozen=True):
    """What Roundtable wrote into an output folder."""

    files: tuple[str, ...] = ()


class Committed(NamedTuple):
    """What a commit did."""

    files: int
    changed: int
    removed: int
    found: tuple[Diagnostic, ...] = ()


def unusable(root: Path, output: Path, inputs: tuple[str, ...]) -> Diagnostic | None:
    """Why a folder can't be the output of that site."""
    where, site = output.resolve(), root.resolve()
    if site.is_relative_to(where):
        return diagnose(
            "RT701",
            f"the output folder {output} holds the site itself",
            None,
            "name a folder of its own, such as public",
        )
    for name in (*inputs, ".git"):
        if where.is_relative_to(site / name) or (site / name).is_relative_to(where):
            return diagnose(
                "RT701",
                f"the output folder {output} overlaps {name}/",
                None,
                "name a folder of its own, such as public",
            )
    if where.exists() and not where.is_dir():
        return diagnose("RT701", f"the output {output} is a file", None, "name a folder")
    return None


class Staging:
    """A folder beside the output that holds a build until it is committed; gone when left."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self._staged: list[str] = []

    def __enter__(self) -> Self:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=f".{self.output.name}.", dir=self.output.parent))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)

    def write(self, artifact: Artifact) -> None:
        """Keep a file for the commit."""
        parts = PurePosixPath(artifact.path).parts
        if not parts or artifact.path.startswith("/") or ".." in parts or parts[0] == MANIFEST:
            raise ValueError(f"an artifact's path leaves the output folder: {artifact.path!r}")
        file = self._folder / artifact.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(artifact.content)
        self._staged.append(artifact.path)

    def commit(self, clean: bool = False) -> Committed:
        """Move what was staged into the output folder; nothing is moved if a foreign file is in the way."""
        ours = set(_manifest(self.output).files)
        staged = sorted(self._staged)
        if in_the_way := self._in_the_way(staged, ours):
            return Committed(0, 0, 0, tuple(in_the_way))
        theirs = {path for path in staged if path not in ours and (self.output / path).exists()}  # with the same bytes
        changed = [path for path in staged if clean or not _same(self._folder / path, self.output / path)]
        gone = sorted(ours - set(staged))
        self.output.mkdir(exist_ok=True)
        self._write_manifest((ours | set(staged)) - theirs)  # whatever interrupts, what is ours is known
        for path in gone:  # first, because a page's folder may be where a file was
            self._remove(path)
        for path in changed:
            target = self.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._folder / path).replace(target)
        self._write_manifest(set(staged) - theirs)
        return Committed(len(staged), len(changed), len(gone), self._foreign(set(staged)) if clean else ())

    def _in_the_way(self, staged: list[str], ours: set[str]) -> list[Diagnostic]:
        """What Roundtable did not write, where it is to write; and links that lead out of the folder."""
        found = []
        inside = self.output.resolve()
        for path in staged:
            target = self.output / path
            if not target.parent.resolve().is_relative_to(inside):
                found.append(
                    diagnose(
                        "RT702",
                        f"{target.parent} leads out of the output folder",
                        None,
                        "delete the link, or choose another folder with -o",
                    )
                )
            elif blocking := self._blocking(path, ours):
                message = f"{self.output / blocking} is in the way: Roundtable did not write it"
                found.append(diagnose("RT702", message, None, "move it away, or choose another folder with -o"))
        return found

    def _blocking(self, path: str, ours: set[str]) -> str | None:
        """The foreign file that keeps one of ours from being written."""
        target = self.output / path
        if target.is_dir():
            inside = [
                file.relative_to(self.output).as_posix() for file in sorted(target.rglob("*")) if not file.is_dir()
            ]
            return next((file for file in inside if file not in ours), None if inside else path)
        if target.exists() or target.is_symlink():
            return path if path not in ours and not _same(self._folder / path, target) else None
        above = (
            folder.relative_to(self.output).as_posix()
            for folder in target.parents
            if folder.is_relative_to(self.output) and (folder.is_file() or folder.is_symlink())
        )
        return next((file for file in above if file not in ours), None)

    def _remove(self, path: str) -> None:
        target = self.output / path
        if not target.parent.resolve().is_relative_to(self.output.resolve()):
            return
        if target.is_dir() and not target.is_symlink():
            return  # somebody put a folder where our file was
        target.unlink(missing_ok=True)
        for folder in target.parents:
            if folder == self.output or not folder.is_dir() or any(folder.iterdir()):
                break
            folder.rmdir()

    def _foreign(self, ours: set[str]) -> tuple[Diagnostic, ...]:
        files = (file.relative_to(self.output).as_posix() for file in self.output.rglob("*") if file.is_file())
        foreign = sorted(path for path in files if path not in ours and path != MANIFEST)
        if not foreign:
            return ()
        names = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        message = f"not cleaned: {len(foreign)} file{'s' * (len(foreign) > 1)} in {self.output} that Roundtable didn't write ({names})"
        return (diagnose("RT703", message, None, "delete them by hand if they aren't wanted"),)

    def _write_manifest(self, files: set[str]) -> None:
        staged = self._folder / MANIFEST
        staged.write_bytes(msgspec.json.format(msgspec.json.encode(Manifest(tuple(sorted(files)))), indent=0) + b"\n")
        staged.replace(self.output / MANIFEST)


def _manifest(output: Path) -> Manifest:
    """What an earlier build wrote; nothing if that can't be told."""
    try:
        files = msgspec.json.decode((output / MANIFEST).read_bytes(), type=Manifest).files
    except (OSError, msgspec.MsgspecError):
        return Manifest()
    return Manifest(tuple(file for file in files if PLAIN_PATH.fullmatch(file) and ".." not in file.split("/")))


def _same(staged: Path, target: Path) -> bool:
    return target.is_file() and not target.is_symlink() and filecmp.cmp(staged, target, shallow=False)
