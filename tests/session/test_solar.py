"""Solar roofs: refused without weather, by hand on a flat roof, plants that are known."""

from dataclasses import replace

import numpy as np
import pytest

from tests.town import YEAR, codes, town, with_weather
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.twin import Twin
from twinview.session.modelling import modelled
from twinview.session.models import SolarModel
from twinview.session.project import Settings

LIGHT = {"global_irradiance": 400.0, "diffuse_irradiance": 400.0, "temperature": 12.0}


def ask(**said) -> Settings:
    """Return settings that ask for solar roofs."""
    return Settings(solar=SolarModel(**said))


def sunny(**columns) -> Twin:
    """Return a town under an even sky."""
    return with_weather(town(**(columns or {"use": ["office"]})), **LIGHT)


def series(twin: Twin, quantity: str) -> Profiled:
    """Return a series of the buildings."""
    found = twin.find("houses", quantity)
    assert isinstance(found, Profiled)
    return found


def test_it_is_refused_without_weather():
    with pytest.raises(CommandError, match="add an EPW file"):
        modelled(town(use=["office"]), ask(), strict=True)
    failed = modelled(town(use=["office"]), ask())
    assert [one.code for one in failed.problems if one.severity == "error"] == ["model.failed"]


def test_a_flat_roof_by_hand():
    twin = modelled(sunny(), ask(), strict=True)
    found = series(twin, "pv_potential")
    assert found.scale.tolist() == pytest.approx([100 * 0.5 * 0.2])
    cosine = np.cos(np.radians(10.0))
    falling = 400 * (1 + cosine) / 2 + 400 * 0.2 * (1 - cosine) / 2
    cell = 12.0 + 26.0 / 800.0 * falling
    power = 10 * falling / 1000 * (1 - 0.0037 * (cell - 25)) * 0.86 * 0.96
    assert found.at(12) == pytest.approx([power], rel=1e-5)
    assert (found.meaning.origin, found.meaning.spread) == ("modelled", 0.3)
    assert "sky model isotropic" in found.meaning.source
    assert "solar.roof_assumed" in codes(twin.problems)
    # Light by night and in winter is more than any place has.
    assert "solar.yield" in codes(twin.problems)


def test_the_potential_is_no_generation_unless_asked():
    assert modelled(sunny(), ask(), strict=True).find("houses", "generation") is None
    made = modelled(sunny(), ask(plants="all"), strict=True)
    assert series(made, "generation").at(12) == pytest.approx(series(made, "pv_potential").at(12))


def test_known_plants_take_their_own_peak_power():
    twin = modelled(sunny(pv_kwp=[5.0, None]), ask(plants="known"), strict=True)
    made = series(twin, "generation")
    assert made.scale.tolist() == pytest.approx([5.0])
    assert np.isnan(made.at(12)).tolist() == [False, True]
    with pytest.raises(CommandError, match="no column 'pv_kwp'"):
        modelled(sunny(), ask(plants="known"), strict=True)


def test_a_known_plant_without_a_roof_is_named():
    tiny = ask(plants="known", flat_share=0.0)
    twin = modelled(sunny(pv_kwp=[5.0]), tiny, strict=True)
    assert "solar.no_roof" in codes(twin.problems)


def test_a_generation_that_is_there_stays():
    given = Dense(Meaning("houses", "generation", "kW"), YEAR, np.ones((8760, 1), np.float32))
    twin = modelled(sunny().with_series(given), ask(plants="all"), strict=True)
    assert twin.find("houses", "generation") is given
    assert "solar.given" in codes(twin.problems)


def test_points_have_no_roofs():
    twin = sunny()
    bare = replace(twin.layers["houses"], geometry=None)
    with pytest.raises(CommandError, match="no roofs"):
        modelled(replace(twin, layers={**twin.layers, "houses": bare}), ask(), strict=True)


def test_weather_from_afar_is_said():
    # The origin lies in Berlin, some 700 km from 47 N 8 E.
    twin = replace(sunny(), crs="EPSG:25833", origin=(390_000.0, 5_820_000.0, 0.0))
    found = modelled(twin, ask(), strict=True).problems
    (problem,) = [one for one in found if one.code == "solar.far"]
    assert "km from the district" in problem.message
