"""Real data sets: what they are known to hold is what is read."""

import numpy as np
import pytest

from twinview.model.problem import NeedsAnswer


@pytest.fixture
def data(shared):
    return shared / "data"


def kinds(part) -> dict[str, int]:
    return {layer.id: len(layer) for layer in part.layers}


def total(part, layer_id: str) -> int:
    (layer,) = [one for one in part.layers if one.id == layer_id]
    return len(layer)


def test_rotterdam(data, read):
    part = read(data / "cityjson-rotterdam-delfshaven" / "3-20-DELFSHAVEN.city.json")
    assert (part.crs, kinds(part)) == ("EPSG:28992", {"buildings": 853})
    assert part.layers[0].geometry.kind == "surface"
    assert set(np.unique(part.layers[0].geometry.semantics)) >= {1, 2, 3}


def test_vienna_asks_first(data, read):
    path = data / "cityjson-vienna-seq" / "vienna.jsonl"
    with pytest.raises(NeedsAnswer, match="--crs") as asked:
        read(path)
    assert asked.value.choices[0] == "EPSG:31256"
    part = read(path, crs="EPSG:31256")
    assert (part.crs, kinds(part)) == ("EPSG:31256", {"buildings": 149})
    assert np.isfinite(part.layers[0].numbers("measuredHeight")).all()


def test_bubenec(data, read):
    part = read(data / "footprints-prague-bubenec" / "bubenec.gpkg")
    assert part.crs == "EPSG:3857"
    assert kinds(part) == {"tessellation": 144, "buildings": 144, "streets": 35, "plots": 407}
    assert [layer.kind for layer in part.layers] == ["other", "building", "road", "other"]


def test_kawasaki(data, read):
    part = read(data / "footprints-kawasaki" / "bd_demo.json")
    assert (part.crs, kinds(part)) == ("EPSG:4326", {"bd_demo": 1374})
    assert set(part.layers[0].column("height_source")) == {"measured"}


def test_urbanopt_folder(data, read):
    pytest.importorskip("dss")
    part = read(data / "urbanopt-buffalo")
    layers = {layer.id: layer for layer in part.layers}
    shown = [layers[k].kind for k in ("buildings", "node", "line", "sym_load")]
    assert shown == ["building", "node", "line", "load"]
    assert kinds(part)["buildings"] == 13
    (table,) = part.tables
    assert sorted(table.columns) == sorted(layers["buildings"].ids)
    assert set(table.units) == {"kW"}
    assert table.time.at(0).isoformat() == "2017-01-01T00:00:00+00:00"
    assert table.values[0, 0] == pytest.approx(764.584, abs=0.01)
    area = layers["buildings"].numbers("floor_area_m2")[0]
    assert area == pytest.approx(752184 * 0.09290304)
    assert layers["buildings"].unit("floor_area_m2") == "m2"
    assert layers["buildings"].numbers("height_m")[0] == 12


def test_urbanopt_file_alone(data, read):
    part = read(data / "urbanopt-buffalo" / "example_project.json")
    assert kinds(part) == {"buildings": 13, "site_origin": 1}
    assert not part.tables


def test_schutterwald(data, read):
    part = read(data / "grid-schutterwald" / "lv_schutterwald.json")
    expected = {"node": 2940, "line": 3000, "transformer": 14, "source": 14, "sym_load": 2757}
    assert kinds(part) == expected
    loads = next(layer for layer in part.layers if layer.id == "sym_load")
    counts = np.unique(loads.column("kind"), return_counts=True)[1]
    assert sorted(counts.tolist()) == [1251, 1506]
    assert part.crs == "EPSG:4326"


def test_oberrhein(data, read):
    part = read(data / "grid-mv-oberrhein" / "mv_oberrhein.json")
    expected = {
        "node": 179,
        "line": 181,
        "transformer": 2,
        "source": 2,
        "sym_load": 147,
        "sym_gen": 153,
    }
    assert kinds(part) == expected
    lines = next(layer for layer in part.layers if layer.id == "line")
    opened = (lines.numbers("from_status") == 0) | (lines.numbers("to_status") == 0)
    assert opened.any()


def test_simbench_grid_and_profiles(data, read):
    folder = data / "grid-simbench-lv"
    part = read(folder / "1-LV-rural3--2-sw.json")
    assert (total(part, "node"), total(part, "line"), total(part, "storage")) == (129, 127, 16)
    assert {"network.tap", "storage.profile"} <= {problem.code for problem in part.problems}
    (table,) = read(folder / "1-LV-rural3--2-sw_load.parquet", tz="Europe/Berlin").tables
    assert (table.time.count, table.time.step) == (35136, 900)
    loads = next(layer for layer in part.layers if layer.id == "sym_load")
    assert set(loads.column("profile")) <= set(table.columns)


CITYJSON = ["cityjson-conformance-2.0", "cityjson-cjio-samples"]


@pytest.mark.parametrize("folder", CITYJSON)
def test_city_models_of_others(data, parse, folder):
    """Each opens without an exception; rows add up."""
    for path in sorted((data / folder).glob("*.json")):
        part = parse(path, crs="EPSG:7415")
        assert sum(kept for _rows, kept in part.rows.values()) == sum(map(len, part.layers))


def test_meters_and_intensities(data, read):
    (table,) = read(data / "meters-bdg2-sample" / "bdg2_hourly_sample.csv").tables
    assert table.columns == ("building_1", "building_2")
    (table,) = read(data / "carbon-us-2022" / "BPAT_NG_&_avgCI.csv").tables
    assert (table.time.count, table.time.step) == (8760, 3600)


def test_demo(read):
    from twinview.paths import demo_file

    folder = demo_file().parent
    part = read(folder / "grid.json")
    assert part.crs == "EPSG:25832"
    assert kinds(part).keys() >= {
        "node",
        "line",
        "transformer",
        "source",
        "sym_load",
        "sym_gen",
        "storage",
    }
    (table,) = read(folder / "profiles.parquet").tables
    assert (table.time.count, table.time.tz) == (8784, "Europe/Berlin")
