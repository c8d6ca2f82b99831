"""What a web page, or the tool that wrote a transcript, leaves behind and nobody said: recognised by its words, never by its place alone."""

from __future__ import annotations

from ..patterns import lazy
from .lines import Line

# Without white space, because a paste often glues the words: "andcategoryIDunder[params.comments.giscus]".
COMMENTS = lazy(
    r"discussionispoweredby|params\.comments\.|poweredbygiscus|poweredbyutterances"
    r"|pleaseenablejavascripttoviewthecomments|commentspoweredbydisqus|blogcommentspoweredby"
)
HEADINGS = frozenset(
    {
        "comments",
        "discussion",
        "leave a comment",
        "评论",
        "評論",
        "コメント",
        "댓글",
        "commentaires",
        "kommentare",
        "comentarios",
    }
)
MAX_CHARACTERS = 1_000

REASON = "placeholder of a comments theme, not transcript: the configured comments block stands in its place"

# What Google Meet and Otter write at the end.
TOOLS = lazy(
    r"Meeting ended after \d[\d:]*(?: 👋)?|This editable transcript was computer generated\b.{0,200}"
    r"|Transcribed by https?://(?:www\.)?otter\.ai/?"
)
TOOLS_REASON = "written by the tool that made the transcript, said by nobody"


def beginning(lines: list[Line]) -> int:
    """The index behind the last line that is no such tool's."""
    end = len(lines)
    while end and TOOLS.fullmatch(lines[end - 1].text):
        end -= 1
    return end


def is_comments_heading(title: str) -> bool:
    """Whether a comments section may begin here."""
    return title.strip().casefold() in HEADINGS


def is_residue(text: str) -> bool:
    """Whether this, all that stands under such a heading, is a theme's placeholder."""
    return len(text) <= MAX_CHARACTERS and COMMENTS.search("".join(text.split()).casefold()) is not None
