"""Values that are missing: a step that lacks one is not computed, and says which.

A missing meter value is neither zero nor "as before": it never reaches a solver. The step has no
results (NaN in all of them, like a step without solution), the others are computed as ever. Stores
rest in such a step, for what they would do is not known either: nothing is charged or discharged,
and only their standing losses go on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from twinview.energy.arrays import Bools, Floats, Ints
from twinview.energy.balance import Balance
from twinview.energy.batch import Flow
from twinview.model.twin import Layer


@dataclass(frozen=True, eq=False)
class Gap:
    """Elements of one layer that lack a value in some step of a run.

    Parameters
    ----------
    layer
        Id of the layer.
    rows, ids
        Their rows in it, and their ids. Shape [m].
    holes
        Where the value is missing. Shape [T, m].
    """

    layer: str
    rows: Ints
    ids: tuple[str, ...]
    holes: Bools


def gaps_in(layer: Layer | None, values: Floats, rows: Ints | None = None) -> tuple[Gap, ...]:
    """Return what is missing in a table of values; nothing where all is there.

    Parameters
    ----------
    layer
        Layer of the elements; None where they have none, and so no values either.
    values
        Shape [T, d].
    rows
        Row of each column in the layer; None where they are its first ones.
    """
    holes = np.isnan(values)
    some = np.flatnonzero(holes.any(axis=0))
    if layer is None or not some.size:
        return ()
    where = some if rows is None else rows[some]
    return (Gap(layer.id, where, tuple(str(one) for one in layer.ids[where]), holes[:, some]),)


def lacking(gaps: Iterable[Gap], steps: int) -> Bools:
    """Tell in which steps anything is missing. [T].

    Parameters
    ----------
    gaps
        What is missing.
    steps
        Length of the run.
    """
    found = np.zeros(steps, dtype=np.bool_)
    for gap in gaps:
        found |= gap.holes.any(axis=1)
    return found


def spread(flow: Flow, known: Bools) -> Flow:
    """Return the flows of some steps as those of all; the others have none.

    Parameters
    ----------
    flow
        Flows of the known steps.
    known
        Which of all steps they are. Shape [T].
    """
    if known.all():
        return flow
    converged = np.zeros(known.size, dtype=np.bool_)
    converged[known] = flow.converged
    wide: dict[str, Any] = {
        one.name: widened(getattr(flow, one.name), known)
        for one in fields(Flow)
        if one.name not in {"converged", "energized"}
    }
    return replace(flow, **wide, converged=converged)


def widened(values: Floats, known: Bools) -> Floats:
    """Return rows of known steps among those of all, NaN in the others."""
    wide = np.full((known.size, *values.shape[1:]), np.nan)
    wide[known] = values
    return wide


def blanked(values: Floats, known: Bools) -> Floats:
    """Return values with NaN in the steps that are not known.

    Parameters
    ----------
    values
        Shape [T] or [T, n].
    known
        Shape [T].
    """
    if known.all():
        return values
    return np.where(known.reshape(-1, *[1] * (values.ndim - 1)), values, np.nan)


def blank_balance(balance: Balance, known: Bools) -> Balance:
    """Return a balance without the terms of steps that are not known.

    Parameters
    ----------
    balance, known
        Terms of each step, and which are known. Shape [T].
    """
    return Balance(*({name: blanked(values, known) for name, values in terms.items()}
                     for terms in (balance.energy, balance.carbon)))  # fmt: skip
