"""What may be said of numbers that are those of a group, or made of such."""

from dataclasses import replace

import numpy as np

from twinview.i18n import _
from twinview.model.quantities import quantities
from twinview.scene.numbers import number
from twinview.scene.private import ENERGIES, group_words, groups_for, lost
from twinview.session.why.asked import Asked
from twinview.session.why.derivation import Input, Parts, exact

_TELLING = frozenset({
    "building", "load", "node", "line", "link", "transformer", "pipe", "return_pipe", "valve",
})  # fmt: skip
"""Kinds whose derivations name what single elements draw."""


def is_grouped(asked: Asked) -> bool:
    """Tell whether a number is that of a group of dwellings."""
    found = groups_for(asked.twin, asked.layer_id, asked.quantity)
    return found is not None and bool(found.inside[asked.row])


def words_of_group(asked: Asked, value: float) -> str:
    """Say whose mean a number is, or that it is kept back; empty for one's own.

    Parameters
    ----------
    asked, value
        The question, and the number that is shown; NaN for none.
    """
    if not is_grouped(asked):
        return ""
    twin, place, row = asked.through, asked.layer_id, asked.row
    key = (place, asked.quantity, asked.view.scenario)
    return group_words(twin, place, asked.quantity, row, value, lost(twin, key, row, asked.step))


def of_group_made(asked: Asked, parts: Parts) -> Parts:
    """Explain what is made of the means of a group, by its formula alone."""
    return Parts(parts.place, parts.formula, lines=(words_of_group(asked, 0.0),))


def of_group(asked: Asked) -> Parts:
    """Explain the mean of a group by the group; the values of its members stay unsaid."""
    found = groups_for(asked.twin, asked.layer_id, asked.quantity)
    assert found is not None
    value = asked.of(asked.quantity)
    words = words_of_group(asked, value)
    if asked.quantity in ENERGIES and np.isfinite(value):  # parts would tell of single houses
        return Parts("privacy-and-limits#dwellings", "e = Σ e_i P_i / Σ P_i", result=value,
                     lines=(words,))  # fmt: skip
    known = asked.all_of(asked.layer_id, asked.quantity)
    if known is None or not found.held.any() or np.isnan(value):
        return Parts("privacy-and-limits#dwellings", lines=(words or _("No data"),))
    mine = known[found.members(asked.row)]
    mine = mine[np.isfinite(mine)]
    unit = _unit(asked)
    inputs = (
        Input(_("Sum of the group"), float(mine.sum()), unit),
        Input(_("Buildings of the group with a value"), float(mine.size), ""),
    )
    worked = f"{exact(float(mine.sum()), unit)} / {number(mine.size)} = {exact(value, unit)}"
    return Parts("privacy-and-limits#dwellings", "x = Σ x_i / n", worked, value, (words,), inputs)


def _unit(asked: Asked) -> str:
    known = quantities().get(asked.quantity)
    return known.unit if known else ""


def guarded(asked: Asked, parts: Parts) -> Parts:
    """Return an explanation without what would tell the values of single dwellings."""
    if not asked.twin.groups:
        return parts
    if asked.kind in _TELLING:
        if not (parts.inputs or parts.worked):
            return parts
        text = _("Inputs are withheld: they would tell what single dwellings use.")
        return replace(parts, inputs=(), worked="", lines=(*parts.lines, text))
    kept = tuple(one for one in parts.inputs if _open(asked, one))
    return parts if len(kept) == len(parts.inputs) else replace(parts, inputs=kept, worked="")


def _open(asked: Asked, one: Input) -> bool:
    """Tell whether an input is the value of an element that may be shown alone."""
    if one.about is None:
        return True
    layer = asked.twin.layers.get(one.about.layer)
    if layer is None:
        return True
    found = groups_for(asked.twin, layer.id, one.about.quantity)
    return found is None or not found.inside[layer.row_of[one.about.element]]
