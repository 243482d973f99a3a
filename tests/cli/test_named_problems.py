"""Faults of real data, from the file to the balance: each is named, and the rest goes on."""

import json
from pathlib import Path

import pytest

from tests.village import curves, grid, houses, metered

SPAN = ("--from", "2024-03-31T06:00", "--to", "2024-03-31T12:00")


@pytest.fixture
def made(tmp_path: Path, twinview):
    """Return a function that makes a project of the village with a changed grid or curves."""

    def make(*, network: dict | None = None, text: str | None = None) -> Path:
        (tmp_path / "houses.geojson").write_text(json.dumps(houses()))
        (tmp_path / "grid.json").write_text(json.dumps(network or grid()))
        (tmp_path / "curves.csv").write_text(text or curves())
        files = ("houses.geojson", "grid.json", "curves.csv")
        twinview("new", "v.twin", "--add", *files, "--tz", "Europe/Berlin")
        return tmp_path / "v.twin"

    return make


def rows() -> list[list[str]]:
    """Return the cells of the village's curves; row k + 1 is hour k."""
    return [line.split(",") for line in curves().splitlines()]


def text(cells: list[list[str]]) -> str:
    """Return cells as a file."""
    return "\n".join(",".join(row) for row in cells) + "\n"


def codes(answer, project: Path, code: int = 0) -> dict[str, dict]:
    """Return the problems that `check` lists, by code."""
    return {one["code"]: one for one in answer("check", project, code=code)["problems"]}


def test_steps_without_a_meter_value_are_not_computed_and_the_others_are(made, answer, twinview):
    network, given = metered(24, range(5, 7))
    project = made(network=network, text=given)
    found = answer("compute", project, code=1)
    # By hand: 22 hours of 1.5 kW; the other load 12 x (0.5 + 1.0) kWh less 1.0 and 0.5.
    assert found["energy_kwh"]["load"] == pytest.approx(33.0 + 18.0 - 1.5)
    assert found["energy_kwh"]["generation"] == pytest.approx(8.0)
    assert found["converged_steps"] == 22
    assert found["not_converged"] == []
    why = "Not computed: 'load 0' has no value"
    assert found["not_computed"] == [
        {"at": "2024-03-31T06:00+02:00", "why": why},
        {"at": "2024-03-31T07:00+02:00", "why": why},
    ]
    first = {"layer": "sym_load", "id": "load 0", "steps": 2, "first": "2024-03-31T06:00+02:00"}
    assert found["without_value"] == [first]
    assert "2 of 24 steps of the span" in found["indicator_problems"][0]["message"]
    said = codes(answer, project, code=1)["computation.no_value"]
    assert said["element_ids"] == ["load 0"]
    assert "in 2 of 24 steps, first 2024-03-31T06:00+02:00" in said["message"]
    text_ = twinview("compute", project, code=1).stdout
    assert "2 of 24 steps were not computed and are in no sum" in text_


def test_what_was_not_computed_is_neither_zero_nor_a_number(made, answer, twinview, tmp_path):
    network, given = metered(24, range(5, 7))
    project = made(network=network, text=given)
    twinview("compute", project, code=1)
    shown = answer("snapshot", project, "-o", "a.png", "--at", "2024-03-31T06:00", code=1)
    assert shown["elements"]["shown"] == 0
    twinview("export", project, "-o", "t.csv", "--at", "2024-03-31T06:00", code=1)
    lines = (tmp_path / "t.csv").read_text().splitlines()
    (stored,) = [line for line in lines if "battery" in line]
    assert "input missing" in stored


def test_stores_rest_while_a_value_is_missing(made, answer):
    network, given = metered(24, range(4, 6), others="1.0")
    for load in network["data"]["sym_load"]:
        load["profile"] = "meter"
    (battery,) = network["twinview"]["storage"]
    battery |= {"soc0": 0.8, "eta_charge": 1.0, "eta_discharge": 1.0}
    battery["standing_loss_per_hour"] = 0.1
    cells = [line.split(",") for line in given.splitlines()]
    for row in cells[1:5]:
        row[-1] = "0"
    project = made(network=network, text=text(cells))
    found = answer("compute", project, code=1)
    # 4 kWh lose 10 % in each of six hours without use, two of them not computed; in the seventh
    # 2 kW are drawn and what is left after its loss is given: 4 x 0.9^7. Later the sun never gives
    # more than the 2 kW that are drawn.
    assert found["energy_kwh"]["storage_out"] == pytest.approx(4 * 0.9**7)
    assert found["energy_kwh"]["storage_in"] == pytest.approx(0.0, abs=1e-9)
    assert found["relative_residual"]["carbon_kg"] < 1e-8


def test_a_span_says_how_many_of_its_own_steps_are_missing(made, answer):
    network, given = metered(24, range(5, 7))
    project = made(network=network, text=given)
    answer("compute", project, code=1)
    span = ("--from", "2024-03-31T04:00", "--to", "2024-03-31T07:00")
    found = answer("compute", project, *span, code=1)
    assert [one["at"] for one in found["not_computed"]] == ["2024-03-31T06:00+02:00"]
    # The hours from 4:00 and 5:00 of summer time are the fourth and the fifth of the day.
    assert found["energy_kwh"]["load"] == pytest.approx(2 * 1.5 + 1.0 + 0.5)


def test_a_meter_without_any_value_leaves_nothing_to_compute(made, twinview):
    network, given = metered(24, range(24))
    project = made(network=network, text=given)
    ran = twinview("compute", project, code=2)
    assert "'load 0' has no value in 24 of 24 steps" in ran.stderr
    assert "a missing value is not zero" in ran.stderr
    assert len(ran.stderr.strip().splitlines()) == 1


def test_an_instant_that_comes_twice_is_said_and_counts_once(made, answer):
    cells = rows()
    cells.insert(6, [cells[5][0], "7.0", *cells[5][2:]])
    project = made(text=text(cells))
    found = answer("compute", project)
    assert found["span"]["steps"] == 48
    said = [one for one in answer("check", project)["problems"] if one["severity"] == "warning"]
    assert any("twice" in one["message"] for one in said), said


def test_an_island_stays_dark_and_the_rest_is_computed(made, answer):
    network = grid()
    network["data"]["line"][1]["from_status"] = 0  # the last two nodes are cut off
    project = made(network=network)
    found = answer("compute", project, *SPAN)
    assert found["converged_steps"] == 6
    # Load 0 alone: 0.5 and 1 kW in turn, three times each (by hand).
    assert found["energy_kwh"]["load"] == pytest.approx(4.5)
    # A battery without supply does nothing.
    assert found["energy_kwh"]["storage_in"] == found["energy_kwh"]["storage_out"] == 0
    island = codes(answer, project)["grid.island_without_source"]
    assert island["element_ids"] == ["node 2", "node 3"]


def test_a_step_without_solution_is_masked_listed_and_drawn_so(made, answer):
    cells = rows()
    cells[8][1] = "5000"  # 5 MW behind a cable of 400 V
    project = made(text=text(cells))
    found = answer("compute", project, *SPAN, code=1)
    assert found["converged_steps"] == 5
    assert found["not_converged"] == ["2024-03-31T08:00+02:00"]
    assert found["energy_kwh"]["load"] < 10
    assert "1 steps" in codes(answer, project, code=1)["powerflow.not_converged"]["message"]
    shown = answer("snapshot", project, "-o", "a.png", "--at", "2024-03-31T08:00", code=1)
    assert shown["elements"]["shown"] == 0


@pytest.mark.parametrize(
    ("file", "code", "ended"),
    [("pp_island.json", "grid.island_without_source", 0),
     ("pp_overload.json", "powerflow.not_converged", 1)],
)  # fmt: skip
def test_the_same_in_files_of_pandapower(shared, answer, twinview, file, code, ended):
    twinview("new", "v.twin", "--add", shared / "corpus" / file)
    found = answer("compute", "v.twin", code=ended)
    assert found["converged_steps"] == 1 - ended
    assert code in codes(answer, "v.twin", code=ended)


def test_a_span_says_the_same_whether_the_whole_is_kept_or_not(village, answer):
    before = answer("compute", village, *SPAN)
    answer("compute", village)
    after = answer("compute", village, *SPAN)
    # The market-based account spreads what was bought over all that is computed.
    del before["indicators"], after["indicators"]
    assert before == after
    assert before["computed_from"] == "2024-03-31T00:00+01:00"
