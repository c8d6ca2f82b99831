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
from .diagnostics import Grades, Stopped, diagnose, failed, visible
from .model import Diagnostic
from .reporting import FORMATS, MATCHERS, NO_MORE, Reporter, counted, difference, is_coloured
from .workers import EXECUTORS, seldom_collect

if TYPE_CHECKING:
    from .pipeline import Outcome
    from .site import Site
    from .stages import Parsed
    from .watch import Watch

LOST = "RT522"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    seldom_collect()
    try:
        return _run_command(given)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _run_command(given: list[str]) -> int:
    """The exit code of a command, whatever stops it; what it found is told in the form that was asked for."""
    reporter = Reporter()
    try:
        options = _parser().parse_args(_with_command(given))
        reporter = options.reporter = Reporter(getattr(options, "format", "text"), options.root)
        run: Callable[[argparse.Namespace], int] = options.run
        return run(options)
    except KeyboardInterrupt:
        print("interrupted; the last good output is untouched", file=sys.stderr)
        return 130
    except BrokenPipeError:
        raise
    except Stopped as stopped:  # before it began: what stops it in its course is among what it found
        reporter.tell([stopped.told])
        return 2
    except OSError as error:
        hint = "check the disk's space and the folder's permissions"
        reporter.tell([diagnose("RT701", f"can't write: {error.strerror or error}", error.filename, hint)])
        return 2
    except Exception as error:  # a traceback is for whoever asks for it
        if os.environ.get("ROUNDTABLE_DEBUG"):
            raise
        hint = "please report it, with what ROUNDTABLE_DEBUG=1 prints"
        reporter.tell([diagnose("RT901", f"an error of Roundtable's own: {type(error).__name__}: {error}", None, hint)])
        return 2 if given[:1] == ["compare"] else 1  # there, 1 says that the record changed
    finally:
        reporter.close()


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
        sub.add_argument("--drafts", action="store_true", help="include files with 'draft: true'")
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
        sub.add_argument("--format", choices=FORMATS, default="text", help="how to print what is found (default: text)")
        sub.add_argument("--profile", action="store_true", help="print how long each stage took")
        sub.add_argument("--base-url", metavar="URL", help="where the site will stand, instead of site.toml's base_url")
        sub.add_argument("--preview", action="store_true", help="build to be looked at: found by no search engine")
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
    check.add_argument("--external", action="store_true", help="ask other sites whether links to them lead anywhere")
    check.add_argument("--matcher", choices=MATCHERS, help="print what an editor needs to read --format gcc")
    check.add_argument("--fix", action="store_true", help="mend what is sure, once you have seen what would change")
    check.add_argument("--yes", action="store_true", help="with --fix: don't ask")
    build.add_argument("--report", type=Path, metavar="FILE", help="write what was built and found as JSON")
    serve.add_argument("--port", type=_port, default=8000, metavar="N", help="port on 127.0.0.1 (default: 8000)")
    compare = command("compare", "show what changed between two versions of a site", _compare)
    compare.add_argument("old", nargs="?", default="HEAD", metavar="OLD", help="a folder or a revision (default: HEAD)")
    compare.add_argument("new", nargs="?", metavar="NEW", help="the same (default: the site as it lies there)")
    compare.add_argument(
        "--format", dest="form", choices=("text", "json", "markdown", "html"), default="text", help="(default: text)"
    )
    compare.add_argument("-o", "--output", type=Path, metavar="FILE", help="the file to write, instead of printing")
    compare.add_argument("--drafts", action="store_true", help="include files with 'draft: true'")
    compare.add_argument("--pages", action="store_true", help="build both versions and compare all pages, too")
    compare.add_argument("--schema", action="store_true", help="print the JSON Schema of --format json")
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
    form = command("format", "write Markdown transcripts in one form", _format)
    form.add_argument("files", nargs="*", type=Path, metavar="FILE", help="(default: all in content/)")
    form.add_argument("--check", action="store_true", help="write nothing; exit with 1 if something would change")
    form.add_argument("--diff", action="store_true", help="write nothing; print what would change")
    new = command("new", "begin a transcript", _new)
    new.add_argument("title", metavar="TITLE")
    new.add_argument("--speakers", default="", metavar="NAMES", help="who takes part: 'Ana Duarte; Tomas Lind'")
    new.add_argument("--host", metavar="NAME", help="which of them asks")
    new.add_argument("--date", metavar="DATE", help="2026-11-23, or a month, or a year")
    new.add_argument("--series", "--event", metavar="NAME", help="of what it is a part")
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

    if options.matcher:
        print(MATCHERS[options.matcher], end="")
        return 0
    left = _mend(options) if options.fix else 0
    return max(left, _run(pipeline.check, options))


def _run(command: Callable[[Site, Watch], Outcome], options: argparse.Namespace) -> int:
    """A build or a check, watched and reported."""
    from .progress import Progress, table

    started = time.perf_counter()
    told: list[Diagnostic] = []
    site = _site(options, told)
    watch = Progress(is_shown=not options.quiet, say=lambda text: print(text, file=sys.stderr, flush=True))
    file = getattr(options, "report", None)
    if site is None:
        return _recorded(file, None, None, watch, told, 2)
    try:
        outcome = command(site, watch)
    except Stopped as stopped:
        _recorded(file, site, None, watch, [*told, stopped.told], 2)
        raise
    finally:
        watch.end()
    code = _report(outcome, site, options, started)
    _recorded(file, site, outcome, watch, told, code)
    if options.profile:
        table(watch, time.perf_counter() - started)
    return code


def _recorded(
    file: Path | None, site: Site | None, outcome: Outcome | None, watch: Watch, told: list[Diagnostic], code: int
) -> int:  # fmt: skip
    """The exit code, once it is in a report, if one is asked for."""
    if file:
        from . import report

        report.store(file, report.report(site, outcome, watch, told, code))
    return code


def _serve(options: argparse.Namespace) -> int:
    from .serve import HOST, serve

    if _site(options) is None:
        return 2
    try:
        serve(
            lambda: _site(options),
            options.port,
            lambda site, outcome, started: _report(outcome, site, options, started),
        )
    except OSError as error:
        hint = "choose another with --port, or end what uses it"
        _print([diagnose("RT106", f"can't serve on {HOST}:{options.port}: {error.strerror}", None, hint)])
        return 2
    return 130


def _site(options: argparse.Namespace, told: list[Diagnostic] | None = None, *, is_quiet: bool = False) -> Site | None:
    """The site that site.toml and the arguments describe; None, once all its errors are printed, unless that is done later.

    `told` is added to.
    """
    from .config import previewed
    from .output import unusable
    from .site import Site, absent

    config, found = load(options.root)
    if getattr(options, "preview", False):
        config = previewed(config, options.base_url)
    if getattr(options, "base_url", None):
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
    told = [] if told is None else told
    told += found
    tell: Callable[[Iterable[Diagnostic]], None] = (lambda _: None) if is_quiet else options.reporter.tell
    tell(d for d in found if d.severity != "note" or not options.quiet)
    if failed(found):
        return None
    output = getattr(options, "output", None) or options.root / config.output
    inputs = (config.content, "templates", "static")
    wrong = unusable(options.root, output, inputs)
    if options.cache and not wrong:
        wrong = unusable(options.root, options.cache, inputs, "cache") or unusable(options.cache, output, (), "output")
    if wrong:
        told.append(wrong)
        tell([wrong])
        return None
    clean, is_check = getattr(options, "clean", False), options.command == "check"
    executor, scheduler = getattr(options, "executor", "processes"), getattr(options, "scheduler", None)
    return Site(
        options.root, config, output, options.drafts, options.strict, clean, options.jobs, options.cache, executor, scheduler,
        tells_all=getattr(options, "format", "text") != "text", advises=is_check, external=getattr(options, "external", False),
    )  # fmt: skip


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
    reporter: Reporter = options.reporter
    told = [one for one in outcome.found if one.severity != "note" or not options.quiet]
    reporter.tell(told, outcome.more)
    summary = counted(told, outcome.more)
    if outcome.failed:
        print(f"{summary}; {site.output} is as it was", file=sys.stderr)
        return 1
    if len(told) > 1:
        print(summary, file=sys.stderr)
    lost = sum(one.code == LOST for one in outcome.found) + outcome.more.get(LOST, 0)
    if not options.quiet:
        if done := outcome.committed:
            seconds = time.perf_counter() - started
            reporter.say(
                f"{site.output}: {_plural(outcome.files, 'file')}, {done.changed:,} changed, {done.removed:,} removed, in {seconds:.2f} s"
            )
        reporter.say(
            f"{_plural(outcome.transcripts, 'transcript')} on {_plural(outcome.pages, 'page')}: "
            f"{outcome.published:,} of {outcome.words:,} words published, "
            f"{_plural(outcome.turns, 'turn')}, {_plural(outcome.speakers, 'speaker')}"
            + (f", {_plural(lost, 'permalink')} lost" if lost else "")
        )
    return 0


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _print(diagnostics: Iterable[Diagnostic], more: Mapping[str, int] = NO_MORE) -> None:
    """Findings for people, and how many `more` there are, by code."""
    Reporter().tell(diagnostics, more)


# --- check --fix, format, new ----------------------------------------------------------------------------------------


def _mend(options: argparse.Namespace) -> int:
    """Files mended, if somebody says so; 1 if any is left that could be."""
    from .mending import Mended, mended
    from .rewriting import put

    site = _site(options, is_quiet=True)
    if site is None:
        return 0  # told by the check that follows
    every = list(mended(site))
    options.reporter.tell(one for one in every if isinstance(one, Diagnostic))
    files = [one for one in every if isinstance(one, Mended)]
    for one in files:
        options.reporter.say(difference(one.diff(), colour=is_coloured(sys.stdout)))
    if not files or not (options.yes or _is_wanted(f"write {_plural(len(files), 'file')}?")):
        return 1 if files else 0
    found = [told for one in files for told in put(one.file, one.before, one.after)]
    options.reporter.tell(found)
    return 1 if found else 0


def _is_wanted(question: str) -> bool:
    """Whether somebody at a terminal says yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _format(options: argparse.Namespace) -> int:
    """Markdown transcripts in one form."""
    from .mending import Mended
    from .rewriting import Known, put, rewritten, sidecar_of

    config, _ = load(options.root)
    folder = options.root / config.content
    files = options.files or sorted(
        file for file in folder.rglob("*") if file.is_file() and _is_markdown(file.relative_to(folder))
    )
    would, found = 0, []
    for file in files:
        if not file.is_file():
            found.append(
                diagnose("RT201", "can't be read: there is no file of that name", str(file), "look how it is spelled")
            )
            continue
        data = file.read_bytes()
        one = rewritten(str(file), data, Known(sidecar_of(file), config.language))
        found += one.found
        if one.data is None:
            continue
        would += 1
        if options.diff:
            print(difference(Mended(str(file), file, data, one.data).diff(), colour=is_coloured(sys.stdout)))
        elif options.check:
            print(f"{visible(str(file))}: would be written in another form")
        else:
            found += put(file, data, one.data)
            print(f"{visible(str(file))}: written")
    _print(found)
    return 1 if failed(found) or (would and (options.check or options.diff)) else 0


def _is_markdown(path: Path) -> bool:
    is_hidden = any(part.startswith(".") for part in path.parts)
    return path.suffix.casefold() in (".md", ".markdown") and not is_hidden


def _new(options: argparse.Namespace) -> int:
    """A transcript to type words into."""
    from .authoring import begun, name_of
    from .locales import is_date

    config, _ = load(options.root)
    title, date = " ".join(options.title.split()), options.date
    if not title or (date is not None and not is_date(date)):
        wrong = f"--date is no date: {date!r}" if title else "no title"
        _print([diagnose("RT106", wrong, None, "roundtable new 'The Silt and the Tide' --date 2026-11-23")])
        return 2
    file = options.root / config.content / name_of(title, date)
    if file.exists():
        _print([diagnose("RT108", "there is a file of that name already", str(file), "give it another title")])
        return 2
    file.parent.mkdir(parents=True, exist_ok=True)
    text = begun(title, options.speakers.split(";"), options.host, date, options.series)
    with file.open("x", encoding="utf-8", newline="\n") as out:
        out.write(text)
    print(f"{visible(str(file))}: written, as a draft")
    return 0


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


# --- compare ---------------------------------------------------------------------------------------------------------


def _compare(options: argparse.Namespace) -> int:
    """What changed: 0 nothing in the record, 1 something."""
    from . import comparison

    if options.schema:
        print(json.dumps(comparison.schema(), indent=2))
        return 0
    found = comparison.compare(options.old, options.new, options.root, drafts=options.drafts, with_pages=options.pages)
    data = comparison.FORMATS[options.form](found)
    if options.output:
        options.output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    for one in found.diagnostics:
        _print([Diagnostic(one.code, one.severity, one.message, one.path, one.line, one.column, one.hint)])
    return 0 if found.is_same else 1


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
