"""The bench: the corpus it makes, what it refuses to measure, and the table it writes. Nothing here needs a network."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .bench import corpus, peers, run, table
from .bench.peers import Contender
from .bench.run import Stand
from .bench.table import Run
from .conftest import REPOSITORY

TALK = "**Ann Li:** Tea is warm today.\n\nAnd so it stays.\n\n**Bo Ek:** [Look]() at [them](@tea).\n\n"
# Stands in for a generator: a page for each file, with all its words.
BUILD = """\
from pathlib import Path
for file in Path("content").iterdir():
    page = Path("public", file.stem, "index.html")
    page.parent.mkdir(parents=True, exist_ok=True)
    if {when}:
        page.write_text(file.read_text())
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two transcripts of a hundred turns each, no two alike."""
    (tmp_path / "in").mkdir()
    for name in ("a", "b"):
        turns = "".join(TALK.replace("Tea", f"Tea {name}{i}") for i in range(50))
        (tmp_path / "in" / f"{name}.md").write_text(turns, encoding="utf-8")
    return tmp_path / "in"


def made(folder: Path, target: Path, count: int) -> corpus.Corpus:
    """So many replicas of the folder."""
    return corpus.write(corpus.replicas(corpus.texts(folder), count), target)


def test_replicas_differ_in_title_and_date_and_the_same_come_again(folder: Path, tmp_path: Path) -> None:
    """Whatever the folder's files are called, the corpus is the same each time."""
    first, second = made(folder, tmp_path / "1", 5), made(folder, tmp_path / "2", 5)
    files = sorted(first.folder.iterdir())
    assert [file.read_bytes() for file in files] == [file.read_bytes() for file in sorted(second.folder.iterdir())]
    assert [file.stem for file in files] == list(first.pages)
    assert len({file.read_text(encoding="utf-8").split("---")[1] for file in files}) == 5
    assert (
        files[0]
        .read_text(encoding="utf-8")
        .startswith("---\ntitle: Transcript 000000\ndate: 2000-01-01\n---\n\n**Ann Li:**")
    )
    assert first.size() == sum(file.stat().st_size for file in files)


def test_links_that_lead_nowhere_are_mended(folder: Path) -> None:
    """Roundtable refuses them."""
    assert all(
        "[Look](https://example.org/) at [them](https://example.org/@tea)" in text for text in corpus.texts(folder)
    )


def test_front_matter_of_its_own_is_refused(folder: Path) -> None:
    """It would stand among the words."""
    (folder / "c.md").write_text("---\ntitle: C\n---\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="front matter"):
        corpus.texts(folder)


def test_slices_begin_at_a_turn_and_are_distinct(folder: Path) -> None:
    """Also where there are more than the folder holds side by side."""
    texts = corpus.texts(folder)
    found = list(corpus.slices(texts, 60))
    assert len(set(found)) == 60
    assert found == list(corpus.slices(texts, 60))
    assert all(corpus.LABEL.match(piece) and len(piece) >= corpus.SLICE - 1 for piece in found)
    assert all(any(piece.rstrip() in text for text in texts) for piece in found)


def test_a_folder_too_small_for_so_many_slices_is_told(folder: Path) -> None:
    """Rather than cut for ever."""
    with pytest.raises(SystemExit, match="slices, not 100000"):
        list(corpus.slices(corpus.texts(folder), 100_000))


def stand(one: corpus.Corpus, folder: Path, when: str = "True", key: str = "peer") -> Stand:
    """A site for a generator that writes those pages of which `when` holds."""
    contender = Contender(key, key.title(), (), (sys.executable, "-c", BUILD.format(when=when)), "public")
    return Stand(contender, folder, peers.site(contender, one.folder, folder))


def test_each_round_has_all_states_and_each_state_all_contenders(folder: Path, tmp_path: Path) -> None:
    """What is compared is measured side by side."""
    one = made(folder, tmp_path / "corpus", 3)
    stands = [stand(one, tmp_path / key, key=key) for key in ("ours", "theirs")]
    runs, failed = run.measured(stands, one, 1, 60)
    assert failed == {}
    assert [(one.round, one.state, one.contender) for one in runs] == [
        (number, state, key) for number in (0, 1) for state in table.STATES for key in ("ours", "theirs")
    ]
    assert all(one.wall > 0 and one.largest > 0 for one in runs)


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("file.stem != 'transcript-000002'", "1 of 3 pages are missing or too small, the first is transcript-000002"),
        ("not page.exists()", "edit 1 is not shown on the page of transcript-000001"),
        ("not page.write_text('title')", "3 of 3 pages are missing or too small"),
    ],
)
def test_a_build_that_leaves_work_undone_stops_the_bench(folder: Path, tmp_path: Path, when: str, message: str) -> None:
    """A page that is missing, an edit that isn't shown, words that are not there."""
    one = made(folder, tmp_path / "corpus", 3)
    with pytest.raises(SystemExit, match=message):
        run.measured([stand(one, tmp_path / "site", when)], one, 1, 60)


def test_nothing_is_kept_for_a_cold_build(folder: Path, tmp_path: Path) -> None:
    """Neither pages nor what a generator has put beside them."""
    one = made(folder, tmp_path / "corpus", 2)
    site = stand(one, tmp_path / "site", "not Path('cache').mkdir(exist_ok=True)")
    site.build("cold", 1, 60)
    assert {path.name for path in site.folder.iterdir()} == {"content", "public", "cache"}
    site.clear()
    assert [path.name for path in site.folder.iterdir()] == ["content"]
    assert len(list((site.folder / "content").iterdir())) == 2


@pytest.mark.parametrize(
    ("when", "limit", "reason"),
    [("1 / 0", 60, "cold: exit code 1"), ("__import__('time').sleep(60)", 0.5, "cold: longer than 0.5 s")],
)
def test_a_peer_that_fails_is_left_out_with_the_reason(
    folder: Path, tmp_path: Path, when: str, limit: float, reason: str
) -> None:
    """The others go on; without Roundtable there is nothing to compare."""
    one = made(folder, tmp_path / "corpus", 2)
    assert run.measured([stand(one, tmp_path / "site", when)], one, 0, limit) == ([], {"peer": reason})
    with pytest.raises(SystemExit, match=reason):
        run.measured([stand(one, tmp_path / "ours", when, "roundtable-1")], one, 0, limit)


def test_a_peer_that_cannot_be_installed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each way of it has its row."""

    def install(package: str, folder: Path) -> None:
        peers.ran("no-such-program", package, str(folder))

    monkeypatch.setitem(peers.PEERS, "hugo", peers.PEERS["hugo"]._replace(install=install))
    found, missing = peers.theirs(tmp_path, ["hugo"])
    assert found == []
    assert list(missing) == ["Hugo", "Hugo, turns in its templates"]
    assert all("no-such-program" in reason for reason in missing.values())


def test_the_floor_writes_what_has_changed_and_no_more(tmp_path: Path) -> None:
    """As a generator that keeps everything would."""
    (tmp_path / "in").mkdir()
    (tmp_path / "pages" / "a").mkdir(parents=True)
    (tmp_path / "pages" / "a" / "index.html").write_text("a")
    command = [sys.executable, str(Path(peers.__file__).with_name("floor.py")), "in", "pages", "out"]
    subprocess.run(command, cwd=tmp_path, check=True)
    page = tmp_path / "out" / "a" / "index.html"
    written = page.stat().st_mtime_ns
    subprocess.run(command, cwd=tmp_path, check=True)
    assert (page.read_text(), page.stat().st_mtime_ns) == ("a", written)
    (tmp_path / "pages" / "a" / "index.html").write_text("b")
    subprocess.run(command, cwd=tmp_path, check=True)
    assert page.read_text() == "b"


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="no /proc with the memory of processes")
def test_memory_is_that_of_the_largest_process_and_of_all_together() -> None:
    """A process that starts another, each of which holds 60 MB."""
    hold = "a = bytearray(b'x') * 60_000_000; time.sleep(0.5)"
    program = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', \"import time; {hold}\"]); {hold}; p.wait()"
    command = [sys.executable, "-S", str(run.TIMED), "60", "together", sys.executable, "-c", program]
    said = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert said["code"] == 0
    assert 60_000 < said["largest"] < 110_000
    assert said["together"] > 115_000


def test_the_table_has_medians_and_ratios_of_the_same_round() -> None:
    """The warm-up gives no time; a peer that is not there has a row and a reason."""
    runs = [
        Run(key, number, state, wall * number, largest, together if number == 0 else 0)
        for number in range(4)
        for state in table.STATES
        for key, wall, largest, together in (("ours", 2.0, 20_480, 40_960), ("theirs", 0.5, 10_240, 5_120))
    ]
    text = table.table(runs, {"ours": "Ours", "theirs": "Theirs"}, "ours", {"Gone": "not installed: no registry"})
    assert text == (
        "| build | cold | × | nothing changed | × | one file edited | × | MiB, largest process | MiB, all processes |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| Ours | 4.00 s | 1.00 | 4.00 s | 1.00 | 4.00 s | 1.00 | 20 | 40 |\n"
        "| Theirs | 1.00 s | 0.25 | 1.00 s | 0.25 | 1.00 s | 0.25 | 10 | 10 |\n"
        "| Gone | – | – | – | – | – | – | – | – |\n"
        "\nGone: not installed: no registry.\n"
    )


@pytest.mark.parametrize(("seconds", "shown"), [(0.0123, "12 ms"), (1.234, "1.23 s"), (61.26, "61.3 s")])
def test_times_are_shown_with_three_digits_or_so(seconds: float, shown: str) -> None:
    """Milliseconds below a second."""
    assert table.shown(seconds) == shown


def test_the_table_takes_its_place_and_leaves_the_rest() -> None:
    r"""Also a second time, with backslashes in it; other tables stay."""
    readme = "# A\n\n<!-- x: begin -->\nold\n<!-- x: end -->\n\n<!-- y: begin -->\nold\n<!-- y: end -->\n"
    once = table.placed(readme, "x", "new \\1\n")
    assert once == readme.replace("old", "\nnew \\1\n", 1)
    assert table.placed(once, "x", "new \\1\n") == once
    assert table.placed(readme, "z", "new") is None


SCRIPTS = [
    file
    for file in sorted((REPOSITORY / "tests").glob("[bf]*/*.py"))
    if '__name__ == "__main__"' in file.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda file: file.stem)
def test_every_script_says_how_it_is_called(script: Path) -> None:
    """When it is asked, without anything that only its work needs; and no traceback where nothing is named."""
    done = subprocess.run([sys.executable, str(script), "--help"], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"python {script.relative_to(REPOSITORY)}" in done.stdout
    if script.parent.name == "bench":
        done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False)
