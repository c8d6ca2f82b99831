"""Front matter: text stays text, hostile YAML is refused, every mistake has its line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable import frontmatter, locales
from roundtable.model import Metadata, Person, Source

from . import bounded
from .conftest import Site

TEXT = st.text(min_size=1, max_size=30).filter(lambda t: t.isprintable() and t.strip())


def test_scalars_stay_text() -> None:
    """No sexagesimal numbers, no Norway problem."""
    metadata, found = frontmatter.parse("title: 12:30\nplace: no\nseries: 1e3\ndate: 2026-11-23\nlicense: ~\n", "a.md")
    assert found == ()
    assert (metadata.title, metadata.place, metadata.series, metadata.date) == ("12:30", "no", "1e3", "2026-11-23")


def test_booleans_as_people_write_them() -> None:
    """Where the noun wants one."""
    metadata, found = frontmatter.parse("draft: yes\ncomments: False\n", "a.md")
    assert (metadata.draft, metadata.comments, found) == (True, False, ())


def test_speakers_as_names_or_as_records() -> None:
    """Both in one list."""
    metadata, found = frontmatter.parse("speakers:\n- Ann Li\n- name: Bo\n  role: Dean\n  aliases: [B, 'B.']\n", "a.md")
    assert found == ()
    assert metadata.speakers == (Person(name="Ann Li"), Person(name="Bo", role="Dean", aliases=("B", "B.")))


def test_every_mistake_with_its_line() -> None:
    """Lines are the file's, not the block's."""
    text = "tilte: x\ndate: 2026-13-01\ndraft: perhaps\nspeakers:\n- nam: x\nrecord: sumary\n"
    _, found = frontmatter.parse(text, "a.md", first_line=2)
    assert [(d.code, d.line, d.hint) for d in found if d.code == "RT103"] == [
        ("RT103", 2, "did you mean 'title'?"),
        ("RT103", 6, "did you mean 'name'?"),
    ]
    assert sorted(d.line or 0 for d in found if d.code == "RT104") == [3, 4, 6, 7]


@pytest.mark.parametrize(
    "text",
    [
        "a: &x 1\nb: *x\n",
        "[" * 25_000,
        "- " * 60 + "x",
        "title: [unclosed\n",
        "- a list\n",
        "just text\n",
        "title: a\ntitle: b\n",
        "title: \x01\n",
        "x: " + "a" * 300_000,
        "? [a, b]\n: c\n",
        "title: {a: b}\n",
        "\t- x: y\n",
    ],
)
def test_hostile_or_broken_yaml_is_one_error_with_a_cure(text: str) -> None:
    """Nothing raises, nothing explodes."""
    metadata, found = frontmatter.parse(text, "a.md")
    assert isinstance(metadata, Metadata)
    assert [d.severity for d in found] == ["error"]
    assert found[0].hint


@given(
    TEXT,
    st.lists(
        st.builds(lambda n, r, a: Person(name=n, role=r, aliases=tuple(a)), TEXT, TEXT, st.lists(TEXT, max_size=2)),
        max_size=3,
    ),
)
def test_what_is_dumped_parses_back(title: str, people: list[Person]) -> None:
    """Whatever the words are."""
    text = frontmatter.dump(Metadata(title=title, draft=True), tuple(people))
    metadata, found = frontmatter.parse(text, "a.md")
    assert found == ()
    assert (metadata.title, metadata.draft, metadata.speakers) == (title, True, tuple(people))


SIGNS = st.text(
    st.sampled_from(" :#-'\"\\,.[]{}&*!|>%@`~?=<\t\n\x85\xa0\u2028\ufeff\u3000é日😀\x7f\r019azAZ_’–()/"), max_size=12
)
WORDS = st.from_regex(r"[A-Za-z0-9é日](?: {0,3}[\w.,'()/&’–:#-]){0,12}", fullmatch=True)
MEANT = st.sampled_from("2019-01-02 12:30 no ~ null NULL Yes y N on Off true 1e3 0x1f .5 en 1_000 A😀 a:b a#b".split())
VALUES = SIGNS | WORDS | MEANT | st.text(max_size=12)
KEYS = st.sampled_from("title date language draft order speakers person source place null y tilte".split())


@given(
    st.lists(st.tuples(KEYS, st.sampled_from([": ", ": ", ":  ", ":", " : ", ":\t"]), VALUES), max_size=4),
    st.booleans(),
)
def test_lines_read_without_yaml_say_what_they_say_in_yaml(lines: list[tuple[str, str, str]], is_ended: bool) -> None:
    """Whatever their values are: where it takes YAML to know, YAML is asked."""
    text = "\n".join(map("".join, lines)) + "\n" * is_ended
    if (metadata := frontmatter._plainly(text)) is not None:
        assert frontmatter._parsed(text, "a.md", 2) == (metadata, ())


def test_usual_front_matter_takes_no_yaml_to_read() -> None:
    """Lines of keys and words; what is wrong takes YAML, for its place."""
    read = frontmatter._plainly("title: Ferries & more, part (A#)\ndate: 2026-11-23\nplace: 12:30\ndraft: no\n")
    assert read == Metadata(title="Ferries & more, part (A#)", date="2026-11-23", place="12:30")
    assert frontmatter._plainly("title: Ferries\ndate: yesterday\n") is None


@given(
    st.dictionaries(KEYS, VALUES, max_size=3),
    st.lists(
        st.fixed_dictionaries({"name": VALUES, "id": VALUES, "aliases": st.lists(VALUES, min_size=1, max_size=2)}),
        max_size=2,
    ),
)
def test_what_is_written_without_yaml_is_what_yaml_writes(fields: dict[str, Any], people: list[dict[str, Any]]) -> None:
    """Byte by byte."""
    fields |= {"speakers": people} if people else {}
    lines = [*frontmatter._lines(fields)]
    if fields and None not in lines:
        assert frontmatter._dumped(fields) == "".join(map(str, lines))


def test_usual_front_matter_takes_no_yaml_to_write() -> None:
    """A title, a day, and speakers with their ids, roles and aliases."""
    people = [{"name": "Ana Duarte", "id": "ana", "kind": "guest", "aliases": ["Ana", "A. Duarte"]}, {"name": "Wei"}]
    lines = [*frontmatter._lines({"title": "Ferries, and more (part two)", "date": "2026-11-23", "speakers": people})]
    assert None not in lines
    assert lines[1:6] == [
        "date: '2026-11-23'\n",
        "speakers:\n",
        "- name: Ana Duarte\n",
        "  id: ana\n",
        "  kind: guest\n",
    ]


def test_nothing_is_written_as_an_empty_mapping() -> None:
    """As YAML has it."""
    assert frontmatter.dump(Metadata(), ()) == "{}\n"


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("2026", True),
        ("2026-02", True),
        ("2024-02-29", True),
        ("2026-02-29", False),
        ("26", False),
        ("2026-1-1", False),
        ("0000", False),
    ],
)
def test_dates(text: str, good: bool) -> None:
    """ISO 8601, and only days that exist."""
    assert locales.is_date(text) is good


def test_what_is_missed_at_the_end_is_told_at_the_last_line(site: Site) -> None:
    """The line that is shown is the line that is named."""
    site.write("-- content/t.md --\n---\ntitle: [x\n---\n**Ann:** A\n")
    assert site.build() == 1
    assert "content/t.md:2:10: error" in site.err
    assert "2 | title: [x" in site.err


KEYS_AND_WORDS = "title: Harbour\ndraft: true\nspeakers:\n- name: Ana\n"


@pytest.mark.parametrize("name", ["t.md", "t.txt"])
@pytest.mark.parametrize(
    ("head", "place", "cure"),
    [
        (f"---\n{KEYS_AND_WORDS}", "1:1", "'---' below its last key"),
        (f"---\n{KEYS_AND_WORDS} ---\n", "6:1", "write '---'"),
        (f"---\n{KEYS_AND_WORDS}----\n", "6:1", "write '---'"),
        (f"---\n{KEYS_AND_WORDS}—\n", "6:1", "write '---'"),
        (f"\n \n---\n{KEYS_AND_WORDS}---\n", "3:1", "take out what is above it"),
        (f" ---\n{KEYS_AND_WORDS}---\n", "1:1", "write '---'"),
        (f"—\n{KEYS_AND_WORDS}—\n", "1:1", "write '---'"),
        (f"-----\n{KEYS_AND_WORDS}-----\n", "1:1", "write '---'"),
        ("---\n# a comment\nlayout: post\ntitle: T\nspeakers:\n- Ana\n", "1:1", "'---' below its last key"),
        ("---\ntitle: T\n----\n", "3:1", "write '---'"),
        ("---\ntitle: T\n----\n**Ana:** Yes.\n\n---\n", "3:1", "write '---'"),
    ],
)  # fmt: skip
def test_front_matter_that_is_not_fenced_is_an_error(site: Site, name: str, head: str, place: str, cure: str) -> None:
    """Its keys are no words, and a draft is none for all to read."""
    site.write(f"-- content/{name} --\n{head}\n**Ana:** The river is low.\n\n**Ben:** Yes.\n")
    assert site.build() == 1
    assert f"content/{name}:{place}: error[RT102]: front matter" in site.err
    assert cure in site.err


@pytest.mark.parametrize(
    "head",
    [
        "---\n\nNote: all rivers are low.\n",
        "---\nTitle: Harbour\n",
        "-----\n\nAna: source: none\n",
        "---\nann: see the title: it is long\n",
        "---\nsources: many\n",
        "---\nThe place: here.\n",
        "- date: today\n- place: here\n",
        "—\nMore: of it.\n",
        "----\nsource: CNN transcript\n\nANA: Yes.\n",
        "----------\ndescription: Interview of Mrs. Jones\n----------\n\nANA: Yes.\n",
        "—\ntitle: Captain of the ship, that is what they called me.\n\nAna: Yes.\n",
        "---\n\naudio: can you hear me? Yes.\n\nvideo: I can see you.\n",
    ],
)
def test_a_rule_at_the_head_is_no_front_matter(head: str) -> None:
    """Only keys that there are count, in small letters."""
    assert frontmatter.of(Source("a.md", head, ""), None) == (Metadata(), (), 0)


@pytest.mark.parametrize("unit", ["---\n", "\n", "---\na: b\n", "- ", "—", " ", "---\n\n#\n", "a: b\n"])
def test_unfenced_front_matter_is_found_in_linear_time(unit: str) -> None:
    """Whatever stands there over and over."""
    with bounded.ends():
        frontmatter.of(Source("a.md", unit * 50_000, ""), None)
        frontmatter.of(Source("a.md", "---\ntitle: x\n" + unit * 50_000, ""), None)
