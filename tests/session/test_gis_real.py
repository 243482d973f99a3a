"""Real districts without a grid: sizes, sums and yields against figures found another way."""

import geopandas as gpd
import numpy as np
import pytest

from twinview.progress import drain
from twinview.readers.registry import Options
from twinview.session.computing import results_of
from twinview.session.modelling import modelled
from twinview.session.models import DemandModel, SolarModel
from twinview.session.opening import open_files
from twinview.session.project import Settings

OFFICE, HOME = 95.0, 35.0
"""kWh/m2 a year: the rows of the shipped table for GB and for anywhere."""


@pytest.fixture
def opened(shared, tmp_path):
    """Return a function that opens files of the shared data."""

    def run(*files: str, **said: str):
        paths = [shared / "data" / one for one in files]
        return drain(open_files(paths, tmp_path / "p.twin", Options(**said)))

    return run


def annual(twin, quantity: str) -> np.ndarray:
    """Return kWh a year of each building."""
    (layer,) = twin.of_kind("building")
    series = twin.find(layer.id, quantity)
    hours = series.time.step / 3600
    return np.nansum(series.window(0, series.time.count), axis=0, dtype=np.float64) * hours


def test_zug_is_footprint_times_floors_times_intensity(shared, opened):
    zone = "cea-zug-2020/baseline/inputs/building-geometry/zone.shp"
    state = opened(zone, "cea-zug-2020/baseline/inputs/weather/weather.epw", kind="building")
    model = DemandModel(climate="GB", otherwise="office", tz="Europe/Zurich")
    settings = Settings(demand=model, solar=SolarModel(plants="all"), import_intensity=100.0)
    twin = modelled(state.twin, settings, strict=True)
    frame = gpd.read_file(shared / "data" / zone)
    wanted = frame.geometry.area.to_numpy() * frame["floors_ag"].to_numpy() * OFFICE
    assert annual(twin, "consumption") == pytest.approx(wanted, rel=1e-3)
    # Half of a flat roof at 0.2 kW/m2. Plants at 10 degrees yield some 900 to 1,050 kWh/kWp there.
    made = annual(twin, "generation") / (frame.geometry.area.to_numpy() * 0.1)
    assert ((made > 900) & (made < 1050)).all()
    project = state.project.model_copy(update={"settings": settings})
    found = drain(results_of(twin, project, state.path)).as_dict()
    energy = found["energy_kwh"]
    assert energy["load"] == pytest.approx(wanted.sum(), rel=1e-3)
    assert energy["import"] + energy["generation"] == pytest.approx(
        energy["load"] + energy["export"]
    )
    assert found["carbon_kg"]["import"] == pytest.approx(0.1 * energy["import"])


def test_prague_has_no_heights_and_so_no_demand_unless_storeys_are_named(shared, opened):
    state = opened("footprints-prague-bubenec/bubenec.gpkg")
    model = DemandModel(climate="GB", otherwise="residential", year=2023, tz="Europe/Prague")
    bare = modelled(state.twin, Settings(demand=model))
    assert bare.find("buildings", "consumption") is None
    five = modelled(state.twin, Settings(demand=model.model_copy(update={"storeys": 5})))
    frame = gpd.read_file(
        shared / "data" / "footprints-prague-bubenec" / "bubenec.gpkg", layer="buildings"
    )
    area = frame.to_crs(32633).geometry.area.sum()
    assert annual(five, "consumption").sum() == pytest.approx(area * 5 * HOME, rel=1e-3)


def test_vienna_has_roofs_of_its_own(opened):
    epw = "weather-epw/Zuerich-ETHZ_1990-2010_TMY.epw"
    state = opened("cityjson-vienna-seq/vienna.jsonl", epw, crs="EPSG:31256")
    twin = modelled(state.twin, Settings(solar=SolarModel()), strict=True)
    found = next(one for one in twin.problems if one.code == "solar.modelled")
    assert not [one for one in twin.problems if one.code == "solar.roof_assumed"]
    series = twin.find("buildings", "pv_potential")
    # 76 gable roofs and others among 149: many planes, but far fewer than faces.
    assert 50 < series.profiles.shape[1] < 400
    each = annual(twin, "pv_potential").sum() / series.scale.sum()
    assert 800 < each < 1050, found.message
