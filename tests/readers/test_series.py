"""Series: wide and long, in many spellings, on one axis in UTC."""

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from twinview.model.problem import CommandError, NeedsAnswer
from twinview.readers.common import forms, frames
from twinview.readers.common.hours import with_times


@pytest.fixture
def save(tmp_path):
    def write(text: str, name: str = "t.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def codes(part) -> list[str]:
    return [problem.code for problem in part.problems]


def start(part) -> str:
    return part.tables[0].time.at(0).isoformat()


@pytest.mark.parametrize("origin", ["generated", "forecast"])
def test_wide_parquet_with_its_own_words(tmp_path, parse, origin):
    meta = {"tz": "Europe/Berlin", "label": "start", "step_seconds": 3600, "origin": origin,
            "units": {"import_intensity": "g/kWh", "*": "1"}}  # fmt: skip
    times = pa.array(
        np.datetime64("2023-12-31T23", "s") + 3600 * np.arange(3), pa.timestamp("ms", "UTC")
    )
    table = pa.table(
        {"time": times, "hh": np.ones(3, np.float32), "import_intensity": np.arange(3.0)}
    )
    path = tmp_path / "p.parquet"
    pq.write_table(table.replace_schema_metadata({"twinview": json.dumps(meta)}), path)
    part = parse(path)
    (made,) = part.tables
    assert start(part) == "2024-01-01T00:00:00+01:00"
    assert (made.columns, made.units, made.origin) == (
        ("hh", "import_intensity"),
        ("1", "g/kWh"),
        origin,
    )
    assert made.values.dtype == np.float32
    assert codes(part) == ["series.form"]


SAME = {
    "comma": "time,load [kW]\n2024-01-01T00:00Z,1.5\n2024-01-01T01:00Z,2.5\n",
    "semicolon and decimal comma": "Zeit;load (kW)\n01.01.2024 00:00;1,5\n01.01.2024 01:00;2,5\n",
    "tab": "date\tload_kW\n2024/01/01 00:00:00\t1.5\n2024/01/01 01:00:00\t2.5\n",
    "line of units": "time,load\n,kW\n2024-01-01 00:00+00:00,1.5\n2024-01-01 01:00+00:00,2.5\n",
    "units in the cells": "time,load\n2024-01-01T00:00Z,1.5 kW\n2024-01-01T01:00Z,2.5 kW\n",
    "epoch": "timestamp,load [kW]\n1704067200,1.5\n1704070800,2.5\n",
    "epoch in milliseconds": "timestamp,load [kW]\n1704067200000,1.5\n1704070800000,2.5\n",
    "comments": "# a\n# b\ntime,load [kW]\n2024-01-01T00:00Z,1.5\n2024-01-01T01:00Z,2.5\n",
    "month first": "time,load [kW]\n01/01/2024 00:00,1.5\n01/01/2024 01:00,2.5\n",
    "offset": "time,load [kW]\n2024-01-01T08:00+08:00,1.5\n2024-01-01T09:00+08:00,2.5\n",
    "quotes": '"time","load [kW]"\n"2024-01-01T00:00Z","1.5"\n"2024-01-01T01:00Z","2.5"\n',
    "long": "time,building,power [kW]\n2024-01-01T00:00Z,load,1.5\n2024-01-01T01:00Z,load,2.5\n",
}


@pytest.mark.parametrize("form", SAME)
def test_the_same_series_in_many_forms(save, parse, form):
    part = parse(save(SAME[form]))
    (table,) = part.tables
    assert (table.time.start, table.time.step, table.time.count) == (1704067200, 3600, 2)
    assert table.values.tolist() == [[1.5], [2.5]]
    assert table.units == ("kW",)
    assert table.columns[0].startswith("load")


def test_a_table_of_very_many_columns(save, parse):
    names = ",".join(f"b{k} [kW]" for k in range(15_000))
    lines = [f"2024-01-01T0{hour}:00Z" + f",{hour}.5" * 15_000 for hour in range(3)]
    (table,) = parse(save("\n".join([f"time,{names}", *lines]))).tables
    assert table.values.shape == (3, 15_000)
    assert table.values[:, -1].tolist() == [0.5, 1.5, 2.5]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_are_found_and_said(save, parse, encoding):
    part = parse(save("时间,一号楼\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,2\n", encoding=encoding))
    assert part.tables[0].columns == ("一号楼",)
    assert ("text.encoding" in codes(part)) == (encoding in {"utf-16", "gb18030"})


@pytest.mark.parametrize(
    ("day", "hours", "tz"),
    [
        ("2024-03-31", [h for h in range(24) if h != 2], "Europe/Berlin"),
        ("2024-10-27", [*range(3), 2, *range(3, 24)], "Europe/Berlin"),
        ("2024-03-10", [h for h in range(24) if h != 2], "America/New_York"),
        ("2024-06-01", list(range(24)), "Asia/Shanghai"),
    ],
)
def test_days_of_23_and_25_hours(save, parse, day, hours, tz):
    lines = [f"{day} {hour:02d}:00,{k}" for k, hour in enumerate(hours)]
    part = parse(save("time,a\n" + "\n".join(lines)), tz=tz)
    (table,) = part.tables
    assert table.time.count == len(hours)
    assert table.values[:, 0].tolist() == list(range(len(hours)))
    assert start(part)[:13] == f"{day}T00"
    assert not {"time.gap", "time.duplicate", "time.skipped"} & set(codes(part))


def test_times_that_do_not_exist_are_said(save, parse):
    lines = [f"2024-03-31 {hour:02d}:00,{hour}" for hour in range(5)]
    assert "time.skipped" in codes(parse(save("time,a\n" + "\n".join(lines)), tz="Europe/Berlin"))


def test_a_zone_must_exist(save, parse):
    with pytest.raises(CommandError, match="Mars"):
        parse(save("time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n"), tz="Mars/Olympus")


def test_without_a_zone_utc_is_assumed_aloud(save, parse):
    assert "time.zone_assumed" in codes(
        parse(save("time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,1\n"))
    )


def test_ends_of_intervals_become_starts(save, parse):
    lines = [f"2024-01-01T{hour:02d}:00Z,1" for hour in range(1, 24)] + ["2024-01-02T00:00Z,1"]
    part = parse(save("time,a\n" + "\n".join(lines)))
    assert start(part) == "2024-01-01T00:00:00+00:00"
    assert "time.interval_end" in codes(part)
    midnight = parse(save("time,a\n2024-01-01 23:00Z,1\n2024-01-01 24:00Z,1\n"))
    assert midnight.tables[0].time.count == 2


def test_disorder_is_counted(save, parse):
    rows = ["2024-01-01T02:00Z,b,2", "2024-01-01T00:00Z,b,0", "2024-01-01T02:00Z,b,7"]
    text = "\n".join(["time,id,kwh", *rows, "2024-01-01T05:00Z,b,"])
    part = parse(save(text))
    assert part.tables[0].values[:, 0].tolist()[:3] == [0, pytest.approx(np.nan, nan_ok=True), 7]
    assert {"time.unsorted", "time.duplicate", "time.gap", "value.missing"} <= set(codes(part))


def test_times_without_a_step_are_refused(save, parse):
    rows = "".join(f"2024-01-01T00:00:{k:02d}Z,1\n" for k in (0, 7)) + "2034-01-01T00:00:01Z,1\n"
    with pytest.raises(CommandError, match="follow no step"):
        parse(save("time,a\n" + rows))


def test_mixed_units_are_asked_for(save, parse):
    text = "time,a\n2024-01-01T00:00Z,5 kW\n2024-01-01T01:00Z,0.005 MW\n"
    with pytest.raises(NeedsAnswer, match=r"0\.005 MW") as asked:
        parse(save(text))
    assert asked.value.option == "--unit"
    (table,) = parse(save(text), unit="kW").tables
    assert table.values[:, 0].tolist() == [5, 5]


def test_long_tables_of_several_values(save, parse):
    lines = ["time,id,load [kW],pv [kW],note"]
    lines += [f"2024-01-01T{h:02d}:00Z,b{k},{h},{k},x" for h in range(3) for k in range(2)]
    part = parse(save("\n".join(lines), "m.csv"))
    first, second = part.tables
    assert (first.id, second.id) == ("m-load", "m-pv")
    assert first.columns == ("b0", "b1")
    assert second.values[0].tolist() == [0, 1]
    assert (first.quantity, second.quantity) == ("consumption", "generation")
    assert "series.text_column" in codes(part)


def test_tables_without_times_are_attributes(save, parse):
    part = parse(save("id,name,area\n1,=1+1,5.5\n2,@SUM(A1),6\n", "a.csv"))
    (layer,) = part.layers
    assert layer.column("name").tolist() == ["=1+1", "@SUM(A1)"]
    assert layer.numbers("area").tolist() == [5.5, 6]
    assert part.rows == {"a": (2, 2)}


def test_values_without_times_find_them_in_a_file_beside(save, parse):
    values = "\n".join(str(float(k)) for k in range(8760))
    stamps = np.datetime64("2017-01-01T01", "h") + np.arange(8760)
    first = parse(save(values, "load_1.csv"))
    second = parse(save(values, "load_2.csv"))
    times = parse(
        save(
            "Datetime\n" + "\n".join(str(s).replace("T", " ") + ":00" for s in stamps),
            "timestamps.csv",
        )
    )
    assert "time.unknown" in codes(first)
    assert times.tables[0].columns == ()
    joined = with_times([first, second, times])
    assert [len(part.tables) for part in joined] == [1, 0, 0]
    (table,) = joined[0].tables
    assert (table.columns, table.time.count) == (("load_1", "load_2"), 8760)
    assert table.time.at(0).isoformat() == "2017-01-01T00:00:00+00:00"
    assert "time.unknown" not in codes(joined[0])
    assert with_times([first])[0].tables == first.tables
    alone = parse(save(values, "load_1.csv"), start="2017-01-01T00:00-05:00")
    assert alone.tables[0].time.start == 1483246800
    assert replace(alone, tables=()) is not alone


@pytest.mark.parametrize("text", ["\n\n", " ", "\ufeff"])
def test_empty_tables_are_sentences(save, parse, text):
    with pytest.raises(CommandError, match=r"t\.csv"):
        parse(save(text))


def test_lines_of_another_width_are_counted(save, parse):
    part = parse(
        save(
            "time,a\n2024-01-01T00:00Z,1\n2024-01-01T01:00Z,1,9\n2024-01-01T02:00Z,1\n"
            "2024-01-01T03:00Z,1\n"
        )
    )
    assert "row.left_out" in codes(part)
    assert part.tables[0].time.count == 4


def test_arrow_files(tmp_path, parse):
    times = pa.array(np.datetime64("2024-01-01", "s") + 3600 * np.arange(3), pa.timestamp("s"))
    table = pa.table({"t": times, "b1": [1, 2, 3]})
    with (
        pa.OSFile(str(tmp_path / "a.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as out,
    ):
        out.write_table(table)
    part = parse(tmp_path / "a.arrow", tz="Asia/Shanghai")
    assert start(part) == "2024-01-01T00:00:00+08:00"


@pytest.mark.parametrize("name", ["q_kvar", "reactive_power [kvar]", "Q [Mvar]", "无功功率"])
def test_reactive_power_is_known_by_name_or_unit(name):
    plain, unit = frames.split_unit(name)
    assert forms.quantity_of(plain) == "reactive_power" or unit in {"kvar", "Mvar"}


def test_rows_with_latitude_and_longitude_are_points(save, parse):
    text = "bus,intensity,Lat,Lon\n1,-0.28,37.7,-122.2\n2,0.34,,\n3,0.1,38.1,-121.0\n"
    part = parse(save(text, "nodes.csv"))
    (found,) = part.layers
    assert part.crs == "EPSG:4326"
    assert found.geometry.kind == "point"
    assert found.geometry.coords[:, :2].tolist() == [[-122.2, 37.7], [-121.0, 38.1]]
    assert found.numbers("intensity")[0] == -0.28
    assert "series.no_time" in {problem.code for problem in part.problems}
