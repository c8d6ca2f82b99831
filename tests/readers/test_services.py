"""Speechmatics, Rev, Google: lists of words with the speaker of each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .spoken import NUMBERS, WORDS, codes, entries, lost, reading, skipped, turns, values


def heard(text: str, start: float, speaker: str | None, **more: Any) -> dict[str, Any]:
    """A word or a sign as Speechmatics lists it."""
    best = {"content": text, "confidence": 1.0, "language": "en"} | ({"speaker": speaker} if speaker else {})
    return {"alternatives": [best], "start_time": start, "end_time": start + 0.3, "type": "word", **more}


def sign(text: str, start: float, speaker: str) -> dict[str, Any]:
    """A sign."""
    return heard(text, start, speaker, type="punctuation", attaches_to="previous", is_eos=True)


SPEECHMATICS = {
    "format": "2.9",
    "job": {"id": "x", "data_name": "weir.mp3"},
    "metadata": {"type": "transcription", "transcription_config": {"language": "en", "diarization": "speaker"}},
    "results": [heard("Low", 0.1, "S1"), sign("?", 0.4, "S1"), heard("Very", 0.9, "S2"), sign(".", 1.2, "S2"), heard("Oh", 2.0, "UU")],
}  # fmt: skip


def test_speechmatics() -> None:
    """Signs touch the word before them; "UU" is somebody unknown, which is told."""
    read = reading(SPEECHMATICS)
    assert turns(read) == [("S1", 0.1, "Low?"), ("S2", 0.9, "Very."), (None, 2.0, "Oh")]
    assert (codes(read), lost(read), skipped(read)) == (["RT224"], [], [])
    assert read.metadata.language == "en"
    assert read.source.reason == "has 'results' with 'type' and 'content', as Speechmatics writes them"


def element(text: str, start: float | None = None) -> dict[str, Any]:
    """An element of a monologue: a word, or without a time a sign."""
    if start is None:
        return {"type": "punct", "value": text}
    return {"type": "text", "value": text, "ts": start, "end_ts": start + 0.2, "confidence": 0.9}


def test_rev() -> None:
    """Spaces are signs of their own; names come from the list of speakers, or beside the number."""
    one = [element("The", 0.1), element(" "), element("weir", 0.4), element("?")]
    value = {
        "speakers": [{"id": 0, "name": "Ana Duarte"}],
        "monologues": [
            {"speaker": 0, "elements": one},
            {"speaker": 1, "elements": [element("Low", 1.0), element(",")]},
            {"speaker": 1, "elements": [element("very", 1.4), element(".")]},
            {"speaker": 2, "speaker_info": {"id": "x", "display_name": "Tomas Lind"}, "elements": [element("Who", 3.0), element("?")]},
        ],
    }  # fmt: skip
    read = reading(value)
    assert turns(read) == [
        ("Ana Duarte", 0.1, "The weir?"),
        ("Speaker 1", 1.0, "Low, very."),
        ("Tomas Lind", 3.0, "Who?"),
    ]
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])


def timed(text: str, start: Any, speaker: int | None = None) -> dict[str, Any]:
    """A word as Google lists it."""
    return {"word": text, "startTime": start, "endTime": start} | ({"speakerTag": speaker} if speaker else {})


def test_google_lists_all_words_once_more_with_their_speakers() -> None:
    """They are read once; times come as "0.1s", or as seconds and billionths."""
    first = {"transcript": "Low? Very.", "words": [timed("Low?", "0.100s"), timed("Very.", "0.900s")]}
    second = {"transcript": " Who?", "words": [timed("Who?", "2s")]}
    nanos = {"seconds": "2", "nanos": 500_000_000}
    last = {"words": [timed("Low?", "0.100s", 1), timed("Very.", "0.900s", 2), timed("Who?", nanos, 1)]}
    read = reading({"results": [{"alternatives": [one], "languageCode": "en-us"} for one in (first, second, last)]})
    assert turns(read) == [("Speaker 1", 0.1, "Low?"), ("Speaker 2", 0.9, "Very."), ("Speaker 1", 2.5, "Who?")]
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])


def test_google_without_speakers_is_narration() -> None:
    """Its results follow each other."""
    words = [timed("Low?", "0.1s"), timed("Very.", "0.9s")]
    read = reading({"results": [{"alternatives": [{"transcript": one["word"], "words": [one]}]} for one in words]})
    assert turns(read) == [(None, 0.1, "Low? Very.")]
    assert (codes(read), lost(read), skipped(read)) == (["RT226"], [], [])


@pytest.mark.parametrize("text", ["", "{", "{}", '{"results": [{"alternatives": [{}]}]}', '{"monologues": []}'])
def test_what_holds_no_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="services")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "results alternatives words word content type speaker monologues elements value transcript speakerTag startTime attaches_to"
SIGN = st.sampled_from(["word", "punctuation", "text", "punct"])
HEARD = entries(KEYS, alternatives=entries(KEYS, content=WORDS, speaker=st.sampled_from(["S1", "S2"])), type=SIGN)
ELEMENTS = entries(KEYS, value=WORDS, type=SIGN, ts=NUMBERS)
LISTED = entries(KEYS, word=WORDS, speakerTag=st.sampled_from([0, 1, 2]), startTime=NUMBERS)


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        HEARD.map(lambda results: {"results": results}),
        entries(KEYS, elements=ELEMENTS, speaker=st.sampled_from([0, 1])).map(lambda each: {"monologues": each}),
        entries(KEYS, alternatives=entries(KEYS, words=LISTED, transcript=WORDS)).map(lambda each: {"results": each}),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="services")) == []
