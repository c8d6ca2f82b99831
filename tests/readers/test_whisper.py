"""Whisper and its relatives: with speakers and without, by segment and by word."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import speakers

from .spoken import NUMBERS, WORDS, codes, entries, lost, reading, skipped, turns, values


def word(text: str, start: float, speaker: str | None = None) -> dict[str, Any]:
    """A word as WhisperX lists it."""
    return {"word": text, "start": start, "end": start + 0.3, "score": 0.9} | ({"speaker": speaker} if speaker else {})


PLAIN = {
    "text": " The weir is low. Who closed it?",
    "segments": [
        {"id": 0, "seek": 0, "start": 0.0, "end": 2.5, "text": " The weir is low.", "tokens": [50364, 440], "temperature": 0.0, "avg_logprob": -0.2},
        {"id": 1, "seek": 0, "start": 5.0, "end": 6.0, "text": " Who closed it?", "tokens": [440], "temperature": 0.0, "avg_logprob": -0.3},
    ],
    "language": "en",
}  # fmt: skip
SPOKEN = {
    "segments": [
        {"start": 0.0, "end": 2.0, "text": " The weir is low.", "speaker": "SPEAKER_00", "words": [word(w, i / 2, "SPEAKER_00") for i, w in enumerate("The weir is low.".split())]},
        {"start": 2.5, "end": 4.0, "text": " Who closed it? I did.", "speaker": "SPEAKER_01", "words": [
            word("Who", 2.5, "SPEAKER_01"), word("closed", 2.8, "SPEAKER_01"), word("it?", 3.0), word("I", 3.4, "SPEAKER_00"), word("did.", 3.6, "SPEAKER_00"),
        ]},
    ],
    "word_segments": [word(w, i / 2) for i, w in enumerate("The weir is low. Who closed it? I did.".split())],
    "language": "en",
}  # fmt: skip


def test_without_speakers_all_is_narration_and_the_cure_is_told() -> None:
    """A page it becomes all the same."""
    read = reading(PLAIN)
    assert turns(read) == [(None, 0.0, "The weir is low.\n\nWho closed it?")]
    assert (codes(read), lost(read), skipped(read)) == (["RT226"], [], [])
    assert (read.kind, read.metadata.language, read.convention) == ("transcript", "en", "no speakers")
    assert "speaker labels" in str(read.diagnostics[-1].hint)


def test_a_segment_of_two_people_is_split_between_them() -> None:
    """WhisperX names a speaker for each word; one without goes with the word before it."""
    read = reading(SPOKEN)
    assert turns(read) == [
        ("SPEAKER_00", 0.0, "The weir is low."),
        ("SPEAKER_01", 2.5, "Who closed it?"),
        ("SPEAKER_00", 3.4, "I did."),
    ]
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])


def test_words_listed_once_more_for_another_are_told() -> None:
    """WhisperX lists all words behind the segments."""
    again = [word(w, i / 2, "SPEAKER_01") for i, w in enumerate("The weir is low. Who closed it? I did.".split())]
    read = reading({**SPOKEN, "word_segments": again})
    assert codes(read) == ["RT235"]
    assert (
        "6 times: first read as words of 'SPEAKER_00', elsewhere given to 'SPEAKER_01'" in read.diagnostics[-1].message
    )


def test_words_that_are_not_the_segments_are_told() -> None:
    """A list of words is believed only if it says the same."""
    value = json.loads(json.dumps(SPOKEN))
    value["segments"][0]["words"][1]["word"] = "bridge"
    read = reading(value)
    assert turns(read)[0] == ("SPEAKER_00", 0.0, "The weir is low.")
    assert skipped(read) == [("bridge", "field 'word' ought to repeat the words of the transcript, but says others")]
    assert lost(read) == []


def test_a_whole_text_with_other_words_is_told() -> None:
    """Somebody corrected one and not the other."""
    read = reading({**PLAIN, "text": "The weir is open. Who closed it?"})
    assert [text for text, _ in skipped(read)] == ["The weir is open. Who closed it?"]


def test_whisper_cpp() -> None:
    """`transcription`, with offsets in milliseconds, tokens and settings."""
    value = {
        "systeminfo": "AVX = 1 | NEON = 0",
        "model": {"type": "base", "multilingual": True},
        "params": {"model": "models/base bin", "language": "de"},
        "result": {"language": "de"},
        "transcription": [
            {"timestamps": {"from": "00:00:00,000", "to": "00:00:01,500"}, "offsets": {"from": 0, "to": 1500}, "text": " Das Wehr.", "speaker": "0",
             "tokens": [{"text": "[_BEG_]", "id": 50364}, {"text": " Das", "id": 1}, {"text": " Wehr.", "id": 2}]},
            {"timestamps": {"from": "00:00:01,500", "to": "00:00:02,000"}, "offsets": {"from": 1500, "to": 2000}, "text": " Ja.", "speaker": "1"},
            {"timestamps": {"from": "00:00:02,000", "to": "00:00:03,000"}, "offsets": {"from": 2000, "to": 3000}, "text": " So.", "speaker": "?"},
        ],
    }  # fmt: skip
    read = reading(value)
    assert turns(read) == [("Speaker 0", 0.0, "Das Wehr."), ("Speaker 1", 1.5, "Ja."), (None, 2.0, "So.")]
    assert (codes(read), lost(read), skipped(read), read.metadata.language) == (["RT224"], [], [], "de")


def test_pipelines_with_pairs_of_times() -> None:
    """`chunks`, and `speakers` where people were told apart: then the chunks repeat them."""
    chunks = [{"timestamp": [0.0, 1.0], "text": " One."}, {"timestamp": [1.0, None], "text": " Two."}]
    assert turns(reading({"text": " One. Two.", "chunks": chunks})) == [(None, 0.0, "One. Two.")]
    told = [{"speaker": f"SPEAKER_0{i}", **chunk} for i, chunk in enumerate(chunks)]
    read = reading({"speakers": told, "chunks": chunks, "text": " One. Two."})
    assert turns(read) == [("SPEAKER_00", 0.0, "One."), ("SPEAKER_01", 1.0, "Two.")]
    assert (lost(read), skipped(read)) == ([], [])


def test_the_api_names_languages_in_english() -> None:
    """And lists words beside segments."""
    value = {
        "task": "transcribe", "language": "portuguese", "duration": 2.0, "text": "O açude.",
        "segments": [{"id": 0, "start": 0.0, "end": 2.0, "text": "O açude.", "temperature": 0.0}],
        "words": [{"word": "O", "start": 0.0, "end": 0.2}, {"word": "açude", "start": 0.2, "end": 1.0}],
    }  # fmt: skip
    read = reading(value)
    assert (read.metadata.language, lost(read), skipped(read)) == ("pt", [], [])


def test_a_bare_list_of_segments() -> None:
    """As scripts write it."""
    read = reading([{"text": "Good morning.", "start": 0.5, "duration": 1.25, "speaker": "A"}])
    assert turns(read) == [("Speaker A", 0.5, "Good morning.")]


def test_speakers_can_be_named_in_a_sidecar() -> None:
    """By alias; that is what the guide says."""
    from roundtable import readers
    from roundtable.model import Metadata, Person

    people = (Person(name="Ana Duarte", aliases=("SPEAKER_00",)),)
    read = readers.FORMATS["whisper"].read(reading(SPOKEN).source, Metadata(speakers=people))
    document, _ = speakers.attribute(read, "en")
    assert [one.name for one in getattr(document, "speakers", ())] == ["Ana Duarte", "SPEAKER_01"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"segments": [{"text": ""}]}', '{"text": "prose"}'])
def test_what_holds_no_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="whisper")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "segments chunks speakers transcription text words word word_segments speaker start end timestamp offsets from to tokens language result"
ONE_WORD = st.fixed_dictionaries({"word": WORDS, "start": NUMBERS, "speaker": st.sampled_from(["A", "B", None])})


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        st.builds(
            lambda name, listed, text: {name: listed, "text": text},
            st.sampled_from(["segments", "chunks", "speakers", "transcription"]),
            entries(KEYS, text=WORDS, start=NUMBERS, words=st.lists(ONE_WORD, max_size=4)),
            WORDS,
        ),
        st.lists(ONE_WORD, max_size=5).map(
            lambda words: {"segments": [{"text": "".join(w["word"] for w in words), "words": words, "start": 1}]}
        ),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="whisper")) == []
