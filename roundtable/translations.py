"""One conversation in several languages: which documents are the same, by what their front matter says."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import NamedTuple

from .diagnostics import diagnose, did_you_mean
from .links import LEFT_OUT, Link, file_of
from .model import Diagnostic, Item


class Translations(NamedTuple):
    """Documents that are the same in other languages."""

    others: Mapping[str, tuple[Item, ...]] = {}  # by path of a document; in the order of their paths
    found: tuple[Diagnostic, ...] = ()  # what is wrong with what front matter says


def translations(
    items: Iterable[Item],
    said: Mapping[str, Link],
    drafts: Callable[[], Container[str]],
    content: str,
    language: Callable[[str], str],
) -> Translations:
    """Originals with all their translations.

    `said` is what front matter names as the original, by path of the translation; `drafts` gives what is left out, and `language`
    that of a document.
    """
    if not said:
        return Translations()
    there = {item.path: item for item in items}
    same: dict[str, set[str]] = {}
    found = []
    for path, link in said.items():
        original = file_of(path, link.written, content)
        if original not in there or original == path:
            message = f"translation of nothing: there is no other document {original!r}"
            hint = (
                did_you_mean(original, there.keys() - {path}) or "name the original's file, by its path from this one"
            )
            if original in drafts():
                message, hint = f"translation of nothing: {original!r} is a draft, and is left out", LEFT_OUT
            found.append(diagnose("RT502", message, link.place, hint, link.line))
            continue
        together = same.get(path, {path}) | same.get(original, {original})
        same.update(dict.fromkeys(together, together))
    for group in {id(group): group for group in same.values()}.values():
        spoken: dict[str, str] = {}
        for path in sorted(group, key=lambda one: (one in said, one)):  # what is no translation comes first
            tag = language(path)
            if (other := spoken.setdefault(tag, path)) != path:
                message, hint = (
                    f"translation in the language of {other}: {tag}",
                    "say 'language: …' in the front matter",
                )
                found.append(diagnose("RT516", message, said[path].place, hint, said[path].line))
    others = {path: tuple(there[one] for one in sorted(group - {path})) for path, group in same.items()}
    return Translations(others, tuple(found))
