"""Indicators of a district; every figure is worked out by hand."""

import numpy as np
import pytest

from twinview.energy.account_lines import (
    Grounds,
    carbon_lines,
    equivalent_lines,
    intensity_lines,
    market_words,
    own_use_lines,
    power_lines,
)
from twinview.energy.account_terms import GROUPS, TITLES, Flows, Size
from twinview.energy.scopes import Line, Offset, Statement

GROUNDS = Grounds("average", "data", "market", "book", "no rate")


def flows(**others: object) -> Flows:
    """Two hours: 10 kWh of sun for 6 of load with 4 exported; then 8 kWh of load, all imported."""
    energy = {
        "import": [0.0, 8.0], "generation": [10.0, 0.0], "storage_out": [0.0, 0.0],
        "load": [6.0, 8.0], "storage_in": [0.0, 0.0], "export": [4.0, 0.0], "loss": [0.0, 0.0],
        "residual": [0.0, 0.0],
    }  # fmt: skip
    carbon = {
        "import": [0.0, 4.0], "generation": [0.0, 0.0], "load": [0.0, 3.9], "loss": [0.0, 0.1],
        "storage_delta": [0.0, 0.0], "export": [0.0, 0.0], "residual": [0.0, 0.0],
    }  # fmt: skip
    tables = ({k: np.array(v) for k, v in table.items()} for table in (energy, carbon))
    return Flows(1.0, *tables, np.array([300.0, 500.0]), **others)  # type: ignore[arg-type]


def by_id(lines):
    return {one.id: one.value for one in lines}


def test_own_use_by_hand():
    # M = min(6, 10) + min(8, 0) = 6: of 10 generated, of 14 used.
    found = by_id(own_use_lines(flows(carbon_free=np.array([10.0, 0.0]))))
    assert found["self_consumption"] == pytest.approx(0.6)
    assert found["self_sufficiency"] == pytest.approx(6 / 14)
    assert found["carbon_free_hourly"] == pytest.approx(6 / 14)
    assert found["carbon_free_annual"] == pytest.approx(10 / 14)
    assert np.isnan(found["curtailment"])


def test_curtailment_needs_what_was_offered():
    found = by_id(own_use_lines(flows(offered=np.array([15.0, 5.0]))))
    assert found["curtailment"] == pytest.approx(0.5)  # 10 of 20 kWh were fed in


def test_what_is_not_known_is_not_a_number_and_says_why():
    lines = {one.id: one for one in own_use_lines(flows())}
    assert np.isnan(lines["carbon_free_hourly"].value)
    assert "not known" in lines["carbon_free_hourly"].why
    (area,) = [one for one in intensity_lines(flows(), 4.0, {}) if one.id == "intensity_area"]
    assert np.isnan(area.value)
    assert "floor_area_m2" in area.why


def test_peaks_by_hand():
    # Mean of the import 4 kW, peak 8 kW in the second step: load factor 0.5, 8 kWh / 8 kW = 1 h.
    found = power_lines(flows(), {0: "one o'clock", 1: "two o'clock"})
    values = by_id(found)
    assert (values["peak_import"], values["load_factor"]) == (8, 0.5)
    assert (values["full_load_hours"], values["peak_load"]) == (1, 8)
    assert "two o'clock" in found[0].why


def test_intensities_by_hand():
    sizes = {"area": Size("floor_area_m2", 200.0, 3, 4)}
    lines = {one.id: one for one in intensity_lines(flows(), 4.0, sizes)}
    assert lines["intensity"].value == pytest.approx(3.9 / 14 * 1000)
    assert lines["intensity_area"].value == pytest.approx(0.02)
    assert "3 of 4" in lines["intensity_area"].why


def test_emitted_avoided_offset_and_net_are_never_added_up():
    # Emitted 1 + 4 by location, 1 + 2 by market; 1.2 avoided; 3 retired, 9 not.
    credits = (Offset("a", 3.0, True), Offset("a", 3.0, True), Offset("b", 9.0, False))
    statement = Statement(1.0, 4.0, 2.0, np.nan, 1.2, credits)
    found = by_id(carbon_lines(statement, flows(), GROUNDS))
    assert (found["emitted_location"], found["emitted_market"]) == (5, 3)
    assert (found["avoided"], found["offset"]) == (1.2, 3)
    assert (found["net_location"], found["net_market"]) == (2, 0)
    assert np.isnan(found["scope3_losses"])
    assert found["network_losses"] == pytest.approx(0.1)
    assert "avoided_marginal" not in found


def test_what_exports_avoid_at_the_margin_is_a_line_of_its_own():
    # 4 kWh at 900 g/kWh.
    statement = Statement(0, 4.0, 4.0, np.nan, 1.2)
    found = by_id(carbon_lines(statement, flows(marginal=np.array([900.0, 1.0])), GROUNDS))
    assert found["avoided_marginal"] == pytest.approx(3.6)
    assert found["net_location"] == 4
    steps = by_id(intensity_lines(flows(marginal=np.array([900.0, 100.0])), 4.0, {}))
    assert steps["intensity_marginal"] == 500
    assert steps["intensity"] == pytest.approx(3.9 / 14 * 1000)


def test_steps_without_a_solution_do_not_count():
    part = flows()
    part.energy["load"][0] = np.nan
    assert part.known().energy["load"].tolist() == [8.0]


def test_equivalents_print_their_factor():
    # 8.887 kg CO2 per US gallon of 3.785411784 L: 23.477 kg make 10 L.
    (petrol,) = [one for one in equivalent_lines(23.477) if one.id.endswith("gasoline_litre")]
    assert petrol.value == pytest.approx(10, rel=1e-4)
    assert "2.3477 kg each" in petrol.why
    assert "EPA" in petrol.source


def test_instruments_in_words():
    lines = (Line("certificate", "GEC-1", 1000, 0.0), Line("residual_mix", "", 500, 0.6))
    words = market_words(lines)
    assert (
        words.replace("\u202f", "")
        == "1000 kWh × 0 kg/kWh (certificate GEC-1) + 500 kWh × 0.6 kg/kWh (residual mix)"
    )


def test_every_indicator_stands_in_one_group():
    grouped = [name for names in GROUPS.values() for name in names]
    assert sorted(grouped) == sorted(TITLES)
