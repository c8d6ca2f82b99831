"""TEI (P5 and P4) as transcripts use it: ParlaMint and other corpora of speech, ISO 24624, and plays.

A `<u>` names its speaker by `who`; the list of people, if the file has one, gives the name, and a note of the type "speaker"
before it what was printed. A play's `<sp>` prints a `<speaker>`. Files of TEI that hold neither are editions of prose: they
are not claimed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from .. import markup
from ..locales import is_date
from ..model import Diagnostic, Metadata, Person, Reading, Source, Utterance
from ..patterns import lazy
from . import xmltree
from .look import Look
from .proceedings import NOBODY, Vocabulary, Voice, Walk, ids_of, label_of, name_from, people_of, seconds
from .xmltree import Element, Text

ROOTS = ("TEI", "TEI.2", "teiCorpus", "teiCorpus.2")
SPOKEN = lazy(r"<(?:[\w.-]+:)?(?:u|sp)[\s>]")
SECTIONS = ("div", *(f"div{i}" for i in range(8)))
NOTES = frozenset("note incident vocal kinesic gap stage writing pause camera sound tech move".split())
SKIPPED = {
    "fw": "running head or foot of a printed page",
    "spanGrp": "annotation of words that stand beside it",
}
HEADS = ("teiHeader", "standOff")
OTHER_SPELLING = "another spelling of the words before it"
UNITS = {"ms": 0.001, "s": 1.0, "": 1.0, "min": 60.0, "h": 3600.0}


def recognise(look: Look) -> str:
    """Why a file holds a transcript in TEI."""
    name, _ = look.root
    if name not in ROOTS or not (found := SPOKEN.search(look.text)):
        return ""
    return f"its root element is <{name}>, and it holds {found[0].rstrip('> ').rstrip()}>"


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a transcript in TEI."""
    root = xmltree.parse(source)
    if isinstance(root, Diagnostic):
        return xmltree.unread(source, sidecar, root)
    if root.name not in ROOTS:
        return xmltree.unread(source, sidecar, xmltree.unknown(source, root))
    transcript = _Transcript(root)
    walk = Walk(source, root, transcript.vocabulary())
    walk.merges = not transcript.is_timed
    walk.run()
    transcript.give_up(walk)
    convention = f"speaker ids, {transcript.named} of {walk.speeches} speeches"
    return Reading(
        source,
        "transcript",
        _metadata(root, sidecar or Metadata()),
        walk.ordered(),
        convention,
        people_of(walk.pieces, transcript.people),
        continuous=transcript.is_timed,
        diagnostics=tuple(walk.found),
    )


class _Transcript:
    """What the file says of its people and times, and what its elements mean."""

    def __init__(self, root: Element) -> None:
        self.people = dict(_people(root))
        self.times = _timeline(root)
        speeches = [*root.all("u")]
        timed = sum(bool(one.get("start")) for one in (*speeches, *root.all("annotationBlock")))
        self.is_timed = timed > len(speeches) / 2
        self.named = 0
        self.printed: dict[str, str] = {}  # the label last printed for each id
        self.label: tuple[Element, int] | None = None  # a label whose speech is yet to come, and the place of its piece
        self.block: Element | None = None  # what may say for a speech who gives it, and when

    def vocabulary(self) -> Vocabulary:
        """What the elements mean."""
        special = dict.fromkeys(SECTIONS, _section) | dict.fromkeys(HEADS, Walk.preamble)
        special |= {"u": self.speech, "sp": self.part, "note": self.note, "annotationBlock": self.annotated}
        return Vocabulary(special | {"head": _head, "choice": _choice}, NOTES, SKIPPED)

    # --- elements ---

    def speech(self, walk: Walk, element: Element) -> None:
        """Words of one speaker, with the label that stands before them, or first in them."""
        who = self._who(element)
        label = self._own_label(element)
        if label is not None:
            voice = self._voice(element, who, label_of(label.words()))
            self._speak(walk, element, voice, walk.lead(element, label), label.end)
            return
        words, before = self._label_before(walk, element)
        voice = self._voice(element, who, words)
        self._speak(walk, element, voice, before, None if before is None else element.inner)

    def part(self, walk: Walk, element: Element) -> None:
        """A speech in a play."""
        label = next((child for child in element.elements() if child.name == "speaker"), None)
        words = label_of(label.words()).rstrip(".,; ") if label else ""
        voice = self._voice(element, self._who(element), words)
        begins = walk.lead(element, label) if label else None
        self._speak(walk, element, voice, begins, label.end if label else None)

    def _speak(self, walk: Walk, element: Element, voice: Voice, begins: int | None, words_at: int | None) -> None:
        if voice[:2] == NOBODY[:2]:
            hint = 'give it who="#…", the id of a person'
            walk.tell("RT224", f"<{element.name}> names no speaker: read as narration", element, hint)
            voice = NOBODY
        self.named += voice.who is not None
        walk.speech(element, voice, begins, words_at)

    def _who(self, element: Element) -> str | None:
        told = element.get("who") or (self.block.get("who") if self.block else "")
        ids = ids_of(told)
        if len(ids) > 1 and "#" not in told and not any(id in self.people for id in ids):
            name = " ".join(ids)  # no reference, but a name
            self.people[name] = Person(name=name, id=name)
            return name
        return " ".join(ids) or None

    def _voice(self, element: Element, who: str | None, words: str) -> Voice:
        name = self._name(who) if who and (not words or " " in who) else None
        if who and words:
            self.printed[who] = words
        label = words or name
        return Voice(label, who, self._time(element, "start"), self._time(element, "end"))

    def _name(self, who: str) -> str:
        """What somebody is called where nothing is printed; several who speak at once are all named."""
        if who in self.people:
            return self.people[who].name
        names = [self.people[id].name if id in self.people else name_from(id, []) for id in who.split()]
        if len(names) > 1:
            self.people[who] = Person(name=", ".join(names), id=who)
            return self.people[who].name
        return self.printed.get(who) or names[0]

    def _time(self, element: Element, name: str) -> float | None:
        told = element.get(name) or (self.block.get(name) if self.block else "")
        return self.times.get(told.lstrip("#")) if told.startswith("#") else seconds(told)

    def _own_label(self, element: Element) -> Element | None:
        """The label that a speech holds as its first child."""
        for child in element.children:
            if isinstance(child, Element):
                return child if child.name == "note" and child.get("type") == "speaker" else None
            if child.text.strip():
                return None
        return None

    def _label_before(self, walk: Walk, element: Element) -> tuple[str, int | None]:
        """The label that was printed for a speech, and where it begins if nothing stands between."""
        if self.label is None:
            return "", None
        (label, at), self.label = self.label, None
        walk.close(element.start)
        if at == len(walk.pieces) - 1 and not walk.source.text[label.end : element.start].strip():
            walk.pieces.pop()
            return label_of(label.words()), label.start
        return label_of(label.words()), None

    def note(self, walk: Walk, element: Element) -> None:
        """A note: the label of the speech that follows, or words of a clerk."""
        if element.get("type") != "speaker" or walk.voice != NOBODY or walk.is_inside or not element.words():
            walk.note(element)
            return
        self.give_up(walk)
        walk.preamble(element)
        self.label = element, len(walk.pieces) - 1

    def give_up(self, walk: Walk) -> None:
        """A label that no speech follows is narration."""
        if self.label is not None:
            (label, at), self.label = self.label, None
            span = walk.pieces[at].span
            walk.pieces[at] = Utterance(None, markup.escape(label.words()), span, span.start)

    def annotated(self, walk: Walk, element: Element) -> None:
        """ISO 24624: a speech with its annotations."""
        outer, self.block = self.block, element
        walk.block(element)
        self.block = outer


def _section(walk: Walk, element: Element) -> None:
    walk.close(element.start)
    walk.depth += 1
    walk.children(element)
    walk.close(element.end)
    walk.depth -= 1


def _head(walk: Walk, element: Element) -> None:
    """A heading; in a list, a table or a stanza it is a paragraph."""
    if walk.is_inside:
        walk.block(element)
    else:
        walk.heading(element.words(), element.start, element.end)


def _choice(walk: Walk, element: Element) -> None:
    """Spellings to choose from: the first is what stands in the source."""
    first = next(element.elements(), None)
    for child in element.children:
        if isinstance(child, Text):
            walk.text(child)
        elif child is first:
            walk.element(child)
        else:
            walk.skip(child, OTHER_SPELLING)


# --- the head ------------------------------------------------------------------------------------------------------------


def _people(root: Element) -> Iterator[tuple[str, Person]]:
    """The people whom the file lists, by id."""
    for element in root.all("person", "personGrp", "org", "castItem", "role"):
        id = element.get("id")
        name = element.words() if element.name == "role" else _name(element)
        if id and name:
            yield id, Person(name=name, id=id, role=(element.get("role") or None) if element.name == "person" else None)


def _name(element: Element) -> str:
    """A person's name: given names before the family's, whatever the order in the file."""
    name = element.first("persName", "orgName", "name", "role")
    if name is None:
        return element.get("n") or ("" if element.name == "castItem" else element.words()[:80])
    parts = {part: " ".join(one.words() for one in name.all(part)) for part in ("forename", "nameLink", "surname")}
    return " ".join(filter(None, parts.values())) if parts["surname"] else name.words()


def _timeline(root: Element) -> dict[str, float]:
    """The seconds of each point of the timeline, by id."""
    times: dict[str, float] = {}
    for timeline in root.all("timeline"):
        for when in timeline.all("when"):
            unit = UNITS.get(when.get("unit") or timeline.get("unit"), 0.0)
            since = when.get("since").lstrip("#")
            try:
                interval = float(when.get("interval") or ("0" if not times else "nan"))
            except ValueError:
                continue
            at = times.get(since, 0.0) + interval * unit
            if unit and 0 <= at < 1e9:
                times[when.get("id")] = round(at, 3)
    return times


def _metadata(root: Element, told: Metadata) -> Metadata:
    """The sidecar's, and what it doesn't say from the file."""
    head = root.first("teiHeader")
    if head is None:
        return told
    language = xmltree.language(root.get("lang") or _attribute(head, "ident", "language"))
    address = _address(head)
    return msgspec.structs.replace(
        told,
        title=told.title or _title(head, root.get("lang")),
        date=told.date or _date(head),
        language=told.language or language,
        source=told.source or address,
        license=told.license or _licence(head),
    )


def _attribute(element: Element, attribute: str, *names: str) -> str:
    return next((value for one in element.all(*names) if (value := one.get(attribute))), "")


def _title(head: Element, language: str) -> str | None:
    """The main title, in the language of the file if it is given in several."""
    statement = head.first("titleStmt")
    titles = [one for one in statement.elements() if one.name == "title" and one.words()] if statement else []
    titles.sort(key=lambda one: (one.get("type") not in ("main", ""), one.get("lang") not in ("", language)))
    return titles[0].words() if titles else None


def _date(head: Element) -> str | None:
    """The day on which it was said: that of the setting, else of the source."""
    for name in ("setting", "settingDesc", "recording", "sourceDesc"):
        for date in (date for place in head.all(name) for date in place.all("date")):
            if is_date(day := date.get("when", "from")[:10]):
                return day
    return None


def _address(head: Element) -> str | None:
    """The web address of the source."""
    described = head.first("sourceDesc")
    told = [*described.all("idno", "ref", "ptr")] if described else []
    addresses = (one.get("target") or one.words() for one in told)
    return next((one for one in addresses if re.match(r"https?://\S+$", one)), None)


def _licence(head: Element) -> str | None:
    licence = head.first("licence")
    return (licence.get("target") or licence.words()[:200] or None) if licence else None
