"""Which files a site has: sources to read, sidecars beside them, and assets that are copied as they are."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from . import readers
from .diagnostics import diagnose
from .inputs import Inputs
from .model import Diagnostic
from .plan import GENERATED
from .site import STATIC, THEME, THEMES

SIDECARS = (".yaml", ".yml")


class Found(NamedTuple):
    """A file to read; paths are relative to the site, with forward slashes."""

    path: str
    sidecar: str | None


class Asset(NamedTuple):
    """A file to copy."""

    target: str  # path from the output folder
    file: str
    path: str  # in Inputs


class Files(NamedTuple):
    """All files of a site, in order of their paths."""

    sources: tuple[Found, ...]
    assets: dict[str, Asset]  # by path relative to the site


def discover(
    root: Path, content: str, inputs: Inputs, is_source: Callable[[str], bool]
) -> tuple[Files, list[Diagnostic]]:
    """The files of a site, by what they are for. `is_source` tells of files whose names alone don't."""
    paths = [path for path in inputs.stamps if path.startswith(f"{content}/")]
    readable = dict(_readable(paths, is_source))
    read = {path for path, instead in readable.items() if instead is None}
    sidecars = {path: _sidecars(path, inputs.stamps) for path in paths if path in read}
    sources = tuple(Found(path, beside[0] if beside else None) for path, beside in sidecars.items())
    beside = {one for several in sidecars.values() for one in several}
    assets: dict[str, Asset] = {}
    for prefix, folder in ((THEMES, THEME / "static"), (STATIC, root / "static")):
        names = (path.removeprefix(f"{prefix}/") for path in inputs.stamps if path.startswith(f"{prefix}/"))
        assets |= {f"static/{name}": Asset(name, str(folder / name), f"{prefix}/{name}") for name in names}
    copied = [path for path in paths if path not in read and path not in beside]
    for path in copied:
        assets[path] = Asset(path.removeprefix(f"{content}/"), str(root / path), path)
    unread = {path: instead for path, instead in readable.items() if instead}
    second = {one: several[0] for several in sidecars.values() for one in several[1:]}
    found = [*_unread(unread, "copied like an image"), *_unread(second, "left out")]
    texts = {_stem(path) for path in read if _is_text(_suffix(path))} if copied else ()
    found += [one for path in copied if _stem(path) not in texts for one in _copied(path)]
    return Files(sources, assets), [*found, *_collisions(assets), *_left_out(inputs)]


def _readable(paths: list[str], is_source: Callable[[str], bool]) -> Iterator[tuple[str, str | None]]:
    """The files that can be read, each with the text that is read instead.

    What lies beside a text of the same name (captions, a Word file) belongs to it: people correct the text.
    """
    texts = {_stem(path): path for path in paths if _is_text(_suffix(path))}
    for path in paths:
        suffix = _suffix(path)
        if _is_text(suffix):
            yield path, None
        elif is_source(path) if (named := _is_source(suffix)) is None else named:
            yield path, texts.get(_stem(path))


def depends_on_content(path: str) -> bool:
    """Whether a file may be for something else than it was if what it holds is changed."""
    return _is_source(_suffix(path)) is None


@cache
def _is_text(suffix: str) -> bool:
    return readers.is_text(f"x{suffix}")


@cache
def _is_source(suffix: str) -> bool | None:
    """Whether files of such a name are read; None where what they hold decides."""
    asked = False

    def holds() -> bytes:
        nonlocal asked
        asked = True
        return b""

    named = readers.is_source(f"x{suffix}", holds)
    return None if asked else named


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


def _left_out(inputs: Inputs) -> Iterator[Diagnostic]:
    """What is not looked at, and why: names that are not UTF-8 or hold control characters, folders that can't be read."""
    for why in inputs.left_out:
        yield diagnose("RT201", why, None, "rename it, or make it readable")


def _sidecars(path: str, known: Container[str]) -> tuple[str, ...]:
    """The sidecars of a source, the one that counts first."""
    stem = _stem(path)
    return tuple(f"{stem}{suffix}" for suffix in SIDECARS if f"{stem}{suffix}" in known)


def _stem(path: str) -> str:
    return path.removesuffix(_suffix(path))


def _suffix(path: str) -> str:
    """As pathlib has it, in a tenth of the time: a site may have a hundred thousand files."""
    dot = path.rfind(".")
    return path[dot:] if path.rfind("/") + 1 < dot < len(path) - 1 else ""
