"""What stands on the command line, however odd: told, with what to do, before anything is done."""

from __future__ import annotations

import json
import os
import socket
import threading
from pathlib import Path

import pytest

from roundtable.inputs import look

from .conftest import Site

TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n-- talk.txt --\nHost: A\nAnn: B\nHost: C\n"
PATHS = [
    ("build", "--root"), ("check", "--root"), ("compare", "--root"), ("parse", "talk.txt", "--root"), ("new", "T", "--root"), ("format", "--root"),
    ("build", "-o"), ("build", "--report"), ("build", "--cache"), ("compare",), ("compare", "content"),
    ("compare", "content", "content", "-o"), ("parse",), ("parse", "--json"), ("import",), ("import", "talk.txt", "-o"), ("format",),
]  # fmt: skip


@pytest.fixture
def there(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site with one of everything that can stand under a name, where the command is run."""
    monkeypatch.chdir(site.write(TALK).root)
    for name in ("folder", "public"):
        Path(name).mkdir()
    os.mkfifo("pipe")
    Path("loop").symlink_to("loop")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
    return site


@pytest.mark.parametrize("command", PATHS, ids=" ".join)
@pytest.mark.parametrize("name", ["", "/", "loop", "pipe", "socket", "x" * 5_000, "talk.txt/x", "a\nb", "\udcff"])
def test_an_odd_name_is_told(there: Site, command: tuple[str, ...], name: str) -> None:
    """As wrong use, if it names nothing; else as what it is, or it is a name like others. What is there stays."""
    if name == "pipe" and command[-1] in ("-o", "--report") and command[0] != "import":
        return  # that is waited for, as a shell waits: there is a test of its own
    code = there.run(*command, name)
    assert code in ((2,) if not name else (0, 1, 2))
    assert "RT901" not in there.err
    assert "Traceback" not in there.err
    if code == 2:
        assert "\n  = " in there.err or "; " in there.err
    assert Path("pipe").is_fifo()
    assert Path("socket").is_socket()
    assert Path("loop").is_symlink()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("build", "--jobs", ""), "must be a number from 1 to 10000, not ''"),
        (("build", "--jobs", "9" * 5_000), "must be a number from 1"),
        (("serve", "--port", "0"), "must be a number from 1 to 65535, not '0'"),
        (("serve", "--port", "x"), "must be a number from 1 to 65535, not 'x'"),
        (("serve", "--host", "\udcff"), "name an address, such as"),
        (("serve", "--host", "no such host."), "name an address of this machine with --host"),
        (("build", "--base-url", ""), "write it whole"),
        (("build", "--scheduler", ""), "names nothing"),
        (("build", "--report", "-"), "to print it, name /dev/stdout"),
        (("build", "--report", "socket"), "that is a device or a socket"),
        (("compare", "/"), "/ holds more than a site"),
        (("compare", ".."), ".. holds more than a site"),
        (("format", "folder"), "can't be read: that is no file"),
    ],
    ids=lambda one: " ".join(one)[:20] if isinstance(one, tuple) else "",
)
def test_what_can_not_be_is_told_with_its_cure(there: Site, arguments: tuple[str, ...], told: str) -> None:
    """No traceback, and nothing built."""
    assert there.run(*arguments) == (1 if arguments[0] == "format" else 2)
    assert told in there.err
    assert not any(Path("public").iterdir())


def test_a_root_that_is_no_folder_is_said_to_have_no_site(there: Site) -> None:
    """Whichever command asks."""
    assert there.run("build", "--root", "talk.txt") == 2
    assert "error[RT101]: there is no site.toml in talk.txt" in there.err
    assert there.run("compare", "--root", "pipe", "no-such-thing") == 2
    assert "name the site's folder with --root, not pipe" in there.err


@pytest.mark.parametrize(
    "command", [("build", "-q", "--report"), ("compare", "content", "folder", "--format", "json", "-o")], ids=" ".join
)
class TestWhatIsWritten:
    """A report, and what `compare` says."""

    def test_goes_into_a_pipe(self, there: Site, command: tuple[str, ...]) -> None:
        """Which stays one."""
        heard: list[bytes] = []
        reader = threading.Thread(target=lambda: heard.append(Path("pipe").read_bytes()))
        reader.start()
        assert there.run(*command, "pipe") == (0 if command[0] == "build" else 1), there.err
        reader.join(10)
        assert json.loads(heard[0])
        assert Path("pipe").is_fifo()

    def test_goes_where_a_link_leads(self, there: Site, command: tuple[str, ...]) -> None:
        """The link stays one; nothing is written where it leads into the site."""
        for name, target in (("link", "old.json"), ("dangling", "new.json"), ("bad", "content/new.txt")):
            Path(name).symlink_to(target)
        Path("old.json").write_text("old", encoding="utf-8")
        for name in ("link", "dangling"):
            assert there.run(*command, name) == (0 if command[0] == "build" else 1), there.err
            assert json.loads(Path(name).read_bytes())
            assert Path(name).is_symlink()
        assert there.run(*command, "bad") == 2
        assert "error[RT106]: that is a file of the site itself" in there.err
        assert not list(Path().glob(".*.new"))

    def test_is_told_if_it_can_not_be(self, there: Site, command: tuple[str, ...]) -> None:
        """As wrong use."""
        assert there.run(*command, "no/such.json") == 2
        assert "no/such.json: error[RT106]: can't be written: No such file or directory" in there.err


def test_compare_prints_where_a_dash_is_named(there: Site) -> None:
    """As `import` does; no file is called so."""
    assert there.run("compare", "content", "folder", "-o", "-") == 1
    assert there.out.startswith("content → folder\n")
    assert not Path("-").exists()


def test_a_link_to_where_nobody_may_look_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And left out, as a folder is."""
    (tmp_path / "link").symlink_to(tmp_path / "there")

    def refuse(_: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refuse)
    assert look({"content": tmp_path}).left_out == ("a link can't be followed: content/link (Permission denied)",)
