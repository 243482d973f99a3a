"""Curves of the district say of each step what it is made of."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twinview.i18n import set_language
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Network, Twin
from twinview.scene.curves import Mix, curves, mix
from twinview.scene.natures import FORECAST, GENERATED, KNOWN, MODELLED, named_natures, words

CLOCK = TimeAxis(1_711_666_800, 3600, 4, "Europe/Berlin")


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def series(layer, quantity, origin, values=(1.0, 2.0, 3.0, 4.0), time=CLOCK):
    held = np.array(values, dtype=np.float32)[:, None]
    return Dense(Meaning(layer, quantity, "kW", origin=origin), time, held, sums=held[:, 0])


def district(*found, layers=(("a", "building"), ("b", "building"))):
    held = {name: Layer(name, name, kind, pa.table({"id": ["1"]})) for name, kind in layers}
    twin = Twin(name="T", crs="EPSG:25832", origin=(0.0, 0.0, 0.0), layers=held, time=CLOCK)
    return twin.with_series(*found)


def said(made, i):
    """Return what is said of a step, with plain spaces."""
    return [text.replace("\u00a0", " ") for text in made.texts(i)]


def test_a_modelled_layer_makes_the_load_an_estimate_and_leaves_generation_alone():
    twin = district(
        series("a", "consumption", "modelled"),
        series("b", "consumption", "measured"),
        series("a", "generation", "given"),
    )
    made = curves(twin, "base")
    assert made.natures["load"].tolist() == [KNOWN | MODELLED] * 4
    assert made.natures["generation"].tolist() == [KNOWN] * 4
    assert said(made, 1) == ["load 4.00 kW (modelled in part)", "generation 2.00 kW"]


def test_generated_roofs_leave_the_load_alone():
    twin = district(series("a", "consumption", "measured"), series("b", "generation", "modelled"))
    made = curves(twin, "base")
    assert made.natures["load"].tolist() == [KNOWN] * 4
    assert said(made, 0) == ["load 1.00 kW", "generation 1.00 kW (modelled)"]


def test_a_forecast_counts_where_its_series_is():
    late = TimeAxis(CLOCK.start + 7200, 3600, 2, CLOCK.tz)
    twin = district(
        series("a", "consumption", "measured"),
        series("b", "consumption", "forecast", (5.0, 6.0), late),
    )
    made = curves(twin, "base")
    assert made.natures["load"].tolist() == [KNOWN] * 2 + [KNOWN | FORECAST] * 2
    assert [said(made, i)[0] for i in (1, 2)] == ["load 2.00 kW", "load 8.00 kW (forecast in part)"]


def test_a_load_of_the_whole_district_is_what_its_own_table_says():
    twin = district(series("a", "consumption", "measured"), series(DISTRICT, "load", "forecast"))
    assert curves(twin, "base").natures["load"].tolist() == [FORECAST] * 4


def test_a_computed_grid_is_made_of_its_devices():
    layers = (("a", "building"), ("loads", "load"), ("node", "node"))
    twin = district(
        series("a", "consumption", "modelled"),
        series("loads", "power", "measured"),
        series(DISTRICT, "load", "computed", (1.0, 2.0, np.nan, np.nan)),
        layers=layers,
    )
    tables = {"node": "node", "load": "loads"}
    twin = replace(twin, networks={"grid": Network("grid", "Grid", "electricity", tables)})
    # Where the grid is not computed yet, the curve is the sum over the buildings.
    assert curves(twin, "base").natures["load"].tolist() == [KNOWN, KNOWN, MODELLED, MODELLED]


def test_sources_are_estimates_where_what_they_balance_is_one():
    twin = district(
        series("a", "consumption", "generated"),
        series("a", "generation", "given"),
        series(DISTRICT, "load", "computed"),
        series(DISTRICT, "generation", "computed"),
        series(DISTRICT, "import", "computed"),
    )
    made = mix(twin, "base")
    assert made.nature("generation").tolist() == [KNOWN] * 4
    assert made.nature("import").tolist() == [KNOWN | GENERATED] * 4
    assert said(made, 0) == ["generation 1.00 kW", "import 1.00 kW (generated in part)"]


def test_a_sum_without_one_of_its_sources_is_no_sum():
    made = Mix({
        "generation": np.array([1, np.nan, 3], dtype=np.float32),
        "import": np.array([2, 5, -4], dtype=np.float32),
    })  # fmt: skip
    np.testing.assert_array_equal(made.total, [3, np.nan, 3])
    np.testing.assert_array_equal(made.given["import"], [2, np.nan, 0])
    assert made.top == 3


def test_natures_in_words():
    assert words(KNOWN) == words(0) == ""
    assert words(MODELLED) == "modelled"
    assert words(GENERATED | FORECAST) == "generated, forecast in part"
    assert named_natures("load 3 kW", FORECAST) == "load 3 kW (forecast)"
    assert named_natures("load 3 kW", KNOWN) == "load 3 kW"
