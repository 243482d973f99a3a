"""Colours along a ramp: machine code finds the same as numpy for every number there is."""

import numpy as np

from twinview.scene import tinting
from twinview.scene.theme import LOOKS, colours, rgb, table

MANY = 3 * tinting._PIECE + 17


def numbers() -> np.ndarray:
    """Return numbers of all sizes, those between two colours, and what is no number."""
    bits = np.random.default_rng(3).integers(0, 1 << 32, MANY, dtype=np.uint64)
    any_ = bits.astype(np.uint32).view(np.float32)
    # On a ramp from 0 to 510 odd numbers lie exactly between two of 256 colours.
    odd = np.concatenate([np.arange(-3, 514, dtype=np.float32), [np.nan, np.inf, -np.inf, -0.0]])
    return np.concatenate([odd.astype(np.float32), any_])


def test_every_number_has_the_same_colour_either_way(monkeypatch) -> None:
    monkeypatch.setattr(tinting.tint, "_fast", None)
    for limits in ((0.0, 510.0), (-1.0, 1e-3), (3.0, 3.0)):
        plain = colours(numbers(), limits, "carbon", "light")
        tinting.tint.compile()
        assert tinting.tint.ready
        assert tinting.tint.ready
        fast = colours(numbers(), limits, "carbon", "light")
        np.testing.assert_array_equal(fast, plain)
        monkeypatch.setattr(tinting.tint, "_fast", None)


def test_halves_go_to_the_even_colour_and_nan_to_the_clay(monkeypatch) -> None:
    monkeypatch.setattr(tinting.tint, "_fast", None)
    values = np.array([1, 3, 5, np.nan, np.inf, -np.inf], dtype=np.float32)
    ramp = table("carbon", "dark")
    wanted = [ramp[0], ramp[2], ramp[2], rgb(LOOKS["dark"].clay), ramp[255], ramp[0]]
    for _ in range(2):
        found = colours(values, (0.0, 510.0), "carbon", "dark")
        np.testing.assert_array_equal(found, wanted)
        tinting.tint.compile()
        assert tinting.tint.ready
