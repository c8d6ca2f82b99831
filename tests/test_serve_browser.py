"""The editor's loop in a real Chromium, with the real watcher: what an editor sees after a save."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Frame, Page

from roundtable.serve import building

from . import browsing, tools
from .serving import Server, serving, until

pytestmark = pytest.mark.browser

TOML = 'title = "Talks"\nbase_url = "https://example.org/talks/"\n[params.comments]\nprovider = "none"\n'
LONG = "The tide went out and came back, as it does. " * 12
AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def talk(changed: int = -1, word: str = "") -> str:
    """A transcript of sixty turns, one of them with a word more."""
    turns = (f"**{('Host', 'Ana')[n % 2]}:** Turn {n}. {LONG}{word if n == changed else ''}\n" for n in range(60))
    return "---\ntitle: A talk\ndate: 2026-01-02\n---\n\n" + "\n".join(turns)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A site, served."""
    root = tmp_path_factory.mktemp("site")
    (root / "content").mkdir()
    (root / "site.toml").write_text(TOML, encoding="utf-8")
    (root / "content/talk.md").write_text(talk(), encoding="utf-8")
    (root / "content/draft.txt").write_text(
        "---\ndraft: true\ntitle: Half\ndate: 2026-01-03\n---\nHost: Half.\nAna: Done.\n", encoding="utf-8"
    )
    with serving(root, "-q") as server:
        yield server


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:
    """The transcript's page, as it was; nothing goes wrong in it, and it asks nobody else."""
    if (server.root / "content/talk.md").read_text(encoding="utf-8") != talk():
        server.write("content/talk.md", talk())
        time.sleep(0.4)
    page = opened(browser, server.url + "/talks/talk/")
    yield page
    for name in ("content/bad.md", "content/odd.txt", "templates/transcript-header.html", "static/roundtable.css"):
        (server.root / name).unlink(missing_ok=True)
    if (server.root / "site.toml").read_text(encoding="utf-8") != TOML:
        server.write("site.toml", TOML)
    assert page.trouble == []  # type: ignore[attr-defined]
    page.context.close()


def opened(browser: Browser, url: str, width: int = 1280, theme: str = "light", script: bool = True) -> Page:
    """A page that hears of builds."""
    page = browsing.opened(browser, url, width, theme, script)
    if script:
        wait(page, "window.LiveReload?.connector.protocol === 7")
    return page


def wait(page: Page | Frame, holds: str) -> None:
    """Wait until something holds; asked from outside, since the page's policy lets nothing be evaluated in it."""

    def asked() -> object:
        try:
            return page.evaluate(holds)
        except Error:  # it is loading
            return False

    assert until(asked, 10), holds


def panel(page: Page) -> str:
    """What lies over a page."""
    return str(
        page.evaluate("document.querySelector('roundtable-serve')?.shadowRoot.querySelector('.panel')?.innerText ?? ''")
    )


def bar(page: Page) -> list[str]:
    """What stands in the corner."""
    found: list[str] = page.evaluate(
        "[...document.querySelector('roundtable-serve')?.shadowRoot.querySelectorAll('.bar > *') ?? []].map(e => e.innerText)"
    )
    return found


def test_a_burst_of_saves_loads_the_page_once(page: Page, server: Server) -> None:
    """After the last."""
    for attempt in range(5):  # on a machine so busy that the burst has gaps, another one is tried
        before, times = len(page.loads), []  # type: ignore[attr-defined]
        for number in range(15):
            server.write("content/talk.md", talk(1, f"Burst{attempt}x{number}."))
            times.append(time.monotonic())
            time.sleep(0.02)
        wait(page, f"document.body.innerText.includes('Burst{attempt}x14.')")
        page.wait_for_timeout(500)
        if is_calm := max(after - before for before, after in pairwise(times)) < building.QUIET / 2:
            break
    assert len(page.loads) == before + 1 or not is_calm  # type: ignore[attr-defined]


def test_a_page_that_is_open_changes_before_all_others_and_loads_once(browser: Browser, tmp_path: Path) -> None:
    """What all pages show is edited, where there are many."""
    (tmp_path / "content").mkdir()
    (tmp_path / "site.toml").write_text(TOML, encoding="utf-8")
    for n in range(40):
        (tmp_path / f"content/t{n}.txt").write_text(
            f"---\ntitle: T{n}\ndate: 2026-01-02\n---\nHost: {n}?\nAna: Yes.\n", encoding="utf-8"
        )
    with serving(tmp_path) as server:
        page = opened(browser, server.url + "/talks/t7/")
        loads: list[str] = []
        page.on("load", lambda page: loads.append(page.url))
        server.write("site.toml", TOML.replace("Talks", "Speeches"))
        wait(page, "document.title.includes('Speeches')")
        home = page.context.new_page()
        assert until(lambda: "Speeches" in server.ask("/talks/").text)
        home.goto(server.url + "/talks/")
        wait(home, "window.LiveReload?.connector.protocol === 7")
        time.sleep(0.5)
        assert loads == [server.url + "/talks/t7/"]
        server.write("site.toml", TOML)
        wait(page, "document.title.includes('Talks')")
        wait(home, "document.title.includes('Talks')")
        page.context.close()


def test_a_page_leads_to_the_turn_that_was_edited(page: Page, server: Server) -> None:
    """Where it is out of sight; else it stays where it was, to the pixel."""
    page.evaluate("document.getElementById('ana-10').scrollIntoView()")
    server.write("content/talk.md", talk(55, "Edited."))
    wait(page, "document.querySelector('[data-edited]')")
    assert page.evaluate("document.querySelector('[data-edited]').innerText.includes('Edited.')")
    wait(
        page,
        "document.readyState === 'complete' && document.querySelector('[data-edited]').getBoundingClientRect().top < 800",
    )
    page.wait_for_timeout(200)
    assert 0 <= page.evaluate("document.querySelector('[data-edited]').getBoundingClientRect().top") < 800
    kept = page.evaluate("[scrollY, document.querySelector('[data-edited]').id]")
    server.write("content/talk.md", talk(55, "Edited again."))
    wait(page, "document.body.innerText.includes('Edited again.')")
    wait(page, "document.readyState === 'complete'")
    assert page.evaluate("[scrollY, document.querySelector('[data-edited]').id]") == kept


def test_a_page_keeps_its_place_when_what_is_above_it_changes(page: Page, server: Server) -> None:
    """A template's change moves everything."""
    page.evaluate("document.getElementById('host-12').scrollIntoView(); scrollBy(0, 37)")
    before = page.evaluate("document.getElementById('host-12').getBoundingClientRect().top")
    header = (Path(__file__).parent.parent / "templates/transcript-header.html").read_text(encoding="utf-8")
    server.write("templates/transcript-header.html", f"<p>{'New and tall. ' * 300}</p>{header}")
    wait(page, "document.body.innerText.includes('New and tall.')")
    wait(page, "document.readyState === 'complete'")
    assert abs(page.evaluate("document.getElementById('host-12').getBoundingClientRect().top") - before) < 2
    (server.root / "templates/transcript-header.html").unlink()
    wait(page, "!document.body.innerText.includes('New and tall.')")
    assert abs(page.evaluate("document.getElementById('host-12').getBoundingClientRect().top") - before) < 2


def test_a_stylesheet_is_put_in_place_without_loading_the_page(page: Page, server: Server) -> None:
    """What the reader did to the page stays."""
    before = len(page.loads)  # type: ignore[attr-defined]
    page.evaluate("window.mine = 1; scrollTo(0, 3000)")
    css = (Path(__file__).parent.parent / "static/roundtable.css").read_text(encoding="utf-8")
    for colour in ("rgb(1, 2, 3)", "rgb(3, 2, 1)"):
        server.write("static/roundtable.css", f"{css}\nbody {{ background: {colour} }}\n")
        wait(page, f"getComputedStyle(document.body).backgroundColor === '{colour}'")
    assert page.evaluate("[window.mine, scrollY]") == [1, 3000]
    assert len(page.loads) == before  # type: ignore[attr-defined]
    (server.root / "static/roundtable.css").unlink()


def test_errors_lie_over_the_page_until_they_are_mended(page: Page, server: Server) -> None:
    """What, where, the lines, the cure; text of a transcript is text; Escape takes them away, the badge brings them back."""
    page.locator(".masthead-title a").focus()
    server.write("content/bad.md", "# Bad\n\nSee <b>it</b>: [`<img src=x onerror=alert(1)>`](gone.md)\n\nThe end.\n")
    wait(page, "document.querySelector('roundtable-serve')?.shadowRoot.querySelector('.panel.errors')")
    said = panel(page)
    assert "1 error" in said
    assert "content/bad.md:3:" in said
    assert "<img src=x onerror=alert(1)>" in said
    assert "The end." in said
    assert "A talk" in page.inner_text("h1")
    shadow = "document.querySelector('roundtable-serve').shadowRoot"
    link = page.evaluate(f"{shadow}.querySelector('.place a').href")
    assert link.startswith(f"vscode://file{server.root}/content/bad.md:3:")
    assert page.evaluate(f"{shadow}.querySelector('mark').textContent")
    assert page.evaluate(f"{shadow}.querySelector('[role=alert]').textContent").startswith("1 error")
    assert page.evaluate("document.activeElement.closest('.masthead-title') !== null")
    assert bar(page) == ["1 error", "Desk"]
    page.keyboard.press("Escape")
    assert panel(page) == ""
    page.evaluate(f"{shadow}.querySelector('.count.errors').click()")
    assert "1 error" in panel(page)
    server.write("content/bad.md", "# Good\n")
    wait(page, f"!{shadow}.querySelector('.panel')")
    (server.root / "content/bad.md").unlink()


def test_a_configuration_that_is_wrong_is_shown_over_the_last_page(page: Page, server: Server) -> None:
    """And serving goes on."""
    server.write("site.toml", TOML + "titel = 1\n")
    wait(page, "document.querySelector('roundtable-serve')?.shadowRoot.querySelector('.panel.errors')")
    assert "titel" in panel(page)
    server.write("site.toml", TOML)
    wait(page, "!document.querySelector('roundtable-serve').shadowRoot.querySelector('.panel')")


def test_warnings_are_a_number_with_a_list(page: Page, server: Server) -> None:
    """That opens and closes."""
    server.write("content/odd.txt", "Host: A thing.\n\nAna:\n\nHost: Another.\n\nAna: Yes.\n")
    wait(page, "document.querySelector('roundtable-serve')?.shadowRoot.querySelector('.count.warnings')")
    assert panel(page) == ""
    shadow = "document.querySelector('roundtable-serve').shadowRoot"
    page.evaluate(f"{shadow}.querySelector('.count.warnings').click()")
    assert "'Ana' says nothing here" in panel(page)
    page.keyboard.press("Escape")
    assert panel(page) == ""
    (server.root / "content/odd.txt").unlink()


def test_drafts_are_marked(browser: Browser, server: Server) -> None:
    """On their own page and in lists."""
    page = opened(browser, server.url + "/talks/draft/")
    wait(page, "document.querySelector('roundtable-serve')")
    assert bar(page)[0] == "Draft"
    page.goto(server.url + "/talks/")
    wait(page, "document.querySelector('[data-draft]')")
    assert "(draft)" in page.inner_text("main")
    assert page.inner_text("main").count("(draft)") == 1
    page.context.close()


def test_a_page_that_was_away_catches_up(browser: Browser, server: Server) -> None:
    """What was built while nobody listened is loaded when somebody does again."""
    page = opened(browser, server.url + "/talks/talk/")
    page.evaluate("LiveReload.connector.socket.close()")
    server.write("content/talk.md", talk(2, "Meanwhile."))
    assert until(lambda: "Meanwhile." in server.ask("/talks/talk/").text)
    wait(page, "document.body.innerText.includes('Meanwhile.')")
    page.context.close()


def test_the_desk_lists_and_leads(browser: Browser, server: Server) -> None:
    """Without a script, too."""
    page = opened(browser, server.url + "/_desk/", script=False)
    assert [one.inner_text() for one in page.locator("tbody th > a").all()] == ["Half", "A talk"]
    page.click("thead .words a")
    assert page.url.endswith("?sort=-words")
    assert [one.inner_text() for one in page.locator("tbody th > a").all()] == ["A talk", "Half"]
    page.fill("#q", "HALF")
    page.click("text=Find")
    assert [one.inner_text() for one in page.locator("tbody th > a").all()] == ["Half"]
    page.click("tbody th > a")
    assert page.url.endswith("/_desk/content/draft.txt")
    assert page.trouble == []  # type: ignore[attr-defined]
    page.context.close()


def test_the_desk_says_what_is_wrong_until_it_is_mended(browser: Browser, server: Server) -> None:
    """The list and a source; though no page of the site changes by that."""
    listed = opened(browser, server.url + "/_desk/")
    beside = opened(browser, server.url + "/_desk/content/talk.md")
    server.write("content/talk.md", talk().replace("title: A talk", "title: [A talk"))
    wait(listed, "document.querySelector('.sums').innerText.includes('1 with errors')")
    wait(beside, "source.innerText.includes('title: [A talk') && source.innerText.includes('not YAML')")
    server.write("content/talk.md", talk())
    wait(listed, "!document.querySelector('.sums').innerText.includes('with errors')")
    wait(beside, "!source.innerText.includes('[A talk') && !source.innerText.includes('not YAML')")
    server.write("content/talk.md", talk() + "\n<!-- Who said this? -->\n")  # no page shows it
    wait(beside, "source.innerText.includes('Who said this?')")
    server.write("content/talk.md", talk())
    wait(beside, "!source.innerText.includes('Who said this?')")
    for page in (listed, beside):
        assert page.trouble == []  # type: ignore[attr-defined]
        page.context.close()


def test_source_and_page_scroll_together(browser: Browser, server: Server) -> None:
    """By turn, whichever is scrolled; and an edit is put in place."""
    server.write("content/talk.md", talk())
    page = opened(browser, server.url + "/_desk/content/talk.md")
    frame = page.frame("page")
    assert frame
    wait(frame, "document.readyState === 'complete'")
    page.evaluate("document.querySelector('li.first[data-of=ana-20]').scrollIntoView()")
    wait(frame, "Math.abs(document.getElementById('ana-20').getBoundingClientRect().top) < 120")
    page.wait_for_timeout(300)
    frame.evaluate("document.getElementById('host-5').scrollIntoView()")
    wait(
        page,
        "Math.abs(document.querySelector('li.first[data-of=host-5]').getBoundingClientRect().top - source.getBoundingClientRect().top) < 120",
    )
    page.evaluate("window.mine = 1")
    server.write("content/talk.md", talk(9, "Edited beside."))
    wait(page, "source.innerText.includes('Edited beside.')")
    wait(frame, "document.body.innerText.includes('Edited beside.')")
    assert page.evaluate("window.mine") == 1
    assert page.trouble == []  # type: ignore[attr-defined]
    page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, server: Server, theme: str) -> None:
    """In the desk, in what lies over a page, and beside a source."""
    axe = tools.from_environment("ROUNDTABLE_AXE", "axe.min.js")
    server.write("content/bad.md", "# Bad\n\n[x](gone.md)\n")
    assert until(lambda: server.state()["errors"])
    for path in ("/_desk/", "/_desk/content/talk.md", "/talks/talk/"):
        for width in (390, 1440):
            page = opened(browser, server.url + path, width, theme)
            wait(page, "document.querySelector('roundtable-serve')?.shadowRoot.querySelector('.panel')")
            page.evaluate(axe.read_text(encoding="utf-8"))
            run = "tags => axe.run(document, {runOnly: tags, iframes: false}).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html).join(' ')))"
            assert page.evaluate(run, AXE) == [], (path, width)
            page.context.close()
    (server.root / "content/bad.md").unlink()
