"""The command on a district with heat and gas: what it prints closes over all carriers."""

import pytest

from tests.quarter import write_quarter


@pytest.fixture
def quarter(tmp_path, answer):
    """Return a saved project of the village with heat, gas and machines."""
    files = write_quarter(tmp_path)
    answer("new", "q.twin", *(f"--add={file}" for file in files), "--tz", "Europe/Berlin")
    return tmp_path / "q.twin"


def test_compute_prints_each_carrier_and_the_carbon_of_all(answer, quarter):
    found = answer("compute", quarter)
    assert set(found["carriers"]) == {"heat", "gas"}
    for one in found["carriers"].values():
        assert one["relative_residual"]["energy_kwh"] < 1e-9
        assert one["relative_residual"]["carbon_kg"] < 1e-9
        assert one["largest_node_residual_kw"] < 1e-6
    together = found["all_carriers"]
    assert together["relative_residual"] < 1e-6
    # What comes in: the grid's import, heat from outside, gas; what machines pass on is neither.
    parts = [found["carbon_kg"]["import"]]
    parts += [one["carbon_kg"]["import"] for one in found["carriers"].values()]
    assert together["carbon_kg"]["import"] == pytest.approx(sum(parts))
    assert together["carbon_kg"]["generation"] == pytest.approx(0.0, abs=1e-9)
    heat, gas = (found["carriers"][k]["energy_kwh"] for k in ("heat", "gas"))
    # The plant turns half of its gas into heat, the stove takes 0.5 kW for 48 hours.
    assert gas["import"] == pytest.approx(gas["load"])
    assert heat["generation"] > (gas["load"] - 24.0) / 2 - 1e-6
    assert heat["loss"] > 0


def test_compute_prints_tables_for_people(twinview, quarter):
    text = twinview("compute", quarter).stdout
    assert "Balance of heat" in text
    assert "Carbon of all carriers" in text
    assert "The sources of 'Gas' name no carbon intensity; 202 g/kWh was taken for all time" in text


def test_a_span_cuts_all_balances(answer, quarter):
    whole = answer("compute", quarter)
    day = answer("compute", quarter, "--from", "2024-03-31T00:00", "--to", "2024-04-01T00:00")
    for name in ("heat", "gas"):
        one, all_ = (x["carriers"][name]["energy_kwh"]["load"] for x in (day, whole))
        assert 0 < one < all_


def test_what_is_assumed_is_said(answer, quarter):
    answer("compute", quarter)
    codes = [one["code"] for one in answer("check", quarter)["problems"]]
    assert "factor.assumed" in codes


def test_a_district_with_heat_alone_computes_and_shows_itself(answer, tmp_path):
    files = write_quarter(tmp_path, electricity=False)
    answer("new", "h.twin", *(f"--add={file}" for file in files), "--tz", "Europe/Berlin")
    found = answer("compute", "h.twin")
    assert found["energy_kwh"] == {}
    # The stove burns 0.5 kW of gas for 48 hours; the rest is heat at 250 g/kWh from outside.
    heat, gas = found["carriers"]["heat"]["energy_kwh"], found["carriers"]["gas"]["carbon_kg"]
    account = found["indicators"]
    assert account["scope1"]["value"] == pytest.approx(gas["import"])
    assert account["scope2_location"]["value"] == pytest.approx(heat["import"] * 0.25)
    assert account["scope2_market"]["value"] == pytest.approx(heat["import"] * 0.25)
    assert "self_sufficiency" not in account
    assert found["carriers"]["heat"]["energy_kwh"]["load"] > 0
    info = answer("info", "h.twin")
    assert {one["carrier"] for one in info["networks"]} == {"heat", "gas"}
