"""What is said where values of dwellings become private, and what may be changed then."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.changing import chosen
from twinview.model.grouped import Groups
from twinview.model.join import Join, apply
from twinview.model.part import Table
from twinview.model.problem import CommandError, Problem
from twinview.model.quantities import quantities
from twinview.model.scenario import AddCharger, AddPv, AddStorage, Change, Factor, Scale, Set
from twinview.model.twin import Layer, Twin, power_grid
from twinview.scene.columns import GUARDED
from twinview.scene.metered import USERS, looks_metered, metered
from twinview.scene.private import LEAST, OPEN

if TYPE_CHECKING:
    from twinview.session.store import State


def guess_said(twin: Twin, private_group: int | None) -> list[Problem]:
    """Say that values are taken for metered because of their looks, and what to do about it.

    Parameters
    ----------
    twin
        The base case.
    private_group
        Dwellings that a group must have, as the project says; None where it says nothing.
    """
    found = metered(twin) if private_group is None else None
    if found is None or not found.guessed:
        return []
    text = _(
        "The curves of '{layer}' differ from dwelling to dwelling, as metered ones do, or did so "
        "before: values are shown and exported for groups of at least {least} dwellings.",
        layer=_(twin.layers[found.layer].title), least=LEAST,
    )  # fmt: skip
    fix = _(
        "If nobody metered them, say so with 'How a file is read...' (origin=modelled or "
        "origin=given), or set the size of groups with 'Values of single dwellings...' "
        "(project.privacy)."
    )
    return [Problem("info", "private.guessed", text, fix, layer=found.layer)]


def keeps_back(state: "State", join: Join, table: Table, layer: Layer) -> bool:
    """Tell whether numbers of a table would be kept back once they are joined.

    Parameters
    ----------
    state
        What is open.
    join, table, layer
        What would be joined.
    """
    least = state.project.private_group
    if layer.kind not in GUARDED or join.quantity in OPEN or least in (0, 1):
        return False
    if least is not None or state.twin.groups or table.origin == "measured":
        return True
    if join.quantity not in quantities():
        return True
    try:
        series, _problems = apply(join, table, layer)
    except ValueError:  # a unit that does not fit: nobody knows yet what it is
        return True
    return layer.kind in USERS and looks_metered(state.base, layer, series)


# ----------------------------------------------------------------------------------------- changes
_BRANCHES = frozenset({"line", "transformer", "pipe"})
"""Kinds of layers of which some elements run between the dwellings of a group."""
_NAMED = 12
"""Elements that a sentence names."""


def check_change(twin: Twin, change: Change) -> None:
    """Refuse a change of single dwellings: what it changes in the whole would tell their values.

    Parameters
    ----------
    twin
        As it is shown (`twinview.scene.private.veiled`).
    change
        To be made.

    Raises
    ------
    CommandError
        The change takes in a part of a group; the sentence names the rest of it.
    """
    ids = tuple(getattr(change, "at", getattr(change, "ids", ())))
    if not twin.groups or not ids:
        return
    for layer in _touched(twin, change):
        rows, _gone = chosen(layer, ids)
        groups = twin.groups.get(layer.id)
        if groups is None or not groups.inside[rows].any():
            continue
        if layer.kind not in GUARDED:
            first = layer.id_at(int(rows[groups.inside[rows]][0]))
            raise CommandError(
                _("Values of single dwellings are private, and '{id}' lies between dwellings of a "
                  "group: it is not changed alone. Open the values with 'project.privacy 0' first.",
                  id=first)
            )  # fmt: skip
        _check_whole(layer, groups, rows)


def _touched(twin: Twin, change: Change) -> list[Layer]:
    """Return the layers of which a change takes in elements that it names."""
    kinds: frozenset[str] = _BRANCHES
    if isinstance(change, AddPv | AddStorage | AddCharger):
        kinds = frozenset(USERS)
    elif isinstance(change, Factor):
        kinds = frozenset({"generator"})
    elif isinstance(change, Scale | Set):
        grid = power_grid(twin)
        name = twin.layers.get(change.layer) or twin.layers.get(
            grid.tables.get(change.layer, "") if grid else ""
        )
        if name is not None and (name.kind in GUARDED or name.kind in _BRANCHES):
            return [name]
        kinds = frozenset(USERS)  # whose elements hang at nodes that it names
    return [one for one in twin.layers.values() if one.kind in kinds]


def _check_whole(layer: Layer, groups: Groups, rows: npt.NDArray[np.int64]) -> None:
    """Refuse rows that are a part of a group, or one of too few dwellings."""
    mine = np.unique(groups.of[rows])
    mine = mine[mine >= 0]
    if groups.few[mine].any():
        raise CommandError(
            _("Values of single dwellings are private, and fewer than {least} of a group have "
              "what you change in '{layer}'. Name no element to change all of them, or open the "
              "values with 'project.privacy 0' first.", least=groups.least, layer=layer.id)
        )  # fmt: skip
    left = np.setdiff1d(np.flatnonzero(np.isin(groups.of, mine)), rows)
    if not left.size:
        return
    names = ", ".join(layer.id_at(int(row)) for row in left[:_NAMED])
    if left.size > _NAMED:
        names = _("{shown} and {count} more", shown=names, count=left.size - _NAMED)
    raise CommandError(
        _("Values of single dwellings are private: a change takes in whole groups. Name the others "
          "of the group too ({ids}), or open the values with 'project.privacy 0' first.", ids=names)
    )  # fmt: skip
