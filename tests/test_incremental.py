"""The law: a build that uses what earlier builds left equals a clean one, byte for byte, whatever was changed in between."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from roundtable import gathering, inputs, provenance, publishing
from roundtable.cli import main
from roundtable.store import Store

from .conftest import Site

TOML = 'title = "Law"\nbase_url = "https://example.org/"\ndescription = "{}"\n[params.comments]\nprovider = "none"\n'
NAMES = ("Ana Duarte", "Bo", "Host", "Speaker 1", "Zoë")
TEMPLATES = Path(__file__).parents[1] / "templates"


class World:
    """A site whose files change, and its output; every change is a function of a number."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.changes = count()
        self.asked: list[str] = []  # arguments of builds
        self.put("site.toml", TOML.format(""))
        for number in range(4):
            self.write(number)
        self.put("content/guide/index.md", "# Guide\n\n[first](../t0.md#ana-duarte-1), [pages](more.md#part).\n")
        self.put("content/guide/more.md", "# More\n\n## Part\n\nWords.\n")
        self.put("content/pic.png", "PNG")

    def put(self, path: str, text: str) -> None:
        """Write a file in place."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def transcripts(self) -> list[Path]:
        """Those that can be changed: the first is linked to."""
        return sorted((self.root / "content").glob("t*.md"))[1:]

    def pick(self, n: int) -> Path:
        """One of them, or a new one."""
        there = self.transcripts()
        return there[n % len(there)] if there else self.root / "content/t9.md"

    # changes

    def write(self, n: int) -> None:
        """A transcript, new or other than it was."""
        name, change = NAMES[n % len(NAMES)], next(self.changes)
        head = f"---\ntitle: Talk {n % 7}\ndate: 20{10 + n % 5}-01-0{1 + n % 3}\n---\n\n" if n % 4 else ""
        body = f"## Part {n % 3}\n\n**Ana Duarte:** Words {change} with *stress*.\n\n**{name}:** Mine.\n"
        self.put(f"content/t{n % 9}.md", head + body)

    def add(self, n: int) -> None:
        """A transcript in a folder of its own, or in a subfolder, as text."""
        self.put(f"content/more/x{n % 4}.txt", f"Host: Question {n}?\nBo: Answer {n}.\nHost: Thanks.\n")

    def delete(self, n: int) -> None:
        """One is gone."""
        self.pick(n).unlink(missing_ok=True)

    def rename(self, n: int) -> None:
        """One has another name."""
        if (file := self.pick(n)).exists():
            file.rename(file.with_name(f"t{n % 9 + 10}.md"))

    def swap(self, n: int) -> None:
        """Two have each other's names, with their old dates."""
        if len(there := self.transcripts()) > 1:
            one, other = there[n % len(there)], there[(n + 1) % len(there)]
            one.rename(spare := one.with_suffix(".tmp"))
            other.rename(one)
            spare.rename(other)

    def touch(self, n: int) -> None:
        """One is newer than it was, and as it was."""
        self.pick(n).touch()

    def same_size_and_date(self, n: int) -> None:
        """Other words of the same length, the date put back."""
        if (file := self.pick(n)).exists():
            status, text = file.stat(), file.read_text(encoding="utf-8")
            file.write_text(text.replace("Words", "Wards") if "Words" in text else text.replace("Wards", "Words"))
            os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))

    def old_file(self, n: int) -> None:
        """One replaced by a file with a date of long ago."""
        spare = self.root / "spare.md"
        spare.write_text(f"**Ana Duarte:** Old {n}.\n\n**Bo:** Yes.\n")
        os.utime(spare, (1_000_000_000, 1_000_000_000))
        spare.replace(self.pick(n))

    def sidecar(self, n: int) -> None:
        """Metadata beside one; or taken away."""
        file = self.pick(n).with_suffix(".yaml" if n % 2 else ".yml")
        file.unlink() if file.exists() else file.write_text(f"series: S{n % 3}\nplace: Leeds\n")

    def draft(self, n: int) -> None:
        """One is held back; or no longer."""
        self.put(
            "content/held.md",
            f"---\ndraft: {'true' if n % 2 else 'false'}\n---\n**Ana Duarte:** Held.\n\n**Bo:** So?\n",
        )

    def put_in(self, n: int) -> None:
        """A turn before all others, a word in one, or one less."""
        if (file := self.pick(n)).exists():
            text = file.read_text(encoding="utf-8")
            head, mark, body = text.rpartition("---\n\n")
            other = (
                f"**Bo:** Put in {n}.\n\n{body}",
                body.replace("with", "and with"),
                body.replace("**Bo:** Mine.\n", ""),
            )
            file.write_text(f"{head}{mark}{other[n % 3]}", encoding="utf-8")

    def relabel(self, n: int) -> None:
        """What somebody says is somebody else's."""
        if (file := self.pick(n)).exists():
            text = file.read_text(encoding="utf-8")
            old, new = ("Ana Duarte", "Anna Duarte")[:: 1 if n % 2 else -1]
            file.write_text(text.replace(f"**{old}:**", f"**{new}:**"), encoding="utf-8")

    def lose_ledger(self, _: int) -> None:
        """It can be lost."""
        (self.root / "content/permalinks.lock").unlink(missing_ok=True)

    def older_ledger(self, n: int) -> None:
        """As git checkout brings it: one that was there before, or keeps the one that is there for later."""
        file, kept = self.root / "content/permalinks.lock", self.root / "kept.lock"
        if n % 2 and kept.exists():
            file.write_bytes(kept.read_bytes())
        elif file.exists():
            kept.write_bytes(file.read_bytes())

    def record(self, n: int) -> None:
        """An editor says what became of an id; or gets it wrong."""
        file = self.root / "content/permalinks.lock"
        if not file.exists():
            return
        lines = file.read_text(encoding="utf-8").split("\n")
        places = [i for i, line in enumerate(lines) if " lost " in line] or [
            i for i, line in enumerate(lines) if line and line[0] != "#"
        ]
        place = places[n % len(places)] if places else 0
        id = lines[place].split(" ")[0]
        lines[place] = (f"{id} gone", f"{id} -> ana-duarte-1", lines[place], f"{id} nonsense", "bo-* -> host-*")[n % 5]
        file.write_text("\n".join(lines), encoding="utf-8")

    def guide(self, n: int) -> None:
        """A page with links, one of them to a heading that comes and goes with it."""
        self.put("content/guide/more.md", f"# More {n % 2}\n\n## Part\n\nWords {n}. ![A picture](../pic.png)\n")

    def move_target(self, n: int) -> None:
        """What a page links to is elsewhere; or the turn that it names is another's."""
        name = "Ana Duarte" if n % 3 else "Bo"
        self.put("content/t0.md", f"---\nslug: moved-{n % 2}\n---\n**{name}:** Words.\n\n**Host:** Mine.\n")

    def moved(self, n: int) -> None:
        """A page has other former addresses, one of which may be another's; or none."""
        alias = (f"[/was/{n % 2}/, /t1.html]", "/t1/", "[/gone.html]", "[]")[n % 4]
        self.put("content/been.md", f"---\ntitle: Been {n // 4 % 2}\naliases: {alias}\n---\n\nWords.\n")

    def translated(self, n: int) -> None:
        """A transcript is a translation of another one, or of one that comes and goes, or of none; in another language, or in the same."""
        original = ("translation_of: t0.md", "translation_of: t5.md", "translation_of: hafen.md", "place: Kiel")[n % 4]
        head = f"title: Hafen {n // 4 % 2}\nlanguage: {'de' if n % 5 else 'en'}\n{original}\n"
        self.put("content/hafen.md", f"---\n{head}---\n**Ana Duarte:** Worte.\n\n**Bo:** Meine.\n")

    def answered(self, n: int) -> None:
        """The same people say other words: enough of them answer for a page of answers, or too few."""
        second = "**Bo:** And mine.\n\n" * (n % 2)
        asked = f"**Host:** Why that, number {n}?\n\n**Ana Duarte:** Words.\n\n**Bo:** Mine.\n\n**Host:** And how?\n\n"
        self.put("content/asked.md", f"---\ntitle: Asked\n---\n{asked}**Ana Duarte:** So.\n\n{second}")

    def recorded(self, n: int) -> None:
        """A transcript with sound, which is elsewhere, longer, or not there; and with a file to download."""
        audio = ("talk.mp3", "https://media.example/a.mp3", "gone.mp3", "{file: talk.mp3, duration: 1:02}")[n % 4]
        self.put("content/talk.mp3", "ID3" * (1 + n % 3))
        head = f"title: Heard\ndate: 2015-01-0{1 + n % 2}\naudio: {audio}\ndownloads: [pic.png]\n"
        self.put("content/heard.md", f"---\n{head}---\n**[00:01] Ana Duarte:** Words {n}.\n\n**[00:05] Bo:** Mine.\n")

    def longer(self, n: int) -> None:
        """The sound alone is another."""
        self.put("content/talk.mp3", "ID3" * (1 + n % 5))

    def unheard(self, _: int) -> None:
        """It is gone."""
        (self.root / "content/heard.md").unlink(missing_ok=True)

    def committed(self, n: int) -> None:
        """Git knows all of it; or only some."""
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        when = {"GIT_AUTHOR_DATE": f"2024-01-0{1 + n % 9}T12:00:00Z", "GIT_COMMITTER_DATE": "2024-02-01T12:00:00Z"}
        what = "content" if n % 2 else "content/guide"
        for command in (["init", "-q"], ["add", what], ["commit", "-q", "--allow-empty", "-m", "x"]):
            subprocess.run([*git, *command], cwd=self.root, check=True, env={**os.environ, **when})

    def title_of_guide(self, n: int) -> None:
        """What every page may show of the guide."""
        self.put("content/guide/index.md", f"# Guide {n % 3}\n\n[first](../t0.md#ana-duarte-1)\n")

    def person(self, n: int) -> None:
        """Somebody has a page, which names them in all transcripts; or no longer."""
        file = self.root / "content/speakers/zoe.md"
        if file.exists() and n % 3 == 0:
            file.unlink()
        else:
            self.put(
                "content/speakers/zoe.md",
                f"---\ntitle: Zoë Lind\nperson:\n  aliases: [Zoë]\n  role: R{n % 2}\n---\n\nA life.\n",
            )

    def person_beside(self, n: int) -> None:
        """What a sidecar says of them; or no longer."""
        file = self.root / "content/speakers/zoe.yaml"
        file.unlink() if file.exists() and n % 3 == 0 else self.put(
            "content/speakers/zoe.yaml", f"person:\n  aliases: [Bo{'' if n % 2 else 'b'}]\n  role: R{n % 4}\n"
        )

    def template(self, n: int) -> None:
        """The site's own template; or the theme's again."""
        name = ("turn.html", "people.html", "entry.html", "base.html", "list.html", "cite.html", "sharing.html")[n % 7]
        file = self.root / "templates" / name
        if file.exists():
            file.unlink()
        else:
            theme = (TEMPLATES / name).read_text(encoding="utf-8")
            self.put(f"templates/{name}", theme.replace("<p class=", f'<p data-own="{n}" class=', 1))

    def static(self, n: int) -> None:
        """A file that is copied, new or changed or gone."""
        file = self.root / f"static/extra{n % 2}.txt"
        file.unlink() if file.exists() and n % 3 == 0 else self.put(f"static/extra{n % 2}.txt", f"extra {n}")

    def picture(self, n: int) -> None:
        """A file beside the sources is another."""
        self.put("content/pic.png", f"PNG {n % 3}")

    def picture_elsewhere(self, _: int) -> None:
        """It is copied to the same place from another folder, where what names it doesn't find it."""
        one, other = self.root / "content/pic.png", self.root / "static/pic.png"
        other.parent.mkdir(exist_ok=True)
        here, there = (one, other) if one.exists() else (other, one)
        if here.exists():
            here.rename(there)

    def recognised(self, n: int) -> None:
        """A file that is a transcript by what it holds, or is none."""
        turns = '[{"speaker": "Ana Duarte", "text": "Spoken."}, {"speaker": "Bo", "text": "Written."}]'
        self.put("content/listed.json", turns if n % 2 else '{"a": 1}')

    def emptied(self, n: int) -> None:
        """A file with nothing in it, which is an error; or no longer."""
        self.put("content/t8.md", "" if n % 2 else "**Ana Duarte:** Full.\n\n**Bo:** Yes.\n")

    def unspeakable(self, n: int) -> None:
        """A name that can't be printed, which is an error; or no longer."""
        file = self.root / "content/a\x07b.md"
        file.unlink() if file.exists() else file.write_text("x")

    def settings(self, n: int) -> None:
        """What every page shows."""
        self.put("site.toml", TOML.format(f"Described {n % 3}"))

    def rules(self, n: int) -> None:
        """What the site makes of what is found; or nothing."""
        grades = ('RT505 = "off"', 'RT502 = "warning"', 'RT505 = "error"', 'RT207 = "note"\nRT503 = "off"', "")[n % 5]
        self.put("site.toml", TOML.format("") + f"[rules]\n{grades}\n")

    def noted(self, n: int) -> None:
        """An editor silences something, which is there or not, or says it wrong; in the words, or beside them."""
        because = ("because he left", "", "because he came")[n % 3]
        said = "**Bo:**" if n % 2 else "**Bo:** Words."
        note = f"<!-- roundtable: ignore RT207 {because} -->\n" if n % 4 else ""
        self.put(
            "content/noted.md", f"---\ntitle: Noted\n---\n**Ana Duarte:** Words.\n\n{note}{said}\n\n**Host:** So?\n"
        )
        entry = "{code: RT505, because: nobody knows}" if n % 3 else "{code: RT505}"
        self.put("content/noted.yaml", f"ignore: [{entry}]\n")

    def checked(self, _: int) -> None:
        """Somebody checks in between, with rules of their own kind; which changes nothing."""
        main(["check", "-q", "--root", str(self.root)])

    def cards(self, n: int) -> None:
        """Pages have cards, or no longer."""
        self.put("site.toml", TOML.format("") + f"[cards]\nenabled = {'true' if n % 2 else 'false'}\n")

    def series(self, n: int) -> None:
        """What a citation and a card name changes; at times to what no card can show."""
        self.put(
            "content/t5.md",
            f"---\ntitle: {('Tea', '茶', 'Téa')[n % 3]}\ndate: 2026\n---\n**Ana Duarte:** Said.\n\n**Bo:** Heard.\n",
        )

    def policy(self, n: int) -> None:
        """Pages state what they may load, or don't; a template loads something else."""
        self.put(
            "site.toml",
            TOML.format("").replace(
                "[params", f"[params]\ncontent_security_policy = {str(n % 3 > 0).lower()}\n[params"
            ),
        )
        self.put("templates/neighbours.html", f"<script>let n = {n % 2}</script>")

    def base(self, n: int) -> None:
        """Where the site stands."""
        text = TOML.format("").replace("example.org/", f"example.org/{'sub/' * (n % 2)}")
        self.put("site.toml", text)

    def preview(self, n: int) -> None:
        """What is asked for is a preview, here or there; or the site again."""
        at = ["--base-url", f"https://preview.example/{n % 2}/"]
        self.asked = [[], ["--preview"], ["--preview", *at], at][n % 4]

    def upgrade(self, n: int) -> None:
        """Other libraries."""
        provenance.libraries = lambda: [b"jinja2-%d.dist-info" % n]
        provenance.provenance.cache_clear()

    def lose_cache(self, _: int) -> None:
        """It may be deleted at any time."""
        shutil.rmtree(self.root / ".roundtable", ignore_errors=True)

    def lose_output(self, _: int) -> None:
        """So may the output."""
        shutil.rmtree(self.root / "public", ignore_errors=True)

    def spoil_output(self, n: int) -> None:
        """Somebody deletes a page, or writes into it."""
        pages = sorted((self.root / "public").rglob("index.*"))
        if pages:
            page = pages[n % len(pages)]
            page.unlink() if n % 2 else page.write_text("spoiled")


CHANGES: list[Callable[[World, int], None]] = [
    World.write, World.write, World.add, World.delete, World.rename, World.swap, World.touch, World.same_size_and_date,
    World.old_file, World.sidecar, World.move_target, World.move_target, World.draft, World.moved, World.moved, World.moved, World.answered, World.answered, World.answered, World.translated, World.translated, World.translated, World.translated, World.recorded, World.recorded, World.committed, World.longer, World.recorded, World.committed, World.recorded, World.committed, World.unheard, World.put_in, World.relabel, World.put_in, World.rename, World.record, World.older_ledger, World.delete, World.record, World.older_ledger, World.lose_ledger, World.guide, World.title_of_guide, World.person, World.person_beside, World.person, World.template, World.static,
    World.recorded, World.picture_elsewhere, World.picture_elsewhere, World.picture, World.recognised, World.recognised, World.emptied, World.unspeakable, World.unspeakable, World.rules, World.noted, World.checked, World.rules, World.noted, World.checked, World.settings, World.cards, World.series, World.cards, World.series, World.policy, World.base, World.preview, World.preview, World.preview, World.upgrade, World.lose_cache, World.lose_output, World.spoil_output,
]  # fmt: skip


def tree(folder: Path) -> dict[str, bytes]:
    """All files of a folder."""
    return {
        file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()
    }


def told(world: World, capfd: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str]]:
    """The exit code of a build, and what it tells, but for what was changed and how long it took."""
    capfd.readouterr()
    code = main(["build", "--root", str(world.root), *arguments])
    out, err = capfd.readouterr()
    where = arguments[arguments.index("-o") + 1] if "-o" in arguments else str(world.root / "public")
    said = f"{out}{err}".replace(where, "public").splitlines()
    return code, [line.partition(", ")[0] if line.startswith("public: ") else line for line in said]


STEPS = st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 1_000)), min_size=1, max_size=10)


def coarse(status: os.stat_result) -> bytes:
    """The stamp that the coarsest of file systems gives: two steps a second apart are one, and inodes are none."""
    times = (nanoseconds // inputs.STEP * inputs.STEP for nanoseconds in (status.st_mtime_ns, status.st_ctime_ns))
    return struct.pack("<qqQQ", *times, status.st_size, 0)


@pytest.mark.parametrize(
    ("stamp", "step"), [(coarse, inputs.STEP), (inputs.stamp, 0)], ids=["coarse clock", "fine clock"]
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, drafts=st.booleans())
@example(steps=[(change, number) for number, change in enumerate(CHANGES)], drafts=False)
def test_an_incremental_build_equals_a_clean_one(
    stamp: Callable[[os.stat_result], bytes],
    step: int,
    steps: list[tuple[Callable[[World, int], None], int]],
    drafts: bool,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Files, exit code and all that is told, after each change."""
    with tempfile.TemporaryDirectory() as temporary, pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "STEP", step)
        patch.setattr(inputs, "stamp", stamp)
        patch.setattr(provenance, "libraries", list)
        provenance.provenance.cache_clear()
        world = World(Path(temporary, "site"))
        more = ["--drafts"] * drafts
        told(world, capfd, *more)
        for number, (change, n) in enumerate(steps):
            change(world, n)
            clean = Path(temporary, f"clean{number}")
            more = ["--drafts"] * drafts + world.asked
            expected = told(world, capfd, *more, "-o", str(clean), "--cache", str(Path(temporary, f"cache{number}")))
            assert expected == told(world, capfd, *more), change
            if expected[0] == 0:
                assert tree(clean) == tree(world.root / "public"), change
    provenance.provenance.cache_clear()


def test_a_file_that_changes_while_it_is_copied_and_is_taken_back_is_copied_again(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What pages say of its size, too."""
    file, beside = site.root / "content/x.csv", publishing._Files.beside
    site.write("-- content/a.md --\n---\ndownloads: [x.csv]\n---\n**Ana:** A\n\n**Bo:** B\n-- content/x.csv --\none")
    os.utime(file, (1_000_000_000, 1_000_000_000))

    def meanwhile(*given: Any) -> Any:
        file.write_text("x" * 5_000, encoding="utf-8")
        return beside(*given)

    with monkeypatch.context() as patched:
        patched.setattr(publishing._Files, "beside", meanwhile)
        assert site.build() == 0
    file.write_text("one", encoding="utf-8")
    assert site.build() == 0
    assert site.text("x.csv") == "one"
    assert "3 bytes" in site.text("a/index.html")


def test_what_an_interrupted_build_read_and_somebody_took_away_is_not_published(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the store has kept it."""
    site.write("-- content/a.md --\n**Ana:** A\n\n**Bo:** B\n")
    assert site.build() == 0
    site.write("-- content/b.md --\n**Ana:** C\n\n**Bo:** D\n-- content/pic.png --\nPNG\n")
    with monkeypatch.context() as patch:
        patch.setattr(gathering, "WRITTEN", 0)
        patch.setattr(gathering, "_digests", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert site.build() == 130
    (site.root / "content/b.md").unlink()
    (site.root / "content/pic.png").unlink()
    assert site.build() == 0, site.err
    assert "b/index.html" not in site.tree()
    assert "pic.png" not in site.tree()


def test_what_an_interrupted_commit_left_is_mended(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files were moved into the output, and the store does not know."""
    site.write("-- content/a.md --\n**Ana:** A\n\n**Bo:** B\n")
    assert site.build() == 0
    before = site.tree()
    site.write("-- static/more.txt --\nmore\n")
    with monkeypatch.context() as patch:
        patch.setattr(Store, "stamp_pages", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert site.build() == 130
    assert "more.txt" in site.tree()
    (site.root / "static/more.txt").unlink()
    assert site.build() == 0, site.err
    assert site.tree() == before


def test_a_file_of_somebody_else_with_our_bytes_stays_theirs(site: Site) -> None:
    """Whatever becomes of ours, and however often the site is built in between."""
    site.write("-- content/a.md --\n**Ana:** A\n\n**Bo:** B\n-- content/pic.png --\nPNG\n-- public/pic.png --\nPNG\n")
    assert site.build() == 0
    assert site.build() == 0
    (site.root / "content/pic.png").unlink()
    assert site.build() == 0
    assert site.text("pic.png") == "PNG\n"


def test_a_build_from_another_folder_copies_the_same_files(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not those of that folder."""
    site.write(
        "-- content/a.md --\n**Ana:** A\n\n**Bo:** B\n-- content/pic.png --\nours\n-- other/content/pic.png --\ntheirs\n"
    )
    monkeypatch.chdir(site.root)
    assert main(["build"]) == 0
    shutil.rmtree(site.root / "public")
    monkeypatch.chdir(site.root / "other")
    assert main(["build", "--root", ".."]) == 0
    assert site.text("pic.png") == "ours\n"
