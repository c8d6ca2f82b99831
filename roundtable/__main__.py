"""`python -m roundtable`, and what `roundtable` runs: the command line, with Ctrl-C heeded from the first moment to the last.

What is imported at the head of this takes no time, in which nobody would heed it.
"""

from __future__ import annotations

import os
import sys


def run() -> int:
    """Run the command line; the exit code. Where interrupts are ignored, as behind a shell, they stay so."""
    try:
        import signal

        is_heard = signal.getsignal(signal.SIGINT) is signal.default_int_handler
        if is_heard:
            signal.signal(signal.SIGINT, _end)
        from .cli import main

        if is_heard:
            sys.unraisablehook = _again
            signal.signal(signal.SIGINT, signal.default_int_handler)
        code = main()
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # whatever comes now comes too late
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        return 130
    return code


def _end(*_: object) -> None:
    """End at once: nothing is begun, and an exception in the midst of an import could be taken for one that fails."""
    os.write(2, b"interrupted\n")
    os._exit(130)


def _again(lost: sys.UnraisableHookArgs) -> None:
    """Where nothing can be raised, such as in a callback of the garbage collector, an interrupt would be lost: it comes once more."""
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    import signal
    from threading import Timer, get_ident

    if hasattr(signal, "pthread_kill"):  # which wakes it from what it waits for
        Timer(0.05, signal.pthread_kill, (get_ident(), signal.SIGINT)).start()
    else:
        Timer(0.05, signal.raise_signal, (signal.SIGINT,)).start()


if __name__ == "__main__":
    sys.exit(run())
