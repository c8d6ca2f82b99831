"""Deepgram: the JSON of its speech-to-text service.

`results.channels[].alternatives[0].words` are the words, each with its times, and with its speaker where people were told
apart. They are what is read: `utterances` are cut at pauses and may hold words of two people under the number of one.
`transcript`, `paragraphs` and `utterances` repeat the words, which is verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..model import Metadata, Reading, Source
from ..patterns import lazy
from . import speech
from .located import Text, Tree, fields, objects, texts
from .look import Look
from .speech import Contest, Copy, Found, Run, Said, Word, contest, joined, machine_label, seconds, solid

MACHINE = frozenset({"language", "id"})
TWINS = ("word", "punctuated_word")
DATA = MACHINE | frozenset({"metadata", "detected_language", "languages", "speaker"})
HEAD = lazy(r"^(?:Speaker|Channel) \d{1,6}:", re.MULTILINE)  # begins a paragraph in `paragraphs.transcript`


def recognise(look: Look) -> str:
    """Why a file is Deepgram's."""
    channels = objects(fields(fields(look.json).get("results")).get("channels"))
    if any(objects(one.get("alternatives")) for one in channels):
        return "has 'results' with 'channels' and 'alternatives', as Deepgram writes them"
    return ""


def read(source: Source, sidecar: Metadata | None = None) -> Reading:
    """The pieces of a service's answer."""
    return speech.read(source, sidecar, _found, DATA)


def _found(tree: Tree) -> Found:
    results = fields(fields(tree.root).get("results"))
    channels = objects(results.get("channels"))
    best = [fields(next(iter(objects(one.get("alternatives"))), None)) for one in channels]
    twins = [twin for one in best for word in objects(one.get("words")) if (twin := _twin(word))]
    run = Run(tree.texts, MACHINE, frozenset(one.start for one, of in twins if solid(one) == solid(of)))
    said: list[Said] = []
    copies = [Copy([one], of) for one, of in twins]
    for i, one in enumerate(best):
        own = _said(one, f"Channel {i}" if len(best) > 1 else None, run)
        said += own
        copies += _repeats(one, joined(each.words for each in own))
    if len(best) > 1:
        said.sort(key=lambda each: each.start or 0.0)
    copies += _utterances(results, joined(one.words for one in said))
    language = next((one.get("detected_language") for one in channels if one.get("detected_language")), None)
    return Found(
        said,
        speech.counted(said, "utterances", "the speaker of each word"),
        copies,
        language,
        contests=_contests(results) + (_relisted(results, best[0], said) if len(best) == 1 else []),
    )


def _contests(results: dict[str, Any]) -> list[Contest]:
    """Utterances that are given to somebody else than a word in them."""
    found = []
    for one in objects(results.get("utterances")):
        for word in objects(one.get("words")):
            found += contest(_spelled(word), machine_label(word.get("speaker")), [machine_label(one.get("speaker"))])
    return found


def _relisted(results: dict[str, Any], alternative: dict[str, Any], said: list[Said]) -> list[Contest]:
    """Words of utterances, and sentences of paragraphs, that are given to others than the words of the one channel."""
    each = [word for one in objects(results.get("utterances")) for word in objects(one.get("words"))]
    sentences = [
        (sentence.get("text"), machine_label(paragraph.get("speaker")))
        for paragraph in objects(fields(alternative.get("paragraphs")).get("paragraphs"))
        for sentence in objects(paragraph.get("sentences"))
    ]
    words = [(_spelled(word), machine_label(word.get("speaker"))) for word in each]
    return [*speech.relisted(said, words), *speech.relisted(said, sentences)]


def _spelled(word: dict[str, Any]) -> Any:
    return word.get("punctuated_word", word.get("word"))


def _twin(word: dict[str, Any]) -> tuple[Text, Text] | None:
    """A word's bare form and the one that is read, where there are two."""
    bare, punctuated = word.get("word"), word.get("punctuated_word")
    return (bare, punctuated) if isinstance(bare, Text) and isinstance(punctuated, Text) else None


def _said(alternative: dict[str, Any], channel: str | None, run: Run) -> list[Said]:
    """What one channel says: its words, or its text where words are not listed."""
    said = list(speech.utterances(_words(alternative, channel), run))
    if not said and isinstance(text := alternative.get("transcript"), Text):
        said = [Said((text,), text, channel)]
    return said


def _words(alternative: dict[str, Any], channel: str | None) -> Iterator[Word]:
    for word in objects(alternative.get("words")):
        if isinstance(text := _spelled(word), Text):
            names = (channel, machine_label(word.get("speaker")))
            label = ", ".join(name for name in names if name) or None
            yield Word(text, label, seconds(word.get("start")), seconds(word.get("end")))


def _repeats(alternative: dict[str, Any], words: str) -> list[Copy]:
    """What repeats the words of one channel."""
    laid_out = fields(alternative.get("paragraphs"))
    sentences = [
        sentence.get("text")
        for paragraph in objects(laid_out.get("paragraphs"))
        for sentence in objects(paragraph.get("sentences"))
    ]
    found = [Copy(texts([alternative.get("transcript")]), words), Copy(texts(sentences), words)]
    if isinstance(whole := laid_out.get("transcript"), Text):
        found.append(Copy([whole], words, HEAD.sub("", whole)))
    return found


def _utterances(results: dict[str, Any], words: str) -> list[Copy]:
    """What repeats the words of all channels."""
    listed = objects(results.get("utterances"))
    each = [word for one in listed for word in objects(one.get("words"))]
    return [
        Copy(texts([one.get("transcript") for one in listed]), words),
        *(Copy(texts([word.get(field) for word in each]), words) for field in TWINS),
    ]


def plain(stretch: str) -> str:
    """The words in a stretch of such a file."""
    return speech.plain(stretch, MACHINE, TWINS)
