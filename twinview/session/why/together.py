"""Why the number of several selected elements is what it is: what each of them gives to it."""

import numpy as np

from twinview.i18n import N_, _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.model.time import format_instant
from twinview.scene.aggregation import window_text
from twinview.scene.numbers import number
from twinview.scene.private import grouped
from twinview.scene.selecting import rows_of
from twinview.scene.sifting import SELECTED
from twinview.scene.summary import HOWS, Members, Summary, counted, members
from twinview.scene.words import named, quantity_title, value_text
from twinview.session.store import State
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Derivation, Input, Key, Parts, exact

MOST = 10
"""Elements that are named one by one."""
PLACE = "start#why"
FORMULAS = {
    "sum": "x = Σ x_i",
    "mean": "x = Σ x_i / n",
    "weighted": "x = Σ x_i · w_i / Σ w_i",
    "largest": "|x| = max |x_i|",
}
ORIGIN = N_("put together from what is listed below")


def is_selection(state: State, layer: str, element: str) -> bool:
    """Tell whether the selected elements of a layer are meant, not one of that name."""
    found = state.twin.layers.get(layer)
    return found is not None and element == SELECTED and element not in found.row_of


def of_selection(asked: Asked) -> Derivation:
    """Return what the number of the selected elements of a layer is made of.

    Parameters
    ----------
    asked
        Whose row does not matter.

    Raises
    ------
    CommandError
        Nothing of the layer is selected, or it has no such quantity.
    """
    state, quantity = asked.state, asked.quantity
    rows = rows_of(state.twin.layers, state.view.selection).get(asked.layer_id)
    if rows is None or not rows.size:
        raise CommandError(_("Select something first."))
    if quantity not in quantities():
        raise CommandError(_("Elements have no sum of '{quantity}'.", quantity=quantity))
    one, inside = members(state.twin, asked.view, asked.layer, rows, quantity, state.beside)
    title = _(asked.layer.title)
    key = Key(asked.layer_id, SELECTED, quantity, asked.pinned, asked.how, asked.case)
    return Derivation(
        key=key,
        title=f"{quantity_title(quantity)} · {_(HOWS[one.how]).lower()}",
        subject=named(
            title[:1].upper() + title[1:], _("{count} selected", count=number(one.count))
        ),
        value=one.value,
        text=_text(one),
        when=_when(asked),
        origin=_(ORIGIN),
        parts=_parts(asked, one, inside),
        over=asked.windowed,
    )


def _text(one: Summary) -> str:
    if not one.known and one.withheld:
        return _("Withheld")
    return value_text(one.quantity, one.value, one.unit)


def _when(asked: Asked) -> str:
    time = asked.twin.time
    if time.static:
        return _("one instant")
    if not asked.windowed:
        return f"{format_instant(time.seconds(asked.step), time.tz)}, {time.tz}"
    return window_text(time, asked.view.window, asked.step)


def _parts(asked: Asked, one: Summary, inside: Members) -> Parts:
    lines = [_("Of the selected elements enter: {counted}.", counted=counted(one))]
    lines += [inside.over] if inside.over else []
    if not inside.rows.size:
        return Parts(PLACE, FORMULAS[one.how], lines=tuple(lines))
    worked, inputs = _worked(one, inside)
    return Parts(PLACE, FORMULAS[one.how], worked, one.value, tuple(lines), inputs,
                 weighty=_largest(asked, one, inside))  # fmt: skip


def _worked(one: Summary, inside: Members) -> tuple[str, tuple[Input, ...]]:
    values, scale = inside.values, 100.0 if one.unit == "1" else 1.0
    result = exact(one.value * scale, "%" if one.unit == "1" else one.unit)
    count = Input(_("Elements with a value"), float(one.known), "")
    if inside.weights is not None:
        above, below = float((values * inside.weights).sum()), float(inside.weights.sum())
        inputs = (Input(_("Value times use, added up"), above, ""), Input(_("Use"), below, ""))
        return f"{exact(above)} / {exact(below)} = {result}", (*inputs, count)
    if one.how == "mean":
        total = Input(_("Added up"), float(values.sum()), one.unit)
        return f"{exact(total.value)} / {number(one.known)} = {result}", (total, count)
    return f"Σ = {result}" if one.how == "sum" else f"= {result}", (count,)


def _largest(asked: Asked, one: Summary, inside: Members) -> tuple[Input, ...]:
    """Return the elements that give most, each with the way to its own number."""
    weights = np.ones(len(inside.rows)) if inside.weights is None else inside.weights
    shared = grouped(asked.twin, asked.layer, one.quantity)
    order = np.argsort(-np.abs(inside.values * weights), kind="stable")
    made = []
    for k in order[:MOST].tolist():
        at = int(inside.rows[k])
        note = "" if inside.weights is None else f"× {exact(float(weights[k]))}"
        note = _("mean of its group") if shared[at] else note
        name = asked.name(asked.layer_id, at)
        made.append(Input(name, float(inside.values[k]), one.unit, note, _key(asked, at)))
    rest = order[MOST:]
    if rest.size and one.how == "sum":
        left = float(inside.values[rest].sum())
        made.append(Input(_("{count} more together", count=number(int(rest.size))), left, one.unit))
    return tuple(made)


def _key(asked: Asked, row: int) -> Key:
    element = asked.layer.id_at(row)
    return Key(asked.layer_id, element, asked.quantity, asked.pinned, asked.how, asked.case)
