"""Which files a site has: sources to read, sidecars beside them, and assets that are copied as they are."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from . import readers
from .diagnostics import diagnose
from .model import Diagnostic
from .plan import GENERATED

SIDECARS = (".yaml", ".yml")


class Found(NamedTuple):
    """A file to read; paths are relative to the site, with forward slashes."""

    path: str
    sidecar: str | None


class Asset(NamedTuple):
    """A file to copy."""

    target: str  # path from the output folder
    file: Path


class Files(NamedTuple):
    """All files of a site, in order of their paths."""

    sources: tuple[Found, ...]
    assets: dict[str, Asset]  # by path relative to the site
    size: int  # of the sources, in bytes


def absent(root: Path, content: str) -> Diagnostic | None:
    """The complaint about a content folder that isn't there."""
    if (root / content).is_dir():
        return None
    hint = "create it and put a transcript in, or name another with 'content' in site.toml"
    return diagnose("RT105", f"there is no folder {content}/", content, hint)


def discover(root: Path, content: str, theme: Path) -> tuple[Files, list[Diagnostic]]:
    """The files of a site. Its own `static/` comes before the theme's, file by file."""
    paths = [f"{content}/{path}" for path in _walk(root / content)]
    known = set(paths)
    readable = dict(_readable(root, paths))
    read = {path for path, instead in readable.items() if instead is None}
    sidecars = {path: _sidecars(path, known) for path in paths if path in read}
    sources = tuple(Found(path, next(iter(beside), None)) for path, beside in sidecars.items())
    beside = {one for several in sidecars.values() for one in several}
    assets: dict[str, Asset] = {}
    for folder in (theme / "static", root / "static"):
        assets |= {f"static/{path}": Asset(path, folder / path) for path in _walk(folder)}
    copied = [path for path in paths if path not in read and path not in beside]
    for path in copied:
        assets[path] = Asset(path.removeprefix(f"{content}/"), root / path)
    size = sum((root / one.path).stat().st_size for one in sources)
    unread = {path: instead for path, instead in readable.items() if instead}
    second = {one: several[0] for several in sidecars.values() for one in several[1:]}
    found = [*_unread(unread, "copied like an image"), *_unread(second, "left out")]
    texts = {_stem(path) for path in read if readers.is_text(path)}
    found += [one for path in copied if _stem(path) not in texts for one in _copied(path)]
    return Files(sources, assets, size), [*found, *_collisions(assets), *_unspeakable(root / content)]


def _readable(root: Path, paths: list[str]) -> Iterator[tuple[str, str | None]]:
    """The files that can be read, each with the text that is read instead.

    What lies beside a text of the same name (captions, a Word file) belongs to it: people correct the text.
    """
    texts = {_stem(path): path for path in paths if readers.is_text(path)}
    for path in paths:
        if readers.is_source(path, (root / path).read_bytes):
            yield path, None if readers.is_text(path) else texts.get(_stem(path))


def _unread(files: dict[str, str], fate: str) -> Iterator[Diagnostic]:
    """Files that are not read because another of their name is."""
    for path, instead in files.items():
        message = f"not read, but {fate}: {PurePosixPath(instead).name!r} of the same name is read"
        yield diagnose("RT507", message, (path, 1, 1), "all is well if one was made from the other; else rename it")


def _copied(path: str) -> Iterator[Diagnostic]:
    """A file that may have been meant to be read."""
    if why := readers.unread(path):
        yield diagnose("RT508", f"not read, but copied like an image: {why[0]}", (path, 1, 1), why[1])


def _collisions(assets: dict[str, Asset]) -> Iterator[Diagnostic]:
    """Files that would be copied to one place."""
    owner = dict.fromkeys(GENERATED, "a file that every site has")
    for path, asset in assets.items():
        if asset.target in owner:
            yield diagnose(
                "RT501",
                f"two files would be at /{asset.target}: {owner[asset.target]} and {path}",
                path,
                "rename one of them",
            )
        owner[asset.target] = path


def _unspeakable(folder: Path) -> Iterator[Diagnostic]:
    """Files left out because their names can't be printed: not UTF-8, or with control characters."""
    for here, _, files in os.walk(folder):
        for name in sorted(files):
            if not name.isprintable():
                shown = ascii(str(Path(here, name).relative_to(folder.parent)))
                yield diagnose("RT201", f"a file's name can't be printed: {shown}", None, "rename it")


def _walk(folder: Path) -> Iterator[str]:
    """All files below a folder, sorted; hidden ones are left out, and links are not followed out of it."""
    inside = folder.resolve()
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(here, name)
            if (
                not name.startswith(".")
                and name.isprintable()
                and file.is_file()
                and file.resolve().is_relative_to(inside)
            ):
                found.append(file.relative_to(folder).as_posix())
    return iter(sorted(found))


def _sidecars(path: str, known: set[str]) -> tuple[str, ...]:
    """The sidecars of a source, the one that counts first."""
    return tuple(f"{_stem(path)}{suffix}" for suffix in SIDECARS if f"{_stem(path)}{suffix}" in known)


def _stem(path: str) -> str:
    return str(PurePosixPath(path).with_suffix(""))
