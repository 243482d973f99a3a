"""Own factors, units, and findings."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.factor_use import MASSES, Use, review, review_all, value_in
from twinview.energy.factors import candidates, lookup, read_factors, with_own

BOOK = read_factors()
DAY = date(2023, 7, 1)
WANTED = {"carrier": "electricity", "region": "CN", "kind": "grid_average"}
NATIONAL = lookup(BOOK, **WANTED, on=DAY).factor
OWN = replace(NATIONAL, value=0.123, source="my supplier", verified="primary")
USE = Use("electricity", "CN", "grid_average", DAY, "imports")


def test_own_rows_win_and_are_marked() -> None:
    book = with_own(BOOK, [OWN])
    match = lookup(book, **WANTED, on=DAY)
    assert (match.factor.value, match.flags) == (0.123, ("user",))
    # For another year there is no own row, and the book's is not marked.
    assert lookup(book, **WANTED, on=date(2022, 7, 1)).flags == ()
    assert [factor.value for factor in candidates(book, **WANTED)][:2] == [0.123, 0.5306]


def test_an_expired_own_row_does_not_win_over_the_right_year() -> None:
    old = replace(OWN, valid_from=date(2022, 1, 1), valid_to=date(2022, 12, 31))
    assert lookup(with_own(BOOK, [old]), **WANTED, on=DAY).factor.value == 0.5306


def test_two_own_rows_that_differ_are_no_choice_of_ours() -> None:
    book = with_own(BOOK, [OWN, replace(OWN, value=0.2)])
    with pytest.raises(LookupError, match=r"they differ \(0.123 kgCO2/kWh, 0.2 kgCO2/kWh\)"):
        lookup(book, **WANTED, on=DAY)
    assert lookup(with_own(BOOK, [OWN, OWN]), **WANTED, on=DAY).factor.value == 0.123


def test_units_by_hand() -> None:
    assert value_in(NATIONAL, "g/kWh") == pytest.approx(530.6)
    assert value_in(NATIONAL, "tCO2/MWh") == pytest.approx(0.5306)
    heat = next(factor for factor in BOOK if factor.carrier == "heat")
    # 0.11 t/GJ, and 3.6 MJ make a kWh: 396 g.
    assert value_in(heat, "g/kWh") == pytest.approx(396)
    gas = replace(NATIONAL, value=56.1, unit="kgCO2/GJ")
    assert value_in(gas, "kgCO2/kWh") == pytest.approx(0.20196)


@given(st.sampled_from(list(MASSES)), st.sampled_from(["Wh", "kWh", "MWh", "MJ", "GJ", "therm"]))
def test_units_there_and_back(mass, energy) -> None:
    there = value_in(NATIONAL, f"{mass}/{energy}")
    back = value_in(replace(NATIONAL, value=there, unit=f"{mass}CO2/{energy}"), NATIONAL.unit)
    assert back == pytest.approx(NATIONAL.value, rel=1e-8)


def test_one_gas_is_not_the_other() -> None:
    footprint = next(factor for factor in BOOK if factor.kind == "life_cycle")
    assert value_in(footprint, "g/kWh") == pytest.approx(620.5)
    with pytest.raises(ValueError, match="a factor of CO2e is no factor of CO2"):
        value_in(footprint, "kgCO2/kWh")
    for unit in ("kg per kWh", "kgCO2/apple", "kgCH4/kWh"):
        with pytest.raises(ValueError, match="unit"):
            value_in(NATIONAL, unit)


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"kind": "ets_reporting"}, "wrong_kind", "is another statistic (ets_reporting: figure"),
        ({"carrier": "heat"}, "carrier", "is a factor of heat"),
        ({"region": "CN-East"}, "region", "is that of CN-East"),
        ({"valid_from": date(2021, 1, 1), "valid_to": date(2021, 12, 31)}, "expired",
         "describes 2021-01-01 to 2021-12-31"),
        ({"verified": "no"}, "unverified", "has not been checked"),
        ({"origin": "user"}, "user", "is your own"),
    ],
)  # fmt: skip
def test_a_factor_used_for_what_it_does_not_say_is_a_finding(change, code, words) -> None:
    (problem,) = review(replace(NATIONAL, **change), USE)
    assert problem.code == f"factor.{code}"
    assert problem.message.startswith("The factor 0.5306 kgCO2/kWh used for imports ")
    assert words in problem.message


def test_a_fitting_factor_is_none() -> None:
    assert review(NATIONAL, USE) == ()
    assert review(replace(NATIONAL, region="*"), USE) == ()
    wrong = replace(NATIONAL, verified="no")
    assert len(review_all([(wrong, USE), (wrong, USE), (NATIONAL, USE)])) == 1
