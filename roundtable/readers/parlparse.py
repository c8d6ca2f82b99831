"""The XML of parlparse: debates, written answers and statements of British parliaments, as TheyWorkForYou publishes them.

A flat file: headings, speeches, divisions. A speech has its speaker's name and id in attributes; its time is that of the
clock in the chamber, not of a recording.
"""

from __future__ import annotations

import msgspec

from ..locales import is_date
from ..markup import slug
from ..model import Diagnostic, Metadata, Person, Reading, Source
from ..patterns import lazy
from . import xmltree
from .look import Look
from .proceedings import Vocabulary, Voice, Walk, people_of
from .xmltree import Element

SPEECHES = ("speech", "ques", "reply")
HEADINGS = {"oral-heading": 2, "major-heading": 2, "minor-heading": 3, "heading": 2}
ID = lazy(r"publicwhip/(?P<kind>[a-z]+)/(?P<date>\d{4}-\d\d-\d\d)")
KINDS = {
    "debate": "House of Commons debates",
    "lords": "House of Lords debates",
    "westminhall": "Westminster Hall debates",
    "wrans": "Written answers",
    "wms": "Written ministerial statements",
    "ni": "Northern Ireland Assembly",
    "spor": "Scottish Parliament",
}


def recognise(look: Look) -> str:
    """Why a file is parlparse's."""
    name, _ = look.root
    return "its root element is <publicwhip>" if name == "publicwhip" else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a day."""
    root = xmltree.parse(source)
    if isinstance(root, Diagnostic):
        return xmltree.unread(source, sidecar, root)
    if root.name != "publicwhip":
        return xmltree.unread(source, sidecar, xmltree.unknown(source, root))
    day = _Day()
    special = dict.fromkeys(SPEECHES, day.speech) | dict.fromkeys(HEADINGS, _heading)
    walk = Walk(source, root, Vocabulary(special | {"division": Walk.narration, "mpname": _member}))
    pieces = walk.run()
    if day.nobodys:
        hint = 'all is well where the clerk wrote them; else give them speakername="…"'
        message = f"speeches that name nobody, {len(day.nobodys)} in all: read as narration; the first is here"
        walk.tell("RT224", message, day.nobodys[0], hint)
    convention = f"names of speakers, {len(day.names)} people in {walk.speeches} speeches"
    people = people_of(pieces, day.people())
    metadata = _metadata(root, sidecar or Metadata())
    return Reading(source, "transcript", metadata, pieces, convention, people, diagnostics=tuple(walk.found))


class _Day:
    """Who has spoken so far."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # the name under which each id came first
        self.offices: dict[str, set[str]] = {}
        self.nobodys: list[Element] = []  # speeches that name nobody

    def speech(self, walk: Walk, element: Element) -> None:
        """A speech; without a name, what the clerk wrote."""
        name = " ".join(element.get("speakername").split())
        id = element.get("person_id", "speakerid").rpartition("/")[2]
        if not name or element.get("nospeaker") == "true":
            self.nobodys.append(element)
            walk.narration(element)
            return
        if id in ("", "unknown"):
            walk.speech(element, Voice(name))
            return
        self.offices.setdefault(id, set()).add(element.get("speakeroffice"))
        walk.speech(element, Voice(name, _id(id, self.names.setdefault(id, name))))

    def people(self) -> dict[str, Person]:
        """The speakers; with their office, if it was the same all day."""
        return {
            (own := _id(id, name)): Person(
                name=name, id=own, role=(next(iter(told)) or None) if len(told := self.offices[id]) == 1 else None
            )
            for id, name in self.names.items()
        }


def _id(id: str, name: str) -> str:
    """An id that people can read, and that two of one name don't share."""
    return f"{slug(name)}-{id}".lstrip("-")


def _heading(walk: Walk, element: Element) -> None:
    walk.heading(element.words(), element.start, element.end, HEADINGS[element.name])


def _member(walk: Walk, element: Element) -> None:
    """A member in the list of a division."""
    walk.listed(element, "; ")


def _metadata(root: Element, told: Metadata) -> Metadata:
    """The sidecar's, and what it doesn't say from the ids in the file."""
    found = next((match for one in root.descendants() if (match := ID.search(one.get("id")))), None)
    if found is None or not is_date(found["date"]):
        return told
    kind = KINDS.get(found["kind"])
    return msgspec.structs.replace(
        told,
        title=told.title or (f"{kind}, {found['date']}" if kind else None),
        date=told.date or found["date"],
        language=told.language or ("en" if kind else None),
    )
