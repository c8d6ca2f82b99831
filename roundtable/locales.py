"""Languages and dates, as people and as machines write them: BCP 47 tags, ISO 8601 dates of any precision."""

from __future__ import annotations

import datetime
import re
from functools import lru_cache

# Scripts and languages written from right to left (CLDR).
RTL_LANGUAGES = frozenset("ar arc ckb dv fa he ks ps sd ug ur yi".split())
RTL_SCRIPTS = frozenset("adlm arab hebr mand nkoo rohg samr syrc thaa".split())


def is_language(tag: str) -> bool:
    """Whether the tag has the shape of a BCP 47 language tag."""
    return re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", tag) is not None


def direction(tag: str) -> str:
    """The direction in which a language is written, for `dir`."""
    language, *subtags = tag.casefold().split("-")
    script = next((part for part in subtags if len(part) == 4 and part.isalpha()), None)
    return "rtl" if script in RTL_SCRIPTS or (script is None and language in RTL_LANGUAGES) else "ltr"


def is_date(text: str) -> bool:
    """Whether the text is a year, month or day that exists."""
    match = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", text)
    try:
        return match is not None and bool(datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1)))
    except ValueError:
        return False


@lru_cache(maxsize=4_096)
def human_date(date: str, language: str) -> str:
    """The date as people of that language write it: "November 23, 2026", "2026年11月", "2026"."""
    from babel import Locale, UnknownLocaleError
    from babel.dates import format_date, format_skeleton

    parts = [int(part) for part in date.split("-")]
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    if len(parts) == 1:
        return date
    day = datetime.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    return str(format_date(day, "long", locale) if len(parts) > 2 else format_skeleton("yMMMM", day, locale=locale))


@lru_cache(maxsize=1_024)
def language_name(language: str) -> str:
    """A language as those call it who speak it: "English", "中文"; its tag, where nobody says."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name() or language
    except (UnknownLocaleError, ValueError):
        return language


@lru_cache(maxsize=1_024)
def territory(language: str) -> str:
    """A language with the country where most write it so, unless it names one: en_US, as Open Graph asks for."""
    from babel import Locale, UnknownLocaleError
    from babel.core import get_global

    try:
        found = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return language.replace("-", "_")
    tag = "_".join(filter(None, (found.language, found.script)))
    likely = get_global("likely_subtags").get(tag, "").split("_")
    country = found.territory or (likely[-1] if len(likely) > 1 else "")
    return f"{found.language}_{country}" if country else str(found.language)


def timestamp(date: str) -> str:
    """The beginning of that year, month or day as an RFC 3339 timestamp."""
    year, month, day = [*date.split("-"), "01", "01"][:3]
    return f"{year}-{month}-{day}T00:00:00Z"
