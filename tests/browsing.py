"""Pages opened in the real Chromium that the fixture `browser` gives."""

from __future__ import annotations

from playwright.sync_api import Browser, Page


def opened(browser: Browser, url: str, width: int = 1280, theme: str = "light", script: bool = True) -> Page:
    """A page, opened; what goes wrong is collected in `page.trouble`, the addresses that it loads in `page.loads`."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, java_script_enabled=script
    )  # type: ignore[arg-type]
    page = context.new_page()
    trouble: list[str] = []
    loads: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("request", lambda one: None if "//127.0.0.1:" in one.url else trouble.append(f"asks {one.url}"))
    page.on("framenavigated", lambda frame: loads.append(frame.url) if frame == page.main_frame else None)
    page.goto(url)
    page.trouble, page.loads = trouble, loads  # type: ignore[attr-defined]
    return page
