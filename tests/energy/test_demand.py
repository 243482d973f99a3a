"""Archetypes, floor areas, profiles, and the check against feeders."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twinview.energy.demand import (
    SPREAD,
    Archetype,
    check_feeders,
    estimate,
    floor_area,
    read_archetypes,
    scaled_to_feeders,
)

ROWS = (
    Archetype("office", "X", "electricity", 100.0, "m2", "me", "primary"),
    Archetype("office", "*", "electricity", 50.0, "m2", "me", "no"),
    Archetype("residential", "X", "electricity", 3000.0, "household", "me", "primary"),
    Archetype("office", "X", "heat", 80.0, "m2", "me", "primary"),
)


def test_floor_area_by_hand() -> None:
    area, assumed = floor_area([100.0, 100.0, 100.0, np.nan], [3.0, np.nan, 0.0, 2.0],
                               [9.0, 10.0, 1.0, 9.0])  # fmt: skip
    assert area[:3].tolist() == [300.0, 300.0, 100.0]
    assert np.isnan(area[3])
    assert assumed.tolist() == [False, True, True, False]
    # Neither storeys nor height: no number, rather than one storey.
    assert np.isnan(floor_area([100.0], [np.nan])[0]).all()


def test_demand_by_hand() -> None:
    found = estimate([200.0, 500.0, np.nan], ["office", "residential", "office"], "X",
                     "electricity", table=ROWS, households=[0, 4, 0])  # fmt: skip
    assert found.energy[:2].tolist() == [20000.0, 12000.0]
    assert found.low[0] == 10000.0
    assert found.high[0] == 30000.0
    assert found.row.tolist() == [0, 2, 0]
    assert found.origin == "modelled"
    (problem,) = found.problems
    assert (problem.code, problem.message[:12]) == ("demand.no_size", "1 buildings ")


def test_the_row_of_the_zone_goes_before_that_for_anywhere() -> None:
    found = estimate([10.0], ["office"], "Y", "electricity", table=ROWS)
    assert found.energy.tolist() == [500.0]
    assert [problem.code for problem in found.problems] == ["demand.unverified"]


def test_an_unknown_use_gets_no_number() -> None:
    found = estimate([10.0, 10.0], ["office", "igloo"], "X", "electricity", table=ROWS,
                     ids=["a", "b"])  # fmt: skip
    assert np.isnan(found.energy[1])
    assert found.row.tolist() == [0, -1]
    (problem,) = found.problems
    assert problem.code == "demand.no_archetype"
    assert problem.element_ids == ("b",)
    assert "igloo" in problem.message


@given(st.lists(st.floats(1, 1e5), min_size=1, max_size=30))
def test_demand_is_additive_in_area(areas) -> None:
    found = estimate(areas, ["office"] * len(areas), "X", "heat", table=ROWS)
    whole = estimate([sum(areas)], ["office"], "X", "heat", table=ROWS)
    assert found.energy.sum() == pytest.approx(whole.energy[0])
    np.testing.assert_allclose(found.high - found.low, 2 * SPREAD * found.energy)


def test_the_table_says_where_each_number_is_from() -> None:
    rows = read_archetypes()
    assert all(row.source and row.value > 0 for row in rows)
    keys = [(row.use, row.climate, row.carrier) for row in rows]
    assert len(set(keys)) == len(keys)
    # CIBSE TM46: a general office uses 95 kWh/m2 of electricity and 120 of fuel.
    assert estimate([1.0], ["office"], "GB", "fuel").energy.tolist() == [120.0]
    # What nobody has checked is flagged, all Chinese rows among it.
    assert {row.verified for row in rows if row.climate.startswith("CN")} == {"no"}


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    path, header = tmp_path / "a.csv", "use,climate,carrier,value,per,source,verified\n"
    for row, sentence in (("office,X,heat,x,m2,me,no", "could not convert"),
                          ("office,X,heat,1,room,me,no", "m2 or household"),
                          ("office,X,heat,1,m2,me,yes", "unknown verified")):  # fmt: skip
        path.write_text(header + row + "\n", encoding="utf-8")
        with pytest.raises(ValueError, match=f"line 2: .*{sentence}"):
            read_archetypes(path)


def test_feeders_by_hand() -> None:
    check = check_feeders([60.0, 60.0, 30.0, 100.0, 7.0], [0, 0, 1, 2, -1], [100.0, 80.0, 0.0],
                          names=["North", "South", "Dark"])  # fmt: skip
    assert check.modelled.tolist() == [120.0, 30.0, 100.0]
    assert check.ratio[:2].tolist() == [1.2, 0.375]
    assert np.isnan(check.ratio[2])
    (problem,) = check.problems
    assert problem.message == (
        "The buildings of 1 feeders use less than their meter says: South (0.38)."
    )
    scaled = scaled_to_feeders([60.0, 60.0, 30.0, 100.0, 7.0], check, [0, 0, 1, 2, -1])
    assert scaled == pytest.approx([50.0, 50.0, 80.0, 100.0, 7.0])
    with pytest.raises(ValueError, match="number of a feeder"):
        check_feeders([1.0], [5], [1.0])
