"""Word documents (Office Open XML, ECMA-376 Part 1), written as speaker-tagged Markdown.

What the parts hold, wordml.py reads; here it is put together: title, labels, tables, footnotes; hidden text and comments are
skipped with their reason. python-docx gives neither tracked changes nor footnotes nor text boxes, so that words would be
lost.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from html import unescape
from itertools import islice

from ..diagnostics import diagnose
from ..model import Diagnostic, Metadata, Reading, Source
from ..patterns import lazy
from . import derived, markdown, wordml
from .dialect import MAX_LABEL, PLAIN_LABEL, Run, Script, plain
from .packed import Archive
from .wordlists import Numbers
from .wordml import SPEAKER, Body, Item, Paragraph, Table

MAIN = "word/document.xml"
AROUND = lazy(r"word/(?:header|footer)\d{0,4}\.xml")
MIN_TURNS, TURNS_SHARE = 3, 0.5  # items of lists that begin with a label
ALONE = lazy(r"\s*+\d{1,3}:\d{1,2}:\d{1,2}(?:\.\d{1,9})? --> [\d:.]++\s*+", re.ASCII)
CAPTION = lazy(r"\s*+(\d{1,3}):(\d{1,2}):(\d{1,2}(?:\.\d{1,9})?) --> [\d:.]++(?:\s|\Z)", re.ASCII)


def holds(archive: Archive) -> str:
    """Why an archive is a Word document."""
    return f"an archive that holds {MAIN}" if MAIN in archive else ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a document."""
    return derived.reading(markdown.read, source, sidecar)


def extract(source: Source, archive: Archive) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The text of a document, with the paragraph's number for each line, and whether some of it was lost."""
    styles = wordml.styles(_part(archive, "word/styles.xml"))
    links = wordml.links(_part(archive, "word/_rels/document.xml.rels"))
    body = Body(styles, links)
    main = archive.read(MAIN)
    wordml.parse(main, body)
    words = [_words(main)]
    notes: dict[str, list[list[Run]]] = {}
    for kind, sign in (("footnote", ""), ("endnote", "e"), ("comment", "c")):
        noted = Body(styles, wordml.links(_part(archive, f"word/_rels/{kind}s.xml.rels")), kind, sign)
        if data := _part(archive, f"word/{kind}s.xml"):
            wordml.parse(data, noted)
            words.append(_words(data))
        notes |= noted.notes
    comments = {key: notes.pop(key) for key in list(notes) if key.startswith("c")}
    numbers = Numbers(_part(archive, "word/numbering.xml"))
    script, metadata = _written(body, notes, comments, numbers)
    for around in dict.fromkeys(_around(archive)):
        script.skipped(around, "head or foot of the document's pages", body.number)
    sheet = script.close()
    sheet.before(derived.head(metadata), 1)
    taken = sheet.source(source, "docx")
    return taken, (
        *_revised(source, body),
        *_unnumbered(source, numbers),
        *derived.proof(taken, " ".join(words), metadata),
    )


def _part(archive: Archive, name: str) -> bytes:
    return archive.read(name) if name in archive else b""


def _around(archive: Archive) -> Iterator[str]:
    """The words at the head and foot of pages, part by part."""
    for name in sorted(filter(AROUND.fullmatch, archive.members)):
        body = Body({}, {})
        wordml.parse(archive.read(name), body)
        yield " ".join(filter(None, map(plain, _every(body.blocks))))


# --- writing ---------------------------------------------------------------------------------------------------------


def _written(
    body: Body, notes: dict[str, list[list[Run]]], comments: dict[str, list[list[Run]]], numbers: Numbers
) -> tuple[Script, Metadata]:
    """The document as Markdown, and what it says of itself."""
    script = Script()
    blocks = [block for block in body.blocks if isinstance(block, Table) or plain(block.runs) or block.hidden]
    blocks = list(_with_captions(blocks))
    title, is_shifted = _title(blocks)
    has_turns = _has_turns(blocks)
    told: set[str] = set()  # notes whose words stand below the heading that refers to them
    for block in blocks:
        if isinstance(block, Table):
            script.table(block.rows)
            continue
        if block is not title:
            _paragraph(script, block, is_shifted, numbers, has_turns=has_turns)
        script.skipped("".join(block.hidden), "hidden text", block.number)
        if block is title or _heading(block):
            told |= _beside_heading(script, block, notes)
    _notes(script, blocks, {key: note for key, note in notes.items() if key not in told}, told, body.number)
    for paragraphs in comments.values():
        script.skipped(" ".join(map(plain, paragraphs)), "comment in the document", body.number)
    return script, Metadata(title=plain(title.runs) if title else None)


def _notes(
    script: Script, blocks: list[Paragraph | Table], notes: dict[str, list[list[Run]]], told: set[str], line: int
) -> None:
    """Writes the notes that the text refers to; one that is missing stands empty."""
    used = dict.fromkeys(run.note for runs in _every(blocks) for run in runs if run.note and run.note not in told)
    for key in used:
        script.note(key, notes.get(key, []), line)
    for key, paragraphs in notes.items():
        if key not in used:
            script.skipped(" ".join(map(plain, paragraphs)), "note that nothing refers to", line)


def _every(blocks: list[Paragraph | Table]) -> Iterator[list[Run]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.runs
        else:
            yield from (runs for _, cells in block.rows for cell in cells for runs in cell)


def _heading(block: Paragraph) -> int:
    return block.level or block.style.level


def _title(blocks: list[Paragraph | Table]) -> tuple[Paragraph | None, bool]:
    """The paragraph that is the title, and whether all headings are one level lower than they say."""
    first = next(iter(blocks), None)
    tops = [block for block in blocks if isinstance(block, Paragraph) and _heading(block) == 1]
    if isinstance(first, Paragraph) and first.style.name.casefold() == "title":
        return first, True
    if len(tops) == 1 and tops[0] is first:
        return tops[0], False
    return None, True


def _has_turns(blocks: list[Paragraph | Table]) -> bool:
    """Whether items of lists are turns: many begin with a label, and labels recur."""
    items = [plain(block.runs) for block in blocks if isinstance(block, Paragraph) and _item(block)]
    labels = [match[1] for text in items if (match := PLAIN_LABEL.match(text))]
    return len(labels) >= max(MIN_TURNS, TURNS_SHARE * len(items)) and len(set(labels)) < len(labels)


def _item(block: Paragraph) -> Item | None:
    return block.item or block.style.item


def _paragraph(script: Script, block: Paragraph, is_shifted: bool, numbers: Numbers, *, has_turns: bool) -> None:
    level = _heading(block)
    if block.style.name.casefold().startswith("toc "):
        script.skipped(plain(block.runs), "table of contents", block.number)
    elif (
        SPEAKER.search(block.style.name) and len(plain(block.runs)) <= MAX_LABEL and not any(r.note for r in block.runs)
    ):
        script.label(plain(block.runs), block.number)
    elif CAPTION.match("".join(run.text for run in block.runs[:3])) and len(_lines(block.runs, 2)) == 3:
        _caption(script, block)
    elif level:
        numbers.unshown += numbers.mark(_item(block))[:1].isdigit()
        script.heading(block.runs, min(max(level + is_shifted, 2), 6), block.number)
    else:
        mark = numbers.mark(_item(block))
        is_turn = has_turns and PLAIN_LABEL.match(plain(block.runs))
        script.paragraph(block.runs, block.number, "" if is_turn else mark)


def _with_captions(blocks: list[Paragraph | Table]) -> Iterator[Paragraph | Table]:
    """The blocks; times, name and words that are paragraphs of their own as one, as if line breaks parted them."""
    waiting = deque(blocks)
    while waiting:
        block = waiting.popleft()
        if isinstance(block, Paragraph) and ALONE.fullmatch(plain(block.runs)) and _are_words([*islice(waiting, 2)]):
            for below in (waiting.popleft(), waiting.popleft()):
                if isinstance(below, Paragraph):
                    block.runs += [Run("\n"), *below.runs]
                    block.hidden += below.hidden
        yield block


def _are_words(blocks: list[Paragraph | Table]) -> bool:
    """Whether two blocks may be a name and what it says."""
    texts = [plain(block.runs) for block in blocks if isinstance(block, Paragraph)]
    is_said = len(texts) == 2 and 0 < len(texts[0]) <= MAX_LABEL and bool(texts[1])
    return is_said and not any("\n" in texts[0] or ALONE.fullmatch(text) for text in texts)


def _caption(script: Script, block: Paragraph) -> None:
    """A paragraph as Microsoft Teams wrote them: times, name and words, each on lines of their own."""
    times, name, words = _lines(block.runs, 2)
    script.skipped(plain(times), "times of a caption", block.number)
    match = CAPTION.match(plain(times))
    if match:
        hours, minutes, seconds = match.groups()
        script.clock(f"{int(hours):02}:{int(minutes):02}:{float(seconds):06.3f}", block.number)
    script.label(plain(name), block.number)
    script.paragraph(words, block.number)


def _lines(runs: list[Run], breaks: int) -> list[list[Run]]:
    """The runs of the first lines, one line each, and of all that follows."""
    lines: list[list[Run]] = [[]]
    for run in runs:
        first, *more = run.text.split("\n", breaks + 1 - len(lines))
        lines[-1].append(run._replace(text=first))
        lines += [[run._replace(text=part)] for part in more]
    return lines


def _beside_heading(script: Script, block: Paragraph, notes: dict[str, list[list[Run]]]) -> set[str]:
    """Writes the notes of a heading below it, since a heading refers to none."""
    keys = {run.note: None for run in block.runs if run.note}
    for key in keys:
        for runs in notes.get(key, []):
            script.paragraph(runs, block.number)
    return set(keys)


def _revised(source: Source, body: Body) -> tuple[Diagnostic, ...]:
    if not body.deleted and not body.inserted:
        return ()
    message = f"tracked changes: {body.inserted} insertions are read, {body.deleted} deletions left out"
    hint = "accept or reject them in Word, if that is not what you want"
    return (diagnose("RT232", message, (source.path, 1, 1), hint),)


def _unnumbered(source: Source, numbers: Numbers) -> tuple[Diagnostic, ...]:
    if not numbers.unshown:
        return ()
    message = (
        f"skipped: numbers of {numbers.unshown} headings, or of items of lists with letters or with several numbers"
    )
    return (diagnose("RT208", message, (source.path, 1, 1), "write them as words, if somebody refers to them"),)


# --- the proof: the words of the document without a parser -----------------------------------------------------------


def _words(data: bytes) -> str:
    """The text of the document, found by its tags alone."""
    text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    shown: list[str] = []
    gone = 0
    is_text = False
    for tag, name, rest, words in re.findall(r"<(/?)(?:\w+:)?(\w+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>|([^<]+)", text):
        if words:
            shown.append(unescape(words) if is_text and not gone else "")
            continue
        if name in ("del", "moveFrom", "Fallback") and not rest.endswith("/"):
            gone += -1 if tag else 1
        is_text = name == "t" and not tag and not rest.endswith("/")
        shown.append(" " if name in ("p", "br", "tab", "cr", "noBreakHyphen") else "")
    return "".join(shown)
