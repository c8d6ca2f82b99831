"""The proof that no word was lost or given to somebody else, in three links from the source to the page.

1. `reading`: the pieces tile the source (between them is only white space), and each utterance's Markdown has exactly the
   words of its stretch of the source.
2. `rendering`: each word of a turn's Markdown is in its rendered text, or in an address, a title or a mark of Markdown.
3. `publication`: the page, parsed back from the bytes that will be written, shows the same words, in order, each turn
   under its speaker's name.

Each runs in every build on what was built. A template that a site brings must keep what link 3 looks for: `article`
with `data-transcript`; in it, for each turn, an element with `data-turn` (its id) that holds `.speaker` (none for
narration), `.words` and, for what is added, `.margin`; for each section an element `.section-title`; and an element with the
id `people` that names and describes everybody. A plain page: `article` with `data-page` that
holds `.words`.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from html import unescape
from itertools import chain
from operator import attrgetter
from typing import NamedTuple

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import readers
from .bodies import BODY, Shown
from .composition import MARKS, Composed, Pattern
from .diagnostics import diagnose, line_at, span_at
from .exchanges import answers
from .marks import MOMENT
from .markup import MARK, TAG, TAGS, Rendered, count, literal
from .model import (
    Definition,
    Diagnostic,
    Document,
    Furniture,
    Heading,
    Prose,
    Reading,
    Roster,
    Skipped,
    SourceSpan,
    Transcript,
    Utterance,
)
from .patterns import lazy
from .readers.furniture import ROMANS

REPORT = "this is an error of Roundtable's, not yours: please report it with this text"
COMMON = "*_`\\[]"  # signs of emphasis, code, escapes, links
ADDRESS = re.compile(r"\]\(([^()\s]+)\)")
LINK_TARGET = lazy(r"\]\([^)]*\)|&#?\w+;")
# In a label: what becomes the turn's times, a log's day, the sign of narration; a list's number, tags, a chat's own words.
TIME_OR_NARRATION = lazy(
    rf"\[Narration\](?=:)|<[Ss]cribe>|(?:\bat )?{MOMENT}(?:\s*From(?=\s)| ?to(?= ?\d))?"
    r"|\A(?:\(?\d{1,4}[.)]|\[\d{1,4}\]|#\d{1,4})(?=\s)|</?(?:b|strong|u|i|em)>|\bto Everyone(?=\s?:)"
)
ROSTER_NUMBER = lazy(r"^\s*\d{1,3}[.)]", re.MULTILINE)
PAGE_MARK = lazy(r"\[{1,2}[^\[\]]{1,20}\]{1,2}")  # furniture although it stands on one page only
FIRST_LINES, STEP = 3, 5  # numbers with which the lines of a page may begin; or where only every fifth has one
COUNTING = {"#": r"(\d+)", "№": f"({'|'.join((*ROMANS, *map(str.upper, ROMANS)))})"}  # numbers that count up
LABEL_SIGNS = "*: \t\n"  # beside a name, in the canonical form
CHUNK = re.compile(r"[^\W_]+")
LIST_NUMBER = re.compile(r"[ \t>]*(\d{1,18})\.[ \t]")
HTML_TAG = re.compile(r"(</?([A-Za-z][A-Za-z0-9]*)\b[^<>]*>)")
# Brackets whose words are not shown: a link's label behind its text, a definition's, a footnote's.
LABEL = re.compile(r"(?<=\])[ ]?\n?\[([^\[\]]*)\]|\[([^\[\]]*)\](?=:)|\[(\^[^\[\]]*)\]")
ADDRESSED = re.compile(r"<[^<>]* (?:id|href|src)=")  # HTML with ids or addresses in it
# HTML all of whose text is shown: it has no tags but those of paragraphs, marks, emphasis, code and links.
SHOWN = re.compile(
    r"(?:[^<]++|</?(?:p|em|strong|code)>|<span class=\"mark\" data-mark=\"\w+\">|<a href=\"[^\"<>]*\">|</(?:span|a)>)*+"
)
TAG_BEGINS, DEFINES = lazy(r"<(?=[A-Za-z/!?])"), lazy(r"[ ]{0,3}\[(?=[^\[\]\n]*\]:)")
SWALLOWED = "Markdown takes this for something else; put a backslash before the sign that begins it"
ESCAPABLE = "Markdown takes this sign for something else; put a backslash before it"
TAKEN_FOR_HTML = "Markdown takes this for HTML; write &lt; for this sign, or put backticks around what is code"
MOST_ALIGNED = 20_000  # words among which the one that is lost is looked for
FENCE = re.compile(r"^[ ]{0,3}(?:`{3,}|~{3,})[ \t]*([^\n]*)$", re.MULTILINE)


# --- 1 source to Markdown --------------------------------------------------------------------------------------------


def reading(reading: Reading) -> tuple[Diagnostic, ...]:
    """Whether the pieces account for all of the source."""
    reading, found = _without_furniture(reading)
    text, at = reading.source.text, 0
    for span in sorted([piece.span for piece in reading.pieces], key=attrgetter("start")):
        if span.start > at and not text[at : span.start].isspace():
            found += _stray(reading, at, span.start)
        at = max(at, span.end)
    found += _stray(reading, at, len(text))
    others = (piece for piece in reading.pieces if not isinstance(piece, Utterance))
    inner = deque(sorted([p.span for p in others if isinstance(p, Definition | Skipped)], key=attrgetter("start")))
    for piece in reading.pieces:
        if isinstance(piece, Utterance):
            if not inner and _is_untouched(text, piece):
                continue
            inside = []
            while inner and inner[0].start < piece.span.end:
                inside.append(inner.popleft())
            found += _utterance(reading, piece, [span for span in inside if span.start >= piece.span.start])
        elif isinstance(piece, Heading):
            printed = _plain(reading, reading.source.text[piece.span.start : piece.span.end])
            if "".join(CHUNK.findall(printed)) != "".join(CHUNK.findall(piece.title)):  # a mark may stand inside a word
                found += _lost(reading, piece.span, printed, piece.title, " ".join(LINK_TARGET.findall(printed)))
        elif isinstance(piece, Roster):
            listed = reading.source.text[piece.span.start : piece.span.end]
            told = (" ".join(filter(None, (p.name, p.role, p.affiliation, p.description))) for p in piece.people)
            numbers = " ".join(ROSTER_NUMBER.findall(listed))
            found += _lost(reading, piece.span, literal(listed), f"{piece.title} {' '.join(told)}", numbers)
    return tuple(found)


def _without_furniture(reading: Reading) -> tuple[Reading, list[Diagnostic]]:
    """The reading of a source in which white space stands for the furniture of pages; and what of it is none."""
    text, parts, at = reading.source.text, [], 0
    found = [
        _missing(reading, wrong, "RT401", text[wrong.start : wrong.end], "in reading", REPORT)
        for one in reading.furniture
        for wrong in _no_furniture(one, text)
    ]
    for start, end in sorted((place.start, place.end) for one in reading.furniture for place in one.places):
        parts += [text[at:start], " " * (end - start)]
        at = end
    if found or not parts:
        return reading, found
    source = msgspec.structs.replace(reading.source, text="".join((*parts, text[at:])))
    return msgspec.structs.replace(reading, source=source), found


def _no_furniture(one: Furniture, text: str) -> Iterator[SourceSpan]:
    """Places where there is more than a number at the head of a line, or than a line that recurs, a growing number aside."""
    pattern = re.compile("".join(COUNTING.get(sign, re.escape(sign)) for sign in one.text))
    before = 0
    firsts = (*range(1, FIRST_LINES + 1), *([STEP] * all(_counts_fives(text, place) for place in one.places)))
    for place in one.places:
        printed, line = text[place.start : place.end], line_at(text, place.start).strip()
        match = pattern.fullmatch(" ".join(printed.split()))
        n = (ROMANS.get(match[1].casefold()) or int(match[1])) if match and pattern.groups else before + 1
        if one.kind == "line number":
            is_first = not text[place.start - place.column + 1 : place.start].strip()
            is_proven = is_first and line.split()[0] == printed and (n > before or n in firsts)
        else:
            is_proven = (line == printed and (len(one.places) > 1 and n > before)) or PAGE_MARK.fullmatch(
                line
            ) is not None
        if not match or not is_proven:
            yield place
        before = n


def _counts_fives(text: str, place: SourceSpan) -> bool:
    return text[place.start : place.end].endswith(("0", "5"))


def _stray(reading: Reading, start: int, end: int) -> list[Diagnostic]:
    """Text between pieces."""
    text = reading.source.text[start:end]
    if not text.strip() or not (plain := _plain(reading, text)).strip():
        return []
    word = plain.split()[0]
    start += max(text.find(word), len(text) - len(text.lstrip()))
    place = span_at(reading.source, start, end)
    return [diagnose("RT401", "no reader accounts for this text", place, REPORT, line_at(reading.source.text, start))]


def _plain(reading: Reading, text: str) -> str:
    """The words in a stretch of the source, without what its format adds."""
    plain = readers.FORMATS[reading.source.format].plain
    return plain(text) if plain else text


def _utterance(reading: Reading, piece: Utterance, inside: list[SourceSpan]) -> list[Diagnostic]:
    """Whether an utterance has the words of its stretch of the source, less what stands inside it."""
    text, span = reading.source.text, piece.span
    label = text[span.start : piece.words_at]
    found = []
    if label.strip(LABEL_SIGNS) != (piece.label or ""):
        told = TIME_OR_NARRATION.sub(" ", _plain(reading, label))
        named = TIME_OR_NARRATION.sub(" ", piece.label or "")
        found = _lost(reading, span, literal(told), f"{piece.label} {named}", "")
    if not inside and _has_words(text, piece):
        return found
    parts, at = [], piece.words_at
    for one in inside:
        parts.append(text[at : one.start])
        at = one.end
    plain = _plain(reading, " ".join((*parts, text[at : span.end])))
    if _unmarked(plain) == _unmarked(piece.markdown) or _bare(plain) == _bare(piece.markdown):
        return found  # nothing was added but the marks that keep raw text from being read as Markdown
    source = CHUNK.findall(plain)
    if source in (CHUNK.findall(piece.markdown), CHUNK.findall(literal(piece.markdown))):
        return found
    if "".join(source) == "".join(CHUNK.findall(literal(piece.markdown))):
        return found  # the same letters in the same order: a quotation mark stood inside a word
    read = Counter(CHUNK.findall(literal(piece.markdown)))
    word = next(iter(Counter(source) - read), source[0] if source else "")
    return [*found, _missing(reading, span, "RT401", word, "in reading", REPORT)]


def _is_untouched(text: str, piece: Utterance) -> bool:
    """Whether an utterance holds its stretch of the source as it stands: the usual case in Markdown."""
    return text[piece.span.start : piece.words_at].strip(LABEL_SIGNS) == (piece.label or "") and _has_words(text, piece)


def _has_words(text: str, piece: Utterance) -> bool:
    """Whether an utterance's Markdown ends its stretch of the source, and nothing stands before it."""
    at, end = piece.words_at, piece.span.end
    begins = end - len(piece.markdown)
    return text.startswith(piece.markdown, begins) and (begins == at or (begins > at and text[at:begins].isspace()))


def _unmarked(text: str) -> str:
    """The text without backslashes and empty lines: many times faster than without all white space."""
    return text.replace("\\", "").replace("\n\n", "\n")


def _bare(text: str) -> str:
    """The text without white space and backslashes."""
    return "".join(text.replace("\\", "").split())


def _lost(reading: Reading, span: SourceSpan, source: str, read: str, marks: str) -> list[Diagnostic]:
    lost = Counter(CHUNK.findall(source)) - Counter(CHUNK.findall(read)) - Counter(CHUNK.findall(marks))
    return [_missing(reading, span, "RT401", next(iter(lost)), "in reading", REPORT)] if lost else []


def _missing(reading: Reading, span: SourceSpan, code: str, word: str, where: str, hint: str) -> Diagnostic:
    """The diagnostic for a word that is lost, at its first place in the span."""
    text = reading.source.text
    at = re.compile(rf"(?<![^\W_]){re.escape(word)}(?![^\W_])").search(text, span.start, span.end) if word else None
    place = span_at(reading.source, at.start(), at.end()) if at else span
    return diagnose(code, f"{word!r} is lost {where}", place, hint, line_at(text, place.start))


# --- 2 Markdown to HTML ----------------------------------------------------------------------------------------------


def rendering(
    reading: Reading, span: SourceSpan, markdown: str, rendered: Rendered, *, is_page: bool = False
) -> tuple[Diagnostic, ...]:  # fmt: skip
    """Whether all words of the Markdown are in what was rendered, or are marks of Markdown; of a page, HTML may be in it."""
    if rendered.plain:
        return () if MARK not in rendered.html else _words(reading, span, rendered)
    if found := _words(reading, span, rendered):
        return found
    source = unescape(markdown)
    if _is_shown_whole(source, rendered):
        return ()
    shown = CHUNK.findall(unescape(TAG.sub(" ", rendered.html)))
    lost = Counter(CHUNK.findall(source)) - Counter(shown) - Counter(CHUNK.findall(rendered.attributes))
    if lost:
        tags = [tag for tag, name in HTML_TAG.findall(markdown) if name.casefold() in TAGS]
        marks = [
            *_list_numbers(markdown),
            *chain.from_iterable(LABEL.findall(markdown)),
            *FENCE.findall(markdown),
            *tags,
        ]
        lost -= Counter(CHUNK.findall(" ".join(marks)))
    if not lost:
        return ()
    return (_swallowed(reading, span, markdown, shown, lost, is_page=is_page),)


def _swallowed(
    reading: Reading, span: SourceSpan, markdown: str, shown: list[str], lost: Counter[str], *, is_page: bool
) -> Diagnostic:  # fmt: skip
    """The diagnostic for the first word that is lost, at the sign that begins what Markdown takes it for."""
    text = reading.source.text
    begins = max(text.find(markdown, span.start, span.end), span.start)
    stretch = ADDRESS.sub(lambda address: " " * len(address[0]), text[begins : span.end])
    words = list(CHUNK.finditer(stretch))[:MOST_ALIGNED]
    aligned = SequenceMatcher(None, [word[0] for word in words], shown[:MOST_ALIGNED])
    gone = (word for kind, i, j, *_ in aligned.get_opcodes() if kind in ("delete", "replace") for word in words[i:j])
    if (word := next((one for one in gone if one[0] in lost), None)) is None:
        return _missing(reading, span, "RT402", next(iter(lost)), "in Markdown", SWALLOWED)
    at, hint = _sign(text, begins + word.start(), is_page=is_page)
    place = span_at(reading.source, at, begins + word.end())
    return diagnose("RT402", f"{word[0]!r} is lost in Markdown", place, hint, line_at(text, at))


def _sign(text: str, at: int, *, is_page: bool) -> tuple[int, str]:
    """Where what swallows a word begins, and what to do there: Markdown has no backslash for HTML."""
    line, paragraph = text.rfind("\n", 0, at) + 1, text.rfind("\n\n", 0, at) + 1
    tag = max((tag.start() for tag in TAG_BEGINS.finditer(text, paragraph, at + 1)), default=-1) if is_page else -1
    if tag >= 0 and ">" not in text[tag:at]:
        return tag, TAKEN_FOR_HTML
    if definition := DEFINES.match(text, line):
        return definition.end() - 1, ESCAPABLE
    if (number := LIST_NUMBER.match(text, line)) and number.start(1) == at:
        return number.end(1), ESCAPABLE
    if (cell := text.rfind("|", line, at)) >= 0:
        return cell, ESCAPABLE
    return (tag, TAKEN_FOR_HTML) if tag >= 0 else (at, SWALLOWED)


def _is_shown_whole(source: str, rendered: Rendered) -> bool:
    """Whether HTML shows all that a text has, in order, but the commonest signs that Markdown takes for itself.

    Addresses of links stand in attributes. Letters are compared with all that stands beside them: cheaper than to count
    words, and it finds more; what it doesn't know is left to the count.
    """
    shown = unescape(TAG.sub(" ", rendered.html))
    are_linked = " ".join(ADDRESS.findall(source)) == rendered.attributes
    return are_linked and _signless(ADDRESS.sub(" ", source)) == _signless(shown)


def _signless(text: str) -> list[str]:
    """What stands between white space and those signs."""
    for sign in COMMON:
        text = text.replace(sign, " ")
    return text.split()


def _words(reading: Reading, span: SourceSpan, rendered: Rendered) -> tuple[Diagnostic, ...]:
    """Whether the HTML of a text shows the words it is said to show."""
    if rendered.plain or SHOWN.fullmatch(rendered.html):  # no parser is needed
        shown = unescape(TAG.sub("", rendered.html))
        if shown == rendered.text.replace("\n\n", "\n"):  # the usual case, found without looking at white space
            return ()
    else:
        shown = _text(LexborHTMLParser(f"<article>{rendered.html}</article>").css("article")[0])
    if _solid(shown) == _solid(rendered.text):
        return ()
    lost = next(iter(Counter(CHUNK.findall(rendered.text)) - Counter(CHUNK.findall(shown))), "")
    return (_missing(reading, span, "RT402", lost, "in HTML", REPORT),)


def _list_numbers(markdown: str) -> list[str]:
    """Numbers of list items that the page will show by itself: the first of a list, and those that count on from it."""
    shown = []
    before: int | None = None
    for line in markdown.split("\n"):
        if match := LIST_NUMBER.match(line):
            number = int(match[1])
            if before is None or number == before + 1:
                shown.append(match[1])
            before = number
        elif line.strip() and not line.startswith((" ", "\t")):
            before = None
    return shown


# --- 3 HTML to page --------------------------------------------------------------------------------------------------


class Published(NamedTuple):
    """What a finished page shows."""

    found: tuple[Diagnostic, ...]
    words: int
    ids: frozenset[str]
    links: tuple[str, ...]  # addresses in order, each once


def publication(page: Composed, document: Document | None, shown: Mapping[str, Shown]) -> Published:
    """Whether a page shows all words of a document, a transcript's under their speakers; and what it links to."""
    tree = LexborHTMLParser(page.frame)
    found: tuple[Diagnostic, ...] = ()
    counted = 0
    if isinstance(document, Transcript):
        found, counted = _article(page, tree, document, shown)
    elif isinstance(document, Prose):
        found, counted = _body(page.path, tree, document, shown[BODY])
    ids, links = _addresses(tree)
    if page.sections and isinstance(document, Transcript):
        ids, links = _within(page, document, shown, ids, links)
    return Published(found, counted, ids, links)


def grid(page: Composed, document: Document | None, shown: Mapping[str, Shown]) -> Published:
    """Whether answers side by side are those of a transcript, each under its speaker."""
    if not isinstance(document, Transcript) or (known := answers(document)) is None:
        raise TypeError("no answers")
    names = {speaker.id: speaker.name for speaker in document.speakers}
    columns = [speaker.id for speaker in known.columns]
    wanted = [
        turn
        for _, one in known.rows
        for turn in (one.question, *sorted(one.answers, key=lambda turn: columns.index(turn.speaker or "")))
    ]
    tree = LexborHTMLParser(page.frame)
    ids, links = _addresses(tree)
    nodes = tree.css("[data-answer]")
    if [node.attrs["data-answer"] for node in nodes] != [turn.id for turn in wanted]:
        message = f"{len(nodes)} answers on the page, {len(wanted)} in the transcript, or in another order"
        return Published((_misplaced(document, page.path, None, message),), 0, ids, links)
    wrong = (
        (turn.span, _turn_fails(node, turn.id, names[turn.speaker or ""], _said(shown[turn.id].html)))
        for node, turn in zip(nodes, wanted, strict=True)
    )
    found = tuple(_misplaced(document, page.path, span, message) for span, message in wrong if message)
    return Published(found, 0, ids, links)


def _addresses(tree: LexborHTMLParser) -> tuple[frozenset[str], tuple[str, ...]]:
    """The ids in a page, and the addresses it links to."""
    ids = frozenset(node.id or "" for node in tree.css("[id]"))
    linking = tree.css("[href], [src]")
    return ids, tuple(dict.fromkeys(node.attrs.get("href") or node.attrs.get("src") or "" for node in linking))


def _within(
    page: Composed,
    transcript: Transcript,
    shown: Mapping[str, Shown],
    ids: frozenset[str],
    links: tuple[str, ...],
) -> tuple[frozenset[str], tuple[str, ...]]:
    """The same, with those of the turns, which a frame lacks."""
    own = [_pattern(one) for one in page.patterns]
    addressed = (one.html for one in shown.values() if "=" in one.html and ADDRESSED.search(one.html))
    words = _addresses(LexborHTMLParser("".join(addressed)))
    turns = [turn.id for turn in transcript.turns()] if all(EXAMPLE in one.ids for one in own) else ()
    more = (link for one in own for link in one.links if link != f"#{EXAMPLE}")
    return ids | words[0] | frozenset(turns), tuple(dict.fromkeys((*links, *more, *words[1])))


EXAMPLE, WORDS = "example-1", "Words of an example."


class Proven(NamedTuple):
    """What a pattern shows."""

    fails: str  # what it shows that it should not, or lacks
    ids: frozenset[str]
    links: tuple[str, ...]


@lru_cache(maxsize=4_096)
def _pattern(pattern: Pattern) -> Proven:
    """A turn made of a pattern, parsed: made once for all turns of that pattern."""
    filled = pattern.filler()(EXAMPLE, f"<p>{WORDS}</p>", "62", "1:02", "“Example”, 2026", "https://example.org/")
    tree = LexborHTMLParser(f"<article>{filled}</article>")
    ids, links = _addresses(tree)
    shown = tree.css("[data-turn]")
    if [node.attrs["data-turn"] for node in shown] != [EXAMPLE]:
        return Proven(f"{len(shown)} elements have 'data-turn' where one turn is shown", ids, links)
    return Proven(_turn_fails(shown[0], EXAMPLE, pattern.name, WORDS), ids, links)


def _article(
    page: Composed, tree: LexborHTMLParser, transcript: Transcript, shown: Mapping[str, Shown]
) -> tuple[tuple[Diagnostic, ...], int]:
    article = tree.css_first("article[data-transcript]")
    if article is None:
        return (_misplaced(transcript, page.path, None, "the page has no <article data-transcript>"),), 0
    found = []
    titles = [_text(node) for node in article.css(".section-title")]
    wanted = [section.title for section in transcript.sections if section.title is not None]
    if [_solid(t) for t in titles] != [_solid(t) for t in wanted]:
        message = f"section titles on the page are {titles!r}, not {wanted!r}"
        found.append(_misplaced(transcript, page.path, None, message))
    found += _people(page.path, article, transcript)
    anchors = {node.id for node in tree.css("[id]")} if transcript.tombstones else ()
    for stone in transcript.tombstones:
        if stone.id not in anchors:
            message = f"links to #{stone.id} lead nowhere: the page lacks what tombstones.html shows"
            found.append(_misplaced(transcript, page.path, None, message))
    wrong, counted = (_sections if page.sections else _turns)(page, article, transcript, shown)
    return (*found, *wrong), counted + sum(map(count, wanted))


def _sections(
    page: Composed, article: LexborNode, transcript: Transcript, shown: Mapping[str, Shown]
) -> tuple[list[Diagnostic], int]:
    """Whether a frame has a place for each section's turns, and the patterns they were made of show what they should."""
    places = [node.attrs["data-turns"] for node in article.css("[data-turns]")]
    wanted = [section.id for section in transcript.sections]
    if not places == wanted == MARKS.findall(page.frame) or article.css_first("[data-turn]"):
        message = f"the turns of {len(places)} sections on the page, {len(transcript.sections)} in the transcript, or in another order"
        return [_misplaced(transcript, page.path, None, message)], 0
    wrong = [fails for one in page.patterns if (fails := _pattern(one).fails)]
    if wrong:
        return [_misplaced(transcript, page.path, None, message) for message in wrong], 0
    return [], sum(one.words for one in shown.values())


def _turns(
    page: Composed, article: LexborNode, transcript: Transcript, shown: Mapping[str, Shown]
) -> tuple[list[Diagnostic], int]:
    """Whether an article shows each turn by itself."""
    names = {speaker.id: speaker.name for speaker in transcript.speakers}
    nodes, turns = article.css("[data-turn]"), transcript.turns()
    if [node.attrs["data-turn"] for node in nodes] != [turn.id for turn in turns]:
        message = f"{len(nodes)} turns on the page, {len(turns)} in the transcript, or in another order"
        return [_misplaced(transcript, page.path, None, message)], 0
    found, counted = [], 0
    for node, turn in zip(nodes, turns, strict=True):
        name = names[turn.speaker] if turn.speaker else None
        if message := _turn_fails(node, turn.id, name, _said(shown[turn.id].html)):
            found.append(_misplaced(transcript, page.path, turn.span, message))
        else:
            counted += shown[turn.id].words
    return found, counted


def _turn_fails(node: LexborNode, id: str, name: str | None, text: str) -> str:
    """What the element of a turn shows that it should not, or lacks; "" if it shows the speaker's name and the words."""
    speakers, words = node.css(".speaker"), node.css(".words")
    if [_solid(_text(one)) for one in speakers] != ([] if name is None else [_solid(name)]):
        return f"turn {id} is not shown under {name or 'no name'!r}"
    shown = _text(words[0]) if len(words) == 1 and "hidden" not in words[0].attrs else ""
    for part in (*speakers, *words, *node.css(".margin")):
        part.decompose()
    if _solid(shown) != _solid(text):
        lost = next(iter(Counter(CHUNK.findall(text)) - Counter(CHUNK.findall(shown))), "")
        return f"turn {id} lacks {lost!r}" if lost else f"turn {id} shows other words"
    added = _text(node).strip()
    return f"turn {id} shows words that nobody said: {added[:60]!r}" if added else ""


def _people(path: str, article: LexborNode, transcript: Transcript) -> list[Diagnostic]:
    """Whether the list of people names and describes everybody."""
    listed = article.css_first("#people")
    text = _solid(_text(listed)) if listed is not None else ""
    found = []
    for speaker in transcript.speakers:
        told = speaker.description or ", ".join(part for part in (speaker.role, speaker.affiliation) if part)
        if _solid(speaker.name) not in text or _solid(told) not in text:
            found.append(
                _misplaced(
                    transcript, path, None, f"the list of people (#people) lacks {speaker.name!r} or what they are"
                )
            )
    return found


def _body(path: str, tree: LexborHTMLParser, prose: Prose, shown: Shown) -> tuple[tuple[Diagnostic, ...], int]:
    words = tree.css_first("article[data-page] .words")
    if words is None or _solid(_text(words)) != _solid(_said(shown.html)):
        return (_misplaced(prose, path, prose.span, "the page does not show the words of its source"),), 0
    return (), shown.words


def _said(html: str) -> str:
    """The words of a fragment."""
    return _text(LexborHTMLParser(f"<article>{html}</article>").css("article")[0])


def _text(node: LexborNode) -> str:
    """An element's words as a reader sees them; what Markdown's footnotes add is no word."""
    for added in node.css(".footnote-ref, .footnote-backref, .permalink"):
        added.decompose()
    return node.text(separator=" ") or ""


def _solid(text: str) -> str:
    """The text without white space, which HTML folds."""
    return "".join(text.split())


def _misplaced(document: Document, path: str, span: SourceSpan | None, message: str) -> Diagnostic:
    hint = "the page's template must keep what fidelity.py looks for; see the guide, 'Templates'"
    return diagnose("RT403", f"{message} ({path})", span or document.path, hint)


class Length(NamedTuple):
    """How long a document is."""

    words: int  # that must be published: titles of sections, narration and speech
    turns: int  # of speakers


def length(document: Document, shown: Mapping[str, Rendered] | Mapping[str, Shown]) -> Length:
    """How long a document is, by its words as they are shown."""
    words = sum(one.words for one in shown.values())
    if not isinstance(document, Transcript):
        return Length(words, 0)
    titles = sum(count(section.title) for section in document.sections if section.title)
    return Length(titles + words, sum(turn.speaker is not None for turn in document.turns()))
