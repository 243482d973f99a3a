"""What does not balance at each node, by name: the red residual of the map.

At every bus injections, discharge, loads, charging and what flows into its branches add up to zero
where data and power flow agree. What is left is shown where it arises; a sum over the network would
let errors of opposite sign hide each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from twinview.energy.arrays import Floats
from twinview.energy.flows import Case, incidence
from twinview.energy.pipes import PipeFlow
from twinview.energy.tracing import Tracing
from twinview.i18n import _
from twinview.model.problem import Problem

TOLERANCE = 1e-3
"""Share of the throughput of a node below which an imbalance is rounding, not an error."""


def node_residual(flows: Tracing | Case | PipeFlow) -> Floats:
    """Return what comes in less what goes out at each node, in the unit of the power.

    Parameters
    ----------
    flows
        A tracing or its case, or flows in pipes.

    Returns
    -------
    Floats
        Positive where power vanishes, negative where it appears; NaN in steps without flows. Shape
        [T, n].
    """
    if isinstance(flows, PipeFlow):
        return flows.residual()
    case = flows.case if isinstance(flows, Tracing) else flows
    at = incidence(case)
    left = at.gens @ case.gen_power.T - at.loads @ case.load_power.T
    left = left - at.stores @ case.store_power.T
    left = left - at.starts @ case.p_from.T - at.ends @ case.p_to.T
    failed = ~np.isfinite(case.p_from).all(axis=1)
    residual = np.asarray(left.T, dtype=np.float64)
    residual[failed] = np.nan
    return residual


def node_throughput(case: Case) -> Floats:
    """Return the larger of what comes in and what goes out at each node. Shape [T, n].

    Parameters
    ----------
    case
        Flows.
    """
    at = incidence(case)
    coming, going = at.gens @ case.gen_power.T, at.loads @ case.load_power.T
    for table, ends in ((case.p_from, at.starts), (case.p_to, at.ends)):
        going = going + ends @ np.maximum(table, 0.0).T
        coming = coming + ends @ np.maximum(-table, 0.0).T
    going = going + at.stores @ np.maximum(case.store_power, 0.0).T
    coming = coming + at.stores @ np.maximum(-case.store_power, 0.0).T
    return np.asarray(np.maximum(coming, going).T, dtype=np.float64)


@dataclass(frozen=True)
class Worst:
    """A node that does not balance.

    Parameters
    ----------
    node, name
        Its number, and its name.
    step
        Where it is worst.
    residual
        There, with its sign, in the unit of the power.
    energy
        Sum of the sizes of its residuals over all steps, times the length of a step.
    """

    node: int
    name: str
    step: int
    residual: float
    energy: float


def worst_nodes(
    residual: Floats, *, names: Sequence[str] | None = None, most: int = 5, step_hours: float = 1.0
) -> tuple[Worst, ...]:
    """Return the nodes with the largest residuals, the worst first; none where all is zero.

    Parameters
    ----------
    residual
        Of `node_residual`. Shape [T, n].
    names
        Of the nodes.
    most
        How many.
    step_hours
        Length of a step.
    """
    size = np.nan_to_num(np.abs(residual))
    if not size.size:
        return ()
    top, step = size.max(axis=0), size.argmax(axis=0)
    order = np.argsort(-top, kind="stable")[:most]
    return tuple(
        Worst(
            int(node),
            str(node) if names is None else names[int(node)],
            int(step[node]),
            float(residual[step[node], node]),
            float(size[:, node].sum()) * step_hours,
        )
        for node in order.tolist()
        if top[node] > 0
    )


def check_nodes(
    case: Case,
    *,
    names: Sequence[str] | None = None,
    layer: str = "",
    unit: str = "kW",
    tolerance: float = TOLERANCE,
) -> tuple[Problem, ...]:
    """Say which nodes do not balance, the worst by name.

    Parameters
    ----------
    case
        Flows.
    names, layer
        Of the nodes, and of their layer.
    unit
        Of the power, for the sentence.
    tolerance
        Share of a node's throughput that is let pass.
    """
    residual, through = node_residual(case), node_throughput(case)
    size = np.nan_to_num(np.abs(residual))
    # A node below a billionth of the largest throughput has nothing that could be out of balance.
    floor = np.nan_to_num(through).max(initial=0.0) * 1e-9
    open_nodes = (size > np.maximum(tolerance * np.nan_to_num(through), floor)).any(axis=0)
    if not open_nodes.any():
        return ()
    (worst,) = worst_nodes(np.where(open_nodes, residual, 0.0), names=names, most=1)
    titles = [str(i) if names is None else names[i] for i in np.flatnonzero(open_nodes).tolist()]
    return (
        Problem(
            "warning",
            "balance.node",
            _("{count} nodes do not balance; the worst is {name} with {power} {unit} in step "
              "{step}.",
              count=len(titles), name=worst.name, power=f"{worst.residual:.4g}", unit=unit,
              step=worst.step),
            _("Check loads and generation there, and the flows of its branches."),
            layer=layer,
            element_ids=tuple(titles[:1000]),
        ),
    )  # fmt: skip
