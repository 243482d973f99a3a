"""Weather files as parts: times, years, zones, the station, and what is missing."""

from pathlib import Path

import numpy as np
import pytest

from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.readers.epw import fixed_zone

TINY = (Path(__file__).parents[1] / "cases" / "epw_tiny" / "weather.epw").read_text("latin-1")
REAL = "data/weather-epw/Zuerich-ETHZ_1990-2010_TMY.epw"


@pytest.fixture
def save(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "w.epw"
        path.write_text(text, encoding="latin-1")
        return path

    return write


def test_a_day_of_a_station(save, parse):
    part = parse(save(TINY))
    (table,), (layer,) = part.tables, part.layers
    assert table.layer == DISTRICT
    # Hour 1 ends at 1:00, so its interval starts at midnight, 12 h before that of UTC.
    assert table.time.at(0).isoformat() == "1999-07-15T00:00:00+12:00"
    assert (table.time.step, table.time.count, table.time.tz) == (3600, 24, "Etc/GMT-12")
    column = dict(zip(table.columns, table.values.T, strict=True))
    assert column["temperature"][0] == 0.5
    assert column["global_irradiance"][11] == 600
    assert dict(zip(table.columns, table.units, strict=True))["beam_irradiance"] == "W/m²"
    assert (layer.kind, layer.geometry) == ("weather", None)
    assert [float(layer.numbers(name)[0]) for name in ("latitude", "longitude", "elevation_m")] == [
        -41.5, 174.25, 33.0,
    ]  # fmt: skip
    assert [problem.code for problem in part.problems] == ["weather.read", "weather.missing"]
    assert "temperature 1, global_irradiance 1, beam_irradiance 2" in part.problems[1].message


def test_a_typical_year_says_which_year_it_is_shown_as(save, parse):
    lines = TINY.splitlines()
    second = [line.replace("1999,7,15,", "2004,7,16,") for line in lines[8:]]
    path = save("\n".join(lines + second))
    part = parse(path)
    assert "a typical year of months from 1999 to 2004, shown as 1999" in part.problems[0].message
    assert part.tables[0].origin == "generated"
    assert parse(path, start="2023-01-01").tables[0].time.at(0).year == 2023


def test_a_leap_day_needs_a_leap_year(save, parse):
    path = save(TINY.replace("1999,7,15,", "1999,2,29,"))
    assert parse(path).tables[0].time.at(0).date().isoformat() == "1996-02-29"
    with pytest.raises(CommandError, match="29 February, but 2023 has none"):
        parse(path, start="2023-01-01")


def test_rows_out_of_order_are_refused(save, parse):
    lines = TINY.splitlines()
    lines[8], lines[9] = lines[9], lines[8]
    with pytest.raises(CommandError, match="not in order of time"):
        parse(save("\n".join(lines)))


def test_a_damaged_line_is_named(save, parse):
    with pytest.raises(CommandError, match=r"w\.epw cannot be read as a weather file: line 11"):
        parse(save(TINY.replace("1999,7,15,3,", "1999,13,15,3,")))


@pytest.mark.parametrize(
    ("offset", "zone"),
    [(1, "Etc/GMT-1"), (-5, "Etc/GMT+5"), (0, "UTC"), (5.5, "Asia/Kolkata"), (3.25, "UTC")],
)
def test_zones_without_summer_time(offset, zone):
    assert fixed_zone(offset) == zone


def test_a_real_year(shared, read):
    part = read(shared / REAL)
    (table,) = part.tables
    assert (table.time.count, table.time.at(0).isoformat()) == (8760, "2005-01-01T00:00:00+01:00")
    # Read off the line of noon on 1 January.
    assert table.values[11, [0, 2, 3, 4]].tolist() == pytest.approx([11.9, 209, 299, 115], abs=0.01)
    assert np.isfinite(table.values).all()
