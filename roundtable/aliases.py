"""Addresses at which a page once was: what front matter may say of them, and where the page that leads on stands."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

MAX_BYTES = 180  # of one part, as of any URL
PAGES = (".html", ".htm")  # what is a file by itself; everything else is a folder with an index.html
INDEX = "index.html"


def problem(alias: str) -> str | None:
    """Why text can't be a former address; None if it can."""
    path = unquote(alias)
    if not path.startswith("/") or path.startswith("//"):
        return "does not begin at the site's root, with one slash"
    if any(sign in path for sign in "?#\\") or not path.isprintable():
        return "holds what no file's name holds"
    parts = path.strip("/").split("/")
    if not parts[0]:
        return "is the home page's"
    if any(part.startswith(".") or not part.strip() for part in parts):
        return "has a part that is empty or begins with a dot"
    if any(len(part.encode()) > MAX_BYTES for part in parts):
        return f"has a part of more than {MAX_BYTES} bytes"
    return "is the home page's" if url(alias) == "/" else None


def url(alias: str) -> str:
    """The URL of a former address: of a folder, unless it names a page's file."""
    path = posixpath.normpath(unquote(alias))
    if path.endswith(f"/{INDEX}"):
        path = path.removesuffix(INDEX)
    return path if path.endswith(("/", *PAGES)) else f"{path}/"


def file(url: str) -> str:
    """The path, from the output folder, of the file at a URL."""
    return f"{url[1:]}{INDEX}" if url.endswith("/") else url[1:]
