"""`site.toml`: every mistake at once, with its line and the nearest known key."""

from __future__ import annotations

import pytest

from roundtable.config import Themes, load, parse

HEAD = 'base_url = "https://example.org/"\n[params.comments.giscus]\nrepo = "o/n"\nrepoID = "R_1"\ncategory = "General"\ncategoryID = "DIC_1"\n'


def test_every_mistake_is_reported_at_once_with_its_place() -> None:
    """Line, column, the text itself, and what was meant."""
    text = 'tittle = "x"\nlanguage = 3\nbase_url = "example.org"\n\n[params.comments.giscus]\nrepoId = "a"\nmaping = "specific"\ninputPosition = "left"\n'
    _, found = parse(text)
    assert [(d.code, d.line, d.hint) for d in found if d.severity == "error"] == [
        ("RT103", 1, "did you mean 'title'?"),
        ("RT104", 2, "give it another value, or leave it out"),
        ("RT103", 6, "did you mean 'repoID'?"),
        ("RT103", 7, "did you mean 'mapping'?"),
        ("RT104", 8, "one of: bottom, top"),
        ("RT104", 3, 'write it whole: "https://example.org/"'),
    ]
    assert found[0].source == 'tittle = "x"'


def test_every_mistake_in_rules_is_reported_at_once_with_its_place() -> None:
    """A value of another type hides none of the others, and what is right counts."""
    rules = 'RT236 = 1\nRT999 = "error"\nfoo = "note"\nRT207 = "fatal"\nRT401 = "off"\nRT206 = "of"\nRT211 = "off"\n'
    config, found = parse(f'base_url = "https://e.org"\n[params.comments]\nprovider = "none"\n[rules]\n{rules}')
    assert sorted((d.line, d.code) for d in found) == [
        (5, "RT104"), (6, "RT103"), (7, "RT103"), (8, "RT104"), (9, "RT104"), (10, "RT104"),
    ]  # fmt: skip
    assert {d.line: d.hint for d in found}[5] == "one of: error, note, off, warning"
    assert {d.line: d.hint for d in found}[10] == "did you mean 'off'?"
    assert all("{" not in d.message for d in found)
    assert config.rules == {"RT211": "off", "RT401": "off"}


def test_a_giscus_block_from_hugo_pastes_in_unchanged() -> None:
    """Its spellings, and its numbers for true and false."""
    config, found = parse(
        HEAD
        + 'mapping = "pathname"\nstrict = "0"\nreactionsEnabled = 1\ntheme = "light"\nlang = "zh-TW"\nloading = "eager"\n'
    )
    giscus = config.params.comments.giscus
    assert found == ()
    assert giscus is not None
    assert (giscus.repo_id, giscus.mapping, giscus.strict, giscus.reactions_enabled, giscus.lang) == (
        "R_1",
        "pathname",
        False,
        True,
        "zh-TW",
    )


def test_snake_case_is_accepted_and_both_spellings_at_once_are_not() -> None:
    """One key, one value."""
    config, found = parse(
        'base_url = "https://e.org"\n[params.comments.giscus]\nrepo = "o/n"\nrepo_id = "1"\ncategory = "c"\ncategory_id = "2"\n'
    )
    assert found == ()
    assert config.params.comments.giscus is not None
    assert config.params.comments.giscus.category_id == "2"
    _, found = parse(HEAD + 'repo_id = "2"\n')
    assert [(d.code, d.line) for d in found] == [("RT104", 7)]


def test_a_light_and_a_dark_theme() -> None:
    """A pair, or one name."""
    config, found = parse(HEAD + 'theme = { light = "light", dark = "dark_dimmed" }\n')
    assert found == ()
    assert config.params.comments.giscus is not None
    assert config.params.comments.giscus.theme == Themes("light", "dark_dimmed")
    _, found = parse(HEAD + "theme = { light = 3 }\n")
    assert [d.code for d in found] == ["RT104"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ('lang = "xx"', "lang"),
        ('repo = "nope"', "repo"),
        ('mapping = "number"', "term"),
        ('theme = "http://x"', "theme"),
        ('loading = "fast"', "loading"),
        ('strict = "perhaps"', "strict"),
    ],
)
def test_values_that_giscus_would_choke_on(line: str, word: str) -> None:
    """Each is found before a reader finds it."""
    key = line.split(" =", maxsplit=1)[0]
    text = "\n".join(one for one in HEAD.splitlines() if not one.startswith(f"{key} =")) + f"\n{line}\n"
    _, found = parse(text)
    assert [d.code for d in found] == ["RT104"]
    assert word in found[0].message


def test_missing_giscus_keys_are_named_with_the_place_for_them() -> None:
    """A warning at the section's line."""
    _, found = parse('base_url = "https://e.org"\n[params.comments.giscus]\nrepo = "o/n"\ncategory = ""\n')
    assert [(d.code, d.severity, d.line) for d in found] == [("RT601", "warning", 2)]
    assert "repoID, category, categoryID" in found[0].message
    assert "[params.comments.giscus] in site.toml" in (found[0].hint or "")


def test_no_comments_at_all_is_a_note_and_none_is_silence() -> None:
    """A site may do without."""
    assert [(d.code, d.severity) for d in parse('base_url = "https://e.org"\n')[1]] == [("RT602", "note")]
    assert parse('base_url = "https://e.org"\n[params.comments]\nprovider = "none"\n')[1] == ()


def test_toml_errors_have_their_place() -> None:
    """The parser's complaint, where it is."""
    _, found = parse('title = "x"\nlanguage = en\n')
    assert [(d.code, d.line, d.source) for d in found] == [("RT102", 2, "language = en")]
    assert parse("title = ")[1][0].line == 1


def test_folders_stay_inside_the_site() -> None:
    """Neither absolute nor upward."""
    _, found = parse(
        'base_url = "https://e.org"\ncontent = "../x"\noutput = "/tmp"\n[params.comments]\nprovider = "none"'
    )
    assert [(d.code, d.line) for d in found] == [("RT104", 2), ("RT104", 3)]


def test_the_base_path_has_slashes_at_both_ends() -> None:
    """With and without a path."""
    assert parse('base_url = "https://e.org/a/b"')[0].base_path == "/a/b/"
    assert parse('base_url = "https://e.org"')[0].absolute("/x/") == "https://e.org/x/"


def test_missing_site_toml(tmp_path) -> None:  # noqa: ANN001
    """Says what to write."""
    _, found = load(tmp_path)
    assert [d.code for d in found] == ["RT101"]
    assert "base_url" in (found[0].hint or "")
