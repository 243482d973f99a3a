"""Nothing that the program offers tells what a single dwelling uses.

Twelve houses on two cables, each with a meter of its own; the last is an office. All that can be
seen, asked and written of them is searched for what one of the eleven dwellings uses or emits.
"""

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from tests import village
from twinview.i18n import set_language
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.scenario import Scale, Scenario
from twinview.model.twin import DISTRICT
from twinview.model.window import Window
from twinview.scene.overlay import available
from twinview.scene.resolve import resolve
from twinview.scene.view import Against, View
from twinview.session.origins import Tracer
from twinview.session.store import Session, State
from twinview.session.why import Derivation, why

HOUSES, HOURS, STEP = 12, 24, 9
USED = np.round(1 + 4 * np.random.default_rng(3).random((HOURS, HOUSES)), 6)
"""kW of each house."""


@pytest.fixture(autouse=True)
def english():
    """Speak English."""
    set_language("en")


def write_street(folder: Path, used: np.ndarray = USED, resistance: float = 0.02) -> list[Path]:
    """Write twelve houses, two cables of six nodes each, and a curve for each meter."""
    houses, grid = village.houses(), village.grid(store=False)
    one = houses["features"][0]
    houses["features"] = []
    for k in range(HOUSES):
        ring = [[x + k * 4e-4, y] for x, y in one["geometry"]["coordinates"][0]]
        said = {"id": f"house {k}", "height_m": 6.0, "use": "office" if k == 11 else "dwelling"}
        place = {"type": "Polygon", "coordinates": [ring]}
        houses["features"].append({**one, "properties": said, "geometry": place})
    data = grid["data"]
    node, line, load = data["node"][0], data["line"][0] | {"r1": resistance}, data["sym_load"][0]
    data["node"] = [node] + [
        {**node, "id": 1 + k, "name": f"node {k}", "x": 8.0 + k * 4e-4} for k in range(HOUSES)
    ]
    data["line"] = [
        {**line, "id": 100 + k, "name": f"line {k}", "to_node": 1 + k,
         "from_node": 0 if k in (0, 5) else k} for k in range(HOUSES)
    ]  # fmt: skip
    data["sym_load"] = [
        {**load, "id": 200 + k, "name": f"load {k}", "node": 1 + k, "building": f"house {k}",
         "profile": f"meter{k}"} for k in range(HOUSES)
    ]  # fmt: skip
    data["sym_gen"] = []
    data["source"][0]["id"] = 300
    rows = village.curves(HOURS).splitlines()
    head = ",".join([rows[0], *[f"meter{k}" for k in range(HOUSES)]])
    body = [",".join([row, *map(str, used[k])]) for k, row in enumerate(rows[1:])]
    files = [folder / "houses.geojson", folder / "grid.json", folder / "curves.csv"]
    for file, content in zip(files[:2], (houses, grid), strict=True):
        file.write_text(json.dumps(content), encoding="utf-8")
    files[2].write_text("\n".join([head, *body]) + "\n", encoding="utf-8")
    return files


SEEN = {
    "instant": {},
    "rolling": {"window": Window("rolling", length=4 * 3600)},
    "one hour": {"window": Window("rolling", length=3600)},
    "cumulative": {"window": Window("cumulative")},
    "difference": {"overlay": "difference", "against": Against("power", "", -1.0)},
    "emissions": {"overlay": "difference", "against": Against("emission", "", -1.0),
                  "window": Window("rolling", length=4 * 3600)},
}  # fmt: skip
"""What the map may show while a number is asked about."""


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> State:
    """Return the street, computed, with groups of five; one scenario uses more."""
    session = Session()
    session.run("file.new", *write_street(tmp_path_factory.mktemp("street")))
    session.run("project.privacy", "5")
    session.run("compute.run")
    return replace(session.state, view=replace(session.state.view, time=STEP))


@pytest.fixture
def session(opened) -> Session:
    """Return a session with the street."""
    session = Session(opened)
    session.told = []
    session.teller = session.told.append
    return session


def exact(state: State, quantity: str) -> np.ndarray:
    """Return what single houses use or emit at every step, shape (steps, houses)."""
    twin = state.twin.exact
    used = twin.find("houses", "consumption").window(0, HOURS)
    rate = twin.find("houses", "carbon_intensity").window(0, HOURS)
    return used if quantity == "consumption" else used * rate / np.float32(1000)


def over(values: np.ndarray, window: Window) -> np.ndarray:
    """Return what hourly kW or kg/h add up to over the window that ends with each step."""
    added = np.cumsum(values, axis=0)
    if window.kind == "instant":
        return values
    n = HOURS if window.kind == "cumulative" else window.length // 3600
    return added - np.vstack([np.zeros((n, values.shape[1])), added])[: len(added)]


def secrets(state: State) -> np.ndarray:
    """Return all numbers of single dwellings that nobody may see.

    Of every step and of all together, over the windows and as the differences of `SEEN`.
    """
    found = []
    for quantity in ("consumption", "emission"):
        values = exact(state, quantity)[:, :11].astype(np.float64)
        found += [values.sum(axis=0), values.mean(axis=0), values.max(axis=0), values.min(axis=0)]
        for view in SEEN.values():
            seen = over(values, view.get("window", Window()))
            found.append(seen.ravel())
            found.append(np.diff(seen, axis=0).ravel() if "against" in view else [])
    return np.unique(np.abs(np.concatenate(found)))


def told(state: State, numbers: Iterable[float]) -> list[float]:
    """Return which of some numbers are secrets, to six digits, whatever their sign."""
    values = np.abs(np.asarray(list(numbers), dtype=np.float64).ravel())
    values, known = values[np.isfinite(values)], secrets(state)
    near = known[np.clip(np.searchsorted(known, values), 1, known.size - 1)]
    below = known[np.clip(np.searchsorted(known, values) - 1, 0, known.size - 1)]
    close = np.minimum(np.abs(near - values), np.abs(below - values)) < 1e-6 * np.abs(values)
    return values[close & (values > 0)].tolist()


def written(path: Path) -> list[float]:
    """Return all numbers of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    return [float(one) for one in cells if one.replace(".", "", 1).replace("-", "", 1).isdigit()]


def test_the_search_finds_what_it_looks_for(opened):
    assert exact(opened, "consumption") == pytest.approx(USED, rel=1e-6)
    assert told(opened, [USED[STEP, 4], 17.0]) == [USED[STEP, 4]]


@pytest.mark.parametrize(
    "window", [Window(), Window("rolling", length=4 * 3600), Window("cumulative")]
)
def test_no_map_tells_of_a_dwelling(opened, window):
    for overlay in available(opened.twin):
        for step in (0, STEP):
            view = View(time=step, overlay=overlay, window=window)
            scene = resolve(opened.twin, view, opened.beside)
            for paint in scene.paints.values():
                assert told(opened, paint.values) == [], (overlay, paint.layer)
            assert told(opened, scene.legend.limits) == []


def test_the_colour_of_a_dwelling_is_its_groups_mean(opened):
    scene = resolve(opened.twin, View(time=STEP, overlay="power"), opened.beside)
    paint = scene.paints["houses"]
    assert paint.values[:5] == pytest.approx([USED[STEP, :5].mean()] * 5, rel=1e-6)
    assert paint.values[5:11] == pytest.approx([USED[STEP, 5:11].mean()] * 6, rel=1e-6)
    assert paint.values[11] == pytest.approx(USED[STEP, 11], rel=1e-6)
    assert (paint.colour[:5] == paint.colour[0]).all()
    assert "groups of 5 or more" in scene.legend.note


def test_no_series_tells_of_a_dwelling(opened):
    for series in opened.twin.series.values():
        if quantities()[series.meaning.quantity].unit not in {"kW", "kg/h", "%"}:
            continue
        n = series.size
        assert told(opened, series.window(0, series.time.count)) == [], series.meaning
        assert told(opened, [series.of(j) for j in range(n)]) == []
        assert told(opened, series.limits) == []


def test_no_cables_differ_by_a_dwelling(opened):
    """Nor do sums and differences of two of them, or of one and a whole group."""
    power = opened.twin.find("line", "power").at(STEP)
    known = power[np.isfinite(power)].astype(np.float64)
    assert known.size == 3  # the feeder's first, between the groups, and the one to the hall
    groups = [USED[STEP, :5].sum(), USED[STEP, 5:11].sum(), USED[STEP, 11]]
    lost = 1e-2  # kW: cables lose a little
    for one, other in combinations([*known, *groups], 2):
        for value in (one - other, one + other):
            gap = np.abs(np.abs(value) - USED[STEP, :11]).min()
            assert gap > lost, (one, other)


def answers(state: State) -> Iterator:
    """Yield what can be asked of every number of every element."""
    for layer in [*state.twin.layers.values(), None]:
        place = DISTRICT if layer is None else layer.id
        quantities = {q for owner, q, _case in state.twin.series if owner == place}
        for row in range(1 if layer is None else len(layer)):
            element = DISTRICT if layer is None else str(layer.ids[row])
            for quantity in quantities:
                yield why(state, place, element, quantity)


def numbers_of(one: Derivation) -> list[float]:
    """Return all numbers that a derivation holds; `test_private_mirrored` looks at its texts."""
    result = [] if one.parts.result is None else [one.parts.result]
    return [one.value, *result, *[part.value for part in (*one.parts.inputs, *one.parts.weighty)]]


@pytest.mark.parametrize("seen", SEEN)
def test_no_derivation_tells_of_a_dwelling(opened, seen):
    state, count = replace(opened, view=replace(opened.view, **SEEN[seen])), 0
    made = (
        why(state, "houses", f"house {k}", q) for k in range(HOUSES) for q in ("power", "emission")
    )
    for one in (*answers(state), *made):
        assert told(opened, numbers_of(one)) == [], one.key
        count += 1
    assert count > 60


def test_what_goes_into_a_sum_tells_of_no_dwelling(opened):
    """Selections of one, of a group but one, of all but one, and of a whole group."""
    every = [("houses", f"house {k}") for k in range(HOUSES)]
    for chosen, inside in ((every[:1], 0), (every[:4], 0), (every[1:], 7), (every[:5], 5)):
        for more in SEEN.values():
            view = replace(opened.view, selection=tuple(chosen), **more)
            for quantity in ("consumption", "power", "emission"):
                one = why(replace(opened, view=view), "houses", "selected", quantity)
                assert told(opened, numbers_of(one)) == [], (one.key, more)
                if quantity == "consumption":
                    assert len(one.parts.weighty) == inside
                    assert (one.text == "Withheld") is (inside == 0)


def test_a_group_is_said_in_its_derivation(opened):
    mine = why(opened, "houses", "house 2", "consumption")
    assert mine.value == pytest.approx(USED[STEP, :5].mean(), rel=1e-6)
    assert mine.parts.lines == ("Mean of a group of 5 dwellings, for privacy",)


def test_sources_are_those_of_the_group(opened):
    found = Tracer(opened.twin, opened.project).at("houses", 2, STEP)
    assert found.total == pytest.approx(USED[STEP, :5].mean(), rel=1e-6)
    assert sum(one.power for one in found.items) == pytest.approx(found.total, rel=1e-6)
    with pytest.raises(CommandError, match="Withheld"):
        Tracer(opened.twin, opened.project).at("node", 3, STEP)


def test_no_file_tells_of_a_dwelling(session, tmp_path):
    state = session.state
    session.run("export.table", tmp_path / "all.csv")
    session.run("export.elements", tmp_path / "shown.csv", "houses")
    session.run("export.indicators", tmp_path / "indicators.csv")
    session.do("select.these only houses 'house 1' houses 'house 11'")
    session.run("export.curves", tmp_path / "curves.csv", "consumption")
    for name in ("all", "shown", "indicators", "curves"):
        numbers = written(tmp_path / f"{name}.csv")
        assert len(numbers) > 10, name
        assert told(state, numbers) == [], name


def test_no_answer_tells_of_a_dwelling(session):
    """Selections of one, of a group but one, and of all but one; rankings; expressions."""
    every = [f"houses 'house {k}'" for k in range(HOUSES)]
    for chosen, own in (
        (every[:1], None), (every[:4], None), (every[1:5], None),
        (every[1:], USED[STEP, 5:].sum()), (every[6:], USED[STEP, 11]),
    ):  # fmt: skip
        session.do(f"select.these only {' '.join(chosen)}")
        session.do("select.summary")
        sums = [row[3] for row in session.told[-1].rows if row[1] == "Consumption"]
        (said,) = [one.replace("\u00a0", " ").split()[0] for one in sums]
        assert said == "Withheld" if own is None else float(said) == pytest.approx(own, abs=0.06)
    session._set(replace(session.state, view=View(time=STEP, overlay="power")))
    session.do("select.statistics houses")
    ranked = [row[0] for row in session.told[-1].rows if "house" in row[0]]
    assert ranked == ["1. Building house 11"]
    groups = [[f"house {k}" for k in range(5)], [f"house {k}" for k in range(5, 11)]]
    most = max(USED[STEP, :5].mean(), USED[STEP, 5:11].mean(), USED[STEP, 11])
    limits = [USED[STEP, k] - 1e-3 for k in range(11)]
    limits.append((USED[STEP, :5].mean() + USED[STEP, 5:11].mean()) / 2)
    told_apart = 0
    for limit in (one for one in limits if one < most):
        session.do(f"select.where 'houses: consumption > {limit}'")
        inside = {one for _layer, one in session.state.view.selection}
        parts = [len(inside & set(group)) / len(group) for group in groups]
        assert set(parts) <= {0, 1}, limit
        told_apart += parts[0] != parts[1]
    assert told_apart


def test_groups_change_no_result(opened):
    """The numbers of the whole are computed of what every house uses, whatever is shown."""
    session = Session(replace(opened, cases=None, twin=opened.twin.exact))
    before = opened.twin.exact
    session.run("project.privacy", "0")
    assert session.state.twin.find("houses", "consumption").at(STEP)[2] == np.float32(USED[STEP, 2])
    session.run("compute.run")
    for (layer, quantity, case), series in session.state.twin.series.items():
        same = before.find(layer, quantity, case).window(0, series.time.count)
        np.testing.assert_array_equal(series.window(0, series.time.count), same)
    session.run("edit.undo")
    assert session.state.twin.groups


def test_a_scenario_is_grouped_like_its_base(opened):
    session = Session(opened)
    more = Scenario(
        id="more", title="More", changes=(Scale(layer="sym_load", quantity="power", by=2.0),)
    )
    session.edit("More", session.state.project.model_copy(update={"scenarios": (more,)}))
    session.run("scenario.show", "more")
    assert session.state.twin.scenario == "more"
    shown = session.state.twin.find("houses", "consumption").at(STEP)
    assert shown[:5] == pytest.approx([2 * USED[STEP, :5].mean()] * 5, rel=1e-6)
