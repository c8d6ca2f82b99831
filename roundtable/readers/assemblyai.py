"""AssemblyAI: the JSON of a transcript.

`utterances` with `speaker`, `text`, `start` and `end` in milliseconds, where speakers were asked for; else `words`, each
of which may name its speaker. `text` and the other list repeat them, which is verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..model import Metadata, Reading, Source
from . import speech
from .located import Text, Tree, fields, objects, texts
from .look import Look
from .speech import Copy, Found, Run, Said, Word, contest, joined, machine_label, seconds

MACHINE = frozenset({"channel"})
MARKS = ("utterances", "audio_url", "acoustic_model", "speech_model")  # with `words` and `text`, these tell the format
DATA = MACHINE | frozenset(
    "speaker,id,status,language_model,acoustic_model,speech_model,speech_models,speech_model_used,language_code,language_codes,"
    "audio_url,webhook_url,webhook_auth_header_name,boost_param,redact_pii_audio_quality,redact_pii_policies,redact_pii_sub,"
    "summary_type,summary_model,domain".split(",")
)


def recognise(look: Look) -> str:
    """Why a file is AssemblyAI's."""
    root = fields(look.json)
    words = objects(root.get("words"))
    listed = words and all(isinstance(one.get("text"), str) for one in words)
    if listed and isinstance(root.get("text"), str) and any(mark in root for mark in MARKS):
        return "has 'words' with 'text' beside settings, as AssemblyAI writes them"
    return ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a transcript."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    root = fields(tree.root)
    words, listed = objects(root.get("words")), objects(root.get("utterances"))
    said = _utterances(listed) or list(speech.utterances(_words(words), Run(tree.texts, MACHINE)))
    whole = joined(one.words for one in said)
    copies = [
        Copy(texts([root.get("text")]), whole),
        Copy(texts([word.get("text") for word in words]) if listed else [], whole),
        *(Copy(_spelled(one), str(one.get("text"))) for one in listed),
    ]
    contests = [
        each
        for one in listed
        for each in contest(
            one.get("text"), machine_label(one.get("speaker")), map(_speaker, objects(one.get("words")))
        )
    ]
    contests += speech.relisted(said, [(word.get("text"), _speaker(word)) for word in words])
    told = speech.counted(said, "utterances", "'speaker'")
    return Found(said, told, copies, root.get("language_code"), contests=contests)


def _speaker(word: dict[str, Any]) -> str | None:
    return machine_label(word.get("speaker"))


def _spelled(utterance: dict[str, Any]) -> list[Text]:
    return texts([word.get("text") for word in objects(utterance.get("words"))])


def _utterances(listed: list[dict[str, Any]]) -> list[Said]:
    return [
        Said((text,), text, machine_label(one.get("speaker")), *_times(one))
        for one in listed
        if isinstance(text := one.get("text"), Text)
    ]


def _words(words: list[dict[str, Any]]) -> Iterator[Word]:
    for word in words:
        if isinstance(text := word.get("text"), Text):
            yield Word(text, _speaker(word), *_times(word))


def _times(timed: dict[str, Any]) -> tuple[float | None, float | None]:
    return seconds(timed.get("start"), 0.001), seconds(timed.get("end"), 0.001)


def plain(stretch: str) -> str:
    """The words in a stretch of such a file."""
    return speech.plain(stretch, MACHINE)
