"""Tables read in pieces: the same as those held at once, in both orders, in little memory."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twinview.progress import drain
from twinview.readers import series
from twinview.readers.common import csvblocks, csvtext, grids, large, longtables
from twinview.readers.guard import Limits, read_file
from twinview.readers.registry import Options, ReadError

HOURS = pd.date_range("2024-01-01", periods=72, freq="h", tz="UTC")


@pytest.fixture(autouse=True)
def temporary(monkeypatch, tmp_path):
    """Keep the readers' own files in the test's folder."""
    (tmp_path / "work").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "work"))


@pytest.fixture
def both(tmp_path, monkeypatch):
    """Return a function that reads a table at once and in pieces, and holds them to be equal."""

    def read(table, name="power_kw.parquet", options=None, **writing):
        path = tmp_path / name
        if isinstance(table, pd.DataFrame):
            table = pa.Table.from_pandas(table, preserve_index=False)
        pq.write_table(table, path, **writing)
        whole = drain(series.read(path, options or Options()))
        monkeypatch.setattr(large, "LARGE", -1)
        monkeypatch.setattr(large, "_PIECE", 200)
        monkeypatch.setattr(longtables, "_ROWS", 97)
        monkeypatch.setattr(grids, "_WINDOW", 1000)
        pieces = drain(series.read(path, options or Options()))
        same(whole, pieces)
        return pieces

    return read


def same(whole, pieces):
    """Hold two parts against each other."""
    assert len(whole.tables) == len(pieces.tables)
    for one, other in zip(whole.tables, pieces.tables, strict=True):
        for name in ("id", "title", "time", "columns", "units", "quantity", "origin"):
            assert getattr(one, name) == getattr(other, name)
        np.testing.assert_array_equal(one.values, other.values)
        np.testing.assert_array_equal(other.across, one.values.T)
        assert isinstance(other.values, np.memmap)
        np.testing.assert_allclose(
            other.facts.sums, np.nansum(one.values, axis=1), rtol=1e-5, atol=1e-5
        )
    order = {"series.stored", "time.unsorted"}  # times are looked at once each
    said = [(p.code, p.message) for p in pieces.problems if p.code not in order]
    assert said == [(p.code, p.message) for p in whole.problems if p.code not in order]
    assert (whole.rows, whole.about) == (pieces.rows, pieces.about)


def wide(columns=23, times=HOURS) -> pd.DataFrame:
    values = np.random.default_rng(1).normal(size=(len(times), columns))
    names = [f"b{k} [kW]" if k % 2 else f"b{k}" for k in range(columns)]
    return pd.concat([pd.DataFrame({"time": times}), pd.DataFrame(values, columns=names)], axis=1)


def long(order="time") -> pd.DataFrame:
    ids = [f"m{k}" for k in range(11)]
    frame = pd.DataFrame([(t, i) for t in HOURS for i in ids], columns=["time", "meter_id"])
    frame["power_kw"] = np.random.default_rng(2).normal(size=len(frame))
    if order == "shuffled":
        return frame.sample(frac=1, random_state=3)
    return frame.sort_values(["time" if order == "time" else "meter_id", "time"], kind="stable")


@pytest.mark.parametrize("group", [7, 1000])
def test_a_wide_table(both, group):
    both(wide(), row_group_size=group)


def test_a_wide_table_with_gaps_double_times_and_no_numbers(both):
    frame = wide(times=HOURS.delete([4, 5]).append(HOURS[7:9]))
    frame.iloc[3, 4], frame.iloc[5, 6], frame.iloc[6, 2] = np.nan, np.inf, -np.inf
    found = both(frame)
    assert {"time.gap", "time.duplicate", "value.missing"} <= {p.code for p in found.problems}


def test_a_wide_table_that_names_its_zone_units_and_origin(both):
    frame = wide(times=HOURS.tz_localize(None))
    meta = b'{"tz": "Europe/Berlin", "units": {"*": "MW"}, "origin": "measured", "about": "x"}'
    table = pa.Table.from_pandas(frame, preserve_index=False)
    found = both(table.replace_schema_metadata({b"twinview": meta}))
    assert (found.tables[0].time.tz, found.tables[0].origin) == ("Europe/Berlin", "measured")


def test_a_wide_table_of_whole_numbers_and_local_times(both):
    frame = wide(times=HOURS.tz_localize(None)).astype({"b2": int, "b4": bool})
    found = both(frame, options=Options(unit="W"))
    assert "time.zone_assumed" in {problem.code for problem in found.problems}


@pytest.mark.parametrize("order", ["time", "id", "shuffled"])
def test_a_long_table(both, order):
    both(long(order))


def test_a_long_table_with_gaps_double_rows_and_no_numbers(both):
    frame = pd.concat([long().drop(index=[3, 4, 500]), long().iloc[20:26].assign(power_kw=7.0)])
    frame.iloc[8, 2], frame.iloc[30, 2] = np.nan, np.inf
    frame.loc[frame.index[40], "meter_id"] = None
    found = both(frame)
    assert {"time.duplicate", "value.missing"} <= {problem.code for problem in found.problems}
    assert "" in found.tables[0].columns


def test_a_long_table_of_several_quantities_with_numbers_for_ids(both):
    frame = long().rename(columns={"power_kw": "power"})
    frame["meter_id"] = frame["meter_id"].str[1:].astype(int)
    frame["temperature"] = 20.0
    frame = frame.astype({"time": str})
    found = both(frame)
    assert [one.quantity for one in found.tables] == ["power", "temperature"]


def test_local_times_that_come_twice_are_refused_with_the_remedy(tmp_path, monkeypatch):
    frame = pd.concat([long(), long().iloc[:5]]).assign(
        time=lambda one: one["time"].dt.tz_localize(None)
    )
    path = tmp_path / "x.parquet"
    frame.to_parquet(path)
    monkeypatch.setattr(large, "LARGE", -1)
    with pytest.raises(ReadError, match="Write its times in UTC"):
        drain(series.read(path, Options(tz="Europe/Berlin")))


def test_a_large_table_without_times_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    wide().drop(columns="time").to_parquet(path)
    monkeypatch.setattr(large, "LARGE", -1)
    with pytest.raises(ReadError, match="no column of times"):
        drain(series.read(path, Options()))


def test_a_damaged_file_is_said(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    wide().to_parquet(path)
    content = bytearray(path.read_bytes())
    content[200:6000] = bytes(5800)
    path.write_bytes(content)
    monkeypatch.setattr(large, "LARGE", -1)
    with pytest.raises(ReadError, match="damaged"):
        drain(series.read(path, Options()))


def test_what_the_disk_does_not_hold_is_refused_before_it_is_written(tmp_path, monkeypatch):
    path = tmp_path / "x.parquet"
    wide().to_parquet(path)
    monkeypatch.setattr(large, "LARGE", -1)
    monkeypatch.setattr(grids, "MOST", 100)
    with pytest.raises(ReadError, match="more than a table may take"):
        drain(series.read(path, Options()))
    monkeypatch.setattr(grids, "MOST", 10**9)
    monkeypatch.setattr(grids.shutil, "disk_usage", lambda _place: type("U", (), {"free": 10}))
    with pytest.raises(ReadError, match="Free some space"):
        drain(series.read(path, Options()))


def test_cells_written_twice_are_counted_and_the_later_stays(tmp_path):
    grid = grids.Grid((3, 2), "steps", tmp_path)
    grid.blank()
    one = np.array([0, 0, 2, 0]), np.array([1, 1, 0, 0])
    assert grid.scatter(*one, np.array([1, 2, 3, np.nan], np.float32)) == 1
    assert grid.scatter(np.array([0]), np.array([0]), np.array([5], np.float32)) == 1
    kept = drain(grid.finish())
    np.testing.assert_array_equal(kept.values, [[5, 2], [np.nan, np.nan], [3, np.nan]])
    np.testing.assert_array_equal(kept.across, kept.values.T)


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """Return a function that reads a text at once and in blocks of both kinds; all are equal."""

    def read(text, options=None, encoding="utf-8"):
        path = tmp_path / "power.csv"
        path.write_bytes(text.encode(encoding))
        with monkeypatch.context() as patch:
            whole = drain(series.read(path, options or Options()))
            patch.setattr(csvtext, "LARGE", -1)
            patch.setattr(csvblocks, "_BLOCK", 1000)
            patch.setattr(large, "_PIECE", 200)
            patch.setattr(longtables, "_ROWS", 97)
            same(whole, drain(series.read(path, options or Options())))
            patch.setattr(csvblocks, "WIDE", 0)
            patch.setattr(csvblocks, "_CELLS", 60)
            same(whole, drain(series.read(path, options or Options())))
        left = [one.name for one in (tmp_path / "work").iterdir() if one.name.startswith("csv-")]
        assert not left
        return whole

    return read


WRITTEN = {
    "wide": lambda: wide().to_csv(index=False),
    "decimal comma": lambda: wide(5).to_csv(index=False, sep=";", decimal=",", float_format="%.2f"),
    "units in the second line": lambda: wide(3).rename(columns=lambda n: n.split(" ")[0])
    .to_csv(index=False).replace("\n", "\n,kW,kW,MW\n", 1),
    "units in the cells": lambda: wide(2)
    .map(lambda v: f"{v:.3f} MW" if isinstance(v, float) else v)    .to_csv(index=False),
    "gaps and lines cut short": lambda: wide(6).mask(lambda f: f == f.shift(1))
    .to_csv(index=False, na_rep="n/a").replace("02:00:00+00:00,", "02:00:00+00:00", 1),
    "long": lambda: long().to_csv(index=False),
    "long, by element": lambda: long("id").to_csv(index=False),
    "long, ids with zeros in front": lambda: long()
    .assign(meter_id=lambda f: f["meter_id"].str[1:].str.zfill(4)).to_csv(index=False),
    "two columns of one name": lambda: wide(2).set_axis(["when", "a", "a"], axis=1)
    .to_csv(index=False),
    "quotes and empty lines": lambda: wide(3).set_axis(["when", 'a, "the" first', "b", "c"], axis=1)
    .to_csv(index=False, quoting=1, lineterminator="\r\n").replace("\r\n", "\r\n\r\n", 3),
    "a beginning cut short": lambda: "".join(
        line if k == 0 or k > 40 else "cut,short\n"
        for k, line in enumerate(wide(3).to_csv(index=False).splitlines(keepends=True))
    ),
    "texts beside numbers": lambda: "# from a meter\n" + long()
    .assign(state="ok").to_csv(index=False),
}  # fmt: skip


@pytest.mark.parametrize("form", WRITTEN)
def test_a_text_file_in_blocks(texts, form):
    assert texts(WRITTEN[form]()).tables


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_a_text_file_in_blocks_in_any_encoding(texts, encoding):
    frame = wide(4).set_axis(["时间", *(f"{k}号楼" for k in range(4))], axis=1)
    found = texts(frame.to_csv(index=False), encoding=encoding)
    assert found.tables[0].columns[1] == "1号楼"


@pytest.mark.parametrize("change", ["1,5", "some words"])
def test_a_column_that_changes_further_down_is_refused(tmp_path, monkeypatch, change):
    path = tmp_path / "power.csv"
    rows = [f'{time:%Y-%m-%dT%H:%MZ},"{k}.25"' for k, time in enumerate(HOURS)]
    rows[45:] = [f'{row[:17]},"{change}"' for row in rows[45:]]
    path.write_text("\n".join(["time,a", *rows]))
    monkeypatch.setattr(csvtext, "LARGE", -1)
    monkeypatch.setattr(csvblocks, "_BLOCK", 500)
    with pytest.raises(ReadError, match="in another way further down"):
        drain(series.read(path, Options()))


def test_memory_does_not_grow_with_the_square_of_the_columns(tmp_path, limited):
    """A column for each of 6,000 buildings: blocks for all columns would take 600 MB."""
    path = tmp_path / "power_kw.csv"
    names = ",".join(f"building-{k}" for k in range(6000))
    rows = [f"{time:%Y-%m-%dT%H:%MZ}," + ",".join(["1.5"] * 6000) for time in HOURS]
    path.write_text("\n".join([f"time,{names}", *rows]))
    (table,) = limited(path, 700 << 20).tables
    assert (len(table.columns), float(np.min(table.values))) == (6000, 1.5)


@pytest.fixture
def limited(tmp_path):
    """Return a function that reads a file in a child process that may take so many bytes."""

    def run(path, memory):
        return drain(read_file(path, Options(), tmp_path / "part", limits=Limits(memory=memory)))

    return run
