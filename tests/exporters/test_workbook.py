"""Workbooks, read back by another program: numbers, local times, units, sources, factors."""

import io
from datetime import datetime

import openpyxl
import pyarrow as pa
import pytest

from tests.exporters.test_tables import twin  # noqa: F401 - a fixture
from tests.village import write_village
from twinview.exporters import workbook as workbooks
from twinview.exporters.table_files import table_file
from twinview.exporters.tables import write_table
from twinview.model.problem import CommandError
from twinview.session.store import Session


def rows(path, sheet: str) -> list[tuple]:
    """Return the rows of a sheet as openpyxl reads them."""
    return list(openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True))


def test_numbers_are_numbers_and_times_are_local_with_their_offset(twin, tmp_path):  # noqa: F811
    """The day on which clocks go forward: 01:00 +01:00 is followed by 03:00 +02:00."""
    write_table(twin, tmp_path / "a.xlsx", what=["consumption"], layer="houses")
    heads, *body = rows(tmp_path / "a.xlsx", "Values")
    assert heads == ("time [Europe/Berlin]", "UTC offset", "layer", "id", "consumption [kW]",
                     "consumption state")  # fmt: skip
    assert body[0] == (datetime(2024, 3, 31), "+01:00", "houses", "a", 0, "value")
    assert body[1][4:] == (1.5, "value")
    assert body[2][4:] == (None, "no data")
    assert [row[:2] for row in body[3:9:3]] == [
        (datetime(2024, 3, 31, 1), "+01:00"), (datetime(2024, 3, 31, 3), "+02:00"),
    ]  # fmt: skip
    units = dict(row[:2] for row in rows(tmp_path / "a.xlsx", "Columns"))
    assert units["consumption [kW]"] == "kW"
    about = dict(rows(tmp_path / "a.xlsx", "About"))
    assert (about["twin"], about["crs"], about["data"]) == ("Dorf", "EPSG:25832", "d1")


def test_texts_are_no_formulas_and_numbers_are_short(tmp_path):
    table = pa.table({"t": ["=1+1", "https://x", "007"], "n": pa.array([0.1, None, 2.5], "float32"),
                      "b": [True, False, None]})  # fmt: skip
    with table_file(tmp_path / "a.xlsx", table.schema, {}) as put:
        put(table)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Values"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["=1+1", 0.1, True], ["https://x", None, False], ["007", 2.5, None],
    ]  # fmt: skip
    assert sheet["A2"].data_type == "s"
    assert sheet["A3"].hyperlink is None
    assert sheet.freeze_panes == "A2"


def test_what_does_not_fit_a_sheet_is_refused_and_leaves_the_old_file(tmp_path, monkeypatch):
    monkeypatch.setattr(workbooks, "ROWS", 4)
    table = pa.table({"n": [1, 2, 3, 4]})
    (tmp_path / "a.xlsx").write_text("old")
    with (
        pytest.raises(CommandError, match=r"holds 3 rows; .*\.csv or \.parquet"),
        table_file(tmp_path / "a.xlsx", table.schema, {}) as put,
    ):
        put(table)
    assert (tmp_path / "a.xlsx").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_text_too_long_for_a_cell_is_refused_rather_than_cut(tmp_path):
    """Excel's own limit: 32,767 letters in a cell."""
    fits, over = pa.table({"t": ["x" * 32_767]}), pa.table({"t": ["x" * 32_768]})
    with table_file(tmp_path / "fits.xlsx", fits.schema, {}) as put:
        put(fits)
    assert rows(tmp_path / "fits.xlsx", "Values")[1] == ("x" * 32_767,)
    with (
        pytest.raises(CommandError, match=r"holds 32767 letters .*\.csv or \.parquet"),
        table_file(tmp_path / "over.xlsx", over.schema, {}) as put,
    ):
        put(over)
    assert not (tmp_path / "over.xlsx").exists()


def test_a_whole_number_that_a_cell_would_round_is_written_as_text(tmp_path):
    """Cells hold binary64: beyond 2**53 not every whole number."""
    table = pa.table({"n": [2**53, 2**53 + 1, -(2**53) - 1]})
    with table_file(tmp_path / "a.xlsx", table.schema, {}) as put:
        put(table)
    assert [row[0] for row in rows(tmp_path / "a.xlsx", "Values")[1:]] == [
        2**53, "9007199254740993", "-9007199254740993",
    ]  # fmt: skip


def test_a_failing_write_ends_as_an_error_of_the_disk():
    class Full(io.BytesIO):
        def write(self, _content):
            raise OSError(28, "No space left on device")

    table = pa.table({"n": [1]})
    with (
        pytest.raises(OSError, match="No space left"),
        workbooks.workbook(Full(), table.schema, {}, {}) as put,
    ):
        put(table)


def test_sources_and_factors_go_with_the_numbers(tmp_path):
    session = Session()
    session.run("file.new", *write_village(tmp_path, hours=2))
    session.run("factors.add", "0.4", "kgCO2/kWh", "electricity", "DE", "grid_average", "our own")
    session.run("export.elements", tmp_path / "e.xlsx", "houses")
    assert len(rows(tmp_path / "e.xlsx", "Values")) == 4
    heads, *sources = rows(tmp_path / "e.xlsx", "Sources")
    found = dict(zip(heads, sources[0], strict=True))
    assert (found["file"], len(found["sha256"])) == ("houses.geojson", 64)
    heads, *factors = rows(tmp_path / "e.xlsx", "Factors")
    found = dict(zip(heads, factors[-1], strict=True))
    assert (found["value"], found["source"], found["whose"]) == ("0.4", "our own", "own")
    session.run("select.only", "houses", "house 0")
    session.run("export.curves", tmp_path / "c.xlsx", "consumption")
    assert rows(tmp_path / "c.xlsx", "Values")[0][2] == "house 0 [kW]"
