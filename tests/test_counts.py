"""What builds cost, counted and not timed: sources read, pages made, statements run, modules imported."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from roundtable import pipeline, publishing
from roundtable.config import load
from roundtable.model import Intent
from roundtable.site import THEME, Site
from roundtable.store import Store

from .conftest import REPOSITORY
from .conftest import Site as Written

LAZY = "babel html.parser jinja2 livereload markdown multiprocessing nh3 rich selectolax yaml".split()


class Counts(NamedTuple):
    """Of one build."""

    read: int
    made: int
    statements: int


class Counted:
    """A site of so many transcripts, half of which Ana takes part in."""

    def __init__(self, site: Written, number: int, patch: pytest.MonkeyPatch) -> None:
        self.site, self._statements = site, 0
        connect = sqlite3.connect

        def traced(*arguments: Any, **more: Any) -> sqlite3.Connection:
            database = connect(*arguments, **more)
            database.set_trace_callback(self._count)
            return database

        patch.setattr(sqlite3, "connect", traced)
        for i in range(number):
            self.write(i)

    def _count(self, statement: str) -> None:
        self._statements += not statement.startswith(("BEGIN", "COMMIT", "PRAGMA"))

    def write(self, i: int, words: str = "Words.", title: str = "Talk") -> None:
        """A transcript, the newer the higher its number."""
        name = "Ana Duarte" if i % 2 else "Bo Lind"
        head = f"---\ntitle: {title} {i}\ndate: {2000 + i // 12}-{i % 12 + 1:02}\n---\n\n"
        self.site.write(f"-- content/talk-{i:03}.md --\n{head}**Host:** Why?\n\n**{name}:** {words}\n")

    def build(self) -> Counts:
        """Build it."""
        self._statements = 0
        outcome = pipeline.build(Site(self.site.root, load(self.site.root)[0], self.site.root / "public"))
        assert not outcome.failed, outcome.found
        return Counts(outcome.read, outcome.made, self._statements)

    def settle(self) -> None:
        """Build until nothing is left to be read: a file as young as a build is read again by the next one."""
        while self.build().read:
            pass


@pytest.fixture
def counted(site: Written, monkeypatch: pytest.MonkeyPatch) -> Counted:
    """A site of thirty, built; the clock of its files is fine."""
    monkeypatch.setattr("roundtable.inputs.STEP", 0)
    counted = Counted(site, 30, monkeypatch)
    assert counted.build()[:2] == (30, 35)  # home, 404, a list of speakers and two of theirs
    return counted


def test_nothing_changed_reads_and_makes_nothing(counted: Counted) -> None:
    """And asks the store a handful of things."""
    counted.settle()
    read, made, statements = counted.build()
    assert (read, made) == (0, 0)
    assert statements < 10


def test_an_edit_of_words_reads_one_source_and_makes_what_quotes_it(counted: Counted) -> None:
    """And its speaker's, which quotes them."""
    counted.settle()
    counted.write(15, "Other words, and more of them.")
    read, made, _ = counted.build()
    assert (read, made) == (1, 2)


def test_an_edit_of_words_looks_at_the_pages_that_show_them(counted: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """The transcript's and its speaker's, of thirty-five; after an edit of a title, at all."""
    counted.settle()
    looked: list[str] = []
    key = publishing._Keys.of

    def seen(keys: publishing._Keys, intent: Intent, *more: Any) -> bytes:
        looked.append(intent.url)
        return key(keys, intent, *more)

    monkeypatch.setattr(publishing._Keys, "of", seen)
    counted.write(15, "Other words, and more of them.")
    counted.build()
    assert looked == ["/talk-015/", "/speakers/ana-duarte/"]
    looked.clear()
    counted.write(15, title="Panel")
    counted.build()
    assert len(looked) == 35


def test_an_edit_of_what_one_speaker_says_is_the_business_of_no_other(counted: Counted) -> None:
    """Of two who speak in a transcript, the page of the one is made, the other's is not."""
    counted.write(15, "Words.\n\n**Bo Lind:** Mine.")
    counted.settle()
    counted.write(15, "Words.\n\n**Bo Lind:** Ours.")
    assert counted.build()[:2] == (1, 2)
    assert "Ours." in (counted.site.root / "public/speakers/bo-lind/index.html").read_text(encoding="utf-8")


def test_an_edit_of_a_title_reads_one_source_and_makes_the_pages_that_show_it(counted: Counted) -> None:
    """Its own, its neighbours', home, its speakers'."""
    counted.settle()
    counted.write(15, title="Panel")
    read, made, _ = counted.build()
    assert (read, made) == (1, 5)


def test_an_edit_in_a_site_of_many_runs_no_more_statements(counted: Counted) -> None:
    """What an edit costs in the store does not grow with the site."""
    counted.settle()
    counted.write(15, title="Panel")
    few = counted.build()
    for i in range(30, 90):
        counted.write(i)
    counted.settle()
    counted.write(15, title="Hearing")
    many = counted.build()
    assert many.read == few.read
    assert many.made == few.made
    assert many.statements - few.statements <= 60 + 30  # home lists sixty more, the speaker's page thirty


def test_a_templates_edit_reads_nothing_and_makes_the_pages_that_use_it(counted: Counted) -> None:
    """Those of a kind, or all, as the template is reached."""
    counted.settle()
    theme = THEME / "templates"
    for name, pages in (("about.html", 30), ("speakers.html", 1), ("entry.html", 3), ("base.html", 35)):
        text = (theme / name).read_text(encoding="utf-8")
        counted.site.write(f"-- templates/{name} --\n{text}<!-- own -->\n")
        assert counted.build()[:2] == (0, pages), name


@pytest.mark.parametrize(
    ("setting", "pages"),
    [
        ('description = "Other"', 35),
        ('[params.comments.giscus]\nrepo = "a/b"\nrepoID = "x"\ncategory = "c"\ncategoryID = "y"', 30),
    ],
)
def test_a_settings_edit_reads_nothing_and_makes_the_pages_that_use_it(
    counted: Counted, setting: str, pages: int
) -> None:
    """Comments stand under transcripts only."""
    counted.settle()
    counted.site.write('-- site.toml --\ntitle = "Test"\nbase_url = "https://example.org/"\n')
    counted.settle()
    counted.site.write(f'-- site.toml --\ntitle = "Test"\nbase_url = "https://example.org/"\n{setting}\n')
    assert counted.build()[:2] == (0, pages)


def test_a_touched_file_is_looked_at_and_nothing_is_made(counted: Counted) -> None:
    """Keys are of what files hold."""
    counted.settle()
    Path(counted.site.root, "content/talk-003.md").touch()
    assert counted.build()[:2] == (1, 0)


def test_what_is_not_needed_is_not_imported(site: Written) -> None:
    """A build with nothing to do starts in a moment."""
    site.write("-- content/a.txt --\nHost: A\nAnn: *B*\nHost: C\n")
    program = (
        "import sys, roundtable.inputs as i; i.STEP = -10**12\n"
        "from roundtable.cli import main\n"
        f"main(['build', '--root', {str(site.root)!r}])\n"
        f"print([name for name in {LAZY} if name in sys.modules])"
    )
    for imported in (True, False):
        done = subprocess.run([sys.executable, "-c", program], cwd=REPOSITORY, capture_output=True, text=True)
        assert (done.stdout.splitlines()[-1] != "[]") is imported, done.stderr


@pytest.mark.parametrize("state", [0, 1])
def test_to_write_the_ledger_costs_as_much_as_it_holds(tmp_path: Path, state: int) -> None:
    """Twice as many transcripts, twice as many steps of the database, and no more."""
    steps = []
    for number in (200, 400):
        with Store(tmp_path / f"{state}-{number}.sqlite") as store:
            rows = ((f"content/{i:04}.md", "x" * 9_000, "y", state or int(i == 7), None, 0) for i in range(number))
            store._db.executemany("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?)", rows)
            count = [0]

            def step(count: list[int] = count) -> int:
                count[0] += 1
                return 0

            store._db.set_progress_handler(step, 10)
            assert len(list(store.ledger())) == number
            steps.append(count[0])
    assert steps[1] < 2.5 * steps[0]
