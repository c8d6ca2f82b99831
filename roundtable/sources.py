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


def discover(root: Path, content: str, theme: Path) -> tuple[Files, list[Diagnostic]]:
    """The files of a site. Its own `static/` comes before the theme's, file by file."""
    if not (root / content).is_dir():
        hint = "create it and put a transcript in, or name another with 'content' in site.toml"
        return Files((), {}, 0), [diagnose("RT105", f"there is no folder {content}/", content, hint)]
    paths = [f"{content}/{path}" for path in _walk(root / content)]
    known = set(paths)
    sources = tuple(Found(path, _sidecar(path, known)) for path in paths if readers.is_source(path))
    assets: dict[str, Asset] = {}
    for folder in (theme / "static", root / "static"):
        assets |= {f"static/{path}": Asset(path, folder / path) for path in _walk(folder)}
    sidecars = {one.sidecar for one in sources}
    for path in paths:
        if not readers.is_source(path) and path not in sidecars:
            assets[path] = Asset(path.removeprefix(f"{content}/"), root / path)
    found = [
        diagnose("RT501", f"{path} would take the place of {asset.target}, which every site has", path, "rename it")
        for path, asset in assets.items()
        if asset.target in GENERATED
    ]
    return Files(sources, assets, sum((root / one.path).stat().st_size for one in sources)), found


def _walk(folder: Path) -> Iterator[str]:
    """All files below a folder, sorted; hidden ones are left out, and links are not followed out of it."""
    inside = folder.resolve()
    found = []
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            file = Path(here, name)
            if not name.startswith(".") and file.is_file() and file.resolve().is_relative_to(inside):
                found.append(file.relative_to(folder).as_posix())
    return iter(sorted(found))


def _sidecar(path: str, known: set[str]) -> str | None:
    stem = PurePosixPath(path).with_suffix("")
    return next((f"{stem}{suffix}" for suffix in SIDECARS if f"{stem}{suffix}" in known), None)
