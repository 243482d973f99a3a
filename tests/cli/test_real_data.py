"""The verbs on public data beside the repository."""

import json

import numpy as np
import pyarrow.parquet as pq
import pytest

ROTTERDAM = "data/cityjson-rotterdam-delfshaven/3-20-DELFSHAVEN.city.json"
VIENNA = "data/cityjson-vienna-seq/vienna.jsonl"
PRAGUE = "data/footprints-prague-bubenec/bubenec.gpkg"
BUFFALO = "data/urbanopt-buffalo/example_project_with_electric_network.json"
SCHUTTERWALD = "data/grid-schutterwald/lv_schutterwald.json"


def layer(found: dict, id_: str) -> dict:
    """Return what is said of a layer."""
    return next(one for one in found["layers"] if one["id"] == id_)


def errors(found: dict) -> list[dict]:
    """Return the problems that are errors."""
    return [one for one in found["problems"] if one["severity"] == "error"]


def test_rotterdam(shared, answer, twinview, tmp_path):
    found = answer("new", "rotterdam.twin", "--add", shared / ROTTERDAM)
    assert found["crs"] == "EPSG:28992"
    assert layer(found, "buildings")["elements"] == 853
    assert layer(found, "buildings")["geometry"] == "surface"
    assert found["time"] is None
    west, south, east, north = found["extent"]
    assert 90_400 < west < east < 91_460
    assert 435_400 < south < north < 436_100
    assert not errors(answer("check", "rotterdam.twin"))
    shown = answer("snapshot", "rotterdam.twin", "-o", "r.png", "--size", "400x300")
    assert shown["elements"] == {"shown": 853, "missing": 0}
    assert shown["at"] is None
    twinview("export", "rotterdam.twin", "-o", "r.parquet", "--what", "height_m")
    table = pq.read_table(tmp_path / "r.parquet")
    assert table.num_rows == 853
    assert "height_m [m]" in table.column_names


def test_vienna_asks_for_its_coordinate_system(shared, answer, twinview, tmp_path):
    ran = twinview("new", "vienna.twin", "--add", shared / VIENNA, code=3)
    assert "--crs" in ran.stderr
    assert "EPSG:31256" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert not (tmp_path / "vienna.twin").exists()
    found = answer("new", "vienna.twin", "--add", shared / VIENNA, "--crs", "EPSG:31256")
    assert layer(found, "buildings")["elements"] > 100
    assert found["sources"][0]["crs_known_from"] == "given"
    again = answer("info", "vienna.twin")
    assert again["layers"] == found["layers"]


def test_prague(shared, answer, twinview, tmp_path):
    found = answer("info", shared / PRAGUE)
    assert layer(found, "buildings")["elements"] == 144
    assert sum(layer(found, "buildings")["heights"].values()) == 144
    assert {"buildings", "streets"} <= {one["id"] for one in found["layers"]}
    answer("new", "prague.twin", "--add", shared / PRAGUE)
    twinview("export", "prague.twin", "-o", "p.csv", "--layer", "buildings")
    assert len((tmp_path / "p.csv").read_text(encoding="utf-8-sig").splitlines()) == 145


def test_buffalo(shared, answer):
    found = answer("new", "buffalo.twin", "--add", shared / BUFFALO)
    assert layer(found, "buildings")["elements"] == 13
    assert layer(found, "buildings")["heights"] == {"storeys": 13}
    assert not errors(found)


def test_schutterwald_is_computed(shared, answer, twinview, tmp_path):
    found = answer("new", "grid.twin", "--add", shared / SCHUTTERWALD)
    assert found["networks"][0]["elements"]["node"] == 2940
    balance = answer("compute", "grid.twin")
    assert balance["converged_steps"] == 1
    energy = balance["energy_kwh"]
    assert energy["loss"] > 0
    assert abs(energy["residual"]) < 1e-6 * energy["import"]
    twinview("export", "grid.twin", "-o", "v.parquet", "--what", "voltage")
    volts = pq.read_table(tmp_path / "v.parquet")["voltage [p.u.]"].to_numpy()
    assert np.nanmin(volts) == pytest.approx(0.869, abs=2e-3)
    shown = answer(
        "snapshot", "grid.twin", "-o", "g.png", "--overlay", "loading", "--size", "400x300"
    )
    assert shown["elements"]["shown"] > 2900


def test_many_files_at_once(shared, answer):
    found = answer("new", "two.twin", "--add", shared / ROTTERDAM, "--add", shared / PRAGUE)
    assert len(found["sources"]) == 2
    assert found["crs"] == "EPSG:28992"
    assert json.dumps(found)
