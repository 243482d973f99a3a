"""Weather files: a made-up day, and a real year where the shared data lie beside the project."""

from pathlib import Path

import numpy as np
import pytest

from twinview.readers.common.epwtext import read_epw

TINY = (Path(__file__).parents[2] / "cases" / "epw_tiny" / "weather.epw").read_text(
    encoding="latin-1"
)
REAL = "data/weather-epw/Zuerich-ETHZ_1990-2010_TMY.epw"


def test_a_day_by_hand() -> None:
    day = read_epw(TINY)
    assert (day.place, day.country, day.source) == ("Nowhere", "NZL", "made up")
    assert (day.latitude, day.longitude, day.elevation) == (-41.5, 174.25, 33.0)
    assert (day.utc_offset, day.step_hours) == (12.0, 1.0)
    assert day.values["temperature"][[0, 1, 23]].tolist() == [0.5, 1.0, 12.0]
    assert day.values["ghi"][11] == 600
    assert day.values["wind_direction"][0] == 270
    # The codes of missing values, and a value that cannot be, are missing.
    assert np.flatnonzero(np.isnan(day.values["temperature"])).tolist() == [2]
    assert np.flatnonzero(np.isnan(day.values["ghi"])).tolist() == [4]
    assert np.flatnonzero(np.isnan(day.values["dni"])).tolist() == [4, 5]


def test_hour_1_begins_at_midnight_of_standard_time() -> None:
    instants = read_epw(TINY).instants(2024)
    assert str(instants[0]) == "2024-07-14T12:00:00"
    assert str(instants[-1]) == "2024-07-15T11:00:00"


def test_half_hours() -> None:
    lines = TINY.splitlines()
    lines[7] = lines[7].replace("DATA PERIODS,1,1", "DATA PERIODS,1,2")
    twice = [line for line in lines[8:] for _ in range(2)]
    day = read_epw("\n".join(lines[:8] + twice))
    assert day.step_hours == 0.5
    assert day.minute[:3].tolist() == [0, 30, 60]


def test_a_leap_day_needs_a_leap_year() -> None:
    leap = read_epw(TINY.replace("1999,7,15,", "1999,2,29,"))
    assert str(leap.instants(2024)[12]) == "2024-02-29T00:00:00"
    with pytest.raises(ValueError, match="29 February, but 2023 has none"):
        leap.instants(2023)


def test_a_real_year(shared: Path) -> None:
    year = read_epw((shared / REAL).read_text(encoding="latin-1"))
    assert (year.latitude, year.longitude, year.utc_offset) == (47.377, 8.549, 1.0)
    assert year.month.size == 8760
    # Read off the first line and that of noon on 1 January.
    assert year.values["temperature"][[0, 11]].tolist() == [8.8, 11.9]
    assert [year.values[name][11] for name in ("ghi", "dni", "dhi")] == [209, 299, 115]
    assert not any(np.isnan(series).any() for series in year.values.values())
    gaps = np.diff(year.instants(2023))
    assert (gaps == np.timedelta64(3600, "s")).all()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("LOCATION", "PLACE"), "begins with LOCATION"),
        (("-41.5", "-141.5"), "line 1: latitude"),
        (("-41.5", "south"), "line 1: could not"),
        (("DATA PERIODS,1,1", "DATA PERIODS,1,7"), "line 8"),
        (("1999,7,15,3,", "1999,13,15,3,"), "line 11: no such month"),
        (("1999,7,15,4,60,?9?9?9,2,", "1999,7,15,4,60,?9?9?9,x,"), "line 12: could not"),
        (("1999,7,15,4,60,?9?9?9,2,", "1999,7,15,4,60\n"), "line 12: 5 values are too few"),
    ],
)
def test_mistakes_name_their_line(change, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_epw(TINY.replace(*change))


def test_half_a_day_and_no_day() -> None:
    lines = TINY.splitlines()
    with pytest.raises(ValueError, match="whole number of days"):
        read_epw("\n".join(lines[:20]))
    with pytest.raises(ValueError, match="no data"):
        read_epw("\n".join(lines[:8]))
