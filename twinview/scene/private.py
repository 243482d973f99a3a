"""Values of single dwellings: shown only for groups, and so that differences give nothing away.

Dwellings of a layer are put into fixed groups of neighbours, each with at least so many of them. A
twin that is shown holds, in place of their values, the means of the groups (`veiled`): what looks
at it, be it the map, a chart or a file, cannot come by a single value. Only computations ask for
`Twin.exact`. A sum over elements takes in a group whole or not at all. So every sum that anybody
gets is made of whole groups and of values that are open anyway, and so is every difference of such
sums: taking one house in or out of a selection changes nothing, or a whole group. Groups do not
depend on what is selected, on the instant, on the scenario or on what was asked before.
"""

import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from twinview.i18n import _
from twinview.model.blended import Blended
from twinview.model.grouped import Grouped, Groups
from twinview.model.quantities import quantities
from twinview.model.series import Series
from twinview.model.twin import DISTRICT, Layer, Twin
from twinview.scene.columns import GUARDED, tells, without_columns
from twinview.scene.devices import devices, mixed_key
from twinview.scene.grouping import following, groups_of, together
from twinview.scene.hanging import telling, zones
from twinview.scene.metered import USERS, metered
from twinview.scene.paint import Paint, State

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST = 5
"""Dwellings that a group of metered values must have where the project says nothing."""
OPEN = frozenset({
    "pv_potential", "residual", "carbon_residual", "marginal_intensity", "import_intensity",
    "price", "voltage", "supply_temperature", "temperature",
})  # fmt: skip
"""Quantities that say nothing of the people in a house, or of many houses at once."""
ENERGIES = {
    "carbon_intensity": "consumption", "heat_intensity": "heat_consumption",
    "cooling_intensity": "cooling_consumption", "gas_intensity": "gas_consumption",
}  # fmt: skip
"""Energy that an intensity belongs to: a group has all its carbon over all its energy."""
_NOTHING = Groups(np.zeros(1, np.int64), np.zeros(1), 1)
"""Groups of one element that nobody may see."""


def veiled(twin: Twin, least: int | None, base: Twin | None = None) -> Twin:
    """Return the twin as it may be shown: values of single dwellings as means of groups.

    It is the same twin where nothing is kept back; asked again, it is what it was.

    Parameters
    ----------
    twin
        A case, or what this function made of it.
    least
        Dwellings that a group must have, as the project says; None asks for `LEAST` where values
        were metered and for nothing elsewhere, 0 and 1 for nothing.
    base
        The base case, whose groups are those of all cases; None where the twin is it.
    """
    exact = twin.exact
    start = exact if base is None else base.exact
    known = exact.veils.get(least)
    if known is None or known[0]() is not start:
        made = _veiled(exact, start, least)
        # A twin that held itself would stay in memory until somebody looks for circles.
        known = exact.veils[least] = weakref.ref(start), None if made is exact else made
    return known[1] or exact


def _veiled(exact: Twin, base: Twin, least: int | None) -> Twin:
    n = LEAST if least is None and metered(base) else least or 0
    groups = all_groups(base, n) if n > 1 else {}
    if not groups:
        return exact
    groups = {key: _fitting(one, len(exact.layers[key])) if key in exact.layers else one
              for key, one in groups.items()}  # fmt: skip
    groups = devices(exact, groups)
    layers = {key: without_columns(one, groups[key]) if key in groups else one
              for key, one in exact.layers.items()}  # fmt: skip
    made = replace(exact, layers=layers, groups=groups, shown_for=exact)
    series = {key: _grouped(made, key, one) for key, one in exact.series.items()}
    return replace(made, series=series)


def _grouped(twin: Twin, key: tuple[str, str, str], series: Series) -> Series:
    mine = groups_for(twin, key[0], key[1])
    if mine is None:
        return series
    if mine.of.size != series.size:  # of other elements than the layer has: nobody may see it
        mine = Groups(np.zeros(series.size, np.int64), np.zeros(series.size), 1)
        return Grouped(series, mine)
    energy = ENERGIES.get(key[1]) if key[0] != DISTRICT else None
    weights = None if energy is None else twin.exact.find(key[0], energy, key[2])
    return Grouped(series, mine) if weights is None else Blended(series, mine, weights)


def _fitting(groups: Groups, count: int) -> Groups:
    """Return groups of a layer to which a scenario added elements: those are nobody's dwellings."""
    more = count - groups.of.size
    if more <= 0:
        return groups
    of = np.concatenate([groups.of, np.full(more, -1)])
    return Groups(of, np.concatenate([groups.held, np.zeros(more)]), groups.least)


# ------------------------------------------------------------------------------------------ groups
_known: "weakref.WeakKeyDictionary[Twin, dict[int, Mapping[str, Groups]]]" = (
    weakref.WeakKeyDictionary()
)
"""Groups of the base cases that are open."""


def all_groups(twin: Twin, least: int) -> Mapping[str, Groups]:
    """Return the groups of all layers that have any, by layer; reckoned once for a base case.

    Parameters
    ----------
    twin
        The base case.
    least
        Dwellings that a group must have.
    """
    known = _known.setdefault(twin, {})
    if least not in known:
        known[least] = _all_groups(twin, least)
    return known[least]


def _all_groups(twin: Twin, least: int) -> Mapping[str, Groups]:
    buildings, loads = twin.of_kind("building"), twin.of_kind("load")
    every = {one.id: groups_of(one, least, zones(twin, one)) for one in buildings}
    for one in loads:
        every[one.id] = following(one, buildings, every, least, zones(twin, one))
    few = any(groups.few.any() for groups in every.values())
    every |= together(buildings, loads, every, least)
    found = {key: groups for key, groups in every.items() if groups.rows.size}
    if few:
        found[DISTRICT] = _NOTHING  # the whole less what is shown are fewer dwellings than a group
    for key, hidden in telling(twin, found).items():
        found[key] = Groups(np.where(hidden, 0, -1), np.zeros(hidden.size), 1)
    return found


# -------------------------------------------------------------------------------------------- what
def groups_for(twin: Twin, layer: str, quantity: str) -> Groups | None:
    """Return the groups that a quantity of a layer is shown for; None where nothing is kept back.

    Parameters
    ----------
    twin
        As it is shown (`veiled`).
    layer, quantity
        Ids; the quantity may be a column.
    """
    found = twin.groups.get(layer)
    if found is None:
        return None
    table, known = twin.layers.get(layer), quantities().get(quantity)
    if table is None:
        told = (known is not None and known.sums) or quantity in {"load", "soc"}
        return found if told and quantity not in OPEN else None
    if quantity in OPEN:
        return None
    if known is None and table.has(quantity):
        return found if table.kind in GUARDED and tells(table, quantity) else None
    if quantity in ENERGIES and table.kind in USERS:
        return twin.groups.get(mixed_key(layer))
    return found if known is not None or quantity == "load" else None


def grouped(twin: Twin, layer: Layer, quantity: str) -> Bools:
    """Tell which elements' values of a quantity are those of their group, shape (n,)."""
    found = groups_for(twin, layer.id, quantity)
    return np.zeros(len(layer), dtype=np.bool_) if found is None else found.inside


def kept_back(
    twin: Twin, asked: Sequence[str], values: Callable[[Twin, str], npt.NDArray[np.float32]]
) -> Bools:
    """Tell where one of some quantities is withheld rather than missing.

    A number made of the others alone would pass for one made of all.

    Parameters
    ----------
    twin
        As it is shown (`veiled`).
    asked
        Ids of quantities.
    values
        Returns the values of a quantity in a twin, always of the same shape.

    Returns
    -------
    npt.NDArray[np.bool_]
        Of that shape, or one False for all where nothing is kept back.
    """
    hidden = np.zeros((), dtype=np.bool_)
    if twin.exact is not twin:
        for one in asked:
            hidden = hidden | (np.isnan(values(twin, one)) & ~np.isnan(values(twin.exact, one)))
    return hidden


def marked(
    twin: Twin, paints: Sequence[Paint], exactly: Callable[[Twin], Sequence[Paint]]
) -> list[Paint]:
    """Return paints that say of which elements there is a value that is kept back.

    Parameters
    ----------
    twin, paints
        As it is shown (`veiled`), and what it looks like.
    exactly
        Returns the same paints of the twin with the values of single elements; called only where
        something may be kept back.
    """
    asked = {}
    for one in paints:
        found = groups_for(twin, one.layer, one.quantity)
        if found is not None and (found.inside & (one.state == State.MISSING)).any():
            asked[one.layer] = found.inside & (one.state == State.MISSING)
    if not asked:
        return list(paints)
    for one in exactly(twin.exact):
        if one.layer in asked:
            asked[one.layer] = asked[one.layer] & np.isfinite(one.values)
    return [replace(one, withheld=asked.get(one.layer)) for one in paints]


def withheld(paints: Sequence[Paint]) -> int:
    """Return of how many elements that are drawn the value is kept back (`marked`)."""
    found = ((one, one.withheld) for one in paints)
    return sum(
        int((kept if one.out is None else kept & ~one.out).sum())
        for one, kept in found
        if kept is not None
    )


def lost(twin: Twin, key: tuple[str, str, str], row: int, i: int) -> bool:
    """Tell whether an element has a value at a step of the clock that is kept back.

    Parameters
    ----------
    twin
        As it is shown (`veiled`).
    key
        Layer, quantity and scenario.
    row, i
        Element and step.
    """
    layer, quantity, scenario = key

    def value(of: Twin, asked: str) -> npt.NDArray[np.float32]:
        series = of.find(layer, asked, scenario)
        step = None if series is None else series.time.step_at(of.time, i)
        if series is None or step is None or not series.ready(step):
            return np.full(1, np.nan, dtype=np.float32)
        return series.at(step)[row : row + 1]

    return bool(kept_back(twin, (quantity,), value).all())


def group_words(
    twin: Twin, layer: str, quantity: str, row: int, value: float, kept: bool = True
) -> str:
    """Say that a value is that of a group, or is kept back; empty for one's own and where none is.

    Parameters
    ----------
    twin, layer, quantity, row
        Which number.
    value
        What is shown; NaN for nothing.
    kept
        Whether there is a value where none is shown.
    """
    found = groups_for(twin, layer, quantity)
    if found is None or found.of[row] < 0 or not (kept or np.isfinite(value)):
        return ""
    if np.isfinite(value):
        return _("Mean of a group of {count} dwellings, for privacy",
                 count=int(found.counts[found.of[row]]))  # fmt: skip
    if not found.held[found.members(row)].any():
        return _("Withheld: it would tell what single dwellings use.")
    return _("Withheld: fewer than {least} dwellings have values.", least=found.least)


def whole(groups: Groups | None, rows: Ints, values: Floats) -> Bools:
    """Tell which of some rows may enter a sum: open ones, and those whose group is in there whole.

    A group of which so many values are missing that too few dwellings are left stays out as well.

    Parameters
    ----------
    groups
        As `groups_for` gives them; None withholds nothing.
    rows
        Selected rows, each once. Shape [k].
    values
        Of the rows, NaN where unknown. Shape [k].
    """
    if groups is None or not groups.rows.size:
        return np.ones(len(rows), dtype=np.bool_)
    mine = groups.of[rows]
    here = np.bincount(mine[mine >= 0], minlength=groups.sizes.size)
    known = (mine >= 0) & np.isfinite(values)
    homes = np.bincount(mine[known], groups.held[rows[known]], minlength=groups.sizes.size)
    able = (here == groups.sizes) & (homes >= groups.least)
    return np.asarray((mine < 0) | able[np.maximum(mine, 0)])
