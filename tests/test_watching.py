"""What the editor's loop hears of files."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from roundtable.serve.watching import Watching


def test_a_name_that_is_no_text_ends_nothing(tmp_path: Path) -> None:
    """All is looked at again, and what changes after that is heard."""
    (tmp_path / "content").mkdir()
    began, heard = threading.Semaphore(0), threading.Event()
    watching = Watching(tmp_path, lambda: "content", lambda _: heard.set(), began.release, lambda _: None)
    watching.start()
    try:
        assert began.acquire(timeout=10)
        assert began.acquire(timeout=10)
        (Path(os.fsdecode(os.fsencode(tmp_path / "content") + b"/\xff"))).touch()
        assert began.acquire(timeout=10)
        heard.clear()
        (tmp_path / "content/talk.txt").touch()
        assert heard.wait(10)
    finally:
        watching.stop()
