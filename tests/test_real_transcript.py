"""The roundtable that Roundtable exists for: read right from the file alone, with no hint in any configuration.

Twice: the summary record that ships in `content/`, in the same pasted shape; and the full text, where it lies beside the
checkout.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from roundtable import fidelity, markup, speakers
from roundtable.model import Transcript
from roundtable.readers import text

from .conftest import REPOSITORY, SHARED, Site
from .readers.test_text import Source, codes, readers

FULL = SHARED / "transcripts/global-ai-governance.txt"
SUMMARY = REPOSITORY / "content/global-ai-governance-summary.txt"
FILES = [
    pytest.param(SUMMARY, id="summary"),
    pytest.param(
        FULL, id="full", marks=pytest.mark.skipif(not FULL.exists(), reason="the full text is not beside this checkout")
    ),
]


def read(path: Path) -> tuple[Transcript, list[str]]:
    """The transcript in a file, and the codes of what is said of it."""
    source, _ = readers.decode(path.name, path.read_bytes())
    assert isinstance(source, Source)
    reading = text.read(source)
    document, found = speakers.attribute(reading, "en")
    assert isinstance(document, Transcript)
    assert fidelity.reading(reading) == ()
    return document, codes((*reading.diagnostics, *found))


@pytest.mark.parametrize("path", FILES)
def test_guests_and_host(path: Path) -> None:
    """Name, role, affiliation; the host is a speaker of kind host."""
    transcript, _ = read(path)
    assert [(s.name, s.role, s.affiliation, s.kind) for s in transcript.speakers] == [
        ("Xue Lan", "Dean", "International Governance Research Institute of Tsinghua University", "guest"),
        ("Tang Shiqi", "Dean", "School of International Relations at Peking University", "guest"),
        ("Song Guoyou", "Professor", "Institute of International Studies at Fudan University", "guest"),
        ("Host", None, None, "host"),
    ]


@pytest.mark.parametrize("path", FILES)
def test_sections_and_turns(path: Path) -> None:
    """4 + 4 + 4 + 7 turns under four headings, one of which holds a colon; the introduction is narration."""
    transcript, _ = read(path)
    assert [(s.title, len(s.turns)) for s in transcript.sections] == [
        ("Introduction", 1),
        ("Characteristics and Challenges of Global AI Governance", 4),
        ("Challenges in Establishing a Global AI Governance Framework", 4),
        ("Human-Centered and Beneficial AI: Gathering Governance Forces", 4),
        ("Establishing a Broadly Participatory AI Governance Framework", 7),
    ]
    assert transcript.sections[0].turns[0].speaker is None
    spoken = Counter(turn.speaker for turn in transcript.turns() if turn.speaker)
    assert spoken == {"host": 5, "xue-lan": 5, "tang-shiqi": 4, "song-guoyou": 5}


@pytest.mark.parametrize("path", FILES)
def test_lists_in_both_shapes(path: Path) -> None:
    """18 items, each in a list; "Technical Level: …" is one of them and no speaker."""
    transcript, _ = read(path)
    html = "".join(markup.turn(turn.markdown, "").html for turn in transcript.turns())
    source = path.read_text(encoding="utf-8").split("\nIntroduction\n")[1]
    assert html.count("<li>") == sum(line.startswith("-") for line in source.splitlines()) == 18
    levels = [turn.markdown for turn in transcript.turns() if turn.speaker == "tang-shiqi"][-1]
    assert levels.casefold().count(" level: ") == 3


@pytest.mark.parametrize("path", FILES)
def test_residue_is_skipped_with_its_reason_and_the_title_is_said(path: Path) -> None:
    """The theme's placeholder, from the heading `Comments` on."""
    transcript, found = read(path)
    assert [one.text.split("\n")[0] for one in transcript.skipped] == ["Comments"]
    assert "andcategoryIDunder[params.comments.giscus]" in transcript.skipped[0].text
    assert "configured comments block" in transcript.skipped[0].reason
    assert sorted(found) == ["RT203", "RT208", "RT209"]  # the last once, of all headings


@pytest.mark.parametrize("path", FILES)
def test_it_is_published_by_dropping_it_in(path: Path, site: Site) -> None:
    """Every word but the residue's, under the right name; nothing of the residue."""
    (site.root / "content").mkdir()
    (site.root / "content/talk.txt").write_bytes(path.read_bytes())
    assert site.build("--strict") == 0, site.err
    page = site.page("talk/index.html")
    assert len(page.css("[data-turn] .speaker")) == 19
    assert "hugo.toml" not in site.text("talk/index.html")
    words = sum(
        len(line.split()) for line in path.read_text(encoding="utf-8").split("\nComments\n")[0].splitlines()[4:]
    )
    labels = 5 + 2 * 14  # "Host:" is one word, the guests' names are two
    bullets = 18
    assert (
        f"{words - labels - bullets:,} of {words - labels - bullets:,} words published, 19 turns, 4 speakers"
        in site.out
    )


def test_the_summary_is_labelled_as_one() -> None:
    """Plainly, at its head; and it is as long as a record should be."""
    words = len(SUMMARY.read_text(encoding="utf-8").split())
    assert 1_200 <= words <= 2_000
    assert (
        "summary record" in SUMMARY.read_text(encoding="utf-8").split("\nIntroduction\n")[1].split("\n")[0].casefold()
    )
    assert "record: summary" in SUMMARY.with_suffix(".yaml").read_text(encoding="utf-8")


@pytest.mark.skipif(not FULL.exists(), reason="the full text is not beside this checkout")
def test_the_full_text_is_not_in_the_project() -> None:
    """It may be read here, and must not be copied: no run of twelve of its words stands in any of our files."""
    source = FULL.read_text(encoding="utf-8").split("\nIntroduction\n")[1].split("\nComments\n")[0].split()
    runs = {" ".join(source[i : i + 12]) for i in range(len(source) - 12)}
    for file in [*REPOSITORY.glob("content/**/*"), *REPOSITORY.glob("tests/**/*.py"), REPOSITORY / "README.md"]:
        if file.is_file():
            ours = file.read_text(encoding="utf-8").split()
            assert not runs & {" ".join(ours[i : i + 12]) for i in range(len(ours) - 12)}, file
