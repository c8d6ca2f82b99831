"""A page as it is served while it is edited: the published one, with two scripts more, which its own policy is told of."""

from __future__ import annotations

import re
from html import escape, unescape

HEAD = 65_536  # bytes within which a page's head is looked for
POLICY = re.compile(
    rb"(<meta\s+http-equiv=[\"']?content-security-policy[\"']?\s+content=\")([^\"]*)(\"[^>]*>)", re.IGNORECASE
)
BEGIN = re.compile(rb"<head(?:\s[^>]*)?>", re.IGNORECASE)
DOCTYPE = re.compile(rb"\s*<!doctype[^>]*>", re.IGNORECASE)
ORIGINS = ("script-src", "style-src")  # that our script needs; 'self' may not be among what a page allows


def dressed(page: bytes, build: str, host: str) -> bytes:
    """A page of a build with our scripts, if it is sent from that host; its policy allows them and no more."""
    head, rest = page[:HEAD], page[HEAD:]
    head = POLICY.sub(lambda found: found[1] + _allowing(found[2], host) + found[3], head)
    found = POLICY.search(head) or BEGIN.search(head) or DOCTYPE.match(head)
    at = found.end() if found else 0
    return head[:at] + _scripts(build, host) + head[at:] + rest


def _scripts(build: str, host: str) -> bytes:
    # livereload.js finds host and port in its own address, but not those of IPv6 there.
    named, port = re.fullmatch(r"(\[.*\]|[^:]*)(?::(\d+))?", host).groups()  # type: ignore[union-attr]
    where = f"&host={named}&port={port or 80}" if named.startswith("[") or not port else ""
    ours = f'<script src="/_desk/-/overlay.js" data-build="{escape(build)}" defer></script>'
    theirs = f'<script src="/livereload.js?mindelay=250&maxdelay=2000{where}" defer></script>'
    return (ours + theirs.replace("&", "&amp;")).encode()


def _allowing(policy: bytes, host: str) -> bytes:
    """A policy that allows our scripts and the socket on which they hear of builds, which not every browser takes for 'self'."""
    known: dict[str, list[str]] = {}
    for part in unescape(policy.decode(errors="replace")).split(";"):
        name, *sources = part.split() or [""]
        if name:
            known.setdefault(name.lower(), sources)
    default = known.get("default-src", [])
    needed = [*((name, "'self'") for name in ORIGINS), ("connect-src", "'self'"), ("connect-src", f"ws://{host}")]
    for name, source in needed:
        if name in known or "default-src" in known:
            sources = [one for one in known.get(name, default) if one != "'none'"]
            known[name] = sources if source in sources else [*sources, source]
    return (
        escape("; ".join(" ".join((name, *sources)) for name, sources in known.items()), quote=False)
        .replace('"', "&quot;")
        .encode()
    )
