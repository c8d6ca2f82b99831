"""Citations: each style to the letter; what machines read is parsed back."""

from __future__ import annotations

import json
import re

import msgspec
import pytest

from roundtable.citations import STYLES, Cited, citations, html, named
from roundtable.config import Config
from roundtable.model import Metadata, Section, SourceSpan, Speaker, Transcript

from .conftest import Site

URL = "https://example.org/tea/"
SPAN = SourceSpan("x", 1, 1, 0, 0)


def people(*names: str) -> tuple[Speaker, ...]:
    """Speakers by name."""
    return tuple(Speaker(id=f"s{n}", name=name) for n, name in enumerate(names))


def cited(*names: str, title: str = "Silt and Tide", site: str = "Harbour", **metadata: str) -> Cited:
    """What is cited of a transcript in which these speak."""
    from roundtable.citations import cited

    transcript = Transcript("x", title, "en", Metadata(**metadata), people(*names), (), ())  # type: ignore[arg-type]
    return cited(transcript, Config(title=site), URL)


def form(style: str, one: Cited) -> str:
    """A citation in that style."""
    text = STYLES[style][1](one)
    return str(html(text)) if style in ("apa", "mla", "chicago") else text


TWO = ("Ana Duarte", "Bo Lind")
FULL = {"date": "2026-03-05", "place": "Leeds"}


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Duarte, A., &amp; Lind, B. (2026, March 5). <i>Silt and Tide</i> [Transcript]. Harbour. https://example.org/tea/"),
        ("mla", "Duarte, Ana, and Bo Lind. “Silt and Tide.” <i>Harbour</i>, 5 Mar. 2026, https://example.org/tea/. Transcript."),
        ("chicago", "Duarte, Ana, and Bo Lind. “Silt and Tide.” Transcript, Leeds, March 5, 2026. Harbour. https://example.org/tea/."),
        (
            "bibtex",
            ("@misc{silt-and-tide-2026,\n  author = {Duarte, Ana and Lind, Bo},\n  title = {{Silt and Tide}},\n"
            "  howpublished = {Transcript, Harbour},\n  year = {2026},\n  month = mar,\n  note = {Held in Leeds. 5 March 2026},\n"
            "  url = {https://example.org/tea/},\n  language = {en},\n}"),
        ),
        (
            "ris",
            ("TY  - ELEC\nAU  - Duarte, Ana\nAU  - Lind, Bo\nTI  - Silt and Tide\nT2  - Harbour\nPB  - Harbour\nPY  - 2026\n"
            "DA  - 2026/03/05/\nM3  - Transcript\nN1  - Held in Leeds\nLA  - en\nUR  - https://example.org/tea/\nER  - "),
        ),
    ],
)  # fmt: skip
def test_a_transcript_in_each_style(style: str, expected: str) -> None:
    """With all that is known."""
    assert form(style, cited(*TWO, **FULL)) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("apa", "Duarte, A. (2026, March). [Contribution]. In A. Duarte &amp; B. Lind, <i>Why?</i> [Summary record]. Tea, Harbour. https://example.org/tea/#a-1"),
        ("mla", "Duarte, Ana. Contribution to “Why?” <i>Tea</i>, <i>Harbour</i>, Mar. 2026, https://example.org/tea/#a-1. Summary record."),
        ("chicago", "Duarte, Ana. Contribution to “Why?” Summary record, Tea, March 2026. Harbour. https://example.org/tea/#a-1."),
    ],
)  # fmt: skip
def test_a_turn_is_its_speakers_contribution(style: str, expected: str) -> None:
    """To a conversation that others take part in; a summary says that it is one."""
    one = cited(*TWO, title="Why?", date="2026-03", series="Tea", record="summary")
    assert form(style, one._replace(by=one.names[0], url=f"{URL}#a-1", number="1")) == expected


def test_without_a_date_each_style_says_so_in_its_way() -> None:
    """n.d., or nothing."""
    one = cited(*TWO)
    assert "(n.d.)" in form("apa", one)
    assert "Transcript, n.d. Harbour." in form("chicago", one)
    assert "<i>Harbour</i>, https" in form("mla", one)
    assert not re.search("year|month|PY|DA", form("bibtex", one) + form("ris", one).replace("Ana", ""))
    assert "issued" not in json.loads(form("csl", one))[0]


def test_a_year_alone_stays_one() -> None:
    """No month is made up."""
    one = cited(*TWO, date="2025")
    assert "(2025)." in form("apa", one)
    assert "DA  - 2025///" in form("ris", one)
    assert json.loads(form("csl", one))[0]["issued"] == {"date-parts": [[2025]]}


def test_without_a_name_the_title_stands_first() -> None:
    """A role is no author, and is named in a note."""
    one = cited("Host", "Speaker 1", date="2025")
    assert form("apa", one).startswith("<i>Silt and Tide</i> [Transcript]. (2025). Harbour.")
    assert form("mla", one).startswith("“Silt and Tide.”")
    assert "author" not in form("bibtex", one)
    assert "Also speaking: Host; Speaker 1" in form("ris", one)


@pytest.mark.parametrize("number", [3, 6, 7, 20, 21])
def test_of_many_speakers_some_styles_name_the_first_and_machines_all(number: int) -> None:
    """APA names twenty, Chicago six, MLA two."""
    names = [f"Jo{chr(97 + n)} Smith{chr(97 + n)}" for n in range(number)]
    one = cited(*names)
    assert ("Smithu, J. (n.d.)" in form("apa", one)) == (number == 21)
    assert (", . . . " in form("apa", one)) == (number > 20)
    assert ("Joc Smithc, et al. “" in form("chicago", one)) == (number > 6)
    assert form("mla", one).startswith("Smitha, Joa, et al. “")
    assert form("bibtex", one).count(" and ") >= number - 1
    assert form("ris", one).count("AU  - ") == len(json.loads(form("csl", one))[0]["author"]) == number


@pytest.mark.parametrize(
    ("name", "apa", "turned"),
    [
        ("Ana Duarte", "Duarte, A.", "Duarte, Ana"),
        ("Dr. Ana Duarte", "Duarte, A.", "Duarte, Ana"),
        ("J. R. R. Tolkien", "Tolkien, J. R. R.", "Tolkien, J. R. R."),
        ("Jean-Paul Sartre", "Sartre, J.-P.", "Sartre, Jean-Paul"),
        ("Ludwig van Beethoven", "van Beethoven, L.", "van Beethoven, Ludwig"),
        ("Robert A. Jones Jr.", "Jones, R. A., Jr.", "Jones, Robert A., Jr."),
        ("Sam O’Neil", "O’Neil, S.", "O’Neil, Sam"),
    ],
)
def test_a_name_is_turned_round_where_its_form_tells_how(name: str, apa: str, turned: str) -> None:
    """As the styles have it."""
    assert (named(name, "en").apa, named(name, "en").turned) == (apa, turned)


@pytest.mark.parametrize(
    "name",
    [
        "Xue Lan", "Tang Shiqi", "Song Guoyou", "Kim Min-jun", "Park Geun-hye", "Tung Chee-hwa", "Abe Shinzo", "Shinzo Abe", "Tran Duc",
        "李明", "ليلى", "Ana", "Senator Smith", "Gabriel García Márquez", "Ministry of Finance", "The Clerk", "Audit Committee", "Bo & Ana", "", "a" * 500,
    ],
)  # fmt: skip
def test_a_name_stays_whole_where_nobody_can_tell(name: str) -> None:
    """Rather than being guessed at."""
    found = named(name, "en")
    assert (found.apa, found.turned, found.csl, found.bibtex) == (
        name,
        name,
        {"literal": name},
        f"{{{name}}}".replace("&", r"\&"),
    )


def test_names_in_hungarian_stay_whole() -> None:
    """The family's comes first there."""
    assert named("Orbán Viktor", "hu").turned == "Orbán Viktor"


EVIL = 'A {b}} $%#&_~^\\ "c" “d” <script>alert(1)</script>'


def test_latex_braces_balance_and_its_signs_are_escaped() -> None:
    """Whatever a title holds."""
    text = form("bibtex", cited("Bo {Lind", title=EVIL, site="{{", series="a\n  b"))
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", text):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    assert r"\textbraceleft{}b\textbraceright{}\textbraceright{} \$\%\#\&\_\textasciitilde{}\textasciicircum{}" in text
    assert "a b" in text


def test_ris_has_one_field_a_line_whatever_is_in_it() -> None:
    """No title can begin a field of its own."""
    lines = form("ris", cited("Bo\nER  - Lind", title="A\nTY  - X\r\nAU  - Y")).split("\n")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)
    assert [line[:2] for line in lines] == ["TY", "AU", "TI", "T2", "PB", "M3", "LA", "UR", "ER"]


def test_csl_json_is_what_its_schema_asks_for() -> None:
    """A list of items with id and type; names with a family or whole."""
    (item,) = json.loads(form("csl", cited(*TWO, "Xue Lan", title=EVIL, **FULL)))
    assert item["author"] == [
        {"family": "Duarte", "given": "Ana"},
        {"family": "Lind", "given": "Bo"},
        {"literal": "Xue Lan"},
    ]
    assert item.keys() <= {
        "id",
        "type",
        "title",
        "container-title",
        "collection-title",
        "genre",
        "author",
        "issued",
        "event-place",
        "note",
        "language",
        "URL",
    }
    assert (item["type"], item["title"], item["issued"]) == ("webpage", EVIL, {"date-parts": [[2026, 3, 5]]})


@pytest.mark.parametrize("style", STYLES)
def test_the_page_makes_of_its_parts_what_the_style_makes(style: str) -> None:
    """The script that puts a speaker and an address in gives the style's own citation of a turn."""
    speakers = people("Ana Duarte", "Robert A. Jones Jr.", "Xue Lan", "Host")
    transcript = Transcript("x", EVIL, "en", Metadata(date="2025"), speakers, (Section("s", None, 2, (), SPAN),), ())
    told = json.loads(citations(transcript, Config(title="Harbour"), URL).turns)
    for speaker in speakers:
        one = cited(*(one.name for one in speakers), title=EVIL, date="2025")
        name = named(speaker.name, "en")
        expected = STYLES[style][1](one._replace(by=name, url=f"{URL}#x", number="3"))
        expected = expected.replace("\x01", "").replace("\x02", "")  # italics
        which = {"apa": 0, "bibtex": 2, "ris": 3, "csl": 4}.get(style, 1)
        filled = {1: told["names"][speaker.name][which], 2: f"{URL}#x", 3: "3"}
        assert "".join(filled.get(part, part) for part in told["forms"][style]) == expected


def test_no_script_ends_in_what_a_page_carries_for_its_own() -> None:
    """A title is no markup."""
    transcript = Transcript("x", EVIL, "en", Metadata(), people("</script>"), (), ())
    found = citations(transcript, Config(title="<"), URL)
    assert "<" not in found.turns
    assert "<script" not in "".join(str(form.text) for form in found.forms[:3])


TEA = "-- content/tea.md --\n---\ntitle: Tea\ndate: 2026-02-01\n---\n**Ann Duarte:** Yes & no.\n\n**Bo Lind:** No.\n\n[door slams]\n"


def test_each_turn_has_its_citation_behind_details(site: Site) -> None:
    """Without script: speaker, title, container, date, address with the turn's id."""
    assert site.write(TEA).build() == 0, site.err
    turns = site.page("tea/index.html").css("[data-turn]")
    lines = [" ".join(turn.css_first("details.cite p").text().split()) for turn in turns]
    assert lines[0] == "Ann Duarte, “Tea”, Test, February 1, 2026, https://example.org/tea/#ann-duarte-1"
    assert all(f"#{turn.id}" in line for turn, line in zip(turns, lines, strict=True))


def test_the_whole_page_has_six_forms(site: Site) -> None:
    """Each with its label, as text that can be selected."""
    assert site.write(TEA).build() == 0, site.err
    page = site.page("tea/index.html")
    assert [node.text() for node in page.css(".citations dt")] == ["APA", "MLA", "Chicago", "BibTeX", "RIS", "CSL-JSON"]
    assert "Duarte, A., & Lind, B. (2026, February 1)" in page.css_first("[data-style=apa] dd").text()
    assert msgspec.json.decode(page.css_first("[data-style=csl] pre").text())[0]["URL"] == URL


def test_words_of_a_summary_are_marked_as_no_quotation(site: Site) -> None:
    """They are not the speaker's own."""
    assert site.write(TEA).build() == 0, site.err
    quoted = site.page("tea/index.html").css("[itemtype='https://schema.org/Quotation']")
    assert [node.css_first("[itemprop=creator]").text() for node in quoted] == ["Ann Duarte", "Bo Lind"]
    assert quoted[0].css_first("[itemprop=text]").text().strip() == "Yes & no."
    assert site.write(TEA.replace("date:", "record: summary\ndate:")).build() == 0, site.err
    page = site.page("tea/index.html")
    assert not page.css("[itemscope], [itemprop]")
    assert "“Tea” (summary record)" in page.css_first("details.cite p").text()
