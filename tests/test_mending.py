"""`check --fix`: what is sure, shown first, and proven to leave all words as they are."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable import cli, mending
from roundtable.mending import is_slip, mend
from roundtable.model import Diagnostic, Transcript
from roundtable.rewriting import Known

from .conftest import REPOSITORY, SITE_TOML, Site
from .test_roundtrip import LINES

Run = Callable[..., "subprocess.CompletedProcess[str]"]
HEAD = "---\ntitle: T\ndate: 2026-03-05\nspeakers: [Xue Lan, José Reis, Host]\n---\n"
BODY = "**Host:** Why?\n\n**Xue Lan:** Sand.\n\n**Host:** And?\n\n**José Reis:** Yes.\n"


def mended(text: str, path: str = "a.md", *, are_names: bool = True) -> str:
    """The text, mended; of all names somebody says that they are slips, or nobody does."""
    data = mend(path, text.encode(), Known(), {}, lambda _: are_names)
    assert isinstance(data, bytes), data
    return data.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("**Xeu Lan:** Low.\n\n**Xeu Lan:** High.\n", "**Xue Lan:** Low.\n\n**Xue Lan:** High.\n"),  # a speaker of its own
        ("**Xeu Lan:** Low, says Xeu Lan.\n", "**Xue Lan:** Low, says Xeu Lan.\n"),  # read as words; her words stay hers
        ("**Jose Reis:** Low.\n", "**José Reis:** Low.\n"),
        ("**Xue Lan**: Low.\n", "**Xue Lan:** Low.\n"),
        ("***Xue Lan***: Low.\n\n***Xue Lan**: So.\n", "**Xue Lan:** Low.\n\n**Xue Lan:** So.\n"),
        ("## A\n\n**Xeu Lan:** Low.\n", "## A\n\n**Xue Lan:** Low.\n"),  # read as words of nobody
        ("**Xue Lan**: Low[^1].\n\n**Xeu Lan:** So[^1].\n\n[^1]: A note.\n", "**Xue Lan:** Low[^1].\n\n**Xue Lan:** So[^1].\n\n[^1]: A note.\n"),
        ("**Xeu Lan**: Low.\n\n**Xeu Lan**: High.\n", "**Xue Lan:** Low.\n\n**Xue Lan:** High.\n"),
        ('**Xue Lan:** “Low” and "high", ("so").\n', "**Xue Lan:** “Low” and “high”, (“so”).\n"),
        ("**Xue Lan:** It’s Ana's.\n", "**Xue Lan:** It’s Ana’s.\n"),
        ("## A\n\n**Xue Lan:** a\n\n#### B\n\n**Xue Lan:** b\n\n##### C\n\n**Xue Lan:** c\n", "## A\n\n**Xue Lan:** a\n\n### B\n\n**Xue Lan:** b\n\n#### C\n\n**Xue Lan:** c\n"),
    ],
)  # fmt: skip
def test_what_is_sure_is_mended(before: str, after: str) -> None:
    """And nothing else; a second time nothing."""
    assert mended(f"{HEAD}{BODY}\n{before}") == f"{HEAD}{BODY}\n{after}"
    assert mended(f"{HEAD}{BODY}\n{after}") == f"{HEAD}{BODY}\n{after}"


@pytest.mark.parametrize(
    "text",
    [
        "**Xuee Lan:** Low.\n\n**Xuee Lan:** High.\n",  # may be somebody else
        '**Xue Lan:** “Low” and 5" deep.\n',
        '**Xue Lan:** “Low” and "open.\n',
        '**Xue Lan:** „Low“ and "high".\n',  # which form is meant?
        '**Xue Lan:** “Low” and `"code"`.\n',
        '**Xue Lan:** “Low” and [a](b.md "title").\n',
        '**Xue Lan:** “Low”.\n\n<!-- "aside" -->\n\nMore.\n',
        '<!-- roundtable: ignore RT241 because so in print -->\n**Xue Lan:** “Low” and "high".\n',
        "<!-- roundtable: ignore RT246 because so in print -->\n**Xue Lan**: Low.\n",
    ],
)
def test_what_is_not_sure_or_silenced_stays(text: str) -> None:
    """Byte for byte."""
    assert mended(f"{HEAD}{BODY}\n{text}") == f"{HEAD}{BODY}\n{text}"


@pytest.mark.parametrize(
    "slip", ["**Xeu Lan:** Low.\n\n**Xeu Lan:** High.\n", "**Xeu Lan:** Low.\n", "**Jose Reis:** Low.\n"]
)
def test_a_name_is_mended_only_if_somebody_says_so(slip: str) -> None:
    """Amy and May, Marta and Marat, José and Jose may be two people, and whose words something is, is never guessed."""
    assert mended(f"{HEAD}{BODY}\n{slip}", are_names=False) == f"{HEAD}{BODY}\n{slip}"


def test_what_is_no_accent_makes_another_name() -> None:
    """In scripts other than Latin."""
    assert not is_slip("はやし かずば", "はやし かずは")
    assert not is_slip("Андреи", "Андрей")
    assert is_slip("Elin Par", "Elin Pär")


def test_codes_that_are_off_are_not_mended() -> None:
    """Whoever doesn't want to be told doesn't want it mended."""
    text = f"{HEAD}{BODY}\n**Xue Lan**: Low.\n".encode()
    assert mend("a.md", text, Known(), {"RT246": "off"}) == text


def test_raw_text_and_line_ends() -> None:
    """Labels of raw text, too; CRLF and a byte order mark stay."""
    text = "\ufeff" + (f"{HEAD}Host: Why?\nXeu Lan: Sand.\nHost: And?\nXeu Lan: Yes.\nJosé Reis: So.\n").replace(
        "\n", "\r\n"
    )
    assert mended(text, "a.txt") == text.replace("Xeu", "Xue")


@pytest.mark.parametrize(
    ("label", "name", "is_one"),
    [("Xeu Lan", "Xue Lan", True), ("jose reis", "José Reis", True), ("Anna", "Ana", False), ("Marta", "Maria", False), ("Xue Lan", "Xue Lan", False), ("xue lan", "Xue Lan", False),
     ("Lan Xue", "Xue Lan", False), ("Xu eLan", "Xue Lan", False)],
)  # fmt: skip
def test_only_some_labels_look_like_slips(label: str, name: str, is_one: bool) -> None:
    """Two neighbouring letters that changed places; accents that are missing. Others aren't even asked for."""
    assert is_slip(label, name) is is_one


def test_the_proof_stops_what_would_change_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a mend does: words that change, a label of somebody else, a lost heading are refused."""
    text = f"{HEAD}## A\n\n{BODY}\n**Xue Lan**: Low.\n"
    at = text.index("Low")
    for edit in (
        mending.Edit(at, at + 3, "High", 22),
        mending.Edit(at, at, "**Host:** ", 22),
        mending.Edit(text.index("## A"), text.index("## A") + 4, "", 22),
        mending.Edit(text.index("Xue Lan:**"), text.index("Xue Lan:**") + 7, "Host", 22),
        mending.Edit(text.index("**Xue Lan**:"), at, "***Xue Lan*:** ", 22),  # words of the turn before
        mending.Edit(text.index("**Host:** And"), text.index(" Yes"), "**José Reis:** And?\n\n**Host:**", 22),
        mending.Edit(text.index("\n\n**Host:** And"), text.index("\n\n**Host:** And"), "\n\n**Xue Lan:**", 22),
    ):
        line = next(d.line for d in _told(text))
        monkeypatch.setitem(mending.MENDS, "RT246", lambda _, edit=edit, line=line: [edit._replace(line=line)])
        one = mend("a.md", text.encode(), Known(), {})
        assert isinstance(one, Diagnostic), edit
        assert one.code == "RT238"


def _told(text: str) -> list[Diagnostic]:
    one = mending.read("a.md", text.encode(), Known())
    assert one
    return [d for d in mending.rules.advice(one.reading, one.document, {}, (), one.found).found if d.code == "RT246"]


def test_without_a_terminal_it_shows_and_writes_nothing(site: Site, roundtable: Run) -> None:
    """Exit code 1 while there is something to mend; `--yes` writes it, and then all is well."""
    site.write(f"-- content/talk.md --\n{HEAD}{BODY}\n**Xue Lan**: Low.\n\n**Xeu Lan:** High.\n")
    file = site.root / "content/talk.md"
    before = file.read_bytes()
    done = roundtable("check", "--fix", cwd=site.root)
    assert done.returncode == 1
    assert "--- a/content/talk.md\n+++ b/content/talk.md\n@@" in done.stdout
    assert "-**Xue Lan**: Low.\n+**Xue Lan:** Low.\n" in done.stdout
    assert file.read_bytes() == before
    done = roundtable("check", "--fix", "--yes", cwd=site.root)
    assert done.returncode == 0, done.stderr
    assert file.read_bytes() == before.replace(b"**Xue Lan**:", b"**Xue Lan:**"), "names are not mended with --yes"
    assert "RT246" not in done.stderr
    done = roundtable("check", "--fix", cwd=site.root)
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)


@pytest.mark.parametrize(
    ("answers", "is_asked", "is_written"),
    [("y\ny", True, True), ("y\nn", True, False), ("y\n", True, False), ("n", False, False), ("", False, False)],
)
def test_on_a_terminal_it_asks(site: Site, answers: str, is_asked: bool, is_written: bool) -> None:
    """Of each name, once, then of all; and takes nothing but yes for yes."""
    site.write(f"-- content/talk.md --\n{HEAD}{BODY}\n**Xeu Lan:** Low.\n\n**Xeu Lan:** High.\n")
    main, other = pty.openpty()
    command = [sys.executable, str(REPOSITORY / "build.py"), "check", "--fix"]
    process = subprocess.Popen(command, cwd=site.root, stdin=other, stderr=other, stdout=subprocess.DEVNULL)
    os.write(main, f"{answers}\n".encode())
    assert process.wait(60) == (0 if is_written or not is_asked else 1)
    said = os.read(main, 100_000)
    assert said.count(b"is 'Xeu Lan' a slip for 'Xue Lan'? [y/N]") == 1
    assert (b"write 1 file? [y/N]" in said) is is_asked
    assert ("Xue Lan:** Low" in (site.root / "content/talk.md").read_text(encoding="utf-8")) is is_written


def test_of_a_name_it_asks_in_each_file_and_where_somebody_wants_to_be_told(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In another file it may be somebody of that name; what is silenced, or off, is none of its business."""
    text = f"{HEAD}{BODY}\n**Xeu Lan:** Low.\n\n**Xeu Lan:** High.\n"
    site.write(f"-- content/a.md --\n{text}-- content/b.md --\n{text}")
    asked: list[str] = []

    def yes_for_the_first(question: str) -> bool:
        asked.append(question)
        return "a.md" in question or question.startswith("write")

    monkeypatch.setattr(cli, "_is_wanted", yes_for_the_first)
    assert site.run("check", "--fix") == 0
    assert [one.split(" ")[0] for one in asked] == ["content/a.md:14:", "content/b.md:14:", "write"]
    assert "Xeu" not in (site.root / "content/a.md").read_text(encoding="utf-8")
    assert (site.root / "content/b.md").read_text(encoding="utf-8") == text
    asked.clear()
    site.write(
        f'-- site.toml --\n{SITE_TOML}[rules]\nRT302 = "off"\n-- content/b.md --\n{text.replace("Lan:** Low", "Lan**: Low")}'
    )
    assert site.run("check", "--fix") == 0
    assert asked == ["write 1 file?"]


def test_drafts_and_pages_and_what_is_wrong_stay(site: Site) -> None:
    """What `check` doesn't look at, or can't read, isn't touched."""
    draft, wrong = HEAD.replace("title: T", "title: T\ndraft: true"), HEAD.replace("title: T", "titel: T")
    site.write(
        f"-- content/draft.md --\n{draft}{BODY}\n**Xeu Lan:** Low.\n"
        '-- content/page.md --\n# P\n\n“a” "b"\n'
        f"-- content/wrong.md --\n{wrong}{BODY}\n**Xue Lan**: Low.\n"
    )
    before = {file: file.read_bytes() for file in (site.root / "content").iterdir()}
    site.run("check", "--fix", "--yes")
    assert {file: file.read_bytes() for file in (site.root / "content").iterdir() if file.suffix == ".md"} == before


SLIPS = st.sampled_from(
    ["**Xeu Lan:** low", "**Xeu Lan**: high", "***Xue Lan***: more", "Words[^1].", '**Jose Reis:** “so” and "so"', "It’s Ana's \"own\".", "#### Deep", "## High", "Xeu Lan: plain", '<!-- "aside" -->',
     "<!-- roundtable: ignore RT246 because x -->", '[^1]: "note"', '"a" [b](c "d") `"e"`', "“", '"', ""]
)  # fmt: skip


@settings(max_examples=600)
@given(st.sampled_from(["a.txt", "a.md"]), st.lists(st.one_of(SLIPS, LINES), max_size=20).map("\n".join))
def test_whatever_is_mended_has_all_its_words(path: str, text: str) -> None:
    """Counted in the file itself, signs aside: the same, but for names that were spelt wrong."""
    data = f"{HEAD}{BODY}\n{text}".encode("utf-8", "surrogatepass")
    one = mend(path, data, Known(), {}, lambda _: True)
    if not isinstance(one, Diagnostic):
        before, after = (re.findall(r"[^\W_]+", text.decode("utf-8", "surrogatepass")) for text in (data, one))
        slips = {"Xeu": "Xue", "Jose": "José"}
        assert len(before) == len(after)
        assert all(new in (old, slips.get(old)) for old, new in zip(before, after, strict=True))
    one = mend(path, data, Known(), {})
    if not isinstance(one, Diagnostic):
        assert _speakers(path, one) == _speakers(path, data)


def _speakers(path: str, data: bytes) -> list[str | None] | None:
    """Who says each turn."""
    one = mending.read(path, data, Known())
    return [turn.speaker for turn in one.document.turns()] if one and isinstance(one.document, Transcript) else None
