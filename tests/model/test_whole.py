"""Series of the whole district: weather, and the carbon of imports."""

import numpy as np
import pytest

from twinview.model.join import Join
from twinview.model.part import Table
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT
from twinview.model.whole import IMPORT, of_district, of_imports, of_whole

AXIS = TimeAxis(0, 3600, 2)


def table(id_: str, columns: tuple[str, ...], units: tuple[str, ...], **more) -> Table:
    """Return a table whose columns count up."""
    values = np.arange(2 * len(columns), dtype=np.float32).reshape(2, -1)
    return Table(id_, id_, AXIS, columns, values, units, **more)


def test_columns_become_quantities_of_the_district():
    units = ("°C", "kW/m²")
    one = table("w", ("temperature", "global_irradiance"), units, layer=DISTRICT)
    series, problems = of_district([one, table("other", ("x",), ("kW",))])
    assert [(s.meaning.layer, s.meaning.quantity, s.meaning.unit) for s in series] == [
        (DISTRICT, "temperature", "°C"), (DISTRICT, "global_irradiance", "W/m²"),
    ]  # fmt: skip
    assert series[1].of(0).tolist() == [1000.0, 3000.0]
    assert not problems


def test_of_two_weather_files_the_later_one_counts():
    first = table("a", ("temperature",), ("°C",), layer=DISTRICT)
    series, problems = of_district([first, table("b", ("temperature",), ("°C",), layer=DISTRICT)])
    assert [s.meaning.source for s in series] == ["b"]
    assert [p.code for p in problems] == ["district.twice"]


def test_a_lone_column_of_carbon_is_that_of_imports():
    mix = table("mix", ("actual",), ("kg/kWh",))
    series, problems = of_imports([mix, table("load", ("x",), ("kW",))], [])
    assert [(s.meaning.quantity, s.of(0).tolist()) for s in series] == [(IMPORT, [0.0, 1000.0])]
    assert [p.code for p in problems] == ["imports.series"]


def test_carbon_that_a_join_takes_or_that_is_ambiguous_is_left():
    mix = table("mix", ("actual",), ("g/kWh",))
    taken = Join("columns", "mix", "source", "carbon_intensity")
    assert of_imports([mix], [taken]) == ([], [])
    series, (problem,) = of_imports([mix, table("b", ("x",), ("g/kWh",))], [])
    assert not series
    assert problem.code == "imports.several"


def test_a_column_without_unit_needs_its_name():
    named = table("mix", ("x",), ("",), quantity="carbon_intensity")
    assert of_imports([named], [])[0][0].of(0).tolist() == pytest.approx([0.0, 1.0])
    assert of_imports([table("t", ("x",), ("",))], []) == ([], [])


def test_both_together():
    mix = table("mix", ("actual",), ("g/kWh",))
    weather = table("w", ("temperature",), ("°C",), layer=DISTRICT)
    series, problems = of_whole([mix, weather], [])
    assert [s.meaning.quantity for s in series] == ["temperature", IMPORT]
    assert [p.code for p in problems] == ["imports.series"]
