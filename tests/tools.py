"""Programs that some tests need beside Python. Where one is missing they are skipped, with the reason; never in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest


def chromium() -> str:
    """The path of a Chromium or Chrome."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return missing("no Chromium on this machine")


def from_environment(variable: str, what: str) -> Path:
    """A file that an environment variable names."""
    file = Path(os.environ.get(variable, ""))
    return file if file.is_file() else missing(f"{variable} names no {what}")


def missing(reason: str) -> NoReturn:
    """Skip the test; fail it where nothing may be skipped."""
    if os.environ.get("ROUNDTABLE_NO_SKIPS"):
        pytest.fail(reason)
    pytest.skip(reason)
