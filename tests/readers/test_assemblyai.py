"""AssemblyAI: utterances, or words with their speakers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .spoken import NUMBERS, WORDS, codes, entries, lost, reading, skipped, turns, values

SAID = [("A", "The weir is low."), ("B", "Who closed it?"), ("A", "I did.")]


def words() -> list[dict[str, Any]]:
    """All words, half a second each."""
    each = [(who, one) for who, sentence in SAID for one in sentence.split()]
    return [
        {"text": one, "start": i * 500, "end": i * 500 + 400, "confidence": 0.9, "speaker": who} for i, (who, one) in enumerate(each)
    ]  # fmt: skip


def transcript(**more: Any) -> dict[str, Any]:
    """A whole file, with some of its settings."""
    return {
        "id": "6a9zvzyx8u-f8fd-4bf4", "language_code": "en_us", "status": "completed", "acoustic_model": "assemblyai_default",
        "audio_url": "https://example.org/a b.mp3", "text": " ".join(text for _, text in SAID), "words": words(),
        "utterances": None, "punctuate": True, "webhook_url": "null", "word_boost": [], **more,
    }  # fmt: skip


WHO = [("Speaker A", 0.0, "The weir is low."), ("Speaker B", 2.0, "Who closed it?"), ("Speaker A", 3.5, "I did.")]


def test_words_with_speakers_are_put_together() -> None:
    """Where no utterances were asked for."""
    read = reading(transcript())
    assert turns(read) == WHO
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])
    assert (read.source.format, read.metadata.language) == ("assemblyai", "en-us")


def test_utterances_come_first() -> None:
    """Their words repeat them."""
    listed = []
    for who, text in SAID:
        own = [word for word in words() if word["text"] in text.split()]
        listed.append({"speaker": who, "text": text, "start": own[0]["start"], "end": own[-1]["end"], "words": own})
    read = reading(transcript(utterances=listed))
    assert turns(read) == WHO
    assert (codes(read), lost(read), skipped(read)) == ([], [], [])


def test_words_given_to_another_than_their_utterance_are_told() -> None:
    """The list of all words names speakers, too; where it spells other words, that is told instead."""
    listed = [{"speaker": who, "text": text, "start": 0, "end": 1} for who, text in SAID]
    other = [{**word, "speaker": "C" if word["text"] == "closed" else word["speaker"]} for word in words()]
    read = reading(transcript(utterances=listed, words=other))
    assert [who for who, _, _ in turns(read)] == [who for who, _, _ in WHO]
    told = [one.message for one in read.diagnostics if one.code == "RT235"]
    assert told == [
        "the file names two speakers for the same words, once: first read as words of 'Speaker B', elsewhere given to 'Speaker C'"
    ]
    assert codes(reading(transcript(utterances=listed, words=[*other, {**other[0], "text": "Oh."}]))) == []


def test_people_who_were_recognised_keep_their_names() -> None:
    """A name may hold a space, beside each word."""
    named = [{**word, "speaker": "Ana Duarte"} for word in words()]
    read = reading(transcript(words=named))
    assert [who for who, _, _ in turns(read)] == ["Ana Duarte"]
    assert lost(read) == []


def test_summary_and_chapters_are_skipped() -> None:
    """A machine wrote them; nobody said them."""
    read = reading(
        transcript(summary="- A weir is low.", chapters=[{"gist": "Weir", "headline": "A low weir", "start": 0}])
    )
    assert [reason for _, reason in skipped(read)] == [
        f"field {name!r} is not part of the transcript" for name in ("summary", "gist", "headline")
    ]
    assert lost(read) == []


def test_without_speakers_all_is_narration() -> None:
    """And the cure is told."""
    read = reading(transcript(words=[{**word, "speaker": None} for word in words()]))
    assert turns(read) == [(None, 0.0, "The weir is low. Who closed it? I did.")]
    assert codes(read) == ["RT226"]


@pytest.mark.parametrize("text", ["", "{", '{"words": [], "text": ""}'])
def test_what_holds_no_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="assemblyai")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "text words utterances speaker start end channel confidence chapters id"
ONE = entries(KEYS, text=WORDS, start=NUMBERS, speaker=st.sampled_from(["A", "B", "Ana Duarte", None]))


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        st.builds(
            lambda own, listed, text: {"words": own, "utterances": listed, "text": text}, ONE, st.none() | ONE, WORDS
        ),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="assemblyai")) == []
