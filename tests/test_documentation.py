"""The guide is true: every command, option, key and code is in it, and its examples are what the program says."""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from jinja2.defaults import DEFAULT_FILTERS, DEFAULT_NAMESPACE

from roundtable import arguments
from roundtable.config import Cards, Comments, Config, Giscus, Params, Serve
from roundtable.diagnostics import CODES, Grade, diagnose
from roundtable.mending import MENDS
from roundtable.model import Download, Ignored, Metadata, Page, Person, Recording
from roundtable.render import Renderer, Shared
from roundtable.report import schema
from roundtable.reporting import FORMATS, Report, as_json
from roundtable.site import THEME

from .conftest import REPOSITORY, SITE_TOML, Site

GUIDE = REPOSITORY / "content/guide"


def page(name: str) -> str:
    """The text of a page of the guide."""
    return (GUIDE / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_heading_and_severity(code: str) -> None:
    """Under which it says what to do."""
    section = re.search(rf"^## {code}\b.*?(?=^## |\Z)", page("diagnostics"), re.MULTILINE | re.DOTALL)
    assert section, f"{code} is not in the guide"
    assert CODES[code].severity in section[0].casefold()


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_cure_and_those_of_check_say_so(code: str) -> None:
    """An example of what is printed, or words on what to do; and who looks for it."""
    section = re.search(rf"^## {code}\b.*?(?=^## |\Z)", page("diagnostics"), re.MULTILINE | re.DOTALL)
    assert section
    assert len(section[0].split()) > 15
    assert ("**check**" in section[0]) is (CODES[code].by == "check")
    assert ("`check --external`" in section[0]) is (CODES[code].by == "external")
    if code > "RT234" and CODES[code].by != "build":
        assert f"{CODES[code].severity}[{code}]: " in section[0]


def test_the_keys_of_rules_are_documented() -> None:
    """With all that a code can be made."""
    assert all(f'`"{grade}"`' in page("configuration") for grade in get_args(Grade))
    assert "`[rules]`" in page("configuration")
    assert all(f"`{name}`" in page("checking") for name in FORMATS)
    assert all(f"[{code}]" in page("checking") for code in MENDS)


def test_every_code_is_used_and_every_used_code_exists() -> None:
    """No code without a place, no place without a code."""
    source = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "roundtable").rglob("*.py"))
    used = set(re.findall(r'"(RT\d{3})"(?!: Code)', source))
    assert used == set(CODES)


def options() -> list[tuple[str, str]]:
    """Every command with each of its options."""
    parser = arguments.parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return [
        (name, option)
        for name, sub in commands.choices.items()
        for action in sub._actions
        for option in action.option_strings
    ]


@pytest.mark.parametrize(("command", "option"), options())
def test_every_option_is_documented(command: str, option: str) -> None:
    """On the page of commands."""
    assert f"`{option}" in page("command-line"), f"{command} {option}"
    assert f"`{command}" in page("command-line") or f"## {command}" in page("command-line")


def test_every_option_that_a_command_is_said_to_have_exists() -> None:
    """In the tables of its section."""
    there = {*options()}
    for command, section in re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page("command-line"), re.MULTILINE | re.DOTALL):
        heads = re.findall(r"^\| (`-[^|]*?) \|", section, re.MULTILINE)
        told = {option for head in heads for option in re.findall(r"`(-[-\w]+)", head)}
        assert [option for option in told if (command, option) not in there] == [], command


def test_every_argument_has_a_word_of_help() -> None:
    """And says more than its default."""
    parser = arguments.parser()
    commands = next(action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, sub in commands.choices.items():
        for action in sub._actions:
            assert re.match(r"[a-z0-9]", action.help or ""), f"{name} {action.metavar or action.dest}"


@pytest.mark.parametrize(
    ("struct", "where"),
    [
        (Config, "configuration"),
        (Cards, "configuration"),
        (Serve, "configuration"),
        (Params, "configuration"),
        (Comments, "comments"),
        (Giscus, "comments"),
        (Metadata, "anatomy"),
        (Person, "anatomy"),
        (Recording, "recordings"),
        (Download, "recordings"),
        (Ignored, "anatomy"),
    ],
)
def test_every_key_is_documented(struct: type[msgspec.Struct], where: str) -> None:
    """As it is spelled."""
    missing = [
        f.encode_name
        for f in msgspec.structs.fields(struct)
        if (struct, f.name) != (Params, "comments")
        and f"`{f.encode_name}`" not in page(where)
        and f.encode_name not in ("params", "giscus", "cards", "rules", "serve")
    ]
    assert missing == []


def test_every_template_is_documented() -> None:
    """With what it needs."""
    assert [
        file.name for file in sorted((THEME / "templates").iterdir()) if f"`{file.name}`" not in page("templates")
    ] == []


def test_every_key_of_a_report_is_documented() -> None:
    """And of what `--format json` prints."""
    section = page("command-line").split("### The report")[1].split("\n## ")[0]
    assert [key for key in schema()["$defs"]["ReportRecord"]["properties"] if f"`{key}`" not in section] == []
    row = next(line for line in page("checking").splitlines() if line.startswith("| `json` |"))
    printed = json.loads(as_json(Report((diagnose("RT101", "x"),), {}, REPOSITORY)))
    assert [key for key in (*printed, *printed["findings"][0]) if f"`{key}`" not in row] == []


def test_every_kind_of_file_in_the_output_is_documented(site: Site) -> None:
    """But for what is the theme's, is copied, or leads on from a former address."""
    site.write(
        f"-- site.toml --\n{SITE_TOML}[cards]\nenabled = true\n-- content/photo.txt.png --\nx\n"
        "-- content/a.md --\n---\ndate: 2026-01-02\naudio: https://example.org/a.mp3\naliases: [/old/, /older.html]\n---\n"
        + "**[00:01] Host:** What is deep?\n\n**[00:02] Ana Duarte:** This.\n\n**[00:03] Bo Lind:** That.\n\n"
        * 3
    )
    assert site.build() == 0, site.err
    names = re.findall(r"`(.+?)`", "".join(re.findall(r"^\| (`.*?) \|", page("publishing"), re.MULTILINE)))
    patterns = [re.escape(name).replace("…", ".+") for name in names]
    others = {file.name for file in (THEME / "static").iterdir()} | {"photo.txt.png", "older.html"}
    assert {name for name in site.tree() if not any(re.fullmatch(one, name) for one in patterns)} == others - {
        "roundtable.css"
    }
    assert {"a/card.png", "a/answers/index.html", "a/captions.vtt", "podcast.xml"} <= site.tree().keys()


def test_the_last_lines_of_a_build_are_as_the_guide_and_the_readme_have_them(site: Site) -> None:
    """Of the transcript that the guide begins with."""
    example = re.search(r"```text\n(Guests\n.*?)```", page("anatomy"), re.DOTALL)
    assert example
    assert site.write(f"-- content/harbour.txt --\n{example[1]}").build() == 0
    last = re.sub(r"in [\d.]+ s", "in 0.15 s", "\n".join(site.out.splitlines()[-2:])).replace(f"{site.root}/", "")
    assert last in page("command-line")
    assert last in (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_every_name_that_templates_are_given_is_documented() -> None:
    """Fields of a page and what the environment adds."""
    names = {f"page.{field.name}" for field in msgspec.structs.fields(Page)} - {"page.template", "page.subject"}
    environment = Renderer(Config(title="T"), Shared({})).environment
    names |= (
        (environment.globals.keys() | environment.filters.keys()) - DEFAULT_NAMESPACE.keys() - DEFAULT_FILTERS.keys()
    )
    assert [
        name
        for name in sorted(names)
        if not re.search(rf"`{re.escape(name)}`|\b{name}[(.]|\|{name}\b", page("templates"))
    ] == []


@pytest.mark.parametrize(("list", "folder"), [("content/guide/index.md", ""), ("README.md", "content/guide/")])
def test_every_page_is_in_the_list_in_the_order_in_which_they_are_read(list: str, folder: str) -> None:
    """Each has a place of its own, so that the next one is that of the list."""
    pages = {file.stem: file.read_text(encoding="utf-8") for file in GUIDE.glob("*.md") if file.stem != "index"}
    order = {name: int(re.findall(r"^order: (\d+)$", text, re.MULTILINE)[0]) for name, text in pages.items()}
    text = (REPOSITORY / list).read_text(encoding="utf-8")
    assert len({*order.values()}) == len(order)
    assert re.findall(rf"^- \[.+?\]\({folder}([\w-]+)\.md\)", text, re.MULTILINE) == sorted(
        order, key=order.__getitem__
    )


def test_the_readme_begins_with_two_commands() -> None:
    """One builds the site, one runs the tests: the same that CI runs."""
    block = re.search(r"```\w*\n(.*?)```", (REPOSITORY / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block
    commands = [line for line in block[1].splitlines() if line.strip() and not line.startswith("#")]
    assert len(commands) == 2
    assert commands[0].endswith("build.py")
    script = (REPOSITORY / ".ci/run").read_text(encoding="utf-8")
    assert all(command in script for command in commands)


def test_no_page_names_what_is_not_ours_to_name() -> None:
    """Neither paths of a machine nor hosts of registries."""
    for file in [
        *GUIDE.glob("*.md"),
        REPOSITORY / "README.md",
        REPOSITORY / "CHANGELOG.md",
        *Path(REPOSITORY / "tests").rglob("*.md"),
    ]:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"/(?:work|root|home)/|pypi\.org|registry\.npmjs|deb\.debian", text), file
