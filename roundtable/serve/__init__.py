"""The editor's loop: build, serve on this machine only, build again when a file changes, and let the browser follow.

    files --watchfiles--> Watching --want--> Builder --tell--> Served --livereload--> pages that are open
                         (threads)          (a thread)        (Tornado's loop)

What was built last is served at once, while the first build runs. It is a build of its own, so that a look at drafts never
touches the published output, nor what is half typed the ledger of permalinks; but for that, it is what would be published:
same addresses, same policy. Pages are dressed on their way out (`dressing`) with livereload's script and ours, which
shows what is wrong over the page (`telling`). The desk lists all transcripts, with all that is to be done (`desk`).
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from tornado.httpserver import HTTPServer

from ..cache import FOLDER as CACHE
from ..cache import is_had
from ..diagnostics import diagnose, refused
from ..model import Diagnostic
from ..site import Site
from .building import FOLDER, Builder, Built, Early, Load, Onlookers, Terminal, local
from .serving import Served, application, is_loopback
from .watching import Watching

__all__ = ["HOST", "Terminal", "local", "serve"]

HOST = "127.0.0.1"
PORTS = 10  # that are tried, one after the other
LOGS = ("tornado.access", "tornado.general", "tornado.application", "livereload", "asyncio", "watchfiles.main")


def serve(load: Load, host: str, port: int, terminal: Terminal) -> int:
    """Serve until interrupted; the exit code. `load` reads the configuration anew for each build; None where it is wrong.

    Raises OSError if no port can be had.
    """
    site, found = load()
    terminal.told(found)
    if site is None:
        return 2
    try:
        file = _lock(site.root).open("a+", encoding="utf-8")
    except OSError as error:
        terminal.told([refused(error, str((site.root / FOLDER).parent))])
        return 2
    with file as lock:
        if not is_had(lock):
            lock.seek(0)
            terminal.told([_served_already(lock.read().strip())])
            return 2
        return _alone(site, load, host, port, terminal, lock)


def _alone(site: Site, load: Load, host: str, port: int, terminal: Terminal, lock: IO[str]) -> int:
    """The same, once no other process serves the site: the lock names the address for the next one."""
    lock.truncate(0)  # the address of whoever served it before
    free, listening = _bound(host, port)
    terminal.told(_notes(host, port, free))
    for name in LOGS:  # what they would say is said here, or is of no use to an editor
        logging.getLogger(name).setLevel(logging.CRITICAL)
    config, cache = site.config, site.cache or site.root / CACHE
    served = Served(site.root, config, cache, host, secrets.token_hex(4), terminal.say)
    address = f"http://{_named(host)}:{free}"
    lock.write(address)
    lock.flush()
    terminal.say(f"serving {address}{config.base_path}, the desk at {address}/_desk/; Ctrl-C ends it")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(served, listening, load, terminal))
    return 130


def _lock(root: Path) -> Path:
    """The file whose lock whoever serves a site has, in a folder that nobody commits by adding all that there is: drafts are in it."""
    folder = (root / FOLDER).parent
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / ".gitignore").exists():
        (folder / ".gitignore").write_text("*\n", encoding="utf-8")
    return folder / "serve.lock"


def _served_already(address: str) -> Diagnostic:
    where = f"at {address}" if address else "by a process that is about to begin"
    return diagnose("RT118", f"this site is served already, {where}", None, "open that, or end the other one first")


def _bound(host: str, port: int) -> tuple[int, socket.socket]:
    """The first free port from that one on, listened on."""
    bare = host.strip("[]")
    for one in range(port, port + PORTS):
        try:
            return one, socket.create_server((bare, one), family=socket.AF_INET6 if ":" in bare else socket.AF_INET)
        except OSError as error:
            if error.errno != errno.EADDRINUSE or one + 1 in (port + PORTS, 65_536):
                raise
    raise ValueError("no ports are tried")


def _named(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def _notes(host: str, port: int, taken: int) -> Iterator[Diagnostic]:
    """What an editor should know of where it is served."""
    if taken != port:
        message = f"port {port} is used by another program: serving on {taken}"
        yield diagnose("RT117", message, None, "end the other program, or choose a port with --port")
    if not is_loopback(host):
        message = f"serving on {host}: whoever can reach this machine can read the site, its drafts and its sources"
        yield diagnose("RT116", message, None, "leave --host out, unless all who are on this network may")


async def _serve(served: Served, listening: socket.socket, load: Load, terminal: Terminal) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows raises KeyboardInterrupt by itself
            loop.add_signal_handler(sign, ended.set)

    def has_built(built: Built) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended
            loop.call_soon_threadsafe(served.tell, built)

    def has_made(early: Early) -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(served.show, early)

    builder = Builder(load, Onlookers(has_built, served.open_pages, has_made), terminal)
    watching = Watching(served.root, lambda: served.config.content, builder.want, builder.look, terminal.say)
    server = HTTPServer(application(served))
    listening.setblocking(False)
    server.add_socket(listening)
    watching.start()
    builder.start()
    try:
        await ended.wait()
    finally:
        server.stop()
        watching.stop()
        builder.stop()
        await server.close_all_connections()
