"""How findings are printed: for people, as JSON, as SARIF, for GitHub and as a compiler does; and what editors make of it."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from roundtable.diagnostics import CODES, diagnose
from roundtable.reporting import (
    FORMATS,
    GUIDE,
    MATCHERS,
    Count,
    Report,
    as_gcc,
    as_sarif,
    difference,
    for_github,
    for_people,
)

from .conftest import REPOSITORY, Site
from .test_rules import LISTED, TWO

Run = Callable[..., "subprocess.CompletedProcess[str]"]
BAD = f"-- content/a, b: 100%.md --\n{LISTED}{TWO}\n**Ana Duarte:** [x](gone.md)\n".replace("a, b: 100%.md", "talk.md")
FOUND = (
    diagnose("RT502", "there is no '100%, a: b'", ("content/a, b:c 100%.md", 3, 7), "one\ntwo", "a [line](x)"),
    diagnose("RT206", "no column\x1b[31m", ("content/é 中.md", 4, 1)),
    diagnose("RT505", "no line", "content/talk.md"),
    diagnose("RT901", "no place\r\nat all"),
)

TEXT = {
    "type": "object",
    "properties": {"text": {"type": "string"}},
    "required": ["text"],
    "additionalProperties": False,
}
ARTIFACT = {
    "type": "object",
    "properties": {
        "uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+$"},
        "uriBaseId": {"type": "string"},
        "description": TEXT,
    },
    "additionalProperties": False,
}
# The part of SARIF 2.1.0 that is used, as sections 3.13 to 3.49 of the standard have it.
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "pattern": "^https://"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "originalUriBaseIds": {"type": "object", "additionalProperties": ARTIFACT},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "additionalProperties": False,
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "additionalProperties": False,
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {
                                        "type": "array",
                                        "uniqueItems": True,
                                        "items": {
                                            "type": "object",
                                            "required": ["id"],
                                            "additionalProperties": False,
                                            "properties": {
                                                "id": {"type": "string"},
                                                "shortDescription": TEXT,
                                                "help": TEXT,
                                                "defaultConfiguration": {
                                                    "type": "object",
                                                    "properties": {
                                                        "level": {"enum": ["none", "note", "warning", "error"]}
                                                    },
                                                    "additionalProperties": False,
                                                },
                                            },
                                        },
                                    },
                                },
                            }
                        },
                    },
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["message"],
                            "additionalProperties": False,
                            "properties": {
                                "ruleId": {"type": "string"},
                                "ruleIndex": {"type": "integer", "minimum": 0},
                                "level": {"enum": ["none", "note", "warning", "error"]},
                                "message": TEXT,
                                "locations": {
                                    "type": "array",
                                    "items": {
                                        "type": "object",
                                        "additionalProperties": False,
                                        "properties": {
                                            "physicalLocation": {
                                                "type": "object",
                                                "required": ["artifactLocation"],
                                                "additionalProperties": False,
                                                "properties": {
                                                    "artifactLocation": ARTIFACT,
                                                    "region": {
                                                        "type": "object",
                                                        "additionalProperties": False,
                                                        "properties": {
                                                            "startLine": {"type": "integer", "minimum": 1},
                                                            "startColumn": {"type": "integer", "minimum": 1},
                                                            "snippet": TEXT,
                                                        },
                                                    },
                                                },
                                            }
                                        },
                                    },
                                },
                            },
                        },
                    },
                },
            },
        },
    },
}


def test_sarif_has_rules_places_and_levels() -> None:
    """Each result names its rule, and a rule the section of the guide that explains it."""
    log = json.loads(as_sarif(Report(FOUND, {}, Path())))
    jsonschema.validate(log, SARIF)
    run = log["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == [one.code for one in FOUND]
    assert rules[0]["help"]["text"].endswith(f": {GUIDE}#rt206")
    assert [one["level"] for one in run["results"]] == ["error", "warning", "note", "error"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "content/a%2C%20b%3Ac%20100%25.md", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 7, "snippet": {"text": "a [line](x)"}}
    of_none = run["results"][3]["locations"][0]["physicalLocation"]  # GitHub refuses a file in which any has no place
    assert of_none == {"artifactLocation": {"uri": "site.toml", "uriBaseId": "%SRCROOT%"}}


def test_the_guide_is_where_findings_say() -> None:
    """From the root of the site that it is published on."""
    assert (REPOSITORY / f"content/{GUIDE.removesuffix('/')}.md").is_file()


def test_github_commands_are_escaped() -> None:
    """In properties and in messages, each in its way, so that a transcript can't give commands of its own."""
    lines = for_github(Report(FOUND, {}, Path())).splitlines()
    assert lines == [
        "::error file=content/a%2C b%3Ac 100%25.md,line=3,col=7,title=RT502::there is no '100%25, a: b'%0Aone%0Atwo",
        "::warning file=content/é 中.md,line=4,col=1,title=RT206::no column\x1b[31m",
        "::notice file=content/talk.md,title=RT505::no line",
        "::error title=RT901::no place%0D%0Aat all",
    ]
    evil = diagnose("RT206", "x\n::set-output name=a::b", ("a\n::error::.md", 1, 1))
    assert len(for_github(Report((evil,), {}, Path())).splitlines()) == 1


def test_gcc_lines() -> None:
    """One each; control characters are made visible, and a place there always is."""
    assert as_gcc(Report(FOUND, {}, Path())).splitlines() == [
        "content/a, b:c 100%.md:3:7: error: there is no '100%, a: b'; one [RT502]",
        "content/é 中.md:4:1: warning: no column\\x1b[31m [RT206]",
        "content/talk.md:1:1: note: no line [RT505]",
        "roundtable: error: no place at all [RT901]",
    ]


def test_colours_are_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    """Severity and caret; the text is the same without them. A transcript brings none of its own."""
    report = Report(FOUND, {}, Path())
    plain, coloured = for_people(report), for_people(report, colour=True)
    assert "\x1b" not in plain
    assert "\x1b[31merror" in coloured and "\x1b[33mwarning" in coloured and "\x1b[31m^" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured).replace("\n\n", "\n") == plain


@pytest.mark.parametrize(
    ("environment", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_a_terminal_gets_colours_unless_it_asks_for_none(
    site: Site, environment: dict[str, str], is_coloured: bool
) -> None:
    """NO_COLOR counts; so does a terminal that has none."""
    site.write(BAD)
    main, other = pty.openpty()
    command = [sys.executable, str(REPOSITORY / "build.py"), "check"]
    env = (
        {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
        | {"TERM": "xterm", "CI": "1"}
        | environment
    )
    done = subprocess.run(command, cwd=site.root, stderr=other, stdout=subprocess.DEVNULL, env=env)
    os.close(other)
    assert done.returncode == 1
    assert (b"\x1b[31merror" in os.read(main, 100_000)) is is_coloured
    os.close(main)


def test_differences_are_coloured_and_steer_no_terminal() -> None:
    """What goes, what comes; control characters of a transcript are made visible."""
    diff = "--- a\n+++ b\n@@ -1 +1 @@\n-old\x1b[2J\n+new\n same\n"
    assert difference(diff) == "--- a\n+++ b\n@@ -1 +1 @@\n-old\\x1b[2J\n+new\n same"
    assert "\x1b[31m-old\\x1b[2J\x1b[0m\n\x1b[32m+new\x1b[0m\n same" in difference(diff, colour=True)


def test_findings_are_counted() -> None:
    """By severity and file, with those that aren't shown, and with what was told before."""
    for parts, more, files, says in (
        ([FOUND], {}, 0, "2 errors, 1 warning, 1 note in 3 files"), ([FOUND[2:3]], {"RT505": 1_200}, 0, "1,201 notes"), ([()], {}, 0, ""),
        ([FOUND[:2], FOUND[2:]], {}, 0, "2 errors, 1 warning, 1 note in 3 files"), ([FOUND], {"RT211": 9}, 12, "2 errors, 1 warning, 10 notes in 12 files"),
    ):  # fmt: skip
        count = Count()
        for part in parts:
            count.add(part, more, files)
        assert str(count) == says


@pytest.mark.parametrize("command", ["check", "build"])
def test_all_that_was_told_is_counted_at_the_end(site: Site, command: str) -> None:
    """Of site.toml too; whether or not it is shown, and if it is one thing; with --quiet, what is told then."""
    site.write("-- site.toml --\ntitle = 'T'\nbase_url = 'https://example.org/'\n")
    site.write("-- content/a.md --\n# A\n\nWords.\n")
    assert site.run(command) == 0
    assert site.err.count("note[") == 1
    assert site.err.endswith("\n1 note\n")
    site.write(
        "".join(
            f"-- content/t{i}.md --\n---\ntitle: T{i}\n---\n**Ana:** A\n\n**Bo:**\n\n**Ana:** B\n" for i in range(9)
        )
    )
    assert site.run(command, "--clean") == 0 if command == "build" else site.run(command) == 0
    assert site.err.count("warning[RT207]") == site.err.count("note[RT505]") == 6, "the first five, and how many more"
    notes = int(site.err.rsplit("9 warnings, ", 1)[1].split(" ")[0])
    assert site.err.endswith(f"9 warnings, {notes} notes in 10 files\n")
    site.run(command, "--format", "json")
    assert sum(one["severity"] == "note" for one in json.loads(site.out)["findings"]) == notes
    assert site.run(command, "--quiet") == 0
    assert site.err.endswith("\n9 warnings in 9 files\n")


@pytest.mark.parametrize("format", sorted(set(FORMATS) - {"text"}))
def test_what_programs_read_stands_alone_on_standard_output(site: Site, format: str) -> None:
    """All of it, not the first five; the configuration's mistakes, too; paths are from where one is."""
    site.write("".join(f"-- content/t{i}.txt --\nHost: A\nHost: B\n" for i in range(20)))
    for command in ("check", "build", "build"):
        assert site.run(command, "--format", format) == 0
        assert site.out.count("no date, so not in the feed") == 20, command
        assert "transcripts on" in site.err and "transcripts on" not in site.out
        assert "note[" not in site.err
    if format in ("json", "sarif"):
        json.loads(site.out)
    (site.root / "site.toml").write_text("nope = 1\n", encoding="utf-8")
    assert site.run("check", "--format", format) == 2
    assert "RT103" in site.out
    assert site.err == ""


def test_paths_are_from_where_one_is(site: Site, roundtable: Run) -> None:
    """So that CI finds the file in the repository, wherever in it the site is."""
    site.write(BAD)
    done = roundtable("check", "--root", site.root.name, "--format", "gcc", cwd=site.root.parent)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{site.root.name}/content/talk.md:")
    done = roundtable("check", "--format", "json", cwd=site.root)
    assert {one["path"] for one in json.loads(done.stdout)["findings"]} == {"content/talk.md"}


def test_whoever_stops_reading_is_no_error(site: Site) -> None:
    """`check --format json | head`; nor is a closed stream."""
    site.write("".join(f"-- content/t{i}.txt --\nHost: A\nHost: B\n" for i in range(300)))
    for command in (
        "check --format json | head -c 10",
        "check --format gcc >&-",
        "check --fix --yes --format sarif 2>&- >&-",
    ):
        script = f"{sys.executable} {REPOSITORY / 'build.py'} {command}"
        done = subprocess.run(["bash", "-c", script], cwd=site.root, capture_output=True, text=True)
        assert "Traceback" not in done.stderr and "RT901" not in done.stderr, command


def test_json_says_all(site: Site) -> None:
    """Counts, and for each finding where, what, why and the page that explains it."""
    site.write(BAD)
    assert site.run("check", "--format", "json") == 1
    told = json.loads(site.out)
    assert (told["errors"], told["warnings"]) == (1, 0)
    one = next(one for one in told["findings"] if one["severity"] == "error")
    assert (one["code"], one["line"], one["column"], one["help"]) == ("RT502", 14, 21, f"{GUIDE}#rt502")


def test_what_vscode_matches_is_what_gcc_prints(site: Site) -> None:
    """The pattern that `--matcher vscode` prints finds file, line, column, severity, message and code of each line."""
    assert site.run("check", "--matcher", "vscode") == 0
    pattern = json.loads(site.out)["tasks"][0]["problemMatcher"]["pattern"]
    lines = as_gcc(Report(FOUND, {}, Path())).splitlines()
    matches = [re.match(pattern["regexp"], line) for line in lines]
    assert matches[3] is None
    for match, one in zip(matches[:3], FOUND, strict=False):
        assert match
        assert match[pattern["file"]] == one.path
        assert int(match[pattern["line"]]) == (one.line or 1)
        assert match[pattern["severity"]] == one.severity
        assert match[pattern["code"]] == one.code
    if shutil.which("node"):  # the language in which it is meant
        script = f"console.log({json.dumps(lines)}.map(l => (l.match(new RegExp({json.dumps(pattern['regexp'])})) || [])[1]).join('|'))"
        done = subprocess.run(["node", "-e", script], capture_output=True, text=True, encoding="utf-8")
        assert done.stdout.strip() == "content/a, b:c 100%.md|content/é 中.md|content/talk.md|"


@pytest.mark.skipif(not shutil.which("vim") and not os.environ.get("ROUNDTABLE_NO_SKIPS"), reason="no vim")
def test_vim_finds_the_places(site: Site, tmp_path: Path) -> None:
    """With the `errorformat` that `--matcher vim` prints."""
    assert site.run("check", "--matcher", "vim") == 0
    (tmp_path / "matcher.vim").write_text(site.out, encoding="utf-8")
    (tmp_path / "out.txt").write_text(as_gcc(Report(FOUND[1:3], {}, Path())), encoding="utf-8")
    script = (
        "set encoding=utf-8 | source matcher.vim | cgetfile out.txt |"
        'call writefile(map(getqflist(), \'bufname(v:val.bufnr) .. " " .. v:val.lnum .. " " .. v:val.type .. " " .. v:val.text\'), \'found.txt\') | qa!'
    )
    subprocess.run(["vim", "-N", "-u", "NONE", "-es", "-c", script], cwd=tmp_path, timeout=30, stdin=subprocess.DEVNULL)
    assert (tmp_path / "found.txt").read_text(encoding="utf-8").splitlines() == [
        "content/é 中.md 4 w no column\\x1b[31m [RT206]",
        "content/talk.md 1 n no line [RT505]",
    ]


def test_matchers_are_printed_and_nothing_else_is_done(site: Site) -> None:
    """No site is needed."""
    for name, text in MATCHERS.items():
        assert site.run("check", "--matcher", name) == 0
        assert site.out == text


def test_every_code_has_a_help_page() -> None:
    """Under the anchor that links use."""
    guide = (REPOSITORY / "content/guide/diagnostics.md").read_text(encoding="utf-8")
    assert [code for code in CODES if f"\n## {code}\n" not in guide] == []
