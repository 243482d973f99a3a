"""Few colours that stand for those of a layer."""

from dataclasses import replace

import numpy as np

from tests.scene.support import hamlet
from twinview.scene.paint import Legend
from twinview.scene.resolve import resolve
from twinview.scene.swatches import Swatch, swatch
from twinview.scene.view import View


def test_a_layer_has_the_legends_colours_or_its_own_most_frequent_first():
    scene = resolve(hamlet(), View())
    assert swatch(scene.paints["houses"], scene.legend) == Swatch(scene.legend.colours, True)
    classed = replace(scene.legend, classes=("a", "b"), colours=("#000000", "#ffffff"))
    assert swatch(scene.paints["houses"], classed) == Swatch(("#000000", "#ffffff"), False)
    other = Legend("Loading", "%", (0, 1), ("#000000",))
    paint = scene.paints["houses"]
    colour = np.array([[255, 0, 0], [0, 0, 255], [0, 0, 255], [0, 255, 0]], np.uint8)
    out = np.array([False, False, False, True])
    assert swatch(replace(paint, colour=colour, out=out), other).colours == ("#0000ff", "#ff0000")
