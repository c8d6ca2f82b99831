"""Pages to files: the Jinja environment, and what each template is given.

Templates of the site come first, the built-in theme's behind them, so that a site overrides one file at a time. All text
is escaped unless it is already safe HTML; a name that a template misspells is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from . import comments
from .config import Config
from .dates import human_date
from .diagnostics import diagnose
from .fidelity import count
from .markup import Rendered
from .model import Artifact, Diagnostic, Document, Page, Prose, Speaker, Summary, Transcript, Turn

THEME = next(
    folder
    for folder in (Path(__file__).parent / "theme", Path(__file__).parent.parent)  # in a wheel, in a checkout
    if (folder / "templates" / "base.html").is_file()
)

RTL = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())


class Renderer:
    """The environment of one site. Built once in each process."""

    def __init__(self, root: Path, config: Config, guide: Summary | None) -> None:
        self.config = config
        folders = [root / "templates", THEME / "templates"]
        self.environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader([folder for folder in folders if folder.is_dir()]),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {"date": human_date, "dir": direction}
        self.environment.globals |= {"site": config, "href": self.href, "absolute": config.absolute, "guide": guide}

    def href(self, url: str) -> str:
        """The address of a URL of the site, under its base path."""
        path, _, fragment = url.partition("#")
        return self.config.base_path + quote(path.lstrip("/")) + (f"#{fragment}" if fragment else "")

    def page(
        self, page: Page, document: Document | None, rendered: Mapping[str, Rendered], summary: Summary | None
    ) -> Artifact | Diagnostic:
        """The file of a page, or why its template fails."""
        language = document.language if document else self.config.language
        context: dict[str, Any] = {"page": page, "language": language, "summary": summary, "document": document}
        match document:
            case Transcript():
                context |= self._transcript(document, rendered, summary)
            case Prose():
                body = rendered["body"]
                context |= {"body": Markup(body.html), "contents": body.contents}
            case None:
                pass
        try:
            text = self.environment.get_template(page.template).render(context)
        except jinja2.TemplateError as error:
            return _failure(error, page)
        except (
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
        ) as error:  # raised by an expression
            return diagnose(
                "RT504", f"template fails: {error}", f"templates/{page.template}", f"while making {page.path}"
            )
        return Artifact(page.path, text.encode())

    def _transcript(
        self, transcript: Transcript, rendered: Mapping[str, Rendered], summary: Summary | None
    ) -> dict[str, Any]:
        speakers = {speaker.id: speaker for speaker in transcript.speakers}
        block = None
        if transcript.metadata.comments and summary:
            block = comments.block(self.config.params.comments, summary.id, transcript.language)
        return {
            "transcript": transcript,
            "speakers": speakers,
            "words": {id: Markup(one.html) for id, one in rendered.items()},
            "marks": marks(transcript.speakers),
            "shares": shares(transcript, rendered),
            "questions": questions(transcript, speakers),
            "comments": block,
        }


def marks(speakers: tuple[Speaker, ...]) -> dict[str, tuple[int, str]]:
    """For each speaker a number, which picks their colour, and letters that tell them apart without it."""
    found: dict[str, tuple[int, str]] = {}
    for number, speaker in enumerate(speakers, 1):
        words = [word for word in speaker.name.split() if word[0].isalpha()] or [speaker.name]
        letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
        found[speaker.id] = (number, letters.upper())
    return found


def shares(transcript: Transcript, rendered: Mapping[str, Rendered]) -> dict[str, int]:
    """Words spoken by each speaker."""
    counts = dict.fromkeys((speaker.id for speaker in transcript.speakers), 0)
    for turn in transcript.turns():
        if turn.speaker:
            counts[turn.speaker] += count((rendered[turn.id].text,))
    return counts


def questions(transcript: Transcript, speakers: Mapping[str, Speaker]) -> dict[str, tuple[Turn, ...]]:
    """By section, the turns of hosts: what opens an exchange."""
    return {
        section.id: tuple(turn for turn in section.turns if turn.speaker and speakers[turn.speaker].kind == "host")
        for section in transcript.sections
    }


def direction(language: str) -> str:
    """The direction in which a language is written, for `dir`."""
    return (
        "rtl"
        if language.casefold().split("-")[0] in RTL or "-arab" in language.casefold() or "-hebr" in language.casefold()
        else "ltr"
    )


def _failure(error: jinja2.TemplateError, page: Page) -> Diagnostic:
    """A template's error at its place, which Jinja keeps in the traceback or, for syntax, in the error."""
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename.endswith((".html", ".xml", ".txt")):
            name, line = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
    if isinstance(error, jinja2.TemplateNotFound):
        return diagnose(
            "RT504",
            f"there is no template {error.name!r}",
            f"templates/{page.template}",
            "mend the name, or add the file to templates/",
        )
    if name is None or line is None:
        return diagnose(
            "RT504", f"template fails: {error.message}", f"templates/{page.template}", f"while making {page.path}"
        )
    path = Path(name)
    shown = f"templates/{path.name}"
    text = path.read_text(encoding="utf-8").splitlines()
    source = text[line - 1] if 0 < line <= len(text) else ""
    return diagnose("RT504", f"template fails: {error.message}", (shown, line, 1), f"while making {page.path}", source)
