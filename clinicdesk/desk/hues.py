"""Colours of professionals and service categories: one stored hue becomes a fill, an edge and an ink of equal contrast.

The conversion follows Björn Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/. Lightness and chroma are fixed per theme, so nobody's colour shouts; what lies
a little outside sRGB is clipped, and a test measures the contrast of every hue as it is shown.
"""

import math
from dataclasses import dataclass
from functools import cache

# The order in which new professionals receive their hue; 10–40 belongs to danger and is never given.
OFFERED_HUES = (200, 265, 155, 310, 65, 340, 235, 110)
RESERVED_HUES = range(10, 41)

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Shades:
    """One hue worked out for a theme, as 8-bit sRGB."""

    fill: Rgb
    edge: Rgb
    ink: Rgb


_LIGHT = ((0.958, 0.026), (0.56, 0.105), (0.33, 0.07))
_DARK = ((0.315, 0.042), (0.72, 0.105), (0.92, 0.045))
_EDGE_CONTRAST = 3.9


@cache
def shades(hue: int, dark: bool) -> Shades:
    """The three shades of `hue` (degrees; any whole number, taken modulo 360)."""
    degrees = hue % 360
    fill, edge, ink = _DARK if dark else _LIGHT
    ground = _srgb(*fill, degrees)
    lightness, chroma = edge
    while contrast(_srgb(lightness, chroma, degrees), ground) < _EDGE_CONTRAST:
        lightness -= 0.001  # a few reddish and greenish hues miss the guarantee by a hundredth
    return Shades(ground, _srgb(lightness, chroma, degrees), _srgb(*ink, degrees))


def next_hue(taken: list[int]) -> int:
    """The hue a new professional gets when `taken` are in use: the first of the offered ones that is used least."""
    return min(OFFERED_HUES, key=lambda hue: (taken.count(hue), OFFERED_HUES.index(hue)))


def contrast(one: Rgb, other: Rgb) -> float:
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _srgb(lightness: float, chroma: float, hue: int) -> Rgb:
    red, green, blue = (round(255 * _encoded(channel)) for channel in _linear_srgb(lightness, chroma, hue))
    return red, green, blue


def _linear_srgb(lightness: float, chroma: float, hue: int) -> tuple[float, float, float]:
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _encoded(channel: float) -> float:
    clamped = min(max(channel, 0.0), 1.0)
    return 12.92 * clamped if clamped <= 0.0031308 else 1.055 * clamped ** (1 / 2.4) - 0.055


def _luminance(colour: Rgb) -> float:
    red, green, blue = (_decoded(value / 255) for value in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _decoded(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)
