"""Marks: what a transcriber wrote between a speaker's words that nobody said: times, laughter, applause, what can't be heard.

They stand in brackets ("[laughter]"), known ones in parentheses too ("(Applause.)", "(inaudible 00:12)"), and a clock time may
open a paragraph. A mark stays where it stands on the page, and is typed; square brackets are the transcriber's own sign, so
what stands in them is no word of the speaker, while parentheses may hold the speaker's words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache

from .model import Mark, MarkKind

CLOCK = re.compile(r"(?:\d{1,3}:){1,3}(?:\d\d(?:[.,]\d{1,3})?|\d\.\d{3})")
# A time of day, and the day before it, as chats print them.
DAY = r"(?:\d{4}[-./]\d{1,2}[-./]\d{1,2}|\d{1,2}[-./]\d{1,2}[-./]\d{2}(?:\d\d)?)(?:,\s?|T|\s)"
ZONE = r"\s?(?:[AaPp]\.?[Mm]\b\.?|(?:UTC|GMT|CES?T|BST|[ECMP][SD]T)\b|[+-]\d{4}\b)|\+\d\d:\d\d\b|Z"
MOMENT = rf"(?:{DAY})?{CLOCK.pattern}(?:{ZONE})?+"  # what is a zone is no name
INLINE, WHOLE = 60, 400  # characters of a mark among words, and of one that is a paragraph
# A bracket and what it holds; a clock time at the head of a paragraph. Backslashes are Markdown's.
OPENING = "[(（"
CANDIDATE = re.compile(
    rf"\\?\[[^\[\]]{{1,{WHOLE}}}\](?![(\[:])"
    rf"|[(（][^()（）\[\]]{{1,{WHOLE}}}[)）]:?"
    r"|^\d{1,3}:\d\d:\d\d(?:[.,]\d{1,3})?(?=\s)"
)
# A link's definition, as Python-Markdown knows it, and the key of a link behind its text.
DEFINITION = re.compile(
    r"^ {0,3}\[(?!\^)(?P<key>[^\[\]\n]+)\]: *+(?:\n *+)?\S++ *+(?:\n *+)?(?:\"[^\n]*\" *+|'[^\n]*' *+|\([^\n]*\) *+)?$",
    re.MULTILINE,
)
SPACES = re.compile(r"\s+")
BEHIND = re.compile(r"\s?\[([^\]]*)\]")
LETTER = re.compile(r"[^\W\d_]")
TIMED = re.compile(r"\n\n\d")
STAMP = re.compile(rf"\\?[\[(（]?({CLOCK.pattern})\\?[\])）]?:?")

WORDS: dict[MarkKind, str] = {
    "inaudible": "inaudi|unintelligi|ininteligi|ininintelligi|indistinct|unclear|audio gap|perciben|percibe|unverständlich|inaudível"
        "|聽不清|听不清|無法辨識|无法辨识|聞き取れ|안 들림|неразборчив|غير مسموع",
    "crosstalk": "cross-?talk|overlap|simultaneous|talking over|interpos|interject|interrup|murmur|\\brumores\\b|\\bprotests?\\b|\\bprotestas?\\b|chevauch|zwischenruf|zuruf",
    "laughter": "laugh|chuckl|giggl|risas|risos|risa|rires|lachen|lacht|gelächter|heiterkeit|笑|웃음|смех|ضحك",
    "applause": "applau|\\bclap(?:s|ping)?\\b|\\bcheer(?:s|ing)?\\b|aplaus|ovaci|beifall|掌聲|掌声|拍手|박수|аплодисменты|تصفيق",
    "music": "\\bmusic\\b|jingle|música|musik\\b|musique|\\bsong\\b|singing|♪|♫|音樂|音乐|音楽|음악|музыка|موسيقى",
    "pause": "\\bpaus[ae]s?\\b|\\bpausing\\b|silence|silencio|stille|recess|\\bbreak\\b|gavel|\\bcough(?:s|ing)?\\b|\\bsigh(?:s|ing)?\\b|\\bbeat\\b|停頓|停顿|沉默|침묵|пауза",
}  # fmt: skip
KINDS = {kind: re.compile(words, re.IGNORECASE) for kind, words in WORDS.items()}
# A sentence in parentheses is a direction ("(The witness was sworn.)"), if it doesn't read like the speaker's own aside.
OWN = re.compile(
    r"\b(?:I|you|we|my|your|our|me|us|yo|usted|nosotros|je|vous|nous|ich|wir|sie|eu|você|nós|io|noi)\b|[我你您]"
)
DIRECTION = re.compile(r"[^\W\d_a-zß-öø-ÿ][^.!?]*[.!。]")


def may_hold(text: str) -> bool:
    """Whether a text has a sign without which there is no mark: most have none."""
    return (
        "[" in text
        or "(" in text
        or "（" in text
        or text[:1].isdigit()
        or ("\n" in text and TIMED.search(text) is not None)
    )


def find(markdown: str) -> tuple[Mark, ...]:
    """The marks of a turn's Markdown, in order."""
    if not may_hold(markdown):
        return ()
    keys: Collection[str] = ()
    if "]:" in markdown:
        keys = {one["key"].strip().lower() for one in DEFINITION.finditer(markdown)}
        markdown = DEFINITION.sub("", markdown) if keys else markdown
    paragraphs = markdown.split("\n\n") if "\n" in markdown else (markdown,)
    return tuple(mark for one in paragraphs if may_hold(one) for _, _, mark in _in(one, keys))


def _in(paragraph: str, keys: Collection[str] = ()) -> Iterator[tuple[int, int, Mark]]:
    """The marks of a paragraph, each with the place where it begins and the one behind it; `keys` are those of its links."""
    at = 0  # what CANDIDATE finds, looked for only where it may be
    for start in _places(paragraph):
        if start >= at and (match := CANDIDATE.match(paragraph, start)):
            at = match.end()
            if not (keys and _is_link(match, keys)) and (mark := _mark(match, paragraph)):
                yield start, at, mark


def _is_link(match: re.Match[str], keys: Collection[str]) -> bool:
    """Whether a candidate is a link by its key, `[key]`, or the text of one that stands before its key, `[text] [key]`."""
    behind = BEHIND.match(match.string, match.end())
    return match[0][0] == "[" and (_key(match[0][1:-1]) in keys or (behind is not None and _key(behind[1]) in keys))


def _key(text: str) -> str:
    return SPACES.sub(" ", text).lower()


def _places(paragraph: str) -> list[int]:
    """Where brackets open, and the head of a paragraph that may be a time; in order.

    Looking for one sign after the other is many times faster than for one of them.
    """
    found = [0] if paragraph[:1].isdigit() else []
    for sign in OPENING:
        at = paragraph.find(sign)
        while at >= 0:
            found.append(at - (sign == "[" and paragraph[at - 1 : at] == "\\"))
            at = paragraph.find(sign, at + 1)
    found.sort()
    return found


def wrapped(text: str, wrap: Callable[[MarkKind, str], str]) -> str:
    """A paragraph's text with each mark as `wrap` writes it, given its kind and what is printed."""
    parts, at = [], 0
    for start, end, mark in _in(text) if may_hold(text) else ():
        parts += [text[at:start], wrap(mark.kind, text[start:end])]
        at = end
    return "".join((*parts, text[at:])) if parts else text


def _mark(match: re.Match[str], paragraph: str) -> Mark | None:
    """The mark that a candidate is; None where it is words."""
    start, end = match.span()
    is_whole = end - start >= len(paragraph.strip()) - 1
    return _typed(match[0], is_whole, start > 0 and paragraph[start - 1].isalnum())


@lru_cache(maxsize=4_096)
def _typed(candidate: str, is_whole: bool, is_behind_word: bool) -> Mark | None:
    """The mark that a candidate is, which may be all of its paragraph; None where it is words."""
    printed = candidate.replace("\\", "")
    if clock := STAMP.fullmatch(candidate):  # the commonest: there is nothing else in it
        return Mark("time", printed, seconds(clock[1]))
    is_square, inside = printed[0] == "[", candidate.strip("\\:")[1:-1]
    if inside[:1] in ("*", "_"):  # "[*laughter*]"
        printed, inside = printed.replace(inside, inside.strip("*_")), inside.strip("*_")
    said = inside.strip("\\ ")
    if (clock := CLOCK.search(said)) and not LETTER.search(said.replace(clock[0], "")):
        return Mark("time", printed, seconds(clock[0]))
    if not said or (len(said) > INLINE and not is_whole):
        return None
    if is_square:
        is_code = (
            is_behind_word or said[0] in "^!" or (len(said) < 2 and said.isascii() and said.isalnum()) or said.isdigit()
        )  # a[0], [^1], [x], [12]
        return None if is_code else Mark(_kind(said) or ("direction" if is_whole else "editorial"), printed)
    words, is_sentence = len(said.split()), DIRECTION.fullmatch(said)
    if (is_whole or words <= 3 or is_sentence) and (kind := _kind(said)):
        return Mark(kind, printed)
    is_direction = is_sentence and not OWN.search(said) and words > 1
    return Mark("direction", printed) if is_direction else None


def _kind(said: str) -> MarkKind | None:
    return next((kind for kind, pattern in KINDS.items() if pattern.search(said)), None)


def seconds(stamp: str) -> float:
    """The seconds of a clock time such as 1:02 or 00:01:02.5; days come first where there are four parts."""
    total = 0.0
    for part, scale in zip(reversed(stamp.replace(",", ".").split(":")), (1, 60, 3600, 86400), strict=False):
        total += float(part) * scale
    return round(total, 3)
