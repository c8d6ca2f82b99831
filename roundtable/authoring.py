"""A new transcript: front matter filled in, a label for everybody, so that the first thing to do is to type words."""

from __future__ import annotations

from collections.abc import Sequence

from . import frontmatter
from .exports.markdown import labelled, printed
from .markup import escape, slug
from .model import Metadata, Person

MAX_BYTES = 180  # of a file's name


def name_of(title: str, date: str | None) -> str:
    """The name of a file for a title: its words in lower case, letters of every script kept; the date before them."""
    words = slug(title).encode()[:MAX_BYTES].decode(errors="ignore").strip("-") or "transcript"
    return f"{date}-{words}.md" if date else f"{words}.md"


def begun(title: str, speakers: Sequence[str], host: str | None, date: str | None, series: str | None) -> str:
    """The text of a new transcript, a draft until somebody takes that line out."""
    names = dict.fromkeys(" ".join(name.split()) for name in ([host] if host else []) + list(speakers))
    people = tuple(Person(name=name, kind="host" if name == host else None) for name in names if name)
    metadata = Metadata(title=title, date=date, series=series, type="transcript", draft=True)
    labels = (printed(labelled(person.name), None, None) for person in people)
    return "\n\n".join((f"---\n{frontmatter.dump(metadata, people)}---", f"# {escape(title)}", *labels)) + "\n"
