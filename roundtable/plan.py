"""Which pages the site has, and what each is made from: decided from Summaries alone, before anything is rendered."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import PurePosixPath

from .diagnostics import diagnose
from .markup import slug
from .model import Diagnostic, Metadata, Page, Summary

HOME = "/"
MAX_BYTES = 180  # of one part of a URL
MOST_IN_A_FOLDER = 100  # pages that each page of the folder lists
GENERATED = ("404.html", "feed.xml", "robots.txt", "sitemap.xml")


def url_for(path: str, metadata: Metadata) -> str:
    """The URL of the page for a file, its path given from the content folder: `guide/comments.md` is at `/guide/comments/`."""
    file = PurePosixPath(path)
    folders = [slug(part) or "folder" for part in file.parent.parts]
    last = metadata.slug or ("" if file.stem == "index" else file.stem)
    parts = [*folders, slug(last) or ("page" if last else "")]
    return "/" + "".join(f"{_short(part)}/" for part in parts if part)


def _short(part: str) -> str:
    """A part of a URL that every file system takes: most allow names of 255 bytes."""
    return part.encode()[:MAX_BYTES].decode(errors="ignore").strip("-")


def page_id(path: str, metadata: Metadata) -> str:
    """The stable id of a page: as its file says, else the file's path from the content folder, without its ending."""
    return metadata.id or str(PurePosixPath(path).with_suffix(""))


def newest_first(summaries: Iterable[Summary]) -> tuple[Summary, ...]:
    """Transcripts by date; those without one last, by title."""
    transcripts = sorted((s for s in summaries if s.kind == "transcript"), key=lambda s: (s.title.casefold(), s.path))
    return tuple(sorted(transcripts, key=lambda s: s.date or "", reverse=True))


def in_reading_order(summaries: Iterable[Summary]) -> tuple[Summary, ...]:
    """Plain pages: by folder, its index first, then by `order`, then by title."""
    pages = (s for s in summaries if s.kind == "page" and s.url != HOME)
    return tuple(
        sorted(
            pages,
            key=lambda s: (
                str(PurePosixPath(s.path).parent),
                PurePosixPath(s.path).stem != "index",
                s.order or 999,
                s.title.casefold(),
            ),
        )
    )


def plan(summaries: tuple[Summary, ...], assets: Iterable[str]) -> tuple[tuple[Page, ...], tuple[Diagnostic, ...]]:
    """Every page of the site, and what is wrong with its URLs and dates. `assets` are files that are copied as they are."""
    transcripts, prose = newest_first(summaries), in_reading_order(summaries)
    home = next((s for s in summaries if s.url == HOME), None)
    pages = [
        Page(HOME, "index.html", "home.html", home.path if home else None, listed=transcripts),
        *_chain(transcripts, "transcript.html"),
        *_guide(prose),
        Page("/404.html", "404.html", "404.html"),
    ]
    return tuple(pages), (*_collisions(summaries, assets), *_same_ids(summaries), *_undated(transcripts))


def _same_ids(summaries: tuple[Summary, ...]) -> Iterable[Diagnostic]:
    """Transcripts whose discussions would be one."""
    owner: dict[str, str] = {}
    for s in summaries:
        if s.kind == "transcript" and (other := owner.setdefault(s.id, s.path)) != s.path:
            message = f"two transcripts have the id {s.id!r}: {other} and {s.path}"
            yield diagnose("RT501", message, (s.path, 1, 1), "give one of them another 'id' in its front matter")


def _undated(transcripts: tuple[Summary, ...]) -> Iterable[Diagnostic]:
    hint = "add 'date: 2026-11-23' (or a month, or a year), or begin the file's name with it"
    return (diagnose("RT505", "no date, so not in the feed", (s.path, 1, 1), hint) for s in transcripts if not s.date)


def _chain(listed: tuple[Summary, ...], template: str) -> Iterable[Page]:
    """A page each, with its neighbours in time: `previous` is the older one."""
    listed = tuple(s for s in listed if s.url != HOME)
    for i, s in enumerate(listed):
        older = listed[i + 1] if i + 1 < len(listed) else None
        yield Page(s.url, s.url.lstrip("/") + "index.html", template, s.path, older, listed[i - 1] if i else None)


def _guide(prose: tuple[Summary, ...]) -> Iterable[Page]:
    """A page each, with its neighbours in reading order and the pages of its folder."""
    for _, group in groupby(prose, key=lambda s: PurePosixPath(s.path).parent):
        together = tuple(group)
        listed = together if len(together) <= MOST_IN_A_FOLDER else ()
        for i, s in enumerate(together):
            before, after = together[i - 1] if i else None, together[i + 1] if i + 1 < len(together) else None
            yield Page(s.url, s.url.lstrip("/") + "index.html", "page.html", s.path, before, after, listed)


def _collisions(summaries: tuple[Summary, ...], assets: Iterable[str]) -> Iterable[Diagnostic]:
    owner: dict[str, str] = {f"/{name}": "a file that every site has" for name in GENERATED}
    for s in summaries:
        if s.url == HOME and s.kind == "transcript":
            yield diagnose(
                "RT501", "a transcript would be at /, where the home page is", (s.path, 1, 1), "rename the file"
            )
    for path in sorted(assets):
        owner.setdefault(f"/{path}", path)
    for s in summaries:
        claims = [s.url + "index.html", *([s.url + "index.md"] if s.kind == "transcript" else [])]
        taken = next((owner[claim] for claim in claims if claim in owner), None)
        if taken is not None:
            hint = "rename one of them, or give it another 'slug' in its front matter"
            yield diagnose("RT501", f"two files would be at {s.url}: {taken} and {s.path}", (s.path, 1, 1), hint)
        owner.update(dict.fromkeys(claims, s.path))
