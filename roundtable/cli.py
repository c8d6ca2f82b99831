"""The command line: arguments in, exit code out. All else is elsewhere.

Exit codes: 0 fine, 1 content fails, 2 wrong usage or configuration, 130 interrupted.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from . import __version__
from .config import base_url_problem, load
from .diagnostics import CODES, MOST_OF_A_KIND, Stopped, diagnose, failed, show, strict, visible
from .model import Diagnostic
from .workers import EXECUTORS, seldom_collect

if TYPE_CHECKING:
    from .pipeline import Outcome
    from .site import Site
    from .stages import Parsed
    from .watch import Watch

LOST = "RT522"
NO_MORE: Mapping[str, int] = {}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    seldom_collect()
    try:
        options = _parser().parse_args(_with_command(given))
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except KeyboardInterrupt:
        print("interrupted; the last good output is untouched", file=sys.stderr)
        return 130
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Stopped as stopped:  # before it began: what stops it in its course is among what it found
        _print([stopped.told])
        return 2
    except OSError as error:
        hint = "check the disk's space and the folder's permissions"
        _print([diagnose("RT701", f"can't write: {error.strerror or error}", error.filename, hint)])
        return 2
    except Exception as error:  # a traceback is for whoever asks for it
        if os.environ.get("ROUNDTABLE_DEBUG"):
            raise
        hint = "please report it, with what ROUNDTABLE_DEBUG=1 prints"
        _print([diagnose("RT901", f"an error of Roundtable's own: {type(error).__name__}: {error}", None, hint)])
        return 1


def _prepare_streams() -> None:
    """Streams that take every character, even closed ones or in a locale of ASCII; and an end on request that is clean."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123  (as long as the process)
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, signal.default_int_handler)


def _with_command(given: list[str]) -> list[str]:
    """`build` where no command is named."""
    if given and (not given[0].startswith("-") or given[0] in ("-h", "--help", "--version")):
        return given
    return ["build", *given]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="roundtable", description="Turns transcripts into a website that people read, quote and trust."
    )
    parser.add_argument("--version", action="version", version=f"roundtable {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="command", title="commands")

    def command(name: str, help: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=help, description=help[0].upper() + help[1:] + ".")
        sub.set_defaults(run=run)
        sub.add_argument(
            "--root", type=Path, default=Path(), metavar="DIR", help="the folder that holds site.toml (default: here)"
        )
        return sub

    def building(sub: argparse.ArgumentParser) -> None:
        is_served = sub is serve
        either = argparse.BooleanOptionalAction if is_served else "store_true"
        default = " (default: they are)" if is_served else ""
        sub.add_argument(
            "--drafts", action=either, default=is_served, help=f"include files with 'draft: true'{default}"
        )
        sub.add_argument("--strict", action="store_true", help="make warnings errors")
        sub.add_argument("--jobs", type=_positive, metavar="N", help="processes to use (default: as many as pay)")
        sub.add_argument("-q", "--quiet", action="store_true", help="print errors and warnings only")
        sub.add_argument("--cache", type=Path, metavar="DIR", help="where to keep what later builds can use")

    build = command("build", "build the site (the default)", _build)
    check = command("check", "run every rule and write nothing", _check)
    serve = command("serve", "build, serve on this machine, and build again at each change", _serve)
    for sub in (build, check, serve):
        building(sub)
    for sub in (build, check):
        sub.add_argument("--profile", action="store_true", help="print how long each stage took")
        sub.add_argument("--base-url", metavar="URL", help="where the site will stand, instead of site.toml's base_url")
        sub.add_argument(
            "--executor", choices=EXECUTORS, default="processes", help="where work is done (default: here)"
        )
        sub.add_argument("--scheduler", metavar="ADDRESS", help="the scheduler of a cluster, for --executor dask")
    build.add_argument(
        "-o", "--output", type=Path, metavar="DIR", help="the output folder, instead of site.toml's output"
    )
    build.add_argument(
        "--clean", action="store_true", help="write every file anew, and list what Roundtable didn't write"
    )
    serve.add_argument(
        "--port", type=_port, default=8000, metavar="N", help="the port; if it is used, the next (default: 8000)"
    )
    serve.add_argument(
        "--host",
        default="127.0.0.1",
        metavar="HOST",
        help="the address to listen on (default: 127.0.0.1, this machine only)",
    )
    parse = command("parse", "show what Roundtable reads in files", _parse)
    parse.add_argument("files", nargs="*", metavar="FILE")
    parse.add_argument("--json", action="store_true", help="one line of JSON a file, in the order given")
    parse.add_argument("--schema", action="store_true", help="print the JSON Schema of such a line")
    fetch = command("import", "write a file of any format as Markdown, ready to edit", _import)
    fetch.add_argument("file", metavar="FILE")
    fetch.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="the file to write (default: FILE's name in content/); - prints it",
    )
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, not {number}")
    return number


def _port(text: str) -> int:
    number = _positive(text)
    if number > 65535:
        raise argparse.ArgumentTypeError(f"must be 65535 or less, not {number}")
    return number


# --- build, check, serve ---------------------------------------------------------------------------------------------


def _build(options: argparse.Namespace) -> int:
    from . import pipeline

    return _run(pipeline.build, options)


def _check(options: argparse.Namespace) -> int:
    from . import pipeline

    return _run(pipeline.check, options)


def _run(command: Callable[[Site, Watch], Outcome], options: argparse.Namespace) -> int:
    """A build or a check, watched and reported."""
    from .progress import Progress, table

    started = time.perf_counter()
    site = _site(options)
    if site is None:
        return 2
    watch = Progress(is_shown=not options.quiet, say=lambda text: print(text, file=sys.stderr, flush=True))
    try:
        outcome = command(site, watch)
    finally:
        watch.end()
    code = _report(outcome, site, options, started)
    if options.profile:
        table(watch, time.perf_counter() - started)
    return code


def _serve(options: argparse.Namespace) -> int:
    from .serve import Terminal, serve

    def told(found: Iterable[Diagnostic]) -> None:
        _print(d for d in found if d.severity != "note" or not options.quiet)

    terminal = Terminal(
        told,
        lambda site, outcome, started: _report(outcome, site, options, started),
        lambda text: None if options.quiet else print(text, flush=True),
    )
    try:
        return serve(lambda: _described(options), options.host, options.port, terminal)
    except OSError as error:
        hint = "choose another with --port, or end what uses it"
        _print([diagnose("RT106", f"can't serve on {options.host}:{options.port}: {error.strerror}", None, hint)])
        return 2


def _site(options: argparse.Namespace) -> Site | None:
    """The site that site.toml and the arguments describe; None, once all its errors are printed."""
    site, found = _described(options)
    _print(d for d in found if d.severity != "note" or not options.quiet)
    return site


def _described(options: argparse.Namespace) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """The site that site.toml and the arguments describe, and what is wrong with them; None if that is an error."""
    from .output import unusable
    from .site import Site, absent

    config, found = load(options.root)
    if getattr(options, "base_url", None):
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
    found = strict(found) if options.strict else found
    if failed(found):
        return None, found
    output = getattr(options, "output", None) or options.root / config.output
    inputs = (config.content, "templates", "static")
    wrong = unusable(options.root, output, inputs)
    if options.cache and not wrong:
        wrong = unusable(options.root, options.cache, inputs, "cache") or unusable(options.cache, output, (), "output")
    if wrong:
        return None, (*found, wrong)
    clean = getattr(options, "clean", False)
    executor, scheduler = getattr(options, "executor", "processes"), getattr(options, "scheduler", None)
    site = Site(
        options.root, config, output, options.drafts, options.strict, clean, options.jobs, options.cache, executor, scheduler
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


def _report(outcome: Outcome, site: Site, options: argparse.Namespace, started: float) -> int:
    """Print what was found and done; the exit code."""
    _print((d for d in outcome.found if d.severity != "note" or not options.quiet), outcome.more)
    errors = sum(d.severity == "error" for d in outcome.found)
    if errors:
        print(f"{_plural(errors, 'error')}; {site.output} is as it was", file=sys.stderr)
        return 1
    lost = sum(one.code == LOST for one in outcome.found) + outcome.more.get(LOST, 0)
    if not options.quiet:
        if done := outcome.committed:
            seconds = time.perf_counter() - started
            print(
                f"{site.output}: {_plural(outcome.files, 'file')}, {done.changed:,} changed, {done.removed:,} removed, in {seconds:.2f} s"
            )
        print(
            f"{_plural(outcome.transcripts, 'transcript')} on {_plural(outcome.pages, 'page')}: "
            f"{outcome.published:,} of {outcome.words:,} words published, "
            f"{_plural(outcome.turns, 'turn')}, {_plural(outcome.speakers, 'speaker')}"
            + (f", {_plural(lost, 'permalink')} lost" if lost else "")
        )
    return 0


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _print(diagnostics: Iterable[Diagnostic], more: Mapping[str, int] = NO_MORE) -> None:
    """All errors; of each kind of warning and note the first few, and how many `more` there are, by code."""
    shown: dict[str, int] = {}
    for one in diagnostics:
        shown[one.code] = shown.get(one.code, 0) + 1
        if one.severity == "error" or shown[one.code] <= MOST_OF_A_KIND:
            print(show(one), file=sys.stderr)
    for code, number in shown.items():
        left = number - MOST_OF_A_KIND + more.get(code, 0)
        if left > 0 and CODES[code].severity != "error":
            print(f"{CODES[code].severity}[{code}]: and {left:,} more like this", file=sys.stderr)


# --- parse -----------------------------------------------------------------------------------------------------------


def _parse(options: argparse.Namespace) -> int:
    from .exports import account
    from .exports import json as records

    if options.schema:
        print(json.dumps(records.schema(), indent=2))
        return 0
    if not options.files:
        _print([diagnose("RT106", "no file named", None, "roundtable parse [--json] FILE...")])
        return 2
    config, _ = load(options.root)
    worst = 0
    for path in options.files:
        parsed = _parsed(path, config.language)
        if options.json:
            sys.stdout.buffer.write(records.write(parsed.path, parsed.document, parsed.found) + b"\n")
            sys.stdout.buffer.flush()
        else:
            print("\n".join(map(visible, account.write(*parsed).split("\n"))))
            _print(one for one in parsed.found if one.code not in account.TOLD)
        worst = max(worst, 1 if failed(parsed.found) else 0)
    return worst


def _parsed(path: str, language: str) -> Parsed:
    """One file read; a name that is not UTF-8 is told as far as it is."""
    from .stages import Parsed, parse

    shown = path.encode(errors="replace").decode()
    if shown == path:
        return parse(path, language)
    wrong = diagnose("RT201", "a file's name that is not UTF-8", shown, "rename it")
    return Parsed(shown, None, None, {}, (wrong,))


# --- import ----------------------------------------------------------------------------------------------------------


def _import(options: argparse.Namespace) -> int:
    """A file of any format as speaker-tagged Markdown, ready to edit."""
    from .exports import account, markdown
    from .model import Transcript

    config, _ = load(options.root)
    parsed = _parsed(options.file, config.language)
    target = options.output or options.root / config.content / f"{Path(parsed.path).stem}.md"
    is_printed = str(target) == "-"
    if not is_printed and target.exists():
        wrong = "that is a folder" if target.is_dir() else "there is a file of that name already"
        _print([diagnose("RT108", wrong, str(target), "name another file with -o")])
        return 2
    is_whole = not failed(
        one for one in parsed.found if not one.code.startswith("RT3")
    )  # who speaks can be mended there
    if isinstance(parsed.document, Transcript) and is_whole:
        text = markdown.write(parsed.document)
        if is_printed:
            sys.stdout.write(text)
        else:
            is_new = not target.parent.exists()
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="\n")
            print(f"{target}: written" + (f", in the new folder {target.parent}" if is_new else ""))
    print("\n".join(map(visible, account.write(*parsed).split("\n"))), file=sys.stderr)
    _print(one for one in parsed.found if one.code not in account.TOLD)
    if parsed.document is not None and not isinstance(parsed.document, Transcript):
        hint = "say 'type: transcript' in the file's front matter, or in a sidecar, if it is one"
        _print([diagnose("RT109", "no transcript: nobody speaks in it", parsed.path, hint)])
        return 1
    return 1 if failed(parsed.found) else 0
