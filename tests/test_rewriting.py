"""`format`: one form, nothing lost, the same when it is done again; and `new`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import rewriting
from roundtable.authoring import begun, listed, name_of, refused
from roundtable.exports import markdown
from roundtable.mending import mend
from roundtable.model import Diagnostic, Skipped, SourceSpan, Transcript
from roundtable.rewriting import Known, put, read, rewritten

from .conftest import Site
from .test_roundtrip import HEADS, LINES

UNTIDY = """---
# who came
title: Talk
speakers: [Ana Duarte,   Tomas Lind]
---


Narration first.
<!-- roundtable: ignore RT305 because she called in -->
**Joana Reis**: I came. <!-- roundtable: ignore RT246 because it is so in print -->


More.
## Deep ##
**Ana Duarte:**
The river[^1].
<!-- a comment -->
And so on.
[^1]: A note
**[1:02] Tomas Lind:**  - a
- b

**[Narration]:** A bell.

**Joana Reis:** Bye.
"""
TIDY = """---
# who came
title: Talk
speakers: [Ana Duarte,   Tomas Lind]
---

Narration first.
<!-- roundtable: ignore RT305 because she called in -->

**Joana Reis:** I came. <!-- roundtable: ignore RT246 because it is so in print -->


More.

## Deep

**Ana Duarte:** The river[^1].

<!-- a comment -->

And so on.

[^1]: A note

**[01:02] Tomas Lind:**

- a
- b

**[Narration]:** A bell.

**Joana Reis:** Bye.
"""
TEXTS = st.tuples(HEADS, st.lists(st.one_of(LINES, st.sampled_from(["**Xue Lan**: words", "**Host:** words", "<!-- roundtable: ignore RT211 because x -->", "**Host:** end <!-- roundtable: ignore RT211 because y -->"])), max_size=25).map("\n".join)).map("".join)  # fmt: skip


def test_the_one_form() -> None:
    """Labels, headings, times, empty lines; comments, notes and odd front matter stay as and where they are."""
    assert (rewritten("a.md", UNTIDY.encode(), Known()).data or b"").decode() == TIDY
    assert rewritten("a.md", TIDY.encode(), Known()) == (None, ())


def test_front_matter_without_comments_has_one_style() -> None:
    """In the order of the guide."""
    text = '---\ndate:   "2026-03-05"\nspeakers: [Ana, {name: Bo, role: Chair}]\ntitle: "T"\n---\n**Ana:** a\n\n**Bo:** b\n'
    data = rewritten("a.md", text.encode(), Known()).data or b""
    assert data.decode().startswith(
        "---\ntitle: T\ndate: '2026-03-05'\nspeakers:\n- name: Ana\n- name: Bo\n  role: Chair\n---\n\n**Ana:** a"
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("**Ana** [0:53]\nWords.\n\n**Bo** [1:02]\nMine.\n\n**Ana** [2:00]\nYes.\n\n**Bo** [2:10]\nNo.\n", "labels have another form"),
        ("**Ana:** caf\xe9 fermé\n\n**Bo:** b\n", "not UTF-8"),
        ("**Ana:** a\r\n\r\n**Bo:** b\n", "several ways: CRLF, LF"),
        ("**Ana:** a\r\r**Bo:** b\r", "an unusual way: CR"),
        ("**Ana:** a\n\n**Bo:** b\n\n<!-- c\fd -->\n", "several ways: LF, U+000C"),
        ("**Ana:** a\n\n**Bo:** b\u2028c\n", "several ways: LF, U+2028"),
        ("**Ana:** a\n\n**Bo:** b\x07c\n", "holds U+0007"),
        ("**Ana:** a\n\n**Bo:** b\ufeffc\n", "holds U+FEFF"),
    ],
)  # fmt: skip
def test_what_would_lose_something_is_left_and_told(text: str, why: str) -> None:
    """RT238, with the reason."""
    data = text.encode("latin-1" if "\xe9" in text else "utf-8")
    one = rewritten("a.md", data, Known())
    assert one.data is None
    assert [told.code for told in one.found] == ["RT238"]
    assert why in one.found[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_of_utf_16_the_reason_is_the_encoding(encoding: str) -> None:
    """With a byte order mark and without; to `check --fix` as well, whose hint doesn't promise more."""
    data = "**Ana**: a\n\n**Bo:** b\n\n**Ana:** c\n\n**Bo:** d\n".encode(encoding)
    for one in (rewritten("a.md", data, Known()).found[0], mend("a.md", data, Known(), {})):
        assert isinstance(one, Diagnostic)
        assert (one.code, one.message) == ("RT238", "left as it is: it is not UTF-8")


def test_what_import_writes_can_be_written_in_one_form() -> None:
    """Signs of a page's end and of a line's in what is skipped are line ends there; no word is lost."""
    one = read("a.md", b"**Ana:** a\n\n**Bo:** b\n", Known())
    assert one and isinstance(one.document, Transcript)
    skipped = Skipped("79\n\fRunning\x0bhead\x85of\u2028a\u2029page", "a head", SourceSpan("a.md", 1, 1, 0, 0))
    text = markdown.write(msgspec.structs.replace(one.document, skipped=(skipped,)))
    assert text.endswith("<!-- skipped: a head\n79\n\nRunning\nhead\nof\na\npage\n-->\n")
    assert rewritten("a.md", text.encode(), Known()).found == ()


@pytest.mark.parametrize("text", ["# A page\n\nWords   \n\n\n## More ##\n", "Plain words.\n"])
def test_pages_are_left_alone(text: str) -> None:
    """They have no labels."""
    assert rewritten("a.md", text.encode(), Known()) == (None, ())


def test_line_ends_and_byte_order_mark_stay() -> None:
    """As the file has them."""
    data = b"\xef\xbb\xbf**Ana**: a\r\n\r\n**Bo:** b\r\n"
    assert rewritten("a.md", data, Known()).data == b"\xef\xbb\xbf**Ana:** a\r\n\r\n**Bo:** b\r\n"


@settings(max_examples=800)
@given(TEXTS)
@example("**Host:** a\n\n<!-- x -->\n[^1]: b\n\n**Host:** c[^1]")
@example("**Host:** a\n<!-- roundtable: ignore RT211 because x -->\n**Xue Lan**: b")
def test_whatever_is_rewritten_says_the_same_and_is_the_same_again(text: str) -> None:
    """Words, speakers, sections, ids, comments; and a second time changes nothing."""
    data = text.encode("utf-8", "surrogatepass")
    one = rewritten("a.md", data, Known())
    if one.data is None:
        return
    before, after = read("a.md", data, Known()), read("a.md", one.data, Known())
    assert before and after and isinstance(before.document, Transcript) and isinstance(after.document, Transcript)
    assert [(t.id, t.speaker, t.markdown) for t in before.document.turns()] == [
        (t.id, t.speaker, t.markdown) for t in after.document.turns()
    ]
    assert before.document.metadata == after.document.metadata
    assert sorted(one.text for one in before.document.skipped) == sorted(one.text for one in after.document.skipped)
    assert rewritten("a.md", one.data, Known()) == (None, ())


def test_the_proof_finds_what_would_change(monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that drops a word, a comment or a label is not written."""
    form = rewriting._form
    for old, new in (
        ("river", "lake"),
        ("<!-- a comment -->", ""),
        ("Joana Reis:", "Ana Duarte:"),
        ("## Deep", "### Deep"),
        ("title: Talk", "title: Walk"),
    ):
        monkeypatch.setattr(rewriting, "_form", lambda one, old=old, new=new: form(one).replace(old, new))
        one = rewritten("a.md", UNTIDY.encode(), Known())
        assert (one.data, [told.code for told in one.found]) == (None, ["RT238"]), old


def test_a_file_that_changed_in_between_is_left(tmp_path: Path) -> None:
    """Nobody's words are overwritten; what is written keeps its permissions."""
    file = tmp_path / "a.md"
    file.write_bytes(b"old")
    file.chmod(0o640)
    assert put(file, b"old", b"new") == ()
    assert (file.read_bytes(), file.stat().st_mode & 0o777, list(tmp_path.iterdir())) == (b"new", 0o640, [file])
    assert [told.code for told in put(file, b"old", b"other")] == ["RT239"]
    assert file.read_bytes() == b"new"


def _refusing(kept: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A method of paths that refuses files of that name, as a system does to whom they don't belong."""

    def method(file: Path, *arguments: Any) -> Any:
        if file.name.endswith(name):
            raise PermissionError(13, "Permission denied", str(file))
        return kept(file, *arguments)

    return method


@pytest.mark.parametrize("name", ["talk.md", "talk.yaml"])
def test_a_file_that_can_not_be_read_is_told_so(site: Site, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """It, or its sidecar; the others are written all the same."""
    site.write(f"-- content/talk.md --\n{UNTIDY}-- content/talk.yaml --\nplace: Here\n-- content/walk.md --\n{UNTIDY}")
    monkeypatch.setattr(Path, "read_bytes", _refusing(Path.read_bytes, name))
    assert site.run("format") == 1
    assert f"content/{name}: error[RT201]: can't be read: Permission denied" in site.err
    assert site.err.count("error[") == 1
    assert (site.root / "content/walk.md").read_text(encoding="utf-8") == TIDY
    assert (site.root / "content/talk.md").read_text(encoding="utf-8") == UNTIDY
    assert site.run("check", "--fix", "--yes") == 1
    assert "RT201" in site.err
    assert "RT701" not in site.err


@pytest.mark.parametrize("command", [("format",), ("check", "--fix", "--yes")])
def test_a_file_that_can_not_be_written_is_named(
    site: Site, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    """And not the one that would have taken its place."""
    site.write(
        f"-- content/talk.md --\n{UNTIDY.replace(', ', ', Joana Reis, ', 1).replace(' <!-- roundtable: ignore RT246 because it is so in print -->', '')}"
    )
    monkeypatch.setattr(Path, "write_bytes", _refusing(Path.write_bytes, ".new"))
    assert site.run(*command) == 1
    assert "content/talk.md: error[RT701]: can't write: Permission denied" in site.err
    assert ".new" not in site.err


def test_format_writes_checks_and_shows(site: Site) -> None:
    """`--check` and `--diff` write nothing and exit with 1; a second run has nothing to do."""
    site.write(f"-- content/talk.md --\n{UNTIDY}-- content/page.md --\n# P\n\nText.\n")
    file = site.root / "content/talk.md"
    assert site.run("format", "--check") == 1
    assert "talk.md: would be written in another form" in site.out
    assert site.run("format", "--diff") == 1
    assert "+**Joana Reis:** I came." in site.out
    assert file.read_text(encoding="utf-8") == UNTIDY
    assert site.run("format", str(file)) == 0
    assert file.read_text(encoding="utf-8") == TIDY
    assert site.run("format", "--check") == 0
    assert site.out == ""
    assert site.run("format", str(site.root / "gone.md")) == 1
    assert "error[RT201]" in site.err


def test_new_begins_a_transcript_that_builds(site: Site) -> None:
    """As a draft, with a label for everybody; and overwrites nothing."""
    site.write("-- content/page.md --\nText.\n")
    given = (
        "new",
        "茶 and: Tide",
        "--speakers",
        "Ana Duarte; B: x;",
        "--host",
        "Host",
        "--date",
        "2026-03-05",
        "--event",
        "Bay talks",
    )
    assert site.run(*given) == 0
    file = site.root / "content/2026-03-05-茶-and-tide.md"
    text = file.read_text(encoding="utf-8")
    assert text.endswith("# 茶 and: Tide\n\n**Host:**\n\n**Ana Duarte:**\n\n**B\\: x:**\n")
    assert "series: Bay talks" in text and "kind: host" in text and "draft: true" in text
    assert site.build("--drafts") == 0
    assert "Ana Duarte" in site.page("2026-03-05-茶-and-tide/index.html").css_first("#people").text()
    assert site.run(*given) == 2
    assert "error[RT108]" in site.err
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("wrong", "cure"),
    [
        (("T", "--date", "5 March"), "--date 2026-11-23"),
        (("  ",), "roundtable new"),
        (("T\udcff",), "UTF-8"),
        (("T", "--speakers", "A; \udcff"), "UTF-8"),
        (("T", "--speakers", "A; B\x1b[31mred"), "without that character"),
        (("T", "--host", "\x9b31m"), "without that character"),
    ],
)
def test_new_wants_a_title_a_date_that_is_one_and_text(site: Site, wrong: tuple[str, ...], cure: str) -> None:
    """RT106, with what to do; nothing is written."""
    site.write("-- content/page.md --\nText.\n")
    assert site.run("new", *wrong) == 2
    assert "error[RT106]" in site.err
    assert cure in site.err
    assert len(list((site.root / "content").iterdir())) == 1


def test_names_are_parted_as_they_are_written() -> None:
    """By semicolons of Latin, Chinese and Arabic; signs within a word that can't be seen stay."""
    assert listed("唐鳳；Bob;  Ana  Duarte؛سارة") == ["唐鳳", "Bob", "Ana Duarte", "سارة"]
    assert refused("می\u200cخواهم", None, ["علی\u200cرضا"]) is None


def test_names_of_new_files() -> None:
    """From any title; never longer than file systems take."""
    assert name_of("?!", None) == "transcript.md"
    assert name_of("../../etc/passwd", "2026") == "2026-etc-passwd.md"
    assert len(name_of("茶" * 300, "2026-03-05").encode()) < 255
    assert "# \\*T\\*" in begun("*T*", [], None, None, None)
