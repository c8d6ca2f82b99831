"""How long a save takes to reach the browser: from the write to livereload's message, in a `serve` of its own.

    python tests/bench/loop.py FOLDER [--runs 9]

FOLDER is a site, best a copy: files in it are edited, and put back at the end. What is listened to is the socket that
livereload's script in a page listens to.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tornado.httpclient import AsyncHTTPClient
from tornado.websocket import websocket_connect

REPOSITORY = Path(__file__).parent.parent.parent
PORT = 8765
HELLO = {"command": "hello", "protocols": ["http://livereload.com/protocols/official-7"]}


async def connected(page: str) -> asyncio.Queue[str | bytes | None]:
    """What a browser that has loaded a page, at that path, is told."""
    told: asyncio.Queue[str | bytes | None] = asyncio.Queue()
    for _ in range(600):
        try:
            socket = await websocket_connect(f"ws://127.0.0.1:{PORT}/livereload", on_message_callback=told.put_nowait)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        await socket.write_message(json.dumps(HELLO))
        await told.get()
        await socket.write_message(json.dumps({"command": "info", "url": f"http://127.0.0.1:{PORT}{page}"}))
        return told
    raise SystemExit("the server doesn't answer")


def edits(root: Path, transcript: Path) -> dict[str, Callable[[int], None]]:
    """Each kind of save, made different from the one before by a number."""
    text = transcript.read_text(encoding="utf-8")
    place = text.rindex("\n\n", 0, len(text) * 2 // 3)
    config = (root / "site.toml").read_text(encoding="utf-8")
    theme = ("static/roundtable.css", "templates/speakers.html", "templates/base.html")
    css, lone, base = ((REPOSITORY / name).read_text("utf-8") for name in theme)
    for folder in ("static", "templates"):
        (root / folder).mkdir(exist_ok=True)

    def write(file: Path, text: str) -> None:
        file.write_text(text, encoding="utf-8")

    return {
        "a word in a transcript": lambda n: write(transcript, f"{text[:place]} Word{n}.{text[place:]}"),
        "the stylesheet": lambda n: write(root / "static/roundtable.css", f"{css}\n.x{n} {{ color: red }}\n"),
        "a template of one page": lambda n: write(
            root / "templates/speakers.html", lone.replace("{% block main %}", f"{{% block main %}}<!-- {n} -->")
        ),
        "a template of all pages": lambda n: write(
            root / "templates/base.html", base.replace("</body>", f"<!-- {n} --></body>")
        ),
        "a setting of no page": lambda n: write(
            root / "site.toml", f'{config}\n[serve]\neditor_url = "x://{{path}}?{n}"\n'
        ),
        "a setting that all pages show": lambda n: write(root / "site.toml", f'description = "D{n}"\n{config}'),
    }


async def measured(root: Path, runs: int) -> None:
    """All kinds, one after the other."""
    transcript = max(sorted((root / "content").glob("*.md"))[:50], key=lambda file: file.stat().st_size)
    edited = ("site.toml", "static/roundtable.css", "templates/speakers.html", "templates/base.html")
    files = (transcript, *(root / name for name in edited))
    kept = {file: file.read_bytes() if file.exists() else None for file in files}
    began, page = time.perf_counter(), f"/{transcript.stem}/"
    told = await connected(page)
    print(f"the first page could be asked for after {time.perf_counter() - began:.1f} s; ", end="")
    await told.get()
    print(f"the first build had ended after {time.perf_counter() - began:.1f} s")
    await asyncio.sleep(2)
    try:
        for name, edit in edits(root, transcript).items():
            times, ends = [], []
            for number in range(runs + 2):
                began = time.perf_counter()
                edit(number)
                try:
                    first = json.loads(await asyncio.wait_for(told.get(), 60) or "{}")
                    times.append((time.perf_counter() - began) * 1000)
                    if first["path"] == page:  # this page alone, before all others are made
                        await asyncio.wait_for(told.get(), 60)
                        ends.append((time.perf_counter() - began) * 1000)
                except TimeoutError:
                    print(f"{name}: nothing was told")
                    return
                await asyncio.sleep(0.5)
            times, ends = sorted(times[2:]), sorted(ends[2:])  # the first warm up
            rest = f"   all pages {statistics.median(ends):.0f} ms" if ends else ""
            print(f"{name:28} median {statistics.median(times):5.0f} ms   {times[0]:.0f} to {times[-1]:.0f}{rest}")
        answers = []
        for path in ("/_desk/", "/_desk/?sort=-uncertain&page=2", f"/_desk/content/{transcript.name}"):
            began = time.perf_counter()
            answer = await AsyncHTTPClient().fetch(f"http://127.0.0.1:{PORT}{path}")
            answers.append(
                f"{path.replace(transcript.name, 'FILE')} {(time.perf_counter() - began) * 1000:.0f} ms ({len(answer.body):,} bytes)"
            )
        print("; ".join(answers))
    finally:
        for file, data in kept.items():
            if data is None:
                file.unlink(missing_ok=True)
            else:
                file.write_bytes(data)


def main() -> None:
    """Measure one site."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a site, best a copy")
    parser.add_argument("--runs", type=int, default=9, metavar="N", help="saves of each kind (default: 9)")
    options = parser.parse_args()
    command = [
        sys.executable,
        str(REPOSITORY / "build.py"),
        "serve",
        "-q",
        "--port",
        str(PORT),
        "--root",
        str(options.folder),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            asyncio.run(measured(options.folder, options.runs))
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
