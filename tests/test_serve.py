"""The editor's loop, as it is for now: build, serve here only, build again when a file changes."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from .conftest import REPOSITORY, Site


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str) -> str:
    """A page's text; "" while the server isn't there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return str(answer.read().decode())
    except (urllib.error.URLError, ConnectionError):
        return ""


def wait_for(url: str, text: str, seconds: float = 30) -> bool:
    """Whether a page comes to hold a text."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if text in fetch(url):
            return True
        time.sleep(0.1)
    return False


@contextmanager
def serving(site: Site, port: int) -> Iterator[subprocess.Popen[str]]:
    """A server of the site, ended afterwards."""
    command = [sys.executable, str(REPOSITORY / "build.py"), "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=site.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_saved_file_is_built_again_and_a_broken_one_leaves_the_last_good_page(site: Site) -> None:
    """On 127.0.0.1, with the reload script, and without touching the published output."""
    site.write("-- content/talk.txt --\nHost: First.\nHost: B\n")
    port = free_port()
    url = f"http://127.0.0.1:{port}/talk/"
    with serving(site, port):
        assert wait_for(url, "First.")
        assert "livereload" in fetch(url)
        site.write("-- content/talk.txt --\nHost: Second.\nHost: B\n")
        assert wait_for(url, "Second.")
        site.write("-- content/page.md --\n[x](gone.md)\n")
        time.sleep(2)
        assert "Second." in fetch(url)
        site.write("-- content/page.md --\nNo link.\n")
        assert wait_for(f"http://127.0.0.1:{port}/page/", "No link.")
    assert not (site.root / "public").exists()


def test_a_busy_port_is_a_clear_message(site: Site) -> None:
    """Exit code 2, no traceback."""
    site.write("-- content/talk.txt --\nHost: A\nHost: B\n")
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        with serving(site, busy.getsockname()[1]) as process:
            out, _ = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "error[RT106]: can't serve on 127.0.0.1" in out
    assert "Traceback" not in out
