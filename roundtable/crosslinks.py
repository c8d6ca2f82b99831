"""The links of a whole site: what those that editors wrote lead to, and which of all addresses on its pages lead nowhere."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property
from urllib.parse import quote, unquote

import msgspec

from . import links
from .exports import EXPORTS
from .links import Link, Map
from .model import Diagnostic, Item
from .plan import GENERATED, Plan
from .sources import Asset

NO_LINKS: Mapping[str, str] = {}
LINKS = msgspec.msgpack.Decoder(tuple[Link, ...])


class _Known:
    """Every URL of a site, put together when somebody asks for one that no file has."""

    def __init__(self, planned: Plan, files: Iterable[str]) -> None:
        self._planned, self._files = planned, files

    @cached_property
    def _urls(self) -> frozenset[str]:
        pages = list(self._planned.intents())
        beside = (page.url + name for page in pages if page.template == "transcript.html" for name in EXPORTS)
        return frozenset((*self._files, *(page.url for page in pages), *beside, *(f"/{name}" for name in GENERATED)))

    def __contains__(self, url: object) -> bool:
        return url in self._urls


class Crosslinks:
    """The links that editors wrote, resolved."""

    def __init__(
        self, written: Iterable[tuple[str, bytes]], planned: Plan, items: Iterable[list[Item]], assets: Mapping[str, Asset],
        drafts: Callable[[], frozenset[str]], content: str, base_path: str,
    ) -> None:  # fmt: skip
        """`written` are a source's path and its links, encoded; `drafts` gives what is left out, by path and by URL."""
        self._links = {path: LINKS.decode(data) for path, data in written}
        self.found: list[Diagnostic] = []  # what leads nowhere
        self.targets: dict[str, dict[str, str]] = {}  # by path of the source, then by what was written
        files = {path: f"/{asset.target}" for path, asset in assets.items()}
        urls = {**files, **({item.path: item.url for some in items for item in some} if self._links else {})}
        self._map = Map(urls, _Known(planned, files.values()), drafts, content, base_path)
        for path, some in self._links.items():
            self.targets[path], broken = links.resolve(path, some, self._map)
            self.found += broken

    @cached_property
    def _told(self) -> frozenset[str]:
        """All that is written in any source, as it stands on a page that quotes it: what leads nowhere is told at the source."""
        home = {path: self._map.base_path + quote(self._map.urls.get(path, "/")[1:]) for path in self._links}
        every = ((path, link.written) for path, some in self._links.items() for link in some)
        return frozenset(
            f"{home[path]}{written}" if written.startswith("#") else self.targets[path].get(written, written)
            for path, written in every
        )

    def of(self, item: Item | None) -> Mapping[str, str]:
        """What the links of a document lead to, by what was written."""
        return self.targets.get(item.path, NO_LINKS) if item else NO_LINKS

    def check(
        self, pages: Iterable[tuple[str, str | None, str]], ids: Callable[[str], Collection[str] | None]
    ) -> Iterator[Diagnostic]:
        """What is wrong with addresses: `pages` are URL, path of the source, and addresses, a line each."""
        for url, path, addresses in pages:
            targets = self.targets.get(path or "", {})
            written: dict[str, list[Link]] = {}
            for link in self._links.get(path or "", ()):
                if link.written in targets:
                    written.setdefault(targets[link.written], []).append(link)
            every = addresses.split("\n")
            asked = [address for address in every if address in written or address not in self._told]
            yield from links.check(url, asked, written, ids, self._map)

    def linked(self, addresses: Iterable[str]) -> frozenset[str]:
        """The paths of the files that pages link to."""
        every = {*addresses, *(to for targets in self.targets.values() for to in targets.values())}
        base = unquote(self._map.base_path)
        reached = {unquote(address).partition("#")[0] for address in every}
        return frozenset(path for path, url in self._map.urls.items() if f"{base}{url[1:]}" in reached)
