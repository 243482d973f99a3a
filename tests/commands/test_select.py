"""Selecting: by list, expression, class and layer; sums and tables of what is selected."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from tests.gui.hamlet import HOUSES, TIME, hamlet
from tests.village import write_village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.series import Dense, Meaning
from twinview.scene.view import View
from twinview.session.project import Project, load, save
from twinview.session.store import Session, State


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


@pytest.fixture
def session() -> Session:
    """Return a session with a hamlet of sixty houses: dwelling, office, school, and so on."""
    told = []
    session = Session(State(hamlet(), Project(name="Hamlet"), View(time=36)))
    session.teller = told.append
    session.told = told
    return session


def chosen(session: Session) -> list[str]:
    """Return the ids of what is selected."""
    return [element for _layer, element in session.state.view.selection]


def test_several_are_selected_added_and_taken_out(session):
    session.do("select.these only houses h1 houses h2 cables c3")
    session.do("select.these add houses h2 houses h5")
    assert chosen(session) == ["h1", "h2", "c3", "h5"]
    session.do("select.these remove houses h1 cables c3")
    assert chosen(session) == ["h2", "h5"]
    for wrong in ("perhaps houses h1", "only houses", "only houses nosuch"):
        with pytest.raises(CommandError):
            session.do(f"select.these {wrong}")


def test_earlier_selections_come_back_as_far_as_their_elements_are_there(session):
    session.do("select.these only houses h1 houses h2 cables c3")
    session.do("select.only houses h2")
    session.do("time.step 1")
    session.do("select.clear")
    session.do("select.back")
    assert chosen(session) == ["h2"]
    session.do("select.back")
    assert chosen(session) == ["h1", "h2", "c3"]
    session.do("select.back")
    with pytest.raises(CommandError, match="no earlier selection"):
        session.do("select.back")
    session.do("select.forward")
    assert chosen(session) == ["h1", "h2", "c3"]
    session.do("select.only houses h5")
    with pytest.raises(CommandError, match="no later selection"):
        session.do("select.forward")
    assert session.undo_title == ""
    layers = {"houses": session.state.twin.layers["houses"]}
    twin = replace(session.state.twin, layers=layers)
    session._set(replace(session.state, twin=twin))
    session.do("select.back")
    assert chosen(session) == ["h1", "h2"]


def test_an_expression_selects(session):
    session.do("""select.where 'use == "office" and height_m > 9'""")
    # offices are 1, 4, 7, ...; heights are 6 + k % 5
    assert chosen(session) == [f"h{k}" for k in range(HOUSES) if k % 3 == 1 and k % 5 == 4]
    session.do("""select.where 'cables: id == "c7"'""")
    assert session.state.view.selection == (("cables", "c7"),)
    with pytest.raises(CommandError, match="Nothing in 'houses' fits"):
        session.do("select.where 'houses: height_m > 99'")


def test_what_the_map_shows_can_be_asked_for(session):
    shown = session.state.twin.find("houses", "carbon_intensity").at(36)
    session.do("select.where 'value >= 300'")
    assert chosen(session) == [f"h{k}" for k in np.flatnonzero(shown >= 300)]
    session.do("select.where 'houses: value is missing'")
    assert chosen(session) == [f"h{HOUSES - 1}"]
    session.do("select.where 'selected == 0'")
    assert len(chosen(session)) == HOUSES - 1


def test_all_none_and_the_others(session):
    session.do("select.all cables")
    assert chosen(session) == [f"c{k}" for k in range(10)]
    session.do("select.these only cables c0 cables c1")
    session.do("select.invert")
    assert chosen(session) == [f"c{k}" for k in range(2, 10)]
    session.do("select.clear")
    session.do("select.all")
    assert len(chosen(session)) == HOUSES
    session.do("select.invert")
    assert chosen(session) == []


def test_the_same_class_by_column_and_by_legend(session):
    session.do("select.only houses h4")
    session.do("select.same use")
    assert chosen(session) == [f"h{k}" for k in range(1, HOUSES, 3)]
    session.do("overlay.attribute houses.use")
    session.do("select.only houses h0")
    session.do("select.same")
    assert chosen(session) == [f"h{k}" for k in range(0, HOUSES, 3)]
    session.do("overlay.show carbon")
    values = session.state.twin.find("houses", "carbon_intensity").at(36)
    one = int(np.nanargmax(values))
    session.do(f"select.only houses h{one}")
    session.do("select.same")
    low = 125 * (values[one] // 125)  # marks at 0, 125, 250, 375 and 500 g/kWh
    same = (values >= low) & (values < low + 125)
    assert chosen(session) == [f"h{k}" for k in np.flatnonzero(same)]
    session.do("select.clear")
    with pytest.raises(CommandError, match="Select an element first"):
        session.do("select.same")


def test_the_summary_says_how_numbers_were_put_together(session):
    session.do("select.these only houses h1 houses h2")
    session.do("select.summary")
    answer = session.told[-1]
    used = session.state.twin.find("houses", "consumption").at(36)[1:3].sum()
    row = next(row for row in answer.rows if row[1] == "Consumption")
    assert row[2] == "Sum"
    assert float(row[3].split()[0]) == pytest.approx(used, rel=5e-3)


def test_statistics_are_told(session):
    session.do("select.statistics houses 'height_m > 9'")
    said = dict(session.told[-1].rows)
    assert said["Elements"] == "12"
    assert said["No data"] == "1"


MEANS = ("14.2", "18.4", "33.4", "52")
"""kW: houses 0, 3, 12, 21 and 30 are neighbours and use 1 + 4 + 13 + 22 + 31 = 71 kW; and so on."""


def metered(session: Session) -> Session:
    """Give the houses measured use, as a meter would: house k uses k + 1 kW."""
    values = np.tile(np.arange(1.0, HOUSES + 1, dtype=np.float32), (TIME.count, 1))
    series = Dense(Meaning("houses", "consumption", "kW", origin="measured"), TIME, values)
    twin = session.state.twin.with_series(series)
    session._set(replace(session.state, twin=twin, view=View(time=36, overlay="power")))
    return session


def test_metered_dwellings_are_means_of_groups_in_tables_and_expressions(session, tmp_path):
    metered(session)
    session.do(f"export.table {tmp_path / 'all.csv'}")
    session.do(f"export.elements {tmp_path / 'one.csv'} houses")
    for name, column in (("all.csv", "consumption"), ("one.csv", "power")):
        with (tmp_path / name).open(encoding="utf-8", newline="") as file:
            rows = {row["id"]: row for row in csv.DictReader(file)}
        for k in range(HOUSES):
            row = rows[f"h{k}"]
            home = k % 3 == 0
            assert row[f"{column} state"] == ("group mean" if home else "value")
            assert row[f"{column} [kW]"] in (MEANS if home else {str(k + 1)})
        assert [rows[f"h{k}"][f"{column} [kW]"] for k in (0, 3, 12, 21, 30)] == [MEANS[0]] * 5
    session.do("""select.where 'use == "dwelling" and consumption > 40'""")
    assert chosen(session) == ["h45", "h48", "h51", "h54", "h57"]  # a group, whole


def test_the_project_says_how_large_groups_are(session, tmp_path):
    metered(session)
    session.do("select.where 'houses: use == \"dwelling\"'")
    session.do("select.summary")
    assert next(row for row in session.told[-1].rows if row[1] == "Consumption")[4] == "20"
    session.do("select.these only houses h0 houses h3")
    session.do("select.summary")
    answer = session.told[-1]
    assert next(row for row in answer.rows if row[1] == "Consumption")[3:] == (
        "Withheld", "0", "2", "2",
    )  # fmt: skip
    assert "private" in answer.remarks[0]
    session.do("project.privacy 0")
    session.do("select.summary")
    assert next(row for row in session.told[-1].rows if row[1] == "Consumption")[4] == "2"
    save(tmp_path / "p.twin", session.state.project, session.state.view)
    assert load(tmp_path / "p.twin")[0].private_group == 0
    session.do("project.privacy metered")
    assert session.state.project.private_group is None
    session.do("edit.undo")
    assert session.state.project.private_group == 0
    with pytest.raises(CommandError, match="Write a number"):
        session.do("project.privacy some")


def test_a_chosen_group_counts_for_values_of_any_origin(session):
    session.do("project.privacy 3")
    session.do("select.these only houses h0 houses h1")
    session.do("select.summary")
    row = next(row for row in session.told[-1].rows if row[1] == "Consumption")
    assert row[4:] == ("1", "2", "1")  # the office alone


def test_elements_are_written_with_units_state_and_instant(session, tmp_path):
    session.do("select.these only houses h3 houses h59")
    session.do(f"export.elements {tmp_path / 'a.csv'} houses selected")
    with (tmp_path / "a.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["h3", "h59"]
    assert rows[1]["carbon_intensity [g/kWh]"] == ""
    assert rows[1]["carbon_intensity state"] == "no data"
    assert rows[0]["height_m"] == "9"
    assert "time=2024-03-30T12:00" in list(rows[0])[-1]
    with pytest.raises(CommandError, match="No element"):
        session.do(f"export.elements {tmp_path / 'b.csv'} houses 'height_m > 99'")


def test_curves_are_written_side_by_side(session, tmp_path):
    session.do("select.these only houses h3 houses h8")
    session.do(f"export.curves {tmp_path / 'c.csv'} consumption")
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    used = session.state.twin.find("houses", "consumption")
    assert len(rows) == TIME.count
    assert rows[36]["time"] == "2024-03-30T12:00:00+01:00"
    assert float(rows[36]["h3 [kW]"]) == pytest.approx(used.of(3)[36])
    both = float(used.of(3)[36]) + float(used.of(8)[36])
    assert float(rows[36]["sum of 2 [kW]"]) == pytest.approx(both)
    with pytest.raises(CommandError, match="no curves of 'nosuch'"):
        session.do(f"export.curves {tmp_path / 'd.csv'} nosuch")


def test_a_metered_dwelling_has_no_column_of_its_own(session, tmp_path):
    metered(session)
    session.do("select.these only houses h0 houses h1")
    session.do(f"export.curves {tmp_path / 'c.csv'} consumption")
    with (tmp_path / "c.csv").open(encoding="utf-8", newline="") as file:
        row = next(csv.DictReader(file))
    assert "h0 [kW]" not in row
    assert row["h1 [kW]"] == row["sum of 1 [kW]"] == "2"
    assert "withheld=1" in list(row)[-1]


def test_sources_are_told_and_refused_without_a_selection(tmp_path):
    session, told = Session(), []
    session.teller = told.append
    session.run("file.new", *write_village(tmp_path))
    session.run("compute.run")
    layer = next(one for one in session.state.twin.layers.values() if one.kind == "building")
    session.run("select.these", "only", layer.id, "house 0", layer.id, "house 1")
    ways = (
        ((), "kW"), (("instant",), "kW"), (("window",), "kW"), (("day",), "kWh"),
        (("stretch", "2024-04-01T00:00", "2024-04-01T10:00"), "kWh"),
    )  # fmt: skip
    for words, unit in ways:
        session.run("select.sources", *words)
        assert told[-1].columns[0] == "Source"
        assert all(row[2].endswith(unit) for row in told[-1].rows)
        assert any(row[0] == "Grid import" for row in told[-1].rows)
    assert told[-1].rows[-1][2] == "15.0\u00a0kWh"  # 10 hours of two houses, 1 and 0.5 kW by turns
    session.do("time.rolling 10h")
    session.run("time.index", 40)
    session.run("select.sources", "window")
    assert told[-1].rows[-1][2] == "15.0\u00a0kWh"
    with pytest.raises(CommandError, match="not 'week'"):
        session.run("select.sources", "week")
    session.run("select.clear")
    with pytest.raises(CommandError, match="Select something first"):
        session.run("select.sources")
