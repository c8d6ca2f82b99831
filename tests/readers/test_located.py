"""JSON with places: the same tree as a decoder's, and every string where it stands."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable.readers.located import MAX_DEPTH, NotJsonError, decoded, distinct, parse

from .. import bounded

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=30,
)


def same(ours: object, theirs: object) -> bool:
    """Whether two trees are equal; long whole numbers are floats in ours."""
    if isinstance(theirs, dict):
        return isinstance(ours, dict) and ours.keys() == theirs.keys() and all(same(ours[k], theirs[k]) for k in theirs)
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(map(same, ours, theirs))
    return ours == theirs or (isinstance(theirs, int) and ours == float(theirs))


@given(VALUES, st.booleans(), st.sampled_from([None, 1]))
def test_the_tree_is_what_a_decoder_finds(value: object, ascii: bool, indent: int | None) -> None:
    """But for control characters, which no text may hold."""
    text = json.dumps(value, ensure_ascii=ascii, indent=indent)
    try:
        tree = parse(text)
    except NotJsonError:
        assert "\\ud" in text  # half a character
        return
    if "\ufffd" not in repr((tree.root, tree.texts)) and "\\u00" not in text:
        assert same(tree.root, value)
    assert all(text[one.start] == text[one.end - 1] == '"' for one in tree.texts)
    assert [decoded(text[one.start : one.end]) for one in tree.texts] == tree.texts


def test_a_string_knows_its_field_and_what_leads_to_it() -> None:
    """An array's strings have no field of their own."""
    tree = parse('{"a": {"b": ["x", {"c": "y"}], "d": "z"}}')
    assert [(str(one), one.key, one.inside, one.number) for one in tree.texts] == [
        ("x", "", ("a", "b"), 0),
        ("y", "c", ("a", "b"), 1),
        ("z", "d", ("a",), 2),
    ]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('{"a": "first", "a": "second"}', 15),
        ('[{"a": 1, "b": {"a": 2}}, {"a": 1, "\\u0061": 2}]', 35),
        ('{"a": [{"b": 1}], "a": {}}', 18),
    ],
)
def test_a_key_that_stands_twice_in_an_object_is_refused(text: str, at: int) -> None:
    """At its place: one of the two would be lost, and nobody knows which was meant."""
    with pytest.raises(NotJsonError, match="'a' stands twice") as refused:
        parse(text)
    assert refused.value.at == at
    with pytest.raises(NotJsonError, match="'a' stands twice"):
        json.loads(text, object_pairs_hook=distinct)


@pytest.mark.parametrize("text", ["", "{", '{"a":1,}', "[1] x", "[NaN]", "'a'", '["\\q"]', "[" * 5000 + "]" * 5000])
def test_what_is_no_json_is_refused(text: str) -> None:
    """With a reason."""
    with pytest.raises(NotJsonError):
        parse(text)


def test_nesting_has_an_end() -> None:
    """No recursion, and paths that stay short."""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH).texts == []
    with pytest.raises(NotJsonError, match="nested deeper"):
        parse("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1))


def test_no_control_character_comes_in_through_an_escape() -> None:
    """They would steer what comes later; line breaks and tabs stay."""
    assert decoded('"a\\u0000\\u0002b\\n\\t\\u00e9"') == "a\ufffd\ufffdb\n\té"


@pytest.mark.parametrize("part", ['"' + '\\"' * 4 + '",', '["a"],', '{"a":1},', "1,"])
def test_time_is_linear(part: str) -> None:
    """Of a list that holds one thing over and over."""
    with bounded.ends():
        parse(f"[{part * 50_000}0]")
