"""A comparison as one page of HTML that needs nothing else: before and after side by side."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from ..reporting import plural
from .changes import Comparison
from .shown import (
    NOBODY,
    carried,
    changed,
    columns,
    counts,
    file,
    kind,
    length,
    link,
    listed,
    name,
    title,
    verdict,
    where,
)

FOLDER = Path(__file__).parent
HEADS = {
    "gave": "Gave to others", "left": "Left for other documents", "came": "Came from other documents", "took": "Took from others",
}  # fmt: skip


def write(one: Comparison) -> bytes:
    """The page."""
    import jinja2  # other forms do without

    style = (FOLDER / "report.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {
        "plural": plural,
        "where": where,
        "speaker": name,
        "told": link,
        "path": title,
        "size": length,
    }
    environment.filters |= {"paragraphs": _paragraphs, "changed": changed}
    environment.filters |= {"kind": kind, "file": file, "listed": listed, "carried": carried, "columns": columns}
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    text = environment.get_template("report.html").render(
        one=one, style=style, policy=f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'",
        verdict=verdict(one), counts=counts(one), nobody=NOBODY, heads=HEADS,
    )  # fmt: skip
    return text.encode(errors="backslashreplace")


def _paragraphs(text: str) -> list[str]:
    return text.split("\n\n")
