"""Rules for editors: what `check` alone looks for, since no page depends on it. A rule is a pure function in one of two tables.

What is told at every build is told where it is found: by readers, `speakers`, `fidelity`, `plan` and `links`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import links
from .diagnostics import diagnose, did_you_mean, line_at, span_at
from .links import Anchored, Link
from .markup import IDEOGRAPHS, Rendered
from .model import Diagnostic, Document, Person, Reading, Roster, Section, SourceSpan, Transcript, Turn, Utterance
from .patterns import lazy
from .readers.names import key, role_kind


class Subject(NamedTuple):
    """One document, as it was read."""

    reading: Reading
    document: Document
    rendered: Mapping[str, Rendered]
    anchored: Mapping[str, Anchored]  # the addresses in its texts
    known: tuple[Person, ...]  # of the whole site
    told: frozenset[int | None]  # lines of which something is said about their speaker already


class Quotation(NamedTuple):
    """Words in quotation marks, and the link to the turn from which they are."""

    words: str
    link: Link


class Advice(msgspec.Struct, frozen=True, array_like=True):
    """What rules find in one document, and what only the whole site or other sites can tell."""

    found: tuple[Diagnostic, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    addresses: tuple[Link, ...] = ()  # of other sites


NEARLY = 0.84  # ratio of difflib from which a label resembles a name, as in `speakers`
SPEAKERS = frozenset({"RT211", "RT301", "RT302", "RT304"})  # codes that say something about a label's speaker


def advice(
    reading: Reading, document: Document, rendered: Mapping[str, Rendered], known: tuple[Person, ...],
    told: tuple[Diagnostic, ...],
) -> Advice:  # fmt: skip
    """What the rules find in a document of which that is `told` already."""
    lines = frozenset(one.line for one in told if one.code in SPEAKERS)
    linking = {id: one for id, one in rendered.items() if one.attributes}
    anchored = links.anchored(reading, document, linking) if linking else {}
    subject = Subject(reading, document, rendered, anchored, known, lines)
    found = [one for rule in OF_DOCUMENTS.values() for one in rule(subject)]
    if isinstance(document, Transcript):
        found += [one for rule in OF_TRANSCRIPTS.values() for one in rule(subject)]
    return Advice(tuple(found), tuple(_quotations(subject)), links.abroad(reading.source, anchored))


def _at(subject: Subject, code: str, message: str, span: SourceSpan, hint: str) -> Diagnostic:
    return diagnose(code, message, span, hint, line_at(subject.reading.source.text, span.start))


def _found_in(subject: Subject, text: str, span: SourceSpan) -> SourceSpan:
    """The place of a text in a stretch of the source; the stretch, where it stands otherwise there."""
    at = subject.reading.source.text.find(text, span.start, max(span.end, span.start + 1))
    return span_at(subject.reading.source, at, at + len(text)) if at >= 0 and text else span


def _turns(subject: Subject) -> tuple[Turn, ...]:
    return subject.document.turns() if isinstance(subject.document, Transcript) else ()


# --- quotation marks -------------------------------------------------------------------------------------------------

STRAIGHT = re.compile(r'(?<!\d)"')
STRAIGHT_APOSTROPHE, CURLY_APOSTROPHE = (
    re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"),
    re.compile(r"(?<=[^\W\d_])’(?=[^\W\d_])"),
)
HAS_CODE = re.compile(r"[`<]|\]\(|\]:")  # where a straight sign may be no mark of quotation


KINDS = (
    ("quotation marks", '"', STRAIGHT, re.compile("[“”„]")),
    ("apostrophes", "'", STRAIGHT_APOSTROPHE, CURLY_APOSTROPHE),
)
CURLED = {"quotation marks": "“”„", "apostrophes": "’"}


def _mixed_quotes(subject: Subject) -> Iterator[Diagnostic]:
    """Straight and curly quotation marks, or apostrophes, in one transcript."""
    plain = [turn for turn in _turns(subject) if not HAS_CODE.search(turn.markdown)]
    for what, sign, straight, curly in KINDS:
        if not any(one in turn.markdown for turn in plain for one in CURLED[what]):
            continue  # as in most transcripts
        others = sum(len(curly.findall(turn.markdown)) for turn in plain)
        first, n = _first([turn for turn in plain if sign in turn.markdown], straight)
        if first and others:
            place = _found_in(subject, sign, _found_in(subject, first[1], first[0].span))
            hint = "'roundtable check --fix' makes them curly where that is sure"
            yield _at(subject, "RT241", f"straight and curly {what}: {n:,} and {others:,}", place, hint)


def _first(turns: list[Turn], sign: re.Pattern[str]) -> tuple[tuple[Turn, str] | None, int]:
    """The first turn with a sign and the text around it, and how many there are of it in all."""
    first, n = None, 0
    for turn in turns:
        if found := list(sign.finditer(turn.markdown)):
            at = found[0].start()
            around = turn.markdown[at : at + 12].split("\n")[0]
            first, n = first or (turn, around), n + len(found)
    return first, n


# --- the same words twice --------------------------------------------------------------------------------------------

MIN_REPEATED, MAX_REPEATED, MIN_DIFFERENT = 8, 60, 5  # words of a run that comes twice, and of them different ones
PUNCTUATION = ".,;:!?-\"'“”’()"
MIN_PARAGRAPH = 24  # characters of a paragraph that comes twice
IDEOGRAPH_OR_WORD = lazy(rf"[{IDEOGRAPHS}]|[^\s{IDEOGRAPHS}]+")


def _repeated(subject: Subject) -> Iterator[Diagnostic]:
    """The same paragraph twice in a row, or the same run of words within one: most often pasted twice."""
    before = ""
    for turn in _turns(subject):
        markdown = turn.markdown
        for paragraph in markdown.split("\n\n") if "\n\n" in markdown else (markdown,):
            if len(paragraph) >= MIN_PARAGRAPH:
                if paragraph == before:
                    yield _twice(subject, turn, paragraph, paragraph)
                elif run := repeated(paragraph):
                    yield _twice(subject, turn, paragraph, run)
            before = paragraph


def _twice(subject: Subject, turn: Turn, paragraph: str, said: str) -> Diagnostic:
    shown = said if len(said) <= 60 else f"{said[:59]}…"
    place = _found_in(subject, paragraph.split("\n", maxsplit=1)[0], turn.span)
    if said != paragraph:
        head = re.compile(r"\s*".join(map(re.escape, said.split()[:MIN_REPEATED])))
        if begun := head.search(subject.reading.source.text, place.start, turn.span.end):
            place = span_at(subject.reading.source, *begun.span())
    return _at(
        subject, "RT242", f"the same words twice in a row: {shown!r}", place, "take one out, if they were said once"
    )


def repeated(text: str) -> str:
    """The first run of words that comes twice in a row; "" if there is none."""
    printed = text.split() if text.isascii() else IDEOGRAPH_OR_WORD.findall(text)
    words = [word.strip(PUNCTUATION) for word in text.casefold().split()] if text.isascii() else printed
    grams = list(zip(words, words[1:], words[2:], words[3:], strict=False))
    if len(set(grams)) == len(grams):
        return ""
    seen: dict[tuple[str, ...], int] = {}
    for i, gram in enumerate(grams):
        length = i - seen.get(gram, i)
        run = words[i - length : i]
        if MIN_REPEATED <= length <= MAX_REPEATED and run == words[i : i + length] and len(set(run)) >= MIN_DIFFERENT:
            return " ".join(printed[i - length : i])
        seen[gram] = i
    return ""


# --- signs that can't be seen ----------------------------------------------------------------------------------------

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


def _bidi(subject: Subject) -> Iterator[Diagnostic]:
    """Signs that turn the direction of text: words may look like others than they are. (Unicode, UTR 36.)"""
    source = subject.reading.source
    last = -1
    for match in BIDI.finditer(source.text):
        span = span_at(source, match.start(), match.end())
        if span.line != last:
            last = span.line
            name = unicodedata.name(match[0]).casefold()
            message = f"U+{ord(match[0]):04X} ({name}) turns the direction of what follows"
            hint = "delete it; a right-to-left language needs none of these signs"
            yield _at(subject, "RT243", message, span, hint)


# --- headings --------------------------------------------------------------------------------------------------------


def _heading_is_name(subject: Subject) -> Iterator[Diagnostic]:
    """A heading that is a speaker's name: rather their label."""
    if isinstance(subject.document, Transcript):
        names = {key(name): one.name for one in subject.document.speakers for name in (one.name, *one.aliases)}
        for section in subject.document.sections:
            if section.title and key(section.title) in names:
                name = names[key(section.title)]
                hint = f"if {name!r} says what follows, begin the line with their label instead"
                yield _at(subject, "RT244", f"the heading {section.title!r} is a speaker's name", section.span, hint)


def _levels(subject: Subject) -> Iterator[Diagnostic]:
    """Headings more than one level below the one before."""
    for section, level in skipping(subject.document):
        message = f"a heading of level {section.level}, where {level} would follow"
        yield _at(subject, "RT245", message, section.span, f"begin it with {'#' * level}")


def skipping(document: Document) -> Iterator[tuple[Section, int]]:
    """The sections whose headings skip a level, and the level that each would have."""
    above: list[tuple[int, int]] = []  # levels of the headings around, as written and as they would be
    for section in document.sections if isinstance(document, Transcript) else ():
        if section.title is None:
            continue
        while above and above[-1][0] >= section.level:
            above.pop()
        wanted = above[-1][1] + 1 if above else min(section.level, 2)
        if section.level > wanted:
            yield section, wanted
        above.append((section.level, min(section.level, wanted)))


# --- labels and names ------------------------------------------------------------------------------------------------

CANONICAL = re.compile(r"\*\*[^\n]+:\*\*")
# No sign of emphasis stands in a name, but one too many may stand around it.
OTHER = re.compile(r" {0,3}\*{2,3}(?P<name>(?:\\.|[^*\\\n])+?)(?:\*{2,3}[ \t]?:|[ \t]*:[ \t]\*\*|：\*\*|\*\*：)")


def _label_forms(subject: Subject) -> Iterator[Diagnostic]:
    """Labels in another form than most: `**Name**:` amid `**Name:**`."""
    if subject.reading.source.format == "markdown" and isinstance(subject.document, Transcript):
        labels = [(printed, one) for one in labelled(subject.reading) if (printed := one_label(subject.reading, one))]
        others = [(printed, one) for printed, one in labels if OTHER.fullmatch(printed)]
        if 0 < len(others) < len(labels):
            for printed, one in others:
                place = msgspec.structs.replace(one.span, end=one.words_at)
                hint = "begin the line with '**Name:**'; 'roundtable check --fix' does so, or says why it can't"
                yield _at(subject, "RT246", f"{printed!r} has another form than other labels", place, hint)


def labelled(reading: Reading) -> list[Utterance]:
    """The utterances that have a label."""
    return [one for one in reading.pieces if isinstance(one, Utterance) and one.label]


def one_label(reading: Reading, one: Utterance) -> str:
    """A bold label as it is printed; "" where the label is of another form."""
    printed = reading.source.text[one.span.start : one.words_at].rstrip()
    return printed if CANONICAL.fullmatch(printed) or OTHER.fullmatch(printed) else ""


def _listed(subject: Subject) -> set[str]:
    """Everybody whom the file or the site lists, by key."""
    reading = subject.reading
    rosters = (piece for piece in reading.pieces if isinstance(piece, Roster))
    people = (*reading.metadata.speakers, *(person for roster in rosters for person in roster.people))
    return {key(name) for person in people for name in (person.name, *person.aliases)}


def _unlisted(subject: Subject) -> Iterator[Diagnostic]:
    """Speakers who are not on the list, where there is one; or nearly have the name of somebody whom the site knows."""
    if not isinstance(subject.document, Transcript) or not ((listed := _listed(subject)) or subject.known):
        return
    people = {key(name) for person in subject.known for name in (person.name, *person.aliases)}
    first: dict[str, Turn] = {}
    for turn in subject.document.turns():
        first.setdefault(turn.speaker or "", turn)
    for speaker in subject.document.speakers:
        heard, names = first.get(speaker.id), {key(speaker.name), *map(key, speaker.aliases)}
        if not heard or heard.span.line in subject.told or names & (listed | people) or role_kind(speaker.name):
            continue
        near = did_you_mean(speaker.name, [person.name for person in subject.known], cutoff=NEARLY)
        if listed or near:
            hint = near or "add them to 'speakers', or correct the label"
            yield _at(subject, "RT305", f"{speaker.name!r} is not in the list of speakers", heard.span, hint)


# Letters that look like others: those of names, in the alphabets that are mixed up most. After Unicode's confusables (UTS 39).
PAIRS = (
    "АA ВB ЕE КK МM НH ОO РP СC ТT УY ХX Іl ЈJ ЅS аa еe оo рp сc уy хx іi јj ѕs ԁd һh ԛq ԝw "
    "ΑA ΒB ΕE ΖZ ΗH Ιl ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX οo νv ιi κk υu ρp αa Il 1l |l"
)
LOOKS = {ord(pair[0]): pair[1] for pair in PAIRS.split()}
ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")
LETTERS = lazy(r"[^\W\d_]+")


def _look_alikes(subject: Subject) -> Iterator[Diagnostic]:
    """Two speakers whose names look the same, or a name in which a word has letters of two alphabets."""
    if not isinstance(subject.document, Transcript):
        return
    first = {turn.speaker: turn.span for turn in reversed(subject.document.turns())}
    seen: dict[str, str] = {}
    for speaker in subject.document.speakers:
        span = first.get(speaker.id)
        other = seen.setdefault(looks(speaker.name), speaker.name)
        if not span:
            continue
        if key(other) != key(speaker.name):
            message = f"{speaker.name!a} and {other!a} look the same and are two speakers"
            yield _at(subject, "RT306", message, span, f"write {other!r} in one way")
        elif mixed := next((word for word in LETTERS.findall(speaker.name) if len(_alphabets(word)) > 1), None):
            message = f"{mixed!r} has letters of two alphabets: {' and '.join(_alphabets(mixed))}"
            yield _at(subject, "RT306", message, span, "type the name anew")


def looks(name: str) -> str:
    """What is the same for two names that look the same."""
    return key(unicodedata.normalize("NFKC", name).translate(LOOKS))


def _alphabets(word: str) -> list[str]:
    """The alphabets of a word's letters, of those that are mixed up."""
    found = {unicodedata.name(letter, "").split()[0] for letter in word if unicodedata.name(letter, "")}
    return [name.capitalize() for name in ALPHABETS if name in found]


def _once(subject: Subject) -> Iterator[Diagnostic]:
    """Bold labels that come once and that nobody lists: may be a slip of the pen."""
    if subject.reading.source.format != "markdown" or not isinstance(subject.document, Transcript):
        return
    if _listed(subject) or subject.known:
        return
    turns = Counter(turn.speaker for turn in subject.document.turns())
    names = {one.id: one.name for one in subject.document.speakers}
    for turn in subject.document.turns():
        if turn.speaker and turns[turn.speaker] == 1 and turn.span.line not in subject.told:
            name = names[turn.speaker]
            if not role_kind(name):
                hint = "if the label is right, all is well; to be sure, list everybody under 'speakers'"
                yield _at(subject, "RT307", f"{name!r} speaks once", turn.span, hint)


# --- images, quotations ----------------------------------------------------------------------------------------------

IMAGE = re.compile(r"<img(?=[\s>/])[^<>\"]*(?:\"[^\"]*\"[^<>\"]*)*>")
ALTERNATIVE = re.compile(r"\salt=\"([^\"]*)\"")


def _unseen(subject: Subject) -> Iterator[Diagnostic]:
    """Images without a text for those who don't see them; HTML's `alt=""` says that an image says nothing. (WCAG 1.1.1)"""
    source = subject.reading.source
    for id, some in subject.anchored.items():
        html, written = subject.rendered[id].html, {one.at: one.written for one in some.shown}
        for tag in IMAGE.finditer(html) if "<img" in html else ():
            told, one = ALTERNATIVE.search(tag[0]), written.get(tag.start())
            if not told or not (told[1].strip() or (one and one.is_tag)):
                place = span_at(source, one.begins, one.end) if one else some.span
                hint = "say between the brackets what is to be seen: ![The weir at low tide](…)"
                yield _at(subject, "RT512", "an image without alternative text", place, hint)


QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "»": "«", "「": "」", "『": "』", "‘": "’"}
QUOTED = re.compile("|".join(f"{a}([^{a}{b}]+){b}" for a, b in QUOTES.items() if a != "‘"))


def _quotations(subject: Subject) -> Iterator[Quotation]:
    """Words in quotation marks that are a link to a turn, or stand in a paragraph of a block quotation with the only link to one."""
    for id, some in subject.anchored.items():
        html = subject.rendered[id].html
        if "#" not in html or "<a" not in html:
            continue
        for node, one in zip(LexborHTMLParser(html).css("[href], [src]"), some.shown, strict=False):
            if "#" in one.address and links.is_local(one.address) and node.tag == "a" and (words := _quoted(node)):
                link = links.link(subject.reading.source, some.span, one)
                yield from (Quotation(said, link) for said in words)


def _quoted(node: LexborNode) -> list[str]:
    """What a link quotes: its own text in quotation marks; else what is so in its paragraph of a block quotation.

    A paragraph that only names who says it has the words of those before it, back to one that has a link.
    """
    own = " ".join(node.text().split())
    if len(own) > 2 and QUOTES.get(own[0]) == own[-1]:
        return [own[1:-1]]
    paragraph = _around(node, PARAGRAPHS)
    if paragraph is None or _around(node, BLOCKS) is None or _links(paragraph) != 1:
        return []
    text = _words(paragraph)
    before = paragraph.prev
    while text[:1] not in QUOTES and before is not None and not _links(before):
        text, before = f"{_words(before)} {text}".strip(), before.prev
    found = [next(filter(None, match.groups())) for match in QUOTED.finditer(text)]
    return found if text[:1] in QUOTES else []


PARAGRAPHS, BLOCKS = ("p", "li", "td", "blockquote"), ("blockquote",)


def _around(node: LexborNode, tags: Collection[str]) -> LexborNode | None:
    """The nearest element of such a tag in which a node stands."""
    around = node.parent
    while around is not None and around.tag not in tags:
        around = around.parent
    return around


def _links(node: LexborNode) -> int:
    """How many links to places in pages an element has, those of footnotes aside."""
    return sum(not links.NOTE.search(one.attrs.get("href") or "") for one in node.css("a[href*='#']"))


def _words(node: LexborNode) -> str:
    return " ".join((node.text(separator=" ") or "").split())


Rule = Callable[[Subject], Iterator[Diagnostic]]
OF_DOCUMENTS: dict[str, Rule] = {"RT243": _bidi, "RT512": _unseen}
OF_TRANSCRIPTS: dict[str, Rule] = {
    "RT241": _mixed_quotes, "RT242": _repeated, "RT244": _heading_is_name, "RT245": _levels, "RT246": _label_forms,
    "RT305": _unlisted, "RT306": _look_alikes, "RT307": _once,
}  # fmt: skip
