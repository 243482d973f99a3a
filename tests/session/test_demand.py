"""Demand by hand: area x intensity, the year's sum, clocks put forward, leap years."""

import numpy as np
import pytest

from tests.town import YEAR, codes, town, with_weather
from twinview.energy.demand import Archetype
from twinview.energy.profiles import year_axis
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import Network, Twin
from twinview.session.demand import archetypes_of, axis_of, climates, offer
from twinview.session.modelling import modelled
from twinview.session.models import DemandModel
from twinview.session.project import Settings

BERLIN = {"tz": "Europe/Berlin"}
OFFICE_GB, HOME = 95.0, 35.0
"""kWh/m2 a year of the shipped table: CIBSE TM46 for offices, an assumption for homes."""


def model(**said) -> Settings:
    """Return settings that ask for demand."""
    return Settings(demand=DemandModel(climate="GB", **{**BERLIN, "year": 2023, **said}))


def two() -> Twin:
    """Return an office of three storeys and a house of two, of 100 m2 each."""
    return town(use=["office", "apartments"], storeys=[3, 2])


def used(twin: Twin) -> Profiled:
    """Return the consumption of the buildings."""
    found = twin.find("houses", "consumption")
    assert isinstance(found, Profiled)
    return found


@pytest.mark.parametrize(("year", "step"), [(2023, 15), (2023, 60), (2024, 15), (2024, 30)])
def test_a_year_of_power_adds_up_to_the_annual_energy(year, step):
    series = used(modelled(two(), model(year=year, step_minutes=step), strict=True))
    hours = step / 60
    days = 366 if year == 2024 else 365
    assert series.time.count == days * 24 * 60 // step
    # kW times hours: a sum of bare quarter-hour values would be four times too large. The hours at
    # which clocks change leave 0.01 % open.
    energy = series.window(0, series.time.count).sum(axis=0, dtype=np.float64) * hours
    assert energy == pytest.approx([300 * OFFICE_GB, 200 * HOME], rel=5e-4)


def test_an_office_keeps_its_hours_when_the_clocks_are_put_forward():
    series = used(modelled(two(), model(step_minutes=15), strict=True))
    axis = series.time
    (sunday,) = {len(axis.day_of(axis.index_of(axis.parse("2023-03-26T12:00"))))}
    assert sunday == 23 * 4
    # Friday and Monday around it are working days of the same season.
    before, after = (axis.index_of(axis.parse(f"2023-03-{day}T09:00")) for day in (24, 27))
    assert series.at(before)[0] == pytest.approx(series.at(after)[0])
    assert after - before == (3 * 24 - 1) * 4


def test_holidays_are_sundays():
    series = used(modelled(two(), model(holidays=("2023-05-01",)), strict=True))
    at = [series.time.index_of(series.time.parse(f"2023-{d}T11:00")) for d in ("04-30", "05-01")]
    assert series.at(at[0])[0] == pytest.approx(series.at(at[1])[0])


def test_modelled_values_say_that_they_are():
    twin = modelled(two(), model(), strict=True)
    meaning = used(twin).meaning
    assert (meaning.origin, meaning.spread, meaning.unit) == ("modelled", 0.5, "kW")
    assert "archetypes of GB" in meaning.source
    found = next(one for one in twin.problems if one.code == "demand.modelled")
    assert "2 of 2 buildings" in found.message
    assert "36 MWh" in found.message  # 28.5 + 7
    assert "demand.unverified" in codes(twin.problems)


def test_buildings_of_unknown_use_get_nothing():
    twin = modelled(town(use=["office", "palace"], storeys=[1, 1]), model(), strict=True)
    assert np.isnan(used(twin).at(0)).tolist() == [False, True]
    assert "demand.use_unknown" in codes(twin.problems)
    with pytest.raises(CommandError, match=r"say no use that is known.*otherwise=residential"):
        modelled(town(use=["palace"], storeys=[1]), model(), strict=True)


def test_own_archetypes_go_first():
    own = Archetype("office", "GB", "electricity", 10.0, "m2", "mine", "primary")
    series = used(modelled(two(), model(own=(own,)), strict=True))
    assert series.scale.tolist() == pytest.approx([3000.0, 7000.0])
    assert sum(one.use == "office" for one in archetypes_of(DemandModel(climate="GB", own=(own,)))
               if one.climate == "GB" and one.carrier == "electricity") == 1  # fmt: skip


def test_households_count_where_the_archetype_does():
    twin = town(use=["apartments"], households=[3])
    settings = model()
    assert settings.demand is not None
    chinese = settings.demand.model_copy(update={"climate": "CN-cold"})
    series = used(modelled(twin, Settings(demand=chinese), strict=True))
    assert series.scale.tolist() == pytest.approx([3 * 2700.0])


def test_what_is_not_there_is_said_with_what_is():
    with pytest.raises(CommandError, match=r"no archetypes of 'XX'; there are .*GB"):
        modelled(two(), Settings(demand=DemandModel(climate="XX", year=2023, **BERLIN)),
                 strict=True)  # fmt: skip
    with pytest.raises(CommandError, match="use 'castle'"):
        modelled(two(), model(otherwise="castle"), strict=True)
    with pytest.raises(CommandError, match="no buildings"):
        modelled(Twin("x", "", (0, 0, 0)), model(), strict=True)
    with pytest.raises(CommandError, match="'Nowhere' is not the name of a time zone"):
        modelled(two(), model(tz="Nowhere"), strict=True)
    assert climates()[:2] == ("GB", "*")


def test_year_and_zone_are_needed_where_nothing_moves():
    for said in ({"year": None}, {"tz": ""}):
        with pytest.raises(CommandError, match="year=2023;tz=Europe/Berlin"):
            modelled(two(), model(**said), strict=True)


def test_the_weather_gives_the_year_where_none_is_named():
    twin = with_weather(two())
    axis = axis_of(twin, DemandModel(climate="GB", **BERLIN))
    assert (axis.start, axis.count, axis.tz) == (YEAR.start, 8760, "Europe/Berlin")
    assert axis_of(twin, DemandModel(climate="GB", year=2024, **BERLIN)) == year_axis(
        2024, "Europe/Berlin", 3600
    )


def test_a_clock_that_moves_by_itself_is_kept():
    day = TimeAxis(YEAR.start, 900, 96, "Europe/Berlin")
    power = Dense(Meaning("houses", "power", "kW"), day, np.ones((96, 2), np.float32))
    twin = two().with_series(power)
    assert used(modelled(twin, model(), strict=True)).time == day
    with pytest.raises(CommandError, match="leave the year 2024 out"):
        modelled(twin, model(year=2024), strict=True)


def test_a_consumption_that_is_there_stays():
    given = Dense(Meaning("houses", "consumption", "kW"), YEAR, np.ones((8760, 2), np.float32))
    with pytest.raises(CommandError, match="has a consumption already"):
        modelled(two().with_series(given), model(), strict=True)


def test_the_sum_is_held_against_the_loads_of_a_grid():
    # 35.5 MWh of buildings beside loads of 1 kW all year, 8.76 MWh.
    power = Dense(Meaning("load", "power", "kW"), YEAR, np.ones((8760, 1), np.float32))
    network = Network("net", "Net", "electricity", {"node": "n", "sym_load": "load"})
    twin = two().with_series(power)
    grid = Twin(twin.name, "", twin.origin, twin.layers, {"net": network}, twin.series, YEAR)
    found = {one.code: one.message for one in modelled(grid, model(), strict=True).problems}
    assert "4.05 times" in found["demand.beside_grid"]
    assert "use more than their meter says: Net (4.05)" in found["demand.feeder"]


def test_the_command_is_offered_once_where_nobody_consumes():
    assert codes(offer(two(), Settings())) == ["model.offer"]
    assert offer(two(), model()) == []
    given = Dense(Meaning("houses", "consumption", "kW"), YEAR, np.ones((8760, 2), np.float32))
    assert offer(two().with_series(given), Settings()) == []
    assert offer(Twin("x", "", (0, 0, 0)), Settings()) == []
