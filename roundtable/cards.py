"""What is shown where a page is shared: a picture of 1200 × 630 pixels, as Open Graph (ogp.me) has it, drawn with Pillow.

Ink on paper: series or site and date, the title, the speakers with their colours as pencil marks. The same text, font and
Pillow give the same bytes: text is set without the libraries that a machine may have or lack (`Layout.BASIC`). What that
can't set right, and what the font has no signs for, is not drawn at all.
"""

from __future__ import annotations

import importlib.util
import io
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from .config import Config
from .diagnostics import Stopped, diagnose
from .locales import human_date
from .model import Diagnostic, Summary
from .plan import voice_url
from .provenance import digest

if TYPE_CHECKING:  # Pillow is needed by who draws alone
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH, HEIGHT = 1_200, 630
EDGE = 80
PAPER, INK, INK_2, HAIRLINE, ACCENT = (251, 250, 247), (27, 31, 41), (86, 91, 101), (214, 212, 206), (174, 46, 39)
# The stylesheet's hues, as sRGB.
HUES = (
    (138, 95, 24), (88, 99, 162), (12, 123, 96), (137, 82, 132), (154, 81, 70), (92, 115, 45), (14, 115, 151), (151, 78, 102),
)  # fmt: skip
SIZES = (76, 68, 60, 52, 46, 40)  # of a title: the first in which it takes few lines enough
MOST_LINES, MOST_NAMES = 4, 8
SMALL, NAME = 28, 30
NAME_STEP, MARK = 50, 14
FILE = "card.png"


class Font(NamedTuple):
    """What text is set in."""

    path: str | None  # None: the one that Pillow brings
    digest: bytes


class Card(NamedTuple):
    """What a page says of its card."""

    url: str
    alt: str
    width: int = WIDTH
    height: int = HEIGHT


def font(root: Path, config: Config) -> Font | None:
    """The font of a site's cards; None where it has none. Stopped, if none can be drawn."""
    if not config.cards.enabled:
        return None
    if importlib.util.find_spec("PIL") is None:
        hint = "pip install 'roundtable-press[cards]'; or take 'enabled' away under [cards] in site.toml"
        raise Stopped(diagnose("RT114", "cards are enabled, and Pillow is not installed", None, hint))
    if config.cards.card_font is None:
        return Font(None, b"")
    file = root / config.cards.card_font
    try:
        found = Font(str(file.absolute()), digest(file.read_bytes()))
        _face(found, SMALL)
    except OSError as error:
        hint = "name a TrueType or OpenType file by its path from site.toml"
        raise Stopped(diagnose("RT115", f"no font in {config.cards.card_font!r}: {error}", "site.toml", hint)) from None
    return found


@lru_cache(maxsize=64)
def _face(font: Font, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    if font.path:
        return ImageFont.truetype(font.path, size, layout_engine=ImageFont.Layout.BASIC)
    face: Any = ImageFont.load_default(size)  # of another type where Pillow was made without FreeType
    return face.font_variant(layout_engine=ImageFont.Layout.BASIC)  # type: ignore[no-any-return]


# --- what is on it ---------------------------------------------------------------------------------------------------


class Words(NamedTuple):
    """The text of a card."""

    kicker: str
    title: str
    names: tuple[tuple[int, str], ...]  # with the number of their colour
    more: int  # speakers that are not named
    site: str


def of_transcript(summary: Summary, config: Config) -> Words:
    """Of a transcript."""
    date = human_date(summary.date, summary.language) if summary.date else ""
    named = [(n % len(HUES), _flat(one.name)) for n, one in enumerate(summary.speakers)]
    people = [one for one, speaker in zip(named, summary.speakers, strict=True) if voice_url(speaker.name)] or named
    shown = people if len(people) <= MOST_NAMES else people[: MOST_NAMES - 1]
    kicker = "  ·  ".join(filter(None, (_flat(summary.series or ""), date)))
    return Words(kicker, _flat(summary.title), tuple(shown), len(people) - len(shown), _flat(config.title))


def of_site(config: Config) -> Words:
    """Of the site itself, for pages that are no transcript."""
    return Words("", _flat(config.title), (), 0, _flat(config.description))


def _flat(text: str) -> str:
    return " ".join(text.split())


def card(summary: Summary | None, config: Config, font: Font | None) -> Card | None:
    """The card that a page shows, of the site where there is no transcript or its own can't be drawn."""
    if font is None:
        return None
    is_own = summary is not None and summary.kind == "transcript"
    if summary is not None and is_own and not lacking(of_transcript(summary, config), font):
        names = ", ".join(speaker.name for speaker in summary.speakers)
        return Card(f"{summary.url}{FILE}", f"{summary.title}. {names}" if names else summary.title)
    return None if lacking(of_site(config), font) else Card(f"/{FILE}", config.title)


def lacking(words: Words, font: Font) -> str:
    """The signs of a text that can't be set, each once, in order."""
    text = "".join((words.kicker, words.title, *(name for _, name in words.names), words.site))
    return "".join(sign for sign in dict.fromkeys(text) if not _has(font, sign))


@lru_cache(maxsize=20_000)
def _has(font: Font, sign: str) -> bool:
    """Whether a font has a sign of its own for it, and it can be set by itself: not so Arabic, Hebrew, or Devanagari."""
    if sign == " " or _is_shaped(sign):
        return sign == " "
    face = _face(font, SMALL)
    own, absent = face.getmask(sign), face.getmask("\uffff")
    return own.size != absent.size or bytes(own) != bytes(absent)


def _is_shaped(sign: str) -> bool:
    return unicodedata.bidirectional(sign) in ("R", "AL") or unicodedata.category(sign) in ("Mn", "Mc", "Cf")


def left_out(path: str, signs: str) -> Diagnostic:
    """What an editor is told of a card that is not drawn."""
    hint = 'name a font that has them: card_font = "fonts/Name.otf" under [cards] in site.toml'
    if any(map(_is_shaped, signs)):
        hint = "scripts whose signs join or run from right to left can't be drawn; the page shows the site's card"
    return diagnose("RT509", f"no card is drawn: the font lacks {signs[:20]!r}", path, hint)


# --- how it is drawn -------------------------------------------------------------------------------------------------


def draw(words: Words, font: Font) -> bytes:
    """The picture, as PNG."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    _line(pen, EDGE, 64, words.kicker, _face(font, SMALL), INK_2)
    bottom = _title(pen, words.title, font, 118 if words.kicker else 90)
    _names(pen, words, font, max(bottom + 34, 330))
    pen.rectangle((EDGE, 546, WIDTH - EDGE, 547), HAIRLINE)
    pen.rectangle((EDGE, 546, EDGE + 60, 548), ACCENT)
    _line(pen, EDGE, 566, words.site, _face(font, SMALL), INK_2)
    held = io.BytesIO()
    image.quantize(64, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(held, "PNG", compress_level=6)
    return held.getvalue()


def _line(pen: ImageDraw, x: int, y: int, text: str, face: FreeTypeFont, ink: tuple[int, int, int]) -> None:
    """A text on one line, cut where there is no room."""
    room = WIDTH - EDGE - x
    if face.getlength(text) > room:
        while text and face.getlength(f"{text}...") > room:
            text = text[:-1]
        text = f"{text.rstrip()}..."
    pen.text((x, y), text, ink, face)


def _title(pen: ImageDraw, title: str, font: Font, y: int) -> int:
    """A title in the largest size in which it takes few lines enough; where it ends."""
    room = WIDTH - 2 * EDGE
    size, lines = SIZES[-1], [title]
    for size in SIZES:
        lines = _wrapped(title, _face(font, size), room)
        if len(lines) <= (2 if size == SIZES[0] else 3 if size > SIZES[-1] else MOST_LINES):
            break
    cut = [*lines[: MOST_LINES - 1], " ".join(lines[MOST_LINES - 1 :])] if len(lines) > MOST_LINES else lines
    for line in cut:
        _line(pen, EDGE, y, line, _face(font, size), INK)
        y += size * 6 // 5
    return y


def _wrapped(text: str, face: FreeTypeFont, room: int) -> list[str]:
    """A text in lines, broken between words, between ideographs, and within what is longer than a line."""
    lines, line = [], ""
    for piece in _pieces(text):
        if face.getlength((line + piece).rstrip()) <= room:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = piece.lstrip()
        while face.getlength(line) > room:
            fits = max(n for n in range(1, len(line) + 1) if n == 1 or face.getlength(line[:n]) <= room)
            lines.append(line[:fits])
            line = line[fits:]
    return [*lines, line.rstrip()] if line.strip() else lines or [""]


def _pieces(text: str) -> list[str]:
    """A text cut where a line may end."""
    found = [""]
    for sign in text[:500]:
        is_ideograph = unicodedata.east_asian_width(sign) in ("W", "F") and unicodedata.category(sign)[0] == "L"
        if is_ideograph or (found[-1].endswith(" ") and sign != " "):
            found.append(sign)
        else:
            found[-1] += sign
    return found


def _names(pen: ImageDraw, words: Words, font: Font, y: int) -> None:
    """Speakers side by side, each behind a mark in their colour; "and 5 more" stands for those that find no room."""
    face, x, last = _face(font, NAME), EDGE, 490
    left = len(words.names) + words.more
    for n, (hue, name) in enumerate(words.names):
        wide = MARK + 12 + int(face.getlength(name))
        more = f"and {left - 1} more" if left > 1 else ""
        is_last_row = y + 2 * NAME_STEP > last + NAME_STEP
        room = WIDTH - EDGE - (int(face.getlength(more)) + 40 if is_last_row and more else 0)
        if x + wide > room and n:
            if is_last_row:
                break
            x, y = EDGE, y + NAME_STEP
        pen.rectangle((x, y + 4, x + 5, y + 32), HUES[hue])
        _line(pen, x + MARK + 4, y, name, face, INK)
        x += wide + 40
        left -= 1
    if left:
        _line(pen, x, y, f"and {left} more", face, INK_2)
