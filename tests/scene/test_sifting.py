"""Filters: what is left out is not drawn, not counted, has no value; the rest stays as it was."""

import numpy as np
import pytest

from tests.scene.support import hamlet
from twinview.model.problem import CommandError
from twinview.scene.labelling import check, labels_of
from twinview.scene.layering import LayerChoice
from twinview.scene.painting import Beside
from twinview.scene.resolve import readouts, resolve
from twinview.scene.view import Camera, View

NOW = View()
# Of zero, low, high, unknown: heights 5, 6, 7, 8 m, and 0, 100, 480 g/kWh and none.


def seen(view: View = NOW, **wishes):
    choices = {key: LayerChoice(**wish) for key, wish in wishes.items()}
    return resolve(hamlet(), view, Beside(layers=choices))


def test_what_is_left_out_is_neither_drawn_nor_counted():
    plain, scene = seen(), seen(houses={"filter": "height_m < 7"})
    assert (plain.legend.shown, plain.legend.missing, plain.legend.whole) == (3, 1, 0)
    assert scene.paints["houses"].out.tolist() == [False, False, True, True]
    assert (scene.legend.shown, scene.legend.missing, scene.legend.whole) == (2, 0, 4)
    assert scene.legend.states == ()
    assert np.isnan(scene.paints["houses"].values[2])
    kept = scene.paints["houses"].colour[:2]
    assert (kept == plain.paints["houses"].colour[:2]).all()
    assert scene.paints["line"].out is None


@pytest.mark.parametrize(
    "wish", [{"removed": True}, {"opacity": 0}, {}, {"filter": "height_m < 7"}]
)
def test_a_legend_counts_nothing_that_is_hidden(wish):
    view = NOW if wish.keys() - {"filter"} else View(hidden=frozenset({"houses"}))
    scene = seen(view, houses=wish)
    assert "houses" not in scene.paints
    assert (scene.legend.shown, scene.legend.missing, scene.legend.whole) == (0, 0, 4)
    assert scene.legend.states == ()
    assert scene.readouts == seen().readouts


def test_totals_of_the_district_stay_whole():
    assert seen(houses={"filter": "height_m < 7"}).readouts == seen().readouts
    assert seen().readouts == readouts(hamlet(), View())


def test_the_shown_value_and_quantities_at_the_instant_may_be_asked_for():
    out = seen(houses={"filter": "value >= 100"}).paints["houses"].out
    assert out.tolist() == [True, False, False, True]
    out = seen(houses={"filter": "carbon_intensity < 100"}).paints["houses"].out
    assert out.tolist() == [False, True, True, True]
    chosen = View(selection=(("houses", "high"), ("houses", "low")))
    scene = seen(chosen, houses={"filter": "selected == 1 and height_m > 6"})
    assert scene.paints["houses"].out.tolist() == [True, True, False, True]
    assert scene.selected["houses"].tolist() == [2]


def test_a_layer_without_colours_of_the_legend_is_filtered_too():
    scene = seen(View(overlay="storage"), houses={"filter": "height_m > 6"})
    assert scene.paints["houses"].out.tolist() == [True, True, False, False]
    assert scene.legend.whole == 0


def test_a_filter_that_cannot_be_used_shows_all_and_is_said():
    scene = seen(houses={"filter": "gone_m > 3"})
    assert not scene.paints["houses"].out.any()
    assert "no column 'gone_m'" in scene.refused["houses"]
    assert scene.legend.shown == 3


def test_what_is_removed_or_clear_is_not_drawn():
    assert "houses" not in seen(houses={"removed": True}).paints
    assert "houses" not in seen(houses={"opacity": 0}).paints
    assert seen(houses={"opacity": 0.4}).opacity == {"houses": 0.4}


# ----------------------------------------------------------------------------------------- labels
def plain(text: str) -> str:
    """Return a text with plain blanks."""
    return text.replace("\u00a0", " ")


def texts(wanted: str, view: View = NOW, **more) -> list[str]:
    scene = seen(view, houses={"labels": wanted, **more})
    return [plain(one.text) for one in scene.labels if 40 <= one.weight < 100]


def test_labels_are_columns_with_units_values_or_both():
    assert texts("height_m") == ["5 m", "6 m", "7 m", "8 m"]
    assert texts("value") == ["0 g/kWh", "100 g/kWh", "480 g/kWh"]
    assert texts("{id}: {height_m}", filter="height_m > 6") == ["high: 7 m", "unknown: 8 m"]
    assert texts("{id} {value}")[3] == "unknown –"


def test_labels_are_reckoned_of_columns_and_values():
    assert texts("{height_m / 2:.1f} m") == ["2.5 m", "3.0 m", "3.5 m", "4.0 m"]
    assert texts("{(height_m - 5) * 100}") == ["0", "100", "200", "300"]
    assert texts("{id}: {value / height_m:.2f}") == [
        "zero: 0.00", "low: 16.67", "high: 68.57", "unknown: –",
    ]  # fmt: skip
    with pytest.raises(CommandError, match="no column 'gone'"):
        check(hamlet(), hamlet().layers["houses"], "{gone * 2}")
    with pytest.raises(CommandError, match="only numbers can be reckoned with"):
        check(hamlet(), hamlet().layers["houses"], "{id + 1}")


def test_higher_numbers_and_upper_layers_are_written_first():
    weights = {plain(one.text): one.weight for one in seen(houses={"labels": "height_m"}).labels}
    assert {"5 m", "6 m", "7 m", "8 m"} <= weights.keys()
    assert weights["8 m"] > weights["7 m"] > weights["6 m"] > weights["5 m"]
    wishes = {"houses": LayerChoice(labels="height_m"), "line": LayerChoice(labels="id")}
    scene = resolve(hamlet(), View(), Beside(layers=wishes))
    line = next(one for one in scene.labels if one.text == hamlet().layers["line"].ids[0])
    heights = [one.weight for one in scene.labels if plain(one.text).endswith(" m")]
    assert len(heights) == 4
    assert line.weight > max(heights)


def test_many_elements_are_labelled_near_what_is_looked_at(monkeypatch):
    monkeypatch.setattr("twinview.scene.labelling.MOST", 2)
    # Houses stand 20 m apart; the second and third are nearest to 35 m east.
    near = Camera((35.0, -50.0, 40.0), (35.0, 5.0, 0.0))
    assert texts("height_m", View(camera=near)) == ["6 m", "7 m"]
    assert texts("height_m") == ["5 m", "8 m"]


def test_a_name_that_is_not_there_is_said_and_never_stops_a_picture():
    with pytest.raises(CommandError, match=r"cannot be made of 'gone'; there are value, name, id"):
        check(hamlet(), hamlet().layers["houses"], "{id} {gone}")
    twin, paint = hamlet(), seen().paints["houses"]
    assert labels_of(twin, View(), twin.layers["houses"], "gone", paint, 1) == ()
