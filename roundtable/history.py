"""When files last changed, as Git knows it: one question a build, none where nothing is built.

A date is the UTC day on which somebody wrote the last commit that touched a file: the same in every clone that has the whole history.
A file that was changed and not committed has none, rather than a wrong one.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from .diagnostics import diagnose
from .model import Diagnostic
from .provenance import digest, provenance

MEMO = "history"
DATES = msgspec.msgpack.Decoder(dict[str, str])
TIMEOUT = 300  # seconds, after which Git has lost its way
# Whatever the user's settings are; a repository's own could name a program to run. Nothing is fetched.
SETTINGS = ("core.fsmonitor=false", "log.showSignature=false", "core.untrackedCache=false", "protocol.allow=never")
LOG = ("log", "-c", "--format=%x00%at", "--name-status", "-z", "--no-renames", "--no-relative", "--no-ext-diff")
CHANGED = ("diff", "--name-only", "-z", "--no-renames", "--no-relative", "--no-ext-diff", "HEAD")

Memo = Callable[[str, bytes], bytes | None]
Remember = Callable[[str, bytes, bytes], None]


def head(root: Path) -> bytes:
    """What tells one commit from another where a folder is in a work tree, read without Git; nothing where it is in none.

    A clone that has not the whole history is told from one that has.
    """
    if (folder := _repository(root)) is None:
        return b""
    common = _read(folder / "commondir")
    shared = (folder / common.decode(errors="surrogateescape")).resolve() if common else folder
    found = _read(folder / "HEAD")
    if found.startswith(b"ref: "):
        name = found[5:].decode(errors="surrogateescape")
        found = (
            _read(folder / name)
            or _read(shared / name)
            or _packed(shared, name)
            or _read(shared / "reftable/tables.list")
        )
    return found and found + (b" shallow" if (shared / "shallow").is_file() else b"")


def _repository(root: Path) -> Path | None:
    """The folder where Git keeps what it knows of a work tree."""
    start = root.absolute()
    for folder in (start, *start.parents):
        there = folder / ".git"
        if there.is_dir():
            return there
        if said := _read(there).removeprefix(b"gitdir: "):
            return folder / said.decode(errors="surrogateescape")
    return None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes().strip()
    except (OSError, ValueError):
        return b""


def _packed(shared: Path, name: str) -> bytes:
    """The commit of a branch that stands in the list of all."""
    end = f" {name}".encode(errors="surrogateescape")
    return next((line for line in _read(shared / "packed-refs").split(b"\n") if line.endswith(end)), b"")[:64]


def dates(
    root: Path, content: str, sources: Iterable[tuple[str, str | None]], memo: Memo, remember: Remember
) -> tuple[dict[str, str], list[Diagnostic]]:  # fmt: skip
    """The days on which sources, each with its sidecar, last changed, by path; and why there are none."""
    commit = head(root)
    if not commit:
        return {}, []
    if commit.endswith(b"shallow"):
        return {}, [
            _left_out("this clone has not the whole history", "fetch all of it: in a GitHub workflow, 'fetch-depth: 0'")
        ]
    import subprocess

    key = digest(provenance(), content.encode(), str(root.absolute()).encode(errors="surrogateescape"), commit)
    try:
        top = asked(root, "rev-parse", "--show-prefix").removesuffix(b"\n").decode(errors="surrogateescape")
        known = memo(MEMO, key)
        if known is None:
            known = msgspec.msgpack.encode(_last(asked(root, *LOG, "--", content), top))
            remember(MEMO, key, known)
        dated = DATES.decode(known)
        for path in asked(root, *CHANGED, "--", content).split(b"\0"):
            dated[_path(path, top)] = ""
    except FileNotFoundError:
        return {}, []
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", None) or str(error).encode()).decode(errors="replace").strip()
        return {}, [_left_out(f"Git says: {said.splitlines()[0][:200]}", advised(said) or "ask Git for its log")]
    return dict(_of_sources(sources, dated)), []


def advised(said: str) -> str | None:
    """The command that Git itself advises, as it does where a repository is another user's; None if it advises none."""
    commands = (line.strip() for line in said.splitlines())
    return next((f"if it is yours: {one}" for one in commands if one.startswith("git config ")), None)


def asked(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What Git answers, `given` something to read; variables that name another repository count for nothing."""
    import subprocess  # not loaded where nothing is built

    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = (part for one in SETTINGS for part in ("-c", one))
    command = ["git", "--no-optional-locks", "--literal-pathspecs", *settings, *arguments]
    done = subprocess.run(command, cwd=root, env=own, input=given, capture_output=True, check=True, timeout=TIMEOUT)  # noqa: S603
    return done.stdout


def _last(log: bytes, top: str) -> dict[str, str]:
    """The day of each file's last commit. The log begins with the newest; a file that it took away has none."""
    found: dict[str, str] = {}
    day, days = "", dict[bytes, str]()
    words = iter(log.split(b"\0"))
    for word in (word.lstrip(b"\n") for word in words):
        if not word:
            continue
        if word.isdigit():
            day = days.get(word) or days.setdefault(word, _day(int(word)))
            continue
        path = _path(next(words, b""), top)
        if path not in found:
            found[path] = "" if word.endswith(b"D") else day
    return {path: day for path, day in found.items() if day}


def _path(path: bytes, top: str) -> str:
    return path.decode(errors="surrogateescape").removeprefix(top)


def _day(seconds: int) -> str:
    import datetime

    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def _of_sources(sources: Iterable[tuple[str, str | None]], dated: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What of all this is known of sources; a change of a sidecar is one of its source."""
    for path, sidecar in sources:
        both = [dated.get(one, "") for one in (path, sidecar) if one]
        if all(both):
            yield path, max(both)


def _left_out(why: str, hint: str) -> Diagnostic:
    return diagnose("RT511", f"no dates of last changes: {why}", None, f"{hint}; or say [params] git_dates = false")
