"""Numbers of the district in panes that stand side by side, and what they differ by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from twinview.i18n import _
from twinview.model.twin import DISTRICT
from twinview.scene.aggregation import on_the_way, seen, unit_of
from twinview.scene.paint import Scene
from twinview.scene.panes import Shown, compared_to
from twinview.scene.resolve import total
from twinview.scene.styling import carrying
from twinview.scene.subtracting import ADDED, Subtracted, subtracted

TOTALS = (("load", "kW"), ("emission", "kg/h"), ("carbon_intensity", "g/kWh"),
          ("heat_consumption", "kW"), ("cooling_consumption", "kW"), ("gas_consumption", "kW"),
          )  # fmt: skip
"""Numbers of the district that are compared, with their units at an instant."""


@dataclass(frozen=True)
class Totals:
    """A number of the district in each pane.

    Parameters
    ----------
    label, unit
        What it is.
    values
        One for each pane; of a difference that of its two numbers, NaN where there is none.
    changes
        What each differs by from the first; NaN for that one, and for differences.
    left
        Elements that are in neither kind of difference, because they have a value on one side only;
        one number for each pane, none where sums of elements are not compared.
    quantity
        Id of the district's number; empty for the sum of what the picture shows.
    """

    label: str
    unit: str
    values: tuple[float, ...]
    changes: tuple[float, ...]
    left: tuple[int, ...] = ()
    quantity: str = ""


def totals(panes: Sequence[Shown]) -> list[Totals]:
    """Return the numbers of the district in each pane, and what they differ by from the first.

    Which they are depends on the cases and not on the instant: the table stays as time runs.
    """
    whole = _summed(panes)
    rows = {what: _row(panes, what, unit) for what, unit in TOTALS if _known(panes, what)}
    if whole is None or any(_whole_of(one) in rows for one in panes):
        return [*rows.values()]
    return [whole, *rows.values()]


def _known(panes: Sequence[Shown], quantity: str) -> bool:
    """Tell whether any case has a quantity of the district, whatever it is now."""
    return any(
        on_the_way(seen(one.twin, one.view), one.view).find(DISTRICT, quantity, one.view.scenario)
        is not None
        for one in panes
    )


def _whole_of(one: Shown) -> str:
    """Return of what quantity all is in a picture of values; empty where elements are left out."""
    told = [] if one.scene is None or one.pane.difference else [*one.scene.paints.values()]
    some = [paint for paint in told if paint.quantity]
    return some[0].quantity if some and not any(paint.out is not None for paint in some) else ""


def _row(panes: Sequence[Shown], quantity: str, unit: str) -> Totals:
    labels = {
        "load": _("load"), "emission": _("emission"), "carbon_intensity": _("intensity"),
        "heat_consumption": _("heat"), "cooling_consumption": _("cooling"),
        "gas_consumption": _("gas"),
    }  # fmt: skip
    values = []
    for one in panes:
        through = on_the_way(seen(one.twin, one.view), one.view)
        series = through.find(DISTRICT, quantity, one.view.scenario)
        there = series is not None and (one.scene is not None or one.pane.difference)
        values.append(total(through, quantity, one.view) if there else float("nan"))
        unit = unit if series is None else unit_of(series, unit)
    return replace(_compared(panes, labels[quantity], unit, values), quantity=quantity)


def _summed(panes: Sequence[Shown]) -> Totals | None:
    """Return what the elements that are coloured add up to; None where that means nothing."""
    legend = next((one.scene.legend for one in panes if one.scene and not one.pane.difference),
                  None)  # fmt: skip
    if legend is None or legend.unit not in ADDED:
        return None
    wishes, nothing = [one.pane for one in panes], float("nan")
    of = [panes[compared_to(wishes, k)] if one.pane.difference else one
          for k, one in enumerate(panes)]  # fmt: skip
    less = [_less(one, panes[0]) for one in of]
    values, changes = [], []
    for one, found in zip(panes, less, strict=True):
        total = nothing if found is None else found.total
        alone = one.pane.difference or one is panes[0]
        own = nothing if one.scene is None else shown_sum(one.scene)
        values.append(total if one.pane.difference else own)
        changes.append(nothing if alone else total)
    title = _("{what} in the picture", what=legend.title)
    left = tuple(0 if found is None else found.left for found in less)
    return Totals(title, legend.unit, tuple(values), tuple(changes), left)


def _less(one: Shown, first: Shown) -> Subtracted | None:
    """Return what a pane's elements differ by from the first one's, in all."""
    if one.scene is None or first.scene is None:
        return None
    b, a = (((list(scene.paints.values()), scene.legend), shown.twin.layers)
            for shown, scene in ((one, one.scene), (first, first.scene)))  # fmt: skip
    return subtracted(b, a)


def shown_sum(scene: Scene) -> float:
    """Return what all values with a colour of the legend add up to."""
    paints = list(scene.paints.values())
    some = [paints[k].values[known] for k, known in carrying(paints, scene.legend)]
    return float(np.concatenate([np.empty(0), *some]).sum(dtype=np.float64))


def _compared(panes: Sequence[Shown], label: str, unit: str, values: Sequence[float]) -> Totals:
    nothing = float("nan")
    found = [v - values[0] if one.pane.difference else v
             for one, v in zip(panes, values, strict=True)]  # fmt: skip
    changes = [
        nothing if k == 0 or one.pane.difference else values[k] - values[0]
        for k, one in enumerate(panes)
    ]
    return Totals(label, unit, tuple(found), tuple(changes))
