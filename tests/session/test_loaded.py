"""What was read is said for each file: what it holds, coordinates, rows left out, heights."""

import json

import pytest

from tests.village import houses, write_village
from twinview.session.loaded import report
from twinview.session.store import Session


@pytest.fixture
def session(tmp_path):
    """Return a session with a village open, one of its houses without a shape."""
    files = write_village(tmp_path)
    content = houses()
    content["features"].append({"type": "Feature", "properties": {"id": "x"}, "geometry": None})
    files[0].write_text(json.dumps(content), encoding="utf-8")
    session = Session()
    session.run("file.new", *files)
    return session


def test_each_file_has_a_line(session):
    answer = report(session.state)
    rows = {row[0]: row for row in answer.rows}
    assert list(rows) == ["houses.geojson", "grid.json", "curves.csv"]
    assert "3" in rows["houses.geojson"][1]
    assert rows["houses.geojson"][2] == "EPSG:4326 (the file says so)"
    assert rows["houses.geojson"][3:5] == ("3", "1")
    assert rows["houses.geojson"][5] == "measured 3"
    assert rows["grid.json"][3:5] == ("12", "")
    assert "Carbon intensity" in rows["curves.csv"][1]


def test_only_the_new_ones_where_that_is_asked(session):
    assert [row[0] for row in report(session.state, ["grid"]).rows] == ["grid.json"]


def test_a_file_that_could_not_be_read_is_listed_with_the_reason(session, tmp_path):
    session.run("file.save_as", tmp_path / "village.twin")
    (tmp_path / "houses.geojson").write_text("nothing")
    again = Session()
    again.run("file.open", tmp_path / "village.twin")
    answer = report(again.state)
    (row,) = [one for one in answer.rows if one[0] == "houses.geojson"]
    assert row[1] == "not read"
    assert row[6] == "1"
    assert any(one.startswith("houses.geojson: ") for one in answer.remarks)


def test_the_command_tells_it(session):
    told = []
    session.teller = told.append
    session.do("file.report")
    assert "houses.geojson" in told[0].as_text()
