"""Tables: what stands in them, and that they appear whole or not at all."""

import csv
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twinview.exporters import tables
from twinview.exporters.tables import table_job, write_table
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning, Profiled
from twinview.model.time import TimeAxis
from twinview.model.twin import DISTRICT, Layer, Twin

HOUR = 3600
AXIS = TimeAxis(int(datetime.fromisoformat("2024-03-31T00:00+01:00").timestamp()), HOUR, 5,
                "Europe/Berlin")  # fmt: skip


def dense(layer: str, quantity: str, unit: str, values: list, **more) -> Dense:
    """Return a series from rows of numbers."""
    array = np.array(values, dtype=np.float32)
    return Dense(Meaning(layer, quantity, unit), AXIS, array, **more)


def houses(*ids: str) -> Layer:
    """Return a layer of buildings with a column with a unit and one of texts."""
    table = pa.table({"id": list(ids), "height_m": [6.5, None, 0.0][: len(ids)],
                      "use": ["flat", "=1+1", None][: len(ids)]})  # fmt: skip
    field = table.schema.field("height_m").with_metadata({"unit": "m"})
    return Layer("houses", "Houses", "building", table.set_column(1, field, table["height_m"]))


@pytest.fixture
def twin() -> Twin:
    """Return three houses: one with zero, one with a value, one without."""
    used = dense("houses", "consumption", "kW", [[0.0, 1.5, np.nan]] * 5)
    done = np.array([True, True, True, False, False])
    carbon = dense("houses", "carbon_intensity", "g/kWh", [[400.0, 500.0, np.nan]] * 5, done=done)
    load = dense(DISTRICT, "load", "kW", [[1.5]] * 5)
    twin = Twin("Dorf", "EPSG:25832", (0, 0, 0), {"houses": houses("a", "b", "c")}, time=AXIS)
    return replace(twin, digest="d1").with_series(used, carbon, load)


def read(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV as any reader gives them."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_units_stand_in_the_header_and_times_have_their_offset(twin, tmp_path):
    assert write_table(twin, tmp_path / "a.csv") == 5 * 4
    rows = read(tmp_path / "a.csv")
    assert {"time", "layer", "id", "consumption [kW]", "load [kW]"} <= set(rows[0])
    times = list(dict.fromkeys(row["time"] for row in rows))
    assert times[1:3] == ["2024-03-31T01:00:00+01:00", "2024-03-31T03:00:00+02:00"]
    frame = pd.read_csv(tmp_path / "a.csv")
    assert len(frame) == 20


def test_zero_missing_and_not_computed_differ(twin, tmp_path):
    write_table(twin, tmp_path / "a.csv", layer="houses", steps=range(2, 4))
    first, last = read(tmp_path / "a.csv")[:3], read(tmp_path / "a.csv")[3:]
    told = [(row["consumption [kW]"], row["consumption state"]) for row in first]
    assert told == [("0", "value"), ("1.5", "value"), ("", "no data")]
    assert [row["carbon_intensity state"] for row in first] == ["value", "value", "no data"]
    assert {row["carbon_intensity state"] for row in last} == {"not computed"}
    assert {row["carbon_intensity [g/kWh]"] for row in last} == {""}


def test_emission_is_what_the_picture_shows(twin, tmp_path):
    write_table(twin, tmp_path / "a.csv", what=["emission"], steps=range(0, 1))
    rows = read(tmp_path / "a.csv")
    assert [row["emission [kg/h]"] for row in rows] == ["0", "0.75", ""]
    assert [row["emission state"] for row in rows] == ["value", "value", "no data"]


def test_a_quantity_that_a_layer_does_not_have_is_empty_without_a_state(twin, tmp_path):
    write_table(twin, tmp_path / "a.csv", steps=range(0, 1))
    house, *_others, district = read(tmp_path / "a.csv")
    assert (house["load [kW]"], house["load state"]) == ("", "")
    assert (district["layer"], district["load [kW]"]) == ("district", "1.5")


def test_parquet_holds_types_and_provenance(twin, tmp_path):
    write_table(twin, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    assert str(table.schema.field("time").type) == "timestamp[ms, tz=Europe/Berlin]"
    assert table.schema.field("consumption [kW]").metadata == {b"unit": b"kW"}
    about = json.loads(table.schema.metadata[b"twinview"])
    assert about["twin"] == "Dorf"
    assert (about["data"], about["zone"], about["crs"]) == ("d1", "Europe/Berlin", "EPSG:25832")
    frame = table.to_pandas()
    assert frame["consumption [kW]"].isna().sum() == 5 * 2  # a house without data, and the district
    assert (frame["consumption [kW]"] == 0).sum() == 5


def test_provenance_travels_in_the_last_header_of_a_csv(twin, tmp_path):
    write_table(twin, tmp_path / "a.csv")
    last = list(read(tmp_path / "a.csv")[0])[-1]
    assert last.startswith("# twin=Dorf; data=d1; scenario=base; zone=Europe/Berlin")


def test_texts_that_look_like_formulas_stay_texts(tmp_path):
    names = ["=cmd|' /C calc'!A0", "+1", "-x", "@SUM(A1)", "\tx", "plain"]
    layer = Layer("=l", "L", "building", pa.table({"id": names}))
    values = np.zeros((5, len(names)), dtype=np.float32)
    twin = Twin("x", "", (0, 0, 0), {"=l": layer}, time=AXIS)
    twin = twin.with_series(Dense(Meaning("=l", "power", "kW"), AXIS, values))
    write_table(twin, tmp_path / "a.csv", steps=range(0, 1))
    rows = read(tmp_path / "a.csv")
    assert [row["id"] for row in rows] == [*(f"'{name}" for name in names[:-1]), "plain"]
    assert {row["layer"] for row in rows} == {"'=l"}
    write_table(twin, tmp_path / "a.parquet", steps=range(0, 1))
    assert pq.read_table(tmp_path / "a.parquet")["id"].to_pylist() == names


def test_only_files_with_other_letters_carry_a_mark_for_excel(twin, tmp_path):
    write_table(twin, tmp_path / "plain.csv")
    assert not (tmp_path / "plain.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    chinese = Twin("x", "", (0, 0, 0), {"houses": houses("建筑 1", "b")})
    write_table(chinese, tmp_path / "chinese.csv")
    content = (tmp_path / "chinese.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert "建筑 1" in content.decode("utf-8-sig")


def test_without_series_the_attributes_are_written(tmp_path):
    twin = Twin("x", "", (0, 0, 0), {"houses": houses("a", "b", "c")})
    assert write_table(twin, tmp_path / "a.csv") == 3
    rows = read(tmp_path / "a.csv")
    assert [row["height_m [m]"] for row in rows] == ["6.5", "", "0"]
    assert rows[1]["use"] == "'=1+1"
    assert write_table(twin, tmp_path / "b.csv", what=["use"]) == 3
    assert set(read(tmp_path / "b.csv")[0]) >= {"layer", "id", "use"}


def test_profiled_series_of_many_elements_are_written_in_batches(tmp_path, monkeypatch):
    monkeypatch.setattr(tables, "BATCH", 1000)
    count, hours = 400, 24
    axis = TimeAxis(0, HOUR, hours)
    profile = np.arange(hours, dtype=np.float32)[:, None]
    which = np.arange(count, dtype=np.int32)
    scale = which.astype(np.float32)
    series = Profiled(Meaning("h", "power", "kW"), axis, profile, which * 0, scale, which, count)
    layer = Layer("h", "H", "building", pa.table({"id": [str(k) for k in which]}))
    twin = Twin("x", "", (0, 0, 0), {"h": layer}, time=axis).with_series(series)
    steps = list(table_job(twin, tmp_path / "a.parquet"))
    assert len(steps) == 12
    assert [step.fraction for step in steps] == sorted(step.fraction for step in steps)
    frame = pq.read_table(tmp_path / "a.parquet").to_pandas()
    expected = (profile * scale).ravel()
    assert np.array_equal(frame["power [kW]"].to_numpy(), expected)
    assert frame["id"].astype(str).tolist() == [str(k) for k in which] * hours


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"what": ["nosuch"]}, "no quantity or attribute 'nosuch'"),
        ({"what": ["load", "use"]}, "table of their own"),
        ({"layer": "nosuch"}, "no layer 'nosuch'"),
    ],
)
def test_what_is_not_there_is_named(twin, tmp_path, options, says):
    with pytest.raises(CommandError, match=says):
        write_table(twin, tmp_path / "a.csv", **options)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["a.xls", "a", "a.CVS"])
def test_other_endings_are_refused(twin, tmp_path, name):
    with pytest.raises(CommandError, match=r"\.csv, \.parquet or \.xlsx"):
        write_table(twin, tmp_path / name)


@pytest.mark.parametrize("name", ["a.csv", "a.parquet", "a.xlsx"])
def test_cancelling_leaves_the_old_file(twin, tmp_path, monkeypatch, name):
    monkeypatch.setattr(tables, "BATCH", 4)
    file = tmp_path / name
    file.write_text("old")
    job = table_job(twin, file)
    next(job)
    next(job)
    job.close()
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_one_sentence_and_leaves_the_old_file(twin, tmp_path, monkeypatch):
    file = tmp_path / "a.csv"
    file.write_text("old")
    real = Path.open

    def full(path: Path, mode: str = "r", *args, **kwargs):
        return real(
            Path("/dev/full") if mode == "xb" else path, mode.replace("x", "w"), *args, **kwargs
        )

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(CommandError, match="The old file, if any, is unchanged"):
        write_table(twin, file)
    monkeypatch.undo()
    assert file.read_text() == "old"


def test_a_folder_that_is_not_there_is_one_sentence(twin, tmp_path):
    with pytest.raises(CommandError, match="could not be written"):
        write_table(twin, tmp_path / "nosuch" / "a.csv")


def test_modelled_values_are_told_apart_and_carry_their_range(twin, tmp_path):
    meaning = Meaning("houses", "consumption", "kW", origin="modelled", spread=0.5)
    values = np.array([[0.0, 2.0, np.nan]] * 5, dtype=np.float32)
    modelled = twin.with_series(Dense(meaning, AXIS, values))
    path = tmp_path / "t.parquet"
    write_table(modelled, path, what=["consumption"], layer="houses", steps=range(0, 1))
    table = pq.read_table(path).to_pydict()
    assert table["consumption state"] == ["estimated", "estimated", "no data"]
    assert table["consumption low [kW]"] == [0.0, 1.0, None]
    assert table["consumption high [kW]"] == [0.0, 3.0, None]
    # Measured ones have no range, and no columns of it.
    write_table(twin, path, what=["consumption"], steps=range(0, 1))
    assert not [name for name in pq.read_schema(path).names if "low" in name]
