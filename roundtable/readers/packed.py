"""Zip archives, opened with care: a file of a few kilobytes may hold gigabytes, or another archive, or nothing readable.

Only members that a format knows by name are inflated, and only as far as the budget goes, whatever their headers say.
"""

from __future__ import annotations

import io
import zipfile
import zlib

MAX_ENTRIES = 20_000
MAX_INFLATED = 64 * 1024 * 1024  # bytes, of all members that are read
MAX_RATIO = 250  # of inflated to packed bytes; text and XML stay far below
SMALL = 1024 * 1024  # bytes, below which the ratio doesn't matter


class Refused(Exception):  # noqa: N818  (it says what happened)
    """Why an archive isn't read, for people."""


class Archive:
    """The members of a zip archive."""

    def __init__(self, data: bytes) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
            raise Refused(f"the archive is damaged: {error}") from error
        members = self.zip.infolist()
        if len(members) > MAX_ENTRIES:
            raise Refused(f"the archive has {len(members):,} members; at most {MAX_ENTRIES:,} are read")
        self.members = {one.filename: one for one in members}
        self.budget = MAX_INFLATED

    def __contains__(self, name: str) -> bool:
        return name in self.members

    def read(self, name: str) -> bytes:
        """What a member holds."""
        member = self.members[name]
        if member.flag_bits & 1:
            raise Refused("the archive is encrypted")
        if member.file_size > SMALL and member.file_size > MAX_RATIO * member.compress_size:
            raise Refused(f"{name!r} would grow to {member.file_size:,} bytes, more than {MAX_RATIO} times its size")
        try:
            with self.zip.open(member) as file:
                data = file.read(self.budget + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise Refused(f"{name!r} in the archive is damaged: {error}") from error
        self.budget -= len(data)
        if self.budget < 0:
            raise Refused(f"the archive holds more than {MAX_INFLATED // 1024 // 1024} MiB")
        return data
