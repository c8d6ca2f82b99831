"""One command, timed: its exit code, seconds of wall time, and the memory of its processes in KiB, as JSON.

    python tests/bench/timed.py SECONDS (alone|together) COMMAND…

A process of its own, and a small one: what Linux tells of a child's memory starts with that of the process it was forked
from. After SECONDS the command is killed, and the code is null. "together" also looks, fifty times a second, at what all
processes of the command have in memory at once, shared pages counted once (Linux only); that costs time, so times are
taken without it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType

PAUSE = 0.02


def family(root: int) -> set[int]:
    """A process and all that descend from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, newer = {root}, {root}
    while newer := {pid for pid, parent in parents.items() if parent in newer}:
        found |= newer
    return found


def together(root: int) -> int:
    """KiB of all processes at this moment."""
    total = 0
    for pid in family(root):
        with suppress(OSError, IndexError):
            total += int(Path(f"/proc/{pid}/smaps_rollup").read_text().split("\nPss:")[1].split()[0])
    return total


def watched(root: int) -> int:
    """The most KiB of all processes, looked at until the first of them ends."""
    most = 0
    while os.waitid(os.P_PID, root, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        most = max(most, together(root))
        time.sleep(PAUSE)
    return most


def run(command: list[str], limit: float, *, look: bool) -> dict[str, float | None]:
    """What there is to say of a command."""
    late = False

    def kill(_: int, __: FrameType | None) -> None:
        nonlocal late
        late = True
        for pid in family(process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    signal.signal(signal.SIGALRM, kill)
    signal.setitimer(signal.ITIMER_REAL, limit)
    most = watched(process.pid) if look else 0
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "code": None if late else process.returncode, "wall": wall, "largest": usage.ru_maxrss, "together": most
    }  # fmt: skip


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[2] not in ("alone", "together"):  # argparse would make it larger
        print(__doc__)
        sys.exit(0 if {"-h", "--help"} & {*sys.argv[1:2]} else 2)
    print(json.dumps(run(sys.argv[3:], float(sys.argv[1]), look=sys.argv[2] == "together")))
