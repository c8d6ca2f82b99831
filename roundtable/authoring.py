"""A new transcript: front matter filled in, a label for everybody, so that the first thing to do is to type words."""

from __future__ import annotations

from collections.abc import Sequence

from . import frontmatter
from .exports.markdown import labelled, printed
from .fields import CONTROL
from .locales import is_date
from .markup import escape, slug
from .model import Metadata, Person

MAX_BYTES = 180  # of a file's name
PARTS = str.maketrans("；؛", ";;")  # what parts names, as Chinese and Arabic write it


def refused(title: str, date: str | None, others: Sequence[str]) -> tuple[str, str] | None:
    """Why no transcript can begin so, and the cure; None if it can."""
    example = "roundtable new 'The Silt and the Tide' --date 2026-11-23"
    if not title:
        return "no title", example
    for said in (title, *others):
        if control := CONTROL.search(said):
            if "\ud800" <= control[0] <= "\udfff":  # stands for a byte
                return f"no UTF-8: {said!a}", "set the terminal to UTF-8, and LC_ALL to C.UTF-8, and type it again"
            return f"control character U+{ord(control[0]):04X}: {said!a}", "type it without that character"
    return (f"--date is no date: {date!r}", example) if date is not None and not is_date(date) else None


def listed(names: str) -> list[str]:
    """The names in a list that semicolons part."""
    return [" ".join(name.split()) for name in names.translate(PARTS).split(";")]


def name_of(title: str, date: str | None) -> str:
    """The name of a file for a title: its words in lower case, letters of every script kept; the date before them."""
    words = slug(title).encode()[:MAX_BYTES].decode(errors="ignore").strip("-") or "transcript"
    return f"{date}-{words}.md" if date else f"{words}.md"


def begun(title: str, speakers: Sequence[str], host: str | None, date: str | None, series: str | None) -> str:
    """The text of a new transcript, a draft until somebody takes that line out."""
    names = dict.fromkeys(([host] if host else []) + list(speakers))
    people = tuple(Person(name=name, kind="host" if name == host else None) for name in names if name)
    metadata = Metadata(title=title, date=date, series=series, type="transcript", draft=True)
    labels = (printed(labelled(person.name), None, None) for person in people)
    return "\n\n".join((f"---\n{frontmatter.dump(metadata, people)}---", f"# {escape(title)}", *labels)) + "\n"
