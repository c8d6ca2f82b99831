"""The colours of the theme: text can be read in both themes, and speakers told apart by eyes of every kind.

Contrast as in WCAG 2.2; OKLCH as in CSS Color 4; colour-blindness as in Viénot, Brettel and Mollon (1999), in linear RGB.
"""

from __future__ import annotations

import math
import re
from itertools import combinations

import pytest

from .conftest import REPOSITORY

CSS = (REPOSITORY / "static/roundtable.css").read_text(encoding="utf-8")
HUES = [int(h) for h in re.findall(r"\.hue-\d \{ --h: (\d+); \}", CSS)]
THEMES = {"light": 0, "dark": 1}
RGB = tuple[float, float, float]
BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, -0.0), (0.00401, -0.00401, 1.0)),
    "deuteranopia": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, -0.0), (-0.02234, 0.02234, 1.0)),
}


def linear(lightness: float, chroma: float, hue: float) -> RGB:
    """Linear RGB of a colour, cut to what a screen shows."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return tuple(min(max(one, 0.0), 1.0) for one in (red, green, blue))  # type: ignore[return-value]


def lab(rgb: RGB) -> RGB:
    """OKLab of a colour, in which distances are what eyes see."""
    red, green, blue = rgb
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def luminance(rgb: RGB) -> float:
    """As WCAG defines it."""
    return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]


def contrast(one: RGB, other: RGB) -> float:
    """From 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def token(name: str, theme: str, hue: int = 0) -> RGB:
    """A colour of the stylesheet's tokens."""
    said = re.search(rf"--{name}: light-dark\((oklch\([^;]*\)), (oklch\([^;]*\))\);", CSS)
    assert said, name
    parts = re.findall(r"[\d.]+", said[1 + THEMES[theme]].replace("var(--h)", str(hue)))
    return linear(*map(float, parts))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "shade"])
def test_words_can_be_read_on_every_ground(theme: str, ground: str) -> None:
    """At least 4.5 to 1, however quiet."""
    for name in ("ink", "ink-2", "ink-3", "accent"):
        assert contrast(token(name, theme), token(ground, theme)) >= 4.5, name


@pytest.mark.parametrize("theme", THEMES)
def test_names_can_be_read_in_the_colour_of_every_speaker(theme: str) -> None:
    """On paper, and on the tint of a turn that was linked to."""
    assert len(HUES) == 8
    for hue in HUES:
        for ground in (token("paper", theme), token("tint", theme, hue)):
            assert contrast(token("hue", theme, hue), ground) >= 4.5, hue


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("eyes", "speakers", "least"),
    [("none", 8, 0.05), ("none", 5, 0.07), ("protanopia", 4, 0.04), ("deuteranopia", 4, 0.04)],
)
def test_speakers_are_told_apart(theme: str, eyes: str, speakers: int, least: float) -> None:
    """By colour as far as it goes: names and letters always stand by."""
    seen = []
    for hue in HUES[:speakers]:
        rgb = token("hue", theme, hue)
        seen.append(
            lab(tuple(max(sum(k * one for k, one in zip(row, rgb, strict=True)), 0.0) for row in BLINDNESS[eyes]))
        )  # type: ignore[arg-type]
    assert min(math.dist(one, other) for one, other in combinations(seen, 2)) >= least
