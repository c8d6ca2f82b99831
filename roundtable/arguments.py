"""What stands on the command line: its commands and options, and the site that they describe with site.toml."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import msgspec

from . import __version__
from .config import base_url_problem, load, previewed
from .diagnostics import Grades, diagnose, failed
from .model import Diagnostic
from .output import unusable
from .reporting import FORMATS, MATCHERS
from .site import Site, absent
from .workers import EXECUTORS

Command = Callable[[str, str], argparse.ArgumentParser]  # makes one, of its name and what it is for


def parsed(given: list[str]) -> argparse.Namespace:
    """The options of a command line; `build` where it names no command. Ends the program where they are wrong."""
    is_named = given and (not given[0].startswith("-") or given[0] in ("-h", "--help", "--version"))
    return parser().parse_args(given if is_named else ["build", *given])


def parser() -> argparse.ArgumentParser:
    """What reads a command line."""
    whole = argparse.ArgumentParser(
        prog="roundtable", description="Turns transcripts into a website that people read, quote and trust."
    )
    whole.add_argument("--version", action="version", version=f"roundtable {__version__}")
    commands = whole.add_subparsers(dest="command", metavar="command", title="commands")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
        sub.add_argument(
            "--root", type=_path, default=Path(), metavar="DIR", help="the folder that holds site.toml (default: here)"
        )
        return sub

    for some in (_building, _comparing, _writing):
        some(command)
    return whole


def _building(command: Command) -> None:
    build = command("build", "build the site (the default)")
    check = command("check", "run every rule and write nothing")
    serve = command("serve", "build, serve on this machine, and build again at each change")
    for sub in (build, check, serve):
        _common(sub, is_served=sub is serve)
    for sub in (build, check):
        sub.add_argument("--format", choices=FORMATS, default="text", help="how to print what is found (default: text)")
        sub.add_argument("--profile", action="store_true", help="print how long each stage took")
        sub.add_argument("--base-url", metavar="URL", help="where the site will stand, instead of site.toml's base_url")
        sub.add_argument("--preview", action="store_true", help="build to be looked at: found by no search engine")
        sub.add_argument(
            "--executor",
            choices=EXECUTORS,
            default="processes",
            help="where work is done (default: processes, on this machine)",
        )
        sub.add_argument(
            "--scheduler", type=_name, metavar="ADDRESS", help="the scheduler of a cluster, for --executor dask"
        )
    build.add_argument(
        "-o", "--output", type=_path, metavar="DIR", help="the output folder, instead of site.toml's output"
    )
    build.add_argument(
        "--clean",
        action="store_true",
        help="do everything anew, whatever is in the cache, write every file, and list what Roundtable didn't write",
    )
    check.add_argument("--external", action="store_true", help="ask other sites whether links to them lead anywhere")
    check.add_argument("--matcher", choices=MATCHERS, help="print what an editor needs to read --format gcc")
    check.add_argument("--fix", action="store_true", help="mend what is sure, once you have seen what would change")
    check.add_argument("--yes", action="store_true", help="with --fix: don't ask")
    build.add_argument("--report", type=_file, metavar="FILE", help="write what was built and found as JSON")
    serve.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="the port; if it is used, the next (default: 8000)"
    )
    serve.add_argument(
        "--host",
        type=_host,
        default="127.0.0.1",
        metavar="HOST",
        help="the address to listen on (default: 127.0.0.1, this machine only)",
    )


def _common(sub: argparse.ArgumentParser, *, is_served: bool) -> None:
    """What all have that build."""
    either = argparse.BooleanOptionalAction if is_served else "store_true"
    default = " (default: they are)" if is_served else ""
    sub.add_argument("--drafts", action=either, default=is_served, help=f"include files with 'draft: true'{default}")
    sub.add_argument("--strict", action="store_true", help="make warnings errors")
    sub.add_argument(
        "--jobs", type=_jobs, metavar="N", help="processes to use (default: one for each processor, where that pays)"
    )
    sub.add_argument("-q", "--quiet", action="store_true", help="print errors and warnings only")
    sub.add_argument("--cache", type=_path, metavar="DIR", help="where to keep what later builds can use")


def _comparing(command: Command) -> None:
    compare = command("compare", "show what changed between two versions of a site")
    compare.add_argument("old", nargs="?", default="HEAD", metavar="OLD", help="a folder or a revision (default: HEAD)")
    compare.add_argument("new", nargs="?", metavar="NEW", help="the same (default: the site as it lies there)")
    compare.add_argument(
        "--format",
        dest="form",
        choices=("text", "json", "markdown", "html"),
        default="text",
        help="the form (default: text)",
    )
    compare.add_argument(
        "-o", "--output", type=_path, metavar="FILE", help="the file to write; - prints it (the default)"
    )
    compare.add_argument("--drafts", action="store_true", help="include files with 'draft: true'")
    compare.add_argument("--pages", action="store_true", help="build both versions and compare all pages, too")
    compare.add_argument("--schema", action="store_true", help="print the JSON Schema of --format json")


def _writing(command: Command) -> None:
    parse = command("parse", "show what Roundtable reads in files")
    parse.add_argument("files", nargs="*", type=_name, metavar="FILE", help="what to read, wherever it is")
    parse.add_argument("--json", action="store_true", help="one line of JSON a file, in the order given")
    parse.add_argument("--schema", action="store_true", help="print the JSON Schema of such a line")
    fetch = command("import", "write a file of any format as Markdown, ready to edit")
    fetch.add_argument("file", type=_name, metavar="FILE", help="what to read, wherever it is")
    fetch.add_argument(
        "-o",
        "--output",
        type=_path,
        metavar="FILE",
        help="the file to write (default: FILE's name in content/); - prints it",
    )
    form = command("format", "write Markdown transcripts in one form")
    form.add_argument(
        "files", nargs="*", type=_path, metavar="FILE", help="what to write anew (default: all in content/)"
    )
    form.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    form.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    new = command("new", "begin a transcript")
    new.add_argument("title", metavar="TITLE", help="what it is called, after which the file is named")
    new.add_argument("--speakers", default="", metavar="NAMES", help="who takes part: 'Ana Duarte; Tomas Lind'")
    new.add_argument("--host", metavar="NAME", help="who asks, whose label comes first")
    new.add_argument(
        "--date", metavar="DATE", help="2026-11-23, or a month, or a year, with which the file's name begins"
    )
    new.add_argument("--series", "--event", metavar="NAME", help="of what it is a part")


def _name(text: str) -> str:
    """What names something. A script's variable that isn't set names nothing, which would be the current folder."""
    if not text or "\0" in text:
        raise argparse.ArgumentTypeError(f"names nothing: {text!r}; give a name, or leave it out")
    return text


def _path(text: str) -> Path:
    path = Path(_name(text))
    try:
        path.stat()
    except (FileNotFoundError, PermissionError):
        return path  # whoever uses it tells that, or makes it
    except OSError as error:  # too long, a file where a folder is named, a link to itself
        raise argparse.ArgumentTypeError(f"can't be looked up: {error.strerror}; name another") from None
    return path


def _file(text: str) -> Path:
    if text == "-":
        raise argparse.ArgumentTypeError("names no file: '-'; to print it, name /dev/stdout")
    return _path(text)


def _jobs(text: str) -> int:
    return _number(text, 10_000)


def _port(text: str) -> int:
    return _number(text, 65_535)


def _number(text: str, most: int) -> int:
    if not (text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise argparse.ArgumentTypeError(f"must be a number from 1 to {most}, not {text!r}")
    return int(text)


def _host(text: str) -> str:
    if not text.strip() or not text.isprintable():
        hint = "name an address, such as 0.0.0.0 for all that this machine has"
        raise argparse.ArgumentTypeError(f"is none: {text!r}; {hint}")
    return text


# --- the site -----------------------------------------------------------------------------------------------------------


def described(options: argparse.Namespace) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """The site that site.toml and the arguments describe, and what is wrong with them; None if that is an error."""
    config, found = load(options.root)
    if getattr(options, "preview", False):
        config = previewed(config, options.base_url)
    if getattr(options, "base_url", None) is not None:
        if not config.is_preview:
            config = msgspec.structs.replace(config, base_url=options.base_url)
            found = tuple(d for d in found if d.code != "RT107")
        if problem := base_url_problem(options.base_url):
            found = (
                *found,
                diagnose(
                    "RT106",
                    f"--base-url {problem}: {options.base_url!r}",
                    None,
                    "write it whole: https://example.org/",
                ),
            )
    if wrong := _misplaced(options):
        found = (*found, wrong)
    if not failed(found) and (lacking := absent(options.root, config.content)):
        found = (*found, lacking)
    found = Grades(config.rules, options.strict).of(found)
    if failed(found):
        return None, found
    output = getattr(options, "output", None) or options.root / config.output
    inputs = (config.content, "templates", "static")
    wrong = unusable(options.root, output, inputs)
    if options.cache and not wrong:
        wrong = unusable(options.root, options.cache, inputs, "cache") or unusable(options.cache, output, (), "output")
    if wrong:
        return None, (*found, wrong)
    clean, is_check = getattr(options, "clean", False), options.command == "check"
    executor, scheduler = getattr(options, "executor", "processes"), getattr(options, "scheduler", None)
    site = Site(
        options.root, config, output, options.drafts, options.strict, clean, options.jobs, options.cache, executor, scheduler,
        tells_all=getattr(options, "format", "text") != "text", advises=is_check, external=getattr(options, "external", False),
    )  # fmt: skip
    return site, found


def _misplaced(options: argparse.Namespace) -> Diagnostic | None:
    """What is wrong with how a cluster is asked for; it doesn't say where it is, or there is none."""
    executor, scheduler = getattr(options, "executor", "processes"), getattr(options, "scheduler", None)
    if executor == "dask" and not scheduler:
        hint = "say where its scheduler is: --scheduler tcp://…:8786"
        return diagnose("RT106", "--executor dask needs --scheduler", None, hint)
    if executor == "dask" and options.jobs:
        hint = "leave --jobs out; a cluster has as many processes as workers were started"
        return diagnose("RT106", "--jobs is for processes on this machine", None, hint)
    if scheduler and executor != "dask":
        return diagnose("RT106", "--scheduler is for a cluster", None, "add --executor dask, or leave it out")
    return None
