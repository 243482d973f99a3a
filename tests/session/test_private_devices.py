"""Nor do cells, batteries, columns, filters or scenarios tell what a single dwelling uses.

The street of `test_private`: houses 0 to 4 are a group, as are 5 to 10; house 11 is an office.
Houses 0 to 4 have cells and a battery each, and so has house 7, alone in its group.
"""

import contextlib
import csv
import json
from dataclasses import replace

import numpy as np
import pytest

from tests.session.test_private import HOUSES, STEP, USED, write_street
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.twin import DISTRICT
from twinview.progress import drain
from twinview.session.join_heads import headings
from twinview.session.join_look import look_at
from twinview.session.joining import Wish
from twinview.session.store import Session, State
from twinview.session.why import why

NOON, NIGHT = 12, 2
ROOFS = (0, 1, 2, 3, 4, 7)
WRONG = 0.05
"""Share by which whoever works back a value from what is told must be off, at least."""


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


def with_devices(files, roofs) -> None:
    """Put cells and a battery on some houses of the street."""
    grid = json.loads(files[1].read_text(encoding="utf-8"))
    load = {"status": 1, "type": 0, "p_specified": 500.0, "q_specified": 0.0, "scale_w": 500.0}
    grid["data"]["sym_gen"] = [
        {"id": 400 + k, "node": 1 + k, "name": f"cells {k}", "building": f"house {k}",
         "profile": "sun", **load} for k in roofs
    ]  # fmt: skip
    # Number 3 names no building, but is connected where house 3 is.
    grid["twinview"]["storage"] = [
        {"id": 500 + k, "node": 1 + k, "name": f"battery {k}",
         "building": None if k == 3 else f"house {k}", "x": 8.0 + k * 4e-4, "y": 48.0002,
         "energy_wh": 60e3, "power_w": 8000.0, "eta_charge": 1.0, "eta_discharge": 1.0,
         "standing_loss_per_hour": 0.0, "soc0": 0.9} for k in roofs
    ]  # fmt: skip
    for k, one in enumerate(grid["data"]["sym_load"]):
        one |= {"p_specified": float(round(1000 * USED[:, k].mean(), 3)), "connected_load": 9.5 + k}
    files[1].write_text(json.dumps(grid), encoding="utf-8")


def computed(folder, roofs) -> State:
    files = write_street(folder)
    with_devices(files, roofs)
    session = Session()
    session.run("file.new", *files)
    session.run("compute.run")
    return session.state


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the street with devices, computed; its curves look metered."""
    return computed(tmp_path_factory.mktemp("street"), ROOFS)


def at(twin, layer: str, quantity: str, step: int) -> np.ndarray:
    return np.asarray(twin.find(layer, quantity).at(step), dtype=np.float64)


def by_battery(twin) -> list[float]:
    """Return what the houses with a battery use at night, told by that."""
    names = twin.layers["storage"].column("building")
    power = at(twin, "storage", "power", NIGHT)
    return [-one for one, name in zip(power, names, strict=True) if name]


def test_a_battery_at_night_does_not_tell_what_its_house_uses(opened):
    true = USED[NIGHT, [k for k in ROOFS if k != 3]]
    assert by_battery(opened.twin.exact) == pytest.approx(true.tolist(), rel=1e-5)
    # Too few dwellings would be left of the whole, were the first five shown without number 7.
    for quantity in ("power", "energy", "soc", "carbon_intensity"):
        assert np.isnan(at(opened.twin, "storage", quantity, NIGHT)).all(), quantity
    for k in ROOFS:
        found = why(opened, "storage", str(opened.twin.layers["storage"].ids[ROOFS.index(k)]),
                    "power")  # fmt: skip
        assert not found.parts.inputs
        assert not np.isfinite(found.value)


def test_batteries_of_a_whole_group_are_shown_as_its_mean(tmp_path):
    state = computed(tmp_path, ROOFS[:5])
    mean = -at(state.twin.exact, "storage", "power", NIGHT).mean()
    assert by_battery(state.twin) == pytest.approx([mean] * 4, rel=1e-5)
    soc = at(state.twin.exact, "storage", "soc", NIGHT)
    assert at(state.twin, "storage", "soc", NIGHT) == pytest.approx([soc.mean()] * 5)
    assert at(state.twin, "sym_gen", "power", NOON) == pytest.approx([1.0] * 5)  # 2 kW x 0.5


def test_a_battery_of_its_own_is_not_told_by_the_balance_of_the_whole(tmp_path):
    twin = computed(tmp_path, ROOFS[-1:]).twin
    total = {q: at(twin.exact, DISTRICT, q, NIGHT)[0] for q in ("load", "import", "loss")}
    told = total["load"] + total["loss"] - total["import"]
    assert told == pytest.approx(USED[NIGHT, 7], rel=1e-3)
    assert all(np.isnan(at(twin, DISTRICT, q, NIGHT)).all() for q in total)


def by_carbon(twin) -> tuple[np.ndarray, np.ndarray]:
    """Return what houses with cells use, told by their carbon beside that of the grid."""
    exact = twin.exact
    houses, cells = exact.layers["houses"], exact.layers["sym_gen"]
    own = at(twin, "houses", "carbon_intensity", NOON)[houses.rows(cells.column("building"))]
    nodes = exact.layers["node"].rows(cells.column("node"))
    made = np.ones(len(cells))  # as anybody knows who knows the size of the cells
    with np.errstate(divide="ignore", invalid="ignore"):
        return made / (1 - own / 420.0), at(twin, "node", "carbon_intensity", NOON)[nodes]


def test_carbon_intensity_does_not_tell_what_a_house_with_cells_uses(opened):
    true = USED[NOON, list(ROOFS)]
    told, _nodes = by_carbon(opened.twin)
    assert (np.abs(told / true - 1) > WRONG).all()
    own = at(opened.twin, "houses", "carbon_intensity", NOON)
    exact = at(opened.twin.exact, "houses", "carbon_intensity", NOON)
    for part in (slice(0, 5), slice(5, 11)):
        used = USED[NOON, part]
        expected = (exact[part] * used).sum() / used.sum()
        assert own[part] == pytest.approx([expected] * len(used), rel=1e-5)
    assert own[11] == pytest.approx(exact[11])
    hung = opened.twin.layers["node"].rows(opened.twin.layers["sym_load"].column("node"))[:11]
    assert np.isnan(at(opened.twin, "node", "carbon_intensity", NOON)[hung]).all()
    found = why(replace(opened, view=replace(opened.view, time=NOON)), "houses", "house 2",
                "carbon_intensity")  # fmt: skip
    assert found.value == pytest.approx(own[2])
    assert not found.parts.inputs


def test_curves_of_intensities_are_those_of_groups_too(opened):
    series = opened.twin.find("houses", "carbon_intensity")
    table = series.window(0, series.time.count)
    for row in (2, 7, 11):
        np.testing.assert_allclose(series.of(row), table[:, row], rtol=1e-5)


def test_columns_nobody_has_heard_of_hold_means_of_groups(opened, tmp_path):
    """The fixed power of a load is its mean use, and connected_load a word of one utility."""
    session = Session(opened)
    session.run("export.elements", tmp_path / "loads.csv", "sym_load")
    with (tmp_path / "loads.csv").open(encoding="utf-8", newline="") as file:
        rows = [one for one in csv.DictReader(file) if one["id"].startswith("load")]
    assert len(rows) == HOUSES
    columns = {"p_specified": 1000 * USED.mean(axis=0), "connected_load": 9.5 + np.arange(HOUSES)}
    for name, own in columns.items():
        column = next(key for key in rows[0] if key.startswith(name))
        shown = np.array([float(one[column]) for one in rows])
        wanted = [own[:5].mean()] * 5 + [own[5:11].mean()] * 6 + [own[11]]
        assert shown == pytest.approx(wanted, rel=1e-5)
    assert rows[0]["node"]
    heights = opened.twin.layers["houses"].numbers("height_m")
    assert heights.tolist() == [6.0] * HOUSES


def test_a_filter_finds_no_value_by_halving(opened):
    session = Session(opened)
    low, high = 0.0, 6000.0
    for _k in range(40):
        middle = (low + high) / 2
        session.do("select.clear")
        with contextlib.suppress(CommandError):  # nothing fits
            session.do(f"select.where 'sym_load: p_specified > {middle}'")
        inside = {one for _layer, one in session.state.view.selection}
        low, high = (middle, high) if "load 2" in inside else (low, middle)
    assert low == pytest.approx(1000 * USED[:, :5].mean(), rel=1e-5)


@pytest.mark.parametrize(
    "change",
    [
        "scenario.scale 0 sym_load 'load 2'",
        "scenario.scale 0 sym_load 'house 2'",
        "scenario.scale 0 sym_load 'load 0' 'load 1' 'load 2' 'load 3' 'load 5'",
        "scenario.scale 0 houses 'house 2'",
        "scenario.scale 2 sym_gen 'cells 7'",
        "scenario.set sym_load status 0 'load 2'",
        "scenario.set line r1 9 'line 2'",
        "scenario.switch no 'line 2'",
        "scenario.add_storage 10 5 'house 2'",
        "scenario.add_pv 5 'house 2'",
        "scenario.set_factor 900 'cells 7'",
    ],
)
def test_a_scenario_of_one_dwelling_is_refused_with_what_does(opened, change):
    session = Session(opened)
    session.run("scenario.new", "Probe")
    before = session.state.project
    with pytest.raises(CommandError, match="private"):
        session.do(change)
    assert session.state.project == before


def test_a_scenario_of_a_whole_group_tells_of_the_group_alone(opened):
    session = Session(opened)
    session.run("scenario.new", "Probe")
    with pytest.raises(CommandError, match="load 0, load 1, load 3, load 4"):
        session.do("scenario.scale 0 sym_load 'load 2'")
    session.do("scenario.scale 0 sym_load 'load 0' 'load 1' 'load 2' 'load 3' 'load 4'")
    session.do("scenario.scale 0 sym_load 'load 11'")  # the office
    session.do("scenario.scale 0.5")
    assert len(session.state.project.scenarios[0].changes) == 3
    shown = at(session.state.twin, "houses", "consumption", STEP)
    wanted = [0.0] * 5 + [USED[STEP, 5:11].mean() / 2] * 6 + [0.0]
    assert shown == pytest.approx(wanted, abs=1e-6)
    session.do("edit.undo 3")
    session.run("project.privacy", "0")
    session.do("scenario.scale 0 sym_load 'load 2'")


def test_first_rows_of_meters_are_not_shown_before_they_are_joined(tmp_path):
    files = write_street(tmp_path)
    meters = tmp_path / "meters.csv"
    head = ",".join(["time", *(f"house {k}" for k in range(HOUSES))])
    rows = [f"2024-03-31T{h:02d}:00Z," + ",".join(map(str, USED[h])) for h in range(24)]
    meters.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    session = Session()
    session.run("file.new", files[0])

    def cells(origin: str = "") -> set[str]:
        wish = Wish(str(meters), "houses", "consumption", reading={"origin": origin})
        found = drain(look_at(session.state, wish))
        cells = {one for row in found.rows for one in row[1:]}
        assert any("rows are withheld" in one for one in found.notes) == (cells == {"withheld"})
        return cells

    assert f"{USED[0, 0]:.6g}" in cells("given")
    assert cells() == {"withheld"}
    assert cells("measured") == {"withheld"}
    session.run("project.privacy", "0")
    assert f"{USED[0, 0]:.6g}" in cells()
    session.run("project.privacy", "5")
    assert cells("given") == {"withheld"}
    wish = Wish(str(meters), reading={"origin": "measured"})
    shown = {one for head in drain(headings(session.state, wish))[1:] for one in head.cells}
    assert shown == {"withheld"}
