"""The pages of two built sites: which are there, and which only look otherwise."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec

from ..config import Config, load
from ..diagnostics import Stopped, diagnose
from ..pipeline import build
from ..site import Site as Building
from .changes import PageChange
from .sides import Built, Site
from .trees import Commit


def compare(old: Site | Built, new: Site | Built, *, drafts: bool) -> tuple[PageChange, ...]:
    """What happened to pages, by URL; a version that is not built is built in a folder that is taken away again."""
    with tempfile.TemporaryDirectory() as name:
        return _compared(_built(old, Path(name) / "old", drafts=drafts), _built(new, Path(name) / "new", drafts=drafts))


def _compared(old: Built, new: Built) -> tuple[PageChange, ...]:
    olds, news = ({path: one.tree.id(path) for path in one.pages()} for one in (old, new))
    found = []
    for path in sorted({**olds, **news}):
        url = f"/{path.removesuffix('index.html')}"
        if path not in olds or path not in news:
            found.append(PageChange(url, "added" if path in news else "removed"))
        elif olds[path] != news[path]:
            is_same = _words(old.root / path) == _words(new.root / path)
            found.append(PageChange(url, "looks" if is_same else "words"))
    return tuple(found)


def _words(file: Path) -> str:
    """The words of a page's main part, or of all of it, without white space."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(file.read_bytes().decode(errors="replace"))
    for unseen in tree.css("script, style, svg, template"):
        unseen.decompose()
    main = tree.css_first("main") or tree.body
    return "".join((main.text() if main else "").split())


def _built(one: Site | Built, folder: Path, *, drafts: bool) -> Built:
    """A version as a built site. Days of last changes are left out, since only one of two versions may have them."""
    if isinstance(one, Built):
        return one
    root = one.tree.root
    if isinstance(one.tree, Commit):
        root = folder / "site"
        root.mkdir(parents=True)
        one.tree.unpack(root)
    config, _ = load(root)
    if config == Config() or not (root / config.content).is_dir():
        hint = "name sites, each with its site.toml, or leave --pages out"
        raise Stopped(diagnose("RT106", f"{one.name} can't be built", None, hint))
    params = msgspec.structs.replace(config.params, git_dates=False)
    config = msgspec.structs.replace(config, params=params)
    output = folder / "public"
    site = Building(root, config, output, drafts=drafts, jobs=1, cache=folder / "cache", records=False)
    outcome = build(site)
    if outcome.failed:
        first = next(one for one in outcome.found if one.severity == "error")
        raise Stopped(msgspec.structs.replace(first, message=f"{one.name} can't be built: {first.message}"))
    return Built(one.name, output)
