"""XML with places: what is where, what is refused, and which words a stretch has."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from roundtable import fidelity, readers
from roundtable.model import Diagnostic, Reading, Source
from roundtable.readers import xmltree
from roundtable.readers.xmltree import Element, Text

from .. import bounded


def reading(text: str, path: str = "talk.xml") -> Reading:
    """The reading of a file."""
    source, _ = readers.decode(path, text.encode())
    assert isinstance(source, Source)
    return readers.read(source)


def errors(text: str, path: str = "talk.xml") -> list[tuple[str, int | None, int | None]]:
    """The code, line and column of each error."""
    return [(one.code, one.line, one.column) for one in reading(text, path).diagnostics if one.severity == "error"]


def tree(text: str) -> Element:
    """The root of a file that can be read."""
    root = xmltree.parse(Source("talk.xml", text, ""))
    assert isinstance(root, Element)
    return root


def test_elements_and_text_know_their_characters() -> None:
    """In a file whose letters take several bytes, with tags of all kinds."""
    text = "<?xml version='1.0' encoding='koi8-r'?>\n<x:ä b='1>2' x:c=\"'\">é<i/>ñ &amp; <b>ü</b  >ö<!-- > --><?p >?></x:ä>"
    root = tree(text)
    assert root.name == "ä"
    assert root.attributes == {"b": "1>2", "c": "'"}
    assert text[root.start : root.inner] == "<x:ä b='1>2' x:c=\"'\">"
    assert text[root.close : root.end] == "</x:ä>"
    inner = [child for child in root.children if isinstance(child, Element)]
    assert [text[one.start : one.end] for one in inner] == ["<i/>", "<b>ü</b  >"]
    assert [text[one.inner : one.close] for one in inner] == ["", "ü"]
    assert all(text.startswith(one.text, one.start) for one in root.children if isinstance(one, Text))


def test_text_of_a_cdata_section_begins_with_the_section() -> None:
    """So that no span cuts the section."""
    text = "<a><![CDATA[x < y]]> z</a>"
    first, *rest = tree(text).children
    assert first == Text("x < y", 3)
    assert [one.text for one in rest if isinstance(one, Text)] == [" z"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("<TEI><u>x</u>", (1, 14)),
        ("<TEI>\n  <u>x</v>\n</TEI>", (2, 9)),
        ("<TEI>\n<u>ééé & more</u></TEI>", (2, 9)),
        ("<TEI><u a=1>x</u></TEI>", (1, 11)),
        ("<TEI><u>x</u></TEI>\nmore", (2, 1)),
        ("<TEI><u>&nobody;</u></TEI>", (1, 9)),
    ],
)
def test_what_is_not_well_formed_is_told_with_its_place(text: str, place: tuple[int, int]) -> None:
    """One error, and the words are not lost in silence."""
    assert errors(text) == [("RT221", *place)]
    assert fidelity.reading(reading(text)) == ()


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY mdash "and more">',
    ],
)
def test_entities_of_ones_own_are_refused(declaration: str) -> None:
    """Neither expanded nor fetched."""
    assert errors(f"<!DOCTYPE TEI [{declaration}]><TEI><u who='#a'>x</u></TEI>")[0][0] == "RT223"


def test_entities_that_html_knows_may_be_declared() -> None:
    """Real files declare dashes and pound signs."""
    text = '<!DOCTYPE TEI [<!ENTITY mdash "&#8212;"><!ENTITY % x "IGNORE">]><TEI><u who="#a">x&mdash;y</u></TEI>'
    assert [one.markdown for one in reading(text).pieces if hasattr(one, "markdown")] == ["x—y"]


def test_entities_of_a_document_type_elsewhere_are_read_if_html_knows_them() -> None:
    """It isn't fetched."""
    text = '<!DOCTYPE TEI SYSTEM "tei.dtd"><TEI><u who="#a">caf{}</u></TEI>'
    assert [one.markdown for one in reading(text.format("&eacute;")).pieces if hasattr(one, "markdown")] == ["café"]
    assert errors(text.format("&harbour;"))[0][0] == "RT223"


def test_nesting_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    """And so has the number of elements."""
    assert errors("<TEI><u who='#a'>" + "<i>" * 95 + "x" + "</i>" * 95 + "</u></TEI>") == []
    assert errors("<TEI><u/>" + "<i>" * 200_000) == [("RT223", 1, 10 + 3 * 99)]
    monkeypatch.setattr(xmltree, "MAX_ELEMENTS", 3)
    assert errors("<TEI><u/><u/><u/></TEI>") == [("RT223", 1, 14)]


def test_an_unknown_vocabulary_is_named() -> None:
    """With those that are known."""
    found = reading("<?xml version='1.0'?>\n<!-- x -->\n<catalogue>Boats</catalogue>").diagnostics
    assert [(one.code, one.line, one.column) for one in found] == [("RT222", 3, 1)]
    assert "<catalogue>" in found[0].message
    assert "Akoma Ntoso" in (found[0].hint or "")


def test_other_xml_in_a_folder_is_no_source() -> None:
    """It is copied, like any file."""
    for text in ("<catalogue/>", "<TEI><text><p>An edition.</p></text></TEI>", "<akomaNtoso><act/></akomaNtoso>", "<"):
        assert not readers.is_source("content/a.xml", text.encode)
    assert readers.is_source("content/a.xml", b"<publicwhip/>".__bytes__)


@pytest.mark.parametrize(
    ("stretch", "words"),
    [
        ("<p>a</p><p>b</p>", " a  b "),
        ("un<hi>usual</hi>ly", "unusually"),
        ("a<!-- <p>no</p> -->b<?no no?>c", "abc"),
        ("<a b='>'>x &lt; &#121;&eacute; <![CDATA[<i>&amp;]]>", "x < yé <i>&amp;"),
        ("<w join='right'>do</w>\n<w>n't</w> <w>so</w><pc join='left'>.</pc>", "don't so."),
        ("har-\n<lb break='no'/>bour", "har-bour"),
        ("a<lb/>b", "a b"),
        ("x<!-- never closed", "x"),
    ],
)
def test_the_words_of_a_stretch(stretch: str, words: str) -> None:
    """Without tags, comments and instructions; what a tag parts is parted."""
    assert xmltree.plain(stretch) == words


def test_a_tree_and_a_stretch_have_the_same_words() -> None:
    """Two ways to them."""
    text = (
        "<s><w join='right'>do</w> <w>n't</w> <w>say</w> <pc join='left'>,</pc><lb/>a<hi>b</hi>c<p>d</p>e &#151; f</s>"
    )
    assert tree(text).words() == "don't say, abc d e — f" == " ".join(xmltree.plain(text).split())


NAMES = st.sampled_from(
    "p seg u sp speaker note head div choice w pc lb hi gap l lg table row cell item teiHeader speech from heading num "
    "debateSection scene summary remark br eol pause fw meta notes major-heading mpname division text body a".split()
)
ATTRIBUTES = st.sampled_from(
    ["", " who='#a'", " by='#b'", " join='right'", " join='both'", " break='no'", " type='speaker'", " who='#a #b'",
     " speakername='Ann' person_id='x/1'", " start='1.5'", " xml:id='a'", " x='>'"]
)  # fmt: skip
RUNS = st.one_of(
    st.sampled_from([" ", "\n", "word", "two words", "*x*", "1. one", "# no", "&amp;", "&#151;", "<!-- c -->", "é", "x.- y", "A: b",
                     "<![CDATA[<b> x]]>", "[in]", "<?p q?>", "\u2028x\x85"]),
    st.text(max_size=8).map(lambda text: "".join(c for c in text if c.isprintable() and c not in "<>&")),
)  # fmt: skip


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An element of any name around runs of text and elements."""
    return st.builds(
        lambda name, attributes, parts: f"<{name}{attributes}>{''.join(parts)}</{name}>" if parts else f"<{name}{attributes}/>",
        NAMES, ATTRIBUTES, st.lists(inner, max_size=4),
    )  # fmt: skip


ELEMENTS = st.recursive(RUNS, element, max_leaves=25)
ROOTS = st.sampled_from(
    [
        "<akomaNtoso><debate><debateBody>{}</debateBody></debate></akomaNtoso>",
        "<akomaNtoso><debate><debateBody><debateSection>{}</debateSection></debateBody></debate></akomaNtoso>",
        "<TEI><text><body>{}<u/></body></text></TEI>",
        "<TEI><text><body><u who='#x'>{}</u></body></text></TEI>",
        "<publicwhip>{}</publicwhip>",
        "<publicwhip><speech speakername='A'>{}</speech></publicwhip>",
    ]
)


@settings(max_examples=600, deadline=None)
@given(ROOTS, st.lists(ELEMENTS, max_size=6).map("".join))
@example("<TEI><text><body>{}<u/></body></text></TEI>", "<u who='#a'>x</u>\n<u who='#a'>y</u>")
def test_no_xml_makes_a_reader_raise_or_lose_a_word(root: str, inner: str) -> None:
    """Whatever stands in whatever: pieces tile the file, and each has its words."""
    text = root.replace("{}", inner)
    assert fidelity.reading(reading(text)) == ()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(RUNS, st.sampled_from(["<", ">", "</", "<u>", "</u>", "<TEI", "<speech by='", "]]>", "<!DOCTYPE", "["])),
                max_size=12).map("".join))  # fmt: skip
def test_no_text_makes_a_reader_raise(text: str) -> None:
    """Well formed or not, every reader of XML may be asked to read it."""
    for form in ("xml", "akoma-ntoso", "tei", "parlparse"):
        if (source := readers.decode("a.xml", f"<TEI>{text}".encode())[0]) is not None:
            assert fidelity.reading(readers.read(Source("a.xml", source.text, "", form))) == ()


@pytest.mark.parametrize(
    "text",
    [
        "<TEI><u who='#a'>" + "a<note>b</note>" * 50_000 + "</u></TEI>",
        "<TEI><u who='#a'>" + "<w join='both'> a </w> " * 50_000 + "</u></TEI>",
        "<TEI><u/>" + "<note type='speaker'>x</note>" * 30_000 + "</TEI>",
        "<akomaNtoso><debate>" + "<speech by='#a'><p>x</p></speech>\n" * 20_000 + "</debate></akomaNtoso>",
        "<akomaNtoso><debate>" + "<p a='" * 100_000,
        "<akomaNtoso><debate " + "<!--" * 100_000,
        "<publicwhip><p>" + "<!-- x -->é" * 100_000 + "</p></publicwhip>",
    ],
    ids=["notes", "joins", "labels", "speeches", "quotes", "comments", "places"],
)
def test_long_and_odd_xml_is_read_in_linear_time(text: str) -> None:
    """Whatever it holds over and over."""
    with bounded.ends():
        one = reading(text)
    assert fidelity.reading(one) == () or any(isinstance(found, Diagnostic) for found in one.diagnostics)
