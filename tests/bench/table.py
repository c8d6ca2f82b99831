"""The table of what builds cost, and its place in a README."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import median
from typing import NamedTuple

STATES = ("cold", "nothing changed", "one file edited")


class Run(NamedTuple):
    """One build."""

    contender: str
    round: int  # that of number 0 is the warm-up
    state: str
    wall: float  # seconds
    largest: int  # KiB of the largest process
    together: int = 0  # KiB of all processes at once, looked at in the warm-up


def table(runs: Sequence[Run], names: Mapping[str, str], base: str, missing: Mapping[str, str]) -> str:
    """A row for each contender: medians, and how many times as long as the base takes in the same round."""
    columns = [
        "build",
        *(cell for state in STATES for cell in (state, "×")),
        "MiB, largest process",
        "MiB, all processes",
    ]
    rows = [
        (name, *_times(runs, key, base), *_memory([run for run in runs if run.contender == key]))
        for key, name in names.items()
    ]
    rows += [(name, *["–"] * (len(columns) - 1)) for name in missing]
    lines = [_row(columns), _row(["---"] * len(columns)), *map(_row, rows)]
    reasons = [f"{name}: {reason}" for name, reason in missing.items()]
    return "\n".join(lines + [f"\n{reason}." for reason in reasons]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _times(runs: Sequence[Run], key: str, base: str) -> list[str]:
    cells = []
    for state in STATES:
        walls = _walls(runs, key, state)
        bases = _walls(runs, base, state)
        ratios = [wall / bases[number] for number, wall in walls.items() if number in bases]
        cells += [shown(median(walls.values())) if walls else "–", f"{median(ratios):.2f}" if ratios else "–"]
    return cells


def _walls(runs: Sequence[Run], key: str, state: str) -> dict[int, float]:
    return {run.round: run.wall for run in runs if (run.contender, run.state) == (key, state) and run.round}


def shown(seconds: float) -> str:
    """A time with three digits or so."""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.1f} s"


def _memory(runs: Sequence[Run]) -> list[str]:
    """The state that takes most: the largest process, and all together, which is no less."""
    largest = _most(runs, lambda run: run.largest)
    together = max((run.together for run in runs), default=0)
    return [f"{largest / 1024:.0f}", f"{max(largest, together) / 1024:.0f}" if together else "–"]


def _most(runs: Sequence[Run], of: Callable[[Run], int]) -> float:
    by_state = ([of(run) for run in runs if run.state == state and run.round] for state in STATES)
    return max((median(values) for values in by_state if values), default=0)


def placed(readme: str, name: str, text: str) -> str | None:
    """A README with the text between the two comments of that name; None where it has none."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"({re.escape(begin)}\n).*?({re.escape(end)})", re.DOTALL)
    changed, count = pattern.subn(lambda match: f"{match[1]}\n{text}\n{match[2]}", readme)
    return changed if count else None
