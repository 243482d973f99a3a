"""The book of factors never guesses."""

from datetime import date
from pathlib import Path

import pytest

from twinview.energy.factor_use import value_in
from twinview.energy.factors import (
    COLUMNS,
    KINDS,
    VERIFIED,
    Factor,
    as_table,
    candidates,
    lookup,
    parse_factors,
    read_factors,
)

BOOK = read_factors()
ELECTRICITY = {"carrier": "electricity", "region": "CN", "kind": "grid_average"}


def test_a_factor_of_the_year() -> None:
    match = lookup(BOOK, **ELECTRICITY, on=date(2023, 7, 1))
    assert (match.factor.value, match.factor.unit) == (0.5306, "kgCO2/kWh")
    assert match.flags == ()


def test_no_factor_is_taken_for_another_year_by_itself() -> None:
    with pytest.raises(LookupError, match="latest one ends 2023-12-31: allow expired"):
        lookup(BOOK, **ELECTRICITY, on=date(2026, 1, 1))
    match = lookup(BOOK, **ELECTRICITY, on=date(2026, 1, 1), allow_expired=True)
    assert (match.factor.value, match.flags) == (0.5306, ("expired",))
    with pytest.raises(LookupError, match="earliest one begins 2021-01-01"):
        lookup(BOOK, **ELECTRICITY, on=date(2019, 1, 1), allow_expired=True)


def test_another_statistic_is_not_the_same() -> None:
    with pytest.raises(LookupError, match="other statistics, which are not the same: grid_average"):
        lookup(BOOK, **{**ELECTRICITY, "region": "CN-East", "kind": "ets_reporting"},
               on=date(2022, 1, 1))  # fmt: skip
    ets = lookup(BOOK, **{**ELECTRICITY, "kind": "ets_reporting"}, on=date(2022, 5, 5))
    assert (ets.factor.value, ets.flags) == (0.5703, ("unverified",))


def test_an_unknown_region_names_the_known_ones() -> None:
    with pytest.raises(LookupError, match="knows electricity in CN, DE, EU, GB, US: add"):
        lookup(BOOK, **{**ELECTRICITY, "region": "XX"}, on=date(2023, 1, 1))
    with pytest.raises(LookupError, match="None at all: add a row"):
        lookup(BOOK, carrier="coal", region="CN", kind="combustion", on=date(2023, 1, 1))


def test_candidates_come_latest_first() -> None:
    found = candidates(BOOK, carrier="electricity", region="CN", kind="grid_average")
    assert [factor.value for factor in found] == [0.5306, 0.5366, 0.5568]


def test_a_missing_part_of_a_country_names_the_parts_there_are() -> None:
    with pytest.raises(LookupError, match=r"knows electricity in CN, CN-AH, .*CN-ZJ: add"):
        lookup(BOOK, **{**ELECTRICITY, "region": "CN-XX"}, on=date(2023, 1, 1))


@pytest.mark.parametrize("factor", BOOK, ids=lambda one: f"{one.carrier}-{one.region}-{one.kind}")
def test_every_row_of_the_book_is_whole(factor: Factor) -> None:
    assert factor.source
    assert factor.kind in KINDS
    assert factor.verified in VERIFIED
    assert (factor.valid_from is None) == (factor.valid_to is None)
    if factor.verified == "no":
        assert "not checked" in factor.source or "公告" in factor.source
    # No fuel, grid or heat of the book emits more than 1.1 kg/kWh of carbon dioxide.
    assert 0.01 < value_in(factor, "kg/kWh") < 1.1


def test_no_row_of_the_book_stands_twice() -> None:
    keys = [(f.carrier, f.region, f.kind, f.valid_from) for f in BOOK]
    assert len(set(keys)) == len(keys)


def test_units_of_the_book_by_hand() -> None:
    # 823.149 lb/MWh: 823.149 x 0.45359237 kg over 1000 kWh. 56.1 kg/GJ: 0.0036 GJ make a kWh.
    usa = lookup(BOOK, **{**ELECTRICITY, "region": "US"}, on=date(2022, 7, 1)).factor
    assert value_in(usa, "g/kWh") == pytest.approx(373.374, abs=1e-3)
    gas = lookup(BOOK, carrier="natural_gas", region="*", kind="combustion", on=date(2024, 7, 1))
    assert value_in(gas.factor, "kgCO2/kWh") == pytest.approx(0.20196)


def test_a_table_comes_back_as_it_was_written() -> None:
    assert parse_factors(as_table(BOOK), "book") == BOOK


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    header = "value,unit,carrier,scope,region,valid_from,valid_to,kind,source,published,verified\n"
    path.write_text(header + "x,kgCO2/kWh,electricity,2,CN,,,grid_average,me,,no\n")
    with pytest.raises(ValueError, match=r"book\.csv, line 2: could not convert"):
        read_factors(path)
    path.write_text("value,unit\n1,kgCO2/kWh\n")
    with pytest.raises(ValueError, match=r"book\.csv has no column carrier, scope, region"):
        read_factors(path)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,kgCO2/kWh,electricity,2,CN,,,guess,me,,no", "line 2: unknown kind 'guess'"),
        ("1,kgCO2/kWh,electricity,2,CN,,,grid_average,me,,maybe", "verified 'maybe'"),
        ("1,kg per kWh,electricity,2,CN,,,grid_average,me,,no", "'kg per kWh' is no unit"),
        ("-1,kgCO2/kWh,electricity,2,CN,,,grid_average,me,,no", "a number from 0 up"),
        ("nan,kgCO2/kWh,electricity,2,CN,,,grid_average,me,,no", "a number from 0 up"),
        ("1,kgCO2/kWh,electricity,4,CN,,,grid_average,me,,no", "a scope 1, 2 or 3"),
        ("1,kgCO2/kWh,electricity,2,CN,,,grid_average,,,no", "must not be empty"),
        ("1,kgCO2/kWh,electricity,2,CN,2024-12-31,2024-01-01,grid_average,me,,no", "ends before"),
        ("1,kgCO2/kWh,electricity,2,CN,2024-13-31,,grid_average,me,,no", "line 2: "),
    ],
)
def test_a_field_that_makes_no_sense_is_named(row: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_factors(",".join(COLUMNS) + "\n" + row + "\n", "book")
