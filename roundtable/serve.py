"""The editor's loop: build, serve on this machine only, build again when a file changes, reload the browser.

livereload does the serving and watching. What is served is a build of its own, so that a look at drafts never touches
the published output, nor what is half typed the ledger of permalinks.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
from livereload import Server

from .pipeline import Outcome, build
from .site import Site

HOST = "127.0.0.1"
FOLDER = ".roundtable/serve"


def local(site: Site, port: int) -> Site:
    """The site as it is served: at the root of this machine's address, in a folder of its own."""
    # What reloads pages is a script that livereload writes into them, which no policy of ours knows.
    params = msgspec.structs.replace(site.config.params, content_security_policy=False)
    config = msgspec.structs.replace(site.config, base_url=f"http://{HOST}:{port}/", params=params)
    return msgspec.structs.replace(site, config=config, output=site.root / FOLDER, records=False)


def serve(load: Callable[[], Site | None], port: int, report: Callable[[Site, Outcome, float], object]) -> None:
    """Serve until interrupted. `load` reads the configuration anew for each build; None where it is wrong.

    Raises OSError if the port can't be had.
    """

    def rebuild() -> None:
        site = load()
        if site is not None:
            started = time.perf_counter()
            served = local(site, port)
            report(served, build(served), started)

    site = load()
    if site is None:
        return
    rebuild()
    server = Server()
    for folder in (site.config.content, "templates", "static"):
        server.watch(str(site.root / folder), rebuild)
    server.watch(str(site.root / "site.toml"), rebuild)
    server.serve(root=str(site.root / FOLDER), host=HOST, port=port)
