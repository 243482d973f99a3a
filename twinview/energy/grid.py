"""The grid as power-grid-model wants it, and what can be wrong with it before it is solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from power_grid_model import initialize_array

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.topology import fused_buses, reached_from
from twinview.i18n import _

Table = NDArray[np.void]

BRANCHES = ("line", "transformer", "link", "generic_branch")
"""Components that count as branches, in the order of every branch array of a `Flow`."""

# Where single devices hang, and the attribute that says so.
DEVICES = ("source", "sym_load", "sym_gen", "shunt")
# power-grid-model takes 1e10 VA where nothing is given, which sags under a medium-voltage grid
# (8e-4 p.u. measured); twinview means an ideal slack unless a short-circuit power is given.
IDEAL_SK = 1e20
_NO_TAP = -128  # what the library writes where no tap is given


@dataclass(frozen=True, eq=False)
class Grid:
    """Tables of power-grid-model, with the place of every id.

    Parameters
    ----------
    tables
        Structured input arrays by component name: node, line, transformer, link, generic_branch,
        source, sym_load, sym_gen, shunt. SI units (V, W, ohm), as power-grid-model says.
    """

    tables: dict[str, Table]

    def rows(self, component: str) -> Table:
        """Return the table of a component, empty where there is none.

        Parameters
        ----------
        component
            Its name.
        """
        found = self.tables.get(component)
        return initialize_array("input", component, 0) if found is None else found

    def ids(self, component: str) -> Ints:
        """Return the ids of a component's rows.

        Parameters
        ----------
        component
            Its name.
        """
        return self.rows(component)["id"].astype(np.int64)

    @cached_property
    def branch_ids(self) -> Ints:
        """Ids of all branches in the order of `BRANCHES`. Shape [k]."""
        return np.concatenate([self.ids(name) for name in BRANCHES])

    @cached_property
    def from_bus(self) -> Ints:
        """Row of the node at the from-end of each branch, -1 where unknown. Shape [k]."""
        return self._ends("from_node")

    @cached_property
    def to_bus(self) -> Ints:
        """Row of the node at the to-end of each branch, -1 where unknown. Shape [k]."""
        return self._ends("to_node")

    @cached_property
    def closed(self) -> Bools:
        """Whether each branch is switched on at both ends. Shape [k]."""
        on = [self.rows(name)["from_status"] & self.rows(name)["to_status"] for name in BRANCHES]
        closed: Bools = np.concatenate(on) == 1
        return closed

    @cached_property
    def is_link(self) -> Bools:
        """Whether each branch is a link, without impedance and rating. Shape [k]."""
        return np.repeat(
            [name == "link" for name in BRANCHES], [self.ids(n).size for n in BRANCHES]
        )

    @cached_property
    def one_place(self) -> Ints:
        """Number of the place of each node: nodes that closed links join are one. Shape [n]."""
        tied = self.is_link & self.closed & (self.from_bus >= 0) & (self.to_bus >= 0)
        return fused_buses(self.ids("node").size, self.from_bus[tied], self.to_bus[tied])

    def bus_of(self, component: str) -> Ints:
        """Return the node row at which each device hangs, -1 where its node is unknown.

        Parameters
        ----------
        component
            One of source, sym_load, sym_gen, shunt.
        """
        return self.places(self.rows(component)["node"])

    def places(self, node_ids: NDArray[Any]) -> Ints:
        """Return the node row of each node id, -1 where unknown.

        Parameters
        ----------
        node_ids
            Ids.
        """
        known = self.ids("node")
        if not known.size:
            return np.full(node_ids.size, -1, dtype=np.int64)
        order = np.argsort(known)
        slot = np.minimum(np.searchsorted(known, node_ids, sorter=order), known.size - 1)
        places: Ints = np.where(known[order[slot]] == node_ids, order[slot], -1)
        return places

    @cached_property
    def energized(self) -> Bools:
        """Whether closed branches join each node with a source that is on. Shape [n]."""
        live = self.closed & (self.from_bus >= 0) & (self.to_bus >= 0)
        starts = self.bus_of("source")[self.rows("source")["status"] == 1]
        nodes = self.ids("node").size
        if not nodes:
            return np.zeros(0, dtype=np.bool_)
        return reached_from(nodes, self.from_bus[live], self.to_bus[live], starts[starts >= 0])

    def _ends(self, attribute: str) -> Ints:
        return np.concatenate([self.places(self.rows(name)[attribute]) for name in BRANCHES])


@dataclass(frozen=True)
class Finding:
    """Something wrong with a grid.

    Parameters
    ----------
    code
        What, as a word: `duplicate_id`, `no_source`, `unknown_node`, `same_ends`, `zero_impedance`,
        `not_a_number`, `tap_range`, `voltage_mismatch`, `island_without_source`.
    component
        Table it is found in.
    ids
        Elements concerned.
    message
        One sentence, ready to show.
    fatal
        Whether the power flow cannot run; an island without source only stays dark.
    """

    code: str
    component: str
    ids: tuple[int, ...]
    message: str
    fatal: bool = True


def check(grid: Grid) -> list[Finding]:
    """Return everything that is wrong with a grid, which is nothing in the good case.

    Parameters
    ----------
    grid
        The grid.
    """
    findings = _duplicate_ids(grid) + _no_source(grid) + _unknown_nodes(grid)
    findings += _zero_impedance(grid) + _not_numbers(grid) + _tap_range(grid)
    return findings + _voltage_mismatch(grid) + _dark_islands(grid)


def _finding(
    code: str,
    component: str,
    ids: Ints,
    sentence: str,
    *,
    fatal: bool = True,
    attributes: Sequence[str] = (),
) -> Finding:
    named = ", ".join(str(i) for i in ids[:5]) + (" ..." if ids.size > 5 else "")
    found = tuple(int(i) for i in ids)
    message = sentence.format(
        ids=named, n=ids.size, name=component, attributes=", ".join(attributes)
    )
    return Finding(code, component, found, message, fatal)


def _duplicate_ids(grid: Grid) -> list[Finding]:
    ids = np.concatenate([grid.ids(name) for name in ("node", *BRANCHES, *DEVICES)])
    values, counts = np.unique(ids, return_counts=True)
    twice = values[counts > 1]
    sentence = _("Ids must be unique across all components; used more than once: {ids}")
    return [_finding("duplicate_id", "grid", twice, sentence)] if twice.size else []


def _no_source(grid: Grid) -> list[Finding]:
    if (grid.rows("source")["status"] == 1).any():
        return []
    sentence = _("The grid has no source that is switched on, so nothing can feed it")
    return [_finding("no_source", "source", grid.ids("source"), sentence)]


def _unknown_nodes(grid: Grid) -> list[Finding]:
    ends = dict.fromkeys(BRANCHES, ("from_node", "to_node")) | dict.fromkeys(DEVICES, ("node",))
    findings = []
    for name, attributes in ends.items():
        table = grid.rows(name)
        if len(attributes) > 1:
            circle = table["from_node"] == table["to_node"]
            if circle.any():
                sentence = _("{n} of {name} begin and end at the same node: {ids}")
                findings.append(_finding("same_ends", name, table["id"][circle], sentence))
        lost = np.any([grid.places(table[end]) < 0 for end in attributes], axis=0)
        if lost.any():
            sentence = _("{n} of {name} hang at nodes that do not exist: {ids}")
            findings.append(_finding("unknown_node", name, table["id"][lost], sentence))
    return findings


def _zero_impedance(grid: Grid) -> list[Finding]:
    findings = []
    for name in ("line", "generic_branch"):
        table = grid.rows(name)
        short = (table["r1"] == 0) & (table["x1"] == 0)
        if short.any():
            sentence = _("{name} without impedance (make them links): {ids}")
            findings.append(_finding("zero_impedance", name, table["id"][short], sentence))
    return findings


def _not_numbers(grid: Grid) -> list[Finding]:
    wanted = {"node": ("u_rated",), "line": ("r1", "x1", "c1"), "source": ("u_ref",)}
    wanted["transformer"] = ("u1", "u2", "sn", "uk", "pk", "i0", "p0")
    findings = []
    for name, attributes in wanted.items():
        table = grid.rows(name)
        holes = np.any([~np.isfinite(table[attribute]) for attribute in attributes], axis=0)
        if holes.any():
            sentence = _("{name} with a missing value among {attributes}: {ids}")
            found = _finding(
                "not_a_number", name, table["id"][holes], sentence, attributes=attributes
            )
            findings.append(found)
    return findings


def _tap_range(grid: Grid) -> list[Finding]:
    """Name taps beyond their range, which the solver moves to its end."""
    table = grid.rows("transformer")
    ends = np.sort(np.stack([table["tap_min"], table["tap_max"]]).astype(np.int64), axis=0)
    known = (table["tap_pos"] > _NO_TAP) & (table["tap_min"] > _NO_TAP)
    known &= table["tap_max"] > _NO_TAP
    beyond = known & ((table["tap_pos"] < ends[0]) | (table["tap_pos"] > ends[1]))
    sentence = _(
        "{n} of {name} stand at a tap beyond their range and are computed at its end: {ids}"
    )
    found = [_finding("tap_range", "transformer", table["id"][beyond], sentence, fatal=False)]
    return found if beyond.any() else []


def _voltage_mismatch(grid: Grid) -> list[Finding]:
    rated = grid.rows("node")["u_rated"]
    findings = []
    for name in ("line", "link"):
        table = grid.rows(name)
        a, b = grid.places(table["from_node"]), grid.places(table["to_node"])
        known = (a >= 0) & (b >= 0)
        differ = np.zeros(table.size, dtype=np.bool_)
        differ[known] = ~np.isclose(rated[a[known]], rated[b[known]], equal_nan=True)
        if differ.any():
            sentence = _("{name} between nodes of different rated voltage: {ids}")
            findings.append(_finding("voltage_mismatch", name, table["id"][differ], sentence))
    return findings


def _dark_islands(grid: Grid) -> list[Finding]:
    dark = grid.ids("node")[~grid.energized]
    sentence = _("{n} nodes are not joined with any source and stay without voltage: {ids}")
    found = [_finding("island_without_source", "node", dark, sentence, fatal=False)]
    return found if dark.size else []


def with_ideal_sources(grid: Grid) -> Grid:
    """Return the grid with sources of unknown short-circuit power made ideal.

    Parameters
    ----------
    grid
        The grid; not changed.
    """
    source = grid.rows("source").copy()
    source["sk"] = np.where(np.isfinite(source["sk"]), source["sk"], IDEAL_SK)
    return Grid({**grid.tables, "source": source})


def kilowatts(values: NDArray[Any]) -> Floats:
    """Return watts as kilowatts in float64.

    Parameters
    ----------
    values
        Watts, or var.
    """
    scaled: Floats = np.asarray(values, dtype=np.float64) * 1e-3
    return scaled
