"""JSON that lists who said what: of known programs, and of anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import readers
from roundtable.model import Utterance
from roundtable.readers.look import Look

from .. import bounded
from .spoken import codes, lost, reading, skipped, turns

LOW, WHO = "The weir is low.", "Who closed it?"


AZURE = {
    "source": "https://example.org/a.wav",
    "combinedRecognizedPhrases": [{"channel": 0, "lexical": "the weir is low who closed it", "display": f"{LOW} {WHO}"}],
    "recognizedPhrases": [
        {"recognitionStatus": "Success", "speaker": 1, "offset": "PT0.5S", "offsetInTicks": 5_000_000.0,
         "nBest": [{"lexical": "the weir is low", "display": LOW, "words": [{"word": "the"}, {"word": "weir"}]},
                   {"lexical": "the weird is low", "display": "The weird is low."}]},
        {"speaker": 2, "offsetInTicks": 20_000_000.0, "nBest": [{"display": WHO}]},
    ],
}  # fmt: skip
AZURE_FAST = {
    "phrases": [
        {"speaker": 1, "offsetMilliseconds": 500, "text": LOW},
        {"speaker": 2, "offsetMilliseconds": 2000, "text": WHO},
    ]
}
CALLS = {
    "Participants": [{"ParticipantRole": "AGENT"}],
    "Transcript": [
        {
            "Id": "a",
            "ParticipantRole": "AGENT",
            "Content": LOW,
            "BeginOffsetMillis": 500,
            "Items": [{"Content": "The"}, {"Content": "weir"}],
        },
        {"ParticipantRole": "CUSTOMER", "Content": WHO, "BeginOffsetMillis": 2000, "EndOffsetMillis": 3000},
    ],
}
OTTER = {
    "speech": {
        "transcripts": [
            {"speaker_id": 5, "transcript": LOW, "start_offset": 8000},
            {"speaker_id": 6, "transcript": WHO, "start_offset": 32000},
        ],
        "speakers": [{"id": 5, "speaker_name": "Ana Duarte"}, {"id": 6, "speaker_name": "Tom Lind"}],
    }
}
HAPPY = [
    {"speaker": "Ana", "words": [{"text": "The weir ", "data_start": 0.5, "type": "text"}, {"text": "is low. "}]},
    {"speaker": "Tom", "words": [{"text": "Who closed it?", "data_start": 2}]},
]
DISCORD = {
    "guild": {"name": "Weir"},
    "messages": [
        {
            "id": "1",
            "content": LOW,
            "author": {"id": "9", "name": "ana", "nickname": "Ana"},
            "reactions": [{"emoji": {"name": "wave"}}],
        },
        {"id": "2", "content": WHO, "author": {"id": "8", "name": "tom", "nickname": ""}},
    ],
}
TELEGRAM = {
    "messages": [
        {"id": 1, "type": "service", "actor": "Ana", "text": ""},
        {"id": 2, "from": "Ana", "from_id": "user1", "text": ["The ", {"type": "bold", "text": "weir"}, " is low."],
         "text_entities": [{"type": "plain", "text": "The "}, {"type": "bold", "text": "weir"}, {"type": "plain", "text": " is low."}]},
        {"id": 3, "from": "Tom", "from_id": "user2", "text": WHO},
    ]
}  # fmt: skip
MATRIX = {
    "messages": [
        {"sender": "@ana:example.org", "content": {"msgtype": "m.text", "body": LOW}},
        {"sender": "@tom:example.org", "content": {"body": WHO}},
    ]
}
ROLES = [{"role": "user", "content": LOW}, {"role": "assistant", "content": WHO}]
OWN = [{"speaker": "Ana", "text": LOW}, {"speaker": "Tom", "text": WHO}]
DEEP = {
    "result": {
        "transcription": {
            "full_transcript": f"{LOW} {WHO}",
            "utterances": [{"speaker": 0, "text": LOW, "start": 0.5}, {"speaker": 1, "text": WHO, "start": 2}],
        }
    }
}
WORDS = {"text": "Low. Who?", "words": [{"text": "Low.", "start": 0.5, "type": "word", "speaker_id": "speaker_0"}, {"text": " ", "speaker_id": "speaker_0"}, {"text": "Who?", "start": 2, "speaker_id": "speaker_1"}]}  # fmt: skip
CLOCKS = [
    {"sentence": LOW, "speaker_name": "Ana", "startTime": "00:00.5"},
    {"sentence": WHO, "speaker_name": "Tom", "startTime": "00:02"},
]


@pytest.mark.parametrize(
    ("value", "names", "starts"),
    [
        (AZURE, ["Speaker 1", "Speaker 2"], [0.5, 2]),
        (AZURE_FAST, ["Speaker 1", "Speaker 2"], [0.5, 2]),
        (CALLS, ["AGENT", "CUSTOMER"], [0.5, 2]),
        (OTTER, ["Ana Duarte", "Tom Lind"], [0.5, 2]),
        (HAPPY, ["Ana", "Tom"], [0.5, 2]),
        (DISCORD, ["Ana", "tom"], [None, None]),
        (TELEGRAM, ["Ana", "Tom"], [None, None]),
        (MATRIX, ["@ana:example.org", "@tom:example.org"], [None, None]),
        (ROLES, ["user", "assistant"], [None, None]),
        (OWN, ["Ana", "Tom"], [None, None]),
        (DEEP, ["Speaker 0", "Speaker 1"], [0.5, 2]),
        (CLOCKS, ["Ana", "Tom"], [0.5, 2]),
    ],
    ids="azure fast calls otter happy discord telegram matrix roles own deep clocks".split(),
)
def test_who_said_what_is_read_from_the_fields(value: Any, names: list[str], starts: list[float | None]) -> None:
    """No word is lost, and no other string is shown."""
    read = reading(value)
    assert read.source.format == "listed"
    found = [(one.label, one.markdown, one.start) for one in read.pieces if isinstance(one, Utterance)]
    assert found == [(names[0], LOW, starts[0]), (names[1], WHO, starts[1])]
    assert lost(read) == []


def test_a_list_of_words_is_put_together() -> None:
    """Each with its speaker; spaces of their own are nobody's."""
    assert turns(reading(WORDS)) == [("speaker_0", 0.5, "Low."), ("speaker_1", 2, "Who?")]


def test_what_is_not_read_is_skipped_by_name_and_copies_are_no_news() -> None:
    """Second guesses of a machine, names of rooms."""
    read = reading(AZURE)
    assert [text for text, _ in skipped(read)] == ["the weird is low", "The weird is low."]
    assert skipped(reading({"room_name": "Weir", **MATRIX})) == [
        ("Weir", "field 'room_name' is not part of the transcript")
    ]


def test_two_people_of_one_name_stay_two() -> None:
    """Their ids tell them apart."""
    messages = [{"content": LOW, "author": {"id": id, "name": "ana"}} for id in ("7", "8", "7")]
    read = reading({"messages": messages})
    assert [one.who for one in read.pieces if isinstance(one, Utterance)] == ["ana-7", "ana-8", "ana-7"]
    assert [(one.id, one.name) for one in read.people] == [("ana-7", "ana"), ("ana-8", "ana")]


@pytest.mark.parametrize(
    "value",
    [
        {"authors": [{"name": "Ana", "text": "a"}, {"name": "Tom", "text": "b"}]},
        [{"speaker": "Ana", "title": "Weirs"}, {"speaker": "Tom", "title": "Locks"}],
        [{"speaker": None, "text": "a"}, {"speaker": None, "text": "b"}],
        {"messages": [{"text": "a"}, {"text": "b"}]},
        [{"speaker": "Ana", "text": "a"}, "b"],
        {"messages": []},
        7,
    ],
)
def test_lists_of_other_things_are_not_claimed(value: Any) -> None:
    """A field must leave no doubt that it names speakers, and another hold words."""
    assert not readers.FORMATS["listed"].recognise(Look("a.json", json.dumps(value)))


CONTESTED = {
    "whisper": {"segments": [{"start": 0, "end": 1, "text": "Low. Who?", "speaker": "A", "words": [{"word": "Low.", "speaker": "B"}]}]},
    "whisper, not the same words": {"segments": [{"start": 0, "end": 1, "text": "Low, no?", "words": [{"word": "Low", "speaker": "A"}, {"word": "hm", "speaker": "B"}]}]},
    "assemblyai": {"text": "Low.", "words": [{"text": "Low.", "speaker": "A"}],
                   "utterances": [{"text": "Low.", "speaker": "A", "words": [{"text": "Low.", "speaker": "B"}]}]},
    "deepgram": {"results": {"channels": [{"alternatives": [{"words": [{"word": "low", "speaker": 1}]}]}],
                             "utterances": [{"transcript": "low", "speaker": 0, "words": [{"word": "low", "speaker": 1}]}]}},
    "aws": {"results": {"transcripts": [{"transcript": "Low"}],
                        "speaker_labels": {"segments": [{"items": [{"start_time": "0.1", "end_time": "0.5", "speaker_label": "spk_1"}]}]},
                        "items": [{"start_time": "0.1", "end_time": "0.5", "speaker_label": "spk_0", "alternatives": [{"content": "Low"}]}]}},
}  # fmt: skip


@pytest.mark.parametrize("name", CONTESTED)
def test_words_with_two_speakers_are_told(name: str) -> None:
    """In any format whose lists may contradict each other."""
    read = reading(CONTESTED[name])
    assert read.source.format == name.partition(",")[0]
    assert "RT235" in codes(read)
    assert lost(read) == []


VALUES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-2, 2), st.sampled_from(["Ana", "Tom", LOW, "", " ", "a b", "type"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from("messages speaker text content role from words author name body phrases type".split()),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_whatever_stands_in_the_lists_nothing_is_lost(value: Any) -> None:
    """And nothing raises."""
    assert lost(reading(json.dumps(value), format="listed")) == []


def test_time_is_linear() -> None:
    """A year of messages costs what its length says."""
    with bounded.ends():
        reading(json.dumps({"messages": TELEGRAM["messages"] * 10_000}))
