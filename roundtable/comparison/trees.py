"""Files of a version: in a folder, or in a commit, which Git is asked for without a checkout and without a network.

A file is told from others as Git does it, by the digest of a blob, so that what is in a commit and in a folder as it is need
not be read.
"""

from __future__ import annotations

import hashlib
import posixpath
import subprocess
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from .. import history
from ..diagnostics import Stopped, diagnose
from ..inputs import look
from ..readers import MAX_BYTES

LINK, FILE = b"120000", b"100"  # modes of a tree's entries


class Folder:
    """A folder of files."""

    def __init__(self, root: Path, content: str | None) -> None:
        """`content` is where the site has its content; None for a folder that is content and nothing else."""
        self.root, self._content = root, content

    @cached_property
    def _files(self) -> dict[str, Path]:
        """Files by path from the content folder."""
        folder = self.root / self._content if self._content else self.root
        names = (path.removeprefix("x/") for path in look({"x": folder}).stamps)
        return {name: folder / name for name in names}

    @cached_property
    def ids(self) -> dict[str, str]:
        """What tells one version of a file from another, by path from the content folder."""
        return {path: _blob(file) for path, file in self._files.items()}

    def fetch(self, paths: Iterable[str]) -> dict[str, bytes]:
        """What files hold; what is too long is left out."""
        files = {path: self._files[path] for path in paths if path in self._files}
        return {path: file.read_bytes() for path, file in files.items() if file.stat().st_size <= MAX_BYTES}

    def beside(self, name: str) -> bytes | None:
        """A file of the site's root."""
        file = self.root / name
        return file.read_bytes() if file.is_file() else None


def _blob(file: Path) -> str:
    data = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


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
        """What counts as a file of the content, as in a folder: links lead to what is in it, hidden names don't count."""
        prefix = f"{self.content}/"
        found: dict[str, tuple[str, int]] = {}
        links = [(path, entry) for path, entry in self._listed.items() if entry[0] == LINK and path.startswith(prefix)]
        targets = self._blobs([digest for _, (_, digest, _) in links])
        for path, (mode, digest, size) in sorted(self._listed.items()):
            name = path.removeprefix(prefix)
            if name == path or any(part.startswith(".") for part in name.split("/")):
                continue
            if mode == LINK:
                there = targets.get(digest, b"").decode(errors="surrogateescape")
                to = posixpath.normpath(posixpath.join(posixpath.dirname(path), there))
                if not to.startswith(prefix) or not self._listed.get(to, (b"",))[0].startswith(FILE):
                    continue
                found[name] = self._listed[to][1:]
            elif mode.startswith(FILE):  # else another repository
                found[name] = digest, size
        return found

    @cached_property
    def ids(self) -> dict[str, str]:
        """As of a folder."""
        return {path: digest for path, (digest, _) in self._files.items()}

    def fetch(self, paths: Iterable[str]) -> dict[str, bytes]:
        """As of a folder."""
        wanted = {path: self._files[path] for path in paths if path in self._files}
        blobs = self._blobs([digest for digest, size in wanted.values() if size <= MAX_BYTES])
        return {path: blobs[digest] for path, (digest, _) in wanted.items() if digest in blobs}

    def beside(self, name: str) -> bytes | None:
        """As of a folder."""
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
        files |= {f"{self.content}/{name}": digest for name, (digest, _) in self._files.items()}
        files = {path: digest for path, digest in files.items() if not {"", ".", ".."} & {*path.split("/")}}
        blobs = self._blobs([*files.values()])
        for path, digest in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(blobs[digest])


def _resolved(root: Path, revision: str) -> str:
    """The commit that a revision names."""
    try:
        told = history.asked(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except FileNotFoundError:
        raise Stopped(diagnose("RT106", _unknown(revision), None, "install Git, or name two folders")) from None
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
