"""Slack exports: a zip archive with `users.json`, `channels.json` and a folder a channel that holds one JSON file a day.

After Slack's help pages ("How to read Slack data exports") and the reference of message events. What is taken out is a text
of our own, one block a message, words indented so that nobody can write a block's head:

    # harbour
    U02AB3C4D Ana Duarte:
        Words, as Markdown.
    -:
        Tomas Lind has joined the channel
    ~ preview of a link:
        What the linked page says of itself

`lines` holds the running number of the message.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, NamedTuple

from ..diagnostics import diagnose
from ..markup import slug
from ..model import Diagnostic, Heading, Metadata, Person, Piece, Reading, Skipped, Source, Utterance
from ..patterns import lazy
from . import derived
from .dialect import Run, inline
from .lines import Places
from .located import FOREIGN, distinct
from .packed import Archive

DAY = lazy(r"(?P<folder>.+)/\d{4}-\d\d-\d\d\.json")
LISTS = ("channels.json", "groups.json", "mpims.json", "dms.json")  # of channels, in the order of sections
# What Slack itself writes: narration.
EVENT = lazy(
    r"(?:channel|group)_\w+|pinned_item|unpinned_item|bot_add|bot_remove|bot_enable|bot_disable|reminder_add|tombstone|"
    r"sh_room_\w+|huddle_thread|app_conversation_join|joiner_notification\w*"
)
MARK = lazy(
    r"`(?P<code>[^`\n]+)`|<(?P<link>[^<>\n]*)>"
    r"|(?<![\w*])\*(?P<bold>[^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])|(?<![\w_])_(?P<italic>[^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"
)
HEAD = lazy(r"(?:# (?P<title>.*)|~ (?P<reason>.*):|(?P<id>\S+)(?: (?P<name>.*))?:)")
INDENT = "    "
PREVIEW = "preview of a link"
OTHER = "no message, but an event in a channel"
IN_EVENT = "message that stands in an event"
# A message once more, as events tell it: under the event's subtype and the field in which it stands.
AGAIN = {
    ("message_changed", "message"): "message as it was edited",
    ("message_changed", "previous_message"): "message before it was edited",
    ("message_deleted", "previous_message"): "message that was deleted",
    ("message_replied", "message"): "message that has answers, once more",
}
TIME = lazy(r"\d{1,11}(?:\.\d{1,10})?", re.ASCII)  # seconds since 1970
MAX_DEPTH = 20  # of the elements of a message


class Message(NamedTuple):
    """One message."""

    time: float | None  # None where the export has none
    markdown: str
    who: str = ""  # id of a user; "" for what Slack itself writes
    name: str = ""
    skipped: tuple[tuple[str, str], ...] = ()  # what stands beside its words: why, and what


def holds(archive: Archive) -> str:
    """Why an archive is a Slack export."""
    has_days = any(DAY.fullmatch(name) for name in archive.members)
    return "an archive with users.json and a file a day in folders" if has_days and "users.json" in archive else ""


def extract(source: Source, archive: Archive) -> tuple[Source, tuple[Diagnostic, ...]]:
    """The messages of all channels, and what can't be read."""
    found: list[Diagnostic] = []
    names = dict(_names(_json(source, archive, "users.json", found)))
    channels = _channels(source, archive, found)
    sheet = derived.Sheet()
    number = 0
    told: list[str] = []
    for channel, files in channels:
        every = [one for name in files for one in _list(_json(source, archive, name, found))]
        messages = _ordered(source, channel, [one for each in every if (one := _message(each, names))], found)
        told += [words for one in every for words in _texts(one)]
        sheet.write(f"# {' '.join(channel.split())}\n", number + 1)
        for message in messages:
            number += 1
            _write(sheet, message, number)
    taken = sheet.source(source, "slack")
    return taken, (*found, *derived.proof(taken, " ".join(told), Metadata()))


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of what was taken out."""
    places = Places(source)
    pieces: list[Piece] = []
    people: dict[str, Person] = {}
    taken: dict[str, int] = {}
    channels = len(re.findall(r"^# ", source.text, re.MULTILINE))
    for start, end, head in _blocks(source.text):
        span = places.span(start, end)
        words = "\n".join(line.removeprefix(INDENT) for line in source.text[head.end() : end].split("\n")).strip()
        if head["title"] is not None:
            pieces.append(Heading(head["title"], 2, span))
        elif head["reason"] is not None:
            pieces.append(Skipped(words, head["reason"], span))
        elif head["id"] == "-":
            pieces.append(Utterance(None, words, span, min(head.end(), span.end)))
        else:
            if head["id"] not in people:
                people[head["id"]] = _person(head["name"] or head["id"], taken)
            person = people[head["id"]]
            pieces.append(Utterance(person.name, words, span, min(head.end(), span.end), who=person.id))
    described = f"Slack messages in {channels} channels"
    return Reading(source, "transcript", sidecar or Metadata(), tuple(pieces), described, people=tuple(people.values()))


def _person(name: str, taken: dict[str, int]) -> Person:
    """A user under an id that is made from the name, which reads better in addresses than Slack's; each has one."""
    stem = id = slug(name) or "speaker"
    number = taken.get(stem, 0)
    while id in taken:
        number += 1
        id = f"{stem}-{number}"
    taken[stem] = max(number, 1)
    taken.setdefault(id, 1)
    return Person(name=name, id=id)


def plain(stretch: str) -> str:
    """The words in a stretch: without the ids and signs of the blocks' heads."""
    return re.compile(r"^(?:# |~ [^\n]*:$|-:$|\S+(?= |:$))", re.MULTILINE).sub("", stretch)


def _blocks(text: str) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Where each block begins and ends, and its head."""
    heads = list(re.finditer(r"^[^ \n][^\n]*$", text, re.MULTILINE))
    for i, line in enumerate(heads):
        end = heads[i + 1].start() if i + 1 < len(heads) else len(text)
        if head := HEAD.fullmatch(text, line.start(), line.end()):
            yield line.start(), end, head


def _ordered(source: Source, channel: str, messages: list[Message], found: list[Diagnostic]) -> list[Message]:
    """The messages in the order of time; one without a time stays behind the one before it in the file."""
    timed: list[Message] = []
    for one in messages:
        before = timed[-1].time if timed else 0.0
        timed.append(one if one.time is not None else one._replace(time=before))
    if untimed := sum(one.time is None for one in messages):
        message = f"messages without a time in {channel!r}, {untimed} in all: each stands behind the one before it"
        found.append(diagnose("RT234", message, (source.path, 1, 1), "look whether they stand in the right place"))
    return sorted(timed, key=lambda one: one.time or 0.0)


def _write(sheet: derived.Sheet, message: Message, number: int) -> None:
    head = f"{message.who} {message.name}" if message.who else "-"
    blocks = [(head, message.markdown)] if message.markdown else []
    blocks += [(f"~ {reason}", words) for reason, words in message.skipped]
    for title, words in blocks:
        lines = [f"{INDENT}{line}" if line.strip() else "" for line in words.split("\n")]
        for line in (f"{title}:", *lines):
            sheet.write(f"{line}\n", number)


# --- the archive -----------------------------------------------------------------------------------------------------


def _json(source: Source, archive: Archive, name: str, found: list[Diagnostic]) -> Any:
    """What a member spells in JSON; None if it spells nothing."""
    if name not in archive:
        return None
    try:
        return json.loads(archive.read(name), object_pairs_hook=distinct)
    except (ValueError, RecursionError) as error:
        hint = "export the workspace again, or take the file out of the archive"
        found.append(diagnose("RT233", f"{name!r} in the archive can't be read: {error}", (source.path, 1, 1), hint))
        return None


def _list(data: Any) -> list[dict[str, Any]]:
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []


def _text(data: Any, *keys: str) -> str:
    """What stands under the first of the keys that holds words."""
    for key in keys:
        value = data.get(key) if isinstance(data, dict) else None
        if isinstance(value, str) and (text := FOREIGN.sub("", value)).strip():
            return text
    return ""


def _names(users: Any) -> Iterator[tuple[str, str]]:
    """The name of each user, by id."""
    for user in _list(users):
        profile = user.get("profile")
        name = _text(profile, "real_name") or _text(user, "real_name") or _text(profile, "display_name")
        yield _text(user, "id"), name or _text(user, "name")


def _channels(source: Source, archive: Archive, found: list[Diagnostic]) -> list[tuple[str, list[str]]]:
    """The channels that hold messages, in the order in which they are listed, each with its files by day."""
    files: dict[str, list[str]] = {}
    for name in sorted(archive.members):
        if match := DAY.fullmatch(name):
            files.setdefault(match["folder"], []).append(name)
    listed = [one for name in LISTS for one in _list(_json(source, archive, name, found))]
    order = [folder for one in listed for folder in (_text(one, "name"), _text(one, "id")) if folder in files]
    return [(folder, files[folder]) for folder in dict.fromkeys((*order, *files))]


# --- a message -------------------------------------------------------------------------------------------------------


def _message(data: dict[str, Any], names: dict[str, str]) -> Message | None:
    """A message, if it is one that says something; what an event says of one is skipped."""
    time, subtype, markdown = _time(data.get("ts")), _text(data, "subtype"), _words(data, names)
    skipped = tuple(_again(data, subtype))
    if data.get("type", "message") != "message":
        skipped, markdown = ((OTHER, _text(data, "text")), *skipped), ""
    elif _text(data, "text") and (previews := " ".join(_attached(data))):
        skipped = ((PREVIEW, previews), *skipped)
    skipped = tuple((reason, words) for reason, words in skipped if words)
    if not markdown or EVENT.fullmatch(subtype):
        return Message(time, markdown, skipped=skipped) if markdown or skipped else None
    who = _text(data, "user") or _text(data, "bot_id") or _text(data, "username") or "unknown"
    known = names.get(who) or _text(data.get("user_profile"), "real_name", "display_name", "name")
    name = known or _text(data, "username") or _text(data.get("bot_profile"), "name") or who
    id = "-".join(who.split())
    return Message(time, markdown, "_" if id in ("-", "#", "~") else id, " ".join(name.split()), skipped)


def _time(value: Any) -> float | None:
    return float(value) if isinstance(value, str | int | float) and TIME.fullmatch(str(value)) else None


def _again(data: dict[str, Any], subtype: str) -> Iterator[tuple[str, str]]:
    """Messages that stand in an event."""
    for field in ("message", "previous_message"):
        yield AGAIN.get((subtype, field), IN_EVENT), _shown(_text(data.get(field), "text"))


def _words(data: dict[str, Any], names: dict[str, str]) -> str:
    """What a message says, as Markdown: its text, else what it holds in blocks or attachments; its files by name."""
    said = _text(data, "text") or "\n".join(_within(data.get("blocks"))) or "\n".join(_attached(data))
    files = [_text(one, "title", "name") for one in _list(data.get("files"))]
    paragraphs = [inline(list(_runs(line, names))) for line in said.split("\n")]
    return "\n\n".join(filter(None, (*paragraphs, *(inline([Run(f"[{name}]")]) for name in files if name))))


def _runs(text: str, names: dict[str, str]) -> Iterator[Run]:
    """Slack's own markup as runs: bold, italics, links, mentions. Code keeps its signs."""
    at = 0
    for match in MARK.finditer(text):
        yield Run(_shown(text[at : match.start()]))
        at = match.end()
        if match["link"] is not None:
            yield _link(match["link"], names)
        elif match["bold"] or match["italic"]:
            inner = "".join(run.text for run in _runs(match["bold"] or match["italic"], names))
            yield Run(inner, bold=bool(match["bold"]), italic=bool(match["italic"]))
        else:
            yield Run(_shown(match[0]))
    yield Run(_shown(text[at:]))


def _link(target: str, names: dict[str, str]) -> Run:
    """What stands between angle brackets: somebody, a channel, everybody, an address."""
    address, _, label = map(_shown, target.partition("|"))
    if address.startswith("@"):
        return Run(f"@{names.get(address[1:]) or label or address[1:]}")
    if address.startswith("#"):
        return Run(f"#{label or address[1:]}")
    if address.startswith("!"):
        return Run(label or f"@{address[1:].partition('^')[0]}")
    return Run(label or address, href=address)


def _shown(text: str) -> str:
    """Slack writes three entities."""
    return re.sub(r"&(?:amp|lt|gt);", lambda match: unescape(match[0]), text)


def _within(data: Any, depth: int = 0) -> Iterator[str]:
    """The words in a message's blocks."""
    if depth > MAX_DEPTH:
        return
    if isinstance(data, list):
        for one in data:
            yield from _within(one, depth + 1)
    elif isinstance(data, dict):
        if text := _text(data, "text"):
            yield text
        for key in ("text", "elements", "fields", "title"):
            if not isinstance(data.get(key), str):
                yield from _within(data.get(key), depth + 1)


def _attached(data: dict[str, Any]) -> Iterator[str]:
    """The words of a message's attachments."""
    for one in _list(data.get("attachments")):
        parts = [_text(one, key) for key in ("pretext", "author_name", "title", "text")]
        said = " ".join(_shown(part) for part in parts if part)
        yield said or _shown(_text(one, "fallback"))


def _texts(data: dict[str, Any]) -> Iterable[str]:
    """The words of a message as it stands in the file, for the proof: without what Slack writes between angle brackets."""
    for one in (data, data.get("message"), data.get("previous_message")):
        text = one.get("text") if isinstance(one, dict) else None
        if isinstance(text, str):
            yield _shown(re.sub(r"<[@#!][^<>]*>|<[^<>|]*\|", " ", text))
