"""What is kept of a document from one build to the next: all that its own page shows, as bytes.

A turn's HTML is kept only where it says more than its Markdown does: most turns are plain paragraphs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from .markup import Entry, Rendered, paragraphs
from .model import Document, Prose, SourceSpan, Transcript

BODY = "body"  # the id of a plain page's only text


class Shown(NamedTuple):
    """Words as a page shows them."""

    html: str  # a fragment, safe to insert
    words: int  # how many
    contents: tuple[Entry, ...] = ()


class Body(NamedTuple):
    """A document, and its words as its page shows them: by turn id; a plain page's under BODY."""

    document: Document
    shown: Mapping[str, Shown]


def spans(document: Document) -> Mapping[str, SourceSpan]:
    """Where the words of each turn, or of a page's body, stand in the source."""
    if isinstance(document, Transcript):
        return {turn.id: turn.span for turn in document.turns()}
    return {BODY: document.span}


class _Kept(msgspec.Struct, array_like=True, gc=False):
    """A body as it is kept."""

    transcript: Transcript | None
    prose: Prose | None
    html: list[str | None]  # None: the paragraphs of the Markdown as they stand
    words: list[int]
    contents: tuple[Entry, ...] = ()


ENCODER = msgspec.msgpack.Encoder()
DECODER = msgspec.msgpack.Decoder(_Kept)


def encode(document: Document, rendered: Mapping[str, Rendered]) -> bytes:
    """The bytes of a body; `rendered` by turn id, in the order of turns."""
    words = [one.words for one in rendered.values()]
    if not isinstance(document, Transcript):
        body = rendered[BODY]
        return ENCODER.encode(_Kept(None, document, [body.html], words, body.contents))
    html = [None if one.bare else one.html for one in rendered.values()]
    return ENCODER.encode(_Kept(document, None, html, words))


def decode(data: bytes) -> Body:
    """The body that was encoded."""
    kept = DECODER.decode(data)
    if kept.prose:
        return Body(kept.prose, {BODY: Shown(kept.html[0] or "", kept.words[0], kept.contents)})
    if not kept.transcript:
        raise ValueError("a body without a document")
    turns = zip(kept.transcript.turns(), kept.html, kept.words, strict=True)
    shown = {turn.id: Shown(paragraphs(turn.markdown) if html is None else html, words) for turn, html, words in turns}
    return Body(kept.transcript, shown)
