"""The two stages that can be spread over processes: read one file, make one page. Functions of their arguments alone.

What they hand back is encoded, because it goes into the store; what a build holds of a document is an Item.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote as quote_url
from urllib.parse import unquote

import msgspec

from . import (
    bodies,
    cards,
    fidelity,
    frontmatter,
    links,
    markup,
    output,
    permalinks,
    readers,
    recordings,
    silences,
    speakers,
    syndication,
)
from .bodies import BODY, Shown
from .config import Config
from .diagnostics import diagnose, in_order, line_at
from .exchanges import answers, exchanges, questions
from .exports import EXPORTS
from .links import Link
from .markup import Rendered
from .model import (
    MARKED,
    Artifact,
    Diagnostic,
    Document,
    Item,
    Metadata,
    Page,
    Person,
    Quote,
    Reading,
    Source,
    SourceSpan,
    Summary,
    Transcript,
    Turn,
    Voice,
)
from .output import Place
from .plan import ANSWERS, HOME, SPEAKERS, VOICE, page_id, url_for, voice_mark, voice_url
from .provenance import digest
from .recordings import Beside
from .render import Renderer, Shared
from .sources import SIDECARS, Found
from .store import PageRow, SourceRow

encode = msgspec.msgpack.encode
FOUND = msgspec.msgpack.Decoder(tuple[Diagnostic, ...])
SUMMARY = msgspec.msgpack.Decoder(Summary)
QUOTES = msgspec.msgpack.Decoder(tuple[Quote, ...])
ID = re.compile(r" id=\"[^\"]*\"(?=[^<>]*>)")  # an attribute of clean HTML
MOST_QUOTED = 40  # turns of a speaker in one transcript: more are a chat, which its own page shows best

Said = tuple[tuple[str, bytes], ...]  # what is quoted, encoded, by URL of the speaker's page


# --- read one file ---------------------------------------------------------------------------------------------------


class Desk(NamedTuple):
    """What is needed to read any file of a site."""

    root: Path
    content: str
    language: str
    people: tuple[Person, ...]  # of content/speakers/: whom labels in any transcript may name
    epoch: bytes  # digest of all this, and of the code
    advises: bool = False  # whether rules for editors run, too


class Unread(NamedTuple):
    """A file to read, and the digest of what was read of it, if it was."""

    file: Found
    known: bytes | None
    held: str  # what the ledger has of it


def read(desk: Desk, one: Unread) -> SourceRow | None:
    """Source, reading, document and rendered turns of one file, each step proven to lose nothing; None if it is as known."""
    path, sidecar = one.file
    loaded = [_loaded(desk.root, name) for name in one.file if name]
    if (found := digest(*(part for some in loaded for part in _held(some)))) == one.known:
        return None
    reading, wrong = _reading(*loaded)
    if reading is None:
        return SourceRow(
            path, desk.epoch, found, sidecar, False, None, 0, 0, None, encode(wrong), None, None, None, None, None
        )
    document, told = speakers.attribute(reading, desk.language, desk.people)
    part = None
    if isinstance(document, Transcript):
        document, part, lost = permalinks.settled(document, one.held, desk.content)
        told = (*told, *lost)
    rendered, lost = _rendered(reading, document)
    summary = _summary(desk.content, document)
    linking = {id: one for id, one in rendered.items() if one.attributes}
    written = links.written(reading.source, links.anchored(reading, document, linking)) if linking else ()
    moved = _named(reading.source, loaded[1:], document.metadata.aliases)
    files = recordings.named(document.metadata)
    written += _named(reading.source, loaded[1:], files)
    original = _named(reading.source, loaded[1:], tuple(filter(None, (document.metadata.translation_of,))))
    attached = encode((summary.audio is not None, files)) if files or summary.audio else None
    body, said = bodies.encode(document, rendered), _said(document, rendered)
    quiet, unsaid = silences.silences(reading, next((_source(one)[0] for one in loaded[1:]), None))
    diagnostics = (*wrong, *reading.diagnostics, *told, *fidelity.reading(reading), *lost, *unsaid)
    return SourceRow(
        path, desk.epoch, found, sidecar, document.metadata.draft, _item(document, summary, body, said),
        *fidelity.length(document, rendered), encode(summary), encode(diagnostics) if diagnostics else None,
        encode(written) if written else None, body, part, encode(moved) if moved else None, attached, said,
        encode(quiet) if quiet else None, _advice(desk, reading, document, rendered, diagnostics), _inaudible(document),
        encode(original) if original else None,
    )  # fmt: skip


def _advice(
    desk: Desk, reading: Reading, document: Document, rendered: Mapping[str, Rendered], told: tuple[Diagnostic, ...]
) -> bytes | None:  # fmt: skip
    """What only editors want to know, encoded, if anybody asks."""
    if not desk.advises:
        return None
    from . import rules  # a build does without

    return encode(rules.advice(reading, document, rendered, desk.people, told))


def _inaudible(document: Document) -> int:
    """How many marks say that something wasn't understood."""
    if not isinstance(document, Transcript):
        return 0
    return sum(mark.kind == "inaudible" for turn in document.turns() if turn.marks for mark in turn.marks)


def _held(some: _Loaded) -> tuple[bytes, bytes]:
    """What tells a file from others, and from itself when it can't be read."""
    return some.path.encode(), encode(some.found) if some.data is None else b"\0" + some.data


def _named(source: Source, sidecar: Iterable[_Loaded], values: tuple[str, ...]) -> tuple[Link, ...]:
    """What front matter names, each with its place."""
    if not values:
        return ()
    beside = next((_source(one)[0] for one in sidecar), None)
    spans = ((one, frontmatter.place_of(one, source, beside)) for one in values)
    texts = {one.path: one.text for one in (source, beside) if one}
    return tuple(Link(one, span, line_at(texts[span.path], span.start)) for one, span in spans)


def _item(document: Document, summary: Summary, body: bytes, quoted: Said) -> Item:
    said, names = document.metadata.id, (speaker.name for speaker in summary.speakers)
    return Item(
        summary.path, summary.kind, summary.url, said, summary.date or "", summary.title.casefold(), summary.order,
        "\n".join(names), digest(encode(summary)), digest(body),
        isinstance(document, Transcript) and answers(document) is not None,
        b"".join((voice_mark(url) + digest(part))[:MARKED] for url, part in quoted),
    )  # fmt: skip


def _said(document: Document, rendered: Mapping[str, Rendered]) -> Said:
    """What speakers' pages quote of a document: all turns of each, each with its question, if they aren't very many."""
    if not isinstance(document, Transcript):
        return ()
    turns: dict[str, list[Turn]] = {}
    for turn in document.turns():
        if turn.speaker:
            turns.setdefault(turn.speaker, []).append(turn)
    few = {id: own for id, own in turns.items() if len(own) <= MOST_QUOTED and voice_url(document.speaker(id).name)}
    if not few:
        return ()
    html = {turn.id: rendered[turn.id].html for turn in document.turns()}
    asked = questions(document, html)
    answered = {turn.id: one.question.id for _, one in exchanges(document) for turn in one.answers}
    found: dict[str, list[Quote]] = {}
    for id, own in few.items():
        quotes = found.setdefault(voice_url(document.speaker(id).name) or "", [])
        for turn in own:
            question = answered.get(turn.id, "")
            name = document.speaker(id).name
            quotes.append(Quote(turn.id, html[turn.id], name, asked.get(question, ""), question))
    return tuple((url, encode(quotes)) for url, quotes in found.items())


def people(root: Path, files: Iterable[Found]) -> tuple[Person, ...]:
    """The people whom pages such as `content/speakers/ana-duarte.md` are about; what is wrong with a page is told there."""
    return _people([_loaded(root, path) for path in file if path] for file in files)


def _people(files: Iterable[list[_Loaded]]) -> tuple[Person, ...]:
    """The same, of each file with its sidecar, if it has one."""
    found = []
    for file, *beside in files:
        source, _ = _source(file)
        metadata = frontmatter.of(source, _metadata(*beside)[0])[0] if source else Metadata()
        if metadata.person and (name := metadata.person.name or metadata.title):
            found.append(msgspec.structs.replace(metadata.person, name=name))
    return tuple(found)


class Parsed(NamedTuple):
    """One file by itself; without a reading and a document where it can't be read."""

    path: str
    reading: Reading | None
    document: Document | None
    rendered: Mapping[str, Rendered]
    found: tuple[Diagnostic, ...]


def parse(path: str, language: str) -> Parsed:
    """One file anywhere, without a site: what was read, and what an editor should know."""
    sidecar = _sidecar_of(path)
    reading, wrong = _reading(*(_loaded(Path(), name) for name in (path, sidecar) if name))
    if reading is None:
        return Parsed(path, None, None, {}, wrong)
    document, found = speakers.attribute(reading, language)
    rendered, lost = _rendered(reading, document)
    told = in_order((*wrong, *reading.diagnostics, *found, *fidelity.reading(reading), *lost))
    return Parsed(path, reading, document, rendered, told)


class Draft(NamedTuple):
    """A version of a file, wherever it is kept."""

    path: str
    data: bytes
    sidecar: tuple[str, bytes] | None = None
    held: str = ""  # what the ledger of that version has of it


class Drafted(NamedTuple):
    """A version of a file as a site has it; without a document where it can't be read."""

    document: Document | None
    held: str  # what the ledger is to have of it
    found: tuple[Diagnostic, ...]


def drafted(desk: Desk, one: Draft) -> Drafted:
    """A version of a file read, its turns with the ids that its ledger gives them."""
    files = [_Loaded(path, data, ()) for path, data in ((one.path, one.data), *((one.sidecar,) if one.sidecar else ()))]
    reading, wrong = _reading(*files)
    if reading is None:
        return Drafted(None, "", wrong)
    document, found = speakers.attribute(reading, desk.language, desk.people)
    if not isinstance(document, Transcript):
        return Drafted(document, "", (*wrong, *found))
    document, held, lost = permalinks.settled(document, one.held, desk.content)
    return Drafted(document, held, (*wrong, *found, *lost))


def people_of(files: Iterable[Iterable[tuple[str, bytes]]]) -> tuple[Person, ...]:
    """The people whom pages are about, each page and its sidecar given by path and what they hold."""
    return _people([_Loaded(path, data, ()) for path, data in one] for one in files)


def _sidecar_of(path: str) -> str | None:
    """The sidecar of a file, if it has one."""
    try:
        files = [Path(path).with_suffix(suffix) for suffix in SIDECARS] if Path(path).is_file() else []
        return next((str(file) for file in files if file.is_file() and str(file) != path), None)
    except OSError:  # a name that can't be one: said when it is read
        return None


class _Loaded(NamedTuple):
    """What a file holds, or why it can't be read."""

    path: str
    data: bytes | None
    found: tuple[Diagnostic, ...]


def _loaded(root: Path, path: str) -> _Loaded:
    file, cure = root / path, "make it a readable file, or move it away"
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode):
            message, cure = f"can't be read: {_kind(status.st_mode)}, no file", "name the file to read"
        elif (size := status.st_size) > readers.MAX_BYTES:
            message, cure = f"{size:,} bytes; at most {readers.MAX_BYTES:,} are read", "split the file"
        else:
            return _Loaded(path, file.read_bytes(), ())
    except FileNotFoundError:
        message, cure = "can't be read: there is no file of that name", "look how it is spelled, and from which folder"
    except OSError as error:
        message = f"can't be read: {error.strerror}"
    return _Loaded(path, None, (diagnose("RT201", message, path, cure),))


def _reading(file: _Loaded, sidecar: _Loaded | None = None) -> tuple[Reading | None, tuple[Diagnostic, ...]]:
    source, found = _source(file)
    if source is None:
        return None, found
    metadata, wrong = _metadata(sidecar)
    return readers.read(source, metadata), (*found, *wrong)


def _source(file: _Loaded) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    return (None, file.found) if file.data is None else readers.decode(file.path, file.data)


def _kind(mode: int) -> str:
    """What stands under a name that is no file."""
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"


def _metadata(sidecar: _Loaded | None = None) -> tuple[Metadata | None, tuple[Diagnostic, ...]]:
    if sidecar is None:
        return None, ()
    source, found = _source(sidecar)
    if source is None:
        return None, found
    metadata, wrong = frontmatter.parse(source.text, sidecar.path)
    return metadata, (*found, *wrong)


def _rendered(reading: Reading, document: Document) -> tuple[dict[str, Rendered], tuple[Diagnostic, ...]]:
    if not isinstance(document, Transcript):
        body = markup.page(document.markdown)
        lost = fidelity.rendering(reading, document.span, document.markdown, body, is_page=True)
        return {BODY: body}, (*_bounded(body, document.span), *lost)
    rendered: dict[str, Rendered] = {}
    found: list[Diagnostic] = []
    for turn in document.turns():
        one = rendered[turn.id] = markup.turn(turn.markdown, turn.id)
        if not one.bare:
            found += _bounded(one, turn.span)
            found += fidelity.rendering(reading, turn.span, turn.markdown, one)
    return rendered, (*found, *_wordless(document))


def _wordless(document: Transcript) -> Iterator[Diagnostic]:
    """Labels without words, each label once."""
    empty: dict[str, list[Turn]] = {}
    for turn in document.turns():
        if not turn.markdown and turn.label is not None:
            empty.setdefault(turn.label, []).append(turn)
    for label, turns in empty.items():
        others = f", {len(turns)} times; first" if len(turns) > 1 else ""
        hint = "delete the label, or add the words"
        yield diagnose("RT207", f"{label!r} says nothing{others} here", turns[0].span, hint)


def _bounded(rendered: Rendered, span: SourceSpan) -> tuple[Diagnostic, ...]:
    hint = "split the paragraph, or put a backslash before brackets that are no links"
    return (
        (diagnose("RT210", "too dense or too deep for Markdown: shown as plain text", span, hint),)
        if rendered.bounded
        else ()
    )


def _summary(content: str, document: Document) -> Summary:
    path, metadata = document.path.removeprefix(f"{content}/"), document.metadata
    transcript = document if isinstance(document, Transcript) else None
    return Summary(
        kind="transcript" if transcript else "page",
        path=document.path,
        url=url_for(path, metadata),
        id=page_id(path, metadata.id),
        title=document.title,
        language=document.language,
        description=metadata.description,
        date=metadata.date,
        series=metadata.series,
        record=metadata.record,
        order=metadata.order,
        speakers=transcript.speakers if transcript else (),
        audio=metadata.audio if transcript else None,
        has_times=transcript is not None and any(turn.start is not None for turn in transcript.turns()),
    )


# --- make one page ---------------------------------------------------------------------------------------------------


class Press(NamedTuple):
    """What is needed to make any page of a site."""

    config: Config
    shared: Shared
    place: Place  # where files go
    compiled: str | None  # a folder for compiled templates
    key: bytes  # digest of configuration, templates and what else is shared


class Unmade(NamedTuple):
    """A page to make: what it is, and what it shows, as the store has it."""

    key: bytes
    url: str
    path: str
    template: str
    title: str
    newer: str | None
    older: str | None
    voices: tuple[Voice, ...]
    summary: bytes | None  # of the document it shows
    previous: bytes | None
    next: bytes | None
    listed: tuple[bytes, ...]
    body: bytes | None
    targets: Mapping[str, str]  # what the document's links lead to
    sizes: Mapping[str, int]  # of the files that its front matter names, in bytes
    changed: str  # the day of its last change, if that is known
    said: tuple[
        tuple[bytes | None, Mapping[str, str]], ...
    ]  # what is quoted of those listed, and what links in it lead to
    translations: tuple[bytes, ...] = ()

    def size(self) -> int:
        """Roughly the work that it is, in bytes."""
        return (
            len(self.body or b"") + sum(map(len, self.listed)) + sum(len(said or b"") for said, _ in self.said) + 2_000
        )


def make(press: Press, one: Unmade) -> PageRow:
    """The files of one page, proven to show what was read."""
    summary = _decoded(one.summary)
    page = Page(
        one.url, one.path, one.template, summary.path if summary else None, _decoded(one.previous), _decoded(one.next),
        tuple(map(SUMMARY.decode, one.listed)), one.title, one.newer, one.older, one.voices,
        tuple(_quoted(press, SUMMARY.decode(summary).url, *said) for summary, said in zip(one.listed, one.said, strict=False)),
        tuple(map(SUMMARY.decode, one.translations)),
    )  # fmt: skip
    document, shown = bodies.decode(one.body) if one.body else (None, {})
    grid = document if one.template == "answers.html" and isinstance(document, Transcript) else None
    shown = _led(shown, _homeward(press, summary, grid, one.targets) if grid and summary else one.targets)
    beside = Beside(one.targets, one.sizes)
    composed = _renderer(_Keyed(press)).page(page, document, shown, summary, beside, one.changed)
    if isinstance(composed, Diagnostic):
        return PageRow(one.url, one.key, 0, "", b"", encode((composed,)), None, "")
    published = (fidelity.grid if grid else fidelity.publication)(composed, document, shown)
    files = [composed.artifact()]
    if not grid:
        files += _beside(one, document, shown, press.config)
    files += _feed(page, press.config)
    astray = _astray(press, page, summary, published, files)
    names, stamps = output.put(press.place, files)
    return PageRow(
        one.url, one.key, published.words, names, stamps, encode(published.found) if published.found else None,
        "\n".join(astray) or None, "\n".join(sorted(published.ids)),
    )  # fmt: skip


def _decoded(summary: bytes | None) -> Summary | None:
    return SUMMARY.decode(summary) if summary else None


def _quoted(press: Press, url: str, said: bytes | None, targets: Mapping[str, str]) -> tuple[Quote, ...]:
    """Quotes whose links lead to pages; an id that a quote had, such as a footnote's, stays in the transcript at `url`."""
    quotes, home = QUOTES.decode(said) if said else (), _address(press, url)

    def led(html: str) -> str:
        html = links.lead(html, targets) if targets else html
        return ID.sub("", html).replace(' href="#', f' href="{home}#') if "=" in html else html

    return tuple(msgspec.structs.replace(one, html=led(one.html)) for one in quotes)


def _address(press: Press, url: str) -> str:
    """The address of a page, from the root of the host."""
    return press.config.base_path + quote_url(url.lstrip("/"))


def _homeward(press: Press, summary: Summary, transcript: Transcript, targets: Mapping[str, str]) -> Mapping[str, str]:
    """Where the links of a transcript lead from the page of its answers: what isn't there, such as a section, is in the transcript."""
    if not any(target[:1] == "#" for target in targets.values()):
        return targets
    home = _address(press, summary.url)
    own = {turn.id for _, one in exchanges(transcript) for turn in (one.question, *one.answers)}
    return {
        written: f"{home}{target}" if target[:1] == "#" and unquote(target[1:]) not in own else target
        for written, target in targets.items()
    }


def _led(shown: Mapping[str, Shown], targets: Mapping[str, str]) -> Mapping[str, Shown]:
    """Words whose links lead to pages."""
    if not targets:
        return shown
    return {id: one._replace(html=links.lead(one.html, targets)) for id, one in shown.items()}


def _beside(one: Unmade, document: Document | None, shown: Mapping[str, Shown], config: Config) -> Iterator[Artifact]:
    """A transcript in other forms."""
    if isinstance(document, Transcript):
        for name, write in EXPORTS.items():
            if text := write(document, shown):
                yield Artifact(one.url.lstrip("/") + name, _absolute(text, one.targets, config).encode())


def _feed(page: Page, config: Config) -> Iterator[Artifact]:
    """The feed of a speaker."""
    if page.template == VOICE:
        yield Artifact(f"{page.url[1:]}{syndication.ATOM_FILE}", syndication.of_speaker(config, page))


def _absolute(text: str, targets: Mapping[str, str], config: Config) -> str:
    """Markdown whose links to the site's own files lead there from wherever it is read."""
    for written, address in targets.items():
        if written != address:
            pattern = rf"(\]\(|\]:[ \t]*){re.escape(written)}(?=[)\s]|$)"
            whole = config.whole(address)
            text = re.sub(pattern, lambda match, to=whole: match[1] + to, text)  # type: ignore[misc]
    return text


def _astray(
    press: Press, page: Page, summary: Summary | None, published: fidelity.Published, files: Iterable[Artifact]
) -> list[str]:  # fmt: skip
    """The addresses on a page of which it isn't sure by what it is made from that they lead anywhere."""
    near = (page.previous, page.next, press.shared.guide, *page.listed, *page.voices, *page.translations)
    sure = {HOME, SPEAKERS if press.shared.has_voices else None, page.url, page.newer, page.older}
    sure.update(one.url for one in near if one)
    sure.update(voice_url(speaker.name) for speaker in (summary.speakers if summary else ()))
    sure.update(f"/{file.path}" for file in files)
    sure.update((f"{summary.url}{ANSWERS}", summary.url) if summary else ())
    sure.discard(None)
    own = press.config.base_path.removesuffix("/")
    quoted = {
        f"{own}{quote_url(one.url)}#{id}"
        for one, some in zip(page.listed, page.quoted, strict=False)
        for quote in some
        for id in (quote.id, quote.question)
    }
    rest = [address for address in published.links if address not in quoted]  # ids come from where the quotes come from
    return links.astray(page.url, rest, published.ids, sure, press.config.base_path)


# --- draw one card ---------------------------------------------------------------------------------------------------


class Undrawn(NamedTuple):
    """A card to draw: where, and of what."""

    key: bytes
    url: str
    summary: bytes | None  # of the transcript; None: the site's

    def size(self) -> int:
        """The work that it is, as bytes of a page that takes as long."""
        return 50_000


def draw(press: Press, one: Undrawn) -> PageRow:
    """The file of one card; or why there is none."""
    summary, font = _decoded(one.summary), press.shared.font
    if font is None:
        raise ValueError("a card without a font")
    words = cards.of_transcript(summary, press.config) if summary else cards.of_site(press.config)
    if signs := cards.lacking(words, font):
        told = cards.left_out(summary.path if summary else "site.toml", signs)
        return PageRow(one.url, one.key, 0, "", b"", encode((told,)))
    return PageRow(one.url, one.key, 0, *output.put(press.place, [Artifact(one.url[1:], cards.draw(words, font))]))


class _Keyed:
    """A press that is equal to all with its key and its folder of compiled templates, which may be gone with its site."""

    def __init__(self, press: Press) -> None:
        self.press = press

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Keyed) and self._told() == other._told()

    def __hash__(self) -> int:
        return hash(self._told())

    def _told(self) -> tuple[bytes, str | None]:
        return self.press.key, self.press.compiled


@lru_cache(maxsize=1)
def _renderer(one: _Keyed) -> Renderer:
    """One environment a process: a function of its arguments, kept because it is slow to make."""
    return Renderer(one.press.config, one.press.shared, one.press.compiled)
