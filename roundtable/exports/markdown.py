"""Speaker-tagged Markdown, the canonical form: what `readers.markdown` reads back to the same transcript."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

import msgspec

from .. import frontmatter
from ..bodies import Shown
from ..links import is_local
from ..markup import escape
from ..model import Person, Section, Skipped, Speaker, Transcript, Turn
from ..readers.beginnings import NARRATION, NOTE_REASON
from ..readers.encodings import PARTS

# Words that begin so start a block of their own: they stand below the label, not beside it.
FENCE = re.compile(r"^[`~]", re.MULTILINE)
OWN_BLOCK = re.compile(r"[ \t]|[-*+>|#`~<\[]|\d+\.")


def publish(transcript: Transcript, _: Mapping[str, Shown] | None = None) -> str:
    """The transcript for readers: without an editor's comments, former addresses, and paths that lead nowhere from here."""
    own = transcript.metadata
    audio, video = (one if one and not is_local(one.file) else None for one in (own.audio, own.video))
    own = msgspec.structs.replace(
        own, aliases=(), translation_of=None, downloads=(), ignore=(), audio=audio, video=video
    )
    return write(msgspec.structs.replace(transcript, skipped=(), metadata=own))


def write(transcript: Transcript) -> str:
    """The transcript as Markdown, with all that a reader needs to read it back to the same."""
    people = tuple(_person(speaker) for speaker in transcript.speakers)
    head = f"---\n{frontmatter.dump(transcript.metadata, people)}---"
    named = _Names(transcript)
    sections = (block for section in transcript.sections for block in _section(section, named))
    title = f"# {_heading(transcript.title)}"
    return "\n\n".join([head, title, *sections, *map(_skipped, transcript.skipped)]) + "\n"


def _person(speaker: Speaker) -> Person:
    return Person(
        name=speaker.name, id=speaker.id, role=speaker.role, affiliation=speaker.affiliation,
        description=speaker.description, kind=speaker.kind, aliases=speaker.aliases,
    )  # fmt: skip


class _Names:
    """Under which label a turn is read back as its speaker's."""

    def __init__(self, transcript: Transcript) -> None:
        self.names = {one.id: one.name for one in transcript.speakers}
        self.whose = {alias.casefold(): one.id for one in transcript.speakers for alias in one.aliases}
        self.whose |= {one.name.casefold(): one.id for one in transcript.speakers}
        self.written: dict[tuple[str | None, str | None], str] = {}  # labels are few, and turns are many

    def label(self, turn: Turn) -> str:
        """The label as printed; the speaker's name, where somebody else is called like the label; escaped."""
        told = turn.label, turn.speaker
        if told not in self.written:
            self.written[told] = labelled(None if turn.label is None else self._label(turn.label, turn.speaker))
        return self.written[told]

    def _label(self, label: str | None, speaker: str | None) -> str:
        if speaker is None or label is None:
            return label or ""
        return label if self.whose.get(label.casefold(), speaker) == speaker else self.names[speaker]


def _section(section: Section, named: _Names) -> list[str]:
    heading = [] if section.title is None else [f"{'#' * section.level} {_heading(section.title)}".rstrip()]
    turns = [_turn(turn, named.label(turn)) for turn in section.turns]
    first = section.turns[0] if section.turns else None
    if first and first.label is None and first.start is None:  # what stands before any label is nobody's
        turns[0] = first.markdown
    return [*heading, *turns]


def _heading(title: str) -> str:
    """A title whose own signs at the end are no closing signs of the heading."""
    return re.sub(r"#(?=#*$)", r"\\#", escape(title))


def _turn(turn: Turn, label: str) -> str:
    return f"{printed(label, turn.start, turn.end)}{gap(turn.markdown)}{turn.markdown}"


def labelled(name: str | None) -> str:
    """A name as it stands in a label, escaped; nobody's, for narration."""
    return NARRATION if name is None else escape(name).replace(":", "\\:")


def printed(label: str, start: float | None, end: float | None) -> str:
    """A label as it is written, with its times."""
    time = ""
    if start is not None:
        time = f"[{_time(start)}{'' if end is None else '–' + _time(end)}] "
    return f"**{time}{label}:**"


def gap(markdown: str) -> str:
    """What parts a label from words: most begin with a letter, which starts no block."""
    if not markdown:
        return ""
    return " " if markdown[0].isalpha() or not OWN_BLOCK.match(markdown) else "\n\n"


def _time(seconds: float) -> str:
    """Seconds as `[h:]mm:ss[.mmm]`."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    clock = (
        f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
        if whole >= 3600
        else f"{whole // 60:02}:{whole % 60:02}"
    )
    return f"{clock}.{thousandths:03}" if thousandths else clock


def _skipped(skipped: Skipped) -> str:
    """A comment that ends where it should, and in which no code block begins."""
    if skipped.reason == NOTE_REASON:
        return f"<!-- {' '.join(skipped.text.split())} -->"
    lines = PARTS.sub("\n", skipped.text)  # signs that would part lines there, too
    text = FENCE.sub(lambda m: f"&#{ord(m[0])};", html.escape(lines, quote=False))
    reason = html.escape(" ".join(skipped.reason.split()), quote=False)
    return f"<!-- skipped: {reason}\n{text}\n-->"
