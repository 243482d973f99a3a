"""Scenes over windows of time: values, units, legends and numbers of the district say so."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.scene.support import AXIS, hamlet
from twinview.i18n import set_language
from twinview.model.series import Dense, Meaning
from twinview.model.twin import DISTRICT, Twin
from twinview.model.window import Window
from twinview.scene.aggregation import length_text, window_text
from twinview.scene.paint import State
from twinview.scene.resolve import resolve
from twinview.scene.view import View

DAY = Window("rolling", 86400)
HOUR = np.arange(AXIS.count)


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def dense(layer: str, quantity: str, unit: str, values: np.ndarray, **more) -> Dense:
    """Return a series of the axis."""
    return Dense(Meaning(layer, quantity, unit), AXIS, values.astype(np.float32), **more)


@pytest.fixture
def twin() -> Twin:
    """Return the hamlet; 'low' uses 2 kW by day at 100 g/kWh and 1 kW by night at 400 g/kWh."""
    day = (HOUR % 24 >= 12)[:, None]
    use = np.where(day, [[0, 2.0, 9, np.nan]], [[0, 1.0, 9, np.nan]])
    dirt = np.where(day, [[50, 100.0, 480, np.nan]], [[50, 400.0, 480, np.nan]])
    load = np.where(day[:, 0], 3000.0, 1000.0)[:, None]
    return hamlet().with_series(
        dense("houses", "consumption", "kW", use),
        dense("houses", "generation", "kW", np.zeros_like(use)),
        dense("houses", "carbon_intensity", "g/kWh", dirt),
        dense("line", "power", "kW", np.where(day, -30.0, 10.0)),
        dense("line", "loading", "%", np.where(day, 130.0, 20.0)),
        dense("storage", "soc", "1", np.where(day, 0.8, 0.2)),
        dense("storage", "carbon_intensity", "g/kWh", np.where(day, 100.0, 250.0)),
        dense("storage", "energy", "kWh", np.where(day, 80.0, 20.0)),
        dense(DISTRICT, "load", "kW", load),
        dense(DISTRICT, "residual", "kW", np.full((AXIS.count, 1), 0.01)),
    )


def test_power_becomes_energy_named_with_its_unit(twin):
    scene = resolve(twin, View(time=35, overlay="power", window=DAY))
    # Steps 12 to 35: twelve hours of 2 kW, twelve of 1 kW.
    np.testing.assert_allclose(scene.paints["houses"].values[:3], [0, 36, 216])
    assert scene.paints["houses"].unit == scene.legend.unit == "kWh"
    assert scene.legend.window.startswith("Sum · 24 h, 2024-03-31 13:00 to 2024-04-01 13:00")
    assert "lines: mean power" in scene.legend.note
    assert scene.legend.limits[1] >= 216


def test_lines_keep_the_widths_of_their_mean_power(twin):
    instant = resolve(twin, View(time=11, overlay="power")).paints["line"]
    scene = resolve(twin, View(time=35, overlay="power", window=DAY))
    # Twelve hours of -30 kW and twelve of 10 kW: as wide as 10 kW, the other way.
    assert scene.paints["line"].values[0] == pytest.approx(-10)
    assert scene.paints["line"].unit == "kW"
    assert scene.paints["line"].over == "Mean over time · 24 h"
    assert scene.paints["houses"].over == "Sum · 24 h"
    assert scene.paints["line"].width == instant.width
    assert (instant.direction[0], scene.paints["line"].direction[0]) == (1, -1)


def test_intensity_is_carbon_over_energy(twin):
    scene = resolve(twin, View(time=35, overlay="carbon", window=DAY))
    values = scene.paints["houses"].values
    # (12 h x 2 kW x 100 + 12 h x 1 kW x 400) / 36 kWh; who uses nothing has none.
    assert values[1] == pytest.approx((2400 + 4800) / 36, rel=1e-5)
    assert np.isnan(values[0])
    assert scene.paints["houses"].state[0] == State.MISSING
    assert scene.legend.window.startswith("Mean weighted by energy")
    assert scene.legend.unit == "g/kWh"
    assert scene.legend.limits == (0.0, 500.0)


def test_emission_is_a_mass(twin):
    scene = resolve(twin, View(time=35, overlay="emission", window=DAY))
    assert scene.paints["houses"].values[1] == pytest.approx(7.2, rel=1e-5)
    assert scene.legend.unit == "kg"


def test_loading_is_a_maximum_and_stores_are_weighted_by_what_they_hold(twin):
    scene = resolve(twin, View(time=35, overlay="loading", window=DAY))
    assert scene.paints["line"].values[0] == 130
    assert scene.legend.window.startswith("Maximum")
    scene = resolve(twin, View(time=35, overlay="storage", window=DAY))
    store = scene.paints["storage"]
    assert "fill: mean over time" in scene.legend.note
    assert store.values[0] == pytest.approx((80 * 100 + 20 * 250) / 100)
    assert store.fill[0] == pytest.approx(0.5)


def test_numbers_of_the_district_are_those_of_the_window(twin):
    shown = {one.id: one for one in resolve(twin, View(time=35, window=DAY)).readouts}
    assert (shown["load"].text, shown["load"].unit) == ("48.0", "MWh")
    # 0.24 kWh in a day are as little as 0.01 kW.
    assert not shown["residual"].warning


def test_an_instant_is_as_ever(twin):
    plain, scene = (
        resolve(twin, View(time=35, window=w)) for w in (Window(), Window(days="summer"))
    )
    assert scene.legend == plain.legend
    assert scene.legend.window == ""
    assert scene.readouts == plain.readouts


def test_the_colours_mean_the_same_while_time_runs(twin):
    for window in (DAY, Window("cumulative"), Window("range"), Window("typical")):
        for overlay in ("power", "emission"):
            limits = {
                resolve(twin, View(time=i, overlay=overlay, window=window)).legend.limits
                for i in range(0, AXIS.count, 5)
            }
            assert len(limits) == 1


def test_a_typical_day_is_the_mean_of_its_hour(twin):
    ramp = twin.with_series(
        dense("houses", "consumption", "kW", np.repeat(HOUR[:, None], 4, axis=1))
    )
    scene = resolve(ramp, View(time=35, overlay="power", window=Window("typical")))
    # 12:00 of both days: steps 11 and 35.
    assert scene.paints["houses"].values[1] == pytest.approx((11 + 35) / 2)
    assert scene.legend.unit == "kW"
    assert "typical day, 12:00 of 2 days, 2024-03-31 to 2024-04-02" in scene.legend.window
    one = Window("typical", begin=AXIS.seconds(23))
    scene = resolve(ramp, View(time=35, overlay="power", window=one))
    assert scene.paints["houses"].values[1] == pytest.approx(35)
    assert "typical day, 12:00 of 1 day," in scene.legend.window


def test_gaps_are_told(twin):
    holes = np.full((AXIS.count, 4), 1.0)
    holes[30, 1] = np.nan
    holey = twin.with_series(dense("houses", "carbon_intensity", "g/kWh", holes))
    scene = resolve(holey, View(time=35, overlay="carbon", window=DAY))
    assert "1 with gaps: known hours only" in scene.legend.note


def test_what_is_not_computed_yet_has_no_sum(twin):
    done = np.arange(AXIS.count) < 20
    half = twin.with_series(
        dense("houses", "carbon_intensity", "g/kWh", np.full((AXIS.count, 4), 9.0), done=done)
    )
    for i, state in ((15, State.VALUE), (25, State.PENDING)):
        scene = resolve(half, View(time=i, overlay="carbon", window=Window("cumulative")))
        assert scene.paints["houses"].state[1] == state


def test_a_static_twin_has_no_windows(twin):
    from twinview.model.time import STATIC

    still = replace(twin, series={}, time=STATIC)
    assert resolve(still, View(overlay="attribute", window=DAY)).legend.window == ""


def test_windows_in_words():
    assert length_text(86400) == "24 h"
    assert length_text(3 * 86400) == "3 days"
    assert length_text(50 * 3600) == "2 days 2 h"
    text = window_text(AXIS, Window("rolling", 7200, days="workdays"), 47)
    assert text == "2 h, 2024-04-01 23:00 to 2024-04-02 01:00, only Monday to Friday"
    held = Window("range", days="workdays", season="winter", holidays=(date(2024, 4, 1),))
    assert window_text(AXIS, held, 0).endswith(
        ", only Monday to Friday without holidays, December to February"
    )
    early = Window("cumulative", begin=AXIS.seconds(40))
    assert window_text(AXIS, early, 3) == "nothing of the range has come yet"


def test_holidays_of_the_district_are_no_workdays_on_the_map(twin):
    # Sunday, then Easter Monday, 1 April 2024, from step 23, and an hour of the Tuesday.
    view = View(time=47, overlay="power", window=Window("range", days="workdays"))
    plain = resolve(twin, view)
    assert "without holidays" not in plain.legend.window
    free = resolve(replace(twin, holidays=(date(2024, 4, 1),)), view)
    assert "only Monday to Friday without holidays" in free.legend.window
    assert free.view.window.holidays == ()
    # 'low' uses 1 kW in steps 24 to 35, else 2 kW: 36 kWh on the Monday, 2 in the last hour.
    assert plain.paints["houses"].values[1] == pytest.approx(38.0)
    assert free.paints["houses"].values[1] == pytest.approx(2.0)


def test_between_two_steps_values_lie_on_the_line_and_the_legend_says_so(twin):
    # Step 11 is the last of the night, step 12 the first of the day; 12:00 and 13:00 local.
    scene = resolve(twin, View(time=11, between=0.25, overlay="power"))
    assert scene.paints["houses"].values[1] == pytest.approx(1.25)
    assert scene.paints["line"].values[0] == pytest.approx(0.0)
    assert scene.legend.window == "Interpolated between two steps"
    assert scene.legend.unit == "kW"
    assert scene.clock.time == "12:15"
    plain = resolve(twin, View(time=11, overlay="power"))
    assert scene.legend.limits == plain.legend.limits
    assert plain.clock.time == "12:00"
    assert plain.legend.window == ""


def test_nothing_lies_after_the_last_step_nor_between_windows(twin):
    last = resolve(twin, View(time=AXIS.count - 1, between=0.5, overlay="power"))
    assert last.legend.window == ""
    day = resolve(twin, View(time=35, between=0.5, overlay="power", window=DAY))
    assert day.paints["houses"].values[1] == pytest.approx(36)
    assert day.clock.time == "12:00"


def test_what_has_a_gap_at_one_end_is_missing_between(twin):
    holes = np.full((AXIS.count, 4), 1.0)
    holes[12, 1] = np.nan
    done = np.arange(AXIS.count) < 20
    holey = twin.with_series(dense("houses", "carbon_intensity", "g/kWh", holes, done=done))
    for i, states in ((11, (State.VALUE, State.MISSING)), (19, (State.PENDING, State.PENDING))):
        scene = resolve(holey, View(time=i, between=0.5, overlay="carbon"))
        assert tuple(scene.paints["houses"].state[:2]) == states
