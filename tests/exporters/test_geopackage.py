"""GeoPackages, read back by another library: shapes in place, values at the time, and why not."""

import json

import geopandas
import numpy as np
import pyogrio
import pytest

from tests.gui.hamlet import HOUSES, NOON, hamlet, opened
from twinview.exporters.maps import map_job
from twinview.model.problem import CommandError
from twinview.model.twin import Twin
from twinview.model.window import Window
from twinview.progress import drain
from twinview.scene.private import veiled
from twinview.scene.view import View
from twinview.session.store import Session


def written(path, view: View, twin: Twin | None = None):
    """Return the houses of a hamlet as they were written, and what the layer says of itself."""
    twin = twin or hamlet()
    drain(map_job(twin, view, path, [twin.layers["houses"]]))
    told = pyogrio.read_info(path, layer="houses")["layer_metadata"]["twinview"]
    return geopandas.read_file(path, layer="houses"), json.loads(told)


def test_shapes_stand_in_the_districts_coordinates_with_values_of_the_instant(tmp_path):
    found, told = written(tmp_path / "h.gpkg", View(time=NOON))
    assert found.crs.to_epsg() == 25832
    # The first house: 11 m by 9 m at the origin; its neighbour stands 24 m to the east.
    np.testing.assert_allclose(found.total_bounds[:2], [418_000, 5_370_000])
    np.testing.assert_allclose(found.area, 99)
    np.testing.assert_allclose(found.geometry[1].bounds[0], 418_024)
    assert found["use"].tolist()[:3] == ["dwelling", "office", "school"]
    series = hamlet().find("houses", "consumption").at(NOON)
    np.testing.assert_allclose(found["consumption [kW]"], series)
    assert found["consumption state"].tolist()[-2:] == ["estimated", "no data"]
    assert told["time"] == "2024-03-30T12:00+01:00"
    assert told["crs"] == "EPSG:25832"


def test_over_a_window_power_becomes_energy(tmp_path):
    """A day of 24 hours of one hour each: the sum of the steps is the energy in kWh."""
    twin = hamlet()
    begin = twin.time.seconds(0)
    window = Window("range", begin=begin, end=begin + 86_400)
    found, told = written(tmp_path / "h.gpkg", View(time=NOON, window=window))
    whole = twin.find("houses", "consumption").window(0, 24).sum(axis=0)
    np.testing.assert_allclose(found["consumption [kWh]"], whole, rtol=1e-5)
    assert (told["from"], told["to"]) == ("2024-03-29T00:00+01:00", "2024-03-30T00:00+01:00")
    assert told["consumption"] == "Sum"


def test_values_of_single_dwellings_are_means_of_groups(tmp_path):
    found, _told = written(tmp_path / "h.gpkg", View(time=NOON), veiled(hamlet(), 5))
    private = found["use"] == "dwelling"
    own = hamlet().find("houses", "consumption").at(NOON)[private]
    assert (found["consumption state"][private] == "group mean").all()
    shown = found["consumption [kW]"][private]
    assert shown.notna().all()
    assert not np.isin(shown.to_numpy(), own).any()
    assert (shown.groupby(shown.round(6)).size() >= 5).all()
    assert (found["consumption state"][found["use"] == "office"] == "estimated").all()


def test_all_layers_go_into_one_file_and_a_table_is_refused(tmp_path):
    session = Session(opened())
    session.teller = lambda told: None
    session.run("export.layer", tmp_path / "all.gpkg")
    assert pyogrio.list_layers(tmp_path / "all.gpkg")[:, 0].tolist() == [
        "houses", "cables", "stores",
    ]  # fmt: skip
    assert len(geopandas.read_file(tmp_path / "all.gpkg", layer="houses")) == HOUSES
    with pytest.raises(CommandError, match=r"written as \.gpkg"):
        session.run("export.layer", tmp_path / "all.shp")
    with pytest.raises(CommandError, match="no layer 'nosuch'; there are houses"):
        session.run("export.layer", tmp_path / "all.gpkg", "nosuch")
    with pytest.raises(CommandError, match="could not be written"):
        session.run("export.layer", tmp_path / "nowhere" / "all.gpkg")
    assert [one.name for one in tmp_path.iterdir()] == ["all.gpkg"]
