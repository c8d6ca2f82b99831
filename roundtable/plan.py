"""Which pages the site has, and what each is made from: decided from Summaries alone, before anything is rendered."""

from __future__ import annotations

import posixpath
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from itertools import chain, groupby
from pathlib import PurePosixPath
from typing import NamedTuple

from . import aliases
from .diagnostics import diagnose
from .links import Link
from .markup import slug
from .model import MARK, Diagnostic, Intent, Item, Metadata, Voice
from .provenance import digest
from .readers.names import role_kind

HOME, SPEAKERS = "/", "/speakers/"
ANSWERS = "answers/"  # below a transcript's URL: its answers side by side
PART, QUOTED, NAMES = 100, 20, 1_000  # documents, documents of a speaker, and names that a part of a list has
# Names that tools and transcribers give to whoever it is.
ANYBODY = re.compile(
    r"(?:(?:unknown|unidentified)\b.*|(?:speaker|voice|participant|caller)\b\W*\w{0,3}|.?\W*\d*)", re.IGNORECASE
)
PARTS = re.compile(r"/archive/\d+/\Z")  # how the URLs of later parts end
MAX_BYTES = 180  # of one part of a URL
MOST_IN_A_FOLDER = 100  # pages that each page of the folder lists
REDIRECT, VOICE = "redirect.html", "speaker.html"
GENERATED = ("404.html", "feed.json", "feed.xml", "robots.txt", "sitemap.xml")


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


def page_id(path: str, said: str | None) -> str:
    """The stable id of a page: as its file says, else the file's path from the content folder, without its ending."""
    return said or str(PurePosixPath(path).with_suffix(""))


def in_reading_order(prose: Iterable[Item]) -> list[Item]:
    """Plain pages: by folder, its index first, then by `order`, then by title."""
    pages = ((PurePosixPath(item.path), item) for item in prose if item.url != HOME)
    key = lambda one: (str(one[0].parent), one[0].stem != "index", one[1].order or 999, one[1].sorting)  # noqa: E731
    return [item for _, item in sorted(pages, key=key)]


class Moved(NamedTuple):
    """A former address of a document, as its front matter says."""

    url: str
    item: Item
    link: Link  # as written, and where


class Plan(NamedTuple):
    """Every page that a site is to have."""

    intents: Callable[[], Iterable[Intent]]  # anew each time: all of them at once would take much memory
    voices: int  # speakers with a page of their own
    found: tuple[Diagnostic, ...]  # what is wrong with URLs and dates
    moved: tuple[Moved, ...] = ()


def plan(
    newest: list[Item], prose: list[Item], content: str, assets: Collection[str], former: Mapping[str, tuple[Link, ...]],
    translations: Mapping[str, tuple[Item, ...]],
) -> Plan:  # fmt: skip
    """The pages that transcripts, the newest first, and plain pages make.

    `content` is the folder of both; `assets` are files that are copied as they are, by path from the output folder;
    `former` are the addresses at which documents once were, `translations` the same documents in other languages, both by path of
    the source.
    """
    owner = {item.url: item for item in (*prose, *newest)}
    voices = _voices(newest)

    def intents() -> Iterable[Intent]:
        return chain(
            _parts(_at(HOME, "home.html", owner), newest, PART),
            _chain(newest, translations),
            _guide((item for item in in_reading_order(prose) if not _is_voice(item.url, voices)), translations),
            _directory(voices, owner),
            chain.from_iterable(
                _parts(_at(url, VOICE, owner, title=name)._replace(voice=url), listed, QUOTED)
                for url, (name, listed) in voices.items()
            ),
            [Intent("/404.html", "404.html", "404.html")],
            (Intent(one.url, aliases.file(one.url), REDIRECT, listed=(one.item,)) for one in moved),
        )

    lists = _lists(newest, voices)
    grids = frozenset(item.url + ANSWERS for item in newest if item.has_answers)
    moved, taken = _moved((*prose, *newest), former, _Taken(owner, lists, assets)) if former else ((), [])
    found = (
        *_one_url([*prose, *newest], owner, lists, grids),
        *_in_the_way(owner, assets, lists | grids),
        *_same_ids(newest, content),
        *_undated(newest),
        *taken,
    )
    return Plan(intents, len(voices), found, moved)


def _at(url: str, template: str, owner: Mapping[str, Item], title: str = "") -> Intent:
    """A page at a URL; it shows the plain page that is there, if there is one."""
    there = owner.get(url)
    shown = there if there and there.kind == "page" else None
    return Intent(url, f"{url[1:]}index.html", template, shown, title=title)


def _parts(first: Intent, listed: list[Item], size: int) -> Iterable[Intent]:
    """A list in parts, numbered from the oldest, so that a new document changes the newest part and no other."""
    full = max(len(listed) // size - 1, 0)
    newest = len(listed) - full * size
    yield first._replace(listed=tuple(listed[:newest]), older=_part(first.url, full))
    for number in range(full, 0, -1):
        begin, url = len(listed) - number * size, _part(first.url, number) or first.url
        newer = first.url if number == full else _part(first.url, number + 1)
        part, older = tuple(listed[begin : begin + size]), _part(first.url, number - 1)
        yield Intent(
            url, f"{url[1:]}index.html", "list.html", listed=part, title=first.title, newer=newer, older=older,
            voice=first.voice,
        )  # fmt: skip


def _part(url: str, number: int) -> str | None:
    return f"{url}archive/{number}/" if number else None


Voices = dict[str, tuple[str, list[Item]]]  # by URL: a name, and the transcripts in which somebody of that name speaks


@lru_cache(maxsize=10_000)
def voice_url(name: str) -> str | None:
    """Where all that is said under a name is listed; None for a name that could be anybody's."""
    is_nobody = ANYBODY.fullmatch(name) or role_kind(name) or not slug(name)
    return None if is_nobody else f"{SPEAKERS}{_short(slug(name))}/"


@lru_cache(maxsize=10_000)
def voice_mark(url: str) -> bytes:
    """What stands for the page of a speaker in Item.said."""
    return digest(url.encode())[:MARK]


def _voices(newest: list[Item]) -> Voices:
    """Speakers by name. Forms of a name that make one URL are one."""
    found: Voices = {}
    known: dict[str, dict[str, str]] = {}  # the same people speak again and again
    for item in newest:
        for url, name in (known.get(item.names) or known.setdefault(item.names, _urls(item.names))).items():
            found.setdefault(url, (name, []))[1].append(item)
    return dict(sorted(found.items()))


def _urls(names: str) -> dict[str, str]:
    """The names that have a page, by its URL."""
    urls = ((voice_url(name), name) for name in reversed(names.split("\n")))
    return {url: name for url, name in urls if url is not None}


def _is_voice(url: str, voices: Voices) -> bool:
    return url in voices or (url == SPEAKERS and bool(voices))


def _directory(voices: Voices, owner: Mapping[str, Item]) -> Iterable[Intent]:
    """The list of all speakers, in parts."""
    known = [Voice(name, url, len(listed)) for url, (name, listed) in voices.items()]
    known.sort(key=lambda voice: _alphabetical(voice.url))
    parts = [tuple(known[begin : begin + NAMES]) for begin in range(0, len(known), NAMES)]
    urls = [_part(SPEAKERS, number) or SPEAKERS for number in range(len(parts))]
    for url, part, before, after in zip(urls, parts, [None, *urls], [*urls[1:], None], strict=False):
        yield _at(url, "speakers.html", owner)._replace(voices=part, newer=before, older=after)


def _alphabetical(url: str) -> tuple[str, str, str, str]:
    """Where a name stands among others, told by the URL that is made of it: all that begin with É behind all with E."""
    first, plain = url[len(SPEAKERS)], url
    if not url.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", url) if not unicodedata.combining(sign))
    return plain[len(SPEAKERS) :][:1], first, plain, url


def _lists(newest: list[Item], voices: Voices) -> frozenset[str]:
    """The URLs that lists have, and their parts."""
    lengths = {HOME: len(newest) // PART, **{url: len(listed) // QUOTED for url, (_, listed) in voices.items()}}
    parts = {f"{url}archive/{number}/" for url, length in lengths.items() for number in range(1, length)}
    names = {f"{SPEAKERS}archive/{number}/" for number in range(1, -(-len(voices) // NAMES))}
    return frozenset((*voices, *parts, *names, *([SPEAKERS] if voices else [])))


def _same_ids(transcripts: list[Item], content: str) -> Iterable[Diagnostic]:
    """Transcripts whose discussions would be one. No two have the same unless one says so: paths differ."""
    if not any(item.id for item in transcripts):
        return
    owner: dict[str, str] = {}
    for item in sorted(transcripts, key=lambda item: item.path):
        id = page_id(item.path.removeprefix(f"{content}/"), item.id)
        if (other := owner.setdefault(id, item.path)) != item.path:
            message = f"two transcripts have the id {id!r}: {other} and {item.path}"
            yield diagnose("RT501", message, (item.path, 1, 1), "give one of them another 'id' in its front matter")


def _undated(transcripts: list[Item]) -> Iterable[Diagnostic]:
    hint = "add 'date: 2026-11-23' (or a month, or a year), or begin the file's name with it"
    return (diagnose("RT505", "no date, so not in the feed", (i.path, 1, 1), hint) for i in transcripts if not i.date)


def _chain(listed: list[Item], translations: Mapping[str, tuple[Item, ...]]) -> Iterable[Intent]:
    """A page each, with its neighbours in time: `previous` is the older one."""
    listed = [item for item in listed if item.url != HOME]
    for newer, item, older in zip([None, *listed], listed, [*listed[1:], None], strict=False):
        same = translations.get(item.path, ())
        yield Intent(item.url, f"{item.url[1:]}index.html", "transcript.html", item, older, newer, translations=same)
        if item.has_answers:
            url = item.url + ANSWERS
            yield Intent(url, f"{url[1:]}index.html", "answers.html", item)


def _guide(prose: Iterable[Item], translations: Mapping[str, tuple[Item, ...]]) -> Iterable[Intent]:
    """A page each, with its neighbours in reading order and the pages of its folder."""
    for _, group in groupby(prose, key=lambda item: PurePosixPath(item.path).parent):
        together = tuple(group)
        listed = together if len(together) <= MOST_IN_A_FOLDER else ()
        for before, item, after in zip((None, *together), together, (*together[1:], None), strict=False):
            same, file = translations.get(item.path, ()), f"{item.url[1:]}index.html"
            yield Intent(item.url, file, "page.html", item, before, after, listed, translations=same)


OTHER_SLUG = "rename one of them, or give it another 'slug' in its front matter"


def _clash(item: Item, other: str) -> Diagnostic:
    return diagnose(
        "RT501", f"two files would be at {item.url}: {other} and {item.path}", (item.path, 1, 1), OTHER_SLUG
    )


def _one_url(
    items: list[Item], owner: Mapping[str, Item], lists: frozenset[str], grids: frozenset[str]
) -> Iterable[Diagnostic]:  # fmt: skip
    """Documents at one URL, or where a list or a transcript's answers are."""
    for item in items:
        if item.url == HOME and item.kind == "transcript":
            where = "a transcript would be at /, where the home page is"
            yield diagnose("RT501", where, (item.path, 1, 1), "rename the file")
        if (other := owner[item.url]) is not item:
            first, second = sorted((item, other), key=lambda one: one.path)
            yield _clash(second, first.path)
        elif item.url in lists and (item.kind == "transcript" or PARTS.search(item.url)):
            yield _clash(item, "a list of the site's")
        elif item.url in grids:
            yield _clash(item, f"the answers of {owner[item.url.removesuffix(ANSWERS)].path}")


def _in_the_way(owner: Mapping[str, Item], assets: Iterable[str], lists: frozenset[str]) -> Iterable[Diagnostic]:
    """Files that are copied to where a page is, or where one needs a folder."""
    urls = sorted(owner)
    for asset in sorted(assets):
        folder, name = posixpath.split(f"/{asset}")
        there = owner.get(f"{folder}/".replace("//", "/")) if name in ("index.html", "index.md") else None
        below = bisect_left(urls, f"/{asset}/")
        if there and (name == "index.html" or there.kind == "transcript"):
            yield _clash(there, asset)
        elif (
            (urls[below : below + 1] and urls[below].startswith(f"/{asset}/"))
            or asset == "index.html"
            or _hides(asset, lists)
        ):
            message = f"two files would be at /{asset}, or one where the other needs a folder"
            yield diagnose("RT501", message, None, OTHER_SLUG)


class _Taken:
    """What is where a former address would be, or where it would need a folder."""

    def __init__(self, owner: Mapping[str, Item], lists: frozenset[str], assets: Iterable[str]) -> None:
        self._pages = {HOME: "the home page", **dict.fromkeys(lists, "a list of the site's")}
        self._pages |= {url: item.path for url, item in owner.items()}
        self._transcripts = {url for url, item in owner.items() if item.kind == "transcript"}
        self._files = {f"/{name}": "a file that every site has" for name in GENERATED}
        self._files |= {f"/{asset}": asset for asset in assets}
        self._folders: dict[str, str] = {}
        for url, what in (*self._pages.items(), *self._files.items()):
            self._put(url, what)

    def _put(self, url: str, what: str) -> None:
        folder = url[: url.rfind("/")]
        while folder and folder not in self._folders:
            self._folders[folder] = what
            folder = folder[: folder.rfind("/")]

    def by(self, url: str) -> str | None:
        """What is at a URL, or in its way; None if nothing is, and then the URL is taken."""
        file = f"/{aliases.file(url)}"
        there = self._pages.get(url) or self._files.get(file) or self._folders.get(file)
        folder = file[: file.rfind("/")]
        while folder and not there:
            above, _, name = folder.rpartition("/")
            is_beside = f"{above}/" in self._transcripts and "." in name  # a transcript in another form
            there = self._files.get(folder) or (self._pages[f"{above}/"] if is_beside else None)
            folder = above
        if not there:
            self._files[file] = f"another address in 'aliases', {url}"
            self._put(file, self._files[file])
        return there


def _moved(
    items: Iterable[Item], former: Mapping[str, tuple[Link, ...]], taken: _Taken
) -> tuple[tuple[Moved, ...], list[Diagnostic]]:  # fmt: skip
    """Former addresses, and those that are something else's; by path of the source, so that the first has it."""
    found, wrong = [], []
    for item in sorted((item for item in items if item.path in former), key=lambda item: item.path):
        for link in former[item.path]:
            url = aliases.url(link.written)
            if other := taken.by(url):
                message, hint = (
                    f"two files would be at {url}: {other}, and a page that leads to {item.url}",
                    "take the address out",
                )
                wrong.append(diagnose("RT501", message, link.place, hint, link.line))
            else:
                found.append(Moved(url, item, link))
    return tuple(found), wrong


def _hides(asset: str, lists: frozenset[str]) -> bool:
    """Whether a file is where a list is, or where one needs a folder."""
    return any(url in lists for url in (f"/{asset}/", f"/{asset}/1/", f"/{asset}".removesuffix("index.html")))
