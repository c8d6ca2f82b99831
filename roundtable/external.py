"""Links to other sites, followed: politely, since these are other people's machines.

One request at a time to a host; HEAD, and GET only where a server doesn't know HEAD; nothing of the answer is read; it says who
asks. What was found is kept for a day in the cache folder. What a server says of itself and may change within the hour (too
many requests, an error of its own, no answer in time) is told as what it is: the link need not be wrong.
"""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import quote, urljoin

from . import __version__
from .diagnostics import diagnose
from .links import Link, split
from .model import Diagnostic

AGENT = f"roundtable/{__version__} (looks whether a link that it publishes leads anywhere)"
TIMEOUT = 15  # seconds that a server has to answer
DAY = 86_400  # seconds for which an answer counts
HOSTS = 8  # asked at the same time
MOST_STEPS = 10  # redirects that are followed
MOVED_FOR_GOOD, MOVED = (301, 308), (301, 302, 303, 307, 308)  # RFC 9110, 15.4
NO_HEAD = (400, 403, 404, 405, 501)  # with which servers answer HEAD that would answer GET
NOT_FOR_US = (401, 402, 403, 407, 429, 451)  # the page may well be there


class Answer(NamedTuple):
    """What became of an address."""

    status: int  # 0: no answer
    reason: str = ""
    moved: str = ""  # where it is for good


def followed(
    links: Iterable[Link], cache: Path, step: Callable[[], None], now: Callable[[], float] = time.time
) -> Iterator[Diagnostic]:  # fmt: skip
    """What is wrong with links to other sites, in their order; `step` is called for each address."""
    links = list(links)
    known = _kept(cache, now())
    hosts: dict[str, list[str]] = {}
    for address in dict.fromkeys(_page(link) for link in links):
        if address not in known:
            parts = split(address)
            hosts.setdefault(parts.netloc.casefold() if parts else "", []).append(address)
    try:
        for address, answer in _answers(hosts.values()):
            known[address] = (now(), answer)
            step()
    finally:  # whoever is interrupted need not ask for these again
        _keep(cache, known)
    for link in links:
        if told := _told(link, known[_page(link)][1]):
            yield told


def _answers(hosts: Iterable[list[str]]) -> Iterator[tuple[str, Answer]]:
    """What becomes of addresses, as it comes. Nobody waits for a server of which nothing is wanted any more."""
    waiting, found = deque(hosts), SimpleQueue[tuple[str, Answer]]()
    left, ended = sum(map(len, waiting)), Event()

    def work() -> None:
        with suppress(IndexError):
            while some := waiting.popleft():
                for address in some:
                    if ended.is_set():
                        return
                    found.put((address, _surely(address)))

    for _ in range(min(HOSTS, len(waiting))):
        Thread(target=work, daemon=True).start()
    try:
        for _ in range(left):
            yield found.get()
    finally:
        ended.set()


def _surely(address: str) -> Answer:
    """As `ask`, whatever a stranger's server brings about."""
    try:
        return ask(address)
    except Exception as error:
        return Answer(0, f"{type(error).__name__}: {error}")


def _page(link: Link) -> str:
    """The address without the part behind `#`, of which no server is told."""
    return link.written.partition("#")[0]


def _told(link: Link, answer: Answer) -> Diagnostic | None:
    if answer.status in NOT_FOR_US or 200 <= answer.status < 300:
        if not answer.moved:
            return None
        place = "" if "#" in answer.moved else link.written.removeprefix(_page(link))  # RFC 9110, 10.2.2
        hint = f"if it is the same page, write {answer.moved}{place}"
        return diagnose("RT515", f"{link.written} has moved for good", link.place, hint, link.line)
    why = f"{answer.status} {answer.reason}".strip() if answer.status else answer.reason
    hint = "look whether the page has another address now, or link to an archived copy"
    return diagnose("RT514", f"{link.written} can't be reached: {why}", link.place, hint, link.line)


class _Still(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where a page is for good must be seen."""

    def redirect_request(self, *_: Any) -> None:
        """No further request."""


OPENER = urllib.request.build_opener(_Still)


def ask(address: str) -> Answer:
    """What becomes of an address, redirects followed."""
    url, moved = address, ""
    for _ in range(MOST_STEPS):
        status, reason, to = _asked(url, "HEAD")
        if status in NO_HEAD:
            status, reason, to = _asked(url, "GET")
        if status not in MOVED or not to:
            return Answer(status, reason, moved)
        is_for_good = status in MOVED_FOR_GOOD and moved == (url if url != address else "")
        url = _joined(url, to)
        if not url:
            return Answer(0, "redirected to what is no page")
        moved = url if is_for_good else moved
    return Answer(0, "redirected without end")


def _joined(url: str, to: str) -> str:
    """Where a redirect leads; "" if that is no address of the web."""
    try:
        url = urljoin(url, to)
    except ValueError:
        return ""
    parts = split(url)
    return url if parts and parts.scheme in ("http", "https") else ""


def _asked(url: str, method: str) -> tuple[int, str, str]:
    """Status, reason and Location of one answer; status 0 where there is none."""
    try:
        ascii_url = quote(url, safe="%/:=&?~#+!$,;'@()*[]")
        request = urllib.request.Request(ascii_url, method=method, headers={"User-Agent": AGENT, "Accept": "*/*"})  # noqa: S310
        with OPENER.open(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.reason, ""
    except urllib.error.HTTPError as error:
        with error:
            return error.code, str(error.reason), error.headers.get("Location") or ""
    except urllib.error.URLError as error:
        return 0, str(getattr(error.reason, "strerror", None) or error.reason), ""
    except (OSError, HTTPException, ValueError) as error:
        return 0, str(error) or type(error).__name__, ""


def _kept(cache: Path, now: float) -> dict[str, tuple[float, Answer]]:
    """The answers of the last day; none where there are none that can be read."""
    try:
        rows = json.loads(cache.read_text(encoding="utf-8"))
        known = {
            address: (float(when), Answer(int(status), str(reason), str(moved)))
            for address, when, status, reason, moved in rows
        }
    except (OSError, ValueError, TypeError):
        return {}
    return {address: one for address, one in known.items() if 0 <= now - one[0] < DAY}


def _keep(cache: Path, known: dict[str, tuple[float, Answer]]) -> None:
    rows = [[address, when, *answer] for address, (when, answer) in sorted(known.items())]
    spare = cache.with_suffix(".new")
    try:
        spare.write_text(json.dumps(rows), encoding="utf-8")
        spare.replace(cache)
    except OSError:
        return  # they are asked again
