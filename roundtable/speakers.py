"""From labels to people: who said what.

A label is one person's if it is their name or an alias, spelling of case and spaces aside. Nothing is merged on a
resemblance: a label that nearly fits somebody becomes a speaker of its own, and the editor is asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

import msgspec

from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .locales import is_date
from .markup import slug
from .model import (
    Definition,
    Diagnostic,
    Document,
    Furniture,
    Metadata,
    Person,
    Prose,
    Reading,
    Roster,
    Skipped,
    SourceSpan,
    Speaker,
    Transcript,
    Utterance,
)
from .permalinks import NARRATION
from .readers.beginnings import NOTE_REASON
from .readers.names import Forms, key, role_kind
from .sections import Tag, definitions, sections

MAX_NAMED = 3  # people whom a message names
MAX_LISTED = 200
NEARLY = 0.84  # ratio of difflib from which a label resembles a name


def attribute(
    reading: Reading, language: str, known: tuple[Person, ...] = ()
) -> tuple[Document, tuple[Diagnostic, ...]]:
    """The document that a reading is, every label resolved to a speaker.

    `language` counts where the file names none; `known` are the site's people, of whom those count whom a label names.
    """
    metadata, notes = _named(reading, language)
    if reading.kind == "page":
        bodies = [piece for piece in reading.pieces if isinstance(piece, Utterance)]
        skips = _skip_notes(piece for piece in reading.pieces if isinstance(piece, Skipped))
        start = SourceSpan(reading.source.path, 1, 1, 0, 0)
        markdown, span = (bodies[0].markdown, bodies[0].span) if bodies else ("", start)
        return Prose(
            reading.source.path, metadata.title or "", metadata.language or language, metadata, markdown, span
        ), (*notes, *skips)
    utterances = [piece for piece in reading.pieces if isinstance(piece, Utterance)]
    others = [piece for piece in reading.pieces if not isinstance(piece, Utterance)]
    people = [
        *(person for person in metadata.speakers if person.name.strip()),
        *(person for piece in others if isinstance(piece, Roster) for person in piece.people),
    ]
    labels = {one.label for one in utterances if one.label}
    printed = set(map(key, (*labels, *(person.name for person in people))))
    people += [one for one in known if printed.intersection(map(key, (one.name, *one.aliases)))]
    speakers, who, found = _resolve(reading, people, utterances)
    wanted, unused = definitions(reading, [piece for piece in others if isinstance(piece, Definition)], utterances)
    parts = sections(reading, who, wanted)
    skipped = (
        *(_left_out(reading, one) for one in reading.furniture),
        *(piece for piece in others if isinstance(piece, Skipped)),
    )
    if not speakers:
        hint = "begin what each person says with 'Name:', no number or tag before it, or say 'type: page' in the front matter"
        found.append(
            diagnose("RT204", "no speaker found", (reading.source.path, 1, 1), hint, line_at(reading.source.text, 0))
        )
    # Without a speaker, nothing in the canonical form would say what it is.
    told = {} if speakers else {"type": "transcript", "labels": "bold"}
    transcript = Transcript(
        reading.source.path,
        metadata.title or "",
        metadata.language or language,
        msgspec.structs.replace(metadata, speakers=(), **told),
        speakers,
        parts,
        (*skipped, *(one for one in unused if isinstance(one, Skipped))),
    )
    skips = _skip_notes(transcript.skipped)
    return transcript, (*notes, *found, *skips, *(one for one in unused if isinstance(one, Diagnostic)))


def _left_out(reading: Reading, one: Furniture) -> Skipped:
    """All furniture of one kind, as it stands in its first place."""
    first = one.places[0]
    what = f"{one.kind}s" if one.kind == "line number" else f"{one.kind} {one.text!r}"
    times = f", {len(one.places):,}{'' if one.kind == 'line number' else ' times'}" if len(one.places) > 1 else ""
    return Skipped(reading.source.text[first.start : first.end], f"{what}{times}", first)


def _skip_notes(skipped: Iterable[Skipped]) -> Iterator[Diagnostic]:
    """What was skipped, each reason once."""
    reasons: dict[str, list[Skipped]] = {}
    for one in skipped:
        if one.reason == NOTE_REASON:
            continue
        reasons.setdefault(one.reason, []).append(one)
    for reason, same in reasons.items():
        times = f" {len(same):,} times, first here" if len(same) > 1 else ""
        yield diagnose("RT208", f"skipped{times}: {reason}", same[0].span, None, same[0].text.split("\n")[0])


def _named(reading: Reading, language: str) -> tuple[Metadata, list[Diagnostic]]:
    """The metadata with a title, a language and, where the file name begins with one, a date."""
    stem = PurePosixPath(reading.source.path).stem
    dated = re.fullmatch(r"(\d{4}-\d\d-\d\d)[-_ ]?(.*)", stem)
    dated = dated if dated and is_date(dated[1]) else None
    metadata = reading.metadata
    notes = []
    if metadata.title is None:
        words = re.sub(r"[-_\s]+", " ", dated[2] if dated and dated[2] else stem).strip() or stem
        metadata = msgspec.structs.replace(metadata, title=words[:1].upper() + words[1:])
        hint = f"to give another: 'title: …' in front matter, or in {stem}.yaml beside the file"
        notes.append(
            diagnose("RT203", f"title taken from the file name: {metadata.title!r}", (reading.source.path, 1, 1), hint)
        )
    metadata = msgspec.structs.replace(metadata, title=" ".join((metadata.title or stem).split()))
    if metadata.date is None and dated:
        metadata = msgspec.structs.replace(metadata, date=dated[1])
    return msgspec.structs.replace(metadata, language=metadata.language or language), notes


# --- labels to speakers ----------------------------------------------------------------------------------------------


def _resolve(
    reading: Reading, people: list[Person], utterances: list[Utterance]
) -> tuple[tuple[Speaker, ...], dict[Tag, str], list[Diagnostic]]:
    """The speakers, the speaker id of each tag, and what is doubtful."""
    found: list[Diagnostic] = []
    people = _one_each(people, reading, found)
    listed = [person.name for person in people]
    keyed = _keyed(people, reading.people)
    fits = _fits(people)
    tags = [(one.label, one.who) for one in utterances]
    first: dict[Tag, Utterance] = {}
    for tag, utterance in zip(tags, utterances, strict=True):
        first.setdefault(tag, utterance)
    turns = Counter([one.label for one in utterances])
    forms = Forms(listed, _printed(tags, first), {label for label, n in turns.items() if label and n > 2})
    index: dict[Tag, int] = {}
    first.pop((None, None), None)
    for tag, utterance in first.items():
        label, told = tag
        if told is not None:
            if told not in keyed:
                keyed |= _keyed(people, (Person(name=label or told, id=told),))
            index[tag] = keyed[told]
            continue
        who, doubts = _fitting(reading, utterance, people, fits, forms)
        found += doubts
        if who is None:
            who = len(people)
            people.append(Person(name=label or ""))
        fits.setdefault(key(label or ""), [who])
        index[tag] = who
    ids = _ids(people)
    found += _same_ids(reading, people)
    aliases = _aliases(people, index)
    speakers = tuple(_speaker(person, ids[i], aliases[i]) for i, person in enumerate(people))
    return speakers, {tag: ids[i] for tag, i in index.items()}, found


def _printed(tags: list[Tag], first: Iterable[Tag]) -> list[str]:
    """The labels of whom no format tells, each key's first spelling, in the order in which they are last heard."""
    spelled: dict[str, str] = {}
    for label, told in first:
        if label and told is None:
            spelled.setdefault(key(label), label)
    last = dict.fromkeys(key(label) for label, told in dict.fromkeys(reversed(tags)) if label and told is None)
    return [spelled[name] for name in reversed(last)]


def _fitting(
    reading: Reading,
    utterance: Utterance,
    people: list[Person],
    fits: dict[str, list[int]],
    forms: Forms,
) -> tuple[int | None, list[Diagnostic]]:
    """Whom a label fits, by name or alias or as a short form of one; a person of the printed labels is added for it."""
    label = utterance.label or ""
    who = fits.get(key(label), [])
    full = [] if who else forms.of(label)
    who = who or [i for name in full for i in fits.get(key(name), [])]
    if len(who) > 1 or len(full) > 1:
        fitting = " or ".join(map(repr, (full or [people[i].name for i in who])[:MAX_NAMED]))
        hint = "write the full name before these words, or give the alias to one of them only"
        doubt = _at(reading, utterance, "RT301", f"{label!r} fits two people: {fitting}", hint)
        return None, [doubt]  # nobody's guess: a speaker of its own
    if full:
        if not who:  # the full name is a label further below
            who = fits[key(full[0])] = [len(people)]
            people.append(Person(name=full[0]))
        hint = f"if {label!r} is somebody else, list both under 'speakers'"
        return who[0], [_at(reading, utterance, "RT304", f"{label!r} is read as a form of {full[0]!r}", hint)]
    is_short = 0 < len(forms.listed) <= MAX_LISTED  # looking for near misses takes each label with each name
    return (who[0], []) if who else (None, _near_miss(reading, utterance, list(forms.listed)) if is_short else [])


def _fits(people: list[Person]) -> dict[str, list[int]]:
    """The people whom each name or alias fits, by its key."""
    fits: dict[str, list[int]] = {}
    for i, person in enumerate(people):
        for name in (person.name, *person.aliases):
            if i not in fits.setdefault(key(name), []):
                fits[key(name)].append(i)
    return fits


def _aliases(people: list[Person], index: dict[Tag, int]) -> list[tuple[str, ...]]:
    """The aliases of each person: those given, and all other labels that were read as theirs."""
    aliases = [list(person.aliases) for person in people]
    owner = {key(person.name): i for i, person in enumerate(people)}
    for (label, _), i in index.items():
        is_others = label is not None and owner.get(key(label), i) != i  # the format says who, whatever is printed
        if label is not None and label != people[i].name and label not in aliases[i] and not is_others:
            aliases[i].append(label)
    return [tuple(own) for own in aliases]


def _keyed(people: list[Person], listed: tuple[Person, ...]) -> dict[str, int]:
    """The place in `people` of each person whom the format lists, by the format's id; those not there yet are added.

    Two of one name stay two: the format tells them apart.
    """
    own = {key(person.name): i for i, person in enumerate(people)}
    keyed = {}
    for person in listed:
        i = own.pop(key(person.name), None)
        if i is None:
            i = len(people)
            people.append(person)
        keyed[person.id or person.name] = i
    return keyed


def _speaker(person: Person, id: str, aliases: tuple[str, ...]) -> Speaker:
    return Speaker(
        id=id, name=person.name, role=person.role, affiliation=person.affiliation, description=person.description,
        kind=person.kind or role_kind(person.name) or "unknown", aliases=aliases,
    )  # fmt: skip


def _one_each(people: Iterable[Person], reading: Reading, found: list[Diagnostic]) -> list[Person]:
    """A person named twice (front matter and a guests section) once; the first to say something of them counts."""
    merged: dict[str, Person] = {}
    for person in people:
        known = merged.get(key(person.name))
        if known is None:
            merged[key(person.name)] = person
            continue
        if any(
            getattr(known, field) and getattr(person, field) and getattr(known, field) != getattr(person, field)
            for field in ("id", "role", "affiliation")
        ):
            message = f"two people are called {person.name!r}, or one is described in two ways"
            at = max(reading.source.text.find(person.name), 0)
            hint = "tell them apart: 'Name (Town)'; or say what they are in one place"
            place = span_at(reading.source, at, at)
            found.append(diagnose("RT303", message, place, hint, line_at(reading.source.text, at)))
        values = {
            f: getattr(known, f) or getattr(person, f) for f in ("id", "role", "affiliation", "description", "kind")
        }
        aliases = (*known.aliases, *(alias for alias in person.aliases if alias not in known.aliases))
        merged[key(person.name)] = msgspec.structs.replace(known, **values, aliases=aliases)
    return list(merged.values())


def _near_miss(reading: Reading, utterance: Utterance, listed: list[str]) -> list[Diagnostic]:
    label = utterance.label or ""
    hint = did_you_mean(label, listed, cutoff=NEARLY)
    if hint is None:
        words = set(key(label).split())
        sharing = [name for name in listed if words < (full := set(key(name).split())) or words > full]
        hint = (
            f"did you mean {' or '.join(map(repr, sharing))}? if so, add the label to their aliases"
            if sharing
            else None
        )
    return (
        [
            _at(
                reading,
                utterance,
                "RT302",
                f"{label!r} is not in the list of speakers, but resembles a name in it",
                hint,
            )
        ]
        if hint
        else []
    )


def _at(reading: Reading, utterance: Utterance, code: str, message: str, hint: str) -> Diagnostic:
    return diagnose(code, message, utterance.span, hint, line_at(reading.source.text, utterance.span.start))


def _same_ids(reading: Reading, people: list[Person]) -> Iterator[Diagnostic]:
    """Complaints about one id given to two people."""
    owner: dict[str, Person] = {}
    for person in people:
        if person.id:
            other = owner.setdefault(slug(person.id), person)
            if other is not person:
                at = max(reading.source.text.find(person.name), 0)
                message = f"{other.name!r} and {person.name!r} have one id: {person.id!r}"
                source = line_at(reading.source.text, at)
                yield diagnose(
                    "RT303", message, span_at(reading.source, at, at), "give each an id of their own", source
                )


def _ids(people: list[Person]) -> list[str]:
    """A slug for each, unique; ids that were given come first."""
    taken = {slug(person.id) for person in people if person.id}
    ids = []
    for person in people:
        id, n = slug(person.id or "") or slug(person.name) or "speaker", 2
        while id == NARRATION or (not person.id and id in taken):
            id, n = f"{slug(person.name) or 'speaker'}-{n}", n + 1
        taken.add(id)
        ids.append(id)
    return ids
