"""What made the files: the code of Roundtable, of the libraries that have a say in them, and of Python.

Part of every key in the store, so that nothing made by other code is ever taken for what this code would make.
"""

from __future__ import annotations

import hashlib
import re
import sys
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
LIBRARIES = "babel jinja2 markdown markupsafe msgspec nh3 pillow pyyaml selectolax".split()
DISTRIBUTION = re.compile(rf"({'|'.join(LIBRARIES)})-(.+)\.(?:dist|egg)-info", re.IGNORECASE)


def digest(*parts: bytes) -> bytes:
    """SHA-256 of the parts, told apart by their lengths, cut to 16 bytes."""
    found = hashlib.sha256()
    for part in parts:
        found.update(b"%d:" % len(part))
        found.update(part)
    return found.digest()[:16]


@cache
def provenance() -> bytes:
    """A digest of all code: another one may make other files."""
    own = (part for file in sorted(PACKAGE.rglob("*.py")) for part in (file.name.encode(), file.read_bytes()))
    return digest(sys.version.encode(), *libraries(), *own)


def libraries() -> list[bytes]:
    """Names and versions of the libraries, as their folders beside them tell; importing them would take longer."""
    found = set()
    for folder in filter(Path.is_dir, map(Path, sys.path)):
        found |= {match[0].casefold() for file in folder.iterdir() if (match := DISTRIBUTION.fullmatch(file.name))}
    return [name.encode() for name in sorted(found)]
