"""What a build works with, handed from stage to stage: the site, its store, who works, what is told, who watches."""

from __future__ import annotations

from typing import NamedTuple

from .cache import Kept
from .diagnostics import Tally
from .site import Site
from .watch import Watch
from .workers import Team


class Workshop(NamedTuple):
    """One build's means; its findings go into the tally."""

    site: Site
    kept: Kept
    team: Team
    tally: Tally
    watch: Watch
