"""What is installed is the whole program: the wheel, in an empty environment, builds a site in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from .conftest import REPOSITORY, SITE_TOML


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    command = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder),
        str(REPOSITORY),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("roundtable_press-*.whl"))


def test_the_theme_is_inside(wheel: Path) -> None:
    """Every template and static file of the checkout."""
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("templates", "static"):
        for file in (REPOSITORY / folder).iterdir():
            assert f"roundtable/theme/{folder}/{file.name}" in names
    assert {"roundtable/comparison/report.html", "roundtable/comparison/report.css"} <= names
    for file in (REPOSITORY / "roundtable/serve").iterdir():
        assert f"roundtable/serve/{file.name}" in names or file.name == "__pycache__"
    assert not any(name.startswith(("tests/", "content/")) for name in names)


def test_installed_in_an_empty_environment_it_builds(wheel: Path, tmp_path: Path) -> None:
    """With the `roundtable` command, away from the checkout."""
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env/bin/python"
    subprocess.run(
        [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", str(wheel)],
        check=True,
        capture_output=True,
    )
    site = tmp_path / "site"
    (site / "content").mkdir(parents=True)
    (site / "site.toml").write_text(SITE_TOML, encoding="utf-8")
    (site / "content/talk.txt").write_text("Host: Hello.\nAnn Li: Hello to you.\nHost: Bye.\n", encoding="utf-8")
    done = subprocess.run(
        [tmp_path / "env/bin/roundtable", "build", "--strict"], cwd=site, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "5 of 5 words published, 3 turns, 2 speakers" in done.stdout
    assert (site / "public/talk/index.html").is_file()
    assert (site / "public/roundtable.css").stat().st_size > 1_000
