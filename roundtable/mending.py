"""What `check --fix` mends: what is sure, in files written by hand, and proven to leave all words as they are.

A mend is a function from what a file says to edits of its text, in one table by the code of the finding that it answers. Whose
words something is, is never sure: a label that looks like a slip of the pen may be somebody else's name ("Amy", "May"), so
that it is mended only if somebody says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher, unified_diff
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from . import inputs, readers, rules, silences
from .diagnostics import failed, span_at
from .model import Definition, Diagnostic, Roster, Silence, Skipped, Transcript, Utterance
from .readers.names import key
from .rewriting import Known, Read, changed, left, like, read, sidecar_of, unlike
from .rules import HAS_CODE, OTHER, STRAIGHT_APOSTROPHE
from .site import Site
from .sources import SIDECARS, Found
from .speakers import NEARLY
from .stages import people


class Edit(NamedTuple):
    """A stretch of the text, and what is put in its place."""

    start: int
    end: int
    text: str
    line: int  # of the finding that it answers


class Mended(NamedTuple):
    """A file, as it is and as it would be."""

    path: str
    file: Path
    before: bytes
    after: bytes

    def diff(self) -> str:
        """The difference, as `diff -u` shows it."""
        old, new = (data.decode(errors="replace").splitlines(keepends=True) for data in (self.before, self.after))
        lines = unified_diff(old, new, f"a/{self.path}", f"b/{self.path}")
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


Agreed = Callable[["Slip"], bool]  # whether somebody says that a label is meant to be that name


def nobody(_: Slip) -> bool:
    """Nobody says so."""
    return False


def mended(site: Site, agreed: Agreed = nobody) -> Iterator[Mended | Diagnostic]:
    """The files of a site that can be mended; and why one can't be, though there is what could."""
    root, content = site.root, site.config.content
    paths = list(inputs.look({content: root / content}).stamps)
    pages = [path for path in paths if path.startswith(f"{content}/speakers/") and readers.is_text(path)]
    besides = ([path.rpartition(".")[0] + suffix for suffix in SIDECARS] for path in pages)
    sidecars = (next((one for one in beside if one in paths), None) for beside in besides)
    known = people(root, map(Found, pages, sidecars))
    for path in filter(readers.is_text, paths):
        file = root / path
        try:
            if file.stat().st_size > readers.MAX_BYTES:
                continue
            data, beside = file.read_bytes(), Known(sidecar_of(file), site.config.language, known)
        except OSError:  # told by the check that follows
            continue
        one = mend(path, data, beside, site.config.rules, agreed, site.drafts)
        if isinstance(one, Diagnostic):
            yield one
        elif one != data:
            yield Mended(path, file, data, one)


def mend(
    path: str, data: bytes, known: Known, grades: Mapping[str, str], agreed: Agreed = nobody, drafts: bool = False
) -> bytes | Diagnostic:  # fmt: skip
    """A file as it would be; or why nothing of it may be mended."""
    before = read(path, data, known)
    if before is None or before.source.format not in ("markdown", "text") or failed(before.found):
        return data
    if not isinstance(before.document, Transcript) or (before.document.metadata.draft and not drafts):
        return data
    told = _told(before, known, grades)
    names = [slip for slip in slips(before) if SLIPPED & told.get(slip.line, set()) and agreed(slip)]
    edits = sorted(_with_names(list(_edits(before, told)), names))
    if not edits:
        return data
    if problem := unlike(before.source.text, data):
        return left(path, problem)
    written = like(_applied(before.source.text, edits), data)
    after = read(path, written, known)
    if after is None or (problem := _otherwise(before, after, names)):
        return left(path, problem if after else "it would be no text")
    return written


def _told(one: Read, known: Known, grades: Mapping[str, str]) -> dict[int | None, set[str]]:
    """The findings that somebody wants to be told: their codes by line."""
    advised = rules.advice(one.reading, one.document, {}, known.people, one.found).found
    quiet, _ = silences.silences(one.reading, None)
    told: dict[int | None, set[str]] = {}
    for found in (*one.found, *advised):
        if grades.get(found.code) != "off" and not _is_quiet(found, quiet):
            told.setdefault(found.line, set()).add(found.code)
    return told


def _edits(one: Read, told: Mapping[int | None, set[str]]) -> Iterator[Edit]:
    """All edits that answer such a finding and are sure."""
    codes = {code for some in told.values() for code in some}
    for code, edits in MENDS.items():
        yield from (edit for edit in edits(one) if code in told.get(edit.line, ())) if code in codes else ()


def _with_names(edits: list[Edit], names: list[Slip]) -> Iterator[Edit]:
    """The same, and names: in what is put in place of a label that has one, or by themselves."""
    at = {edit.start: edit for edit in edits}
    for name in names:
        around = next((edit for edit in edits if edit.start <= name.start and name.end <= edit.end), None)
        if around is None:
            at[name.start] = Edit(name.start, name.end, name.name, name.line)
        else:
            at[around.start] = around._replace(text=around.text.replace(name.label, name.name, 1))
    yield from at.values()


def _is_quiet(one: Diagnostic, quiet: Iterable[Silence]) -> bool:
    return any(
        one.code in silence.codes and (not silence.lines or any(a <= (one.line or 1) <= b for a, b in silence.lines))
        for silence in quiet
    )


def _applied(text: str, edits: list[Edit]) -> str:
    """The text with all edits made; of two that overlap the first."""
    parts, at = [], 0
    for edit in edits:
        if edit.start >= at:
            parts += [text[at : edit.start], edit.text]
            at = edit.end
    return "".join((*parts, text[at:]))


SIGNS = re.compile("[*_:：]")  # beside labels
CURLS = str.maketrans({"“": '"', "”": '"', "’": "'"})


class Said(NamedTuple):
    """A turn, as far as no mend changes it."""

    line: int  # no mend makes or takes a line, so that this tells a turn from others
    who: str | None
    times: tuple[float | None, float | None]
    words: tuple[str, ...]  # the label's, and those behind it, without its footnotes


def _otherwise(before: Read, after: Read, names: Iterable[Slip]) -> str:
    """What a mended file says otherwise but for what was mended; "" if nothing."""
    old, new = before.document, after.document
    if not isinstance(old, Transcript) or not isinstance(new, Transcript):
        return "it would be no transcript any more"
    if failed(after.found):
        return changed(before, after)
    slipped = {span_at(before.source, slip.start, slip.end).line: slip for slip in names}
    if (said := _said(before, old)) != _as_before(_said(after, new), said, slipped):
        return "words or labels would change"
    if _footnotes(before) != _footnotes(after):
        return "footnotes would change"
    heads = [[(section.title, section.span.line) for section in document.sections] for document in (old, new)]
    return "" if heads[0] == heads[1] else "headings would change"


def _said(one: Read, transcript: Transcript) -> list[Said]:
    """All turns, in order. A footnote moves with the turn that refers to it, so it isn't counted to any."""
    words = {piece.span.start: piece.markdown for piece in one.reading.pieces if isinstance(piece, Utterance)}
    names = {speaker.id: speaker.name for speaker in transcript.speakers}
    return [
        Said(
            turn.span.line,
            names[turn.speaker] if turn.speaker else None,
            (turn.start, turn.end),
            (*_words(turn.label or ""), *_words(words[turn.span.start])),
        )
        for turn in transcript.turns()
    ]


def _words(markdown: str) -> tuple[str, ...]:
    """Words without what mends change: forms of quotation marks, signs beside labels."""
    return tuple(SIGNS.sub(" ", markdown.translate(CURLS)).split())


def _as_before(said: list[Said], before: list[Said], slipped: Mapping[int, Slip]) -> list[Said]:
    """The turns of a mended file with each slip as it was: another speaker's label, or words of the turn before."""
    who = {one.line: one.who for one in before}
    found: list[Said] = []
    for one in said:
        slip = slipped.get(one.line)
        if slip is None or one.who != slip.name:
            found.append(one)
            continue
        words = (*_words(slip.label), *one.words[len(_words(slip.name)) :])
        if one.line in who or not found:
            found.append(one._replace(who=who.get(one.line), words=words))
        else:
            found[-1] = found[-1]._replace(words=(*found[-1].words, *words))
    return found


def _footnotes(one: Read) -> list[tuple[str, ...]]:
    """The words of all footnotes, and the links that have a key, as they stand in the source."""
    return [_words(piece.markdown) for piece in one.reading.pieces if isinstance(piece, Definition)]


# --- the spelling of labels ------------------------------------------------------------------------------------------


class Slip(NamedTuple):
    """A label that may be meant to be a listed name."""

    start: int
    end: int
    label: str
    name: str
    line: int  # on which it is told: for a label that comes several times, the first
    path: str


SLIPPED = frozenset({"RT206", "RT302"})  # codes of findings that a slip answers
BEGINS = re.compile(r" {0,3}(?:\*\*)?(?P<name>[^*\n:：]{2,80}?)(?::[ \t]?\*\*|\*\*[ \t]?:|[:：])")


def slips(one: Read) -> Iterator[Slip]:
    """The labels that look like slips: those of speakers, and those that for the slip were read as words."""
    rosters = (piece for piece in one.reading.pieces if isinstance(piece, Roster))
    listed = [p.name for p in (*one.reading.metadata.speakers, *(p for roster in rosters for p in roster.people))]
    first: dict[str, int] = {}
    resembling = {d.line for d in one.found if d.code == "RT302"}
    for piece in rules.labelled(one.reading):
        label = piece.label or ""
        line = first.setdefault(label, piece.span.line)
        at = one.source.text.find(label, piece.span.start, piece.words_at)
        if line in resembling and at >= 0 and (name := _meant(label, listed)):
            yield Slip(at, at + len(label), label, name, line, one.source.path)
    lines = one.source.text.split("\n")
    starts = [0, *accumulate(len(line) + 1 for line in lines)]
    for number in sorted({d.line for d in one.found if d.code == "RT206" and d.line}):
        match = BEGINS.match(lines[number - 1])
        if match and (name := _meant(match["name"], listed)):
            at = starts[number - 1] + match.start("name")
            yield Slip(at, at + len(match["name"]), match["name"], name, number, one.source.path)


def _meant(label: str, listed: list[str]) -> str | None:
    """The one listed name of which a label looks like a slip, if it resembles no other."""
    near = [name for name in listed if is_slip(label, name)]
    others = (name for name in listed if name not in near and _resembles(label, name))
    return near[0] if len(near) == 1 and next(others, None) is None else None


def _resembles(label: str, name: str) -> bool:
    return SequenceMatcher(None, key(label), key(name)).ratio() >= NEARLY


def is_slip(label: str, name: str) -> bool:
    """Whether a label looks like a slip for a name: two neighbouring letters changed places, or accents are missing.

    A letter more, less or other more often makes another name: "Anna" and "Ana", "Marta" and "Maria".
    """
    one, other = key(label), key(name)
    if one == other:
        return False
    if _unaccented(one) == _unaccented(other):
        return True
    differ = [i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if len(one) != len(other) or len(differ) != 2 or differ[1] != differ[0] + 1:
        return False
    i, j = differ
    return one[i] == other[j] and one[j] == other[i] and (one[i] + one[j]).isalpha()


def _unaccented(text: str) -> str:
    """A name without the accents of its Latin letters; in other scripts such signs make other letters: は, ば."""
    found = ""
    for sign in unicodedata.normalize("NFD", text):
        if not (unicodedata.combining(sign) and found[-1:].isascii()):
            found += sign
    return found


# --- quotation marks -------------------------------------------------------------------------------------------------

PARAGRAPH = re.compile(r"[^\n](?:[^\n]|\n(?!\s*\n))*")
OPENS = re.compile(r"(?:^|(?<=[\s(\[—–-]))\"(?=[^\s\")])")
CLOSES = re.compile(r"(?<=[^\s(\[\"])\"(?=$|[\s)\].,;:!?—–-])")


def _quotes(one: Read) -> Iterator[Edit]:
    """Straight marks made curly, where the transcript's curly ones are “ and ”, and each surely opens or closes."""
    found = rules.OF_TRANSCRIPTS["RT241"](rules.Subject(one.reading, one.document, {}, {}, (), frozenset()))
    lines = {"apostrophes" in d.message: d.line for d in found}  # where each kind is told
    texts = [turn.markdown for turn in one.document.turns()] if isinstance(one.document, Transcript) else []
    is_usual = any("“" in text for text in texts) and not any(sign in text for text in texts for sign in "„«»")
    apart = [piece.span for piece in one.reading.pieces if isinstance(piece, Skipped | Definition)]
    for piece in (piece for piece in one.reading.pieces if isinstance(piece, Utterance) and lines):
        if HAS_CODE.search(piece.markdown):
            continue
        for match in PARAGRAPH.finditer(one.source.text, piece.words_at, piece.span.end):
            if any(part.start < match.end() and match.start() < part.end for part in apart):
                continue
            if is_usual and (line := lines.get(False)):
                yield from _curled(match[0], match.start(), line)
            if line := lines.get(True):
                places = (match.start() + sign.start() for sign in STRAIGHT_APOSTROPHE.finditer(match[0]))
                yield from (Edit(at, at + 1, "’", line) for at in places)


def _curled(text: str, start: int, line: int) -> Iterator[Edit]:
    """The straight quotation marks of a paragraph, if they open and close by turns."""
    places = [match.start() for match in re.finditer('"', text)]
    forms = ["“" if OPENS.match(text, at) else "”" if CLOSES.match(text, at) else "" for at in places]
    if forms == ["“", "”"] * (len(places) // 2):
        for at, form in zip(places, forms, strict=True):
            yield Edit(start + at, start + at + 1, form, line)


# --- labels and headings ---------------------------------------------------------------------------------------------


def _labels(one: Read) -> Iterator[Edit]:
    """`**Name**:` as `**Name:**`."""
    for piece in rules.labelled(one.reading):
        printed = rules.one_label(one.reading, piece)
        if other := OTHER.fullmatch(printed):
            name = other["name"].strip()
            yield Edit(piece.span.start, piece.span.start + len(printed), f"**{name}:**", piece.span.line)


def _levels(one: Read) -> Iterator[Edit]:
    """Headings at the level that would follow."""
    for section, level in rules.skipping(one.document):
        at = section.span.start
        if one.source.text.startswith("#" * section.level, at):
            yield Edit(at, at + section.level, "#" * level, section.span.line)


MENDS: dict[str, Callable[[Read], Iterator[Edit]]] = {
    "RT241": _quotes,
    "RT245": _levels,
    "RT246": _labels,
}
