"""A page's Content-Security-Policy (W3C, CSP Level 3), computed from what the page uses: nothing else may be loaded or run.

Nearly all pages of a site have the same: what the theme needs, and on pages with a comments block what its provider needs. What a
site's own templates use besides is read off the page: other origins, and scripts and styles that stand in it, by their
hashes. What no hash allows without opening the door to all (handlers and styles in attributes) is told where it is written.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from .comments import Block
from .composition import Composed, Pattern
from .diagnostics import diagnose
from .model import Diagnostic
from .site import Template

SELF, NONE, DATA = "'self'", "'none'", "data:"
# What every page may do; scripts fetch from their own site only.
BASE: dict[str, tuple[str, ...]] = {
    "default-src": (NONE,),
    "script-src": (SELF,),
    "style-src": (SELF,),
    "img-src": (SELF,),
    "font-src": (SELF,),
    "connect-src": (SELF,),
    "base-uri": (NONE,),
    "form-action": (NONE,),
}
# By element: the attribute that names what is loaded, and the directive that has to allow it.
LOADS = {
    "script": ("src", "script-src"), "img": ("src", "img-src"), "iframe": ("src", "frame-src"), "audio": ("src", "media-src"),
    "video": ("src", "media-src"), "source": ("src", "media-src"), "track": ("src", "media-src"), "embed": ("src", "object-src"),
    "object": ("data", "object-src"), "form": ("action", "form-action"),
}  # fmt: skip
LINKS = {"stylesheet": "style-src", "manifest": "manifest-src", "preload": "default-src"}
# A page without any of these, and with no `src` but its scripts', uses nothing but the base: to look for them takes microseconds, to
# parse a page far more.
UNUSUAL = ("<style", "<object", "action=", "srcset", 'rel="manifest', 'rel="preload')
SCRIPTS = frozenset({"", "module", "importmap", "speculationrules", "text/javascript", "application/javascript"})  # run
HANDLER = re.compile(r"<[a-zA-Z][^<>]*?\s(?P<name>on[a-z]+|style)\s*=")
JINJA = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)


@lru_cache(maxsize=64)
def of(block: Block | None) -> str:
    """The policy of a page that uses what the theme does, and the comments block that it has."""
    return _written(_with(BASE, block.allows if block else ()))


def fitted(page: Composed, policy: str, base_path: str) -> Composed:
    """The page with a policy that allows what it uses. `policy` is what its template printed."""
    if not policy or _is_usual(page, base_path):
        return page
    patterns = "".join(part for pattern in page.patterns for part in pattern.parts)
    known = {name: tuple(sources) for name, *sources in (part.split(" ") for part in policy.split("; "))}
    fitting = _written(_with(known, _used(page.frame + patterns)))
    return page._replace(frame=page.frame.replace(f'content="{policy}"', f'content="{fitting}"', 1))


def _is_usual(page: Composed, base_path: str) -> bool:
    """Whether a page loads only what the base allows."""
    return _is_usual_text(page.frame, base_path) and all(_is_usual_pattern(one, base_path) for one in page.patterns)


@lru_cache(maxsize=4_096)
def _is_usual_pattern(pattern: Pattern, base_path: str) -> bool:
    """The same of a turn's: asked once for all turns of that pattern."""
    return _is_usual_text("".join(pattern.parts), base_path)


def _is_usual_text(text: str, base_path: str) -> bool:
    if any(sign in text for sign in UNUSUAL):
        return False
    own = text.count(f'<script src="{base_path}')
    data = text.count('<script type="application/')  # blocks of data, such as JSON-LD, are no scripts
    sheets = text.count(f'<link rel="stylesheet" href="{base_path}')
    return text.count("<script") == own + data and text.count("src=") == own and text.count("stylesheet") == sheets


def _with(policy: Mapping[str, tuple[str, ...]], used: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """A policy that allows some more."""
    allowed = dict(policy)
    for directive, source in used:
        before = allowed.get(directive, ())
        if source not in before:
            allowed[directive] = (*(one for one in before if one != NONE), source)
    return allowed


def _written(policy: Mapping[str, tuple[str, ...]]) -> str:
    return "; ".join(" ".join((name, *sources)) for name, sources in policy.items())


def _used(html: str) -> Iterator[tuple[str, str]]:
    """What a page loads and runs: directive and source of each."""
    from selectolax.lexbor import LexborHTMLParser

    for node in LexborHTMLParser(html).css(f"{', '.join(LOADS)}, style, link"):
        tag, attributes = node.tag or "", node.attrs
        if tag == "style" or (tag == "script" and "src" not in attributes):
            if tag == "style" or (attributes.get("type") or "").casefold() in SCRIPTS:
                yield f"{tag}-src", _hash(node.text())
        elif tag == "link":
            for rel in (attributes.get("rel") or "").split():
                if rel in LINKS:
                    yield LINKS[rel], source(attributes.get("href") or "")
        else:
            name, directive = LOADS[tag]
            directive = "img-src" if tag == "source" and "srcset" in attributes else directive
            several = (one.split()[0] for one in (attributes.get("srcset") or "").split(",") if one.split())
            yield from ((directive, source(one)) for one in (attributes.get(name), *several) if one is not None)


def source(address: str) -> str:
    """What allows an address: its origin, "data:", or the site itself."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return SELF
    if parts.scheme == "data":
        return DATA
    if not parts.netloc or re.search(r"[\s;,'\"]", parts.netloc):
        return SELF
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme else f"https://{parts.netloc}"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def told(templates: Mapping[str, Template]) -> Iterator[Diagnostic]:
    """Handlers and styles in attributes, which a policy keeps from working, each at its place."""
    for name, template in templates.items():
        text = JINJA.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), template.text)
        for match in HANDLER.finditer(text):
            at = match.start("name")
            line = text.count("\n", 0, at) + 1
            place = (f"templates/{name}", line, at - text.rfind("\n", 0, at))
            yield diagnose(
                "RT510", f"the page's Content-Security-Policy keeps {match['name']!r} from working", place, _cure(match["name"]),
                template.text.split("\n")[line - 1],
            )  # fmt: skip


def _cure(name: str) -> str:
    if name == "style":
        return "use a class and a stylesheet, or an attribute such as 'fill' in SVG"
    return "add the listener in a script"
