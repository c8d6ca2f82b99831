"""The examples of the guide are what the program prints: most are built here; of the others, all words are the program's own."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import REPOSITORY, Site

GUIDE = REPOSITORY / "content/guide"
MESSAGE = re.compile(r"(?:\S+: )?(?:error|warning|note)\[(?P<code>RT\d{3})\]: (?P<message>.*)")


def blocks(file: Path) -> Iterator[tuple[str, str]]:
    """What stands in a page of the guide as printed: each finding by its code, and all that stands with it."""
    for block in re.findall(r"^```text\n(.*?)^```", file.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL):
        lines = block.splitlines()
        for number, line in enumerate(lines):
            if match := MESSAGE.fullmatch(line):
                rest = [one for one in lines[number + 1 :] if not one.startswith(" ")]
                end = lines.index(rest[0], number + 1) if rest else len(lines)
                yield match["code"], "\n".join(lines[number:end]) + "\n"


EVERY = [(file, code, block) for file in sorted(GUIDE.rglob("*.md")) for code, block in blocks(file)]


# --- those that are built --------------------------------------------------------------------------------------------


def md(line: int, text: str, head: str = "title: Harbour\ndate: 2026-03-05\n", path: str = "content/harbour.md") -> str:
    """A transcript that has a text on that line, between words of the host."""
    top = f"---\n{head}---\n**Host:** How is the harbour?\n"
    gap = "\n" * (line - top.count("\n") - 1)
    return f"-- {path} --\n{top}{gap}{text}\n\n**Host:** Thank you.\n"


def people(*names: str) -> str:
    """Front matter with a list of speakers."""
    return "title: Harbour\nspeakers: [" + ", ".join(names) + "]\n"


TALK = "-- content/harbour.md --\n**Host:** How is the harbour?\n\n**Ana Duarte:** Shallow.\n\n**Host:** Thank you.\n"
PLAIN = TALK.replace(".md", ".txt").replace("**", "")
NOTES = "-- content/notes.md --\n---\ntitle: Notes\n---\n\n"
VTT = "-- content/harbour.vtt --\nWEBVTT\n\n\n00:01.000 --> 00:02.000\n<v Ana Duarte>Low.\n\n"
AMBIGUOUS = "-- content/harbour.txt --\nHost: How is the harbour?\nAna: Shallow.\nNote: the tide was out.\nHost: And the weir?\nAna: Full.\n"
UTTERANCES = (
    '-- content/harbour.xml --\n<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<text>\n<body>\n<div>\n<u who="#a">\n<seg>A.</seg>\n</u>\n'
    '<u who="#b">\n<seg>B.</seg>\n</u>\n\n\n\n  <u><seg>The tide was out.</seg></u>\n</div>\n</body>\n</text>\n</TEI>\n'
)
SITE = '-- site.toml --\ntitle = "Harbour talks"\n'

BUILT: dict[str, tuple[str, ...]] = {  # files, and the command; `build` if there is none
    "RT101": ("-- content/x.txt --\n",),
    "RT102": ('-- site.toml --\ntitle = "Harbour talks\n' + TALK,),
    "RT102 content/harbour.md:1:1": ("-- content/harbour.md --\n---\ntitle: Harbour\ndate: 2026-03-05\n",),
    "RT102 content/harbour.md:2:15": ("-- content/harbour.md --\n---\ntitle: Harbour: a talk\n---\n**Host:** A\n",),
    "RT103": (f'{SITE}base_ur = "https://example.org/"\n{TALK}',),
    "RT104": (md(9, "**Ana Duarte:** Low.", "title: Harbour\ndate: 5 March 2026\n"),),
    "RT105": ("",),
    "RT106": (TALK, "build", "--base-url", "example.org"),
    "RT107": (SITE + TALK,),
    "RT108": (TALK + "-- harbour.txt --\nHost: A\nAna: B\nHost: C\n", "import", "harbour.txt"),
    "RT201": ("-- content/harbour.txt --\nAna: Плотина низко.\n",),
    "RT202": ("-- content/harbour.txt --\n",),
    "RT203": (PLAIN.replace("harbour.txt", "the-weir.txt"),),
    "RT204": ("-- content/harbour.txt --\nThe harbour is silting up.\n",),
    "RT205": (
        "-- content/minutes.md --\n---\ntitle: Minutes\n---\n\n**Ana:**\n\nWe met at the weir.\n\n" + "The dredger is old.\n\n" * 6 + "**Bo:**\n\nSo it is.\n",
    ),
    "RT208": (md(10, "<!-- skipped: advertisement\nBuy a boat.\n-->"),),
    "RT209": ("-- content/harbour.txt --\nHost: How is the harbour?\n\nAna: Shallow.\n\nShort Break\n\nHost: And now?\n\nAna: Full.\n",),
    "RT210": (md(6, "**Ana:** So " + "` " * 4_001, "title: Harbour\n"),),
    "RT212": (VTT + "00:07.000 --> 00:08.000\n<v Host>So.\n", "check"),
    "RT213": ("-- content/harbour.txt --\nHost: A.\nAna: B.\nHost: C.\nAna: O café fechou.\n",),
    "RT214": ("-- content/harbour.txt --\nHost: Why?\nAna: So.\nHost: Yes?\n" + "\n" * 3029 + "\x1a\n",),
    "RT221": ("-- content/harbour.xml --\n<TEI>\n<text>\n<body>\n\n\n\n\n\n\n<div>\n<u>\n    </speech>\n", "parse", "content/harbour.xml"),
    "RT223": ('-- content/harbour.xml --\n<?xml version="1.0"?>\n<!DOCTYPE TEI [<!ENTITY harbour "Vessel Bay">]>\n<TEI/>\n', "parse", "content/harbour.xml"),
    "RT206": (AMBIGUOUS,),
    "RT207": (md(10, "**Ana Duarte:**"),),
    "RT211": (PLAIN + "\n\n\nJoana Reis: I only came to listen.\n",),
    "RT222": ("-- content/harbour.xml --\n<?xml version='1.0'?>\n<catalogue>\n<a/>\n</catalogue>\n", "parse", "content/harbour.xml"),
    "RT224": (UTTERANCES,),
    "RT225": ('-- content/harbour.json --\n{"segments": [{"speaker": "A", "text": "Low."\n', "parse", "content/harbour.json"),
    "RT226": ('-- content/harbour.json --\n{"text": "Low.", "segments": [{"start": 0, "end": 1, "text": "Low."}]}\n',),
    "RT227": ("-- content/harbour.csv --\nspeaker,words\nHost,Why?\nAna,The weir, the mole, and the dredger.\nAna,A, b\nHost,So.\n",),
    "RT228": ("-- content/harbour.csv --\nspeaker,words\nHost,Why?\nAna,The weir.\n,And the dredger is old.\n,And slow.\nHost,So.\n",),
    "RT229": (VTT + "00:03.000 --> 00:04.000\nTell me.\n\n00:05.000 --> 00:06.000\nNow.\n\n00:07.000 --> 00:08.000\n<v Host>So.\n",),
    "RT230": (
        "-- content/harbour.srt --\n1\n00:00:01,000 --> 00:00:02,000\nAna: Low.\n\nAnd slow.\n\n2\n00:00:03,000 --> 00:00:04,000\nHost: So.\n\nYes.\n\n3\n00:00:05,000 --> 00:00:06,000\nAna: High.\n",
    ),
    "RT236": (md(13, "<!-- roundtable: ignore RT307 -->"),),
    "RT237": (md(13, "<!-- roundtable: ignore RT207 because he left -->\n\n**Ana Duarte:** Low."),),
    "RT241": (md(13, '**Ana Duarte:** They call it "the weir", or “the mole”.'), "check"),
    "RT242": (
        md(13, "**Ana Duarte:** Well, the river brings more sand than the tide takes away, the river brings more sand than the tide takes away, so."),
        "check",
    ),
    "RT243": (md(13, "**Ana Duarte:** Yes, \u202eno."), "check"),
    "RT244": (md(13, "## Ana Duarte\n\n**Ana Duarte:** Low."), "check"),
    "RT245": (md(10, "## The weir\n\n**Ana Duarte:** Low.\n\n\n#### The mole\n\n**Ana Duarte:** High."), "check"),
    "RT246": (md(13, "**Ana Duarte**: The river."), "check"),
    "RT301": (md(8, "**Duarte:** Good morning.", people("{name: Ana Duarte, aliases: [Duarte]}", "{name: Rui Duarte, aliases: [Duarte]}", "Host")),),
    "RT302": (md(6, "**Anna Duarte:** Good morning.\n\n**Ana Duarte:** Low.", people("Ana Duarte", "Host")),),
    "RT303": ("-- content/harbour.md --\n---\nspeakers:\n- name: Host\n- name: Ana Duarte\n  role: Mayor\n- name: Ana Duarte\n  role: Pilot\n---\n\n**Ana Duarte:** A.\n\n**Host:** B.\n",),
    "RT304": ("-- content/harbour.txt --\nHOST: Why?\n\nANA DUARTE: The river.\n\nHOST: And then?\n\nANA DUARTE: Sand.\n\nMS. DUARTE: The dredging starts in March.\n",),
    "RT305": (md(13, "**Joana Reis:** I only came to listen.", people("Ana Duarte", "Host")), "check"),
    "RT306": (md(10, "**Ana Duarte:** High.\n\n**Аna Duarte:** Low."), "check"),
    "RT307": (md(14, "**Joana Reis:** I only came to listen.\n\n**Ana Duarte:** Low.\n\n**Host:** So.\n\n**Ana Duarte:** High."), "check"),
    "RT401": (md(8, "**Ana Duarte:** Low.\n\n[^1]: The survey of 2025."),),
    "RT402": (md(8, "**Ana Duarte:** Low.\n\n| depth | year |\n| --- | --- |\n| 4 m | 2025 | spring |"),),
    "RT501": (TALK + PLAIN,),
    "RT502": (f"{TALK}{NOTES}See [the harbour](harbor.md).\n",),
    "RT503": (f"{TALK}{NOTES}See [the harbour](harbour.md#ana-duarte-9).\n",),
    "RT504": (TALK.replace("--\n", "--\n---\ntemplate: about.html\n---\n") + "-- templates/about.html --\n<p>{{ sumary.title }}</p>\n",),
    "RT505": (TALK,),
    "RT506": ("-- content/.hidden --\n",),
    "RT507": (TALK + "-- content/harbour.docx --\nx\n",),
    "RT508": ("-- content/harbour.odt --\nx\n" + NOTES,),
    "RT510": (TALK + '-- templates/about.html --\n<p>\n</p>\n\n<button onclick="print()">Print</button>\n',),
    "RT512": (f"{NOTES}![](weir.jpg)\n-- content/weir.jpg --\nx\n", "check"),
    "RT513": (f"{TALK}{NOTES}She said [“the river brings less sand”](harbour.md#ana-duarte-1).\n", "check"),
    "RT516": (TALK + "-- content/hafen.md --\n---\ntitle: Hafen\ntranslation_of: harbour.md\n---\n**Host:** A.\n\n**Ana:** B.\n\n**Host:** C.\n",),
    "RT521": (TALK + "-- content/permalinks.lock --\n# roundtable: permalinks 1\n\n\n\n\n\n\n<<<<<<< HEAD\n",),
    "RT525": (TALK + "-- content/permalinks.lock --\n# roundtable: permalinks 1\n\n[old.txt]\nhost-1 d5725b148c b0f0f16e81b0e23d2559c5e59\n",),
    "RT601": (f'{SITE}base_url = "https://example.org/"\n\n[params.comments.giscus]\nrepo = "o/n"\n{TALK}',),
    "RT602": (f'{SITE}base_url = "https://example.org/"\n{TALK}',),
    "RT701": (TALK, "build", "-o", "content/out"),
    "RT702": (TALK + "-- public/index.html --\nmine\n",),
    "RT703": (TALK + "-- public/CNAME --\nx\n", "build", "--clean"),
}  # fmt: skip

ENCODINGS = {"RT201": "windows-1251", "RT213": "windows-1252"}  # of harbour.txt


def built(code: str, block: str) -> tuple[str, ...]:
    """How an example comes about."""
    return BUILT.get(f"{code} {block.partition(': ')[0]}", BUILT[code])


@pytest.mark.parametrize(
    ("code", "block"),
    [pytest.param(code, block, id=f"{file.stem}-{code}") for file, code, block in EVERY if code in BUILT],
)
def test_an_example_is_what_is_printed(site: Site, monkeypatch: pytest.MonkeyPatch, code: str, block: str) -> None:
    """Of a site that has it: place, words, line and cure."""
    files, *command = built(code, block)
    monkeypatch.chdir(site.root)
    if code == "RT101":
        Path("site.toml").unlink()
    here = Site(Path(), site._capfd).write(files)
    if encoding := ENCODINGS.get(code):
        file = Path("content/harbour.txt")
        file.write_bytes(file.read_text(encoding="utf-8").encode(encoding))
    here.run(*(command or ["build"]))
    assert block in here.err


# --- the others ------------------------------------------------------------------------------------------------------

QUOTED = re.compile(r"(?<![a-z])'[^']*'(?![a-z])|“[^”]*”")
SAID = {"Not Found", "Permission denied"}  # by a server, by the system
GIVEN = re.compile(  # what comes from a file, a name, a number, or another program
    r"(?<![A-Za-z])(?:\d[\d.,-]*|\S*[/#\[\]]\S*|\S+\.[a-z]+|[\w-]+-\d+|under)|: |, |; |[()…]"
)


def words(text: str) -> list[str]:
    """The parts of a message that are the program's own."""
    return [part.strip() for part in GIVEN.split(QUOTED.sub("…", text)) if re.search(r"[a-z]{3}", part)]


def own() -> str:
    """All texts in the program."""
    files = sorted((REPOSITORY / "roundtable").rglob("*.py"))
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    texts = (node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return "\0".join(texts)


def test_examples_that_are_not_built_have_the_words_of_the_program() -> None:
    """Message and cure."""
    texts = own()
    unknown = []
    for file, code, block in EVERY:
        if code not in BUILT:
            first, *rest = block.splitlines()
            match = MESSAGE.fullmatch(first)
            assert match
            told = (match["message"], *(line[4:] for line in rest if re.match(r"  [= ] \S", line)))
            unknown += [
                (file.stem, code, part)
                for text in told
                for part in words(text)
                if part not in texts and part not in SAID
            ]
    assert unknown == []


def test_what_parse_prints_is_what_the_guide_has(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it, for people."""
    text = (GUIDE / "command-line.md").read_text(encoding="utf-8")
    example = re.search(r"\$ roundtable parse (\S+)\n(.*?)```", text, re.DOTALL)
    assert example
    monkeypatch.chdir(site.root)
    site.write(
        f"-- {example[1]} --\nHost: How is the harbour?\nAna Duarte: Shallow. [Laughter]\nNote: the tide was out.\nHost: And the weir?\n"
        "Ana Duarte: Full to the brim since March.\nJoana Reis: I only came to listen.\n"
    )
    assert site.run("parse", example[1]) == 0
    assert site.out == example[2]
