"""Files to the output folder: staged beside it, compared, renamed in only when everything succeeded.

A file whose bytes did not change is not touched, so sync tools stay quick. What an earlier build wrote and this one did not
is removed; what Roundtable never wrote is left alone, which the manifest in the output folder tells apart.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain, islice
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import NamedTuple, Self

import msgspec

from .diagnostics import Stopped, diagnose
from .model import Artifact, Diagnostic
from .store import STAGED, output_stamp

MANIFEST = ".roundtable.json"
END = "."  # what no URL is
PLAIN_PATH = re.compile(r"[^/\x00]{1,255}(?:/[^/\x00]{1,255})*")


class Manifest(msgspec.Struct, frozen=True):
    """What Roundtable wrote into an output folder."""

    files: tuple[str, ...] = ()


class Committed(NamedTuple):
    """What a commit did."""

    changed: int
    removed: int
    found: tuple[Diagnostic, ...] = ()
    theirs: int = 0  # files that were there as they are to be, and that Roundtable did not write
    files: tuple[str, ...] | None = ()  # those that changed or were removed; None: all that there are


class Place(NamedTuple):
    """Where the files of a build go; picklable, because workers write them."""

    output: str
    staging: str | None  # None: nothing is written
    clean: bool = False  # write files even if they are there as they are
    parts: str | None = None  # where files are until they are whole, if several machines may write the same one


def unusable(root: Path, output: Path, inputs: tuple[str, ...], what: str = "output") -> Diagnostic | None:
    """Why a folder can't be the output of that site, or its cache."""
    where, site = output.resolve(), root.resolve()
    own = "name a folder of its own, such as public" if what == "output" else "name a folder of its own"
    if site.is_relative_to(where):
        return diagnose("RT701", f"the {what} folder {output} holds the site itself", None, own)
    for name in (*inputs, ".git"):
        if where.is_relative_to(site / name) or (site / name).is_relative_to(where):
            return diagnose("RT701", f"the {what} folder {output} overlaps {name}/", None, own)
    if where.exists() and not where.is_dir():
        return diagnose("RT701", f"the {what} {output} is a file", None, "name a folder")
    return None


def taken(root: Path, file: Path, inputs: tuple[str, ...], made: Iterable[Path]) -> Diagnostic | None:
    """Why nothing may be written into a file: it is the site's own, or a build's. `made` are folders into which builds write."""
    where, site = file.resolve(), root.resolve()
    if where.is_dir():
        return diagnose("RT106", "that is a folder", str(file), "name a file")
    if where.is_socket() or where.is_block_device():
        return diagnose("RT106", "that is a device or a socket", str(file), "name a file")
    above = next((folder for folder in where.parents if (folder / MANIFEST).is_file()), None)
    if above and (where == above / MANIFEST or where.relative_to(above).as_posix() in manifest(above)):
        return diagnose("RT106", f"that is a file of the site built in {above}", str(file), "name another file")
    if where == site / "site.toml" or any(where.is_relative_to(site / name) for name in (*inputs, ".git")):
        return diagnose("RT106", "that is a file of the site itself", str(file), "name another file")
    if any(where.is_relative_to(folder.resolve()) for folder in made):
        return diagnose("RT106", "that is where builds write", str(file), "name a file elsewhere")
    return None


def write(file: Path, data: bytes) -> None:
    """Write a file that is no part of a site, whole or not at all: where a link leads; into a pipe or /dev/stdout, straight.

    Stopped where that can't be.
    """
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(data)
        else:
            _replace(file.resolve(), data)
    except OSError as error:
        hint = "name a file in a folder that is there and can be written to"
        told = diagnose("RT106", f"can't be written: {error.strerror or error}", str(file), hint)
        raise Stopped(told) from error


def _replace(file: Path, data: bytes) -> None:
    part = file.with_name(f".{file.name}.new")
    try:
        part.unlink(missing_ok=True)  # whatever it may be, or lead to
        with part.open("xb") as target:
            target.write(data)
        part.replace(file)
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def put(place: Place, files: Iterable[Artifact]) -> tuple[str, bytes]:
    """Stage the files that are not in the output as they are; their paths, a line each, and stamps one after the other."""
    done = [(file.path, _put(place, file)) for file in files]
    return "\n".join(path for path, _ in done), b"".join(stamp for _, stamp in done)


def _put(place: Place, file: Artifact) -> bytes:
    """The stamp of a file; STAGED for one that is not there yet."""
    parts = PurePosixPath(file.path).parts
    if not parts or file.path.startswith("/") or ".." in parts or parts[0] == MANIFEST or "\n" in file.path:
        raise ValueError(f"an artifact's path leaves the output folder: {file.path!r}")
    if place.staging is None:
        return STAGED
    if not place.clean and (stamp := _stamp_of_same(f"{place.output}/{file.path}", file.content)):
        return stamp
    staged = f"{place.staging}/{file.path}"
    if place.parts:
        _write_whole(staged, file.content, place.staging, place.parts)
        return STAGED
    try:
        _write(staged, file.content)
    except FileNotFoundError:
        _make(staged[: staged.rfind("/")], place.staging)
        _write(staged, file.content)
    return STAGED


# These are called for every file of a site, so without what pathlib adds.


def _write(path: str, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o666)
    try:
        while content:
            content = content[os.write(file, content) :]
    finally:
        os.close(file)


def _write_whole(path: str, content: bytes, staging: str, parts: str) -> None:
    """A file that is there whole or not at all, whoever else writes it, and whenever one of them ends.

    A worker that was given up may come to this when the build is over: then these folders are gone, and nothing is made.
    """
    part = f"{parts}/{os.urandom(16).hex()}"
    _write(part, content)
    try:
        os.replace(part, path)  # noqa: PTH105
    except FileNotFoundError:
        _make(path[: path.rfind("/")], staging)
        os.replace(part, path)  # noqa: PTH105


def _make(folder: str, top: str) -> None:
    """A folder, and those between it and the top, which is there already; another process may be making them, too."""
    if folder == top:
        return
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        pass
    except FileNotFoundError:
        above = folder[: folder.rfind("/")]
        if above == top:  # gone, because the build is over
            raise
        _make(above, top)
        _make(folder, top)


def _stamp_of_same(path: str, content: bytes) -> bytes | None:
    """The stamp of a file that holds just that, and is no link."""
    try:
        status = os.lstat(path)
        if status.st_size != len(content) or stat.S_ISLNK(status.st_mode):
            return None
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123
            return output_stamp(status) if file.read() == content else None
    except OSError:
        return None


def stamps(folder: str, files: str) -> bytes:
    """The stamps of files in a folder, one after the other; STAGED for one that isn't there."""
    found = b""
    for file in files.split("\n") if files else ():
        try:
            found += output_stamp(os.lstat(f"{folder}/{file}"))
        except OSError:
            found += STAGED
    return found


def staged(files: str, stamps: bytes) -> list[str]:
    """Those of a page's files that are not in the output yet."""
    size = len(STAGED)
    parts = (stamps[i * size : (i + 1) * size] for i in range(len(stamps) // size))
    return [file for file, part in zip(files.split("\n"), parts, strict=True) if part == STAGED] if files else []


Pages = Callable[[], Iterable[tuple[str, str, bytes]]]  # gives URL, files and stamps of each


def damage(folder: str, pages: Pages, apart: Pages | None) -> Callable[[], frozenset[str]]:
    """Begin to look which pages have a file that is not in the output as it was written; what it gives waits for the answer.

    The answer is URLs. For very many pages, nearly all of it is asking the system, and another process does it meanwhile;
    `apart` is how that one learns of the same pages.
    """
    if apart and hasattr(os, "fork") and threading.active_count() == 1:
        found = _looked_at_apart(folder, apart)
        return cache(lambda: frozenset(_damaged(folder, pages()) if (answer := found()) is None else answer))
    return cache(lambda: frozenset(_damaged(folder, pages())))


def _looked_at_apart(folder: str, pages: Pages) -> Callable[[], list[str] | None]:
    """What gives the answer of another process; None if it has none."""
    reader, writer = os.pipe()
    if not (child := os.fork()):
        os.close(reader)  # so that nothing is written to nobody
        with contextlib.suppress(BaseException), open(writer, "wb") as pipe:  # noqa: PTH123
            pipe.write("\n".join((*_damaged(folder, pages()), END)).encode())
        os._exit(0)
    os.close(writer)
    told = open(reader, "rb")  # noqa: SIM115, PTH123  (closed with the function that reads it, asked or not)

    def answer() -> list[str] | None:
        with told:
            *found, end = told.read().decode().split("\n")
        os.waitpid(child, 0)
        return found if end == END else None

    return answer


def _damaged(folder: str, pages: Iterable[tuple[str, str, bytes]]) -> Iterator[str]:
    return (url for url, files, kept in pages if stamps(folder, files) != kept)


class Staging:
    """A folder beside the output that holds a build until it is committed; gone when left."""

    def __init__(self, output: Path, clean: bool = False, is_shared: bool = False) -> None:
        """`is_shared`: several machines write the files."""
        self.output, self.clean, self.is_shared = output, clean, is_shared

    def __enter__(self) -> Self:
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self._temporary = self.output.with_name(f".{self.output.name}.{os.urandom(6).hex()}")
        self._folder = self._temporary / "files"
        try:
            self._temporary.mkdir(mode=0o700)
            self._folder.mkdir()
            if self.is_shared:
                self._parts.mkdir()
        except BaseException:  # an interrupt, too
            shutil.rmtree(self._temporary, ignore_errors=True)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self.is_shared:  # nobody finds it any more, whoever may still be writing
            self._temporary = self._temporary.rename(f"{self._temporary}.gone")
        shutil.rmtree(self._temporary, ignore_errors=True)

    @property
    def _parts(self) -> Path:
        return self._temporary / "parts"

    @property
    def place(self) -> Place:
        """Where the files go: a place that is the same from any folder, and, if it is shared, any machine."""
        parts = str(self._parts.absolute()) if self.is_shared else None
        return Place(str(self.output.absolute()), str(self._folder.absolute()), self.clean, parts)

    def become(self, files: Iterable[str]) -> None:
        """Let the folder be the output, where there is none yet; `files` are all that it holds."""
        self._write_manifest(sorted(files), self._folder)
        self._folder.replace(self.output)

    def commit(self, ours: set[str], files: Iterable[str], staged: list[str], is_whole: bool) -> Committed:
        """Move what was staged into the output folder; nothing is moved if a foreign file is in the way.

        `ours` is what Roundtable wrote there, and `files` what is to be there in its place: all of it, or, unless that
        `is_whole`, what differs.
        """
        moved, gone, new = set(staged), set(ours), set()
        for path in files:  # one after the other: there may be very many
            gone.discard(path)
            if path not in ours:
                new.add(path)
        if in_the_way := self._in_the_way(staged, ours if is_whole else ours | (moved - new)):
            return Committed(0, 0, tuple(in_the_way))
        theirs = {path for path in new if path not in moved or (self.output / path).exists()}
        new -= theirs
        self.output.mkdir(exist_ok=True)
        if new:  # whatever interrupts, what is ours is known
            self._write_manifest(sorted((ours if is_whole else manifest(self.output)) | new))
        self._move(staged, sorted(gone))
        if gone or new or not (self.output / MANIFEST).exists():
            self._write_manifest(sorted(((ours if is_whole else manifest(self.output)) | new) - gone))
        foreign = self._foreign() if self.clean else ()
        return Committed(len(staged), len(gone), foreign, len(theirs), tuple(sorted((*staged, *gone))))

    def _move(self, staged: list[str], gone: list[str]) -> None:
        for path in gone:  # first, because a page's folder may be where a file was
            self._remove(path)
        for path in staged:
            target = self.output / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (self._folder / path).replace(target)

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
            if folder == self.output:
                break
            try:
                folder.rmdir()
            except OSError:  # there is more in it
                break

    def _foreign(self) -> tuple[Diagnostic, ...]:
        ours = manifest(self.output)
        files = (file.relative_to(self.output).as_posix() for file in self.output.rglob("*") if file.is_file())
        foreign = sorted(path for path in files if path not in ours and path != MANIFEST)
        if not foreign:
            return ()
        names = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        message = f"not cleaned: {len(foreign)} file{'s' * (len(foreign) > 1)} in {self.output} that Roundtable didn't write ({names})"
        return (diagnose("RT703", message, None, "delete them by hand if they aren't wanted"),)

    def _write_manifest(self, files: Iterable[str], folder: Path | None = None) -> None:
        """Written line by line: there may be very many. A Manifest as JSON."""
        staged = self._temporary / MANIFEST
        with staged.open("w", encoding="utf-8", newline="\n") as text:
            lines = (f"\n{msgspec.json.encode(file).decode()}" for file in files)
            text.write('{"files": [')
            text.writelines(chain(islice(lines, 1), (f",{line}" for line in lines)))
            text.write("\n]}\n")
        staged.replace((folder or self.output) / MANIFEST)


def manifest(output: Path) -> set[str]:
    """What an earlier build wrote; nothing if that can't be told."""
    try:
        files = msgspec.json.decode((output / MANIFEST).read_bytes(), type=Manifest).files
    except (OSError, msgspec.MsgspecError):
        return set()
    return {file for file in files if PLAIN_PATH.fullmatch(file) and ".." not in file.split("/")}


def _same(staged: Path, target: Path) -> bool:
    return target.is_file() and not target.is_symlink() and staged.read_bytes() == target.read_bytes()
