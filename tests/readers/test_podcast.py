"""Podcast transcripts: Podcasting 2.0 and Podlove."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import readers, speakers
from roundtable.model import Metadata, Person, Source, Transcript, Utterance
from roundtable.readers.look import Look

from .spoken import NUMBERS, WORDS, codes, entries, lost, reading, skipped, turns, values

SEGMENTS = {
    "version": "1.0.0",
    "segments": [
        {"speaker": "Ana Duarte", "startTime": 0.5, "endTime": 2.25, "body": "Good morning."},
        {"speaker": "Ana Duarte", "startTime": 2.5, "endTime": 4, "body": "The *weir* is low.\n"},
        {"speaker": "Tomas Lind", "startTime": 4.5, "endTime": 6.0, "body": "How “low”?"},
        {"startTime": 6.5, "endTime": 7.0, "body": "[A bell rings]"},
    ],
}  # fmt: skip
LINES = [
    {"start": "00:00:01.500", "start_ms": 1500, "end": "00:00:03.000", "end_ms": 3000, "speaker": "3", "voice": "Ana", "text": "Grüße an alle."},
    {"start": "00:00:03.200", "start_ms": 3200, "end": "00:00:04.000", "end_ms": 4000, "speaker": "4", "voice": "Tomas", "text": "Hallo."},
]  # fmt: skip


def test_segments_become_turns() -> None:
    """Neighbouring segments of one speaker are one turn; words of nobody are narration."""
    read = reading(SEGMENTS)
    assert read.source.format == "podcast"
    assert turns(read) == [
        ("Ana Duarte", 0.5, "Good morning. The \\*weir\\* is low."),
        ("Tomas Lind", 4.5, "How “low”?"),
        (None, 6.5, "\\[A bell rings]"),
    ]
    assert (lost(read), codes(read), skipped(read)) == ([], [], [])
    assert read.convention == "'speaker', 3 of 4 segments"


def test_segments_of_one_word_are_put_together() -> None:
    """As karaoke-like players want them."""
    words = [
        {"speaker": "Ana", "startTime": i / 2, "endTime": i / 2 + 0.4, "body": w}
        for i, w in enumerate("The weir is low.".split())
    ]
    assert turns(reading({"version": "1.0.0", "segments": words})) == [("Ana", 0.0, "The weir is low.")]


def test_an_utterance_stands_where_its_text_does() -> None:
    """The string, with its quotation marks."""
    read = reading(SEGMENTS)
    first = next(piece for piece in read.pieces if isinstance(piece, Utterance))
    assert read.source.text[first.span.start : first.span.end] == '"Good morning."'
    assert (first.span.line, first.words_at) == (8, first.span.start)


def test_podlove_has_names_and_numbers() -> None:
    """The name is the label."""
    read = reading(LINES)
    assert turns(read) == [("Ana", 1.5, "Grüße an alle."), ("Tomas", 3.2, "Hallo.")]
    assert (lost(read), codes(read), read.people) == ([], [], ())


def test_podlove_without_names_keeps_the_numbers() -> None:
    """In `transcripts`, as the player takes them."""
    lines = [{"start": "00:00:00.000", "end": "00:00:2.000", "end_ms": 99, "text": "Hello.", "speaker": "1"}, {"start": "00:00:02.000", "end": "00:00:04.000", "text": "So."}]  # fmt: skip
    assert turns(reading({"transcripts": lines})) == [("Speaker 1", 0.0, "Hello."), (None, 2.0, "So.")]


def test_a_number_whose_name_is_told_elsewhere_has_that_name() -> None:
    """Once is enough."""
    lines = [LINES[0], {**LINES[1], "speaker": "3", "voice": ""}]
    assert [who for who, _, _ in turns(reading(lines))] == ["Ana"]


def test_two_people_of_one_name_stay_two() -> None:
    """Their numbers tell them apart."""
    read = reading([LINES[0], {**LINES[1], "voice": "Ana"}])
    assert read.people == (Person(name="Ana", id="Speaker 3"), Person(name="Ana", id="Speaker 4"))
    document, found = speakers.attribute(read, "en")
    assert isinstance(document, Transcript)
    assert [turn.speaker for turn in document.turns()] == ["speaker-3", "speaker-4"]
    assert not [one for one in found if one.severity == "error"]


def test_a_sidecar_gives_the_full_names() -> None:
    """By alias, as for every label."""
    source, _ = readers.decode("a.json", json.dumps(LINES).encode())
    assert isinstance(source, Source)
    people = (Person(name="Ana Duarte", aliases=("Ana",)),)
    document, _ = speakers.attribute(readers.read(source, Metadata(speakers=people)), "en")
    assert isinstance(document, Transcript)
    assert [one.name for one in document.speakers] == ["Ana Duarte", "Tomas"]


def test_a_field_that_nobody_knows_is_skipped_and_told() -> None:
    """Prose in it is not on the page, and not lost in silence."""
    segments = [{**SEGMENTS["segments"][0], "remark": "whispered"}, SEGMENTS["segments"][2]]  # type: ignore[index, dict-item]
    read = reading({"version": "1.0.0", "segments": segments, "notes": ["See the map"]})
    assert skipped(read) == [
        ("whispered", "field 'remark' is not part of the transcript"),
        ("See the map", "field 'notes' is not part of the transcript"),
    ]
    assert lost(read) == []


@pytest.mark.parametrize(
    "text",
    [
        '{"segments": [\n{"speaker": "Ana", "startTime": 0, "body": "One.", "body": "Two."}]}',
        '{"segments": [{"start": 0, "end": 1,\n"text": "One.", "text": "Two."}]}',
        '[{"start": "0:00:01", "end": "0:00:02", "text": "One.",\n"voice": "Ana", "voice": "Tomas"}]',
        '{"text": "One.", "audio_url": "a", "words": [{"text": "One."}],\n"words": [{"text": "Two."}]}',
        '{"results": {"transcripts": [{"transcript": "a"}], "items": [],\n"items": []}}',
        '{"results": {"channels": [{"alternatives": [{}]}],\n"channels": [{"alternatives": [{}]}]}}',
    ],
)
def test_a_field_given_twice_is_an_error_at_its_place(text: str) -> None:
    """In each of these formats: one of two speakers, or of two sentences, would be lost."""
    read = reading(text)
    found = [(one.code, one.line) for one in read.diagnostics if one.severity == "error"]
    assert found == [("RT225", 2)]
    assert "stands twice in one object" in next(one.message for one in read.diagnostics if one.severity == "error")
    assert lost(read) == []


def test_times_that_are_none_are_left_out() -> None:
    """Strings with numbers are times, negative and endless ones are not; no turn ends before it begins."""
    segments = [
        {"speaker": "A", "startTime": s, "endTime": e, "body": "x"} for s, e in [("1.5", 2), (-1, 1e300), (5, 3)]
    ]
    found = [(p.start, p.end) for p in reading({"segments": segments}).pieces if isinstance(p, Utterance)]
    assert found == [(1.5, 2.0), (None, None), (5.0, None)]


@pytest.mark.parametrize(
    "value",
    [
        {"segments": []},
        {"segments": [{"text": "a"}]},
        {"segments": [{"body": "a"}]},
        {"transcript": [{"timestamp": "0:01", "speaker": "A", "text": "a"}]},
        {"content": [{"kind": "speech", "speaker": "A", "text": "a"}]},
        [{"text": "a", "start": "Monday", "end": "Tuesday"}],
        [{"text": "a"}, {"text": "b"}],
        ["a"],
        [],
        {},
    ],
)
def test_other_json_is_not_claimed(value: Any) -> None:
    """Nor by any other format of this family."""
    look = Look("a.json", json.dumps(value))
    assert [key for key, one in readers.FORMATS.items() if one.recognise(look)] == []
    assert not readers.is_source("a.json", lambda: json.dumps(value).encode())


@pytest.mark.parametrize("text", ["", "{", "[[[[", '{"segments": 1}', "{}", "[]", "prose", "[" * 100_000])
def test_what_cannot_be_read_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="podcast")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "segments transcripts speaker voice start end start_ms body text startTime notes type"


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        st.builds(lambda s: {"segments": s}, entries(KEYS, body=WORDS, startTime=NUMBERS, speaker=WORDS | NUMBERS)),
        entries(KEYS, text=WORDS, start=st.just("0:01"), speaker=WORDS, voice=WORDS),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="podcast")) == []


@given(st.text())
def test_no_text_makes_the_reader_raise(text: str) -> None:
    """Even where it is no JSON."""
    source = Source("a.json", text, "", "podcast")
    assert lost(readers.read(source)) == []
