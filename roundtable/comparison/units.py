"""What a document consists of when it is compared: headings, turns, narration; a plain page's paragraphs."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .. import markup
from ..ledger import GONE, LOST, part
from ..markup import Rendered
from ..model import Document, Prose, Transcript
from ..permalinks import NARRATION
from ..recognition import Page
from .changes import Spot
from .words import Text, read

HEADING = "heading"  # in the place of a speaker's id


class Unit(NamedTuple):
    """Words of one speaker, or of nobody."""

    kind: Literal["turn", "narration", "heading", "paragraph"]
    id: str
    who: str  # Speaker.id, or what stands in its place: a speaker of the other version who has the same words is the same
    name: str  # the speaker's
    markdown: str
    text: Text  # its words as they are shown
    line: int  # 0 of a paragraph, whose place nobody keeps
    beside: str = ""  # addresses of its links, titles, alternative texts

    @property
    def words(self) -> tuple[str, ...]:
        """Its tokens."""
        return self.text.tokens

    def spot(self, path: str = "") -> Spot:
        """Where it stands, with the path of the document if it is another one."""
        return Spot(self.id, self.kind, self.name, self.line, path)


class Stone(NamedTuple):
    """An id that is a turn's no more."""

    state: str  # ledger.LOST, ledger.GONE, or "" of one that leads on
    to: str


class Version(NamedTuple):
    """A document as it is compared."""

    units: tuple[Unit, ...]
    page: Page  # recognises their words
    names: dict[str, str]  # of speakers, by id
    anchors: frozenset[str]  # ids on its page
    stones: dict[str, Stone]  # by id
    beside: str = ""  # of a plain page: as of a unit
    path: str = ""  # of the document


def of(document: Document | None, held: str = "", path: str = "") -> Version:
    """A document, its turns with the ids that its ledger `held`; nothing has no units."""
    units: tuple[Unit, ...] = ()
    anchors: frozenset[str] = frozenset()
    names: dict[str, str] = {}
    beside = ""
    stones: dict[str, Stone] = {}
    match document:
        case Transcript():
            names = {one.id: one.name for one in document.speakers}
            units = tuple(_units(document, names))
            anchors = frozenset(one.id for one in units)
            states = {line.id: line.state for line in part(held).lines}
            stones = {one.id: _stone(one.to, states.get(one.id, LOST), one.is_moved) for one in document.tombstones}
        case Prose():
            body = markup.page(document.markdown)
            units = tuple(_paragraphs(body))
            anchors = frozenset(entry.id for entry in body.contents)
            beside = body.attributes
        case None:
            pass
    return Version(units, Page([one.markdown for one in units]), names, anchors, stones, beside, path)


def _stone(to: str | None, state: str, is_moved: bool) -> Stone:
    return Stone("", to or "") if is_moved else Stone(GONE if state == GONE else LOST, to or "")


def _units(transcript: Transcript, names: dict[str, str]) -> list[Unit]:
    found = []
    for section in transcript.sections:
        if section.title is not None:
            title = section.title
            found.append(Unit("heading", section.id, HEADING, "", title, read(title), section.span.line))
        for turn in section.turns:
            shown = markup.turn(turn.markdown, turn.id)
            kind: Literal["turn", "narration"] = "turn" if turn.speaker else "narration"
            who = turn.speaker or NARRATION
            name, text = names.get(who, ""), read(shown.text)
            found.append(Unit(kind, turn.id, who, name, turn.markdown, text, turn.span.line, shown.attributes))
    return found


def _paragraphs(body: Rendered) -> list[Unit]:
    texts = body.text.split("\n\n") if body.text else ()
    return [Unit("paragraph", "", NARRATION, "", text, read(text), 0) for text in texts]


def of_html(fragment: str, anchors: frozenset[str]) -> Version:
    """The words of a page of which only its HTML is there."""
    text = markup.strip(fragment)
    body = Rendered(fragment, text, 0)
    paragraphs = tuple(_paragraphs(body))
    return Version(paragraphs, Page([one.markdown for one in paragraphs]), {}, anchors, {})
