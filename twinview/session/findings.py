"""What a finished computation says about itself: open balances, open nodes, steps unsolved."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twinview.energy.balance import Balance
from twinview.i18n import _
from twinview.model.problem import Problem
from twinview.model.time import TimeAxis, format_instant
from twinview.model.twin import Layer

if TYPE_CHECKING:
    from twinview.energy.district import District

TOLERANCE = 1e-6
"""Largest residual, as a share of the turnover of a step, that counts as closed."""
NODE_TOLERANCE = 1e-3
"""Largest imbalance of a node in kW that counts as closed: what the solver leaves open."""
MOST_NAMED = 20


def open_nodes(nodes: Layer, imbalance: npt.NDArray[np.float64]) -> list[Problem]:
    """Name the nodes at which power appears or vanishes, the worst first.

    Parameters
    ----------
    nodes
        The layer of nodes.
    imbalance
        Largest imbalance of each in any step, kW. Shape [n].
    """
    open_ = np.flatnonzero(imbalance > NODE_TOLERANCE)
    if not open_.size:
        return []
    worst = open_[np.argsort(-imbalance[open_])]
    return [
        Problem(
            "warning",
            "balance.node",
            _(
                "Power does not balance at {count} nodes; the worst is '{node}' with "
                "{value:.3g} kW.",
                count=open_.size,
                node=nodes.ids[worst[0]],
                value=float(imbalance[worst[0]]),
            ),
            _("Look at what hangs at these nodes, and at switches that part them from the grid."),
            source=nodes.source,
            layer=nodes.id,
            element_ids=tuple(str(one) for one in nodes.ids[worst[:MOST_NAMED]]),
        )
    ]


def at_limits(
    district: "District", arrays: Mapping[tuple[str, str], npt.NDArray[np.float32]]
) -> list[Problem]:
    """Name the generators that cannot hold their voltage in some step.

    Parameters
    ----------
    district
        The network.
    arrays
        Results by layer and quantity.
    """
    gens, control = district.gens.layer, district.control
    if gens is None or control is None or (gens.id, "reactive_power") not in arrays:
        return []
    reactive = arrays[gens.id, "reactive_power"][:, control.gen]
    with np.errstate(invalid="ignore"):
        room = NODE_TOLERANCE + np.abs(reactive) * 1e-6  # as held in float32
        reached = (reactive >= control.q_max - room) | (reactive <= control.q_min + room)
    names = gens.ids[control.gen[reached.any(axis=0)]]
    if not len(names):
        return []
    message = _(
        "{count} generators reach a limit of their reactive power in {steps} of {all} steps, first "
        "'{first}'; there their voltage is not held.",
        count=len(names),
        steps=int(reached.any(axis=1).sum()),
        all=len(reached),
        first=names[0],
    )
    ids = tuple(str(one) for one in names[:MOST_NAMED])
    return [Problem("info", "voltage.limit", message, "", gens.source, gens.id, ids)]


def out_of_reach(
    district: "District",
    arrays: Mapping[tuple[str, str], npt.NDArray[np.float32]],
    failed: npt.NDArray[np.bool_],
    begin: int,
) -> list[Problem]:
    """Say which generators leave an unsolved step without a solution by their limits.

    Parameters
    ----------
    district
        The network.
    arrays
        Results by layer and quantity, of all steps that were computed.
    failed
        Which of them have no solution. Shape (count,).
    begin
        The first of them, on the district's axis.
    """
    gens, stores = district.gens.layer, district.stores.layer
    if gens is None or district.control is None or not failed.any():
        return []
    from twinview.energy.unlimited import beyond_limits  # the solver, needed here alone

    first = int(np.argmax(failed))
    power = np.zeros((1, 0)) if stores is None else arrays[stores.id, "power"][first : first + 1]
    one = range(begin + first, begin + first + 1)
    beyond = beyond_limits(district, one, np.nan_to_num(power).astype(np.float64))
    if beyond is None:
        return []
    names = gens.ids[district.control.gen[beyond != 0]]
    worst = int(np.argmax(np.abs(beyond)))
    said = {
        "count": len(names),
        "worst": gens.ids[district.control.gen[worst]],
        "value": f"{abs(beyond[worst]):.4g}",
    }
    ids = tuple(str(one) for one in names[:MOST_NAMED])
    return [_too_narrow(gens, ids, said, taking=bool(beyond[worst] < 0))]


def _too_narrow(
    gens: Layer, ids: tuple[str, ...], said: Mapping[str, object], *, taking: bool
) -> Problem:
    """Say that limits of reactive power leave no solution."""
    message = (
        _(
            "No voltages fit the generators' limits of reactive power: to hold theirs, {count} "
            "generators would have to leave them; '{worst}' would have to take {value} kvar more "
            "than it may.",
            **said,
        )
        if taking
        else _(
            "No voltages fit the generators' limits of reactive power: to hold theirs, {count} "
            "generators would have to leave them; '{worst}' would have to give {value} kvar more "
            "than it may.",
            **said,
        )
    )
    fix = _("Check 'q_min_var' and 'q_max_var', or switch reactors, capacitors or idle lines.")
    return Problem("warning", "voltage.limits_too_narrow", message, fix, gens.source, gens.id, ids)


def open_balance(balance: Balance, axis: TimeAxis, network: str = "") -> list[Problem]:
    """Name the steps whose balance does not close.

    Parameters
    ----------
    balance
        Terms of each step; those of a district without an electrical grid are empty.
    axis
        The steps.
    network
        Title of the network, where there are several.
    """
    found = []
    energy, carbon = (_("energy"), _("carbon")) if not network else (
        _("energy of {network}", network=network), _("carbon of {network}", network=network)
    )  # fmt: skip
    for title, terms, sources in (
        (energy, balance.energy, ("import", "generation", "storage_out")),
        (carbon, balance.carbon, ("import", "generation", "arrived")),
    ):
        if not terms:
            continue
        turnover = np.sum([terms[name] for name in sources if name in terms], axis=0)
        with np.errstate(invalid="ignore"):
            open_ = np.flatnonzero(
                np.abs(terms["residual"]) > TOLERANCE * np.maximum(turnover, 1e-9) + 1e-6
            )
        if open_.size:
            worst = int(open_[np.argmax(np.abs(terms["residual"][open_]))])
            found.append(
                Problem(
                    "warning",
                    "balance.open",
                    _(
                        "The {what} balance does not close in {count} steps; the worst is "
                        "{instant} with {value:.3g}.",
                        what=title,
                        count=open_.size,
                        instant=format_instant(axis.start + worst * axis.step, axis.tz),
                        value=float(terms["residual"][worst]),
                    ),
                    _("Look for loads or generators at nodes without supply."),
                )
            )
    return found


def unsolved(converged: npt.NDArray[np.bool_], axis: TimeAxis) -> list[Problem]:
    """Name the steps for which the power flow has no solution."""
    failed = np.flatnonzero(~converged)
    if not failed.size:
        return []
    first = format_instant(axis.start + int(failed[0]) * axis.step, axis.tz)
    said = (
        _("The power flow has no solution; the network is drawn as not converged.")
        if axis.static
        else _(
            "The power flow has no solution in {count} steps, first {instant}; they are "
            "drawn as not converged.",
            count=failed.size,
            instant=first,
        )
    )
    return [
        Problem(
            "error",
            "powerflow.not_converged",
            said,
            _("Look for loads far beyond what their lines can carry."),
        )
    ]
