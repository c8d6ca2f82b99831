"""What a build made and found, as JSON for programs: the same at each clean build of the same, but for `seconds`.

It is written whether the build succeeds or not. The shape holds from version 1 on; its schema is published.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from . import output
from .exports.json import DiagnosticRecord
from .model import Diagnostic
from .pipeline import Outcome
from .site import Site
from .watch import Watch


class StageRecord(msgspec.Struct, frozen=True):
    """A stage of the build: what it did, and how long it took."""

    name: str
    things: int  # files, pages
    bytes: int  # of them, where they are counted
    seconds: float


class TypeRecord(msgspec.Struct, frozen=True):
    """The files of one type in the output folder: "html", "css"; "" for those without an ending."""

    type: str
    files: int
    bytes: int


class ReportRecord(msgspec.Struct, frozen=True):
    """A build. Where it failed, numbers are of what it came to, and the output folder is as it was."""

    ok: bool
    exit_code: int
    is_preview: bool = False
    transcripts: int = 0
    pages: int = 0
    turns: int = 0
    speakers: int = 0
    words: int = 0  # read
    published: int = 0  # of them, seen on the pages
    read: int = 0  # sources that were read anew
    made: int = 0  # pages that were made anew
    files: int = 0
    changed: int = 0
    removed: int = 0
    types: tuple[TypeRecord, ...] = ()  # of what this build left in the output folder
    diagnostics: tuple[DiagnosticRecord, ...] = ()  # all errors; of each kind of warning and note the first few
    more: dict[str, int] = {}  # how many of a code there are beyond those
    stages: tuple[StageRecord, ...] = ()
    version: int = 1


def report(
    site: Site | None, outcome: Outcome | None, watch: Watch, told: Iterable[Diagnostic], code: int
) -> ReportRecord:  # fmt: skip
    """What is to be said of a build; `told` was found before it began."""
    found = (*told, *(outcome.found if outcome else ()))
    records = tuple(
        DiagnosticRecord(d.code, d.severity, d.message, d.path, d.line, d.column, d.hint) for d in dict.fromkeys(found)
    )
    stages = tuple(
        StageRecord(name, stage.things, stage.size, round(stage.seconds, 4)) for name, stage in watch.stages.items()
    )
    is_preview = site is not None and site.config.is_preview
    if site is None or outcome is None:
        return ReportRecord(False, code, is_preview, diagnostics=records, stages=stages)
    done = outcome.committed
    return ReportRecord(
        done is not None and not outcome.failed, code, is_preview, outcome.transcripts, outcome.pages, outcome.turns,
        outcome.speakers, outcome.words, outcome.published, outcome.read, outcome.made, outcome.files,
        done.changed if done else 0, done.removed if done else 0, _types(site.output) if done else (), records,
        dict(sorted(outcome.more.items())), stages,
    )  # fmt: skip


def _types(folder: Path) -> tuple[TypeRecord, ...]:
    """The files that Roundtable wrote, by type."""
    sizes: dict[str, list[int]] = {}
    for name in output.manifest(folder):
        sizes.setdefault(PurePosixPath(name).suffix[1:].casefold(), []).append((folder / name).stat().st_size)
    return tuple(TypeRecord(type, len(some), sum(some)) for type, some in sorted(sizes.items()))


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a report."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "roundtable build --report",
        **msgspec.json.schema(ReportRecord),
    }


def store(file: Path, one: ReportRecord) -> None:
    """Write a report."""
    output.write(file, msgspec.json.format(msgspec.json.encode(one), indent=2) + b"\n")
