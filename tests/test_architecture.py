"""The house stands: rooms import from lower floors only, and the picture in the package's docstring is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import roundtable
from roundtable import pipeline
from roundtable.model import Noun

PACKAGE = Path(roundtable.__file__).parent


def floors() -> dict[str, int]:
    """The floor of each room, as the package's docstring draws it."""
    found = {}
    for line in (roundtable.__doc__ or "").splitlines():
        if match := re.match(r"    (\d+) +(\w+(?:, \w+)*)", line):
            found |= dict.fromkeys(match[2].split(", "), int(match[1]))
    return found


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """The rooms that a file imports, function-level imports too, with their lines."""
    depth = len(file.relative_to(PACKAGE).parts) - 1
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == depth + 1:
            yield from (
                ((node.module.split(".")[0], node.lineno),)
                if node.module
                else ((name.name, node.lineno) for name in node.names)
            )
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").startswith("roundtable"):
            yield (node.module or "").split(".")[1], node.lineno
        elif isinstance(node, ast.Import):
            yield from (
                (name.name.split(".")[1], node.lineno) for name in node.names if name.name.startswith("roundtable.")
            )


def test_every_room_has_its_floor() -> None:
    """No file that the picture does not show, and no room in it that is not there."""
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert rooms - {"__init__", "__main__"} == set(floors())


def test_rooms_import_from_lower_floors_only() -> None:
    """Neither sideways nor up; inside a room its files may."""
    floor = floors()
    climbing = []
    for file in sorted(PACKAGE.rglob("*.py")):
        room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
        for other, line in imports(file):
            if room in floor and other in floor and other != room and floor[other] >= floor[room]:
                climbing.append(
                    f"{file.relative_to(PACKAGE)}:{line} {room} ({floor[room]}) imports {other} ({floor[other]})"
                )
    assert climbing == []


def test_nouns_import_nothing_of_ours() -> None:
    """They are the ground floor."""
    assert list(imports(PACKAGE / "model.py")) == []


def nouns(noun: type[Noun] = Noun) -> Iterator[type[Noun]]:
    """All nouns of the package."""
    for one in noun.__subclasses__():
        if one.__module__.startswith("roundtable."):
            yield one
            yield from nouns(one)


def leaves(type_: Any) -> Iterator[Any]:
    """What a type is made of, behind unions and tuples."""
    if get_origin(type_) in (Union, UnionType, tuple):
        for part in get_args(type_):
            yield from leaves(part)
    else:
        yield get_origin(type_) or type_


def test_no_noun_can_be_part_of_a_cycle() -> None:
    """So the garbage collector need not look at them: they hold nothing that can be changed to hold them."""
    assert pipeline  # imports all rooms
    still = {str, bytes, int, float, bool, NoneType, Literal, Ellipsis, re.Match}
    found = list(nouns())
    assert len(found) > 20
    for noun in found:
        assert noun.__struct_config__.frozen
        for name, type_ in get_type_hints(noun).items():
            for leaf in leaves(type_):
                assert leaf in still or issubclass(leaf, Noun), f"{noun.__name__}.{name}: {leaf}"
