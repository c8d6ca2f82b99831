"""Files of a version: in a folder, or in a commit, which Git is asked for without a checkout and without a network.

A file is told from others as Git does it, by the digest of a blob, so that what is in a commit need not be read, nor what is in
a folder as it was when Git saw it last.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import subprocess
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from .. import history
from ..config import FILE as CONFIG
from ..diagnostics import Stopped, diagnose
from ..inputs import look
from ..readers import MAX_BYTES
from ..store import size_of

LINK, FILE = b"120000", b"100"  # modes of a tree's entries
BESIDE = ("static", "templates")  # folders that a site is made of beside its content
STEP = 1 << 20  # bytes of a file that are read at once


class Folder:
    """Files, and those in folders."""

    def __init__(self, root: Path, places: Mapping[str, Path], *, is_staged: bool = False) -> None:
        """`places` are files and folders by what paths begin with; `is_staged` if Git is asked what it knows of them."""
        self.root, self._places, self._is_staged = root, places, is_staged

    @cached_property
    def _files(self) -> dict[str, tuple[Path, int]]:
        found = {}
        for prefix, folder in self._places.items():
            if folder.is_file():
                found[prefix] = folder, folder.stat().st_size
            for path, stamp in look({prefix: folder}).stamps.items():
                found[path.removeprefix("/")] = Path(f"{folder}{path.removeprefix(prefix)}"), size_of(stamp)
        return found

    @cached_property
    def _ids(self) -> dict[str, str]:
        return _staged(self.root) if self._is_staged else {}

    @cached_property
    def sizes(self) -> dict[str, int]:
        """The files, and how many bytes each has."""
        return {path: size for path, (_, size) in self._files.items()}

    def id(self, path: str) -> str:
        """What tells one version of a file from another; "" where there is none."""
        if path in self._files and path not in self._ids:
            self._ids[path] = _blob(self._files[path][0])
        return self._ids.get(path, "")

    def fetch(self, paths: Iterable[str]) -> dict[str, bytes]:
        """What files hold; what is too long is left out."""
        files = {path: self._files[path] for path in paths if path in self._files}
        return {path: file.read_bytes() for path, (file, size) in files.items() if size <= MAX_BYTES}


def _blob(file: Path) -> str:
    with file.open("rb") as data:
        found = hashlib.sha1(b"blob %d\0" % os.fstat(data.fileno()).st_size, usedforsecurity=False)
        while some := data.read(STEP):
            found.update(some)
    return found.hexdigest()


def _staged(root: Path) -> dict[str, str]:
    """The blobs of files that are in a work tree as Git has them, which it tells by their stamps."""
    try:
        told = history.asked(root, "ls-files", "-z", "-s", "-v", "-c", "-m")
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, str] = {}
    others = set()
    for entry in told.split(b"\0"):
        facts, _, name = entry.partition(b"\t")
        path = name.decode(errors="surrogateescape")
        if facts.startswith(b"H " + FILE):
            found[path] = facts.split()[2].decode()
        else:  # changed, a link, in conflict, or not to be looked at
            others.add(path)
    return {path: id for path, id in found.items() if path not in others}


class Commit:
    """The files of a commit."""

    def __init__(self, root: Path, revision: str) -> None:
        """`root` is the site's folder in a work tree; stopped where there is no such revision."""
        self.root, self.commit = root, _resolved(root, revision)
        self.content = "content"

    @cached_property
    def _listed(self) -> dict[str, tuple[bytes, str, int]]:
        """All files below the site's folder by path: mode, digest, size."""
        found = {}
        for entry in _git(self.root, "ls-tree", "-r", "-z", "-l", self.commit).split(b"\0"):
            facts, tab, name = entry.partition(b"\t")
            if tab and (path := name.decode(errors="surrogateescape")).isprintable():
                mode, _, digest, size = facts.split()
                found[path] = mode, digest.decode(), int(size) if size.isdigit() else 0
        return found

    @cached_property
    def _files(self) -> dict[str, tuple[str, int]]:
        """What counts as a file of the site, as in a folder: links lead to what is in it, hidden names don't count."""
        found: dict[str, tuple[str, int]] = {}
        places = tuple(f"{place}/" for place in (self.content, *BESIDE))
        listed = {path: entry for path, entry in sorted(self._listed.items()) if path.startswith((*places, CONFIG))}
        targets = self._blobs([digest for mode, digest, _ in listed.values() if mode == LINK])
        for path, (mode, digest, size) in listed.items():
            prefix = next((place for place in places if path.startswith(place)), "")
            if not prefix and path != CONFIG:
                continue
            if "/." in path.removeprefix(prefix[:-1]):
                continue
            if mode == LINK:
                there = targets.get(digest, b"").decode(errors="surrogateescape")
                to = posixpath.normpath(posixpath.join(posixpath.dirname(path), there))
                if not to.startswith(prefix) or not self._listed.get(to, (b"",))[0].startswith(FILE):
                    continue
                found[path] = self._listed[to][1:]
            elif mode.startswith(FILE):  # else another repository
                found[path] = digest, size
        return found

    @cached_property
    def sizes(self) -> dict[str, int]:
        """As of a folder."""
        return {path: size for path, (_, size) in self._files.items()}

    def id(self, path: str) -> str:
        """As of a folder."""
        return self._files[path][0] if path in self._files else ""

    def fetch(self, paths: Iterable[str]) -> dict[str, bytes]:
        """As of a folder."""
        wanted = {path: self._files[path] for path in paths if path in self._files}
        blobs = self._blobs([digest for digest, size in wanted.values() if size <= MAX_BYTES])
        return {path: blobs[digest] for path, (digest, _) in wanted.items() if digest in blobs}

    def beside(self, name: str) -> bytes | None:
        """A file of the site's root."""
        entry = self._listed.get(name)
        return self._blobs([entry[1]])[entry[1]] if entry else None

    def _blobs(self, digests: list[str]) -> dict[str, bytes]:
        """What Git has under digests: asked for once."""
        if not digests:
            return {}
        wanted = dict.fromkeys(digests)
        data = _git(self.root, "cat-file", "--batch", given="".join(f"{one}\n" for one in wanted).encode())
        found, at = {}, 0
        for digest in wanted:
            end = data.index(b"\n", at)
            said = data[at:end].split(b" ")
            at = end + 1
            if said[-1] == b"missing":
                hint = "fetch all of the commit: git fetch --refetch, or git clone without --filter"
                raise Stopped(diagnose("RT106", f"this clone has not all files of {self.commit[:12]}", None, hint))
            size = int(said[-1])
            found[digest] = data[at : at + size]
            at += size + 1
        return found

    def unpack(self, folder: Path) -> None:
        """The files of the site, written into a folder; never by a name that leads out of it."""
        files = {path: digest for path, (mode, digest, _) in self._listed.items() if mode.startswith(FILE)}
        files |= {path: digest for path, (digest, _) in self._files.items()}
        files = {path: digest for path, digest in files.items() if not {"", ".", ".."} & {*path.split("/")}}
        blobs = self._blobs([*files.values()])
        for path, digest in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(blobs[digest])


def _resolved(root: Path, revision: str) -> str:
    """The commit that a revision names."""
    try:
        told = history.asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except (FileNotFoundError, NotADirectoryError):
        hint = (
            "install Git, or name two folders" if root.is_dir() else f"name the site's folder with --root, not {root}"
        )
        raise Stopped(diagnose("RT106", _unknown(revision), None, hint)) from None
    except subprocess.SubprocessError as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
        hint = "name a folder, or a commit, a branch or a tag of the repository that the site is in"
        if history.head(root).endswith(b"shallow"):
            hint = "this clone has not the whole history; fetch it: git fetch --unshallow;"
            hint += " in a GitHub workflow, 'fetch-depth: 0'"
        elif "not a git repository" in said:
            hint = "the site is in no repository of Git: name two folders"
        elif said:
            hint = f"Git says: {said.splitlines()[0][:200]}" + (f"; {cure}" if (cure := history.advised(said)) else "")
        raise Stopped(diagnose("RT106", _unknown(revision), None, hint)) from None
    return told.decode().strip().splitlines()[-1]


def _unknown(revision: str) -> str:
    return f"there is no folder and no revision {revision!r}"


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    try:
        return history.asked(root, *arguments, given=given)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error).encode()).decode(errors="replace").strip()
        hint = history.advised(said) or "ask Git for the same: git " + " ".join(arguments[:2])
        raise Stopped(
            diagnose("RT106", f"Git says: {said.splitlines()[0][:200] if said else '?'}", None, hint)
        ) from None


Tree = Folder | Commit
