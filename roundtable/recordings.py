"""Recordings and other files that go with a document, as its page shows them and as feeds name them."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from typing import Literal, NamedTuple
from urllib.parse import urlsplit

from .links import is_local
from .model import Download, Metadata, Recording

# By the end of a file's name, lest it depend on the machine: https://www.iana.org/assignments/media-types/
TYPES = {
    "aac": "aac", "flac": "flac", "m4a": "mp4", "m4b": "mp4", "mp3": "mpeg", "mp4": "mp4", "m4v": "mp4", "mov": "quicktime", "mkv": "matroska",
    "oga": "ogg", "ogg": "ogg", "ogv": "ogg", "opus": "ogg", "wav": "wav", "weba": "webm", "webm": "webm",
}  # fmt: skip
CAPTIONS = "captions.vtt"  # beside the page of a transcript that has times
UNITS = ("bytes", "kB", "MB", "GB", "TB")

Kind = Literal["audio", "video"]


class Beside(NamedTuple):
    """The files that a document names and that are on the site."""

    targets: Mapping[str, str]  # their addresses, by what was written
    sizes: Mapping[str, int]  # in bytes


NOTHING = Beside({}, {})


class Player(NamedTuple):
    """A recording as a page plays it."""

    kind: Kind
    address: str
    type: str | None
    host: str | None  # who is asked for it when it is played; None: nobody but the site
    length: int  # in bytes; 0 where nobody says
    duration: int | None  # in seconds


class Linked(NamedTuple):
    """A download as a page lists it."""

    title: str
    address: str
    kind: str  # "PDF"; "" where its name doesn't say
    size: str  # "1.2 MB"; "" where nobody knows


def named(metadata: Metadata) -> tuple[str, ...]:
    """The files that are to be on the site."""
    recordings = [one.file for one in (metadata.audio, metadata.video) if one]
    files = dict.fromkeys((*recordings, *(one.file for one in metadata.downloads)))
    return tuple(file for file in files if file and is_local(file))


def player(kind: Kind, recording: Recording | None, beside: Beside) -> Player | None:
    """A recording; None where there is none, or its file is not there, which is told."""
    address = _address(recording.file, beside) if recording else None
    if recording is None or address is None:
        return None
    host = None if is_local(recording.file) else urlsplit(recording.file).hostname
    length = beside.sizes.get(recording.file, recording.length or 0)
    return Player(
        kind, address, recording.type or type_of(kind, recording.file), host, length, seconds(recording.duration)
    )


def downloads(some: tuple[Download, ...], beside: Beside) -> tuple[Linked, ...]:
    """Downloads; without those whose files are not there."""
    found = ((one, _address(one.file, beside)) for one in some)
    return tuple(
        Linked(one.title or _name(one.file), address, _ending(one.file).upper(), size(beside.sizes.get(one.file, 0)))
        for one, address in found
        if address is not None
    )


def _address(file: str, beside: Beside) -> str | None:
    return beside.targets.get(file) if is_local(file) else file


def _name(file: str) -> str:
    return posixpath.basename(urlsplit(file).path) or file


def _ending(file: str) -> str:
    ending = posixpath.splitext(urlsplit(file).path)[1][1:]
    return ending if ending.isalnum() and len(ending) < 6 else ""


def type_of(kind: Kind, file: str) -> str | None:
    """The media type of a file, by its name."""
    ending = TYPES.get(_ending(file).lower())
    return f"{kind}/{ending}" if ending else None


def seconds(duration: str | None) -> int | None:
    """A duration in seconds."""
    if duration is None:
        return None
    total = 0
    for part in duration.split(":"):
        total = 60 * total + int(part)
    return total


def size(length: int) -> str:
    """A number of bytes for people; "" for none."""
    if not length:
        return ""
    unit, number = 0, float(length)
    while number >= 999.5 and unit < len(UNITS) - 1:
        unit, number = unit + 1, number / 1000
    return f"{number:.0f} {UNITS[unit]}" if number >= 10 or not unit else f"{number:.1f} {UNITS[unit]}"
