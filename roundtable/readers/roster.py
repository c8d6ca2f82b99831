"""Lists of the people who take part: "Name, Role of the Affiliation", one a line."""

from __future__ import annotations

import re
from collections.abc import Collection

import msgspec

from ..model import Person
from ..patterns import lazy
from .names import key

HEADINGS = frozenset(
    "guests,guest,participants,participant,speakers,panelists,panellists,panel,attendees,discussants,interviewees,guest speakers,"
    "嘉宾,嘉賓,与会嘉宾,與會嘉賓,与会者,與會者,与谈人,與談人,对谈人,對談人,来宾,來賓,受访者,受訪者,参加者,出席者,登壇者,참석자,패널,gäste,teilnehmer,invités,intervenants,participantes,invitados,"
    "ponentes,ospiti,partecipanti,convidados,gasten,гости,участники".split(",")
)
NUMBER = lazy(r"\d{1,3}[.)]\s+")
MAX_HEADING = 40  # characters; no heading of these is longer, with what stands around it
MAX_LINE = 240  # characters; longer lines are prose

# "Dean of the Institute", "Professor at Fudan": the affiliation begins behind the first of these that has an article …
WITH_ARTICLE = lazy(r"\s(?:of|at|for|in|with|from)\sthe\s(?=[^\W\d_])")
# … or behind "at", or else behind a bare "of" before a capital: "Professor of Law at Yale" is a professor of law.
WITHOUT_ARTICLE = (lazy(r"\sat\s"), lazy(r"\s(?:of|for|with|from)\s(?=[^\W\d_a-z])"))
NAMES = lazy(r"\s*[,，、;；]\s*(?:and\s)?|\sand\s|\s&\s")
SEPARATORS = lazy(r"\s*[,，、]\s*|\s+[-–—|]\s+|\s*[(（](?=.*[)）]$)")


def is_roster_heading(title: str) -> bool:
    """Whether a list of people may begin here."""
    return len(title) <= MAX_HEADING and title.strip(" :：").casefold() in HEADINGS


def person(line: str) -> Person | None:
    """The person whom a line of a roster describes; None where it reads like prose."""
    if len(line) > MAX_LINE or (line[-1:] in ".!?。！？" and not re.search(r"\b\w{1,3}\.$", line)):
        return None
    name, *rest = SEPARATORS.split(line, maxsplit=1)
    if not 1 <= len(name.split()) <= 6 or not name[:1].isalpha() or name[:1].islower():
        return None
    if not rest or not rest[0].strip():
        return Person(name=name, kind="guest")
    description = rest[0].strip()
    if description[-1] in ")）" and not re.search("[(（]", description):
        description = description[:-1]
    return described(Person(name=name, kind="guest"), description)


def several(line: str, speaking: Collection[str]) -> tuple[Person, ...]:
    """The people of a line such as "Ana Duarte, Tom Lind", if it names more than one and all of them speak, by their keys."""
    names = NAMES.split(line.strip()) if len(line) <= MAX_LINE else []
    are_people = len(names) > 1 and all(key(name) in speaking for name in names)
    return tuple(Person(name=name, kind="guest") for name in names) if are_people else ()


def described(person: Person, description: str) -> Person:
    """The same person with role and affiliation, as a roster describes them."""
    role, affiliation = split_description(description)
    shown = None if description == ", ".join(part for part in (role, affiliation) if part) else description
    return msgspec.structs.replace(person, role=role, affiliation=affiliation, description=shown)


def split_description(description: str) -> tuple[str | None, str | None]:
    """Role and affiliation of a description such as "Dean of the School of Law"."""
    comma = re.search(r"\s*[,，、]\s*", description)
    article = WITH_ARTICLE.search(description)
    cut = article if article and not (comma and comma.start() < article.start()) else comma
    if cut is None:
        cut = next(filter(None, (pattern.search(description) for pattern in WITHOUT_ARTICLE)), None)
    return (description[: cut.start()], description[cut.end() :]) if cut else (description, None)
