"""What Whisper and its relatives write in JSON.

openai-whisper, whisper_timestamped, faster-whisper, WhisperX and the OpenAI API: `segments` with `start`, `end`, `text`,
with or without `speaker` and `words`. whisper.cpp: `transcription` with `offsets` in milliseconds. Transformers pipelines:
`chunks` with a `timestamp` of two numbers, and `speakers` where people were told apart. A bare array of segments, too.

WhisperX names a speaker for each word as well. Where the words of a segment have two, the segment is split between them.
"""

from __future__ import annotations

from typing import Any

from ..model import Metadata, Reading, Source
from . import speech
from .located import Text, Tree, entries, fields, objects, texts
from .look import Look
from .speech import Contest, Copy, Found, Run, Said, Word, contest, machine_label, seconds, solid

# Where the segments stand, and how a segment's start is spelled there.
PLACES = {"speakers": "timestamp", "segments": "start", "chunks": "timestamp", "transcription": "offsets"}
DATA = frozenset(
    "speaker,language,language_code,task,id,type,model,params,systeminfo,result,timestamps,timestamp,start,end,offsets,"
    "temperature,confidence,avg_logprob,score,srt,status,usage".split(",")
)


def recognise(look: Look) -> str:
    """Why a file is of this family."""
    root = look.json
    if _are_segments(root, "start") and all("end" in one or "duration" in one for one in root):
        return "lists segments with 'start', 'end' and 'text', as Whisper does"
    for place, start in PLACES.items():
        if _are_segments(fields(root).get(place), start):
            return f"has {place!r} with {start!r} and 'text', as Whisper and its relatives have them"
    return ""


def _are_segments(value: Any, start: str) -> bool:
    listed = entries(value)
    return bool(listed) and all(
        isinstance(one, dict) and isinstance(one.get("text"), str) and _is_time(one.get(start)) for one in listed
    )


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float | dict | list) and not isinstance(value, bool)


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of what was recognised."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    root = fields(tree.root)
    place = next((place for place in PLACES if objects(root.get(place))), "")
    segments = objects(root.get(place) if place else tree.root)
    said: list[Said] = []
    copies: list[Copy] = []
    contests: list[Contest] = []
    for one in segments:
        if isinstance(one.get("text"), Text):
            parts = _segment(one, tree, copies)
            contests += _contests(one) if len(parts) == 1 else []
            said += parts
    for key in _repeating(place):
        again = [(_spelled(one), machine_label(one.get("speaker"))) for one in objects(root.get(key))]
        contests += speech.relisted(said, again)
    copies += _copies(root, place, " ".join(one.words for one in said))
    spoken = root.get("language") or root.get("language_code") or fields(root.get("result")).get("language")
    return Found(said, speech.counted(said, "segments", "'speaker'"), copies, spoken, contests=contests)


def _contests(segment: dict[str, Any]) -> list[Contest]:
    """Whether a segment that is one person's has words of another."""
    named = [machine_label(word.get("speaker")) for word in objects(segment.get("words"))]
    whose = machine_label(segment.get("speaker")) or next(filter(None, named), None)
    return contest(segment["text"], whose, named)


def _segment(segment: dict[str, Any], tree: Tree, copies: list[Copy]) -> list[Said]:
    """One segment, or its parts by speaker."""
    text: Text = segment["text"]
    words = objects(segment.get("words"))
    spelled = texts([_spelled(word) for word in words])
    named = {machine_label(word.get("speaker")) for word in words} - {None}
    if len(named) > 1 and solid("".join(spelled)) == solid(text):
        copies.append(Copy([text], "".join(spelled)))
        return list(speech.utterances(_words(segment, words), Run(tree.texts, frozenset())))
    copies += [Copy(spelled, text), Copy(texts([one.get("text") for one in objects(segment.get("tokens"))]), text)]
    whose = machine_label(segment.get("speaker")) or (named.pop() if len(named) == 1 else None)
    return [Said((text,), text, whose, *_times(segment))]


def _spelled(word: dict[str, Any]) -> Any:
    return word.get("word", word.get("text"))


def _words(segment: dict[str, Any], words: list[dict[str, Any]]) -> list[Word]:
    """The words of a segment; one without a speaker goes with the word before it, or else the segment."""
    found = []
    whose = machine_label(segment.get("speaker"))
    for word in words:
        whose = machine_label(word.get("speaker")) or whose
        if isinstance(text := _spelled(word), Text):
            found.append(Word(text, whose, seconds(word.get("start")), seconds(word.get("end"))))
    return found


def _times(segment: dict[str, Any]) -> tuple[float | None, float | None]:
    offsets, pair = fields(segment.get("offsets")), entries(segment.get("timestamp"))
    if offsets:
        return seconds(offsets.get("from"), 0.001), seconds(offsets.get("to"), 0.001)
    if len(pair) == 2:
        return seconds(pair[0]), seconds(pair[1])
    start, end = seconds(segment.get("start")), seconds(segment.get("end"))
    lasts = seconds(segment.get("duration"))
    return start, end if end is not None or start is None or lasts is None else round(start + lasts, 3)


def _copies(root: dict[str, Any], place: str, words: str) -> list[Copy]:
    """What repeats the words of all segments: the whole text, lists of words, segments once more."""
    repeated = [texts([_spelled(one) for one in objects(root.get(key))]) for key in _repeating(place)]
    return [Copy(texts([root.get("text")]), words), *(Copy(one, words) for one in repeated)]


def _repeating(place: str) -> list[str]:
    """The other lists of words and segments."""
    return [key for key in (*PLACES, "words", "word_segments") if key != place]


plain = speech.plain
