"""The command line: arguments in, exit code out. All else is elsewhere.

Exit codes: 0 fine, 1 content fails, 2 wrong usage or configuration, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .arguments import described, parsed
from .config import load
from .diagnostics import SEVERITIES, Stopped, diagnose, failed, refused, visible
from .model import Diagnostic
from .reporting import MATCHERS, NO_MORE, Reporter, difference, is_coloured, plural
from .workers import seldom_collect

if TYPE_CHECKING:
    from .config import Config
    from .pipeline import Outcome
    from .site import Site
    from .stages import Parsed
    from .watch import Watch

LOST = "RT522"
ABSENT = "RT101"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _prepare_streams()
    seldom_collect()
    try:
        return _run_command(given)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):  # whoever read our output has seen enough
            return 0
        print(f"can't write what was found: {error.strerror}", file=sys.stderr)  # a disk that is full
        return 2


def _run_command(given: list[str]) -> int:
    """The exit code of a command, whatever stops it; what it found is told in the form that was asked for."""
    reporter = Reporter()
    try:
        options = parsed(given)
        is_told = options.command in ("build", "check")
        reporter = options.reporter = Reporter(options.format if is_told else "text", options.root)
        return COMMANDS[options.command](options)
    except KeyboardInterrupt:
        print("interrupted; the last good output is untouched", file=sys.stderr)
        return 130
    except BrokenPipeError:
        raise
    except Stopped as stopped:  # before it began: what stops it in its course is among what it found
        reporter.tell([stopped.told])
        return 2
    except OSError as error:
        reporter.tell([refused(error)])
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
    file = getattr(options, "report", None)
    if file and _is_taken(file, options):
        return 2
    site = _site(options, told)
    watch = Progress(is_shown=not options.quiet, say=lambda text: print(text, file=sys.stderr, flush=True))
    if site is None:
        return _recorded(file, None, None, watch, told, 2)
    try:
        outcome = command(site, watch)
    except Stopped as stopped:
        _recorded(file, site, None, watch, [*told, stopped.told], 2)
        raise
    finally:
        watch.end()
    code = _report(outcome, site, options, options.reporter, started)
    _recorded(file, site, outcome, watch, told, code)
    if options.profile:
        table(watch, time.perf_counter() - started)
    return code


def _is_taken(file: Path, options: argparse.Namespace) -> bool:
    """Whether a file that is to be written is the site's own; which is told."""
    from .cache import FOLDER
    from .output import taken

    config = load(options.root)[0]
    output = options.output if options.command == "build" else None
    made = (output or options.root / config.output, (options.root / FOLDER).parent, getattr(options, "cache", None))
    wrong = taken(options.root, file, (config.content, "templates", "static"), filter(None, made))
    options.reporter.tell([wrong] if wrong else [])
    return wrong is not None


def _config(options: argparse.Namespace, *, is_needed: bool) -> Config | None:
    """What site.toml says, or would if there were one; None, once its errors are printed, or that there is none where it is needed."""
    config, found = load(options.root)
    wrong = [one for one in found if one.severity == "error" and (is_needed or one.code != ABSENT)]
    _print(wrong)
    return None if wrong else config


def _recorded(
    file: Path | None, site: Site | None, outcome: Outcome | None, watch: Watch, told: list[Diagnostic], code: int
) -> int:  # fmt: skip
    """The exit code, once it is in a report, if one is asked for."""
    if file:
        from . import report

        report.store(file, report.report(site, outcome, watch, told, code))
    return code


def _serve(options: argparse.Namespace) -> int:
    from .serve import Terminal, serve

    def told(found: Iterable[Diagnostic]) -> None:
        _print(d for d in found if d.severity != "note" or not options.quiet)

    terminal = Terminal(
        told,
        lambda site, outcome, started: _report(outcome, site, options, Reporter(), started),
        lambda text: None if options.quiet else print(text, flush=True),
    )
    try:
        return serve(lambda: described(options), options.host, options.port, terminal)
    except OSError as error:
        is_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        hint = (
            "choose another with --port, or end what uses it"
            if is_port
            else "name an address of this machine with --host"
        )
        why = str(error.strerror).partition(" (")[0]  # without the call that failed
        _print([diagnose("RT106", f"can't serve on {options.host}:{options.port}: {why}", None, hint)])
        return 2


def _site(options: argparse.Namespace, told: list[Diagnostic] | None = None, *, is_quiet: bool = False) -> Site | None:
    """The site that site.toml and the arguments describe; None, once all its errors are printed, unless that is done later.

    `told` is added to.
    """
    site, found = described(options)
    if told is not None:
        told += found
    if not is_quiet:
        options.reporter.tell(d for d in found if d.severity != "note" or not options.quiet)
    return site


def _report(
    outcome: Outcome, site: Site, options: argparse.Namespace, reporter: Reporter, started: float
) -> int:  # fmt: skip
    """Print what was found and done; the exit code."""
    wanted = SEVERITIES[:-1] if options.quiet else SEVERITIES
    told = [one for one in outcome.found if one.severity in wanted]
    codes = {one.code for one in told}
    more = {code: number for code, number in outcome.more.items() if code in codes}
    reporter.tell(told, more, outcome.places[len(wanted) - 1])
    if outcome.failed:
        print(f"{reporter.count}; {site.output} is as it was", file=sys.stderr)
        return 1
    if summary := str(reporter.count):
        print(summary, file=sys.stderr)
    lost = sum(one.code == LOST for one in outcome.found) + outcome.more.get(LOST, 0)
    if not options.quiet:
        if done := outcome.committed:
            seconds = time.perf_counter() - started
            reporter.say(
                f"{site.output}: {plural(outcome.files, 'file')}, {done.changed:,} changed, {done.removed:,} removed, in {seconds:.2f} s"
            )
        reporter.say(
            f"{plural(outcome.transcripts, 'transcript')} on {plural(outcome.pages, 'page')}: "
            f"{outcome.published:,} of {outcome.words:,} words published, "
            f"{plural(outcome.turns, 'turn')}, {plural(outcome.speakers, 'speaker')}"
            + (f", {plural(lost, 'permalink')} lost" if lost else "")
        )
    return 0


def _print(diagnostics: Iterable[Diagnostic], more: Mapping[str, int] = NO_MORE) -> None:
    """Findings for people, and how many `more` there are, by code."""
    Reporter().tell(diagnostics, more)


# --- check --fix, format, new ----------------------------------------------------------------------------------------


def _mend(options: argparse.Namespace) -> int:
    """Files mended, if somebody says so; 1 if any is left that could be. Of names, each is asked for: --yes says nothing of them."""
    from .mending import Mended, Slip, mended
    from .rewriting import put

    site = _site(options, is_quiet=True)
    if site is None:
        return 0  # told by the check that follows
    said: dict[tuple[str, str, str], bool] = {}

    def is_agreed(slip: Slip) -> bool:
        one = (slip.path, slip.label, slip.name)  # elsewhere it may be somebody of that name
        if one not in said:
            question = f"{slip.path}:{slip.line}: is {slip.label!r} a slip for {slip.name!r}?"
            said[one] = not options.yes and _is_wanted(question)
        return said[one]

    every = list(mended(site, is_agreed))
    options.reporter.tell(one for one in every if isinstance(one, Diagnostic))
    files = [one for one in every if isinstance(one, Mended)]
    for one in files:
        options.reporter.say(difference(one.diff(), colour=is_coloured(sys.stdout)))
    if not files or not (options.yes or _is_wanted(f"write {plural(len(files), 'file')}?")):
        return 1 if files else 0
    found = [told for one in files for told in put(one.file, one.before, one.after)]
    options.reporter.tell(found)
    return 1 if found else 0


def _is_wanted(question: str) -> bool:
    """Whether somebody at a terminal says yes."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{visible(question)} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


def _format(options: argparse.Namespace) -> int:
    """Markdown transcripts in one form."""
    from .mending import Mended
    from .rewriting import Known, put, rewritten, sidecar_of

    if (config := _config(options, is_needed=not options.files)) is None:
        return 2
    folder = options.root / config.content
    files = options.files or sorted(
        file for file in folder.rglob("*") if file.is_file() and _is_markdown(file.relative_to(folder))
    )
    would, found = 0, []
    for file in files:
        try:
            if not file.is_file():
                what = "that is no file" if file.exists() else "there is no file of that name"
                raise FileNotFoundError(None, what, str(file))
            data, known = file.read_bytes(), Known(sidecar_of(file), config.language)
        except OSError as error:
            message, cure = f"can't be read: {error.strerror}", "look how it is spelled, and whether you may read it"
            found.append(diagnose("RT201", message, error.filename, cure))
            continue
        one = rewritten(str(file), data, known)
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
    from .authoring import begun, listed, name_of, refused

    if (config := _config(options, is_needed=True)) is None:
        return 2
    title, host, series = (" ".join((one or "").split()) for one in (options.title, options.host, options.series))
    speakers, date = listed(options.speakers), options.date
    if wrong := refused(title, date, (*speakers, host, series)):
        _print([diagnose("RT106", wrong[0], None, wrong[1])])
        return 2
    file = options.root / config.content / name_of(title, date)
    if file.exists():
        _print([diagnose("RT108", "there is a file of that name already", str(file), "give it another title")])
        return 2
    file.parent.mkdir(parents=True, exist_ok=True)
    text = begun(title, speakers, host or None, date, series or None)
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
    if (config := _config(options, is_needed=False)) is None:
        return 2
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
    file = None if str(options.output) == "-" else options.output
    if file and _is_taken(file, options):
        return 2
    found = comparison.compare(options.old, options.new, options.root, drafts=options.drafts, with_pages=options.pages)
    data = comparison.FORMATS[options.form](found)
    if file:
        from .output import write

        write(file, data)
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

    if (config := _config(options, is_needed=not options.output)) is None:
        return 2
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


COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "build": _build,
    "check": _check,
    "serve": _serve,
    "compare": _compare,
    "parse": _parse,
    "import": _import,
    "format": _format,
    "new": _new,
}
