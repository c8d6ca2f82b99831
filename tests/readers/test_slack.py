"""Slack exports: channels, messages, mentions, links."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import fidelity, readers, speakers
from roundtable.model import Reading, Skipped, Source, Transcript

from .test_docx import packed

USERS = [
    {"id": "U1", "name": "ana", "profile": {"real_name": "Ana Duarte"}},
    {"id": "U2", "name": "tom", "real_name": "Tomas Lind", "profile": {"display_name": "tom"}},
    {"id": "U3", "name": "ana2", "profile": {"real_name": "Ana Duarte"}},
]


def export(messages: Any, **more: Any) -> bytes:
    """An export with one channel of these messages; `more` days of other channels by name."""
    days = {f"{name}/2026-03-05.json": json.dumps(day) for name, day in {"harbour": messages, **more}.items()}
    lists = {"users.json": json.dumps(USERS), "channels.json": json.dumps([{"name": "weir"}, {"name": "harbour"}])}
    return packed({**lists, **days, "integration_logs.json": "[]"})


def say(text: str, user: str = "U1", ts: str = "1.0", **more: Any) -> dict[str, Any]:
    """A message."""
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def taken(data: bytes) -> Source:
    """The source in an export."""
    source, found = readers.decode("chat.zip", data)
    assert source is not None
    assert [one for one in found if one.severity == "error"] == []
    assert len(source.lines) == source.text.count("\n") + 1
    return source


def reading(data: bytes) -> Reading:
    """The reading of an export; nothing of it is lost."""
    read = readers.read(taken(data))
    assert fidelity.reading(read) == ()
    return read


def transcript(data: bytes) -> Transcript:
    """The transcript in an export."""
    document, _ = speakers.attribute(reading(data), "en")
    assert isinstance(document, Transcript)
    return document


def test_channels_become_sections_and_messages_turns() -> None:
    """In the order of channels and of time; who comes and goes is narration; two of one name stay two."""
    data = export(
        [
            say("Yes.", "U2", "3.5"),
            say("Is the *harbour* silted?", "U1", "2.0"),
            say("<@U2> has joined the channel", "U2", "1.0", subtype="channel_join"),
            say("I am another Ana.", "U3", "4.0"),
        ],
        weir=[say("Full.", "U1")],
    )
    one = transcript(data)
    assert [section.title for section in one.sections] == ["weir", "harbour"]
    assert [(turn.speaker, turn.markdown) for turn in one.turns()] == [
        ("ana-duarte", "Full."),
        (None, "@Tomas Lind has joined the channel"),
        ("ana-duarte", "Is the **harbour** silted?"),
        ("tomas-lind", "Yes."),
        ("ana-duarte-2", "I am another Ana."),
    ]
    assert [turn.span.line for turn in one.turns()] == [1, 2, 3, 4, 5]
    assert reading(data).convention == "Slack messages in 2 channels"


def test_the_markup_of_messages() -> None:
    """Mentions, links, entities, lines, code, emoji; what Markdown would change is escaped."""
    text = "<@U2> <#C1|weir> <!here> <@U9|jo>: see <https://example.org/a|the log> &amp; <https://example.org/b>\n# no :wave: `x*y` _so_ &lt;b&gt;\n\n<mailto:a@example.org|a@example.org>"
    (turn,) = transcript(export([say(text)])).turns()
    assert turn.markdown == (
        "@Tomas Lind #weir @here @jo: see [the log](https://example.org/a) & [https://example.org/b](https://example.org/b)\n\n"
        "\\# no :wave: \\`x\\*y\\` *so* &lt;b>\n\n[a@example.org](mailto:a@example.org)"
    )


def test_nobody_can_write_a_message_for_somebody_else() -> None:
    """Words are indented, whatever stands in them."""
    turns = transcript(export([say("Hi.\nU2 Tomas Lind:\n    I resign.\n# weir\n-:")])).turns()
    assert [turn.speaker for turn in turns] == ["ana-duarte"]


def test_bots_files_blocks_and_previews() -> None:
    """A bot speaks under its name; a file is named; a message may hold its words in blocks; a preview is skipped."""
    data = export(
        [
            say(
                "",
                "",
                "1",
                subtype="bot_message",
                username="Tide Bot",
                attachments=[{"title": "High water", "text": "6:00"}],
            ),
            say(
                "Look.",
                "U1",
                "2",
                files=[{"title": "map.png"}],
                attachments=[{"title": "A page", "text": "about silt"}],
            ),
            say("", "U1", "3", blocks=[{"elements": [{"elements": [{"type": "text", "text": "In blocks."}]}]}]),
            say("", "U1", "4"),
            {"no": "message"},
        ]
    )
    assert [(turn.speaker, turn.markdown) for turn in transcript(data).turns()] == [
        ("tide-bot", "High water 6:00"),
        ("ana-duarte", "Look.\n\n\\[map.png]"),
        ("ana-duarte", "In blocks."),
    ]
    assert [(one.text, one.reason) for one in reading(data).pieces if isinstance(one, Skipped)] == [
        ("A page about silt", "preview of a link")
    ]


def test_a_day_that_cannot_be_read_is_said() -> None:
    """The others are read."""
    parts = {"users.json": "[]", "a/2026-03-05.json": "[{", "a/2026-03-06.json": json.dumps([say("Hi.")])}
    source, found = readers.decode("chat.zip", packed({**parts}))
    assert source is not None
    assert source.text == "# a\nU1 U1:\n    Hi.\n"
    assert [(one.code, one.severity) for one in found] == [("RT233", "warning")]


def test_a_day_with_a_field_given_twice_is_left_out_and_said() -> None:
    """One of two texts, or of two users, would be lost."""
    day = '[{"type": "message", "user": "U1", "ts": "1.0", "text": "One.", "text": "Two."}]'
    source, found = readers.decode("chat.zip", packed({"users.json": "[]", "a/2026-03-05.json": day}))
    assert source is not None
    assert source.text == "# a\n"
    assert [(one.code, "'text' stands twice" in one.message) for one in found] == [("RT233", True)]


def test_a_message_without_a_time_stays_behind_the_one_before_it() -> None:
    """What is no time is none: it is told once."""
    bad = ["soon", None, "-5.0", "3093527980800", "NaN", "inf", True, {"a": 1}]
    day = [say("Two.", ts="2.0"), *(say(f"Two, {i}.", ts=ts) for i, ts in enumerate(bad)), say("One.", ts="1.0")]  # type: ignore[arg-type]
    data = export(day)
    assert [turn.markdown for turn in transcript(data).turns()] == ["One.", "Two.", *(f"Two, {i}." for i in range(8))]
    _, found = readers.decode("chat.zip", data)
    assert [(one.code, one.message) for one in found] == [
        ("RT234", "messages without a time in 'harbour', 8 in all: each stands behind the one before it")
    ]


def test_what_events_repeat_is_skipped_with_its_reason() -> None:
    """Edits, deletions, answers; and what is no message at all."""
    data = export(
        [
            say("Rows.", ts="1"),
            {"subtype": "message_changed", "ts": "2", "message": say("Rowed."), "previous_message": say("Rows.")},
            {"subtype": "message_deleted", "ts": "3", "previous_message": say("Never.")},
            {"subtype": "message_replied", "ts": "4", "message": say("Rows.", thread_ts="1")},
            {"type": "desktop_notification", "ts": "5", "text": "Ding"},
            say("Me too.", "U2", "6", thread_ts="1", subtype="thread_broadcast", root=say("Rows.")),
        ]
    )
    assert [(turn.speaker, turn.markdown) for turn in transcript(data).turns()] == [
        ("ana-duarte", "Rows."),
        ("tomas-lind", "Me too."),
    ]
    assert [(one.text, one.reason) for one in reading(data).pieces if isinstance(one, Skipped)] == [
        ("Rowed.", "message as it was edited"),
        ("Rows.", "message before it was edited"),
        ("Never.", "message that was deleted"),
        ("Rows.", "message that has answers, once more"),
        ("Ding", "no message, but an event in a channel"),
    ]


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.floats()
    | st.text("ab<@U1|>*_` \n:#~-&;\x00\ud800", max_size=12)
    | st.sampled_from(["message", "U1", "1.5", "message_changed"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                "type user text ts subtype message previous_message username bot_id attachments title blocks elements files name profile user_profile real_name".split()
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(JSON)
@example({"user": None, "text": "1", "username": "\x00"})
@example([{"message": {"text": "one"}}, {"previous_message": {"text": "two"}, "text": "three"}])
def test_no_export_loses_a_word(messages: Any) -> None:
    """Whatever it holds, nothing raises, and the text of each message is in what is read."""
    source, found = readers.decode("a.zip", export(messages, other=[messages, say("Ana: x"), say("y", "- #")]))
    assert source is not None
    assert [one for one in found if one.code == "RT401"] == []
    source.text.encode()  # half a character can't be written
    assert fidelity.reading(readers.read(source)) == ()
