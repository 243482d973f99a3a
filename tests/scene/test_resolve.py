"""From wish to scene: pure, one row of each series, and honest about what is not there."""

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.support import AXIS, hamlet, spies, spy
from twinview.i18n import language, set_language
from twinview.model.time import STATIC, TimeAxis
from twinview.model.twin import Twin
from twinview.scene.overlay import available, overlays
from twinview.scene.paint import State
from twinview.scene.resolve import clock, resolve
from twinview.scene.view import View

OVERLAYS = ["carbon", "emission", "power", "loading", "storage", "attribute"]


@pytest.fixture
def english():
    """Speak English inside the test."""
    before = language()
    set_language("en")
    yield
    set_language(before)


@pytest.fixture
def twin() -> Twin:
    """Return four houses, a line and a store with results."""
    return hamlet()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_one_row_of_each_series_is_touched(twin, overlay):
    resolve(twin, View(time=3, overlay=overlay))  # limits are looked for once
    for series in spies(twin):
        series.asked.clear()
    resolve(twin, View(time=7, overlay=overlay))
    assert sum(sum(series.asked.values()) for series in spies(twin)) > 0
    for series in spies(twin):
        assert set(series.asked) <= {7}, series.meaning
        assert series.asked[7] <= 1, series.meaning


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_same_wish_gives_the_same_scene_and_changes_nothing(twin, overlay):
    before = {key: series.values.copy() for key, series in twin.series.items()}
    one, two = (resolve(twin, View(time=5, overlay=overlay)) for _ in range(2))
    assert one.legend == two.legend
    assert (one.clock, one.readouts, one.labels) == (two.clock, two.readouts, two.labels)
    for layer, paint in one.paints.items():
        np.testing.assert_array_equal(paint.colour, two.paints[layer].colour)
        np.testing.assert_array_equal(paint.state, two.paints[layer].state)
        assert len(paint.colour) == len(paint.state) == len(twin.layers[layer])
    for key, series in twin.series.items():
        np.testing.assert_array_equal(series.values, before[key])


@pytest.mark.parametrize("overlay", OVERLAYS)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_limits_do_not_move_with_time(twin, overlay, theme):
    limits = {resolve(twin, View(i, overlay, theme=theme)).legend.limits for i in (0, 20, 47)}
    assert len(limits) == 1


def test_zero_missing_and_not_computed_look_different(twin):
    done = np.arange(AXIS.count) < 10
    values = [0.0, 100.0, 480.0, np.nan]
    twin = twin.with_series(spy("houses", "carbon_intensity", "g/kWh", values, done=done))
    early = resolve(twin, View(time=3)).paints["houses"]
    late = resolve(twin, View(time=30)).paints["houses"]
    assert early.state.tolist() == [State.VALUE, State.VALUE, State.VALUE, State.MISSING]
    assert set(late.state.tolist()) == {State.PENDING}
    assert early.colour[0].tolist() != early.colour[3].tolist()
    assert np.isnan(late.values).all()


def test_the_legend_counts_what_it_shows(twin):
    legend = resolve(twin, View()).legend
    assert (legend.shown, legend.missing, legend.unit) == (3, 1, "g/kWh")
    assert legend.states == ((State.MISSING, 1),)


def test_what_was_computed_for_a_part_of_the_span_is_not_computed_elsewhere(twin):
    part = TimeAxis(AXIS.start, AXIS.step, 10, AXIS.tz)
    old = twin.series["houses", "carbon_intensity", "base"]
    for origin, state in (("computed", State.PENDING), ("given", State.MISSING)):
        meaning = replace(old.meaning, origin=origin)
        short = replace(old, meaning=meaning, time=part, values=old.values[:10])
        paint = resolve(twin.with_series(short), View(time=20)).paints["houses"]
        assert set(paint.state.tolist()) == {state}


def test_lines_show_power_by_width_and_direction(twin):
    paint = resolve(twin, View(overlay="power")).paints["line"]
    assert paint.direction.tolist() == [-1]
    assert paint.width[0] > 1
    over = resolve(twin, View(overlay="loading")).paints["line"]
    assert over.state.tolist() == [State.OVER]


def test_stores_show_how_full_they_are(twin):
    paint = resolve(twin, View(overlay="storage")).paints["storage"]
    np.testing.assert_allclose(paint.fill, [0.4])


def test_net_power_is_use_minus_generation(twin):
    values = resolve(twin, View(overlay="power")).paints["houses"].values
    np.testing.assert_allclose(values, [0, -3, 9, np.nan])


def test_stale_wishes_fall_back(twin):
    view = View(
        time=10_000,
        scenario="gone",
        hidden=frozenset({"gone"}),
        selection=(("houses", "gone"), ("gone", "x"), ("houses", "high")),
    )
    scene = resolve(twin, view)
    assert scene.view.time == AXIS.count - 1
    assert {k: v.tolist() for k, v in scene.selected.items()} == {"houses": [2]}
    assert scene.labels[0].text == "high"
    assert resolve(twin, View(time=-5)).view.time == 0


def test_an_overlay_without_data_and_an_unknown_one_give_way(twin):
    bare = replace(twin, series={})
    scene = resolve(bare, View(overlay="carbon"))
    assert scene.view.overlay == "attribute"
    assert list(available(bare)) == ["attribute"]
    assert resolve(twin, View(overlay="nosuch")).view.overlay == "carbon"


def test_nothing_at_all_can_be_resolved():
    scene = resolve(Twin("", "", (0, 0, 0)), View())
    assert scene.paints == {}
    assert scene.clock.static


def test_hidden_layers_and_bare_nodes_are_not_painted(twin):
    assert "node" not in resolve(twin, View()).paints
    assert "houses" not in resolve(twin, View(hidden=frozenset({"houses"}))).paints


@pytest.mark.usefixtures("english")
def test_clock_names_zone_and_offset():
    winter = clock(AXIS, 0)
    assert (winter.date, winter.time) == ("Sun 2024-03-31", "00:00")
    assert (winter.offset, winter.zone) == ("CET (UTC+1)", "Europe/Berlin")
    summer = clock(AXIS, 2)
    assert (summer.time, summer.offset) == ("03:00", "CEST (UTC+2)")
    india = clock(TimeAxis(0, 3600, 2, "Asia/Kolkata"), 0)
    assert (india.time, india.offset) == ("05:30", "IST (UTC+5:30)")
    island = clock(TimeAxis(0, 3600, 2, "Pacific/Marquesas"), 0)
    assert island.offset == "-0930 (UTC-9:30)"
    assert clock(TimeAxis(0, 3600, 2, "UTC"), 0).offset == "UTC"
    assert clock(STATIC, 0).static


@pytest.mark.usefixtures("english")
def test_readouts_have_units_and_warn_of_a_residual(twin):
    shown = {one.id: one for one in resolve(twin, View()).readouts}
    assert (shown["load"].text, shown["load"].unit) == ("1.23", "MW")
    assert shown["residual"].warning
    closed = twin.with_series(spy("district", "residual", "kW", [1e-7]))
    residual = next(one for one in resolve(closed, View()).readouts if one.id == "residual")
    assert (residual.text, residual.warning) == ("0.0", False)


def test_labels_of_named_elements_stand_on_their_roofs(twin):
    (label,) = [one for one in resolve(twin, View()).labels if one.text == "Hall"]
    assert label.place == (25.0, 5.0, 6.0)


def test_every_overlay_has_an_order_and_a_title():
    orders = [one.order for one in overlays().values()]
    assert orders == sorted(orders)
    assert all(one.title for one in overlays().values())
