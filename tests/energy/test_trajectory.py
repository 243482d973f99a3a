"""Paths and targets: the public case, and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.energy.support import case
from twinview.energy.trajectory import (
    absolute_contraction,
    budget_status,
    compound,
    compound_rate,
    convergence,
    intensity_target_ratio,
    linear,
    prorate,
)

WANTED = case("p11_targets")


def test_targets_of_the_public_case() -> None:
    expected, close = WANTED["expected"], WANTED["tolerance"]
    assert absolute_contraction(1.0, 2020, [2030])[0] == pytest.approx(
        expected["aca_2020_2030_share"], abs=close
    )
    for name, ratio, years in (("18pct_5y", 0.82, 5), ("13_5pct_5y", 0.865, 5),
                               ("65pct_25y", 0.35, 25)):  # fmt: skip
        assert compound_rate(ratio, years) == pytest.approx(
            expected[f"annual_rate_{name}"], abs=close
        )
    assert intensity_target_ratio(0.18, [0.05] * 5) == pytest.approx(
        expected["allowed_emissions_ratio_2025_if_gdp_5pct"], abs=close
    )


def test_paths_by_hand() -> None:
    assert linear(100, 60, 2020, 2030, [2020, 2025, 2030, 2035]).tolist() == [100, 80, 60, 60]
    assert compound(100, 25, 2020, 2022, [2020, 2021, 2022, 2030]) == pytest.approx(
        [100, 50, 25, 25]
    )
    assert absolute_contraction(100, 2020, [2021, 2050]).tolist() == pytest.approx([95.8, 0])


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.integers(1, 40))
def test_paths_meet_at_both_ends(base, target, years) -> None:
    ends = [2020, 2020 + years]
    for path in (linear, compound):
        assert path(base, target, 2020, 2020 + years, ends) == pytest.approx([base, target])


def test_convergence_meets_the_sector() -> None:
    # Half the sector's way is gone in the second year: 0.5 x 20 above 60; all of it in the third.
    found = convergence(100.0, [80.0, 60.0, 40.0])
    assert found == pytest.approx([100.0, 70.0, 40.0])
    # Market share has grown by a quarter, so m is 0.8.
    assert convergence(100.0, [80.0, 60.0, 40.0], [1, 0.8, 0.8])[1] == pytest.approx(68.0)


def test_budget_by_hand() -> None:
    years, path = [2020, 2021, 2022, 2023, 2024], [100, 90, 80, 70, 60]
    found = budget_status(years, path, [100, 95, 90], include_base=False)
    assert (found.budget, found.used, found.remaining, found.gap) == (300, 185, 115, 15)
    assert found.state == "behind"
    # 2023 begins with 115 left at 90 a year.
    assert found.exhausted == pytest.approx(2023 + 115 / 90)
    with_base = budget_status(years, path, [100, 95, 90], include_base=True)
    assert (with_base.budget, with_base.used) == (400, 285)


def test_the_state_goes_by_the_sum_and_not_by_the_last_year() -> None:
    years, path = [2020, 2021, 2022, 2023], [10, 10, 10, 10]
    assert budget_status(years, path, [10, 4, 12], include_base=False).state == "on_track"
    assert budget_status(years, path, [10, 20, 12], include_base=False).state == "exhausted"
    still = budget_status(years, path, [10, 4], include_base=False, rate=0.0)
    assert np.isnan(still.exhausted)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 1e9))
def test_a_prorated_quota_sums_to_it(reference, quota) -> None:
    assert prorate(quota, reference).sum() == pytest.approx(quota)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: linear(1, 0, 2030, 2020, [2030]), "must come after"),
        (lambda: linear(1, 0, 2020, 2030, [2019]), "begins in its base year"),
        (lambda: compound(1, 0, 2020, 2030, [2020]), "above 0"),
        (lambda: convergence(1.0, [2.0, 2.0]), "must change"),
        (lambda: budget_status([2020, 2022], [1, 1], [1], include_base=True), "consecutive"),
        (lambda: budget_status([2020, 2021], [1, 1], [1], include_base=False), "at least"),
        (lambda: prorate(1.0, [-1.0, 2.0]), "none negative"),
    ],
)
def test_mistakes_are_told_in_a_sentence(call, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        call()
