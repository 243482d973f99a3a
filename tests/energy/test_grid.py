"""What can be wrong with a grid is found before it is solved."""

import numpy as np
import pytest

from tests.energy.support import baran_wu
from twinview.energy.grid import Finding, Grid, check
from twinview.energy.powerflow import Injections, solve


def changed(component: str, attribute: str, row: int, value: float) -> Grid:
    grid = baran_wu()[0]
    rows = grid.tables[component].copy()
    rows[attribute][row] = value
    return Grid({**grid.tables, component: rows})


def test_a_good_grid_has_no_findings() -> None:
    assert check(baran_wu()[0]) == []


@pytest.mark.parametrize(
    ("component", "attribute", "row", "value", "code", "ids"),
    [
        ("line", "id", 3, 7, "duplicate_id", (7,)),
        ("source", "status", 0, 0, "no_source", (300,)),
        ("sym_load", "node", 2, 99, "unknown_node", (202,)),
        ("line", "to_node", 5, 99, "unknown_node", (105,)),
        ("line", "i_n", 0, 1, None, ()),
        ("node", "u_rated", 5, np.nan, "not_a_number", (6,)),
        ("node", "u_rated", 32, 400.0, "voltage_mismatch", (131, 135)),
        ("line", "to_status", 16, 0, "island_without_source", (18,)),
    ],
)
def test_findings_name_the_elements(component, attribute, row, value, code, ids) -> None:
    found = [f for f in check(changed(component, attribute, row, value)) if f.code == code]
    assert [finding.ids for finding in found] == ([ids] if code else [])


def test_a_line_without_impedance() -> None:
    grid = baran_wu()[0]
    line = grid.tables["line"].copy()
    line["r1"][4] = line["x1"][4] = 0
    (finding,) = check(Grid({**grid.tables, "line": line}))
    assert finding == Finding(
        "zero_impedance", "line", (104,), "line without impedance (make them links): 104"
    )


def test_a_fatal_finding_stops_the_power_flow() -> None:
    nothing = np.zeros((1, 0))
    power = Injections(np.zeros((1, 32)), np.zeros((1, 32)), nothing, nothing)
    with pytest.raises(ValueError, match="1 of sym_load hang at nodes that do not exist: 202"):
        solve(changed("sym_load", "node", 2, 99), power)


def test_an_empty_grid_is_only_without_source() -> None:
    assert [finding.code for finding in check(Grid({}))] == ["no_source"]
