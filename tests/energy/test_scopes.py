"""Accounts by scope: hand-made companies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.scopes import (
    ORDER,
    Certificate,
    Offset,
    Statement,
    Supply,
    accept_certificates,
    fuel_carbon,
    grid_losses,
    location_based,
    market_based,
)

GREEN = Certificate("A1", "CN", 2023, 300.0, holder="mill")


def test_the_hierarchy_by_hand() -> None:
    supply = Supply((("wind farm", 200.0, 0.01),), None, 0.6096, 0.5306)
    lines, problems = market_based(1000.0, [GREEN], supply)
    assert [(line.instrument, line.energy, line.factor) for line in lines] == [
        ("certificate", 300.0, 0.0), ("contract", 200.0, 0.01), ("residual_mix", 500.0, 0.6096),
    ]  # fmt: skip
    assert sum(line.carbon for line in lines) == pytest.approx(2.0 + 304.8)
    assert problems == ()


def test_a_supplier_goes_before_the_residual_mix() -> None:
    (line,), _ = market_based(10.0, [], Supply(supplier=("town", 0.3), residual_mix=0.6))
    assert (line.instrument, line.carbon) == ("supplier", pytest.approx(3.0))


def test_the_grid_average_is_the_last_resort_and_flagged() -> None:
    (line,), (problem,) = market_based(10.0, [], Supply(grid_average=0.5306))
    assert (line.instrument, line.carbon) == ("grid_average", pytest.approx(5.306))
    assert problem.code == "scope2.no_residual_mix"
    with pytest.raises(ValueError, match="10 kWh have no factor"):
        market_based(10.0, [], Supply())


def test_more_green_power_than_consumption_is_no_credit() -> None:
    lines, (problem,) = market_based(250.0, [GREEN], Supply((("wind", 40.0, 0.0),)))
    assert [line.energy for line in lines] == [250.0]
    assert problem.code == "scope2.surplus"
    assert problem.message.startswith("90 kWh")


def test_own_solar_power_whose_certificates_are_sold_is_power_of_unknown_origin() -> None:
    lines, _ = market_based(100.0, [], Supply(residual_mix=0.6), resold=50.0)
    assert sum(line.carbon for line in lines) == pytest.approx(90.0)
    assert location_based([100.0], 0.5) == pytest.approx(50.0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"market": "EU"}, "of the market EU"),
        ({"vintage": 2022}, "generated in 2022"),
        ({"retired": False}, "not been retired"),
        ({"holder": "dairy"}, "retired for dairy"),
        ({"holder": ""}, "retired for nobody"),
        ({"energy": -1.0}, "makes no sense"),
        ({}, "claimed twice"),
    ],
)
def test_certificates_are_checked(change, reason) -> None:
    fields = {**{name: getattr(GREEN, name) for name in Certificate.__dataclass_fields__}, **change}
    kept, (problem,) = accept_certificates(
        [GREEN, Certificate(**fields)], market="CN", year=2023, holder="mill"
    )
    assert kept == (GREEN,)
    assert reason in problem.message


energies = st.floats(0, 1e6)


@given(energies, st.lists(energies, max_size=4), st.lists(energies, max_size=3), energies)
def test_lines_cover_the_consumption_exactly_once(used, greens, contracts, resold) -> None:
    certificates = [
        Certificate(str(i), "CN", 2023, kwh, holder="m") for i, kwh in enumerate(greens)
    ]
    supply = Supply(tuple((str(i), kwh, 0.1) for i, kwh in enumerate(contracts)), None, 0.6)
    lines, _ = market_based(used, certificates, supply, resold=resold)
    assert sum(line.energy for line in lines) == pytest.approx(used + resold)
    assert all(line.energy > 0 for line in lines)
    ranks = [ORDER.index(line.instrument) for line in lines]
    assert ranks == sorted(ranks)


def test_location_based_by_hour_and_by_year() -> None:
    assert location_based([100.0, 300.0], [0.2, 0.6]) == pytest.approx(200.0)
    assert location_based([100.0, 300.0], 0.5) == pytest.approx(200.0)
    with pytest.raises(ValueError, match="exports are no deduction"):
        location_based([100.0, -1.0], 0.5)


def test_losses_depend_on_what_the_rate_is_of() -> None:
    # 950 kWh arrive of 1000 kWh sent: 5 % of what was sent, 50 kWh.
    assert grid_losses(950.0, 0.5, 0.05, loss_of="sent") == pytest.approx(25.0)
    assert grid_losses(950.0, 0.5, 50 / 950, loss_of="delivered") == pytest.approx(25.0)
    with pytest.raises(ValueError, match="is a fraction"):
        grid_losses(1.0, 0.5, 5.0, loss_of="sent")


def test_the_columns_stay_apart() -> None:
    credits = (Offset("x", 30.0, True), Offset("x", 30.0, True), Offset("y", 99.0, False))
    statement = Statement(
        scope1=fuel_carbon([(1000.0, 0.202), (10.0, 0.27)]), scope2_location=200.0,
        scope2_market=120.0, scope3_losses=10.0, avoided=500.0, offsets=credits,
    )  # fmt: skip
    assert statement.columns("market") == pytest.approx(
        {"emitted": 324.7, "avoided": 500.0, "offset": 30.0, "net": 294.7}
    )
    assert statement.emitted("location") == pytest.approx(404.7)
    assert statement.net("location", scope3=True) == pytest.approx(384.7)
