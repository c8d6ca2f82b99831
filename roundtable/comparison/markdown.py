"""A comparison for a comment on a pull request, or for the summary of a workflow: GitHub Flavored Markdown, short, folded.

Words of transcripts are nobody's to trust: each sign that Markdown knows is escaped, and what a forge makes a link of (a mention,
an issue, a commit, an address) is parted by a word joiner, since entities are read before links are looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from ..reporting import plural
from .changes import Change, Comparison, Crossing, DocumentChange
from .shown import (
    NOBODY,
    Part,
    carried,
    changed,
    columns,
    cut,
    file,
    kind,
    length,
    link,
    listed,
    name,
    pieces,
    speakers,
    title,
    verdict,
    where,
)

MOST = 60_000  # bytes of all; GitHub takes 65,536 characters
MOST_TEXT = 600  # characters of a piece of text
MOST_CHANGES = (30, 8, 0)  # of a document: so many, or fewer if that is too much
MOST_OF_ONE = 20_000  # bytes of a document
MOST_ROWS = 30  # of a list or a table
MOST_PARTS = 24  # of a turn: what is the same, gone or new
MOST_CROSSINGS = 20
ENDING = "\n_And {}: see the whole report._\n"

JOINER = "\u2060"
KEPT = "\u200c\u200d"  # without them words of Persian, Hindi and others are spelled wrongly
SIGN = re.compile(r"[\\`*_\[\]{}()#+\-.!|~^=:/@$\"']")
LINKED = re.compile(r"[@#]|(?i:gh-)(?=\d)|(?<=:)(?=//)|(?i:\bwww(?=\.))|:(?=[\w+-])|(?<=[0-9a-f]{6})(?=[0-9a-f])|\$")


def write(one: Comparison) -> bytes:
    """As much as may be told, what matters most first."""
    blocks = list(_blocks(one))
    found, size = [], 0
    for number, block in enumerate(blocks):
        data = f"{block}\n".encode()
        if size + len(data) > MOST - 200:
            left = len(blocks) - number
            found.append(ENDING.format(f"{left:,} more {'part' if left == 1 else 'parts'}").encode())
            break
        found.append(data)
        size += len(data)
    return b"".join(found)


def _blocks(one: Comparison) -> Iterator[str]:
    """What stands together, or is left out together."""
    yield f"### {escape(verdict(one))}\n\n{escape(one.old)} → {escape(one.new)}, {plural(len(one.documents), 'document')} changed, {one.unchanged:,} unchanged\n"
    crossed = [(document, crossing) for document in one.documents for crossing in document.crossings]
    if crossed:
        yield "#### ⚠ Words that have another speaker now\n"
        for document, crossing in crossed[:MOST_CROSSINGS]:
            yield _crossing(document, crossing)
        if len(crossed) > MOST_CROSSINGS:
            yield f"- and {len(crossed) - MOST_CROSSINGS:,} more\n"
    for document in one.documents:
        yield _document(document)
    if one.files:
        yield _listed("file", [f"{escape(each.path)}: {file(each)}" for each in one.files])
    if one.pages:
        yield _listed("page", [f"{escape(page.url)}: {page.status}" for page in one.pages])


def _crossing(document: DocumentChange, one: Crossing) -> str:
    who = f"from **{escape(name(one.old))}** to **{escape(name(one.new))}**"
    there = escape(", ".join(filter(None, (title(document), where(one.new)))))
    return f"- {plural(one.words, 'word')} {who} ({there}): “{escape(one.text)}”"


def _document(one: DocumentChange) -> str:
    """What happened to one: as much as it may take."""
    blocks = (_told(one, most) for most in MOST_CHANGES)
    return next((block for block in blocks if len(block.encode()) <= MOST_OF_ONE), "") or _told(one, 0)


def _told(one: DocumentChange, most: int) -> str:
    lines = [f"<details><summary>{_summary(one)}</summary>\n"]
    lines += [f"- {escape(line)}" for line in carried(one)]
    lines += [
        f"- speaker renamed: **{escape(renamed.old)}** is **{escape(renamed.new)}** now, {plural(renamed.turns, 'turn')}"
        for renamed in one.renamed
    ]
    lines += [
        f"- {escape(detail.what)}: {escape(detail.old) or 'nothing'} → {escape(detail.new) or 'nothing'}"
        for detail in one.details
    ]
    lines += [f"- permalink {escape(link(permalink))}" for permalink in one.permalinks[:MOST_ROWS]]
    if len(one.permalinks) > MOST_ROWS:
        lines.append(f"- and {len(one.permalinks) - MOST_ROWS:,} more permalinks")
    told = [change for change in listed(one) if change.kind != "form"]
    lines += [_change(change) for change in told[:most]]
    if len(told) > most:
        lines.append(f"- and {len(told) - most:,} more changes")
    if forms := sum(change.kind == "form" for change in one.changes):
        lines.append(f"- {plural(forms, 'turn')} with other marks, and the same words")
    return "\n".join((*lines, *_table(one), "\n</details>\n"))


def _summary(one: DocumentChange) -> str:
    """In an element of HTML no Markdown is read."""
    what = f"{one.status}, {plural(length(one), 'word')}" if one.status in ("added", "removed") else one.status
    return f"<b>{_html(one.title)}</b>, {one.kind} {what} ({_html(title(one))})"


def _change(one: Change) -> str:
    spot = one.new or one.old
    if spot is None:
        return ""
    who = " → ".join(f"**{escape(name(each))}**" for each in speakers(one))
    there = f" ({escape(where(spot))})" if where(spot) else ""
    parts = cut(pieces(one))
    rest = f" … and {len(parts) - MOST_PARTS:,} more" if len(parts) > MOST_PARTS else ""
    said = "" if one.kind == "moved" else f": {''.join(_marked(parts[:MOST_PARTS]))}{rest}"
    return f"- {kind(one)}, {who}{there}{said}"


def _marked(some: Iterable[Part]) -> Iterator[str]:
    for one in some:
        text, space = escape(one.piece.text.rstrip()), escape(one.space)
        match one.sign:
            case " ":
                yield text + space
            case "-":
                yield f"<del>{text}</del>" + (f" (→ {escape(one.elsewhere)})" if one.elsewhere else "") + space
            case "+":
                yield f"<ins>{text}</ins>" + (f" (← {escape(one.elsewhere)})" if one.elsewhere else "") + space


def _table(one: DocumentChange) -> Iterator[str]:
    rows = changed(one.account)
    if rows:
        yield f"\n| words | {' | '.join(columns(rows))} |\n| --- |{' ---: |' * len(columns(rows))}"
    for row in rows[:MOST_ROWS]:
        numbers = [getattr(row, column) for column in columns(rows)]
        yield f"| {escape(row.speaker or NOBODY)} | {' | '.join(f'{number:,}' for number in numbers)} |"


def _listed(noun: str, told: Sequence[str]) -> str:
    lines = [f"<details><summary>{plural(len(told), noun)} changed</summary>\n"]
    lines += [f"- {line}" for line in told[:200]]
    if len(told) > 200:
        lines.append(f"- and {len(told) - 200:,} more")
    return "\n".join((*lines, "\n</details>\n"))


# --- words that nobody vouches for -----------------------------------------------------------------------------------


def escape(text: str) -> str:
    """Text that shows itself and does nothing."""
    text = SIGN.sub(lambda sign: f"\\{sign[0]}" if sign[0] != "$" else "$", _parted(_short(text)))
    return _safe(text).replace("$", "<span>$</span>")


def _html(text: str) -> str:
    return _safe(_parted(_short(text))).replace("$", "<span>$</span>")


def _safe(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _short(text: str) -> str:
    """Text on one line, what steers a terminal or the direction of text made visible."""
    text = text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT // 2]} […] {text[-MOST_TEXT // 2 :]}"
    return "".join(_visible(sign) for sign in text.replace("\n\n", " ¶ ").replace("\n", " "))


def _visible(sign: str) -> str:
    hidden = unicodedata.category(sign)[0] == "C" or unicodedata.category(sign) in ("Zl", "Zp")
    return f"\\x{ord(sign):02x}" if hidden and sign not in KEPT else sign


def _parted(text: str) -> str:
    """Text in which nothing is taken for a mention, an issue, a commit, an emoji or an address."""
    return LINKED.sub(lambda match: match[0] + JOINER, text)
