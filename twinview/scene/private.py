"""Values of single dwellings: shown only for groups, and so that differences give nothing away.

Dwellings of a layer are put into fixed groups of neighbours, each with at least so many of them.
A sum over elements takes in a group whole or not at all. So every sum that anybody gets is made of
whole groups and of values that are open anyway, and so is every difference of such sums: taking
one house in or out of a selection changes nothing, or a whole group. Groups do not depend on what
is selected, on the instant or on what was asked before. (The rule is known as microaggregation
with a fixed partition; see Domingo-Ferrer and Mateo-Sanz, 2002, doi:10.1109/69.979982.)
"""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from twinview.model.quantities import quantities
from twinview.model.twin import Layer, Twin

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEAST = 5
"""Dwellings that a group of metered values must have where the project says nothing."""
HOMES = ("households", "dwellings", "num_dwellings", "building:flats", "flats", "units_res",
         "wohnungen", "nb_logements", "户数")  # fmt: skip
"""Columns of the number of dwellings."""
USES = ("use", "building_use", "building:use", "usage", "function", "building_function", "building",
        "building_type", "nutzung", "type", "kind", "建筑用途", "用途")  # fmt: skip
"""Columns of use."""
RESIDENTIAL = frozenset({
    "residential", "dwelling", "dwellings", "apartments", "apartment", "flat", "flats", "house",
    "detached", "semi", "semidetached_house", "terrace", "row", "multi", "bungalow", "household",
    "households", "home", "farm", "farmhouse", "dormitory", "multifamily", "single_res",
    "multi_res", "single-family detached", "1000", "1010", "1020", "1022", "1024", "1221",
    "31001_1000", "31001_1010", "31001_1020", "住宅",
})  # fmt: skip
"""Uses of buildings in which people live, in small letters; codes are those of the cadastre."""
_CONSUMERS = frozenset({"building", "load"})
_CURVE_BITS = 16


def limit(twin: Twin, layer: Layer, quantity: str, least: int | None) -> int:
    """Return how many dwellings a group must have for a quantity; 0 where nothing is withheld.

    Parameters
    ----------
    twin, layer, quantity
        What is to be shown.
    least
        What the project says; None asks for `LEAST` of metered values and for nothing of others.
    """
    known = quantities().get(quantity)
    if layer.kind not in _CONSUMERS or (known is not None and not known.sums):
        return 0
    if known is None and quantity != "load":
        return 0
    if least is None:
        return LEAST if _metered(twin, layer) else 0
    return least if least > 1 else 0


def _metered(twin: Twin, layer: Layer) -> bool:
    """Tell whether anything of a layer was measured: what is computed of it gives it away."""
    return any(
        one.meaning.origin == "measured"
        for (owner, _quantity, _scenario), one in twin.series.items()
        if owner == layer.id
    )


def dwellings(layer: Layer) -> Floats:
    """Return how many dwellings each element has, shape (n,).

    A count is taken from the data; without one, an element that is used for living has one, and so
    has every element of a layer that says nothing about use.
    """
    counted = next((layer.numbers(one) for one in HOMES if layer.has(one)), None)
    column = next((one for one in USES if layer.has(one)), "")
    if column:
        words = [str(one or "").strip().lower() for one in layer.column(column)]
        lived = np.array([not one or one in RESIDENTIAL for one in words], dtype=np.float64)
    else:
        lived = np.ones(len(layer))
    if counted is None:
        return lived
    return np.where(np.isfinite(counted), counted, lived)


def withheld(twin: Twin, layer: Layer, quantity: str, least: int | None) -> Bools:
    """Tell which elements' values of a quantity may not be shown one by one, shape (n,)."""
    n = limit(twin, layer, quantity, least)
    return groups(layer, n) >= 0 if n else np.zeros(len(layer), dtype=np.bool_)


@lru_cache(maxsize=32)
def groups(layer: Layer, least: int) -> Ints:
    """Return the group of each element, -1 for those that may be shown alone, shape (n,).

    Parameters
    ----------
    layer
        The layer. Elements with `least` dwellings or more are groups of their own, those without
        any are nobody's: neither is put into a group.
    least
        Dwellings that a group must have; where a layer has fewer in all, its group has those, and
        `whole` refuses it.
    """
    homes = dwellings(layer)
    group = np.full(len(layer), -1, dtype=np.int64)
    inside = np.flatnonzero((homes > 0) & (homes < least))
    if not inside.size:
        return group
    along = inside[np.argsort(_along(layer)[inside], kind="stable")]
    number, held = 0, 0.0
    for row in along.tolist():
        group[row] = number
        held += homes[row]
        if held >= least:
            number, held = number + 1, 0.0
    if held and number:  # what is left joins the last whole group
        group[group == number] = number - 1
    return group


def _along(layer: Layer) -> Ints:
    """Return the place of each element along a curve that keeps neighbours together (Morton)."""
    if layer.geometry is None:
        return np.arange(len(layer))
    places = np.nan_to_num(np.asarray(layer.geometry.centres, dtype=np.float64)[:, :2])
    span = max(float(np.ptp(places, axis=0).max()), 1e-9)
    cells = ((places - places.min(axis=0)) / span * (2**_CURVE_BITS - 1)).astype(np.int64)
    code = np.zeros(len(cells), dtype=np.int64)
    for bit in range(_CURVE_BITS):
        code |= ((cells[:, 0] >> bit) & 1) << (2 * bit)
        code |= ((cells[:, 1] >> bit) & 1) << (2 * bit + 1)
    return code


def whole(layer: Layer, rows: Ints, values: Floats, least: int) -> Bools:
    """Tell which of some rows may enter a sum: open ones, and those whose group is in there whole.

    A group of which so many values are missing that fewer dwellings than `least` are left stays
    out as well.

    Parameters
    ----------
    layer
        The layer.
    rows
        Selected rows, each once. Shape [k].
    values
        Of the rows, NaN where unknown. Shape [k].
    least
        As `limit` gives it; 0 withholds nothing.
    """
    if not least or not (groups(layer, least) >= 0).any():
        return np.ones(len(rows), dtype=np.bool_)
    group = groups(layer, least)
    size = np.bincount(group[group >= 0])
    mine = group[rows]
    here = np.bincount(mine[mine >= 0], minlength=size.size)
    known = (mine >= 0) & np.isfinite(values)
    homes = np.bincount(mine[known], dwellings(layer)[rows[known]], minlength=size.size)
    able = (here == size) & (homes >= least)
    return np.asarray((mine < 0) | able[np.maximum(mine, 0)])


def smoothed(layer: Layer, rows: Ints, values: Floats, least: int) -> tuple[Ints, Floats]:
    """Return rows and values that statistics may use: dwellings as the mean of their group.

    Parameters
    ----------
    layer, rows, values, least
        See `whole`; rows of groups that are not whole are left out.
    """
    kept = whole(layer, rows, values, least)
    rows, made = rows[kept], np.array(values[kept], dtype=np.float64)
    if not least:
        return rows, made
    group = groups(layer, least)[rows]
    known = (group >= 0) & np.isfinite(made)
    if known.any():
        sums = np.bincount(group[known], made[known])
        made[known] = (sums / np.maximum(np.bincount(group[known]), 1))[group[known]]
    return rows, made
