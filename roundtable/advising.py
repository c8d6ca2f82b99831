"""What `check` tells of a whole site, and a build doesn't: quotations held against the turns they cite, links to other sites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

import msgspec

from . import bodies
from .crosslinks import Crosslinks
from .diagnostics import diagnose
from .markup import TAG
from .model import Diagnostic, Item, Transcript
from .rules import Advice, Quotation
from .workshop import Workshop

ADVICE, NOTHING = msgspec.msgpack.Decoder(Advice), msgspec.msgpack.encode(Advice())


def told(shop: Workshop, cross: Crosslinks, items: Iterable[Item]) -> Iterator[Diagnostic]:
    """All that only editors want to know; links to other sites are followed if that is asked for."""
    site, store = shop.site, shop.kept.store
    advice = [(path, ADVICE.decode(data)) for path, data in store.advice(site.drafts) if data != NOTHING]
    for _, one in advice:
        yield from one.found
    if any(one.quotations for _, one in advice):
        paths = {f"{site.config.base_path.removesuffix('/')}{item.url}": item.path for item in items}
        for path, quotations in _cited(advice, cross.targets, paths).items():
            yield from _unsaid(store.body(path), quotations)
    if site.external:
        from .external import followed

        links = [link for _, one in advice for link in one.addresses]
        with shop.watch.stage("asking other sites", len({link.written for link in links})):
            yield from followed(links, shop.kept.folder / "external.json", shop.watch.step)


class Cited(NamedTuple):
    """A quotation, and the id of the turn from which it is."""

    quotation: Quotation
    id: str


def _cited(
    advice: Iterable[tuple[str, Advice]], targets: Mapping[str, Mapping[str, str]], paths: Mapping[str, str]
) -> dict[str, list[Cited]]:  # fmt: skip
    """Quotations by the path of the document that they are from; `paths` are those of documents, by address."""
    found: dict[str, list[Cited]] = {}
    for path, one in advice:
        for quotation in one.quotations:
            url, _, id = targets.get(path, {}).get(quotation.link.written, "").partition("#")
            if id and (cited := paths.get(unquote(url)) if url else path):
                found.setdefault(cited, []).append(Cited(quotation, unquote(id)))
    return found


def _unsaid(body: bytes, quotations: Iterable[Cited]) -> Iterator[Diagnostic]:
    """Quotations that the turns they cite don't hold."""
    document, shown = bodies.decode(body)
    if not isinstance(document, Transcript):
        return
    ids = {turn.id for turn in document.turns()}
    for one in quotations:
        id = one.id.partition(":~:")[0]
        if id not in ids:
            continue  # a section's; or told as a broken link
        if part := missing(one.quotation.words, unescape(TAG.sub("", shown[id].html))):
            link = one.quotation.link
            message = f"the turn #{id} of {document.path} doesn't say {part!r}"
            hint = "quote its words as they stand; mark what is left out with […], what you put in with square brackets"
            yield diagnose("RT513", message, link.place, hint, link.line)


PARTED = re.compile(r"\s*(?:\[[^\[\]]*\]|\(?(?:…|\.\.\.|\. \. \.)\)?)\s*")  # what is left out, and what is put in
SIGNS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"})
ENDS = " .,;:!?。，"


def missing(quoted: str, said: str) -> str:
    """The first part of a quotation that isn't in what was said, in its order; "" if all is.

    White space, forms of quotation marks and dashes, the sign at its end, and whether its first letter is a capital don't
    count; "…" and what stands in square brackets part it.
    """
    text, at = _plain(said), 0
    parts: list[str] = PARTED.split(_plain(quoted))
    for part in filter(None, (one.strip(ENDS) for one in parts)):
        places = [text.find(form, at) for form in (part, part[0].swapcase() + part[1:])]
        there = [place for place in places if place >= 0]
        if not there:
            return part
        at = min(there) + len(part)
    return ""


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).translate(SIGNS).split())
