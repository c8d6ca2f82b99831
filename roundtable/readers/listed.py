"""JSON in which a list of objects says who spoke what: of many programs, and as people write it themselves.

Known ones stand in a table: Azure (batch and fast transcription), Amazon Transcribe Call Analytics, Otter, Happy Scribe; chats of
Discord (DiscordChatExporter), Telegram, Matrix (Element), and of people with language models. Any other list (of Sonix, Gladia,
ElevenLabs, Fireflies …) is read like a table whose columns are the fields, if one's name leaves no doubt that it holds speakers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..markup import slug
from ..model import Metadata, Person, Reading, Source
from . import speech, table
from .located import Text, Tree, entries, fields, objects, texts
from .look import Look
from .speech import Copy, Found, Said, joined, label, machine_label, seconds

MACHINE = frozenset("type,href,language,id,kind".split(","))
DATA = MACHINE | frozenset(
    "speaker,speaker_id,speaker_name,speakers,speaker_label,author,from,from_id,actor_id,sender,role,participantRole,ParticipantRole,"
    "Participants,guild,channel,dateRange,exportedAt,timestamp,timestampEdited,date,date_unixtime,edited,edited_unixtime,reactions,mentions,"
    "reference,event_id,room_id,room_creator,exported_by,export_date,unsigned,msgtype,locale,languages,language_code,status,source,"
    "recognitionStatus,offset,duration,startTime,endTime,start,end,start_time,end_time,metadata,Sentiment,LanguageCode,JobStatus,AccountId,"
    "Channel,Id,Confidence,speaker_model_label,file_id,created_at,uuid".split(",")
)
# Fields that spell words once more, beside those that are read.
AGAIN = frozenset(
    "text,word,words,Content,content,value,transcript,full_transcript,display,lexical,itn,maskedITN,formatted_body".split(
        ","
    )
)
NAMES = ("name", "speaker_name", "display_name", "label")
TICKS = 1e-7  # seconds in a unit of Azure's
MILLI = 1e-3
SAMPLES = 1 / 16_000  # seconds in a unit of Otter's
WORD = ("text", "value", "word")  # fields of an object that is one of several with words
DEPTH = 3  # of the objects in which a list may stand


class Shape(NamedTuple):
    """Where a list stands, and in each of its objects the words, the speaker, the times; paths of fields."""

    name: str
    listed: str
    words: str
    speaker: tuple[str, ...]  # the first that says something
    start: str = ""
    end: str = ""
    scale: float = 1.0
    id: str = ""  # tells people of one name apart


SHAPES = (
    Shape("Azure", "recognizedPhrases", "nBest.display", ("speaker", "channel"), "offsetInTicks", scale=TICKS),
    Shape("Azure", "phrases", "text", ("speaker", "channel"), "offsetMilliseconds", scale=MILLI),
    Shape("Amazon Transcribe Call Analytics", "Transcript", "Content", ("ParticipantRole",), "BeginOffsetMillis", "EndOffsetMillis", MILLI),
    Shape("Otter", "speech.transcripts", "transcript", ("speaker_id", "speaker_model_label"), "start_offset", "end_offset", SAMPLES),
    Shape("Happy Scribe", "", "words", ("speaker",), "words.data_start"),
    Shape("DiscordChatExporter", "messages", "content", ("author.nickname", "author.name"), id="author.id"),
    Shape("Telegram", "messages", "text", ("from", "from_id"), id="from_id"),
    Shape("Element", "messages", "content.body", ("sender",)),
    Shape("language models", "", "content", ("role",)),
    Shape("language models", "messages", "content", ("role",)),
)  # fmt: skip


def recognise(look: Look) -> str:
    """Why a file lists who said what."""
    shape = _shape(look.json)
    if shape is None:
        return ""
    place = f"{shape.listed!r} with" if shape.listed else "a list of"
    maker = f", as in files of {shape.name}" if shape.name else ""
    return f"has {place} {shape.words!r} and {shape.speaker[0]!r}{maker}"


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of such a list."""
    return speech.read(source, sidecar, _found, DATA)


def plain(stretch: str) -> str:
    """The words in a stretch of such a file."""
    return speech.plain(stretch, MACHINE)


# --- which fields they are -------------------------------------------------------------------------------------------


def _shape(root: Any) -> Shape | None:
    """The shape of a file: a known one, or any whose fields are named like a table's columns."""
    if not isinstance(root, dict | list):
        return None
    return next((one for one in SHAPES if _fits(root, one)), None) or _any_shape(root)


def _fits(root: Any, shape: Shape) -> bool:
    listed = _at(root, shape.listed)
    if not isinstance(listed, list) or not listed or len(objects(listed)) < len(listed):
        return False
    said = [one for one in listed if _spelled(_at(one, shape.words))]
    return 2 * len(said) >= len(listed) and any(_speaker(one, shape, {}) for one in said)


def _any_shape(root: Any) -> Shape | None:
    found = [(place, listed) for place, listed in _lists(root, "", DEPTH) if len(objects(listed)) == len(listed) > 1]
    for place, listed in sorted(found, key=lambda one: -len(one[1])):
        names = tuple(dict.fromkeys(name for one in listed for name in one))
        columns = table.named_columns(names)
        if columns is None or columns.speaker is None or not table.is_strong(columns):
            continue
        start, end = (names[i] if i is not None else "" for i in (columns.start, columns.end))
        shape = Shape("", place, names[columns.words], (names[columns.speaker],), start, end, columns.scale)
        if _fits(root, shape):
            return shape
    return None


def _lists(value: Any, place: str, depth: int) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(value, list):
        yield place, value
    elif depth:
        for name, inner in fields(value).items():
            yield from _lists(inner, f"{place}.{name}".lstrip("."), depth - 1)


def _at(value: Any, path: str) -> Any:
    """What stands at a path; in a list, of its first object."""
    for name in path.split(".") if path else ():
        value = fields(next(iter(objects(value)), None) if isinstance(value, list) else value).get(name)
    return value


# --- who says what ---------------------------------------------------------------------------------------------------


def _found(tree: Tree) -> Found:
    shape = _shape(tree.root)
    if shape is None:
        return Found([], "")
    listed = objects(_at(tree.root, shape.listed))
    names = _names(tree.root, shape)
    ids = {(_speaker(one, shape, names), _id(one, shape)) for one in listed}
    shared = {name for name, n in Counter(name for name, id in ids if id).items() if name and n > 1}
    people = {id: Person(name=name, id=slug(f"{name} {id}")) for name, id in ids if name in shared and name}
    said = [
        Said(tuple(parts), _joined(parts), _speaker(one, shape, names), *_times(one, shape), _who(one, shape, people))
        for one in listed
        if (parts := texts(_spelled(_at(one, shape.words))))
    ]
    convention = speech.counted(said, "entries", f"{shape.speaker[0]!r}")
    listed_people = tuple(sorted(people.values(), key=lambda one: str(one.id)))
    return Found(said, convention, list(_copies(tree, shape, listed)), _language(tree.root), listed_people)


def _id(one: dict[str, Any], shape: Shape) -> str:
    """What tells somebody apart from another of the same name, if anything does."""
    return str(_at(one, shape.id) or "") if shape.id else ""


def _who(one: dict[str, Any], shape: Shape, people: dict[str, Person]) -> str | None:
    person = people.get(_id(one, shape))
    return person.id if person else None


def _spelled(value: Any) -> list[Any]:
    """The strings of words: one, or those of a list, in objects or bare; none if all are empty."""
    parts = [value] if isinstance(value, str) else [_spelling(one) for one in entries(value)]
    return parts if any(isinstance(part, str) and part.strip() for part in parts) else []


def _spelling(value: Any) -> Any:
    return next((value[name] for name in WORD if name in value), None) if isinstance(value, dict) else value


def _joined(parts: list[Text]) -> str:
    """The words; strings that hold the spaces between them need no others."""
    has_spaces = any(part != part.strip() for part in parts)
    return "".join(parts) if has_spaces else joined(parts)


def _speaker(one: dict[str, Any], shape: Shape, names: dict[str, str]) -> str | None:
    for path in shape.speaker:
        value = _at(one, path)
        if (known := names.get(str(value))) or (known := machine_label(value)):
            return known
    return None


def _names(root: Any, shape: Shape) -> dict[str, str]:
    """The names of speakers who are numbered, where they are listed beside."""
    around = _at(root, shape.listed.rpartition(".")[0])
    listed = [*objects(fields(root).get("speakers")), *objects(fields(around).get("speakers"))]
    named = ((str(one.get("id")), next((label(one[n]) for n in NAMES if one.get(n)), None)) for one in listed)
    return {id: name for id, name in named if name}


def _times(one: dict[str, Any], shape: Shape) -> tuple[float | None, float | None]:
    return _time(one, shape.start, shape.scale), _time(one, shape.end, shape.scale)


def _time(one: dict[str, Any], path: str, scale: float) -> float | None:
    return seconds(_at(one, path), scale) if path else None


def _copies(tree: Tree, shape: Shape, listed: list[dict[str, Any]]) -> Iterator[Copy]:
    """What repeats the words of an object inside of it, field by field; and outside of the list the words of all."""
    whole: list[str] = []
    inside: set[int] = set()
    for one in listed:
        parts = texts(_spelled(_at(one, shape.words)))
        words = _joined(parts)
        whole.append(words)
        read = {part.start for part in parts}
        groups: dict[tuple[str, ...], list[Text]] = {}
        for text in _strings(one):
            inside.add(text.start)
            if text.key in AGAIN and text.start not in read:
                groups.setdefault((*text.inside, text.key), []).append(text)
        for group in groups.values():
            yield Copy(group, words)
    every = joined(whole)
    for text in tree.texts:
        if text.key in AGAIN and text.start not in inside:
            yield Copy(texts([text]), every)


def _strings(value: Any) -> Iterator[Text]:
    if isinstance(value, Text):
        yield value
    for inner in value.values() if isinstance(value, dict) else entries(value):
        yield from _strings(inner)


def _language(root: Any) -> Any:
    told = fields(root)
    return told.get("language_code") or told.get("LanguageCode") or told.get("language")
