"""Speech-to-text in JSON: what all its formats share.

A format tells which strings are words and whose (`Said`), which repeat them (`Copy`: the whole text, word timings,
subtitles), and which fields are data about the transcript (ids, times, settings). From that `read` makes pieces that
account for every string of the file: a copy is believed only after comparison, and a string that is none of all that is
skipped with its field's name as the reason.

`plain` is the other side of the proof and knows nothing of this: it counts every string in a stretch but keys and the few
fields that a format lists as machine data within a word. So a string that no piece covers is found.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from ..diagnostics import diagnose, line_at, span_at
from ..locales import is_language
from ..markup import escape
from ..model import Diagnostic, Metadata, Person, Piece, Preamble, Reading, Skipped, Source, SourceSpan, Utterance
from ..patterns import lazy
from .lines import Places
from .located import STRING, NotJsonError, Text, Tree, decoded, parse

WORD = lazy(r"[^\W_]+")
BLANK_LINE = lazy(r"\n[^\S\n]*\n")
# Thai, Lao, Myanmar, Khmer, Chinese, Japanese and their punctuation: no space between words.
SPACELESS = lazy(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
SENTENCE_END = tuple(".!?。！？…؟۔।")
CLOSING = "\"'”’»›)）」』"
PAUSE = 1.0  # seconds of silence that end an utterance in a list of words
CLOCK = lazy(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d{1,9})?)|(\d{1,9}(?:\.\d{1,20})?)s?", re.ASCII)
SOUND = lazy(r"\s*(?:\[[^\[\]]*\]|\([^()]*\)|[♪♫*].*[♪♫*])[\s.]*", re.DOTALL)  # nobody's: "[Music]"
MAX_SECONDS = 1_000_000.0  # eleven days; beyond is no time in a recording
# No words: numbers and times, web addresses, ids, marks such as "[_BEG_]".
NO_WORDS = lazy(r"[\W\d_]*|[a-z][a-z0-9+.-]{1,20}://\S*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{12,60}|\[_\w{0,20}\]")
SPEAKER_FIELDS = frozenset({"speaker", "speaker_label"})
UNKNOWN = frozenset({"", "?"})  # what stands for a speaker where none was found


class Said(NamedTuple):
    """Words that somebody said at one go."""

    texts: tuple[Text, ...]  # the strings of its words, in order; between the first and the last stand no others
    words: str
    label: str | None
    start: float | None = None
    end: float | None = None
    who: str | None = None


class Copy(NamedTuple):
    """Strings that ought to repeat words which are read elsewhere."""

    texts: list[Text]
    of: str  # those words
    shown: str | None = None  # what the strings say, less what the format adds


class Word(NamedTuple):
    """One word of a list of words."""

    text: Text
    label: str | None
    start: float | None = None
    end: float | None = None
    attaches: bool = False  # punctuation: no space before it


class Contest(NamedTuple):
    """Words for which a file names two speakers."""

    at: Text
    read: str | None
    other: str


class Found(NamedTuple):
    """What a format finds in a file."""

    said: list[Said]
    convention: str
    copies: Sequence[Copy] = ()
    language: str | None = None
    people: tuple[Person, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    contests: Sequence[Contest] = ()


# --- the small parts -------------------------------------------------------------------------------------------------


def seconds(value: Any, scale: float = 1.0) -> float | None:
    """A time in seconds, from a number (times `scale`), a number in a string, or `h:mm:ss.mmm`; None if it is none."""
    if isinstance(value, str):
        match = CLOCK.fullmatch(value.strip())
        if not match:
            return None
        if match[2] is None:
            return _sound(float(match[4]) * scale)
        return _sound(int(match[1] or 0) * 3600 + int(match[2]) * 60 + float(match[3].replace(",", ".")))
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return _sound(value * scale)


def _sound(time: float) -> float | None:
    return round(float(time), 3) if 0 <= time <= MAX_SECONDS else None


def label(value: Any) -> str | None:
    """The label that a speaker's name or number gives: 0 is "Speaker 0"."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    name = " ".join(str(value).strip(" :：\n\t").split())
    return None if name in UNKNOWN else f"Speaker {name}" if name.isdigit() else name


def machine_label(value: Any) -> str | None:
    """The label that a machine's name of a speaker gives: "A" is "Speaker A", "spk_0" stays."""
    name = label(value)
    return f"Speaker {name}" if name and len(name) == 1 else name


def joined(words: Iterable[str]) -> str:
    """Words with spaces between them, but where the script has none."""
    text: list[str] = []
    before = ""
    for word in words:
        if before and word and not (SPACELESS.match(before[-1]) and SPACELESS.match(word)):
            text.append(" ")
        text.append(word)
        before = word or before
    return "".join(text)


def solid(text: str) -> str:
    """The letters and digits of a text, case aside: the same for two ways to part and punctuate the same words."""
    return "".join(WORD.findall(text.casefold()))


def paragraphs(words: str) -> str:
    """Words as Markdown that shows them as they are; blank lines part paragraphs."""
    parts = (" ".join(part.split()) for part in BLANK_LINE.split(words))
    return "\n\n".join(escape(part) for part in parts if part)


def language(value: Any) -> str | None:
    """The tag of a language that is named by its tag ("en_us") or in English ("english")."""
    if not isinstance(value, str) or len(value) > 40:
        return None
    tag = value.strip().replace("_", "-")
    if is_language(tag):
        return tag if tag.casefold() not in ("und", "unk") else None
    from babel import Locale  # slow to import, and needed for few files

    names = {name.casefold(): code for code, name in Locale("en").languages.items() if is_language(code)}
    return names.get(tag.casefold())


class Run(NamedTuple):
    """Where words may follow each other: the strings of a file, and those that may stand between two words."""

    texts: list[Text]
    machine: frozenset[str]  # fields beside a word that hold a time, a kind or an id
    twins: frozenset[int] = frozenset()  # places of strings that spell a word once more


def utterances(words: Iterable[Word], run: Run) -> Iterator[Said]:
    """Words put together: to the end of a sentence, a pause, another speaker, or a string that is no word of it."""
    said: list[Word] = []
    for word in words:
        if said and (_ends(said[-1], word) or _is_parted(said[-1].text, word.text, run)):
            yield _together(said)
            said = []
        said.append(word)
    if said:
        yield _together(said)


def _ends(before: Word, word: Word) -> bool:
    if word.label != before.label:
        return True
    if word.attaches:
        return False
    if before.text.rstrip(CLOSING).endswith(SENTENCE_END):
        return True
    return word.start is not None and before.end is not None and word.start - before.end >= PAUSE


def _is_parted(before: Text, word: Text, run: Run) -> bool:
    """Whether other words stand between two words."""
    between = run.texts[before.number + 1 : word.number]
    return word.number < before.number or any(
        text.start not in run.twins and bool(text.strip()) and not is_machine(text.key, text, run.machine)
        for text in between
    )


def is_machine(field: str, value: str, machine: frozenset[str]) -> bool:
    """Whether a string beside a word is no word: a speaker, or a time, a kind or an id, which have no spaces."""
    return field in SPEAKER_FIELDS or (field in machine and len(value.split()) < 2)


def _together(run: list[Word]) -> Said:
    parts: list[str] = []
    for word in run:
        if word.attaches and parts and not WORD.search(word.text):
            parts[-1] += word.text.strip()
        else:
            parts.append(word.text.strip())
    timed = [word for word in run if word.start is not None]
    start, end = (timed[0].start, timed[-1].end) if timed else (None, None)
    return Said(tuple(word.text for word in run), joined(parts), run[0].label, start, end)


def counted(said: list[Said], what: str, where: str) -> str:
    """How speakers were found, for people."""
    labelled = sum(one.label is not None for one in said)
    return f"{where}, {labelled} of {len(said)} {what}" if labelled else "no speakers"


# --- from what was found to pieces -----------------------------------------------------------------------------------


def read(source: Source, sidecar: Metadata | None, find: Callable[[Tree], Found], data: frozenset[str]) -> Reading:
    """The reading of a file: of what a format finds in its tree, or why it has none.

    `data` are the fields that are about the transcript and hold none of its words.
    """
    try:
        tree = parse(source.text)
    except NotJsonError as error:
        place = span_at(source, error.at, error.at)
        diagnostic = diagnose("RT225", f"the file can't be read: {error}", place, HINT, line_at(source.text, error.at))
        return unread(source, sidecar, diagnostic)
    return _reading(source, tree, find(tree), data, sidecar)


HINT = "export it again; or take the text format of the same program"


def unread(source: Source, sidecar: Metadata | None, *why: Diagnostic) -> Reading:
    """The reading of a file in which nothing was found: all of it is skipped."""
    span = Places(source).span(0, len(source.text))
    skipped = Skipped(source.text[span.start : span.end], "no transcript was found in it", span)
    pieces = (skipped,) if skipped.text else ()
    return Reading(source, "page", sidecar or Metadata(), pieces, diagnostics=why)


def _reading(source: Source, tree: Tree, found: Found, data: frozenset[str], sidecar: Metadata | None) -> Reading:
    said = [one for one in found.said if one.words.strip()]
    if not said:
        nothing = diagnose("RT225", "the file holds no words where its format puts them", (source.path, 1, 1), HINT)
        return unread(source, sidecar, *(found.diagnostics or (nothing,)))
    metadata = sidecar or Metadata()
    if not metadata.language and (spoken := language(found.language)):
        metadata = msgspec.structs.replace(metadata, language=spoken)
    diagnostics = list(found.diagnostics)
    silent = [one for one in said if one.label is None and not SOUND.fullmatch(one.words)]
    if not any(one.label for one in said):
        diagnostics.append(nobody(source))
    elif silent:
        at = silent[0].texts[0].start
        message = f"words without a speaker, {len(silent)} times, where all others have one: read as narration"
        hint = (
            "say in the file who speaks, or put '**Name:**' before the words in the index.md of its page, and use that"
        )
        diagnostics.append(diagnose("RT224", message, span_at(source, at, at), hint, line_at(source.text, at)))
    diagnostics += _contested(source, found.contests)
    pieces = _Account(source, tree, data, found.copies).pieces(said)
    return Reading(
        source, "transcript", metadata, pieces, found.convention, found.people,
        continuous=True, diagnostics=tuple(diagnostics),
    )  # fmt: skip


def contest(at: Any, read: str | None, others: Iterable[str | None]) -> list[Contest]:
    """The first speaker of others, if it isn't the one who is read as the speaker of the words that begin there."""
    other = next((one for one in others if one and one != read), None)
    return [Contest(at, read, other)] if other and isinstance(at, Text) else []


def relisted(said: Sequence[Said], words: Sequence[tuple[Any, str | None]]) -> list[Contest]:
    """Where words listed once more, with their speakers, are given to others; nothing where the two lists differ in words."""
    if not any(label for _, label in words):
        return []
    whose = [one.label for one in said for _ in solid(one.words)]
    spelled = [solid(str(word)) for word, _ in words]
    if "".join(spelled) != solid("".join(one.words for one in said)):
        return []
    found, at = [], 0
    for (word, label), letters in zip(words, spelled, strict=True):
        read = next((one for one in whose[at : at + len(letters)] if one != label), label)
        found += contest(word, read, [label])
        at += len(letters)
    return found


def _contested(source: Source, contests: Sequence[Contest]) -> Iterator[Diagnostic]:
    """That a file names two speakers for the same words, once for all of them."""
    if contests:
        first, times = contests[0], f"{len(contests)} times" if len(contests) > 1 else "once"
        message = (
            f"the file names two speakers for the same words, {times}: "
            f"first read as words of {first.read or 'nobody'!r}, elsewhere given to {first.other!r}"
        )
        hint = "look who speaks there; export the file again, or mend the speaker in it"
        place = span_at(source, first.at.start, first.at.start)
        yield diagnose("RT235", message, place, hint, line_at(source.text, first.at.start))


def nobody(source: Source) -> Diagnostic:
    """What is to be said of a file that names no speaker."""
    hint = (
        "make the transcript again with speaker labels (diarization) switched on;\n"
        "or build, put '**Name:**' before what each person says in the index.md of its page, and use that file instead"
    )
    return diagnose("RT226", "the file doesn't say who speaks: all its words are narration", (source.path, 1, 1), hint)


class _Account:
    """Accounts for every string of a file."""

    def __init__(self, source: Source, tree: Tree, data: frozenset[str], copies: Sequence[Copy]) -> None:
        self.source, self.tree, self.data = source, tree, data
        self.places = Places(source)
        self.repeated, self.differing = _compared(copies)

    def pieces(self, said: list[Said]) -> tuple[Piece, ...]:
        """All pieces; utterances in the order in which they were said, which may not be the file's (two channels)."""
        heard = [self._utterance(one) for one in said]
        in_file = sorted(heard, key=lambda piece: piece.span.start)
        pieces = [*self._others([piece.span for piece in in_file]), *heard]
        return tuple(sorted(pieces, key=lambda piece: piece.span.start) if in_file == heard else pieces)

    def _others(self, spans: list[SourceSpan]) -> Iterator[Piece]:
        """What stands outside the utterances: data and copies, as far as they reach, and what is skipped."""
        coming = deque(spans)
        known: list[Text] = []
        for text in self.tree.texts:
            while coming and coming[0].end <= text.start:
                coming.popleft()
            is_spoken = bool(coming) and coming[0].start <= text.start
            is_stray = not is_spoken and self._is_stray(text)
            if known and (is_spoken or is_stray):
                yield Preamble(self.places.span(known[0].start, known[-1].end))
                known = []
            if is_stray:
                yield self._skipped(text)
            elif not is_spoken:
                known.append(text)
        if known:
            yield Preamble(self.places.span(known[0].start, known[-1].end))

    def _utterance(self, said: Said) -> Utterance:
        span = self.places.span(said.texts[0].start, said.texts[-1].end)
        words = paragraphs(said.words)
        end = said.end if said.end is None or said.start is None or said.end >= said.start else None
        return Utterance(said.label, words, span, span.start, said.start, end, said.who)

    def _is_stray(self, text: Text) -> bool:
        """Whether a string is neither data nor a copy of what is read."""
        if text.key in self.data or not self.data.isdisjoint(text.inside):
            return False
        return text.start not in self.repeated and not NO_WORDS.fullmatch(text)

    def _skipped(self, text: Text) -> Skipped:
        name = text.key or (text.inside[-1] if text.inside else "")
        reason = f"field {name!r} is not part of the transcript"
        if text.start in self.differing:
            reason = f"field {name!r} ought to repeat the words of the transcript, but says others"
        return Skipped(str(text), reason, self.places.span(text.start, text.end))


def _compared(copies: Sequence[Copy]) -> tuple[set[int], set[int]]:
    """The strings (by their place) that repeat what they ought to, and those that don't."""
    same: set[int] = set()
    other: set[int] = set()
    for copy in copies:
        shown = "".join(copy.texts) if copy.shown is None else copy.shown
        if solid(shown) == solid(copy.of):
            same |= {text.start for text in copy.texts}
            continue
        left = Counter(WORD.findall(copy.of.casefold()))
        for text in copy.texts:
            needed = Counter(WORD.findall((text if copy.shown is None else copy.shown).casefold()))
            if all(left[word] >= n for word, n in needed.items()):
                left.subtract(needed)
                same.add(text.start)
            else:
                other.add(text.start)
    return same, other - same


# --- the proof -------------------------------------------------------------------------------------------------------

VALUE = lazy(rf"(?P<string>{STRING})(?P<colon>\s*+:)?+|[{{}}\[\]]")


def plain(stretch: str, machine: frozenset[str] = frozenset(), twins: tuple[str, str] | None = None) -> str:
    """The words in a stretch of a file: all its strings but keys.

    `machine` are fields that stand beside each word and hold a time, a kind or an id, never two words; speakers' names are
    labels. `twins` are two fields that spell one word, bare and punctuated: one of them counts, if they spell the same.
    """
    words: list[str] = []
    pair: dict[str, str] = {}
    for field, value in _values(stretch, twins[1] if twins else ""):
        if field is None:
            words += _once(pair, twins)
            pair = {}
        elif twins and field in twins and field not in pair:
            pair[field] = value
        elif not is_machine(field, value, machine):
            words.append(value.strip())
    return joined([*words, *_once(pair, twins)])


def _once(pair: dict[str, str], twins: tuple[str, str] | None) -> Iterator[str]:
    """The words of two fields; one of them where they are the same."""
    values = [value.strip() for value in pair.values()]
    if twins and len(values) == 2 and solid(values[0]) == solid(values[1]):
        yield pair[twins[1]].strip()
    else:
        yield from values


def _values(stretch: str, field: str) -> Iterator[tuple[str | None, str]]:
    """The fields and strings in a stretch; (None, "") at the border of an object.

    `field` is that of a string with which the stretch begins: an utterance begins behind the name of its first field.
    """
    for match in VALUE.finditer(stretch):
        if match["colon"]:
            field = decoded(match["string"])
            continue
        if match["string"]:
            yield field, decoded(match["string"])
        elif match[0] in "{}":
            yield None, ""
        field = ""
