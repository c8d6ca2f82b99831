"""Deepgram: the speaker of each word, and the lists that repeat the words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from .spoken import NUMBERS, WORDS, codes, entries, lost, reading, skipped, turns, values

SAID = [(0, "The weir is low."), (1, "Who closed it?"), (0, "I did.")]


def words(first: float = 0.0) -> list[dict[str, Any]]:
    """All words, half a second each."""
    each = [(who, one) for who, sentence in SAID for one in sentence.split()]
    return [
        {"word": one.strip(".?").lower(), "start": first + i / 2, "end": first + i / 2 + 0.4, "confidence": 0.9, "speaker": who, "punctuated_word": one}
        for i, (who, one) in enumerate(each)
    ]  # fmt: skip


def answer(alternative: dict[str, Any] | None = None, **results: Any) -> dict[str, Any]:
    """A whole file."""
    transcript = " ".join(text for _, text in SAID)
    best = {"transcript": transcript, "confidence": 0.9, "words": words(), **(alternative or {})}
    meta = {
        "request_id": "e4ac910d",
        "models": ["626940ac-4b66"],
        "model_info": {"626940ac-4b66": {"name": "2 general", "arch": "nova"}},
    }
    return {"metadata": meta, "results": {"channels": [{"alternatives": [best]}], **results}}


WHO = [("Speaker 0", 0.0, "The weir is low."), ("Speaker 1", 2.0, "Who closed it?"), ("Speaker 0", 3.5, "I did.")]


def test_each_word_has_its_speaker() -> None:
    """The bare form of a word is the same word."""
    read = reading(answer())
    assert turns(read) == WHO
    assert (codes(read), lost(read), skipped(read), read.source.format) == ([], [], [], "deepgram")


def test_utterances_cut_at_pauses_do_not_move_words_to_somebody_else() -> None:
    """They may hold words of two; the words know better. Paragraphs repeat them, under heads of their own."""
    text = "The weir is low. Who closed it? I did."
    sentences = [{"text": one, "start": 0, "end": 1} for _, one in SAID]
    paragraphs = {
        "transcript": "\nSpeaker 0: The weir is low.\n\nSpeaker 1: Who closed it?\n\nSpeaker 0: I did.",
        "paragraphs": [{"sentences": sentences, "speaker": 0, "num_words": 9}],
    }
    read = reading(
        answer(
            {"paragraphs": paragraphs}, utterances=[{"transcript": text, "speaker": 0, "words": words(), "id": "9f-1"}]
        )
    )
    assert turns(read) == WHO
    assert (lost(read), skipped(read)) == ([], [])


def test_sentences_and_words_given_to_another_once_more_are_told() -> None:
    """Paragraphs and utterances name speakers as well."""
    sentences = [{"text": text, "start": 0, "end": 1} for _, text in SAID]
    wrong = {"paragraphs": [{"sentences": [one], "speaker": 0} for one in sentences]}
    assert codes(reading(answer({"paragraphs": wrong}))) == ["RT235"]
    right = {
        "paragraphs": [{"sentences": [one], "speaker": who} for one, (who, _) in zip(sentences, SAID, strict=True)]
    }
    assert codes(reading(answer({"paragraphs": right}))) == []
    other = [{**word, "speaker": 1} for word in words()]
    read = reading(
        answer(utterances=[{"transcript": " ".join(text for _, text in SAID), "speaker": 1, "words": other}])
    )
    assert (turns(read), codes(read)) == (WHO, ["RT235"])


def test_the_punctuated_form_may_come_first() -> None:
    """The order of fields means nothing."""
    turned = [{"punctuated_word": one.pop("punctuated_word"), **one} for one in words()]
    read = reading(answer({"words": turned}))
    assert (turns(read), lost(read), skipped(read)) == (WHO, [], [])


def test_a_bare_form_that_differs_is_told() -> None:
    """Numbers, say: "twenty" became "20"."""
    listed = words()
    listed[3] = {**listed[3], "word": "twenty", "punctuated_word": "20."}
    read = reading(answer({"words": listed, "transcript": "The weir is 20. Who closed it? I did."}))
    assert turns(read)[0] == ("Speaker 0", 0.0, "The weir is 20\\.")
    assert skipped(read) == [("twenty", "field 'word' ought to repeat the words of the transcript, but says others")]
    assert lost(read) == []


def test_channels_are_merged_by_time() -> None:
    """Each speaks for itself."""
    first = {
        "transcript": "Hello. Fine.",
        "words": [{"word": "Hello.", "start": 0, "end": 0.4}, {"word": "Fine.", "start": 3, "end": 3.4}],
    }
    second = {"transcript": "Well?", "words": [{"word": "Well?", "start": 1.5, "end": 2}]}
    read = reading({"results": {"channels": [{"alternatives": [first]}, {"alternatives": [second]}]}})
    assert turns(read) == [("Channel 0", 0.0, "Hello."), ("Channel 1", 1.5, "Well?"), ("Channel 0", 3.0, "Fine.")]
    assert lost(read) == []


def test_without_speakers_all_is_narration() -> None:
    """A pause makes a paragraph where a sentence ends; the language is what was detected."""
    listed = [{k: v for k, v in word.items() if k not in ("speaker", "punctuated_word")} for word in words()]
    value = answer({"words": listed, "transcript": "the weir is low who closed it i did"})
    value["results"]["channels"][0]["detected_language"] = "pt"
    read = reading(value)
    assert turns(read) == [(None, 0.0, "the weir is low who closed it i did")]
    assert (codes(read), read.metadata.language) == (["RT226"], "pt")


def test_summaries_and_other_guesses_are_skipped() -> None:
    """A machine's summary is nobody's words."""
    value = answer(summary={"short": "They talk about a weir.", "result": "success"})
    value["results"]["channels"][0]["alternatives"].append({"transcript": "The wear is low."})
    read = reading(value)
    assert [text for text, _ in skipped(read)] == ["The wear is low.", "They talk about a weir.", "success"]
    assert (turns(read), lost(read)) == (WHO, [])


def test_a_result_without_words_has_its_text() -> None:
    """Better than nothing."""
    assert turns(reading(answer({"words": []})))[0][2] == "The weir is low. Who closed it? I did."


@pytest.mark.parametrize("text", ["", "{", '{"results": {"channels": [{"alternatives": [{}]}]}}'])
def test_what_holds_no_words_is_said(text: str) -> None:
    """And nothing is lost."""
    read = reading(text, format="deepgram")
    assert {"RT202", "RT225"} & {*codes(read)}
    assert lost(read) == []


KEYS = "results channels alternatives words word punctuated_word transcript paragraphs sentences utterances speaker start end language id"
ONE = entries(KEYS, word=WORDS, punctuated_word=WORDS, start=NUMBERS, speaker=st.sampled_from([0, 1]))
ALIKE = st.lists(WORDS.map(lambda one: {"word": one.lower(), "punctuated_word": f"{one}."}), max_size=5)


@settings(max_examples=300)
@given(
    st.one_of(
        values(KEYS),
        st.builds(
            lambda own, other, text: {
                "results": {
                    "channels": [
                        {"alternatives": [{"words": own, "transcript": text}]},
                        {"alternatives": [{"words": other}]},
                    ]
                }
            },
            ONE | ALIKE,
            ONE,
            WORDS,
        ),
        (ALIKE | ONE).map(lambda own: {"results": {"channels": [{"alternatives": [{"words": own}]}]}}),
    )
)
def test_nothing_makes_the_reader_raise_or_lose_a_word(value: Any) -> None:
    """Whatever a file holds."""
    assert lost(reading(json.dumps(value), format="deepgram")) == []
