"""What a page's template reaches: the templates that it names, those that they name, and the settings that any of them reads.

Told by their syntax trees, so that a page is made again when something changes that it is made from, and only then. Where a
tree can't tell (an include whose name is computed, the whole configuration handed on), all templates count, or all settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import jinja2
import msgspec
from jinja2 import meta, nodes

from .config import Config
from .provenance import digest
from .site import Template
from .turns import TEMPLATE as TURN

EVERY_PAGE = frozenset(
    {"base_url", "cards", "language", "title"}
)  # addresses; cards; the language of a page without a document
TRANSCRIPTS = frozenset({"params"})  # the comments block
PROPERTIES = {
    "base_path": "base_url",
    "origin": "base_url",
    "absolute": "base_url",
    "whole": "base_url",
    "is_preview": "base_url",
}


class Reach(msgspec.Struct, frozen=True):
    """What each template names, by its own name; None where that can't be told."""

    templates: dict[str, tuple[str, ...] | None]
    settings: dict[str, tuple[str, ...] | None]


def reach(templates: Mapping[str, Template]) -> Reach:
    """What templates reach."""
    told = {name: _told(template.text) for name, template in templates.items()}
    return Reach({name: named for name, (named, _) in told.items()}, {name: read for name, (_, read) in told.items()})


@lru_cache(
    maxsize=256
)  # while a site is served, one template after the other is edited, and all others are as they were
def _told(template: str) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None]:
    """The templates that one names, and the settings that it reads. One that is wrong reaches nothing: it is told where it is used."""
    try:
        tree = jinja2.Environment(autoescape=True).parse(template)
    except jinja2.TemplateSyntaxError:
        return (), ()
    found = set(meta.find_referenced_templates(tree))
    return None if None in found else tuple(sorted(filter(None, found))), _settings(tree)


def _settings(tree: nodes.Template) -> tuple[str, ...] | None:
    """The settings that a template reads."""
    read = [
        node for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name) and node.node.name == "site"
    ]
    if len(read) < sum(node.name == "site" for node in tree.find_all(nodes.Name)):
        return None
    return tuple(sorted({PROPERTIES.get(node.attr, node.attr) for node in read}))


def key(reach: Reach, templates: Mapping[str, Template], config: Config, name: str) -> bytes:
    """A digest of all that pages of a template are made from, but for what they show."""
    is_transcript = name == "transcript.html"
    names = sorted(_closure(reach, [name, TURN] if is_transcript else [name]))
    parts = (part for one in names for part in (one, templates[one].text if one in templates else ""))
    told = [reach.settings.get(one, ()) for one in names]
    every = {field for field in Config.__struct_fields__ if field not in ("content", "output", "rules")}
    read = {one for some in told for one in (every if some is None else some)} | EVERY_PAGE
    wanted = sorted((read | TRANSCRIPTS if is_transcript else read) & set(Config.__struct_fields__))
    values = [msgspec.json.encode((field, getattr(config, field))) for field in wanted]
    params = config.params
    values.append(
        msgspec.json.encode((params.content_security_policy, params.edit_url, config.is_preview and config.base_path))
    )
    return digest(*(part.encode() for part in parts), b"", *values)


def _closure(reach: Reach, names: list[str]) -> set[str]:
    """The templates that some of them lead to."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        found.add(name)
        named = reach.templates.get(name, ())
        waiting += reach.templates if named is None else named
    return found
