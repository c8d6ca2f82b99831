"""How findings are printed: for people, for programs, for CI and for editors. Each form is a function in one table.

text    for people: place, what is wrong, the line itself, the cure; in colour on a terminal
json    one object with all of it
sarif   SARIF 2.1.0 (OASIS), which code hosts and editors show
github  workflow commands of GitHub Actions, which annotate a commit
gcc     `path:line:column: error: message [code]`, as the compiler prints, for the problem matchers of editors
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TextIO
from urllib.parse import quote

from . import __version__
from .diagnostics import CODES, MOST_OF_A_KIND, SEVERITIES, in_order, show, visible
from .model import Diagnostic, Severity

GUIDE = "guide/diagnostics/"  # from the root of wherever the guide is published, which nobody here knows
NO_MORE: Mapping[str, int] = {}


class Report(NamedTuple):
    """All that a command found."""

    found: tuple[Diagnostic, ...]  # by place
    more: Mapping[str, int]  # how many of a code there are beyond these
    root: Path  # of the site, from where paths are named


def located(root: Path, path: str) -> str:
    """A path of the site as it is from the current folder, with forward slashes; whole, where it is elsewhere."""
    file = (root / path).absolute()
    here = Path.cwd()
    return (file.relative_to(here) if file.is_relative_to(here) else file).as_posix()


def plural(number: int, noun: str) -> str:
    """A number of things."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


class Count:
    """How many errors, warnings and notes there are, and in how many files; also of what isn't shown."""

    def __init__(self) -> None:
        self._numbers = Counter[Severity]()
        self._paths: set[str] = set()  # of what is shown
        self._others = 0  # files in which is only what isn't

    def add(self, found: Collection[Diagnostic], more: Mapping[str, int] = NO_MORE, files: int = 0) -> None:
        """Take what was found in so many files, and how many `more` there are of a code."""
        grades = {one.code: one.severity for one in found}
        self._numbers.update(one.severity for one in found)
        for code, number in more.items():
            self._numbers[grades.get(code, CODES[code].severity)] += number
        paths = {one.path for one in found if one.path}
        self._paths |= paths
        self._others += max(files - len(paths), 0)

    def __str__(self) -> str:
        """For people; "" if there are none."""
        told = [plural(self._numbers[grade], grade) for grade in SEVERITIES if self._numbers[grade]]
        files = len(self._paths) + self._others
        return f"{', '.join(told)}{f' in {files:,} files' if files > 1 else ''}"


# --- for people ------------------------------------------------------------------------------------------------------

COLOURS: dict[Severity, str] = {"error": "31", "warning": "33", "note": "36"}  # ECMA-48: red, yellow, cyan
HEAD = re.compile(r"^(?P<place>.*?(?:: )?)(?P<grade>error|warning|note)\[(?P<code>RT\d{3})\]: (?P<message>.*)$")


def is_coloured(stream: TextIO) -> bool:
    """Whether a stream shows colours, and nobody asked for none. https://no-color.org"""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def for_people(report: Report, *, colour: bool = False) -> str:
    """All errors; of each kind of warning and note the first few, and how many more there are. A file's stand together."""
    shown: dict[str, int] = {}
    lines: list[str] = []
    before: str | None = None
    for one in report.found:
        shown[one.code] = shown.get(one.code, 0) + 1
        if one.severity == "error" or shown[one.code] <= MOST_OF_A_KIND:
            if colour and lines and one.path != before:
                lines.append("")
            lines.append(_coloured(one) if colour else show(one))
            before = one.path
    grades = {one.code: one.severity for one in report.found}
    for code, number in shown.items():
        left = number - MOST_OF_A_KIND + report.more.get(code, 0)
        if left > 0 and grades[code] != "error":
            lines.append(f"{grades[code]}[{code}]: and {left:,} more like this")
    return "".join(f"{line}\n" for line in lines)


def _coloured(one: Diagnostic) -> str:
    """The same with its severity and its caret in colour."""
    first, *rest = show(one).split("\n")
    colour = COLOURS[one.severity]
    head = HEAD.sub(rf"\033[1m\g<place>\033[{colour}m\g<grade>\033[0;1m[\g<code>]:\033[0m \g<message>", first)
    rest = [re.sub(r"^(\s*\| +)\^$", rf"\1\033[{colour}m^\033[0m", line) for line in rest]
    return "\n".join((head, *rest))


def difference(diff: str, *, colour: bool = False) -> str:
    """The lines of a unified diff for people: what goes and what comes in colour, if there are colours."""
    signs = {"-": "31", "+": "32", "@": "36"} if colour else {}
    lines = ((signs.get(line[:1]), visible(line)) for line in diff.rstrip("\n").split("\n"))
    return "\n".join(f"\033[{sign}m{line}\033[0m" if sign else line for sign, line in lines)


# --- for programs ----------------------------------------------------------------------------------------------------


def as_json(report: Report) -> str:
    """One object: every finding, and how many there are of each severity."""
    findings = [
        {
            "code": one.code, "severity": one.severity, "message": one.message,
            "path": one.path and located(report.root, one.path), "line": one.line, "column": one.column, "hint": one.hint,
            "source": one.source, "help": help_of(one.code),
        }
        for one in report.found
    ]  # fmt: skip
    numbers = {f"{grade}s": sum(one.severity == grade for one in report.found) for grade in SEVERITIES}
    return json.dumps({"version": __version__, **numbers, "findings": findings}, ensure_ascii=False, indent=1) + "\n"


def help_of(code: str) -> str:
    """Where the guide has a code."""
    return f"{GUIDE}#{code.lower()}"


def as_sarif(report: Report) -> str:
    """A log of the Static Analysis Results Interchange Format, version 2.1.0: one run, with the rules that found something."""
    codes = sorted({one.code for one in report.found})
    run = {
        "tool": {
            "driver": {
                "name": "Roundtable",
                "version": __version__,
                "rules": [_rule(code) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The folder in which the command was run."}}},
        "results": [_result(one, codes.index(one.code), report.root) for one in report.found],
    }
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str) -> dict[str, Any]:
    return {
        "id": code,
        "shortDescription": {"text": f"{CODES[code].meaning[0].upper()}{CODES[code].meaning[1:]}."},
        "help": {"text": f"See {code} in the guide, under Diagnostics: {help_of(code)}"},
        "defaultConfiguration": {"level": CODES[code].severity},
    }


def _result(one: Diagnostic, index: int, root: Path) -> dict[str, Any]:
    message = f"{one.message}\n{one.hint}" if one.hint else one.message
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": one.severity,
        "message": {"text": message},
    }
    # A result without a place is valid, but GitHub refuses a whole file that has one: what is of no file is of the site.
    place: dict[str, Any] = {"artifactLocation": _artifact(located(root, one.path or "site.toml"))}
    if one.line is not None:
        place["region"] = {"startLine": max(one.line, 1), "startColumn": max(one.column or 1, 1)}
        if one.source:
            place["region"]["snippet"] = {"text": one.source}
    result["locations"] = [{"physicalLocation": place}]
    return result


def _artifact(path: str) -> dict[str, str]:
    """A file by its address: relative, if it is below the folder in which the command was run."""
    if path.startswith("/") or re.match(r"[A-Za-z]:/", path):
        return {"uri": f"file://{'' if path.startswith('/') else '/'}{quote(path, safe='/:')}"}
    return {"uri": quote(path), "uriBaseId": "%SRCROOT%"}


# --- for CI and editors ----------------------------------------------------------------------------------------------

COMMANDS: dict[Severity, str] = {"error": "error", "warning": "warning", "note": "notice"}


def for_github(report: Report) -> str:
    """Workflow commands. https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands"""
    return "".join(f"{_command(one, report.root)}\n" for one in report.found)


def _command(one: Diagnostic, root: Path) -> str:
    named = {
        "file": located(root, one.path) if one.path else None,
        "line": one.line,
        "col": one.column,
        "title": one.code,
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in named.items() if value is not None)
    message = f"{one.message}\n{one.hint}" if one.hint else one.message
    return f"::{COMMANDS[one.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_gcc(report: Report) -> str:
    """A line for each finding. https://www.gnu.org/prep/standards/html_node/Errors.html"""
    return "".join(f"{_line(one, report.root)}\n" for one in report.found)


def _line(one: Diagnostic, root: Path) -> str:
    hint = f"; {one.hint.split(chr(10), maxsplit=1)[0]}" if one.hint else ""
    message = visible(f"{one.severity}: {' '.join(one.message.split())}{hint} [{one.code}]")
    if not one.path:
        return f"roundtable: {message}"
    return f"{visible(located(root, one.path))}:{one.line or 1}:{one.column or 1}: {message}"


FORMATS: dict[str, Callable[[Report], str]] = {
    "text": for_people, "json": as_json, "sarif": as_sarif, "github": for_github, "gcc": as_gcc,
}  # fmt: skip


class Reporter:
    """Prints findings in one form: for people at once, and on the error stream; else all at the end, on the other."""

    def __init__(self, format: str = "text", root: Path | None = None) -> None:
        self.is_for_people = format == "text"
        self._write, self._root = FORMATS[format], root or Path()
        self._found: list[Diagnostic] = []
        self.count = Count()  # of all that was told

    def tell(self, found: Iterable[Diagnostic], more: Mapping[str, int] = NO_MORE, files: int = 0) -> None:
        """Take some findings, how many `more` there are of a code, and in how many files they are."""
        told = tuple(found)
        self.count.add(told, more, files)
        if not self.is_for_people:
            self._found += told
            return
        sys.stderr.write(for_people(Report(told, more, self._root), colour=is_coloured(sys.stderr)))

    def say(self, text: str) -> None:
        """A line for people that is no finding: where findings aren't on that stream, on the other."""
        print(text, file=sys.stdout if self.is_for_people else sys.stderr)

    def close(self) -> None:
        """All is told."""
        if not self.is_for_people:
            sys.stdout.write(self._write(Report(in_order(self._found), NO_MORE, self._root)))
            self.is_for_people, self._found = True, []


MATCHERS = {
    "vscode": """{
  "version": "2.0.0",
  "tasks": [
    {
      "label": "roundtable check",
      "type": "shell",
      "command": "roundtable check --format gcc",
      "group": { "kind": "build", "isDefault": true },
      "problemMatcher": {
        "owner": "roundtable",
        "fileLocation": ["autoDetect", "${workspaceFolder}"],
        "pattern": {
          "regexp": "^(?!roundtable: )(.+?):(\\\\d+):(\\\\d+): (error|warning|note): (.*) \\\\[(RT\\\\d{3})\\\\]$",
          "file": 1,
          "line": 2,
          "column": 3,
          "severity": 4,
          "message": 5,
          "code": 6
        }
      }
    }
  ]
}
""",
    "vim": """" In .vimrc, or in a file that it sources; then :make, :copen, :cnext.
set makeprg=roundtable\\ check\\ --format\\ gcc
set errorformat=%f:%l:%c:\\ %t%*[^:]:\\ %m
""",
}
