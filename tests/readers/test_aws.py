"""Amazon Transcribe: words, punctuation, and whose they are in each of its ways to say so."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable.model import Utterance

from .spoken import WORDS, codes, entries, lost, reading, skipped, turns, values

SENTENCES = [("spk_0", "The weir is low ."), ("spk_1", "Who closed it ?"), ("spk_0", "I did , yesterday .")]


def item(content: str, start: float, **more: Any) -> dict[str, Any]:
    """One entry of `items`."""
    if content in ".,?。":
        return {"alternatives": [{"confidence": "0.0", "content": content}], "type": "punctuation", **more}
    times = {"start_time": f"{start:.2f}", "end_time": f"{start + 0.4:.2f}"}
    return {**times, "alternatives": [{"confidence": "0.99", "content": content}], "type": "pronunciation", **more}


def items(**more: str) -> list[dict[str, Any]]:
    """All entries, half a second each; `more` names the field in which the speaker stands."""
    words = [(who, one) for who, sentence in SENTENCES for one in sentence.split()]
    return [item(one, i / 2, **dict.fromkeys(more, who)) for i, (who, one) in enumerate(words)]


def job(**results: Any) -> dict[str, Any]:
    """A whole file."""
    text = "The weir is low. Who closed it? I did, yesterday."
    made: dict[str, Any] = {"transcripts": [{"transcript": text}], "items": items(), **results}
    return {"jobName": "the weir", "accountId": "0123", "results": made, "status": "COMPLETED"}


WHO = [
    ("spk_0", 0.0, "The weir is low."),
    ("spk_1", 2.5, "Who closed it?"),
    ("spk_0", 4.5, "I did, yesterday."),
]


def test_older_files_name_speakers_by_time() -> None:
    """In a list of segments beside the words."""
    words = items(speaker_label="")
    listed = [
        {"start_time": w["start_time"], "end_time": w["end_time"], "speaker_label": w["speaker_label"]}
        for w in words
        if "start_time" in w
    ]
    segments = [
        {"speaker_label": one["speaker_label"], "start_time": one["start_time"], "items": [one]} for one in listed
    ]
    read = reading(job(speaker_labels={"speakers": 2, "segments": segments}))
    assert turns(read) == WHO
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])
    assert read.source.format == "aws"


def test_newer_files_name_the_speaker_of_each_word() -> None:
    """And repeat the words in stretches of one speaker."""
    segments = [
        {"id": i, "transcript": text, "speaker_label": who, "items": [1, 2]} for i, (who, _, text) in enumerate(WHO)
    ]
    read = reading(job(items=items(speaker_label=""), audio_segments=segments, language_code="en-US"))
    assert turns(read) == WHO
    assert (codes(read), lost(read), skipped(read), read.metadata.language) == ([], [], [], "en-US")


def test_channels_are_merged_by_time() -> None:
    """Each is listed by itself; the list of all words repeats them."""
    words = [item("Good", 0.0), item("morning", 0.5), item(".", 1), item("Fine", 4.0), item(".", 4.5)]
    others = [item("How", 2.0), item("is", 2.3), item("it", 2.6), item("?", 3.0)]
    channels = [{"channel_label": "ch_0", "items": words}, {"channel_label": "ch_1", "items": others}]
    labels = {"channels": channels, "number_of_channels": 2}
    text = [{"transcript": "Good morning. How is it? Fine."}]
    read = reading(job(channel_labels=labels, items=[*words[:3], *others, *words[3:]], transcripts=text))
    assert turns(read) == [("ch_0", 0.0, "Good morning."), ("ch_1", 2.0, "How is it?"), ("ch_0", 4.0, "Fine.")]
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])


def test_without_speakers_all_is_narration() -> None:
    """And the cure is told."""
    read = reading(job())
    assert turns(read) == [(None, 0.0, "The weir is low. Who closed it? I did, yesterday.")]
    assert codes(read) == ["RT226"]


def test_languages_without_spaces_get_none() -> None:
    """Words are listed one by one all the same."""
    words = [item(one, i / 2) for i, one in enumerate(["水位", "很", "低", "。"])]
    read = reading(job(items=words, transcripts=[{"transcript": "水位很低。"}]))
    assert (turns(read), lost(read), skipped(read)) == ([(None, 0.0, "水位很低。")], [], [])


def test_other_guesses_are_skipped() -> None:
    """The best one counts; an utterance never reaches over words that are not its own."""
    words = items(speaker_label="")
    words[1]["alternatives"].append({"confidence": "0.4", "content": "wear"})
    read = reading(job(items=words))
    assert turns(read)[0] == WHO[0]
    assert skipped(read) == [("wear", "field 'content' is not part of the transcript")]
    assert lost(read) == []


def test_a_text_that_says_other_words_is_told() -> None:
    """It is compared."""
    read = reading(job(transcripts=[{"transcript": "The bridge is low."}]))
    assert [text for text, _ in skipped(read)] == ["The bridge is low."]


def test_an_utterance_reaches_from_its_first_word_to_its_last() -> None:
    """With its punctuation."""
    read = reading(job())
    first = next(piece for piece in read.pieces if isinstance(piece, Utterance))
    assert read.source.text[first.span.start :].startswith('"The"')
    assert read.source.text[: first.span.end].endswith('"."')


def test_a_result_without_items_has_its_text() -> None:
    """Better than nothing."""
    assert turns(reading(job(items=[])))[0][2] == "The weir is low. Who closed it? I did, yesterday."


@pytest.mark.parametrize("text", ["", "{", '{"results": {"transcripts": [], "items": []}}', "[1]"])
def test_what_holds_no_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="aws")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "results transcripts transcript items alternatives content type start_time end_time speaker_labels segments speaker_label channel_labels channels channel_label audio_segments"
ALTERNATIVES = st.lists(st.fixed_dictionaries({"content": WORDS, "confidence": st.just("1.0")}), max_size=2)
ITEMS = entries(
    KEYS, alternatives=ALTERNATIVES, type=st.sampled_from(["punctuation", "pronunciation"]), speaker_label=st.sampled_from(["spk_0", "spk_1"])
)  # fmt: skip


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        st.builds(
            lambda text, own, channels: {
                "results": {
                    "transcripts": [{"transcript": text}],
                    "items": own,
                    "channel_labels": {"channels": channels},
                }
            },
            WORDS,
            ITEMS,
            entries(KEYS, channel_label=WORDS, items=ITEMS),
        ),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="aws")) == []
