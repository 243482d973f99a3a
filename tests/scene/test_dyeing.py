"""Layers in colours of their own: only where the overlay says nothing, and not anew each step."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from tests.gui.hamlet import hamlet
from twinview.i18n import set_language
from twinview.model.twin import Layer
from twinview.scene import dyeing
from twinview.scene.layering import LayerChoice
from twinview.scene.paint import Paint, State
from twinview.scene.painting import Beside
from twinview.scene.resolve import resolve
from twinview.scene.styling import Style
from twinview.scene.swatches import swatch
from twinview.scene.view import View

USES = View(overlay="storage")
"""Colours the stores; of the houses it says nothing."""
DWELLING, OFFICE, SCHOOL = (0x44, 0x77, 0xAA), (0xEE, 0x88, 0x66), (0x44, 0xAA, 0x99)


def by(column: str, layer: str = "houses", **more) -> Beside:
    return Beside(layers={layer: LayerChoice(colour=column)}, **more)


def with_column(twin, layer: str, **columns):
    old = twin.layers[layer]
    table = old.attributes
    for name, values in columns.items():
        table = table.append_column(name, pa.array(values))
    new = Layer(old.id, old.title, old.kind, table, old.geometry)
    return replace(twin, layers={**twin.layers, layer: new})


def test_words_have_a_colour_each_where_the_overlay_leaves_the_layer_plain():
    scene = resolve(hamlet(), USES, by("use"))
    paint = scene.paints["houses"]
    assert [tuple(one) for one in paint.colour[:4]] == [DWELLING, OFFICE, SCHOOL, DWELLING]
    # The overlay has no number of them: nothing may add them up or select them as its class.
    assert (paint.state == State.PLAIN).all()
    assert (paint.quantity, paint.by) == ("", "use")
    (legend,) = scene.legend.more
    assert (legend.title, legend.classes) == ("Houses: Use", ("dwelling", "office", "school"))
    assert swatch(paint, scene.legend).colours == ("#4477aa", "#ee8866", "#44aa99")
    assert resolve(hamlet(), USES).legend.more == ()


def test_the_overlay_comes_first_and_its_legend_stands_alone():
    plain, wanted = (resolve(hamlet(), View(), one) for one in (Beside(), by("use")))
    assert (wanted.paints["houses"].colour == plain.paints["houses"].colour).all()
    assert wanted.paints["houses"].by == ""
    assert wanted.legend == plain.legend


def test_numbers_follow_the_style_of_their_column():
    # Heights are 6, 7, 8, 9, 10 m in turn: the break belongs to the upper class.
    style = Style(ramp="grey", method="manual", breaks=(8.0,))
    scene = resolve(hamlet(), USES, by("height_m", styles={"attribute:houses.height_m": style}))
    (legend,) = scene.legend.more
    assert legend.classes == ("below 8", "8 and more")
    low, high = (0xF2,) * 3, (0x33,) * 3
    assert [tuple(one) for one in scene.paints["houses"].colour[:5]] == [low, low, high, high, high]


def test_lines_keep_width_and_arrows_of_their_power():
    thick = [float(k) for k in range(10)]
    twin = with_column(hamlet(), "cables", diameter_mm=thick)
    view = View(time=5)
    plain, wanted = (resolve(twin, view, one) for one in (Beside(), by("diameter_mm", "cables")))
    before, after = (one.paints["cables"] for one in (plain, wanted))
    assert (after.width == before.width).all()
    assert (after.direction == before.direction).all()
    assert len(np.unique(after.colour, axis=0)) == len(thick)
    assert wanted.legend.more[0].layer == "cables"


def test_lines_of_estimated_power_have_their_own_colours_too():
    n = 3
    paint = Paint("cables", np.zeros((n, 3), np.uint8), np.full(n, State.ESTIMATED, np.uint8),
                  np.ones(n, np.float32), "power", "kW", width=np.ones(n, np.float32))  # fmt: skip
    assert dyeing._bare(paint).all()
    assert dyeing._bare(replace(paint, quantity="loading")) is None
    left = np.ones(n, np.bool_)
    assert dyeing._bare(replace(paint, out=left)) is None


def test_what_has_no_value_is_hatched_and_counted():
    twin = with_column(hamlet(), "cables", owner=["city", None, *["city"] * 8])
    scene = resolve(twin, USES, by("owner", "cables"))
    states = scene.paints["cables"].state
    assert states[1] == State.MISSING
    assert (states[[0, 2]] == State.ESTIMATED).all()  # their power is: the dots stay
    assert scene.legend.more[0].states == ((State.MISSING, 1),)


def test_one_colour_is_that_and_is_named_after_the_layer():
    scene = resolve(hamlet(), USES, by("#aa4499"))
    assert (scene.paints["houses"].colour == (0xAA, 0x44, 0x99)).all()
    (legend,) = scene.legend.more
    assert (legend.title, legend.classes, legend.colours) == ("", ("Houses",), ("#aa4499",))


@pytest.mark.parametrize("gone", ["nosuch", "name", "#12", ""])
def test_a_column_that_is_gone_leaves_the_layer_as_its_kind(gone):
    scene = resolve(hamlet(), USES, by(gone))
    assert scene.paints["houses"].by == ""
    assert scene.legend.more == ()


def test_hidden_layers_and_those_of_which_nothing_is_left_have_no_legend():
    beside = by("use")
    assert resolve(hamlet(), replace(USES, hidden=frozenset({"houses"})), beside).legend.more == ()
    nobody = Beside(layers={"houses": LayerChoice(colour="use", filter="height_m > 99")})
    assert resolve(hamlet(), USES, nobody).legend.more == ()
    some = Beside(layers={"houses": LayerChoice(colour="use", filter="height_m > 8")})
    assert int((~resolve(hamlet(), USES, some).paints["houses"].out).sum()) == 24


def test_the_very_same_paint_comes_back_while_time_runs(monkeypatch):
    twin, beside = hamlet(), by("use")
    first = resolve(twin, replace(USES, time=3), beside)
    asked = []
    monkeypatch.setattr(dyeing, "coloured", lambda *_words: asked.append(1))
    later = resolve(twin, replace(USES, time=4), beside)
    assert later.paints["houses"] is first.paints["houses"]
    assert later.legend.more[0] is first.legend.more[0]
    assert asked == []
    dark = resolve(twin, replace(USES, theme="dark"), Beside(layers={"houses": LayerChoice()}))
    assert dark.legend.more == ()


def test_another_language_says_the_same_otherwise():
    twin = hamlet()
    resolve(twin, USES, by("use"))
    set_language("zh_CN")
    try:
        (legend,) = resolve(twin, USES, by("use")).legend.more
    finally:
        set_language("en")
    assert "办公" in legend.classes
