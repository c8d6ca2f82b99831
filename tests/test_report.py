"""What a build made and found, for programs; and builds that are to be looked at only."""

from __future__ import annotations

import json
from typing import Any

import jsonschema

from roundtable.report import schema

from .conftest import REPOSITORY, SITE_TOML, Site

TALK = "-- content/talk.md --\n---\ndate: 2026-01-02\n---\n**Host:** Where? See [the other](other.md).\n\n**Ana Duarte:** Here.\n\n**Host:** Thanks.\n-- content/other.md --\n# Other\n\nWords.\n"
GISCUS = '[params.comments.giscus]\nrepo = "o/n"\nrepoID = "R"\ncategory = "C"\ncategoryID = "D"\n'
TOML = SITE_TOML.split("[params")[0]


def reported(site: Site, *arguments: str) -> dict[str, Any]:
    """The report of a build, valid."""
    file = site.root / "report.json"
    code = site.build("--report", str(file), *arguments)
    found = json.loads(file.read_text(encoding="utf-8"))
    jsonschema.validate(found, schema())
    assert found["exit_code"] == code
    assert [one.name for one in site.root.glob(".report*")] == []
    return found  # type: ignore[no-any-return]


def test_a_report_says_what_a_build_made(site: Site) -> None:
    """Files by type are those in the folder."""
    found = reported(site.write(TALK))
    assert (found["ok"], found["transcripts"], found["speakers"], found["turns"]) == (True, 1, 2, 3)
    assert found["words"] == found["published"] > 0
    tree = {name: data for name, data in site.tree().items() if name != ".roundtable.json"}
    assert sum(one["bytes"] for one in found["types"]) == sum(map(len, tree.values()))
    assert {one["type"]: one["files"] for one in found["types"]}["html"] == sum(name.endswith(".html") for name in tree)
    assert {"reading", "making pages"} <= {one["name"] for one in found["stages"]}


def test_a_report_is_the_same_but_for_times(site: Site) -> None:
    """Of the same build of the same site."""
    both = []
    for _ in range(2):
        found = reported(site.write(TALK), "--clean")
        for stage in found["stages"]:
            del stage["seconds"]
        both.append(found)
    assert both[0] == both[1]


def test_a_build_that_fails_is_reported(site: Site) -> None:
    """With its errors, whichever they are."""
    found = reported(site.write("-- content/a.md --\n[x](gone.md)\n"))
    assert (found["ok"], found["exit_code"], found["types"]) == (False, 1, [])
    assert [(one["code"], one["path"], one["line"]) for one in found["diagnostics"] if one["severity"] == "error"] == [
        ("RT502", "content/a.md", 1)
    ]
    (site.root / "site.toml").write_text("title = \n", encoding="utf-8")
    assert [one["code"] for one in reported(site)["diagnostics"]] == ["RT102"]
    (site.root / "site.toml").write_text(TOML + "[cards]\nenabled = true\ncard_font = 'none.ttf'\n", encoding="utf-8")
    found = reported(site)
    assert (found["ok"], [one["code"] for one in found["diagnostics"] if one["severity"] == "error"]) == (
        False,
        ["RT115"],
    )


def test_a_report_that_cannot_be_written_is_told(site: Site) -> None:
    """As wrong usage."""
    assert site.write(TALK).build("--report", str(site.root / "no/such.json")) == 2
    assert "error[RT106]: can't be written" in site.err
    assert "RT901" not in site.err


def test_the_published_schema_of_reports_is_the_encoders() -> None:
    """The file in the guide."""
    published = json.loads((REPOSITORY / "content/guide/report.schema.json").read_text(encoding="utf-8"))
    assert published == json.loads(json.dumps(schema()))


# --- previews --------------------------------------------------------------------------------------------------------


def test_a_preview_is_found_nowhere(site: Site) -> None:
    """Its links lead where it stands; what it says of itself is the site's."""
    site.write(f"-- site.toml --\n{TOML.replace('example.org/', 'example.org/talks/')}{GISCUS}{TALK}")
    assert site.build("--preview", "--base-url", "https://preview.example/pr-7/") == 0, site.err
    for name, data in site.tree().items():
        assert b"preview.example" not in data, name
        if name.endswith(".html"):
            assert data.count(b'<meta name="robots" content="noindex">') == 1, name
    page = site.page("talk/index.html")
    assert page.css_first("link[rel=canonical]").attrs["href"] == "https://example.org/talks/talk/"
    assert page.css_first("meta[property='og:url']").attrs["content"] == "https://example.org/talks/talk/"
    assert page.css_first("link[rel=stylesheet]").attrs["href"] == "/pr-7/roundtable.css"
    assert [a.attrs["href"] for a in page.css(".words a")] == ["/pr-7/other/"]
    assert page.css_first("[data-embed-term]").attrs["data-embed-term"] == "talk"
    assert "https://example.org/talks/other/" in site.text("talk/index.md")
    assert "sitemap.xml" not in site.tree()
    assert "Sitemap" not in site.text("robots.txt")
    assert "https://example.org/talks/talk/" in site.text("feed.xml")


def test_a_preview_begins_no_discussion(site: Site) -> None:
    """Where a discussion is found by the address of its page, there is none."""
    for mapping, there in (("pathname", False), ("url", False), ("title", True), ("number", True)):
        site.write(f'-- site.toml --\n{TOML}{GISCUS}mapping = "{mapping}"\nterm = "12"\n{TALK}')
        assert site.build("--preview") == 0, site.err
        assert bool(site.page("talk/index.html").css("#comments")) is there
        assert site.build() == 0
        assert site.page("talk/index.html").css("#comments")


def test_a_preview_after_a_site_is_as_if_it_were_the_first(site: Site) -> None:
    """And a site after a preview: no page of one is taken for the other's."""
    site.write(f"-- site.toml --\n{TOML}{GISCUS}{TALK}")
    trees = {}
    for arguments in (
        (),
        ("--preview",),
        ("--preview", "--base-url", "https://p.example/a/"),
        ("--preview", "--base-url", "https://p.example/b/"),
        ("--base-url", "https://p.example/b/"),
        (),
    ):
        assert site.build(*arguments) == 0, site.err
        trees[arguments] = site.tree()
        assert site.build("--clean", *arguments) == 0, site.err
        assert site.tree() == trees[arguments], arguments
    assert len({json.dumps({name: data.hex() for name, data in tree.items()}) for tree in trees.values()}) == 5


def test_no_file_can_make_a_preview(site: Site) -> None:
    """It is asked for each time."""
    assert site.write(f"-- site.toml --\nat = 'https://x.example/'\n{SITE_TOML}{TALK}").build() == 2
    assert "RT103" in site.err


def test_a_report_is_written_over_no_file_of_a_built_site(site: Site) -> None:
    """Nor over the list of them; another file beside them may be."""
    site.write("-- content/t.md --\n**Ann:** A\n\n**Bo:** B\n")
    assert site.build() == 0
    for name in (".roundtable.json", "index.html", "t/index.md"):
        assert site.build("--report", str(site.root / "public" / name)) == 2
        assert "error[RT106]: that is a file of the site built in" in site.err
    for name in ("other/index.html", ".roundtable/cache/store.sqlite", "kept/store.sqlite"):
        given = ("-o", str(site.root / "other"), "--cache", str(site.root / "kept"))
        assert site.build(*given, "--report", str(site.root / name)) == 2
        assert "error[RT106]: that is where builds write" in site.err
    for name in ("content/t.md", "site.toml"):
        assert site.build("--report", str(site.root / name)) == 2
        assert "error[RT106]: that is a file of the site itself" in site.err
    for name in (".", "/"):
        assert site.build("--report", name) == 2
        assert "error[RT106]: that is a folder" in site.err
    assert site.build("--report", str(site.root / "report.json")) == 0
    assert site.build() == 0
