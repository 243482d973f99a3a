"""Why a number of several elements is what it is: what each of them gives to it.

Which elements are meant, and which of their numbers, is asked here; quartiles, bars and counts are
explained by `spread`, months, durations and days by `courses`, sources by `supplied`.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.problem import CommandError
from twinview.model.quantities import quantities
from twinview.scene.numbers import number
from twinview.scene.private import grouped
from twinview.scene.sifting import EVERY, SELECTED
from twinview.scene.summary import HOWS, Members, Summary, counted, members
from twinview.scene.words import quantity_title, value_text
from twinview.session.selected import chosen, within
from twinview.session.store import State
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Derivation, Input, Parts, exact
from twinview.session.why.members import (
    ORIGIN,
    PLACE,
    key_of,
    member_key,
    subject_of,
    view_of,
    when_of,
)

Rows = npt.NDArray[np.int64]
MOST = 10
"""Elements that are named one by one."""
FORMULAS = {
    "sum": "x = Σ x_i",
    "mean": "x = Σ x_i / n",
    "weighted": "x = Σ x_i · w_i / Σ w_i",
    "largest": "|x| = max |x_i|",
}


def is_several(state: State, layer: str, element: str) -> bool:
    """Tell whether elements of a layer are meant together, not one of that name."""
    found = state.twin.layers.get(layer)
    return found is not None and element in {SELECTED, EVERY} and element not in found.row_of


def of_several(asked: Asked) -> Derivation:
    """Return what a number of several elements of a layer is made of.

    Parameters
    ----------
    asked
        Whose row does not matter.

    Raises
    ------
    CommandError
        There are no such elements, or they have no such number.
    """
    if asked.quantity not in quantities():
        raise CommandError(_("Elements have no sum of '{quantity}'.", quantity=asked.quantity))
    rows = _rows(asked)
    name, _sign, rest = asked.figure.partition(":")
    if name in {"", *HOWS}:
        return _put_together(asked, rows, name)
    explain = _others().get(name)
    if explain is None:
        known = ", ".join((*HOWS, *_others()))
        raise CommandError(
            _("There is no figure '{figure}'; there are {known}.", figure=name, known=known)
        )
    return explain(asked, rows, rest)


def _others() -> dict[str, Callable[[Asked, Rows, str], Derivation]]:
    """Return what explains figures that are neither sum nor mean, by name."""
    from twinview.session.why import courses, spread, supplied

    return {**spread.FIGURES, **courses.FIGURES, **supplied.FIGURES}


def _rows(asked: Asked) -> Rows:
    """Return the elements that are meant and seen."""
    state = replace(asked.state, view=view_of(asked))
    if asked.several == EVERY:
        return np.flatnonzero(within(state, asked.layer))
    rows = chosen(state, asked.layer_id).rows.get(asked.layer_id)
    if rows is None or not rows.size:
        raise CommandError(_("Select something first."))
    return rows


def _put_together(asked: Asked, rows: Rows, how: str) -> Derivation:
    one, inside = members(asked.twin, view_of(asked), asked.layer, rows, asked.quantity,
                          asked.state.beside, how)  # fmt: skip
    return Derivation(
        key=key_of(asked),
        title=f"{quantity_title(asked.quantity)} · {_(HOWS[one.how]).lower()}",
        subject=subject_of(asked, one.count),
        value=one.value,
        text=_text(one),
        when=when_of(asked),
        origin=_(ORIGIN),
        parts=_parts(asked, one, inside),
        over=asked.windowed,
    )


def _text(one: Summary) -> str:
    if not one.known and one.withheld:
        return _("Withheld")
    return value_text(one.quantity, one.value, one.unit)


def _parts(asked: Asked, one: Summary, inside: Members) -> Parts:
    said = _("Of the selected elements enter: {counted}.", counted=counted(one))
    if asked.several == EVERY:
        said = _("Of the elements of the layer enter: {counted}.", counted=counted(one))
    lines = [said, *([inside.over] if inside.over else [])]
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
        made.append(Input(name, float(inside.values[k]), one.unit, note, member_key(asked, at)))
    rest = order[MOST:]
    if rest.size and one.how == "sum":
        left = float(inside.values[rest].sum())
        made.append(Input(_("{count} more together", count=number(int(rest.size))), left, one.unit))
    return tuple(made)
