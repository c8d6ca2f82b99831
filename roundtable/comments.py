"""The comments block under a transcript. One record a provider; all are written out in PROVIDERS.

Nothing of a provider is loaded with the page: the block says what will be contacted and waits for the reader (or, if the
site says so, until it is scrolled to). Without JavaScript its plain link remains.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, get_args

from .config import Comments, Giscus, GiscusLocale, missing


class Block(NamedTuple):
    """What a page's template and static/comments.js need of one page's block."""

    provider: str  # as people call it
    place: str  # where the discussion is held
    contacts: tuple[str, ...]  # hosts that are contacted once it is loaded
    link: str  # address of the discussions, for a plain link
    load: str  # "ask" or "visible"
    script: str  # address of the provider's script
    attributes: tuple[tuple[str, str], ...]  # of its script element, without "data-"
    light: str  # the provider's theme for each of the page's
    dark: str
    allows: tuple[tuple[str, str], ...] = ()  # what a page's policy has to allow: directive and origin


class Provider(NamedTuple):
    """A service for comments."""

    missing: Callable[[Comments], tuple[str, ...]]  # keys still to be set
    block: Callable[[Comments, str, str], Block]  # of a page's id and language


def block(comments: Comments, page_id: str, language: str) -> Block | None:
    """The block of a page; None where comments are off or incompletely configured."""
    name = comments.provider or ("giscus" if comments.giscus else "none")
    provider = PROVIDERS.get(name)
    return None if provider is None or provider.missing(comments) else provider.block(comments, page_id, language)


# --- giscus: https://giscus.app, settings as its client.js reads them -------------------------------------------------


def _giscus(comments: Comments, page_id: str, language: str) -> Block:
    g = comments.giscus or Giscus()
    light, dark = _themes(g)
    specific = (
        (("term", str(g.term or page_id)),) if g.mapping == "specific" else (("term", str(g.term)),) if g.term else ()
    )
    attributes = (
        ("repo", g.repo), ("repo-id", g.repo_id), ("category", g.category), ("category-id", g.category_id),
        ("mapping", g.mapping), *specific, ("strict", _flag(g.strict)), ("reactions-enabled", _flag(g.reactions_enabled)),
        ("emit-metadata", _flag(g.emit_metadata)), ("input-position", g.input_position),
        ("lang", g.lang or _locale(language)), ("loading", g.loading),
    )  # fmt: skip
    return Block(
        provider="giscus",
        place="GitHub Discussions",
        contacts=("giscus.app", "github.com"),
        link=f"https://github.com/{g.repo}/discussions",
        load=comments.load,
        script="https://giscus.app/client.js",
        attributes=tuple((name, value or "") for name, value in attributes),
        light=light,
        dark=dark,
        allows=tuple((f"{kind}-src", "https://giscus.app") for kind in ("script", "style", "frame")),
    )


def _flag(on: bool) -> str:
    return "1" if on else "0"


def _themes(giscus: Giscus) -> tuple[str, str]:
    """Themes for light and dark pages. One name given serves both, by its counterpart where it has one."""
    if not isinstance(giscus.theme, str):
        return giscus.theme.light, giscus.theme.dark
    theme = "light" if giscus.theme == "preferred_color_scheme" else giscus.theme
    if theme in LIGHT_TO_DARK:
        return theme, LIGHT_TO_DARK[theme]
    light = next((light for light, dark in LIGHT_TO_DARK.items() if dark == theme), theme)
    return light, theme


LIGHT_TO_DARK = {
    "light": "dark",
    "light_high_contrast": "dark_high_contrast",
    "light_protanopia": "dark_protanopia",
    "light_tritanopia": "dark_tritanopia",
    "noborder_light": "noborder_dark",
    "gruvbox_light": "gruvbox_dark",
    "catppuccin_latte": "catppuccin_mocha",
}


def _locale(language: str) -> str:
    """The giscus locale nearest to a BCP 47 tag; English where there is none."""
    locales = {locale.casefold(): locale for locale in get_args(GiscusLocale)}
    odd = {
        "el": "gr",
        "km": "kh",
        "sr": "hbs",
        "hr": "hbs",
        "bs": "hbs",
        "zh": "zh-CN",
        "zh-sg": "zh-CN",
    }  # giscus's own codes
    parts = language.casefold().split("-")
    for length in range(len(parts), 0, -1):
        tag = "-".join(parts[:length])
        if found := locales.get(tag) or odd.get(tag):
            return found
    return "en"


PROVIDERS: dict[str, Provider] = {
    "giscus": Provider(lambda comments: missing(comments.giscus), _giscus),
}
