"""The theme's templates, each by itself: it needs what its first line says, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jinja2
import pytest
from jinja2 import meta, nodes
from markupsafe import Markup

from roundtable import bodies, recordings, stages
from roundtable.cards import Card
from roundtable.citations import citations
from roundtable.comments import Block
from roundtable.config import Config
from roundtable.model import Download, Page, Prose, Quote, Summary, Transcript, Voice
from roundtable.render import Guide, Renderer, Shared
from roundtable.site import THEME, templates
from roundtable.turns import OF_SPEAKER, PLACES

from .test_exchanges import PANEL

NAMES = sorted(path.name for path in (THEME / "templates").iterdir())
MACROS = {"entry.html", "quotes.html"}  # they show nothing by themselves
BLOCK = Block(
    "Giscus", "GitHub", ("giscus.app",), "https://github.com/o/n", "ask", "/c.js", (("repo", "o/n"),), "l", "d"
)


def head(name: str) -> str:
    """A template's first line: what it shows and needs."""
    text = (THEME / "templates" / name).read_text(encoding="utf-8")
    match = re.match(r"\{# (.*?) #\}", text)
    assert match, f"{name} does not begin by saying what it shows"
    return match[1]


def needed(name: str, environment: jinja2.Environment) -> set[str]:
    """The names that a template and its parts say they need."""
    found, waiting, seen = set(), [name], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        found |= set(re.findall(r"[a-z_]+", head(one).partition("Needs: ")[2]))
        source, _, _ = environment.loader.get_source(environment, one)  # type: ignore[union-attr]
        waiting += [part for part in meta.find_referenced_templates(environment.parse(source)) if part]
    return found


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Renderer:
    """Of the theme alone."""
    root = tmp_path_factory.mktemp("site")
    return Renderer(
        Config(title="T", base_url="https://example.org/"),
        Shared(templates(root), Guide("/guide/", "Guide", "en"), True),
    )


@pytest.fixture(scope="module")
def everything(renderer: Renderer, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Something for each name that any template is given."""
    file = tmp_path_factory.mktemp("content") / "talk.txt"
    file.write_text(PANEL, encoding="utf-8")
    parsed = stages.parse(str(file), "en")
    document = parsed.document
    assert isinstance(document, Transcript)
    _, shown = bodies.decode(bodies.encode(document, parsed.rendered))
    summary = Summary(
        kind="transcript", path="content/talk.txt", url="/talk/", id="talk", title="Talk", language="en", description="About it.",
        date="2026-01-02", series="Series", record=None, order=None, speakers=document.speakers,
    )  # fmt: skip
    page = Page(
        "/talk/", "talk/index.html", "transcript.html", summary.path, summary, summary, (summary,), "Ana", "/n/", "/o/",
        (Voice("Ana", "/speakers/ana/", 2),), ((Quote("ana-1", "<p>A1</p>", "Ana", "Why?", "host-1"),),),
    )  # fmt: skip
    prose = Prose("a.md", "A page", "en", document.metadata, "Words.", document.sections[0].span)
    context = renderer._transcript(document, shown)
    section = document.sections[0]
    values = (
        "",
        document.speakers[0],
        1,
        1,
        True,
        True,
        "/a.mp3",
        "ana-1",
        "<p>W</p>",
        "62",
        "1:02",
        "T",
        "https://example.org/talk/",
    )
    turn = dict(zip((*OF_SPEAKER, *PLACES), values, strict=True))
    downloads = recordings.downloads(
        (Download(file="a.pdf", title="A paper"),), recordings.Beside({"a.pdf": "/a.pdf"}, {"a.pdf": 9})
    )
    return {
        "recording": recordings.Player("audio", "/a.mp3", None, None, 9, None), "has_times": True, "changed": "2026-01-02", "edit": "/e",
        "downloads": downloads, "one": downloads[0], "policy": "", **turn, **context, "document": prose, "page": page, "language": "en", "summary": summary, "section": section, "en": "",
        "citations": citations(document, renderer.config, "https://example.org/talk/"), "structured": Markup("{}"), "card": Card("/c.png", "T"),
        "shared": {"type": "article", "title": "T", "description": None, "date": None}, "turns": lambda section, en: "", "body": "Words.", "contents": (), "comments": BLOCK,
    }  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_template_says_what_it_needs(name: str, renderer: Renderer) -> None:
    """Every name that it uses and does not set; what all are given goes without saying."""
    environment = renderer.environment
    source, _, _ = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
    tree = environment.parse(source)
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"} | {
        node.name for node in tree.find_all(nodes.Macro)
    }
    own |= {one[1] if isinstance(one, tuple) else one for node in tree.find_all(nodes.FromImport) for one in node.names}
    used = meta.find_undeclared_variables(tree) - set(environment.globals) - own
    everywhere = {"page", "language", "summary", "document", "en"}
    assert used - needed(name, environment) - everywhere == set()


@pytest.mark.parametrize("name", [name for name in NAMES if name not in MACROS])
def test_a_template_can_be_rendered_alone(name: str, renderer: Renderer, everything: dict[str, Any]) -> None:
    """With what it needs, and nothing else: a name that is not there is an error."""
    given = {key: value for key, value in everything.items() if key in needed(name, renderer.environment)}
    given |= {key: everything[key] for key in ("page", "language", "summary", "document", "en")}
    assert "Undefined" not in renderer.environment.get_template(name).render(given)


def test_templates_are_small() -> None:
    """A site overrides one of them, and must read it first."""
    sizes = {name: len(Path(THEME / "templates" / name).read_text(encoding="utf-8").splitlines()) for name in NAMES}
    assert max(sizes.values()) <= 80, sizes
