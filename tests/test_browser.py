"""The built pages in a real Chromium: what readers see, with and without script, in both themes, at every width."""

from __future__ import annotations

import functools
import gzip
import http.server
import subprocess
import threading
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from roundtable import comments, plan
from roundtable.cli import main

from . import tools
from .browsing import opened
from .conftest import REPOSITORY

pytestmark = pytest.mark.browser

PAPER = "getComputedStyle(document.documentElement).backgroundColor"
GISCUS = '[params.comments.giscus]\nrepo = "o/n"\nrepoID = "R_1"\ncategory = "General"\ncategoryID = "DIC_1"\n'
PAGES = [
    "/",
    "/global-ai-governance-summary/",
    "/global-ai-governance-summary/answers/",
    "/speakers/xue-lan/",
    "/guide/",
    "/guide/anatomy/",
    "/guide/diagnostics/",
    "/zh/",
    "/ar/",
    "/podcast/",
    "/quotes/",
    "/film/",
    "/404.html",
    "/lists/",
    "/lists/archive/1/",
    "/lists/speakers/",
    "/lists/speakers/ana-duarte/",
    "/lists/speakers/ana-duarte/archive/1/",
]
WIDTHS = [320, 390, 820, 1440]

ZH = "---\ntitle: 茶與人\nlanguage: zh-Hant\n---\n主持人：今天我們談茶。\n\n林安：茶是一種對話。\n\n主持人：謝謝。\n"
AR = "---\ntitle: عن الشاي\nlanguage: ar\ndate: 2026-01-05\n---\nالمضيف: لماذا الشاي؟\n\nليلى: لأنه دافئ.\n\nالمضيف: شكرا.\n"
PODCAST = (
    "---\ntitle: A long one\ntype: transcript\naliases: /was/podcast/\naudio: tone.wav\ndownloads: [tone.wav]\ndate: 2026-02-01\nplace: Leeds\nsource: https://example.org/x\nlicense: CC BY 4.0\nseries: Tea Talks\n---\n"
    "Before it begins.\n\n**[00:01–00:09] Ann Averylongsurnamethatneverends:** One[^1] *two* `three`.\n\n> four\n\n1. five\n2. six\n\n[^1]: A note.\n\n"
    "## Part\n\n**[1:00:02] Bo:** https://example.org/"
    + "x" * 200
    + "\n\n| a | b |\n|---|---|\n| c | d |\n\n```\n"
    + "code " * 60
    + "\n```\n"
)


QUOTES = (
    '---\ntitle: A long "one"\ndate: 2026-02-01\nplace: Leeds\nseries: Tea Talks\n---\nBefore it begins.\n\n'
    "**[00:01] Ann Duarte:** One[^1] *two* `three`. The tide, well-known & feared, was out; the tide was out again.\n\n"
    "Another paragraph of hers.\n\n- First item\n- Second item\n\n[^1]: A note.\n\n"
    "**[1:00:02] Bo Lind:** Yes.\n\n**[1:00:03] Ann Duarte:** No.\n\n**[1:00:04] Bo Lind:** The tide was out, you say.\n\n"
    "**[1:00:05] Ann Duarte:** Yes.\n"
)
FILM = (
    "---\ntitle: A film\ndate: 2026-02-02\nvideo: https://films.example/f.mp4\n---\n"
    "**[00:01] Ann:** One.\n\n**[00:05] Bo:** Two.\n\n**[00:12] Ann:** Three.\n"
)


NAMES = [
    f"{first} {last}"
    for first in ("Åse", "Bram", "Cleo", "Doğan", "Édith", "Farah", "Gil", "Ivo", "Jun", "Анна", "林", "ليلى")
    for last in ("Averylongsurnamethatneverends", *(f"{letter}ahl" for letter in "DEFGHIJKLMNOPQRSTUVW"))
]
ABOUT = "---\ntitle: Ana Duarte\ndescription: Rower\nperson:\n  role: Harbour Master\n---\n\nShe *rows*.\n"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A file server that says nothing."""

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository's own site with comments configured, and pages in other scripts."""
    root = tmp_path_factory.mktemp("site")
    (root / "content").symlink_to(REPOSITORY / "content")
    site = (REPOSITORY / "site.toml").read_text(encoding="utf-8")
    (root / "site.toml").write_text(f"{site}\n{GISCUS}", encoding="utf-8")
    (root / "content").unlink()
    for file in (REPOSITORY / "content").rglob("*"):
        if file.is_file():
            target = root / "content" / file.relative_to(REPOSITORY / "content")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    for name, text in (("zh.txt", ZH), ("ar.txt", AR), ("podcast.md", PODCAST), ("quotes.md", QUOTES)):
        (root / "content" / name).write_text(text, encoding="utf-8")
    with (root / "content/permalinks.lock").open("a", encoding="utf-8") as ledger:
        ledger.write("\n[ar.txt]\nالمضيف-8 -> المضيف-10\nليلى-9 gone\n")
    (root / "content/film.md").write_text(FILM, encoding="utf-8")
    with wave.open(str(root / "content/tone.wav"), "wb") as tone:
        tone.setparams((1, 1, 8_000, 0, "NONE", ""))
        tone.writeframes(b"\x80" * 8_000 * 20)
    assert main(["build", "--root", str(root), "--base-url", "http://127.0.0.1/", "-q"]) == 0
    lists(root / "lists", root / "public/lists")
    return root / "public"


def lists(root: Path, to: Path) -> None:
    """A site whose lists have parts, below another's."""
    (root / "content/speakers").mkdir(parents=True)
    (root / "site.toml").write_text('title = "Lists"\nbase_url = "http://127.0.0.1/lists/"\n', encoding="utf-8")
    (root / "content/speakers/ana-duarte.md").write_text(ABOUT, encoding="utf-8")
    for number in range(64):
        names = ("Ana Duarte", "ليلى", *NAMES[number * 4 : number * 4 + 4])
        language, title = (("en", "Silt"), ("ar", "عن الميناء"), ("zh", "茶與人"))[number % 3]
        head = f"title: {title} {number}\nlanguage: {language}\n" + (
            f"date: 20{10 + number // 8}-0{1 + number % 8}\n" if number > 9 else ""
        )
        turns = "".join(f"\n**{name}:** Words.\n" for name in names)
        (root / f"content/t{number}.md").write_text(f"---\n{head}---\n{turns}", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(plan, "PART", 30)
        patched.setattr(plan, "QUOTED", 30)
        patched.setattr(plan, "NAMES", 200)
        assert main(["build", "--root", str(root), "-o", str(to), "-q"]) == 0


@pytest.fixture(scope="module")
def address(public: Path) -> Iterator[str]:
    """Where it is served."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(public)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_asks_nobody_else_and_fits_every_width(browser: Browser, address: str, path: str) -> None:
    """No third party, no error in the console, nothing to scroll sideways."""
    for width in WIDTHS:
        page = opened(browser, address + path, width)
        assert page.trouble == []  # type: ignore[attr-defined]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path} at {width}"
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(browser: Browser, address: str, path: str, theme: str) -> None:
    """WCAG 2.2 AA and best practice, on a phone and a desk."""
    axe = tools.from_environment("ROUNDTABLE_AXE", "axe.min.js")
    for width in (390, 1440):
        page = opened(browser, address + path, width, theme)
        page.evaluate(axe.read_text(encoding="utf-8"))
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
        found = page.evaluate(
            "tags => axe.run({runOnly: tags}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))",
            tags,
        )
        assert found == []
        page.context.close()


# Files on a disk have no origin, so that to the checker nothing is their own; Chromium tells the truth.
# To it, blocks of data such as JSON-LD are scripts, which they are not.
POLICY = "(Resource|Inline script) violates Content Security Policy .*"


def test_the_html_is_valid(public: Path) -> None:
    """Every page, by the Nu checker."""
    vnu = tools.from_environment("ROUNDTABLE_VNU", "vnu.jar")
    done = subprocess.run(
        ["java", "-jar", str(vnu), "--skip-non-html", "--filterpattern", POLICY, str(public)],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_link_to_a_turn_leads_to_it(browser: Browser, address: str) -> None:
    """Each turn and section has an id, once, and a link to it that can be seen."""
    page = opened(browser, address + "/global-ai-governance-summary/")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
    assert len(ids) == len(set(ids))
    turn = page.locator("[data-turn=song-guoyou-4]")
    turn.hover()
    link = turn.locator("a[href='#song-guoyou-4']")
    assert float(link.evaluate("e => getComputedStyle(e).opacity")) > 0.5
    link.click()
    assert page.url.endswith("#song-guoyou-4")
    assert page.evaluate("document.querySelector(':target').dataset.turn") == "song-guoyou-4"
    box = turn.bounding_box()
    assert box is not None
    assert -1 <= box["y"] < 400


def test_a_link_to_a_turn_that_is_gone_leads_to_a_word_about_it(browser: Browser, address: str) -> None:
    """And one to a turn that moved to where it is now."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/ar/#ليلى-9")
        stone = page.locator("li:target")
        assert "was removed, or changed beyond recognition" in stone.inner_text()
        assert stone.evaluate(
            "e => { const r = e.getBoundingClientRect(); return r.top >= 0 && r.bottom <= innerHeight; }"
        )
        stone.locator("a").click()
        assert page.locator(".turn:target").count() == 1
        page.goto("about:blank")
        page.goto(f"{address}/ar/#المضيف-8")
        page.wait_for_selector("[id='المضيف-10']:target")
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{address}/ar/#المضيف-8")
        page.locator("li:target a").click()
        assert page.locator("[id='المضيف-10']:target").count() == 1


def test_names_of_people_look_like_names_and_lead_to_their_pages(browser: Browser, address: str) -> None:
    """The line under a link comes with hover and focus; there is room enough to touch it."""
    page = opened(browser, address + "/global-ai-governance-summary/")
    link = page.locator("#people a").first
    line = "e => getComputedStyle(e).textDecorationColor"
    assert link.evaluate(line) == "rgba(0, 0, 0, 0)"
    box = link.bounding_box()
    assert box is not None
    assert box["height"] >= 24
    link.hover()
    assert link.evaluate(line) != "rgba(0, 0, 0, 0)"
    page.mouse.move(0, 0)
    link.focus()
    assert link.evaluate(line) != "rgba(0, 0, 0, 0)"
    name = link.inner_text()
    link.click()
    assert page.locator("h1").inner_text() == name
    page.context.close()


@pytest.mark.parametrize(("width", "columns"), [(320, 1), (390, 2), (820, 3), (1440, 3)])
def test_the_names_of_speakers_stand_in_columns(browser: Browser, address: str, width: int, columns: int) -> None:
    """As many as there is room for; on paper and without script, too."""
    page = opened(browser, address + "/lists/speakers/", width, script=False)
    edges = "ul => new Set([...ul.children].map(li => Math.round(li.getBoundingClientRect().x))).size"
    names = page.locator(".voices").nth(1)
    assert names.evaluate(edges) == columns
    page.emulate_media(media="print")
    assert names.is_visible()
    page.context.close()


def test_on_a_touch_screen_links_to_turns_show_always(browser: Browser, address: str) -> None:
    """There is no hovering."""
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + "/global-ai-governance-summary/")
    link = page.locator("[data-turn=host-1] a[href='#host-1']")
    assert float(link.evaluate("e => getComputedStyle(e).opacity")) > 0.5
    box = link.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    context.close()


def test_without_script_everything_is_there(browser: Browser, address: str) -> None:
    """All words, contents, a plain link to the discussion, and no dead button."""
    page = opened(browser, address + "/global-ai-governance-summary/", script=False)
    assert page.locator("[data-turn] .speaker").count() == 19
    assert page.locator("#comments a").get_attribute("href") == "https://github.com/o/n/discussions"
    assert page.locator("button:visible").count() == 0
    assert page.locator("#contents a").first.is_visible() or page.locator("#contents summary").is_visible()
    page.context.close()


SHOWN = "() => [...document.querySelectorAll('.turn')].filter(e => e.offsetParent).map(e => e.dataset.turn)"
HOSTS = ["host-1", "host-2", "host-3", "host-4", "host-5"]
TANG = ["tang-shiqi-1", "tang-shiqi-2", "tang-shiqi-3", "tang-shiqi-4"]


def test_one_voice_can_be_read_alone_without_script(browser: Browser, address: str) -> None:
    """By the keyboard, under the questions; several, too; and all again. A turn that was linked to is there whatever is chosen."""
    page = opened(browser, address + "/global-ai-governance-summary/#xue-lan-2", script=False)
    page.get_by_label("Read alone: Tang Shiqi").press(" ")
    assert sorted(page.evaluate(SHOWN)) == sorted([*HOSTS, *TANG, "xue-lan-2"])
    page.get_by_label("Read alone: Song Guoyou").press(" ")
    assert len(page.evaluate(SHOWN)) == 5 + 4 + 5 + 1
    page.get_by_role("button", name="Show all voices").press("Enter")
    assert len(page.evaluate(SHOWN)) == 20
    page.context.close()


def test_the_address_remembers_whose_words_are_read(browser: Browser, address: str) -> None:
    """Whoever is sent it sees the same; the part behind # stays; a line says how much is shown."""
    page = opened(browser, address + "/global-ai-governance-summary/#host-2")
    page.get_by_label("Read alone: Tang Shiqi").check()
    assert page.url.endswith("/?only=tang-shiqi#host-2")
    assert page.get_by_role("status").filter(has_text="turns").inner_text() == "9 of 19 turns are shown."
    other = opened(browser, page.url)
    assert sorted(other.evaluate(SHOWN)) == sorted([*HOSTS, *TANG])
    other.get_by_role("button", name="Show all voices").click()
    other.wait_for_function("location.search === ''")
    assert len(other.evaluate(SHOWN)) == 20
    other.context.close()
    page.context.close()


def test_a_bar_of_the_score_leads_to_its_turn(browser: Browser, address: str) -> None:
    """One for each turn, as wide as its words are many, on its speaker's line; the keyboard has the contents instead."""
    page = opened(browser, address + "/global-ai-governance-summary/")
    bars = page.locator(".score .lane a")
    assert bars.count() == 19
    wide = "a => a.getBoundingClientRect().width"
    longest, least = (page.locator(f".score a[href='#{id}']").evaluate(wide) for id in ("xue-lan-1", "host-1"))
    words = page.evaluate(
        "['xue-lan-1', 'host-1'].map(id => document.querySelector(`[id=${id}] .words`).innerText.split(/\\s+/).length)"
    )
    assert longest / least == pytest.approx(words[0] / words[1], rel=0.05)
    page.locator(".score a[href='#song-guoyou-3']").click()
    assert page.evaluate("document.querySelector(':target').dataset.turn") == "song-guoyou-3"
    assert page.evaluate("[...document.querySelectorAll('.score a')].every(a => a.tabIndex < 0)")
    page.get_by_text("Who spoke, in numbers").click()
    assert page.get_by_role("row", name="Tang Shiqi").get_by_role("cell").nth(0).inner_text() == "4"
    page.context.close()


def test_the_score_of_a_page_from_right_to_left_begins_on_the_right(browser: Browser, address: str) -> None:
    """As its words do."""
    page = opened(browser, address + "/ar/")
    left = "a => a.getBoundingClientRect().left"
    bars = page.locator(".score .lane a")
    first = page.evaluate("document.querySelector('.turn').id")
    assert page.locator(f".score a[href='#{first}']").evaluate(left) == max(
        bars.evaluate_all(f"all => all.map({left})")
    )
    page.context.close()


def test_answers_stand_side_by_side_and_stack_on_a_phone(browser: Browser, address: str) -> None:
    """A column for each guest; who does not answer leaves a visible blank; linked both ways, without script."""
    url = address + "/global-ai-governance-summary/"
    page = opened(browser, url, 1440, script=False)
    page.get_by_role("link", name="Answers side by side").click()
    assert page.locator(".exchange").count() == 5
    columns = (
        "() => new Set([...document.querySelectorAll('.cell')].map(e => Math.round(e.getBoundingClientRect().x))).size"
    )
    assert page.evaluate(columns) == 3
    assert page.locator(".blank").all_inner_texts() == ["Nothing from Tang Shiqi here."]
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.evaluate(columns) == 1
    page.locator("[data-answer=song-guoyou-4] .anchor").click()
    assert page.url == f"{url}#song-guoyou-4"
    page.context.close()


def test_contents_hold_the_questions(browser: Browser, address: str) -> None:
    """Under their sections, each a link to where it is asked."""
    page = opened(browser, address + "/global-ai-governance-summary/", 1440, script=False)
    links = page.locator(".contents li li a")
    assert [link.get_attribute("href") for link in links.all()] == [f"#{id}" for id in HOSTS]
    page.context.close()


def test_a_speakers_page_answers_what_they_said(browser: Browser, address: str) -> None:
    """Every turn of theirs, under its question, linked into context."""
    page = opened(browser, address + "/speakers/song-guoyou/", script=False)
    assert page.locator(".said .words").count() == 5
    assert page.locator(".asked").count() == 5
    page.locator(".said").nth(3).locator(".anchor").click()
    assert page.url == f"{address}/global-ai-governance-summary/#song-guoyou-4"
    page.context.close()


def test_the_keyboard_reaches_the_text_first(browser: Browser, address: str) -> None:
    """Tab shows the skip link; Enter skips."""
    page = opened(browser, address + "/global-ai-governance-summary/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.context.close()


def test_a_chosen_theme_is_kept(browser: Browser, address: str) -> None:
    """By the switch, over the system's, on every page."""
    page = opened(browser, address + "/", theme="light")
    paper = page.evaluate(PAPER)
    page.locator(".theme-switch").click()
    assert page.evaluate(PAPER) != paper
    page.goto(address + "/guide/")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.context.close()


SELECT = """([[one, first], [other, last]]) => {
  const find = (id, text) => {
    const walker = document.createTreeWalker(document.querySelector(`[data-turn='${id}'] .words`), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) { const at = walker.currentNode.data.indexOf(text); if (at >= 0) return [walker.currentNode, at]; }
  };
  const [[from, s], [to, e]] = [find(one, first), find(other, last)];
  getSelection().setBaseAndExtent(from, s, to, e + last.length);
}"""
MARKED = "(e => e && e.closest('[data-turn]').dataset.turn)(document.querySelector(':target'))"


def quoting(browser: Browser, url: str, *, touch: bool = False) -> Page:
    """A page whose clipboard can be read."""
    context = browser.new_context(
        viewport={"width": 1000, "height": 800}, has_touch=touch, permissions=["clipboard-read", "clipboard-write"]
    )
    page = context.new_page()
    page.goto(url)
    return page


def copied(page: Page) -> str:
    """What is in the clipboard, once the page has said so."""
    page.locator(".copied", has_text="copied").wait_for()
    return str(page.evaluate("navigator.clipboard.readText()"))


def selected(page: Page, first: tuple[str, str], last: tuple[str, str]) -> None:
    """Words selected, from those of one turn to those of another."""
    page.evaluate(SELECT, [first, last])
    page.wait_for_timeout(300)  # the box follows when a selection rests
    page.locator(".quote").wait_for()


@pytest.mark.parametrize(
    ("first", "last", "fragment"),
    [
        (("ann-duarte-1", "tide, well-known"), ("ann-duarte-1", "feared"), "tide%2C%20well%2Dknown%20%26%20feared"),
        (("ann-duarte-1", "ide, well"), ("ann-duarte-1", "fear"), "tide%2C%20well%2Dknown%20%26%20feared"),
        (("bo-lind-2", "tide was"), ("bo-lind-2", "out"), "The-,tide%20was%20out,-%2C%20you%20say"),
        (("ann-duarte-1", "One"), ("ann-duarte-1", "Second"), "One1%20two,Second"),
        (("bo-lind-1", "Yes."), ("bo-lind-2", "you"), "Yes.,The%20tide%20was%20out%2C%20you"),
    ],
)
def test_a_link_to_words_leads_to_exactly_those(
    browser: Browser, address: str, first: tuple[str, str], last: tuple[str, str], fragment: str
) -> None:
    """Percent-encoded, whole words, told apart from the same words before; where a browser finds them it goes there."""
    page = quoting(browser, address + "/quotes/")
    selected(page, first, last)
    page.get_by_role("button", name="Copy link to these words").click()
    link = copied(page)
    assert link.endswith(f"/quotes/#{first[0]}:~:text={fragment}")
    other = page.context.new_page()
    other.goto(link)
    other.wait_for_timeout(300)
    # A fallback to the turn would mark the turn itself.
    assert other.evaluate("document.querySelector(':target')?.dataset.turn") is None
    if first[0] == last[0]:
        assert other.evaluate(MARKED) == first[0]
    page.context.close()


def test_words_that_cannot_be_told_apart_get_a_link_to_their_turn(browser: Browser, address: str) -> None:
    """Rather than to somebody else's."""
    page = quoting(browser, address + "/quotes/")
    selected(page, ("ann-duarte-3", "Yes."), ("ann-duarte-3", "Yes."))
    page.get_by_role("button", name="Copy link to these words").click()
    assert copied(page).endswith(("#ann-duarte-3", "text=Ann%20Duarte-,Yes."))
    page.context.close()


def test_a_quotation_gives_each_speaker_their_words(browser: Browser, address: str) -> None:
    """Words, speaker, title, series, date, address; across turns a line each."""
    page = quoting(browser, address + "/quotes/")
    selected(page, ("ann-duarte-1", "well-known"), ("ann-duarte-1", "feared"))
    page.get_by_role("button", name="Copy quotation").click()
    source = "“A long ‘one’”, Tea Talks, February 1, 2026, http://127.0.0.1/quotes/#"
    assert copied(page) == f"“well-known & feared” — Ann Duarte, {source}ann-duarte-1"
    selected(page, ("bo-lind-1", "Yes"), ("bo-lind-2", "tide was"))
    page.get_by_role("button", name="Copy quotation").click()
    page.wait_for_timeout(300)
    assert copied(page) == f"“Yes.” — Bo Lind\n“No.” — Ann Duarte\n“The tide was” — Bo Lind\n{source}bo-lind-1"
    page.context.close()


def test_the_box_is_reached_and_left_by_keys_and_keeps_the_style(browser: Browser, address: str) -> None:
    """Tab, Enter, Escape; the style is the one chosen last, also on the next page."""
    page = quoting(browser, address + "/quotes/")
    selected(page, ("bo-lind-1", "Yes"), ("bo-lind-1", "Yes."))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "#bo-lind-1:~:text=" in copied(page)
    page.locator(".quote select").select_option("ris")
    page.get_by_role("button", name="Cite", exact=True).click()
    page.wait_for_timeout(100)
    cited = copied(page)
    assert cited.startswith("TY  - ELEC\nAU  - Lind, Bo\n")
    assert "UR  - http://127.0.0.1/quotes/#bo-lind-1\n" in cited
    page.keyboard.press("Escape")
    assert page.locator(".quote").is_hidden()
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto(address + "/global-ai-governance-summary/")
    assert page.locator(".quote select").input_value() == "ris"
    page.context.close()


def test_selecting_with_the_mouse_opens_the_box_and_a_click_closes_it(browser: Browser, address: str) -> None:
    """When the button is let go, not before."""
    page = quoting(browser, address + "/quotes/")
    words = page.locator("[data-turn=bo-lind-2] .words p")
    words.scroll_into_view_if_needed()
    box = words.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 150, box["y"] + 10, steps=5)
    page.wait_for_timeout(300)
    assert page.locator(".quote").is_hidden()
    page.mouse.up()
    page.locator(".quote").wait_for()
    page.mouse.click(box["x"] + 300, 20)
    page.locator(".quote").wait_for(state="hidden")
    page.context.close()


def test_using_the_sign_beside_a_turn_copies_its_address(browser: Browser, address: str) -> None:
    """And goes there, and says so to everyone."""
    page = quoting(browser, address + "/quotes/")
    page.locator("[data-turn=bo-lind-1] .anchor").click()
    assert copied(page) == page.url == f"{address}/quotes/#bo-lind-1"
    assert page.locator(".copied").get_attribute("role") == "status"
    page.context.close()


def test_without_a_clipboard_the_reader_copies_by_hand(browser: Browser, address: str) -> None:
    """What is to be copied stands there, marked."""
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(address + "/quotes/")
    selected(page, ("bo-lind-1", "Yes"), ("bo-lind-1", "Yes."))
    page.get_by_role("button", name="Copy quotation").click()
    assert page.locator(".quote textarea").input_value().startswith("“Yes.” — Bo Lind, ")
    page.locator("[data-turn=bo-lind-1] .anchor").click()
    assert trouble == []
    context.close()


@pytest.mark.parametrize("path", ["/quotes/", "/ar/", "/zh/"])
def test_cite_beside_a_turn_opens_without_script_and_fits(browser: Browser, address: str, path: str) -> None:
    """At every width; not on paper. It shows with hover and focus, and always on touch screens."""
    for width in WIDTHS:
        page = opened(browser, address + path, width, script=False)
        turn = page.locator("[data-turn]").nth(1)
        summary = turn.locator(".cite summary")
        line = turn.locator(".cite p")
        page.mouse.move(0, 0)
        assert summary.evaluate("e => getComputedStyle(e.parentNode).opacity") == "0"
        turn.hover()
        assert summary.evaluate("e => getComputedStyle(e.parentNode).opacity") == "1"
        before = turn.evaluate("e => e.offsetHeight")
        summary.click()
        assert line.is_visible()
        assert turn.evaluate("e => e.offsetHeight") == before
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        box = line.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        page.emulate_media(media="print")
        assert line.is_hidden()
        assert page.locator(".citations").is_hidden()
        page.context.close()
    context = browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(address + path)
    summary = page.locator(".cite summary").first
    assert summary.evaluate("e => getComputedStyle(e.parentNode).opacity") == "1"
    box = summary.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    context.close()


def test_cite_beside_a_turn_has_the_styles_with_script(browser: Browser, address: str) -> None:
    """One is open at a time; Escape closes it and goes back."""
    page = quoting(browser, address + "/quotes/")
    page.locator("[data-turn=ann-duarte-2]").hover()
    page.locator("[data-turn=ann-duarte-2] summary").click()
    page.locator(".cite[open] select").select_option("chicago")
    page.get_by_role("button", name="Copy citation").click()
    assert copied(page) == (
        "Duarte, Ann. Contribution to “A long ‘one’.” Transcript, Tea Talks, Leeds, February 1, 2026. Roundtable. "
        "http://127.0.0.1/quotes/#ann-duarte-2."
    )
    page.locator("[data-turn=bo-lind-1] summary").evaluate("e => { e.parentNode.open = true }")
    page.wait_for_timeout(100)
    assert page.locator(".cite[open]").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".cite[open]").count() == 0
    assert page.evaluate("document.activeElement.closest('[data-turn]').dataset.turn") == "bo-lind-1"
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/quotes/", "/ar/"])
def test_axe_finds_no_violation_with_all_of_it_open(browser: Browser, address: str, path: str, theme: str) -> None:
    """The forms of the page, those of a turn, the box of a selection."""
    axe = tools.from_environment("ROUNDTABLE_AXE", "axe.min.js")
    for width in (390, 1440):
        page = opened(browser, address + path, width, theme)
        page.evaluate("document.querySelector('.citations details').open = true")
        page.evaluate("document.querySelectorAll('.cite')[1].open = true")
        page.evaluate("getSelection().selectAllChildren(document.querySelectorAll('.words')[1])")
        page.locator(".quote").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.evaluate(axe.read_text(encoding="utf-8"))
        found = page.evaluate(
            "axe.run().then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))"
        )
        assert found == []
        page.context.close()


def test_the_scripts_of_a_transcript_are_small() -> None:
    """All of them, packed."""
    scripts = [(REPOSITORY / "static" / f"{name}.js").read_bytes() for name in ("theme", "quote", "comments")]
    assert sum(len(gzip.compress(script, 9)) for script in scripts) < 10_000


GISCUS_STUB = (
    "const s = document.currentScript; const f = document.createElement('iframe'); f.className = 'giscus-frame'; f.title = 'Comments';"
    "f.srcdoc = '<p>hi</p>'; document.querySelector('.giscus').append(f);"
    "window.settings = {...s.dataset}; window.told = []; f.contentWindow.postMessage = (m, o) => window.told.push([m, o]);"
)


# What the clients of providers load, by address.
LIKE_PROVIDERS = {
    "giscus": {
        "https://giscus.app/client.js": (
            "text/javascript",
            (
                "const l = document.createElement('link'); l.rel = 'stylesheet'; l.href = 'https://giscus.app/default.css';"
                "document.head.append(l); const f = document.createElement('iframe'); f.title = 'Comments'; f.style.height = '9px';"
                "f.src = 'https://giscus.app/en/widget?x=1'; document.querySelector('.giscus').append(f);"
            ),
        ),
        "https://giscus.app/default.css": ("text/css", ".giscus iframe { outline: dotted red }"),
        "https://giscus.app/en/widget": ("text/html", "<!doctype html><title>x</title>"),
    },
}


def stubbed(browser: Browser, url: str, asked: list[str], answer: str | None = GISCUS_STUB) -> Page:
    """A page on which giscus is a stub, and what was asked of it is noted."""
    context = browser.new_context(viewport={"width": 1000, "height": 700}, color_scheme="dark")
    page = context.new_page()

    def answered(route: Route, request: Request) -> None:
        asked.append(request.url)
        if answer is None:
            route.abort()
        else:
            route.fulfill(content_type="text/javascript", body=answer, headers={"access-control-allow-origin": "*"})

    page.route("https://giscus.app/**", answered)
    page.goto(url)
    return page


def test_comments_load_when_the_reader_asks_and_follow_the_theme(browser: Browser, address: str) -> None:
    """Nothing before; then every setting, and each change of theme."""
    asked: list[str] = []
    page = stubbed(browser, address + "/global-ai-governance-summary/", asked)
    block = page.locator("#comments")
    block.scroll_into_view_if_needed()
    assert "giscus.app" in block.inner_text()
    page.wait_for_timeout(300)
    assert asked == []
    block.locator("button").click()
    page.locator("iframe.giscus-frame").wait_for()
    assert asked == ["https://giscus.app/client.js"]
    assert page.evaluate("window.settings") == {
        "repo": "o/n", "repoId": "R_1", "category": "General", "categoryId": "DIC_1", "mapping": "specific",
        "term": "global-ai-governance-summary", "strict": "1", "reactionsEnabled": "1", "emitMetadata": "0", "inputPosition": "bottom",
        "lang": "en", "loading": "lazy", "theme": "dark",
    }  # fmt: skip
    page.locator(".theme-switch").click()
    assert page.evaluate("window.told.at(-1)") == [{"giscus": {"setConfig": {"theme": "light"}}}, "https://giscus.app"]
    page.context.close()


@pytest.mark.parametrize("name", comments.PROVIDERS)
def test_a_provider_of_comments_is_let_through_by_the_pages_policy(browser: Browser, address: str, name: str) -> None:
    """Its script, its style sheet, its frame; nobody else."""
    page = browser.new_context().new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    asked: list[str] = []

    def answered(route: Route, request: Request) -> None:
        asked.append(request.url)
        kind, body = LIKE_PROVIDERS[name].get(
            request.url.partition("?")[0], ("text/html", "<!doctype html><title>x</title>")
        )
        route.fulfill(content_type=kind, body=body, headers={"access-control-allow-origin": "*"})

    page.route(lambda url: not url.startswith(address), answered)
    page.goto(address + "/global-ai-governance-summary/")
    page.locator("#comments button").click()
    page.locator("#comments iframe").wait_for()
    page.wait_for_function(
        "() => getComputedStyle(document.querySelector('#comments iframe')).outlineStyle === 'dotted'"
    )
    page.frame_locator("#comments iframe").locator("html").wait_for(state="attached")
    assert sorted(one.partition("?")[0] for one in asked) == sorted(LIKE_PROVIDERS[name])
    assert trouble == []
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {src: 'https://evil.example/x.js'}))"
    )
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.evil = 1'}))"
    )
    page.wait_for_timeout(200)
    assert page.evaluate("window.evil") is None
    assert "https://evil.example/x.js" not in asked
    page.context.close()


def test_a_former_address_leads_on_to_the_same_turn(browser: Browser, address: str) -> None:
    """With its fragment; and without script at all."""
    page = opened(browser, address + "/was/podcast/#bo-1")
    page.wait_for_url("**/podcast/#bo-1")
    assert page.trouble == []  # type: ignore[attr-defined]
    page.context.close()
    page = opened(browser, address + "/was/podcast/", script=False)
    page.wait_for_url("**/podcast/")
    page.context.close()


def test_a_time_moves_the_recording_and_the_turn_that_is_spoken_is_marked(browser: Browser, address: str) -> None:
    """Focus stays, nothing scrolls; captions are there."""
    page = opened(browser, address + "/podcast/")
    player = page.locator("audio")
    assert player.evaluate("e => [e.paused, e.readyState, e.currentTime]") == [True, 0, 0]
    link = page.locator("a.seek").first
    link.scroll_into_view_if_needed()
    top = page.evaluate("scrollY")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('audio').currentTime >= 1")
    assert page.evaluate("document.activeElement.className") == "seek"
    page.wait_for_function(
        "() => document.querySelector('.turn.spoken[aria-current]')?.contains(document.activeElement)"
    )
    assert (page.evaluate("scrollY"), page.url) == (top, address + "/podcast/")
    player.evaluate("e => { e.pause(); e.textTracks[0].mode = 'hidden'; }")
    page.wait_for_function("() => document.querySelector('audio').textTracks[0].cues?.length > 1")
    assert page.trouble == []  # type: ignore[attr-defined]
    page.context.close()
    page = opened(browser, address + "/podcast/", script=False)
    assert page.locator("a.seek").first.get_attribute("href") == "/tone.wav#t=1"
    page.context.close()


def test_a_recording_elsewhere_is_asked_for_when_it_is_played(browser: Browser, address: str) -> None:
    """And the page's policy lets it through."""
    page = browser.new_context().new_page()
    asked: list[str] = []
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text) if "Security" in message.text else None)
    page.route("https://films.example/**", lambda route: (asked.append(route.request.url), route.fulfill(status=404)))
    page.goto(address + "/film/")
    page.wait_for_timeout(300)
    assert asked == []
    page.locator("a.seek").nth(1).click()
    page.wait_for_timeout(300)
    assert set(asked) == {"https://films.example/f.mp4"}
    assert refused == []
    page.context.close()


def test_comments_load_when_scrolled_to_if_the_site_says_so(browser: Browser, address: str, public: Path) -> None:
    """`load = "visible"`."""
    asked: list[str] = []
    path = public / "global-ai-governance-summary/index.html"
    html = path.read_text(encoding="utf-8")
    (public / "visible.html").write_text(html.replace('data-load="ask"', 'data-load="visible"'), encoding="utf-8")
    page = stubbed(browser, address + "/visible.html", asked)
    page.wait_for_timeout(300)
    assert asked == []
    page.locator("#comments").scroll_into_view_if_needed()
    page.locator("iframe.giscus-frame").wait_for()
    assert asked == ["https://giscus.app/client.js"]
    (public / "visible.html").unlink()
    page.context.close()


def test_comments_that_fail_to_load_say_so(browser: Browser, address: str) -> None:
    """And leave the link and another try."""
    page = stubbed(browser, address + "/global-ai-governance-summary/", [], answer=None)
    button = page.locator("#comments button")
    button.click()
    page.locator("#comments [role=status]", has_text="could not be loaded").wait_for()
    assert button.is_visible()
    assert page.locator("#comments a").is_visible()
    page.context.close()


def test_print_is_the_text_alone(browser: Browser, address: str, tmp_path: Path) -> None:
    """No interface, black on white, in both themes."""
    for theme in ("light", "dark"):
        page = opened(browser, address + "/global-ai-governance-summary/", theme=theme)
        page.emulate_media(media="print", color_scheme="dark" if theme == "dark" else "light")
        for hidden in (".masthead nav", ".theme-switch", "#contents", "#comments button", ".skip"):
            assert not page.locator(hidden).first.is_visible(), hidden
        assert page.locator("[data-turn=host-1] .speaker").is_visible()
        head = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--running')")
        assert head == '"Global AI Governance · Roundtable"'
        assert len(page.pdf(path=str(tmp_path / "page.pdf"))) > 20_000
        page.context.close()


@pytest.mark.parametrize(("path", "direction", "language"), [("/ar/", "rtl", "ar"), ("/zh/", "ltr", "zh-Hant")])
def test_other_scripts_have_their_direction(
    browser: Browser, address: str, path: str, direction: str, language: str
) -> None:
    """Said in the markup, seen in the layout."""
    page = opened(browser, address + path)
    html = page.locator("html")
    assert (html.get_attribute("dir"), html.get_attribute("lang")) == (direction, language)
    name, words = page.locator(".speaker").first.bounding_box(), page.locator("[data-turn] .words").first.bounding_box()
    assert name is not None
    assert words is not None
    assert (name["x"] > words["x"]) is (direction == "rtl")
    page.context.close()
