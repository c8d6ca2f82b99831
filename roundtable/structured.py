"""What machines read of a page: schema.org (30.0) as JSON-LD (W3C, 1.1), for the head of a transcript's and a speaker's page.

A transcript is a CreativeWork; where a date, a place or a series is known, it was recorded at an Event. Turns carry their
own mark, Quotation, as microdata (turn.html), so that no word stands on the page twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from markupsafe import Markup

from .config import Config
from .model import KINDS, Document, Page, Person, Prose, Speaker, Summary, Transcript
from .plan import voice_url

CONTEXT = "https://schema.org"
UNSAFE = str.maketrans({"<": r"\u003c", ">": r"\u003e", "&": r"\u0026"})  # nothing ends the script, or begins a comment


def transcript(one: Transcript, config: Config, url: str) -> Markup:
    """A transcript at that address."""
    m = one.metadata
    people = {speaker.id: _speaker(speaker, config, f"_:{number}") for number, speaker in enumerate(one.speakers, 1)}
    authors = [people[speaker.id] for speaker in one.speakers if voice_url(speaker.name)]
    site = {"@type": "WebSite", "name": config.title, "url": config.absolute("/")}
    work = {
        "@context": CONTEXT,
        "@type": "CreativeWork",
        "@id": url,
        "url": url,
        "name": one.title,
        "abstract": m.description,
        "genre": KINDS[m.record],
        "inLanguage": one.language,
        "author": authors,
        "isPartOf": site,
        "license": _work(m.license),
        "isBasedOn": _work(m.source),
        "recordedAt": _event(one, people) if m.date or m.place or m.series else None,
    }
    return _encoded(work)


def _event(one: Transcript, people: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Where it was said; who is described as an author is named there by reference."""
    m = one.metadata
    return {
        "@type": "Event",
        "name": one.title,
        "startDate": m.date,
        "inLanguage": one.language,
        "location": {"@type": "Place", "name": m.place, "address": m.place} if m.place else None,
        "superEvent": {"@type": "EventSeries", "name": m.series} if m.series else None,
        "performer": [
            {"@id": people[speaker.id]["@id"]} if voice_url(speaker.name) else people[speaker.id]
            for speaker in one.speakers
        ],
    }


def _work(said: str | None) -> Any:
    """What another work is called, or its address."""
    if not said or said.startswith(("http://", "https://")):
        return said
    return {"@type": "CreativeWork", "name": said}


def _speaker(one: Speaker | Person, config: Config, id: str | None = None) -> dict[str, Any]:
    url = voice_url(one.name)
    return {
        "@type": "Person",
        "@id": id,
        "name": one.name,
        "url": config.absolute(url) if url else None,
        "jobTitle": one.role,
        "affiliation": {"@type": "Organization", "name": one.affiliation} if one.affiliation else None,
        "description": one.description,
    }


def person(page: Page, document: Document | None, config: Config) -> Markup:
    """The speaker whose page it is: as their own page says, else as the newest transcript does that says something."""
    about = document if isinstance(document, Prose) else None
    known = next(_described(page.url, page.listed), None) or Speaker(id="", name=page.title)
    one: Speaker | Person = (about and about.metadata.person) or known
    found = _speaker(one, config) | {"name": about.title if about else page.title, "url": config.absolute(page.url)}
    if about and about.metadata.description:
        found["description"] = about.metadata.description
    return _encoded({"@context": CONTEXT, **found})


def _described(url: str, listed: Iterable[Summary]) -> Iterator[Speaker]:
    for summary in listed:
        for one in summary.speakers:
            if voice_url(one.name) == url and (one.role or one.affiliation or one.description):
                yield one


def _encoded(found: dict[str, Any]) -> Markup:
    """JSON that can stand in HTML; what is not known is left out."""
    return Markup(msgspec.json.encode(_known(found)).decode().translate(UNSAFE))


def _known(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: _known(value) for key, value in found.items() if value}
    return [_known(one) for one in found] if isinstance(found, list) else found
