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
    read = set(_sources(root, paths))
    sources = tuple(Found(path, _sidecars(path, known)[0]) for path in paths if path in read)
    beside = {one for path in read for one in _sidecars(path, known)}
    assets: dict[str, Asset] = {}
    for folder in (theme / "static", root / "static"):
        assets |= {f"static/{path}": Asset(path, folder / path) for path in _walk(folder)}
    for path in paths:
        if path not in read and path not in beside:
            assets[path] = Asset(path.removeprefix(f"{content}/"), root / path)
    size = sum((root / one.path).stat().st_size for one in sources)
    return Files(sources, assets, size), [*_collisions(assets), *_unspeakable(root / content)]


def _sources(root: Path, paths: list[str]) -> Iterator[str]:
    """The files to read. One beside a file of text of the same name (captions, a Word file) belongs to it: it is copied."""
    stems = {str(PurePosixPath(path).with_suffix("")) for path in paths if readers.is_text(path)}
    for path in paths:
        is_beside = not readers.is_text(path) and str(PurePosixPath(path).with_suffix("")) in stems
        if not is_beside and readers.is_source(path, (root / path).read_bytes):
            yield path


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


def _sidecars(path: str, known: set[str]) -> tuple[str | None, ...]:
    """The sidecars of a source, the one that counts first; (None,) where it has none."""
    stem = PurePosixPath(path).with_suffix("")
    return tuple(f"{stem}{suffix}" for suffix in SIDECARS if f"{stem}{suffix}" in known) or (None,)
