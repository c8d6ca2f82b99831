"""From cues to who says what: names, carried over where the file names only changes; words that roll are read once.

Captions name speakers in several ways: WebVTT's voice tags, `Name:` at the head of a cue or a line (Zoom, SubRip),
`>> NAME:` (broadcast), `[Name]` and `(Name)`, a name on the first line (Teams). Which of them are labels is decided from the
whole file. `>>` and a dash without a name say only that somebody else speaks.

A cue without a name goes on with the speaker before where names mark changes: where neighbouring named cues are seldom the
same speaker's. Where each cue is named, as in Zoom's files, a cue without a name is nobody's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from .. import markup
from ..diagnostics import diagnose, line_at, span_at
from ..model import Diagnostic, Metadata, Piece, Preamble, Skipped, Source, Utterance
from ..patterns import lazy
from .cues import TIMING, Cue, Stretch, Words
from .lines import Places
from .names import is_discourse, is_name_like, is_role, is_sentence_like, key
from .rolling import ROLLED, rolled

LABEL = lazy(
    r"[ \t]*(?P<mark>>{2,}[ \t]*|[-‐–](?:[ \t]+(?=[^\sa-zß-öø-ÿ])|(?=[^\s\da-zß-öø-ÿ‐–-])))?"
    r"(?:[\[(（](?P<inner>[^\[\]()（）\n]{1,60})[\])）][ \t]*(?P<colon>[:：])?"
    r"|(?P<label>[^\s:：\[\](（>][^:：\n>]{0,60}?)[ \t]*+(?::(?=\s|$)|：))?\s*"
)
CHEVRONS = lazy(r"(?<=\s)>{2,}")
NUMBERED = lazy(r"(?:speaker|spk|sprecher|locuteur|hablante)[ _]?[0-9a-z]{1,3}", re.IGNORECASE)
# What stands in brackets in captions and is no name.
SOUND = lazy(
    r"laugh|applau|music|sigh|inaudible|unintelligible|crosstalk|cheer|cough|silen|pause|sound|nois|chuckl|gasp|scream|sing|"
    r"whisper|bell|phone|speak|foreign|indistinct|clap|clear|beep|audio|video|theme|jingle|rire|musi[kq]|lach|risas|aplaus",
    re.IGNORECASE,
)
DIRECTION = lazy(
    r"(?>\s*(?>\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）|【[^【】]*】|［[^［］]*］|\*[^*\n]+\*))++[\s.]*+|\s*[♪♫].*",
    re.DOTALL,
)
SENTENCE_END = lazy(r"[.!?…。！？؟।\])）♪♫\"”’][\s\"”’»)]*$")

NEARLY_ALL = 0.8  # of the cues: if so many begin with a label, each of them is one
SELDOM = 0.25  # of neighbouring named cues: if no more are one speaker's, names mark changes
MIN_BRACKETED = 0.3  # of the cues: if so many begin with a name in brackets, such are labels
MAX_NAME = 60  # characters of a name on a line of its own
RECURRING = 0.5  # of such names: if so many come again, they are names
NAMED = "name of a caption"


class Part(NamedTuple):
    """Words of one speaker in a stretch."""

    stretch: Stretch
    label: str | None
    is_marked: bool  # somebody else speaks than before
    head: int  # where it begins in the stretch's text
    begin: int  # where its words begin
    end: int


class Labels(NamedTuple):
    """Which labels of a file are trusted."""

    keys: frozenset[str]
    bracketed: frozenset[str]
    doubtful: tuple[tuple[str, int], ...] = ()  # with their places
    single: tuple[tuple[str, int], ...] = ()

    def holds(self, match: re.Match[str]) -> bool:
        """Whether what stands there is a label."""
        if match["inner"] and not match["colon"]:
            return key(match["inner"]) in self.bracketed
        name = match["inner"] or match["label"]
        return bool(name) and key(name) in self.keys


class Told(NamedTuple):
    """What captions say."""

    pieces: list[Piece]
    convention: str
    found: list[Diagnostic]


def told(source: Source, stretches: list[Stretch], sidecar: Metadata | None) -> Told:
    """The utterances of captions, how their speakers are named, and what is doubtful."""
    known = {key(name) for one in (sidecar.speakers if sidecar else ()) for name in (one.name, *one.aliases)}
    above = _names_above(stretches)
    stretches = [_below_name(one, above[one.start]) if one.start in above else one for one in stretches]
    labels = _labels(stretches, known)
    parts = [part for stretch in stretches for part in _parts(stretch, labels)]
    named = [part for part in parts if part.label is not None]
    pairs = [(a.label, b.label) for a, b in pairwise(named)]
    is_carried = sum(key(a or "") == key(b or "") for a, b in pairs) <= SELDOM * len(pairs)
    pieces = _pieces(source, parts, rolled(stretches), is_carried)
    unnamed = {part.stretch.cue.at for part in parts} - {part.stretch.cue.at for part in named}
    described = _described(parts, named, unnamed, is_carried, "names above the words" if above else "voice tags")
    return Told(pieces, described, [*_doubts(source, labels), *_unnamed(source, parts, named, unnamed, is_carried)])


def broken(source: Source, cues: list[Cue], strays: list[int]) -> list[Diagnostic]:
    """What is wrong with the form of captions."""
    found = []
    if unread := [cue for cue in cues if cue.start is None]:
        place = span_at(source, unread[0].head, unread[0].head)
        message = f"times that can't be read, {len(unread)} in all: the captions are kept without them"
        found.append(diagnose("RT230", message, place, "write 00:01:02.500 --> 00:01:04.000"))
    if ended := [cue for cue in cues if cue.start is not None and cue.end is None]:
        place = span_at(source, ended[0].head, ended[0].head)
        message = f"captions that end before they begin, {len(ended)} in all: only their first time is read"
        found.append(diagnose("RT230", message, place, "mend the times, or write the captions again"))
    if strays:
        message = f"text outside of captions, {len(strays)} in all: read as words of the caption above it"
        hint = "take the empty line out, or delete the text if it is no transcript"
        found.append(diagnose("RT230", message, span_at(source, strays[0], strays[0]), hint))
    return found


def named(source: Source, places: Places, cue: Cue) -> list[Piece]:
    """A cue's name; times that can't be read."""
    if cue.at > cue.head and not TIMING.search(source.text, cue.head, cue.at):
        span = places.span(cue.head, cue.at)
        return [Skipped(source.text[span.start : span.end], "times that can't be read", span)]
    start, end = cue.name
    if start == end:
        return []
    span = places.span(start, end)
    name = source.text[span.start : span.end]
    return [Skipped(name, NAMED, span) if " " in name else Preamble(span)]


# --- labels ----------------------------------------------------------------------------------------------------------


def _names_above(stretches: Sequence[Stretch]) -> dict[int, int]:
    """Where names fill the first lines of nearly all captions, and recur: the place of each caption, and its line's length."""
    first = [one for one in stretches if one.is_first]
    if any(one.voice is not None for one in stretches):
        return {}
    lines = [(one, *one.words.text.partition("\n")[::2]) for one in first]
    named = [(one, line) for one, line, rest in lines if rest.strip() and _is_name_alone(line)]
    count = Counter(key(line) for _, line in named)
    recurring = sum(n for n in count.values() if n > 1)
    if len(named) < NEARLY_ALL * len(first) or len(count) < 2 or recurring < RECURRING * len(named):
        return {}
    return {one.start: len(line) for one, line in named}


def _is_name_alone(line: str) -> bool:
    may_be = len(line) <= MAX_NAME and is_name_like(line) and ":" not in line and "：" not in line
    return may_be and not SENTENCE_END.search(line) and not is_discourse(line)


def _below_name(stretch: Stretch, length: int) -> Stretch:
    """The caption as if a voice tag said what its first line says."""
    text, places = stretch.words
    return stretch._replace(voice=" ".join(text[:length].split()), words=Words(text[length:], places[length:]))


def _heads(stretch: Stretch) -> Iterator[re.Match[str]]:
    """What may be a label or marks a change, at the head of each line and behind chevrons."""
    if stretch.voice:
        return
    text = stretch.words.text
    places = {0, *(match.end() for match in re.finditer("\n", text)), *(one.start() for one in CHEVRONS.finditer(text))}
    end = 0
    for at in sorted(places):
        match = LABEL.match(text, at) if at >= end else None
        if match and (match["mark"] or match["label"] or match["inner"]):
            yield match
            end = match.end()


def _labels(stretches: Sequence[Stretch], known: set[str]) -> Labels:
    """What of a file is trusted to be a label."""
    found = [(stretch, match) for stretch in stretches for match in _heads(stretch)]
    plain = [(stretch, match, str(match["inner"] or match["label"])) for stretch, match in found if _is_plain(match)]
    count = Counter(key(name) for _, _, name in plain)
    cues = sum(stretch.is_first for stretch in stretches)
    first = [name for stretch, match, name in plain if stretch.is_first and match.start() == 0]
    bracketed = _bracketed([str(m["inner"]) for _, m in found if m["inner"] and not m["colon"]], known, count, cues)
    if len(first) >= NEARLY_ALL * cues:
        sure = {key(name) for name in first if count[key(name)] > 1 or not _is_prose(name)}
        return Labels(frozenset(sure | (known & count.keys())), bracketed)
    opens = bool(plain) and plain[0][0] is stretches[0] and not is_discourse(plain[0][2])
    keys, doubtful, single = set(), [], []
    for stretch, match, name in plain:
        place = stretch.words.places[match.start()]
        if _is_sure(match, name, known, count):
            keys.add(key(name))
        elif not is_name_like(name) or count[key(name)] > 1:
            continue
        elif _stands_alone(stretches, stretch, match, name, opens):
            single.append((name, place))
        else:
            doubtful.append((name, place))
    if not keys and not opens:
        return Labels(frozenset(), bracketed)
    keys |= {key(name) for name, _ in single}
    return Labels(frozenset(keys), bracketed, tuple(doubtful), tuple(single))


def _is_plain(match: re.Match[str]) -> bool:
    return bool(match["label"] or (match["inner"] and match["colon"]))


def _is_prose(name: str) -> bool:
    return is_discourse(name) or is_sentence_like(name)


def _is_sure(match: re.Match[str], name: str, known: set[str], count: Counter[str]) -> bool:
    """Whether a label is one whatever stands around it."""
    if key(name) in known or is_role(name) or NUMBERED.fullmatch(name):
        return True
    if not is_name_like(name) or is_discourse(name):
        return False
    shouts = name.isupper() and sum(c.isalpha() for c in name) > 2
    return bool(match["mark"]) or shouts or count[key(name)] > 1


def _stands_alone(stretches: Sequence[Stretch], stretch: Stretch, match: re.Match[str], name: str, opens: bool) -> bool:
    """Whether a label that comes once stands where one may: behind a whole sentence, and looks like a full name."""
    if is_discourse(name) or not (opens or len(name.split()) > 1):
        return False
    before = stretch.words.text[: match.start()]
    if not before.strip():
        at = _index(stretches, stretch)
        before = stretches[at - 1].words.text if at else ""
    return not before.strip() or SENTENCE_END.search(before[-40:]) is not None


def _index(stretches: Sequence[Stretch], stretch: Stretch) -> int:
    low, high = 0, len(stretches)
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if stretches[middle].start < stretch.start else (low, middle)
    return low


def _bracketed(names: list[str], known: set[str], count: Counter[str], cues: int) -> frozenset[str]:
    """The names in brackets without a colon that are labels: known ones, numbered ones, and those that recur all along."""
    sure = {key(n) for n in names if key(n) in known or key(n) in count or NUMBERED.fullmatch(n)}
    likely = Counter(key(name) for name in names if is_name_like(name) and not SOUND.search(name))
    recurring = {name for name, n in likely.items() if n > 1}
    if len(recurring) > 1 and likely.total() >= MIN_BRACKETED * cues:
        return frozenset(sure | set(likely))
    return frozenset(sure)


def _parts(stretch: Stretch, labels: Labels) -> Iterator[Part]:
    """A stretch, parted where another speaker begins."""
    text = stretch.words.text
    label, is_marked, head, begin = stretch.voice or None, stretch.voice == "", 0, 0
    for match in _heads(stretch):
        holds = labels.holds(match)
        if not holds and not match["mark"]:
            continue
        if match.start() > head or label is not None:
            yield Part(stretch, label, is_marked, head, begin, match.start())
        name = str(match["inner"] or match["label"]) if holds else None
        label, is_marked = (" ".join(name.split()) if name else None), name is None
        head, begin = match.start(), match.end() if holds else match.start()
    if head < len(text) or label is not None:
        yield Part(stretch, label, is_marked, head, begin, len(text))


# --- pieces ----------------------------------------------------------------------------------------------------------


def _pieces(source: Source, parts: list[Part], repeated: dict[int, int], is_carried: bool) -> list[Piece]:
    """The utterances, and what is skipped because it was shown before."""
    places = Places(source)
    pieces: list[Piece] = []
    speaker: str | None = None
    cue, left = -1, 0
    for part in parts:
        if part.stretch.cue.at != cue:
            cue = part.stretch.cue.at
            left = repeated.get(cue, 0)
        if part.label is not None or part.is_marked:
            speaker = part.label
        head, begin = part.head, part.begin
        if left:
            head = begin = _behind(part, left)
            left -= len(part.stretch.words.text[part.head : head].split())
            span = places.span(_place(part, part.head), _place(part, head))
            again = " ".join(part.stretch.words.text[part.head : head].split())
            pieces.append(Skipped(again, ROLLED, span))
        if said := _utterance(places, part, head, begin, speaker if is_carried else part.label):
            pieces.append(said)
    return pieces


def _behind(part: Part, left: int) -> int:
    """Where in the text the words begin that are not shown again."""
    at = part.head
    for match in re.compile(r"\S+").finditer(part.stretch.words.text, part.head, part.end):
        at = match.end()
        left -= 1
        if not left:
            break
    return at


def _place(part: Part, at: int) -> int:
    """The offset in the source of a place in the text of a part; at its beginning stand its tags."""
    if at == 0:
        return part.stretch.start
    return part.stretch.to if at >= len(part.stretch.words.text) else part.stretch.words.places[at]


def _utterance(places: Places, part: Part, head: int, begin: int, speaker: str | None) -> Utterance | None:
    said = " ".join(part.stretch.words.text[begin : part.end].split())
    if not said and (part.label is None or begin == part.head or head > part.head):
        return None
    if part.label is None and not part.is_marked and DIRECTION.fullmatch(said):
        speaker = None
    span = places.span(_place(part, head), _place(part, part.end))
    at = part.stretch.words.places[begin] if begin < len(part.stretch.words.text) else span.end
    cue = part.stretch.cue
    return Utterance(speaker, markup.escape(said), span, min(max(at, span.start), span.end), cue.start, cue.end)


# --- what is told ----------------------------------------------------------------------------------------------------


def _described(parts: list[Part], named: list[Part], unnamed: set[int], is_carried: bool, voiced: str) -> str:
    if not named:
        return "no names"
    cues = len({part.stretch.cue.at for part in parts})
    ways = {voiced if part.stretch.voice else "names at the head of captions" for part in named}
    goes_on = "those without go on with the speaker before" if is_carried else "those without are narration"
    return f"{' and '.join(sorted(ways))}, {cues - len(unnamed)} of {cues}" + (f"; {goes_on}" if unnamed else "")


def _unnamed(
    source: Source, parts: list[Part], named: list[Part], unnamed: set[int], is_carried: bool
) -> Iterator[Diagnostic]:
    """A note where a reader decided whose the captions without a name are."""
    if not named:
        return
    silent = [
        part for part in parts if part.stretch.cue.at in unnamed and not DIRECTION.fullmatch(part.stretch.words.text)
    ]
    carried = [part for part in silent if is_carried and not part.is_marked]
    others = [part for part in silent if not is_carried or part.is_marked]
    alone = "another voice begins there" if is_carried else "all others name theirs"
    for some, read in ((carried, "words of the speaker before"), (others, f"narration, since {alone}")):
        if some:
            at = some[0].stretch.start
            message = f"{len({part.stretch.cue.at for part in some})} captions without a name are read as {read}"
            hint = "name the speaker where that is wrong"
            yield diagnose("RT229", message, Places(source).span(at, at + 1), hint, line_at(source.text, at))


def _doubts(source: Source, labels: Labels) -> Iterator[Diagnostic]:
    places = Places(source)
    listing = "list them under 'speakers' in a sidecar"
    for name, at in labels.doubtful:
        message = f"{name!r} stands like a label, once: read as words of the caption"
        hint = f"if {name!r} is a speaker, {listing}"
        yield diagnose("RT206", message, places.span(at, at + 1), hint, line_at(source.text, at))
    for name, at in labels.single:
        hint = f"if {name!r} is a speaker, all is well; to be sure, {listing}"
        message = f"{name!r} speaks once: read as a speaker"
        yield diagnose("RT211", message, places.span(at, at + 1), hint, line_at(source.text, at))
