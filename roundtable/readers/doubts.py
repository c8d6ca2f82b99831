"""A second look at labels, once they are found: which are rather none, whose lines are nobody's, and what else may be one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise

from ..patterns import lazy
from .evidence import Evidence
from .lines import BULLET, BULLETS, CLOSING, DATE, SENTENCE_END, Label, Line, is_title_like
from .names import is_discourse, is_honoured, is_loud, is_name_like, is_role, is_sentence_like, key
from .shapes import (
    BARE_LETTER,
    BOLD,
    BRACKETED,
    BRACKETED_COLON,
    DATED,
    FULL_STOP,
    INLINE,
    NAKED,
    NICK,
    OWN_LINE,
    SEGMENT,
    STAMP,
    TABBED,
    TIMED_ALONE,
    Shape,
)
from .stamps import is_moment

# What a chat's program says of itself, and "/me": nobody's words.
SAID_BY_PROGRAM = r"(?:(?:\*\*)?\\?\*(?:\*\*)?\s\S|[-=]!=?-?\s|\*\*\*\s|-->\s|<--\s|---?\s)"
EVENT, TIMED_EVENT = lazy(rf"(?:{STAMP})?{SAID_BY_PROGRAM}"), lazy(rf"{STAMP}{SAID_BY_PROGRAM}")
COLONS = lazy("[:：]")
COLUMN = lazy(r"\s{2}[:：]")
# Names or numbers, and no sentence: what stands behind "Ayes:".
ITEM = r"(?:\d+|[^\W\d_a-zß-öø-ÿ][\w.'’-]*(?:\s[^\W\d_a-zß-öø-ÿ][\w.'’-]*){0,3})"
LISTED = lazy(
    rf"(?:{ITEM}(?:\s*[,;、]\s*(?:and\s)?|\s(?:and|y|e|et|und|&)\s))+{ITEM}\.?|\d+|[Nn]one\.?|[Nn]il\.?|-+|–|—"
)
# Signs and numbers before a colon, and a name whose colon lacks its space.
ODD = lazy(
    r"(?P<sign>#\d{1,3}|[^\w\s\"'(\[*_#`>|~/\\-]{1,4})[:：]\s|(?P<tight>[^\W\d_a-zß-öø-ÿ][^\n:：*<>|/]{1,40}):(?=[^\W\d_])"
)
NAMELESS = lazy(r">>|[―─]{2}")  # signs of a new speaker: the captioners', and the asker's in Japan
OTHERS = (INLINE, OWN_LINE, BARE_LETTER, BOLD, NICK, BRACKETED_COLON)  # forms that are seldom those of prose
MIN_SURE = 3  # labels
MIN_ASKED = 2  # questions
MAX_METADATA = 120  # characters of a line such as "Recorded by: …"
REPEATS_SHARE = 0.1  # of the labels
FEW = 0.5  # of the labels: below, a bullet is no sign of a speaker
MOST = 0.9  # of the labels
MAX_SIGNS, MAX_TIME = 16, 32  # characters between a sentence and a name, and of a time
BEFORE_NAME = lazy(rf"(?:{BRACKETED}|>>|\s[-–—]{{1,3}})$")
BEHIND_NAME = lazy(rf"\s?{BRACKETED}$")
MAX_NAME, MAX_NAME_WORDS = 40, 3  # characters and words of a name alone on its line
MAX_LABEL, MAX_TITLE = 160, 400  # characters: a label that is longer is none, but may be told up to here
SHORT_WORD, LARGE_SHARE = 3, 0.7  # of a title's longer words
ENDED = lazy(r"[a-zß-öø-ÿ][.!?;]\s")
WORD = lazy(r"[^\W\d_]+")
QUOTES = {'"': '"', "“": "”", "„": "“", "«": "»", "「": "」", "『": "』"}
MAX_QUOTED = 30  # lines of a quotation
DASHED = lazy(r"(?P<name>[^\W\d_a-zß-öø-ÿ][^\n:：–—-]{1,40}?)\s[-–—]\s(?=\S)")
MAX_TOLD = 200  # names that are looked for inside lines


def refused(best: Shape, labels: Mapping[int, Label], single: Mapping[int, str], evidence: Evidence) -> dict[int, str]:
    """Labels that are rather none: metadata, lists, terms behind bullets, names of those who are spoken to."""
    found = (
        _header(labels, single, evidence.lines)
        | _among_metadata(labels, evidence)
        | _listed(labels, evidence)
        | _bulleted(labels, evidence)
        | _quoted(labels, evidence)
        | _read_out(labels, evidence)
        | _in_quotation(labels, evidence)
    )
    return found | _addressed(best, labels, evidence) if evidence.is_chat(best) else found


def _header(labels: Mapping[int, Label], single: Mapping[int, str], lines: list[Line]) -> dict[int, str]:
    """Single labels above all others that are rather metadata: two and more of them, with few words behind each.

    One is enough where it gives a date, or where its colon has a column of its own, as in the caption of a court's transcript.
    """
    first = min((i for i in labels if i not in single), default=0)
    above = [
        i
        for i in sorted(single)
        if i < first and len(lines[i].text) <= MAX_METADATA and not lines[i].text.endswith(SENTENCE_END)
    ]
    is_plain = any(
        COLUMN.search(lines[i].text[: labels[i].words_at]) or DATE.search(lines[i].text, labels[i].words_at)
        for i in above
    )
    return {i: single[i] for i in above} if len(above) > 1 or is_plain else {}


def _among_metadata(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels above all others that come once, right above or below a piece of metadata: "Participants: see below"."""
    times = Counter(key(label.name) for label in labels.values())
    stated = {i for own in evidence.candidates.values() for i, label in own.items() if is_discourse(label.name)}
    found: dict[int, str] = {}
    for i, label in sorted(labels.items()) if stated else ():
        line = evidence.lines[i]
        beside = [evidence.lines[j] for j in (i - 1, i + 1) if j in stated or j in found]
        is_beside = any(abs(other.row - line.row) == 1 for other in beside)
        if not is_beside or times[key(label.name)] > 1 or len(line.text) > MAX_METADATA or _ends(line.text):
            break
        found[i] = label.name
    return found


def _ends(text: str) -> bool:
    return text.rstrip(CLOSING).endswith(SENTENCE_END)


def _listed(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels that recur and have nothing but lists behind them: "Ayes: Lind, Reis"; "Ayes: 4"."""
    places: dict[str, list[int]] = {}
    for i, label in labels.items():
        places.setdefault(label.name, []).append(i)
    found: dict[int, str] = {}
    for name, same in places.items():
        is_sure = len(same) == 1 or key(name) in evidence.known or is_role(name) or is_honoured(name)
        if not is_sure and all(LISTED.fullmatch(evidence.lines[i].text, labels[i].words_at) for i in same):
            found |= dict.fromkeys(same, name)
    return found


def _bulleted(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Terms behind bullets, where speakers have none: they are of somebody's list."""
    bulleted = {i for i in labels if evidence.lines[i].text[0] in BULLETS and BULLET.match(evidence.lines[i].text)}
    if not bulleted or len(bulleted) > FEW * len(labels):
        return {}
    plain = {key(label.name) for i, label in labels.items() if i not in bulleted} | evidence.known
    return {i: labels[i].name for i in bulleted if key(labels[i].name) not in plain and not is_role(labels[i].name)}


def _quoted(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels in quotations (`> Ana: No`) of those who speak more often outside of them: somebody tells what they said."""
    lines = evidence.lines
    quoted = {i: label.name for i, label in labels.items() if lines[i].text.startswith("> ")}
    if not quoted:
        return {}
    within = Counter(map(key, quoted.values()))
    times = Counter(key(label.name) for label in labels.values())
    return {i: name for i, name in quoted.items() if 2 * within[key(name)] <= times[key(name)]}


def _read_out(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels in what somebody reads out: set in deeper than the turn it stands in, behind a line that ends with a colon."""
    lines = evidence.lines
    found: dict[int, str] = {}
    turn = depth = last = 0  # columns by which the turn is set in, and what is read out, and the last label in that
    for i in sorted(labels) if any(lines[i].indent for i in labels) else ():
        if not depth or any(line.indent < depth for line in lines[last : i + 1]):
            is_bare = i - 1 in labels and labels[i - 1].words_at == len(lines[i - 1].text)
            is_announced = i > 0 and not is_bare and lines[i - 1].text.endswith((":", "："))
            depth = lines[i].indent if is_announced and lines[i].indent > turn else 0
        if depth:
            found[i], last = labels[i].name, i
        else:
            turn = lines[i].indent
    return found


def _in_quotation(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels in a quotation that begins with a speaker's label and ends lines later: `"Ana: No.`, `Tom: Yes."`."""
    lines = evidence.lines
    found: dict[int, str] = {}
    names = tuple(sorted({f"{label.name}:" for label in labels.values()}))
    for i, line in enumerate(lines):
        closing = QUOTES.get(line.text[0])
        if closing and i not in labels and closing not in line.text[1:] and line.text.startswith(names, 1):
            after = range(i + 1, min(i + MAX_QUOTED, len(lines)))
            end = next((j for j in after if lines[j].text.rstrip(".").endswith(closing)), i)
            found |= {j: labels[j].name for j in range(i + 1, end + 1) if j in labels}
    return found


def _addressed(best: Shape, labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Lines of a chat that rather address somebody ("ann: what do you say?"), who answers at once under the same label.

    So only where a label is otherwise never repeated: logs that label every line repeat them all the time.
    """
    order = sorted(labels)
    repeats = [i for i, j in pairwise(order) if key(labels[i].name) == key(labels[j].name)]
    if best.name != INLINE or evidence.is_shouted(best) or len(repeats) > REPEATS_SHARE * len(order):
        return {}
    return {i: labels[i].name for i in repeats if labels[i].name not in evidence.known}


def nobodys(best: Shape, labels: Mapping[int, Label], evidence: Evidence) -> dict[int, Label]:
    """Lines that begin like a labelled one and name nobody: what a chat's program says, a new speaker without a name."""
    patterns = [EVENT] if best.name == NICK else [TIMED_EVENT] if best.name == TABBED else []
    texts = [evidence.lines[i].text for i in labels]
    if 2 * sum(text[:1] in "[0123456789\u200e" and DATED.match(text) is not None for text in texts) > len(texts):
        patterns.append(DATED)
    if sum(text.startswith(">>") for text in texts) >= MIN_SURE or _is_asked(evidence.lines):
        patterns.append(NAMELESS)
    found = {
        i
        for i, line in enumerate(evidence.lines if patterns else ())
        if i not in labels and any(pattern.match(line.text) for pattern in patterns)
    }
    found |= _segments(labels, evidence)
    found |= _directions(labels, evidence) if best.name == FULL_STOP else set()
    found |= _dates(labels, evidence) if best.name == NAKED else set()
    return dict.fromkeys(found, Label("", 0))


def _segments(labels: Mapping[int, Label], evidence: Evidence) -> set[int]:
    """Stretches of a recording that name nobody, where nearly all others name somebody, whoever spoke before."""
    if sum(label.end is not None for label in labels.values()) < MOST * len(labels):
        return set()
    found = {i for i, line in enumerate(evidence.lines) if i not in labels and SEGMENT.match(line.text)}
    return found if len(found) <= FEW * len(labels) else set()


def _directions(labels: Mapping[int, Label], evidence: Evidence) -> set[int]:
    """Lines of a play that name speakers among other words and hold nothing else: "Enter ANNA and TOM."."""
    times = Counter(label.name for label in labels.values())
    names = {name for name, n in times.items() if n > 1 and is_loud(name)}
    return {
        i
        for i, label in labels.items()
        if times[label.name] == 1 and label.words_at == len(evidence.lines[i].text) and not is_loud(label.name)
        if not names.isdisjoint(WORD.findall(label.name))
    }


def _dates(labels: Mapping[int, Label], evidence: Evidence) -> set[int]:
    """Lines that are a day and a time below somebody's words, if they are about as many as the labels."""
    found = {
        i
        for i, line in enumerate(evidence.lines)
        if i not in labels and len(line.text) <= MAX_NAME and is_moment(line.text)
    }
    return found if 2 * len(found) >= len(labels) else set()


def _is_asked(lines: list[Line]) -> bool:
    """Whether dashes of two stand for whoever asks."""
    return sum(line.text[0] in "―─" and line.text[:2] in ("――", "──") for line in lines) >= MIN_ASKED


def unread(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """What else may be a label: a speaker's name in the middle of a line, a sign before a colon, a colon without its space."""
    names = tuple(sorted({label.name for label in labels.values() if len(label.name) > 1}))
    is_short, are_loud = len(names) <= MAX_TOLD, bool(names) and all(map(str.isupper, names))
    found = _otherwise(labels, evidence) | _untimed(labels, evidence) if names else {}
    for i, line in enumerate(evidence.lines if names else ()):
        if (at := line.text.find(":", labels[i].words_at if i in labels else 0)) >= 0 or "：" in line.text:
            label = labels.get(i)
            name = _inside(line.text, label.words_at if label else 0, names, is_loud=are_loud) if is_short else ""
            if name or (label is None and i not in found and at < MAX_METADATA and (name := _odd(line.text))):
                found[i] = name
            elif label is None and MAX_LABEL <= at < MAX_TITLE and i and line.row > evidence.lines[i - 1].row + 1:
                found |= {i: f"{line.text[:MAX_NAME]}…"} if _is_title(line.text[:at]) else {}
        elif i not in labels and (name := _signed(line.text, names, is_loud=are_loud)):
            found[i] = name
    return found


def _signed(text: str, names: tuple[str, ...], *, is_loud: bool) -> str:
    """The name before a dash, of a speaker or in capitals as theirs are; or dashes of a question that nobody else asks."""
    if sign := NAMELESS.match(text):
        return sign[0] if text[0] in "―─" else ""
    match = DASHED.match(text)
    is_name = match and (
        match["name"] in names or (is_loud and match["name"].isupper() and is_name_like(match["name"]))
    )
    return match["name"] if match and is_name else ""


def _is_title(text: str) -> bool:
    """Whether a text is all names and offices, however long: most of its words have capitals, and nothing ends in it."""
    words = [word for word in WORD.findall(text) if len(word) > SHORT_WORD]
    return LARGE_SHARE * len(words) <= sum(word[0].isupper() for word in words) and not ENDED.search(text)


def _otherwise(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Labels behind the first one that have not the document's form: "Caller: Hi" amid "Ann (0:12): Hi"."""
    first = min(labels)
    return {
        i: label.name
        for shape, others in evidence.candidates.items()
        if shape.name in OTHERS
        for i, label in others.items()
        if i > first and i not in labels and evidence.is_telling(shape, i, label)
        if i + 1 not in labels or not is_title_like(evidence.lines[i].text)  # else a heading, which is told
    }


def _untimed(labels: Mapping[int, Label], evidence: Evidence) -> dict[int, str]:
    """Names alone on their line between a gap and a line of words, where names with a time stand so."""
    timed = next((labels for shape, labels in evidence.candidates.items() if shape.name == TIMED_ALONE), {})
    if 2 * len(timed) < len(labels):
        return {}
    lines, first = evidence.lines, min(labels)
    return {
        i: line.text
        for i, line in enumerate(lines[:-1])
        if i > first and i not in labels and i + 1 not in labels and lines[i - 1].row + 1 < line.row
        if lines[i + 1].row == line.row + 1 and len(line.text) <= MAX_NAME and len(line.text.split()) <= MAX_NAME_WORDS
        if is_name_like(line.text) and not is_discourse(line.text) and not line.text.endswith(SENTENCE_END)
    }


def _inside(text: str, start: int, names: tuple[str, ...], *, is_loud: bool) -> str:
    """The name of a speaker before a colon where a turn may begin, as if a line break were lost.

    That is behind the end of a sentence, a time, a dash or chevrons; or anywhere, if speakers alone are in capitals.
    """
    for colon in COLONS.finditer(text, start):
        timed = BEHIND_NAME.search(text, max(start, colon.start() - MAX_TIME), colon.start())
        end = timed.start() if timed else colon.start()
        if text.endswith(names, start, end):
            name = max((name for name in names if text.endswith(name, start, end)), key=len)
            before = text[max(start, end - len(name) - MAX_SIGNS) : end - len(name)].rstrip(" *_")
            is_end = before.rstrip(CLOSING).endswith(SENTENCE_END) and not before.endswith((":", "：", ",", "，", ";"))
            if before and (is_end or is_loud or BEFORE_NAME.search(before)):
                return name
    return ""


def _odd(text: str) -> str:
    match = ODD.match(text)
    if not match:
        return ""
    name = match["sign"] or match["tight"]
    is_name = match["sign"] or (is_name_like(name) and not is_discourse(name) and not is_sentence_like(name))
    return name if is_name else ""
