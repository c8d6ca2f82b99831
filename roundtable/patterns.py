"""Regular expressions that are compiled when they are first used.

There are hundreds, for all that a transcript may come as; to compile them all takes longer than to read one file, which
needs few of them.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast

USED = ("match", "fullmatch", "search", "finditer", "findall", "sub", "split", "groups", "groupindex")


class _Lazy(Generic[AnyStr]):
    """Stands for a pattern. When that is first asked for something, it is compiled, and what it can do is kept here."""

    def __init__(self, pattern: AnyStr, flags: int) -> None:
        self.pattern: AnyStr = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in USED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self.flags)
        vars(self).update({name: getattr(compiled, name) for name in USED})
        return getattr(compiled, name)


def lazy(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """The pattern, to be called as if it were compiled."""
    return cast("re.Pattern[AnyStr]", _Lazy(pattern, flags))
