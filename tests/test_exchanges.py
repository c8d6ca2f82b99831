"""Questions and answers: which turns are a question, what is asked in a few words, and whose answers stand side by side."""

from __future__ import annotations

import re

import pytest

from roundtable import exchanges
from roundtable.markup import paragraphs
from roundtable.model import Transcript

from .conftest import REPOSITORY, Site
from .test_speakers import attributed

PANEL = "Host: Why?\n\nAna: A1\n\nBo: B1\n\nHost: And how do you do it?\n\nBo: B2\n\nAna: A2\n\nBo: B3\n"


def transcript(text: str) -> Transcript:
    """It, attributed."""
    return attributed(text, "a.md" if "**" in text else "a.txt")[0]


def test_an_exchange_is_a_hosts_turn_and_what_follows() -> None:
    """Until the host speaks again, whoever answers."""
    found = [(one.question.id, [turn.id for turn in one.answers]) for _, one in exchanges.exchanges(transcript(PANEL))]
    assert found == [("host-1", ["ana-1", "bo-1"]), ("host-2", ["bo-2", "ana-2", "bo-3"])]


def test_where_nobody_is_the_host_nobody_asks() -> None:
    """It is not guessed."""
    assert exchanges.exchanges(transcript("Ana: Why?\n\nBo: So.\n\nAna: Ah?\n\nBo: Yes.\n")) == ()


def test_answers_of_two_or_more_to_two_questions_are_a_grid() -> None:
    """Columns as the people are listed; several turns of one in a cell, in order."""
    document = transcript(PANEL)
    grid = exchanges.answers(document)
    assert grid is not None
    assert [one.name for one in grid.columns] == ["Ana", "Bo"]
    (_, first), (_, second) = grid.rows
    assert [turn.id for turn in grid.cell(second, grid.columns[1])] == ["bo-2", "bo-3"]
    assert [turn.id for turn in grid.cell(first, grid.columns[0])] == ["ana-1"]


@pytest.mark.parametrize(
    "text",
    [
        "Host: Why?\n\nAna: A\n\nHost: How?\n\nAna: B\n",
        "Host: Why?\n\nAna: A\n\nBo: B\n\nHost: How?\n\nAna: B\n",
        "Host: Why?\n\n" + "".join(f"{name}: A\n\n" for name in ("Ana", "Bo", "Cy", "Di", "Ed", "Flo", "Gil")) * 2
        + "Host: How?\n\nAna: B\n\nBo: C\n",
    ],
    ids=["one answers", "several answer once", "more than a screen holds"],
)  # fmt: skip
def test_other_conversations_are_no_grid(text: str) -> None:
    """An interview, a chat, a crowd."""
    assert exchanges.answers(transcript(text)) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Thank you for that. What would you do about the silt?", "What would you do about the silt?"),
        ("What would you do about it? Really? I wonder.", "What would you do about it?"),
        ("Dr. Lind, what did J. Smith find in the harbour?", "Dr. Lind, what did J. Smith find in the harbour?"),
        ("Tell us how it began.", "Tell us how it began."),
        ("我们谈到了治理。人工智能治理的特点是什么？", "人工智能治理的特点是什么？"),
        ("لماذا لا نبدأ من هنا؟", "لماذا لا نبدأ من هنا؟"),
        ("He asked: “What is there to be done now?”", "He asked: “What is there to be done now?”"),
        ("", ""),
    ],
)
def test_what_is_asked_is_the_last_question_that_says_about_what(text: str, asked: str) -> None:
    """Else the last sentence."""
    assert exchanges.asked(text) == asked


def test_a_long_question_is_cut_between_words() -> None:
    """And says that it is."""
    asked = exchanges.asked("Why " + "is the harbour so shallow " * 8 + "now?")
    assert len(asked) <= exchanges.LONGEST + 1
    assert asked.endswith("so shallow is the…")
    assert len(exchanges.asked("为" * 200 + "？")) == exchanges.LONGEST + 1


def test_a_question_of_hardly_a_word_is_none_for_a_list() -> None:
    """It says nothing about what."""
    document = transcript(PANEL)
    html = {turn.id: paragraphs(turn.markdown) for turn in document.turns()}
    asked = exchanges.questions(document, html)
    assert asked == {"host-1": "Why?", "host-2": "And how do you do it?"}
    assert [exchanges.tells(one) for one in asked.values()] == [False, True]


def test_what_a_speaker_says_stands_under_what_was_asked_of_them(site: Site) -> None:
    """However short that is: else it would stand under the question before it."""
    talk = "Host: What do you hear in the bay?\nAna: The bell.\nHost: And now?\nAna: Nothing at all.\n"
    site.write(f"-- content/talk.txt --\n{talk}")
    assert site.build() == 0, site.err
    sayings = site.page("speakers/ana/index.html").css(".sayings .said")
    assert [(one.css_first(".asked").text(), one.css_first(".words").text().strip()) for one in sayings] == [
        ("What do you hear in the bay?", "The bell."),
        ("And now?", "Nothing at all."),
    ]


def test_what_answers_no_question_stands_apart_from_what_does(site: Site) -> None:
    """Where two of one name share a page; it leads to no question."""
    head = "---\nspeakers:\n- {name: Host, kind: host}\n- {name: J Smith, id: one}\n- {name: J. Smith, id: two}\n---\n"
    talk = (
        "**J Smith:** I begin.\n\n**J. Smith:** Me too.\n\n**Host:** Why is the bay so shallow?\n\n**J Smith:** Sand.\n"
    )
    site.write(f"-- content/talk.md --\n{head}{talk}")
    assert site.build() == 0, site.err
    heads = site.page("speakers/j-smith/index.html").css(".sayings .asked")
    assert [(one.text(), len(one.css("a"))) for one in heads] == [("Why is the bay so shallow?", 1), ("…", 0)]


def test_a_page_where_answers_are_is_an_error(site: Site) -> None:
    """Two files would be at one address; a copied file there, too."""
    site.write(f"-- content/talk.txt --\n{PANEL}-- content/talk/answers.md --\nHere.\n")
    assert site.build() == 1
    assert "two files would be at /talk/answers/" in site.err
    site.write("-- content/talk/answers.md --\n---\nslug: other\n---\nHere.\n-- static/talk/answers/index.html --\nx\n")
    assert site.build() == 1
    assert "/talk/answers/index.html" in site.err


def test_an_edit_that_ends_the_grid_takes_its_page_away(site: Site) -> None:
    """And the way to it."""
    site.write(f"-- content/talk.txt --\n{PANEL}")
    assert site.build() == 0
    assert site.page("talk/index.html").css_first(".views a[href='/talk/answers/']") is not None
    assert (site.root / "public/talk/answers/index.html").is_file()
    assert "/talk/answers/" not in (site.root / "public/sitemap.xml").read_text(encoding="utf-8")
    site.write("-- content/talk.txt --\nHost: Why?\n\nAna: A1\n")
    assert site.build() == 0
    assert not (site.root / "public/talk/answers").exists()
    assert site.page("talk/index.html").css_first(".views") is None


def test_answers_under_a_wrong_name_fail_the_build(site: Site) -> None:
    """Whatever a site's own template does."""
    site.write(f"-- content/talk.txt --\n{PANEL}")
    theme = (REPOSITORY / "templates/answers.html").read_text(encoding="utf-8")
    wrong = theme.replace("<bdi>{{ speaker.name }}</bdi></h4>", "<bdi>Somebody</bdi></h4>")
    assert wrong != theme
    site.write(f"-- templates/answers.html --\n{wrong}")
    assert site.build() == 1
    assert "turn ana-1 is not shown under 'Ana'" in site.err


def test_sections_never_have_an_id_of_the_page_itself(site: Site) -> None:
    """Whatever they are called: scripts and links look for the page's own."""
    theme = "".join(path.read_text(encoding="utf-8") for path in sorted((REPOSITORY / "templates").glob("*.html")))
    own = sorted(set(re.findall(r'\bid="([a-z-]+)"', theme)))
    sections = "".join(f"## {id}\n\n**Ana:** A\n\n**Bo:** B\n\n" for id in own)
    site.write(f"-- content/talk.md --\n{sections}")
    assert site.build() == 0
    ids = [node.attributes["id"] for node in site.page("talk/index.html").css("[id]")]
    assert len(ids) == len(set(ids))
