"""Pages to files: the Jinja environment, and what each template is given.

Templates of the site come first, the built-in theme's behind them, so that a site overrides one file at a time. All text
is escaped unless it is already safe HTML; a name that a template misspells is an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import jinja2
from markupsafe import Markup

from . import cards, citations, comments, figures, policy, recordings, structured
from .bodies import BODY, Shown
from .composition import SCORE, Composed
from .config import Config
from .diagnostics import diagnose
from .exchanges import answers, questions, tells
from .fidelity import length
from .locales import direction, human_date, language_name, territory
from .model import Diagnostic, Document, Page, Prose, Speaker, Summary, Transcript
from .plan import VOICE, voice_url
from .recordings import NOTHING, Beside
from .site import Template
from .turns import Turns, TurnTemplate

HUES = 8  # colours of speakers, in the stylesheet
VOICES = 24  # speakers whose words can be read alone, in the stylesheet


class Guide(NamedTuple):
    """What all pages are told of the page at /guide/."""

    url: str
    title: str
    language: str


class Shared(NamedTuple):
    """What all pages of a site are given."""

    templates: Mapping[str, Template]
    guide: Guide | None = None
    has_voices: bool = False  # whether there is a list of speakers
    font: cards.Font | None = None  # of cards, if there are any
    has_podcast: bool = False  # whether there is a feed of recordings


class Renderer:
    """The environment of one site. Built once in each process."""

    def __init__(self, config: Config, shared: Shared, compiled: str | None = None) -> None:
        """`compiled` is a folder where compiled templates are kept."""
        self.config, self.templates, self._font = config, shared.templates, shared.font
        self.environment = jinja2.Environment(
            loader=jinja2.FunctionLoader(self._source),
            bytecode_cache=jinja2.FileSystemBytecodeCache(compiled) if compiled else None,
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.environment.filters |= {
            "date": human_date,
            "dir": direction,
            "language": language_name,
            "territory": territory,
        }
        self.environment.globals |= {
            "site": config, "href": self.href, "absolute": config.absolute, "guide": shared.guide,
            "has_voices": shared.has_voices, "has_podcast": shared.has_podcast, "voice_url": voice_url,
        }  # fmt: skip
        self.turn = TurnTemplate(self.environment)

    def _source(self, name: str) -> tuple[str, str, Callable[[], bool]] | None:
        """A template's text and file, which never change."""
        found = self.templates.get(name)
        return (found.text, found.file, lambda: True) if found else None

    def href(self, url: str) -> str:
        """The address of a URL of the site, under its base path."""
        path, _, fragment = url.partition("#")
        return self.config.base_path + quote(path.lstrip("/")) + (f"#{fragment}" if fragment else "")

    def page(
        self, page: Page, document: Document | None, shown: Mapping[str, Shown], summary: Summary | None,
        beside: Beside = NOTHING, changed: str = "",
    ) -> Composed | Diagnostic:  # fmt: skip
        """A page, or why its template fails. `beside` are the files that the document names."""
        language = document.language if document else self.config.language
        is_grid = page.template == "answers.html"  # a transcript's words once more, without what goes with them
        block = None if is_grid else comments_block(self.config, document, summary)
        allowed = policy.of(block) if self.config.params.content_security_policy else ""
        linked = document.metadata.downloads if document else ()
        context: dict[str, Any] = {
            "page": page,
            "language": language,
            "summary": summary,
            "document": document,
            "policy": Markup(allowed),
            "card": cards.card(summary, self.config, self._font),
            "changed": changed,
            "edit": self._edit(document) if document else None,
            "downloads": recordings.downloads(linked, beside) if linked else (),
        }
        turns = None
        match document:
            case Transcript():
                context |= self._transcript(document, shown)
                if not is_grid:
                    context |= self._beside_words(document, page, beside)
                    context |= {"comments": block, "has_times": summary is not None and summary.has_times}
                    context["turns"] = turns = self._turns(document, shown, context)
            case Prose():
                body = shown[BODY]
                context |= {"body": Markup(body.html), "contents": body.contents}
            case None:
                pass
        if page.template == VOICE:
            context["structured"] = structured.person(page, document, self.config)
        try:
            text = self.environment.get_template(page.template).render({"structured": None} | context)
        except Exception as error:  # whatever an expression of a template raises is the template's
            return _failure(error, page, self.templates)
        made = Composed(page.path, text)
        if isinstance(document, Transcript) and turns is not None:
            score = figures.score(document, shown, context["marks"], HUES) if SCORE in text else ""
            made = Composed(page.path, text, turns.sections, tuple(turns.patterns), score)
        return policy.fitted(made, allowed, self.config.base_path)

    def _turns(self, transcript: Transcript, shown: Mapping[str, Shown], context: Mapping[str, Any]) -> Turns:
        """What shows a transcript's turns."""
        speakers = {
            one.id: (one, (number - 1) % HUES + 1, number if number <= VOICES else 0)
            for number, one in enumerate(transcript.speakers, 1)
        }
        verbatim = transcript.metadata.record != "summary"
        return Turns(self.turn, speakers, shown, context["citations"].safe(), verbatim, {**context})

    def _beside_words(self, transcript: Transcript, page: Page, beside: Beside) -> dict[str, Any]:
        """What a transcript's own page has beside its words."""
        m, url = transcript.metadata, self.config.absolute(page.url)
        film = recordings.player("video", m.video, beside)
        return {
            "recording": film or recordings.player("audio", m.audio, beside),
            "citations": citations.citations(transcript, self.config, url),
            "structured": structured.transcript(transcript, self.config, url),
        }

    def _edit(self, document: Document) -> str | None:
        """Where a document's source can be edited."""
        path = quote(document.path.removeprefix(f"{self.config.content}/"))
        address = self.config.params.edit_url
        return address.replace("{path}", path) if address else None

    def _transcript(self, transcript: Transcript, shown: Mapping[str, Shown]) -> dict[str, Any]:
        speakers = {speaker.id: speaker for speaker in transcript.speakers}
        shares, html = figures.shares(transcript, shown), {id: one.html for id, one in shown.items()}
        return {
            "transcript": transcript,
            "speakers": speakers,
            "words": Words(shown),
            "marks": marks(transcript.speakers),
            "shares": shares,
            "score": Markup(SCORE)
            if len(transcript.speakers) > 1 and any(one.words for one in shares.values())
            else "",
            "answers": answers(transcript),
            "questions": {id: text for id, text in questions(transcript, html).items() if tells(text)},
            "length": length(transcript, shown),
            "marked": Counter(mark.kind for turn in transcript.turns() for mark in turn.marks if mark.kind != "time"),
        }


def comments_block(config: Config, document: Document | None, summary: Summary | None) -> comments.Block | None:
    """The comments block of a page; None where there is none."""
    if isinstance(document, Transcript) and document.metadata.comments and summary:
        return comments.block(config.params.comments, summary.id, document.language)
    return None


class Words:
    """The words of each turn as safe HTML, by its id."""

    def __init__(self, shown: Mapping[str, Shown]) -> None:
        self._shown = shown

    def __getitem__(self, id: str) -> Markup:
        return Markup(self._shown[id].html)


def marks(speakers: tuple[Speaker, ...]) -> dict[str, tuple[int, str]]:
    """For each speaker a number, which picks their colour, and letters that tell them apart without it."""
    found: dict[str, tuple[int, str]] = {}
    for number, speaker in enumerate(speakers, 1):
        words = [word for word in speaker.name.split() if word[0].isalpha()] or [speaker.name]
        letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
        found[speaker.id] = (number, letters.upper())
    return found


def _failure(error: Exception, page: Page, templates: Mapping[str, Template]) -> Diagnostic:
    """A template's error at its place, which Jinja keeps in the traceback or, for syntax, in the error itself."""
    files = {template.file: template.text for template in templates.values()}
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    traceback = error.__traceback__
    while traceback is not None and not isinstance(error, jinja2.TemplateSyntaxError):
        if traceback.tb_frame.f_code.co_filename in files:
            name, line = traceback.tb_frame.f_code.co_filename, traceback.tb_lineno
        traceback = traceback.tb_next
    missing = isinstance(error, jinja2.TemplateNotFound)
    message = f"there is no template {str(error)!r}" if missing else f"template fails: {error}"
    hint = f"while making {page.path}"
    if name is None or line is None:
        return diagnose("RT504", message, f"templates/{page.template}", hint)
    text = files.get(name, "").splitlines()
    source = text[line - 1] if 0 < line <= len(text) else ""
    return diagnose("RT504", message, (f"templates/{Path(name).name}", line, 1), hint, source)
