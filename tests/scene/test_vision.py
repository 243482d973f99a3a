"""How colours are seen without one kind of cone, and which cannot be told apart."""

import numpy as np
import pytest

from twinview.scene.styling import CHOICES
from twinview.scene.theme import rgb, stops
from twinview.scene.vision import VISIONS, alike, lab, picture_seen, seen


@pytest.mark.parametrize(
    ("colour", "expected"),
    [  # of sRGB under D65, as in Lindbloom's calculator
        ("#ff0000", (53.24, 80.09, 67.20)),
        ("#00ff00", (87.73, -86.18, 83.18)),
        ("#0000ff", (32.30, 79.19, -107.86)),
        ("#ffffff", (100.0, 0.0, 0.0)),
        ("#808080", (53.59, 0.0, 0.0)),
        ("#000000", (0.0, 0.0, 0.0)),
    ],
)
def test_lightness_and_hue_are_those_of_the_standard(colour, expected):
    assert lab([rgb(colour)])[0] == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("vision", VISIONS)
def test_greys_are_seen_as_they_are_by_everybody(vision):
    greys = np.repeat(np.arange(0, 256, 5)[:, None], 3, axis=1)
    assert np.abs(seen(greys, vision).astype(int) - greys).max() <= 1


EMULATED = {
    "protan": [(109, 95, 0), (255, 244, 0), (255, 229, 0), (237, 242, 255), (0, 88, 255),
               (0, 128, 255)],
    "deutan": [(163, 144, 0), (255, 250, 50), (239, 214, 59), (208, 221, 255), (0, 61, 251),
               (104, 155, 250)],
    "tritan": [(255, 0, 13), (255, 238, 217), (0, 247, 216), (0, 255, 255), (0, 108, 150),
               (255, 75, 151)],
    "grey": [(127, 127, 127), (247, 247, 247), (220, 220, 220), (230, 230, 230), (75, 75, 75),
             (146, 146, 146)],
}  # fmt: skip
"""Red, yellow, green, cyan, blue and magenta as the browser Chrome shows them where it emulates
vision by the matrices of Machado and others; read off in the tests of the library Unicolour."""
PURE = [(255, 0, 0), (255, 255, 0), (0, 255, 0), (0, 255, 255), (0, 0, 255), (255, 0, 255)]


@pytest.mark.parametrize("vision", EMULATED)
def test_pure_colours_are_seen_as_another_program_shows_them(vision):
    found = seen(PURE, vision).astype(int)
    assert np.abs(found - EMULATED[vision]).max() <= 2  # the emulation keeps other digits


def test_a_red_and_a_green_nearly_as_light_are_alike_without_green_cones():
    """Red over green is the oldest mistake of maps; blue over orange is none."""
    red, green = "#c44e52", "#6f8540"
    assert not alike([red, green], "", neighbours=True)
    assert alike([red, green], "deutan", neighbours=True) == [(0, 1)]
    assert not alike(["#4c72b0", "#dd8452"], "deutan", neighbours=True)
    assert not alike(["#4c72b0", "#dd8452"], "protan", neighbours=True)


def test_ranges_are_compared_with_their_neighbours_and_names_with_all():
    colours = ["#4c72b0", "#dd8452", "#4c72b1"]
    assert alike(colours, "", neighbours=True) == []
    assert alike(colours, "", neighbours=False) == [(0, 2)]


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("ramp", CHOICES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_five_classes_of_every_ramp_can_be_told_apart_by_everybody(ramp, theme, vision):
    anchors = np.array([rgb(one) for one in stops(ramp, theme)], float)
    at = np.linspace(0, len(anchors) - 1, 5)
    made = [np.interp(at, np.arange(len(anchors)), channel) for channel in anchors.T]
    colours = [
        "#{:02x}{:02x}{:02x}".format(*np.round(one).astype(int)) for one in zip(*made, strict=True)
    ]
    assert alike(colours, vision, neighbours=True) == []


@pytest.mark.parametrize("vision", VISIONS)
def test_a_picture_is_seen_as_its_colours_are(vision):
    """Any colours, and all dark ones, of which a step of light makes most; off by one at most."""
    every = np.random.default_rng(4).integers(0, 256, (40_000, 3))
    dark = np.stack(np.meshgrid(*[np.arange(0, 28, 3)] * 3), axis=-1).reshape(-1, 3)
    colours = np.concatenate([every, dark, PURE, np.repeat(np.arange(256)[:, None], 3, axis=1)])
    pixels = (colours @ np.array([1 << 16, 1 << 8, 1]) | 0x7F << 24).astype(np.uint32)
    made = picture_seen(pixels.reshape(1, -1), vision)[0]
    assert (made >> 24 == 0x7F).all()
    found = np.stack([made >> 16 & 255, made >> 8 & 255, made & 255], axis=1).astype(int)
    off = np.abs(found - seen(colours, vision))
    assert off.max() <= 1
    assert (off > 0).mean() < 0.02
