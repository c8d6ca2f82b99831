"""Further services of speech-to-text, each with a list of words that says for each who spoke it: Speechmatics, Rev, Google.

Speechmatics (json-v2): `results`, each an `alternatives[0]` with `content` and `speaker`, for words and for signs. Rev:
`monologues` of `elements` with `value`, signs and spaces among them. Google Speech-to-Text: `results` of
`alternatives[0].words`; where people were told apart, the last result lists the words of all others once more, with their
speakers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ..model import Metadata, Reading, Source
from . import speech
from .located import Text, Tree, fields, objects, texts
from .look import Look
from .speech import Copy, Found, Run, Said, Word, joined, label, machine_label, seconds

MACHINE = frozenset(
    "language,languageCode,type,attaches_to,direction,start_time,end_time,startTime,endTime,startOffset,endOffset,seconds,speakerLabel,"
    "speaker_label,resultEndTime,resultEndOffset".split(",")
)
DATA = MACHINE | frozenset(
    "speaker,speakers,speaker_info,job,metadata,format,id,requestId,totalBilledTime,media".split(",")
)
Objects = list[dict[str, Any]]


class Service(NamedTuple):
    """How one service's files are known, and where their words are."""

    reason: str
    knows: Callable[[dict[str, Any]], bool]
    find: Callable[[dict[str, Any], Run], tuple[list[Said], list[Copy]]]


def recognise(look: Look) -> str:
    """Why a file is of one of them."""
    root = fields(look.json)
    return next((one.reason for one in SERVICES if one.knows(root)), "")


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a service's answer."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    root = fields(tree.root)
    service = next((one for one in SERVICES if one.knows(root)), None)
    said, copies = service.find(root, Run(tree.texts, MACHINE)) if service else ([], [])
    config = fields(fields(root.get("metadata")).get("transcription_config"))
    languages = [one.get("languageCode") for one in objects(root.get("results"))]
    spoken = config.get("language") or next(iter(languages), None)
    return Found(said, speech.counted(said, "utterances", "the speaker of each word"), copies, spoken)


def plain(stretch: str) -> str:
    """The words in a stretch of such a file."""
    return speech.plain(stretch, MACHINE)


def _best(one: dict[str, Any]) -> dict[str, Any]:
    """The first of the alternatives, which come best first."""
    return next(iter(objects(one.get("alternatives"))), {})


# --- Speechmatics ----------------------------------------------------------------------------------------------------


def _is_speechmatics(root: dict[str, Any]) -> bool:
    results = objects(root.get("results"))
    return bool(results) and all("type" in one and isinstance(_best(one).get("content"), str) for one in results)


def _speechmatics(root: dict[str, Any], run: Run) -> tuple[list[Said], list[Copy]]:
    words = []
    for one in objects(root.get("results")):
        best = _best(one)
        if isinstance(text := best.get("content"), Text):
            speaker = None if best.get("speaker") == "UU" else machine_label(best.get("speaker"))  # unknown
            touches = one.get("attaches_to") == "previous" or one.get("type") == "punctuation"
            words.append(Word(text, speaker, seconds(one.get("start_time")), seconds(one.get("end_time")), touches))
    return list(speech.utterances(words, run)), []


# --- Rev -------------------------------------------------------------------------------------------------------------


def _is_rev(root: dict[str, Any]) -> bool:
    monologues = objects(root.get("monologues"))
    return bool(monologues) and all(isinstance(one.get("elements"), list) for one in monologues)


def _rev(root: dict[str, Any], run: Run) -> tuple[list[Said], list[Copy]]:
    names = {str(one.get("id")): one.get("name") for one in objects(root.get("speakers"))}
    words = [word for one in objects(root.get("monologues")) for word in _elements(one, names)]
    return list(speech.utterances(words, run)), []


def _elements(monologue: dict[str, Any], names: dict[str, Any]) -> Iterator[Word]:
    told = fields(monologue.get("speaker_info")).get("display_name") or names.get(str(monologue.get("speaker")))
    speaker = label(told) or machine_label(monologue.get("speaker"))
    for one in objects(monologue.get("elements")):
        if isinstance(text := one.get("value"), Text) and text.strip():
            start, end = seconds(one.get("ts")), seconds(one.get("end_ts"))
            yield Word(text, speaker, start, end, attaches=one.get("type") == "punct")


# --- Google ----------------------------------------------------------------------------------------------------------


def _is_google(root: dict[str, Any]) -> bool:
    results = objects(root.get("results"))
    return any(isinstance(one.get("word"), str) for result in results for one in objects(_best(result).get("words")))


def _google(root: dict[str, Any], run: Run) -> tuple[list[Said], list[Copy]]:
    results = [_best(one) for one in objects(root.get("results"))]
    lists = [objects(one.get("words")) for one in results]
    repeats = (
        len(lists) > 1 and any(map(_speaker, lists[-1])) and not any(_speaker(w) for own in lists[:-1] for w in own)
    )
    read = lists[-1] if repeats else [word for own in lists for word in own]
    said = list(speech.utterances(map(_word, (one for one in read if isinstance(one.get("word"), Text))), run))
    whole = joined(one.words for one in said)
    again = [word.get("word") for own in lists[:-1] for word in own] if repeats else []
    return said, [Copy(texts([one.get("transcript") for one in results]), whole), Copy(texts(again), whole)]


def _word(word: dict[str, Any]) -> Word:
    return Word(word["word"], machine_label(_speaker(word)), _offset(word, "start"), _offset(word, "end"))


def _speaker(word: dict[str, Any]) -> Any:
    """The number of a word's speaker; 0 is none."""
    return word.get("speakerTag") or word.get("speaker_tag") or word.get("speakerLabel") or word.get("speaker_label")


def _offset(word: dict[str, Any], which: str) -> float | None:
    """A time as "1.200s", or, from Google's clients, as seconds and billionths."""
    told = next((word[name] for name in (f"{which}Time", f"{which}Offset", f"{which}_time") if name in word), None)
    if not isinstance(told, dict):
        return seconds(told)
    whole, nanos = seconds(told.get("seconds", 0)), told.get("nanos", 0)
    return None if whole is None or not isinstance(nanos, int) else seconds(whole + nanos / 1e9)


SERVICES = (
    Service("has 'results' with 'type' and 'content', as Speechmatics writes them", _is_speechmatics, _speechmatics),
    Service("has 'monologues' with 'elements', as Rev writes them", _is_rev, _rev),
    Service("has 'results' with 'words' in 'alternatives', as Google writes them", _is_google, _google),
)
