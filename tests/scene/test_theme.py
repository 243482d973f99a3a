"""Ramps: lightness falls from low to high, so that they read without colour too."""

import numpy as np
import pytest

from twinview.scene.theme import CLASSES, DIVERGING, LOOKS, RAMPS, colours, rgb, stops, table

THEMES = ["light", "dark"]
SEQUENTIAL = [ramp for ramp in RAMPS if ramp not in {*DIVERGING, *CLASSES}]


def lightness(pixels: np.ndarray) -> np.ndarray:
    """Return CIELAB L* of sRGB colours (IEC 61966-2-1, D65)."""
    share = np.asarray(pixels, dtype=float) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    y = linear @ np.array([0.2126, 0.7152, 0.0722])
    return 116 * np.where(y > 216 / 24389, np.cbrt(y), (24389 / 27 * y + 16) / 116) - 16


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ramp", SEQUENTIAL)
def test_lightness_falls_all_along(ramp, theme):
    levels = lightness(table(ramp, theme))
    assert np.diff(levels).max() <= 0.25  # steps of one 255th per channel
    assert levels[0] - levels[-1] > 40


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ramp", DIVERGING)
def test_diverging_ramps_are_lightest_at_their_centre(ramp, theme):
    levels = lightness(table(ramp, theme))
    assert 126 <= levels.argmax() <= 129
    assert np.diff(levels[:126]).min() >= -0.25
    assert np.diff(levels[130:]).max() <= 0.25


@pytest.mark.parametrize("theme", THEMES)
def test_neighbouring_classes_differ(theme):
    for ramp in CLASSES:
        shades = np.array([rgb(colour) for colour in stops(ramp, theme)], dtype=float)
        distances = np.linalg.norm(shades[:, None] - shades[None], axis=2)
        assert distances[~np.eye(len(shades), dtype=bool)].min() > 30


def test_values_outside_take_the_end_colours_and_missing_ones_none_of_them():
    values = np.array([-5.0, 0.0, 10.0, 99.0, np.nan, np.inf])
    found = colours(values, (0.0, 10.0), "carbon", "light")
    low, high = (rgb(stops("carbon", "light")[k]) for k in (0, -1))
    assert [tuple(one) for one in found] == [low, low, high, high, rgb(LOOKS["light"].clay), high]


def test_equal_limits_are_no_error():
    assert colours(np.array([3.0]), (3.0, 3.0), "value", "dark").shape == (1, 3)


def test_tables_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        table("carbon", "light")[0] = 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_lightly_loaded_lines_are_told_from_the_ground(theme):
    inks = (stops("loading", theme)[0], LOOKS[theme].settlement, LOOKS[theme].ground)
    line, *grounds = lightness(np.array([rgb(ink) for ink in inks]))
    assert all(abs(line - one) > 12 for one in grounds)
