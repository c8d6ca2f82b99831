"""From bytes to text: what is declared, what proves itself, what is a guess, and what is no text."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roundtable import readers
from roundtable.model import Utterance
from roundtable.readers.encodings import decoded

TALK = "Ana Durão: O açude está baixo — “muito” baixo.\nJörg: Größer wäre besser… 你好\n"
LATIN = "Ana Durão: O açude está baixo, naïve São João.\nJörg: Größer wäre besser.\n"


def text(data: bytes, path: str = "talk.txt") -> str | None:
    """The text in some bytes."""
    return decoded(path, data)[0]


def codes(data: bytes, path: str = "talk.txt") -> list[tuple[str, int, int]]:
    """What the editor is told, and where."""
    return [(one.code, one.line, one.column) for one in decoded(path, data)[1]]


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_counts_and_is_no_text(mark: bytes, encoding: str) -> None:
    """Nobody need be told."""
    assert decoded("talk.txt", mark + TALK.encode(encoding)) == (TALK, ())
    assert decoded("talk.txt", mark) == ("", ())


def test_utf_8_proves_itself() -> None:
    """Without a mark, and without a word about it."""
    assert decoded("talk.txt", TALK.encode()) == (TALK, ())
    assert decoded("talk.txt", b"") == ("", ())
    assert decoded("talk.txt", b"plain") == ("plain", ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    """As some recorders write it; the editor is told."""
    assert text(LATIN.encode(encoding)) == LATIN
    assert codes(LATIN.encode(encoding)) == [("RT213", 1, 8)]


@pytest.mark.parametrize("data", ["你好，世界。" * 9, "Дорогие друзья " * 9])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_that_nothing_proves_is_refused(data: str, encoding: str) -> None:
    """Other scripts have few zeros; better no text than a wrong one."""
    assert text(data.encode(encoding)) is None
    assert [code for code, _, _ in codes(data.encode(encoding))] == ["RT201"]


@pytest.mark.parametrize(
    "half",
    [
        codecs.BOM_UTF16_LE + b"a\x00b",
        codecs.BOM_UTF16_LE + b"\x00\xd8a\x00",
        codecs.BOM_UTF32_LE + b"\x00\x00\x11\x00\x00\x00",
    ],
)
def test_broken_utf_16_and_32_is_refused(half: bytes) -> None:
    """Half a character, and one that does not exist."""
    assert text(half) is None
    assert [code for code, _, _ in codes(half)] == ["RT201"]


@pytest.mark.parametrize(
    "spoken",
    [
        LATIN,
        "Ana: “Yes” – he said… it’s 5 €.\nTom: No.\n",
        "Hélène: Ça, c’était à l’Œuvre !\nYves: Où ?\n",
        "José: ¿Qué? ¡No! El señor Núñez dijo que sí.\n",
        "Åse: Blåbær og rødgrød på Ærø.\n",
        "One word only: café\n",
    ],
)
def test_windows_1252_is_read_where_it_reads_like_words_and_told(spoken: str) -> None:
    """With the first line to look at."""
    first = next(i for i, c in enumerate(spoken) if c > "\x7f")
    line, column = spoken.count("\n", 0, first) + 1, first - spoken.rfind("\n", 0, first)
    assert text(spoken.encode("cp1252")) == spoken
    assert codes(spoken.encode("cp1252")) == [("RT213", line, column)]


@pytest.mark.parametrize(
    "data",
    [
        "Добрый вечер, дорогие друзья".encode("koi8-r"),
        "Добрый вечер, дорогие друзья".encode("cp1251"),
        "Καλησπέρα σας φίλοι μου".encode("cp1253"),
        "こんにちは、世界。".encode("shift_jis"),
        "大家好，世界。".encode("gb18030"),
        "안녕하세요 여러분".encode("euc-kr"),
        "مرحبا بكم جميعا".encode("cp1256"),
        bytes(range(128, 256)),
        b"\x89PNG\r\n\x1a\n" + bytes(range(200)),
        b"undefined in Windows-1252: \x81\x8d",
    ],
    ids=["koi8", "cp1251", "cp1253", "shift_jis", "gb18030", "euc-kr", "cp1256", "all bytes", "image", "holes"],
)
def test_what_does_not_read_like_words_is_refused_with_its_place(data: bytes) -> None:
    """Rather than shown as gibberish."""
    assert text(data) is None
    assert [code for code, _, _ in codes(data)] == ["RT201"]


def test_a_refusal_names_line_and_byte() -> None:
    """And the cure."""
    found = decoded("talk.txt", b"fine\nand \xff\xfe\x81 not\n")[1][0]
    assert (found.code, found.line, found.column) == ("RT201", 2, 5)
    assert "0xff" in found.message
    assert "UTF-8" in (found.hint or "")


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "latin-1"),
        ("<?xml version='1.0' encoding='iso-8859-15' standalone='yes'?>", "iso-8859-15"),
        ('\n  <?xml version="1.0" encoding = "windows-1252"?>', "cp1252"),
        ('<?xml version="1.0" encoding="utf-8"?>', "utf-8"),
        ('<html><head><meta charset="iso-8859-1">', "latin-1"),
        ("<html><head><META CHARSET=windows-1252>", "cp1252"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "latin-1"),
        ('<meta charset="utf-8">', "utf-8"),
    ],
)
def test_a_declaration_counts(head: str, encoding: str) -> None:
    """XML's and HTML's; nobody need be told."""
    page = f"{head}<p>{LATIN}</p>"
    assert decoded("talk.xml", page.encode(encoding)) == (page, ())


@pytest.mark.parametrize(
    ("head", "sample", "encoding"),
    [
        ('<?xml version="1.0" encoding="koi8-r"?>', "Добрый вечер", "koi8-r"),
        ('<?xml version="1.0" encoding="Shift_JIS"?>', "こんにちは", "shift_jis"),
        ('<meta charset="gb2312">', "大家好", "gb2312"),
        ('<meta charset="windows-1256">', "مرحبا", "cp1256"),
        ('<meta charset="big5">', "大家好", "big5"),
    ],
)
def test_declared_encodings_of_all_scripts(head: str, sample: str, encoding: str) -> None:
    """What could not be proven can be declared."""
    page = f"{head}<p>{sample}</p>"
    assert decoded("talk.html", page.encode(encoding)) == (page, ())


def test_a_mark_counts_more_than_a_declaration() -> None:
    """It can't be wrong; pages that were saved again are."""
    page = f'<meta charset="iso-8859-1"><p>{TALK}</p>'
    assert text(codecs.BOM_UTF8 + page.encode()) == page


@pytest.mark.parametrize("encoding", ["utf-16", "UTF-16LE"])
def test_a_page_that_declares_utf_16_in_ascii_is_none(encoding: str) -> None:
    """Else its declaration could not be read."""
    page = f'<?xml version="1.0" encoding="{encoding}"?><p>a</p>'
    assert text(page.encode()) == page


@pytest.mark.parametrize("name", ["no-such-thing", "utf-99", "x", "..", "a" * 300])
def test_an_encoding_that_does_not_exist_is_an_error(name: str) -> None:
    """With its name."""
    assert text(f'<meta charset="{name}"><p>a</p>'.encode()) is None
    assert codes(f'<meta charset="{name}"><p>a</p>'.encode()) == [("RT201", 1, 1)]


@pytest.mark.parametrize(
    "name",
    [
        "hex",
        "rot13",
        "base64",
        "zip",
        "bz2",
        "uu",
        "quopri",
        "idna",
        "punycode",
        "utf-7",
        "mbcs",
    ],
)
def test_a_declaration_names_no_transformation(name: str) -> None:
    """Whatever a program knows by that name: no exception, and nothing that a page did not show."""
    data = f'<meta charset="{name}"><p>caf\u00e9 PHNjcmlwdD4= 3c736372697074</p>'.encode()
    found, _ = decoded("talk.html", data)
    assert found is None or "<script" not in found


def test_broken_bytes_in_a_declared_encoding_are_an_error() -> None:
    """It is not guessed again."""
    data = b'<?xml version="1.0" encoding="shift_jis"?><p>' + b"\x81\xff</p>"
    assert text(data) is None
    assert [code for code, _, _ in codes(data)] == ["RT201"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_one_way(end: str) -> None:
    """Whatever wrote them."""
    assert text(f"a{end}b{end}{end}c".encode()) == "a\nb\n\nc"


@pytest.mark.parametrize("stray", ["\x0c", "\x1a", "\x1b", "\x01", "\x7f"])
def test_few_control_characters_are_spaces_or_white_space_and_told(stray: str) -> None:
    """An end-of-file mark, a page's end, a printer's code."""
    found, notes = decoded("talk.txt", f"One line.\nAnd {stray}another.\n".encode())
    assert found is not None
    assert found.split() == "One line. And another.".split()
    assert [(one.code, one.line, one.column) for one in notes] == ([] if stray == "\x0c" else [("RT214", 2, 5)])


@pytest.mark.parametrize(
    "data",
    [
        b"a\x00b",
        b"\x00" * 40,
        b"a\x01b\x02c" * 50,
        "a\ufffeb".encode(),
        "a\x80b".encode(),
        b"\x7fELF" + bytes(range(32)) * 9,
    ],
)
def test_what_no_text_holds_is_no_text(data: bytes) -> None:
    """Zeros, and many of the others."""
    assert text(data) is None
    assert codes(data)[-1][0] == "RT201"


def test_a_file_that_is_no_text_is_no_source() -> None:
    """The reader's door says the same."""
    source, found = readers.decode("talk.txt", b"a\x00b")
    assert source is None
    assert [one.code for one in found] == ["RT201"]


@given(
    st.binary(max_size=80)
    | st.builds(
        lambda mark, data: mark + data,
        st.sampled_from(
            [
                codecs.BOM_UTF8,
                codecs.BOM_UTF16_LE,
                codecs.BOM_UTF32_BE,
                b'<meta charset="utf-7">',
                b"<?xml encoding='idna'?>",
            ]
        ),
        st.binary(max_size=40),
    )
)
@example(b"<meta charset='idna'>\xff")
def test_no_bytes_raise(data: bytes) -> None:
    """They are a text, or there is an error that says why not; never both, never neither."""
    found, notes = decoded("talk.txt", data)
    assert (found is None) == any(one.severity == "error" for one in notes)
    if found is not None:
        assert "\r" not in found
        assert "\x00" not in found


@given(
    st.text(max_size=60).filter(
        lambda text: not any(c < " " or "\x7f" <= c <= "\x9f" or c in "\ufffe\uffff" for c in text)
    )
)
def test_all_text_comes_back_from_utf_8(spoken: str) -> None:
    """As it was, but for a mark at its head."""
    if not spoken.startswith("\ufeff"):
        data = spoken.encode()
        assert decoded("talk.txt", data) == (spoken, ()) or b"charset" in data


POLISH = "Łucja: Zażółć gęślą jaźń, proszę.\n\nTomasz: Święto się zaczęło.\n"


@pytest.mark.parametrize(("encoding", "name"), [("cp1250", "Windows-1250"), ("iso-8859-2", "ISO 8859-2")])
def test_the_encoding_that_breaks_the_fewest_words_is_guessed_and_told(encoding: str, name: str) -> None:
    """Signs stand inside words where it is the wrong one."""
    assert text(POLISH.encode(encoding)) == POLISH
    (told,) = decoded("talk.txt", POLISH.encode(encoding))[1]
    assert (told.code, told.message) == ("RT213", f"not UTF-8; read as {name} (Central European)")


def test_a_guess_that_may_be_another_is_shown_in_that_too() -> None:
    """Nothing tells Turkish from Icelandic; the editor does."""
    (told,) = decoded("talk.txt", "Ayşe: Işık güzel.\n".encode("cp1254"))[1]
    assert told.message.startswith("not UTF-8; read as Windows-1252")
    assert "it would be 'Ayşe: Işık güzel.' in windows-1254" in str(told.hint)


@pytest.mark.parametrize(
    ("talk", "encoding", "name"),
    [
        ("Анна: Плотина стоит низко.\n", "cp1251", "windows-1251"),
        ("Анна: Плотина стоит низко.\n", "koi8-r", "koi8-r"),
        ("Άννα: Το ποτάμι είναι χαμηλό.\n", "cp1253", "windows-1253"),
        ("田中: 川が低いです。\n", "shift_jis", "shift_jis"),
        ("王明: 河水很低。\n", "gb18030", "gb18030"),
    ],
)
def test_other_scripts_are_not_guessed_but_shown_as_they_would_be(talk: str, encoding: str, name: str) -> None:
    """The right reading is among them, with the way there."""
    found, (told,) = decoded("talk.txt", talk.encode(encoding))
    assert (found, told.code) == (None, "RT201")
    assert f"it would be {talk.strip()!r} in {name}" in str(told.hint)
    assert "iconv" in str(told.hint)


@pytest.mark.parametrize("sign", ["\x0b", "\x85", "\u2028", "\u2029", "\f"])
@pytest.mark.parametrize("path", ["talk.txt", "talk.md"])
def test_signs_that_part_lines_end_them(sign: str, path: str) -> None:
    """Else the words of one would be another's. What editors show as one line has one number; a page's end is nothing to tell."""
    label = "**{}:**" if path.endswith("md") else "{}:"
    lines = [f"{label.format(name)} Low, very low." for name in ("Ana", "Tom", "Ana", "Tom")]
    source, found = readers.decode(path, f"{lines[0]}{sign}{lines[1]}\n{sign.join(lines[2:])}\n".encode())
    assert source is not None
    assert source.lines == (1, 1, 2, 2, 3)
    said = [one for one in readers.read(source).pieces if isinstance(one, Utterance)]
    assert [(one.label, one.span.line) for one in said] == [("Ana", 1), ("Tom", 1), ("Ana", 2), ("Tom", 2)]
    assert [(one.code, one.line, one.column) for one in found] == (
        [] if sign == "\f" else [("RT214", 1, len(lines[0]) + 1)]
    )


def test_lines_are_counted_as_editors_do_in_what_is_told() -> None:
    """A label that comes once stands where the editor shows it."""
    source, _ = readers.decode("talk.txt", "Ana: Low\u2028very.\n\nTomas Lind: Who?\n\nAna: Nobody.\n".encode())
    assert source is not None
    assert [(one.code, one.line) for one in readers.read(source).diagnostics] == [("RT211", 3)]


@pytest.mark.parametrize(
    "text", ['[{"speaker": "Ana", "words": "Low\u2028very."}]', "speaker,words\nAna,Low\u2028very.\nTom,Who?\n"]
)
def test_other_formats_have_line_ends_of_their_own(text: str) -> None:
    """There such a sign is white space in the words."""
    source, found = readers.decode("talk.txt", text.encode())
    assert source is not None
    assert (source.text, found) == (text, ())
