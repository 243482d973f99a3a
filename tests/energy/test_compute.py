"""The whole pass over small districts whose numbers can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from twinview.energy.bench_city import city
from twinview.energy.compute import Assumptions, compute
from twinview.energy.district import make_district
from twinview.model.assemble import of_buildings, static_power
from twinview.model.series import Dense, Meaning
from twinview.model.time import TimeAxis
from twinview.model.twin import Layer, Network, Twin

HOURS = TimeAxis(1_704_067_200, 3600, 4, "Europe/Berlin")


def layer(name: str, kind: str, rows: list[dict[str, object]]) -> Layer:
    return Layer(name, name, kind, pa.Table.from_pylist(rows))


def series(name: str, quantity: str, values: object, unit: str = "kW") -> Dense:
    return Dense(Meaning(name, quantity, unit), HOURS, np.asarray(values, dtype=np.float32))


def village(*, battery_kwh: float = 0.0, load: object = None, sun: object = None) -> Twin:
    """House A with solar power and house B share a node behind a cable without notable losses."""
    cable = {"id": "cable", "from_node": "grid", "to_node": "street", "r1": 1e-6, "x1": 1e-6}
    cable |= {"c1": 0.0, "tan1": 0.0, "i_n": 1000.0, "from_status": 1, "to_status": 1}
    tables = {
        "buildings": layer("buildings", "building", [{"id": "A"}, {"id": "B"}, {"id": "barn"}]),
        "node": layer("node", "node", [{"id": i, "u_rated": 20e3} for i in ("grid", "street")]),
        "line": layer("line", "line", [cable]),
        "source": layer("source", "source", [{"id": "s", "node": "grid", "u_ref": 1.0}]),
        "sym_load": layer(
            "sym_load",
            "load",
            [{"id": f"load {b}", "node": "street", "building": b} for b in "AB"],
        ),
        "sym_gen": layer(
            "sym_gen", "generator", [{"id": "sun", "node": "street", "building": "A"}]
        ),
    }
    if battery_kwh:
        store = {"id": "battery", "node": "street", "building": "A", "energy_wh": battery_kwh * 1e3}
        store |= {"power_w": 1e7, "eta_charge": 1.0, "eta_discharge": 1.0, "soc0": 0.0}
        tables["storage"] = layer("storage", "storage", [store])
    network = Network("grid", "grid", "electricity", {k: k for k in tables if k != "buildings"})
    twin = Twin("village", "", (0, 0, 0), tables, {"grid": network}, time=HOURS)
    twin = twin.with_series(
        series("sym_load", "power", [[5000, 5000]] * 4 if load is None else load),
        series("sym_gen", "power", [[5000]] * 4 if sun is None else sun),
        series("source", "carbon_intensity", [[600]] * 4, "g/kWh"),
    )
    return twin.with_series(*of_buildings(twin))


def computed(twin: Twin, **choices: object) -> dict[tuple[str, str], np.ndarray]:
    district = make_district(twin, twin.networks["grid"])
    (run,) = compute(district, range(4), Assumptions(**choices))  # type: ignore[arg-type]
    for share in run.balance.relative_residual().values():
        assert share < 1e-6
    assert run.converged.all()
    return dict(run.fields)


def test_own_solar_power_serves_the_house_first() -> None:
    # Public case P12 (by hand): netted, A emits 0 and B takes 600 g/kWh from the grid.
    intensity = computed(village())["buildings", "carbon_intensity"]
    np.testing.assert_allclose(intensity[:, 0], 0.0, atol=1e-6)
    np.testing.assert_allclose(intensity[:, 1], 600.0, rtol=1e-6)


def test_without_netting_neighbours_share() -> None:
    # Public case P12 (by hand): mixed, both get 300 g/kWh.
    intensity = computed(village(), netting=False)["buildings", "carbon_intensity"]
    np.testing.assert_allclose(intensity[:, :2], 300.0, rtol=1e-3)


def test_a_building_without_devices_has_no_intensity() -> None:
    assert np.isnan(computed(village())["buildings", "carbon_intensity"][:, 2]).all()


def test_a_house_that_draws_nothing_shows_what_it_would_get() -> None:
    fields = computed(village(load=[[5000, 0.0]] * 4, sun=[[0.0]] * 4))
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][:, 1], 600.0, rtol=1e-6)


def test_a_home_battery_moves_the_sun_into_the_evening() -> None:
    # Two hours with 1,000 kW to spare fill 2,000 kWh; then 1,000 kW of need empty it in two hours.
    load = [[1000.0, 100.0]] * 4
    sun = [[2000.0], [2000.0], [0.0], [0.0]]
    fields = computed(village(battery_kwh=4000.0, load=load, sun=sun))
    np.testing.assert_allclose(fields["storage", "power"][:, 0], [1000, 1000, -1000, -1000])
    np.testing.assert_allclose(fields["storage", "energy"][:, 0], [1000, 2000, 1000, 0], atol=1e-6)
    np.testing.assert_allclose(fields["storage", "soc"][:, 0], [0.25, 0.5, 0.25, 0], atol=1e-9)
    # What is stored came from the sun, so house A emits nothing at any hour.
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][:, 0], 0.0, atol=1e-6)
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][:, 1], 600.0, rtol=1e-6)


def test_fixed_powers_make_one_instant() -> None:
    twin = village()
    loads = twin.layers["sym_load"]
    table = loads.attributes.append_column("p_specified", pa.array([5e6, 5e6]))
    table = table.append_column("q_specified", pa.array([0.0, 0.0]))
    suns = twin.layers["sym_gen"]
    sun = suns.attributes.append_column("p_specified", pa.array([5e6]))
    layers = {
        **twin.layers,
        "sym_load": replace(loads, attributes=table),
        "sym_gen": replace(suns, attributes=sun),
    }
    static = replace(twin, layers=layers, series={}, time=TimeAxis(0, 0, 1))
    static = static.with_series(*static_power(static))
    static = static.with_series(*of_buildings(static))
    district = make_district(static, static.networks["grid"])
    (run,) = compute(district, range(1), Assumptions(import_intensity=400.0))
    np.testing.assert_allclose(run.fields["buildings", "carbon_intensity"][0, :2], [0, 400])


def test_runs_pass_the_stores_on(monkeypatch: pytest.MonkeyPatch) -> None:
    load, sun = [[1000.0, 100.0]] * 4, [[2000.0], [2000.0], [0.0], [0.0]]
    twin = village(battery_kwh=4000.0, load=load, sun=sun)
    district = make_district(twin, twin.networks["grid"])
    (whole,) = compute(district, range(4), Assumptions())
    monkeypatch.setattr("twinview.energy.compute.RUN_BYTES", 1)
    pieces = list(compute(district, range(4), Assumptions()))
    assert len(pieces) == 4
    for key, values in whole.fields.items():
        joined = np.concatenate([piece.fields[key] for piece in pieces])
        np.testing.assert_allclose(joined, values, rtol=1e-6, atol=1e-6, equal_nan=True)


def test_the_carbon_rule_charges_in_the_clean_hours() -> None:
    # Import is clean in the first two hours and dirty in the last two of the day.
    twin = village(battery_kwh=4000.0, load=[[1000.0, 100.0]] * 4, sun=[[0.0]] * 4)
    twin = twin.with_series(series("source", "carbon_intensity", [[100], [100], [800], [800]]))
    fields = computed(twin, rule="carbon")
    np.testing.assert_allclose(fields["storage", "energy"][:, 0], [4000, 4000, 3000, 2000])
    # What the battery holds was bought at 100 g/kWh, so the house stays at that.
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][:, 0], 100.0, rtol=1e-6)
    np.testing.assert_allclose(fields["buildings", "carbon_intensity"][2:, 1], 800.0, rtol=1e-6)


def test_a_given_plan_is_followed_within_the_limits() -> None:
    twin = village(battery_kwh=1000.0, load=[[1000.0, 100.0]] * 4, sun=[[0.0]] * 4)
    twin = twin.with_series(series("storage", "power", [[600], [600], [-500], [-900]]))
    fields = computed(twin, rule="given")
    np.testing.assert_allclose(fields["storage", "power"][:, 0], [600, 400, -500, -500])


def test_a_plan_that_is_not_there_is_asked_for() -> None:
    with pytest.raises(ValueError, match="storage"):
        computed(village(battery_kwh=1000.0), rule="given")


def test_nodes_balance() -> None:
    twin = village(battery_kwh=4000.0)
    (run,) = compute(make_district(twin, twin.networks["grid"]), range(4), Assumptions())
    assert run.imbalance.shape == (2,)
    assert run.imbalance.max() < 1e-3


def test_a_condenser_keeps_its_reactive_power() -> None:
    # 1 Mvar without active power draws loss through the cable: P = Q^2 R / U^2 (by hand).
    twin = village(load=[[0.0, 0.0]] * 4, sun=[[0.0]] * 4)
    line = twin.layers["line"].attributes
    cable = line.set_column(line.column_names.index("r1"), "r1", pa.array([1.0]))
    gens = twin.layers["sym_gen"].attributes
    gens = gens.append_column("p_specified", pa.array([0.0]))
    gens = gens.append_column("q_specified", pa.array([1e6]))
    layers = {
        **twin.layers,
        "line": replace(twin.layers["line"], attributes=cable),
        "sym_gen": replace(twin.layers["sym_gen"], attributes=gens),
    }
    twin = replace(twin, layers=layers)
    (run,) = compute(make_district(twin, twin.networks["grid"]), range(4), Assumptions())
    np.testing.assert_allclose(run.balance.energy["loss"], 1e12 / 20e3**2 / 1e3, rtol=1e-3)


def test_reactive_power_over_time_counts_and_gaps_follow_the_active_power() -> None:
    twin = village()
    table = twin.layers["sym_load"].attributes
    for name, column in (("p_specified", [5e6, 5e6]), ("q_specified", [1e6, 0.0])):
        table = table.append_column(name, pa.array(column))
    layers = {**twin.layers, "sym_load": replace(twin.layers["sym_load"], attributes=table)}
    twin = replace(twin, layers=layers)
    given = np.array([[700, 300], [np.nan, 300], [0, 0], [-200, 50]])
    twin = twin.with_series(series("sym_load", "reactive_power", given, "kvar"))
    district = make_district(twin, twin.networks["grid"])
    drawn = district.loads.reactive(np.full((4, 2), 2500.0), range(4))
    np.testing.assert_allclose(drawn, [[700, 300], [500, 300], [0, 0], [-200, 50]])


def test_many_houses_that_only_draw_need_no_bus_of_their_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # B draws, A gives at times although it has the sun: only A is a bus of its own.
    twin = village(battery_kwh=5.0, load=[[5000, 5000], [0, 10], [7, 0], [3000, 1]])
    plain = computed(twin)
    monkeypatch.setattr("twinview.energy.sited.MANY_SITES", 0)
    few = computed(twin)
    assert plain.keys() == few.keys()
    for key, values in plain.items():
        np.testing.assert_allclose(few[key], values, rtol=1e-9, atol=1e-9)


def test_islands_are_computed_as_if_each_were_alone() -> None:
    one = make_district(city(40, 6), city(40, 6).networks["grid"])
    both = make_district(twice(city(40, 6)), twice(city(40, 6)).networks["grid"])
    alone, together = (next(compute(each, range(6), Assumptions())) for each in (one, both))
    for key, values in alone.fields.items():
        size = values.shape[1]
        np.testing.assert_allclose(together.fields[key][:, :size], values, rtol=1e-12)
        np.testing.assert_allclose(together.fields[key][:, size:], values, rtol=1e-12)


def twice(twin: Twin) -> Twin:
    """Return two of a city that nothing joins."""
    named = ("id", "node", "from_node", "to_node")
    layers = {}
    for key, one in twin.layers.items():
        columns = one.attributes.to_pydict()
        for name, values in columns.items():
            again = [f"{value}'" for value in values] if name in named else values
            columns[name] = [*values, *again]
        layers[key] = Layer(key, key, key, pa.Table.from_pydict(columns))
    doubled = [
        Dense(one.meaning, one.time, np.tile(one.window(0, one.time.count), 2))
        for one in twin.series.values()
    ]
    return replace(twin, layers=layers, series={}).with_series(*doubled)
