"""Akoma Ntoso debates (OASIS LegalDocML, 2.0 and 3.0): what parliaments and archives of open government publish.

Elements count by their local names, so every version of the namespace is read, and files without one. A speech names its
speaker by an id (`by`), which the references in the file's head turn into a name, and may print a label as well (`from`).
"""

from __future__ import annotations

import msgspec

from ..locales import is_date
from ..model import Diagnostic, Metadata, Person, Preamble, Reading, Source
from ..patterns import lazy
from . import xmltree
from .look import Look
from .names import is_name_like, key
from .proceedings import (
    Vocabulary,
    Voice,
    Walk,
    label_of,
    name_from,
    people_of,
    printed,
    same_name,
    seconds,
)
from .xmltree import Element

DEBATE = lazy(r"<(?:[\w.-]+:)?(?:debate|debateReport)[\s>]")
HEAD = 20_000  # characters in which a file says what it is
SPEECHES = ("speech", "question", "answer")
SECTIONS = (
    "debateSection administrationOfOath rollCall prayers oralStatements writtenStatements personalStatements "
    "ministerialStatements resolutions nationalInterest declarationOfVote communication petitions papers noticesOfMotion "
    "questions address proceduralMotions pointOfOrder adjournment"
).split()
TITLES = ("num", "heading", "subheading")
NOTES = frozenset(("narrative", "scene", "summary", "remark", "authorialNote"))
SKIPPED = {"toc": "table of contents of the printed edition"}
NOTE_IN_HEAD = "note in the head of the file, to which the text refers by a mark"
HOUR = 3600


def recognise(look: Look) -> str:
    """Why a file holds an Akoma Ntoso debate."""
    name, _ = look.root
    is_debate = name.casefold() == "akomantoso" and DEBATE.search(look.text, 0, HEAD)
    return f"its root element is <{name}>, and it holds a debate" if is_debate else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a debate."""
    root = xmltree.parse(source)
    if isinstance(root, Diagnostic):
        return xmltree.unread(source, sidecar, root)
    if root.name.casefold() != "akomantoso":
        return xmltree.unread(source, sidecar, xmltree.unknown(source, root))
    debate = _Debate(root, sidecar or Metadata())
    special = dict.fromkeys(SPEECHES, debate.speech) | dict.fromkeys(SECTIONS, debate.section)
    special |= dict.fromkeys(TITLES, debate.stray_title) | {"meta": debate.meta}
    walk = Walk(source, root, Vocabulary(special, NOTES, SKIPPED))
    walk.depth = -1 if debate.title else 0
    pieces = walk.run()
    convention = f"speaker ids, {debate.named} of {walk.speeches} speeches"
    people = people_of(pieces, debate.people())
    found = tuple(walk.found)
    return Reading(source, "transcript", debate.metadata(), pieces, convention, people, diagnostics=found)


class _Debate:
    """What the file says of itself, and what its elements mean."""

    def __init__(self, root: Element, sidecar: Metadata) -> None:
        self.root = root
        self.sidecar = sidecar
        self.shown = _shown(root)
        self.speeches = [*root.all(*SPEECHES)]
        self.nobodys = self._nobodys()
        self.has_offsets = _has_offsets(self.speeches)
        self.title = () if sidecar.title else _sole_title(root)
        self.named = 0

    # --- elements ---

    def speech(self, walk: Walk, element: Element) -> None:
        """A speech: who gave it, as the file says and as it prints."""
        label = next((child for child in element.elements() if child.name == "from"), None)
        words, words_at = printed(walk, label) if label else ("", None)
        who = _id(element.get("by"))
        if not who and not words:
            hint = 'give it by="#…", the id of a TLCPerson, or a <from>'
            walk.tell("RT224", f"<{element.name}> names no speaker: read as narration", element, hint)
            walk.narration(element)
            return
        voice = self._voice(element, who, words)
        self.named += voice.who is not None
        begins = walk.lead(element, label) if label else None
        walk.speech(element, voice, begins, words_at)

    def _voice(self, element: Element, who: str | None, words: str) -> Voice:
        if who in self.nobodys and words:
            who = None  # only the label tells these apart
        label = words or self.shown.get(who or "") or name_from(who or "", [])
        if not self.has_offsets:
            return Voice(label, who)
        return Voice(label, who, seconds(element.get("startTime")), seconds(element.get("endTime")))

    def section(self, walk: Walk, element: Element) -> None:
        """A part of the debate, with its heading."""
        walk.close(element.start)
        walk.depth += 1
        if titles := _titles(element):
            self._heading(walk, titles)
        walk.children(element)
        walk.close(element.end)
        walk.depth -= 1

    def _heading(self, walk: Walk, titles: tuple[Element, ...]) -> None:
        if titles == self.title:
            walk.close(titles[0].start)
            walk.pieces.append(Preamble(walk.places.span(titles[0].start, titles[-1].end)))
        else:
            walk.heading(_title(titles), titles[0].start, titles[-1].end)
        walk.read_to(titles[-1].end)

    def stray_title(self, walk: Walk, element: Element) -> None:
        """A heading or a number where no section begins: a heading if it can be one."""
        if element.name == "heading" and not walk.is_inside:
            walk.heading(element.words(), element.start, element.end)
        else:
            walk.inline(element)

    def meta(self, walk: Walk, element: Element) -> None:
        """The head: what it says is in the metadata and in the list of people. Its notes are words of somebody."""
        walk.preamble(element)
        for notes in element.elements():
            for note in notes.all("note") if notes.name == "notes" else ():
                walk.skip(note, NOTE_IN_HEAD)

    # --- people and metadata ---

    def _nobodys(self) -> frozenset[str]:
        """Ids that stand for anybody: no name, and labels of several people that have nothing of it."""
        labels: dict[str, set[str]] = {}
        for speech in self.speeches:
            for label in (child for child in speech.elements() if child.name == "from"):
                if id := _id(speech.get("by")):
                    labels.setdefault(id, set()).add(key(label_of(label.words())))
        return frozenset(
            id
            for id, own in labels.items()
            if len(own) > 1 and (name := self.shown.get(id)) and not is_name_like(name)
            if not any(same_name(name, label) for label in own)
        )

    def people(self) -> dict[str, Person]:
        """The people whom the references name, by id; with the role in which all their speeches were given."""
        roles: dict[str, set[str]] = {}
        for speech in self.speeches:
            if id := _id(speech.get("by")):
                roles.setdefault(id, set()).add(self.shown.get(_id(speech.get("as")) or "", ""))
        return {
            id: Person(name=name, id=id, role=(next(iter(roles[id])) or None) if len(roles[id]) == 1 else None)
            for id in roles
            if (name := self.shown.get(id))
        }

    def metadata(self) -> Metadata:
        """The sidecar's, and what it doesn't say from the file."""
        told = self.sidecar
        return msgspec.structs.replace(
            told,
            title=told.title or (_title(self.title) if self.title else self._title()),
            date=told.date or self._date(),
            language=told.language or self._language(),
        )

    def _title(self) -> str | None:
        title = self.root.first("docTitle")
        return (title.words() or None) if title else None

    def _date(self) -> str | None:
        """The day of the debate: as its cover says, else of the work."""
        dates = [*self.root.all("docDate")]
        for cover in self.root.all("preface", "coverPage"):
            dates += cover.all("date")
        dates += self.root.all("FRBRdate")
        days = (date.get("date")[:10] for date in dates)
        return next((day for day in days if is_date(day)), None)

    def _language(self) -> str | None:
        told = self.root.first("FRBRlanguage")
        return xmltree.language(told.get("language")) if told else None


def _id(reference: str) -> str | None:
    """The id that a reference names, spaces and all: there are files in which it is a name."""
    return reference.rpartition("#")[2].strip() or None


def _shown(root: Element) -> dict[str, str]:
    """What the references call people, roles and all else, by id."""
    shown: dict[str, str] = {}
    for element in root.descendants():
        if element.name.startswith("TLC") and (name := " ".join(element.get("showAs").split())):
            shown.setdefault(element.get("eId", "id", "wId"), name)
    return shown


def _has_offsets(speeches: list[Element]) -> bool:
    """Whether times count from the start of a recording: no dates, and the first is no time of day."""
    times = [speech.get("startTime") for speech in speeches if speech.get("startTime")]
    read = [seconds(time) for time in times]
    return bool(read) and all(time is not None for time in read) and min(time or 0 for time in read) < HOUR


def _titles(element: Element) -> tuple[Element, ...]:
    """Number, heading and subheading with which a section begins."""
    found = []
    for child in element.children:
        if isinstance(child, Element) and child.name in TITLES:
            found.append(child)
        elif isinstance(child, Element) or child.text.strip():
            break
    return tuple(found) if any(child.name != "num" for child in found) else ()


def _title(titles: tuple[Element, ...]) -> str:
    parts: list[str] = []
    for element in titles:
        if words := element.words():
            parts += ["–"] if parts and element.name == "subheading" else []
            parts.append(words)
    return " ".join(parts)


def _sole_title(root: Element) -> tuple[Element, ...]:
    """The heading of a debate that is one section: its title, unless it says another."""
    bodies = [*root.all("debateBody")]
    sections = [*bodies[0].elements()] if len(bodies) == 1 else []
    if len(sections) != 1 or sections[0].name not in SECTIONS or root.first("docTitle"):
        return ()
    return _titles(sections[0])
