"""The table of formats: every entry says what is true, and nothing is imported for a file that doesn't need it."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from roundtable import patterns, readers
from roundtable.model import Metadata, Reading, Source
from roundtable.readers import FORMATS, Format, Named
from roundtable.readers.look import Look


@pytest.mark.parametrize("format", FORMATS.values(), ids=FORMATS)
def test_every_function_that_is_named_is_there(format: Format) -> None:
    """And takes and gives what the table says."""
    takes = {"recognise": ["look"], "read": ["source", "sidecar"], "plain": ["stretch"], "extract": ["source"]}
    for field, parameters in takes.items():
        named = getattr(format, field)
        if isinstance(named, Named):
            assert parameters == list(inspect.signature(named.function).parameters)[: len(parameters)], named.name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Words\n", "webvtt"),
        (" \n1\n00:00:01,000 --> 00:00:02,000\nWords\n", "srt"),
        ("\u2003{}", ""),
        ("speaker,words\nAna,One\nWei,Two\n", "table"),
        ("---\ntitle: a\n---\nspeaker,words\nAna,One\nWei,Two\n", ""),
        (' \n[{"speaker": "Ana", "text": "One"}, {"speaker": "Wei", "text": "Two"}]', "listed"),
        ("\x1c<publicwhip></publicwhip>", "parlparse"),
    ],
)
def test_the_peek_lets_through_what_is_recognised(text: str, key: str) -> None:
    """And what it doesn't let through is recognised by none."""
    recognised = [name for name, format in FORMATS.items() if format.recognise(Look("a", text))]
    assert recognised == [key] * bool(key)
    assert all(format.begins is None or format.begins.match(text) for format in map(FORMATS.get, recognised) if format)


@pytest.mark.parametrize("file", sorted(Path(readers.__file__).parent.glob("*.py")), ids=lambda file: file.stem)
def test_every_pattern_can_be_compiled(file: Path) -> None:
    """They are compiled when they are first used: not all by what other tests read."""
    module = __import__(
        f"roundtable.readers.{file.stem}" if file.stem != "__init__" else "roundtable.readers", fromlist=["x"]
    )
    found = [one for one in vars(module).values() if isinstance(one, patterns._Lazy)]
    for one in found:
        assert re.compile(one.pattern, one.flags).groups == one.groups


def test_a_named_function_is_called_like_the_function() -> None:
    """With the same result."""
    source = Source("a.md", "**Ana:** One.", "")
    reading = Named("markdown.read")(source, Metadata(type="transcript"))
    assert isinstance(reading, Reading)
    assert reading == FORMATS["markdown"].read(source, Metadata(type="transcript"))


def test_reading_markdown_imports_no_other_format() -> None:
    """And no YAML, where front matter is made of plain lines: what a file does not need costs it nothing."""
    code = """
import sys
from roundtable import readers
source, _ = readers.decode("a.md", b"---\\ntitle: A\\n---\\n\\n**Ana:** One.\\n\\n**Wei:** Two.\\n\\n**Ana:** Three.\\n")
assert source and readers.read(source).kind == "transcript"
print(*sorted(one for one in sys.modules if one.startswith("roundtable.readers.")), "yaml" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    read = "beginnings encodings kinds lines look markdown names residue roster slips tagged"
    assert done.stdout.split() == [*(f"roundtable.readers.{one}" for one in read.split()), "False"]
