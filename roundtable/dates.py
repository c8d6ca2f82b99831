"""ISO 8601 dates of any precision, for people and for feeds."""

from __future__ import annotations

import datetime

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton


def human_date(date: str, language: str) -> str:
    """The date as people of that language write it: "23 November 2026", "November 2026", "2026"."""
    parts = [int(part) for part in date.split("-")]
    try:
        locale = Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        locale = Locale("en")
    if len(parts) == 1:
        return date
    day = datetime.date(parts[0], parts[1], parts[2] if len(parts) > 2 else 1)
    return str(format_date(day, "long", locale) if len(parts) > 2 else format_skeleton("yMMMM", day, locale=locale))


def timestamp(date: str) -> str:
    """The beginning of that year, month or day as an RFC 3339 timestamp."""
    parts = [*date.split("-"), "01", "01"][:3]
    return f"{'-'.join(parts)}T00:00:00Z"
