"""What exports write: of which time, of which layer, of all or the selection, in which form."""

import json
from dataclasses import replace

import geopandas
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.gui.hamlet import HOUSES, NOON, TIME, opened
from twinview.model.problem import CommandError
from twinview.model.window import Window
from twinview.scene.view import View
from twinview.session.store import Session


@pytest.fixture
def session() -> Session:
    return Session(opened(View(time=NOON, selection=(("houses", "h7"), ("houses", "h3")))))


def times(path) -> np.ndarray:
    """Return the instants of a table, each once, as steps of the clock."""
    column = pq.read_table(path).column("time").cast(pa.timestamp("s", "UTC"))
    return (np.unique(column.cast("int64").to_numpy()) - TIME.start) // TIME.step


# ------------------------------------------------------------------------------------------ tables
@pytest.mark.parametrize(
    ("line", "steps"),
    [
        ("", [NOON]),
        ("window", range(NOON - 5, NOON + 1)),
        ("range", range(24, 30)),
        ("all", range(TIME.count)),
        ("begin=2024-03-30T06:00 end=2024-03-30T09:00", [30, 31, 32]),
        ("begin=2024-04-07T22:00", [237, 238, 239]),
    ],
)
def test_a_table_holds_the_steps_that_were_asked_for(session, tmp_path, line, steps):
    window = Window("rolling", 6 * 3600, TIME.seconds(24), TIME.seconds(30))
    session._set(replace(session.state, view=replace(session.state.view, window=window)))
    path = tmp_path / "a.parquet"
    session.do(f"export.table {path} {line}".strip())
    assert times(path).tolist() == list(steps)


def test_days_that_do_not_count_are_in_no_table_of_the_window(session, tmp_path):
    """Up to Saturday the 30th at noon: of the 37 hours the 24 of Good Friday's date alone."""
    window = Window("cumulative", days="workdays")
    session._set(replace(session.state, view=replace(session.state.view, window=window)))
    session.do(f"export.table {tmp_path / 'a.parquet'} window")
    assert times(tmp_path / "a.parquet").tolist() == list(range(24))


def test_a_large_table_is_written_piece_by_piece_and_holds_the_same(session, tmp_path, monkeypatch):
    session.do(f"export.table {tmp_path / 'a.csv'} all layer=houses")
    monkeypatch.setattr("twinview.commands.export.AT_ONCE", 100)
    session.do(f"export.table {tmp_path / 'b.csv'} all layer=houses")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 1 + HOUSES * TIME.count


def test_one_layer_and_some_quantities(session, tmp_path):
    session.run("export.table", tmp_path / "a.parquet", "instant", "", "", "cables", "power")
    made = pq.read_table(tmp_path / "a.parquet")
    assert made.num_rows == 10
    assert "carbon_intensity [g/kWh]" not in made.column_names


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("ever", "instant, window, range, all, not 'ever'"),
        ("range", "No range is set"),
        ("begin=2024-03-30T09:00 end=2024-03-30T06:00", "ends before it begins"),
        ("all layer=gone", "There is no layer 'gone'"),
    ],
)
def test_what_cannot_be_written_is_said(session, tmp_path, line, why):
    with pytest.raises(CommandError, match=why):
        session.do(f"export.table {tmp_path / 'a.csv'} {line}")
    assert not list(tmp_path.iterdir())


# -------------------------------------------------------------------------------------------- maps
def test_only_what_is_selected_goes_into_a_map(session, tmp_path):
    session.do(f"export.layer {tmp_path / 'a.gpkg'} houses selected")
    found = geopandas.read_file(tmp_path / "a.gpkg", layer="houses")
    assert sorted(found["id"]) == ["h3", "h7"]
    series = session.state.twin.find("houses", "consumption")
    kept = dict(zip(found["id"], found["consumption [kW]"], strict=True))
    assert kept["h7"] == pytest.approx(float(series.of(7)[NOON]))
    session.run("select.clear")
    with pytest.raises(CommandError, match="Nothing is selected"):
        session.do(f"export.layer {tmp_path / 'b.gpkg'} houses selected")


@pytest.mark.parametrize("suffix", [".parquet", ".geoparquet"])
def test_geoparquet_is_read_by_others_and_by_us(session, tmp_path, suffix):
    path = tmp_path / f"a{suffix}"
    session.do(f"export.layer {path} houses")
    there = geopandas.read_parquet(path)
    assert there.crs.to_epsg() == 25832
    assert len(there) == HOUSES
    first = there.geometry.iloc[0]
    assert first.area == pytest.approx(11 * 9)
    assert first.bounds[:2] == (418_000.0, 5_370_000.0)
    assert there["consumption state"].iloc[HOUSES - 1] == "no data"
    assert json.loads(pq.read_metadata(path).metadata[b"twinview"])["time"].startswith("2024-03-30")
    again = Session()
    again.run("file.new", path)
    layer = next(iter(again.state.twin.layers.values()))
    assert len(layer) == HOUSES
    assert not [one for one in again.state.twin.problems if one.severity == "error"]


def test_geoparquet_holds_one_layer(session, tmp_path):
    with pytest.raises(CommandError, match="holds one layer; name one of houses, cables, stores"):
        session.do(f"export.layer {tmp_path / 'a.geoparquet'}")
    with pytest.raises(CommandError, match=r"\.gpkg, \.geoparquet or \.parquet, not"):
        session.do(f"export.layer {tmp_path / 'a.shp'} houses")
