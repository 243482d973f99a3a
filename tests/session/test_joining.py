"""Joins made, changed and parted by commands: one edit each, nothing guessed silently."""

import json

import numpy as np
import pytest

from tests.village import houses, write_village
from twinview.model.problem import CommandError
from twinview.progress import drain
from twinview.session.join_look import look_at
from twinview.session.joining import Wish, said_of
from twinview.session.project import load
from twinview.session.store import Session

LONG = """when,meter,place,kWh,power [MW]
2024-01-01 00:00,m1,house 0,1,0.001
2024-01-01 00:00,m2,house 0,2,0.003
2024-01-01 00:00,m3,house 1,4,0.005
2024-01-01 01:00,m1,house 0,1,0.002
2024-01-01 01:00,m3,house 1,4,
"""


@pytest.fixture
def session(tmp_path):
    """Return a session with three houses and nothing else."""
    (tmp_path / "houses.geojson").write_text(json.dumps(houses("office")), encoding="utf-8")
    made = Session()
    made.told = []
    made.teller = made.told.append
    made.run("file.new", tmp_path / "houses.geojson")
    return made


@pytest.fixture
def meters(tmp_path):
    """Return a long table of meters of two houses; one house has two."""
    file = tmp_path / "meters.csv"
    file.write_text(LONG, encoding="utf-8")
    return file


def consumption(session, step: int) -> list[float]:
    return session.state.twin.find("houses", "consumption").at(step).tolist()


CHOICES = "key=place;table=power;several=sum;tz=Europe/Berlin"


def test_a_long_table_is_joined_by_a_column_of_its_own_and_summed(session, meters):
    """1 + 3 kW in the first hour; in the second, the sum has its one part that is there."""
    session.run("data.join", str(meters), "houses", "consumption", CHOICES)
    np.testing.assert_allclose(consumption(session, 0), [4, 5, np.nan], rtol=1e-6)
    np.testing.assert_allclose(consumption(session, 1), [2, np.nan, np.nan], rtol=1e-6)
    assert session.state.twin.time.tz == "Europe/Berlin"
    (join,) = session.state.project.joins
    assert (join.unit, join.several, join.pattern) == ("MW", "sum", "{id}")
    assert session.undo_titles == ["Join a table..."]
    session.run("edit.undo")
    assert session.state.twin.find("houses", "consumption") is None
    assert len(session.state.project.sources) == 1


def test_what_was_guessed_is_a_note(session, meters):
    session.run("data.join", str(meters), "", "", "key=place;table=power")
    (note,) = [p for p in session.state.twin.problems if p.message.startswith("Guessed")]
    assert "layer=houses" in note.message
    assert "pattern={id}" in note.message


def test_a_look_touches_nothing_and_names_both_sides(session, meters):
    before = session.state
    wish = said_of(Wish(str(meters), "houses", "consumption"), {"key": "meter", "column": "id"})
    found = drain(look_at(session.state, wish))
    assert session.state is before
    assert found.coverage.matched == 0
    assert found.coverage.without == ("house 0", "house 1", "house 2")
    assert found.coverage.unused == ("m1", "m2", "m3")
    assert "keys are such as 'house 0'" in found.faults[0]
    with pytest.raises(CommandError, match="No column of the table fits a key"):
        session.run("data.join", str(meters), "houses", "consumption", "key=meter;column=id")
    assert session.state is before


def test_a_look_says_what_to_beware_of(session, meters):
    wish = said_of(Wish(str(meters), "houses", "consumption"), {"key": "place", "unit": "kWh"})
    found = drain(look_at(session.state, wish))
    assert any("cannot be turned into" in text for text in found.faults)
    assert "If each value is the energy of its step, say so: kWh/step." in found.faults
    assert any("no offset and no zone" in text for text in found.warnings)
    assert found.rows[0][0] == "2024-01-01T00:00+00:00"


def test_a_join_is_listed_changed_and_parted(session, meters):
    session.run("data.join", str(meters), "houses", "consumption", CHOICES)
    session.run("data.joins")
    text = session.told[-1].as_text()
    assert "id: {id} (sum)" in text
    assert "2 / 3" in text
    assert "75.0 %" in text
    session.run("data.rejoin", 1, "several=max")
    np.testing.assert_allclose(consumption(session, 0), [3, 5, np.nan], rtol=1e-6)
    assert len(session.state.project.joins) == 1
    session.run("data.unjoin", 1)
    assert session.state.project.joins == ()
    assert session.state.twin.find("houses", "consumption") is None
    session.run("edit.undo", 2)
    np.testing.assert_allclose(consumption(session, 0), [4, 5, np.nan], rtol=1e-6)


def test_a_second_table_for_the_same_replaces_the_first_and_says_so(session, meters, tmp_path):
    session.run("data.join", str(meters), "houses", "consumption", CHOICES)
    other = tmp_path / "wide.csv"
    other.write_text("time,house 2\n2024-01-01T00:00Z,7\n2024-01-01T01:00Z,8\n", encoding="utf-8")
    wish = Wish(str(other), "houses", "consumption")
    found = drain(look_at(session.state, wish))
    assert any("that join is replaced" in text for text in found.warnings)
    session.run("data.join", str(other), "houses", "consumption")
    assert [one.table for one in session.state.project.joins] == ["wide"]
    session.run("data.join", str(other), "houses", "generation")
    assert len(session.state.project.joins) == 2


def test_joins_are_kept_when_files_are_added(session, meters, tmp_path):
    session.run("data.join", str(meters), "houses", "consumption", CHOICES)
    joins = session.state.project.joins
    (tmp_path / "more").mkdir()
    write_village(tmp_path / "more")
    session.run("file.add", tmp_path / "more" / "grid.json", tmp_path / "more" / "curves.csv")
    assert session.state.project.joins[:1] == joins
    assert len(session.state.project.joins) > 1
    # Profiles of `village.curves`: 1 kW for each kW of a load in odd hours, and loads of 1 kW.
    assert consumption(session, 1)[:2] == [1, 1]
    (said,) = [p for p in session.state.twin.problems if p.code == "join.unused"]
    assert "devices of the grid" in said.message
    found = drain(look_at(session.state, Wish(str(meters), "houses", "generation")))
    assert any("will not be used" in text for text in found.warnings)


def test_a_join_is_kept_in_the_project_file(session, meters, tmp_path):
    session.run("data.join", str(meters), "houses", "consumption", CHOICES)
    session.run("file.save_as", tmp_path / "p.twin")
    project, _view, _problems = load(tmp_path / "p.twin")
    assert project.joins == session.state.project.joins
    again = Session()
    again.run("file.open", tmp_path / "p.twin")
    assert again.state.twin.digest == session.state.twin.digest
    np.testing.assert_allclose(consumption(again, 0), [4, 5, np.nan], rtol=1e-6)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("data.join nosuch.csv", "no source or file 'nosuch.csv'; sources are houses"),
        ("data.join {meters} nowhere", "no layer 'nowhere'; there are houses"),
        ("data.join {meters} houses heat_of_the_moment", "no quantity 'heat_of_the_moment'"),
        ("data.join {meters} houses power key=nosuch", "no column 'nosuch'; there are when, meter"),
        ("data.join {meters} houses power column=nosuch", "has no column 'nosuch'"),
        ("data.join {meters} houses power several=median", "sum, mean, max, min, not by 'median'"),
        ("data.join {meters} houses power time=place", "holds no times"),
        ("data.join {meters} houses power colour=red", "no choice 'colour'"),
        ("data.join houses", "holds no table of values over time"),
        ("data.unjoin 1", "There are 0 joins; there is no number 1"),
        ("data.rejoin 3 unit=kW", "there is no number 3"),
    ],
)
def test_what_cannot_be_is_one_sentence(session, meters, line, says):
    with pytest.raises(CommandError, match=says):
        session.do(line.format(meters=meters))


def test_real_loads_of_a_year_find_their_buildings(shared, tmp_path):
    """Thirteen buildings and a file of kW for each, put on the times of a fourteenth file."""
    folder = shared / "data" / "urbanopt-buffalo"
    loads = [folder / "opendss" / "profiles" / f"load_{k}.csv" for k in range(1, 14)]
    session = Session()
    session.told = []
    session.teller = session.told.append
    session.run("file.new", folder / "example_project.json")
    session.run("file.add", *loads, folder / "opendss" / "profiles" / "timestamps.csv")
    session.run("data.unjoin", 1)
    session.run("data.join", "load_1", "buildings", "consumption", "unit=kW")
    series = session.state.twin.find("buildings", "consumption")
    ids = session.state.twin.layers["buildings"].ids.tolist()
    for k in (1, 7, 13):
        text = loads[k - 1].read_text(encoding="utf-8").split()
        np.testing.assert_allclose(series.of(ids.index(str(k)))[:24], np.array(text[:24], float))
    session.run("data.joins")
    assert "13 / 13" in session.told[-1].as_text()
