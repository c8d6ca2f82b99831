"""Questions and answers: a host's turn, and what others say until the host speaks again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .markup import IDEOGRAPH, strip
from .model import Section, Speaker, Transcript, Turn
from .patterns import lazy
from .recognition import ASKS

FEWEST = 2  # questions that two people answer, in a conversation whose answers are worth a page of their own
MOST = 6  # columns that a screen holds
LONGEST = 90  # characters of a question in a list
SHORTEST = 4  # words of a question that says what it is about
# A sentence ends with these, and what closes behind them; not where a short capitalised word or a letter stands before ("Dr.").
END = lazy(r"(?<!\b[A-Z][a-z])(?<!\b[A-Z])[.!?…][\"'”’»)]*\s+|[。！？؟۔][\"'”’»）」』]*\s*")


class Exchange(NamedTuple):
    """A question, and what is said until the next one."""

    question: Turn
    answers: tuple[Turn, ...]


class Answers(NamedTuple):
    """A conversation as a grid: a question a row, whoever answers a column."""

    columns: tuple[Speaker, ...]
    rows: tuple[tuple[Section, Exchange], ...]  # each under its section

    def cell(self, exchange: Exchange, speaker: Speaker) -> tuple[Turn, ...]:
        """What a speaker answers to a question; nothing, if they don't."""
        return tuple(turn for turn in exchange.answers if turn.speaker == speaker.id)


def hosts(transcript: Transcript) -> frozenset[str]:
    """The ids of those who ask."""
    return frozenset(speaker.id for speaker in transcript.speakers if speaker.kind == "host")


def exchanges(transcript: Transcript) -> tuple[tuple[Section, Exchange], ...]:
    """The exchanges of a conversation, each with the section in which it begins; none where nobody is known to be the host.

    A host's turn that nobody answers opens none. Narration belongs to no exchange.
    """
    asking = hosts(transcript)
    if not asking:
        return ()
    found: list[tuple[Section, Turn, list[Turn]]] = []
    for section in transcript.sections:
        for turn in section.turns:
            if turn.speaker in asking:
                found.append((section, turn, []))
            elif turn.speaker and found:
                found[-1][2].append(turn)
    return tuple((section, Exchange(question, tuple(answers))) for section, question, answers in found if answers)


def answers(transcript: Transcript) -> Answers | None:
    """The grid of a conversation; None where it has too few questions that several answer, or too many who do."""
    if len(transcript.speakers) < 1 + FEWEST or not (rows := exchanges(transcript)):
        return None
    answering = {turn.speaker for _, one in rows for turn in one.answers}
    columns = tuple(speaker for speaker in transcript.speakers if speaker.id in answering)
    shared = sum(len({turn.speaker for turn in one.answers}) > 1 for _, one in rows)
    return Answers(columns, rows) if FEWEST <= len(columns) <= MOST and shared >= FEWEST else None


def questions(transcript: Transcript, html: Mapping[str, str]) -> dict[str, str]:
    """Each question in a few words, by its turn's id; `html` are the words of turns."""
    return {one.question.id: asked(strip(html[one.question.id])) for _, one in exchanges(transcript)}


def tells(question: str) -> bool:
    """Whether a question says what it is about, so that it can stand by itself, as in a list of contents."""
    return bool(IDEOGRAPH.search(question)) or len(question.split()) >= SHORTEST


def asked(text: str) -> str:
    """What is asked: the last sentence that is a question and says about what, else the last one; its beginning, if it is long."""
    sentences = _sentences(" ".join(text.split()))
    asking = [one for one in sentences if one.rstrip("\"'”’»)）」』").endswith(ASKS)]
    telling = [one for one in asking if tells(one)]
    return _short((telling or asking or sentences or [""])[-1])


def _sentences(text: str) -> list[str]:
    found, at = [], 0
    for end in END.finditer(text):
        found.append(text[at : end.end()].strip())
        at = end.end()
    return [one for one in (*found, text[at:].strip()) if one]


def _short(text: str) -> str:
    """The beginning of a text, cut between words where there are any."""
    if len(text) <= LONGEST:
        return text
    head, _, _ = text[:LONGEST].rpartition(" ")
    return f"{(head if len(head) > LONGEST // 2 else text[:LONGEST]).rstrip(' ,;:–—，、；：')}…"
