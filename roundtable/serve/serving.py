"""What is served, through livereload's handlers on Tornado: the pages under the site's base path, the desk, and livereload's own.

livereload speaks with the browser: its script in the page, its protocol on a web socket. What is ours is around that: when
it is told to reload (`Served.tell`), and who may ask. A page elsewhere must neither read drafts nor hear of edits, so names
that aren't this server's are refused (DNS rebinding), and so are requests that other pages send.
"""

from __future__ import annotations

import ipaddress
import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from livereload.handlers import LiveReloadHandler, LiveReloadJSHandler, StaticFileHandler
from tornado.web import Application, HTTPError, RequestHandler

from ..config import Config
from ..diagnostics import UNMADE, failed
from .building import FOLDER, Built, Early
from .desk import Desk
from .dressing import dressed
from .telling import Places, State, told

HOST = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
TEXTS = (".html", ".md", ".xml", ".json", ".txt", ".vtt")  # what is a page of its own, or nothing that a page loads
LIVE = (".css", ".png", ".jpg", ".jpeg", ".gif")  # what livereload.js puts in place without loading the page again
ASSETS = {
    "overlay.js": "text/javascript",
    "overlay.css": "text/css",
    "desk.js": "text/javascript",
    "desk.css": "text/css",
}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws://{host}; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
DESK = "/_desk/"
STATE = f"{DESK}-/state.json"


class Served:
    """One site, as it is served."""

    def __init__(
        self, root: Path, config: Config, cache: Path, host: str, run: str, say: Callable[[str], object]
    ) -> None:
        """`host` is what is listened on; `run` tells this server from another that stood at the same address."""
        self.root, self.config, self.host, self.say = root, config, host, say
        self.folder = root / FOLDER
        self.former: set[str] = set()  # base paths that it had
        self._run, self._number = run, 0
        self.is_ready = False  # whether a build has ended
        self.state = State(f"{run}-0")
        self.desk = Desk(root, cache)
        self.early: dict[str, bytes] = {}  # pages of a build that goes on, by address, not quoted

    @property
    def places(self) -> Places:
        """Where the files are."""
        return Places(self.root, self.config.content, self.config.serve.editor_url)

    @property
    def base(self) -> str:
        """The path that the site stands below, not quoted, as requests have it."""
        return unquote(self.config.base_path)

    def name(self, page: str) -> str:
        """What build the page at an address, not quoted, is of."""
        return self.state.early.get(page, self.state.build)

    def open_pages(self) -> frozenset[str]:
        """The URLs of the site's pages that are open; asked from another thread."""
        base = self.base
        pages = (one.page or "" for one in Reloads.listening())
        return frozenset("/" + page.removeprefix(base) for page in pages if page.startswith(base))

    def show(self, early: Early) -> None:
        """The build goes on: whoever looks at a page that it has made loads it again, or is told why it can't be made."""
        if early.site.config.base_path != self.config.base_path:
            return  # what they need is not there yet
        if early.errors:
            self.state = self.state._replace(found=early.errors, more={}, failed=True)
            Reloads.send(lambda _: [STATE])
            return
        shown = {self.base + url.lstrip("/"): page for url, page in early.pages.items()}
        self.early |= shown
        self._number += 1
        names = {**self.state.early, **dict.fromkeys(shown, f"{self._run}-{self._number}")}
        found = tuple(one for one in self.state.found if one.code != UNMADE)  # templates are mended: a page was made
        told = [STATE] if found != self.state.found else []
        self.state = self.state._replace(found=found, failed=failed(found), early=names)
        Reloads.send(lambda page: [quote(page)] if page in shown else told)

    def tell(self, built: Built) -> None:
        """A build has ended: all pages that are open are told to load again, or what else there is to do."""
        early = {page: content == self._there(page) for page, content in self.early.items()}
        self.early = {}
        changed = built.files is None or bool(built.files)
        before, is_failed = self.state, failed(built.found)
        self._number += changed
        if built.site is not None and built.site.config.base_path == self.config.base_path:
            self.config = built.site.config
        elif built.site is not None and not is_failed:  # else the pages are still below the former path
            self.former.add(self.base)
            self.config = built.site.config
        drafts = tuple(self._address(url) for url in self.desk.drafts())
        names = {page: before.early[page] for page, is_same in early.items() if is_same}
        others = {page: name for page, name in before.early.items() if page not in early and not changed}
        build = f"{self._run}-{self._number}" if changed else before.build
        editor = self.config.serve.editor_url
        self.state = State(build, built.found, built.more, is_failed, drafts, editor, names | others)
        was_ready, self.is_ready = self.is_ready, True
        told: list[str] = []
        if changed or not was_ready:
            told = [self._address(f"/{path}") for path in _live(built.files) or ("",)]
        elif before._replace(build="", early={}) != self.state._replace(build="", early={}):
            told = [STATE]
        beside = self._beside(built.files)

        def paths(page: str) -> list[str]:
            """What a page is told. One that was shown before the end loads again only if it, or what it may need, came to be another."""
            if page in early:
                return beside if beside is not None and early[page] else [quote(page)]
            return told or ([STATE] if built.read and page.startswith(DESK) else [])

        Reloads.send(paths)

    def _beside(self, files: frozenset[str] | None) -> list[str] | None:
        """What a page that is as it was shown is told of other files that changed; None: to load again."""
        changed = [file for file in files if not file.endswith(TEXTS)] if files is not None else [""]
        return [STATE, *map(self._address, sorted(changed))] if all(file.endswith(LIVE) for file in changed) else None

    def _there(self, page: str) -> bytes | None:
        """What a page at an address holds, as it was built last."""
        file = self.folder / page.removeprefix(self.base)
        try:
            return (file / "index.html" if page.endswith("/") else file).read_bytes()
        except OSError:
            return None

    def _address(self, url: str) -> str:
        """A URL of the site, below its base path."""
        return self.config.base_path + quote(url.lstrip("/"))

    def knows(self, name: str) -> bool:
        """Whether a name in a request can mean this server: an address of a machine can't be made to mean another one."""
        bare = name.strip("[]").lower()
        if bare == "localhost" or bare.endswith(".localhost"):
            return True
        try:
            address = ipaddress.ip_address(bare)
        except ValueError:
            own = socket.gethostname().lower()
            return not is_loopback(self.host) and bare in (self.host.lower(), own, f"{own}.local")
        return address.is_loopback or not is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _is_from(origin: str, host: str) -> bool:
    """Whether an origin is a page of this server, by the name by which it is asked."""
    try:
        return urlsplit(origin).netloc.lower() == host.lower()
    except ValueError:
        return False


def _live(files: frozenset[str] | None) -> tuple[str, ...]:
    """Files that can all be put in place in pages that are open; none if there are others, too."""
    return tuple(sorted(files)) if files and all(file.endswith(LIVE) for file in files) else ()


def application(served: Served) -> Application:
    """All that answers."""
    given = {"served": served}
    return Application(
        [
            (r"/livereload", Reloads, given),
            (r"/livereload\.js", Script, given),
            (r"/_desk/-/(.*)", Assets, given),
            (r"/_desk(?:/(.*))?", Desks, given),
            (r"/(.*)", Pages, given | {"path": str(served.folder)}),
        ],
        default_handler_class=None,
        log_function=lambda _: None,
        compress_response=False,
    )


# --- who may ask -----------------------------------------------------------------------------------------------------


class Guarded(RequestHandler):
    """Answers only who asks for this server, from its own pages or from none."""

    SUPPORTED_METHODS = ("GET", "HEAD")
    served: Served

    def initialize(self, served: Served) -> None:
        """What is served."""
        self.served = served

    def prepare(self) -> None:
        """Refuse others."""
        name = HOST.fullmatch(self.request.host or "")
        if name is None or not self.served.knows(name[1]):
            raise HTTPError(403, reason="Not a name of this server")
        origin = self.request.headers.get("Origin")
        if origin is not None and not _is_from(origin, self.request.host):
            raise HTTPError(403, reason="Not from a page of this server")

    def set_default_headers(self) -> None:
        """What holds for every answer: nothing is kept, and no other site may show it."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Server", "roundtable")

    def write_error(self, status_code: int, **_: Any) -> None:
        """One line."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{status_code} {self._reason}\n")

    def log_exception(self, *raised: Any) -> None:
        """An error of our own is told as the command line tells one; refusals are not."""
        error = raised[1]
        if not isinstance(error, HTTPError):
            self.served.say(f"an error of Roundtable's own at {self.request.uri!r}: {type(error).__name__}: {error}")

    def show(self, html: str) -> None:
        """A page of the desk."""
        self.set_header("Content-Security-Policy", POLICY.format(host=self.request.host))
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(dressed(html.encode(), self.served.state.build, self.request.host))


class Reloads(Guarded, LiveReloadHandler):
    """livereload's web socket."""

    page: str | None = None  # the address of the page that listens, not quoted; None until it says so

    def initialize(self, served: Served) -> None:
        """What is served."""
        super().initialize(served)
        self._owed: list[Callable[[str], list[str]]] = []  # what it is to be told once it has said which page it is

    def check_origin(self, origin: str) -> bool:
        """Nothing more to check: `prepare` has."""
        return bool(origin)

    def on_message(self, message: str | bytes) -> None:
        """Take part in livereload's protocol; from the first word on, so that no reload falls between two of them."""
        try:
            super().on_message(message)
            if address := json.loads(message).get("url"):
                self.page = unquote(urlsplit(address).path)
        except (ValueError, TypeError, AttributeError):  # not of the protocol
            self.close()
            return
        LiveReloadHandler.waiters.add(self)
        owed, self._owed = self._owed, []
        for paths in owed:
            self.hear(paths)

    def hear(self, paths: Callable[[str], list[str]]) -> None:
        """Tell the page what to load again."""
        if self.page is None:
            self._owed.append(paths)
            return
        for path in paths(self.page):
            self.send_message({"command": "reload", "path": path, "liveCSS": True, "liveImg": True})

    @staticmethod
    def listening() -> list[Reloads]:
        """Those of the pages that are open."""
        return list(LiveReloadHandler.waiters)

    @classmethod
    def send(cls, paths: Callable[[str], list[str]]) -> None:
        """Tell pages that are open what to load again; `paths` gives that by a page's address."""
        for one in cls.listening():
            one.hear(paths)


class Script(Guarded, LiveReloadJSHandler):
    """livereload's script."""


class Assets(Guarded):
    """What our script in the pages needs, and the script."""

    def get(self, name: str) -> None:
        """A file, or the state."""
        if name == "state.json":
            self.set_header("Content-Type", "application/json; charset=utf-8")
            self.finish(json.dumps(told(self.served.state, self.served.places)))
        elif name in ASSETS:
            self.set_header("Content-Type", f"{ASSETS[name]}; charset=utf-8")
            self.finish((Path(__file__).parent / name).read_bytes())
        else:
            raise HTTPError(404)

    head = get


# --- pages -----------------------------------------------------------------------------------------------------------


class Desks(Guarded):
    """The desk: a list of all transcripts, and each by itself."""

    def get(self, path: str | None) -> None:
        """A page of it."""
        if path is None:
            self.redirect("/_desk/")
        elif at := self.get_query_argument("at", ""):
            base = self.served.base
            source = self.served.desk.source("/" + at.removeprefix(base)) if at.startswith(base) else None
            self.redirect(f"/_desk/{quote(source)}" if source else "/_desk/")
        else:
            asked = {name: self.get_query_argument(name, "") for name in ("sort", "page", "q")}
            served = self.served
            page = (
                served.desk.one(path, served.config, served.places)
                if path
                else served.desk.all(asked, served.config, served.places)
            )
            if page is None:
                raise HTTPError(404)
            self.show(page)

    head = get


class Pages(Guarded, StaticFileHandler):
    """The site, as it was built last."""

    def initialize(self, served: Served, path: str) -> None:  # type: ignore[override]
        """What is served, and from which folder."""
        Guarded.initialize(self, served)
        StaticFileHandler.initialize(self, path)

    async def get(self, path: str, include_body: bool = True) -> None:
        """A file below the base path."""
        base, url = self.served.base, f"/{path}"
        if url in ("/", base[:-1]) and url != base:
            self.redirect(self.served.config.base_path)
            return
        if early := self.served.early.get(url):
            self._show(early, url)
            return
        parts = url.removeprefix(base).split("/") if url.startswith(base) else ["."]
        file = self._file(parts)
        if file is None:
            self._moved_or_missing(base, url)
        elif file.is_dir():
            if parts[-1]:
                self.redirect(quote(url) + "/" + (f"?{self.request.query}" if self.request.query else ""))
            elif (file / "index.html").is_file():
                self._show((file / "index.html").read_bytes(), url)
            else:
                self._missing()
        elif file.suffix == ".html":
            self._show(file.read_bytes(), url)
        else:
            await StaticFileHandler.get(self, "/".join(parts), include_body)

    async def head(self, path: str) -> None:
        """The same without what it holds."""
        await self.get(path, include_body=False)

    def _file(self, parts: list[str]) -> Path | None:
        """The file or folder that is meant; None for hidden ones, and what would be elsewhere."""
        if any(part.startswith(".") or "\0" in part or "\\" in part for part in parts) or "" in parts[:-1]:
            return None
        file = self.served.folder.joinpath(*parts)
        try:
            inside = file.resolve().is_relative_to(self.served.folder.resolve())
            return file if inside and file.exists() else None
        except OSError:  # a name too long
            return None

    def _show(self, page: bytes, url: str) -> None:
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(dressed(page, self.served.name(url), self.request.host))

    def _moved_or_missing(self, base: str, url: str) -> None:
        """A page that is open when the site's base path changes is to be found again."""
        former = (
            old
            for old in self.served.former
            if url.startswith(old) and not (base.startswith(old) and url.startswith(base))
        )
        old = max(former, key=len, default=None)
        rest = url.removeprefix(old or "")
        if old and self._file(rest.split("/")):
            query = f"?{self.request.query}" if self.request.query else ""
            self.redirect(self.served.config.base_path + quote(rest) + query)
        else:
            self._missing()

    def _missing(self) -> None:
        """The site's own page for that; before there is one, what is going on."""
        there = self.served.folder / "404.html"
        self.set_status(404 if there.is_file() else 503)
        if there.is_file():
            self._show(there.read_bytes(), "")
        else:
            self.show(self.served.desk.waiting(self.served.is_ready))

    # No answer is kept, so nothing has to tell it from another.

    def compute_etag(self) -> None:
        """None."""

    def get_modified_time(self) -> None:
        """None."""

    def set_headers(self) -> None:
        """The content's type and size, and nothing that lets it be kept."""
        super().set_headers()
        self.set_header("Cache-Control", "no-store")
