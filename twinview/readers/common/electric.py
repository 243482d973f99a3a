"""Branches in power-grid-model's attributes: per unit, by nameplate, with three windings."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twinview.readers.common.draft import Draft, Row

WYE_N, DELTA = 1, 2
CLOCK = 30.0
LEAST = 1e-6
"""Impedance in per unit of a transformer that the file gives none."""
_SAME = 1e-9


def clock_of(shift: float) -> int:
    """Return the clock number of a phase shift in degrees by which the to-side lags.

    Parameters
    ----------
    shift
        A multiple of 30.
    """
    return round(shift / CLOCK) % 12


def transformer(
    u: tuple[float, float],
    sn: float,
    z: complex,
    *,
    p0: float = 0.0,
    i0: float = 0.0,
    shift: float = 0.0,
) -> Row:
    """Return a two-winding transformer without taps.

    Parameters
    ----------
    u
        Rated voltages at the from- and to-side in volts; an off-nominal ratio is in the first.
    sn
        Rated power in VA.
    z
        Short-circuit impedance in per unit of the rating; negative reactances occur in the star of
        three windings and are kept.
    p0, i0
        No-load losses in W and no-load current in per unit.
    shift
        Degrees by which the to-side lags, a multiple of 30.
    """
    clock = clock_of(shift)
    return {
        "u1": u[0],
        "u2": u[1],
        "sn": sn,
        "uk": math.copysign(abs(z), z.imag or 1.0),
        "pk": z.real * sn,
        "i0": max(i0, p0 / sn),
        "p0": p0,
        "winding_from": DELTA if clock % 2 else WYE_N,
        "winding_to": WYE_N,
        "clock": clock,
        "tap_side": 0,
        "tap_pos": 0,
        "tap_min": 0,
        "tap_max": 0,
        "tap_nom": 0,
        "tap_size": 0.0,
    }


@dataclass(frozen=True)
class PerUnit:
    """A pi branch as per-unit formats give it.

    Parameters
    ----------
    base
        Base power in VA.
    z, y
        Series impedance and total shunt admittance, per unit of `base` and of the nodes' voltages.
    rated
        Rated power in VA, NaN where it is not known.
    ratio, shift
        Off-nominal ratio at the first end, and degrees by which the second end lags.
    """

    base: float
    z: complex
    y: complex = 0j
    rated: float = math.nan
    ratio: float = 1.0
    shift: float = 0.0


def add_per_unit(
    draft: Draft, name: str, ends: tuple[str, str], branch: PerUnit, **row: Any
) -> tuple[str, str]:
    """Add a branch as the component that holds it exactly; return the component and its id.

    A transformer with a rating and a clock number is a ``transformer``; whatever else has a ratio,
    a phase shift or two voltage levels is a ``generic_branch``.

    Parameters
    ----------
    draft
        The network; its nodes are there.
    name
        Name of the branch.
    ends
        Its nodes.
    branch
        Its data.
    row
        Further columns.
    """
    z, y, base, rated = branch.z, branch.y, branch.base, branch.rated
    high, low = draft.rated(ends[0]), draft.rated(ends[1])
    row = {"from_node": ends[0], "to_node": ends[1], **row}
    if not z:
        z = complex(0.0, LEAST)
        row["assumed"] = "x"
    if _is_plain_transformer(y, rated, branch.shift):
        own = z * rated / base
        made = transformer(
            (high * branch.ratio, low),
            rated,
            own,
            p0=y.real * base,
            i0=abs(y) * base / rated,
            shift=branch.shift,
        )
        return "transformer", draft.add("transformer", name, **row, **made)
    ohm = low**2 / base
    made = {
        "r1": z.real * ohm,
        "x1": z.imag * ohm,
        "g1": y.real / ohm,
        "b1": y.imag / ohm,
        "k": branch.ratio,
        "theta": math.radians(branch.shift),
        "sn": rated,
    }
    return "generic_branch", draft.add("generic_branch", name, **row, **made)


def _is_plain_transformer(y: complex, rated: float, shift: float) -> bool:
    whole = abs(shift / CLOCK - round(shift / CLOCK)) < _SAME
    return rated > 0 and math.isfinite(rated) and whole and y.real >= 0 and y.imag <= 0


def line(z: complex, y: complex, omega: float, **row: Any) -> Row:
    """Return a line of total impedance and shunt admittance in ohm and siemens.

    Parameters
    ----------
    z, y
        Series impedance and total shunt admittance.
    omega
        Angular frequency of the network in 1/s.
    row
        Further columns, such as ``i_n``.
    """
    return {
        "r1": z.real,
        "x1": z.imag,
        "c1": y.imag / omega,
        "tan1": y.real / y.imag if y.imag else 0.0,
        **row,
    }


def star(pairs: Sequence[complex]) -> tuple[complex, complex, complex]:
    """Return the impedances of three windings from those between each two of them.

    Parameters
    ----------
    pairs
        Between windings 1 and 2, 1 and 3, 2 and 3, all on one base.
    """
    ab, ac, bc = pairs
    return (ab + ac - bc) / 2, (ab + bc - ac) / 2, (ac + bc - ab) / 2


@dataclass(frozen=True)
class ThreeWindings:
    """A transformer of three windings, the one of the highest voltage first.

    Parameters
    ----------
    u
        Rated voltages of the windings in volts, off-nominal ratios included.
    z
        Impedances of the star, per unit of `base`.
    base
        Power in VA.
    rated
        Rated powers of the windings in VA; `base` where none are given.
    p0, i0
        No-load losses in W and no-load current in per unit of `base`; both at the first winding.
    shifts
        Degrees by which each winding lags the first.
    on
        Whether each winding is switched on.
    """

    u: Sequence[float]
    z: Sequence[complex]
    base: float
    rated: Sequence[float] = ()
    p0: float = 0.0
    i0: float = 0.0
    shifts: Sequence[float] = (0.0, 0.0, 0.0)
    on: Sequence[int] = (1, 1, 1)


def add_three_windings(
    draft: Draft, name: str, nodes: Sequence[str], unit: ThreeWindings, **row: Any
) -> None:
    """Add a transformer of three windings as three of two around a node of their own.

    The node stands for the star point of the equivalent circuit, at the rated voltage of the first
    winding; the first transformer carries the no-load losses.

    Parameters
    ----------
    draft
        The network.
    name
        Name of the transformer.
    nodes
        Nodes of the windings.
    unit
        Its data.
    row
        Further columns.
    """
    high = unit.u[0]
    middle = draft.add("node", f"{name} star", u_rated=high, kind="auxiliary")
    if nodes[0] in draft.points:
        draft.points[middle] = draft.points[nodes[0]]
    rated = list(unit.rated) or [unit.base] * 3
    for k, node in enumerate(nodes):
        z = (unit.z[k] or complex(0.0, LEAST)) * rated[k] / unit.base
        losses = {"p0": unit.p0, "i0": unit.i0 * unit.base / rated[0]} if k == 0 else {}
        pair = (high, unit.u[k])
        made = transformer(pair, rated[k], z, shift=unit.shifts[k], **losses)
        ends = (node, middle) if k == 0 else (middle, node)
        draft.add(
            "transformer",
            f"{name} {k + 1}",
            from_node=ends[0],
            to_node=ends[1],
            from_status=unit.on[k],
            to_status=unit.on[k],
            **made,
            three_windings=name,
            **row,
        )
