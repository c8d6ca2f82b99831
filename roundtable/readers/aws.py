"""Amazon Transcribe: the JSON that a transcription job writes.

`results.items` are words and punctuation in order; who speaks stands in each item, or in `speaker_labels.segments` by
time, or the recording's channels are kept apart in `channel_labels.channels`. The words are read from the items (of each
channel, merged by time), because they alone say for each word who spoke it and when; `transcripts`, `audio_segments` and
the other lists repeat them, which is verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Metadata, Reading, Source
from . import speech
from .located import Text, Tree, entries, fields, objects, texts
from .look import Look
from .speech import Contest, Copy, Found, Run, Said, Word, contest, joined, machine_label, seconds

MACHINE = frozenset({"start_time", "end_time", "type", "confidence", "channel_label", "id", "language_code"})
DATA = MACHINE | frozenset(
    "speaker_label,jobName,accountId,status,number_of_channels,speakers,version,language_identification,language_codes,"
    "redactions,category,redaction,vocabulary_filter_matches".split(",")
)


def recognise(look: Look) -> str:
    """Why a file is Amazon's."""
    results = fields(fields(look.json).get("results"))
    spelled = [one for one in objects(results.get("transcripts")) if isinstance(one.get("transcript"), str)]
    if spelled and isinstance(results.get("items"), list):
        return "has 'results' with 'transcripts' and 'items', as Amazon Transcribe writes them"
    return ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a transcription job's result."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    results = fields(fields(tree.root).get("results"))
    run, whose = Run(tree.texts, MACHINE), _whose(results)
    items = objects(results.get("items"))
    channels = objects(fields(results.get("channel_labels")).get("channels"))
    parts = [(one.get("channel_label"), objects(one.get("items"))) for one in channels] or [(None, items)]
    said = [one for channel, own in parts for one in speech.utterances(_words(own, channel, whose), run)]
    if not said:
        said = [Said((text,), text, None) for text in _transcripts(results)]
    if len(parts) > 1:
        said.sort(key=lambda one: one.start or 0.0)
    contests = [each for _, own in parts for item in own for each in _contest(item, whose)]
    copies = _copies(results, items if channels else [], joined(one.words for one in said))
    return Found(said, speech.counted(said, "utterances", "labels"), copies, _language(results), contests=contests)


def _contest(item: dict[str, Any], whose: dict[tuple[Any, Any], Any]) -> list[Contest]:
    """Whether the list of segments gives an item to somebody else."""
    own, other = item.get("speaker_label"), whose.get(_time(item)) if item.get("start_time") else None
    return contest(_content(item), machine_label(own), [machine_label(other)]) if own else []


def _language(results: dict[str, Any]) -> Any:
    several = objects(results.get("language_codes"))
    return results.get("language_code") or (several[0].get("language_code") if len(several) == 1 else None)


def _whose(results: dict[str, Any]) -> dict[tuple[Any, Any], Any]:
    """The speaker of each word by its start and end, as older files tell it."""
    segments = objects(fields(results.get("speaker_labels")).get("segments"))
    return {
        _time(item): item.get("speaker_label", segment.get("speaker_label"))
        for segment in segments
        for item in objects(segment.get("items"))
    }


def _time(item: dict[str, Any]) -> tuple[float | None, float | None]:
    return seconds(item.get("start_time")), seconds(item.get("end_time"))


def _words(items: list[dict[str, Any]], channel: Any, whose: dict[tuple[Any, Any], Any]) -> Iterator[Word]:
    """The words and the punctuation, which has no time and goes with the word before it."""
    before: str | None = None
    ended: float | None = None
    for item in items:
        if (text := _content(item)) is None:
            continue
        start, end = _time(item)
        is_punctuation = item.get("type") == "punctuation"
        label = _label(item, channel, whose.get((start, end)) if start is not None else None)
        before, ended = (before, ended) if is_punctuation else (label, end)
        yield Word(text, before, start, ended, is_punctuation)


def _content(item: dict[str, Any]) -> Text | None:
    """What an item says: the first of its alternatives, which come best first."""
    alternatives = objects(item.get("alternatives"))
    content = alternatives[0].get("content") if alternatives else None
    return content if isinstance(content, Text) else None


def _label(item: dict[str, Any], channel: Any, speaker: Any) -> str | None:
    """The speaker's label; with the channel's, where both are told."""
    names = (machine_label(channel), machine_label(item.get("speaker_label") or speaker))
    return ", ".join(name for name in names if name) or None


def _transcripts(results: dict[str, Any]) -> list[Text]:
    return texts([one.get("transcript") for one in objects(results.get("transcripts"))])


def _copies(results: dict[str, Any], items: list[dict[str, Any]], words: str) -> list[Copy]:
    """What repeats the words: whole texts, stretches of one speaker, and the list of all channels' items."""
    stretches = texts([one.get("transcript") for one in objects(results.get("audio_segments"))])
    guesses = [entries(one.get("alternatives"))[:1] for one in objects(results.get("segments"))]
    best = [fields(one[0]) for one in guesses if one]
    return [
        Copy(_transcripts(results), words),
        Copy(stretches, words),
        Copy(texts([_content(item) for item in items]), words),
        Copy(texts([one.get("transcript") for one in best]), words),
        Copy(texts([one.get("content") for guess in best for one in objects(guess.get("items"))]), words),
    ]


def plain(stretch: str) -> str:
    """The words in a stretch of such a file."""
    return speech.plain(stretch, MACHINE)
