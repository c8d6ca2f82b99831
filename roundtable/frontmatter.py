"""Front matter and sidecars: YAML, untrusted, to Metadata.

Scalars stay text (`12:30` is no 750, `no` is a country as well): only the noun's fields decide what is a number or a
boolean. The event stream is walked before anything is composed: aliases (which can blow up), deep nesting (which crashes
the C parser) and files past any sensible size are refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from . import aliases
from .diagnostics import diagnose, line_at, span_at
from .fields import KeyPath, Place, decode
from .locales import is_date, is_language
from .model import Diagnostic, Metadata, Person, Source, SourceSpan
from .patterns import lazy

MAX_CHARACTERS = 256 * 1024
MAX_DEPTH = 50
NOTHING, NOWHERE = Metadata(), Place("", 1, 1, "")

# Text that YAML takes as it stands: it begins with a letter or digit, and no sign in it means anything in YAML.
WORDS = r"[^\W_](?:[^\x00-\x20:#\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]++|:(?=\S)|\#|[ ]++(?=[^\s#]))*+"
# Text that is written as it stands: it begins with a letter, and is no word that means something in YAML.
SURE = lazy(r"[^\W\d_\U00010000-\U0010ffff](?:[^\W\U00010000-\U0010ffff]|[,.'()/&’–-]|[ ](?=[^\s#]))*+")
MEANT = frozenset("yes no on off true false null y n".split())
DAY = lazy(r"\d{4}-\d\d-\d\d", re.ASCII)
SHORT = 1_000  # characters: longer text is broken into lines
PLAIN = lazy(rf"(?:[a-z]++:[ ]++{WORDS}(?:\n|\Z))++")

FENCE = lazy(r"---[ \t]*\n(?:(?P<yaml>.*?)\n)??(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)

# What is meant to be front matter, and is none: a line of dashes, then keys; one key alone may be somebody's label, unless '---'
# stands above it and dashes below.
DASHES = r"[ \t]*(?:-{2,}|[–—]+)[ \t]*"
MEANT_SO = lazy(
    rf"(?P<above>(?:[ \t]*\n)*+)(?P<fence>{DASHES})\n(?:[ \t]*\#[^\n]*\n)*+(?:[a-z][\w-]*:[ \t][^\n]*\n){{0,9}}?"
    rf"(?:{'|'.join(Metadata.__struct_fields__)}):(?:[ \t\n]|\Z)"
)
KEY = lazy(rf"^(?:{'|'.join(Metadata.__struct_fields__)}):(?=[ \t\n]|\Z)", re.MULTILINE)
CLOSES = lazy(rf"(?:(?![ \t]*\n)[^\n]*+\n)*?(?P<fence>{DASHES})(?:\n|\Z)")


def split(source: Source) -> tuple[str, int]:
    """The YAML at the head of a source ("" if none), and the offset at which the body begins."""
    match = FENCE.match(source.text)
    return ((match["yaml"] or ""), match.end()) if match else ("", 0)


def of(source: Source, sidecar: Metadata | None) -> tuple[Metadata, tuple[Diagnostic, ...], int]:
    """The metadata of a source, what is wrong with it, and where the body begins. Front matter counts before a sidecar."""
    text, body = split(source)
    if not body:
        return sidecar or Metadata(), _unfenced(source), 0
    metadata, found = parse(text, source.path, first_line=2)
    if (
        found
        and (closing := CLOSES.match(source.text, source.text.index("\n") + 1))
        and closing["fence"].rstrip() != "---"
    ):
        found = (_misfenced(source, closing),)  # what was read to the next rule is no YAML
    if sidecar:
        metadata = msgspec.structs.replace(sidecar, **_said(metadata))
    return metadata, found, body


def _unfenced(source: Source) -> tuple[Diagnostic, ...]:
    """What is wrong with the fences of front matter, where text begins as if it were some: its keys would be words."""
    if not (match := MEANT_SO.match(source.text)):
        return ()
    begins = match.end("fence") + 1
    closing = CLOSES.match(source.text, begins)
    keys = KEY.findall(source.text[begins:].split("\n\n", 1)[0])
    if len(keys) < 2 and not (closing and match["fence"].strip() == "---"):
        return ()
    if match["above"]:
        return (_misfenced(source, match, "front matter begins in the first line", "take out what is above it"),)
    if match["fence"].rstrip() != "---":
        return (_misfenced(source, match, f"front matter begins with '---', not with {match['fence']!r}"),)
    if closing:
        return (_misfenced(source, closing),)
    return (_misfenced(source, match, "front matter without an end", "put a line '---' below its last key"),)


def _misfenced(source: Source, fence: re.Match[str], message: str = "", cure: str = "write '---'") -> Diagnostic:
    """What is wrong with a fence; without a message, that it is no end."""
    message = message or f"front matter ends with '---', not with {fence['fence']!r}"
    span = span_at(source, *fence.span("fence"))
    hint = f"{cure}; if it is none, put front matter of its own before it"
    return diagnose("RT102", message, span, hint, line_at(source.text, span.start))


def _said(metadata: Metadata) -> dict[str, Any]:
    """What of it is no default, by field."""
    return {name: value for name, value in msgspec.structs.asdict(metadata).items() if value != getattr(NOTHING, name)}


def parse(text: str, path: str, first_line: int = 1) -> tuple[Metadata, tuple[Diagnostic, ...]]:
    """The metadata that YAML text spells, and all that is wrong with it. `first_line` is the text's line in the file."""
    if (metadata := _plainly(text)) is not None:
        return metadata, ()
    return _parsed(text, path, first_line)


def _plainly(text: str) -> Metadata | None:
    """The metadata of text in which a line is a key and its value, and nothing is wrong; None where it takes YAML to know.

    Nearly all front matter is so. What is wrong has a place: that is `_parsed`'s business.
    """
    if len(text) > MAX_CHARACTERS or not PLAIN.fullmatch(text):
        return None
    pairs = [line.split(": ", 1) for line in text.removesuffix("\n").split("\n")]
    data = {name: value.lstrip(" ") for name, value in pairs}
    if len(data) < len(pairs):
        return None
    metadata, wrong = decode(Metadata, _spelled_out(data), lambda _: NOWHERE)
    return None if wrong or _rules(metadata, {}, "", 1) else metadata


def _parsed(text: str, path: str, first_line: int) -> tuple[Metadata, tuple[Diagnostic, ...]]:
    """The same through YAML, whatever it holds."""
    import yaml

    lines = text.splitlines()

    def place(mark: Any) -> Place:
        line = min(mark.line, max(len(lines) - 1, 0))  # what is missed at the end is missed behind the last line
        text = lines[line] if lines else ""
        return Place(path, line + first_line, (mark.column if line == mark.line else len(text)) + 1, text)

    try:
        refused = _refusal(text)
        node = None if refused else yaml.compose(text, Loader=yaml.CBaseLoader)
    except yaml.MarkedYAMLError as error:
        message = f"not YAML: {error.problem or error.context}"
        return Metadata(), (
            _at(
                place(error.problem_mark or error.context_mark),
                message,
                "quote text that holds ': ' or begins with a sign",
            ),
        )
    except yaml.YAMLError as error:
        return Metadata(), (
            diagnose("RT102", f"not YAML: {error}", (path, first_line, 1), "remove characters that can't be printed"),
        )
    if refused:
        return Metadata(), (
            _at(
                place(refused[1]) if refused[1] else Place(path, first_line, 1, ""),
                refused[0],
                "front matter is a plain list of keys and values",
            ),
        )
    if node is None:
        return Metadata(), ()
    if not isinstance(node, yaml.MappingNode):
        hint = "write 'key: value' lines; if the text begins with a rule ('---'), put an empty line before it"
        return Metadata(), (_at(place(node.start_mark), "front matter is no mapping", hint),)

    places: dict[KeyPath, Place] = {}
    found: list[Diagnostic] = []
    data = _plain(node, (), places, found, place)
    metadata, wrong = decode(
        Metadata,
        _spelled_out(data),
        lambda key: places.get(key) or places.get(key[:1]) or Place(path, first_line, 1, ""),
    )
    unsound = _rules(metadata, places, path, first_line)
    sound = msgspec.structs.replace(
        metadata,
        date=metadata.date if is_date(metadata.date or "") else None,
        language=metadata.language if is_language(metadata.language or "") else None,
        aliases=tuple(one for one in metadata.aliases if not aliases.problem(one)),
        translation_of=metadata.translation_of if LOCAL.fullmatch(metadata.translation_of or "") else None,
    )
    if any(_files_rules(sound, lambda _: NOWHERE)):
        sound = msgspec.structs.replace(sound, audio=None, video=None, downloads=())
    return sound, (*found, *wrong, *unsound)


def _spelled_out(data: dict[str, Any]) -> dict[str, Any]:
    """The same without what may be written shorter: a name for a speaker, an alias for a list of one, a path for a file."""
    moved = data.get("aliases")
    for name, key in (("speakers", "name"), ("downloads", "file")):
        if isinstance(some := data.get(name), list):
            data[name] = [{key: one} if isinstance(one, str) else one for one in some]
    for name in ("audio", "video"):
        if isinstance(file := data.get(name), str):
            data[name] = {"file": file}
    if isinstance(moved, str):
        data["aliases"] = [moved]
    return data


def _refusal(text: str) -> tuple[str, Any] | None:
    """Why this YAML isn't read, and the mark of the place."""
    if len(text) > MAX_CHARACTERS:
        return f"front matter of {len(text):,} characters; at most {MAX_CHARACTERS:,} are read", None
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return "anchors and aliases are not read", event.start_mark
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                return f"nested deeper than {MAX_DEPTH}", event.start_mark
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _plain(node: Any, key: KeyPath, places: dict[KeyPath, Place], found: list[Diagnostic], place: Any) -> Any:
    """A node as text, lists and dicts; notes the place of every key."""
    import yaml

    places.setdefault(key, place(node.start_mark))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(one, (*key, str(i)), places, found, place) for i, one in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return node.value
    data: dict[str, Any] = {}
    for name_node, value_node in node.value:
        name = str(name_node.value)
        if name in data:
            found.append(_at(place(name_node.start_mark), f"'{name}' is given twice", "keep one"))
            continue
        places[(*key, name)] = place(name_node.start_mark)
        value = _plain(value_node, (*key, name), places, found, place)
        if not isinstance(value, str) or value.strip():  # "title:" with nothing behind it says nothing
            data[name] = value
    return data


def _rules(metadata: Metadata, places: dict[KeyPath, Place], path: str, first_line: int) -> list[Diagnostic]:
    """What types can't say."""

    def here(key: KeyPath) -> Place:
        return places.get(key) or Place(path, first_line, 1, "")

    found = []
    if metadata.date is not None and not is_date(metadata.date):
        found.append(
            _at(here(("date",)), f"'date' is no date: {metadata.date!r}", "write 2026-11-23, 2026-11 or 2026", "RT104")
        )
    if metadata.language is not None and not is_language(metadata.language):
        found.append(
            _at(
                here(("language",)),
                f"'language' is no language tag: {metadata.language!r}",
                "a BCP 47 tag such as en or zh-Hant",
                "RT104",
            )
        )
    if (
        metadata.source
        and metadata.source.split(":")[0].casefold() not in ("http", "https")
        and ":" in metadata.source.split("/")[0]
    ):
        found.append(
            _at(
                here(("source",)),
                f"'source' is no web address: {metadata.source!r}",
                "an address that begins with https://, or plain text",
                "RT104",
            )
        )
    for i, alias in enumerate(metadata.aliases):
        if problem := aliases.problem(alias):
            place = places.get(("aliases", str(i))) or here(("aliases",))
            hint = "a path from the site's root, as in an address: /old/place/"
            found.append(_at(place, f"an address in 'aliases' {problem}: {alias!r}", hint, "RT104"))
    found += _files_rules(metadata, here)
    if metadata.person and not (metadata.person.name.strip() or (metadata.title or "").strip()):
        found.append(_at(here(("person",)), "a person without a name", "add name: …, or a title", "RT104"))
    for i, person in enumerate(metadata.speakers):
        if not person.name.strip():
            found.append(_at(here(("speakers", str(i))), "a speaker without a name", "add name: …", "RT104"))
    return found


LOCAL = lazy(r"(?![a-z][a-z0-9+.-]*:|//|[?#])[^\\\s?#](?:[^\\\n?#]*[^\\\s?#])?", re.IGNORECASE)
REMOTE = lazy(r"https://[^\s/?#@\"'<>;,\\]+(?:[/?#][^\s\"'<>\\]*)?", re.IGNORECASE)
TYPE = lazy(r"[a-z]+/[a-z0-9.+-]+(?:; ?[a-z]+=[\w.,-]+)?", re.IGNORECASE)
DURATION = lazy(r"(?:\d{1,3}:)?\d{1,2}:[0-5]\d|\d{1,6}", re.ASCII)


def _files_rules(metadata: Metadata, here: Callable[[KeyPath], Place]) -> Iterator[Diagnostic]:
    """What is wrong with the files that metadata names."""
    if metadata.translation_of and not LOCAL.fullmatch(metadata.translation_of):
        message = f"'translation_of' names no file: {metadata.translation_of!r}"
        yield _at(here(("translation_of",)), message, "the original's path from this file's folder", "RT104")
    recordings = [(name, one) for name, one in (("audio", metadata.audio), ("video", metadata.video)) if one]
    files: list[tuple[KeyPath, str]] = [((name,), one.file) for name, one in recordings]
    files += [(("downloads", str(i)), one.file) for i, one in enumerate(metadata.downloads)]
    for key, file in files:
        if not (LOCAL.fullmatch(file) or REMOTE.fullmatch(file)):
            message = (
                f"'{key[0]}' names no file and no https address: {file!r}" if file else f"'{key[0]}' without a file"
            )
            yield _at(here(key), message, "file: a path from this file's folder, or https://…", "RT104")
    for name, one in recordings:
        if one.type and not TYPE.fullmatch(one.type):
            yield _at(here((name, "type")), f"'type' is no media type: {one.type!r}", "such as audio/mpeg", "RT104")
        if one.duration and not DURATION.fullmatch(one.duration):
            yield _at(
                here((name, "duration")), f"'duration' is no time: {one.duration!r}", "1:02:03, or seconds", "RT104"
            )
        if one.length is not None and one.length < 0:
            yield _at(here((name, "length")), f"'length' is no number of bytes: {one.length}", "leave it out", "RT104")


def place_of(value: str, source: Source, beside: Source | None) -> SourceSpan:
    """Where a value stands in the front matter of a source or in the sidecar beside it; its head, where that can't be told."""
    _, body = split(source)
    for text, end in ((source, body), *([(beside, len(beside.text))] if beside else [])):
        whole = re.compile(rf"(?<![\w/%.-]){re.escape(value)}(?![\w/%.-])")
        if found := whole.search(text.text, 0, end):
            return span_at(text, *found.span())
    return SourceSpan(source.path, 1, 1, 0, 0)


def _at(place: Place, message: str, hint: str, code: str = "RT102") -> Diagnostic:
    return diagnose(code, message, (place.path, place.line, place.column), hint, place.source)


def dump(metadata: Metadata, speakers: tuple[Person, ...]) -> str:
    """Front matter that parses back to the same metadata and speakers; without fences."""
    fields = {name: value for name, value in _said(metadata).items() if name != "speakers"}
    if speakers:
        fields["speakers"] = [
            {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in msgspec.structs.asdict(p).items()
                if value
            }
            for p in speakers
        ]
    for name in ("audio", "video"):
        if name in fields:
            fields[name] = _told(fields[name])
    if metadata.downloads:
        fields["downloads"] = [_told(one) for one in metadata.downloads]
    if metadata.ignore:
        fields["ignore"] = [_told(one) for one in metadata.ignore]
    lines = [*_lines(fields)]
    known = [line for line in lines if line is not None]
    return "".join(known) if lines and len(known) == len(lines) else _dumped(fields)


def _told(one: msgspec.Struct) -> dict[str, Any]:
    return {name: value for name, value in msgspec.structs.asdict(one).items() if value is not None}


def _lines(fields: dict[str, Any], first: str = "", margin: str = "") -> Iterator[str | None]:
    """The lines of a block as YAML is written; None for one that it takes YAML to know, for the signs in it."""
    lead = first
    for name, value in fields.items():
        if isinstance(value, list):
            yield f"{lead}{name}:\n"
            for one in value:
                if isinstance(one, dict):
                    yield from _lines(one, f"{margin}- ", f"{margin}  ")
                else:
                    yield _line(f"{margin}- ", one)
        else:
            yield _line(f"{lead}{name}: ", value)
        lead = margin


def _line(lead: str, value: Any) -> str | None:
    if isinstance(value, str) and len(value) < SHORT:
        if SURE.fullmatch(value) and value.casefold() not in MEANT:
            return f"{lead}{value}\n"
        if DAY.fullmatch(value):  # as it stands it would be a date
            return f"{lead}'{value}'\n"
    return None


def _dumped(fields: dict[str, Any]) -> str:
    """The same through YAML, whatever it holds."""
    import yaml

    return yaml.dump(fields, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000)
