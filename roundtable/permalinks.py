"""Ids of sections and turns: what a quotation's link points to. Readable, unique on the page, the same at every build.

A turn's id is allotted once. What was allotted is in the ledger (`ledger`), and `settled` gives a transcript the ids that it has
there: an id stays with its speaker, and with words that are recognised as the same. Others are new; those that no turn has any
more become tombstones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count, islice
from typing import NamedTuple

import msgspec

from .diagnostics import diagnose
from .ledger import FILE, LOST, NOTHING, Line, part, written
from .markup import PAGE_IDS, slug
from .matching import Known, elsewhere, match
from .model import Diagnostic, Section, Tombstone, Transcript
from .recognition import Page

# Ids that a transcript's page itself uses.
RESERVED = PAGE_IDS | {"about", "citations", "cite", "comments", "contents", "conversation", "people", "top"}
NARRATION = "narration"  # in the place of a speaker's id; no speaker's id is that
NO_NUMBERS: Mapping[str, int] = {}


class Allotter:
    """Hands out the ids of one page, in the order in which they are asked for."""

    def __init__(self, taken: Iterable[str] = RESERVED, numbers: Mapping[str, int] = NO_NUMBERS) -> None:
        """`numbers` are the last that were given to turns, by speaker."""
        self._taken = set(taken)
        self._turns = dict(numbers)

    def section(self, title: str | None) -> str:
        """The id of a section: the slug of its title."""
        return self._unique(slug(title or "") or "section")

    def turn(self, speaker: str | None) -> str:
        """The id of a speaker's next turn: `xue-lan-3` for the third."""
        who = speaker or NARRATION
        n = self._turns.get(who, 0) + 1
        while (id := f"{who}-{n}") in self._taken:
            n += 1
        self._turns[who] = n
        self._taken.add(id)
        return id

    def _unique(self, wanted: str) -> str:
        id, n = wanted, 2
        while id in self._taken:
            id, n = f"{wanted}-{n}", n + 1
        self._taken.add(id)
        return id


# --- the ids that turns had ------------------------------------------------------------------------------------------


class Settled(NamedTuple):
    """A transcript with the ids of its ledger."""

    transcript: Transcript
    held: str  # what the ledger is to have of it
    found: tuple[Diagnostic, ...]  # ids that disappeared, and nobody said why


def settled(transcript: Transcript, held: str, content: str) -> Settled:
    """The transcript with the ids that `held`, what the ledger has of it, gives to its turns, and with new ones.

    Doing it again with what the ledger is to have changes nothing. `content` is the content folder.
    """
    turns = transcript.turns()
    page = Page([turn.markdown for turn in turns])
    if held and _is_as_it_was(transcript, page, held):
        return Settled(transcript, held, ())
    known, who = part(held), [turn.speaker or NARRATION for turn in turns]
    if not known.lines:
        rows = zip([turn.id for turn in turns], page.digests, page.sketches(range(len(turns))), strict=True)
        return Settled(transcript, "\n".join(_with_sections(transcript, map(" ".join, rows), " §")), ())
    candidates = [line for line in known.lines if line.state in (NOTHING, LOST)]
    numbers = match([Known(line.who, line.digest, line.sketch, line.is_live) for line in candidates], who, page)
    had = {turn: candidates[number] for turn, number in enumerate(numbers) if number >= 0}
    sections = _allotted(transcript.sections, known.lines, had)
    transcript = msgspec.structs.replace(transcript, sections=sections)
    live = _lines([turn.id for section in sections for turn in section.turns], page, had)
    there = {line.id for line in live}
    rest = [_as_lost(line) for line in known.lines if line.id not in there]
    lines = _renamed(_in_order(known.lines, live, rest), known.renamed, page, who) if rest else live
    heads, former = _heads(transcript, known.sections)
    stones = (*_tombstones(lines, transcript), *_former(lines, former, heads)) if rest or former else ()
    transcript = msgspec.structs.replace(transcript, tombstones=stones)
    for id, below in reversed(former):
        heads.setdefault(below, []).insert(0, id)
    return Settled(transcript, written(lines, heads), tuple(_told(transcript, lines, page, content)) if rest else ())


def _with_sections(transcript: Transcript, turns: Iterable[str], sign: str = "") -> list[str]:
    """What stands for each turn, and above those of a section with a title the section's id."""
    rest, found = iter(turns), []
    for section in transcript.sections:
        if section.title is not None:
            found.append(section.id + sign)
        found += islice(rest, len(section.turns))
    return found


def _is_as_it_was(transcript: Transcript, page: Page, held: str) -> bool:
    """Whether nothing was changed but what counts for nothing, ever: the usual case, in a third of the time."""
    turns = (f"{turn.id} {digest}" for turn, digest in zip(transcript.turns(), page.digests, strict=True))
    return [line.rpartition(" ")[0] for line in held.split("\n")] == _with_sections(transcript, turns)


def _heads(
    transcript: Transcript, known: Iterable[tuple[str, str]]
) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:  # fmt: skip
    """The sections that stand above each turn, by its id ("": at the end); and those that there were, as the ledger has them."""
    heads: dict[str, list[str]] = {}
    above: list[str] = []
    for section in transcript.sections:
        above += [section.id] if section.title is not None else []
        if section.turns and above:
            heads[section.turns[0].id], above = above, []
    if above:
        heads[""] = above
    taken = {*RESERVED, *(section.id for section in transcript.sections), *(turn.id for turn in transcript.turns())}
    return heads, [(id, below) for id, below in known if id not in taken]


def _former(
    lines: Sequence[Line], former: Iterable[tuple[str, str]], heads: Mapping[str, Sequence[str]]
) -> Iterator[Tombstone]:  # fmt: skip
    """What links to sections that have another title now, or none, lead to: what stands where they began."""
    places = {line.id: number for number, line in enumerate(lines)}
    # In the order of the page, as the ledger will have them: what it had may be in another.
    for id, below in sorted(former, key=lambda one: places.get(one[1], len(lines))):
        at = places.get(below, len(lines))
        turn = next((line.id for line in (*lines[at:], *reversed(lines[:at])) if line.is_live), None)
        above = heads.get(turn or "", ())
        yield Tombstone(id, None, above[-1] if above else turn, is_moved=turn is not None)


def _lines(ids: Sequence[str], page: Page, had: Mapping[int, Line]) -> list[Line]:
    """A line for each turn: as it was, if its words are what they were."""
    same = {turn for turn, line in had.items() if line.is_live and line.digest == page.digests[turn]}
    new = [turn for turn in range(len(ids)) if turn not in same]
    sketches = dict(zip(new, page.sketches(new), strict=True))
    return [
        had[turn] if turn in same else Line(id, NOTHING, page.digests[turn], sketches[turn])
        for turn, id in enumerate(ids)
    ]


def _as_lost(line: Line) -> Line:
    return line._replace(state=LOST) if line.is_live else line


def _allotted(sections: tuple[Section, ...], lines: Sequence[Line], had: Mapping[int, Line]) -> tuple[Section, ...]:
    """The sections with the ids that their turns had; a new one gets a number that its speaker never had on this page."""
    numbers: dict[str, int] = {}
    for line in lines:
        who, _, number = line.id.rpartition("-")
        numbers[who] = max(numbers.get(who, 0), int(number))
    allot = Allotter({*RESERVED, *(line.id for line in lines)}, numbers)
    found, place = [], count()
    for section in sections:
        id, turns = allot.section(section.title), []
        for turn in section.turns:
            before = had.get(next(place))
            own = before.id if before else allot.turn(turn.speaker)
            turns.append(turn if turn.id == own else msgspec.structs.replace(turn, id=own))
        found.append(msgspec.structs.replace(section, id=id, turns=tuple(turns)))
    return tuple(found)


def _in_order(known: Sequence[Line], live: Sequence[Line], rest: Sequence[Line]) -> list[Line]:
    """All lines in the order of the page; one without a turn stays behind the turn that it stood behind."""
    left, there = {line.id: line for line in rest}, {line.id for line in live}
    behind: dict[str, list[Line]] = {}
    last = ""
    for line in known:
        if line.id in there:
            last = line.id
        else:
            behind.setdefault(last, []).append(left[line.id])
    return [*behind.get("", ()), *(one for line in live for one in (line, *behind.get(line.id, ())))]


def _renamed(
    lines: list[Line], names: Iterable[tuple[str, str]], page: Page, who: Sequence[str]
) -> list[Line]:  # fmt: skip
    """The lines, those of speakers who have another name now redirected to what they say under that."""
    for old, new in names:
        is_old = [line.who == old and line.state == LOST for line in lines]
        kept = [i for i, line in enumerate(lines) if is_old[i] or (line.is_live and line.who != new)]
        known = [
            Known(new if is_old[i] else lines[i].who, lines[i].digest, lines[i].sketch, is_live=True) for i in kept
        ]
        ids = [line.id for line in lines if line.is_live]
        for turn, number in enumerate(match(known, who, page)):
            if number >= 0 and is_old[i := kept[number]]:
                lines[i] = Line(lines[i].id, ids[turn])
    return lines


def _target(line: Line, lines: Mapping[str, Line]) -> str | None:
    """Where a redirect leads in the end; None for one that leads nowhere."""
    seen = {line.id}
    while line.is_redirect:
        if line.state in seen or line.state not in lines:
            return None
        seen.add(line.state)
        line = lines[line.state]
    return line.id if line.is_live else None


def _tombstones(lines: Sequence[Line], transcript: Transcript) -> Iterator[Tombstone]:
    """What links to ids that no turn has lead to."""
    by_id = {line.id: line for line in lines}
    speakers = {speaker.id for speaker in transcript.speakers}
    nearest = next((line.id for line in lines if line.is_live), None)
    for line in lines:
        if line.is_live:
            nearest = line.id
            continue
        target = _target(line, by_id) if line.is_redirect else None
        yield Tombstone(line.id, line.who if line.who in speakers else None, target or nearest, target is not None)


def _told(transcript: Transcript, lines: Sequence[Line], page: Page, content: str) -> Iterator[Diagnostic]:
    """The ids that disappeared without a word, and redirects that lead nowhere."""
    by_id, turns = {line.id: line for line in lines}, {turn.id: turn for turn in transcript.turns()}
    near = {stone.id: stone.to for stone in transcript.tombstones}
    where = f"under [{transcript.path.removeprefix(f'{content}/')}] in {content}/{FILE}"
    lost = [line for line in lines if line.state == LOST]
    places = elsewhere([Known(line.who, line.digest, line.sketch, is_live=False) for line in lost], page)
    ids = tuple(turns)
    said = {(turn.speaker, digest): turn.id for turn, digest in zip(turns.values(), page.digests, strict=True)}
    now = {line.id: ids[place] for line, place in zip(lost, places, strict=True) if place >= 0}
    names = _new_names(now)
    for line in lines:
        turn = turns.get(near.get(line.id) or "")
        place = turn.span if turn else (transcript.path, 1, 1)
        if line.is_redirect and _target(line, by_id) is None:
            message = f"the permalink #{line.id} is redirected to #{line.state}, which leads nowhere"
            yield diagnose("RT523", message, place, f"name an id that is on the page, {where}")
        elif line.state == LOST:
            to = now.get(line.id)
            again = said.get((line.who, line.digest))
            why = "its words are on the page no more"
            if to:
                why = f"its words now stand in #{to}"
            elif again:  # so few words are known by what they answer
                why, to = f"what it answered is on the page no more; the same words are at #{again}", again
            message = f"the permalink #{line.id} is lost: {why}"
            yield diagnose("RT522", message, place, _cure(line, to, where, names.get(line.who)))


def _new_names(now: Mapping[str, str]) -> dict[str, str]:
    """The speaker under whose name is all that is found of what another lost, if that is more than one turn."""
    found: dict[str, list[str]] = {}
    for id, to in now.items():
        found.setdefault(id.rpartition("-")[0], []).append(to.rpartition("-")[0])
    return {who: names[0] for who, names in found.items() if len(names) > 1 and len(set(names)) == 1}


def _cure(line: Line, to: str | None, where: str, name: str | None) -> str:
    if name and name != line.who:
        return f"if {line.who!r} is {name!r} now, add the line '{line.who}-* -> {name}-*' {where}"
    if to:
        return f"write '{line.id} -> {to}' in the place of its line {where}"
    return f"write '{line.id} gone', or '{line.id} -> other-id', in the place of its line {where}"
