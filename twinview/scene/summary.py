"""What several selected elements have in common, in numbers: counts, sums and means with units."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import N_, _
from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin
from twinview.scene.aggregation import WEIGHTS, own_unit
from twinview.scene.numbers import number
from twinview.scene.paint import State
from twinview.scene.painting import NOTHING, Beside
from twinview.scene.parts import row
from twinview.scene.private import groups_for, whole
from twinview.scene.resolve import spoken
from twinview.scene.shown import Shown, of_paint
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


@dataclass(frozen=True, eq=False)
class Members:
    """The elements that enter a summary.

    Parameters
    ----------
    rows, values
        Of the layer, and what each gives. Shape (k,).
    weights
        What the values are weighted by; None where they are not. Shape (k,).
    over
        How the values came about, in words: over a window, as a difference; empty for an instant.
    """

    rows: Rows
    values: npt.NDArray[np.float64]
    weights: npt.NDArray[np.float64] | None
    over: str


def summaries(
    twin: Twin, view: View, selected: Mapping[str, Rows], beside: Beside = NOTHING
) -> tuple[Summary, ...]:
    """Return the shown quantity of each selected layer, then the other quantities of its elements.

    Parameters
    ----------
    twin, view, beside
        The district, the instant, and the cases that a difference may be taken from.
    selected
        Rows by layer, those that count (`twinview.session.selected.chosen`).
    beside
        Styles, and the cases that a difference may be taken from.
    """
    made = []
    through, (painted, _legend) = spoken(twin, view, beside)
    for layer_id, rows in selected.items():
        layer = twin.layers[layer_id]
        now = of_paint(twin, layer, next((one for one in painted if one.layer == layer_id), None))
        if now.quantity in quantities():
            made.append(_summary(through, view, layer, rows, now)[0])
        for quantity in _others(twin, layer, now.quantity):
            other = _other(through, view, layer, quantity)
            made.append(_summary(through, view, layer, rows, other)[0])
    return tuple(made)


def members(
    twin: Twin,
    view: View,
    layer: Layer,
    rows: Rows,
    quantity: str,
    beside: Beside = NOTHING,
    how: str = "",
) -> tuple[Summary, Members]:
    """Return one of the `summaries`, and the elements that enter it.

    Parameters
    ----------
    twin, view, layer, rows, quantity, beside
        Of what.
    how
        One of `HOWS`; by default the way that fits the quantity.
    """
    through, now = shown_of(twin, view, layer, quantity, beside)
    return _summary(through, view, layer, rows, now, how)


def shown_of(
    twin: Twin, view: View, layer: Layer, quantity: str, beside: Beside = NOTHING
) -> tuple[Twin, Shown]:
    """Return a quantity of all elements of a layer, as the map shows it where it does.

    With it comes the twin that it was read from: as seen through the window of the view.
    """
    through, (painted, _legend) = spoken(twin, view, beside)
    now = of_paint(twin, layer, next((one for one in painted if one.layer == layer.id), None))
    return through, now if now.quantity == quantity else _other(through, view, layer, quantity)


def _other(through: Twin, view: View, layer: Layer, quantity: str) -> Shown:
    """Return a quantity that the map does not show."""
    values, states = row(through, layer, quantity, view)
    series = through.find(layer.id, quantity, view.scenario)
    unit = own_unit(series) if series is not None else ""
    none = np.zeros(len(layer), np.bool_)
    return Shown(layer.id, quantity, unit or quantities()[quantity].unit, values, states,
                 none, none)  # fmt: skip


def _others(twin: Twin, layer: Layer, but: str) -> list[str]:
    found = {q for owner, q, _case in twin.series if owner == layer.id and q != but}
    return [one for one in quantities() if one in found]


def _summary(
    twin: Twin, view: View, layer: Layer, rows: Rows, now: Shown, how: str = ""
) -> tuple[Summary, Members]:
    values = np.where(now.known, now.values, np.nan)[rows].astype(np.float64)
    kept = whole(groups_for(twin, layer.id, now.quantity), rows, values)
    good = kept & np.isfinite(values)
    # Weights would tell how two neighbours' uses compare: where those are private, none are used.
    weighted = groups_for(twin, layer.id, "consumption") is None
    weight = _weight(twin, layer, now, view) if weighted else None
    mine = None if weight is None else weight[rows[good]]
    inside = Members(rows[good], values[good], mine, now.over)
    how = how or _way(layer, inside, now)
    value = _together(how, inside)
    states = now.states[rows]
    made = Summary(
        layer.id, now.quantity, now.unit, how, value, len(rows), int(good.sum()),
        int((~kept & np.isfinite(values)).sum()),
        bool(len(states)) and bool((states == State.PENDING).all()),
        bool((states[good] == State.ESTIMATED).any()),
    )  # fmt: skip
    return made, inside if how == "weighted" else replace(inside, weights=None)


def _weight(twin: Twin, layer: Layer, now: Shown, view: View) -> npt.NDArray[np.float64] | None:
    """Return what a share or intensity is weighted by, None where nothing is known for that."""
    for name in WEIGHTS.get(now.quantity, ()):
        if twin.find(layer.id, name, view.scenario) is not None:
            values, _states = row(twin, layer, name, view)
            return np.maximum(np.nan_to_num(values.astype(np.float64)), 0.0)
    return None


def _way(layer: Layer, inside: Members, now: Shown) -> str:
    """Return how the numbers of a layer's elements are put together."""
    if layer.kind in _BRANCHES and inside.values.size:
        return "largest"
    if now.sums:
        return "sum"
    return "weighted" if inside.weights is not None and inside.weights.sum() > 0 else "mean"


def _together(how: str, inside: Members) -> float:
    """Return what numbers put together in a way are; NaN for none."""
    values, weights = inside.values, inside.weights
    if not values.size:
        return float("nan")
    if how == "largest":
        return float(values[np.argmax(np.abs(values))])
    if how == "weighted" and weights is not None and weights.sum() > 0:
        return float((values * weights).sum() / weights.sum())
    return float(values.sum() if how == "sum" else values.mean())


def counted(one: Summary) -> str:
    """Return how many of the elements a number is made of, and what became of the others."""
    parts = [_("{known} of {count}", known=number(one.known), count=number(one.count))]
    lost = one.count - one.known - one.withheld
    if lost:
        parts.append(_("{count} without data", count=number(lost)))
    if one.withheld:
        parts.append(
            _("{count} withheld: single dwellings are private", count=number(one.withheld))
        )
    return " · ".join(parts)
