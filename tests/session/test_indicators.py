"""Indicators of a computed district, from the project's settings and accounts."""

import math

import numpy as np
import pytest

from tests.energy.test_compute import layer, series, village
from tests.village import write_village
from twinview.energy.balance import Balance
from twinview.model.problem import CommandError
from twinview.model.time import TimeAxis
from twinview.session.accounts import Accounts
from twinview.session.indicators import Accountant, indicators_of, span_of, with_indicators
from twinview.session.project import Project, Settings
from twinview.session.results import Results
from twinview.session.store import Session

YEAR = TimeAxis(1_672_502_400, 3600 * 4380, 2, "Asia/Shanghai")
"""2023 in Shanghai as two steps of half a year."""


def results(imported=(400.0, 600.0), exported=(0.0, 0.0), axis=YEAR, intensity=500.0) -> Results:
    """Return a year with so much import at 500 g/kWh, all of it used."""
    zero = np.zeros(len(imported))
    brought, sold = np.array(imported), np.array(exported)
    energy = {"import": brought, "generation": sold, "storage_out": zero, "load": brought,
              "storage_in": zero, "export": sold, "loss": zero, "residual": zero}  # fmt: skip
    kg = brought * intensity / 1000
    carbon = {"import": kg, "generation": zero, "load": kg, "loss": zero, "storage_delta": zero,
              "export": zero, "residual": zero}  # fmt: skip
    twin = village()
    layers = {"buildings": layer("buildings", "building", [{"id": "A", "floor_area_m2": 250.0}])}
    twin = type(twin)("one", "", (0, 0, 0), layers, time=axis)
    return Results(twin, axis, Balance(energy, carbon), np.ones(len(imported), dtype=bool))


def project(**accounts: object) -> Project:
    settings = Settings(import_factor="CN:grid_average")
    return Project(settings=settings, accounts=Accounts.model_validate(accounts))


def test_the_residual_mix_stands_behind_what_nobody_bought():
    # 2023, without non-fossil power sold on the market: 0.6096 kg/kWh, twice quoted.
    found = indicators_of(results(), project())
    assert found["scope2_location"].value == pytest.approx(500)
    assert found["scope2_market"].value == pytest.approx(609.6)
    assert "residual mix" in found["scope2_market"].why
    assert "2023 factors" in found["scope2_market"].source
    assert found["intensity_area"].value == pytest.approx(2)


def test_certificates_agreements_and_residual_mix_in_their_order():
    # 300 kWh at 0, 200 at 0.1, 500 at 0.6096: 324.8 kg.
    bought = project(
        certificates=[
            {"id": "GEC", "market": "CN", "vintage": 2023, "energy_kwh": 300},
            {"id": "old", "market": "CN", "vintage": 2019, "energy_kwh": 300},
        ],
        contracts=[{"id": "Wind", "energy_kwh": 200, "factor_kg_per_kwh": 0.1}],
    )
    found = indicators_of(results(), bought)
    assert found["scope2_market"].value == pytest.approx(324.8)
    assert found["scope2_location"].value == pytest.approx(500)
    assert [problem.code for problem in found.problems] == ["scope2.certificate"]


def test_a_stretch_carries_the_market_factor_of_the_whole():
    bought = project(supplier={"id": "Utility", "factor_kg_per_kwh": 0.2})
    accountant = Accountant(results(), bought)
    assert accountant.of(range(1))["scope2_market"].value == pytest.approx(80)
    assert accountant.of(range(1, 2))["scope2_market"].value == pytest.approx(120)
    assert accountant.of(range(1, 2))["scope2_location"].value == pytest.approx(300)


def test_where_the_average_stands_in_a_stretch_has_its_own():
    # 400 kWh at 200 g/kWh, 600 at 700. 250 kWh of the agreement at 0.1 kg/kWh fall to them by their
    # import, 100 and 150: 300 x 0.2 + 100 x 0.1 = 70 kg and 450 x 0.7 + 150 x 0.1 = 330 kg.
    accounts = {"contracts": [{"id": "Wind", "energy_kwh": 250, "factor_kg_per_kwh": 0.1}]}
    bare = Project(settings=Settings(import_factor="DE:grid_average:2024"),
                   accounts=Accounts.model_validate(accounts))  # fmt: skip
    accountant = Accountant(results(intensity=np.array([200.0, 700.0])), bare)
    first, second, whole = (
        accountant.of(steps)["scope2_market"] for steps in (range(1), range(1, 2), None)
    )
    assert first.value == pytest.approx(70)
    assert second.value == pytest.approx(330)
    assert whole.value == pytest.approx(400)
    assert "300 kWh × 0.2 kg/kWh (grid average)" in first.why
    nothing = Accountant(results(intensity=np.array([200.0, 700.0])), Project())
    own, place = (nothing.of(range(1))[f"scope2_{kind}"] for kind in ("market", "location"))
    assert own.value == pytest.approx(place.value) == pytest.approx(80)


def test_a_part_of_a_year_gets_its_part_of_what_was_bought():
    # Half a year of import (1,000 kWh) and 800 kWh bought for the year: 400 kWh count.
    half = TimeAxis(1_672_502_400, 3600 * 2190, 2, "Asia/Shanghai")
    bought = project(
        contracts=[{"id": "Wind", "energy_kwh": 800, "factor_kg_per_kwh": 0}],
        supplier={"id": "Utility", "factor_kg_per_kwh": 0.5},
    )
    found = indicators_of(results(axis=half), bought)
    assert found["scope2_market"].value == pytest.approx(300)


def test_without_a_residual_mix_the_average_is_taken_and_said():
    bare = Project(settings=Settings(import_factor="DE:grid_average:2024"))
    found = indicators_of(results(), bare)
    assert found["scope2_market"].value == pytest.approx(500)
    assert "scope2.no_residual_mix" in [problem.code for problem in found.problems]


def test_losses_of_the_grid_outside_are_told_only_with_a_rate():
    assert math.isnan(indicators_of(results(), project())["scope3_losses"].value)
    # 5 % of the energy sent out: 1,000 x 0.05 / 0.95 x 0.5 kg.
    lossy = indicators_of(results(), project(grid_loss=0.05))
    assert lossy["scope3_losses"].value == pytest.approx(1000 * 0.05 / 0.95 * 0.5)
    assert lossy["emitted_location"].value == pytest.approx(500)


def test_offsets_and_exports_leave_what_was_emitted_alone():
    offset = project(offsets=[{"id": "C", "carbon_kg": 100, "retired": True}])
    found = indicators_of(results(exported=(100.0, 0.0)), offset)
    assert found["emitted_location"].value == pytest.approx(500)
    assert found["avoided"].value == pytest.approx(50)
    assert (found["offset"].value, found["net_location"].value) == (100, pytest.approx(400))


def test_nothing_imported_is_nothing_emitted():
    found = indicators_of(results(imported=(0.0, 0.0)), project())
    assert found["scope2_location"].value == 0
    assert found["scope2_market"].value == 0
    assert math.isnan(found["load_factor"].value)


def test_the_json_form_extends_the_balance():
    found = with_indicators(results(), project(), None)
    assert {"span", "energy_kwh", "carbon_kg", "indicators"} <= set(found)
    assert found["indicators"]["scope3_losses"]["value"] is None
    assert set(found["indicators"]["scope1"]) == {"value", "unit", "why", "source"}


def test_a_span_outside_of_the_results_is_refused():
    with pytest.raises(CommandError, match="compute it first"):
        span_of(results(), 0, 3600)


def test_the_import_s_own_series_is_the_average_of_the_grid():
    one = results(exported=(0.0, 100.0))
    source = layer("source", "source", [{"id": "s"}])
    twin = type(one.twin)("one", "", (0, 0, 0), {**one.twin.layers, "source": source}, time=YEAR)
    given = series("source", "carbon_intensity", [[300.0], [700.0], [1], [1]], "g/kWh")
    given = type(given)(given.meaning, YEAR, given.values[:2])
    one = Results(twin.with_series(given), YEAR, one.balance, one.converged)
    assert indicators_of(one, project())["avoided"].value == pytest.approx(70)


def test_findings_of_an_earlier_computation_do_not_stay(tmp_path):
    session = Session()
    session.run("file.new", *write_village(tmp_path))

    def told() -> list[str]:
        problems = session.state.twin.problems
        return [one.message for one in problems if one.code == "storage.rule"]

    for rule, words in (("peak_shaving", "percentile 90"), ("carbon", "average intensity")):
        session.do(f"project.storage_rule {rule}")
        assert told() == []
        session.do("compute.run")
        assert len(told()) == 1
        assert words in told()[0]
