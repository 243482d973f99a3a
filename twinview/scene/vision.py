"""How colours are seen by eyes that lack one kind of cone, and which are hard to tell apart.

Matrices for linear light: Machado, Oliveira and Fernandes, A Physiologically-based Model for
Simulation of Color Vision Deficiency, IEEE TVCG 15(6), 2009, at full severity. Distances are those
of CIELAB (CIE 15, D65).
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_
from twinview.scene.theme import rgb

Floats = npt.NDArray[np.float64]
Bytes = npt.NDArray[np.uint8]

VISIONS = {
    "": N_("Usual"),
    "protan": N_("Without red (protanopia)"),
    "deutan": N_("Without green (deuteranopia)"),
    "tritan": N_("Without blue (tritanopia)"),
    "grey": N_("In grey, as printed"),
}
"""Ways of seeing, and their names."""
APART = 7.0
"""CIELAB distance that areas on a map need: three times what is just seen side by side (2.3; Mahy,
Van Eycken and Oosterlinck, Color Research & Application 19(2), 1994)."""
_LUMINANCE = (0.2126, 0.7152, 0.0722)
_MATRICES: dict[str, Floats] = {
    "": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
    "grey": np.array([_LUMINANCE] * 3),
}  # fmt: skip
_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
                 [0.0193339, 0.1191920, 0.9503041]])  # fmt: skip
_WHITE = np.array([0.95047, 1.0, 1.08883])
_DARK, _DARK_LIGHT = 0.04045, 0.0031308
"""Shares of a byte, and of light, up to which sRGB is linear (IEC 61966-2-1)."""
_SHIFTS = 16, 8, 0
"""Bits of red, green and blue in a pixel."""
_LEVELS = 1 << 14
"""Levels of light in the tables for pictures: fine enough for the darkest of the bytes."""


def _linear(colours: npt.ArrayLike) -> Floats:
    """Return the light of sRGB bytes, 0 to 1."""
    share = np.asarray(colours, dtype=np.float64) / 255
    return np.where(share <= _DARK, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def seen(colours: npt.ArrayLike, vision: str) -> Bytes:
    """Return colours as they are seen.

    Parameters
    ----------
    colours
        Red, green, blue of 0 to 255. Shape (n, 3).
    vision
        One of `VISIONS`.
    """
    return _bytes(_linear(colours) @ _MATRICES[vision].T)


def _bytes(light: Floats) -> Bytes:
    """Return the sRGB bytes of light; what no screen can show is cut off."""
    light = np.clip(light, 0, 1)
    share = np.where(light <= _DARK_LIGHT, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(share * 255), dtype=np.uint8)


def lab(colours: npt.ArrayLike) -> Floats:
    """Return lightness, green to red and blue to yellow of colours in CIELAB, shape (n, 3)."""
    ratio = _linear(colours) @ _XYZ.T / _WHITE
    edge = 6 / 29
    root = np.where(ratio > edge**3, np.cbrt(ratio), ratio / (3 * edge**2) + 4 / 29)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def alike(colours: Sequence[str], vision: str, neighbours: bool) -> list[tuple[int, int]]:
    """Return which colours of classes are hard to tell apart, by their places.

    Parameters
    ----------
    colours
        ``#rrggbb`` of each.
    vision
        One of `VISIONS`.
    neighbours
        Whether only classes that follow one another are compared, as for ranges of numbers.
    """
    places = lab(seen([rgb(one) for one in colours], vision))
    every = range(len(colours))
    pairs = pairwise(every) if neighbours else ((a, b) for a in every for b in every if a < b)
    return [(a, b) for a, b in pairs if np.linalg.norm(places[a] - places[b]) < APART]


@lru_cache(maxsize=len(VISIONS))
def _tables(vision: str) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.uint32]]:
    """Return what each byte of each channel adds to each channel that is seen, and their bytes.

    Shapes [seen, channel, 256], in levels of light, and [levels]: sums of the first are places in
    the second, which begins with the smallest sum there is.
    """
    light = _MATRICES[vision][:, :, None] * _linear(np.arange(256))
    parts = np.rint(light * _LEVELS).astype(np.int32)
    low = int(parts.min(axis=2).sum(axis=1).min())
    high = int(parts.max(axis=2).sum(axis=1).max())
    parts[:, 0] -= low
    shown = _bytes(np.arange(low, high + 1) / _LEVELS)
    return parts, shown.astype(np.uint32)


def picture_seen(pixels: npt.NDArray[np.uint32], vision: str) -> npt.NDArray[np.uint32]:
    """Return a picture as it is seen, off by one of 255 at most; what covers stays as it is.

    Parameters
    ----------
    pixels
        ``0xAARRGGBB`` each, of any shape.
    vision
        One of `VISIONS`.
    """
    parts, shown = _tables(vision)
    channels = [pixels >> np.uint32(shift) & np.uint32(255) for shift in _SHIFTS]
    made = pixels & np.uint32(0xFF000000)
    for mine, shift in zip(parts, _SHIFTS, strict=True):
        level = mine[0][channels[0]]
        for part, channel in zip(mine[1:], channels[1:], strict=True):
            level += part[channel]
        made |= shown[level] << np.uint32(shift)
    return np.asarray(made)
