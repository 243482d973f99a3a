"""The book of factors never guesses."""

from datetime import date
from pathlib import Path

import pytest

from twinview.energy.factors import candidates, lookup, read_factors

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
    with pytest.raises(LookupError, match="knows electricity in CN, CN-Central"):
        lookup(BOOK, **{**ELECTRICITY, "region": "XX"}, on=date(2023, 1, 1))
    with pytest.raises(LookupError, match="None at all: add a row"):
        lookup(BOOK, carrier="coal", region="CN", kind="combustion", on=date(2023, 1, 1))


def test_candidates_come_latest_first() -> None:
    found = candidates(BOOK, carrier="electricity", region="CN", kind="grid_average")
    assert [factor.value for factor in found] == [0.5306, 0.5366, 0.5568]


def test_the_book_says_where_each_number_is_from() -> None:
    assert all(factor.source and 0 < factor.value < 2 for factor in BOOK)
    keys = [(f.carrier, f.region, f.kind, f.valid_from) for f in BOOK]
    assert len(set(keys)) == len(keys)


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "book.csv"
    header = "value,unit,carrier,scope,region,valid_from,valid_to,kind,source,published,verified\n"
    path.write_text(header + "x,kgCO2/kWh,electricity,2,CN,,,grid_average,me,,no\n")
    with pytest.raises(ValueError, match=r"book\.csv, line 2: could not convert"):
        read_factors(path)
    path.write_text(header + "1,kgCO2/kWh,electricity,2,CN,,,guess,me,,no\n")
    with pytest.raises(ValueError, match="line 2: unknown kind 'guess'"):
        read_factors(path)
