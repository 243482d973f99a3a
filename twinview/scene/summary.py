"""What several selected elements have in common, in numbers: counts, sums and means with units."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import WEIGHTS, own_unit
from twinview.scene.paint import State
from twinview.scene.painting import NOTHING, Beside
from twinview.scene.parts import row
from twinview.scene.private import groups_for, whole
from twinview.scene.resolve import spoken
from twinview.scene.shown import Shown, shown
from twinview.scene.view import View

Rows = npt.NDArray[np.int64]
HOWS = {"sum": N_("Sum"), "mean": N_("Mean"), "weighted": N_("Mean by use"),
        "largest": N_("Largest")}  # fmt: skip
"""Ways of putting numbers together."""
_BRANCHES = frozenset({"line", "pipe", "transformer"})
"""Kinds whose numbers do not add up: what flows through one flows through the next."""


@dataclass(frozen=True)
class Summary:
    """One quantity of several elements.

    Parameters
    ----------
    layer, quantity, unit
        Of what.
    how
        One of `HOWS`.
    value
        NaN where no element has a number, or none may be shown.
    count, known, withheld
        Elements that are selected, that enter the value, and whose values are kept back.
    pending
        Whether it is not computed yet.
    about
        Whether estimates are among them.
    """

    layer: str
    quantity: str
    unit: str
    how: str
    value: float
    count: int
    known: int
    withheld: int
    pending: bool = False
    about: bool = False


def summaries(
    twin: Twin, view: View, selected: Mapping[str, Rows], beside: Beside = NOTHING
) -> tuple[Summary, ...]:
    """Return the shown quantity of each selected layer, then the other quantities of its elements.

    Parameters
    ----------
    twin, view
        The district and the instant.
    selected
        Rows by layer, those that count (`twinview.session.selected.chosen`).
    beside
        Styles, and the cases that a difference may be taken from.
    """
    made = []
    through, _painted = spoken(twin, view, beside)
    for layer_id, rows in selected.items():
        layer = twin.layers[layer_id]
        now = shown(twin, view, layer, beside)
        if now.quantity in quantities():
            made.append(_summary(through, view, layer, rows, now))
        for quantity in _others(twin, layer, now.quantity):
            values, states = row(through, layer, quantity, view)
            series = through.find(layer_id, quantity, view.scenario)
            unit = own_unit(series) if series is not None else ""
            none = np.zeros(len(layer), np.bool_)
            other = Shown(layer_id, quantity, unit or quantities()[quantity].unit, values, states,
                          none, none)  # fmt: skip
            made.append(_summary(through, view, layer, rows, other))
    return tuple(made)


def _others(twin: Twin, layer: Layer, but: str) -> list[str]:
    found = {q for owner, q, _case in twin.series if owner == layer.id and q != but}
    return [one for one in quantities() if one in found]


def _summary(twin: Twin, view: View, layer: Layer, rows: Rows, now: Shown) -> Summary:
    values = np.where(now.known, now.values, np.nan)[rows].astype(np.float64)
    kept = whole(groups_for(twin, layer.id, now.quantity), rows, values)
    good = kept & np.isfinite(values)
    # Weights would tell how two neighbours' uses compare: where those are private, none are used.
    weighted = groups_for(twin, layer.id, "consumption") is None
    how, value = _together(twin, view, layer, rows[good], values[good], now, weighted)
    states = now.states[rows]
    return Summary(
        layer.id, now.quantity, now.unit, how, value, len(rows), int(good.sum()),
        int((~kept & np.isfinite(values)).sum()),
        bool(len(states)) and bool((states == State.PENDING).all()),
        bool((states[good] == State.ESTIMATED).any()),
    )  # fmt: skip


def _weight(twin: Twin, layer: Layer, quantity: str, view: View) -> npt.NDArray[np.float64] | None:
    """Return what a share or intensity is weighted by, None where nothing is known for that."""
    for name in WEIGHTS.get(quantity, ()):
        if twin.find(layer.id, name, view.scenario) is not None:
            values, _states = row(twin, layer, name, view)
            return np.maximum(np.nan_to_num(values.astype(np.float64)), 0.0)
    return None


def _together(
    twin: Twin,
    view: View,
    layer: Layer,
    rows: Rows,
    values: npt.NDArray[np.float64],
    now: Shown,
    weighted: bool,
) -> tuple[str, float]:
    """Return how numbers are put together, and the result."""
    if layer.kind in _BRANCHES and values.size:
        return "largest", float(values[np.argmax(np.abs(values))])
    if now.sums:
        return "sum", float(values.sum()) if values.size else float("nan")
    weight = _weight(twin, layer, now.quantity, view) if weighted else None
    if weight is not None and weight[rows].sum() > 0:
        return "weighted", float((values * weight[rows]).sum() / weight[rows].sum())
    return "mean", float(values.mean()) if values.size else float("nan")
