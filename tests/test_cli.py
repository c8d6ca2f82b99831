"""The command line: exit codes, the default command, no traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from roundtable.exports.json import schema

from .conftest import REPOSITORY, Site

Run = Callable[..., "subprocess.CompletedProcess[str]"]
TALK = "-- content/talk.txt --\nHost: A\nAnn: B\nHost: C\n"


def test_build_is_the_default_command(site: Site, roundtable: Run) -> None:
    """`build.py` alone builds, with or without options."""
    site.write(TALK)
    done = roundtable(cwd=site.root)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "1 transcript on 5 pages: 3 of 3 words published, 3 turns, 2 speakers",
    )
    assert roundtable("-q", "-o", "elsewhere", cwd=site.root).stdout == ""
    assert (site.root / "elsewhere/talk/index.html").is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--nope"], 2), (["build", "--jobs", "0"], 2), (["build", "--jobs", "x"], 2), (["parse"], 2), (["nonsense"], 2), (["--help"], 0), (["--version"], 0),
     (["build", "--base-url", "ftp://x"], 2), (["build", "--base-url", "http://["], 2), (["serve", "--port", "99999"], 2), (["parse", "--schema"], 0)],
)  # fmt: skip
def test_exit_codes_of_usage(site: Site, roundtable: Run, arguments: list[str], code: int) -> None:
    """2 for wrong usage, and a message."""
    done = roundtable(*arguments, cwd=site.root)
    assert done.returncode == code, done.stderr
    assert done.stdout or done.stderr
    assert "Traceback" not in done.stderr


def test_no_site_toml(tmp_path: Path, roundtable: Run) -> None:
    """2, and how to write one."""
    done = roundtable(cwd=tmp_path)
    assert done.returncode == 2
    assert "error[RT101]" in done.stderr
    assert "base_url" in done.stderr


def test_interrupted(site: Site) -> None:
    """130, and the output as it was."""
    site.write("".join(f"-- content/t{i}.md --\n" + "**Ann:** a *b* c\n\n**Bo:** d\n\n" * 400 for i in range(200)))
    command = [sys.executable, str(REPOSITORY / "build.py"), "--jobs", "1"]
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself ignores it
    process = subprocess.Popen(command, cwd=site.root, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    while not list(site.root.glob(".public.*")):  # it has begun
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert sorted(path.name for path in site.root.iterdir()) == [".roundtable", "content", "site.toml"]


INTERRUPTED = """
import os, runpy, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # what a shell starts behind itself ignores it
class Finder:
    def find_spec(self, name, *_):
        if name == %r:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
sys.argv[1:] = ["build"]
runpy.run_path(%r, run_name="__main__")
"""


@pytest.mark.parametrize(
    "module",
    ["roundtable.cli", "roundtable.arguments", "msgspec", "tomllib", "roundtable.pipeline", "roundtable.gathering"],
)
@pytest.mark.parametrize("door", ["build.py", "roundtable/__main__.py"])
def test_interrupted_while_it_is_loaded(site: Site, module: str, door: str) -> None:
    """A word, and no traceback, whatever is being imported."""
    site.write(TALK)
    if door != "build.py":
        code = INTERRUPTED.replace("run_path", "run_module") % (module, "roundtable")
    else:
        code = INTERRUPTED % (module, str(REPOSITORY / door))
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=site.root, env=environment, capture_output=True, text=True, timeout=30
    )
    assert done.returncode == 130, done.stderr
    assert done.stderr.startswith("interrupted")
    assert len(done.stderr.splitlines()) == 1
    assert not (site.root / "public").exists()


def test_an_interrupt_where_nothing_can_be_raised_comes_again(tmp_path: Path) -> None:
    """The garbage collector would throw it away, and print a traceback."""
    code = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import roundtable.cli\n"
        "from roundtable.__main__ import run\n"
        "class Gone:\n"
        "    def __del__(self): os.kill(os.getpid(), signal.SIGINT); [None for _ in range(9)]\n"
        "def main():\n"
        "    Gone()\n"
        "    time.sleep(20)\n"
        "roundtable.cli.main = main\n"
        "sys.exit(run())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=15)
    assert (done.returncode, done.stderr) == (130, "interrupted\n")


def test_whoever_stops_reading_is_no_error(roundtable: Run) -> None:
    """`parse --json … | head -1`."""
    files = " ".join(["content/global-ai-governance-summary.txt"] * 40)
    script = f"{sys.executable} build.py parse --json {files} | head -c 10"
    done = subprocess.run(["bash", "-c", script], cwd=REPOSITORY, capture_output=True, text=True)
    assert "Traceback" not in done.stderr


def test_parse_gives_a_line_a_file_that_fits_the_schema(site: Site, roundtable: Run) -> None:
    """Transcripts, pages, and what can't be read."""
    site.write(TALK + "-- content/page.md --\n# P\n\nText.\n-- content/empty.txt --\n")
    (site.root / "bad.txt").write_bytes(b"\xff\xfe\xff")
    os.mkfifo(site.root / "pipe.txt")
    files = [
        "content/talk.txt",
        "content/page.md",
        "content/empty.txt",
        "bad.txt",
        "gone.md",
        ".",
        "x" * 300 + ".txt",
        "pipe.txt",
        "/dev/zero",
    ]
    done = roundtable("parse", "--json", *files, cwd=site.root)
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["path"] for one in records] == files
    assert done.returncode == 1
    for record in records:
        jsonschema.validate(record, schema())
    assert records[0]["sections"][0]["turns"][1] == {
        "id": "ann-1", "speaker": "ann", "label": "Ann", "start": None, "end": None, "markdown": "B", "text": "B", "line": 2,
        "marks": [],
    }  # fmt: skip


def test_parse_for_people(site: Site) -> None:
    """The convention, the people, the sections."""
    site.write(TALK)
    assert site.run("parse", str(site.root / "content/talk.txt")) == 0
    assert "label before its words, 2 of 3 turns sure" in site.out
    assert "    2 turns" in site.out
    assert "words  Host (host)" in site.out
    assert "uncertain in line" in site.out


def test_import_writes_markdown_that_reads_back(site: Site) -> None:
    """From any format, with front matter; and it overwrites nothing."""
    site.write(
        "-- talk.vtt --\nWEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Lu>Hello.\n\n00:03.000 --> 00:04.000\n<v Bo>Yes.\n"
    )
    assert site.run("import", str(site.root / "talk.vtt"), "--root", str(site.root)) == 0
    written = (site.root / "content/talk.md").read_text(encoding="utf-8")
    assert "**[00:01–00:02] Ann Lu:** Hello." in written
    assert "- name: Ann Lu" in written
    assert site.run("import", str(site.root / "talk.vtt"), "--root", str(site.root)) == 2
    assert "error[RT108]" in site.err
    assert site.run("import", str(site.root / "talk.vtt"), "-o", "-") == 0
    assert site.out == written
    site.write("-- page.md --\nWords of nobody.\n")
    assert site.run("import", str(site.root / "page.md"), "-o", str(site.root / "x.md")) == 1
    assert "error[RT109]" in site.err
    assert not (site.root / "x.md").exists()


def test_import_says_which_folder_is_new_and_names_another_file_than_a_folder(site: Site) -> None:
    """Folders on the way are made, and that is said."""
    site.write("-- talk.txt --\nAnn: Hello.\nBo: Yes.\nAnn: Bye.\n")
    talk, new = str(site.root / "talk.txt"), site.root / "a" / "b"
    assert site.run("import", talk, "-o", str(new / "x.md")) == 0
    assert site.out == f"{new / 'x.md'}: written, in the new folder {new}\n"
    assert site.run("import", talk, "-o", str(new)) == 2
    assert f"{new}: error[RT108]: that is a folder" in site.err


def test_import_names_whoever_a_label_would_confuse_with_another(site: Site) -> None:
    """A file may give words to Ana under a label by which somebody else is known."""
    speech = '<speech by="#{}"><from>{}</from><p>{}</p></speech>'
    site.write(
        '-- talk.xml --\n<akomaNtoso><debate name="d"><meta><references><TLCPerson eId="ana" showAs="Ana Duarte"/>'
        '<TLCRole eId="chair" showAs="The Chair"/></references></meta><debateBody><debateSection name="s"><heading>Weir</heading>'
        + speech.format("chair", "The Chair", "Order.")
        + speech.format("ana", "The Chair", "Low.")
        + speech.format("ana", "Ana Duarte", "Very.")
        + "</debateSection></debateBody></debate></akomaNtoso>\n"
    )
    assert site.run("import", str(site.root / "talk.xml"), "-o", "-") == 0
    assert "**The Chair:** Order.\n\n**Ana Duarte:** Low.\n\n**Ana Duarte:** Very." in site.out


def test_parse_says_what_is_no_file(site: Site, tmp_path: Path) -> None:
    """A folder, a pipe and nothing at all are three things; nobody waits for a pipe."""
    os.mkfifo(tmp_path / "pipe.txt")
    for path, what in (
        (tmp_path, "a folder, no file"),
        (tmp_path / "pipe.txt", "a pipe, no file"),
        (tmp_path / "x.txt", "there is no file of that name"),
    ):
        assert site.run("parse", str(path)) == 1
        assert f"error[RT201]: can't be read: {what}" in site.err


def test_people_of_the_whole_site_are_known_in_every_transcript(site: Site) -> None:
    """By name and alias; whoever says nothing in it is not listed there."""
    site.write(
        "-- content/speakers/ann.md --\n---\ntitle: Ann Lu\nperson: {role: Dean, aliases: [AL]}\n---\nAbout her.\n"
        "-- content/speakers/bo.md --\n---\ntitle: Bo Ray\nperson: {role: Chair}\n---\nAbout him.\n"
        "-- content/talk.txt --\nHost: Hello.\nAL: Yes.\nHost: Bye.\nAL: Bye.\n"
    )
    assert site.build() == 0
    page = (site.root / "public/talk/index.html").read_text(encoding="utf-8")
    assert "Ann Lu" in page
    assert "Dean" in page
    assert "Bo Ray" not in page


def test_a_sidecar_says_who_a_page_is_about_too(site: Site) -> None:
    """What front matter leaves out; when it changes, all who may be meant are read anew."""
    site.write(
        "-- content/speakers/ann.md --\nAbout her.\n-- content/speakers/ann.yaml --\nperson: {name: Ann Lu, aliases: [AL]}\n"
        "-- content/talk.txt --\nHost: Hello.\nAL: Yes.\nHost: Bye.\nAL: Bye.\n"
    )
    assert site.build() == 0
    assert "Ann Lu" in site.text("talk/index.html")
    site.write("-- content/speakers/ann.yaml --\nperson: {name: Ann Lind, aliases: [AL]}\n")
    assert site.build() == 0
    assert "Ann Lind" in site.text("talk/index.html")
    (site.root / "content/speakers/ann.yaml").unlink()
    assert site.build() == 0
    assert "Ann L" not in site.text("talk/index.html")


def test_the_published_schema_is_the_models(roundtable: Run) -> None:
    """The file in the guide is what the encoder does."""
    published = json.loads((REPOSITORY / "content/guide/parse.schema.json").read_text(encoding="utf-8"))
    as_json = json.loads(json.dumps(schema()))
    assert published == as_json
    assert json.loads(roundtable("parse", "--schema").stdout) == as_json


def test_control_characters_cannot_steer_a_terminal(site: Site) -> None:
    """Names and lines are shown made visible."""
    site.write("-- content/a.md --\nText \u202e[x](gone\u200e.md)\n")
    assert site.build() == 1
    assert "\u202e" not in site.err
    assert "\\x202e" in site.err


def test_notes_are_few_and_quiet_is_quiet(site: Site) -> None:
    """A hundred undated files are said in five lines and a sum."""
    site.write("".join(f"-- content/t{i}.txt --\nHost: A\nHost: B\n" for i in range(20)))
    assert site.build() == 0
    assert site.err.count("note[RT505]") == 6
    assert "and 15 more" in site.err
    assert site.build("-q") == 0
    assert (site.out, site.err) == ("", "")


def test_a_root_elsewhere(site: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """`--root` names the folder of site.toml."""
    site.write(TALK)
    here = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("far"))
    try:
        assert site.build() == 0
    finally:
        os.chdir(here)
    assert "talk/index.html" in site.tree()


def test_a_locale_of_ascii_and_closed_streams(site: Site) -> None:
    """Neither is an error."""
    site.write("-- content/é中.txt --\nHost: A\nHost: B\n")
    command = f"{sys.executable} {REPOSITORY / 'build.py'}"
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for arguments in ("parse content/é中.txt", "build", "parse --json content/é中.txt >&-", "build >&- 2>&-"):
        done = subprocess.run(
            ["bash", "-c", f"{command} {arguments}"],
            cwd=site.root,
            env=os.environ | environment,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr
        assert "RT901" not in done.stderr


@pytest.mark.parametrize("text", ["a=" + "[" * 5000, "x=" + "9" * 5000, 'base_url = "http://["', "\ufefftitle = 'x'\n"])
def test_odd_configuration_is_no_error_of_ours(site: Site, text: str) -> None:
    """Each is told, or read."""
    site.write(TALK)
    (site.root / "site.toml").write_text(text, encoding="utf-8")
    code = site.build()
    assert code == (0 if "title" in text else 2)
    assert "RT901" not in site.err


@pytest.mark.parametrize("file", ["site.toml", "content/r.json", "templates/base.html", ".git/config"])
def test_no_report_is_written_over_the_sites_own_files(site: Site, file: str) -> None:
    """Whatever somebody types."""
    site.write("-- content/t.md --\n**Ana:** Yes.\n\n**Bo:** No.\n")
    before = (site.root / "site.toml").read_bytes()
    for command in (("build", "--report"), ("compare", str(site.root), str(site.root), "-o")):
        assert site.run(*command, str(site.root / file)) == 2, command
        assert "RT106" in site.err
    assert (site.root / "site.toml").read_bytes() == before
    assert not (site.root / "content/r.json").exists()


def test_what_needs_a_site_says_that_there_is_none(tmp_path: Path, roundtable: Run) -> None:
    """And makes none by the way; a wrong site.toml is no missing one."""
    for command in (("new", "A talk"), ("import", "x.md"), ("format",)):
        done = roundtable(*command, "--root", str(tmp_path / "none"), cwd=tmp_path)
        assert (done.returncode, "RT101" in done.stderr) == (2, True), command
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "site.toml").write_text("[what\n", encoding="utf-8")
    (tmp_path / "x.md").write_text("**Ana:** Yes.\n\n**Bo:** No.\n", encoding="utf-8")
    for command in (("new", "A talk"), ("import", "x.md", "-o", "-"), ("format", "x.md"), ("parse", "x.md")):
        done = roundtable(*command, cwd=tmp_path)
        assert (done.returncode, "RT102" in done.stderr) == (2, True), command


def test_a_transcript_gives_no_command_to_a_runner_of_ci(site: Site) -> None:
    """GitHub's takes `##[…]` for one, wherever in a line it stands."""
    site.write(
        "-- content/t.md --\n---\nspeakers: [Ben Oxx, Ana]\n---\n\n**Bne Oxx:** ho ##[stop-commands]tok\n\n**Ana:** Yes.\n"
    )
    assert site.run("check") == 0
    assert "##[" not in site.err + site.out
    assert r"##\x5bstop-commands]tok" in site.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_full_disk_is_told(site: Site, form: str) -> None:
    """No traceback, and nothing as if all were told."""
    site.write("-- content/talk.md --\n**Ann:** [A](gone.md)\n\n**Bo:** B\n")
    command = [sys.executable, str(REPOSITORY / "build.py"), "check", "--format", form, "--root", str(site.root)]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr
