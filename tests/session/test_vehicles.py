"""Chargers from a schedule to what vehicles left with: scenarios, undo, files, derivations."""

import csv
import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from tests.village import START, write_village
from twinview.energy.schedules import COLUMNS, PLAN
from twinview.energy.vehicle_accounts import stays_told
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.scenario import AddCharger
from twinview.model.stays import Stay, stay_of
from twinview.session.results import load
from twinview.session.store import Session, State
from twinview.session.why import why

SHARED = Path(__file__).parents[3] / "shared" / "data" / "citylearn-ev-charging"
CHARGER = "cars~1~charger~1"


@pytest.fixture(autouse=True)
def english():
    set_language("en")


def schedule(folder: Path, plan: bool = False) -> Path:
    """Write a schedule: hours 1 and 2 a vehicle with 20 of 50 kWh that wants 25, hour 5 another."""
    names = [*COLUMNS.values(), *([PLAN] if plan else [])]
    nobody = ["3", "", "", "", ""]
    rows = [nobody, ["1", "red", "50", "40", "50"], ["1", "red", "50", "", ""], nobody, nobody,
            ["1", "blue", "40", "10", "100"]]  # fmt: skip
    plans = ["", "-2", "4", "", "", "3"]
    lines = [",".join([*row, *([kw] if plan else [])]) for row, kw in zip(rows, plans, strict=True)]
    path = folder / "post.csv"
    path.write_text("\n".join([",".join(names), *lines]) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the village with a scenario that changes nothing yet."""
    made = Session()
    made.run("file.new", *write_village(tmp_path_factory.mktemp("village")))
    made.run("scenario.new", "Cars")
    return made.state


def session(opened: State, folder: Path, choices: str = "", *, plan: bool = False) -> Session:
    """Return the village with a scenario in which house 0 has a charger of 4 kW."""
    made = Session(opened)
    begin = START.isoformat()
    made.do(f"scenario.add_charger '{schedule(folder, plan)}' 4 {begin} '{choices}' 'house 0'")
    return made


@pytest.fixture(scope="module")
def village(opened, tmp_path_factory) -> Session:
    """Return a village with a charger, computed: w0 = 200 g/kWh, 0.8 in, 0.9 out, 1 % an hour."""
    words = "efficiency=0.8;discharge_efficiency=0.9;discharge=3;standing=0.01;intensity=200"
    made = session(opened, tmp_path_factory.mktemp("charger"), words, plan=True)
    made.run("compute.run")
    return made


def test_what_vehicles_leave_with_follows_from_their_stays(village: Session) -> None:
    # red: 20 x 0.99 - 2 / 0.9, then x 0.99 + 4 x 0.8; blue: 4 x 0.99 + 3 x 0.8 = 6.36 kWh.
    # The import has 300 + 10 x hour g/kWh, and the house has only the grid beside the store.
    red, blue = stays_told(village.state.twin)
    inside = 20 * 0.99 - 2 / 0.9
    assert (red.vehicle, blue.vehicle) == ("red", "blue")
    assert red.left == pytest.approx(inside * 0.99 + 3.2, rel=1e-6)
    assert red.charged == pytest.approx(2, rel=1e-6)
    assert blue.left == pytest.approx(6.36, rel=1e-6)
    assert datetime.fromtimestamp(red.arrive, UTC) == START.replace(hour=0, day=31)
    # red carried 4 kg; 2 / 0.9 of 19.8 kWh went (the carbon of standing losses stays).
    kept = 4 * (1 - (2 / 0.9) / 20)
    node = village.state.twin.find("node", "carbon_intensity")
    assert node is not None
    at_house = node.at(2)[1]
    assert red.carbon == pytest.approx(kept + 4 * at_house / 1000, rel=0.02)


def test_the_balance_of_the_district_names_what_came_and_left(village: Session) -> None:
    village.run("compute.run")
    state = village.state
    results = load(state.twin, state.project, state.path)
    assert results is not None
    said = results.as_dict()
    assert said["energy_kwh"]["arrived"] == pytest.approx(24)
    assert said["carbon_kg"]["arrived"] == pytest.approx(24 * 0.2)
    red, blue = stays_told(state.twin)
    assert said["energy_kwh"]["left"] == pytest.approx(red.left + blue.left, rel=1e-6)
    assert said["carbon_kg"]["left"] == pytest.approx(red.carbon + blue.carbon, rel=1e-6)
    assert abs(said["energy_kwh"]["storage_residual"]) < 1e-9
    assert max(said["relative_residual"].values()) < 1e-9


@pytest.mark.parametrize("hour", [1, 2, 3])
@pytest.mark.parametrize(
    "quantity", ["power", "energy", "soc", "carbon_intensity", "left_energy", "left_carbon"]
)
def test_every_number_of_a_charger_is_derived(village: Session, quantity: str, hour: int) -> None:
    found = why(village.state, "storage", CHARGER, quantity, hour)
    shown = village.state.twin.find("storage", quantity)
    assert shown is not None
    value = float(shown.at(hour)[1])
    if np.isfinite(value) and quantity != "power":
        assert found.parts.result == pytest.approx(value, rel=2e-4, abs=1e-6)
    else:
        assert found.parts.lines


def test_the_other_store_is_explained_as_before(village: Session) -> None:
    found = why(village.state, "storage", "battery", "energy", 3)
    assert found.parts.place == "method#storage"
    shown = village.state.twin.find("storage", "energy")
    assert shown is not None
    assert found.parts.result == pytest.approx(float(shown.at(3)[0]), rel=1e-4, abs=1e-6)


def test_undo_takes_the_charger_away_and_redo_brings_its_results_back(opened, tmp_path) -> None:
    made = session(opened, tmp_path)
    made.run("compute.run")
    before = stays_told(made.state.twin)
    made.undo()
    assert CHARGER not in made.state.twin.layers["storage"].row_of
    with pytest.raises(CommandError, match="No vehicles come"):
        stays_told(made.state.twin)
    made.redo()
    assert stays_told(made.state.twin) == before


def test_the_base_knows_nothing_of_it(village: Session) -> None:
    base = village.state.base
    assert CHARGER not in base.layers["storage"].row_of
    assert "stay" not in base.layers


def test_saved_and_opened_with_its_results(opened, tmp_path) -> None:
    made = session(opened, tmp_path)
    made.run("file.save_as", tmp_path / "cars.twin")
    made.run("compute.run")
    before = stays_told(made.state.twin)
    again = Session()
    again.run("file.open", tmp_path / "cars.twin")
    again.run("scenario.show", "cars")
    assert stays_told(again.state.twin) == before
    assert np.isfinite(before[0].left)


def test_the_assumption_of_what_vehicles_bring_is_said_and_set(opened, tmp_path) -> None:
    made = session(opened, tmp_path)
    made.run("compute.run")
    said = [one for one in made.state.twin.problems if one.code == "fleet.initial_content"]
    # 300 + 10 x hour over two whole days: 300 + 10 x 11.5 = 415 g/kWh.
    assert "at 415 g/kWh" in said[0].message
    made.run("settings.set", "vehicle_intensity", "100")
    made.run("compute.run")
    assert not [one for one in made.state.twin.problems if one.code == "fleet.initial_content"]
    results = load(made.state.twin, made.state.project, made.state.path)
    assert results is not None
    assert results.as_dict()["carbon_kg"]["arrived"] == pytest.approx(24 * 0.1)


def test_stays_outside_the_data_are_told(opened, tmp_path) -> None:
    made = Session(opened)
    made.do(f"scenario.add_charger '{schedule(tmp_path)}' 4 2020-01-01T00:00Z '' 'house 0'")
    made.run("compute.run")
    (said,) = (one for one in made.state.twin.problems if one.code == "fleet.outside")
    assert said.severity == "warning"
    assert "2 of 2 stays" in said.message


def test_stays_are_listed_and_written_with_units(village: Session, tmp_path) -> None:
    told: list = []
    village.teller = told.append  # type: ignore[assignment]
    village.run("fleet.stays")
    assert [row[0] for row in told[0].rows] == ["red", "blue"]
    assert told[0].remarks[0].startswith("2 of 2 stays ended")
    village.run("export.stays", tmp_path / "stays.csv")
    with (tmp_path / "stays.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["vehicle"] for row in rows] == ["red", "blue"]
    assert float(rows[1]["left [kWh]"]) == pytest.approx(6.36, rel=1e-6)
    assert float(rows[0]["carbon [kg]"]) > 0


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("4 2024-03-31T00:00Z 'charging=soon' 'house 0'", "does not fit at 'charging'"),
        ("4 2024-03-31T00:00Z 'colour=red' 'house 0'", "There is no choice 'colour'"),
        ("4 2024-03-31T00:00Z 'step=never' 'house 0'", "'never' hours are no length"),
        ("-1 2024-03-31T00:00Z '' 'house 0'", "does not fit at 'kw'"),
        ("4 2024-03-31T00:00Z", "Select buildings first"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(opened, tmp_path, line, words) -> None:
    made = Session(opened)
    with pytest.raises(CommandError, match=words):
        made.do(f"scenario.add_charger '{schedule(tmp_path)}' {line}")


def test_a_stay_is_written_and_read_again() -> None:
    ends = datetime(2024, 1, 1, 8, tzinfo=UTC), datetime(2024, 1, 1, 9, tzinfo=UTC)
    one = Stay("red", *ends, 50.0, 20.25, 25.0, (-2.0, 4.5))
    assert stay_of(one.text()) == one
    for text, words in (
        ("red;1", "is no stay"),
        ("red;2024-01-01;2024-01-02;50;20;25;", "an offset"),
        (one.text().replace("20.25", "60"), "within its capacity"),
        (one.text().replace("T09", "T07"), "leaves before it comes"),
    ):
        with pytest.raises(ValueError, match=words):
            stay_of(text)


def test_two_vehicles_at_a_time_are_refused() -> None:
    ends = [datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in (8, 10, 9, 11)]
    texts = [Stay(n, a, b, 50, 20, 25).text() for n, a, b in (("a", *ends[:2]), ("b", *ends[2:]))]
    with pytest.raises(ValueError, match="'b' comes before 'a' has left"):
        AddCharger(at=("x",), kw=4, stays=tuple(texts))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public data are not there")
def test_a_public_schedule_end_to_end(opened, tmp_path) -> None:
    # 7.4 kW with 0.95; of every stay: what came and 0.95 of what was charged left.
    made = Session(opened)
    file = SHARED / "charger_1_1.csv"
    made.do(f"scenario.add_charger '{file}' 7.4 {START.isoformat()} efficiency=0.95 'house 0'")
    made.run("compute.run")
    told = [one for one in stays_told(made.state.twin) if np.isfinite(one.left)]
    assert len(told) >= 2
    for one in told:
        assert one.left == pytest.approx(one.arrived + 0.95 * one.charged, rel=1e-5)
        assert 0 < one.intensity < 600
    content = json.loads(made.state.project.model_dump_json())
    assert len(content["scenarios"][0]["changes"][0]["stays"]) == 398


def test_an_instant_ahead_shows_the_vehicle(opened, tmp_path) -> None:
    made = session(opened, tmp_path, "efficiency=0.8")
    made.run("time.step", 2)
    made.run("compute.instant")
    energy = made.state.twin.find("storage", "energy")
    assert energy is not None
    # 20 kWh and 4 kW x 0.8 in the first hour; 1.8 kWh are missing to 25 in the second.
    assert float(energy.at(2)[1]) == pytest.approx(25, rel=1e-6)


def test_a_grid_file_may_have_chargers_of_its_own(tmp_path) -> None:
    # 12 kWh come; the plan asks for 1 and 3 kW, and the charger gives 1 and 2.
    files = write_village(tmp_path, store=False)
    content = json.loads(files[1].read_text(encoding="utf-8"))
    post = {"id": 60, "node": 1, "name": "post", "building": "house 0", "charging": "at_once",
            "power_w": 2000.0, "start_intensity_g_per_kwh": 100.0}  # fmt: skip
    stay = {"charger": "post", "vehicle": "red", "arrive": "2024-03-31T00:00:00Z",
            "depart": "2024-03-31T02:00:00Z", "capacity_kwh": 40, "energy_kwh": 12,
            "wanted_kwh": 40, "plan_kw": [1.0, 3.0]}  # fmt: skip
    content["twinview"] |= {"storage": [post], "stay": [stay]}
    files[1].write_text(json.dumps(content), encoding="utf-8")
    made = Session()
    made.run("file.new", *files)
    made.run("compute.run")
    (told,) = stays_told(made.state.twin)
    assert (told.charger, told.left) == ("post", pytest.approx(15))
    assert told.carbon > 1.2
    made.run("scenario.new", "Cars")
    made.do(f"scenario.add_charger '{schedule(tmp_path)}' 4 {START.isoformat()} '' 'house 0'")
    made.run("compute.run")
    assert [one.vehicle for one in stays_told(made.state.twin)] == ["red", "red", "blue"]
